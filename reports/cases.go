package reports

import (
	"punto/reports/chart"
	"punto/reports/scene"
)

// shownReasons is how many reasons the page of cases holds; with more, the whole
// list is an annex.
const shownReasons = 13

// cases is the page of cases: by origin, type and modality, how the open ones
// came about, and what is reported most.
func (p *press) cases() {
	p.newPage()
	p.heading(p.l.t("cases title"))
	x := left + half + gap
	origins, types, modalities := countsHeight(p.m.Origins, 9), countsHeight(p.m.Types, 3), countsHeight(p.m.Modalities, 5)
	p.breakdown(scene.Rect{X: left, Y: 34, W: half, H: origins}, "origins", p.m.Origins, 9)
	p.breakdown(scene.Rect{X: x, Y: 34, W: half, H: types}, "types", p.m.Types, 3)
	p.breakdown(scene.Rect{X: x, Y: 34 + types, W: half, H: modalities}, "modalities", p.m.Modalities, 5)
	p.y = 37 + max(origins, types+modalities)
	if p.m.Cases != nil {
		p.flowed(*p.m.Cases)
	}
	p.y += 5
	p.frequent()
	p.cuts()
}

// countsHeight is how much a list of counts takes, title and at most so many bars.
func countsHeight(list []Count, most int) float64 {
	return 14 + 4.95*float64(max(1, min(len(list), most)))
}

// mostOfCut is how many bars a cut has; the files of rows have all.
const mostOfCut = 8

// cuts draws what else the month is counted by, two beside each other, as far as the page
// of cases goes: the web page and the files of rows have all. One whose rows all have one
// name tells nothing.
func (p *press) cuts() {
	var told []Cut
	for _, id := range CutIDs {
		for _, c := range p.m.Cuts {
			if c.ID == id && len(c.List) > 1 {
				told = append(told, c)
			}
		}
	}
	for i := 0; i < len(told); i += 2 {
		pair := told[i:min(i+2, len(told))]
		h := 0.0
		for _, c := range pair {
			h = max(h, countsHeight(c.List, mostOfCut))
		}
		if p.y += 3; p.y+h > bodyEnd {
			return
		}
		for j, c := range pair {
			p.breakdown(scene.Rect{X: left + float64(j)*(half+gap), Y: p.y, W: half, H: h}, c.ID, c.List, mostOfCut)
		}
		p.y += h
	}
}

// breakdown draws one list of counts as bars with their change and share.
func (p *press) breakdown(r scene.Rect, key string, list []Count, most int) {
	p.s.In(key, r, func() {
		if len(list) == 0 {
			p.chartTitle(r.X, r.Y+4, r.W, p.l.t(key), "")
			p.empty(r.X, r.Y+12, r.W, "none cases")
			return
		}
		title, sub := p.l.t(key), ""
		if c := list[0]; c.Share != nil && !c.Others {
			title, sub = p.l.fill("leads "+unitOf(key), c.Name, p.l.value(c.Share, Share, 0)), p.l.t(key)
		}
		p.chartTitle(r.X, r.Y+4, r.W, title, sub)
		b := chart.Bars{LabelWidth: 34, Columns: []float64{11, 11}, Pitch: 4.95, Heads: []string{p.l.fill("vs", p.l.brief(p.m, p.m.previous())), p.l.t("share")}}
		list = fold(list, most, p.l.t("other"))
		bars := p.bars(list, true)
		for i, c := range list {
			bars[i].Extra[1] = chart.Cell{S: p.l.value(c.Share, Share, 0)}
		}
		b.Draw(p.s, scene.Rect{X: r.X, Y: r.Y + 12, W: r.W, H: r.H - 12}, bars)
	})
}

