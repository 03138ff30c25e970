package kv

import (
	"bytes"
	"encoding/binary"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"punto/app/desk"

	"pgregory.net/rapid"
)

func TestEveryCommitIsSynced(t *testing.T) {
	o := BadgerOptions("x", 16<<20)
	if !o.SyncWrites || o.ValueThreshold < MaxValueBytes {
		t.Fatalf("sync %v, value threshold %d", o.SyncWrites, o.ValueThreshold)
	}
}

// Pairs come sorted, each key once, whether they fit into memory or not.
func TestASorterGivesEveryPairInOrder(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		dir := t.TempDir()
		var ss []*Sorter
		want := map[string][]byte{}
		for range rapid.IntRange(1, 3).Draw(rt, "sorters") {
			s := NewSorter(dir)
			s.limit = rapid.IntRange(1, 200).Draw(rt, "limit")
			ss = append(ss, s)
			for range rapid.IntRange(0, 60).Draw(rt, "pairs") {
				k := rapid.SliceOfN(rapid.Byte(), 1, 6).Draw(rt, "key")
				if want[string(k)] == nil {
					want[string(k)] = bytes.Repeat(k, 3)
				}
				if err := s.Put(k, want[string(k)]); err != nil {
					rt.Fatal(err)
				}
			}
		}
		var last string
		n := 0
		for p, err := range Sorted(ss...) {
			if err != nil || n > 0 && p.Key <= last || !bytes.Equal(p.Value, want[p.Key]) {
				rt.Fatalf("%x after %x: %x, %v", p.Key, last, p.Value, err)
			}
			last = p.Key
			n++
		}
		if n != len(want) {
			rt.Fatalf("%d of %d", n, len(want))
		}
		for _, s := range ss {
			if err := s.Close(); err != nil {
				rt.Fatal(err)
			}
		}
		if left, _ := filepath.Glob(dir + "/*"); len(left) > 0 {
			rt.Fatalf("left are %v", left)
		}
	})
}

// Badger panics over a table whose index is damaged, where nobody can recover.
func TestATableWhoseIndexIsDamagedIsNamed(t *testing.T) {
	dir := t.TempDir()
	d := folder(t, dir)
	p := NewPending()
	for i := range uint64(3000) {
		p.Set(binary.BigEndian.AppendUint64([]byte{0x30}, i), bytes.Repeat([]byte{byte(i)}, 50))
	}
	if err := errors.Join(d.Apply(p), d.Close()); err != nil {
		t.Fatal(err)
	}
	tables, err := filepath.Glob(filepath.Join(dataDir(dir), "*.sst"))
	if err != nil || len(tables) == 0 {
		t.Fatal(tables, err)
	}
	b, err := os.ReadFile(tables[0])
	if err != nil {
		t.Fatal(err)
	}
	end := len(b) - 4 - int(binary.BigEndian.Uint32(b[len(b)-4:])) - 4
	size := int(binary.BigEndian.Uint32(b[end:]))
	if err := checkFooter(tables[0]); err != nil || size < 20 {
		t.Fatal(err, size)
	}
	for i := range 20 { // all over the index
		spoilt := slices.Clone(b)
		spoilt[end-size+i*size/20] ^= 0x10
		if err := os.WriteFile(tables[0], spoilt, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := checkFooter(tables[0]); !errors.Is(err, desk.ErrDamaged) { // before Badger sees it
			t.Fatalf("a bit flipped at %d of %d of the index of a table is not seen: %v", i*size/20, size, err)
		}
		if _, err := Open(settings(t, dir)); !errors.Is(err, desk.ErrDamaged) {
			t.Fatalf("a bit flipped at %d of %d of the index of a table: %v", i*size/20, size, err)
		}
	}
}

// packs is a Packer that packs nothing.
type packs struct{}

func (packs) Pack(dst, raw []byte) []byte          { return append(dst, raw...) }
func (packs) Unpack(packed []byte) ([]byte, error) { return bytes.Clone(packed), nil }

func settings(t *testing.T, dir string) Options {
	t.Helper()
	if err := os.MkdirAll(dataDir(dir), 0o700); err != nil {
		t.Fatal(err)
	}
	return Options{Dir: dir, Space: NewSpace(dir, nil), Packer: packs{}, Logger: slog.New(slog.DiscardHandler)}
}

func folder(t *testing.T, dir string) *Folder {
	t.Helper()
	d, err := Open(settings(t, dir))
	if err != nil {
		t.Fatal(err)
	}
	return d
}
