package spc

import (
	"math"
	"time"
)

// Coarse is one whole week or month of a series, judged by those before it. Center, Low
// and High are NaN where too few of those are known; what is not known is NaN.
type Coarse struct {
	From                     time.Time // its first day
	Value, Center, Low, High float64
	Out                      bool
}

const (
	weeksLearnt  = 26 // before those that are judged
	fewestWeeks  = 8
	monthsLearnt = 24
	fewestMonths = 8
	coarseSigmas = 3
)

// Weekly judges the whole weeks, Monday to Sunday, that end on a day from on: p' of
// shares, u' of rates by day of service, XmR of the logarithm of mean times, at three
// sigmas (Laney 2002; Montgomery 6.4). The limits are those of the 26 weeks before. It
// sees what no single day shows and what the slow drift of the days takes longer to.
func Weekly(of Measure, days []Day, from time.Time) []Coarse {
	return stretch{most: weeksLearnt, fewest: fewestWeeks,
		begin: func(t time.Time) time.Time { return dateOf(number(t) - (weekday(number(t))+6)%7) },
		next:  func(t time.Time) time.Time { return t.AddDate(0, 0, 7) }}.judge(of, days, from)
}

// Monthly judges the whole months that end on a day from on, by the 24 before: XmR of
// the values, whatever is measured. Months differ in more than chance, which their moving
// range knows and the size of a month does not.
func Monthly(of Measure, days []Day, from time.Time) []Coarse {
	return stretch{most: monthsLearnt, fewest: fewestMonths, single: true,
		begin: func(t time.Time) time.Time { return time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC) },
		next:  func(t time.Time) time.Time { return t.AddDate(0, 1, 0) }}.judge(of, days, from)
}

// stretch is a week or a month: how many before tell what is usual, and how few, when
// the one of a day begins and the next one does, and whether each counts as one value.
type stretch struct {
	most, fewest int
	begin, next  func(time.Time) time.Time
	single       bool
}

// judge sums the days by their stretch, and judges each by those before.
func (s stretch) judge(of Measure, days []Day, from time.Time) (out []Coarse) {
	if len(days) == 0 {
		return nil
	}
	first, last := dateOf(number(days[0].Date)), dateOf(number(days[len(days)-1].Date))
	var starts []time.Time
	var counts []Count
	at := s.begin(first)
	if at.Before(first) {
		at = s.next(at) // what began before the series is not whole
	}
	i := 0
	for ; !s.next(at).AddDate(0, 0, -1).After(last); at = s.next(at) {
		c := Count{}
		for ; i < len(days) && days[i].Date.Before(s.next(at)); i++ {
			d := days[i]
			if d.Date.Before(at) || d.Kind == Closed || d.Explained || math.IsNaN(d.X) || !(d.N > 0) {
				continue
			}
			c.X, c.N = c.X+d.X, c.N+d.N
		}
		starts, counts = append(starts, at), append(counts, c)
	}
	for i, at := range starts {
		if s.next(at).AddDate(0, 0, -1).Before(dateOf(number(from))) {
			continue
		}
		x := s.last(of, counts[max(0, i-s.most):i+1])
		x.From = at
		out = append(out, x)
	}
	return out
}

// last judges the last of some counts by the others.
func (s stretch) last(of Measure, counts []Count) Coarse {
	nan := math.NaN()
	last := len(counts) - 1
	x := Coarse{Value: nan, Center: nan, Low: nan, High: nan}
	if counts[last].known() {
		x.Value = counts[last].X / counts[last].N
	}
	known := 0
	for _, c := range counts[:last] {
		if c.known() {
			known++
		}
	}
	if known < s.fewest || math.IsNaN(x.Value) {
		return x
	}
	var p Point
	var center float64
	switch {
	case s.single || of == Time:
		values, baseline := make([]float64, len(counts)), make([]bool, len(counts))
		for i, c := range counts {
			values[i], baseline[i] = c.X/c.N, i < last
			if of == Time {
				values[i] = math.Log(max(values[i], 0.5))
			}
		}
		chart := XmR(values, coarseSigmas, baseline)
		p, center = chart.Points[last], chart.Center
		if of == Time {
			p.Low, p.High, center = math.Exp(p.Low), math.Exp(p.High), math.Exp(center)
		}
	default:
		cs := append([]Count(nil), counts...)
		cs[last].Out = true
		chart := PPrime(cs, coarseSigmas)
		if of == Rate {
			chart = UPrime(cs, coarseSigmas)
		}
		p, center = chart.Points[last], chart.Center
	}
	x.Center, x.Low, x.High = center, max(0, p.Low), p.High
	if of == Share {
		x.High = min(1, x.High)
	}
	x.Out = x.Value < x.Low || x.Value > x.High
	return x
}
