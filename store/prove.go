package store

import (
	"bytes"
	"runtime"
	"sync"
	"sync/atomic"

	"punto/app/desk"
	"punto/store/chain"
)

// Prove finds out, on all cores and beside the writer, what Receive would of runs
// that continue what is held: whether frames, order, chain and signature are right.
// It gives them back in their order, without what is held of them, and with a Proof
// where it could decide; Receive proves the rest.
func (db *DB) Prove(runs []desk.Run) []desk.Run {
	out := make([]desk.Run, len(runs))
	copy(out, runs)
	byOrigin := map[desk.Origin][]*desk.Run{}
	var blocks []*desk.Run
	for i := range out {
		r := &out[i]
		r.Proof = nil
		byOrigin[r.Origin] = append(byOrigin[r.Origin], r)
		if r.Block != nil {
			blocks = append(blocks, r)
		}
	}
	var origins []desk.Origin
	for o := range byOrigin {
		origins = append(origins, o)
	}
	spread(len(blocks), func(i int) { db.proveBlock(blocks[i]) })
	spread(len(origins), func(i int) { db.proveTail(origins[i], byOrigin[origins[i]]) })
	return out
}

// spread does f of 0..n-1 on all cores.
func spread(n int, f func(int)) {
	workers := min(n, runtime.GOMAXPROCS(0))
	if workers <= 1 {
		for i := range n {
			f(i)
		}
		return
	}
	var next atomic.Int64
	var all sync.WaitGroup
	for range workers {
		all.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				f(i)
			}
		})
	}
	all.Wait()
}

// proveBlock proves a block, which says itself what comes before it.
func (db *DB) proveBlock(r *desk.Run) {
	id, ok := db.Identity(r.Origin)
	if !ok {
		return
	}
	b, err := db.codec.Parse(r.Origin, r.First, r.Block)
	if err != nil || b.Pub != id.Key || chain.BlockOf(r.First) != r.First {
		return // Receive says what is wrong with it
	}
	x := *r
	x.Frames, x.Sig = b.Frames, b.Sig
	if events, err := chain.ParseAfter(&x, 0, 0); err == nil {
		x.Proof = &desk.Proof{Key: id.Key, Prev: b.Prev, Hash: b.Hash, Events: events}
		*r = x
	}
}

// proveTail proves the runs of one origin, one after the other from its head on.
func (db *DB) proveTail(o desk.Origin, runs []*desk.Run) {
	id, ok := db.Identity(o)
	if !ok || o == db.Origin() || db.IsFrozen(o) {
		return
	}
	h := db.heads()[o]
	seq, hash := h.Seq, h.Hash
	var last desk.Stamp // of the event before; 0 = to be looked up
	for _, r := range runs {
		if r.Block == nil && r.First > 0 && r.First <= seq {
			db.passOver(r, h.Seq)
		}
		if r.Proof != nil && r.Proof.Held {
			continue
		}
		if r.First != seq+1 {
			return
		}
		if last == 0 && seq > 0 {
			if last = db.stampAt(o, seq); last == 0 {
				return
			}
		}
		if r.Block == nil {
			chain.ProveRun(r, id.Key, hash, last)
		} else if p := r.Proof; p != nil && p.Prev == hash && p.Events[0].Stamp <= last {
			p.Bad = chain.Forged(r, "a stamp that does not rise")
		}
		p := r.Proof
		if p == nil || p.Bad != nil || p.Prev != hash {
			return
		}
		seq, hash, last = r.Last(), p.Hash, p.Events[len(p.Events)-1].Stamp
	}
}

// passOver takes out of a run what is held of it, where that is the same.
func (db *DB) passOver(r *desk.Run, held uint64) {
	n := min(held, r.Last()) - r.First + 1
	if r.First > held || n > uint64(len(r.Frames)) || chain.Misshapen(r) != "" {
		return
	}
	same, known := db.heldIn(r.Origin, r.First, r.Frames[:n])
	if !known {
		same = db.View(func(rd *Reader) error {
			for i, f := range r.Frames[:n] {
				have, err := rd.frame(r.Origin, r.First+uint64(i))
				if err != nil || !bytes.Equal(have, f) {
					return desk.ErrFork
				}
			}
			return nil
		}) == nil
	}
	switch {
	case same && n == uint64(len(r.Frames)):
		r.Proof = &desk.Proof{Held: true}
	case same:
		r.First, r.Frames = r.First+n, r.Frames[n:]
	}
}

