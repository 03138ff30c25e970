package ui

import (
	"fmt"
	"math"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"punto/app"
	"punto/app/tally"
	"punto/reports"
	"punto/ui/look"
)

// month is the analysis of one month: every index with its target, and the most
// frequent reasons.
type month struct {
	w    *Window
	at   time.Time
	a    *app.MonthAnswer
	list *look.List
	rows []tally.Figure
	done time.Time
	busy bool
	card int // which of its cards a small window shows
}

func newMonth(w *Window) *month {
	now := w.Now().In(w.zone())
	m := &month{w: w, at: time.Date(now.Year(), now.Month(), 1, 12, 0, 0, 0, time.UTC)}
	m.list = look.NewList(w.palette, w, look.Column{Title: w.T("month.index"), Width: 230, Least: 170}, look.Column{Title: w.T("month.target"), Width: 90, Least: 70, Right: true},
		look.Column{Title: w.T("month.value"), Width: 96, Least: 76, Right: true}, look.Column{Title: "", Width: 110, Least: 90}, look.Column{Title: "", Width: 120, Least: 100}, look.Column{Title: w.T("month.state"), Least: 110})
	m.list.RowH = 28
	m.list.Len = func() int { return len(m.rows) }
	m.list.Row = m.row
	return m
}

// seen are the indices of the page, the promised ones first.
var seen = []string{"service_level_strict", "pct_abandoned", "average_call_time", "solved_online", "sla_take_up", "sla_resolve", "ola", "reopen_rate", "first_level",
	"offered", "cases_opened", "cases_resolved"}

func (m *month) show() {
	m.busy = true
	key := m.at.Format("2006-01")
	ask(m.w, app.Month{Month: key}, func(a app.MonthAnswer) {
		if a.Month != m.at.Format("2006-01") {
			return
		}
		m.a, m.busy, m.done, m.rows = &a, false, m.w.Now(), nil
		for _, id := range seen {
			for _, f := range a.Indices {
				if f.ID == id {
					m.rows = append(m.rows, f)
				}
			}
		}
	})
}

func (m *month) step(n int) {
	m.at = m.at.AddDate(0, n, 0)
	m.a, m.rows = nil, nil
	m.w.arrive(m.show)
}

func (m *month) first() fyne.Focusable { return m.list }
func (m *month) tick()                 {}

func (m *month) status() string {
	if m.busy {
		return m.w.T("wait.loading")
	}
	return ""
}

func (m *month) actions() []action {
	as := []action{{key: "F2", word: m.w.T("do.card"), hidden: true, do: func() { m.card = (m.card + 1) % 3; m.w.Refresh() }}, {key: "Alt ←", word: m.w.T("month.prev"), do: func() { m.step(-1) }}, {key: "Alt →", word: m.w.T("month.next"), do: func() { m.step(1) }}}
	if m.w.Report != nil {
		as = append([]action{{key: "F9", word: m.w.T("do.report"), primary: true, do: m.report}}, as...)
	}
	return as
}

func (m *month) report() {
	w, q := m.w, app.Month{Month: m.at.Format("2006-01")}
	m.busy = true
	ctx := w.session()
	go func() {
		file, err := w.Report(ctx, q)
		w.Post(func() {
			m.busy = false
			if err != nil {
				w.failed(err)
				return
			}
			w.tell(w.T("month.report", "File", file), false)
		})
	}()
}

// called is the month, so that the window's title tells when another has come.
func (m *month) called() string { return m.title() }

// title is the month in words.
func (m *month) title() string {
	names := map[string]string{
		"es": "Enero Febrero Marzo Abril Mayo Junio Julio Agosto Septiembre Octubre Noviembre Diciembre",
		"en": "January February March April May June July August September October November December",
		"pt": "Janeiro Fevereiro Março Abril Maio Junho Julho Agosto Setembro Outubro Novembro Dezembro"}
	return fmt.Sprintf("%s %d", strings.Fields(names[m.w.words.Lang])[m.at.Month()-1], m.at.Year())
}

