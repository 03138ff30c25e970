package look

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// Column is one column of a List. The one with Width 0 takes what is left; so that
// something is left in a narrow window, the others shrink down to Least.
type Column struct {
	Title string
	Width float32
	Least float32 // 0 = Width
	Right bool
}

// flex is the room that the column with Width 0 asks for before others shrink,
// where its Least does not say.
const flex = 240

// List is a table that draws only the rows that are seen, so a million are as
// quick as ten. It has the keys of a table: arrows, Page, Home, End, Enter.
type List struct {
	widget.BaseWidget
	Keys     Keys
	Columns  []Column
	RowH     float32 // 0 = 34
	Len      func() int
	Row      func(p *Painter, i int, x, y, w, h float32, cols []float32) // draws row i; "…" while it loads
	OnOpen   func(i int)                                                 // Enter or a click on the selected row
	OnSelect func(i int)
	Empty    [2]string // what is so, what to do
	Selected int
	Focused  bool
	Copied   func(i int) string  // what Ctrl C takes of row i; nil = nothing
	Plain    bool                // no lines between the rows: they are lines of one text
	OnEnd    func()              // End, where more rows may be had than Len tells; nil = the last of them
	Led      bool                // a field of the page moves the selection: it shows as if the keys were here
	High     func(i int) float32 // of a row, where not all are alike; nil = RowH
	Heading  func(i int) bool    // a row on which nothing stands: the selection goes past it; nil = none
	OnRune   func(rune) bool     // a letter; true = taken. nil = none is
	OnHead   func(column int)    // a click on the title of a column
	Sorted   int                 // column whose title is marked, from 1; below 0 the other way round
	top      int
	sheet    *Sheet
}

// NewList makes an empty list.
func NewList(palette func() *Palette, keys Keys, columns ...Column) *List {
	l := &List{Keys: keys, Columns: columns}
	l.sheet = NewSheet(palette, fyne.NewSize(200, 100), l.draw)
	l.ExtendBaseWidget(l)
	return l
}

// CreateRenderer implements fyne.Widget.
func (l *List) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(l.sheet) }

// Refresh implements fyne.Widget.
func (l *List) Refresh() { l.sheet.Refresh() }

const headH = 30

func (l *List) rowH() float32 { return cmpOr(l.RowH, 34) }

// high is the height of a row.
func (l *List) high(i int) float32 {
	if l.High != nil {
		return l.High(i)
	}
	return l.rowH()
}

// heading tells that nothing stands on a row.
func (l *List) heading(i int) bool { return l.Heading != nil && l.Heading(i) }

// room is the height that rows have.
func (l *List) room() float32 {
	if len(l.Columns) == 0 {
		return l.sheet.Size().Height
	}
	return l.sheet.Size().Height - headH
}

// rows is how many whole rows are seen from a row on.
func (l *List) rows() int { return l.from(l.top) }

func (l *List) from(top int) int {
	if l.High == nil {
		return max(1, int(l.room()/l.rowH()))
	}
	left, n := l.room(), 0
	for i := top; i < l.Len(); i++ {
		if left -= l.High(i); left < 0 {
			break
		}
		n++
	}
	return max(1, n)
}

// last is the first row that is seen when the last one is.
func (l *List) last(n int) int {
	if l.High == nil {
		return max(0, n-l.rows())
	}
	left := l.room()
	for i := n - 1; i >= 0; i-- {
		if left -= l.High(i); left < 0 {
			return min(i+1, n-1)
		}
	}
	return 0
}

// columns gives the left edges of the columns, and one more for the end.
func (l *List) columns(w float32) []float32 {
	left := w - 32
	var wide, least, rest float32
	for _, c := range l.Columns {
		if c.Width == 0 {
			rest = cmpOr(c.Least, flex)
			continue
		}
		wide += c.Width
		least += cmpOr(c.Least, c.Width)
	}
	full := float32(1) // how much of the way from Least to Width there is room for
	if wide > least {
		full = min(1, max(0, (left-rest-least)/(wide-least)))
	}
	width := func(c Column) float32 {
		if c.Width == 0 {
			return 0
		}
		narrow := cmpOr(c.Least, c.Width)
		return narrow + full*(c.Width-narrow)
	}
	for _, c := range l.Columns {
		left -= width(c)
	}
	xs := []float32{16}
	for _, c := range l.Columns {
		cw := width(c)
		if c.Width == 0 {
			cw = left
		}
		xs = append(xs, xs[len(xs)-1]+cw)
	}
	return xs
}

func (l *List) draw(p *Painter) {
	xs := l.columns(p.W)
	y := float32(0)
	if len(l.Columns) > 0 {
		for i, c := range l.Columns {
			st := Style{Size: 12, Bold: true, Color: p.Muted}
			title := c.Title
			if i+1 == max(l.Sorted, -l.Sorted) {
				st.Color = p.Accent
				title = map[bool]string{true: "↑ ", false: "↓ "}[l.Sorted > 0] + title
			}
			title = Fit(title, xs[i+1]-xs[i]-8, st)
			if c.Right {
				p.Right(xs[i+1]-8, 0, headH, title, st)
			} else {
				p.Text(xs[i], 0, headH, title, st)
			}
		}
		y = headH
		defer func() { p.Line(0, headH, p.W, headH, 1.5, p.Ink) }() // over the ground of a selected first row
	}
	n := l.Len()
	if n == 0 {
		p.TextFit(16, y+14, p.W-32, 20, l.Empty[0], Style{Bold: true})
		p.TextFit(16, y+36, p.W-32, 20, l.Empty[1], Style{Color: p.Muted})
		return
	}
	l.clamp(n)
	for i := l.top; i < n; i++ {
		h := l.high(i)
		if y+h > p.H {
			break
		}
		if i == l.Selected && (!l.Plain || l.Focused) {
			p.Selected(0, y, p.W, h, l.Focused || l.Led)
		}
		l.Row(p, i, 16, y, p.W-32, h, xs)
		y += h
		if i != l.Selected && !l.Plain {
			p.Line(16, y, p.W-16, y, 1, p.RowLine)
		}
	}
	if seen, last := l.rows(), l.last(n); last > 0 { // a quiet bar that tells where one is
		area := p.H - headH
		bar := max(24, area*float32(seen)/float32(n))
		p.Rect(p.W-6, headH+(area-bar)*float32(min(l.top, last))/float32(last), 4, bar, 2, p.TrackMuted, nil, 0)
	}
}

