package search

import "strings"

// Keys are things that are read out or copied: a case number, a telephone, an
// extension, an e-mail. "B-4217-6" is indexed as b42176, 42176 and 4217, a
// telephone also by its last digits, an e-mail also by its parts, so that each
// is found as people shorten it. Beginnings are found through the dictionary.

// shortestTail is how few last digits of a longer number are indexed alone.
const shortestTail = 4

// keyForms are the terms under which a key is indexed.
func keyForms(key string) []string {
	forms := make(map[string]bool)
	joined, parts := squeeze(key)
	forms[joined] = true
	for _, p := range parts {
		if len(p) > 1 {
			forms[p] = true
		}
	}
	if d := digits(joined); len(d) >= shortestTail {
		for i := 0; i+shortestTail <= len(d); i++ {
			forms[d[i:]] = true
		}
	}
	delete(forms, "")
	out := make([]string, 0, len(forms))
	for f := range forms {
		out = append(out, f)
	}
	return out
}

// squeeze folds a key and takes everything but letters and digits out; parts
// are what stood between.
func squeeze(key string) (joined string, parts []string) {
	for _, w := range split(key) {
		parts = append(parts, w.text)
	}
	return strings.Join(parts, ""), parts
}

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if '0' <= r && r <= '9' {
			return r
		}
		return -1
	}, s)
}

// askedKey is one way in which a question may name a key.
type askedKey struct {
	text   string
	prefix bool // also the beginning of a key
}

// askedKeys reads the keys a question may name: all of it when it looks like a
// number or an address, each of its words that has a digit or an at sign, and
// runs of number groups ("11 4000 4471") as one.
func askedKeys(text string, typing bool) []askedKey {
	var out []askedKey
	seen := make(map[string]bool)
	add := func(s string) {
		if len(s) >= 2 && !seen[s] {
			seen[s] = true
			out = append(out, askedKey{s, typing || (len(s) >= 3 && digits(s) != "") || len(s) >= 6})
		}
	}
	run := ""
	fields := strings.Fields(text)
	for _, f := range fields {
		joined, _ := squeeze(f)
		hasDigit := digits(joined) != ""
		if hasDigit && joined == digits(joined) {
			run += joined
		} else {
			add(run)
			run = ""
		}
		if hasDigit || strings.Contains(f, "@") {
			add(joined)
		}
	}
	add(run)
	whole, _ := squeeze(text)
	if d := digits(whole); len(d) >= 2 && len(whole)-len(d) <= 3 {
		add(whole)
	}
	return out
}
