// Package month is the page that analyses one month: every index with its target,
// the most frequent reasons, and when people call.
package month

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"punto/app"
	"punto/app/desk"
	"punto/app/tally"
	"punto/reports"
	"punto/ui/look"
	"punto/ui/page"
)

// month is the analysis of one month: every index with its target, and the most
// frequent reasons.
type month struct {
	k     *page.Kit
	write Exporter // nil = not offered
	out   *export  // a report that is being written; nil = none
	at    time.Time
	owned []app.Named[desk.Contract]
	whose desk.ID // zero = that which the desk takes for the first
	a     *app.MonthAnswer
	asked page.Latest // to sum a month takes the desk a second: only that of the last one is waited for
	list  *look.List
	rows  []tally.Figure
	busy  bool
	card  int // which of its cards a small window shows
}

// Kind is the page of a month. report writes one; nil = it is not offered.
func Kind(report Exporter) page.Kind {
	return page.Kind{Name: "analysis", Word: "area.analysis", Key: "Ctrl F5", Place: page.Bar, Make: func(k *page.Kit) page.Page { return newMonth(k, report) }}
}

func newMonth(k *page.Kit, report Exporter) *month {
	now := k.Now().In(k.Zone())
	m := &month{k: k, write: report, at: time.Date(now.Year(), now.Month(), 1, 12, 0, 0, 0, time.UTC)}
	m.list = k.List(look.Column{Title: k.T("month.index"), Width: 230, Least: 170}, look.Column{Title: k.T("month.target"), Width: 90, Least: 70, Right: true},
		look.Column{Title: k.T("month.value"), Width: 96, Least: 76, Right: true}, look.Column{Title: "", Width: 110, Least: 90}, look.Column{Title: "", Width: 120, Least: 100}, look.Column{Title: k.T("month.state"), Least: 110})
	m.list.RowH = 28
	m.list.Len = func() int { return len(m.rows) }
	m.list.Row = m.row
	m.list.OnOpen = func(int) { m.open() }
	return m
}

// open opens the index that is selected.
func (m *month) open() {
	if i := m.list.Selected; m.a != nil && i < len(m.rows) {
		m.k.Over(newFigure(m.k, m.query(), m.rows[i], m.title()))
	}
}

// query is the month of the contract that stands there.
func (m *month) query() app.Month {
	return app.Month{Month: m.at.Format("2006-01"), Contract: m.whose}
}

// seen are the indices that come first, the promised ones before the others; after them
// comes every other that paper defines.
var seen = []string{"service_level_strict", "pct_abandoned", "average_call_time", "solved_online", "sla_take_up", "sla_resolve", "ola", "reopen_rate", "first_level",
	"offered", "cases_opened", "cases_resolved"}

// Show implements page.Page: its argument is an instant of the month.
func (m *month) Show(arg any) {
	if at, ok := arg.(time.Time); ok {
		m.at, m.a, m.rows = at, nil, nil
	}
	if m.owned == nil {
		page.Ask(m.k, app.Records{Type: desk.ContractType}, func(a app.RecordsAnswer) { m.owned = a.Contracts; m.k.Refresh() })
	}
	m.ask()
}

func (m *month) ask() {
	m.busy = true
	page.AskLatest(m.k, &m.asked, m.query(), func(a app.MonthAnswer) {
		m.a, m.busy, m.rows = &a, false, slices.Clone(a.Indices)
		place := func(f tally.Figure) int {
			if i := slices.Index(seen, f.ID); i >= 0 {
				return i
			}
			return len(seen)
		}
		slices.SortStableFunc(m.rows, func(x, y tally.Figure) int { return cmp.Compare(place(x), place(y)) })
		m.list.Selected = max(0, min(m.list.Selected, len(m.rows)-1))
	})
}

