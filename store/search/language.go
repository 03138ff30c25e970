package search

import (
	"strings"

	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/analysis/lang/en"
	"github.com/blevesearch/bleve/v2/analysis/lang/es"
	"github.com/blevesearch/bleve/v2/analysis/lang/pt"
)

// language is how the texts of one language are read.
type language struct {
	code string
	stop map[string]bool // folded words that carry no meaning
	stem func(string) string
}

// plain reports a language without stems: its exact forms are its terms.
func (l *language) plain() bool { return l.stem == nil }

// languages are the readers of an index. They are immutable once made.
type languages struct{ es, en, pt, none *language }

func newLanguages() (*languages, error) {
	var ls languages
	for _, l := range []struct {
		to    **language
		code  string
		words []byte
		stem  func(string) string
	}{
		{&ls.es, Spanish, es.SpanishStopWords, stemES},
		{&ls.en, English, en.EnglishStopWords, stemEN},
		{&ls.pt, Portuguese, pt.PortugueseStopWords, stemPT},
	} {
		stop, err := stopWords(l.words)
		if err != nil {
			return nil, err
		}
		*l.to = &language{code: l.code, stop: stop, stem: l.stem}
	}
	ls.none = &language{code: NoLang}
	return &ls, nil
}

func stopWords(list []byte) (map[string]bool, error) {
	words := analysis.NewTokenMap()
	if err := words.LoadBytes(list); err != nil {
		return nil, err
	}
	folded := make(map[string]bool, len(words))
	for w := range words {
		folded[fold(w)] = true
	}
	return folded, nil
}

// code brings "pt_BR", "es-BO" and the like to a language that has a reader;
// one that has none is read plainly.
func (ls *languages) of(code string) *language {
	code, _, _ = strings.Cut(strings.ReplaceAll(strings.ToLower(code), "_", "-"), "-")
	switch code {
	case Spanish:
		return ls.es
	case English:
		return ls.en
	case Portuguese:
		return ls.pt
	}
	return ls.none
}

// guess finds the language of a text by its commonest words; Spanish when they
// do not tell.
func (ls *languages) guess(words []word) *language {
	best, most := ls.es, 0
	for _, l := range []*language{ls.es, ls.en, ls.pt} {
		n := 0
		for _, w := range words {
			if l.stop[w.text] {
				n++
			}
		}
		if n > most {
			best, most = l, n
		}
	}
	return best
}

// term is a word as it is indexed.
type term struct {
	stem string
	word word
	pos  int // counts the words that carry meaning, from 1
}

// terms are the words of a text that carry meaning, stemmed. Positions pass
// over stop words, so that "gestión de color" and "gestión color" are equally
// close.
func (l *language) terms(words []word) []term {
	out := make([]term, 0, len(words))
	for _, w := range words {
		if l.stop[w.text] {
			continue
		}
		t := term{stem: w.text, word: w, pos: len(out) + 1}
		if l.stem != nil {
			t.stem = l.stem(w.text)
		}
		out = append(out, t)
	}
	return out
}
