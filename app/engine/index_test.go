package engine

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"

	"punto/app/desk"
)

// hostileTexts are texts that were mistaken for others, or could be.
var hostileTexts = []string{"", "\x00", "\x00\x00", "\x00\xff", "\x00\x01", "\x00\x02", "\x01", "\xff", "admin", "admin\x00", "admin\x00\x00", "admin\x00\x01", "admin\x00\x01\x00", "admin\x00\xff", "admi",
	strings.Repeat("a", longestText), strings.Repeat("a", longestText) + "\x00", strings.Repeat("a", longestText+1), strings.Repeat("a", longestText) + "b",
	strings.Repeat("\x00", longestText), strings.Repeat("\x00", longestText+1), strings.Repeat("ñ", 70_000)}

// Whatever the texts are, what is looked up under one is never found under
// another: a key begins with a prefix only when all their parts are the same.
func checkKeys(t *testing.T, a, b [2]string, id desk.ID) {
	t.Helper()
	k := Key('f', id, desk.PersonType, a[0], a[1])
	if found := bytes.HasPrefix(k, Prefix('f', desk.PersonType, b[0], b[1])); found != (a == b) {
		t.Fatalf("%q is found under %q: %v", a, b, found)
	}
	if found := bytes.HasPrefix(k, Prefix('f', desk.PersonType, b[0])); found != (a[0] == b[0]) {
		t.Fatalf("%q is found under %q alone: %v", a, b[0], found)
	}
	if IDOf(k) != id || len(k) > 4096 {
		t.Fatalf("the key of %q is %d bytes long and is of %v", a, len(k), IDOf(k))
	}
}

func TestNoTextIsTakenForAnother(t *testing.T) {
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 7))
	defer func() {
		if t.Failed() {
			t.Logf("seed %d", seed)
		}
	}()
	some := func() string {
		if r.IntN(2) == 0 {
			return hostileTexts[r.IntN(len(hostileTexts))]
		}
		b := make([]byte, r.IntN(5))
		for i := range b {
			b[i] = []byte{0, 1, 2, 'a', 0xff}[r.IntN(5)]
		}
		return string(b)
	}
	for range 20_000 {
		var id desk.ID
		for i := range id {
			id[i] = []byte{0, 1, 2, 0xff}[r.IntN(4)]
		}
		checkKeys(t, [2]string{some(), some()}, [2]string{some(), some()}, id)
	}
}

func FuzzKeys(f *testing.F) {
	f.Add("admin", "x", "admin\x00", "x", []byte{0, 1})
	f.Add("a\x00", "b", "a", "\x00b", []byte{0xff})
	f.Fuzz(func(t *testing.T, a, b, c, d string, raw []byte) {
		var id desk.ID
		copy(id[:], raw)
		checkKeys(t, [2]string{a, b}, [2]string{c, d}, id)
	})
}

// Keys sort as the texts do, as far as they stand in them.
func TestKeysSortAsTexts(t *testing.T) {
	for _, a := range hostileTexts {
		for _, b := range hostileTexts {
			if len(a) > longestText || len(b) > longestText {
				continue
			}
			if bytes.Compare(Prefix('R', a), Prefix('R', b)) != strings.Compare(a, b) {
				t.Errorf("%q and %q sort otherwise", a, b)
			}
		}
	}
}
