package unit

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/reports"
	"punto/ui/look"
	"punto/ui/page"
)

// cards are those that a small window shows one at a time.
const cards = 5

// Draw implements page.Page.
func (u *unit) Draw(p *look.Painter, r page.Rect) {
	k := u.k
	x := p.Text(page.Margin, r.Y+8, 30, reports.MonthTitle(k.Words.Lang, u.at), look.Style{Size: 20, Bold: true, Color: p.Ink}) + 14
	right := r.W - page.Margin
	if said := u.part(); said != "" && !p.Small() { // a month that goes on says so
		right -= look.ChipWidth(look.WatchMark, said)
		p.Chip(right, r.Y+24, look.WatchMark, said)
		right -= 12
	}
	if client := u.client(); client != "" && !p.Small() {
		key := look.KeyWidth("F10")
		right -= key
		p.Key(right, r.Y+24, "F10")
		right = p.Right(right-8, r.Y+10, 28, look.Fit(client, 260, look.Style{Color: p.Muted}), look.Style{Color: p.Muted}) - 12
	}
	p.TextFit(x, r.Y+10, right-x, 28, u.headline(), look.Style{Size: 16, Bold: true, Color: p.Ink})
	y := r.Y + 46
	h := r.Y + r.H - y - 12
	w := r.W - 2*page.Margin
	if p.Small() {
		middle := k.T("unit.days")
		if u.edit != nil {
			middle = k.T("unit.proposal")
		}
		right := k.T([]string{"unit.why", "unit.recurs", "unit.staff"}[u.side])
		at := page.Folds(p, page.At(page.Margin, y-4, w, h+4), []string{k.T("unit.moved"), middle, k.T("unit.proposals"), right, k.T("unit.ahead")}, u.card, func(i int) { u.card = i; k.Refresh() })
		[]func(*look.Painter, page.Rect){u.drawIndices, u.drawMiddle, u.drawProposals, u.drawRight, u.drawAhead}[u.card](p, at)
		return
	}
	left := float32(380)
	if u.edit != nil { // a form needs the height
		u.drawIndices(p, page.At(page.Margin, y, left, h))
		u.drawMiddle(p, page.At(page.Margin+left+12, y, w-left-12, h))
		return
	}
	// As in a newspaper: what moved and what is done about it at the left, why at the right.
	side := w * 0.39
	main := w - side - 12
	list := min(left, main*0.36)
	top := min(float32(7)*u.indices.RowH+62, h*0.56)
	u.drawIndices(p, page.At(page.Margin, y, list, top))
	u.drawMiddle(p, page.At(page.Margin+list+12, y, main-list-12, top))
	u.drawProposals(p, page.At(page.Margin, y+top+12, main, h-top-12))
	u.drawRight(p, page.At(page.Margin+main+12, y, side, top))
	u.drawAhead(p, page.At(page.Margin+main+12, y+top+12, side, h-top-12))
}

// part says up to which day a month that goes on is known, and of how many of its days.
func (u *unit) part() string {
	if u.moved == nil || len(u.moved.Rows) == 0 {
		return ""
	}
	days := u.moved.Rows[0].Days
	if len(days) == 0 {
		return ""
	}
	of := u.at.AddDate(0, 1, -u.at.Day()).Day()
	if len(days) >= of {
		return ""
	}
	return u.k.T("unit.part", "Day", short(days[len(days)-1].Date), "N", u.k.Count(uint64(len(days))), "Of", u.k.Count(uint64(of)))
}

// headline says what was found.
func (u *unit) headline() string {
	k := u.k
	if u.moved == nil {
		return k.T("wait.loading")
	}
	var names []string
	known := false
	for _, x := range u.moved.Rows {
		known = known || judged(x)
		if len(x.Episodes) > 0 {
			names = append(names, word(k, x.Of.ID))
		}
	}
	switch {
	case !known:
		return k.T("unit.tooFew")
	case len(names) == 0:
		return k.T("unit.calm")
	}
	return k.Words.N("unit.found", len(names), "Names", strings.Join(names, ", "))
}

// judged tells whether some day of an index was held against those before it.
func judged(x app.WatchedIndex) bool {
	return slices.ContainsFunc(x.Days, func(d app.WatchedDay) bool { return d.Expected != nil })
}

