// Package scene is the display list on which reports are drawn: text and paths
// in millimetres on pages whose origin is the top left corner. Back ends turn a
// list of pages into PDF or one page into an image.
//
// It never knows what it draws (no help desk words), never reads the clock or
// the disk, and holds no state between calls. It promises that the same scenes
// and the same document data give the same bytes, that no text whatever
// can make a back end fail (see Clean), and that every back end places text
// with the same widths.
package scene

// Color is an opaque sRGB colour; the zero value is black. There is no alpha:
// mix colours beforehand.
type Color struct{ R, G, B uint8 }

// Mix returns c moved towards d by t (0 gives c, 1 gives d).
func Mix(c, d Color, t float64) Color {
	m := func(a, b uint8) uint8 { return uint8(float64(a) + (float64(b)-float64(a))*t + 0.5) }
	return Color{m(c.R, d.R), m(c.G, d.G), m(c.B, d.B)}
}

// Point is a place on the page, in millimetres, y downwards.
type Point struct{ X, Y float64 }

// Rect is an area of the page, in millimetres.
type Rect struct{ X, Y, W, H float64 }

// Contains tells whether q lies inside r, with a tolerance of tol millimetres.
func (r Rect) Contains(q Rect, tol float64) bool {
	return q.X >= r.X-tol && q.Y >= r.Y-tol && q.X+q.W <= r.X+r.W+tol && q.Y+q.H <= r.Y+r.H+tol
}

// Overlaps tells whether r and q share more than tol millimetres both ways.
func (r Rect) Overlaps(q Rect, tol float64) bool {
	return r.X+r.W > q.X+tol && q.X+q.W > r.X+tol && r.Y+r.H > q.Y+tol && q.Y+q.H > r.Y+tol
}

// Verb says what a segment does with its points.
type Verb uint8

// The verbs: Move and LineTo use P[0]; Cubic uses all three points; Close none.
const (
	Move Verb = iota
	LineTo
	Cubic
	Close
)

// Seg is one segment of a path.
type Seg struct {
	Verb Verb
	P    [3]Point
}

// Path is an outline that is filled, stroked or both.
type Path struct {
	Segs   []Seg
	Fill   *Color    // nil: not filled
	Stroke *Color    // nil: not stroked
	Width  float64   // of the stroke, millimetres
	Dash   []float64 // lengths on and off, millimetres; empty: continuous
}

// Align says which end of a text its X is.
type Align uint8

// The alignments; the zero value is Left.
const (
	Left Align = iota
	Center
	Right
)

// Text is one line of text on its baseline.
type Text struct {
	X, Y    float64 // anchor on the baseline, millimetres
	S       string  // already clean: Scene.Text sees to it
	Face    Face
	Size    float64 // points
	Color   Color
	Align   Align
	Spacing float64 // extra space after each letter, points
	Panel   int     // index into Scene.Panels of the area it must stay in
}

// Width returns the advance of the text in millimetres.
func (t Text) Width() float64 { return spaced(t.Face, t.Size, t.Spacing, t.S) }

// Start returns the x of the left end in millimetres.
func (t Text) Start() float64 {
	switch t.Align {
	case Center:
		return t.X - t.Width()/2
	case Right:
		return t.X - t.Width()
	}
	return t.X
}

// Bounds returns the area that the letters may cover: from the height of
// capitals to the depth of descenders.
func (t Text) Bounds() Rect {
	em := t.Size * mmPerPoint
	return Rect{t.Start(), t.Y - 0.74*em, t.Width(), 0.96 * em}
}

// Op is one entry of the list: exactly one of its fields is set.
type Op struct {
	Path *Path
	Text *Text
}

// Panel is a named area in which texts must stay; tests hold them to it.
type Panel struct {
	Name string
	Rect Rect
}

// Hint is what an area of the page says of itself where it is pointed at: a value.
type Hint struct {
	Rect Rect
	S    string // clean
}

// Mark is an entry of the outline: a place of the page, in the words of its title.
type Mark struct {
	S     string // clean
	Level int    // 0 is a part, 1 a section of the part before it
	Y     float64
}

// Scene is one page. Make it with New; add to it from one goroutine only.
type Scene struct {
	W, H   float64 // millimetres
	Ops    []Op
	Panels []Panel
	Hints  []Hint
	Marks  []Mark // from top to bottom
	panel  int
}

