package search

import (
	"context"
	"errors"
	"fmt"
	"sort"

	index "github.com/blevesearch/bleve_index_api"
)

// scratch are the accumulators of one question, indexed by document number.
// They are all zero between questions.
type scratch struct {
	score   []float32 // sum so far
	weight  []float32 // idf of the question's words found, for Likeness
	tf      []float32 // of the word being read
	found   []uint32  // documents with a score
	touched []uint32  // documents with a tf
}

func (s *scratch) grow(doc uint32) {
	n := int(doc) + 1
	if n <= len(s.score) {
		return
	}
	n += n/2 + 1024
	grow := func(v []float32) []float32 { return append(v, make([]float32, n-len(v))...) }
	s.score, s.weight, s.tf = grow(s.score), grow(s.weight), grow(s.tf)
}

func (s *scratch) add(doc uint32, score, weight float64) {
	if s.score[doc] == 0 {
		s.found = append(s.found, doc)
	}
	s.score[doc] += float32(score)
	s.weight[doc] += float32(weight)
}

// touch adds to the frequency of the word being read.
func (s *scratch) touch(doc uint32, tf float64) {
	s.grow(doc)
	if s.tf[doc] == 0 {
		s.touched = append(s.touched, doc)
	}
	s.tf[doc] += float32(tf)
}

func (s *scratch) clear() {
	for _, d := range s.found {
		s.score[d], s.weight[d] = 0, 0
	}
	for _, d := range s.touched {
		s.tf[d] = 0
	}
	s.found, s.touched = s.found[:0], s.touched[:0]
}

// source is a field to read a word from, and how it counts there.
type source struct {
	field, term string
	weight      float64
	mean, b     float64
}

// askedTerm is one different word of the question in one section.
type askedTerm struct {
	term
	times   float64  // in the question
	sources []source // what it is read from
	df      uint64   // documents with it, at least
	idf     float64  // known once df is
	late    bool     // left to the second look
}

// run is one question under way.
type run struct {
	ctx context.Context
	x   *Index
	r   index.IndexReader
	q   Query
	*scratch
}

// read sums the word's frequency over its sources into tf.
func (n *run) read(t *askedTerm) error {
	var d index.TermFieldDoc
	for _, s := range t.sources {
		r, err := n.r.TermFieldReader(n.ctx, []byte(s.term), s.field, true, true, false)
		if err != nil {
			return fmt.Errorf("read search index: %w", err)
		}
		for {
			p, err := r.Next(&d)
			if err != nil {
				return errors.Join(fmt.Errorf("read search index: %w", err), r.Close())
			}
			if p == nil {
				break
			}
			n.touch(uint32(p.ID.Value()), s.weight*normal(p.Freq, p.Norm, s.mean, s.b))
		}
		if err := r.Close(); err != nil {
			return fmt.Errorf("read search index: %w", err)
		}
		if err := n.ctx.Err(); err != nil {
			return err
		}
	}
	return nil
}

// settle turns the word's frequencies into scores.
func (n *run) settle(docs float64, t *askedTerm) {
	t.df = uint64(len(n.touched))
	t.idf = idf(docs, float64(t.df))
	w := &n.x.tune
	for _, d := range n.touched {
		n.add(d, t.times*t.idf*w.saturate(float64(n.tf[d])), t.times*t.idf)
		n.tf[d] = 0
	}
	n.touched = n.touched[:0]
}

// collect scores the documents of one section. When its words have more
// postings than the budget, the commonest are left for the second look: they
// decide little about who is among the candidates.
func (n *run) collect(p part, terms []*askedTerm) error {
	byRarity := append([]*askedTerm(nil), terms...)
	sort.SliceStable(byRarity, func(i, j int) bool { return byRarity[i].df < byRarity[j].df })
	var spent uint64
	for _, t := range byRarity {
		if t.df == 0 {
			continue
		}
		if spent > 0 && spent+t.df > n.x.tune.budget {
			t.late = true
			t.idf = idf(p.docs, min(float64(t.df), p.docs))
			continue
		}
		spent += t.df
		if err := n.read(t); err != nil {
			return err
		}
		n.settle(p.docs, t)
	}
	return nil
}
