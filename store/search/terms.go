package search

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	index "github.com/blevesearch/bleve_index_api"
)

// mostTerms bounds the different words of one question; of a longer text the
// rarest are kept.
const mostTerms = 32

// scannedWords bounds how many words of the dictionary are looked through for
// those with a given beginning.
const scannedWords = 5000

// terms are the different words of the question as the section reads them, in
// the order of the question.
func (n *run) terms(p part, words []word) ([]*askedTerm, error) {
	var out []*askedTerm
	byStem := make(map[string]*askedTerm)
	read := p.lang.terms(words)
	if len(read) == 0 && len(words) > 0 { // "de la": better than nothing
		plain := language{}
		read = plain.terms(words)
	}
	for _, t := range read {
		if a := byStem[t.stem]; a != nil {
			a.times++
			continue
		}
		a := &askedTerm{term: t, times: 1, sources: n.sources(p, t.stem, 1)}
		byStem[t.stem] = a
		out = append(out, a)
	}
	if err := n.countAll(out); err != nil {
		return nil, err
	}
	if len(out) > mostTerms {
		out = rarest(out)
	}
	return out, nil
}

// sources are the fields a stem is read from.
func (n *run) sources(p part, stem string, weight float64) []source {
	w := &n.x.tune
	return []source{
		{p.name + partTitle, stem, weight * w.title, p.title, w.bTitle},
		{p.name + partBody, stem, weight, p.body, w.bBody},
	}
}

func (n *run) countAll(terms []*askedTerm) error {
	for _, t := range terms {
		t.df = 0
		for _, s := range t.sources {
			c, err := count(n.ctx, n.r, s.field, s.term)
			if err != nil {
				return err
			}
			t.df += c
		}
	}
	return nil
}

func rarest(terms []*askedTerm) []*askedTerm {
	kept := slices.Clone(terms)
	slices.SortStableFunc(kept, func(a, b *askedTerm) int {
		if (a.df == 0) != (b.df == 0) { // words nobody wrote say nothing
			return cmp.Compare(b.df, a.df)
		}
		return cmp.Compare(a.df, b.df)
	})
	kept = kept[:mostTerms]
	slices.SortFunc(kept, func(a, b *askedTerm) int { return cmp.Compare(a.pos, b.pos) })
	return kept
}

// extend adds to the last word the words it may be the beginning of, and to
// words that nobody wrote in any section those that differ by a slip of the
// finger.
func (n *run) extend(p part, words []word, terms []*askedTerm, known map[string]bool) error {
	for _, t := range terms {
		var err error
		switch {
		case n.q.Typing && t.word.end == words[len(words)-1].end:
			err = n.begin(p, t)
		case !known[t.word.text] && len(t.stem) >= 4 && digits(t.stem) == "":
			err = n.slip(p, t)
		default:
			continue
		}
		if err != nil {
			return err
		}
	}
	return n.countAll(terms)
}

// begin reads the word as a beginning, of the words as they were written.
func (n *run) begin(p part, t *askedTerm) error {
	w := &n.x.tune
	fields := []source{{p.name + partExact, "", 1, p.exact, w.bBody}}
	if p.lang.plain() {
		fields = n.sources(p, "", 1)
	}
	for _, f := range fields {
		dict, err := n.r.FieldDictPrefix(f.field, []byte(t.word.text))
		if err != nil {
			return fmt.Errorf("read words of search index: %w", err)
		}
		found, err := commonest(dict, w.expansions)
		if err != nil {
			return err
		}
		for _, e := range found {
			if p.lang.plain() && e == t.stem {
				continue // it is read already
			}
			t.sources = append(t.sources, source{f.field, e, f.weight, f.mean, f.b})
		}
	}
	return nil
}

// slip reads a word nobody wrote as those one letter away (two for long
// words) that begin alike.
func (n *run) slip(p part, t *askedTerm) error {
	fuzzy, ok := n.r.(index.IndexReaderFuzzy)
	if !ok {
		return nil
	}
	away := 1
	if len(t.stem) >= 8 {
		away = 2
	}
	for _, f := range n.sources(p, "", 0.5) {
		dict, err := fuzzy.FieldDictFuzzy(f.field, t.stem, away, t.stem[:1])
		if err != nil {
			return fmt.Errorf("read words of search index: %w", err)
		}
		found, err := commonest(dict, 5)
		if err != nil {
			return err
		}
		for _, e := range found {
			t.sources = append(t.sources, source{f.field, e, f.weight, f.mean, f.b})
		}
	}
	return nil
}

// commonest closes dict and answers its most used words, at most most.
func commonest(dict index.FieldDict, most int) ([]string, error) {
	defer dict.Close() //nolint:errcheck // only read
	var found []index.DictEntry
	for range scannedWords {
		e, err := dict.Next()
		if err != nil {
			return nil, fmt.Errorf("read words of search index: %w", err)
		}
		if e == nil {
			break
		}
		found = append(found, index.DictEntry{Term: strings.Clone(e.Term), Count: e.Count})
	}
	slices.SortStableFunc(found, func(a, b index.DictEntry) int { return cmp.Compare(b.Count, a.Count) })
	if len(found) > most {
		found = found[:most]
	}
	words := make([]string, len(found))
	for i, e := range found {
		words[i] = e.Term
	}
	return words, nil
}
