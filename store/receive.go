package store

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/binary"
	"errors"
	"fmt"
	"iter"
	"time"

	"punto/app/desk"
)

// A stamp orders and is adopted, however far ahead. But one that is a hundred years
// ahead of this clock, and of the age of this program, is no clock's: whoever
// adopted it would be refused by all others.
const farAhead = 100 * 365 * 24 * time.Hour

var youngest = time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)

func latestStamp() desk.Stamp {
	now := time.Now()
	if now.Before(youngest) {
		now = youngest
	}
	return desk.Stamp(now.Add(farAhead).UnixMilli()) << 16 // long after 1970
}

// Receive appends a run of another node after what is held of its origin. What
// is held already is compared and passed over. It gives the new events.
func (t *Tx) Receive(r desk.Run) ([]desk.Event, error) {
	id, ok := t.identity(r.Origin)
	if !ok || r.Origin == t.origin {
		return nil, fmt.Errorf("%w: %016x", desk.ErrStranger, uint64(r.Origin))
	}
	if t.db.IsFrozen(r.Origin) || t.frozen[r.Origin] {
		return nil, fmt.Errorf("%w: origin %016x is frozen", desk.ErrFork, uint64(r.Origin))
	}
	h := t.heads[r.Origin]
	if p := r.Proof; p != nil && p.Key == id.Key && !p.Held && r.First == h.seq+1 && p.Prev == h.hash {
		if p.Bad != nil {
			return nil, p.Bad
		}
		return p.Events, t.take(&r, &h, p.Events, p.Hash)
	}
	if r.Block != nil {
		b, err := t.db.parseBlock(r.Origin, r.First, r.Block)
		if err != nil || b.pub != id.Key {
			return nil, forged(&r, "a block that its origin did not seal")
		}
		r.Frames, r.Sig = b.frames, b.sig
	}
	switch {
	case misshapen(&r) != "":
		return nil, forged(&r, misshapen(&r))
	case r.First > h.seq+1:
		return nil, fmt.Errorf("%w: origin %016x is held up to %d, these begin at %d", desk.ErrGap, uint64(r.Origin), h.seq, r.First)
	}
	events, hash, same, err := t.prove(&r, &h, id)
	if err != nil || !same && t.p == nil {
		return nil, err
	}
	if !same {
		return nil, t.freeze(&r, &h)
	}
	if len(events) == 0 {
		return nil, nil
	}
	return events, t.take(&r, &h, events, hash)
}

