package reports

import (
	"fmt"

	"punto/reports/chart"
	"punto/reports/scene"
)

// trend draws the main promise over its 13 months: the first row with a history,
// those with a target before the others.
func (p *press) trend(r scene.Rect) {
	l := p.l
	row, ok := p.mainRow()
	p.s.In("trend", r, func() {
		if !ok {
			p.chartTitle(r.X, r.Y+4, r.W, l.t("months13"), "")
			p.empty(r.X, r.Y+16, r.W, "none history")
			return
		}
		p.chartTitle(r.X, r.Y+4, r.W, p.trendTitle(row), l.fill("monthly", row.Name))
		months := make([]string, len(row.History))
		for i := range months {
			months[i] = l.brief(p.m, p.m.step(i-len(months)+1))
		}
		a := chart.Against{Values: row.History, Labels: months, AtLeast: row.Op == AtLeast,
			Format:    func(v float64) string { return l.tick(v, row.Unit) },
			Say:       func(v float64) string { return l.value(&v, row.Unit, decimals(row.Unit)) },
			LastLabel: l.value(row.Value, row.Unit, row.Shown())}
		if row.Op != None {
			a.Target, a.TargetLabel = &row.Target, l.fill("goal", l.shortGoal(row))
		}
		a.Draw(p.s, scene.Rect{X: r.X, Y: r.Y + 12, W: r.W, H: r.H - 13})
	})
}

func (l lang) shortGoal(r IndexRow) string { return string([]rune(l.shortTarget(r))[2:]) }

// tick writes a value of an axis with no more decimals than it needs.
func (l lang) tick(v float64, u Unit) string {
	dec := 0
	for dec < 3 && abs(v-roundTo(v, u, dec)) > 1e-9 {
		dec++
	}
	return l.value(&v, u, dec)
}

func (p *press) mainRow() (IndexRow, bool) {
	first, rest := p.firstAndRest()
	for _, r := range append(append([]IndexRow{}, first...), rest...) {
		for _, h := range r.History {
			if h != nil && finite(*h) {
				return r, true
			}
		}
	}
	return IndexRow{}, false
}

// trendTitle counts the months on target.
func (p *press) trendTitle(r IndexRow) string {
	kept, n := 0, 0
	for _, h := range r.History {
		if h != nil {
			n++
			if r.keeps(*h) {
				kept++
			}
		}
	}
	if n < 2 || r.Op == None {
		return p.l.fill("trend", r.Name)
	}
	return p.l.fill("kept", p.l.count(kept), p.l.Number(float64(n), 0))
}

// pareto draws the most frequent reports of the month.
func (p *press) pareto(r scene.Rect) {
	l := p.l
	p.s.In("pareto", r, func() {
		if len(p.m.Frequent) == 0 {
			p.chartTitle(r.X, r.Y+4, r.W, l.t("frequent"), "")
			p.empty(r.X, r.Y+16, r.W, "none cases")
			return
		}
		p.chartTitle(r.X, r.Y+4, r.W, p.paretoTitle(), l.t("frequent sub"))
		previous := p.m.previous()
		b := chart.Bars{LabelWidth: 39.5, Columns: []float64{10.5, 10}, Pitch: 4.95,
			Heads: []string{l.fill("vs", l.brief(p.m, previous)), l.t("cum")}}
		b.Draw(p.s, scene.Rect{X: r.X, Y: r.Y + 13.4, W: r.W, H: 4.95 * 8}, p.bars(p.topAndOthers(8), true))
	})
}

// topAndOthers keeps the first n lines; those cut off join Others.
func (p *press) topAndOthers(n int) []Count { return fold(p.m.Frequent, n, p.l.t("other")) }

// fold keeps at most n lines of a breakdown: what does not fit becomes one last
// line of others, whose earlier count is known only if all of theirs are.
func fold(list []Count, n int, name string) []Count {
	if len(list) <= n {
		return list
	}
	rest := Count{Name: name, Others: true}
	sum, share, known, shares := 0, 0.0, true, true
	for _, c := range list[n-1:] {
		rest.N += c.N
		if c.Previous != nil {
			sum += *c.Previous
		}
		if c.Share != nil {
			share += *c.Share
		}
		known, shares = known && c.Previous != nil, shares && c.Share != nil
		rest.Cum = c.Cum
	}
	if known {
		rest.Previous = &sum
	}
	if shares {
		rest.Share = &share
	}
	rest.Name = fmt.Sprintf("%s (%d)", name, len(list)-n+1)
	return append(append([]Count{}, list[:n-1]...), rest)
}

// paretoTitle finds how few reasons make the larger part of the cases.
func (p *press) paretoTitle() string {
	for i, c := range p.m.Frequent {
		if c.Others || c.Cum == nil || c.Name == Word("", p.m.Lang) { // what is not known is no reason
			break
		}
		if *c.Cum >= 0.5 || i == 4 {
			share := p.l.value(c.Cum, Share, 0)
			if i == 0 {
				return p.l.fill("one top", share)
			}
			return p.l.fill("top", p.l.count(i+1), share)
		}
	}
	return p.l.t("frequent")
}

// bars turns counts into bars; with columns of change and cumulative share.
func (p *press) bars(list []Count, columns bool) []chart.Bar {
	out := make([]chart.Bar, len(list))
	for i, c := range list {
		out[i] = chart.Bar{Label: c.Name, N: float64(c.N), Value: p.l.Number(float64(c.N), 0), Others: c.Others}
		if columns {
			s, hot := p.l.moved(c)
			out[i].Extra = []chart.Cell{{S: s, Hot: hot && !c.Others}, {S: p.l.value(c.Cum, Share, 0)}}
		} else {
			out[i].Extra = []chart.Cell{{S: p.l.value(c.Share, Share, 0)}}
		}
	}
	return out
}

// moved is the change of a count; hot from a quarter up and 30 cases.
func (l lang) moved(c Count) (s string, hot bool) {
	if c.Previous == nil || *c.Previous == 0 {
		return "-", false
	}
	d := float64(c.N-*c.Previous) / float64(*c.Previous)
	return l.percent(l.signed(d*100, 0)), d >= 0.25 && c.N-*c.Previous >= 30
}
