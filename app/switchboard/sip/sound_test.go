package sip

import (
	"math"
	"os"
	"path/filepath"
	"testing"
)

// G.711 as the tables of the recommendation have it: what is coded and decoded is within
// half a step, and known points are as they are.
func TestSoundIsCodedAsG711(t *testing.T) {
	for v, want := range map[int16][2]byte{0: {0xff, 0xd5}, 32767: {0x80, 0xaa}, -32768: {0x00, 0x2a}, 1000: {0xce, 0xfa}, -1000: {0x4e, 0x7a}} {
		if m, a := toMuLaw(v), toALaw(v); m != want[0] || a != want[1] {
			t.Errorf("%d is %#x and %#x, not %#x", v, m, a, want)
		}
	}
	for v := -32768; v <= 32767; v++ {
		step := max(16, math.Abs(float64(v))/16)
		if m := fromMuLaw(toMuLaw(int16(v))); math.Abs(float64(int(m)-v)) > step+132*2 && v > -32635 && v < 32635 {
			t.Fatalf("%d comes back as %d by mu-law", v, m)
		}
		if a := fromALaw(toALaw(int16(v))); math.Abs(float64(int(a)-v)) > step {
			t.Fatalf("%d comes back as %d by A-law", v, a)
		}
	}
	for b := range 256 {
		if x := byte(b); toALaw(fromALaw(x)) != x || toMuLaw(fromMuLaw(x)) != x && x != 0x7f {
			t.Errorf("%#x comes back as %#x and %#x", x, toALaw(fromALaw(x)), toMuLaw(fromMuLaw(x)))
		}
	}
}

func FuzzSounds(f *testing.F) {
	f.Add([]byte("RIFF\x00\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00\x80\x3e\x00\x00\x02\x00\x10\x00data\x04\x00\x00\x00\x01\x02\x03\x04"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if s, err := parseWAV(b); err == nil && len(s) > len(b) {
			t.Errorf("%d samples of %d bytes", len(s), len(b))
		}
	})
}

func FuzzDescriptions(f *testing.F) {
	f.Add([]byte("v=0\r\nc=IN IP4 127.0.0.1\r\nm=audio 6000 RTP/AVP 8 0 101\r\na=rtpmap:101 telephone-event/8000\r\na=sendonly\r\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if o, err := parseSDP(b); err == nil && (!o.at.Addr().Is4() || len(o.codecs) == 0) {
			t.Errorf("%q is read as %+v", b, o)
		}
	})
}

func TestAFileThatIsNoSoundIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.wav")
	if err := os.WriteFile(path, []byte("RIFFxxxxWAVEfmt \x10\x00\x00\x00\x01\x00\x02\x00"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, p := range []string{path, os.DevNull, path + "x", t.TempDir()} {
		if s, err := ReadSound(p); err == nil {
			t.Errorf("%s has %d samples", p, len(s))
		}
	}
	if o, err := parseSDP([]byte("c=IN IP4 10.0.0.1\nm=audio 6000 RTP/AVP 0 8 101\na=rtpmap:101 telephone-event/8000\na=sendonly")); err != nil || o.codec() != aLaw || o.keys != 101 || o.hears || o.answers() != "recvonly" || o.at.String() != "10.0.0.1:6000" {
		t.Errorf("it is read as %+v, %v", o, err)
	}
}
