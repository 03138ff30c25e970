package reports

import (
	"punto/reports/chart"
	"punto/reports/scene"
)

// Columns of the table of indices, in millimetres: left edges, or right edges
// of what is aligned right.
const (
	colMeasures = 57.5
	colTarget   = 118.0 // right edge
	colValue    = 133.5 // right edge
	colTrack    = 136.8
	trackWidth  = 15.5
	colHistory  = 155.6
	histWidth   = 16.6
	colState    = 174.6
)

// indexHead is the head of the table of indices.
func (p *press) indexHead(y float64) {
	l := p.l
	p.s.In("index head", scene.Rect{X: left, Y: y - 3.2, W: content, H: 4.6}, func() {
		head := func(x float64, s string, a scene.Align, w float64) {
			p.text(x, y, s, scene.Bold, headCellSize, chart.Muted, a, 0, w)
		}
		head(left, l.t("index"), scene.Left, 38)
		head(colMeasures, l.t("measures"), scene.Left, 40)
		head(colTarget, l.t("target"), scene.Right, 18)
		head(colValue, l.headed(p.m), scene.Right, 15.5)
		head(colHistory, l.t("months13"), scene.Left, histWidth)
		head(colState+4, l.t("state"), scene.Left, right-colState-4)
	})
	p.hair(left, right, y+1.8, 0.4, chart.Ink)
}

// indexRow prints one index between y and y+h.
func (p *press) indexRow(y, h float64, r IndexRow) {
	state := r.Verdict()
	base := y + h/2 + baselineDrop
	edge := chart.RowLine
	if state == Missed {
		p.s.Box(scene.Rect{X: left - 1.5, Y: y + 0.1, W: content + 3, H: h - 0.2}, 0, chart.FailBack)
		edge = scene.Mix(chart.FailBack, chart.Failure, 0.15)
	}
	p.hair(left, right, y+h, 0.12, edge)
	p.s.In("row "+r.ID, scene.Rect{X: left, Y: y, W: content, H: h}, func() {
		p.indexCells(base, r, state)
	})
	mid := y + h/2
	var target *float64
	if r.Op != None {
		target = &r.Target
	}
	if r.Op != None {
		chart.Bullet(p.s, scene.Rect{X: colTrack, Y: mid - 0.6, W: trackWidth, H: 1.2}, r.Value, target, full(r), markOf(state))
	}
	line := chart.Accent
	if state == Missed || state == AtRisk {
		line = markOf(state).Solid()
	}
	if r.Few() || state == NoData {
		line = chart.Others
	}
	chart.Spark(p.s, scene.Rect{X: colHistory, Y: mid - 1.9, W: histWidth, H: 3.8}, r.History, target, line)
	if r.Op != None {
		chart.Mark(p.s, scene.Point{X: colState + 1.4, Y: mid}, tickSize, markOf(state))
	}
}

// indexCells are the words and numbers of a row.
func (p *press) indexCells(base float64, r IndexRow, state State) {
	ink := valueInk(r, state)
	name := chart.Ink
	if r.Few() || state == NoData {
		name = chart.Muted
	}
	p.put(left, base, r.Name, scene.Bold, cellSize, name, colMeasures-left-1.5)
	target := p.l.target(r)
	w := colTarget - scene.Width(scene.Regular, 7.8, target) - 1.5 - colMeasures
	if from := p.l.madeOf(r); from != "" {
		p.shrunk(colMeasures, base-1.25, r.Measures, 6.9, 5.8, chart.Muted, w)
		p.shrunk(colMeasures, base+1.6, from, 6.4, 5.6, chart.Ink, w)
	} else {
		p.put(colMeasures, base, r.Measures, scene.Regular, smallCellSize, chart.Muted, w)
	}
	p.text(colTarget, base, target, scene.Regular, 7.8, chart.Muted, scene.Right, 0, 20)
	p.text(colValue, base, p.l.value(r.Value, r.Unit, r.Shown()), scene.Bold, cellSize, ink, scene.Right, 0, colValue-colTarget-1)
	word := string(state)
	if r.Op == None {
		word = "no target"
		p.put(colState+4, base, p.l.t(word), scene.Regular, 7.2, chart.Muted, right-colState-4)
		return
	}
	p.put(colState+4, base, p.l.t(word), scene.Regular, 7.6, markOf(state).Text(), right-colState-4)
}

// madeOf says in words what a figure rests on: the counts of a share, the size,
// median and 90th percentile of a mean, and what may still change.
func (l lang) madeOf(r IndexRow) string {
	n := func(v float64) string { return l.Number(v, 0) }
	var s string
	switch {
	case r.Value == nil && r.Needs != "":
		return r.Needs
	case r.Few():
		return l.fill("few", n(r.Den), n(r.MinN))
	case r.Median != nil && r.P90 != nil && r.N != nil:
		s = l.spread(*r.N, *r.Median, *r.P90, r.Unit)
	case r.Unit == Share && r.Den > 0:
		s = l.fill("of", n(r.Num), n(r.Den))
	}
	if r.Maybe > 0 {
		s = dots(s, l.fill("maybe", n(float64(r.Maybe))))
	}
	return s
}

