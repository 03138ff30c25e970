package search

import (
	"context"
	"fmt"
	"slices"
	"strings"

	index "github.com/blevesearch/bleve_index_api"
)

// part is one section of the index as a question sees it.
type part struct {
	name               string // kind/language
	lang               *language
	docs               float64
	title, body, exact float64 // mean lengths in words
}

// sections lists the sections that hold documents.
func sections(ctx context.Context, r index.IndexReader) (map[string]uint64, error) {
	dict, err := r.FieldDict(fieldSection)
	if err != nil {
		return nil, fmt.Errorf("list sections of search index: %w", err)
	}
	defer dict.Close() //nolint:errcheck // only read
	found := make(map[string]uint64)
	for {
		e, err := dict.Next()
		if err != nil {
			return nil, fmt.Errorf("list sections of search index: %w", err)
		}
		if e == nil {
			return found, nil
		}
		if n, err := count(ctx, r, fieldSection, e.Term); err != nil {
			return nil, err
		} else if n > 0 {
			found[e.Term] = n
		}
	}
}

// count is the number of live documents with a term.
func count(ctx context.Context, r index.IndexReader, field, term string) (uint64, error) {
	t, err := r.TermFieldReader(ctx, []byte(term), field, false, false, false)
	if err != nil {
		return 0, fmt.Errorf("read search index: %w", err)
	}
	defer t.Close() //nolint:errcheck // only read
	return t.Count(), nil
}

// asked are the sections that a question is put to, in order of name.
func (x *Index) asked(ctx context.Context, r index.IndexReader, q Query) ([]part, error) {
	all, err := sections(ctx, r)
	if err != nil {
		return nil, err
	}
	want := ""
	if q.Lang != "" {
		want = x.langs.of(q.Lang).code
	}
	x.measuring.Lock()
	defer x.measuring.Unlock()
	var parts []part
	for name, docs := range all {
		i := strings.LastIndexByte(name, '/')
		kind, code := name[:i], name[i+1:]
		if len(q.Kinds) > 0 && !slices.Contains(q.Kinds, kind) {
			continue
		}
		if want != "" && code != want && code != NoLang {
			continue
		}
		p := part{name: name, lang: x.langs.of(code), docs: float64(docs)}
		p.title, p.body, p.exact = x.lengths.means(name)
		parts = append(parts, p)
	}
	slices.SortFunc(parts, func(a, b part) int { return strings.Compare(a.name, b.name) })
	return parts, nil
}
