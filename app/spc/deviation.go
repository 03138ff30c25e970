package spc

import (
	"math"
	"time"
)

// What was chosen, on simulated years with and without weekday patterns.
const (
	driftLambda  = 0.15                 // weight of a day in the drift: best for shifts of some 1.2 sigmas (Lucas and Saccucci, Technometrics 32, 1990)
	heaviest     = 4.0                  // sigmas that a day counts at most in the drift
	guard        = 14                   // last days that are not learnt from yet, so that a shift does not hide itself
	fewestJudged = 28                   // days of the baseline, before which nothing is judged
	fewestClass  = 3                    // days of a weekday, or holidays, before which such a day is not judged
	classDays    = 400                  // that holidays are learnt from, being few
	wild         = 4.0                  // spreads from the median, beyond which the baseline leaves a day out
	calm         = 3                    // judged days in a row within the limits that end an episode
	again        = 21                   // days within which it is the same episode that comes back
	newNormal    = fewestJudged + guard // judged days after which an episode is what is normal now
)

// Deviations judges each day by the days before it, as it would have been judged
// then, and gives the episodes in their order.
//
// A day alone is judged by values made normal and of one variance (Anscombe,
// Biometrika 35, 1948: arcsin sqrt((x+3/8)/(n+3/4)) of shares, sqrt((x+3/8)/n) of
// rates; the logarithm of times), since small counts lean to one side and would
// raise false alarms there. What is expected is the mean of the same weekday in the
// baseline, drawn towards that of all days as far as the weekdays do not differ
// (James and Stein 1961). The spread is a factor on the binomial's or Poisson's, as
// in Laney's p' and u' charts, by the standard deviation of the baseline, and never
// below 1. Limits are wider where the baseline is short: Student's t as a normal
// score (Wallace 1959), and the error of the mean. The drift averages plain z
// values, in which what leans cancels out. The baseline leaves out episodes,
// explained and wild days, and the last 14.
func (w Watch) Deviations(days []Day) ([]Judged, []Episode, error) {
	if err := check(days); err != nil {
		return nil, nil, err
	}
	if w.Sigmas == 0 {
		w.Sigmas = 3.5
	}
	if w.Drift == 0 {
		w.Drift = 2.8
	}
	if w.Baseline == 0 {
		w.Baseline = 90
	}
	if w.Baseline < fewestJudged || w.Baseline > classDays || !(w.Sigmas >= 1 && w.Sigmas <= 10 && w.Drift >= 1 && w.Drift <= 10) {
		return nil, nil, ErrWatch
	}
	r := &watching{Watch: w, days: days, seen: make([]seen, len(days)), judged: make([]Judged, len(days)), open: -1}
	for i := range days {
		r.judge(i)
	}
	return r.judged, r.episodes, nil
}

// watching is one pass over a series.
type watching struct {
	Watch
	days     []Day
	seen     []seen
	judged   []Judged
	episodes []Episode
	from     int     // the first day of the baseline, after a new normal
	drift    float64 // EWMA of the scores
	n        int     // days in it
	side     int     // since when the drift lies on its side
	open     int     // first day of the episode that goes on; -1 = none
	found    int     // its day
	calm     int
}

// judge judges the i-th day by those before it.
func (r *watching) judge(i int) {
	d := r.days[i]
	s, why := r.normal(d)
	r.seen[i] = s
	nan := math.NaN()
	j := &r.judged[i]
	*j = Judged{Date: d.Date, Value: nan, Expected: nan, Low: nan, High: nan, Z: nan, Drift: nan, Why: why}
	if d.N > 0 && d.Kind != Closed {
		j.Value = d.X / d.N
	}
	if !s.known {
		return
	}
	center, sigma, m, ok := r.learn(i, s.class)
	if !ok {
		j.Why = TooFewBefore
		return
	}
	if d.Explained { // shown with what was expected, and it alarms nobody
		j.Expected, j.Z = r.expected(center, sigma, d.N), (s.a-center)*math.Sqrt(s.weight)/sigma
		return
	}
	wide := sigma * math.Sqrt(1+1/m)
	j.Z = score((s.a-center)*math.Sqrt(s.weight)/wide, m-1)
	k := unscore(r.Sigmas, m-1) * wide / math.Sqrt(s.weight)
	j.Expected, j.Low, j.High = r.expected(center, sigma, d.N), r.value(center-k), r.value(center+k)
	before := r.drift
	r.drift += driftLambda * (r.plain(d, center, sigma) - r.drift)
	r.n++
	if (before > 0) != (r.drift > 0) || r.n == 1 {
		r.side = i
	}
	j.Drift = r.drift / (r.Drift * math.Hypot(averageSigma(driftLambda, r.n), 1/math.Sqrt(m)))
	r.follow(i)
}

// follow opens, goes on with and ends episodes.
func (r *watching) follow(i int) {
	j := &r.judged[i]
	alone, drifted := math.Abs(j.Z) > r.Sigmas, math.Abs(j.Drift) > 1
	if r.open >= 0 && drifted && (j.Drift > 0) != r.episodes[len(r.episodes)-1].Up { // it has turned: that is news
		r.episodes[len(r.episodes)-1].Ended = j.Date
		r.open = -1
	}
	if r.open < 0 {
		if !alone && !drifted {
			return
		}
		e := Episode{From: j.Date, Found: j.Date, Up: j.Z > 0, Drift: !alone, Value: j.Value, Expected: j.Expected}
		r.open, r.found, r.calm = i, i, 0
		if drifted && (j.Drift > 0) == (j.Z > 0 || !alone) {
			e.Up, r.open = j.Drift > 0, r.side
			e.From = r.judged[r.side].Date
		}
		for k := r.open; k <= i; k++ {
			r.judged[k].Out = r.seen[k].known
		}
		if n := len(r.episodes) - 1; n >= 0 && !r.episodes[n].Normal && r.episodes[n].Up == e.Up && number(j.Date)-number(r.episodes[n].Ended) <= again {
			r.episodes[n].Ended = time.Time{}
			return
		}
		r.episodes = append(r.episodes, e)
		return
	}
	e := &r.episodes[len(r.episodes)-1]
	j.Out = true
	if r.calm++; alone || math.Abs(j.Drift) > 0.5 {
		r.calm = 0
	}
	lasted := 0
	for k := r.found; k <= i; k++ {
		if r.judged[k].Why == WasJudged && r.seen[k].known {
			lasted++
		}
	}
	switch {
	case r.calm >= calm:
		for k := i - calm + 1; k <= i; k++ {
			r.judged[k].Out = false
		}
	case lasted >= newNormal:
		e.Normal, r.from = true, r.open
		for k := r.open; k <= i; k++ { // they are what is learnt from now
			r.seen[k].normal = true
		}
	default:
		return
	}
	e.Ended = j.Date
	r.open, r.drift, r.n = -1, 0, 0
}
