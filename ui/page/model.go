package page

import (
	"strings"

	"punto/app/desk"
	"punto/ui/look"
)

// The service model in words.

// Priority is the word of a priority, 1 to 4; "" for others.
func (k *Kit) Priority(n int) string {
	names, ok := k.Model.Priorities[k.Words.Lang]
	if !ok {
		names = k.Model.Priorities["es"]
	}
	if n < 1 || n > 4 {
		return ""
	}
	return names[n-1]
}

// Reason is a pending reason in words.
func (k *Kit) Reason(code string) string {
	for _, r := range k.Model.Reasons {
		if r.Code == code {
			if s := r.Name[k.Words.Lang]; s != "" {
				return s
			}
			return r.Name["es"]
		}
	}
	return code
}

// GroupName is the name of a group; "" when it is not known.
func (k *Kit) GroupName(id desk.ID) string {
	for _, g := range k.Groups {
		if g.ID == id {
			return g.Of.Name
		}
	}
	return ""
}

// Levels are the words of impact or urgency.
func (k *Kit) Levels(names map[string][4]string) []string {
	x, ok := names[k.Words.Lang]
	if !ok {
		x = names["es"]
	}
	return x[:]
}

// Proposals are at most three categories in which each word typed begins a word,
// accents folded; else those that share most words. of is how many share any.
func (k *Kit) Proposals(s string) (best []desk.Category, of int) {
	words := TypedWords(s)
	type scored struct {
		c desk.Category
		n int
	}
	var all []scored
	for _, c := range k.Model.Categories {
		path := strings.Fields(look.Fold(c.Name(k.Words.Lang)))
		n := 0
		for _, word := range words {
			for _, p := range path {
				if strings.HasPrefix(p, word) || len(word) > 4 && len(p) > 4 && strings.HasPrefix(word, p[:4]) {
					n++
					break
				}
			}
		}
		if n > 0 {
			all = append(all, scored{c, n})
		}
	}
	for most := len(words); most > 0 && len(best) < 3; most-- {
		for _, x := range all {
			if x.n == most && len(best) < 3 {
				best = append(best, x.c)
			}
		}
	}
	return best, len(all)
}

// TypedWords are the words of a text that may name something: the short ones of
// every language say nothing.
func TypedWords(s string) (out []string) {
	for _, word := range strings.Fields(look.Fold(s)) {
		if len(word) > 2 {
			out = append(out, word)
		}
	}
	return out
}