// flowed draws the identity of the cases as six boxes: what there was, what came,
// what went, what is left.
func (p *press) flowed(f Flowed) {
	l := p.l
	n := func(i int) string { return l.Number(float64(i), 0) }
	title := l.t("flowed same")
	switch d := f.After - f.Before; {
	case d > 0:
		title = l.fill("flowed up", n(d))
	case d < 0:
		title = l.fill("flowed down", n(-d))
	}
	sub, tone := l.t("flowed sub"), chart.Muted
	if g := f.Gap(); g != 0 {
		sub, tone = l.fill("identity bad", n(g)), chart.Failure
	}
	p.s.In("flowed title", scene.Rect{X: left, Y: p.y, W: content, H: 10}, func() {
		p.put(left, p.y+4, title, scene.Bold, 10, chart.Ink, content)
		p.put(left, p.y+8, sub, scene.Regular, subtitleSize, tone, content)
	})
	y := p.y + 11
	const between, h = 5.0, 13.5
	w := (content - 5*between) / 6
	for i, b := range []struct {
		n          int
		word, sign string
	}{{f.Before, "backlog before", "+"}, {f.Opened, "opened", "+"}, {f.Reopened, "reopenings", "−"}, {f.Resolved, "resolutions", "−"},
		{f.Cancelled, "cancellations", "="}, {f.After, "backlog after", ""}} {
		r := scene.Rect{X: left + float64(i)*(w+between), Y: y, W: w, H: h}
		ground, ink, muted := chart.Ground, chart.Ink, chart.Muted
		if i == 5 {
			ground, ink, muted = chart.Ink, chart.White, chart.White
		}
		p.s.Box(r, 1.2, ground)
		p.s.In("flowed "+b.word, r, func() {
			p.put(r.X+2, r.Y+6.4, n(b.n), scene.Bold, 13, ink, w-3)
			p.shrunk(r.X+2, r.Y+10.8, l.t(b.word), 7, 5.8, muted, w-3)
		})
		if b.sign != "" {
			p.text(r.X+w+between/2, y+8, b.sign, scene.Bold, 9, chart.Muted, scene.Center, 0, between)
		}
	}
	p.y = y + h
}

// frequent is the table of what is reported most: all of it, or the first of it
// and the rest as one line, and all of it in an annex.
func (p *press) frequent() {
	l := p.l
	p.section(l.t("frequent"))
	if len(p.m.Frequent) == 0 {
		p.empty(left, p.y+5, content, "none cases")
		p.y += 10
		return
	}
	p.countRows(fold(p.m.Frequent, shownReasons, l.t("other")))
	if p.longList() && p.has("reasons") {
		p.s.In("count note", scene.Rect{X: left, Y: p.y, W: content, H: 5}, func() {
			p.put(left, p.y+3.6, l.t("whole list"), scene.Italic, 7.3, chart.Muted, content)
		})
		p.y += 5
	}
}

// longList tells whether the reasons need an annex.
func (p *press) longList() bool { return len(p.m.Frequent) > shownReasons }

// reasons is the annex with all that was reported.
func (p *press) reasons() {
	p.newPage()
	p.heading(p.l.t("annex b"))
	p.countRows(p.m.Frequent)
}

// countRows prints lines of counts over as many pages as they take.
func (p *press) countRows(list []Count) {
	top := 0
	for _, c := range list {
		if !c.Others {
			top = max(top, c.N)
		}
	}
	p.countHead()
	for _, c := range list {
		if p.y+countHeight > bodyEnd {
			p.newPage()
			p.countHead()
		}
		p.countRow(c, top)
	}
}

// Right edges of the columns of counts.
const (
	colN        = 125.0
	colShare    = 145.0
	colCum      = 165.0
	colBefore   = right
	colBar      = 76.0 // left edge
	barWidth    = 34.0
	countHeight = 5.2
)

// countHead is the head of the table of counts, again on each page.
func (p *press) countHead() {
	y := p.y + 4
	p.s.In("count head", scene.Rect{X: left, Y: p.y, W: content, H: 5.4}, func() {
		head := func(x float64, s string) {
			p.text(x, y, s, scene.Bold, headCellSize, chart.Muted, scene.Right, 0, 19)
		}
		p.put(left, y, p.l.t("reason"), scene.Bold, headCellSize, chart.Muted, colBar-left-2)
		head(colN, p.l.t("cases"))
		head(colShare, p.l.t("share"))
		head(colCum, p.l.t("cum"))
		head(colBefore, p.l.fill("vs", p.l.brief(p.m, p.m.previous())))
	})
	p.y += 5.4
	p.hair(left, right, p.y, 0.2, chart.Hair)
}

// countRow is one line of it, with a bar against the longest of those that have a name.
func (p *press) countRow(c Count, top int) {
	base := p.y + countHeight/2 + baselineDrop
	p.s.In("count", scene.Rect{X: left, Y: p.y, W: content, H: countHeight}, func() {
		cell := func(x float64, s string, f scene.Face, col scene.Color) {
			p.text(x, base, s, f, 8, col, scene.Right, 0, 19)
		}
		ink := chart.Ink
		if c.Others {
			ink = chart.Muted
		}
		p.put(left, base, c.Name, scene.Regular, 8, ink, colBar-left-2)
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
	tone := chart.Accent
	if c.Others {
		tone = chart.Others
	}
	if top > 0 && c.N > 0 {
		p.s.Box(scene.Rect{X: colBar, Y: p.y + countHeight/2 - 1.3, W: barWidth * min(1, float64(c.N)/float64(top)), H: 2.6}, 0.4, tone)
	}
	p.y += countHeight
	p.hair(left, right, p.y, 0.12, chart.RowLine)
}
