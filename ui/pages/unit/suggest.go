package unit

import (
	"punto/app"
	"punto/app/desk"
	"punto/app/tally"
	"punto/ui/look"
	"punto/ui/page"
)

// What the rules of the analysis propose: accepted by one key, or dropped with a reason.

func (u *unit) askSuggested() {
	page.AskLatest(u.k, &u.asked[5], app.Suggestions{Contract: u.whose(), Month: u.at.Format("2006-01")}, func(a app.SuggestionsAnswer) {
		u.suggested = a.Rows
		u.list.Selected = max(0, min(u.list.Selected, u.list.Len()-1))
		u.list.Refresh()
		u.k.Refresh()
	})
}

// suggestion is the one that is marked; nil = what is marked is none.
func (u *unit) suggestion() *app.Suggestion {
	if u.list.Selected >= len(u.suggested) {
		return nil
	}
	return &u.suggested[u.list.Selected]
}

// accept keeps what a rule proposes as it is.
func (u *unit) accept() {
	if x := u.suggestion(); x != nil {
		of := x.Of
		of.State = desk.Accepted
		u.send(desk.ID{}, of)
	}
}

// open leads to the cases that a rule rests on; a proposal opens to be changed.
func (u *unit) open() {
	x := u.suggestion()
	switch {
	case x == nil:
		u.change()
	case len(x.Cases) > 0:
		u.k.Over(casesOf(u.k, x.Of.Title, x.Cases))
	default:
		u.k.Tell(u.k.T("unit.noBehind"), false)
	}
}

func (u *unit) suggestionRow(p *look.Painter, x *app.Suggestion, y float32, xs []float32) {
	k := u.k
	p.Chip(xs[0], y+22, look.NoMark, k.Words.T("class."+x.Of.Class.String()))
	p.TextFit(xs[1], y+3, xs[2]-xs[1]-10, 20, x.Of.Title, look.Style{Bold: true})
	p.TextFit(xs[1], y+22, xs[2]-xs[1]-10, 18, x.Of.Cause, look.Style{Size: 12, Color: p.Muted})
	p.TextFit(xs[2], y, xs[3]-xs[2]-10, 44, x.Group, look.Style{})
	p.TextFit(xs[3], y, xs[4]-xs[3]-6, 44, short(x.Of.Due), look.Style{})
	u.expected(p, &x.Of, y, xs)
	p.Mark(xs[5], y+6, 14, look.TodoMark)
	p.TextFit(xs[5]+20, y+3, xs[6]-xs[5]-26, 20, k.T("unit.toAccept"), look.Style{Bold: true})
	said := k.T("unit.byRule", "Rule", x.Of.Rule)
	if n := len(x.Cases); n > 0 {
		said = k.Words.N("unit.casesBehind", n)
	}
	p.TextFit(xs[5]+20, y+22, xs[6]-xs[5]-26, 18, said, look.Style{Size: 12, Color: p.Muted})
}

// expected tells which index is to come to what.
func (u *unit) expected(p *look.Painter, of *desk.Proposal, y float32, xs []float32) {
	sign := "≤ "
	if of.AtLeast {
		sign = "≥ "
	}
	p.TextFit(xs[4], y+3, xs[5]-xs[4]-10, 20, word(u.k, of.Index), look.Style{})
	p.TextFit(xs[4], y+22, xs[5]-xs[4]-10, 18, sign+amount(u.k, of.To, tally.UnitOf(of.Index)), look.Style{Size: 12, Color: p.Muted})
}