// value is a figure as people of a language read it.
func value(lang string, v float64, unit string) string {
	switch unit {
	case "share":
		return reports.Percent(lang, v, 1)
	case "seconds":
		return duration(time.Duration(math.Round(v)) * time.Second)
	}
	return reports.Digits(lang, v, 0)
}

func (m *month) row(p *look.Painter, i int, _, y, _, h float32, xs []float32) {
	w, f := m.w, m.rows[i]
	p.TextFit(xs[0], y, xs[1]-xs[0]-8, h, w.words.T("index."+f.ID), look.Style{Bold: true})
	mark, word := look.TodoMark, w.T("month.noTarget")
	if f.Target != nil {
		sign := "≤ "
		if f.AtLeast {
			sign = "≥ "
		}
		p.Right(xs[2]-8, y, h, sign+value(w.words.Lang, *f.Target, f.Unit), look.Style{Color: p.Muted})
	}
	switch {
	case f.Value == nil:
		mark, word = look.TodoMark, w.T("month.noData")
		p.Right(xs[3]-8, y, h, "-", look.Style{Bold: true})
	case f.State == "met":
		mark, word = look.FineMark, w.T("month.met")
	case f.State == "missed":
		mark, word = look.FailMark, w.T("month.missed")
	}
	ink, _ := p.Tone(mark)
	if f.Value != nil {
		st := look.Style{Bold: true}
		if mark == look.FailMark {
			st.Color = ink
		}
		p.Right(xs[3]-8, y, h, value(w.words.Lang, *f.Value, f.Unit), st)
		if f.Target != nil && *f.Target > 0 {
			limit := 0.6
			p.Track(xs[3]+8, y+h/2, xs[4]-xs[3]-18, *f.Value / *f.Target, limit, p.Solid(mark))
		}
	}
	if f.N != nil {
		p.TextFit(xs[4], y, xs[5]-xs[4]-8, h, fmt.Sprintf("n %d", *f.N), look.Style{Size: 12, Color: p.Muted})
	} else if f.Den != nil {
		p.TextFit(xs[4], y, xs[5]-xs[4]-8, h, reports.Digits(w.words.Lang, f.Num, 0)+" / "+reports.Digits(w.words.Lang, *f.Den, 0), look.Style{Size: 12, Color: p.Muted})
	}
	p.Mark(xs[5], y+h/2-6, 12, mark)
	p.TextFit(xs[5]+18, y, xs[6]-xs[5]-18, h, word, look.Style{Bold: mark == look.FineMark || mark == look.FailMark, Color: ink})
}

func (m *month) draw(p *look.Painter, r rect) {
	w := m.w
	x := p.Text(margin, r.y+8, 30, m.title(), look.Style{Size: 20, Bold: true, Color: p.Ink}) + 12
	if m.a == nil {
		p.Text(margin, r.y+40, 24, w.T("wait.loading"), look.Style{})
		return
	}
	p.TextFit(x, r.y+10, r.w-margin-x, 28, strings.Trim(m.a.Client+" · "+m.a.Contract, " ·"), look.Style{Color: p.Muted})
	met, all := 0, 0
	for _, f := range m.a.Indices {
		if f.State != "" {
			all++
			if f.State == "met" {
				met++
			}
		}
	}
	p.Text(margin, r.y+36, 24, w.T("month.headline", "Met", met, "All", all), look.Style{Size: 16, Bold: true, Color: p.Ink})
	y := r.y + 72
	if folds(p) {
		m.drawFolded(p, rect{margin, y - 4, r.w - 2*margin, r.y + r.h - y - 4})
		return
	}
	side := float32(516)
	lw := r.w - 2*margin - 12 - side
	h := r.y + r.h - y - 12
	p.CardBox(margin, y, lw, h, false)
	p.Text(margin+16, y+8, 26, w.T("month.indices"), look.Style{Size: 16, Bold: true, Color: p.Ink})
	table := float32(len(m.rows))*m.list.RowH + 76
	if rest := h - table - 12; rest >= heatH { // a tall window shows the demand too
		p.Place(m.list, margin+1, y+38, lw-2, table-44)
		m.drawHeat(p, rect{margin, y + table + 12, lw, rest})
		p.Line(margin, y+table, margin+lw, y+table, 1, p.Palette.Line)
	} else {
		p.Place(m.list, margin+1, y+38, lw-2, h-44)
	}
	m.drawFrequent(p, rect{margin + lw + 12, y, side, h})
}

