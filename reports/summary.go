package reports

import (
	"cmp"

	"punto/reports/chart"
	"punto/reports/scene"
)

// firstRows is how many indices page 1 holds; the others follow later.
const firstRows = 9

// summary is page 1: the finding, tiles, promises, two charts, deviations.
func (p *press) summary() {
	p.newPage()
	p.s.Box(scene.Rect{W: pageW, H: 3.2}, 0, chart.Ink)
	p.s.Box(scene.Rect{Y: 3.2, W: pageW, H: 0.7}, 0, chart.WatchFil)
	p.s.Mark(0, 0, p.l.t("part summary"))
	p.masthead()
	p.finding()
	p.tiles()
	p.promises()
	p.trend(scene.Rect{X: left, Y: 168.5, W: half, H: 54})
	p.pareto(scene.Rect{X: left + half + gap - 4, Y: 168.5, W: half + 4, H: 54})
	p.deviations()
}

// masthead says what the report is of: the month, the client, the contract and its
// hours; a part month says so instead of its hours.
func (p *press) masthead() {
	m, l := p.m, p.l
	p.s.In("masthead left", scene.Rect{X: left, Y: 12, W: 102, H: 18}, func() {
		p.text(left, 15.9, l.eyebrow(m, "eyebrow"), scene.Bold, 7.5, chart.Accent, scene.Left, 0.9, 102)
		p.put(left, 26.2, l.when(m), scene.Bold, whenSize(l.when(m)), chart.Ink, 102)
	})
	p.s.In("masthead right", scene.Rect{X: 120, Y: 12, W: right - 120, H: 18}, func() {
		line := func(y float64, s string, f scene.Face, size float64, c scene.Color) {
			p.text(right, y, s, f, size, c, scene.Right, 0, right-120)
		}
		line(15.9, l.t("client"), scene.Regular, 7.5, chart.Muted)
		line(20.3, m.Client, scene.Bold, 10, chart.Ink)
		line(24.1, dots(named(l, "contract", m.Contract), m.Organisation), scene.Regular, 7.5, chart.Muted)
		if m.Partial() {
			line(27.7, l.partial(m), scene.Bold, 7.5, chart.Watch)
			return
		}
		line(27.7, dots(named(l, "period", m.Period), named(l, "hours", m.Hours)), scene.Regular, 7.5, chart.Muted)
	})
	p.hair(left, right, 31.2, 0.2, chart.Hair)
}

// named fills a phrase, or gives nothing for nothing.
func named(l lang, key, value string) string {
	if value == "" {
		return ""
	}
	return l.fill(key, value)
}

// dots joins what is not empty with middle dots.
func dots(parts ...string) string {
	out := ""
	for _, s := range parts {
		if s != "" && out != "" {
			out += " · "
		}
		out += s
	}
	return out
}

// finding is the sentence that a reader in a hurry takes away, and what it rests on.
func (p *press) finding() {
	p.s.In("finding", scene.Rect{X: left, Y: 34, W: content, H: 23}, func() {
		p.put(left, 39.4, p.m.Headline, scene.Bold, titleSize, chart.Ink, content)
		p.paragraph(left, 45.6, content, p.m.Lead, scene.Regular, 9.2, 4.35, chart.Muted, 3)
	})
}

// tiles are the first five figures; the first indices where the caller names none.
func (p *press) tiles() {
	const n, between = 5, 2.8
	w := (content - between*(n-1)) / n
	tiles := p.m.Tiles
	if len(tiles) == 0 {
		rows, _ := p.firstAndRest()
		for _, r := range rows {
			tiles = append(tiles, Tile{Label: cmp.Or(r.Short, r.Name), Row: r})
		}
	}
	for i, t := range tiles[:min(n, len(tiles))] {
		r := scene.Rect{X: left + (w+between)*float64(i), Y: 60.5, W: w, H: 26.9}
		p.s.In("tile "+t.Row.ID, r, func() { p.tile(r, t) })
	}
}

