package look

import (
	"image/color"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// Sheet is a widget that draws itself with a Painter, again on each Refresh and
// Resize; a painting that changes nothing costs the screen nothing. What it drew
// is its own and not its renderer's: Fyne drops the renderer of what was not seen
// for a minute and never lays out the new one. It belongs to Fyne's goroutine.
type Sheet struct {
	widget.BaseWidget
	palette func() *Palette
	draw    func(*Painter)
	min     fyne.Size
	pool    pool
	objs    []fyne.CanvasObject
	placed  []fyne.CanvasObject
	screen  func() // draws the canvas again
}

// NewSheet makes a sheet of at least min; draw is called on Fyne's goroutine.
func NewSheet(palette func() *Palette, min fyne.Size, draw func(*Painter)) *Sheet {
	s := &Sheet{palette: palette, draw: draw, min: min}
	s.screen = func() { canvas.Refresh(s) }
	s.ExtendBaseWidget(s)
	return s
}

// CreateRenderer implements fyne.Widget.
func (s *Sheet) CreateRenderer() fyne.WidgetRenderer { return sheetRenderer{s} }

// Texts are what the sheet says, in the order of drawing: for tests.
func (s *Sheet) Texts() (out []string) {
	for _, t := range s.pool.texts[:s.pool.nt] {
		out = append(out, strings.TrimPrefix(t.Text, " "))
	}
	return out
}

// Holds tells whether an object was placed by the last painting.
func (s *Sheet) Holds(o fyne.CanvasObject) bool { return slices.Contains(s.placed, o) }

type sheetRenderer struct{ s *Sheet }

func (r sheetRenderer) Destroy()                     {}
func (r sheetRenderer) MinSize() fyne.Size           { return r.s.min }
func (r sheetRenderer) Objects() []fyne.CanvasObject { return r.s.objs }
func (r sheetRenderer) Layout(fyne.Size)             { r.s.paint() }

// Refresh paints the sheet again, and the widgets that stand on it: their values
// are the page's.
func (r sheetRenderer) Refresh() {
	changed := r.s.paint()
	for _, o := range r.s.placed {
		switch o.(type) {
		case *List, *Choice, *Field:
			o.Refresh()
		}
	}
	if changed {
		r.s.screen()
	}
}

// paint tells whether the sheet looks otherwise than before.
func (s *Sheet) paint() (changed bool) {
	size := s.Size()
	if size.Width <= 0 || size.Height <= 0 {
		return false
	}
	p := &Painter{Palette: s.palette(), W: size.Width, H: size.Height, pool: &s.pool, objs: make([]fyne.CanvasObject, 0, len(s.objs)+8)}
	s.pool.start()
	s.draw(p)
	changed = p.changed || !slices.Equal(p.objs, s.objs)
	s.objs, s.placed = p.objs, p.placed
	return changed
}

// pool gives back the objects of the last painting, in the order of use.
type pool struct {
	texts                    []*canvas.Text
	rects                    []*canvas.Rectangle
	lines                    []*canvas.Line
	circles                  []*canvas.Circle
	polys                    []*canvas.Polygon
	taps                     []*Tap
	nt, nr, nl, nc, npo, nta int
}

func (p *pool) start() { p.nt, p.nr, p.nl, p.nc, p.npo, p.nta = 0, 0, 0, 0, 0, 0 }

func next[T any](list *[]*T, n *int) *T {
	if *n == len(*list) {
		*list = append(*list, new(T))
	}
	*n++
	return (*list)[*n-1]
}

// Painter draws one sheet. Coordinates and sizes are Fyne's device-independent
// pixels from the sheet's top left.
type Painter struct {
	*Palette
	W, H    float32
	pool    *pool
	objs    []fyne.CanvasObject
	placed  []fyne.CanvasObject
	changed bool // something looks otherwise than in the last painting
}

// put places what was drawn; changed tells that it looks otherwise already.
func (p *Painter) put(o fyne.CanvasObject, at fyne.Position, size fyne.Size, changed bool) {
	if o.Position() != at || o.Size() != size {
		o.Move(at)
		o.Resize(size)
		changed = true
	}
	p.drew(o, changed)
}

func (p *Painter) drew(o fyne.CanvasObject, changed bool) {
	if changed {
		o.Refresh()
		p.changed = true
	}
	p.objs = append(p.objs, o)
}

// Style is how a text is set. The zero Size is 14.
type Style struct {
	Size  float32
	Bold  bool
	Color color.Color // nil = the palette's text
}

// Measure is the width of a text.
func Measure(s string, st Style) float32 {
	return fyne.MeasureText(s, cmpOr(st.Size, 14), fyne.TextStyle{Bold: st.Bold}).Width
}

func cmpOr(a, b float32) float32 {
	if a == 0 {
		return b
	}
	return a
}

// Text writes s with its left edge at x, centred on the line y..y+h, and gives
// the x after it.
func (p *Painter) Text(x, y, h float32, s string, st Style) float32 {
	if s == "" {
		return x
	}
	if len(s) > longText {
		s = Fit(s, p.W, st) // nothing wider than the sheet is ever drawn
	}
	at := x
	if first, _ := utf8.DecodeRuneInString(s); unicode.In(first, signs) {
		s, at = " "+s, x-Measure(" ", st)
	}
	t := next(&p.pool.texts, &p.pool.nt)
	size := cmpOr(st.Size, 14)
	var c color.Color = p.Palette.Text
	if st.Color != nil {
		c = st.Color
	}
	changed := t.Text != s || t.TextSize != size || t.Color != c || t.TextStyle.Bold != st.Bold
	t.Text, t.TextSize, t.Color, t.TextStyle = s, size, c, fyne.TextStyle{Bold: st.Bold}
	m := fyne.MeasureText(s, size, t.TextStyle)
	p.put(t, fyne.NewPos(at, y+(h-m.Height)/2), m, changed)
	return at + m.Width
}

// signs are arrows and signs of mathematics, which another font draws than letters: Fyne
// sets a text on the line of the font of its first letter, so one that begins with a
// sign is drawn after a space, or it stands too high.
var signs = &unicode.RangeTable{R16: []unicode.Range16{{Lo: 0x2190, Hi: 0x22ff, Stride: 1}}}

// Right writes s with its right edge at x and gives the x of its left edge.
func (p *Painter) Right(x, y, h float32, s string, st Style) float32 {
	w := Measure(s, st)
	p.Text(x-w, y, h, s, st)
	return x - w
}

// longText is more letters than a sheet is wide.
const longText = 1000

// Fit is s, cut with "…" where it is wider than w. Of a text however long it
// looks only at as many letters as could stand there.
func Fit(s string, w float32, st Style) string {
	short := s
	if len(s) > longText {
		n := 0
		for i := range s {
			if n++; n > longText {
				short = s[:i]
				break
			}
		}
	}
	if len(short) == len(s) && Measure(s, st) <= w {
		return s
	}
	r := []rune(short)
	lo, hi := 0, len(r)
	for lo < hi {
		mid := (lo + hi + 1) / 2
		if Measure(string(r[:mid])+"…", st) <= w {
			lo = mid
		} else {
			hi = mid - 1
		}
	}
	if lo == 0 {
		return ""
	}
	return string(r[:lo]) + "…"
}

// TextFit is Text cut to w.
func (p *Painter) TextFit(x, y, w, h float32, s string, st Style) float32 {
	return p.Text(x, y, h, Fit(s, w, st), st)
}

// Rect fills a rectangle; a nil stroke has none.
func (p *Painter) Rect(x, y, w, h, radius float32, fill, stroke color.Color, width float32) {
	r := next(&p.pool.rects, &p.pool.nr)
	if fill == nil {
		fill = color.Transparent
	}
	if stroke == nil {
		stroke, width = color.Transparent, 0
	}
	changed := r.FillColor != fill || r.StrokeColor != stroke || r.StrokeWidth != width || r.CornerRadius != radius
	r.FillColor, r.StrokeColor, r.StrokeWidth, r.CornerRadius = fill, stroke, width, radius
	p.put(r, fyne.NewPos(x, y), fyne.NewSize(w, h), changed)
}

// Line draws a straight line.
func (p *Painter) Line(x1, y1, x2, y2, width float32, c color.Color) {
	l := next(&p.pool.lines, &p.pool.nl)
	a, b := fyne.NewPos(x1, y1), fyne.NewPos(x2, y2)
	changed := l.StrokeColor != c || l.StrokeWidth != width || l.Position1 != a || l.Position2 != b
	l.StrokeColor, l.StrokeWidth, l.Position1, l.Position2 = c, width, a, b
	p.drew(l, changed)
}

// Circle draws a disc or, with a stroke, a ring in the box x, y, d.
func (p *Painter) Circle(x, y, d float32, fill, stroke color.Color, width float32) {
	c := next(&p.pool.circles, &p.pool.nc)
	if fill == nil {
		fill = color.Transparent
	}
	if stroke == nil {
		stroke = color.Transparent
	}
	a, b := fyne.NewPos(x, y), fyne.NewPos(x+d, y+d)
	changed := c.FillColor != fill || c.StrokeColor != stroke || c.StrokeWidth != width || c.Position1 != a || c.Position2 != b
	c.FillColor, c.StrokeColor, c.StrokeWidth, c.Position1, c.Position2 = fill, stroke, width, a, b
	p.drew(c, changed)
}

// Triangle draws an upright triangle in the box x, y, d.
func (p *Painter) Triangle(x, y, d float32, fill color.Color) {
	t := next(&p.pool.polys, &p.pool.npo)
	changed := t.FillColor != fill || t.Sides != 3
	t.Sides, t.FillColor, t.StrokeColor, t.CornerRadius = 3, fill, color.Transparent, 1.5
	p.put(t, fyne.NewPos(x, y), fyne.NewSize(d, d), changed)
}

// Place puts a widget of its own at a place and size.
func (p *Painter) Place(o fyne.CanvasObject, x, y, w, h float32) {
	if o.Position() != fyne.NewPos(x, y) {
		o.Move(fyne.NewPos(x, y))
	}
	if o.Size() != fyne.NewSize(w, h) {
		o.Resize(fyne.NewSize(w, h))
	}
	o.Show()
	p.objs = append(p.objs, o)
	p.placed = append(p.placed, o)
}

// Tap makes a place clickable.
func (p *Painter) Tap(x, y, w, h float32, f func()) {
	if p.pool.nta == len(p.pool.taps) {
		p.pool.taps = append(p.pool.taps, NewTap(nil))
	}
	t := p.pool.taps[p.pool.nta]
	p.pool.nta++
	t.OnTap = f
	p.Place(t, x, y, w, h)
}
