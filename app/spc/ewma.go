package spc

import "math"

// EWMA is the exponentially weighted moving average z = λx + (1-λ)z before, from
// the target on, with limits target ± L·sigma·sqrt(λ/(2-λ)·(1-(1-λ)^2i)) for the
// i-th known value (Roberts 1959; Montgomery 9.2; NIST e-Handbook 6.3.2.4). NaN
// values are passed over: the average stays, and so does i.
type EWMA struct {
	Target, Sigma float64
	Lambda, L     float64
}

// Run gives the chart of the values. Value is the average, Z its distance from the
// target in sigmas of the average.
func (e EWMA) Run(values []float64) Chart {
	c := Chart{Center: e.Target, Sigma: e.Sigma, SigmaZ: 1, Points: make([]Point, len(values))}
	avg, n := e.Target, 0
	for i, x := range values {
		if math.IsNaN(x) {
			c.Points[i] = unknown
			continue
		}
		avg += e.Lambda * (x - avg)
		n++
		s := e.Sigma * averageSigma(e.Lambda, n)
		c.Points[i] = Point{avg, e.Target - e.L*s, e.Target + e.L*s, (avg - e.Target) / s}
	}
	return c
}

// averageSigma is the standard deviation of an EWMA of n independent values of
// deviation 1.
func averageSigma(lambda float64, n int) float64 {
	return math.Sqrt(lambda / (2 - lambda) * (1 - math.Pow(1-lambda, 2*float64(n))))
}

// CUSUM sums the deviations from a target beyond K, in standard deviations, upward
// and downward: C+ = max(0, C+ + z - K), C- = min(0, C- + z + K), out strictly
// beyond H (Page 1954; Montgomery 9.1).
type CUSUM struct {
	Target, Sigma float64
	K, H          float64
}

// Sums is what a CUSUM has summed up after each value; Up and Down are the places
// of the values at which it was beyond H.
type Sums struct {
	Pos, Neg []float64
	Up, Down []int
}

// Run sums groups of values; a group counts by its mean, in standard deviations of
// a mean of its size. A group without values is passed over: its sums are those
// before.
func (c CUSUM) Run(groups [][]float64) Sums {
	s := Sums{Pos: []float64{}, Neg: []float64{}, Up: []int{}, Down: []int{}}
	var pos, neg float64
	for i, g := range groups {
		if len(g) > 0 {
			z := (mean(g) - c.Target) / c.Sigma * math.Sqrt(float64(len(g)))
			pos, neg = max(0, pos+z-c.K), min(0, neg+z+c.K)
			if pos > c.H {
				s.Up = append(s.Up, i)
			}
			if neg < -c.H {
				s.Down = append(s.Down, i)
			}
		}
		s.Pos, s.Neg = append(s.Pos, pos), append(s.Neg, neg)
	}
	return s
}
