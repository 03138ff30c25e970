package chart

import (
	"math"

	"punto/reports/scene"
)

// Bar is one horizontal bar with its finished labels.
type Bar struct {
	Label  string
	N      float64
	Value  string // printed after the bar
	Extra  []Cell // columns at the right edge, left to right
	Others bool   // the rest: grey
}

// Cell is a label of a column beside a bar.
type Cell struct {
	S   string
	Hot bool // printed bold in the failure colour
}

// Bars lays out horizontal bars: labels at the left, right aligned.
type Bars struct {
	LabelWidth float64   // millimetres
	Columns    []float64 // widths of the extra columns, millimetres
	Heads      []string  // their heads; may be empty
	Pitch      float64   // millimetres from bar to bar
}

// Draw draws the bars in r and returns the height used. Bars that do not fit
// in r are not drawn: hand in what fits.
func (b Bars) Draw(s *scene.Scene, r scene.Rect, bars []Bar) float64 {
	right := r.X + r.W
	edges := make([]float64, len(b.Columns))
	for i := len(b.Columns) - 1; i >= 0; i-- {
		edges[i] = right
		right -= b.Columns[i]
	}
	x0 := r.X + b.LabelWidth + 1.5
	room := right - x0 - 8
	top := 0.0
	for _, bar := range bars {
		top = max(top, bar.N)
	}
	for i, h := range b.Heads {
		s.Text(scene.Text{X: edges[i], Y: r.Y - 1.2, S: h, Size: 6.6, Color: Muted, Align: scene.Right})
	}
	n := min(len(bars), int(r.H/b.Pitch+1e-6))
	for i, bar := range bars[:n] {
		b.row(s, r.X, x0, r.Y+b.Pitch*float64(i), room, top, bar, edges)
	}
	h := b.Pitch * float64(n)
	s.Line(scene.Point{X: x0, Y: r.Y}, scene.Point{X: x0, Y: r.Y + h}, 0.25, Ink)
	return h
}

func (b Bars) row(s *scene.Scene, x, x0, y, room, top float64, bar Bar, edges []float64) {
	mid := y + b.Pitch/2
	base := mid + 1
	s.Text(scene.Text{X: x0 - 1.5, Y: base, S: scene.Fit(scene.Regular, 7.3, b.LabelWidth, bar.Label), Size: 7.3, Color: Body, Align: scene.Right})
	c := Accent
	if bar.Others {
		c = Others
	}
	w := 0.0
	if top > 0 {
		w = room * bar.N / top
	}
	h := b.Pitch * 0.6
	s.Hint(scene.Rect{X: x, Y: y, W: x0 + room - x, H: b.Pitch}, bar.Label+": "+bar.Value)
	s.Box(scene.Rect{X: x0, Y: mid - h/2, W: w, H: h}, 0.4, c)
	s.Text(scene.Text{X: x0 + w + 1.2, Y: base, S: bar.Value, Face: scene.Bold, Size: 7.5, Color: Ink})
	for i, cell := range bar.Extra[:min(len(bar.Extra), len(edges))] {
		t := scene.Text{X: edges[i], Y: base, S: cell.S, Size: 6.8, Color: Muted, Align: scene.Right}
		if cell.Hot {
			t.Face, t.Color = scene.Bold, Failure
		}
		s.Text(t)
	}
}

// Stack is one column of parts, bottom first.
type Stack struct {
	Label string // under the column; empty: none
	Parts []float64
	Hint  string // what it says where it is pointed at
}