// spread is the size, median and 90th percentile of a sample; a unit that both
// share is said once.
func (l lang) spread(n int, median, p90 float64, u Unit) string {
	a, b := l.value(&median, u, decimals(u)), l.value(&p90, u, decimals(u))
	if u == Seconds && clockUnit(median) == clockUnit(p90) {
		a = l.digits(median, u, 0)
	}
	return l.fill("spread", l.Number(float64(n), 0), a, b)
}

// full is the value at the end of the track: 1 for shares that should be high,
// 5 for scores, else the target sits at half.
func full(r IndexRow) float64 {
	switch {
	case r.Unit == Share && r.Op == AtLeast:
		return 1.3 * max(r.Target, 0.01)
	case r.Unit == Score:
		return 5
	case r.Value != nil && *r.Value > r.Target*1.5:
		return *r.Value * 1.1
	}
	return 1.6 * r.Target
}

// restOfIndices prints the rows that page 1 does not hold, and what was done.
func (p *press) restOfIndices() {
	_, rest := p.firstAndRest()
	p.y += 9
	if len(rest) > 0 {
		p.room(12 + 6.6*float64(min(len(rest), 4)))
		y := p.y
		p.s.Mark(1, y-4, p.l.t("more rows"))
		p.s.In("section", scene.Rect{X: left, Y: y - 1, W: content, H: 6}, func() {
			p.put(left, y+3, p.l.t("more rows"), scene.Bold, sectionSize, chart.Ink, content)
		})
		p.y += 6.5
		p.indexHead(p.y + 2)
		p.y += 3.8
		for _, r := range rest {
			if p.y+6.6 > bodyEnd {
				p.newPage()
				p.indexHead(p.y + 2)
				p.y += 3.8
			}
			p.indexRow(p.y, 6.6, r)
			p.y += 6.6
		}
		p.y += 9
	}
	p.restated()
	p.activities()
}

// heading starts a page's large title.
func (p *press) heading(s string) {
	y := p.y
	p.s.Mark(0, y-4, s)
	p.s.In("heading", scene.Rect{X: left, Y: y - 2, W: content, H: 9}, func() {
		p.put(left, y+3.6, s, scene.Bold, 17, chart.Ink, content)
	})
	p.y += 12
}

// section prints a smaller title inside a page.
func (p *press) section(s string) {
	p.room(18)
	y := p.y
	p.s.Mark(1, y-4, s)
	p.s.In("section", scene.Rect{X: left, Y: y - 1, W: content, H: 6}, func() {
		p.put(left, y+3, s, scene.Bold, sectionSize, chart.Ink, content)
	})
	p.y += 5.4
	p.hair(left, right, p.y, 0.4, chart.Ink)
}

// restated are the figures that later events changed; none, no section.
func (p *press) restated() {
	if len(p.m.Restated) == 0 {
		return
	}
	p.section(p.l.t("restated"))
	for _, r := range p.m.Restated {
		row := IndexRow{Unit: r.Unit}
		p.item("", p.l.fill("restated line", r.Name, p.l.value(r.Was, r.Unit, row.Shown()), p.l.value(r.Is, r.Unit, row.Shown()), r.Why, p.l.Number(float64(r.N), 0)))
	}
	p.y += 9
}

// activities is what the desk did in the month, day by day; none, no section.
func (p *press) activities() {
	if len(p.m.Activities) == 0 {
		return
	}
	p.section(p.l.t("activities"))
	for _, a := range p.m.Activities {
		day := ""
		if !a.Date.IsZero() {
			day = p.l.Number(float64(a.Date.Day()), 0) + " " + p.l.short(a.Date)
		}
		p.item(day, a.Text)
	}
	p.y += 10
}

// provisional are the figures that a reopening may still change.
func (p *press) provisional() (out []string) {
	if p.m.SettledAt.IsZero() {
		return nil
	}
	for _, r := range p.m.Rows {
		if r.Maybe > 0 {
			out = append(out, p.l.fill("provisional", r.Name, p.l.date(p.m.SettledAt), p.l.Number(float64(r.Maybe), 0)))
		}
	}
	return out
}

// quality tells what is wrong with the data, before anybody asks.
func (p *press) quality() {
	p.section(p.l.t("quality"))
	remarks := append(p.provisional(), p.m.Quality...)
	if len(remarks) == 0 {
		p.empty(left, p.y+5, content, "none quality")
		p.y += 10
		return
	}
	for _, q := range remarks {
		p.item("", q)
	}
	p.y += 10
}

// item is one line of a list, wrapped, with an optional day at its left.
func (p *press) item(day, s string) {
	x := left
	if day != "" {
		x += 16
	}
	lines := len(scene.Wrap(scene.Regular, 8.2, right-x, s))
	h := 2.6 + 4*float64(max(lines, 1))
	p.room(h)
	y := p.y
	p.s.In("item", scene.Rect{X: left, Y: y, W: content, H: h}, func() {
		p.put(left, y+4.2, day, scene.Bold, 8.2, chart.Ink, 15)
		p.paragraph(x, y+4.2, right-x, s, scene.Regular, 8.2, 4, chart.Body, 60)
	})
	p.y += h
	p.hair(left, right, p.y, 0.12, chart.RowLine)
}
