package cases

import (
	"strings"

	"punto/app"
	"punto/ui/look"
	"punto/ui/page"
)

const filterH = 52

// drawFilter draws the filter and by what is sorted at the top of a card.
func (w *workspace) drawFilter(p *look.Painter, r page.Rect) {
	k, small := w.k, look.Style{Size: 12, Color: p.Muted}
	y := r.Y + filterH/2
	right := r.X + r.W - 12 - look.KeyWidth("Ctrl O")
	p.Key(right, y, "Ctrl O")
	word := k.T("list.byBand")
	for _, c := range w.cols {
		if c.by == w.q.of.By && c.by != "" {
			word = c.Title
		}
	}
	switch {
	case w.q.newest:
		word = k.T("do.newest")
	case w.q.of.By == "opened":
		word = k.T("list.opened")
	}
	if w.q.of.Down {
		word = "↓ " + word
	}
	right = p.Right(right-6, r.Y, filterH, look.Fit(strings.ToLower(word), 110, look.Style{Size: 12, Bold: true}), look.Style{Size: 12, Bold: true}) - 4
	right = p.Right(right, r.Y, filterH, k.T("list.order"), small) - 14
	x := r.X + 12
	wide := min(right-x, 560)
	p.FieldBox(x, r.Y+8, wide, 36, w.field.Focused)
	p.Place(w.field, x+2, r.Y+8, wide-look.KeyWidth("Ctrl F")-14, 36)
	p.Key(x+wide-look.KeyWidth("Ctrl F")-8, y, "Ctrl F")
	p.Line(r.X, r.Y+filterH, r.X+r.W, r.Y+filterH, 1, p.Palette.Line)
}

// drawBeside draws the queue of two panes.
func (w *workspace) drawBeside(p *look.Painter, r page.Rect) {
	l := w.q.list
	l.Columns, l.Sorted, l.Row = nil, 0, w.q.drawBeside
	l.High = func(i int) float32 {
		if l.Heading(i) {
			return bandH
		}
		return besideH
	}
	p.CardBox(r.X, r.Y, r.W, r.H, false)
	w.drawFilter(p, r)
	p.Place(l, r.X+1, r.Y+filterH+1, r.W-2, r.H-filterH-bandH-2)
	foot := r.Y + r.H - bandH
	p.Line(r.X, foot, r.X+r.W, foot, 1, p.Palette.Line)
	x, small := r.X+12, look.Style{Size: 12, Color: p.Muted}
	for _, a := range []page.Action{{Key: "↑ ↓", Word: w.k.T("key.choose")}, {Key: w.k.T("key.space"), Word: w.k.T("do.mark")}, {Key: "Enter", Word: w.k.T("key.toCase")}} {
		x = p.Key(x, foot+bandH/2, a.Key) + 6
		x = p.TextFit(x, foot, r.X+r.W-x-8, bandH, strings.ToLower(a.Word), small) + 14
	}
}

// drawTable draws the queue by itself.
func (w *workspace) drawTable(p *look.Painter, r page.Rect) {
	l := w.q.list
	l.Columns, l.Sorted, l.Row, l.RowH = nil, 0, w.q.drawRow, w.k.RowHeight()
	for i, c := range w.cols {
		if width, liked := w.widths[c.name]; liked && c.Width > 0 {
			c.Width, c.Least = max(hidden, width), 0
		}
		l.Columns = append(l.Columns, c.Column)
		if c.by == w.q.of.By && !w.q.newest && l.Sorted == 0 {
			if l.Sorted = i + 1; w.q.of.Down {
				l.Sorted = -l.Sorted
			}
		}
	}
	w.cells(r.W)
	l.High = func(i int) float32 {
		if l.Heading(i) {
			return bandH
		}
		return w.k.RowHeight()
	}
	p.CardBox(r.X, r.Y, r.W, r.H, false)
	w.drawFilter(p, r)
	p.Place(l, r.X+1, r.Y+filterH+1, r.W-2, r.H-filterH-6)
}

// subjectLeast is the room that the subject keeps before other columns widen.
const subjectLeast = 420

// cells gives the columns of groups and clocks the width of what stands in them, where
// the subject has room enough: what is read is not cut beside what is empty.
func (w *workspace) cells(wide float32) {
	spare := wide - 32 - subjectLeast
	for _, c := range w.q.list.Columns {
		spare -= c.Width
	}
	of := map[int]func(*app.CaseRow) string{groupColumn: w.q.group, clockColumn: func(r *app.CaseRow) string { return whose(w.k, r.Clock) }}
	for _, i := range []int{groupColumn, clockColumn} {
		c := &w.q.list.Columns[i]
		if _, liked := w.widths[w.cols[i].name]; liked {
			continue
		}
		need := c.Width
		for j := range w.q.rows[:min(len(w.q.rows), page.PageRows)] {
			need = max(need, look.Measure(of[i](&w.q.rows[j]), look.Style{})+12)
		}
		more := max(0, min(need-c.Width, spare))
		c.Width += more
		spare -= more
	}
}
