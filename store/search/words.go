package search

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// word is one word of a text: its folded form and where it stands.
type word struct {
	text       string // folded
	start, end int    // bytes in the source
}

// longestWord is the longest word indexed, in bytes; longer runs are noise
// (encoded data pasted into a case) and are cut.
const longestWord = 48

// split cuts text into words: runs of letters and digits, with the accents
// that belong to them. Everything else separates.
func split(s string) []word {
	words := make([]word, 0, len(s)/6+1)
	start := -1
	for i, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || (start >= 0 && unicode.Is(unicode.Mn, r)) {
			if start < 0 {
				start = i
			}
			continue
		}
		if start >= 0 {
			words = appendWord(words, s, start, i)
			start = -1
		}
	}
	if start >= 0 {
		words = appendWord(words, s, start, len(s))
	}
	return words
}

func appendWord(words []word, s string, start, end int) []word {
	t := fold(s[start:end])
	if len(t) > longestWord {
		cut := longestWord
		for !utf8.RuneStart(t[cut]) {
			cut--
		}
		t = t[:cut]
	}
	if t == "" {
		return words
	}
	return append(words, word{strings.Clone(t), start, end})
}
