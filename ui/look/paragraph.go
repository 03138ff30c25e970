package look

import (
	"sort"
	"strings"
)

// Small tells whether a window is too small for panes side by side: then the cards
// of a side stack become tabs. A screen of 1366 by 768 at 150 % has 910 by 512.
func (p *Painter) Small() bool { return p.W < 1100 || p.H < 690 }

// Paragraph sets a text in lines, as many as fit in the place.
func (p *Painter) Paragraph(x, y, w, h float32, text string, st Style) {
	for _, line := range Lines(text, w, st) {
		if h < 20 {
			return
		}
		p.Text(x, y, 20, line, st)
		y, h = y+20, h-20
	}
}

// Lines breaks a text at the width w; a word that is wider than that is broken too.
func Lines(text string, w float32, st Style) (out []string) {
	for _, para := range strings.Split(text, "\n") {
		line := ""
		for _, word := range strings.Fields(para) {
			next := strings.TrimSpace(line + " " + word)
			if Measure(next, st) <= w {
				line = next
				continue
			}
			if line != "" {
				out = append(out, line)
			}
			for Measure(word, st) > w {
				n := begins(word, w, st)
				out, word = append(out, word[:n]), word[n:]
			}
			line = word
		}
		out = append(out, line)
	}
	return out
}

// begins is how many bytes of a word stand in the width w, one letter at least.
func begins(word string, w float32, st Style) int {
	at := []int{}
	for i := range word {
		at = append(at, i)
	}
	at = append(at, len(word))
	n := sort.Search(len(at), func(i int) bool { return Measure(word[:at[i]], st) > w })
	return at[min(max(1, n-1), len(at)-1)]
}

// Empty draws what stands in the place of nothing: what is so, and what to do.
func (p *Painter) Empty(x, y, w float32, what, todo string) {
	p.TextFit(x, y, w, 20, what, Style{Bold: true})
	p.TextFit(x, y+20, w, 18, todo, Style{Size: 12, Color: p.Muted})
}
