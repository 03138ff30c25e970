package store

import (
	"bytes"
	"crypto/ed25519"
	"runtime"
	"sync"
	"sync/atomic"

	"punto/app/desk"
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
	b, err := db.parseBlock(r.Origin, r.First, r.Block)
	if err != nil || b.pub != id.Key || blockOf(r.First) != r.First {
		return // Receive says what is wrong with it
	}
	x := *r
	x.Frames, x.Sig = b.frames, b.sig
	if events, err := parseAfter(&x, 0, 0); err == nil {
		x.Proof = &desk.Proof{Key: id.Key, Prev: b.prev, Hash: b.hash, Events: events}
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
	seq, hash := h.seq, h.hash
	var last desk.Stamp // of the event before; 0 = to be looked up
	for _, r := range runs {
		if r.Block == nil && r.First > 0 && r.First <= seq {
			db.passOver(r, h.seq)
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
			proveRun(r, id.Key, hash, last)
		} else if p := r.Proof; p != nil && p.Prev == hash && p.Events[0].Stamp <= last {
			p.Bad = forged(r, "a stamp that does not rise")
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
	if r.First > held || n > uint64(len(r.Frames)) || misshapen(r) != "" {
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

// proveRun proves a run after a chain and a stamp.
func proveRun(r *desk.Run, key, prev [32]byte, last desk.Stamp) {
	p := &desk.Proof{Key: key, Prev: prev, Hash: prev}
	r.Proof = p
	if why := misshapen(r); why != "" {
		p.Bad = forged(r, why)
		return
	}
	if p.Events, p.Bad = parseAfter(r, 0, last); p.Bad != nil {
		return
	}
	for _, f := range r.Frames {
		p.Hash = chain(p.Hash, f)
	}
	if !ed25519.Verify(key[:], headMessage(r.Origin, r.Last(), p.Hash), r.Sig[:]) {
		p.Bad = forged(r, "the signature does not fit what is held before")
	}
}

// stampAt is the stamp of an event that is held; 0 when it cannot be read.
func (db *DB) stampAt(o desk.Origin, seq uint64) (s desk.Stamp) {
	if r, ok := db.Recent(o, seq); ok {
		return frameStamp(r.Frames[0])
	}
	_ = db.View(func(rd *Reader) error {
		f, err := rd.frame(o, seq)
		if err == nil && f != nil {
			s = frameStamp(f)
		}
		return err
	})
	return s
}
