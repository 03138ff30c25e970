package look

import "strings"

// Small tells whether a window is too small for panes side by side: then the cards
// of a side stack become tabs. A screen of 1366 by 768 at 150 % has 910 by 512.
func (p *Painter) Small() bool { return p.W < 1100 || p.H < 690 }

// Paragraph sets a text in lines, as many as fit in the place.
func (p *Painter) Paragraph(x, y, w, h float32, text string, st Style) {
	end := y + h
	for _, para := range strings.Split(text, "\n") {
		line := ""
		flush := func() bool {
			if y+20 > end {
				return false
			}
			p.Text(x, y, 20, line, st)
			y += 20
			line = ""
			return true
		}
		for _, word := range strings.Fields(para) {
			next := strings.TrimSpace(line + " " + word)
			if Measure(next, st) > w && line != "" {
				if !flush() {
					return
				}
				next = word
			}
			line = next
		}
		if !flush() {
			return
		}
	}
}

// Empty draws what stands in the place of nothing: what is so, and what to do.
func (p *Painter) Empty(x, y, w float32, what, todo string) {
	p.TextFit(x, y, w, 20, what, Style{Bold: true})
	p.TextFit(x, y+20, w, 18, todo, Style{Size: 12, Color: p.Muted})
}
