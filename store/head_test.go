package store

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"punto/app/desk"
	"punto/store/chain"
	"punto/store/kv"
)

// change puts values over what a disk in memory holds, as damage would; nil takes
// one away.
func change(t *testing.T, m *Memory, key, value []byte) {
	t.Helper()
	p := kv.NewPending()
	p.Put(key, value)
	if err := m.disk.Apply(p); err != nil {
		t.Fatal(err)
	}
}

// A head must be signed by its origin and be the end of the chain that is held:
// each by itself shows what the other does not.
func TestAHeadThatIsNotTheEndOfItsChainIsDamage(t *testing.T) {
	for name, spoil := range map[string]func(m *Memory, db *DB, h chain.Head){
		"the end of another chain, signed": func(m *Memory, db *DB, h chain.Head) {
			h.Hash[0] ^= 1
			h.Sign(db.origin, db.key)
			change(t, m, headKey(db.origin), h.Bytes())
		},
		"signed by nobody": func(m *Memory, db *DB, h chain.Head) {
			h.Sig[0] ^= 1
			change(t, m, headKey(db.origin), h.Bytes())
		},
		"an event fewer, signed for more": func(m *Memory, db *DB, h chain.Head) {
			h.Seq--
			change(t, m, headKey(db.origin), h.Bytes())
		},
		"blocks that end in another chain": func(m *Memory, db *DB, h chain.Head) {
			h.SealedHash[0] ^= 1
			change(t, m, headKey(db.origin), h.Bytes())
		},
		"a head of three bytes": func(m *Memory, db *DB, _ chain.Head) { change(t, m, headKey(db.origin), []byte("abc")) },
		"an event that is missing": func(m *Memory, db *DB, h chain.Head) {
			change(t, m, logKey(tableTail, db.origin, h.Seq-1), nil)
		},
		"an event that was exchanged": func(m *Memory, db *DB, h chain.Head) {
			e := event(7)
			e.Origin, e.Seq, e.Body = db.origin, h.Seq-1, []byte("another")
			f, err := chain.AppendFrame(nil, &e)
			if err != nil {
				t.Fatal(err)
			}
			change(t, m, logKey(tableTail, db.origin, h.Seq-1), f)
		},
		"a block that is missing": func(m *Memory, db *DB, _ chain.Head) { change(t, m, logKey(tableBlock, db.origin, 1), nil) },
		"a block too many": func(m *Memory, db *DB, _ chain.Head) {
			change(t, m, logKey(tableBlock, db.origin, 257), []byte("x"))
		},
	} {
		m := &Memory{}
		db := memory(t, m)
		fill(t, db, chain.BlockEvents+10)
		h := db.heads()[db.Origin()]
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		spoil(m, db, h)
		if again, err := Open(ctx, Options{Memory: m}); !errors.Is(err, ErrDamaged) {
			t.Errorf("%s opens: %v", name, err)
			if err == nil {
				_ = again.Close()
			}
		}
	}
}

// closed is a folder with some events, closed, and its heads files.
func closed(t *testing.T, events int) (dir string, o desk.Origin, files [2][]byte) {
	t.Helper()
	dir = t.TempDir()
	db := openLoose(t, dir)
	fill(t, db, events-3)
	fill(t, db, 3) // so that both copies were written
	o = db.Origin()
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return dir, o, headsFiles(t, dir)
}

func headsFiles(t *testing.T, dir string) (files [2][]byte) {
	t.Helper()
	for i := range files {
		b, err := os.ReadFile(markPath(dir, i))
		if err != nil {
			t.Fatal(err)
		}
		files[i] = b
	}
	return files
}

// mend writes a heads file again, with what do changes in it, and its checksum.
func mend(t *testing.T, dir string, i int, b []byte, do func(b []byte)) {
	t.Helper()
	b = slices.Clone(b)
	m, ok := parseMarks(b)
	if !ok {
		t.Fatal("a heads file that the store wrote is not read")
	}
	do(b)
	end := 12 + len(m.heads)*48 + 8
	binary.BigEndian.PutUint32(b[end:], crc(b[:end]))
	if err := os.WriteFile(markPath(dir, i), b, 0o600); err != nil {
		t.Fatal(err)
	}
}

func opens(dir string) error {
	db, err := Open(ctx, Options{Dir: dir})
	if err != nil {
		return err
	}
	return db.Close()
}