// take writes the new events of a proven run, which end in hash.
func (t *Tx) take(r *desk.Run, h *head, events []desk.Event, hash [32]byte) error {
	t.store(r, h, events, hash)
	for i := len(events) - 1; i >= 0; i-- { // no clock adopts one that is out of bounds
		if events[i].Stamp <= desk.LatestStamp {
			t.newest = max(t.newest, events[i].Stamp)
			break
		}
	}
	id, _ := t.identity(r.Origin)
	h.sig, h.pub = r.Sig, id.Key
	t.heads[r.Origin] = *h
	if h.seq%blockEvents == 0 && h.sealed != h.seq {
		return t.sealTail(r.Origin, h)
	}
	return nil
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

// Bulk takes runs into the log of a store that nobody uses yet, without admitting
// their events: a Rebuild, which is due from the first one on, does.
func (db *DB) Bulk(ctx context.Context, runs []desk.Run) (t desk.Taken, err error) {
	err = db.Change(ctx, func(tx *Tx) error {
		t = desk.Taken{Bad: make([]error, len(runs))}
		if err := tx.set(rebuildKey, []byte{1}); err != nil {
			return err
		}
		for i, r := range runs {
			es, err := tx.Receive(r)
			switch {
			case errors.Is(err, desk.ErrForged), errors.Is(err, desk.ErrGap), errors.Is(err, desk.ErrStranger), errors.Is(err, desk.ErrFork):
				t.Bad[i] = err
			case err != nil:
				return err
			}
			t.Events += len(es)
		}
		return nil
	})
	return t, err
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

// store writes a proven run: as the block that it came in where nothing of it is
// held, else event by event.
func (t *Tx) store(r *desk.Run, h *head, events []desk.Event, hash [32]byte) {
	if r.Block != nil && len(events) == blockEvents && h.sealed == h.seq {
		t.p.put(logKey(tableBlock, r.Origin, r.First), bytes.Clone(r.Block))
		h.seq, h.sealed, h.hash, h.sealedHash = r.Last(), r.Last(), hash, hash
		return
	}
	for _, f := range r.Frames[len(r.Frames)-len(events):] {
		_, seq := frameID(f)
		t.p.put(logKey(tableTail, r.Origin, seq), bytes.Clone(f))
	}
	h.seq, h.hash = r.Last(), hash
}

// freeze keeps the proof that an origin signed two histories; it takes no more
// events of it. The other history is kept beside this one.
func (t *Tx) freeze(r *desk.Run, h *head) error {
	b := h.bytes()
	b = binary.BigEndian.AppendUint64(b, r.First)
	b = append(b, r.Sig[:]...)
	for _, f := range r.Frames {
		if len(b)+len(f) > MaxValueBytes {
			break
		}
		b = append(binary.BigEndian.AppendUint32(b, uint32(len(f))), f...) // at most MaxFrameBytes
	}
	t.p.put(forkKey(r.Origin), b)
	if t.frozen == nil {
		t.frozen = map[desk.Origin]bool{}
	}
	t.frozen[r.Origin] = true
	t.db.log.Error("an origin has written two histories: it is frozen", "origin", fmt.Sprintf("%016x", uint64(r.Origin)), "from", r.First)
	return nil
}

func forkKey(o desk.Origin) []byte {
	return binary.BigEndian.AppendUint64([]byte{tableFork}, uint64(o))
}

// IsFrozen tells whether an origin has written two histories.
func (db *DB) IsFrozen(o desk.Origin) bool {
	db.mu.Lock()
	defer db.mu.Unlock()
	return db.frozen[o]
}

// Frozen are the origins that have written two histories.
func (db *DB) Frozen() (os []desk.Origin) {
	db.mu.Lock()
	defer db.mu.Unlock()
	for o := range db.frozen {
		os = append(os, o)
	}
	return os
}

// Since walks the events of an origin from a stamp on.
func (r *Reader) Since(o desk.Origin, s desk.Stamp) iter.Seq2[desk.Event, error] {
	return func(yield func(desk.Event, error) bool) {
		h, err := r.headOf(o)
		if err != nil {
			yield(desk.Event{}, err)
			return
		}
		lo, hi := uint64(1), h.seq+1 // the first event with a stamp of s or more
		for lo < hi {
			mid := (lo + hi) / 2
			f, err := r.Frame(o, mid)
			if err != nil {
				yield(desk.Event{}, err)
				return
			}
			if frameStamp(f) < s {
				lo = mid + 1
			} else {
				hi = mid
			}
		}
		for e, err := range r.EventsOf(o, lo, h.seq) {
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
	if err != nil || from == 0 || from > h.seq {
		return run, false, err
	}
	run = desk.Run{Origin: o, First: from}
	if from > h.sealed {
		for s := from; s <= h.seq; s++ {
			f, err := r.Frame(o, s)
			if err != nil {
				return run, false, err
			}
			run.Frames = append(run.Frames, f)
		}
		run.Sig = h.sig
		return run, true, nil
	}
	first := blockOf(from)
	raw, err := r.get(logKey(tableBlock, o, first))
	if err != nil {
		return run, false, err
	}
	if raw == nil {
		return run, false, damage("events %d to %d of origin %016x are missing", first, first+blockEvents-1, uint64(o))
	}
	if from == first { // whoever receives it proves it
		run.Block = raw
		return run, true, nil
	}
	b, err := r.db.parseBlock(o, first, raw)
	if err != nil {
		return run, false, err
	}
	run.Frames, run.Sig = b.frames[from-first:], b.sig
	return run, true, nil
}

// StampOf is the stamp of the first event of a run that RunAt gave.
func (r *Reader) StampOf(run desk.Run) (desk.Stamp, error) {
	if run.Block == nil {
		return frameStamp(run.Frames[0]), nil
	}
	f, err := r.Frame(run.Origin, run.First)
	if err != nil {
		return 0, err
	}
	return frameStamp(f), nil
}

// Points are those of all origins. They are not to be changed.
func (db *DB) Points() map[desk.Origin]desk.Point {
	db.mu.Lock()
	defer db.mu.Unlock()
	if db.points == nil {
		db.points = make(map[desk.Origin]desk.Point, len(db.headsNow))
		for o, h := range db.headsNow {
			db.points[o] = desk.Point{Seq: h.seq, Hash: [8]byte(h.hash[:8])}
		}
	}
	return db.points
}

// PointAt is the beginning of the chain's hash of an origin at a sequence that is
// held.
func (r *Reader) PointAt(o desk.Origin, seq uint64) (p desk.Point, err error) {
	h, err := r.headOf(o)
	if err == nil && seq > h.seq {
		err = desk.ErrGap
	}
	if err != nil {
		return p, err
	}
	hash, err := r.hashAt(o, &h, seq)
	return desk.Point{Seq: seq, Hash: [8]byte(hash[:8])}, err
}
