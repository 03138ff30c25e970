package engine

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"punto/app/desk"
)

// What others have written is taken into the log first and derived after: what a merge
// touches is dirty, and the deriver makes it clean in slices. It reads a snapshot and
// computes the views and keys on all cores; the log's writer puts them where the entity
// is still as it was read. So a command waits for a slice at most. Few entities are
// derived at once, in the transaction that touches them, as those of a command are.

// atOnce is how many entities are derived in the transaction that touches them, where
// nobody says otherwise.
const atOnce = 64

// A slice is aimed at sliceTime of the writer's, and is one of so many entities.
const (
	sliceTime  = 4 * time.Millisecond
	leastSlice = 16
	mostSlice  = 1024
)

// batchEntities is how many dirty entities are listed at once; they are derived in the
// order of their events, so that those of one day, whose events lie together, are
// derived together.
const batchEntities = 50_000

// Settle derives until nothing is dirty. Only one does at a time: a second caller
// waits for it.
func (e *Engine) Settle(ctx context.Context) error {
	e.settling.Lock()
	defer e.settling.Unlock()
	defer e.Log.Unmark()
	for {
		if n, _ := e.Log.Owed(); n == 0 {
			return nil
		}
		if err := e.settleBatch(ctx); err != nil {
			return err
		}
	}
}

// settleBatch derives what is dirty now.
func (e *Engine) settleBatch(ctx context.Context) error {
	var todo []desk.Owing
	err := e.Log.Read(func(r desk.Reader) error {
		for x, err := range r.Dirty() {
			if err != nil {
				return fmt.Errorf("list what is to be derived: %w", err)
			}
			if todo = append(todo, x); len(todo) == batchEntities {
				break
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	slices.SortStableFunc(todo, func(a, b desk.Owing) int { return int(min(1, max(-1, int64(a.From)-int64(b.From)))) }) // only the sign
	ready := make(chan *slice, 1)
	ctx, stop := context.WithCancel(ctx)
	var reading sync.WaitGroup
	defer reading.Wait()
	defer stop()
	reading.Go(func() {
		defer close(ready)
		for len(todo) > 0 && ctx.Err() == nil {
			n := min(len(todo), int(e.sliceSize.Load()))
			s := e.derived(todo[:n])
			todo = todo[n:]
			select {
			case ready <- s:
			case <-ctx.Done():
			}
		}
	})
	for s := range ready {
		if err := e.apply(ctx, s); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// slice is some entities as the deriver has read and derived them.
type slice struct {
	mark uint64
	made []made
	err  error
}

// made is what was derived of an entity.
type made struct {
	ent      desk.Entity
	was, is  View   // nil when there is none
	view     []byte // of is
	put, out [][]byte
}

// derived derives some entities on all cores.
func (e *Engine) derived(todo []desk.Owing) *slice {
	s := &slice{mark: e.Log.Mark(), made: make([]made, len(todo))}
	const step = 8
	var next atomic.Int64
	var all sync.WaitGroup
	errs := make([]error, min(runtime.GOMAXPROCS(0), (len(todo)+step-1)/step))
	for w := range errs {
		all.Go(func() {
			errs[w] = e.Bare().Read(func(r desk.Reader) error {
				n := NewNames(e, r)
				for {
					from := int(next.Add(step)) - step
					if from >= len(todo) {
						return nil
					}
					for i := from; i < min(from+step, len(todo)); i++ {
						if err := n.make(&s.made[i], todo[i].Entity); err != nil {
							return err
						}
					}
				}
			})
		})
	}
	all.Wait()
	for _, err := range errs {
		if err != nil {
			s.err = err
		}
	}
	return s
}

// make derives one entity, and finds which of its keys change. One whose events make
// the program panic stays as it was: others are not to wait for it.
func (n *Names) make(m *made, ent desk.Entity) (err error) {
	b, err := n.Reader.View(ent)
	if err != nil {
		return err
	}
	defer func() {
		if p := recover(); p != nil {
			n.Engine.Logger.Error("what is stored of an entity cannot be made of its events: it stays as it was", "type", ent.Type, "id", ent.ID, "panic", p)
			*m, err = made{ent: ent, view: b}, nil
		}
	}()
	m.ent = ent
	var old, keys [][]byte
	if b != nil {
		m.was = n.Engine.table.view(ent.Type)
		if err := DecodeView(b, m.was.Stored()); err != nil {
			return fmt.Errorf("read the view of %v %v: %w", ent.Type, ent.ID, err)
		}
		old = m.was.Keys(ent)
	}
	if m.is, err = n.derive(ent, b); err != nil {
		return fmt.Errorf("derive %v %v: %w", ent.Type, ent.ID, err)
	}
	if m.is != nil {
		if m.view, err = encodeView(m.is); err != nil {
			return err
		}
		keys = m.is.Keys(ent)
	}
	m.out, m.put = differ(old, keys)
	return nil
}

// apply puts a slice where its entities are still as they were read; the others stay
// dirty.
func (e *Engine) apply(ctx context.Context, s *slice) error {
	if s.err != nil {
		return s.err
	}
	var took time.Duration
	_, err := e.update(ctx, Session{}, func(o *Op) error {
		from := time.Now()
		defer func() { took = time.Since(from) }()
		for i := range s.made {
			m := &s.made[i]
			if o.Tx.Changed(m.ent, s.mark) {
				continue
			}
			o.Touched[m.ent] = &Touched{op: o, ent: m.ent, view: m.is, changed: true}
			if m.was != nil {
				o.sees(m.ent, m.was)
			}
			if m.is == nil {
				o.Touched[m.ent].view = e.table.view(m.ent.Type)
			} else {
				o.sees(m.ent, m.is)
			}
			o.order = append(o.order, m.ent)
			if err := o.Tx.PutView(m.ent, m.view); err != nil {
				return err
			}
			if err := o.change(m.out, m.put); err != nil {
				return err
			}
		}
		return o.finished()
	})
	if n := int64(len(s.made)); took > 0 && n >= leastSlice { // the commit costs about as much again
		n = int64(float64(n) * float64(sliceTime) / float64(2*took))
		e.sliceSize.Store((e.sliceSize.Load() + min(max(n, leastSlice), mostSlice)) / 2)
	}
	return err
}

// settleAgain is how long after a failure what is dirty is derived again.
const settleAgain = time.Second

// runDeriver derives what becomes dirty until ctx ends.
func (e *Engine) runDeriver(ctx context.Context) {
	for ctx.Err() == nil {
		wait := make(<-chan time.Time)
		if err := e.Settle(ctx); err != nil && ctx.Err() == nil {
			e.Logger.Error("derive what has come: it is tried again in a moment", "err", err)
			wait = time.After(settleAgain)
		}
		select {
		case <-e.dirtied:
		case <-wait:
		case <-ctx.Done():
		}
	}
}