// What the newest copy of the heads file tells must be in the log; a copy that
// does not prove itself is passed over, and so is the older one.
func TestTheHeadsFileTellsOfALoss(t *testing.T) {
	seq := func(d uint64) func([]byte) {
		return func(b []byte) { binary.BigEndian.PutUint64(b[20:], binary.BigEndian.Uint64(b[20:])+d) }
	}
	hash := func(b []byte) { b[28] ^= 1 }
	for _, events := range []int{20, chain.BlockEvents, chain.BlockEvents + 4} { // the end of a block too
		dir, _, files := closed(t, events)
		newest := 0
		if a, b := files[0], files[1]; string(b[:8]) > string(a[:8]) {
			newest = 1
		}
		older := 1 - newest
		back := func() {
			for i, b := range files {
				if err := os.WriteFile(markPath(dir, i), b, 0o600); err != nil {
					t.Fatal(err)
				}
			}
		}
		mend(t, dir, newest, files[newest], seq(1))
		if err := opens(dir); !errors.Is(err, ErrDamaged) {
			t.Errorf("%d events: one fewer than the heads file tells of opens: %v", events, err)
		}
		back()
		mend(t, dir, newest, files[newest], hash)
		if err := opens(dir); !errors.Is(err, ErrDamaged) {
			t.Errorf("%d events: a chain other than the heads file tells of opens: %v", events, err)
		}
		back()
		mend(t, dir, older, files[older], seq(1000))
		if err := opens(dir); err != nil {
			t.Errorf("%d events: the older copy counts: %v", events, err)
		}
		back()
		spoilt := slices.Clone(files[newest])
		spoilt[30] ^= 1
		if err := os.WriteFile(markPath(dir, newest), spoilt, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := opens(dir); err != nil {
			t.Errorf("%d events: half a heads file is believed: %v", events, err)
		}
	}
}

// The log of an own old incarnation is cut on purpose; heads files of before the
// cut, which a kill may leave, tell of no loss.
func TestALogThatWasCutOnPurposeIsNoLoss(t *testing.T) {
	for _, keep := range []uint64{0, 5, chain.BlockEvents, chain.BlockEvents + 7} {
		dir, old, files := closed(t, chain.BlockEvents+20)
		db := openLoose(t, dir)
		if err := db.Change(ctx, func(tx *Tx) error { _, err := tx.Reincarnate(keep); return err }); err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		for i, b := range files {
			if err := os.WriteFile(markPath(dir, i), b, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		db, err := Open(ctx, Options{Dir: dir})
		if err != nil {
			t.Errorf("cut after %d: %v", keep, err)
			continue
		}
		if got := db.Vector()[old]; got != keep || db.Verify(ctx) != nil {
			t.Errorf("cut after %d: it goes to %d", keep, got)
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestAManifestThatWasCutIsNamed(t *testing.T) {
	dir, _, _ := closed(t, 3000)
	b, err := os.ReadFile(filepath.Join(dir, "db", "MANIFEST"))
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{1, 3, len(b) / 2} {
		if err := os.WriteFile(filepath.Join(dir, "db", "MANIFEST"), b[:len(b)-n], 0o600); err != nil {
			t.Fatal(err)
		}
		if err := opens(dir); !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), "MANIFEST") {
			t.Errorf("without its last %d of %d bytes: %v", n, len(b), err)
		}
	}
}

// The checksum is of all that is derived: whatever of it differs, it differs.
func TestTheChecksumIsOfAllThatIsDerived(t *testing.T) {
	db := memory(t, &Memory{})
	fill(t, db, 10)
	sums := func() (d, c [32]byte) {
		d, err := db.Digest()
		if err == nil {
			c, err = db.Checksum()
		}
		if err != nil {
			t.Fatal(err)
		}
		return d, c
	}
	first, whole := sums()
	ent := desk.Entity{Type: desk.CaseType, ID: desk.ID{200}}
	e := event(3)
	e.Origin, e.Seq = db.Origin(), 4
	for _, x := range []struct {
		name     string
		do, back func(tx desk.Tx) error
		views    bool // that the digest of the views tells too
	}{
		{"an index", func(tx desk.Tx) error { return tx.PutIndex([]byte("k"), nil) }, func(tx desk.Tx) error { return tx.DeleteIndex([]byte("k")) }, false},
		{"an index of another value", func(tx desk.Tx) error { return tx.PutIndex([]byte{0, 0, 0, 0, 0, 0, 0, 1}, []byte("v")) },
			func(tx desk.Tx) error { return tx.PutIndex([]byte{0, 0, 0, 0, 0, 0, 0, 1}, nil) }, false},
		{"a view", func(tx desk.Tx) error { return tx.PutView(ent, []byte("v")) }, func(tx desk.Tx) error { return tx.PutView(ent, nil) }, true},
		{"a timeline", func(tx desk.Tx) error { return tx.Expel(&e) }, func(tx desk.Tx) error { return tx.Admit(&e) }, false},
	} {
		if err := db.Update(ctx, x.do); err != nil {
			t.Fatal(err)
		}
		d, c := sums()
		if c == whole || (d != first) != x.views {
			t.Errorf("%s more or less: the checksum differs %t, the digest of the views %t", x.name, c != whole, d != first)
		}
		if err := db.Update(ctx, x.back); err != nil {
			t.Fatal(err)
		}
		if d, c := sums(); c != whole || d != first {
			t.Errorf("%s put back: the sums are not", x.name)
		}
	}
}

func crc(b []byte) uint32 { return crc32.Checksum(b, castagnoli) }
