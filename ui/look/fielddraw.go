package look

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
)

// How a Field lays its letters out and draws them.

const (
	fieldPad = 8
	lineH    = 20
)

// room is the width for text.
func (f *Field) room() float32 { return max(1, f.Size().Width-2*fieldPad) }

// seen is how many rows of many lines are seen.
func (f *Field) seen() int { return max(1, int((f.Size().Height-2*4)/lineH)) }

func (f *Field) layout(w float32) {
	if f.wide != w {
		f.starts, f.wide = f.t.rows(w, f.advance), w
	}
}

// advance is the width of one letter, measured once: a text is laid out by sums.
func (f *Field) advance(r rune) float32 {
	if f.Password {
		r = '•'
	}
	w, ok := f.widths[r]
	if !ok {
		w = Measure(string(r), Style{})
		f.widths[r] = w
	}
	return w
}

// row is the row of many lines in which a letter stands.
func (f *Field) row(i int) int {
	n, found := slices.BinarySearch(f.starts[:len(f.starts)-1], i)
	if !found {
		n--
	}
	return n
}

// end is where a row ends, without what breaks it.
func (f *Field) end(row int) int {
	from, to := f.starts[row], f.starts[row+1]
	if to > from && row < len(f.starts)-2 && (f.t.r[to-1] == '\n' || f.t.r[to-1] == ' ') {
		to--
	}
	return to
}

// shown is how letters are drawn.
func (f *Field) shown(from, to int) string {
	if f.Password {
		return strings.Repeat("•", to-from)
	}
	return strings.ReplaceAll(string(f.t.r[from:to]), "\t", " ")
}

func (f *Field) width(from, to int) float32 { return Measure(f.shown(from, to), Style{}) }

// place is the letter at a point.
func (f *Field) place(at fyne.Position) int {
	if !f.MultiLine {
		return f.nearest(f.first, len(f.t.r), at.X-fieldPad)
	}
	f.layout(f.room())
	row := f.first + int((at.Y-4)/lineH)
	return f.within(min(max(0, row), len(f.starts)-2), at.X-fieldPad)
}

func (f *Field) within(row int, x float32) int { return f.nearest(f.starts[row], f.end(row), x) }

// nearest is the letter between from and to whose left edge is nearest to x.
func (f *Field) nearest(from, to int, x float32) int {
	for i := from; i < to; i++ {
		w := f.advance(f.t.r[i])
		if x < w/2 {
			return i
		}
		x -= w
	}
	return to
}

func (f *Field) draw(p *Painter) {
	switch {
	case len(f.t.r) == 0:
		p.TextFit(fieldPad, 4, p.W-2*fieldPad, min(p.H-8, 28), f.hint, Style{Color: p.Muted})
		if f.Focused {
			f.drawCaret(p, fieldPad, 4, min(p.H-8, 28))
		}
	case f.MultiLine:
		f.drawLines(p)
	default:
		f.drawLine(p)
	}
	f.follow = false
}

// back is the first letter of those before i that have room.
func (f *Field) back(i int, room float32) int {
	for ; i > 0; i-- {
		if room -= f.advance(f.t.r[i-1]); room < 0 {
			break
		}
	}
	return i
}

func (f *Field) drawLine(p *Painter) {
	room, n := p.W-2*fieldPad, len(f.t.r)
	f.first = min(f.first, n)
	if f.follow {
		f.first = min(max(f.first, f.back(f.t.caret, room-2)), f.t.caret)
		f.first = min(f.first, f.back(n, room-2)) // no empty place at the right
	}
	to := f.first
	for x := float32(0); to < n; to++ {
		if x += f.advance(f.t.r[to]); x > room {
			break
		}
	}
	f.drawRow(p, f.first, to, 0, p.H, f.t.caret <= to)
}

func (f *Field) drawLines(p *Painter) {
	f.layout(f.room())
	n, seen := len(f.starts)-1, f.seen()
	if f.follow {
		row := f.row(f.t.caret)
		f.first = min(max(f.first, row-seen+1), row)
	}
	f.first = min(max(0, f.first), max(0, n-seen))
	caret := f.row(f.t.caret)
	for i := f.first; i < min(n, f.first+seen); i++ {
		f.drawRow(p, f.starts[i], f.end(i), 4+float32(i-f.first)*lineH, lineH, i == caret)
	}
	if n > seen {
		area := p.H - 8
		bar := max(16, area*float32(seen)/float32(n))
		p.Rect(p.W-6, 4+(area-bar)*float32(f.first)/float32(n-seen), 4, bar, 2, p.TrackMuted, nil, 0)
	}
}

// drawRow draws letters with the part that is selected on the accent, and the
// caret if it stands there.
func (f *Field) drawRow(p *Painter, from, to int, y, h float32, caret bool) {
	a, b := f.t.selection()
	a, b = min(max(a, from), to), min(max(b, from), to)
	x := float32(fieldPad)
	if a < b && f.Focused {
		x1 := x + f.width(from, a)
		w := f.width(a, b)
		p.Rect(x1, y+(h-lineH)/2+1, w, lineH-2, 2, p.Accent, nil, 0)
		x = p.Text(x, y, h, f.shown(from, a), Style{})
		x = p.Text(x, y, h, f.shown(a, b), Style{Color: p.OnAccent})
		p.Text(x, y, h, f.shown(b, to), Style{})
	} else {
		p.Text(x, y, h, f.shown(from, to), Style{})
	}
	if caret && f.Focused && f.t.caret >= from {
		f.drawCaret(p, fieldPad+f.width(from, min(f.t.caret, to)), y, h)
	}
}

func (f *Field) drawCaret(p *Painter, x, y, h float32) {
	p.Rect(x-1, y+(h-18)/2, 2, 18, 0, p.Accent, nil, 0)
}
