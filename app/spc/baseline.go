package spc

import (
	"math"
	"slices"
)

// learn gives what is expected of a class on the i-th day, the spread and how many
// days both rest on.
func (r *watching) learn(i, class int) (center, sigma, m float64, ok bool) {
	var in []int
	today, usual, late := number(r.days[i].Date), 0, 0
	for k := i - 1; k >= r.from; k-- {
		s, age := r.seen[k], today-number(r.days[k].Date)
		if late < guard && s.known {
			late++
			continue
		}
		if age > classDays || usual >= r.Baseline && class != 7 {
			break
		}
		switch {
		case !s.known || r.days[k].Explained || r.judged[k].Out && !s.normal:
		case s.class == 7 && class == 7:
			in = append(in, k)
		case s.class < 7 && usual < r.Baseline:
			in = append(in, k)
			usual++
		}
	}
	if usual < fewestJudged {
		return 0, 0, 0, false
	}
	slices.Reverse(in)
	in = r.tame(in)
	c := r.classes(in)
	if c.n[class] < fewestClass {
		return 0, 0, 0, false
	}
	square := 0.0
	for _, k := range in {
		s := r.seen[k]
		e := s.a - c.center(s.class)
		square += s.weight * e * e
	}
	m = float64(len(in)) - c.taken
	least := 1.0
	if r.Of == Time {
		least = 0.01 // times are whole seconds: a hundredth is no news
	}
	return c.center(class), max(least, math.Sqrt(square/(m-1))), m, true
}

// tame leaves out the wild days, which would hide others.
func (r *watching) tame(in []int) []int {
	c := r.classes(in)
	zs := make([]float64, len(in))
	for n, k := range in {
		zs[n] = (r.seen[k].a - c.middle(r.seen[k].class)) * math.Sqrt(r.seen[k].weight)
	}
	s := spread(zs)
	out := in[:0:0]
	for n, k := range in {
		if math.Abs(zs[n]) <= wild*s || s == 0 {
			out = append(out, k)
		}
	}
	return out
}

// classes are the means of the weekdays, and of holidays, in a baseline.
type classes struct {
	all    float64
	mean   [8]float64
	medium [8]float64
	n      [8]float64
	kept   float64 // share of the weekdays' distances from the mean of all that is believed
	taken  float64 // means that were taken from the data beyond the first
}

// center is what is expected of a class: a holiday's mean is believed as it is.
func (c *classes) center(class int) float64 {
	if class == 7 {
		return c.mean[7]
	}
	return c.all + c.kept*(c.mean[class]-c.all)
}

// middle is the median of a class; that of all where the class is small.
func (c *classes) middle(class int) float64 {
	if c.n[class] < fewestClass {
		return c.all
	}
	return c.medium[class]
}

// classes learns them.
func (r *watching) classes(in []int) *classes {
	c := &classes{kept: 1}
	var values [8][]float64
	var weights, sums [8]float64
	for _, k := range in {
		s := r.seen[k]
		d := s.class
		values[d] = append(values[d], s.a)
		weights[d], sums[d] = weights[d]+s.weight, sums[d]+s.weight*s.a
	}
	weight := 0.0
	for d := range 7 {
		weight, c.all = weight+weights[d], c.all+sums[d]
	}
	c.all /= weight
	within, between, free, groups := 0.0, 0.0, 0.0, 0.0
	for d := range values {
		c.n[d] = float64(len(values[d]))
		if c.n[d] == 0 {
			c.mean[d] = c.all
			continue
		}
		c.mean[d] = sums[d] / weights[d]
		c.medium[d] = median(slices.Clone(values[d]))
		if d < 7 {
			groups++
			between += weights[d] * (c.mean[d] - c.all) * (c.mean[d] - c.all)
			free += c.n[d] - 1
		}
	}
	for _, k := range in {
		if s := r.seen[k]; s.class < 7 {
			e := s.a - c.mean[s.class]
			within += s.weight * e * e
		}
	}
	if free > 0 && between > 0 && groups > 3 {
		c.kept = max(0, 1-(groups-3)*(within/free)/between)
	}
	c.taken = c.kept * max(0, groups-1)
	return c
}
