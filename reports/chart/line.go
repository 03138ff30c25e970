package chart

import (
	"math"

	"punto/reports/scene"
)

// Series are values in order, the newest last; nil is a month without figure
// and breaks the line.
type Series []*float64

func (v Series) span(target *float64) (lo, hi float64, ok bool) {
	lo, hi = math.Inf(1), math.Inf(-1)
	take := func(p *float64) {
		if p != nil && !math.IsNaN(*p) && !math.IsInf(*p, 0) {
			lo, hi = min(lo, *p), max(hi, *p)
		}
	}
	for _, p := range v {
		take(p)
	}
	ok = hi >= lo
	take(target)
	return lo, hi, ok
}

// pieces are the stretches of consecutive points.
func (v Series) pieces(at func(i int, y float64) scene.Point) [][]scene.Point {
	var out [][]scene.Point
	var now []scene.Point
	for i, p := range v {
		if p == nil || math.IsNaN(*p) || math.IsInf(*p, 0) {
			if len(now) > 0 {
				out = append(out, now)
			}
			now = nil
			continue
		}
		now = append(now, at(i, *p))
	}
	if len(now) > 0 {
		out = append(out, now)
	}
	return out
}

// Spark draws a line without axes in r, the target dashed and the last point
// as a dot.
func Spark(s *scene.Scene, r scene.Rect, v Series, target *float64, c scene.Color) {
	lo, hi, ok := v.span(target)
	if !ok {
		return
	}
	if hi == lo {
		lo, hi = lo-1, hi+1
	}
	y := func(f float64) float64 { return r.Y + r.H*(1-(f-lo)/(hi-lo)) }
	if target != nil {
		s.Line(scene.Point{X: r.X, Y: y(*target)}, scene.Point{X: r.X + r.W, Y: y(*target)}, 0.15, Muted, 0.7, 0.5)
	}
	step := (r.W - 1) / float64(max(len(v)-1, 1))
	pieces := v.pieces(func(i int, f float64) scene.Point { return scene.Point{X: r.X + step*float64(i), Y: y(f)} })
	for _, p := range pieces {
		s.Polyline(p, 0.35, c)
	}
	if len(v) > 0 && v[len(v)-1] != nil && len(pieces) > 0 {
		last := pieces[len(pieces)-1]
		s.Disc(last[len(last)-1], 0.8, c)
	}
}

// Against is a line with a band on the good side of its target.
type Against struct {
	Values      Series
	Labels      []string // one per value; every other one is printed
	Target      *float64
	AtLeast     bool                      // true: good is above the target
	Format      func(tick float64) string // of the axis
	Say         func(v float64) string    // of a value that is pointed at; nil: Format
	LastLabel   string                    // beside the last point
	TargetLabel string                    // beside the line
}

// Draw draws the chart in r; labels of the line's ends use the right 11 mm.
func (a Against) Draw(s *scene.Scene, r scene.Rect) {
	lo, hi, ok := a.Values.span(a.Target)
	if !ok {
		return
	}
	ticks := Ticks(lo, hi, 5)
	lo, hi = ticks[0], ticks[len(ticks)-1]
	plot := scene.Rect{X: r.X + 9.5, Y: r.Y, W: r.W - 9.5 - 11, H: r.H - 6}
	y := func(f float64) float64 { return plot.Y + plot.H*(1-(f-lo)/(hi-lo)) }
	a.ground(s, plot, y, ticks)
	in := 2.0
	step := (plot.W - 2*in) / float64(max(len(a.Values)-1, 1))
	x := func(i int) float64 { return plot.X + in + step*float64(i) }
	for _, p := range a.Values.pieces(func(i int, f float64) scene.Point { return scene.Point{X: x(i), Y: y(f)} }) {
		s.Polyline(p, 0.6, Accent)
	}
	for i, p := range a.Values {
		if p != nil {
			a.dot(s, scene.Point{X: x(i), Y: y(*p)}, *p, i == len(a.Values)-1)
			if i < len(a.Labels) {
				s.Hint(scene.Rect{X: x(i) - step/2, Y: plot.Y, W: step, H: plot.H}, a.Labels[i]+": "+a.said(*p))
			}
		}
		if i < len(a.Labels) && (len(a.Values)-1-i)%2 == 0 {
			s.Text(scene.Text{X: x(i), Y: plot.Y + plot.H + 4, S: a.Labels[i], Size: 6.6, Color: Muted, Align: scene.Center})
		}
	}
	a.ends(s, plot, y)
}