// contract goes on to the next contract of the desk.
func (m *month) contract() {
	here := slices.IndexFunc(m.owned, func(c app.Named[desk.Contract]) bool {
		return c.ID == m.whose || m.whose.IsZero() && m.a != nil && c.Of.Code == m.a.Contract
	})
	m.whose = m.owned[(here+1)%len(m.owned)].ID
	m.a, m.rows = nil, nil
	m.ask()
	m.k.Refresh()
}

func (m *month) step(n int) {
	m.k.Go("analysis", m.at.AddDate(0, n, 0))
}

// First implements page.Page.
func (m *month) First() fyne.Focusable { return m.list }

// Tick implements page.Page.
func (m *month) Tick() {}

// Status implements page.Page.
func (m *month) Status() string {
	if m.out != nil {
		return m.k.T("month.writing", "Done", m.out.done, "All", m.out.all)
	}
	if m.busy {
		return m.k.T("wait.loading")
	}
	return ""
}

// Actions implements page.Page.
func (m *month) Actions() []page.Action {
	k := m.k
	as := []page.Action{{Key: "F2", Word: m.k.T("do.card"), Hidden: true, Do: func() { m.card = (m.card + 1) % 3; m.k.Refresh() }}, {Key: "Alt ←", Word: m.k.T("month.prev"), Do: func() { m.step(-1) }}, {Key: "Alt →", Word: m.k.T("month.next"), Do: func() { m.step(1) }}}
	if len(m.owned) > 1 {
		as = append(as, page.Action{Key: "F3", Word: k.T("month.contract"), Do: m.contract})
	}
	if m.out != nil {
		return append([]page.Action{{Key: "F8", Word: k.T("month.stop"), Primary: true, Do: m.out.stop}}, as...)
	}
	as = append([]page.Action{{Key: "Enter", Word: k.T("month.open"), Hidden: true, Do: m.open}}, as...)
	if m.write != nil {
		as = append([]page.Action{{Key: "F9", Word: k.T("month.write"), Primary: true, Do: m.export}}, as...)
	}
	return as
}

// part says that the month is not over; "" = it is.
func (m *month) part() string {
	now := m.k.Now().In(m.k.Zone())
	if now.Year() != m.at.Year() || now.Month() != m.at.Month() {
		return ""
	}
	return m.k.T("month.part", "Day", now.Day())
}

// Called is the month, so that the window's title tells when another has come.
func (m *month) Called() string { return m.title() }

// title is the month in words.
func (m *month) title() string {
	names := map[string]string{
		"es": "Enero Febrero Marzo Abril Mayo Junio Julio Agosto Septiembre Octubre Noviembre Diciembre",
		"en": "January February March April May June July August September October November December",
		"pt": "Janeiro Fevereiro Março Abril Maio Junho Julho Agosto Setembro Outubro Novembro Dezembro"}
	return fmt.Sprintf("%s %d", strings.Fields(names[m.k.Words.Lang])[m.at.Month()-1], m.at.Year())
}

func (m *month) row(p *look.Painter, i int, _, y, _, h float32, xs []float32) {
	k, f := m.k, m.rows[i]
	p.TextFit(xs[0], y, xs[1]-xs[0]-8, h, named(k, f.ID), look.Style{Bold: true})
	mark, word := look.TodoMark, k.T("month.noTarget")
	if f.Target != nil {
		sign := "≤ "
		if f.AtLeast {
			sign = "≥ "
		}
		p.Right(xs[2]-8, y, h, sign+page.Figure(k.Words.Lang, *f.Target, f.Unit), look.Style{Color: p.Muted})
	}
	switch {
	case f.Value == nil:
		mark, word = look.TodoMark, k.T("month.noData")
		p.Right(xs[3]-8, y, h, "-", look.Style{Bold: true})
	case f.State == "met":
		mark, word = look.FineMark, k.T("month.met")
	case f.State == "missed":
		mark, word = look.FailMark, k.T("month.missed")
	}
	ink, _ := p.Tone(mark)
	if f.Value != nil {
		st := look.Style{Bold: true}
		if mark == look.FailMark {
			st.Color = ink
		}
		p.Right(xs[3]-8, y, h, page.Figure(k.Words.Lang, *f.Value, f.Unit), st)
		if f.Target != nil && *f.Target > 0 {
			limit := 0.6
			p.Track(xs[3]+8, y+h/2, xs[4]-xs[3]-18, *f.Value / *f.Target, limit, p.Solid(mark))
		}
	}
	if f.N != nil {
		p.TextFit(xs[4], y, xs[5]-xs[4]-8, h, fmt.Sprintf("n %d", *f.N), look.Style{Size: 12, Color: p.Muted})
	} else if f.Den != nil {
		p.TextFit(xs[4], y, xs[5]-xs[4]-8, h, reports.Digits(k.Words.Lang, f.Num, 0)+" / "+reports.Digits(k.Words.Lang, *f.Den, 0), look.Style{Size: 12, Color: p.Muted})
	}
	p.Mark(xs[5], y+h/2-6, 12, mark)
	p.TextFit(xs[5]+18, y, xs[6]-xs[5]-18, h, word, look.Style{Bold: mark == look.FineMark || mark == look.FailMark, Color: ink})
}