func (u *unit) drawIndices(p *look.Painter, r page.Rect) {
	p.CardBox(r.X, r.Y, r.W, r.H, false)
	p.TextFit(r.X+16, r.Y+6, r.W-70, 28, u.k.T("unit.moved"), look.Style{Size: 16, Bold: true, Color: p.Ink})
	p.Key(r.X+r.W-16-look.KeyWidth("F6"), r.Y+20, "F6")
	p.Place(u.indices, r.X+1, r.Y+36, r.W-2, r.H-38)
}

// state is the mark of an index, and what there is to say of it.
func (u *unit) state(x app.WatchedIndex) (look.Mark, string) {
	k := u.k
	var said []string
	if x.Of.Target != nil {
		sign := "≤ "
		if x.Of.AtLeast {
			sign = "≥ "
		}
		said = append(said, k.T("unit.target")+" "+sign+amount(k, *x.Of.Target, x.Of.Unit))
	}
	if n := len(x.Episodes); n > 0 {
		said = append(said, k.Words.N("unit.episodes", n))
	}
	if n := outOf(x); n > 0 {
		said = append(said, k.Words.N("unit.weeks", n))
	}
	if x.Projection != nil {
		said = append(said, k.T("unit.miss", "Share", reports.Percent(k.Words.Lang, x.Projection.Miss, 0)))
	}
	mark := look.FineMark
	switch {
	case x.Of.Value == nil:
		mark, said = look.TodoMark, []string{k.T("month.noData")}
	case x.Of.State == "missed":
		mark = look.FailMark
	case len(x.Episodes) > 0 || outOf(x) > 0 || x.Whole != nil && x.Whole.Out || x.Projection != nil && x.Projection.Miss >= 0.7:
		mark = look.WatchMark
	}
	switch {
	case mark == look.FineMark && !judged(x) && x.Of.State == "":
		mark, said = look.TodoMark, []string{k.T("unit.tooFewDays")}
	case len(said) == 0:
		said = []string{k.T("unit.usual")}
	}
	return mark, strings.Join(said, " · ")
}

func (u *unit) indexRow(p *look.Painter, i int, _, y, _, h float32, xs []float32) {
	x := u.moved.Rows[i]
	mark, said := u.state(x)
	p.Mark(xs[0], y+8, 14, mark)
	p.TextFit(xs[0]+24, y+3, xs[1]-xs[0]-30, 20, word(u.k, x.Of.ID), look.Style{Bold: true})
	p.TextFit(xs[0]+24, y+22, xs[2]-xs[0]-30, 18, said, look.Style{Size: 12, Color: p.Muted})
	if x.Of.Value != nil {
		ink, _ := p.Tone(mark)
		v := amount(u.k, *x.Of.Value, x.Of.Unit)
		if x.Of.Unit == "count" {
			v = reports.Digits(u.k.Words.Lang, *x.Of.Value, 0)
		}
		p.Right(xs[2]-10, y+3, 20, v, look.Style{Bold: true, Color: ink})
	}
}

func (u *unit) drawMiddle(p *look.Painter, r page.Rect) {
	k := u.k
	if u.edit != nil {
		u.edit.form.Draw(p, r, k.T("unit.about", "Index", word(k, u.edit.p.Index)), k.T("unit.measured"))
		return
	}
	p.CardBox(r.X, r.Y, r.W, r.H, false)
	x := u.chosen()
	if x == nil {
		p.Empty(r.X+16, r.Y+16, r.W-32, k.T("unit.none"), k.T("unit.noneHint"))
		return
	}
	p.TextFit(r.X+16, r.Y+6, r.W-32, 28, word(k, x.Of.ID)+", "+k.T("unit.byDay"), look.Style{Size: 16, Bold: true, Color: p.Ink})
	p.TextFit(r.X+16, r.Y+32, r.W-32, 20, u.told(x), look.Style{Size: 12, Color: p.Muted})
	chart(p, page.At(r.X+72, r.Y+64, r.W-96, r.H-96), k, x)
}