func (l *List) clamp(n int) {
	l.Selected = min(max(0, l.Selected), n-1)
	if l.heading(l.Selected) {
		l.Selected = l.beside(l.Selected, 1, n)
	}
	l.top = min(max(0, l.top), l.last(n))
}

// beside is the nearest row on which something stands, in a direction first.
func (l *List) beside(i, step, n int) int {
	for _, d := range []int{step, -step} {
		for j := i; j >= 0 && j < n; j += d {
			if !l.heading(j) {
				return j
			}
		}
	}
	return i
}

// Select moves the selection and brings it into view.
func (l *List) Select(i int) {
	n := l.Len()
	if n == 0 {
		return
	}
	step := 1
	if i < l.Selected {
		step = -1
	}
	l.Selected = l.beside(min(max(0, i), n-1), step, n)
	if l.Selected < l.top {
		if l.top = l.Selected; l.top > 0 && l.heading(l.top-1) { // with what it stands under
			l.top--
		}
	}
	for l.top < l.Selected && l.Selected >= l.top+l.from(l.top) {
		l.top++
	}
	l.Refresh()
	if l.OnSelect != nil {
		l.OnSelect(l.Selected)
	}
}

// Seen is the range of rows that are drawn.
func (l *List) Seen() (from, to int) { return l.top, min(l.Len(), l.top+l.rows()+1) }

// FocusGained implements fyne.Focusable.
func (l *List) FocusGained() { l.Focused = true; l.Refresh() }

// FocusLost implements fyne.Focusable.
func (l *List) FocusLost() { l.Focused = false; l.Refresh() }

// TypedRune implements fyne.Focusable.
func (l *List) TypedRune(r rune) {
	if l.OnRune != nil && l.OnRune(r) && l.Keys != nil {
		l.Keys.Active()
	}
}

// TypedKey implements fyne.Focusable.
func (l *List) TypedKey(k *fyne.KeyEvent) {
	if l.Keys != nil {
		l.Keys.Active()
	}
	if commandKey(k.Name) && l.Keys != nil && l.Keys.Key(k.Name) {
		return
	}
	switch k.Name {
	case fyne.KeyUp:
		l.Select(l.Selected - 1)
	case fyne.KeyDown:
		l.Select(l.Selected + 1)
	case fyne.KeyPageUp:
		l.Select(l.Selected - l.rows())
	case fyne.KeyPageDown:
		l.Select(l.Selected + l.rows())
	case fyne.KeyHome:
		l.Select(0)
	case fyne.KeyEnd:
		if l.OnEnd != nil {
			l.OnEnd()
		}
		l.Select(l.Len() - 1)
	case fyne.KeyReturn, fyne.KeyEnter:
		l.open()
	}
}

func (l *List) open() {
	if l.OnOpen != nil && l.Selected < l.Len() {
		l.OnOpen(l.Selected)
	}
}

// TypedShortcut implements fyne.Shortcutable.
func (l *List) TypedShortcut(s fyne.Shortcut) {
	if c, ok := s.(*fyne.ShortcutCopy); ok && l.Copied != nil && l.Selected < l.Len() {
		c.Clipboard.SetContent(l.Copied(l.Selected))
		return
	}
	combination(l.Keys, s)
}

// Tapped implements fyne.Tappable: it selects, and opens what was selected.
func (l *List) Tapped(e *fyne.PointEvent) {
	y := e.Position.Y
	if len(l.Columns) > 0 {
		y -= headH
	}
	if y < 0 {
		if xs := l.columns(l.sheet.Size().Width); l.OnHead != nil {
			for i := range l.Columns {
				if e.Position.X >= xs[i] && e.Position.X < xs[i+1] {
					l.OnHead(i)
				}
			}
		}
		return
	}
	i := l.top
	for i < l.Len() && y >= l.high(i) {
		y -= l.high(i)
		i++
	}
	if i >= l.Len() || l.heading(i) {
		return
	}
	if i == l.Selected && l.Focused {
		l.open()
		return
	}
	if c := fyne.CurrentApp().Driver().CanvasForObject(l); c != nil {
		c.Focus(l)
	}
	l.Select(i)
}

// Scrolled implements fyne.Scrollable.
func (l *List) Scrolled(e *fyne.ScrollEvent) {
	step := int(-e.Scrolled.DY / l.rowH())
	if step == 0 && e.Scrolled.DY < 0 {
		step = 1
	}
	if step == 0 && e.Scrolled.DY > 0 {
		step = -1
	}
	l.top += step
	if n := l.Len(); n > 0 {
		sel := l.Selected
		l.clamp(n)
		l.Selected = sel
	}
	l.Refresh()
	if l.OnSelect != nil {
		l.OnSelect(l.Selected)
	}
}

// Texts are what the list says, in the order of drawing: for tests.
func (l *List) Texts() []string { return l.sheet.Texts() }
