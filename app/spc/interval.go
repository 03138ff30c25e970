package spc

import (
	"math"
	"slices"
)

const (
	intervalDays = 182  // errors that an interval is made of: half a year tells the tails, and forgets long ago
	fewestErrors = 20   // that an interval needs
	relearning   = 0.02 // of how the share of misses is steered, by day
)

// past is what the forecasts so many days ahead have taught about their errors.
type past struct {
	level   float64
	miss    float64   // share that the next interval leaves out, steered so that 1-level is missed
	errs    []float64 // logarithms of what came over what was forecast, in the order in which they were known
	pending []given
}

// given is an interval whose day has not come.
type given struct {
	day             int
	x, e, low, high float64
}

// gave gives the interval of a forecast for a day of the past and keeps it, with
// what came, until that day is over. Nothing is kept of a day without a value.
func (p *past) gave(day int, x, forecast float64) (low, high float64) {
	low, high = p.interval(forecast)
	if !math.IsNaN(x) && !math.IsNaN(forecast) {
		e := math.Log(max(x, floor) / max(forecast, floor))
		p.pending = append(p.pending, given{day, x, e, low, high})
	}
	return low, high
}

// learn takes in the days up to one. Where more days were missed than should be,
// the next interval is wider (Gibbs and Candès, Adaptive Conformal Inference under
// Distribution Shift, 2021).
func (p *past) learn(day int) {
	for len(p.pending) > 0 && p.pending[0].day <= day {
		g := p.pending[0]
		p.pending = p.pending[1:]
		p.errs = append(p.errs, g.e)
		if math.IsNaN(g.low) {
			continue
		}
		missed := 0.0
		if g.x < g.low || g.x > g.high {
			missed = 1
		}
		share := 1 - p.level
		p.miss = min(max(p.miss+relearning*(share-missed), share/4), share*2)
	}
}

// interval holds the next day with the level, if errors come in any order: of n
// past ones it leaves out so many of n+1 at each end (split conformal prediction,
// Vovk, Gammerman and Shafer 2005).
func (p *past) interval(forecast float64) (low, high float64) {
	errs := p.errs[max(0, len(p.errs)-intervalDays):]
	if len(errs) < fewestErrors || math.IsNaN(forecast) {
		return math.NaN(), math.NaN()
	}
	if forecast == 0 { // closed, or nobody ever calls on such a day
		return 0, 0
	}
	sorted := slices.Sorted(slices.Values(errs))
	n := len(sorted)
	k := min(max(int(float64(n+1)*p.miss/2), 1), (n+1)/2)
	low, high = max(forecast, floor)*math.Exp(sorted[k-1]), max(forecast, floor)*math.Exp(sorted[n-k])
	if low <= floor { // a day without calls was taken for one with as many
		low = 0
	}
	return low, high
}
