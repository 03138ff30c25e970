package store

import (
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"iter"
	"os"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"punto/app/desk"
)

// rebuildKey is there while what is derived is not of all that the log holds.
var rebuildKey = tableKey(tableMeta, []byte("rebuilding"))

// Rebuild makes views, indexes and timelines anew from the events of the log that
// count, beside what is there, and puts them into its place; blobs go. Nothing is
// written meanwhile. It may be interrupted and begun again: Rebuilding tells. It takes
// about 32 bytes of memory for each event.
func (db *DB) Rebuild(ctx context.Context, d desk.Deriver) error {
	if err := db.Change(ctx, func(t *Tx) error { return t.set(rebuildKey, []byte{1}) }); err != nil {
		return err
	}
	return db.change(&request{ctx: ctx, lone: func() error { return db.rebuild(ctx, d) }})
}

// Rebuilding tells whether a Rebuild was begun and has not ended.
func (db *DB) Rebuilding() (yes bool, err error) {
	err = db.View(func(r *Reader) error {
		v, err := r.get(rebuildKey)
		yes = v != nil
		return err
	})
	return yes, err
}

// keeps tells whether a key is of what a rebuild does not make anew.
func keeps(k []byte) bool {
	if k[0] == tablePiece && len(k) > 1 {
		k = k[1:]
	}
	return k[0] != tableJournal && string(k) != string(rebuildKey) &&
		!slices.ContainsFunc(derived, func(p []byte) bool { return k[0] == p[0] })
}

// rebuild runs on the writer.
func (db *DB) rebuild(ctx context.Context, d desk.Deriver) (err error) {
	<-db.checked // it reads the files of the database whose place is taken
	b := &rebuilding{db: db, ctx: ctx}
	if db.memory == nil {
		b.dir = sortDir(db.dir)
		if err := os.MkdirAll(b.dir, 0o700); err != nil {
			return fmt.Errorf("sort what is derived: %w", err)
		}
		defer func() { err = errors.Join(err, os.RemoveAll(b.dir)) }()
	}
	defer func() {
		for _, t := range b.txs {
			err = errors.Join(err, t.out.close())
		}
	}()
	if err := b.derive(d); err != nil {
		return err
	}
	all := make([]*sorter, len(b.txs))
	for i, t := range b.txs {
		all[i] = t.out
	}
	if err := db.disk.renew(keeps, sorted(all...), db.step); err != nil {
		if b, ok := db.disk.(*badgerDisk); ok && b.IsClosed() {
			return db.fail(err)
		}
		return err
	}
	db.forgetDirty()
	return nil
}

// rebuilding is one Rebuild.
type rebuilding struct {
	db      *DB
	ctx     context.Context //nolint:containedctx // lives as long as the call
	dir     string          // of sorted runs
	txs     []*rebuildTx
	origins []desk.Origin // sorted
	heads   map[desk.Origin]head
	all     []standing // of the events that count, by entity
	ents    []stretch  // of all, by the first event
}

// standing is an event that counts, of an entity.
type standing struct {
	hi, lo uint64 // id
	stamp  desk.Stamp
	seq    uint32
	origin uint16 // its number
	kind   desk.Type
}

func (s *standing) entity() (e desk.Entity) {
	e.Type = s.kind
	binary.BigEndian.PutUint64(e.ID[:], s.hi)
	binary.BigEndian.PutUint64(e.ID[8:], s.lo)
	return e
}

func (s *standing) of(t *standing) int {
	return cmp.Or(cmp.Compare(s.kind, t.kind), cmp.Compare(s.hi, t.hi), cmp.Compare(s.lo, t.lo))
}

func compareStanding(s, t standing) int {
	return cmp.Or(s.of(&t), cmp.Compare(s.stamp, t.stamp), cmp.Compare(s.origin, t.origin), cmp.Compare(s.seq, t.seq))
}

// stretch is the events of one entity.
type stretch struct{ from, to uint32 }

// section is some consecutive events of an origin: a block, or the tail.
type section struct {
	origin   uint16
	from, to uint64
}

