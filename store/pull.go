package store

import (
	"container/heap"
	"iter"

	"punto/app/desk"
	"punto/store/chain"
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

// Since walks the events of an origin from a stamp on.
func (r *Reader) Since(o desk.Origin, s desk.Stamp) iter.Seq2[desk.Event, error] {
	return func(yield func(desk.Event, error) bool) {
		h, err := r.headOf(o)
		if err != nil {
			yield(desk.Event{}, err)
			return
		}
		lo, hi := uint64(1), h.Seq+1 // the first event with a stamp of s or more
		for lo < hi {
			mid := (lo + hi) / 2
			f, err := r.Frame(o, mid)
			if err != nil {
				yield(desk.Event{}, err)
				return
			}
			if chain.FrameStamp(f) < s {
				lo = mid + 1
			} else {
				hi = mid
			}
		}
		for e, err := range r.EventsOf(o, lo, h.Seq) {
			if !yield(e, err) || err != nil {
				return
			}
		}
	}
}

// RunAt is the longest run of an origin from a sequence on that can be proven:
// to the end of its block, or to the head. False when nothing is held there.
func (r *Reader) RunAt(o desk.Origin, from uint64) (run desk.Run, ok bool, err error) {
	h, err := r.headOf(o)
	if err != nil || from == 0 || from > h.Seq {
		return run, false, err
	}
	run = desk.Run{Origin: o, First: from}
	if from > h.Sealed {
		for s := from; s <= h.Seq; s++ {
			f, err := r.Frame(o, s)
			if err != nil {
				return run, false, err
			}
			run.Frames = append(run.Frames, f)
		}
		run.Sig = h.Sig
		return run, true, nil
	}
	first := chain.BlockOf(from)
	raw, err := r.get(logKey(tableBlock, o, first))
	if err != nil {
		return run, false, err
	}
	if raw == nil {
		return run, false, desk.Damaged("events %d to %d of origin %016x are missing", first, first+chain.BlockEvents-1, uint64(o))
	}
	if from == first { // whoever receives it proves it
		run.Block = raw
		return run, true, nil
	}
	b, err := r.db.codec.Parse(o, first, raw)
	if err != nil {
		return run, false, err
	}
	run.Frames, run.Sig = b.Frames[from-first:], b.Sig
	return run, true, nil
}

// StampOf is the stamp of the first event of a run that RunAt gave.
func (r *Reader) StampOf(run desk.Run) (desk.Stamp, error) {
	if run.Block == nil {
		return chain.FrameStamp(run.Frames[0]), nil
	}
	f, err := r.Frame(run.Origin, run.First)
	if err != nil {
		return 0, err
	}
	return chain.FrameStamp(f), nil
}

// Points are those of all origins. They are not to be changed.
func (db *DB) Points() map[desk.Origin]desk.Point {
	db.mu.Lock()
	defer db.mu.Unlock()
	if db.points == nil {
		db.points = make(map[desk.Origin]desk.Point, len(db.headsNow))
		for o, h := range db.headsNow {
			db.points[o] = desk.Point{Seq: h.Seq, Hash: [8]byte(h.Hash[:8])}
		}
	}
	return db.points
}

// PointAt is the beginning of the chain's hash of an origin at a sequence that is
// held.
func (r *Reader) PointAt(o desk.Origin, seq uint64) (p desk.Point, err error) {
	h, err := r.headOf(o)
	if err == nil && seq > h.Seq {
		err = desk.ErrGap
	}
	if err != nil {
		return p, err
	}
	hash, err := r.hashAt(o, &h, seq)
	return desk.Point{Seq: seq, Hash: [8]byte(hash[:8])}, err
}