// stampAt is the stamp of an event that is held; 0 when it cannot be read.
func (db *DB) stampAt(o desk.Origin, seq uint64) (s desk.Stamp) {
	if r, ok := db.Recent(o, seq); ok {
		return chain.FrameStamp(r.Frames[0])
	}
	_ = db.View(func(rd *Reader) error {
		f, err := rd.frame(o, seq)
		if err == nil && f != nil {
			s = chain.FrameStamp(f)
		}
		return err
	})
	return s
}

// prove checks frames, order, chain and signature of a run; same is false when
// its origin has signed another history than the one that is held.
func (t *Reader) prove(r *desk.Run, h *chain.Head, id Identity) (events []desk.Event, hash [32]byte, same bool, err error) {
	if hash, err = t.hashAt(r.Origin, h, r.First-1); err != nil {
		return nil, hash, false, err
	}
	same = true
	last, err := t.lastStamp(r, h)
	if err != nil {
		return nil, hash, false, err
	}
	held := 0
	for i, f := range r.Frames {
		if err := chain.Placed(r, i); err != nil {
			return nil, hash, false, err
		}
		if seq := r.First + uint64(i); seq <= h.Seq {
			have, err := t.Frame(r.Origin, seq)
			if err != nil {
				return nil, hash, false, err
			}
			same = same && bytes.Equal(have, f)
			held++
		}
		hash = chain.Next(hash, f)
	}
	if same && held == len(r.Frames) {
		return nil, hash, true, nil
	}
	if events, err = chain.ParseAfter(r, held, last); err != nil {
		return nil, hash, false, err
	}
	// a block's signature was checked when it was parsed, over the block's own beginning
	if !chain.Ends(id.Key, r.Origin, r.Last(), hash, r.Sig[:]) {
		return nil, hash, false, chain.Forged(r, "the signature does not fit what is held before")
	}
	return events, hash, same, nil
}

// lastStamp is that of the newest event held, when the run goes on from it.
func (t *Reader) lastStamp(r *desk.Run, h *chain.Head) (desk.Stamp, error) {
	if h.Seq == 0 || r.Last() <= h.Seq {
		return 0, nil
	}
	f, err := t.Frame(r.Origin, h.Seq)
	if err != nil {
		return 0, err
	}
	return chain.FrameStamp(f), nil
}

// hashAt is the chain of an origin after an event that is held; 0 is before the
// first.
func (t *Reader) hashAt(o desk.Origin, h *chain.Head, seq uint64) (hash [32]byte, err error) {
	if seq == h.Seq {
		return h.Hash, nil
	}
	from := h.Sealed
	hash = h.SealedHash
	if seq < h.Sealed {
		from = chain.BlockOf(seq+1) - 1
		b, err := t.block(o, from+1)
		if err != nil {
			return hash, err
		}
		hash = b.Prev
	}
	for s := from + 1; s <= seq; s++ {
		f, err := t.Frame(o, s)
		if err != nil {
			return hash, err
		}
		hash = chain.Next(hash, f)
	}
	return hash, nil
}

// Proves tells whether a run of this node's own origin, which is not held or is
// held otherwise, bears its signature: another copy of it wrote it.
func (db *DB) Proves(r desk.Run) (yes bool) {
	_ = db.View(func(rd *Reader) error { // what cannot be read proves nothing
		id, _ := db.Identity(db.Origin())
		if r.Block != nil {
			b, err := db.codec.Parse(r.Origin, r.First, r.Block)
			if err != nil {
				return err
			}
			r.Frames, r.Sig, r.Block = b.Frames, b.Sig, nil
		}
		h, err := rd.headOf(db.Origin())
		if err != nil || r.Origin != db.Origin() || len(r.Frames) == 0 || r.First == 0 || r.First > h.Seq+1 {
			return err
		}
		events, _, same, err := rd.prove(&r, &h, id)
		yes = err == nil && (len(events) > 0 || !same)
		return err
	})
	return yes
}