// said is a value as it is told where it is pointed at.
func (a Against) said(v float64) string {
	if a.Say != nil {
		return a.Say(v)
	}
	return a.Format(v)
}

func (a Against) ground(s *scene.Scene, plot scene.Rect, y func(float64) float64, ticks []float64) {
	if a.Target != nil {
		t := y(*a.Target)
		band := scene.Rect{X: plot.X, Y: plot.Y, W: plot.W, H: t - plot.Y}
		if !a.AtLeast {
			band = scene.Rect{X: plot.X, Y: t, W: plot.W, H: plot.Y + plot.H - t}
		}
		s.Box(band, 0, FineBack)
	}
	for _, t := range ticks {
		s.Line(scene.Point{X: plot.X, Y: y(t)}, scene.Point{X: plot.X + plot.W, Y: y(t)}, 0.12, Hair)
		s.Text(scene.Text{X: plot.X - 1.5, Y: y(t) + 0.8, S: a.Format(t), Size: 6.6, Color: Muted, Align: scene.Right})
	}
	if a.Target != nil {
		t := y(*a.Target)
		s.Line(scene.Point{X: plot.X, Y: t}, scene.Point{X: plot.X + plot.W, Y: t}, 0.35, Fine, 1.3, 0.8)
	}
}

func (a Against) dot(s *scene.Scene, p scene.Point, v float64, last bool) {
	missed := a.Target != nil && (a.AtLeast && v < *a.Target || !a.AtLeast && v > *a.Target)
	r := 0.7
	if last {
		r = 1.2
	}
	s.Disc(p, r+0.25, White)
	if missed {
		s.Box(scene.Rect{X: p.X - r, Y: p.Y - r, W: 2 * r, H: 2 * r}, 0, Failure)
		return
	}
	s.Disc(p, r, Accent)
}

// ends labels the last value and the target, kept apart.
func (a Against) ends(s *scene.Scene, plot scene.Rect, y func(float64) float64) {
	x := plot.X + plot.W + 1
	var last *float64
	if n := len(a.Values); n > 0 {
		last = a.Values[n-1]
	}
	ly := math.Inf(-1)
	if last != nil {
		ly = y(*last)
	}
	if a.Target != nil {
		ty := y(*a.Target)
		if last != nil && math.Abs(ly-ty) < 4 {
			if ly <= ty {
				ly = ty - 4
			} else {
				ly = ty + 4
			}
		}
		s.Text(scene.Text{X: x, Y: ty + 0.9, S: scene.Fit(scene.Regular, 6.6, 11, a.TargetLabel), Size: 6.6, Color: Fine})
	}
	if last != nil {
		s.Text(scene.Text{X: x, Y: ly + 1, S: scene.Fit(scene.Bold, 8, 11, a.LastLabel), Face: scene.Bold, Size: 8, Color: Accent})
	}
}

// Ticks returns round values, about n steps apart evenly, that enclose lo to hi.
func Ticks(lo, hi float64, n int) []float64 {
	if !(hi > lo) {
		d := max(math.Abs(lo)*0.1, 1e-3)
		lo, hi = lo-d, hi+d
	}
	raw := (hi - lo) / float64(max(n-1, 1))
	mag := math.Pow(10, math.Floor(math.Log10(raw)))
	step := 10 * mag
	for _, f := range []float64{1, 2, 2.5, 5} {
		if f*mag >= raw {
			step = f * mag
			break
		}
	}
	first, last := math.Floor(lo/step+1e-9), math.Ceil(hi/step-1e-9)
	if last == first {
		last++
	}
	var out []float64
	for i := first; i <= last; i++ {
		out = append(out, i*step)
	}
	return out
}
