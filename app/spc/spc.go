// Package spc is the statistics of the analysis unit: control charts and run
// rules, deviations of daily series, forecasts of calls, staffing by Erlang's
// formulas, and the projection of a month against its target.
//
// It is pure: numbers in, numbers out; it never stores, reads no clock and starts
// no goroutine, and gives the same figures for the same input to the last bit. It
// promises that what is not known stays so: a day without a denominator, a missing
// day and a series too short to be judged come out as NaN or with a reason, never
// as a zero or as "in control". Every constant and formula names its source.
package spc

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"time"
)

// Kind is what sort of day a day of a series is.
type Kind uint8

// Kinds of days. An Ordinary day is like others of its weekday; a Holiday is open
// and unlike its weekday; on a Closed day there is no service: it is neither
// judged nor learnt from, and nothing is forecast for it.
const (
	Ordinary Kind = iota
	Holiday
	Closed
)

// Day is one day of a series. Of Date only the year, month and day count, as they
// are written in its own zone. X is what was counted, or the sum of a time; NaN is
// not known. N is what X is of (calls, cases, contacts) and is not read where only
// counts matter. Explained days had a known cause: they are shown, and nothing is
// learnt from them.
type Day struct {
	Date      time.Time
	Kind      Kind
	X, N      float64
	Explained bool
}

// maxSpan is how many days a series may span: beyond 60 years a date is a mistake.
const maxSpan = 22_000

// number counts the civil days since 1970-01-01, which was a Thursday.
func number(t time.Time) int {
	return int(time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC).Unix() / 86_400)
}

// dateOf is the inverse of number, at midnight UTC.
func dateOf(n int) time.Time { return time.Unix(int64(n)*86_400, 0).UTC() }

// weekday of a day number: Sunday is 0, as in package time.
func weekday(n int) int { return ((n+4)%7 + 7) % 7 }

// ErrNoDays says that a series is empty.
var ErrNoDays = errors.New("the series has no days")

// check refuses a series that is not one: days must ascend, each once, and no
// value may be negative or infinite.
func check(days []Day) error {
	if len(days) == 0 {
		return ErrNoDays
	}
	for i, d := range days {
		if i > 0 && number(d.Date) <= number(days[i-1].Date) {
			return fmt.Errorf("the series is not in order at %s: each day comes once, after the one before", d.Date.Format(time.DateOnly))
		}
		if d.X < 0 || d.N < 0 || math.IsInf(d.X, 0) || math.IsInf(d.N, 0) {
			return fmt.Errorf("the values of %s are %v of %v: they must be numbers from 0 on", d.Date.Format(time.DateOnly), d.X, d.N)
		}
	}
	first, last := days[0].Date, days[len(days)-1].Date
	if number(last)-number(first) > maxSpan {
		return fmt.Errorf("the series runs from %s to %s: more than %d days are a mistake in a date", first.Format(time.DateOnly), last.Format(time.DateOnly), maxSpan)
	}
	return nil
}

// median of values; it sorts them. NaN when there are none.
func median(xs []float64) float64 {
	if len(xs) == 0 {
		return math.NaN()
	}
	slices.Sort(xs)
	m := len(xs) / 2
	if len(xs)%2 == 1 {
		return xs[m]
	}
	return (xs[m-1] + xs[m]) / 2
}

// mean of values; NaN when there are none.
func mean(xs []float64) float64 {
	s := 0.0
	for _, x := range xs {
		s += x
	}
	return s / float64(len(xs))
}

// madSigma makes the median absolute deviation a standard deviation under the
// normal distribution: 1/Φ⁻¹(3/4) (Hampel 1974).
const madSigma = 1.482602218505602

// spread is a standard deviation that a few wild values do not move: the scaled
// median of the distances from the median.
func spread(xs []float64) float64 {
	ys := slices.Clone(xs)
	m := median(ys)
	for i, x := range xs {
		ys[i] = math.Abs(x - m)
	}
	return madSigma * median(ys)
}
