package spc

import "math"

// Halves is a day with its calls by half hour of the civil day; X is their sum.
type Halves struct {
	Day
	By [48]float64
}

const (
	spreadDays   = 8 // of the same weekday that tell how a day is spread
	fewestSpread = 3
)

// Spread is the share of the calls of a day that comes in each half hour: of the last
// eight ordinary days of its weekday before it, as a ratio of sums. False where fewer than
// three of those are known, or nobody called.
func Spread(days []Halves, of Day) (by [48]float64, ok bool) {
	seen, sum := 0, 0.0
	for i := len(days) - 1; i >= 0 && seen < spreadDays; i-- {
		d := &days[i]
		if !d.Date.Before(of.Date) || weekday(number(d.Date)) != weekday(number(of.Date)) || d.Kind != Ordinary || d.Explained || math.IsNaN(d.X) {
			continue
		}
		seen++
		sum += d.X
		for h, x := range d.By {
			by[h] += x
		}
	}
	if seen < fewestSpread || sum <= 0 {
		return by, false
	}
	for h := range by {
		by[h] /= sum
	}
	return by, true
}

// BacktestHalves forecasts the half hours of the last so many days a week ahead, from
// what was known then: the day's calls (see Forecast) times its Spread. Ours and naive, the
// same half hour a week before, are WAPE over the same half hours; of n days, 0 where none
// could be told.
func BacktestHalves(days []Halves, last int) (ours, naive float64, n int) {
	plain := make([]Day, len(days))
	for i, d := range days {
		plain[i] = d.Day
	}
	g, err := gridOf(plain)
	if err != nil {
		return 0, 0, 0
	}
	came := 0.0
	for i := max(7, len(days)-last); i < len(days); i++ {
		d := &days[i]
		at := number(d.Date) - g.first - 7
		if d.Kind != Ordinary || math.IsNaN(d.X) || at < 0 || number(days[i-7].Date) != number(d.Date)-7 || days[i-7].Kind == Closed {
			continue
		}
		f, ok := g.fit(at)
		by, known := Spread(days[:i-6], d.Day)
		if !ok || !known {
			continue
		}
		n++
		v := f.predict(7)
		for h, x := range d.By {
			came += x
			ours += math.Abs(x - v*by[h])
			naive += math.Abs(x - days[i-7].By[h])
		}
	}
	if came == 0 {
		return 0, 0, 0
	}
	return ours / came, naive / came, n
}
