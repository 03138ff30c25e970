package model

import (
	"fmt"
	"strings"

	"punto/app/draft"
	"punto/ui/look"
	"punto/ui/page"
)

const (
	barH    = 48
	partW   = 224
	fieldsW = 470
	smallW  = 330 // of the fields in a small window
	partH   = 34
)

// Draw implements page.Page.
func (m *model) Draw(p *look.Painter, r page.Rect) {
	y := r.Y + 12
	m.drawBar(p, page.At(page.Margin, y, r.W-2*page.Margin, barH))
	y += barH + 12
	rest := page.At(page.Margin, y, r.W-2*page.Margin, r.Y+r.H-y-12)
	if m.shown != nil {
		m.drawView(p, rest)
		return
	}
	wide := float32(fieldsW)
	if p.Small() {
		wide = smallW
	}
	m.drawParts(p, page.At(rest.X, rest.Y, partW, rest.H))
	middle := rest.W - partW - wide - 24
	m.drawRows(p, page.At(rest.X+partW+12, rest.Y, middle, rest.H))
	m.drawFields(p, page.At(rest.X+rest.W-wide, rest.Y, wide, rest.H))
}

// drawBar tells how the draft stands.
func (m *model) drawBar(p *look.Painter, r page.Rect) {
	k := m.k
	p.CardBox(r.X, r.Y, r.W, r.H, false)
	title := k.T("model.inForce", "Version", m.version)
	if len(m.changes) > 0 {
		title = k.T("model.draft", "Version", m.version+1)
	}
	x := p.TextFit(r.X+16, r.Y, r.W/2, r.H, title, look.Style{Size: 16, Bold: true, Color: p.Ink}) + 16
	if len(m.changes) > 0 {
		x = p.Chip(x, r.Y+r.H/2, look.NowMark, k.Words.N("model.changes", len(m.changes))) + 12
	}
	grave := len(draft.Grave(m.problems))
	switch {
	case grave > 0:
		p.Chip(x, r.Y+r.H/2, look.FailMark, k.Words.N("model.wrong", grave))
	case len(m.problems) > 0:
		p.Chip(x, r.Y+r.H/2, look.WatchMark, k.Words.N("model.toLook", len(m.problems)))
	case m.loaded:
		p.Chip(x, r.Y+r.H/2, look.FineMark, k.T("model.whole"))
	}
}

// changed counts the changes under a path.
func (m *model) changed(path string) (n int) {
	for _, c := range m.changes {
		if c.At == path || strings.HasPrefix(c.At, path+" › ") {
			n++
		}
	}
	return n
}

// worst is the gravest of the problems of a part, and how many it has.
func (m *model) worst(part string) (mark look.Mark, n int) {
	for _, x := range m.problems {
		if x.At != part && !strings.HasPrefix(x.At, part+" › ") {
			continue
		}
		n++
		if x.Grave {
			mark = look.FailMark
		} else if mark != look.FailMark {
			mark = look.WatchMark
		}
	}
	return mark, n
}

func (m *model) drawParts(p *look.Painter, r page.Rect) {
	k := m.k
	p.CardBox(r.X, r.Y, r.W, r.H, false)
	p.TextFit(r.X+16, r.Y+6, 90, 32, k.T("model.parts"), look.Style{Size: 16, Bold: true, Color: p.Ink})
	kx := r.X + r.W - 16 - look.KeyWidth("Alt ↓")
	p.Key(kx, r.Y+22, "Alt ↓")
	p.Key(kx-8-look.KeyWidth("Alt ↑"), r.Y+22, "Alt ↑")
	y := r.Y + 44
	for i, x := range m.parts {
		st := look.Style{}
		if i == m.on {
			p.Selected(r.X+1, y, r.W-2, partH, false)
			st = look.Style{Bold: true, Color: p.Ink}
		}
		right := r.X + r.W - 12
		if mark, n := m.worst(x.id); n > 0 {
			right = p.Right(right, y, partH, fmt.Sprint(n), look.Style{Size: 12, Bold: true}) - 18
			p.Mark(right, y+partH/2-7, 14, mark)
			right -= 8
		}
		if n := m.changed(x.id); n > 0 {
			right = p.Right(right, y, partH, k.Words.N("model.changes", n), look.Style{Size: 12, Bold: true, Color: p.Accent}) - 8
		}
		end := p.TextFit(r.X+16, y, right-r.X-16-36, partH, k.Words.T("part."+x.id), st) + 8
		p.TextFit(end, y, right-end, partH, fmt.Sprint(len(x.keys(&m.draft))), look.Style{Size: 12, Color: p.Muted})
		p.Tap(r.X, y, r.W, partH, func() { m.open(i); k.Focus(m.rows) })
		y += partH
	}
}

func (m *model) drawRows(p *look.Painter, r page.Rect) {
	k, x := m.k, m.parts[m.on]
	p.CardBox(r.X, r.Y, r.W, r.H, false)
	end := p.TextFit(r.X+16, r.Y+6, r.W-32, 32, k.Words.T("part."+x.id), look.Style{Size: 16, Bold: true, Color: p.Ink}) + 10
	p.TextFit(end, r.Y+6, r.X+r.W-16-end, 32, fmt.Sprint(len(m.keys)), look.Style{Size: 12, Color: p.Muted})
	for i := range m.rows.Columns {
		m.rows.Columns[i].Title = ""
		if x.cols[i] != "" {
			m.rows.Columns[i].Title = k.Words.T(x.cols[i])
		}
	}
	p.Place(m.rows, r.X+1, r.Y+40, r.W-2, r.H-42)
}

func (m *model) row(p *look.Painter, i int, _, y, _, h float32, xs []float32) {
	if i >= len(m.keys) {
		return
	}
	key := m.keys[i]
	cells := m.parts[m.on].cells(m.k, &m.draft, key)
	end := p.TextFit(xs[0], y, xs[1]-xs[0]-70, h, cells[0], look.Style{})
	if m.changed(m.parts[m.on].id+" › "+key) > 0 {
		p.TextFit(end+8, y, 60, h, m.k.T("model.changes1"), look.Style{Size: 12, Bold: true, Color: p.Accent})
	}
	p.TextFit(xs[1], y, xs[2]-xs[1]-8, h, cells[1], look.Style{})
	p.TextFit(xs[2], y, xs[3]-xs[2]-8, h, cells[2], look.Style{Size: 12, Color: p.Muted})
}

func (m *model) drawFields(p *look.Painter, r page.Rect) {
	key := m.selected()
	if key == "" || m.form == nil {
		p.CardBox(r.X, r.Y, r.W, r.H, false)
		return
	}
	m.form.Draw(p, r, m.parts[m.on].cells(m.k, &m.draft, key)[0], key)
}
