package reports

import (
	"punto/reports/chart"
	"punto/reports/scene"
)

// cases is the page of cases: by origin, type and modality, and what is
// reported most.
func (p *press) cases() {
	p.newPage()
	p.heading(p.l.t("cases title"))
	p.breakdown(scene.Rect{X: left, Y: 34, W: half, H: 62}, "origins", p.m.Origins, 10)
	x := left + half + gap
	p.breakdown(scene.Rect{X: x, Y: 34, W: half, H: 28}, "types", p.m.Types, 3)
	p.breakdown(scene.Rect{X: x, Y: 66, W: half, H: 36}, "modalities", p.m.Modalities, 5)
	p.y = 110
	p.frequent()
}

// breakdown draws one list of counts as bars with their share.
func (p *press) breakdown(r scene.Rect, key string, list []Count, most int) {
	p.s.In(key, r, func() {
		if len(list) == 0 {
			p.chartTitle(r.X, r.Y+4, r.W, p.l.t(key), "")
			p.empty(r.X, r.Y+12, r.W, "none cases")
			return
		}
		title, sub := p.l.t(key), ""
		if c := list[0]; c.Share != nil && !c.Others {
			title, sub = p.l.fill("leads", c.Name, p.l.value(c.Share, Share, 0)), p.l.t(key)
		}
		p.chartTitle(r.X, r.Y+4, r.W, title, sub)
		b := chart.Bars{LabelWidth: 26, Columns: []float64{10}, Pitch: 4.95}
		b.Draw(p.s, scene.Rect{X: r.X, Y: r.Y + 11, W: r.W, H: r.H - 11}, p.bars(fold(list, most, p.l.t("other")), false))
	})
}

// frequent is the table of all reports, over as many pages as it takes.
func (p *press) frequent() {
	l := p.l
	p.section(l.t("frequent"))
	if len(p.m.Frequent) == 0 {
		p.empty(left, p.y+5, content, "none cases")
		return
	}
	p.countHead()
	for _, c := range p.m.Frequent {
		if p.y+5.6 > bodyEnd {
			p.newPage()
			p.countHead()
		}
		p.countRow(c)
	}
}

// Right edges of the columns of counts.
const (
	colN        = 125.0
	colShare    = 145.0
	colCum      = 165.0
	colBefore   = right
	countHeight = 5.6
)

func (p *press) countHead() {
	y := p.y + 4
	previous := p.m.Month.AddDate(0, 0, 1-p.m.Month.Day()).AddDate(0, -1, 0)
	p.s.In("count head", scene.Rect{X: left, Y: p.y, W: content, H: 5.4}, func() {
		head := func(x float64, s string) {
			p.text(x, y, s, scene.Bold, headCellSize, chart.Muted, scene.Right, 0, 19)
		}
		p.put(left, y, p.l.t("reason"), scene.Bold, headCellSize, chart.Muted, 80)
		head(colN, p.l.t("cases"))
		head(colShare, p.l.t("share"))
		head(colCum, p.l.t("cum"))
		head(colBefore, p.l.fill("vs", p.l.short(previous)))
	})
	p.y += 5.4
	p.hair(left, right, p.y, 0.2, chart.Hair)
}

func (p *press) countRow(c Count) {
	base := p.y + countHeight/2 + baselineDrop
	p.s.In("count", scene.Rect{X: left, Y: p.y, W: content, H: countHeight}, func() {
		cell := func(x float64, s string, f scene.Face, col scene.Color) {
			p.text(x, base, s, f, 8, col, scene.Right, 0, 19)
		}
		ink := chart.Ink
		if c.Others {
			ink = chart.Muted
		}
		p.put(left, base, c.Name, scene.Regular, 8, ink, 86)
		cell(colN, p.l.Number(float64(c.N), 0), scene.Bold, ink)
		cell(colShare, p.l.value(c.Share, Share, 1), scene.Regular, chart.Muted)
		cell(colCum, p.l.value(c.Cum, Share, 1), scene.Regular, chart.Muted)
		s, hot := p.l.moved(c)
		if hot && !c.Others {
			cell(colBefore, s, scene.Bold, chart.Failure)
		} else {
			cell(colBefore, s, scene.Regular, chart.Muted)
		}
	})
	p.y += countHeight
	p.hair(left, right, p.y, 0.12, chart.RowLine)
}
