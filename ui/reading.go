package ui

import (
	"strings"

	"fyne.io/fyne/v2"

	"punto/app"
	"punto/app/desk"
	"punto/app/sla"
	"punto/ui/look"
)

// reading is a page of lines over another: Esc goes back to it.
type reading struct {
	w     *Window
	from  page
	title string
	list  *look.List
	lines []look.Span
	load  func(*reading)
	use   func() // what Enter does with it; nil = nothing
	word  string // for that
}

func newReading(w *Window, from page, title string) *reading {
	r := &reading{w: w, from: from, title: title}
	r.list = look.NewList(w.palette, w)
	r.list.RowH = 24
	r.list.OnOpen = func(int) {
		if r.use != nil {
			r.use()
		}
	}
	r.list.Len = func() int { return len(r.lines) }
	r.list.Row = func(p *look.Painter, i int, x, y, wd, h float32, _ []float32) {
		p.TextFit(x, y, wd, h, r.lines[i].S, r.lines[i].Style)
	}
	return r
}

func (r *reading) first() fyne.Focusable { return r.list }
func (r *reading) called() string        { return r.title }
func (r *reading) back()                 { r.w.open(r.from) }
func (r *reading) tick()                 {}
func (r *reading) status() string        { return "" }
func (r *reading) actions() []action {
	back := action{key: "Esc", word: r.w.T("do.back"), primary: r.use == nil, do: r.back}
	if r.use == nil {
		return []action{back}
	}
	return []action{{key: "Enter", word: r.word, primary: true, do: r.use}, back}
}

func (r *reading) show() {
	if r.load != nil {
		r.load(r)
	}
}

func (r *reading) draw(p *look.Painter, b rect) {
	p.Text(margin, b.y+12, 32, r.title, look.Style{Size: 20, Bold: true, Color: p.Ink})
	p.CardBox(margin, b.y+52, b.w-2*margin, b.h-64, false)
	p.Place(r.list, margin+1, b.y+60, b.w-2*margin-2, b.h-80)
}

// newExplain tells what made each deadline of a case.
func newExplain(w *Window, from page, number string, clocks []sla.Explanation) *reading {
	r := newReading(w, from, w.T("explain.title")+" · "+number)
	const layout = "2/1/2006 15:04:05"
	for _, x := range clocks {
		_, word := w.clockChip(x.Run)
		r.lines = append(r.lines, look.Span{S: w.words.T("clock."+x.Run.Kind.String()) + " · " + word + " · " + w.T("clock.target", "Time", span(x.Run.Target)) + " · " +
			w.T("explain.calendar", "Name", x.Calendar, "Version", x.Version), Style: look.Style{Bold: true}})
		for _, s := range x.Counted {
			r.lines = append(r.lines, look.Span{S: "    " + w.T("explain.open") + "  " + s.From.In(w.zone()).Format(layout) + " – " + s.To.In(w.zone()).Format(layout) + "  (" + span(s.To.Sub(s.From)) + ")"})
		}
		for _, s := range x.Run.Pauses {
			to := "…"
			if !s.To.IsZero() {
				to = s.To.In(w.zone()).Format(layout)
			}
			r.lines = append(r.lines, look.Span{S: "    " + w.T("explain.paused") + "  " + s.From.In(w.zone()).Format(layout) + " – " + to + "  " + w.reason(s.Why)})
		}
		for _, d := range x.Closed {
			r.lines = append(r.lines, look.Span{S: "    " + w.T("explain.closed") + "  " + d})
		}
	}
	return r
}

// newArticle shows a solution document.
func newArticle(w *Window, from page, id desk.ID) *reading {
	r := newReading(w, from, w.T("wait.loading"))
	r.load = func(r *reading) {
		ask(w, app.OneArticle{ID: id}, func(a app.OneArticleAnswer) {
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
