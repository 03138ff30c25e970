package app_test

import (
	"bytes"
	"context"
	"iter"
	"maps"
	"slices"
	"sync"

	"punto/app/desk"
)

// memory is a desk.Log that forgets when the test ends. It keeps the contract
// of Update: all of a function's writes, or none.
type memory struct {
	mu sync.RWMutex
	memoryState
}

type memoryState struct {
	seq    uint64
	events map[desk.Entity][]desk.Event
	views  map[desk.Entity][]byte
	index  map[string][]byte
	small  map[string][]byte // meta and blobs
}

func newMemory() *memory {
	return &memory{memoryState: memoryState{events: map[desk.Entity][]desk.Event{}, views: map[desk.Entity][]byte{},
		index: map[string][]byte{}, small: map[string][]byte{}}}
}

func (m *memory) Origin() desk.Origin { return 7 }

func (m *memory) Vector() map[desk.Origin]uint64 {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return map[desk.Origin]uint64{7: m.seq}
}

func (m *memory) Read(f func(desk.Reader) error) error {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return f(memoryTx{&m.memoryState})
}

func (m *memory) Update(_ context.Context, f func(desk.Tx) error) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	next := memoryState{seq: m.seq, events: maps.Clone(m.events), views: maps.Clone(m.views), index: maps.Clone(m.index), small: maps.Clone(m.small)}
	if err := f(memoryTx{&next}); err != nil {
		return err
	}
	m.memoryState = next
	return nil
}

type memoryTx struct{ s *memoryState }

func (t memoryTx) View(e desk.Entity) ([]byte, error) { return t.s.views[e], nil }

func (t memoryTx) Events(e desk.Entity) ([]desk.Event, error) {
	es := slices.Clone(t.s.events[e])
	slices.SortFunc(es, func(a, b desk.Event) int { return desk.Compare(&a, &b) })
	return es, nil
}

func (t memoryTx) Scan(prefix, from []byte, reverse bool) iter.Seq2[desk.IndexKey, error] {
	return func(yield func(desk.IndexKey, error) bool) {
		keys := slices.Sorted(maps.Keys(t.s.index))
		if reverse {
			slices.Reverse(keys)
		}
		for _, k := range keys {
			c := bytes.Compare([]byte(k), from)
			if !bytes.HasPrefix([]byte(k), prefix) || from != nil && (reverse && c > 0 || !reverse && c < 0) {
				continue
			}
			if !yield(desk.IndexKey{Key: []byte(k), Value: t.s.index[k]}, nil) {
				return
			}
		}
	}
}

func (t memoryTx) Meta(name string) ([]byte, error) { return t.s.small["m"+name], nil }
func (t memoryTx) Blob(name string) ([]byte, error) { return t.s.small["b"+name], nil }

func (t memoryTx) Append(e *desk.Event) error {
	t.s.seq++
	e.Origin, e.Seq = 7, t.s.seq
	t.s.events[e.Entity] = append(slices.Clone(t.s.events[e.Entity]), *e)
	return nil
}

func (t memoryTx) PutView(e desk.Entity, v []byte) error { t.s.views[e] = v; return nil }
func (t memoryTx) PutIndex(k, v []byte) error            { t.s.index[string(k)] = v; return nil }
func (t memoryTx) DeleteIndex(k []byte) error            { delete(t.s.index, string(k)); return nil }
func (t memoryTx) PutMeta(name string, v []byte) error   { t.s.small["m"+name] = v; return nil }
func (t memoryTx) PutBlob(name string, v []byte) error   { t.s.small["b"+name] = v; return nil }

func (m *memory) copy() *memory {
	return &memory{memoryState: memoryState{seq: m.seq, events: maps.Clone(m.events), views: maps.Clone(m.views), index: maps.Clone(m.index), small: maps.Clone(m.small)}}
}

// drop forgets all that is derived.
func (m *memory) drop() { clear(m.views); clear(m.index) }

func (m *memory) entities() []desk.Entity { return slices.Collect(maps.Keys(m.events)) }

// differs names the first thing derived that is not the same; "" when all is.
func (m *memory) differs(o *memory) string {
	for e, v := range m.views {
		if !bytes.Equal(v, o.views[e]) {
			return "the view of " + e.Type.String() + " " + e.ID.String() + " is another"
		}
	}
	if !slices.Equal(slices.Sorted(maps.Keys(m.index)), slices.Sorted(maps.Keys(o.index))) || len(m.views) != len(o.views) {
		return "the indexes are others"
	}
	return ""
}
