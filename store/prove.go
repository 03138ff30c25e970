package store

import (
	"bytes"
	"crypto/ed25519"
	"encoding/binary"
	"fmt"
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

// misshapen tells why frames are no run of a log; "" when they may be one.
func misshapen(r *desk.Run) string {
	switch {
	case len(r.Frames) == 0 || len(r.Frames) > blockEvents || r.First == 0 || r.Last() < r.First:
		return "no events, or too many"
	case blockOf(r.First) != blockOf(r.Last()):
		return "a run across the end of a block"
	}
	return ""
}

func forged(r *desk.Run, why string) error {
	return fmt.Errorf("%w: origin %016x from sequence %d: %s", desk.ErrForged, uint64(r.Origin), r.First, why)
}

// prove checks frames, order, chain and signature of a run; same is false when
// its origin has signed another history than the one that is held.
func (t *Reader) prove(r *desk.Run, h *head, id Identity) (events []desk.Event, hash [32]byte, same bool, err error) {
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
		if err := placed(r, i); err != nil {
			return nil, hash, false, err
		}
		if seq := r.First + uint64(i); seq <= h.seq {
			have, err := t.Frame(r.Origin, seq)
			if err != nil {
				return nil, hash, false, err
			}
			same = same && bytes.Equal(have, f)
			held++
		}
		hash = chain(hash, f)
	}
	if same && held == len(r.Frames) {
		return nil, hash, true, nil
	}
	if events, err = parseAfter(r, held, last); err != nil {
		return nil, hash, false, err
	}
	// a block's signature was checked when it was parsed, over the block's own beginning
	if !ed25519.Verify(id.Key[:], headMessage(r.Origin, r.Last(), hash), r.Sig[:]) {
		return nil, hash, false, forged(r, "the signature does not fit what is held before")
	}
	return events, hash, same, nil
}

// placed tells what is wrong with the size and the place of a frame of a run.
func placed(r *desk.Run, i int) error {
	f := r.Frames[i]
	if len(f) <= headerBytes || len(f) > MaxFrameBytes {
		return forged(r, "a frame of a wrong size")
	}
	if o, seq := frameID(f); o != r.Origin || seq != r.First+uint64(i) {
		return forged(r, "an event out of its place")
	}
	return nil
}

// parseAfter reads the frames of a run from one on; their stamps rise after last.
func parseAfter(r *desk.Run, from int, last desk.Stamp) (events []desk.Event, err error) {
	latest := latestStamp()
	for i := from; i < len(r.Frames); i++ {
		if err := placed(r, i); err != nil {
			return nil, err
		}
		e, err := ParseFrame(r.Frames[i])
		if err != nil {
			return nil, forged(r, err.Error())
		}
		if e.Stamp <= last || e.Stamp >= latest {
			return nil, forged(r, "a stamp that does not rise")
		}
		last = e.Stamp
		if events == nil {
			events = make([]desk.Event, 0, len(r.Frames)-from)
		}
		events = append(events, e)
	}
	return events, nil
}

// lastStamp is that of the newest event held, when the run goes on from it.
func (t *Reader) lastStamp(r *desk.Run, h *head) (desk.Stamp, error) {
	if h.seq == 0 || r.Last() <= h.seq {
		return 0, nil
	}
	f, err := t.Frame(r.Origin, h.seq)
	if err != nil {
		return 0, err
	}
	return frameStamp(f), nil
}

func frameStamp(f []byte) desk.Stamp { return desk.Stamp(binary.BigEndian.Uint64(f[16:])) }

// hashAt is the chain of an origin after an event that is held; 0 is before the
// first.
func (t *Reader) hashAt(o desk.Origin, h *head, seq uint64) (hash [32]byte, err error) {
	if seq == h.seq {
		return h.hash, nil
	}
	from := h.sealed
	hash = h.sealedHash
	if seq < h.sealed {
		from = blockOf(seq+1) - 1
		b, err := t.block(o, from+1)
		if err != nil {
			return hash, err
		}
		hash = b.prev
	}
	for s := from + 1; s <= seq; s++ {
		f, err := t.Frame(o, s)
		if err != nil {
			return hash, err
		}
		hash = chain(hash, f)
	}
	return hash, nil
}

// Proves tells whether a run of this node's own origin, which is not held or is
// held otherwise, bears its signature: another copy of it wrote it.
func (db *DB) Proves(r desk.Run) (yes bool) {
	_ = db.View(func(rd *Reader) error { // what cannot be read proves nothing
		id, _ := db.Identity(db.Origin())
		if r.Block != nil {
			b, err := db.parseBlock(r.Origin, r.First, r.Block)
			if err != nil {
				return err
			}
			r.Frames, r.Sig, r.Block = b.frames, b.sig, nil
		}
		h, err := rd.headOf(db.Origin())
		if err != nil || r.Origin != db.Origin() || len(r.Frames) == 0 || r.First == 0 || r.First > h.seq+1 {
			return err
		}
		events, _, same, err := rd.prove(&r, &h, id)
		yes = err == nil && (len(events) > 0 || !same)
		return err
	})
	return yes
}
