package unit

import (
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/reports"
	"punto/ui/look"
	"punto/ui/page"
)

// What came back in the month, each group with its cases.

func (u *unit) makeRecurs() {
	u.recurs = u.k.List(u.recursColumns()...)
	u.recurs.RowH = 40
	u.recurs.Len = func() int {
		if u.back == nil {
			return 0
		}
		return len(u.back.Groups)
	}
	u.recurs.Row = u.recursRow
	u.recurs.OnOpen = func(int) { u.openCases() }
}

func (u *unit) recursColumns() []look.Column {
	return []look.Column{{Title: u.k.T("unit.what")}, {Title: u.k.T("unit.came"), Width: 70, Least: 56, Right: true}}
}

func (u *unit) askRecurs() {
	k := u.k
	if u.back == nil {
		u.recurs.Empty = [2]string{k.T("wait.loading")}
	}
	page.AskLatest(k, &u.asked[2], app.Recurrence{Contract: u.whose(), Month: u.at.Format("2006-01")}, func(a app.RecurrenceAnswer) {
		u.back = &a
		u.recurs.Empty = [2]string{k.T("unit.recursNone"), k.T("unit.recursHint")}
		u.recurs.Selected = max(0, min(u.recurs.Selected, len(a.Groups)-1))
		u.recurs.Refresh()
		k.Refresh()
	})
}

func (u *unit) drawRecurs(p *look.Painter, r page.Rect) {
	k := u.k
	p.CardBox(r.X, r.Y, r.W, r.H, false)
	p.TextFit(r.X+16, r.Y+6, r.W-70, 28, k.T("unit.recurs"), look.Style{Size: 16, Bold: true, Color: p.Ink})
	p.Key(r.X+r.W-16-look.KeyWidth("F3"), r.Y+20, "F3")
	foot := float32(0)
	if u.back != nil && u.back.Calls > 0 {
		foot = 28
		said := k.T("unit.again", "Share", reports.Percent(k.Words.Lang, float64(u.back.Repeats)/float64(u.back.Calls), 1), "Again", k.Count(uint64(u.back.Repeats)), "All", k.Count(uint64(u.back.Calls)))
		p.TextFit(r.X+16, r.Y+r.H-foot-2, r.W-32, foot, said, look.Style{Size: 12, Color: p.Muted})
	}
	p.Place(u.recurs, r.X+1, r.Y+36, r.W-2, r.H-38-foot)
}

func (u *unit) recursRow(p *look.Painter, i int, _, y, _, _ float32, xs []float32) {
	k, g := u.k, &u.back.Groups[i]
	p.TextFit(xs[0], y+2, xs[1]-xs[0]-8, 20, u.recursName(g), look.Style{Bold: true})
	lang := k.Words.Lang
	p.TextFit(xs[0], y+20, xs[1]-xs[0]-8, 18, k.T("recurs."+g.By, "Week", k.Count(uint64(g.Week)), "Expected", reports.Digits(lang, g.Expected, 1), "Limit", reports.Digits(lang, g.Limit, 1)), look.Style{Size: 12, Color: p.Muted})
	p.Right(xs[2]-10, y+2, 20, k.Count(uint64(g.Count)), look.Style{Bold: true})
}

// recursName is what a group has in common.
func (u *unit) recursName(g *app.Recurring) string {
	name := g.Name
	if g.By == app.SamePlace {
		name = u.category(g.Category)
		if g.Name != "" {
			name += " · " + g.Name
		}
	}
	if name == "" {
		return "-"
	}
	return name
}

// category is the name of a category in the user's language; its code where it has gone.
func (u *unit) category(code string) string {
	for _, c := range u.k.Model.Categories {
		if c.Code == code {
			return c.Name(u.k.Words.Lang)
		}
	}
	return code
}

// recurring is the group that is marked; nil = there is none.
func (u *unit) recurring() *app.Recurring {
	if u.back == nil || u.recurs.Selected >= len(u.back.Groups) {
		return nil
	}
	return &u.back.Groups[u.recurs.Selected]
}

// behind are the cases of what stands at the right: of the marked group, or of what the
// chosen index counts.
func (u *unit) behind() (title string, ids []desk.ID) {
	switch u.side {
	case staffSide:
		return "", nil
	case recursSide:
		if g := u.recurring(); g != nil {
			return u.recursName(g), g.Cases
		}
		return "", nil
	}
	if x := u.chosen(); x != nil && u.why != nil && u.why.Index == x.Of.ID && len(u.why.Cuts) > 0 {
		for _, part := range u.why.Cuts[0].Parts {
			ids = append(ids, part.Cases...)
		}
		return word(u.k, x.Of.ID), ids[:min(len(ids), mostOpened)]
	}
	return "", nil
}

// mostOpened is how many cases are opened at once.
const mostOpened = 1000

// seeCases says how many cases would be opened.
func (u *unit) seeCases() string {
	if _, ids := u.behind(); len(ids) > 0 {
		return u.k.Words.N("unit.openCases", len(ids))
	}
	return u.k.T("unit.seeCases")
}

// noCases tells why no cases can be opened.
func (u *unit) noCases() string {
	if _, ids := u.behind(); len(ids) == 0 {
		return u.k.T("unit.noBehind")
	}
	return ""
}

func (u *unit) openCases() {
	if title, ids := u.behind(); len(ids) > 0 {
		u.k.Over(casesOf(u.k, title, ids))
	}
}

// casesOf is a page of the cases that are behind something.
func casesOf(k *page.Kit, title string, ids []desk.ID) page.Page {
	t := page.NewTable(k, title, [2]string{k.T("unit.noCases"), k.T("unit.casesHint")}, func(p *look.Painter, r app.CaseRow, y, h float32, xs []float32) {
		p.TextFit(xs[0], y, xs[1]-xs[0]-8, h, string(r.Number), look.Style{Bold: true})
		p.TextFit(xs[1], y, xs[2]-xs[1]-8, h, r.Subject, look.Style{})
		p.TextFit(xs[2], y, xs[3]-xs[2]-8, h, r.Person, look.Style{})
		p.TextFit(xs[3], y, xs[4]-xs[3]-8, h, r.Group, look.Style{})
		p.Mark(xs[4], y+h/2-7, 14, page.StatusMark(r.Status))
		p.TextFit(xs[4]+20, y, xs[5]-xs[4]-28, h, k.T("status."+r.Status.String()), look.Style{})
		p.TextFit(xs[5], y, xs[6]-xs[5]-8, h, k.At(time.UnixMilli(r.OpenedAt)), look.Style{Color: p.Muted})
	}, look.Column{Title: k.T("list.case"), Width: 100, Least: 84}, look.Column{Title: k.T("list.subject")}, look.Column{Title: k.T("unit.person"), Width: 190, Least: 120},
		look.Column{Title: k.T("list.group"), Width: 170, Least: 110}, look.Column{Title: k.T("list.state"), Width: 140, Least: 110}, look.Column{Title: k.T("list.opened"), Width: 130, Least: 100})
	t.Same = func(x, y app.CaseRow) bool { return x.ID == y.ID }
	t.Open = func(r app.CaseRow) { k.Go("case", r.ID) }
	t.Fetch = func(_ []byte, use func([]app.CaseRow, []byte)) {
		page.Ask(k, app.Cases{By: "these", These: ids}, func(a app.CasesAnswer) { use(a.Rows, nil) })
	}
	return t
}
