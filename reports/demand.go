package reports

import (
	"strconv"
	"time"

	"punto/reports/chart"
	"punto/reports/scene"
)

// demand is the page of calls: what became of them, by day, by hour.
func (p *press) demand() {
	p.newPage()
	p.heading(p.l.t("demand"))
	if p.m.Calls == (Flow{}) {
		p.s.In("flow", scene.Rect{X: left, Y: 30, W: content, H: 10}, func() {
			p.empty(left, 38, content, "none calls")
		})
		return
	}
	p.flow(scene.Rect{X: left, Y: 36, W: content, H: 62})
	p.byDay(scene.Rect{X: left, Y: 106, W: content, H: 70})
	p.byHour(scene.Rect{X: left, Y: 186, W: content, H: 90})
}

// flow is the identity of the calls as a bar of parts; one that does not hold is
// printed as such, and not put right.
func (p *press) flow(r scene.Rect) {
	f, l := p.m.Calls, p.l
	n := func(i int) string { return l.Number(float64(i), 0) }
	title := l.t("flow empty")
	if f.Offered > 0 {
		share := float64(f.Answered) / float64(f.Offered)
		title = l.fill("flow", l.value(&share, Share, 1))
	}
	parts := []struct {
		key  string
		n    int
		rest bool
	}{{"offered", f.Offered, false}, {"answered", f.Answered, false}, {"abandoned", f.Abandoned, true},
		{"busy", f.Busy, true}, {"overflow", f.Overflow, true}, {"withdrawn", f.Withdrawn, true}}
	bars := make([]chart.Bar, len(parts))
	for i, part := range parts {
		share := "-"
		if f.Offered > 0 {
			v := float64(part.n) / float64(f.Offered)
			share = l.value(&v, Share, 1)
		}
		bars[i] = chart.Bar{Label: l.t(part.key), N: float64(part.n), Value: n(part.n), Others: part.rest, Extra: []chart.Cell{{S: share}}}
	}
	p.s.In("flow", r, func() {
		p.chartTitle(r.X, r.Y+4, r.W, title, l.t("flow sub"))
		chart.Bars{LabelWidth: 28, Columns: []float64{16}, Pitch: 5.6}.Draw(p.s, scene.Rect{X: r.X, Y: r.Y + 12, W: r.W, H: 34}, bars)
		verdict, c, mark := l.t("identity ok"), chart.Fine, chart.Met
		if gap := f.Gap(); gap != 0 {
			verdict, c, mark = l.fill("identity bad", n(gap)), chart.Failure, chart.Missed
		}
		s := l.fill("identity", n(f.Offered), n(f.Answered), n(f.Abandoned), n(f.Busy), n(f.Overflow), n(f.Withdrawn))
		vw := scene.Width(scene.Bold, 7.8, verdict)
		chart.Mark(p.s, scene.Point{X: r.X + 1.4, Y: r.Y + 51.5}, tickSize, mark)
		p.put(r.X+4.5, r.Y+52.4, s, scene.Regular, 7.8, chart.Body, r.W-vw-8)
		p.text(r.X+r.W, r.Y+52.4, verdict, scene.Bold, 7.8, c, scene.Right, 0, 60)
		p.put(r.X+4.5, r.Y+56.8, l.fill("apart", n(f.ShortAbandons), n(f.ClosedHours), n(f.LostInMenu)), scene.Regular, 7.8, chart.Muted, r.W-4.5)
	})
}

