package spc

import (
	"errors"
	"math"
	"time"
)

// Measure is what the X and N of a series make.
type Measure uint8

// Measures: a Share of N that has at most the value 1 (p' chart), a Rate of X by N
// (u' chart; N = 1 for counts by day), a Time that is the mean X/N (XmR chart of
// its logarithm).
const (
	Share Measure = iota
	Rate
	Time
)

// Watch is how a daily series is watched. Its zero value watches a share as a
// desk's own index is: a day beyond 3.5 sigma, or a drift whose EWMA passes 2.8 of
// its sigmas. On simulated years of 330 calls a day, whose shares spread 2.3 times
// the binomial variance, that is 1.7 false alarms a year, and a shift from 4 to 6 %
// is found on the 8th day on average.
type Watch struct {
	Of       Measure
	Sigmas   float64 // of one day; 0 = 3.5; where many segments are watched 4
	Drift    float64 // L of the EWMA; 0 = 2.8; where many segments are watched 3.5
	Baseline int     // days learnt from, 28 to 400; 0 = 90
	Least    float64 // a day of a smaller N is not judged; 0 = any above 0
}

// ErrWatch says that a Watch asks for what cannot be.
var ErrWatch = errors.New("a baseline has 28 to 400 days, and limits lie between 1 and 10 sigmas")

// Judged is what is said of one day, in the units of X/N. Where a day is not
// judged Why says so, and all but Value are NaN.
type Judged struct {
	Date      time.Time
	Value     float64 // X/N; NaN when not known
	Expected  float64 // for its weekday
	Low, High float64
	Z         float64 // sigmas from what was expected, as a normal score
	Drift     float64 // the EWMA of the distances over its limit: beyond 1 or -1 the series has drifted
	Out       bool    // the day is part of an episode
	Why       Reason
}

// Reason is why a day is not judged.
type Reason uint8

// Reasons: none, since it was judged; no service; no value or denominator; a
// denominator below what was asked for; too few days before it.
const (
	WasJudged Reason = iota
	WasClosed
	NoValue
	TooSmall
	TooFewBefore
)

// Episode is one deviation, however many days it lasts: one alert. From is when it
// is thought to have begun, Found the day that gave it away. An episode without an
// end (Ended zero) goes on; one that comes back within three weeks has not ended.
// One that is Normal now lasted so long that its level is learnt as the new one.
// Value and Expected are those of the day that gave it away.
type Episode struct {
	From, Found, Ended time.Time
	Up                 bool
	Drift              bool // given away by the drift and not by a day of its own
	Value, Expected    float64
	Normal             bool
}

// seen is a day as it is learnt from: made normal, with its weight.
type seen struct {
	known  bool
	normal bool    // of an episode that is what is normal now
	class  int     // weekday; 7 is a holiday
	a      float64 // the value made normal
	weight float64 // its variance is 1/weight, times the spread's square
}

// normal is a day made normal.
func (w Watch) normal(d Day) (s seen, why Reason) {
	s.class = int(d.Date.Weekday())
	switch {
	case d.Kind == Closed:
		return s, WasClosed
	case !(d.N > 0) || math.IsNaN(d.X) || w.Of == Share && d.X > d.N || w.Of == Time && d.X == 0:
		return s, NoValue
	case d.N < w.Least:
		return s, TooSmall
	case d.Kind == Holiday:
		s.class = 7
	}
	s.known = true
	switch w.Of {
	case Share:
		s.a, s.weight = math.Asin(math.Sqrt((d.X+0.375)/(d.N+0.75))), 4*(d.N+0.5)
	case Rate:
		s.a, s.weight = math.Sqrt((d.X+0.375)/d.N), 4*d.N
	default:
		s.a, s.weight = math.Log(d.X/d.N), 1
	}
	return s, WasJudged
}

// value is the inverse of normal, for a large N.
func (w Watch) value(a float64) float64 {
	switch w.Of {
	case Share:
		s := math.Sin(max(0, min(math.Pi/2, a)))
		return s * s
	case Rate:
		return max(0, a) * max(0, a)
	}
	return math.Exp(a)
}

// expected is the mean that belongs to a center, in X/N: squares of what is spread
// are larger than the square of its mean.
func (w Watch) expected(center, sigma, n float64) float64 {
	switch w.Of {
	case Share:
		m := math.Sin(center)*math.Sin(center) + sigma*sigma*math.Cos(2*center)/(4*(n+0.5))
		return max(0, min(1, ((n+0.75)*m-0.375)/n))
	case Rate:
		return max(0, center*center+(sigma*sigma/4-0.375)/n)
	}
	return math.Exp(center)
}

// plain is a day's distance from what is expected in sigmas, not made normal.
func (w Watch) plain(d Day, center, sigma float64) float64 {
	v, e := d.X/d.N, w.expected(center, sigma, d.N)
	var z float64
	switch w.Of {
	case Share:
		z = (v - e) * math.Sqrt(d.N/(e*(1-e))) / sigma
	case Rate:
		z = (v - e) * math.Sqrt(d.N/e) / sigma
	default:
		z = (math.Log(v) - center) / sigma
	}
	if math.IsNaN(z) { // nothing was expected, and nothing came
		return 0
	}
	return max(-heaviest, min(heaviest, z))
}

// score makes a value of Student's t of some degrees of freedom a normal one
// (Wallace, Annals of Mathematical Statistics 30, 1959).
func score(t, free float64) float64 {
	z := math.Sqrt(free*math.Log1p(t*t/free)) * (8*free + 1) / (8*free + 3)
	return math.Copysign(z, t)
}

// unscore is the inverse of score, from 0 on.
func unscore(z, free float64) float64 {
	z *= (8*free + 3) / (8*free + 1)
	return math.Sqrt(free * math.Expm1(z*z/free))
}
