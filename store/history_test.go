package store

import (
	"bytes"
	"errors"
	"slices"
	"sync/atomic"
	"testing"

	"punto/app/desk"
	"punto/store/chain"
)

// with appends one event with a stamp and a body.
func with(t *testing.T, db *DB, s desk.Stamp, body string) {
	t.Helper()
	e := event(0)
	e.Stamp, e.Body = s, []byte(body)
	if err := db.Update(ctx, func(tx desk.Tx) error { return tx.Append(&e) }); err != nil {
		t.Fatal(err)
	}
}

// Two copies of a folder that part in one event and then write the same: the run
// that overlaps begins with the difference and ends alike.
func TestAForkIsSeenInTheFirstEventThatOverlaps(t *testing.T) {
	for _, held := range []int{0, 10, chain.BlockEvents - 1, chain.BlockEvents + 3} {
		m := &Memory{}
		a := memory(t, m)
		if held > 0 {
			fill(t, a, held)
		}
		copied := memory(t, m.Clone())
		for i, db := range []*DB{a, copied} {
			with(t, db, 1_000, []string{"one", "other"}[i])
			for s := range desk.Stamp(5) {
				with(t, db, 1_001+s, "the same")
			}
		}
		b := memory(t, &Memory{})
		introduce(t, b, a)
		if _, err := receive(b, runs(t, a, a.Origin(), 1)...); err != nil {
			t.Fatal(err)
		}
		for i, r := range runs(t, copied, a.Origin(), uint64(held)+1) {
			if n, err := receive(b, r); n != 0 || i == 0 && err != nil || i > 0 && !errors.Is(err, desk.ErrFork) {
				t.Errorf("parted after %d: %d events of the run %d taken, %v", held, n, i, err)
			}
		}
		if !b.IsFrozen(a.Origin()) {
			t.Errorf("parted after %d: the origin is not frozen", held)
		}
		with(t, a, 2_000, "more")
		if _, err := receive(b, runs(t, a, a.Origin(), uint64(held)+7)...); !errors.Is(err, desk.ErrFork) {
			t.Errorf("parted after %d: a frozen origin goes on: %v", held, err)
		}
		if err := b.Verify(ctx); err != nil {
			t.Errorf("parted after %d: %v", held, err)
		}
	}
}

// Stamps of an origin rise: an event whose stamp does not is not taken, neither
// within a run nor after what is held.
func TestStampsRiseWithinARunAndAfterWhatIsHeld(t *testing.T) {
	for _, x := range []struct {
		name   string
		stamps []desk.Stamp
		held   int // of them, taken before
		ok     bool
	}{
		{"rising", []desk.Stamp{5, 6, 7}, 1, true},
		{"the same twice in a run", []desk.Stamp{5, 5}, 0, false},
		{"the same as what is held", []desk.Stamp{5, 6, 6, 7}, 2, false},
		{"below what is held", []desk.Stamp{5, 6, 4, 7}, 2, false},
		{"falling in a run", []desk.Stamp{5, 7, 6}, 1, false},
		{"in the year 40000", []desk.Stamp{5, 1 << 62}, 1, false},
	} {
		a, b := memory(t, &Memory{}), memory(t, &Memory{})
		introduce(t, b, a)
		for i, s := range x.stamps {
			with(t, a, s, "x")
			if i+1 == x.held {
				if _, err := receive(b, runs(t, a, a.Origin(), 1)...); err != nil {
					t.Fatal(err)
				}
			}
		}
		n, err := receive(b, runs(t, a, a.Origin(), uint64(x.held)+1)...)
		if (err == nil) != x.ok || err != nil && !errors.Is(err, desk.ErrForged) || (n > 0) != x.ok {
			t.Errorf("%s: %d events taken, %v", x.name, n, err)
		}
		// what overlaps is judged alike
		n, err = receive(b, runs(t, a, a.Origin(), 1)...)
		if n != 0 || (err == nil) != x.ok {
			t.Errorf("%s, from the beginning: %d events taken, %v", x.name, n, err)
		}
	}
}

// A run never goes over the end of a block: what is sealed is sealed alike
// everywhere.
func TestARunOverTheEndOfABlockIsRefused(t *testing.T) {
	a, b := memory(t, &Memory{}), memory(t, &Memory{})
	introduce(t, b, a)
	fill(t, a, 200)
	if _, err := receive(b, runs(t, a, a.Origin(), 1)...); err != nil {
		t.Fatal(err)
	}
	fill(t, a, 100)
	parts := runs(t, a, a.Origin(), 201)
	if len(parts) != 2 {
		t.Fatalf("%d runs from 201 to 300", len(parts))
	}
	over := parts[0]
	over.Frames, over.Sig = append(slices.Clone(over.Frames), parts[1].Frames...), parts[1].Sig
	if n, err := receive(b, over); n != 0 || !errors.Is(err, desk.ErrForged) {
		t.Errorf("%d events taken, %v", n, err)
	}
	if n, err := receive(b, parts...); n != 100 || err != nil || b.Verify(ctx) != nil {
		t.Errorf("its two parts: %d events taken, %v", n, err)
	}
}

