package kv

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

// Scan merges a snapshot with the pending writes, nil = none, in key order: the keys that
// begin with prefix, from a key on (nil: from the first), or from it down when reverse. A
// pending write hides what is stored under its key, one without a value takes it away.
// Keys and values are copies. A walk sees the pending keys as they were when it began.
func Scan(s Snapshot, p *Pending, prefix, from []byte, reverse, values bool) iter.Seq2[desk.IndexKey, error] {
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
		if p != nil {
			run, fresh := p.between(lo, hi)
			cs = [2]cursor{{run, reverse}, {fresh, reverse}}
		}
		it := begin(s, lo, hi, prefix, reverse)
		defer it.Close()
		for {
			key, stored := least(&cs, it, lo, hi, reverse)
			if key == nil {
				break
			}
			k := desk.IndexKey{Key: key}
			if p != nil {
				if v, ok := p.values[string(key)]; ok {
					if stored {
						it.Next()
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
				k.Value, err = it.Value()
			}
			if !yield(k, err) || err != nil {
				return
			}
			it.Next()
		}
	}
}

// Iterator stands before the first stored key of a walk. Backwards it seeks the end,
// which is not within: where that very key is stored it goes one on.
func begin(s Snapshot, lo, hi, prefix []byte, reverse bool) Iterator {
	it := s.Iterate(prefix, reverse)
	if !reverse {
		it.Seek(lo)
		return it
	}
	if it.Seek(hi); hi != nil && it.Valid() && bytes.Equal(it.Key(), hi) {
		it.Next()
	}
	return it
}

// least is the next key of the three sources, a copy, and whether the snapshot
// has it; the pending cursors are moved past it, the iterator is not.
func least(cs *[2]cursor, it Iterator, lo, hi []byte, reverse bool) (key []byte, stored bool) {
	if it.Valid() {
		k := it.Key()
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

// after is the first key above all that begin with prefix; nil is the end.
func after(prefix []byte) []byte {
	k := append([]byte(nil), prefix...)
	for i := len(k) - 1; i >= 0; i-- {
		if k[i]++; k[i] != 0 {
			return k[:i+1]
		}
	}
	return nil
}
