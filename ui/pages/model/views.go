package model

import (
	"fmt"
	"strings"
	"time"

	"punto/app"
	"punto/app/draft"
	"punto/reports"
	"punto/ui/look"
	"punto/ui/page"
)

// view is what is shown in the place of the draft: a title, a line of what it comes
// to, and a list.
type view interface {
	title() (head, lead string)
	list() *look.List
}

func (m *model) drawView(p *look.Painter, r page.Rect) {
	p.CardBox(r.X, r.Y, r.W, r.H, false)
	head, lead := m.shown.title()
	end := p.TextFit(r.X+16, r.Y+8, r.W/2, 32, head, look.Style{Size: 16, Bold: true, Color: p.Ink}) + 14
	p.TextFit(end, r.Y+8, r.X+r.W-16-end, 32, lead, look.Style{Color: p.Muted})
	p.Place(m.shown.list(), r.X+1, r.Y+44, r.W-2, r.H-46)
}

// told is a view of rows of words.
type told struct {
	head, lead string
	l          *look.List
}

func (t *told) title() (string, string) { return t.head, t.lead }
func (t *told) list() *look.List        { return t.l }

// row3 is one row of such a view.
type row3 struct {
	mark    look.Mark
	a, b, c string
}

func newTold(k *page.Kit, head, lead string, titles [3]string, widths [2]float32, rows []row3, empty string) *told {
	t := &told{head: head, lead: lead}
	t.l = k.List(look.Column{Title: titles[0]}, look.Column{Title: titles[1], Width: widths[0], Least: widths[0] / 2}, look.Column{Title: titles[2], Width: widths[1], Least: widths[1] / 2})
	t.l.RowH = 30
	t.l.Empty = [2]string{empty}
	t.l.Len = func() int { return len(rows) }
	t.l.Row = func(p *look.Painter, i int, _, y, _, h float32, xs []float32) {
		r, x := rows[i], xs[0]
		if r.mark != look.NoMark {
			p.Mark(x, y+h/2-7, 14, r.mark)
			x += 22
		}
		p.TextFit(x, y, xs[1]-x-8, h, r.a, look.Style{})
		p.TextFit(xs[1], y, xs[2]-xs[1]-8, h, r.b, look.Style{})
		p.TextFit(xs[2], y, xs[3]-xs[2]-8, h, r.c, look.Style{Bold: true})
	}
	return t
}

// place is where a change or problem lies, in words.
func (m *model) place(at string) string {
	first, rest, _ := strings.Cut(at, " › ")
	for _, x := range m.parts {
		if x.id == first {
			first = m.k.Words.T("part." + x.id)
		}
	}
	if rest == "" {
		return first
	}
	return first + " › " + rest
}

func newDifferences(m *model) view {
	var rows []row3
	for _, c := range m.changes {
		mark := look.NowMark
		switch {
		case c.Was == "":
			mark = look.FineMark
		case c.Is == "":
			mark = look.PauseMark
		}
		rows = append(rows, row3{mark, m.place(c.At), c.Was, c.Is})
	}
	k := m.k
	return newTold(k, k.T("model.differences"), k.T("model.against", "Version", m.version), [3]string{k.T("model.where"), k.T("model.was"), k.T("model.is")}, [2]float32{300, 300}, rows, k.T("model.same"))
}

func newProblems(m *model) view {
	k := m.k
	var rows []row3
	for _, p := range m.problems {
		mark := look.WatchMark
		if p.Grave {
			mark = look.FailMark
		}
		var args []string
		for _, a := range p.Args {
			args = append(args, fmt.Sprint(a))
		}
		said := k.Words.Failure(p.Form, args)
		if said == "" {
			said = fmt.Sprintf(p.Form, p.Args...)
		}
		rows = append(rows, row3{mark, said, m.place(p.At), ""})
	}
	return newTold(k, k.T("model.problems"), k.Words.N("model.wrong", len(draft.Grave(m.problems))), [3]string{k.T("model.what"), k.T("model.where"), ""}, [2]float32{420, 10}, rows, k.T("model.whole"))
}

// run tries the draft by the scenarios, in the background.
func (m *model) run() {
	k := m.k
	if m.busy != "" {
		return
	}
	m.busy = k.T("model.testing")
	ctx, file := k.Session(), m.file()
	go func() {
		results, err := m.test(ctx, file)
		k.Post(func() {
			m.busy = ""
			if err != nil {
				k.Failed(err)
				return
			}
			var rows []row3
			failed := 0
			for _, r := range results {
				mark, why := look.FineMark, ""
				if len(r.Failed) > 0 {
					mark, why = look.FailMark, m.failure(r.Failed[0])
					failed++
				}
				rows = append(rows, row3{mark, r.Name, why, ""})
			}
			m.over(newTold(k, k.T("model.test"), k.T("model.passed", "N", len(results)-failed, "All", len(results)), [3]string{k.T("model.scenario"), k.T("model.why"), ""}, [2]float32{640, 10}, rows, ""))
		})
	}()
}

func (m *model) versionWord(v app.ModelVersion) string {
	return m.k.T("model.versionAt", "Version", v.Version, "At", m.k.At(time.UnixMilli(v.At)))
}

// replay judges a past month by the draft.
func (m *model) replay() {
	k := m.k
	last := k.Now().In(k.Zone()).AddDate(0, 0, -k.Now().In(k.Zone()).Day()).Format("2006-01")
	k.Question(k.T("model.askMonth"), nil, 0, "2026-10", last, func(_ int, text string) {
		m.busy = k.T("model.replaying")
		page.AskElse(k, app.ReplayMonth{Month: strings.TrimSpace(text), File: m.file()}, func(a app.ReplayMonthAnswer) {
			m.busy = ""
			m.over(newReplayed(m, strings.TrimSpace(text), a))
		}, func() { m.busy = "" })
	})
}

func newReplayed(m *model, month string, a app.ReplayMonthAnswer) view {
	k := m.k
	var rows []row3
	share := func(met, of int) string {
		if of == 0 {
			return "-"
		}
		return k.T("model.share", "Share", reports.Percent(k.Words.Lang, float64(met)/float64(of), 1), "Met", met, "Of", of)
	}
	for _, c := range a.Clocks {
		mark := look.FineMark
		if c.MetThen*c.Judged < c.Met*c.JudgedThen {
			mark = look.WatchMark
		}
		rows = append(rows, row3{mark, k.Words.T("index." + c.Clock), share(c.Met, c.Judged), share(c.MetThen, c.JudgedThen)})
	}
	for _, x := range a.Moved {
		mark := look.FailMark
		if x.Is == "met" {
			mark = look.FineMark
		}
		rows = append(rows, row3{mark, string(x.Number) + "  " + k.Words.T("index."+x.Clock), k.Words.T("side." + x.Was),
			k.Words.T("side."+x.Is) + " · " + page.Span(time.Duration(x.Spent)*time.Second)})
	}
	return newTold(k, k.T("model.replayed", "Month", month, "Contract", a.Contract), k.T("model.moved", "N", len(a.Moved), "Cases", a.Cases),
		[3]string{k.T("model.clock"), k.T("model.was"), k.T("model.under")}, [2]float32{300, 360}, rows, "")
}

// failure tells what came out otherwise than it should.
func (m *model) failure(f Failure) string {
	if f.Step == 0 {
		return f.Is
	}
	return m.k.T("model.failed", "Step", f.Step, "Case", f.Case, "What", f.What, "Is", f.Is, "Want", f.Want)
}
