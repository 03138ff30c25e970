package backup

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"punto/app/desk"
)

// part is one entry of a backup.
type part struct {
	name string
	b    []byte
}

// unpack opens a backup.
func unpack(t *testing.T, sealed []byte, key string) (m Manifest, parts []part) {
	t.Helper()
	b, err := Open(bytes.NewReader(sealed), key)
	if err != nil {
		t.Fatal(err)
	}
	for {
		e, err := b.in.Next()
		if errors.Is(err, io.EOF) {
			return b.Manifest, parts
		}
		x, rerr := io.ReadAll(b.in)
		if err = errors.Join(err, rerr); err != nil {
			t.Fatal(err)
		}
		parts = append(parts, part{e.Name, x})
	}
}

// pack makes a backup that its key opens, whatever is in it.
func pack(t *testing.T, key string, m Manifest, parts []part) []byte {
	t.Helper()
	id, err := age.ParseX25519Identity(key)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	sealed, err := age.Encrypt(&b, id.Recipient())
	if err != nil {
		t.Fatal(err)
	}
	out := tar.NewWriter(sealed)
	j, err := json.Marshal(m)
	if err = errors.Join(err, entry(out, manifestName, j)); err != nil {
		t.Fatal(err)
	}
	for _, p := range parts {
		if err := entry(out, p.name, p.b); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(out.Close(), sealed.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// contents are files of cases, and at last an error when there is one.
func contents(err error, files ...[]byte) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		for _, f := range files {
			if !yield(f, nil) {
				return
			}
		}
		if err != nil {
			yield(nil, err)
		}
	}
}

var anybody = func(*desk.Identity) error { return nil }

// A backup is opened by the recovery key, and yet nothing in it is believed.
func TestABackupIsWholeOrRefused(t *testing.T) {
	key, recipient, err := NewKey()
	if err != nil {
		t.Fatal(err)
	}
	a := memory(t)
	write(t, a, desk.BlockEvents+7)
	own := a.Origin()
	photo, letter := bytes.Repeat([]byte{1, 2, 3}, 4000), []byte("una carta")
	var b bytes.Buffer
	about := Manifest{At: time.Date(2026, 11, 26, 2, 30, 0, 0, time.UTC), Desk: "obra", Points: a.Vector(), Site: json.RawMessage(`{"desk":"x"}`), Seed: make([]byte, 32)}
	if err := Write(t.Context(), &b, recipient, about, a, contents(nil, photo, letter)); err != nil {
		t.Fatal(err)
	}
	m, parts := unpack(t, b.Bytes(), key)
	with := func(do func(*Manifest)) Manifest { x := m; do(&x); return x }
	cut, flipped := slices.Clone(parts), slices.Clone(parts)
	cut[0].b = cut[0].b[:len(cut[0].b)/2]
	flipped[0].b = bytes.Clone(flipped[0].b)
	flipped[0].b[len(flipped[0].b)/2] ^= 1
	stranger := errors.New("nobody knows it")
	for name, c := range map[string]struct {
		sealed []byte
		check  func(*desk.Identity) error
	}{
		"one event fewer than it says":   {pack(t, key, with(func(m *Manifest) { m.Points = desk.Vector{own: m.Points[own] + 1} }), parts), anybody},
		"without an origin that it says": {pack(t, key, with(func(m *Manifest) { m.Points = desk.Vector{own: 1, 77: 1} }), parts), anybody},
		"without a log":                  {pack(t, key, m, parts[1:]), anybody},
		"with half a log":                {pack(t, key, m, cut), anybody},
		"with a flipped bit in its log":  {pack(t, key, m, flipped), anybody},
		"of a newer version":             {pack(t, key, with(func(m *Manifest) { m.Version = 2 }), parts), anybody},
		"without the key of its node":    {pack(t, key, with(func(m *Manifest) { m.Seed = nil }), parts), anybody},
		"that is cut":                    {b.Bytes()[:b.Len()*2/3], anybody},
		"that is empty":                  {nil, anybody},
	} {
		x, err := Open(bytes.NewReader(c.sealed), key)
		if err == nil {
			_, _, err = x.Take(t.Context(), memory(t), c.check, func([]byte) error { return nil })
		}
		if err == nil {
			t.Errorf("a backup %s is taken", name)
		}
	}
	if _, other, err := NewKey(); err != nil {
		t.Fatal(err)
	} else if _, err := Open(bytes.NewReader(b.Bytes()), other); err == nil {
		t.Error("a recipient opens a backup")
	}

	x, err := Open(bytes.NewReader(pack(t, key, m, append(parts, part{"later/1", []byte("of a newer version")}))), "  "+key+"\n")
	if err != nil || x.At != about.At || string(x.Site) != string(about.Site) {
		t.Fatal(x, err)
	}
	into := memory(t)
	var files [][32]byte
	events, n, err := x.Take(t.Context(), into, anybody, func(f []byte) error { files = append(files, sha256.Sum256(f)); return nil })
	if err != nil || events != desk.BlockEvents+7 || n != 2 || !slices.Equal(files, [][32]byte{sha256.Sum256(photo), sha256.Sum256(letter)}) {
		t.Errorf("%d events and %d files are taken: %v", events, n, err)
	}
	if into.Points()[own] != a.Points()[own] {
		t.Error("what was taken is not what was written")
	}
	if err := a.Certify(t.Context(), []byte("a certificate"), true); err != nil {
		t.Fatal(err)
	}
	b.Reset()
	if err := Write(t.Context(), &b, recipient, about, a, contents(nil)); err != nil {
		t.Fatal(err)
	}
	if x, err = Open(&b, key); err != nil {
		t.Fatal(err)
	}
	if _, _, err := x.Take(t.Context(), memory(t), func(*desk.Identity) error { return stranger }, nil); !errors.Is(err, stranger) {
		t.Errorf("an identity that does not hold: %v", err)
	}
}

func TestABackupThatFailsLeavesNoFile(t *testing.T) {
	_, recipient, err := NewKey()
	if err != nil {
		t.Fatal(err)
	}
	a := memory(t)
	write(t, a, 3)
	dir, data := t.TempDir(), t.TempDir()
	to, gone := Name(dir, time.Date(2026, 11, 26, 2, 30, 0, 0, time.UTC)), errors.New("the disk is gone")
	makes := func(err error) error {
		return Make(t.Context(), to, recipient, data, Manifest{At: time.Unix(9, 0), Points: a.Vector(), Seed: make([]byte, 32)}, a, contents(err, []byte("carta")))
	}
	if err := makes(gone); !errors.Is(err, gone) {
		t.Errorf("it is made: %v", err)
	}
	if es, _ := os.ReadDir(dir); len(es) > 0 {
		t.Errorf("it leaves %v", es)
	}
	if ms, err := List(data); len(ms) > 0 || err != nil {
		t.Errorf("it is noted: %v, %v", ms, err)
	}
	if err := makes(nil); err != nil {
		t.Fatal(err)
	}
	if err := makes(nil); err == nil || !strings.Contains(err.Error(), "there already") {
		t.Errorf("another is written over it: %v", err)
	}
	ms, err := List(data)
	if err != nil || len(ms) != 1 || ms[0].File != to || !ms[0].There() || ms[0].Check() != nil {
		t.Fatal(ms, err)
	}
	raw, err := os.ReadFile(to)
	if err != nil {
		t.Fatal(err)
	}
	raw[len(raw)/2] ^= 1
	if err := os.WriteFile(to, raw, 0o600); err != nil || !ms[0].There() || ms[0].Check() == nil {
		t.Error("a changed backup passes:", err)
	}
}

func TestAFolderIsRestoredWholeOrNotAtAll(t *testing.T) {
	key, recipient, err := NewKey()
	if err != nil {
		t.Fatal(err)
	}
	a := memory(t)
	write(t, a, 3)
	from := filepath.Join(t.TempDir(), "copia.age")
	if err := Make(t.Context(), from, recipient, t.TempDir(), Manifest{Points: a.Vector(), Seed: make([]byte, 32)}, a, contents(nil)); err != nil {
		t.Fatal(err)
	}
	fill := func(work string, _ *Backup) error {
		return errors.Join(os.Mkdir(filepath.Join(work, database), 0o700), os.WriteFile(filepath.Join(work, "site.json"), nil, 0o600))
	}
	bad := errors.New("it does not hold")
	for _, there := range []bool{false, true} {
		dir := filepath.Join(t.TempDir(), "data")
		if there {
			if err := os.MkdirAll(filepath.Join(dir, halfRestored+"1", "db"), 0o700); err != nil { // as a kill leaves it
				t.Fatal(err)
			}
		}
		if err := Restore(from, dir, key, func(w string, b *Backup) error { return errors.Join(fill(w, b), bad) }); !errors.Is(err, bad) {
			t.Error(err)
		}
		if _, err := os.Stat(dir); there != (err == nil) {
			t.Errorf("after a failed restore: there before %v, after %v", there, err)
		}
		if es, _ := os.ReadDir(dir); len(es) > 0 {
			t.Errorf("a failed restore leaves %v", es)
		}
		if err := Restore(from, dir, key, fill); err != nil {
			t.Error(err)
		}
		if es, _ := os.ReadDir(dir); len(es) != 2 || es[0].Name() != database {
			t.Errorf("a restore leaves %v", es)
		}
		if err := Restore(from, dir, key, fill); err == nil || !strings.Contains(err.Error(), "not empty") {
			t.Errorf("a restore into a folder that is not empty: %v", err)
		}
	}
}
