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

// Heard is for how many seconds more than half of what was heard was of one frequency, by
// Goertzel's filter over pieces of 50 ms.
func Heard(path string, hertz float64) (seconds float64) {
	b, err := os.ReadFile(path)
	if err != nil || len(b) < 44 {
		return 0
	}
	b = b[44:]
	const piece = rate / 20
	for ; len(b) >= 2*piece; b = b[2*piece:] {
		s1, s2, power := 0.0, 0.0, 0.0
		k := 2 * math.Cos(2*math.Pi*hertz/rate)
		for i := range piece {
			x := float64(int16(binary.LittleEndian.Uint16(b[2*i:])))
			power += x * x
			s1, s2 = x+k*s1-s2, s1
		}
		p := 2 * (s1*s1 + s2*s2 - k*s1*s2) / piece
		if power > 1e6 && p > power/2 {
			seconds += 0.05
		}
	}
	return seconds
}
