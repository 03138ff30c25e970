package phones

import (
	"encoding/binary"
	"math"
	"os"
	"testing"
)

const rate = 8000

// WriteTone writes a WAV file of one frequency; 0 = silence.
func WriteTone(t testing.TB, path string, hertz float64, seconds int) {
	t.Helper()
	n := seconds * rate
	b := append([]byte("RIFF"), binary.LittleEndian.AppendUint32(nil, uint32(36+2*n))...)
	b = append(b, "WAVEfmt "...)
	for _, x := range []uint32{16, 1 | 1<<16, rate, 2 * rate, 2 | 16<<16} {
		b = binary.LittleEndian.AppendUint32(b, x)
	}
	b = append(b, "data"...)
	b = binary.LittleEndian.AppendUint32(b, uint32(2*n))
	for i := range n {
		b = binary.LittleEndian.AppendUint16(b, uint16(int16(8000*math.Sin(2*math.Pi*hertz*float64(i)/rate))))
	}
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

// Share is how much of the power of what was heard is of one frequency, from 0 to 1, by
// Goertzel's filter over pieces of 50 ms, and for how many seconds it was more than half.
func Share(t testing.TB, path string, hertz float64) (share, seconds float64) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil || len(b) < 44 {
		return 0, 0
	}
	b = b[44:]
	const piece = rate / 20
	var all, of float64
	for ; len(b) >= 2*piece; b = b[2*piece:] {
		s1, s2, power := 0.0, 0.0, 0.0
		k := 2 * math.Cos(2*math.Pi*hertz/rate)
		for i := range piece {
			x := float64(int16(binary.LittleEndian.Uint16(b[2*i:])))
			power += x * x
			s1, s2 = x+k*s1-s2, s1
		}
		p := 2 * (s1*s1 + s2*s2 - k*s1*s2) / piece
		if all, of = all+power, of+p; power > 1e6 && p > power/2 {
			seconds += 0.05
		}
	}
	if all == 0 {
		return 0, 0
	}
	return of / all, seconds
}
