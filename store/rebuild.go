package store

import (
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"punto/app/desk"
	"punto/store/chain"
	"punto/store/kv"
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
	return string(k) != string(rebuildKey) &&
		!slices.ContainsFunc(derived, func(p []byte) bool { return k[0] == p[0] })
}

// rebuild runs on the writer.
func (db *DB) rebuild(ctx context.Context, d desk.Deriver) (err error) {
	<-db.checked // it reads the files of the database whose place is taken
	b := &rebuilding{db: db, ctx: ctx}
	if db.memory == nil {
		b.dir = kv.SortDir(db.dir)
		if err := os.MkdirAll(b.dir, 0o700); err != nil {
			return fmt.Errorf("sort what is derived: %w", err)
		}
		defer func() { err = errors.Join(err, os.RemoveAll(b.dir)) }()
	}
	defer func() {
		for _, t := range b.txs {
			err = errors.Join(err, t.out.Close())
		}
	}()
	if err := b.derive(d); err != nil {
		return err
	}
	all := make([]*kv.Sorter, len(b.txs))
	for i, t := range b.txs {
		all[i] = t.out
	}
	if err := db.disk.Renew(keeps, kv.Sorted(all...), db.step); err != nil {
		if errors.Is(err, kv.ErrClosed) {
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
	heads   map[desk.Origin]chain.Head
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
		for from := uint64(1); from <= h.Seq; from += chain.BlockEvents {
			parts = append(parts, section{uint16(i), from, min(from+chain.BlockEvents-1, h.Seq)}) // the workstations of a desk
		}
	}
	first := b.tx()
	defer first.end()
	for _, p := range parts {
		err := first.each(p, func(f []byte) error {
			if t, ok := chain.FrameType(f); ok && !d.Notes(t) {
				return nil
			}
			e, err := chain.ParseFrame(f)
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
			e, err := chain.ParseFrame(f)
			if err != nil {
				return err
			}
			counts, err := h.d.Judge(h.tx, &e)
			if counts && err == nil {
				found[i] = append(found[i], standing{binary.BigEndian.Uint64(e.Entity.ID[:]), binary.BigEndian.Uint64(e.Entity.ID[8:]), e.Stamp, uint32(e.Seq), p.origin, e.Entity.Type}) // four thousand million events of one workstation
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
		b.ents = append(b.ents, stretch{uint32(from), uint32(to)}) // as above
		from = to
	}
	slices.SortFunc(b.ents, func(x, y stretch) int { return cmp.Compare(b.all[x.from].stamp, b.all[y.from].stamp) })
}

func sortedOrigins(heads map[desk.Origin]chain.Head) (os []desk.Origin) {
	for o := range heads {
		os = append(os, o)
	}
	slices.Sort(os)
	return os
}

func (b *rebuilding) tx() *rebuildTx {
	t := &rebuildTx{Reader: Reader{db: b.db, snap: b.db.disk.Snapshot()}, b: b, out: kv.NewSorter(b.dir)}
	b.txs = append(b.txs, t)
	return t
}

func (b *rebuilding) places(s stretch) []place {
	ps := make([]place, 0, s.to-s.from)
	for _, x := range b.all[s.from:s.to] {
		ps = append(ps, place{x.stamp, b.origins[x.origin], uint64(x.seq)})
	}
	return ps
}

var _ desk.Tx = (*rebuildTx)(nil)
