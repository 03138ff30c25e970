package store

import (
	"io"
	"slices"
	"sort"
	"sync"
)

// Memory is a disk in memory: a simulation restarts, copies and restores nodes
// with it. The zero Memory is empty. It is the other half of what Badger promises: a
// commit is whole or is not, and a snapshot never changes.
type Memory struct {
	Rand io.Reader // of keys and incarnations; nil = crypto/rand

	mu     sync.Mutex
	kept   []pair // sorted by key; replaced, never changed
	secret []byte // the node's key; nil = made at the first opening
}

// pair is a key with its value; nil takes the key away.
type pair struct {
	key   string
	value []byte
}

// Clone is a copy of all of it, the node's key included, as a restored backup or
// a copied folder is.
func (m *Memory) Clone() *Memory {
	m.mu.Lock()
	defer m.mu.Unlock()
	return &Memory{Rand: m.Rand, kept: m.kept, secret: m.secret}
}

// snapshot costs nothing: what is kept is replaced by a commit, never changed.
func (m *Memory) snapshot() snapshot {
	m.mu.Lock()
	defer m.mu.Unlock()
	return memorySnapshot(m.kept)
}

func (m *Memory) apply(p *pending) error {
	var news []pair
	for k, v := range p.values {
		news = append(news, pair{k, v})
	}
	slices.SortFunc(news, func(a, b pair) int { return cmpString(a.key, b.key) })
	m.mu.Lock()
	defer m.mu.Unlock()
	m.kept = mergedPairs(m.kept, news)
	return nil
}

// mergedPairs puts pairs over others, both sorted; one without a value takes a key away.
func mergedPairs(kept, news []pair) []pair {
	next := make([]pair, 0, len(kept)+len(news))
	for a, b := kept, news; len(a)+len(b) > 0; {
		switch {
		case len(b) == 0:
			next, a = append(next, a...), nil
		case len(a) > 0 && a[0].key < b[0].key:
			n := sort.Search(len(a), func(i int) bool { return a[i].key >= b[0].key })
			next, a = append(next, a[:n]...), a[n:]
		default:
			if len(a) > 0 && a[0].key == b[0].key {
				a = a[1:]
			}
			if b[0].value != nil {
				next = append(next, b[0])
			}
			b = b[1:]
		}
	}
	return next
}

func cmpString(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func (m *Memory) check() error { return nil }
func (m *Memory) close() error { return nil }

type memorySnapshot []pair

// find is the place of the first key at or after one.
func (s memorySnapshot) find(key []byte) int {
	return sort.Search(len(s), func(i int) bool { return s[i].key >= string(key) })
}

func (s memorySnapshot) get(key []byte) ([]byte, error) {
	if i := s.find(key); i < len(s) && s[i].key == string(key) {
		return append([]byte{}, s[i].value...), nil
	}
	return nil, nil
}

func (s memorySnapshot) iterate(_ []byte, reverse bool) iterator {
	return &memoryIterator{s: s, reverse: reverse}
}

func (s memorySnapshot) discard() {}

type memoryIterator struct {
	s       memorySnapshot
	at      int
	reverse bool
}

// seek goes to the first key at or after key; reverse, to the last at or before
// it, and with no key to the last of all.
func (i *memoryIterator) seek(key []byte) {
	if i.at = i.s.find(key); !i.reverse {
		return
	}
	if key == nil {
		i.at = len(i.s) - 1
	} else if i.at == len(i.s) || i.s[i.at].key != string(key) {
		i.at--
	}
}

func (i *memoryIterator) valid() bool { return i.at >= 0 && i.at < len(i.s) }

func (i *memoryIterator) next() {
	if i.reverse {
		i.at--
	} else {
		i.at++
	}
}

func (i *memoryIterator) key() []byte            { return []byte(i.s[i.at].key) }
func (i *memoryIterator) value() ([]byte, error) { return append([]byte{}, i.s[i.at].value...), nil }
func (i *memoryIterator) close()                 {}