// byDay draws what became of the calls of each day.
func (p *press) byDay(r scene.Rect) {
	l := p.l
	colors := []scene.Color{chart.Accent, chart.WatchFil, chart.Failure, chart.Others}
	p.s.In("by day", r, func() {
		title := l.t("days")
		best := 0
		stacks := make([]chart.Stack, len(p.m.CallsByDay))
		for i, d := range p.m.CallsByDay {
			sum := d.Answered + d.Abandoned + d.Busy + d.Other
			if sum > best {
				best = sum
				title = l.fill("peak day", fullDays[l.base()][weekday(d.Date)], strconv.Itoa(d.Date.Day()), l.Number(float64(sum), 0))
			}
			hint := strconv.Itoa(d.Date.Day()) + " " + l.short(d.Date) + ": " + l.Number(float64(sum), 0)
			for j, v := range []int{d.Answered, d.Abandoned, d.Busy, d.Other} {
				if v > 0 {
					hint += " · " + l.t([]string{"answered", "abandoned", "busy", "other"}[j]) + " " + l.Number(float64(v), 0)
				}
			}
			stacks[i] = chart.Stack{Hint: hint, Label: strconv.Itoa(d.Date.Day()), Parts: []float64{float64(d.Answered), float64(d.Abandoned), float64(d.Busy), float64(d.Other)}}
		}
		p.chartTitle(r.X, r.Y+4, r.W, title, l.t("days sub"))
		if best == 0 {
			p.empty(r.X, r.Y+16, r.W, "none calls")
			return
		}
		x := r.X + r.W
		keys := []string{"answered", "abandoned", "busy", "other"}
		for i := len(keys) - 1; i >= 0; i-- {
			s := l.t(keys[i])
			p.text(x, r.Y+8, s, scene.Regular, 7.2, chart.Body, scene.Right, 0, 30)
			x -= scene.Width(scene.Regular, 7.2, s) + 3
			p.s.Box(scene.Rect{X: x, Y: r.Y + 6, W: 2, H: 2}, 0, colors[i])
			x -= 4
		}
		chart.Columns(p.s, scene.Rect{X: r.X, Y: r.Y + 13, W: r.W, H: r.H - 14}, stacks, colors, func(v float64) string { return l.tick(v, Number) })
	})
}

// weekday counts from Monday.
func weekday(t time.Time) int { return (int(t.Weekday()) + 6) % 7 }

// byHour draws how many calls come in each hour of the week.
func (p *press) byHour(r scene.Rect) {
	l := p.l
	from, to, total := span(p.m.HeatByHour)
	p.s.In("by hour", r, func() {
		if total == 0 {
			p.chartTitle(r.X, r.Y+4, r.W, l.t("heat"), l.t("heat sub"))
			p.empty(r.X, r.Y+16, r.W, "none calls")
			return
		}
		p.chartTitle(r.X, r.Y+4, r.W, p.peak(from, to, total), l.t("heat sub"))
		var rows, cols []string
		var cells [][]float64
		for h := from; h < to; h++ {
			cols = append(cols, strconv.Itoa(h)+" h")
		}
		for d, hours := range p.m.HeatByHour {
			var line []float64
			for h := from; h < to; h++ {
				line = append(line, float64(hours[h]))
			}
			rows, cells = append(rows, dayNames[l.base()][d]), append(cells, line)
		}
		chart.Heat(p.s, scene.Rect{X: r.X, Y: r.Y + 12, W: r.W, H: r.H - 12}, rows, cols, cells, func(v float64) string { return l.Number(v, 0) })
	})
}

// span is the range of hours with calls, and how many calls there are.
func span(heat [7][24]int) (from, to, total int) {
	from, to = 24, 0
	for _, hours := range heat {
		for h, n := range hours {
			if n > 0 {
				from, to, total = min(from, h), max(to, h+1), total+n
			}
		}
	}
	return from, to, total
}

// peak names the two busiest hours on end and the busiest weekday.
func (p *press) peak(from, to, total int) string {
	at := func(h int) (n int) {
		for _, hours := range p.m.HeatByHour {
			if h < 24 {
				n += max(hours[h], 0)
			}
		}
		return n
	}
	best, hour := -1, from
	for h := from; h == from || h < to-1; h++ {
		if n := at(h) + at(h+1); n > best {
			best, hour = n, h
		}
	}
	day, most := 0, -1
	for d, hours := range p.m.HeatByHour {
		sum := 0
		for _, n := range hours {
			sum += max(n, 0)
		}
		if sum > most {
			day, most = d, sum
		}
	}
	share := float64(best) / float64(total)
	return p.l.fill("peak hour", strconv.Itoa(hour), strconv.Itoa(hour+2), p.l.value(&share, Share, 0), fullDays[p.l.base()][day])
}
