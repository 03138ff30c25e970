package kv

import (
	"bufio"
	"bytes"
	"container/heap"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"slices"

	"punto/app/desk"
)

// sorterBytes is how much a sorter keeps in memory before it writes a sorted run into
// a file.
const sorterBytes = 16 << 20

// Sorter takes pairs in any order and gives them sorted by key, each key once. What
// does not fit into memory lies in files of a folder that its owner removes. It
// belongs to one goroutine.
type Sorter struct {
	dir   string // "" keeps all in memory
	limit int

	arena []byte // key and value of each Pair, one after the other
	spans []span
	runs  []*os.File
}

// span is where a Pair lies in the arena.
type span struct{ key, value, end uint32 }

// NewSorter sorts in a folder; "" keeps all in memory.
func NewSorter(dir string) *Sorter { return &Sorter{dir: dir, limit: sorterBytes} }

// Put takes copies.
func (s *Sorter) Put(key, value []byte) error {
	at := len(s.arena)
	s.arena = append(append(s.arena, key...), value...)
	s.spans = append(s.spans, span{uint32(at), uint32(at + len(key)), uint32(len(s.arena))}) // far below 4 GiB
	if s.dir == "" || len(s.arena) < s.limit {
		return nil
	}
	return s.spill()
}

func (s *Sorter) sort() {
	slices.SortStableFunc(s.spans, func(a, b span) int { return bytes.Compare(s.arena[a.key:a.value], s.arena[b.key:b.value]) })
}

// spill writes what is in memory as a sorted run.
func (s *Sorter) spill() (err error) {
	s.sort()
	f, err := os.CreateTemp(s.dir, "run-")
	if err != nil {
		return fmt.Errorf("sort what is derived: %w", err)
	}
	s.runs = append(s.runs, f)
	w := bufio.NewWriterSize(f, 256<<10)
	var head []byte
	for _, x := range s.spans {
		head = binary.AppendUvarint(head[:0], uint64(x.value-x.key))
		head = binary.AppendUvarint(head, uint64(x.end-x.value))
		_, _ = w.Write(head) // Flush gives the first error
		_, _ = w.Write(s.arena[x.key:x.end])
	}
	s.arena, s.spans = s.arena[:0], s.spans[:0]
	if err := w.Flush(); err != nil {
		return fmt.Errorf("sort what is derived: %w", err)
	}
	_, err = f.Seek(0, io.SeekStart)
	return err
}

// Close removes its files.
func (s *Sorter) Close() (err error) {
	for _, f := range s.runs {
		err = errors.Join(err, f.Close(), os.Remove(f.Name()))
	}
	s.runs, s.arena, s.spans = nil, nil, nil
	return err
}

// source is one sorted list of pairs being merged.
type source struct {
	key, value []byte
	next       func() (key, value []byte, err error) // io.EOF at the end
}

func (s *source) step() (err error) {
	s.key, s.value, err = s.next()
	return err
}

type sources []*source

func (s sources) Len() int           { return len(s) }
func (s sources) Less(i, j int) bool { return bytes.Compare(s[i].key, s[j].key) < 0 }
func (s sources) Swap(i, j int)      { s[i], s[j] = s[j], s[i] }
func (s *sources) Push(x any)        { *s = append(*s, x.(*source)) }
func (s *sources) Pop() any {
	n := len(*s) - 1
	x := (*s)[n]
	*s = (*s)[:n]
	return x
}

// sources are those of a sorter, each sorted. Nothing may be put any more.
func (s *Sorter) sources() (all sources) {
	for _, f := range s.runs {
		r := bufio.NewReaderSize(f, 256<<10)
		all = append(all, &source{next: func() (key, value []byte, err error) {
			kl, err := binary.ReadUvarint(r)
			if err != nil {
				return nil, nil, err
			}
			vl, err := binary.ReadUvarint(r)
			if err != nil || kl > MaxKeyBytes || vl > 2*MaxValueBytes {
				return nil, nil, errors.Join(err, desk.Damaged("a sorted run in %s", f.Name()))
			}
			b := make([]byte, kl+vl)
			if _, err := io.ReadFull(r, b); err != nil {
				return nil, nil, fmt.Errorf("read a sorted run: %w", err)
			}
			return b[:kl:kl], b[kl:], nil
		}})
	}
	s.sort()
	i := 0
	return append(all, &source{next: func() (key, value []byte, err error) {
		if i == len(s.spans) {
			return nil, nil, io.EOF
		}
		x := s.spans[i]
		i++
		return s.arena[x.key:x.value:x.value], s.arena[x.value:x.end:x.end], nil
	}})
}

// Sorted merges sorters into one list. The bytes that it gives are good until the
// sorters are closed.
func Sorted(all ...*Sorter) iter.Seq2[Pair, error] {
	return func(yield func(Pair, error) bool) {
		var h sources
		for _, s := range all {
			for _, x := range s.sources() {
				switch err := x.step(); {
				case err == nil:
					h = append(h, x)
				case !errors.Is(err, io.EOF):
					yield(Pair{}, err)
					return
				}
			}
		}
		heap.Init(&h)
		var last []byte
		for len(h) > 0 {
			x := h[0]
			if !bytes.Equal(x.key, last) {
				if last = x.key; !yield(Pair{string(x.key), x.value}, nil) {
					return
				}
			}
			switch err := x.step(); {
			case err == nil:
				heap.Fix(&h, 0)
			case errors.Is(err, io.EOF):
				heap.Pop(&h)
			default:
				yield(Pair{}, err)
				return
			}
		}
	}
}
