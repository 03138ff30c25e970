package reports

import (
	"strconv"

	"punto/reports/chart"
	"punto/reports/scene"
)

// annex prints each figure's formula with its numerator and denominator, what is to be
// known of the data, and of which version and rows the report is.
func (p *press) annex() {
	p.newPage()
	p.heading(p.l.t("annex"))
	p.s.In("annex sub", scene.Rect{X: left, Y: p.y - 6, W: content, H: 5}, func() {
		p.put(left, p.y-2.6, p.l.t("annex sub"), scene.Regular, 8, chart.Muted, content)
	})
	if len(p.m.Definitions) == 0 {
		p.empty(left, p.y+5, content, "none defs")
		p.y += 16
	} else {
		p.definitions()
	}
	p.quality()
	p.version()
}

// Columns of the annex: left edges, right edges for numbers.
const (
	colFormula = 66.0
	colNum     = 154.0
	colDen     = 173.0
)

// defHead is the head of the table, again on each page.
func (p *press) defHead() {
	y := p.y + 4
	p.s.In("definition head", scene.Rect{X: left, Y: p.y, W: content, H: 5.4}, func() {
		p.put(left, y, p.l.t("index"), scene.Bold, headCellSize, chart.Muted, 46)
		p.put(colFormula, y, p.l.t("formula"), scene.Bold, headCellSize, chart.Muted, 60)
		p.text(colNum, y, p.l.t("num"), scene.Bold, headCellSize, chart.Muted, scene.Right, 0, 20)
		p.text(colDen, y, p.l.t("den"), scene.Bold, headCellSize, chart.Muted, scene.Right, 0, 21)
		p.text(right, y, p.l.t("value"), scene.Bold, headCellSize, chart.Muted, scene.Right, 0, 20)
	})
	p.y += 5.6
	p.hair(left, right, p.y, 0.4, chart.Ink)
}

// definitions prints every figure with what it was made of, a row as high as its
// formula is long.
func (p *press) definitions() {
	p.defHead()
	for _, d := range p.m.Definitions {
		lines := len(scene.Wrap(scene.Regular, 7.6, 66, d.Formula))
		h := max(7.3, 2.2+3.3*float64(lines))
		if p.y+h > bodyEnd {
			p.newPage()
			p.defHead()
		}
		p.definition(d, h)
	}
	p.y += 7
}

// definition is one row: name, id, formula, numerator, denominator, value; under a
// mean, what it is the mean of.
func (p *press) definition(d Definition, h float64) {
	l, y := p.l, p.y+3.6
	p.s.In("definition "+d.ID, scene.Rect{X: left, Y: p.y, W: content, H: h}, func() {
		p.put(left, y, d.Name, scene.Bold, 8, chart.Ink, colFormula-left-2)
		p.put(left, y+2.9, d.ID, scene.Regular, 6.6, chart.Muted, colFormula-left-2)
		p.paragraph(colFormula, y, 66, d.Formula, scene.Regular, 7.6, 3.3, chart.Body, 60)
		p.text(colNum, y, l.sum(d.Num, d.Unit), scene.Regular, 7.8, chart.Body, scene.Right, 0, 19)
		den := ""
		if d.Den != nil {
			den = l.tick(*d.Den, Number)
		}
		p.text(colDen, y, den, scene.Regular, 7.8, chart.Body, scene.Right, 0, 20)
		p.text(right, y, l.value(d.Value, d.Unit, p.shown(d)), scene.Bold, 7.8, chart.Ink, scene.Right, 0, 20)
		if s := l.sample(d); s != "" {
			p.text(right, y+2.9, s, scene.Regular, 6.6, chart.Muted, scene.Right, 0, 60)
		}
	})
	p.y += h
	p.hair(left, right, p.y, 0.12, chart.RowLine)
}

// sample is the spread of a mean; of a count whose rows have an age, of that.
func (l lang) sample(d Definition) string {
	if d.N == nil || d.Median == nil || d.P90 == nil {
		return ""
	}
	u := d.Unit
	if u == Number {
		u = Seconds
	}
	return l.spread(*d.N, *d.Median, *d.P90, u)
}

// shown is as many decimals as the figure has in the tables.
func (p *press) shown(d Definition) int {
	for _, r := range p.m.Rows {
		if r.ID == d.ID {
			return r.Shown()
		}
	}
	return decimals(d.Unit)
}

// version says which issue this is and of which rows: the hash is theirs, so that
// whoever has the desk can prove the paper.
func (p *press) version() {
	p.section(p.l.t("version"))
	m := p.m
	said := dots(p.l.fill("revision", strconv.Itoa(max(m.Revision, 1))), p.l.fill("issued", p.l.date(m.IssuedAt), m.IssuedAt.Format("15:04")))
	if m.InputHash != "" {
		said = dots(said, p.l.fill("hash", m.InputHash))
	}
	p.item("", said)
}
