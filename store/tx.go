package store

import (
	"encoding/binary"
	"fmt"
	"maps"
	"runtime/debug"

	"punto/app/desk"
	"punto/store/chain"
	"punto/store/kv"
)

// Limits, in bytes.
const (
	MaxValueBytes = kv.MaxValueBytes
	MaxBlobBytes  = 64 << 20
	blobChunk     = 512 << 10
)

// Tx reads and writes within Update; it is a desk.Tx and sees its own writes
// and those queued before it. It belongs to the writer goroutine.
type Tx struct {
	Reader
	origin desk.Origin                // of this node
	heads  map[desk.Origin]chain.Head // with the pending events
	was    map[desk.Origin]chain.Head // as committed
	newest desk.Stamp                 // of all events
	met    map[desk.Origin]Identity
	frozen map[desk.Origin]bool
	after  []func(durable bool)

	touched map[desk.Entity]struct{} // of which something was written, or was to be
}

// Vector is how far each origin is held.
func (t *Tx) Vector() desk.Vector { return vectorOf(t.heads) }

// Newest is the newest stamp of all events, but for those after desk.LatestStamp.
func (t *Tx) Newest() desk.Stamp { return t.newest }

// Origin is this workstation's own incarnation.
func (t *Tx) Origin() desk.Origin { return t.origin }

// Signer is who writes under an origin.
func (t *Tx) Signer(o desk.Origin) (desk.Signer, bool) { return signerOf(t.identity(o)) }

// After has f run on the writer when the group is over.
func (t *Tx) After(f func(durable bool)) { t.after = append(t.after, f) }

// Append gives the event this workstation's origin and next sequence number.
func (t *Tx) Append(e *desk.Event) error {
	o := t.origin
	h := t.heads[o]
	ev := *e
	ev.Origin, ev.Seq = o, h.Seq+1
	f, err := chain.AppendFrame(nil, &ev)
	if err != nil {
		return fmt.Errorf("append event: %w", err)
	}
	e.Origin, e.Seq = o, ev.Seq
	t.p.Put(logKey(tableTail, o, ev.Seq), f)
	if err := t.Admit(&ev); err != nil {
		return err
	}
	own, _ := t.identity(o)
	h.Seq, h.Hash, h.Pub = ev.Seq, chain.Next(h.Hash, f), own.Key
	t.heads[o] = h
	t.newest = max(t.newest, ev.Stamp)
	if h.Seq%chain.BlockEvents == 0 {
		t.signOwn(o, &h)
		return t.sealTail(o, &h)
	}
	return nil
}

func (t *Tx) set(key, value []byte) error {
	if len(value) > MaxValueBytes || len(key) > kv.MaxKeyBytes {
		return fmt.Errorf("%w: a key of %d and a value of %d bytes, at most %d and %d", ErrTooBig, len(key), len(value), kv.MaxKeyBytes, MaxValueBytes)
	}
	t.p.Set(key, value)
	return nil
}

// delete writes nothing for a key that is nowhere.
func (t *Tx) delete(key []byte) error {
	v, err := t.get(key)
	if v != nil {
		t.p.Put(key, nil)
	}
	return err
}

// PutIndex keeps one entry of an index.
func (t *Tx) PutIndex(key, value []byte) error { return t.set(tableKey(tableIndex, key), value) }

// DeleteIndex removes one entry of an index; none is no error.
func (t *Tx) DeleteIndex(key []byte) error { return t.delete(tableKey(tableIndex, key)) }

// PutMeta keeps a small named value; nil removes it.
func (t *Tx) PutMeta(name string, value []byte) error {
	if value == nil {
		return t.delete(userMeta(name))
	}
	return t.set(userMeta(name), value)
}

// PutBlob keeps a derived block of at most MaxBlobBytes; nil removes it.
func (t *Tx) PutBlob(name string, value []byte) error {
	if len(value) > MaxBlobBytes {
		return fmt.Errorf("%w: blob %q of %d bytes, at most %d", ErrTooBig, name, len(value), MaxBlobBytes)
	}
	old, err := t.get(blobKey(name, 0))
	if err != nil {
		return err
	}
	if old != nil {
		for i := range binary.BigEndian.Uint16(old) {
			t.p.Put(blobKey(name, i), nil)
		}
	}
	if value == nil {
		return nil
	}
	n := max(1, (len(value)+blobChunk-1)/blobChunk)
	for i := range n {
		part := value[i*blobChunk : min(len(value), (i+1)*blobChunk)]
		if i == 0 {
			part = append(binary.BigEndian.AppendUint16(nil, uint16(n)), part...) // at most 128
		}
		t.p.Set(blobKey(name, uint16(i)), part) // at most 128
	}
	return nil
}

// run runs one function over the group; its writes stay or go together.
func (t *Tx) run(f func(*Tx) error) (err error) {
	heads, met, frozen, origin := maps.Clone(t.heads), maps.Clone(t.met), maps.Clone(t.frozen), t.origin
	newest, after := t.newest, len(t.after)
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("update panicked: %v\n%s", p, debug.Stack())
		}
		if err != nil {
			t.heads, t.met, t.frozen, t.origin = heads, met, frozen, origin
			t.newest, t.after = newest, t.after[:after]
			t.p.Rollback()
			return
		}
		t.p.Keep()
	}()
	return f(t)
}

// sign signs the head of this node's present origin.
func (t *Tx) sign(o desk.Origin, h *chain.Head) {
	if o == t.origin {
		t.signOwn(o, h)
	}
}

func (t *Tx) signOwn(o desk.Origin, h *chain.Head) { h.Sign(o, t.db.key) }

// sealTail makes a block of the events after the last one. Its head is signed.
func (t *Tx) sealTail(o desk.Origin, h *chain.Head) error {
	frames := make([][]byte, 0, chain.BlockEvents)
	for s := h.Sealed + 1; s <= h.Seq; s++ {
		k := logKey(tableTail, o, s)
		f, err := t.get(k)
		if err != nil {
			return err
		}
		if f == nil {
			return desk.Damaged("event %d of origin %016x is missing", s, uint64(o))
		}
		frames = append(frames, f)
		if s > t.was[o].Seq {
			t.p.Forget(k)
		} else {
			t.p.Put(k, nil)
		}
	}
	t.p.Put(logKey(tableBlock, o, h.Sealed+1), t.db.codec.Seal(h.SealedHash, h, frames))
	h.Sealed, h.SealedHash = h.Seq, h.Hash
	t.heads[o] = *h
	return nil
}
