package spc

import "math"

// Score is how two methods did over a backtest, so many days ahead, on the same
// days. Errors are WAPE, the sum of the absolute errors over the sum of what came
// (Kolassa and Schütz, Foresight 2007), which weighs a day by its calls.
type Score struct {
	Ahead   int
	Days    int     // forecast by both
	Naive   float64 // seasonal naive: the last same weekday that is known
	Ours    float64
	Covered float64 // share of days within the interval that was given beforehand; NaN where there was none
	Within  int     // days of that share
}

// Gain is the share of the naive method's error that is saved; NaN when there was
// none.
func (s Score) Gain() float64 { return 1 - s.Ours/s.Naive }

// warmUp is how many days a backtest only learns from.
const warmUp = 84

// Backtest forecasts the past: on each day from the 84th on it knows what was known
// then and no more, and forecasts so many days ahead. Closed days and days without
// a value are not scored. The level is that of the intervals.
func Backtest(days []Day, ahead []int, level float64) ([]Score, error) {
	g, err := gridOf(days)
	if err != nil {
		return nil, err
	}
	type run struct{ came, naive, ours, hit float64 }
	runs, scores, pasts := make([]run, len(ahead)), make([]Score, len(ahead)), make([]past, len(ahead))
	for k := range pasts {
		pasts[k] = past{level: level, miss: 1 - level}
	}
	last := g.lastKnown()
	for at := warmUp - 1; at < last; at++ {
		f, ok := g.fit(at)
		if !ok {
			continue
		}
		for k, h := range ahead {
			i := at + h
			if h < 1 || i > last || g.kind[i] == Closed || math.IsNaN(g.x[i]) {
				continue
			}
			naive, ours := g.naive(at, i), f.predict(h)
			if math.IsNaN(naive) || math.IsNaN(ours) {
				continue
			}
			r, s := &runs[k], &scores[k]
			s.Days++
			r.came += g.x[i]
			r.naive += math.Abs(g.x[i] - naive)
			r.ours += math.Abs(g.x[i] - ours)
			pasts[k].learn(at)
			if low, high := pasts[k].gave(i, g.x[i], ours); !math.IsNaN(low) {
				s.Within++
				if g.x[i] >= low && g.x[i] <= high {
					r.hit++
				}
			}
		}
	}
	for k, r := range runs {
		s := &scores[k]
		s.Ahead, s.Naive, s.Ours, s.Covered = ahead[k], r.naive/r.came, r.ours/r.came, r.hit/float64(s.Within)
	}
	return scores, nil
}

// naive is what came on the last day of the same weekday that was known at a day;
// NaN when there is none within 8 weeks.
func (g grid) naive(at, i int) float64 {
	for j := i - 7; j >= 0 && j >= i-8*7; j -= 7 {
		if j <= at && !math.IsNaN(g.x[j]) {
			return g.x[j]
		}
	}
	return math.NaN()
}
