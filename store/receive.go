package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"punto/app/desk"
	"punto/store/chain"
)

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
	if p := r.Proof; p != nil && p.Key == id.Key && !p.Held && r.First == h.Seq+1 && p.Prev == h.Hash {
		if p.Bad != nil {
			return nil, p.Bad
		}
		return p.Events, t.take(&r, &h, p.Events, p.Hash)
	}
	if r.Block != nil {
		b, err := t.db.codec.Parse(r.Origin, r.First, r.Block)
		if err != nil || b.Pub != id.Key {
			return nil, chain.Forged(&r, "a block that its origin did not seal")
		}
		r.Frames, r.Sig = b.Frames, b.Sig
	}
	switch {
	case chain.Misshapen(&r) != "":
		return nil, chain.Forged(&r, chain.Misshapen(&r))
	case r.First > h.Seq+1:
		return nil, fmt.Errorf("%w: origin %016x is held up to %d, these begin at %d", desk.ErrGap, uint64(r.Origin), h.Seq, r.First)
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
func (t *Tx) take(r *desk.Run, h *chain.Head, events []desk.Event, hash [32]byte) error {
	t.store(r, h, events, hash)
	for i := len(events) - 1; i >= 0; i-- { // no clock adopts one that is out of bounds
		if events[i].Stamp <= desk.LatestStamp {
			t.newest = max(t.newest, events[i].Stamp)
			break
		}
	}
	id, _ := t.identity(r.Origin)
	h.Sig, h.Pub = r.Sig, id.Key
	t.heads[r.Origin] = *h
	if h.Seq%chain.BlockEvents == 0 && h.Sealed != h.Seq {
		return t.sealTail(r.Origin, h)
	}
	return nil
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

// store writes a proven run: as the block that it came in where nothing of it is
// held, else event by event.
func (t *Tx) store(r *desk.Run, h *chain.Head, events []desk.Event, hash [32]byte) {
	if r.Block != nil && len(events) == chain.BlockEvents && h.Sealed == h.Seq {
		t.p.Put(logKey(tableBlock, r.Origin, r.First), bytes.Clone(r.Block))
		h.Seq, h.Sealed, h.Hash, h.SealedHash = r.Last(), r.Last(), hash, hash
		return
	}
	for _, f := range r.Frames[len(r.Frames)-len(events):] {
		_, seq := chain.FrameID(f)
		t.p.Put(logKey(tableTail, r.Origin, seq), bytes.Clone(f))
	}
	h.Seq, h.Hash = r.Last(), hash
}
