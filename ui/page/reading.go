package page

import (
	"strings"

	"fyne.io/fyne/v2"

	"punto/app"
	"punto/app/desk"
	"punto/app/sla"
	"punto/ui/look"
)

// Reading is a page of lines over another: Esc goes back to it.
type Reading struct {
	Use   func() // what Enter does with it; nil = nothing
	Word  string // for that
	k     *Kit
	title string
	list  *look.List
	lines []look.Span
	load  func(*Reading)
}

func newReading(k *Kit, title string) *Reading {
	r := &Reading{k: k, title: title}
	r.list = k.List()
	r.list.RowH = 24
	r.list.OnOpen = func(int) {
		if r.Use != nil {
			r.Use()
		}
	}
	r.list.Len = func() int { return len(r.lines) }
	r.list.Row = func(p *look.Painter, i int, x, y, wd, h float32, _ []float32) {
		p.TextFit(x, y, wd, h, r.lines[i].S, r.lines[i].Style)
	}
	return r
}

// First implements Page.
func (r *Reading) First() fyne.Focusable { return r.list }

// Called is the title of what is read.
func (r *Reading) Called() string { return r.title }

// Tick implements Page.
func (r *Reading) Tick() {}

// Status implements Page.
func (r *Reading) Status() string { return "" }

// Actions implements Page.
func (r *Reading) Actions() []Action {
	back := Action{Key: "Esc", Word: r.k.T("do.back"), Primary: r.Use == nil, Do: r.k.Leave}
	if r.Use == nil {
		return []Action{back}
	}
	return []Action{{Key: "Enter", Word: r.Word, Primary: true, Do: r.Use}, back}
}

// Show implements Page.
func (r *Reading) Show(any) {
	if r.load != nil {
		r.load(r)
	}
}

// Draw implements Page.
func (r *Reading) Draw(p *look.Painter, b Rect) {
	p.Text(Margin, b.Y+12, 32, r.title, look.Style{Size: 20, Bold: true, Color: p.Ink})
	p.CardBox(Margin, b.Y+52, b.W-2*Margin, b.H-64, false)
	p.Place(r.list, Margin+1, b.Y+60, b.W-2*Margin-2, b.H-80)
}

// Lines is a page of some lines.
func Lines(k *Kit, title string, lines []look.Span) *Reading {
	r := newReading(k, title)
	r.lines = lines
	return r
}

// Explanation tells what made each deadline of a case.
func Explanation(k *Kit, number string, clocks []sla.Explanation) *Reading {
	r := newReading(k, k.T("explain.title")+" · "+number)
	const layout = "2/1/2006 15:04:05"
	for _, x := range clocks {
		_, word := k.ClockChip(x.Run)
		r.lines = append(r.lines, look.Span{S: k.Words.T("clock."+x.Run.Kind.String()) + " · " + word + " · " + k.T("clock.target", "Time", Span(x.Run.Target)) + " · " +
			k.T("explain.calendar", "Name", x.Calendar, "Version", x.Version), Style: look.Style{Bold: true}})
		for _, s := range x.Counted {
			r.lines = append(r.lines, look.Span{S: "    " + k.T("explain.open") + "  " + s.From.In(k.Zone()).Format(layout) + " – " + s.To.In(k.Zone()).Format(layout) + "  (" + Span(s.To.Sub(s.From)) + ")"})
		}
		for _, s := range x.Run.Pauses {
			to := "…"
			if !s.To.IsZero() {
				to = s.To.In(k.Zone()).Format(layout)
			}
			r.lines = append(r.lines, look.Span{S: "    " + k.T("explain.paused") + "  " + s.From.In(k.Zone()).Format(layout) + " – " + to + "  " + k.Reason(s.Why)})
		}
		for _, d := range x.Closed {
			r.lines = append(r.lines, look.Span{S: "    " + k.T("explain.closed") + "  " + d})
		}
	}
	return r
}

// Article shows a solution document.
func Article(k *Kit, id desk.ID) *Reading {
	r := newReading(k, k.T("wait.loading"))
	r.load = func(r *Reading) {
		Ask(k, app.OneArticle{ID: id}, func(a app.OneArticleAnswer) {
			r.title, r.lines = a.Article.Title, nil
			for _, para := range strings.Split(a.Article.Body, "\n") {
				for _, line := range wrap(para, 110) {
					r.lines = append(r.lines, look.Span{S: line})
				}
			}
		})
	}
	return r
}

// wrap breaks a paragraph at about n letters.
func wrap(s string, n int) (out []string) {
	line := ""
	for _, word := range strings.Fields(s) {
		for r := []rune(word); len(r) > n; r = []rune(word) { // wider than a line
			if line != "" {
				out, line = append(out, line), ""
			}
			out, word = append(out, string(r[:n])), string(r[n:])
		}
		if len([]rune(line))+len([]rune(word)) >= n && line != "" {
			out = append(out, line)
			line = ""
		}
		line = strings.TrimSpace(line + " " + word)
	}
	return append(out, line)
}
