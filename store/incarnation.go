package store

import (
	"encoding/binary"

	"punto/app/desk"
	"punto/store/chain"
)

// Reincarnate begins a new incarnation of this node: what it wrote under the old
// origin after keep leaves the log and is given back, to be written again under
// the new one. A node does so when peers prove to know more of it than itself: it
// was restored, or copied, and its histories would fork.
func (t *Tx) Reincarnate(keep uint64) ([]desk.Event, error) {
	o := t.origin
	h := t.heads[o]
	var events []desk.Event
	for s := keep + 1; s <= h.Seq; s++ {
		e, err := t.Event(o, s)
		if err != nil {
			return nil, err
		}
		events = append(events, e)
	}
	if len(events) > 0 {
		if err := t.cut(o, &h, keep); err != nil {
			return nil, err
		}
	} else if h != t.was[o] { // what this commit has appended stays the old origin's
		t.signOwn(o, &h)
		t.heads[o] = h
	}
	for i := range events {
		if err := t.Expel(&events[i]); err != nil {
			return nil, err
		}
	}
	return events, t.incarnate()
}

// cut shortens the log of this node's own origin; the block that is cut through
// becomes a tail again.
func (t *Tx) cut(o desk.Origin, h *chain.Head, keep uint64) error {
	hash, err := t.hashAt(o, h, keep)
	if err != nil {
		return err
	}
	next := chain.Head{Seq: keep, Hash: hash, Pub: h.Pub, Sealed: keep / chain.BlockEvents * chain.BlockEvents}
	if next.SealedHash, err = t.hashAt(o, h, next.Sealed); err != nil {
		return err
	}
	var tail [][]byte
	for s := next.Sealed + 1; s <= keep; s++ {
		f, err := t.Frame(o, s)
		if err != nil {
			return err
		}
		tail = append(tail, f)
	}
	for first := next.Sealed + 1; first <= h.Sealed; first += chain.BlockEvents {
		t.p.Put(logKey(tableBlock, o, first), nil)
		t.db.blocks.forget(o, first)
	}
	for s := max(keep, h.Sealed) + 1; s <= h.Seq; s++ {
		t.p.Put(logKey(tableTail, o, s), nil)
	}
	for i, f := range tail {
		t.p.Put(logKey(tableTail, o, next.Sealed+1+uint64(i)), f)
	}
	t.p.Put(cutKey(o), binary.BigEndian.AppendUint64(nil, keep))
	if keep == 0 { // it never was
		t.p.Put(headKey(o), nil)
		delete(t.heads, o)
		return nil
	}
	t.signOwn(o, &next)
	t.heads[o] = next
	return nil
}

// cutKey is where it stands that a log was shortened on purpose, and to which event: a
// loss that the heads file tells of is none then.
func cutKey(o desk.Origin) []byte {
	return binary.BigEndian.AppendUint64([]byte{tableCut}, uint64(o))
}
