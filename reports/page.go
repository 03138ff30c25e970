package reports

import (
	"strconv"

	"punto/reports/chart"
	"punto/reports/scene"
)

// A4 with margins of 17 mm: 176 mm of content.
const (
	pageW, pageH  = 210.0, 297.0
	left, right   = 17.0, 193.0
	content       = right - left
	gap           = 16.0 // between two columns
	half          = (content - gap) / 2
	footTop       = 283.6
	bodyTop       = 22.0
	bodyEnd       = 279.0
	tickSize      = 2.7 // marks of state
	baselineDrop  = 0.9 // from the middle of a line to its baseline
	titleSize     = 15.0
	sectionSize   = 11.5
	subtitleSize  = 7.5
	headCellSize  = 7.2
	cellSize      = 8.4
	smallCellSize = 7.3
)

// press is one layout of one month: it adds pages and knows how many there will
// be once the first pass has counted them.
type press struct {
	m     Month
	l     lang
	pages []*scene.Scene
	s     *scene.Scene
	y     float64 // where the next block starts on the current page
	total int     // pages of the whole report; 0 in the counting pass

	begins map[string]int // page of each part, from 1
}

// layout draws the month twice: the first pass counts the pages, the second
// prints the real total. No alias stands for a number.
func layout(m Month) []*scene.Scene {
	m = m.settled()
	first := &press{m: m, l: m.language()}
	first.draw()
	second := &press{m: m, l: first.l, total: len(first.pages)}
	second.draw()
	return second.pages
}

func (p *press) draw() { p.parts() }

// newPage starts a page with its foot; the first one has its own head.
func (p *press) newPage() {
	p.s = scene.New(pageW, pageH)
	p.pages = append(p.pages, p.s)
	p.y = bodyTop
	p.foot()
	if len(p.pages) > 1 {
		p.runningHead()
	}
}

func (p *press) runningHead() {
	p.s.In("head", scene.Rect{X: left, Y: 9, W: content, H: 7}, func() {
		eyebrow := p.l.eyebrow(p.m, "eyebrow2")
		if p.m.Partial() {
			eyebrow += " · " + p.l.t("partial head")
		}
		p.text(left, 13.2, eyebrow, scene.Bold, 7.5, chart.Accent, scene.Left, 0.9, 108)
		who := scene.Fit(scene.Regular, 8, 38, p.m.Client) + " · " + p.l.timed(p.m)
		p.text(right, 13.2, who, scene.Regular, 8, chart.Muted, scene.Right, 0, 66)
	})
	p.hair(left, right, 16, 0.2, chart.Hair)
}

func (p *press) foot() {
	p.hair(left, right, footTop, 0.2, chart.Hair)
	page := strconv.Itoa(len(p.pages))
	if p.total > 0 {
		page += " / " + strconv.Itoa(p.total)
	}
	p.s.In("foot", scene.Rect{X: left, Y: footTop + 0.5, W: content, H: 6}, func() {
		p.text(left, 287.7, p.provenance(), scene.Regular, 7, chart.Muted, scene.Left, 0, content-16)
		p.text(right, 287.7, page, scene.Bold, 7.5, chart.Ink, scene.Right, 0, 15)
	})
}

// provenance says when and from what the page was made.
func (p *press) provenance() string {
	at := p.m.IssuedAt
	s := p.l.fill("issued", p.l.date(at), at.Format("15:04"))
	if c := p.m.DataClosed; p.m.Partial() {
		s += " · " + p.l.partial(p.m)
	} else if !c.IsZero() {
		s += " · " + p.l.fill("closed", p.l.date(c), c.Format("15:04"))
	}
	if p.m.Zone != "" {
		s += " (" + p.m.Zone + ")"
	}
	s += " · " + p.l.fill("revision", strconv.Itoa(max(p.m.Revision, 1)))
	if h := p.m.InputHash; h != "" {
		s += " · " + h[:min(len(h), 12)]
	}
	return s
}

// partial says that the month is not over, and until when its data go.
func (l lang) partial(m Month) string {
	c := m.DataClosed
	return l.fill("partial", l.date(c), c.Format("15:04"))
}

// text adds a line of text cut to width millimetres.
func (p *press) text(x, y float64, s string, f scene.Face, size float64, c scene.Color, a scene.Align, spacing, width float64) {
	s = scene.Fit(f, size, width-spacing*float64(len([]rune(s)))*25.4/72, s)
	p.s.Text(scene.Text{X: x, Y: y, S: s, Face: f, Size: size, Color: c, Align: a, Spacing: spacing})
}

// shrunk is put in a size that fits, no smaller than least.
func (p *press) shrunk(x, y float64, s string, size, least float64, c scene.Color, width float64) {
	for size > least && scene.Width(scene.Regular, size, s) > width {
		size -= 0.1
	}
	p.put(x, y, s, scene.Regular, size, c, width)
}

// put is text without letter spacing, from the left.
func (p *press) put(x, y float64, s string, f scene.Face, size float64, c scene.Color, width float64) {
	p.text(x, y, s, f, size, c, scene.Left, 0, width)
}

func (p *press) hair(x0, x1, y, w float64, c scene.Color) {
	p.s.Line(scene.Point{X: x0, Y: y}, scene.Point{X: x1, Y: y}, w, c)
}

// paragraph prints wrapped text, at most most lines, and returns the y after it.
func (p *press) paragraph(x, y, width float64, s string, f scene.Face, size, pitch float64, c scene.Color, most int) float64 {
	lines := scene.Wrap(f, size, width, s)
	for i, line := range lines {
		if i == most-1 && len(lines) > most {
			line = scene.Fit(f, size, width, line+" "+lines[i+1]+" …")
			if line[len(line)-3:] != "…" {
				line += "…"
			}
		}
		if i >= most {
			break
		}
		p.s.Text(scene.Text{X: x, Y: y, S: line, Face: f, Size: size, Color: c})
		y += pitch
	}
	return y
}

// chartTitle prints the sentence of a chart and its descriptor below.
func (p *press) chartTitle(x, y, width float64, title, sub string) {
	p.put(x, y, title, scene.Bold, 10, chart.Ink, width)
	p.put(x, y+4, sub, scene.Regular, subtitleSize, chart.Muted, width)
}

// empty says in words that there is nothing to show.
func (p *press) empty(x, y, width float64, key string) {
	p.put(x, y, p.l.t(key), scene.Italic, 8, chart.Muted, width)
}

// room makes sure that h millimetres are left, or starts a page.
func (p *press) room(h float64) {
	if p.y+h > bodyEnd {
		p.newPage()
	}
}

// markOf is the shape of a state.
func markOf(s State) chart.State {
	switch s {
	case Met:
		return chart.Met
	case AtRisk:
		return chart.AtRisk
	case Missed:
		return chart.Missed
	}
	return chart.Neutral
}
