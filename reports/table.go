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

func (p *press) indexHead(y float64) {
	l := p.l
	p.s.In("index head", scene.Rect{X: left, Y: y - 3.2, W: content, H: 4.6}, func() {
		head := func(x float64, s string, a scene.Align, w float64) {
			p.text(x, y, s, scene.Bold, headCellSize, chart.Muted, a, 0, w)
		}
		head(left, l.t("index"), scene.Left, 38)
		head(colMeasures, l.t("measures"), scene.Left, 40)
		head(colTarget, l.t("target"), scene.Right, 18)
		head(colValue, l.title(p.m.Month)[:len(l.title(p.m.Month))-5], scene.Right, 15.5)
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

func (p *press) indexCells(base float64, r IndexRow, state State) {
	ink := valueInk(r, state)
	name := chart.Ink
	if r.Few() || state == NoData {
		name = chart.Muted
	}
	p.put(left, base, r.Name, scene.Bold, cellSize, name, colMeasures-left-1.5)
	measures := r.Measures
	if r.Few() {
		measures = p.l.fill("few", p.l.Number(r.Den, 0), p.l.Number(r.MinN, 0))
	}
	target := p.l.target(r)
	tw := scene.Width(scene.Regular, 7.8, target)
	p.put(colMeasures, base, measures, scene.Regular, smallCellSize, chart.Muted, colTarget-tw-1.5-colMeasures)
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
	p.y += 12
	p.room(70)
	if len(rest) > 0 {
		y := p.y
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
		p.y += 12
	}
	p.activities()
	p.quality()
}

// heading starts a page's large title.
func (p *press) heading(s string) {
	y := p.y
	p.s.In("heading", scene.Rect{X: left, Y: y - 2, W: content, H: 9}, func() {
		p.put(left, y+3.6, s, scene.Bold, 17, chart.Ink, content)
	})
	p.y += 12
}

// section prints a smaller title inside a page.
func (p *press) section(s string) {
	p.room(18)
	y := p.y
	p.s.In("section", scene.Rect{X: left, Y: y - 1, W: content, H: 6}, func() {
		p.put(left, y+3, s, scene.Bold, sectionSize, chart.Ink, content)
	})
	p.y += 5.4
	p.hair(left, right, p.y, 0.4, chart.Ink)
}

func (p *press) activities() {
	p.section(p.l.t("activities"))
	if len(p.m.Activities) == 0 {
		p.empty(left, p.y+5, content, "none done")
		p.y += 16
		return
	}
	for _, a := range p.m.Activities {
		day := ""
		if !a.Date.IsZero() {
			day = p.l.Number(float64(a.Date.Day()), 0) + " " + p.l.short(a.Date)
		}
		p.item(day, a.Text)
	}
	p.y += 10
}

func (p *press) quality() {
	p.section(p.l.t("quality"))
	if len(p.m.Quality) == 0 {
		p.empty(left, p.y+5, content, "none quality")
		p.y += 16
		return
	}
	for _, q := range p.m.Quality {
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
