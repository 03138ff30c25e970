package scene

import (
	"image"
	"image/color"
	"image/draw"
	"math"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

// Image draws the page on white, width pixels wide (at least 1). Every
// operation is rasterised in its own bounding box: a page of the report takes
// milliseconds, not seconds.
func (s *Scene) Image(width int) *image.RGBA {
	width = max(width, 1)
	k := float64(width) / s.W
	img := image.NewRGBA(image.Rect(0, 0, width, max(1, int(math.Round(s.H*k)))))
	draw.Draw(img, img.Bounds(), image.White, image.Point{}, draw.Src)
	c := &canvas{img: img, k: k}
	for _, op := range s.Ops {
		if op.Path != nil {
			c.path(op.Path)
		} else {
			c.text(op.Text)
		}
	}
	return img
}

// canvas collects polygons in pixels and fills them together.
type canvas struct {
	img   *image.RGBA
	k     float64 // pixels per millimetre
	rast  vector.Rasterizer
	sfnt  sfnt.Buffer
	rings [][]Point
}

func (c *canvas) path(p *Path) {
	lines := c.flatten(p.Segs)
	if p.Fill != nil {
		c.rings = append(c.rings[:0], lines...)
		c.fill(*p.Fill)
	}
	if p.Stroke == nil {
		return
	}
	c.rings = c.rings[:0]
	half := max(p.Width*c.k, 0.7) / 2
	for _, l := range lines {
		for _, part := range dashes(l, p.Dash, c.k) {
			c.stroke(part, half)
		}
	}
	c.fill(*p.Stroke)
}

// flatten turns segments into lines of points, in pixels.
func (c *canvas) flatten(segs []Seg) [][]Point {
	var lines [][]Point
	var now []Point
	px := func(p Point) Point { return Point{p.X * c.k, p.Y * c.k} }
	for _, s := range segs {
		switch s.Verb {
		case Move:
			if len(now) > 0 {
				lines = append(lines, now)
			}
			now = []Point{px(s.P[0])}
		case LineTo:
			now = append(now, px(s.P[0]))
		case Cubic:
			now = curve(now, px(s.P[0]), px(s.P[1]), px(s.P[2]))
		case Close:
			if len(now) > 0 {
				now = append(now, now[0])
			}
		}
	}
	return append(lines, now)
}

func curve(line []Point, b, c, d Point) []Point {
	a := line[len(line)-1]
	n := max(4, min(32, int(math.Hypot(d.X-a.X, d.Y-a.Y))))
	for i := 1; i <= n; i++ {
		t := float64(i) / float64(n)
		u := 1 - t
		f := func(a, b, c, d float64) float64 { return u*u*u*a + 3*u*u*t*b + 3*u*t*t*c + t*t*t*d }
		line = append(line, Point{f(a.X, b.X, c.X, d.X), f(a.Y, b.Y, c.Y, d.Y)})
	}
	return line
}

// dashes cuts a line into its visible parts; dash is in millimetres.
func dashes(line []Point, dash []float64, k float64) [][]Point {
	total := 0.0
	for _, d := range dash {
		total += d
	}
	if len(line) < 2 || total <= 0 {
		return [][]Point{line}
	}
	var parts [][]Point
	i, left, on := 0, dash[0]*k, true
	now := []Point{line[0]}
	for j := 1; j < len(line); j++ {
		a, b := line[j-1], line[j]
		for d := math.Hypot(b.X-a.X, b.Y-a.Y); d > left; d = math.Hypot(b.X-a.X, b.Y-a.Y) {
			a = Point{a.X + (b.X-a.X)*left/d, a.Y + (b.Y-a.Y)*left/d}
			if on {
				parts = append(parts, append(now, a))
			}
			now, on = []Point{a}, !on
			i = (i + 1) % len(dash)
			left = max(dash[i]*k, 1e-3)
		}
		left -= math.Hypot(b.X-a.X, b.Y-a.Y)
		now = append(now, b)
	}
	if on && len(now) > 1 {
		parts = append(parts, now)
	}
	return parts
}

// stroke adds one quadrilateral per piece and a disc per inner joint, all
// turning the same way so that overlaps do not cancel.
func (c *canvas) stroke(line []Point, half float64) {
	for i := 1; i < len(line); i++ {
		a, b := line[i-1], line[i]
		d := math.Hypot(b.X-a.X, b.Y-a.Y)
		if d == 0 {
			continue
		}
		nx, ny := -(b.Y-a.Y)/d*half, (b.X-a.X)/d*half
		c.rings = append(c.rings, []Point{{a.X - nx, a.Y - ny}, {b.X - nx, b.Y - ny}, {b.X + nx, b.Y + ny}, {a.X + nx, a.Y + ny}})
		if i > 1 && half > 0.6 {
			c.rings = append(c.rings, joint(a, half))
		}
	}
}

func joint(p Point, r float64) []Point {
	ring := make([]Point, 12)
	for i := range ring {
		s, cos := math.Sincos(float64(i) * math.Pi / 6)
		ring[i] = Point{p.X + r*cos, p.Y + r*s}
	}
	return ring
}

func (c *canvas) text(t *Text) {
	c.rings = c.rings[:0]
	x, y := t.Start()*c.k, t.Y*c.k
	size := t.Size * mmPerPoint * c.k
	faces := parsed()
	for _, r := range split(t.Face, t.S) {
		for _, ch := range r.s {
			c.glyph(faces.font[r.face], faces.glyph(&c.sfnt, r.face, ch), x, y, size)
			x += faces.advance(&c.sfnt, r.face, ch)*size + t.Spacing*mmPerPoint*c.k
		}
	}
	c.fill(t.Color)
}

// glyph adds the outline of one glyph at (x, y), size pixels per em.
func (c *canvas) glyph(f *sfnt.Font, g sfnt.GlyphIndex, x, y, size float64) {
	upem := int(f.UnitsPerEm())
	segs, err := f.LoadGlyph(&c.sfnt, g, fixed.I(upem), nil)
	if err != nil {
		return // a glyph without an outline: nothing to draw
	}
	s := size / float64(upem) / 64
	at := func(p fixed.Point26_6) Point { return Point{x + float64(p.X)*s, y + float64(p.Y)*s} }
	var ring []Point
	for _, seg := range segs {
		switch seg.Op {
		case sfnt.SegmentOpMoveTo:
			if len(ring) > 2 {
				c.rings = append(c.rings, ring)
			}
			ring = []Point{at(seg.Args[0])}
		case sfnt.SegmentOpLineTo:
			ring = append(ring, at(seg.Args[0]))
		case sfnt.SegmentOpQuadTo:
			ring = quad(ring, at(seg.Args[0]), at(seg.Args[1]))
		case sfnt.SegmentOpCubeTo:
			ring = curve(ring, at(seg.Args[0]), at(seg.Args[1]), at(seg.Args[2]))
		}
	}
	if len(ring) > 2 {
		c.rings = append(c.rings, ring)
	}
}

func quad(line []Point, b, d Point) []Point {
	a := line[len(line)-1]
	n := max(2, min(8, int(math.Hypot(d.X-a.X, d.Y-a.Y)/1.5)))
	for i := 1; i <= n; i++ {
		t := float64(i) / float64(n)
		u := 1 - t
		line = append(line, Point{u*u*a.X + 2*u*t*b.X + t*t*d.X, u*u*a.Y + 2*u*t*b.Y + t*t*d.Y})
	}
	return line
}

// fill paints the collected rings in their bounding box.
func (c *canvas) fill(col Color) {
	box := c.bounds()
	if box.Empty() {
		return
	}
	c.rast.Reset(box.Dx(), box.Dy())
	ox, oy := float64(box.Min.X), float64(box.Min.Y)
	for _, ring := range c.rings {
		for i, p := range ring {
			x, y := float32(p.X-ox), float32(p.Y-oy)
			if i == 0 {
				c.rast.MoveTo(x, y)
			} else {
				c.rast.LineTo(x, y)
			}
		}
		c.rast.ClosePath()
	}
	c.rast.Draw(c.img, box, image.NewUniform(color.RGBA{col.R, col.G, col.B, 255}), image.Point{})
}

// bounds is where the rings lie, cut to the image.
func (c *canvas) bounds() image.Rectangle {
	x0, y0, x1, y1 := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, ring := range c.rings {
		for _, p := range ring {
			x0, y0, x1, y1 = min(x0, p.X), min(y0, p.Y), max(x1, p.X), max(y1, p.Y)
		}
	}
	if !(x1 > x0) || !(y1 > y0) {
		return image.Rectangle{}
	}
	r := image.Rect(int(math.Floor(x0)), int(math.Floor(y0)), int(math.Ceil(x1))+1, int(math.Ceil(y1))+1)
	return r.Intersect(c.img.Bounds())
}
