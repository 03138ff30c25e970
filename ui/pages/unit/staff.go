package unit

import (
	"fmt"

	"punto/app"
	"punto/reports"
	"punto/ui/look"
	"punto/ui/page"
)

// The agents that each half hour of the next day of service takes, and what one less and
// one more would give.

func (u *unit) makeStaff() {
	u.halves = u.k.List(u.staffColumns()...)
	u.halves.RowH = 26
	u.halves.Len = func() int {
		if u.staff == nil {
			return 0
		}
		return len(u.staff.Halves)
	}
	u.halves.Row = u.staffRow
}

func (u *unit) staffColumns() []look.Column {
	of := func(word string, width float32) look.Column {
		return look.Column{Title: u.k.T(word), Width: width, Least: width * 0.8, Right: true}
	}
	return []look.Column{{Title: u.k.T("unit.half"), Least: 50}, of("unit.calls", 58), of("unit.agents", 70), of("unit.paid", 74), of("unit.oneLess", 88), of("unit.enough", 82), of("unit.oneMore", 76)}
}

func (u *unit) askStaff() {
	k := u.k
	if u.staff == nil {
		u.halves.Empty = [2]string{k.T("wait.loading")}
	}
	page.AskLatest(k, &u.asked[7], app.Staffing{Contract: u.whose()}, func(a app.StaffingAnswer) {
		u.staff = &a
		u.halves.Empty = [2]string{k.T("unit.noStaff"), k.T("unit.noAheadHint")}
		u.halves.Selected = 0
		most := 0
		for i, h := range a.Halves { // the busiest stands in view
			if h.Agents > most {
				most, u.halves.Selected = h.Agents, i
			}
		}
		u.halves.Refresh()
		k.Refresh()
	})
}

func (u *unit) drawStaff(p *look.Painter, r page.Rect) {
	k, a := u.k, u.staff
	p.CardBox(r.X, r.Y, r.W, r.H, false)
	p.Key(r.X+r.W-16-look.KeyWidth("F3"), r.Y+20, "F3")
	title, foot := k.T("unit.staff"), float32(0)
	if a != nil && len(a.Halves) > 0 {
		most := 0
		for _, h := range a.Halves {
			most = max(most, h.Agents)
		}
		title = k.T("unit.staffOf", "Day", short(a.Date), "N", fmt.Sprint(most))
		foot = 28
		lang := k.Words.Lang
		said := k.T("unit.staffGoal", "Level", reports.Percent(lang, a.Level, 0), "Within", fmt.Sprint(a.Within), "AHT", fmt.Sprint(a.AHT), "Shrink", reports.Percent(lang, a.Shrinkage, 0),
			"Ours", reports.Percent(lang, a.Ours, 0), "Naive", reports.Percent(lang, a.Naive, 0))
		p.TextFit(r.X+16, r.Y+r.H-foot-2, r.W-32, foot, said, look.Style{Size: 12, Color: p.Muted})
	}
	p.TextFit(r.X+16, r.Y+6, r.W-70, 28, title, look.Style{Size: 16, Bold: true, Color: p.Ink})
	p.Place(u.halves, r.X+1, r.Y+36, r.W-2, r.H-38-foot)
}

func (u *unit) staffRow(p *look.Painter, i int, _, y, _, h float32, xs []float32) {
	x, lang := u.staff.Halves[i], u.k.Words.Lang
	p.Text(xs[0], y, h, x.At, look.Style{Bold: true})
	for c, s := range []string{reports.Digits(lang, x.Calls, 1), fmt.Sprint(x.Agents), fmt.Sprint(x.Rostered), reports.Percent(lang, x.Fewer.Level, 0), reports.Percent(lang, x.Here.Level, 0), reports.Percent(lang, x.More.Level, 0)} {
		p.Right(xs[c+2]-10, y, h, s, look.Style{Bold: c == 1})
	}
}
