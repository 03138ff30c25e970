package search

import (
	"cmp"
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"slices"

	index "github.com/blevesearch/bleve_index_api"
)

// How a question becomes hits: its words are analysed as the documents were, each in the
// languages it may be of, and what fits best comes first.

const (
	defaultLimit = 10
	mostHits     = 1000
)

// Query answers the documents that fit best, best first. A question without
// words and keys has no hits. It ends early with ctx's error when ctx ends.
func (x *Index) Query(ctx context.Context, q Query) ([]Hit, error) {
	if q.Limit <= 0 {
		q.Limit = defaultLimit
	}
	q.Offset = max(0, min(q.Offset, mostHits))
	q.Limit = min(q.Limit, mostHits-q.Offset)
	r, err := x.data.Reader()
	if err != nil {
		return nil, fmt.Errorf("read search index: %w", err)
	}
	defer r.Close() //nolint:errcheck // only read
	s, ok := x.scratch.Get().(*scratch)
	if !ok {
		s = new(scratch)
	}
	defer func() { s.clear(); x.scratch.Put(s) }()
	n := &run{ctx: ctx, x: x, r: r, q: q, scratch: s}
	return n.answer()
}

// found is a candidate on its way to a hit.
type found struct {
	candidate
	likeness float64
	terms    []*askedTerm // to mark in fragments
	stored   *stored
}

func (n *run) answer() ([]Hit, error) {
	parts, err := n.x.asked(n.ctx, n.r, n.q)
	if err != nil || len(parts) == 0 {
		return nil, err
	}
	words := split(n.q.Text)
	all := make(map[uint32]*found)
	if err := n.answerWords(parts, words, all); err != nil {
		return nil, err
	}
	if err := n.addKeys(parts, all); err != nil {
		return nil, err
	}
	list := make([]*found, 0, len(all))
	for _, f := range all {
		if f.stored == nil {
			if f.stored, err = n.load(f.doc); err != nil {
				return nil, err
			}
		}
		f.score *= f.stored.boost
		list = append(list, f)
	}
	slices.SortFunc(list, func(a, b *found) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.stored.ref, b.stored.ref))
	})
	list = list[min(n.q.Offset, len(list)):]
	list = list[:min(n.q.Limit, len(list))]
	hits := make([]Hit, len(list))
	for i, f := range list {
		hits[i] = n.hit(f)
	}
	return hits, nil
}

// answerWords adds the best documents of each section to all.
func (n *run) answerWords(parts []part, words []word, all map[uint32]*found) error {
	terms := make([][]*askedTerm, len(parts))
	known := make(map[string]bool) // words that some section has
	for i, p := range parts {
		var err error
		if terms[i], err = n.terms(p, words); err != nil {
			return err
		}
		for _, t := range terms[i] {
			known[t.word.text] = known[t.word.text] || t.df > 0
		}
	}
	for i, p := range parts {
		if err := n.extend(p, words, terms[i], known); err != nil {
			return err
		}
		if err := n.answerPart(p, terms[i], all); err != nil {
			return err
		}
	}
	return nil
}

// answerPart adds the best documents of one section to all.
func (n *run) answerPart(p part, terms []*askedTerm, all map[uint32]*found) error {
	from := len(n.found)
	if err := n.collect(p, terms); err != nil {
		return err
	}
	cs := n.best(n.found[from:], max(n.x.tune.candidates, n.q.Offset+n.q.Limit))
	if err := n.lookAgain(p, terms, cs); err != nil {
		return err
	}
	var total float64
	for _, t := range terms {
		if t.df == 0 {
			t.idf = idf(p.docs, 0)
		}
		total += t.times * t.idf
	}
	whole := false
	for _, c := range cs {
		whole = whole || c.weight >= 0.999*total
	}
	for _, c := range cs {
		if whole && n.q.Typing && p.lang.plain() && c.weight < 0.999*total {
			continue // a name that fits whole hides those that fit in part
		}
		like := min(1, c.weight/total)
		c.score *= math.Pow(like, n.x.tune.coverage)
		all[c.doc] = &found{candidate: c, likeness: like, terms: terms}
	}
	return nil
}

// stored is what is kept of a document to show it.
type stored struct {
	ref, kind, lang, title, body string
	boost                        float64
}

func (n *run) load(doc uint32) (*stored, error) {
	ref, err := n.r.ExternalID(index.NewIndexInternalID(nil, uint64(doc)))
	if err != nil {
		return nil, fmt.Errorf("read a document of the search index: %w", err)
	}
	d, err := n.r.Document(ref)
	if err != nil {
		return nil, fmt.Errorf("read a document of the search index: %w", err)
	}
	s := &stored{ref: ref, boost: 1}
	if d == nil {
		return s, nil
	}
	d.VisitFields(func(f index.Field) {
		switch v := f.Value(); f.Name() {
		case storedKind:
			s.kind = string(v)
		case storedLang:
			s.lang = string(v)
		case storedTitle:
			s.title = string(v)
		case storedBody:
			s.body = string(v)
		case storedBoost:
			if len(v) == 8 {
				s.boost = math.Float64frombits(binary.BigEndian.Uint64(v))
			}
		}
	})
	return s, nil
}

func (n *run) hit(f *found) Hit {
	return Hit{
		Ref: f.stored.ref, Kind: f.stored.kind, Lang: f.stored.lang, Title: f.stored.title,
		Score: f.score, Likeness: f.likeness,
		Fragments: n.x.fragments(f.stored, f.terms),
	}
}
