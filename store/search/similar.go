package search

import "context"

// alike is the least share of a text's weight that a similar document holds.
const alike = 0.35

// Similar answers documents that say much the same as the text: possible
// duplicates of a case being written. Each holds at least a third of the
// text's weight (see [Hit.Likeness]); rare words weigh more than common ones.
// A text of one or two words is too little to judge and has no similar ones.
// The document of the ref except, if any, is left out.
func (x *Index) Similar(ctx context.Context, text, except string, q Query) ([]Hit, error) {
	if len(x.langs.of(q.Lang).terms(split(text))) < x.tune.fewestWords {
		return nil, nil
	}
	q.Text, q.Typing = text, false
	if q.Limit <= 0 {
		q.Limit = defaultLimit
	}
	limit := q.Limit
	q.Limit++
	hits, err := x.Query(ctx, q)
	if err != nil {
		return nil, err
	}
	kept := hits[:0]
	for _, h := range hits {
		if h.Ref != except && h.Likeness >= alike && len(kept) < limit {
			kept = append(kept, h)
		}
	}
	return kept, nil
}
