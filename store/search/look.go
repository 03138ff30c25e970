package search

import (
	"fmt"
	"slices"

	index "github.com/blevesearch/bleve_index_api"
)

// candidate is a document worth a second look.
type candidate struct {
	doc    uint32
	score  float64
	weight float64 // idf of the question's words found
}

// best takes the highest scored k of docs, in order of document number.
func (s *scratch) best(docs []uint32, k int) []candidate {
	heap := make([]candidate, 0, k)
	for _, d := range docs {
		c := candidate{d, float64(s.score[d]), float64(s.weight[d])}
		if len(heap) < k {
			heap = append(heap, c)
			for i := len(heap) - 1; i > 0 && below(heap[i], heap[(i-1)/2]); i = (i - 1) / 2 {
				heap[i], heap[(i-1)/2] = heap[(i-1)/2], heap[i]
			}
			continue
		}
		if below(c, heap[0]) {
			continue
		}
		heap[0] = c
		sink(heap)
	}
	slices.SortFunc(heap, func(a, b candidate) int { return int(a.doc) - int(b.doc) })
	return heap
}

func below(a, b candidate) bool {
	return a.score < b.score || (a.score == b.score && a.doc > b.doc)
}

func sink(heap []candidate) {
	for i := 0; ; {
		c := 2*i + 1
		if c >= len(heap) {
			return
		}
		if c+1 < len(heap) && below(heap[c+1], heap[c]) {
			c++
		}
		if !below(heap[c], heap[i]) {
			return
		}
		heap[c], heap[i] = heap[i], heap[c]
		i = c
	}
}

// places are where a word stands in one field of one candidate.
type places struct {
	at   []uint64 // positions, in order
	norm float64
}

// lookAgain adds what only the candidates are worth reading for: the words too
// common to collect by, the very forms of the words, and words that stand
// together. cs is in order of document number.
func (n *run) lookAgain(p part, terms []*askedTerm, cs []candidate) error {
	if len(cs) == 0 {
		return nil
	}
	w := &n.x.tune
	fields := []source{{field: p.name + partTitle, weight: w.title, mean: p.title, b: w.bTitle}, {field: p.name + partBody, weight: 1, mean: p.body, b: w.bBody}}
	tf := make([]float64, len(cs))
	seen := make([][2][]places, len(terms)) // term, field, candidate
	for i, t := range terms {
		clear(tf)
		for f, src := range fields {
			seen[i][f] = make([]places, len(cs))
			if t.df == 0 {
				continue
			}
			if err := n.visit(src.field, t.stem, true, cs, func(c int, d *index.TermFieldDoc) {
				seen[i][f][c] = places{positions(d), d.Norm}
				tf[c] += src.weight * normal(d.Freq, d.Norm, src.mean, src.b)
			}); err != nil {
				return err
			}
		}
		if t.late {
			for c := range cs {
				if tf[c] > 0 {
					cs[c].score += t.times * t.idf * w.saturate(tf[c])
					cs[c].weight += t.times * t.idf
				}
			}
		}
		if err := n.addExact(p, t, cs); err != nil {
			return err
		}
	}
	for i := 1; i < len(terms); i++ {
		n.addPair(terms[i-1], terms[i], fields, seen[i-1], seen[i], cs)
	}
	return nil
}

// addExact adds the share of a word's very form, unless it is too common to
// tell documents apart.
func (n *run) addExact(p part, t *askedTerm, cs []candidate) error {
	w := &n.x.tune
	if p.lang.plain() || w.exact == 0 || t.df == 0 || t.late {
		return nil
	}
	return n.visit(p.name+partExact, t.word.text, false, cs, func(c int, d *index.TermFieldDoc) {
		cs[c].score += w.exact * t.times * t.idf * w.saturate(normal(d.Freq, d.Norm, p.exact, w.bBody))
	})
}

// addPair adds the shares of two neighbouring words of the question that stand
// together in the candidate.
func (n *run) addPair(a, b *askedTerm, fields []source, at, bt [2][]places, cs []candidate) {
	w := &n.x.tune
	if b.pos-a.pos != 1 || a.stem == b.stem {
		return
	}
	weight := min(a.idf, b.idf)
	for c := range cs {
		var ordered, near float64
		for f, src := range fields {
			o, u := together(at[f][c].at, bt[f][c].at, uint64(w.window))
			ordered += src.weight * normal(o, at[f][c].norm, src.mean, src.b)
			near += src.weight * normal(u, at[f][c].norm, src.mean, src.b)
		}
		cs[c].score += weight * (w.ordered*w.saturate(ordered) + w.near*w.saturate(near))
	}
}

// together counts how often b follows a at once, and how often one stands
// within window words of the other.
func together(a, b []uint64, window uint64) (ordered, near uint64) {
	for i, j := 0, 0; i < len(a); i++ {
		for j < len(b) && b[j]+window <= a[i] {
			j++
		}
		if j < len(b) && b[j] < a[i]+window {
			near++
		}
		for k := j; k < len(b) && b[k] <= a[i]+1; k++ {
			if b[k] == a[i]+1 {
				ordered++
			}
		}
	}
	return ordered, near
}

func positions(d *index.TermFieldDoc) []uint64 {
	at := make([]uint64, len(d.Vectors))
	for i, v := range d.Vectors {
		at[i] = v.Pos
	}
	slices.Sort(at)
	return at
}

// visit calls each for the candidates that have the term in the field.
func (n *run) visit(field, word string, vectors bool, cs []candidate, each func(c int, d *index.TermFieldDoc)) error {
	if err := n.ctx.Err(); err != nil {
		return err
	}
	r, err := n.r.TermFieldReader(n.ctx, []byte(word), field, true, true, vectors)
	if err != nil {
		return fmt.Errorf("read search index: %w", err)
	}
	defer r.Close() //nolint:errcheck // only read
	if r.Count() == 0 {
		return nil
	}
	var pre index.TermFieldDoc
	var id index.IndexInternalID
	var d *index.TermFieldDoc
	for c := range cs {
		want := uint64(cs[c].doc)
		if d == nil || d.ID.Value() < want {
			id = index.NewIndexInternalID(id, want)
			if d, err = r.Advance(id, &pre); err != nil {
				return fmt.Errorf("read search index: %w", err)
			}
			if d == nil {
				return nil
			}
		}
		if d.ID.Value() == want {
			each(c, d)
		}
	}
	return nil
}
