package spc

import "math"

// Verdict is what came of a change, by the days before and after it.
type Verdict uint8

// Verdicts. Waiting: fewer than seven days after it are known. Achieved: what was
// wanted is reached, and chance alone does not tell the days before from those after.
// NotAchieved: so far from it that chance does not explain it, or gone the other way.
// Inconclusive is all else, and a change of which no seven days before it are known
// and that is not clearly missed.
const (
	Waiting Verdict = iota
	Achieved
	NotAchieved
	Inconclusive
)

var verdictNames = [...]string{"waiting", "achieved", "not_achieved", "inconclusive"}

func (v Verdict) String() string {
	if int(v) < len(verdictNames) {
		return verdictNames[v]
	}
	return ""
}

// fewestEffect are the days of each side that a verdict needs: a week, so that every
// weekday is in it.
const fewestEffect = 7

// Change is what was wanted of a change: that the X/N of a series be at most To, or at
// least where AtLeast.
type Change struct {
	Of      Measure
	To      float64
	AtLeast bool
}

// Side is a series before or after a change. Value is a ratio of sums, Low and High its
// interval of 95 %; all NaN where nothing is known. Days are those of which something is.
type Side struct {
	X, N             float64
	Value, Low, High float64
	Days             int
	se               float64
}

// Check compares the days before a change with those after it. Days are clusters: the
// variance of a ratio is D/(D-1)·Σ(x-rn)²/N² (Cochran, Sampling Techniques 1977, 6.3),
// and never below the binomial's or Poisson's of as many, with half a case added so that
// none of n is not certain. Few days have the tails of Student's t; the two sides differ
// by Welch's statistic (Biometrika 34, 1947) with the smaller of both freedoms.
func (c Change) Check(before, after []Day) (b, a Side, v Verdict) {
	b, a = c.side(before), c.side(after)
	if a.Days < fewestEffect {
		return b, a, Waiting
	}
	way := -1.0
	if c.AtLeast {
		way = 1
	}
	reached := way*(a.Value-c.To) >= 0
	short := c.AtLeast && a.High < c.To || !c.AtLeast && a.Low > c.To
	if b.Days < fewestEffect {
		if short {
			return b, a, NotAchieved
		}
		return b, a, Inconclusive
	}
	limit := unscore(normal975, float64(min(a.Days, b.Days)-1)) * math.Hypot(a.se, b.se)
	moved := way * (a.Value - b.Value)
	switch {
	case reached && moved > limit:
		return b, a, Achieved
	case short, !reached && moved < -limit:
		return b, a, NotAchieved
	}
	return b, a, Inconclusive
}

const normal975 = 1.959963984540054 // of the normal distribution, two sides of 2.5 %

// side sums the known days of a series.
func (c Change) side(days []Day) (s Side) {
	known := make([]Day, 0, len(days))
	for _, d := range days {
		if d.Kind == Closed || d.Explained || !(d.N > 0) || math.IsNaN(d.X) {
			continue
		}
		known = append(known, d)
		s.X, s.N, s.Days = s.X+d.X, s.N+d.N, s.Days+1
	}
	s.Value, s.Low, s.High, s.se = math.NaN(), math.NaN(), math.NaN(), math.NaN()
	if s.Days == 0 {
		return s
	}
	s.Value = s.X / s.N
	if s.Days == 1 {
		return s
	}
	square := 0.0
	for _, d := range known {
		e := d.X - s.Value*d.N
		square += e * e
	}
	n := float64(s.Days)
	variance := n / (n - 1) * square / (s.N * s.N)
	switch c.Of {
	case Share:
		p := (s.X + 0.5) / (s.N + 1)
		variance = max(variance, p*(1-p)/s.N)
	case Rate:
		variance = max(variance, (s.X+0.5)/(s.N*s.N))
	}
	s.se = math.Sqrt(variance)
	half := unscore(normal975, n-1) * s.se
	s.Low, s.High = max(0, s.Value-half), s.Value+half
	if c.Of == Share {
		s.High = min(1, s.High)
	}
	return s
}
