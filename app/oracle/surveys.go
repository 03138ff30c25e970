package oracle

import (
	"math"
	"time"
)

// Invitation is one user who was asked about one case.
type Invitation struct {
	Contract string    // of the case
	Solved   time.Time // the case, when its user was asked
	Expires  time.Time
	Answers  []Answer // in the order in which they were given
}

// Answer is one that was given. Score is that of the first scale, 0 = none; NPS -1 = none.
type Answer struct {
	At         time.Time
	Score, NPS int
}

// first is the answer that counts: the first that came in time.
func (v Invitation) first() (Answer, bool) {
	for _, a := range v.Answers {
		if !a.At.After(v.Expires) {
			return a, true
		}
	}
	return Answer{}, false
}

// surveys are the indices of a month of what was asked about the cases solved in it.
func (d *Desk) surveys(m Month, fs map[string]Figure) {
	from, to := d.span(m)
	var invited, answers, scored, satisfied, points, asked, promoters, detractors float64
	for _, v := range d.Surveys {
		if v.Contract != m.Contract || !in(v.Solved, from, to) {
			continue
		}
		invited++
		a, ok := v.first()
		if !ok {
			continue
		}
		answers++
		if a.Score > 0 {
			scored++
			points += float64(a.Score)
			if a.Score == 4 || a.Score == 5 {
				satisfied++
			}
		}
		if a.NPS < 0 {
			continue
		}
		asked++
		if a.NPS > 8 {
			promoters++
		} else if a.NPS < 7 {
			detractors++
		}
	}
	for id, x := range map[string][2]float64{"response_rate": {answers, invited}, "csat": {satisfied, scored}, "csat_mean": {points, scored}, "nps": {promoters - detractors, asked}} {
		fs[id] = Figure{Num: x[0], Den: &x[1]}
	}
}

// Interval is the 95 % interval of a share of k in n: the shares that a test of the normal
// distribution does not reject, found by halving.
func Interval(k, n float64) (low, high float64) {
	const z = 1.959963984540054
	share := k / n
	rejects := func(p float64) bool { return math.Abs(share-p) > z*math.Sqrt(p*(1-p)/n) }
	edge := func(in, out float64) float64 {
		if !rejects(out) {
			return out
		}
		for range 200 {
			if mid := (in + out) / 2; rejects(mid) {
				out = mid
			} else {
				in = mid
			}
		}
		return in
	}
	return edge(share, 0), edge(share, 1)
}
