package chart

import "punto/reports/scene"

// Mark draws the shape of a state centred at p, size millimetres wide.
func Mark(s *scene.Scene, p scene.Point, size float64, st State) {
	r := size / 2
	at := func(x, y float64) scene.Point { return scene.Point{X: p.X + x*r, Y: p.Y + y*r} }
	w := size * 0.13
	switch st {
	case Met:
		s.Disc(p, r, st.Solid())
		s.Polyline([]scene.Point{at(-0.45, 0.03), at(-0.12, 0.36), at(0.46, -0.32)}, w, White)
	case AtRisk:
		triangle := []scene.Point{at(0, -0.86), at(0.98, 0.84), at(-0.98, 0.84)}
		s.Polygon(triangle, st.Solid())
		s.Polyline(append(triangle, triangle[0], triangle[1]), w*0.8, st.Solid())
		s.Line(at(0, -0.35), at(0, 0.3), w, White)
		s.Disc(at(0, 0.58), w*0.55, White)
	case Missed:
		s.Box(scene.Rect{X: p.X - r*0.94, Y: p.Y - r*0.94, W: size * 0.94, H: size * 0.94}, size*0.12, st.Solid())
		s.Line(at(-0.4, -0.4), at(0.4, 0.4), w, White)
		s.Line(at(-0.4, 0.4), at(0.4, -0.4), w, White)
	default:
		s.Frame(scene.Rect{X: p.X - r*0.8, Y: p.Y - r*0.8, W: r * 1.6, H: r * 1.6}, r*0.8, w, st.Solid())
	}
}

// Bullet draws a track with its fill up to value and a tick at target; the
// track spans 0 to full. A nil value leaves the track empty, a nil target
// leaves the tick out.
func Bullet(s *scene.Scene, r scene.Rect, value, target *float64, full float64, st State) {
	s.Box(r, r.H/2, Track)
	if full <= 0 {
		return
	}
	c := Accent
	if st == AtRisk || st == Missed {
		c = st.Solid()
	}
	if st == Neutral {
		c = Others
	}
	if value != nil && *value > 0 {
		s.Box(scene.Rect{X: r.X, Y: r.Y, W: r.W * min(*value/full, 1), H: r.H}, r.H/2, c)
	}
	if target != nil {
		x := r.X + r.W*min(*target/full, 1)
		s.Line(scene.Point{X: x, Y: r.Y - 0.85}, scene.Point{X: x, Y: r.Y + r.H + 0.85}, 0.4, Ink)
	}
}
