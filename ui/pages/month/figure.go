package month

import (
	"time"

	"fyne.io/fyne/v2"

	"punto/app"
	"punto/app/tally"
	"punto/reports"
	"punto/ui/look"
	"punto/ui/page"
)

// history is how many months a figure is followed over, that of the page last.
const history = 13

// figure is one index of a month opened: how it is made, what it rests on, its months, and
// the parts that add up to it.
type figure struct {
	k      *page.Kit
	q      app.Month
	f      tally.Figure
	title  string
	cut    int // of app.Cuts
	a      *app.MonthByAnswer
	parts  []part
	months []past
	asked  page.Latest
	list   *look.List
}

// part is what one part of a cut brought.
type part struct {
	name string
	f    tally.Figure
}

// past is the index in one month.
type past struct {
	month string
	f     tally.Figure
	known bool
}

func newFigure(k *page.Kit, q app.Month, f tally.Figure, title string) *figure {
	x := &figure{k: k, q: q, f: f, title: named(k, f.ID) + " · " + title}
	x.list = k.List(look.Column{Title: "", Least: 120}, look.Column{Title: k.T("month.value"), Width: 110, Least: 90, Right: true}, look.Column{Title: "", Width: 150, Least: 110, Right: true})
	x.list.RowH = 28
	x.list.Len = func() int { return len(x.parts) }
	x.list.Row = x.row
	return x
}

// named is an index in the words of paper.
func named(k *page.Kit, id string) string {
	w, _ := reports.Describe(id, k.Words.Lang)
	return w.Name
}

// Called is the name of the index, in the window's title.
func (x *figure) Called() string { return x.title }

// First implements page.Page.
func (x *figure) First() fyne.Focusable { return x.list }

// Tick implements page.Page.
func (x *figure) Tick() {}

// Status implements page.Page.
func (x *figure) Status() string {
	if x.a == nil {
		return x.k.T("wait.loading")
	}
	return ""
}

// Actions implements page.Page.
func (x *figure) Actions() []page.Action {
	k := x.k
	return []page.Action{{Key: "Esc", Word: k.T("do.back"), Primary: true, Do: k.Leave}, {Key: "Alt →", Word: k.T("figure.next"), Do: func() { x.turn(1) }},
		{Key: "Alt ←", Word: k.T("figure.before"), Do: func() { x.turn(-1) }}}
}

func (x *figure) turn(n int) {
	x.cut = (x.cut + n + len(app.Cuts)) % len(app.Cuts)
	x.parts, x.a, x.list.Selected = nil, nil, 0
	x.ask()
	x.k.Refresh()
}

// Show implements page.Page.
func (x *figure) Show(any) {
	x.ask()
	if len(x.months) > 0 {
		return
	}
	at, err := time.Parse("2006-01", x.q.Month)
	if err != nil { // a week or a day has no months
		return
	}
	for i := range history {
		x.months = append(x.months, past{month: at.AddDate(0, i-history+1, 0).Format("2006-01")})
	}
	x.months[history-1] = past{x.q.Month, x.f, true}
	x.askMonth(history - 2)
}

// askMonth asks for one month, and then for the one before it: the newest stand there first,
// and nobody waits for the desk.
func (x *figure) askMonth(i int) {
	if i < 0 || !x.k.Up(x) && i < history-2 {
		return
	}
	page.Ask(x.k, app.Month{Month: x.months[i].month, Contract: x.q.Contract}, func(a app.MonthAnswer) {
		if f, ok := of(a.Indices, x.f.ID); ok {
			x.months[i].f, x.months[i].known = f, true
		}
		x.k.Refresh()
		x.askMonth(i - 1)
	})
}

func of(all []tally.Figure, id string) (tally.Figure, bool) {
	for _, f := range all {
		if f.ID == id {
			return f, true
		}
	}
	return tally.Figure{}, false
}

func (x *figure) ask() {
	k := x.k
	x.list.Empty = [2]string{k.T("wait.loading")}
	page.AskLatest(k, &x.asked, app.MonthBy{Month: x.q.Month, Contract: x.q.Contract, By: app.Cuts[x.cut]}, func(a app.MonthByAnswer) {
		x.a, x.parts = &a, nil
		for _, r := range a.Rows {
			f, ok := of(r.Figures, x.f.ID)
			if !ok || f.Num == 0 && (f.Den == nil || *f.Den == 0) {
				continue // it brought nothing
			}
			x.parts = append(x.parts, part{x.called(r), f})
		}
		x.list.Empty = [2]string{k.T("figure.none"), k.T("figure.noneHint")}
		x.list.Refresh()
		k.Refresh()
	})
}

