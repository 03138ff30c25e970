package cases

import (
	"fmt"
	"slices"
	"strings"

	"punto/app"
	"punto/app/desk"
	"punto/ui/look"
	"punto/ui/page"
)

// Mine is the queue of whoever is signed in.
func Mine() page.Kind {
	return page.Kind{Name: "cases", Word: "area.cases", Key: "Ctrl F2", Place: page.Bar, Make: func(k *page.Kit) page.Page { return newList(k, false) }}
}

// Board are all open cases, the next deadline first.
func Board() page.Kind {
	return page.Kind{Name: "board", Word: "area.board", Tab: "board.cases", Key: "Ctrl F4", Place: page.Bar, Make: func(k *page.Kit) page.Page { return newList(k, true) }}
}

// dueLeast holds the longest deadline, "Vence mañana 09:36" on its chip, whole: what
// a queue is read for is never cut.
const dueLeast = 172

// newList is the queue of the signed-in agent, or all open cases.
func newList(k *page.Kit, all bool) *page.Table[app.CaseRow] {
	title := k.T("list.mine")
	if all {
		title = k.T("list.all")
	}
	t := page.NewTable(k, title, [2]string{k.T("list.none"), k.T("list.noneHint")},
		func(p *look.Painter, c app.CaseRow, y, h float32, xs []float32) { drawRow(k, p, c, y, h, xs) },
		look.Column{Title: k.T("list.due"), Width: 190, Least: dueLeast}, look.Column{Title: k.T("list.used"), Width: 84, Least: 56}, look.Column{Title: k.T("list.case"), Width: 92, Least: 80},
		look.Column{Title: k.T("list.subject")}, look.Column{Title: k.T("list.priority"), Width: 96, Least: 72}, look.Column{Title: k.T("list.group"), Width: 210, Least: 110},
		look.Column{Title: k.T("list.clock"), Width: 110, Least: 66}, look.Column{Title: k.T("list.hops"), Width: 60, Least: 34, Right: true}, look.Column{Title: k.T("list.state"), Width: 90, Least: 74})
	q := app.Cases{By: "due"}
	if !all {
		q = app.Cases{By: "agent", ID: k.State.Me}
	}
	first := q
	t.Fetch = func(after []byte, use func([]app.CaseRow, []byte)) {
		some := q
		some.After, some.Limit = after, page.PageRows
		page.Ask(k, some, func(a app.CasesAnswer) { use(a.Rows, a.Next) })
	}
	t.Extra = []page.Action{
		{Key: "F4", Word: k.T("do.take"), Do: func() {
			if c, ok := t.Selected(); ok {
				k.Do(app.TakeCase{Case: c.ID}, func(app.Receipt) { t.Reload() }, nil)
			}
		}},
		{Key: "Ctrl F", Word: k.T("do.filter"), Do: func() {
			choose(k, func(v view) {
				q, t.Title = v.of, v.name
				t.Home()
			})
		}},
		{Key: "F3", Word: k.T("do.newest"), Do: func() {
			if q.By == "opened" {
				q, t.Title = first, title
			} else {
				q, t.Title = app.Cases{By: "opened"}, k.T("list.newest")
			}
			t.Home()
		}},
	}
	t.Same = func(a, b app.CaseRow) bool { return a.ID == b.ID }
	t.Open = func(c app.CaseRow) { k.Go("case", c.ID) }
	return t
}

// view is one way to look at the open cases.
type view struct {
	name string
	of   app.Cases
}

// shownViews are how many stand to be chosen from; the others are named by typing.
const shownViews = 8

// views are all there are: the agent's own, those that nobody has, all, then group by
// group, the agent's first.
func views(k *page.Kit) []view {
	out := []view{{k.T("list.mine"), app.Cases{By: "agent", ID: k.State.Me}}, {k.T("list.unowned"), app.Cases{By: "agent"}}, {k.T("list.all"), app.Cases{By: "due"}}}
	var mine []desk.ID
	for _, a := range k.Agents {
		if a.ID == k.State.Me {
			mine = a.Of.Groups
		}
	}
	for _, own := range []bool{true, false} {
		for _, g := range k.Groups {
			if slices.Contains(mine, g.ID) == own {
				out = append(out, view{g.Of.Name, app.Cases{By: "group", ID: g.ID}})
			}
		}
	}
	return out
}

// choose asks for a view: by its key, or by any part of its name.
func choose(k *page.Kit, use func(view)) {
	all := views(k)
	var found []view
	q := k.Question(k.T("do.filter"), nil, 0, k.T("list.filterHint"), "", func(i int, _ string) { use(found[i-1]) })
	q.Check = func(i int, _ string) string {
		if i < 1 || i > len(found) {
			return k.T("list.noSuch")
		}
		return ""
	}
	propose := func(text string) {
		found, q.Options = nil, nil
		for _, v := range all {
			if len(found) < shownViews && strings.Contains(look.Fold(v.name), look.Fold(strings.TrimSpace(text))) {
				found, q.Options = append(found, v), append(q.Options, v.name)
			}
		}
		q.Chosen = min(1, len(found))
		k.Refresh()
	}
	q.Field.OnChanged = propose
	propose("")
}

func drawRow(k *page.Kit, p *look.Painter, c app.CaseRow, y, h float32, xs []float32) {
	m, word := k.ClockChip(c.Clock)
	p.Chip(xs[0], y+h/2, m, look.Fit(word, xs[1]-xs[0]-45, look.Style{Size: 12, Bold: true}))
	p.Track(xs[1], y+h/2, xs[2]-xs[1]-16, c.Clock.Used(), 1, p.Solid(m))
	p.Text(xs[2], y, h, string(c.Number), look.Style{Bold: true})
	end := xs[4] - 10
	x := p.TextFit(xs[3], y, end-xs[3], h, c.Subject, look.Style{}) + 8
	p.TextFit(x, y, end-x, h, c.Area, look.Style{Size: 12, Color: p.Muted})
	p.TextFit(xs[4], y, xs[5]-xs[4]-8, h, fmt.Sprintf("%d %s", c.Priority, k.Priority(c.Priority)), look.Style{})
	agent := c.Agent
	if agent == "" {
		agent = k.T("case.nobody")
	}
	p.TextFit(xs[5], y, xs[6]-xs[5]-8, h, strings.Trim(c.Group+" · "+agent, " ·"), look.Style{})
	p.TextFit(xs[6], y, xs[7]-xs[6]-8, h, k.Words.T("clock."+clockKind(c)), look.Style{Color: p.Muted})
	p.Right(xs[8]-8, y, h, fmt.Sprint(c.HandOffs), look.Style{})
	p.TextFit(xs[8], y, xs[9]-xs[8], h, k.Words.T("status."+c.Status.String()), look.Style{Color: p.Muted})
}

func clockKind(c app.CaseRow) string {
	if c.Clock.ID == "" {
		return "none"
	}
	return c.Clock.Kind.String()
}
