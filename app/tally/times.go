package tally

import (
	"maps"
	"math"
	"slices"
	"time"
)

// dense is how many seconds are counted in a slice; longer ones go to a map.
const dense = 4096

// Times is an exact distribution of whole seconds: it merges by adding, in any
// order. The zero Times is empty. Below zero counts as zero.
type Times struct {
	short  []int64 // by second, below dense
	long   map[int64]int64
	n, sum int64
}

// Add counts a duration, cut to whole seconds.
func (t *Times) Add(d time.Duration) { t.add(int64(d / time.Second)) }

func (t *Times) add(s int64) { t.addN(max(0, s), 1) }

func (t *Times) addN(s, n int64) {
	t.n += n
	t.sum += s * n
	if s < dense {
		if t.short == nil {
			t.short = make([]int64, dense)
		}
		t.short[s] += n
		return
	}
	if t.long == nil {
		t.long = map[int64]int64{}
	}
	t.long[s] += n
}

func (t *Times) merge(o *Times) {
	for s, n := range o.short {
		if n != 0 {
			t.addN(int64(s), n)
		}
	}
	for s, n := range o.long {
		t.addN(s, n)
	}
}

// Sum is the total in seconds.
func (t *Times) Sum() float64 { return float64(t.sum) }

// N is how many were added.
func (t *Times) N() int { return int(t.n) }

// Quantile is the q-quantile (0 to 1) with linear interpolation between order
// statistics (Hyndman and Fan 1996, type 7); NaN of nothing.
func (t *Times) Quantile(q float64) float64 {
	if t.n == 0 {
		return math.NaN()
	}
	pos := min(max(q, 0), 1) * float64(t.n-1)
	lo := int64(pos)
	at, next := t.rank(lo)
	return at + (pos-float64(lo))*(next-at)
}

// rank gives the order statistics of rank i (from 0) and i+1, or i again at the
// end.
func (t *Times) rank(i int64) (at, next float64) {
	seen, found := int64(0), false
	take := func(s, n int64) (done bool) {
		seen += n
		if found {
			next = float64(s)
			return true
		}
		if seen > i {
			at, next, found = float64(s), float64(s), true
			return seen > i+1
		}
		return false
	}
	for s, n := range t.short {
		if n != 0 && take(int64(s), n) {
			return at, next
		}
	}
	for _, s := range slices.Sorted(maps.Keys(t.long)) {
		if take(s, t.long[s]) {
			return at, next
		}
	}
	return at, next
}
