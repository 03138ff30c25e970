package store

import (
	"bytes"
	"iter"

	"punto/app/desk"
)

// A walk sees the snapshot and, inside a commit, the writes that wait over it: three
// sorted sources, the iterator of the disk, the sorted run of pending keys and the
// fresh ones that have not joined it.

// cursor walks one sorted list of pending keys from either end.
type cursor struct {
	keys    []string
	reverse bool
}

func (c *cursor) peek() (string, bool) {
	if len(c.keys) == 0 {
		return "", false
	}
	if c.reverse {
		return c.keys[len(c.keys)-1], true
	}
	return c.keys[0], true
}

func (c *cursor) skip() {
	if c.reverse {
		c.keys = c.keys[:len(c.keys)-1]
		return
	}
	c.keys = c.keys[1:]
}

// scan merges the snapshot with the pending writes, in key order: the keys that begin
// with prefix, from a key on (nil: from the first), or from it down when reverse. A
// pending write hides what is stored under its key, one without a value takes it away.
// Keys and values are copies. A walk sees the pending keys as they were when it began.
func (r *Reader) scan(prefix, from []byte, reverse, values bool) iter.Seq2[desk.IndexKey, error] {
	return func(yield func(desk.IndexKey, error) bool) {
		lo, hi := prefix, after(prefix)
		if from != nil && !reverse && bytes.Compare(from, lo) > 0 {
			lo = from
		}
		if from != nil && reverse && (hi == nil || bytes.Compare(from, hi) < 0) {
			hi = append(bytes.Clone(from), 0)
		}
		if hi != nil && bytes.Compare(lo, hi) >= 0 {
			return
		}
		var cs [2]cursor
		if r.p != nil {
			run, fresh := r.p.between(lo, hi)
			cs = [2]cursor{{run, reverse}, {fresh, reverse}}
		}
		it := r.iterator(lo, hi, prefix, reverse)
		defer it.close()
		for {
			key, stored := r.least(&cs, it, lo, hi, reverse)
			if key == nil {
				break
			}
			k := desk.IndexKey{Key: key}
			if r.p != nil {
				if v, ok := r.p.values[string(key)]; ok {
					if stored {
						it.next()
					}
					if k.Value = bytes.Clone(v); v == nil || yield(k, nil) {
						continue
					}
					return
				}
			}
			if !stored { // taken back by a rollback
				continue
			}
			var err error
			if values {
				k.Value, err = it.value()
			}
			if !yield(k, err) || err != nil {
				return
			}
			it.next()
		}
		if err := r.db.health(); err != nil {
			yield(desk.IndexKey{}, err)
		}
	}
}

// iterator stands before the first stored key of a walk. Backwards it seeks the end,
// which is not within: where that very key is stored it goes one on.
func (r *Reader) iterator(lo, hi, prefix []byte, reverse bool) iterator {
	it := r.snap.iterate(prefix, reverse)
	if !reverse {
		it.seek(lo)
		return it
	}
	if it.seek(hi); hi != nil && it.valid() && bytes.Equal(it.key(), hi) {
		it.next()
	}
	return it
}

// least is the next key of the three sources, a copy, and whether the snapshot
// has it; the pending cursors are moved past it, the iterator is not.
func (r *Reader) least(cs *[2]cursor, it iterator, lo, hi []byte, reverse bool) (key []byte, stored bool) {
	if it.valid() {
		k := it.key()
		if bytes.Compare(k, lo) >= 0 && (hi == nil || bytes.Compare(k, hi) < 0) {
			key, stored = k, true
		}
	}
	for i := range cs {
		k, ok := cs[i].peek()
		if !ok {
			continue
		}
		c := bytes.Compare([]byte(k), key)
		if reverse {
			c = -c
		}
		if key == nil || c < 0 {
			key, stored = []byte(k), false
		}
	}
	for i := range cs {
		for k, ok := cs[i].peek(); ok && k == string(key); k, ok = cs[i].peek() {
			cs[i].skip()
		}
	}
	return key, stored
}