// told are the episodes of an index in words: the first ones.
func (u *unit) told(x *app.WatchedIndex) string {
	k := u.k
	var said []string
	for _, e := range x.Episodes {
		at, slowly := "unit.fell", "unit.fellSlowly"
		if e.Up {
			at, slowly = "unit.rose", "unit.roseSlowly"
		}
		if e.Drift {
			said = append(said, k.T(slowly, "Day", short(e.Found)))
		} else {
			said = append(said, k.T(at, "Day", short(e.Found), "Value", amount(k, e.Value, x.Of.Unit), "Expected", amount(k, e.Expected, x.Of.Unit)))
		}
	}
	for _, w := range x.Weeks {
		if w.Out && w.Value != nil && w.Center != nil {
			said = append(said, k.T("unit.weekOut", "Day", short(w.From), "Value", amount(k, *w.Value, x.Of.Unit), "Expected", amount(k, *w.Center, x.Of.Unit)))
		}
	}
	if w := x.Whole; w != nil && w.Out {
		said = append(said, k.T("unit.monthOut", "Value", amount(k, *w.Value, x.Of.Unit), "Expected", amount(k, *w.Center, x.Of.Unit)))
	}
	if len(said) == 0 {
		return k.T("unit.limits")
	}
	return strings.Join(said, "; ")
}

// outOf is how many whole weeks are beyond their limits.
func outOf(x app.WatchedIndex) (n int) {
	for _, w := range x.Weeks {
		if w.Out {
			n++
		}
	}
	return n
}

// short is a day without its year.
func short(date string) string {
	t, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return date
	}
	return t.Format("02-01")
}

// chart draws the days of an index within the limits by which each was judged.
func chart(p *look.Painter, r page.Rect, k *page.Kit, x *app.WatchedIndex) {
	n := len(x.Days)
	most := 0.0
	for _, d := range x.Days {
		for _, v := range []*float64{d.Value, d.High} {
			if v != nil {
				most = max(most, *v)
			}
		}
	}
	if n == 0 || most == 0 {
		return
	}
	if most *= 1.05; x.Of.Unit == "share" {
		most = min(1, most)
	}
	step := r.W / float32(max(1, n-1))
	at := func(i int, v float64) (float32, float32) {
		return r.X + float32(i)*step, r.Y + r.H - r.H*float32(v/most)
	}
	for i := range 3 {
		v := most * float64(i) / 2
		_, y := at(0, v)
		p.Line(r.X, y, r.X+r.W, y, 1, p.RowLine)
		p.Right(r.X-8, y-10, 20, amount(k, v, x.Of.Unit), look.Style{Size: 12, Color: p.Muted})
	}
	join := func(of func(app.WatchedDay) *float64, width float32, c look.Style, dashed bool) {
		last := -1
		for i, d := range x.Days {
			v := of(d)
			if v == nil {
				continue
			}
			if last >= 0 {
				x1, y1 := at(last, *of(x.Days[last]))
				x2, y2 := at(i, *v)
				if dashed {
					x2, y2 = (x1+x2)/2, (y1+y2)/2
				}
				p.Line(x1, y1, x2, y2, width, c.Color)
			}
			last = i
		}
	}
	join(func(d app.WatchedDay) *float64 { return d.Low }, 1, look.Style{Color: p.Edge}, true)
	join(func(d app.WatchedDay) *float64 { return d.High }, 1, look.Style{Color: p.Edge}, true)
	join(func(d app.WatchedDay) *float64 { return d.Expected }, 1, look.Style{Color: p.Muted}, false)
	join(func(d app.WatchedDay) *float64 { return d.Value }, 1.6, look.Style{Color: p.Accent}, false)
	for i, d := range x.Days {
		if d.Value != nil {
			px, py := at(i, *d.Value)
			switch {
			case d.Low != nil && d.High != nil && (*d.Value < *d.Low || *d.Value > *d.High):
				p.Mark(px-6, py-6, 12, look.FailMark)
			case d.Out: // of an episode that has not ended, or that crept in
				p.Mark(px-6, py-6, 12, look.WatchMark)
			default:
				p.Circle(px-2.5, py-2.5, 5, p.Accent, nil, 0)
			}
		}
		if i%7 == 0 {
			px, _ := at(i, 0)
			p.Text(px-14, r.Y+r.H+4, 20, short(d.Date), look.Style{Size: 12, Color: p.Muted})
		}
	}
}

