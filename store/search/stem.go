package search

import "strings"

// The stemmers work on folded words, so that a word typed without its accents
// has the same stem. What they over-unite is told apart again by the exact
// forms, which rank beside the stems.

// stemES unites number, gender and the common forms of a verb with its noun
// ("configuración", "configurar", "configurado"). It is Savoy's light stemmer
// for Spanish followed by one ending of the verb, both for folded words.
func stemES(w string) string { return verbal(lightES(w), verbalES[:]) }

// lightES takes plural, gender and the last vowel off (Savoy, Light Stemming
// Approaches for the French, Portuguese, German and Hungarian Languages, SAC
// 2006, and its Spanish sibling).
func lightES(w string) string {
	n := len(w)
	if n < 5 {
		return w
	}
	switch w[n-1] {
	case 'o', 'a', 'e':
		return w[:n-1]
	case 's':
		switch {
		case strings.HasSuffix(w, "eses"):
			return w[:n-2]
		case strings.HasSuffix(w, "ces"):
			return w[:n-3] + "z"
		case strings.ContainsRune("oae", rune(w[n-2])):
			return w[:n-2]
		}
	}
	return w
}

// verbalES are endings left by lightES, longest first: of verbs, and of the
// nouns and adjectives made from them.
var verbalES = [...]string{
	"amient", "imient", "ament",
	"acion", "icion", "ieron", "iend", "ador", "edor", "idor", "aron",
	"and", "abl", "ibl",
	"ad", "id", "ar", "er", "ir", "an", "en", "i",
}

// shortestRoot is how much of a word a verb's ending leaves at least.
const shortestRoot = 4

// verbal takes the first of the endings off that leaves a root.
func verbal(w string, endings []string) string {
	for _, e := range endings {
		if root, ok := strings.CutSuffix(w, e); ok && len(root) >= shortestRoot {
			return root
		}
	}
	return w
}

// stemPT unites number, gender and the common forms of a verb with its noun:
// Savoy's light stemmer for Portuguese followed by one ending of the verb,
// both for folded words.
func stemPT(w string) string { return verbal(lightPT(w), verbalPT[:]) }

// verbalPT are endings left by lightPT, longest first.
var verbalPT = [...]string{
	"ament", "iment", "ador", "edor", "idor", "aram", "eram", "iram", "avel", "ivel",
	"aca", "and", "end", "ind", "ad", "id", "ar", "er", "ir", "am", "em", "ou", "iu", "i",
}

func lightPT(w string) string {
	if len(w) < 4 {
		return w
	}
	w = pluralPT(w)
	if len(w) > 3 && w[len(w)-1] == 'a' {
		w = femininePT(w)
	}
	if n := len(w); n > 4 && strings.ContainsRune("aeo", rune(w[n-1])) {
		w = w[:n-1]
	}
	return w
}

func pluralPT(w string) string {
	n := len(w)
	end := func(s string) bool { return n > len(s)+1 && strings.HasSuffix(w, s) }
	switch {
	case end("res"), end("ses"), end("les"), end("zes"):
		return w[:n-2]
	case end("ns"):
		return w[:n-2] + "m"
	case end("eis"):
		return w[:n-3] + "el"
	case end("ais"), end("ois"):
		return w[:n-2] + "l"
	case end("is"):
		return w[:n-1] + "l"
	case end("oes"), end("aes"):
		return w[:n-3] + "ao"
	case n > 6 && strings.HasSuffix(w, "mente"):
		return w[:n-5]
	case end("s"):
		return w[:n-1]
	}
	return w
}

func femininePT(w string) string {
	n := len(w)
	end := func(min int, s string) bool { return n > min && strings.HasSuffix(w, s) }
	switch {
	case end(7, "inha"), end(7, "iaca"), end(7, "eira"), end(6, "osa"), end(6, "ica"),
		end(6, "ida"), end(6, "ada"), end(6, "iva"), end(6, "ama"):
		return w[:n-1] + "o"
	case end(6, "ona"):
		return w[:n-3] + "ao"
	case end(6, "ora"):
		return w[:n-1]
	case end(6, "esa"):
		return w[:n-1]
	case end(6, "na"):
		return w[:n-1] + "o"
	}
	return w
}

// stemEN takes plurals, -ed and -ing off, and evens out what is left: steps 1
// and 5 of Porter's stemmer, without the derivational ones.
func stemEN(w string) string {
	if len(w) < 4 {
		return w
	}
	w = pluralEN(w)
	for _, end := range []string{"ing", "ed"} {
		if stem, ok := strings.CutSuffix(w, end); ok && len(stem) >= 3 && strings.ContainsAny(stem, "aeiouy") {
			w = undouble(stem)
			break
		}
	}
	n := len(w)
	if n > 3 && w[n-1] == 'e' {
		w = w[:n-1]
	} else if n > 3 && w[n-1] == 'y' && !strings.ContainsRune("aeiou", rune(w[n-2])) {
		w = w[:n-1] + "i"
	}
	return w
}

func pluralEN(w string) string {
	n := len(w)
	switch {
	case w[n-1] != 's', strings.HasSuffix(w, "ss"), strings.HasSuffix(w, "us"), strings.HasSuffix(w, "is"):
		return w
	case n > 4 && strings.HasSuffix(w, "ies"):
		return w[:n-3] + "y"
	case n > 4 && (strings.HasSuffix(w, "xes") || strings.HasSuffix(w, "ches") || strings.HasSuffix(w, "shes") || strings.HasSuffix(w, "sses")):
		return w[:n-2]
	}
	return w[:n-1]
}

func undouble(w string) string {
	n := len(w)
	if n > 3 && w[n-1] == w[n-2] && !strings.ContainsRune("lsz", rune(w[n-1])) {
		return w[:n-1]
	}
	return w
}
