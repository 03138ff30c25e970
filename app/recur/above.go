package recur

import (
	"math"
	"slices"

	"punto/app/spc"
)

// The weeks by which Rising judges.
const (
	week    = int64(7 * 86_400_000)
	learnt  = 12 // weeks that tell what is usual
	judged  = 4  // weeks after them
	fewest  = 3  // of one key in a week that are worth telling
	unheard = 5  // of a key that those weeks never had
	fewKeys = 6  // weeks with anything in them, for less tells nothing
)

// Span is how far before the end Rising looks, in milliseconds.
const Span = (learnt + judged) * week

// Sigmas are the limits of Rising: one of some 4,300 weeks is above them by chance, as
// many series are watched.
const Sigmas = 3.5

// Above is a key that came more often in a week than its u' limit lets it.
type Above[K comparable] struct {
	Group[K]         // of all weeks that are above
	Weeks    int     // that are
	N        int     // of the week that is farthest above
	Expected float64 // of that week, by the share that the key had before
	Limit    float64 // how many of it would not have been told
}

// Rising tells which keys came more often in one of the four weeks up to end than the
// twelve before them let expect: the chart is u' (Laney), of a key's count by all that
// came in a week, and as counts are small the Poisson tail must be as rare too. at is in
// milliseconds. The farthest above come first.
func Rising[K comparable](at []int64, key []K, end int64) (out []Above[K]) {
	var nobody K
	var all [learnt + judged]float64
	of := map[K][]int{}
	place := func(ms int64) int {
		if ms >= end || ms < end-Span {
			return -1
		}
		return learnt + judged - 1 - int((end-1-ms)/week)
	}
	for i, ms := range at {
		if w := place(ms); w >= 0 {
			all[w]++
			if key[i] != nobody {
				of[key[i]] = append(of[key[i]], i)
			}
		}
	}
	known := 0
	for _, n := range all[:learnt] {
		if n > 0 {
			known++
		}
	}
	if known < fewKeys {
		return nil
	}
	for k, is := range of {
		if a, ok := rising[K](is, at, all[:], place); ok {
			a.Key = k
			out = append(out, a)
		}
	}
	slices.SortFunc(out, func(x, y Above[K]) int {
		switch d := (float64(y.N) - y.Expected) - (float64(x.N) - x.Expected); {
		case d < 0:
			return -1
		case d > 0:
			return 1
		}
		return x.Of[0] - y.Of[0]
	})
	return out
}

func rising[K comparable](is []int, at []int64, all []float64, place func(int64) int) (a Above[K], ok bool) {
	counts := make([]spc.Count, len(all))
	before := 0.0
	for w := range counts {
		counts[w] = spc.Count{N: all[w], Out: w >= learnt}
	}
	for _, i := range is {
		w := place(at[i])
		counts[w].X++
		if w < learnt {
			before++
		}
	}
	chart := spc.UPrime(counts, Sigmas)
	var above [learnt + judged]bool
	for w := learnt; w < len(counts); w++ {
		x, n := counts[w].X, counts[w].N
		expected, limit := chart.Center*n, chart.Points[w].High*n
		least := float64(fewest)
		if before == 0 {
			expected, limit, least = 0, unheard-1, unheard
		}
		if !(x >= least && x > limit) || before > 0 && !rare(int(x), expected) {
			continue
		}
		above[w] = true
		if a.Weeks++; float64(a.N)-a.Expected < x-expected || a.N == 0 {
			a.N, a.Expected, a.Limit = int(x), expected, limit
		}
	}
	for _, i := range is {
		if above[place(at[i])] {
			a.Of = append(a.Of, i)
		}
	}
	slices.SortFunc(a.Of, func(x, y int) int {
		if at[x] != at[y] {
			return int(min(max(at[x]-at[y], -1), 1))
		}
		return x - y
	})
	return a, a.Weeks > 0
}

// rare tells whether a Poisson variable of a mean is x or more by no more chance than a
// normal one is beyond Sigmas on one side: the chart's limit is of the normal law, which
// small counts pass far oftener.
func rare(x int, mean float64) bool {
	const chance = 2.326290790355250e-4 // of a normal variable beyond 3.5
	if mean > 700 {
		return true // the normal law holds, and exp(-mean) would be 0
	}
	p, below := math.Exp(-mean), 0.0
	for i := range x {
		below += p
		p *= mean / float64(i+1)
	}
	return 1-below <= chance
}