// derive makes everything, into the sorters.
func (b *rebuilding) derive(d desk.Deriver) error {
	b.heads = b.db.heads()
	b.origins = sortedOrigins(b.heads)
	var parts []section
	for i, o := range b.origins {
		h := b.heads[o]
		for from := uint64(1); from <= h.seq; from += blockEvents {
			parts = append(parts, section{uint16(i), from, min(from+blockEvents-1, h.seq)}) //nolint:gosec // the workstations of a desk
		}
	}
	first := b.tx()
	defer first.end()
	for _, p := range parts {
		err := first.each(p, func(f []byte) error {
			if t, ok := frameType(f); ok && !d.Notes(t) {
				return nil
			}
			e, err := ParseFrame(f)
			if err != nil || !d.Notes(e.Entity.Type) {
				return err
			}
			return d.Note(first, &e)
		})
		if err != nil {
			return err
		}
	}
	if err := d.Noted(first); err != nil {
		return err
	}
	hands := []hand{{first, d.Worker()}}
	for range runtime.GOMAXPROCS(0) - 1 {
		t := b.tx()
		defer t.end()
		hands = append(hands, hand{t, d.Worker()})
	}
	if err := b.judge(hands, parts); err != nil {
		return err
	}
	b.group()
	return b.work(hands, len(b.ents), func(h hand, i int) error { return h.tx.entity(h.d, b.ents[i]) })
}

// hand is a goroutine's own.
type hand struct {
	tx *rebuildTx
	d  desk.Worker
}

// work does n things with all hands.
func (b *rebuilding) work(hands []hand, n int, f func(hand, int) error) error {
	const step = 16
	var next atomic.Int64
	var all sync.WaitGroup
	errs := make([]error, len(hands))
	for w, h := range hands {
		all.Go(func() {
			defer func() {
				if p := recover(); p != nil {
					errs[w] = fmt.Errorf("derive: %v", p)
				}
			}()
			for errs[w] == nil {
				from := int(next.Add(step)) - step
				if from >= n {
					return
				}
				errs[w] = b.ctx.Err()
				for i := from; i < min(from+step, n) && errs[w] == nil; i++ {
					errs[w] = f(h, i)
				}
			}
			next.Store(int64(n)) // one has failed: nobody goes on
		})
	}
	all.Wait()
	return errors.Join(errs...)
}

// judge finds the events that count.
func (b *rebuilding) judge(hands []hand, parts []section) error {
	found := make([][]standing, len(parts))
	err := b.work(hands, len(parts), func(h hand, i int) error {
		p := parts[i]
		return h.tx.each(p, func(f []byte) error {
			e, err := ParseFrame(f)
			if err != nil {
				return err
			}
			counts, err := h.d.Judge(h.tx, &e)
			if counts && err == nil {
				found[i] = append(found[i], standing{binary.BigEndian.Uint64(e.Entity.ID[:]), binary.BigEndian.Uint64(e.Entity.ID[8:]), e.Stamp, uint32(e.Seq), p.origin, e.Entity.Type}) //nolint:gosec // four thousand million events of one workstation
			}
			return err
		})
	})
	n := 0
	for _, f := range found {
		n += len(f)
	}
	b.all = make([]standing, 0, n)
	for i, f := range found {
		b.all, found[i] = append(b.all, f...), nil
	}
	return err
}

// group finds the events of each entity. Entities come in the order of their first
// events, so that those of one day, whose events lie in the same blocks, are derived
// together.
func (b *rebuilding) group() {
	slices.SortFunc(b.all, compareStanding)
	for from := 0; from < len(b.all); {
		to := from + 1
		for to < len(b.all) && b.all[from].of(&b.all[to]) == 0 {
			to++
		}
		b.ents = append(b.ents, stretch{uint32(from), uint32(to)}) //nolint:gosec // as above
		from = to
	}
	slices.SortFunc(b.ents, func(x, y stretch) int { return cmp.Compare(b.all[x.from].stamp, b.all[y.from].stamp) })
}

func sortedOrigins(heads map[desk.Origin]head) (os []desk.Origin) {
	for o := range heads {
		os = append(os, o)
	}
	slices.Sort(os)
	return os
}

// rebuildTx is what a Deriver writes to: a sorter. It reads the log as it is, and the
// events of an entity as they count now. It belongs to one goroutine.
type rebuildTx struct {
	Reader
	b   *rebuilding
	out *sorter
	put bool // the view of the entity at hand
	now []place
}

func (b *rebuilding) tx() *rebuildTx {
	t := &rebuildTx{Reader: Reader{db: b.db, snap: b.db.disk.snapshot()}, b: b, out: newSorter(b.dir)}
	b.txs = append(b.txs, t)
	return t
}

// end gives back what is read.
func (t *rebuildTx) end() { t.snap.discard() }

// each gives the frames of a section.
func (t *rebuildTx) each(p section, f func(frame []byte) error) error {
	o := t.b.origins[p.origin]
	if p.to > t.b.heads[o].sealed {
		for s := p.from; s <= p.to; s++ {
			x, err := t.frame(o, s)
			if err == nil {
				err = f(x)
			}
			if err != nil {
				return err
			}
		}
		return nil
	}
	raw, err := t.rawBlock(o, p.from)
	if err != nil {
		return err
	}
	x, err := t.db.unpackBlock(o, p.from, raw)
	if err != nil {
		return err
	}
	for _, frame := range x.frames {
		if err := f(frame); err != nil {
			return err
		}
	}
	return nil
}

