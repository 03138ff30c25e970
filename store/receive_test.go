package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"punto/app/desk"
	"punto/store/chain"
)

var ctx = context.Background()

// memory opens a node in memory.
func memory(t testing.TB, m *Memory) *DB {
	t.Helper()
	db, err := Open(ctx, Options{Memory: m})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// runs are all that a node holds of an origin after a sequence, as they travel.
func runs(t testing.TB, db *DB, o desk.Origin, from uint64) (rs []desk.Run) {
	t.Helper()
	err := db.View(func(r *Reader) error {
		for {
			run, ok, err := r.RunAt(o, from)
			if err != nil || !ok {
				return err
			}
			if run.Block == nil && len(run.Frames) == 0 {
				return fmt.Errorf("a run from %d holds nothing", from)
			}
			rs = append(rs, run)
			from = run.Last() + 1
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return rs
}

func receive(db *DB, rs ...desk.Run) (n int, err error) {
	err = db.Change(ctx, func(t *Tx) error {
		for _, r := range rs {
			es, err := t.Receive(r)
			if err != nil {
				return err
			}
			n += len(es)
		}
		return nil
	})
	return n, err
}

func introduce(t testing.TB, to, of *DB) {
	t.Helper()
	for _, id := range of.Identities() {
		if err := to.Introduce(ctx, id); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAnotherNodesLogArrivesWholeAndItsBlocksUnchanged(t *testing.T) {
	a, b, c := open(t, t.TempDir()), open(t, t.TempDir()), open(t, t.TempDir())
	fill(t, a, 100) // a tail that becomes part of a block
	introduce(t, b, a)
	introduce(t, c, a)
	if _, err := receive(b, runs(t, a, a.Origin(), 1)...); err != nil {
		t.Fatal(err)
	}
	fill(t, a, 700)
	rest := runs(t, a, a.Origin(), 101)
	if n, err := receive(b, rest...); n != 700 || err != nil {
		t.Fatal(n, err)
	}
	if n, err := receive(b, rest...); n != 0 || err != nil { // what is known changes nothing
		t.Fatal(n, err)
	}
	if n, err := receive(c, runs(t, b, a.Origin(), 1)...); n != 800 || err != nil { // relayed
		t.Fatal(n, err)
	}
	for _, db := range []*DB{b, c} {
		if err := db.Verify(ctx); err != nil || db.Points()[a.Origin()] != a.Points()[a.Origin()] {
			t.Fatal(err, db.Points(), a.Points())
		}
		for first := uint64(1); first < 768; first += chain.BlockEvents {
			var raw [2][]byte
			for i, x := range []*DB{a, db} {
				_ = x.View(func(r *Reader) (err error) { raw[i], err = r.get(logKey(tableBlock, a.Origin(), first)); return err })
			}
			if string(raw[0]) != string(raw[1]) || raw[0] == nil {
				t.Fatalf("block %d has other bytes", first)
			}
		}
	}
}

func TestWhatItsOriginDidNotSignIsRefused(t *testing.T) {
	a := memory(t, &Memory{})
	fill(t, a, 600)
	o := a.Origin()
	tail := func() desk.Run { return runs(t, a, o, 513)[0] }
	for name, spoil := range map[string]func(r *desk.Run){
		"a flipped frame":        func(r *desk.Run) { r.Frames[3] = slices.Clone(r.Frames[3]); r.Frames[3][50] ^= 1 },
		"a dropped frame":        func(r *desk.Run) { r.Frames = append(r.Frames[:3:3], r.Frames[4:]...) },
		"two frames exchanged":   func(r *desk.Run) { r.Frames[3], r.Frames[4] = r.Frames[4], r.Frames[3] },
		"an inserted frame":      func(r *desk.Run) { r.Frames = slices.Insert(slices.Clone(r.Frames), 3, r.Frames[3]) },
		"another signature":      func(r *desk.Run) { r.Sig[9] ^= 1 },
		"a cut end":              func(r *desk.Run) { r.Frames = r.Frames[:5] },
		"a frame of three bytes": func(r *desk.Run) { r.Frames[0] = []byte("abc") },
		"no frame":               func(r *desk.Run) { r.Frames = nil },
		"sequence zero":          func(r *desk.Run) { r.First = 0 },
		"the last sequence":      func(r *desk.Run) { r.First = ^uint64(0) },
		"a long frame":           func(r *desk.Run) { r.Frames[0] = make([]byte, chain.MaxFrameBytes+1) },
	} {
		b := memory(t, &Memory{})
		introduce(t, b, a)
		if _, err := receive(b, runs(t, a, o, 1)[:2]...); err != nil {
			t.Fatal(err)
		}
		r := tail()
		spoil(&r)
		if n, err := receive(b, r); n != 0 || !errors.Is(err, desk.ErrForged) && !errors.Is(err, desk.ErrGap) {
			t.Errorf("%s: %d events taken, %v", name, n, err)
		}
		if n, err := receive(b, tail()); n != 88 || err != nil {
			t.Errorf("%s: the true run is not taken afterwards: %d, %v", name, n, err)
		}
	}
	b := memory(t, &Memory{})
	if _, err := receive(b, runs(t, a, o, 1)...); !errors.Is(err, desk.ErrStranger) {
		t.Error("an origin that nobody introduced:", err)
	}
	introduce(t, b, a)
	block := runs(t, a, o, 1)[0]
	block.Block = slices.Clone(block.Block)
	block.Block[300] ^= 1
	if n, err := receive(b, block); n != 0 || !errors.Is(err, desk.ErrForged) {
		t.Error("a flipped block:", n, err)
	}
	if _, err := receive(b, runs(t, a, o, 257)...); !errors.Is(err, desk.ErrGap) {
		t.Error("a gap:", err)
	}
}

func TestCopyThatGoesOnUnderTheOldOriginIsFrozenWhereTheHistoriesPart(t *testing.T) {
	m := &Memory{}
	a := memory(t, m)
	fill(t, a, 300)
	copied := memory(t, m.Clone()) // nobody noticed: it has the same incarnation
	fill(t, a, 3)
	_ = copied.Update(ctx, func(tx desk.Tx) error { e := event(900); return record(tx, &e) })
	b := memory(t, &Memory{})
	introduce(t, b, a)
	if _, err := receive(b, runs(t, a, a.Origin(), 1)...); err != nil {
		t.Fatal(err)
	}
	if n, err := receive(b, runs(t, copied, a.Origin(), 257)...); n != 0 || err != nil || len(b.Frozen()) != 1 {
		t.Fatalf("%d events of the other history, %v, frozen %v", n, err, b.Frozen())
	}
	fill(t, a, 1)
	if _, err := receive(b, runs(t, a, a.Origin(), 304)...); !errors.Is(err, desk.ErrFork) {
		t.Fatal("a frozen origin went on:", err)
	}
}

func TestRestoredNodeWritesAgainWhatItWroteMeanwhile(t *testing.T) {
	for _, keep := range []int{0, 100, 256, 300, 512, 600} {
		t.Run(fmt.Sprint(keep), func(t *testing.T) {
			dir := t.TempDir()
			a := open(t, dir)
			fill(t, a, 600)
			old := a.Origin()
			var again []desk.Event
			err := a.Change(ctx, func(tx *Tx) (err error) {
				if again, err = tx.Reincarnate(uint64(keep)); err != nil {
					return err
				}
				for i := range again {
					e := again[i]
					if err := tx.Append(&e); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil || len(again) != 600-keep || a.Origin() == old {
				t.Fatal(err, len(again), a.Origin() == old)
			}
			if v := a.Vector(); v[old] != uint64(keep) || v[a.Origin()] != uint64(600-keep) {
				t.Fatal(v)
			}
			b := memory(t, &Memory{})
			introduce(t, b, a)
			for o := range a.Vector() {
				if _, err := receive(b, runs(t, a, o, 1)...); err != nil {
					t.Fatal(err)
				}
			}
			now := a.Origin()
			if err := errors.Join(a.Verify(ctx), a.Close()); err != nil {
				t.Fatal(err)
			}
			if a = open(t, dir); a.Origin() != now || a.Verify(ctx) != nil {
				t.Fatal("the new incarnation did not last")
			}
		})
	}
}

func TestFolderThatWasCopiedOrPutBackBeginsAnIncarnation(t *testing.T) {
	home := t.TempDir()
	place := Place{File: home + "/place/desk", Machine: "m1"}
	at := func(dir string, p Place) desk.Origin {
		t.Helper()
		db, err := Open(ctx, Options{Dir: dir, Place: p})
		if err != nil {
			t.Fatal(err)
		}
		fill(t, db, 3)
		o := db.Origin()
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		return o
	}
	dir := home + "/a"
	first := at(dir, place)
	if again := at(dir, place); again != first {
		t.Fatal("a folder that stayed began an incarnation")
	}
	copyFolder(t, dir, home+"/yesterday")
	if again := at(dir, place); again != first {
		t.Fatal("a folder that stayed began an incarnation")
	}
	if cloned := at(home+"/yesterday", place); cloned == first {
		t.Fatal("a copy went on under the old origin")
	}
	place2 := Place{File: home + "/place/two", Machine: "m1"}
	dir2 := home + "/b"
	first = at(dir2, place2)
	copyFolder(t, dir2, home+"/kept")
	at(dir2, place2)
	replaceContents(t, home+"/kept", dir2) // the folder itself is the same
	if back := at(dir2, place2); back == first {
		t.Fatal("a folder that was put back went on under the old origin")
	}
	if moved := at(dir2, Place{File: place2.File, Machine: "m2"}); moved == first {
		t.Fatal("a cloned machine went on under the old origin")
	}
}
