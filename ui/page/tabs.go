package page

import (
	"fmt"

	"punto/ui/look"
)

// TabLabel is one of some tabs: its word, with the key that brings it up; "" has none.
type TabLabel struct{ Word, Key string }

// Tabs draws a row of tabs at the top of a place and gives what is left; the tab
// that is on is always seen, and what stands to the left and right of those that are
// is counted. The keys of the hints stand at the right.
func Tabs(p *look.Painter, r Rect, tabs []TabLabel, on int, choose func(int), hints ...Action) Rect {
	top := r.Y
	p.Rect(0, top, p.W, TabsH, 0, p.Card, nil, 0)
	p.Line(0, top+TabsH, p.W, top+TabsH, 1, p.Palette.Line)
	right := p.W - Margin
	for i := len(hints) - 1; i >= 0; i-- {
		right -= look.KeyWidth(hints[i].Key)
		p.Key(right, top+TabsH/2, hints[i].Key)
		right = p.Right(right-8, top, TabsH, hints[i].Word, look.Style{Color: p.Muted}) - 20
	}
	style := func(i int) look.Style {
		if i == on {
			return look.Style{Bold: true, Color: p.Ink}
		}
		return look.Style{Color: p.Muted}
	}
	widths := make([]float32, len(tabs))
	for i, t := range tabs {
		tabs[i].Word = look.Fit(t.Word, 260, style(i))
		widths[i] = look.Measure(tabs[i].Word, style(i)) + 28
		if t.Key != "" {
			widths[i] += look.KeyWidth(t.Key) + 4
		}
	}
	from, to := seenTabs(widths, on, right-Margin, tabsAside)
	x := float32(Margin)
	if from > 0 {
		aside(p, x, top, fmt.Sprintf("‹ %d", from), func() { choose(from - 1) })
		x += tabsAside
	}
	for i := from; i < to; i++ {
		end := x + widths[i]
		p.Text(x+14, top, TabsH, tabs[i].Word, style(i))
		if k := tabs[i].Key; k != "" {
			p.Key(end-10-look.KeyWidth(k), top+TabsH/2, k)
		}
		if i == on {
			p.Rect(x, top+TabsH-3, end-x, 3, 0, p.Accent, nil, 0)
		}
		p.Line(end, top, end, top+TabsH, 1, p.Palette.Line)
		p.Tap(x, top, end-x, TabsH, func() { choose(i) })
		x = end
	}
	if to < len(tabs) {
		aside(p, x, top, fmt.Sprintf("%d ›", len(tabs)-to), func() { choose(to) })
	}
	return At(r.X, r.Y+TabsH, r.W, r.H-TabsH)
}

const tabsAside = 52 // width of a count of tabs that are not seen

func aside(p *look.Painter, x, top float32, count string, f func()) {
	p.Text(x+12, top, TabsH, count, look.Style{Color: p.Muted})
	p.Tap(x, top, tabsAside, TabsH, f)
}

// seenTabs are as many tabs as fit in a width, the one that is on among them; each
// count of others takes aside.
func seenTabs(widths []float32, on int, width, aside float32) (from, to int) {
	need := func(from, to int) (sum float32) {
		for _, w := range widths[from:to] {
			sum += w
		}
		if from > 0 {
			sum += aside
		}
		if to < len(widths) {
			sum += aside
		}
		return sum
	}
	if len(widths) == 0 {
		return 0, 0
	}
	on = min(max(0, on), len(widths)-1)
	for from, to = on, on+1; ; {
		switch {
		case to < len(widths) && need(from, to+1) <= width:
			to++
		case from > 0 && need(from-1, to) <= width:
			from--
		default:
			return from, to
		}
	}
}

const foldsH = 34

// Folds draws the tabs of cards that a small window shows one at a time, with
// the key that goes on to the next, and gives what is left for the card.
func Folds(p *look.Painter, r Rect, names []string, on int, choose func(int)) Rect {
	x, kx := r.X, r.X+r.W-look.KeyWidth("F2")
	style := func(i int, size float32) look.Style {
		if i == on {
			return look.Style{Size: size, Bold: true, Color: p.Ink}
		}
		return look.Style{Size: size, Color: p.Muted}
	}
	width := func(size float32) (sum float32) {
		for i, n := range names {
			sum += look.Measure(n, style(i, size)) + 16
		}
		return sum
	}
	size := float32(14)
	if width(size) > kx-x {
		size = 12
	}
	for i, n := range names {
		st := style(i, size)
		n = look.Fit(n, kx-x-16-40*float32(len(names)-1-i), st)
		wd := look.Measure(n, st) + 16
		p.Text(x+8, r.Y, foldsH-6, n, st)
		if i == on {
			p.Rect(x+4, r.Y+foldsH-8, wd-8, 3, 0, p.Accent, nil, 0)
		}
		p.Tap(x, r.Y, wd, foldsH, func() { choose(i) })
		x += wd
	}
	p.Key(kx, r.Y+foldsH/2-3, "F2")
	return At(r.X, r.Y+foldsH, r.W, r.H-foldsH)
}
