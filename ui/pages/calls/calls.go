// Package calls is the page of calls.
package calls

import (
	"punto/app"
	"punto/ui/look"
	"punto/ui/page"
)

// Kind is the page of calls, the newest first.
func Kind() page.Kind {
	return page.Kind{Name: "calls", Word: "area.calls", Key: "Ctrl F3", Place: page.Bar, Make: func(k *page.Kit) page.Page { return newList(k) }}
}

func newList(k *page.Kit) *page.Table[app.CallRow] {
	t := page.NewTable(k, k.T("calls.title"), [2]string{k.T("calls.none"), k.T("calls.noneHint")},
		func(p *look.Painter, c app.CallRow, y, h float32, xs []float32) { drawRow(k, p, c, y, h, xs) },
		look.Column{Title: k.T("calls.at"), Width: 150, Least: 110}, look.Column{Title: k.T("calls.from")}, look.Column{Title: k.T("case.agent"), Width: 200, Least: 130},
		look.Column{Title: k.T("calls.waited"), Width: 90, Least: 76, Right: true}, look.Column{Title: k.T("calls.talked"), Width: 90, Least: 76, Right: true},
		look.Column{Title: k.T("calls.end"), Width: 200, Least: 166})
	t.Fetch = func(after []byte, use func([]app.CallRow, []byte)) {
		page.Ask(k, app.Calls{After: after, Limit: page.PageRows}, func(a app.CallsAnswer) { use(a.Rows, a.Next) })
	}
	t.Open = func(c app.CallRow) {
		if !c.Case.IsZero() {
			k.Go("case", c.Case)
		}
	}
	return t
}

func drawRow(k *page.Kit, p *look.Painter, c app.CallRow, y, h float32, xs []float32) {
	p.TextFit(xs[0], y, xs[1]-xs[0]-8, h, k.At(c.Call.OfferedAt), look.Style{})
	x := p.TextFit(xs[1], y, xs[2]-xs[1]-10, h, c.Call.Name, look.Style{Bold: true})
	if c.Call.Name != "" {
		x += 8
	}
	p.TextFit(x, y, xs[2]-x-10, h, c.Call.Caller, look.Style{Color: p.Muted})
	p.TextFit(xs[2], y, xs[3]-xs[2]-8, h, c.Call.Agent, look.Style{})
	p.Right(xs[4]-8, y, h, page.Duration(c.Call.Wait), look.Style{})
	p.Right(xs[5]-8, y, h, page.Duration(c.Call.Talk), look.Style{})
	m, word := look.NowMark, "call.none"
	if o := c.Call.Outcome.String(); o != "" {
		m, word = look.FineMark, "call."+o
		if !c.Call.Answered() {
			m = look.FailMark
		}
	}
	p.Chip(xs[5]+12, y+h/2, m, look.Fit(k.Words.T(word), xs[6]-xs[5]-49, look.Style{Size: 12, Bold: true}))
}
