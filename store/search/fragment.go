package search

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// A fragment shows why a document was found: the words of the question in their place.

const (
	fragmentBytes = 160 // length of a fragment, about
	mostFragments = 2
)

// mark is one matched word of a body.
type mark struct {
	start, end int
	stem       string
	weight     float64
}

// fragments picks the pieces of the body that hold most of the question's
// weight, in the order of the text.
func (x *Index) fragments(s *stored, terms []*askedTerm) []Fragment {
	if s.body == "" || len(terms) == 0 {
		return nil
	}
	marks := x.marks(s, terms)
	var out []Fragment
	var starts []int
	used := make(map[string]bool)
	for len(out) < mostFragments && len(marks) > 0 {
		i, j := densest(marks, used)
		for _, m := range marks[i:j] {
			used[m.stem] = true
		}
		out = append(out, cut(s.body, marks[i:j]))
		starts = append(starts, marks[i].start)
		marks = slices.DeleteFunc(marks, func(m mark) bool { return used[m.stem] })
	}
	if len(out) == 2 && starts[0] > starts[1] {
		out[0], out[1] = out[1], out[0]
	}
	return out
}

func (x *Index) marks(s *stored, terms []*askedTerm) []mark {
	weight := make(map[string]float64)
	for _, t := range terms {
		for _, src := range t.sources {
			weight[src.term] = max(t.idf, 0.01)
		}
	}
	var out []mark
	for _, t := range x.langs.of(s.lang).terms(split(s.body)) {
		w, ok := weight[t.stem]
		if !ok {
			w, ok = weight[t.word.text] // the expansions of a beginning are written forms
		}
		if ok {
			out = append(out, mark{t.word.start, t.word.end, t.stem, w})
		}
	}
	return out
}

// densest finds the run of marks within one fragment's length that weighs most
// in words not used yet.
func densest(marks []mark, used map[string]bool) (from, to int) {
	most := -1.0
	for i := range marks {
		sum, in := 0.0, make(map[string]bool)
		j := i
		for ; j < len(marks) && (j == i || marks[j].end-marks[i].start <= fragmentBytes); j++ {
			if st := marks[j].stem; !used[st] && !in[st] {
				in[st] = true
				sum += marks[j].weight
			}
		}
		if sum > most {
			most, from, to = sum, i, j
		}
	}
	return from, to
}

// cut takes the piece of body around marks, from space to space.
func cut(body string, marks []mark) Fragment {
	first, last := marks[0].start, marks[len(marks)-1].end
	room := max(0, fragmentBytes-(last-first)) / 2
	from, to := max(0, first-room), min(len(body), last+room)
	if from > 0 {
		if i := strings.IndexAny(body[from:first], " \n\t"); i >= 0 {
			from += i + 1
		} else {
			from = first
		}
	}
	if to < len(body) {
		if i := strings.LastIndexAny(body[last:to], " \n\t"); i >= 0 {
			to = last + i
		} else {
			to = last
		}
	}
	for from > 0 && !utf8.RuneStart(body[from]) {
		from--
	}
	f := Fragment{Text: body[from:to]}
	for _, m := range marks {
		f.Marks = append(f.Marks, [2]int{m.start - from, m.end - from})
	}
	slices.SortFunc(f.Marks, func(a, b [2]int) int { return cmp.Compare(a[0], b[0]) })
	return f
}
