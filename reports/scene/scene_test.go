package scene

import (
	"bytes"
	"testing"
	"time"
	"unicode/utf8"
)

func TestEveryEmbeddedFaceParses(t *testing.T) {
	if _, err := faces(); err != nil {
		t.Fatal(err)
	}
}

func TestSignsThatNotoLacksFallBackToInter(t *testing.T) {
	for _, sign := range []string{"≥", "≤", "−", "→"} {
		if Clean(sign) != sign {
			t.Errorf("%q was replaced by %q", sign, Clean(sign))
		}
		if r := split(Bold, sign); len(r) != 1 || r[0].face != Symbols {
			t.Errorf("%q: %v", sign, r)
		}
	}
	if r := split(Regular, "a ≥ ñ"); len(r) != 3 {
		t.Errorf("runs %v", r)
	}
}

func TestLatin1AndEmojiPassTheGate(t *testing.T) {
	for in, want := range map[string]string{"a\xf1o": "año", "hola 😀": "hola ·", "n\u0303": "ñ", "a\nb\x00": "a b·", "a\u200bb": "ab"} {
		if got := Clean(in); got != want {
			t.Errorf("Clean(%q) = %q, want %q", in, got, want)
		}
	}
}

// FuzzClean holds the gate to its promises with a PDF and an image made of each.
func FuzzClean(f *testing.F) {
	for _, s := range []string{"", "año", "a\xf1o", "😀", "\x00\xff", "≥ 95 %", "\u0301", "(\\)"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		out := Clean(in)
		if !utf8.ValidString(out) || Clean(out) != out {
			t.Fatalf("Clean(%q) = %q is not settled", in, out)
		}
		for _, r := range out {
			if r > 0xffff || r < 0x20 {
				t.Fatalf("Clean(%q) lets %U through", in, r)
			}
		}
		s := New(50, 20)
		s.Text(Text{X: 2, Y: 10, S: in, Size: 8})
		s.Image(60)
		for _, l := range Wrap(Regular, 8, 12, in) {
			if Width(Regular, 8, l) > 12.01 && utf8.RuneCountInString(l) > 1 && !bytes.Contains([]byte(l), []byte(" %")) {
				t.Fatalf("line %q is %v mm wide", l, Width(Regular, 8, l))
			}
		}
		if err := WritePDF(&bytes.Buffer{}, []*Scene{s}, Document{Title: in, Made: time.Unix(0, 0)}); err != nil {
			t.Fatal(err)
		}
	})
}

func TestFitNeverPassesItsWidth(t *testing.T) {
	for _, w := range []float64{5, 12, 30} {
		if got := Width(Bold, 9, Fit(Bold, 9, w, "Una frase que seguro no cabe")); got > w {
			t.Errorf("%v mm in %v", got, w)
		}
	}
}
