package store

import (
	"container/heap"

	"punto/app/desk"
)

// PointAt is the beginning of the chain's hash of an origin at a sequence; the error
// is desk.ErrGap when that is not held.
func (db *DB) PointAt(o desk.Origin, seq uint64) (p desk.Point, err error) {
	err = db.View(func(r *Reader) error { p, err = r.PointAt(o, seq); return err })
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

// Pull gives the runs of several origins from a sequence of each on, in order of
// time, so that the cases of one day arrive together: about limit bytes of them, and
// one at least. With one it gives only the first run of each.
func (db *DB) Pull(from map[desk.Origin]uint64, limit int, one bool) (runs []desk.Run, err error) {
	err = db.View(func(rd *Reader) error {
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