// Draw implements page.Page.
func (m *month) Draw(p *look.Painter, r page.Rect) {
	k := m.k
	x := p.Text(page.Margin, r.Y+8, 30, m.title(), look.Style{Size: 20, Bold: true, Color: p.Ink}) + 12
	if m.a == nil {
		p.Text(page.Margin, r.Y+40, 24, k.T("wait.loading"), look.Style{})
		return
	}
	p.TextFit(x, r.Y+10, r.W-page.Margin-x, 28, strings.Trim(m.a.Client+" · "+m.a.Contract+" · "+m.part(), " ·"), look.Style{Color: p.Muted})
	met, all := 0, 0
	for _, f := range m.a.Indices {
		if f.State != "" {
			all++
			if f.State == "met" {
				met++
			}
		}
	}
	p.Text(page.Margin, r.Y+36, 24, k.T("month.headline", "Met", met, "All", all), look.Style{Size: 16, Bold: true, Color: p.Ink})
	y := r.Y + 72
	if p.Small() {
		m.drawFolded(p, page.At(page.Margin, y-4, r.W-2*page.Margin, r.Y+r.H-y-4))
		return
	}
	side := float32(516)
	lw := r.W - 2*page.Margin - 12 - side
	h := r.Y + r.H - y - 12
	p.CardBox(page.Margin, y, lw, h, false)
	p.Text(page.Margin+16, y+8, 26, k.T("month.indices"), look.Style{Size: 16, Bold: true, Color: p.Ink})
	table := float32(min(len(m.rows), len(seen)))*m.list.RowH + 76
	if rest := h - table - 12; rest >= heatH { // a tall window shows the demand too
		p.Place(m.list, page.Margin+1, y+38, lw-2, table-44)
		m.drawHeat(p, page.At(page.Margin, y+table+12, lw, rest))
		p.Line(page.Margin, y+table, page.Margin+lw, y+table, 1, p.Palette.Line)
	} else {
		p.Place(m.list, page.Margin+1, y+38, lw-2, h-44)
	}
	m.drawFrequent(p, page.At(page.Margin+lw+12, y, side, h))
}

// drawFolded shows one card: the indices, the reasons, or the demand.
func (m *month) drawFolded(p *look.Painter, r page.Rect) {
	k := m.k
	r = page.Folds(p, r, []string{k.T("month.indicesTab"), k.T("month.frequentTab"), k.T("month.heatTab")}, m.card, func(i int) { m.card = i; k.Refresh() })
	switch m.card {
	case 0:
		p.CardBox(r.X, r.Y, r.W, r.H, false)
		p.Place(m.list, r.X+1, r.Y+2, r.W-2, r.H-4)
	case 1:
		m.drawFrequent(p, r)
	default:
		p.CardBox(r.X, r.Y, r.W, r.H, false)
		m.drawHeat(p, page.At(r.X, r.Y+8, r.W, r.H-8))
	}
}

