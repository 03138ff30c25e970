package search

import (
	"fmt"
	"slices"

	index "github.com/blevesearch/bleve_index_api"
)

// mostKeyed bounds the documents that one key of a question brings in.
const mostKeyed = 200

// addKeys adds the documents whose keys the question names.
func (n *run) addKeys(parts []part, all map[uint32]*found) error {
	w := &n.x.tune
	for _, k := range askedKeys(n.q.Text, n.q.Typing) {
		taken := make(map[uint32]bool)
		if err := n.keyed(parts, all, taken, k.text, w.keyWhole); err != nil {
			return err
		}
		if !k.prefix {
			continue
		}
		dict, err := n.r.FieldDictPrefix(fieldKeys, []byte(k.text))
		if err != nil {
			return fmt.Errorf("read keys of search index: %w", err)
		}
		longer, err := commonest(dict, w.expansions)
		if err != nil {
			return err
		}
		for _, l := range longer {
			if l == k.text {
				continue
			}
			near := float64(len(k.text)) / float64(len(l)) // the more of it was typed the better
			if err := n.keyed(parts, all, taken, l, w.keyPrefix*(1+near)); err != nil {
				return err
			}
		}
	}
	return nil
}

// keyed adds the documents with one form of a key. A document counts a key of
// the question once.
func (n *run) keyed(parts []part, all map[uint32]*found, taken map[uint32]bool, form string, score float64) error {
	r, err := n.r.TermFieldReader(n.ctx, []byte(form), fieldKeys, false, false, false)
	if err != nil {
		return fmt.Errorf("read keys of search index: %w", err)
	}
	defer r.Close() //nolint:errcheck // only read
	var d index.TermFieldDoc
	for range mostKeyed {
		p, err := r.Next(&d)
		if err != nil {
			return fmt.Errorf("read keys of search index: %w", err)
		}
		if p == nil || len(taken) >= mostKeyed {
			return nil
		}
		doc := uint32(p.ID.Value())
		if taken[doc] {
			continue
		}
		taken[doc] = true
		f := all[doc]
		if f == nil {
			s, err := n.load(doc)
			if err != nil {
				return err
			}
			if !slices.ContainsFunc(parts, func(p part) bool { return p.name == section(s.kind, s.lang) }) {
				continue
			}
			f = &found{candidate: candidate{doc: doc}, stored: s}
			all[doc] = f
		}
		f.score += score
		f.likeness = max(f.likeness, score/n.x.tune.keyWhole)
	}
	return nil
}
