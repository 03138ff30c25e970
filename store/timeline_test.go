package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"punto/app/desk"
	"punto/store/kv"
)

// keysOf counts the keys of tables.
func keysOf(t testing.TB, db *DB, tables ...byte) (n, longest int) {
	t.Helper()
	if err := db.View(func(r *Reader) error {
		for _, table := range tables {
			for k, err := range r.scan([]byte{table}, nil, false, true) {
				if err != nil {
					return err
				}
				n, longest = n+1, max(longest, len(k.Value))
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return n, longest
}

func entity(n int) desk.Entity { return event(n).Entity }

// However events are admitted, taken out and derived, in whatever order of their
// stamps, the timeline of an entity is those that count, in the order of the fold;
// and it is dirty exactly when its view is not of them.
func TestATimelineIsWhatCountsInTheOrderOfTheFold(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		m := &Memory{}
		db := memory(t, m)
		counts := map[desk.Entity]map[uint64]desk.Stamp{}
		held := map[uint64]desk.Event{}
		dirty := map[desk.Entity]bool{}
		viewed := map[desk.Entity]map[uint64]desk.Stamp{} // what the view of an entity is of
		update := func(f func(tx *Tx) error) {
			if err := db.Change(ctx, f); err != nil {
				rt.Fatal(err)
			}
		}
		for range rapid.IntRange(1, 25).Draw(rt, "steps") {
			ent := entity(rapid.IntRange(0, 2).Draw(rt, "entity"))
			if counts[ent] == nil {
				counts[ent] = map[uint64]desk.Stamp{}
			}
			switch rapid.IntRange(0, 5).Draw(rt, "what") {
			case 0, 1: // some more, anywhere
				n, from := rapid.IntRange(1, 150).Draw(rt, "n"), rapid.IntRange(1, 2000).Draw(rt, "from")
				step := rapid.SampledFrom([]int{-1, 1, 7}).Draw(rt, "step")
				update(func(tx *Tx) error {
					for i := range n {
						e := event(0)
						e.Entity, e.Stamp = ent, desk.Stamp(max(1, from+i*step))
						if err := tx.Append(&e); err != nil {
							return err
						}
						held[e.Seq], counts[ent][e.Seq] = e, e.Stamp
					}
					return nil
				})
				dirty[ent] = true
			case 2: // some no longer count
				var seqs []uint64
				for s := range counts[ent] {
					seqs = append(seqs, s)
				}
				slices.Sort(seqs)
				for range min(len(seqs), rapid.IntRange(1, 40).Draw(rt, "out")) {
					i := rapid.IntRange(0, len(seqs)-1).Draw(rt, "which")
					e := held[seqs[i]]
					update(func(tx *Tx) error { return errors.Join(tx.Expel(&e), tx.Expel(&e)) })
					delete(counts[ent], seqs[i])
					seqs = slices.Delete(seqs, i, i+1)
					dirty[ent] = true
				}
			case 3: // one counts again, or twice
				for s, e := range held {
					if e.Entity == ent {
						update(func(tx *Tx) error { return tx.Admit(&e) })
						counts[ent][s], dirty[ent] = e.Stamp, true
						break
					}
				}
			case 4:
				undo := errors.New("undo")
				_ = db.Change(ctx, func(tx *Tx) error { return errors.Join(tx.PutView(ent, []byte("no")), tx.MarkDirty(ent), undo) })
				update(func(tx *Tx) error { return tx.PutView(ent, []byte("view")) })
				delete(dirty, ent)
				viewed[ent] = maps.Clone(counts[ent])
			case 5:
				db = memory(t, m)
			}
		}
		for ent, want := range counts {
			seen, all := desk.Stamp(0), maps.Clone(viewed[ent])
			for _, at := range all {
				seen = max(seen, at)
			}
			if err := db.View(func(r *Reader) error {
				news, after, err := r.News(ent)
				if err != nil || !after {
					return err
				}
				for _, e := range news { // what is told of them and of the view is all, and the view comes first
					if all == nil {
						all = map[uint64]desk.Stamp{}
					}
					if all[e.Seq] = e.Stamp; e.Stamp < seen {
						rt.Fatalf("%v comes after what the view is of, to %d", placeOf(&e), seen)
					}
				}
				if len(all) != len(want) || !maps.Equal(all, want) {
					rt.Fatalf("the view of %v and its news are of %v and not of %v", ent, all, want)
				}
				return nil
			}); err != nil {
				rt.Fatal(err)
			}
			var places []place
			for s, at := range want {
				places = append(places, place{at, db.Origin(), s})
			}
			slices.SortFunc(places, place.compare)
			if err := db.View(func(r *Reader) error {
				es, err := r.Events(ent)
				if err != nil || len(es) != len(places) {
					rt.Fatalf("%d events and not %d: %v", len(es), len(places), err)
				}
				for i := range es {
					if placeOf(&es[i]) != places[i] {
						rt.Fatalf("event %d is %v and not %v", i, placeOf(&es[i]), places[i])
					}
				}
				return nil
			}); err != nil {
				rt.Fatal(err)
			}
		}
		owed, found := 0, map[desk.Entity]bool{}
		if err := db.View(func(r *Reader) error {
			for e, err := range r.Dirty() {
				if err != nil {
					return err
				}
				found[e.Entity] = true
				b, err := r.owed(e.Entity)
				owed += owes(b)
				if err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			rt.Fatal(err)
		}
		ents, events := db.Owed()
		if len(found) != len(dirty) || ents != len(dirty) || events != owed {
			rt.Fatalf("dirty are %v, told are %d with %d events, and it should be %v with %d", found, ents, events, dirty, owed)
		}
		for e := range dirty {
			if !found[e] {
				rt.Fatalf("%v should be dirty", e)
			}
		}
	})
}

// A case of eight events that come one by one takes one key beside its indexes, and a
// record that is changed for years never writes more than a chunk anew.
func TestATimelineIsPackedAndItsEndStaysSmall(t *testing.T) {
	db := memory(t, &Memory{})
	const all = 400
	for i := range all { // 50 entities of 8 events
		e := event(i)
		if err := db.Update(ctx, func(tx desk.Tx) error { return record(tx, &e) }); err != nil {
			t.Fatal(err)
		}
	}
	n, longest := keysOf(t, db, tableEntity, tableOlder, tableDirty)
	if n != 50 || longest > 150 {
		t.Errorf("%d keys for 50 entities of 8 events, the longest of %d bytes", n, longest)
	}
	const years = 3000
	for i := range years {
		e := event(0)
		e.Stamp = desk.Stamp(1000+i) << 36
		if err := db.Update(ctx, func(tx desk.Tx) error { return record(tx, &e) }); err != nil {
			t.Fatal(err)
		}
	}
	n, longest = keysOf(t, db, tableEntity, tableOlder, tableDirty)
	if longest > 2048 || n-50 > years/40 {
		t.Errorf("%d events of one entity take %d keys, the longest of %d bytes", years, n-50, longest)
	}
	t.Logf("%d events of one entity: %d chunks, the longest of %d bytes", years, n-50, longest)
}

// What the writer takes between the reading of an entity and the writing of its view
// is seen.
func TestWhatChangesSinceAMarkIsTold(t *testing.T) {
	db := memory(t, &Memory{})
	fill(t, db, 60)
	first := db.Mark()
	db.Unmark()
	mark := db.Mark()
	e := event(3)
	if err := db.Update(ctx, func(tx desk.Tx) error { return record(tx, &e) }); err != nil {
		t.Fatal(err)
	}
	if err := db.Update(ctx, func(tx desk.Tx) error { return tx.MarkDirty(entity(4)) }); err != nil {
		t.Fatal(err)
	}
	if err := db.Update(ctx, func(tx desk.Tx) error {
		if err := tx.PutView(entity(6), []byte("now")); err != nil {
			return err
		}
		for i, want := range map[int]bool{3: true, 4: true, 5: false, 6: true} {
			if got := tx.Changed(entity(i), mark); got != want {
				t.Errorf("entity %d changed: %v", i, got)
			}
			if !tx.Changed(entity(i), first) {
				t.Errorf("entity %d has not changed since a mark that is not kept", i)
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	db.Unmark()
	if err := db.Update(ctx, func(tx desk.Tx) error {
		if !tx.Changed(entity(5), mark) {
			t.Error("nobody derives, and nothing has changed")
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

// A folder of format 1 opens, says that it is to be derived anew, and is; nothing of
// what it had derived stays.
func TestAFolderOfFormat1IsDerivedAnew(t *testing.T) {
	m := &Memory{}
	db := memory(t, m)
	fill(t, db, 600)
	want, err := db.Digest()
	if err != nil {
		t.Fatal(err)
	}
	if err := m.disk.Renew(keeps, func(func(kv.Pair, error) bool) {}, nil); err != nil {
		t.Fatal(err)
	}
	change(t, m, tableKey(tableMeta, []byte("format")), []byte{0, 1})
	for i := range 600 { // as format 1 kept them
		e := event(i)
		k := binary.BigEndian.AppendUint64(entityKey(0x21, e.Entity), uint64(e.Stamp))
		k = binary.BigEndian.AppendUint64(k, uint64(db.Origin()))
		change(t, m, binary.BigEndian.AppendUint64(k, uint64(i+1)), []byte{})
		change(t, m, entityKey(0x20, e.Entity), binary.BigEndian.AppendUint64(nil, uint64(i+1)))
	}
	db = memory(t, m)
	if half, err := db.Rebuilding(); !half || err != nil {
		t.Fatalf("it is not to be derived anew: %v", err)
	}
	db = memory(t, m) // a kill before it is
	if half, err := db.Rebuilding(); !half || err != nil {
		t.Fatalf("it is not to be derived anew after a kill: %v", err)
	}
	if err := db.Rebuild(ctx, deriver(func(tx desk.Tx, e desk.Entity, es []desk.Event) error {
		return tx.PutView(e, binary.BigEndian.AppendUint64(nil, es[len(es)-1].Seq))
	})); err != nil {
		t.Fatal(err)
	}
	if got, err := db.Digest(); got != want || err != nil {
		t.Errorf("it is derived otherwise: %v", err)
	}
	for _, table := range []byte{0x20, 0x21, tableDirty} {
		if n, _ := keysOf(t, db, table); n > 0 {
			t.Errorf("%d keys of table %x stay", n, table)
		}
	}
	if half, err := db.Rebuilding(); half || err != nil {
		t.Errorf("it is to be derived anew again: %v", err)
	}
}

func FuzzParseChunk(f *testing.F) {
	c := chunk{older: true, places: []place{{5, 1, 1}, {5, 2, 1 << 60}, {1 << 50, 1, 3}, {1 << 50, 1, 2}}}
	f.Add(c.bytes())
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := parseChunk(b)
		if err != nil {
			return
		}
		again, err := parseChunk(c.bytes())
		if err != nil || !slices.Equal(again.places, c.places) || again.older != c.older && len(b) > 0 {
			t.Fatalf("%x: %+v became %+v: %v", b, c, again, err)
		}
		if end, view, err := cutEntity(joinEntity(c.bytes(), b)); err != nil || !bytes.Equal(end, c.bytes()) || !bytes.Equal(view, b) {
			t.Fatalf("%x: it is cut otherwise: %v", b, err)
		}
	})
}

// What comes in order is one step from the view; what does not has it made of all.
func TestOnlyWhatComesInOrderIsNews(t *testing.T) {
	db := memory(t, &Memory{})
	ent := entity(0)
	write := func(at desk.Stamp) (e desk.Event) {
		e = event(0)
		e.Stamp = at
		if err := db.Change(ctx, func(tx *Tx) error { return tx.Append(&e) }); err != nil {
			t.Fatal(err)
		}
		return e
	}
	derive := func() {
		if err := db.Change(ctx, func(tx *Tx) error { return tx.PutView(ent, []byte("view")) }); err != nil {
			t.Fatal(err)
		}
	}
	news := func(name string, want int, after bool) {
		t.Helper()
		if err := db.View(func(r *Reader) error {
			es, yes, err := r.News(ent)
			if err != nil || len(es) != want || yes != after {
				t.Errorf("%s: %d news and %t, not %d and %t: %v", name, len(es), yes, want, after, err)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	news("nothing", 0, true)
	write(10)
	first := write(20)
	news("of what has no view", 2, true)
	derive()
	news("derived", 0, true)
	last := write(30)
	write(40)
	news("in order", 2, true)
	if err := db.Change(ctx, func(tx *Tx) error { return tx.Expel(&last) }); err != nil {
		t.Fatal(err)
	}
	news("of which one went", 1, true)
	write(15)
	news("one of before", 0, false)
	derive()
	write(50)
	if err := db.Change(ctx, func(tx *Tx) error { return tx.MarkDirty(ent) }); err != nil {
		t.Fatal(err)
	}
	write(60)
	news("to be made anew", 0, false)
	derive()
	write(70)
	if err := db.Change(ctx, func(tx *Tx) error { return tx.Expel(&first) }); err != nil {
		t.Fatal(err)
	}
	news("one of the view went", 0, false)
	if err := db.View(func(r *Reader) error {
		if s, err := r.Seen(ent); err != nil || s != 60 {
			t.Errorf("seen up to %d: %v", s, err)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}
