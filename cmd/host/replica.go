package host

import (
	"bytes"
	"container/heap"
	"context"

	"punto/app"
	"punto/app/desk"
	"punto/store"
	"punto/sync/stream"
)

// Replica fits a store and the engine over it to what a session of package
// stream needs.
type Replica struct {
	*store.DB
	Engine *app.Engine
	// Check verifies the certificate of an identity and completes it by what the
	// certificate says; nil takes every identity as it comes.
	Check func(*desk.Identity) error
}

var _ stream.Log = (*Replica)(nil)

// Introduce implements stream.Log.
func (r *Replica) Introduce(ctx context.Context, id desk.Identity) error {
	if was, met := r.Identity(id.Origin()); met && bytes.Equal(was.Cert, id.Cert) && was.Cert != nil {
		return nil // verified when it was met
	}
	if r.Check != nil {
		if err := r.Check(&id); err != nil {
			return err
		}
	}
	return r.DB.Introduce(ctx, id)
}

// Merge implements stream.Log.
func (r *Replica) Merge(ctx context.Context, runs []desk.Run) (desk.Taken, error) {
	return r.Engine.Merge(ctx, runs)
}

// Reborn implements stream.Log.
func (r *Replica) Reborn(ctx context.Context, keep uint64) error { return r.Engine.Reborn(ctx, keep) }

// Frozen implements stream.Log.
func (r *Replica) Frozen(o desk.Origin) bool { return r.IsFrozen(o) }

// PointAt implements stream.Log.
func (r *Replica) PointAt(o desk.Origin, seq uint64) (p desk.Point, err error) {
	err = r.View(func(rd *store.Reader) error { p, err = rd.PointAt(o, seq); return err })
	return p, err
}

// next is the next run of an origin, waiting for its turn in time.
type next struct {
	run desk.Run
	at  desk.Stamp
}

type nexts []next

func (n nexts) Len() int { return len(n) }
func (n nexts) Less(i, j int) bool {
	return n[i].at < n[j].at || n[i].at == n[j].at && n[i].run.Origin < n[j].run.Origin
}
func (n nexts) Swap(i, j int) { n[i], n[j] = n[j], n[i] }
func (n *nexts) Push(x any)   { *n = append(*n, x.(next)) }
func (n *nexts) Pop() any {
	k := len(*n) - 1
	x := (*n)[k]
	*n = (*n)[:k]
	return x
}

// Pull implements stream.Log: the runs of all origins in order of time, so that
// the cases of one day arrive together.
func (r *Replica) Pull(from map[desk.Origin]uint64, limit int, one bool) (runs []desk.Run, err error) {
	err = r.View(func(rd *store.Reader) error {
		var turn nexts
		add := func(o desk.Origin, seq uint64) error {
			run, ok, err := rd.RunAt(o, seq)
			if err != nil || !ok {
				return err
			}
			at, err := rd.StampOf(run)
			if err == nil {
				heap.Push(&turn, next{run, at})
			}
			return err
		}
		for o, seq := range from {
			if err := add(o, seq); err != nil {
				return err
			}
		}
		for size := 0; len(turn) > 0 && (size < limit || len(runs) == 0); {
			x := heap.Pop(&turn).(next)
			runs = append(runs, x.run)
			size += x.run.Size()
			if one {
				continue
			}
			if err := add(x.run.Origin, x.run.Last()+1); err != nil {
				return err
			}
		}
		return nil
	})
	return runs, err
}
