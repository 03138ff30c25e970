package kv

import (
	"slices"
	"sort"
	"strings"
	"sync"
)

// Memory is a disk in memory. The zero Memory is empty. It is the other half of what
// Badger promises: a commit is whole or is not, and a snapshot never changes.
type Memory struct {
	mu   sync.Mutex
	kept []Pair // sorted by key; replaced, never changed
}

// CopyTo makes another, which nobody uses yet, a copy of all of it.
func (m *Memory) CopyTo(to *Memory) {
	m.mu.Lock()
	defer m.mu.Unlock()
	to.kept = m.kept
}

// Snapshot costs nothing: what is kept is replaced by a commit, never changed.
func (m *Memory) Snapshot() Snapshot {
	m.mu.Lock()
	defer m.mu.Unlock()
	return memorySnapshot(m.kept)
}

// Apply implements Disk.
func (m *Memory) Apply(p *Pending) error {
	var news []Pair
	for k, v := range p.values {
		news = append(news, Pair{k, v})
	}
	slices.SortFunc(news, func(a, b Pair) int { return strings.Compare(a.Key, b.Key) })
	m.mu.Lock()
	defer m.mu.Unlock()
	m.kept = mergedPairs(m.kept, news)
	return nil
}

// mergedPairs puts pairs over others, both sorted; one without a value takes a key away.
func mergedPairs(kept, news []Pair) []Pair {
	next := make([]Pair, 0, len(kept)+len(news))
	for a, b := kept, news; len(a)+len(b) > 0; {
		switch {
		case len(b) == 0:
			next, a = append(next, a...), nil
		case len(a) > 0 && a[0].Key < b[0].Key:
			n := sort.Search(len(a), func(i int) bool { return a[i].Key >= b[0].Key })
			next, a = append(next, a[:n]...), a[n:]
		default:
			if len(a) > 0 && a[0].Key == b[0].Key {
				a = a[1:]
			}
			if b[0].Value != nil {
				next = append(next, b[0])
			}
			b = b[1:]
		}
	}
	return next
}

// Check implements Disk.
func (m *Memory) Check() error { return nil }

// Close implements Disk.
func (m *Memory) Close() error { return nil }

type memorySnapshot []Pair

// find is the place of the first key at or after one.
func (s memorySnapshot) find(key []byte) int {
	return sort.Search(len(s), func(i int) bool { return s[i].Key >= string(key) })
}

func (s memorySnapshot) Get(key []byte) ([]byte, error) {
	if i := s.find(key); i < len(s) && s[i].Key == string(key) {
		return append([]byte{}, s[i].Value...), nil
	}
	return nil, nil
}

func (s memorySnapshot) Iterate(_ []byte, reverse bool) Iterator {
	return &memoryIterator{s: s, reverse: reverse}
}

func (s memorySnapshot) Discard() {}

type memoryIterator struct {
	s       memorySnapshot
	at      int
	reverse bool
}

// Seek goes to the first key at or after key; reverse, to the last at or before
// it, and with no key to the last of all.
func (i *memoryIterator) Seek(key []byte) {
	if i.at = i.s.find(key); !i.reverse {
		return
	}
	if key == nil {
		i.at = len(i.s) - 1
	} else if i.at == len(i.s) || i.s[i.at].Key != string(key) {
		i.at--
	}
}

func (i *memoryIterator) Valid() bool { return i.at >= 0 && i.at < len(i.s) }

func (i *memoryIterator) Next() {
	if i.reverse {
		i.at--
	} else {
		i.at++
	}
}

func (i *memoryIterator) Key() []byte            { return []byte(i.s[i.at].Key) }
func (i *memoryIterator) Value() ([]byte, error) { return append([]byte{}, i.s[i.at].Value...), nil }
func (i *memoryIterator) Close()                 {}
