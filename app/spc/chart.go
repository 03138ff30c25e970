package spc

import "math"

// Count is one point of an attribute chart: X defects, or defectives, in N units.
// A point that is Out is judged, and does not form the limits.
type Count struct {
	X, N float64
	Out  bool
}

// Chart is a control chart with limits at so many sigmas. Center and SigmaZ are
// NaN when no point could form the limits. Sigma is the standard deviation of one
// unit: sqrt(p(1-p)) for shares, sqrt(u) for rates, that of a value for XmR.
type Chart struct {
	Center, Sigma float64
	SigmaZ        float64 // Laney's factor of the limits; 1 in the charts without it
	Points        []Point
}

// Point is one judged point. Value, Low, High and Z are NaN where the denominator
// is 0 or the value is not known. Z is the distance from the center in sigmas of
// this point, with Laney's factor, for the run rules.
type Point struct{ Value, Low, High, Z float64 }

// Beyond are the places of the points outside of their limits; a point on its
// limit is inside.
func (c Chart) Beyond() []int {
	out := []int{}
	for i, p := range c.Points {
		if p.Value > p.High || p.Value < p.Low {
			out = append(out, i)
		}
	}
	return out
}

// Zs are the distances of the points from the center, for the run rules.
func (c Chart) Zs() []float64 {
	zs := make([]float64, len(c.Points))
	for i, p := range c.Points {
		zs[i] = p.Z
	}
	return zs
}

// The constants of moving ranges of two, as every table prints them (Montgomery,
// appendix VI): d2, the mean range in standard deviations, 2/sqrt(π) = 1.12838; and
// D4, the upper limit of a range in mean ranges. The digits beyond are left out so
// that limits are those of the textbooks and of other programs.
const (
	d2 = 1.128
	d4 = 3.267
)

// P is the chart of the share of defectives, limits p ± k·sqrt(p(1-p)/n)
// (Shewhart 1931; Montgomery 7.2), cut at 0 and 1. The center is a ratio of sums.
func P(counts []Count, k float64) Chart { return attributes(counts, k, true, false) }

// U is the chart of defects by unit, limits u ± k·sqrt(u/n) (Montgomery 7.3), cut
// at 0. With N = 1 everywhere it is the c chart.
func U(counts []Count, k float64) Chart { return attributes(counts, k, false, false) }

// PPrime is P with Laney's correction: shares of large days spread more than the
// binomial says, and its limits are wider by sigma_z, the mean moving range of the
// z values over 1.128 (Laney, Improved Control Charts for Attributes, Quality
// Engineering 14, 2002). Here sigma_z is never below 1.
func PPrime(counts []Count, k float64) Chart { return attributes(counts, k, true, true) }

// UPrime is U with Laney's correction; see PPrime.
func UPrime(counts []Count, k float64) Chart { return attributes(counts, k, false, true) }

// NP is the chart of the number of defectives in samples of one size: P, times the
// size (Montgomery 7.2). Samples of several sizes have limits each.
func NP(counts []Count, k float64) Chart {
	c := P(counts, k)
	for i, n := range counts {
		p := &c.Points[i]
		p.Value, p.Low, p.High = n.X, p.Low*n.N, p.High*n.N
	}
	return c
}

func attributes(counts []Count, k float64, share, laney bool) Chart {
	var x, n float64
	for _, c := range counts {
		if c.known() && !c.Out {
			x, n = x+c.X, n+c.N
		}
	}
	c := Chart{Center: x / n, SigmaZ: 1, Points: make([]Point, len(counts))}
	most := math.Inf(1)
	if c.Sigma = math.Sqrt(c.Center); share {
		c.Sigma, most = math.Sqrt(c.Center*(1-c.Center)), 1
	}
	zs := make([]float64, len(counts))
	for i, one := range counts {
		zs[i] = math.NaN()
		if s := c.Sigma / math.Sqrt(one.N); one.known() && s > 0 {
			zs[i] = (one.X/one.N - c.Center) / s
		}
	}
	if laney {
		c.SigmaZ = max(1, movingSigma(zs, func(i int) bool { return counts[i].Out }))
	}
	for i, one := range counts {
		p := &c.Points[i]
		if !one.known() || math.IsNaN(c.Center) {
			*p = unknown
			continue
		}
		w := k * c.SigmaZ * c.Sigma / math.Sqrt(one.N)
		*p = Point{one.X / one.N, max(0, c.Center-w), min(most, c.Center+w), zs[i] / c.SigmaZ}
		if c.Sigma == 0 { // all or none of what was seen: what is like it is at the center
			p.Z = 0
		}
	}
	return c
}

func (c Count) known() bool { return c.N > 0 && !math.IsNaN(c.X) && !math.IsInf(c.N, 0) }

var unknown = Point{math.NaN(), math.NaN(), math.NaN(), math.NaN()}

// movingSigma is the mean moving range of the known values that are not out, over
// d2. It is NaN, which max with 1 keeps, when there are fewer than two.
func movingSigma(xs []float64, out func(int) bool) float64 {
	sum, n, last := 0.0, 0.0, math.NaN()
	for i, x := range xs {
		if math.IsNaN(x) || out(i) {
			continue
		}
		if !math.IsNaN(last) {
			sum, n = sum+math.Abs(x-last), n+1
		}
		last = x
	}
	return sum / n / d2
}

// XmR is the chart of single values, limits mean ± k·mR/1.128, where mR is the
// mean moving range of two (Montgomery 6.4). NaN values are not known and are
// passed over: the range is to the value before. Values of the baseline alone form
// the limits; a nil baseline is all.
func XmR(values []float64, k float64, baseline []bool) Chart {
	out := func(i int) bool { return baseline != nil && !baseline[i] }
	var in []float64
	for i, x := range values {
		if !math.IsNaN(x) && !out(i) {
			in = append(in, x)
		}
	}
	c := Chart{Center: mean(in), Sigma: movingSigma(values, out), SigmaZ: 1, Points: make([]Point, len(values))}
	for i, x := range values {
		if math.IsNaN(x) || math.IsNaN(c.Sigma) {
			c.Points[i] = unknown
			c.Points[i].Value = x
			continue
		}
		c.Points[i] = Point{x, c.Center - k*c.Sigma, c.Center + k*c.Sigma, (x - c.Center) / c.Sigma}
		if x == c.Center {
			c.Points[i].Z = 0
		}
	}
	return c
}

// MovingRanges is the mR chart that goes with XmR: ranges of two with the upper
// limit 3.267·mR and the lower 0 (Montgomery 6.4). The first value has no range.
func MovingRanges(values []float64) Chart {
	sigma := movingSigma(values, func(int) bool { return false })
	c := Chart{Center: sigma * d2, Sigma: sigma, SigmaZ: 1, Points: make([]Point, len(values))}
	last := math.NaN()
	for i, x := range values {
		c.Points[i] = unknown
		if math.IsNaN(x) {
			continue
		}
		if r := math.Abs(x - last); !math.IsNaN(r) {
			c.Points[i] = Point{r, 0, d4 * c.Center, (r - c.Center) / (c.Center * (d4 - 1) / 3)}
		}
		last = x
	}
	return c
}
