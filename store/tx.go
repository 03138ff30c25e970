package store

import (
	"bytes"
	"crypto/ed25519"
	"encoding/binary"
	"fmt"
	"maps"

	"punto/app/desk"
)

// Limits, in bytes. Badger would move values of 1 MiB to its value log, whose
// damage it does not notice; so nothing is ever that long.
const (
	MaxValueBytes = 768 << 10
	MaxBlobBytes  = 64 << 20
	maxKeyBytes   = 8 << 10
	blobChunk     = 512 << 10
	entryOverhead = 40
)

// Tx reads and writes within Update; it is a desk.Tx and sees its own writes
// and those queued before it. It belongs to the writer goroutine.
type Tx struct {
	Reader
	seqs map[desk.Origin]uint64 // contiguous sequence with the pending events
}

// Append gives the event this workstation's origin and next sequence number.
func (t *Tx) Append(e *desk.Event) error {
	o := t.db.origin
	seq := t.seqs[o] + 1
	ev := *e
	ev.Origin, ev.Seq = o, seq
	f, err := AppendFrame(nil, &ev)
	if err != nil {
		return fmt.Errorf("append event: %w", err)
	}
	e.Origin, e.Seq = o, seq
	t.add(&ev, f)
	return nil
}

func (t *Tx) add(e *desk.Event, frame []byte) {
	t.p.put(logKey(tableTail, e.Origin, e.Seq), frame)
	t.p.put(timelineKey(e), []byte{})
	t.seqs[e.Origin] = e.Seq
}

// Receive stores the frame of another origin, its bytes unchanged, and tells
// the events that became contiguous by it, in sequence: none when it was known
// already or waits for a hole to be filled. ErrFork when another event with the
// same identity is held.
func (t *Tx) Receive(frame []byte) ([]desk.Event, error) {
	e, err := ParseFrame(frame)
	if err != nil {
		return nil, err
	}
	have := t.seqs[e.Origin]
	held, err := t.known(&e, have)
	if err != nil {
		return nil, err
	}
	if held != nil && !bytes.Equal(held, frame) {
		return nil, fmt.Errorf("%w: origin %016x, sequence %d", ErrFork, uint64(e.Origin), e.Seq)
	}
	if e.Seq != have+1 {
		if held == nil {
			t.p.set(logKey(tableWaiting, e.Origin, e.Seq), frame)
		}
		return nil, nil
	}
	t.add(&e, bytes.Clone(frame))
	return t.follow(e)
}

func (t *Tx) known(e *desk.Event, have uint64) ([]byte, error) {
	if e.Seq <= have {
		return t.Frame(e.Origin, e.Seq)
	}
	return t.get(logKey(tableWaiting, e.Origin, e.Seq))
}

// follow moves the waiting events that come right after e into the log.
func (t *Tx) follow(e desk.Event) (es []desk.Event, err error) {
	for es = append(es, e); ; es = append(es, e) {
		if err := t.delete(logKey(tableWaiting, e.Origin, e.Seq)); err != nil {
			return nil, err
		}
		f, err := t.get(logKey(tableWaiting, e.Origin, e.Seq+1))
		if err != nil || f == nil {
			return es, err
		}
		if e, err = ParseFrame(f); err != nil {
			return nil, err
		}
		t.add(&e, f)
	}
}

func (t *Tx) set(key, value []byte) error {
	if len(value) > MaxValueBytes || len(key) > maxKeyBytes {
		return fmt.Errorf("%w: a key of %d and a value of %d bytes, at most %d and %d", ErrTooBig, len(key), len(value), maxKeyBytes, MaxValueBytes)
	}
	t.p.set(key, value)
	return nil
}

// delete writes nothing for a key that is nowhere.
func (t *Tx) delete(key []byte) error {
	v, err := t.get(key)
	if v != nil {
		t.p.put(key, nil)
	}
	return err
}

// PutView keeps the folded state of an entity; nil removes it.
func (t *Tx) PutView(e desk.Entity, view []byte) error {
	if view == nil {
		return t.delete(entityKey(tableView, e))
	}
	return t.set(entityKey(tableView, e), view)
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
			t.p.put(blobKey(name, i), nil)
		}
	}
	if value == nil {
		return nil
	}
	n := max(1, (len(value)+blobChunk-1)/blobChunk)
	for i := range n {
		part := value[i*blobChunk : min(len(value), (i+1)*blobChunk)]
		if i == 0 {
			part = append(binary.BigEndian.AppendUint16(nil, uint16(n)), part...) //nolint:gosec // at most 128
		}
		t.p.set(blobKey(name, uint16(i)), part) //nolint:gosec // at most 128
	}
	return nil
}

// run runs one function over the group; its writes stay or go together.
func (t *Tx) run(f func(*Tx) error) (err error) {
	seqs := maps.Clone(t.seqs)
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("update panicked: %v", p)
		}
		if err != nil {
			t.seqs = seqs
			t.p.rollback()
			return
		}
		t.p.keep()
	}()
	return f(t)
}

// seal chains the new events of each origin, closes full blocks and signs the
// heads; it gives the new heads.
func (t *Tx) seal(now map[desk.Origin]head) (map[desk.Origin]head, error) {
	next := map[desk.Origin]head{}
	for o, seq := range t.seqs {
		h := now[o]
		if seq == h.seq {
			continue
		}
		committed := h.seq
		if o == t.db.origin {
			h.pub = t.db.pub
		}
		for h.seq < seq {
			h.seq++
			f, err := t.get(logKey(tableTail, o, h.seq))
			if err != nil {
				return nil, err
			}
			h.hash = chain(h.hash, f)
			if h.seq%blockEvents == 0 {
				if err := t.sealTail(o, &h, committed); err != nil {
					return nil, err
				}
			}
		}
		t.sign(o, &h)
		t.p.put(headKey(o), h.bytes())
		next[o] = h
	}
	return next, nil
}

func (t *Tx) sign(o desk.Origin, h *head) {
	if o == t.db.origin {
		copy(h.sig[:], ed25519.Sign(t.db.key, headMessage(o, h.seq, h.hash)))
	}
}

func (t *Tx) sealTail(o desk.Origin, h *head, committed uint64) error {
	t.sign(o, h)
	frames := make([][]byte, 0, blockEvents)
	for s := h.sealed + 1; s <= h.seq; s++ {
		k := logKey(tableTail, o, s)
		f, err := t.get(k)
		if err != nil {
			return err
		}
		if f == nil {
			return damage("event %d of origin %016x is missing", s, uint64(o))
		}
		frames = append(frames, f)
		if s > committed {
			t.p.forget(k)
		} else {
			t.p.put(k, nil)
		}
	}
	t.p.put(logKey(tableBlock, o, h.sealed+1), t.db.sealBlock(h.sealedHash, h, frames))
	h.sealed, h.sealedHash = h.seq, h.hash
	return nil
}
