package words

import (
	"regexp"
	"strings"
	"sync"
)

// pattern finds a sentence in an error as the program words it.
type pattern struct {
	form    string
	literal int // letters of the form that are no place
	in      *regexp.Regexp
}

var places = regexp.MustCompile(`%[+#0-9]*[a-z]`)

// leastLiteral is how many letters of its own a sentence needs to be told from
// others.
const leastLiteral = 20

// patterns are those of all sentences.
var patterns = sync.OnceValue(func() (out []pattern) {
	all, _ := texts() // New told
	for form := range all {
		own := places.ReplaceAllString(form, "")
		if len(own) < leastLiteral || !strings.Contains(own, " ") {
			continue
		}
		out = append(out, pattern{form, len(own), regexp.MustCompile(`(?s)` + expression(form))})
	}
	return out
})

// expression finds a form with whatever fills its places.
func expression(form string) string {
	out, at := "", 0
	for _, p := range places.FindAllStringIndex(form, -1) {
		out += regexp.QuoteMeta(form[at:p[0]])
		switch verb := form[p[1]-1]; {
		case verb == 'd':
			out += `(-?[0-9]+)`
		case verb == 'x':
			out += `([0-9a-f]+)`
		case p[0] == 0: // what was put before it ends with a colon
			out += `([^:]+?)`
		case p[1] == len(form):
			out += `(.+)`
		default:
			out += `(.+?)`
		}
		at = p[1]
	}
	return out + regexp.QuoteMeta(form[at:])
}

// Said says in this language the sentence of the program that stands in an error,
// and leaves out what was put before it ("open the desk in /x: "). ok is false where
// it holds none that is known: English is what the program speaks.
func (w *Words) Said(raw string) (said string, ok bool) {
	if w.Lang == "en" {
		return raw, true
	}
	best := pattern{}
	var args []string
	for _, p := range patterns() {
		if m := p.in.FindStringSubmatch(raw); m != nil && p.literal > best.literal {
			best, args = p, m[1:]
		}
	}
	if best.literal == 0 {
		return "", false
	}
	said = w.Failure(best.form, args)
	return said, said != ""
}