// New returns an empty page of w by h millimetres.
func New(w, h float64) *Scene {
	return &Scene{W: w, H: h, Panels: []Panel{{"page", Rect{0, 0, w, h}}}}
}

// In draws with f inside the named panel: the texts that f adds belong to it.
func (s *Scene) In(name string, r Rect, f func()) {
	outer := s.panel
	s.Panels = append(s.Panels, Panel{name, r})
	s.panel = len(s.Panels) - 1
	f()
	s.panel = outer
}

// Text adds one line of text, cleaned.
func (s *Scene) Text(t Text) {
	t.S = Clean(t.S)
	if t.S == "" {
		return
	}
	t.Panel = s.panel
	s.Ops = append(s.Ops, Op{Text: &t})
}

// Hint adds what an area says where it is pointed at; screens show it, paper does not.
func (s *Scene) Hint(r Rect, text string) {
	if text = Clean(text); text != "" && r.W > 0 && r.H > 0 {
		s.Hints = append(s.Hints, Hint{r, text})
	}
}

// Mark adds an entry of the outline at a height of the page.
func (s *Scene) Mark(level int, y float64, text string) {
	if text = Clean(text); text != "" {
		s.Marks = append(s.Marks, Mark{text, level, y})
	}
}

// Path adds a path as it is.
func (s *Scene) Path(p Path) {
	if len(p.Segs) > 1 {
		s.Ops = append(s.Ops, Op{Path: &p})
	}
}

// Line adds a straight line of the given width; dash as in Path.
func (s *Scene) Line(a, b Point, width float64, c Color, dash ...float64) {
	s.Polyline([]Point{a, b}, width, c, dash...)
}

// Polyline adds an open line through the points.
func (s *Scene) Polyline(pts []Point, width float64, c Color, dash ...float64) {
	s.Path(Path{Segs: through(pts), Stroke: &c, Width: width, Dash: dash})
}

// Polygon adds a filled closed shape.
func (s *Scene) Polygon(pts []Point, c Color) {
	s.Path(Path{Segs: append(through(pts), Seg{Verb: Close}), Fill: &c})
}

// Box adds a filled box whose corners have radius r (0: square).
func (s *Scene) Box(b Rect, r float64, c Color) {
	if b.W <= 0 || b.H <= 0 {
		return
	}
	s.Path(Path{Segs: rounded(b, r), Fill: &c})
}

// Frame adds the outline of a box.
func (s *Scene) Frame(b Rect, r, width float64, c Color) {
	if b.W <= 0 || b.H <= 0 {
		return
	}
	s.Path(Path{Segs: rounded(b, r), Stroke: &c, Width: width})
}

// Disc adds a filled circle.
func (s *Scene) Disc(p Point, r float64, c Color) {
	s.Box(Rect{p.X - r, p.Y - r, 2 * r, 2 * r}, r, c)
}

func through(pts []Point) []Seg {
	segs := make([]Seg, 0, len(pts)+1)
	for i, p := range pts {
		v := LineTo
		if i == 0 {
			v = Move
		}
		segs = append(segs, Seg{Verb: v, P: [3]Point{p}})
	}
	return segs
}

// rounded draws clockwise from the top left; 0.5523 is the usual constant that
// makes a cubic follow a quarter of a circle.
func rounded(b Rect, r float64) []Seg {
	r = min(r, b.W/2, b.H/2)
	x0, y0, x1, y1 := b.X, b.Y, b.X+b.W, b.Y+b.H
	if r <= 0 {
		return append(through([]Point{{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}}), Seg{Verb: Close})
	}
	k := r * (1 - 0.5523)
	to := func(x, y float64) Seg { return Seg{LineTo, [3]Point{{x, y}}} }
	arc := func(a, b, c Point) Seg { return Seg{Cubic, [3]Point{a, b, c}} }
	return []Seg{
		{Move, [3]Point{{x0 + r, y0}}}, to(x1-r, y0), arc(Point{x1 - k, y0}, Point{x1, y0 + k}, Point{x1, y0 + r}),
		to(x1, y1-r), arc(Point{x1, y1 - k}, Point{x1 - k, y1}, Point{x1 - r, y1}),
		to(x0+r, y1), arc(Point{x0 + k, y1}, Point{x0, y1 - k}, Point{x0, y1 - r}),
		to(x0, y0+r), arc(Point{x0, y0 + k}, Point{x0 + k, y0}, Point{x0 + r, y0}), {Verb: Close},
	}
}