// entity derives one.
func (t *rebuildTx) entity(d desk.Worker, s stretch) error {
	ent := t.b.all[s.from].entity()
	t.put, t.now = false, t.b.places(s)
	es, err := t.events(t.now)
	if err == nil {
		err = d.Derive(t, ent, es)
	}
	if err == nil && !t.put {
		err = t.PutView(ent, nil)
	}
	if err != nil {
		return fmt.Errorf("derive %v %v: %w", ent.Type, ent.ID, err)
	}
	return nil
}

func (b *rebuilding) places(s stretch) []place {
	ps := make([]place, 0, s.to-s.from)
	for _, x := range b.all[s.from:s.to] {
		ps = append(ps, place{x.stamp, b.origins[x.origin], uint64(x.seq)})
	}
	return ps
}

// PutView implements desk.Tx for the entity at hand.
func (t *rebuildTx) PutView(e desk.Entity, view []byte) error {
	if len(view) > MaxValueBytes {
		return fmt.Errorf("%w: a view of %d bytes, at most %d", ErrTooBig, len(view), MaxValueBytes)
	}
	t.put = true
	end, older := cutPlaces(t.now)
	for _, c := range older {
		if err := t.out.put(olderKey(e, c.places[0]), c.bytes()); err != nil {
			return err
		}
	}
	return t.out.put(entityKey(tableEntity, e), joinEntity(end.bytes(), view))
}

// Events implements desk.Reader.
func (t *rebuildTx) Events(e desk.Entity) ([]desk.Event, error) {
	want := standing{hi: binary.BigEndian.Uint64(e.ID[:]), lo: binary.BigEndian.Uint64(e.ID[8:]), kind: e.Type}
	from, found := slices.BinarySearchFunc(t.b.all, want, func(x, y standing) int { return cmp.Or(x.of(&y), 1) })
	if found || from == len(t.b.all) || t.b.all[from].of(&want) != 0 {
		return nil, nil
	}
	to := from + 1
	for to < len(t.b.all) && t.b.all[to].of(&want) == 0 {
		to++
	}
	return t.events(t.b.places(stretch{uint32(from), uint32(to)})) //nolint:gosec // as above
}

// PutIndex implements desk.Tx.
func (t *rebuildTx) PutIndex(key, value []byte) error {
	if len(value) > MaxValueBytes || len(key) > maxKeyBytes {
		return fmt.Errorf("%w: a key of %d and a value of %d bytes", ErrTooBig, len(key), len(value))
	}
	return t.out.put(tableKey(tableIndex, key), value)
}

// Standing implements desk.Tx.
func (t *rebuildTx) Vector() desk.Vector                      { return vectorOf(t.b.heads) }
func (t *rebuildTx) Newest() desk.Stamp                       { return t.db.Newest() }
func (t *rebuildTx) Origin() desk.Origin                      { return t.db.Origin() }
func (t *rebuildTx) Signer(o desk.Origin) (desk.Signer, bool) { return t.db.Signer(o) }
func (t *rebuildTx) View(desk.Entity) ([]byte, error)         { return nil, nil }
func (t *rebuildTx) Blob(string) ([]byte, error)              { return nil, nil }
func (t *rebuildTx) Changed(desk.Entity, uint64) bool         { return false }
func (t *rebuildTx) Dirty() iter.Seq2[desk.Entity, error] {
	return func(func(desk.Entity, error) bool) {}
}
func (t *rebuildTx) Scan(_, _ []byte, _ bool) iter.Seq2[desk.IndexKey, error] {
	return func(func(desk.IndexKey, error) bool) {}
}

// errDeriving is of what follows from no event.
var errDeriving = errors.New("only views and indexes are written while everything is derived anew")

func (t *rebuildTx) After(func(bool))                         {}
func (t *rebuildTx) Append(*desk.Event) error                 { return errDeriving }
func (t *rebuildTx) DeleteIndex([]byte) error                 { return errDeriving }
func (t *rebuildTx) PutMeta(string, []byte) error             { return errDeriving }
func (t *rebuildTx) PutBlob(string, []byte) error             { return errDeriving }
func (t *rebuildTx) Receive(desk.Run) ([]desk.Event, error)   { return nil, errDeriving }
func (t *rebuildTx) Admit(*desk.Event) error                  { return errDeriving }
func (t *rebuildTx) Expel(*desk.Event) error                  { return errDeriving }
func (t *rebuildTx) MarkDirty(desk.Entity) error              { return errDeriving }
func (t *rebuildTx) Reincarnate(uint64) ([]desk.Event, error) { return nil, errDeriving }

var _ desk.Tx = (*rebuildTx)(nil)