func (u *unit) drawProposals(p *look.Painter, r page.Rect) {
	p.CardBox(r.X, r.Y, r.W, r.H, false)
	p.TextFit(r.X+16, r.Y+6, r.W-70, 28, u.k.T("unit.proposals"), look.Style{Size: 16, Bold: true, Color: p.Ink})
	p.Key(r.X+r.W-16-look.KeyWidth("F7"), r.Y+20, "F7")
	foot := float32(0)
	if said := u.wholeRow(); said != "" && r.H > 150 { // what the columns cut is whole there
		foot = 26
		p.Line(r.X+1, r.Y+r.H-foot, r.X+r.W-1, r.Y+r.H-foot, 1, p.RowLine)
		p.TextFit(r.X+16, r.Y+r.H-foot, r.W-32, foot, said, look.Style{Size: 12, Color: p.Muted})
	}
	p.Place(u.list, r.X+1, r.Y+36, r.W-2, r.H-38-foot)
}

// wholeRow is the marked row in a sentence.
func (u *unit) wholeRow() string {
	var of *desk.Proposal
	if x := u.suggestion(); x != nil {
		of = &x.Of
	} else if x := u.proposal(); x != nil {
		of = &x.Of
	} else {
		return ""
	}
	return strings.TrimSuffix(of.Title+": "+of.Cause, ": ")
}

func (u *unit) proposalRow(p *look.Painter, i int, _, y, _, _ float32, xs []float32) {
	if i < len(u.suggested) {
		u.suggestionRow(p, &u.suggested[i], y, xs)
		return
	}
	k, x := u.k, u.proposals[i-len(u.suggested)]
	p.Chip(xs[0], y+22, look.NoMark, k.Words.T("class."+x.Of.Class.String()))
	p.TextFit(xs[1], y+3, xs[2]-xs[1]-10, 20, x.Of.Title, look.Style{Bold: true})
	p.TextFit(xs[1], y+22, xs[2]-xs[1]-10, 18, strings.Trim(k.Words.T("progress."+x.Of.State.String())+" · "+x.Of.Cause, " ·"), look.Style{Size: 12, Color: p.Muted})
	who, beside := x.Owner, x.Group
	if who == "" {
		who, beside = beside, ""
	}
	p.TextFit(xs[2], y+3, xs[3]-xs[2]-10, 20, who, look.Style{})
	p.TextFit(xs[2], y+22, xs[3]-xs[2]-10, 18, beside, look.Style{Size: 12, Color: p.Muted})
	p.TextFit(xs[3], y, xs[4]-xs[3]-6, 44, short(x.Of.Due), look.Style{})
	u.expected(p, &x.Of, y, xs)
	mark := map[string]look.Mark{"achieved": look.FineMark, "not_achieved": look.FailMark, "inconclusive": look.WatchMark}[x.Verdict]
	if mark == look.NoMark {
		mark = look.TodoMark
	}
	ink, _ := p.Tone(mark)
	p.Mark(xs[5], y+6, 14, mark)
	verdict := k.Words.T("verdict." + x.Verdict)
	if x.Of.State == desk.Dropped {
		verdict = k.Words.T("progress." + x.Of.State.String())
	}
	p.TextFit(xs[5]+20, y+3, xs[6]-xs[5]-26, 20, verdict, look.Style{Bold: true, Color: ink})
	p.TextFit(xs[5]+20, y+22, xs[6]-xs[5]-26, 18, u.effect(x), look.Style{Size: 12, Color: p.Muted})
}

// effect tells from what to what an index went, with the days of each.
func (u *unit) effect(x app.ProposalRow) string {
	k := u.k
	if x.Of.State == desk.Dropped {
		return x.Of.Why
	}
	value := func(m app.Measured) string {
		if m.Value == nil {
			return "-"
		}
		return amount(k, *m.Value, x.Unit)
	}
	return fmt.Sprintf("%s → %s (%s)", value(x.Before), value(x.After), k.Words.N("unit.daysAfter", x.After.Days))
}