// A run may begin anywhere: it holds exactly what is from there to the end of the
// block or of the log, and proves itself.
func TestARunBeginsWhereItIsAskedFor(t *testing.T) {
	a := memory(t, &Memory{})
	const all = 2*chain.BlockEvents + 20
	fill(t, a, all)
	for _, from := range []uint64{1, 2, chain.BlockEvents - 1, chain.BlockEvents, chain.BlockEvents + 1, chain.BlockEvents + 2, 2 * chain.BlockEvents, 2*chain.BlockEvents + 1, all} {
		b := memory(t, &Memory{})
		introduce(t, b, a)
		if from > 1 {
			for _, r := range runs(t, a, a.Origin(), 1) { // up to just before it
				if r.First >= from {
					break
				}
				if r.Last() >= from {
					r = part(t, a, r.First, from)
				}
				if _, err := receive(b, r); err != nil {
					t.Fatal(err)
				}
			}
		}
		var first desk.Stamp
		if err := a.View(func(r *Reader) error {
			run, ok, err := r.RunAt(a.Origin(), from)
			if err == nil && ok {
				first, err = r.StampOf(run)
			}
			return err
		}); err != nil || first != desk.Stamp(from) {
			t.Errorf("a run from %d begins with the stamp %d: %v", from, first, err)
		}
		n, err := receive(b, runs(t, a, a.Origin(), from)...)
		if uint64(n) != all-from+1 || err != nil {
			t.Errorf("from %d: %d events taken of %d, %v", from, n, all-from+1, err)
		}
		if b.Points()[a.Origin()] != a.Points()[a.Origin()] {
			t.Errorf("from %d: it ends elsewhere", from)
		}
	}
	if err := a.View(func(r *Reader) error {
		for _, none := range []uint64{0, all + 1} {
			if _, ok, err := r.RunAt(a.Origin(), none); ok || err != nil {
				t.Errorf("a run from %d: %t, %v", none, ok, err)
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

// part is a run from first to before a sequence, signed there: as it travelled
// when that was the end of the log.
func part(t *testing.T, a *DB, first, before uint64) desk.Run {
	t.Helper()
	r := desk.Run{Origin: a.Origin(), First: first}
	err := a.View(func(rd *Reader) error {
		h, err := rd.headOf(a.Origin())
		if err != nil {
			return err
		}
		hash, err := rd.hashAt(a.Origin(), &h, before-1)
		if err != nil {
			return err
		}
		for s := first; s < before; s++ {
			f, err := rd.Frame(a.Origin(), s)
			if err != nil {
				return err
			}
			r.Frames = append(r.Frames, f)
		}
		now := chain.Head{Seq: before - 1, Hash: hash}
		(&Tx{Reader: Reader{db: a}}).signOwn(a.Origin(), &now)
		r.Sig = now.Sig
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestEventsSinceAStampAreThoseFromItOn(t *testing.T) {
	a := memory(t, &Memory{})
	for i := range chain.BlockEvents + 10 {
		with(t, a, desk.Stamp(10*(i+1)), "x")
	}
	last := desk.Stamp(10 * (chain.BlockEvents + 10))
	for _, x := range []struct {
		since desk.Stamp
		first desk.Stamp
		n     int
	}{{0, 10, chain.BlockEvents + 10}, {10, 10, chain.BlockEvents + 10}, {11, 20, chain.BlockEvents + 9}, {2560, 2560, 11}, {2565, 2570, 10}, {last, last, 1}, {last + 1, 0, 0}} {
		n, first := 0, desk.Stamp(0)
		if err := a.Read(func(r desk.Reader) error {
			for e, err := range r.Since(a.Origin(), x.since) {
				if err != nil {
					return err
				}
				if n++; n == 1 {
					first = e.Stamp
				}
			}
			return nil
		}); err != nil || n != x.n || first != x.first {
			t.Errorf("since %d: %d from %d, and not %d from %d: %v", x.since, n, first, x.n, x.first, err)
		}
	}
}

// After a new incarnation each event stands in the timeline of its entity once,
// under its new identity.
func TestTimelinesAfterANewIncarnation(t *testing.T) {
	a := memory(t, &Memory{})
	fill(t, a, 300)
	old := a.Origin()
	timeline := func() (es []desk.Event) {
		t.Helper()
		if err := a.Read(func(r desk.Reader) (err error) { es, err = r.Events(event(7).Entity); return err }); err != nil {
			t.Fatal(err)
		}
		return es
	}
	before := timeline()
	err := a.Change(ctx, func(tx *Tx) error {
		again, err := tx.Reincarnate(120)
		if err != nil {
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
	if err != nil {
		t.Fatal(err)
	}
	after := timeline()
	if len(after) != len(before) || len(before) != 6 {
		t.Fatalf("%d events of one entity became %d", len(before), len(after))
	}
	for i := range after {
		kept := before[i].Seq <= 120
		if after[i].Stamp != before[i].Stamp || !bytes.Equal(after[i].Body, before[i].Body) || (after[i].Origin == old) != kept {
			t.Errorf("event %d: %+v became %+v", i, before[i], after[i])
		}
	}
	if s, ok := a.Signer(old); !ok || s.Node != desk.NodeID(a.key[32:]) {
		t.Errorf("who wrote under the old origin is not known any more: %+v", s)
	}
}

// picky admits the events with an even stamp.
type picky struct {
	deriver
	judged atomic.Int32
}

func (p *picky) Worker() desk.Worker { return p }

func (p *picky) Judge(_ desk.Tx, e *desk.Event) (bool, error) {
	p.judged.Add(1)
	return e.Stamp%2 == 0, nil
}

func TestARebuildAdmitsWhatCountsAndDerivesEveryEntity(t *testing.T) {
	db := memory(t, &Memory{})
	fill(t, db, 60)
	seen := map[desk.Entity]int{}
	p := &picky{deriver: func(_ desk.Tx, e desk.Entity, es []desk.Event) error { seen[e] += len(es); return nil }}
	if err := db.Rebuild(ctx, p); err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, k := range seen {
		n += k
	}
	if p.judged.Load() != 60 || n != 30 || len(seen) != 25 {
		t.Errorf("%d judged, %d admitted of %d entities", p.judged.Load(), n, len(seen))
	}
	if yes, err := db.Rebuilding(); yes || err != nil {
		t.Errorf("it goes on: %t, %v", yes, err)
	}
	sick := errors.New("sick")
	if err := db.Rebuild(ctx, deriver(func(desk.Tx, desk.Entity, []desk.Event) error { return sick })); !errors.Is(err, sick) {
		t.Errorf("a deriver that fails gives %v", err)
	}
	if yes, err := db.Rebuilding(); !yes || err != nil {
		t.Errorf("a rebuild that failed is over: %t, %v", yes, err)
	}
}

// What a function wrote before it failed is gone, its events from the chain too.
func TestAfterAFunctionFailsTheChainGoesOn(t *testing.T) {
	db := memory(t, &Memory{})
	fill(t, db, 3)
	sorry := errors.New("sorry")
	for range 2 {
		if err := db.Update(ctx, func(tx desk.Tx) error { e := event(900); return errors.Join(tx.Append(&e), sorry) }); !errors.Is(err, sorry) {
			t.Fatal(err)
		}
	}
	err := db.Change(ctx, func(tx *Tx) error { // within one group: one fails, the next goes on
		if err := tx.run(func(tx *Tx) error { e := event(901); return errors.Join(tx.Append(&e), sorry) }); !errors.Is(err, sorry) {
			return errors.New("it did not fail")
		}
		return tx.run(func(tx *Tx) error { e := event(3); return tx.Append(&e) })
	})
	if err != nil || db.Vector()[db.Origin()] != 4 || db.Verify(ctx) != nil {
		t.Errorf("%v, %d events, %v", err, db.Vector()[db.Origin()], db.Verify(ctx))
	}
}

func TestBlobsComeBackWholeAndLeaveNothing(t *testing.T) {
	db := memory(t, &Memory{})
	parts := func() (n int) {
		_ = db.View(func(r *Reader) error {
			for _, err := range r.scan([]byte{tableBlob}, nil, false, false) {
				if err != nil {
					return err
				}
				n++
			}
			return nil
		})
		return n
	}
	sizes := []int{0, 1, blobChunk - 1, blobChunk, blobChunk + 1, 3 * blobChunk, 5, 2*blobChunk + 7}
	for i, size := range sizes {
		b := bytes.Repeat([]byte{byte(i + 1)}, size)
		if err := db.Update(ctx, func(tx desk.Tx) error { return tx.PutBlob("x", b) }); err != nil {
			t.Fatal(err)
		}
		if err := db.Read(func(r desk.Reader) error {
			got, err := r.Blob("x")
			if err == nil && (got == nil || !bytes.Equal(got, b)) {
				t.Errorf("a blob of %d bytes comes back as %d", size, len(got))
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if want := max(1, (size+blobChunk-1)/blobChunk); parts() != want {
			t.Errorf("a blob of %d bytes is kept in %d parts and not %d", size, parts(), want)
		}
	}
	if err := db.Update(ctx, func(tx desk.Tx) error { return tx.PutBlob("x", nil) }); err != nil || parts() != 0 {
		t.Errorf("a blob that is taken away leaves %d parts: %v", parts(), err)
	}
	if err := db.Update(ctx, func(tx desk.Tx) error { return tx.PutBlob("x", make([]byte, MaxBlobBytes+1)) }); !errors.Is(err, ErrTooBig) {
		t.Errorf("a blob that is too long: %v", err)
	}
}