// Columns draws stacked columns with a light axis; colors per part.
func Columns(s *scene.Scene, r scene.Rect, stacks []Stack, colors []scene.Color, format func(float64) string) {
	top := 0.0
	for _, st := range stacks {
		sum := 0.0
		for _, p := range st.Parts {
			sum += p
		}
		top = max(top, sum)
	}
	if top == 0 {
		top = 1
	}
	ticks := Ticks(0, top, 5)
	full := ticks[len(ticks)-1]
	plot := scene.Rect{X: r.X + 9.5, Y: r.Y, W: r.W - 9.5, H: r.H - 6}
	y := func(v float64) float64 { return plot.Y + plot.H*(1-v/full) }
	for _, t := range ticks {
		s.Line(scene.Point{X: plot.X, Y: y(t)}, scene.Point{X: plot.X + plot.W, Y: y(t)}, 0.12, Hair)
		s.Text(scene.Text{X: plot.X - 1.5, Y: y(t) + 0.8, S: format(t), Size: 6.6, Color: Muted, Align: scene.Right})
	}
	pitch := plot.W / float64(max(len(stacks), 1))
	for i, st := range stacks {
		x := plot.X + pitch*float64(i)
		sum := 0.0
		for j, p := range st.Parts {
			s.Box(scene.Rect{X: x + pitch*0.12, Y: y(sum + p), W: pitch * 0.76, H: y(sum) - y(sum+p)}, 0, colors[j%len(colors)])
			sum += p
		}
		if st.Hint != "" {
			s.Hint(scene.Rect{X: x, Y: plot.Y, W: pitch, H: plot.H}, st.Hint)
		}
		s.Text(scene.Text{X: x + pitch/2, Y: plot.Y + plot.H + 4, S: st.Label, Size: 6.6, Color: Muted, Align: scene.Center})
	}
	s.Line(scene.Point{X: plot.X, Y: plot.Y + plot.H}, scene.Point{X: plot.X + plot.W, Y: plot.Y + plot.H}, 0.25, Ink)
}

// Heat draws a grid of counts in five steps, the number in each cell; a
// negative count is an hour without service and prints "–".
func Heat(s *scene.Scene, r scene.Rect, rows, cols []string, counts [][]float64, format func(float64) string) {
	top := 0.0
	for _, row := range counts {
		for _, v := range row {
			top = max(top, v)
		}
	}
	const left, foot = 9.0, 5.0
	w, h := (r.W-left)/float64(max(len(cols), 1)), (r.H-foot)/float64(max(len(rows), 1))
	size := min(6.8, w*0.9)
	for i, name := range rows {
		y := r.Y + h*float64(i)
		s.Text(scene.Text{X: r.X + left - 1.5, Y: y + h/2 + 0.9, S: name, Size: 7, Color: Muted, Align: scene.Right})
		for j := range cols {
			c := scene.Rect{X: r.X + left + w*float64(j), Y: y, W: w - 0.3, H: h - 0.3}
			cell(s, c, counts[i][j], top, size, format)
			if v := counts[i][j]; v >= 0 {
				s.Hint(c, name+", "+cols[j]+": "+format(v))
			}
		}
	}
	for j, name := range cols {
		s.Text(scene.Text{X: r.X + left + w*(float64(j)+0.5), Y: r.Y + r.H - 1, S: name, Size: min(6.6, w*0.85), Color: Muted, Align: scene.Center})
	}
}

func cell(s *scene.Scene, c scene.Rect, v, top, size float64, format func(float64) string) {
	t := scene.Text{X: c.X + c.W/2, Y: c.Y + c.H/2 + 0.85, Size: size, Color: Body, Align: scene.Center}
	switch {
	case v < 0:
		s.Frame(scene.Rect{X: c.X + 0.1, Y: c.Y + 0.1, W: c.W - 0.2, H: c.H - 0.2}, 0.4, 0.12, Hair)
		t.S, t.Color = "–", Muted
	default:
		step := 0
		if top > 0 {
			step = int(math.Min(4, v/top*5))
		}
		s.Box(c, 0.4, heat(step))
		switch step {
		case 3:
			t.Color = OnStrong
		case 4:
			t.Color = White
		}
		t.S = format(v)
		if v == 0 {
			t.S = ""
		}
		for t.Size > 4 && scene.Width(t.Face, t.Size, t.S) > c.W-0.6 {
			t.Size -= 0.2
		}
	}
	s.Text(t)
}
