package store

import (
	"bytes"
	"encoding/binary"
	"iter"

	"punto/app/desk"
	"punto/store/chain"
	"punto/store/kv"
)

// Reader reads one snapshot and, inside Update, the writes queued over it. It
// is a desk.Reader, valid until the function that received it returns.
type Reader struct {
	db   *DB
	snap kv.Snapshot
	p    *kv.Pending // nil outside Update
	tx   *Tx         // nil outside Update

	clean bool // nothing is dirty in the snapshot; false when that is not known
}

// get is the value of a key, a copy; nil when there is none.
func (r *Reader) get(key []byte) ([]byte, error) {
	if r.p != nil {
		if v, ok := r.p.Get(key); ok {
			return bytes.Clone(v), nil
		}
	}
	return r.snap.Get(key)
}

// Meta is a small named value; nil when there is none.
func (r *Reader) Meta(name string) ([]byte, error) { return r.get(userMeta(name)) }

// userMeta keeps the engine's names apart from the store's own.
func userMeta(name string) []byte { return tableKey(tableMeta, []byte("u/"+name)) }

// Blob is a derived block put with PutBlob; nil when there is none.
func (r *Reader) Blob(name string) ([]byte, error) {
	first, err := r.get(blobKey(name, 0))
	if err != nil || first == nil {
		return nil, err
	}
	n := int(binary.BigEndian.Uint16(first))
	b := first[2:]
	for i := 1; i < n; i++ {
		more, err := r.get(blobKey(name, uint16(i))) // i < n, a uint16
		if err != nil {
			return nil, err
		}
		if more == nil {
			return nil, desk.Damaged("blob %q lacks its part %d of %d", name, i, n)
		}
		b = append(b, more...)
	}
	return b, nil
}

// Event is one event by its identity; an error when it is not held.
func (r *Reader) Event(o desk.Origin, seq uint64) (desk.Event, error) {
	f, err := r.frame(o, seq)
	if err != nil {
		return desk.Event{}, err
	}
	return chain.ParseFrame(f) // copies what it keeps
}

// Frame is the exact bytes of one event, a copy.
func (r *Reader) Frame(o desk.Origin, seq uint64) ([]byte, error) {
	f, err := r.frame(o, seq)
	return bytes.Clone(f), err
}

// frame is the bytes of one event, which may be those of the cache: not to be
// changed.
func (r *Reader) frame(o desk.Origin, seq uint64) ([]byte, error) {
	sealed := r.sealed(o)
	if seq > sealed {
		if f, err := r.get(logKey(tableTail, o, seq)); err != nil || f != nil {
			return f, err
		}
	}
	first := chain.BlockOf(seq)
	frames, ok := r.db.blocks.find(o, first)
	if ok {
		return frames[seq-first], nil
	}
	raw, err := r.get(logKey(tableBlock, o, first))
	if err != nil {
		return nil, err
	}
	if raw == nil { // sealed since this snapshot was taken, or not held
		f, err := r.get(logKey(tableTail, o, seq))
		if f == nil && err == nil {
			err = desk.Damaged("events %d to %d of origin %016x are missing", first, first+chain.BlockEvents-1, uint64(o))
		}
		return f, err
	}
	b, err := r.db.codec.Unseal(o, first, raw)
	if err != nil {
		return nil, err
	}
	if r.tx == nil || first <= r.tx.was[o].Sealed { // what is not committed may never be
		r.db.blocks.add(o, first, b.Frames)
	}
	return b.Frames[seq-first], nil
}

// sealed is how far the blocks of an origin go, as of now.
func (r *Reader) sealed(o desk.Origin) uint64 {
	if r.tx != nil {
		return r.tx.heads[o].Sealed
	}
	return r.db.heads()[o].Sealed
}

// block is a block, proven.
func (r *Reader) block(o desk.Origin, first uint64) (chain.Block, error) {
	raw, err := r.rawBlock(o, first)
	if err != nil {
		return chain.Block{}, err
	}
	return r.db.codec.Parse(o, first, raw)
}

func (r *Reader) rawBlock(o desk.Origin, first uint64) ([]byte, error) {
	raw, err := r.get(logKey(tableBlock, o, first))
	if raw == nil && err == nil {
		err = desk.Damaged("events %d to %d of origin %016x are missing", first, first+chain.BlockEvents-1, uint64(o))
	}
	return raw, err
}

// EventsOf walks the events from..to of an origin in sequence; to is cut to
// what is held.
func (r *Reader) EventsOf(o desk.Origin, from, to uint64) iter.Seq2[desk.Event, error] {
	return func(yield func(desk.Event, error) bool) {
		h, err := r.headOf(o)
		if err != nil {
			yield(desk.Event{}, err)
			return
		}
		for seq := max(from, 1); seq <= min(to, h.Seq); seq++ {
			e, err := r.Event(o, seq)
			if !yield(e, err) || err != nil {
				return
			}
		}
	}
}

// headOf is the head of an origin, with what the transaction has appended.
func (r *Reader) headOf(o desk.Origin) (chain.Head, error) {
	if r.tx != nil {
		return r.tx.heads[o], nil
	}
	raw, err := r.get(headKey(o))
	if err != nil || raw == nil {
		return chain.Head{}, err
	}
	return chain.ParseHead(raw)
}

// Scan walks the keys of an index that begin with prefix, from the key from
// (inclusive; nil = the beginning; when reverse, the end).
func (r *Reader) Scan(prefix, from []byte, reverse bool) iter.Seq2[desk.IndexKey, error] {
	return func(yield func(desk.IndexKey, error) bool) {
		if from != nil {
			from = tableKey(tableIndex, from)
		}
		for k, err := range r.scan(tableKey(tableIndex, prefix), from, reverse, true) {
			if err == nil {
				k.Key = k.Key[1:]
			}
			if !yield(k, err) {
				return
			}
		}
	}
}

// Count is how many keys of an index begin with prefix.
func (r *Reader) Count(prefix []byte) (n int, err error) {
	for _, err := range r.scan(tableKey(tableIndex, prefix), nil, false, false) {
		if err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// scan walks the keys of a snapshot with the writes that wait over it, as kv.Scan says.
// Whatever it gave is true only if the store still was sound when it ended.
func (r *Reader) scan(prefix, from []byte, reverse, values bool) iter.Seq2[desk.IndexKey, error] {
	return func(yield func(desk.IndexKey, error) bool) {
		for k, err := range kv.Scan(r.snap, r.p, prefix, from, reverse, values) {
			if !yield(k, err) || err != nil {
				return
			}
		}
		if err := r.db.health(); err != nil {
			yield(desk.IndexKey{}, err)
		}
	}
}