// drawFolded shows one card: the indices, the reasons, or the demand.
func (m *month) drawFolded(p *look.Painter, r rect) {
	w := m.w
	r = w.drawFolds(p, r, []string{w.T("month.indicesTab"), w.T("month.frequentTab"), w.T("month.heatTab")}, m.card, func(i int) { m.card = i; w.Refresh() })
	switch m.card {
	case 0:
		p.CardBox(r.x, r.y, r.w, r.h, false)
		p.Place(m.list, r.x+1, r.y+2, r.w-2, r.h-4)
	case 1:
		m.drawFrequent(p, r)
	default:
		p.CardBox(r.x, r.y, r.w, r.h, false)
		m.drawHeat(p, rect{r.x, r.y + 8, r.w, r.h - 8})
	}
}

const heatH = 290 // least height of the map of demand

// drawHeat is the mean of the calls offered by weekday and hour: the number
// stands in each cell, and the colour only says it again.
func (m *month) drawHeat(p *look.Painter, r rect) {
	w := m.w
	p.Text(r.x+16, r.y, 26, w.T("month.heat"), look.Style{Size: 16, Bold: true, Color: p.Ink})
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
	names := strings.Fields(w.T("month.days"))
	cw := (r.w - 80) / float32(to-from)
	for h := from; h < to; h++ {
		p.Text(r.x+56+float32(h-from)*cw+cw/2-7, r.y+28, 20, fmt.Sprint(h), look.Style{Size: 12, Color: p.Muted})
	}
	ch := min(float32(34), (r.h-60)/7)
	for d := range 7 {
		y := r.y + 50 + float32(d)*ch
		p.Text(r.x+16, y, ch, names[d], look.Style{Size: 12, Color: p.Muted})
		for h := from; h < to; h++ {
			x := r.x + 56 + float32(h-from)*cw
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

func (m *month) drawFrequent(p *look.Painter, r rect) {
	w := m.w
	p.CardBox(r.x, r.y, r.w, r.h, false)
	p.Text(r.x+16, r.y+8, 26, w.T("month.frequent"), look.Style{Size: 16, Bold: true, Color: p.Ink})
	top := m.a.Tables["category"]
	y := r.y + 42
	if len(top) == 0 {
		empty(p, r.x+16, y, r.w-32, w.T("month.none"), w.T("month.noneHint"))
		return
	}
	p.Right(r.x+r.w-16, y-4, 20, w.T("month.cum"), look.Style{Size: 12, Bold: true, Color: p.Muted})
	p.Line(r.x, y+18, r.x+r.w, y+18, 1.5, p.Ink)
	y += 22
	for i, c := range top {
		if y+28 > r.y+r.h-6 || i == 14 {
			break
		}
		name := c.Name
		if cat, ok := w.model.Category(c.Name); ok {
			name = cat.Name(w.words.Lang)
		}
		p.TextFit(r.x+16, y, 210, 28, name, look.Style{})
		bar := float32(c.N) / float32(top[0].N) * 140
		p.Rect(r.x+232, y+7, max(2, bar), 14, 2, p.Accent, nil, 0)
		p.Text(r.x+240+bar, y, 28, fmt.Sprint(c.N), look.Style{Bold: true})
		p.Right(r.x+r.w-16, y, 28, reports.Percent(w.words.Lang, c.Cum, 0), look.Style{Color: p.Muted})
		y += 28
	}
}