// tile draws one: name, value, mark of its state, note, line of its months, target.
func (p *press) tile(r scene.Rect, t Tile) {
	row, l := t.Row, p.l
	state := row.Verdict()
	p.s.Box(r, 1.6, chart.Ground)
	p.s.Box(scene.Rect{X: r.X, Y: r.Y + 1.2, W: 1, H: r.H - 2.4}, 0, barColor(row, state))
	x, w := r.X+3.5, r.W-5
	p.shrunk(x, r.Y+5.2, t.Label, 7.6, 6.4, chart.Muted, w)
	dec := row.Shown()
	value, unit := "-", ""
	if row.Value != nil {
		value = l.digits(*row.Value, row.Unit, dec)
	}
	if row.Unit == Share && row.Value != nil {
		unit = "%"
	} else if row.Unit == Score && row.Value != nil {
		unit = "/ 5"
	} else if row.Unit == Seconds && row.Value != nil {
		unit = clockUnit(*row.Value)
	}
	size := 19.0
	for size > 9 && scene.Width(scene.Bold, size, value) > w-12 {
		size--
	}
	p.put(x, r.Y+13.2, value, scene.Bold, size, valueInk(row, state), w-4)
	vw := scene.Width(scene.Bold, size, value)
	p.put(x+vw+0.9, r.Y+13.2, unit, scene.Regular, 9, chart.Muted, 7)
	if row.Op != None {
		chart.Mark(p.s, scene.Point{X: r.X + r.W - 4, Y: r.Y + 11.4}, 3.4, markOf(state))
	}
	note := t.Note
	if note == "" {
		if c := l.change(row); c != "" {
			note = c + " " + l.fill("vs", l.before(p.m))
		}
	}
	if row.Few() {
		note = l.fill("few short", l.Number(row.Den, 0), l.Number(row.MinN, 0))
	}
	p.put(x, r.Y+17.5, note, scene.Regular, 7, chart.Muted, w)
	var target *float64
	if row.Op != None {
		target = &row.Target
	}
	chart.Spark(p.s, scene.Rect{X: x + 0.4, Y: r.Y + 19.7, W: 15, H: 4.9}, row.History, target, chart.Accent)
	p.text(r.X+r.W-1.5, r.Y+24.2, l.shortTarget(row), scene.Regular, 7, chart.Muted, scene.Right, 0, 14)
}

// shortTarget is the promise without its unit's sign and needless zeros.
func (l lang) shortTarget(r IndexRow) string {
	if r.Op == None {
		return ""
	}
	sign := "≥ "
	if r.Op == AtMost {
		sign = "≤ "
	}
	dec := 0
	for dec < 4 && abs(r.Target-roundTo(r.Target, r.Unit, dec)) > 1e-9 {
		dec++
	}
	return sign + l.digits(r.Target, r.Unit, dec)
}

// barColor is the colour of a tile's edge; grey without a promise.
func barColor(r IndexRow, s State) scene.Color {
	if r.Op == None {
		return chart.Muted
	}
	return markOf(s).Solid()
}

// valueInk is the colour of a value. What is kept is printed as plain as what is not
// judged: colour is for what asks for attention, and no data is grey.
func valueInk(r IndexRow, s State) scene.Color {
	switch {
	case s == NoData || r.Few():
		return chart.Muted
	case s == Missed || s == AtRisk:
		return markOf(s).Text()
	}
	return chart.Ink
}

// promises is the table of the first rows that carry a promise.
func (p *press) promises() {
	rows, _ := p.firstAndRest()
	p.s.In("promises title", scene.Rect{X: left, Y: 92, W: content, H: 6.5}, func() {
		p.put(left, 96.8, p.l.t("compliance"), scene.Bold, sectionSize, chart.Ink, content)
	})
	if len(rows) == 0 {
		p.empty(left, 108, content, "none index")
		return
	}
	p.indexHead(101.7)
	for i, r := range rows {
		p.indexRow(103.5+6.6*float64(i), 6.6, r)
	}
}

// firstAndRest splits the rows: promises come first, then what has no target;
// page 1 takes the first of them, later pages the rest.
func (p *press) firstAndRest() (first, rest []IndexRow) {
	var promised, plain []IndexRow
	for _, r := range p.m.Rows {
		if r.Op != None {
			promised = append(promised, r)
		} else {
			plain = append(plain, r)
		}
	}
	all := append(promised, plain...)
	n := min(firstRows, len(all))
	return all[:n], all[n:]
}
