package kv

import (
	"bytes"
	"slices"
	"strings"
)

// freshKeys is how many keys wait unsorted before they join the sorted run.
const freshKeys = 256

// Pending holds the writes of a commit group over the snapshot that it reads,
// ordered by key, with an undo list for the function that runs. It belongs to
// the writer goroutine.
type Pending struct {
	values map[string][]byte // nil = deleted
	run    []string          // sorted; never changed in place, a scan may hold it
	fresh  []string
	undo   []was
	bytes  int
}

// was is what a key held in this group before a write of the function that runs.
type was struct {
	key   string
	value []byte
	known bool
}

// NewPending has nothing to write yet.
func NewPending() *Pending { return &Pending{values: map[string][]byte{}} }

// Get is what a key is to become, and whether this group says so; nil takes it away. It
// is not to be changed.
func (p *Pending) Get(key []byte) (value []byte, written bool) {
	value, written = p.values[string(key)]
	return value, written
}

// Len is how many keys are written.
func (p *Pending) Len() int { return len(p.values) }

// Bytes is about how much memory and log all of it takes.
func (p *Pending) Bytes() int { return p.bytes }

// Put takes the value as it is, nil to delete; Set takes a copy.
func (p *Pending) Put(key, value []byte) {
	k := string(key)
	old, known := p.values[k]
	p.undo = append(p.undo, was{k, old, known})
	p.values[k] = value
	p.bytes += len(value) - len(old)
	if known {
		return
	}
	p.bytes += len(k) + entryOverhead
	if p.fresh = append(p.fresh, k); len(p.fresh) >= freshKeys {
		p.settle()
	}
}

func (p *Pending) Set(key, value []byte) { p.Put(key, append([]byte{}, value...)) }

// Forget takes back a write of this group, as if it had not been.
func (p *Pending) Forget(key []byte) {
	if old, known := p.values[string(key)]; known {
		p.undo = append(p.undo, was{string(key), old, true})
		p.bytes -= len(key) + len(old) + entryOverhead
		delete(p.values, string(key))
	}
}

// Keep ends a function that succeeded: what it wrote cannot be taken back any more.
func (p *Pending) Keep() { p.undo = p.undo[:0] }

// Rollback takes back what the function that runs has written, newest first. Its keys
// stay in the sorted lists: a walk passes over those without a value here or below.
func (p *Pending) Rollback() {
	for _, w := range slices.Backward(p.undo) {
		now, there := p.values[w.key]
		if p.bytes += len(w.value) - len(now); !there {
			p.bytes += len(w.key) + entryOverhead
		}
		if w.known {
			p.values[w.key] = w.value
			continue
		}
		p.bytes -= len(w.key) + entryOverhead
		delete(p.values, w.key)
	}
	p.undo = p.undo[:0]
}

// settle merges the fresh keys into a new sorted run.
func (p *Pending) settle() {
	slices.Sort(p.fresh)
	run := make([]string, 0, len(p.run)+len(p.fresh))
	for a, b := p.run, p.fresh; len(a)+len(b) > 0; {
		if len(b) == 0 || len(a) > 0 && a[0] < b[0] {
			run, a = append(run, a[0]), a[1:]
		} else {
			run, b = append(run, b[0]), b[1:]
		}
	}
	p.run, p.fresh = slices.Compact(run), p.fresh[:0]
}

// between gives the pending keys with lo <= key < hi in two sorted lists.
func (p *Pending) between(lo, hi []byte) (run, fresh []string) {
	i, _ := slices.BinarySearch(p.run, string(lo))
	j := len(p.run)
	if hi != nil {
		j, _ = slices.BinarySearch(p.run, string(hi))
	}
	for _, k := range p.fresh {
		if strings.Compare(k, string(lo)) >= 0 && (hi == nil || bytes.Compare([]byte(k), hi) < 0) {
			fresh = append(fresh, k)
		}
	}
	slices.Sort(fresh)
	return p.run[i:max(i, j)], fresh
}
