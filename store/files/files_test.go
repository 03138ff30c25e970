package files

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"os"
	"strings"
	"testing"

	"punto/app/desk"
)

func TestFilesComeInPartsAndProveThemselves(t *testing.T) {
	b := bytes.Repeat([]byte("punto "), 1000)
	h := sha256.Sum256(b)
	size := int64(len(b))
	dir := t.TempDir()
	named := [][32]byte{h}
	f := Open(dir, func() ([][32]byte, error) { return named, nil })
	if got, have, ok := f.Missing(); !ok || got != h || have != 0 {
		t.Fatalf("%x, %d, %t is missing", got, have, ok)
	}
	if _, err := f.Get(h); !errors.Is(err, ErrNone) {
		t.Errorf("a file that is not here: %v", err)
	}
	if err := f.Add(h, 0, b[:2500], size); err != nil || f.Has(h) {
		t.Fatalf("a part makes it whole: %v", err)
	}
	if got, have, ok := f.Missing(); !ok || got != h || have != 2500 {
		t.Errorf("after a part %x, %d, %t is missing", got, have, ok)
	}
	if _, n, err := f.Part(h, 0, 10); n != 0 || err != nil {
		t.Errorf("half a file is handed on: %d, %v", n, err)
	}
	if err := f.Add(h, 2500, b[2500:], size); err != nil || !f.Has(h) {
		t.Fatalf("it is not whole: %v", err)
	}
	if got, err := f.Get(h); err != nil || !bytes.Equal(got, b) {
		t.Errorf("%d bytes of %d, %v", len(got), size, err)
	}
	if _, _, ok := f.Missing(); ok {
		t.Error("what is here is missing")
	}
	for _, x := range []struct {
		offset int64
		limit  int
		want   []byte
	}{{0, 10, b[:10]}, {size - 4, 10, b[size-4:]}, {size, 10, nil}, {size + 1, 10, nil}, {-1, 10, nil}} {
		got, n, err := f.Part(h, x.offset, x.limit)
		if !bytes.Equal(got, x.want) || err != nil || x.want != nil && n != size {
			t.Errorf("%d bytes from %d: %q of %d, %v", x.limit, x.offset, got, n, err)
		}
	}
	if again, err := f.Put(b); err != nil || again != h {
		t.Errorf("put twice it is %x: %v", again, err)
	}
	if err := os.WriteFile(f.path(h), b[1:], 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Get(h); !errors.Is(err, desk.ErrDamaged) || f.Has(h) {
		t.Errorf("a damaged file: %v, here %t", err, f.Has(h))
	}
}

func TestAFileThatIsNotWhatItIsNamedAsIsThrownAway(t *testing.T) {
	b := []byte("what it is")
	h := sha256.Sum256(b)
	f := Open(t.TempDir(), func() ([][32]byte, error) { return [][32]byte{h}, nil })
	if err := f.Add(h, 0, []byte("what it isn"), 11); err == nil || !strings.Contains(err.Error(), "not what it was named as") || f.Has(h) {
		t.Fatalf("%v, here %t", err, f.Has(h))
	}
	if err := f.Add(h, 0, b, int64(len(b))); err != nil || !f.Has(h) {
		t.Errorf("the true one is not taken afterwards: %v", err)
	}
	for name, add := range map[string]func() error{
		"beyond its size":         func() error { return f.Add(h, 5, b, 10) },
		"of no size":              func() error { return f.Add(h, 0, b, 0) },
		"of an empty part":        func() error { return f.Add(h, 0, nil, 10) },
		"longer than a file goes": func() error { return f.Add(h, 0, b, MaxBytes+1) },
		"put, and empty":          func() error { _, err := f.Put(nil); return err },
	} {
		if err := add(); !errors.Is(err, desk.ErrTooBig) {
			t.Errorf("%s: %v", name, err)
		}
	}
	f.Without(h)
	if err := os.Remove(f.path(h)); err != nil {
		t.Fatal(err)
	}
	if _, _, ok := f.Missing(); ok {
		t.Error("a file that a peer has not is asked for again at once")
	}
}