const heatH = 290 // least height of the map of demand

// drawHeat is the mean of the calls offered by weekday and hour: the number
// stands in each cell, and the colour only says it again.
func (m *month) drawHeat(p *look.Painter, r page.Rect) {
	k := m.k
	p.Text(r.X+16, r.Y, 26, k.T("month.heat"), look.Style{Size: 16, Bold: true, Color: p.Ink})
	from, to := 24, 0
	most := 1
	weeks := m.weekdays()
	mean := func(d, h int) int { return int((m.a.Hours[d][h] + weeks[d]/2) / max(1, weeks[d])) }
	for d := range 7 {
		for h := range 24 {
			if m.a.Open[d][h] || m.a.Hours[d][h] > 0 {
				from, to = min(from, h), max(to, h+1)
			}
			most = max(most, mean(d, h))
		}
	}
	if from >= to {
		return
	}
	names := strings.Fields(k.T("month.days"))
	cw := (r.W - 80) / float32(to-from)
	for h := from; h < to; h++ {
		p.Text(r.X+56+float32(h-from)*cw+cw/2-7, r.Y+28, 20, fmt.Sprint(h), look.Style{Size: 12, Color: p.Muted})
	}
	ch := min(float32(34), (r.H-60)/7)
	for d := range 7 {
		y := r.Y + 50 + float32(d)*ch
		p.Text(r.X+16, y, ch, names[d], look.Style{Size: 12, Color: p.Muted})
		for h := from; h < to; h++ {
			x := r.X + 56 + float32(h-from)*cw
			n := mean(d, h)
			if n == 0 && !m.a.Open[d][h] {
				p.Rect(x+1, y+1, cw-2, ch-2, 3, nil, p.Palette.Line, 1)
				continue
			}
			step := min(4, n*5/(most+1))
			st := look.Style{Size: 12, Color: p.OnHeat(step)}
			p.Rect(x+1, y+1, cw-2, ch-2, 3, p.Heat[step], nil, 0)
			s := fmt.Sprint(n)
			p.Text(x+(cw-look.Measure(s, st))/2, y, ch, s, st)
		}
	}
}

// weekdays counts the Mondays, Tuesdays, ... of the month.
func (m *month) weekdays() (n [7]int64) {
	for d := m.at; d.Month() == m.at.Month(); d = d.AddDate(0, 0, 1) {
		n[(int(d.Weekday())+6)%7]++
	}
	return n
}

func (m *month) drawFrequent(p *look.Painter, r page.Rect) {
	k := m.k
	p.CardBox(r.X, r.Y, r.W, r.H, false)
	p.Text(r.X+16, r.Y+8, 26, k.T("month.frequent"), look.Style{Size: 16, Bold: true, Color: p.Ink})
	top := m.a.Tables["category"]
	y := r.Y + 42
	if len(top) == 0 {
		p.Empty(r.X+16, y, r.W-32, k.T("month.none"), k.T("month.noneHint"))
		return
	}
	p.Right(r.X+r.W-16, y-4, 20, k.T("month.cum"), look.Style{Size: 12, Bold: true, Color: p.Muted})
	p.Line(r.X, y+18, r.X+r.W, y+18, 1.5, p.Ink)
	y += 22
	for i, c := range top {
		if y+28 > r.Y+r.H-6 || i == 14 {
			break
		}
		name := c.Name
		if cat, ok := k.Model.Category(c.Name); ok {
			name = cat.Name(k.Words.Lang)
		}
		p.TextFit(r.X+16, y, 210, 28, name, look.Style{})
		bar := float32(c.N) / float32(top[0].N) * 140
		p.Rect(r.X+232, y+7, max(2, bar), 14, 2, p.Accent, nil, 0)
		p.Text(r.X+240+bar, y, 28, fmt.Sprint(c.N), look.Style{Bold: true})
		p.Right(r.X+r.W-16, y, 28, reports.Percent(k.Words.Lang, c.Cum, 0), look.Style{Color: p.Muted})
		y += 28
	}
}