// called is a part in words.
func (x *figure) called(r app.MonthPart) string {
	k := x.k
	switch {
	case r.Key == "":
		return k.T("figure.unknown")
	case app.Cuts[x.cut] == "category":
		if c, ok := k.Model.Category(r.Key); ok {
			return c.Name(k.Words.Lang)
		}
	case app.Cuts[x.cut] == "day":
		if at, err := time.Parse("2006-01-02", r.Key); err == nil {
			return at.Format("02/01/2006")
		}
	case r.Name == "":
		return reports.Word(r.Key, k.Words.Lang)
	}
	if r.Name != "" {
		return r.Name
	}
	return r.Key
}

func (x *figure) row(p *look.Painter, i int, _, y, _, h float32, xs []float32) {
	r := x.parts[i]
	p.TextFit(xs[0], y, xs[1]-xs[0]-8, h, r.name, look.Style{})
	p.Right(xs[2]-8, y, h, value(x.k, r.f), look.Style{Bold: true})
	p.Right(xs[3]-8, y, h, rests(x.k, r.f), look.Style{Size: 12, Color: p.Muted})
}

// value is a figure as it is read; one without data is "-".
func value(k *page.Kit, f tally.Figure) string {
	if f.Value == nil {
		return "-"
	}
	return page.Figure(k.Words.Lang, *f.Value, f.Unit)
}

// rests is what a figure rests on: what is counted, of how much.
func rests(k *page.Kit, f tally.Figure) string {
	if f.Den == nil {
		return ""
	}
	return k.T("figure.made", "Num", reports.Digits(k.Words.Lang, f.Num, 0), "Den", reports.Digits(k.Words.Lang, *f.Den, 0))
}

// Draw implements page.Page.
func (x *figure) Draw(p *look.Painter, r page.Rect) {
	k := x.k
	p.TextFit(page.Margin, r.Y+8, r.W-2*page.Margin, 30, x.title, look.Style{Size: 20, Bold: true, Color: p.Ink})
	w, _ := reports.Describe(x.f.ID, k.Words.Lang)
	p.TextFit(page.Margin, r.Y+38, r.W-2*page.Margin, 22, k.T("figure.formula")+": "+w.Formula, look.Style{Color: p.Muted})
	said := value(k, x.f)
	if s := rests(k, x.f); s != "" {
		said += " = " + s
	}
	if f := x.f; f.N != nil && f.Median != nil && f.P90 != nil {
		said += " · " + k.T("figure.spread", "N", *f.N, "Median", page.Figure(k.Words.Lang, *f.Median, f.Unit), "P90", page.Figure(k.Words.Lang, *f.P90, f.Unit))
	}
	p.TextFit(page.Margin, r.Y+60, r.W-2*page.Margin, 26, said, look.Style{Size: 16, Bold: true, Color: p.Ink})
	y, h := r.Y+94, r.H-106
	side := min(float32(360), r.W*0.36)
	x.drawMonths(p, page.At(page.Margin, y, side, h))
	left := page.Margin + side + 12
	wide := r.W - page.Margin - left
	p.CardBox(left, y, wide, h, false)
	head := k.T("figure.by", "Cut", k.T("cut."+app.Cuts[x.cut]))
	p.TextFit(left+16, y+8, wide-32, 26, head, look.Style{Size: 16, Bold: true, Color: p.Ink})
	p.Right(left+wide-16, y+8, 26, x.sum(), look.Style{Size: 12, Color: p.Muted})
	p.Place(x.list, left+1, y+38, wide-2, h-44)
}

// sum says how much of the whole the parts add up to.
func (x *figure) sum() string {
	if x.a == nil || len(x.parts) == 0 {
		return ""
	}
	whole, ok := of(x.a.Whole, x.f.ID)
	if !ok {
		return ""
	}
	n := 0.0
	for _, r := range x.parts {
		n += r.f.Num
	}
	return x.k.T("figure.sums", "Num", reports.Digits(x.k.Words.Lang, n, 0), "All", reports.Digits(x.k.Words.Lang, whole.Num, 0))
}

// drawMonths draws the index over its months, each with its bar and what it rests on.
func (x *figure) drawMonths(p *look.Painter, r page.Rect) {
	k := x.k
	p.CardBox(r.X, r.Y, r.W, r.H, false)
	p.Text(r.X+16, r.Y+8, 26, k.T("figure.months"), look.Style{Size: 16, Bold: true, Color: p.Ink})
	most := 0.0
	for _, m := range x.months {
		if m.f.Value != nil {
			most = max(most, *m.f.Value)
		}
	}
	h := min(float32(28), (r.H-46)/history)
	for i, m := range x.months {
		y := r.Y + 40 + float32(i)*h
		p.Text(r.X+16, y, h, m.month, look.Style{Size: 12, Color: p.Muted})
		if !m.known {
			p.Text(r.X+84, y, h, "…", look.Style{Color: p.Muted})
			continue
		}
		if v := m.f.Value; v != nil && most > 0 {
			p.Rect(r.X+84, y+h/2-5, max(2, float32(*v/most)*(r.W-200)), 10, 2, p.Accent, nil, 0)
		}
		p.Right(r.X+r.W-16, y, h, value(k, m.f), look.Style{Bold: i == len(x.months)-1})
	}
}
