package page

import (
	"strings"

	"punto/app"
)

// Reached tells what was done to many cases at once; nil is nothing.
func Reached(k *Kit, r *app.Reached) string {
	if r == nil {
		return ""
	}
	var said []string
	for _, x := range []struct {
		word string
		n    int
	}{{"reached.solved", r.Solved}, {"reached.told", r.Told}, {"reached.mailed", r.Mailed}} {
		if x.n > 0 {
			said = append(said, k.Words.N(x.word, x.n))
		}
	}
	if len(said) == 0 {
		return k.T("reached.none")
	}
	return strings.Join(said, " · ")
}
