package chart

import (
	"math"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"punto/reports/scene"
)

func TestTicksEncloseAnyRangeWithFewRoundSteps(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 1))
	for range 5000 {
		lo := (r.Float64() - 0.3) * math.Pow(10, float64(r.IntN(9)-3))
		hi := lo + r.Float64()*math.Pow(10, float64(r.IntN(9)-3))
		ticks := Ticks(lo, hi, 5)
		step := ticks[1] - ticks[0]
		if len(ticks) > 8 || ticks[0] > lo+step*1e-6 || ticks[len(ticks)-1] < hi-step*1e-6 {
			t.Fatalf("%v to %v: %v", lo, hi, ticks)
		}
	}
	if got := Ticks(0.78, 0.86, 5); math.Abs(got[1]-got[0]-0.02) > 1e-12 {
		t.Errorf("ticks %v", got)
	}
}

func TestEachStateHasItsOwnShape(t *testing.T) {
	var drawn [][]scene.Op
	for st := Neutral; st <= Missed; st++ {
		s := scene.New(10, 10)
		Mark(s, scene.Point{X: 5, Y: 5}, 3, st)
		for i := range s.Ops { // without colour, as a grey print is
			s.Ops[i].Path.Fill, s.Ops[i].Path.Stroke = nil, nil
		}
		for was, other := range drawn {
			if reflect.DeepEqual(other, s.Ops) {
				t.Errorf("states %d and %d look the same in grey", was, st)
			}
		}
		drawn = append(drawn, s.Ops)
	}
}

func TestChartsStayInTheirArea(t *testing.T) {
	v := func(f float64) *float64 { return &f }
	area := scene.Rect{X: 10, Y: 10, W: 80, H: 40}
	s := scene.New(100, 60)
	values := Series{v(3), nil, v(9), v(math.NaN()), v(5)}
	Spark(s, area, values, v(4), Accent)
	Against{Values: values, Target: v(4), AtLeast: true, Format: func(float64) string { return "9" }, LastLabel: "5"}.Draw(s, area)
	Columns(s, area, []Stack{{Label: "1", Parts: []float64{3, 4}}, {Parts: []float64{0, 9}}}, []scene.Color{Accent, Others}, func(float64) string { return "9" })
	Bars{LabelWidth: 20, Pitch: 5}.Draw(s, area, []Bar{{Label: "a", N: 10, Value: "10"}, {Label: "b", N: 0, Value: "0"}})
	Bullet(s, area, v(9), v(20), 10, Met)
	for _, op := range s.Ops {
		if op.Path == nil {
			continue
		}
		for _, seg := range op.Path.Segs {
			p := seg.P[0]
			if seg.Verb != scene.Close && (p.X < 8.5 || p.X > 91.5 || p.Y < 8.5 || p.Y > 51.5) {
				t.Errorf("a path reaches %v", p)
			}
		}
	}
}
