// Package recur finds what comes back: who or what came again within a span, what came
// more often in a week than its weeks before say, and texts that say nearly the same. It
// knows no clock, no names and no store; what it is given it never changes.
package recur

import (
	"cmp"
	"slices"
)

// Group is what came back under one key: the places of its members in what was given,
// the earliest first.
type Group[K comparable] struct {
	Key K
	Of  []int
}

// Within groups by key what came n times or more within a span (n is 2 at least, the span
// in the unit of at; two exactly a span apart are within it). A run of n counts where its
// last came at from or later, and a group is all of its runs. The zero key is nobody. The
// largest come first, then the latest.
func Within[K comparable](n int, span int64, at []int64, key []K, from int64) (out []Group[K]) {
	var nobody K
	of := map[K][]int{}
	for i, k := range key {
		if k != nobody {
			of[k] = append(of[k], i)
		}
	}
	for k, is := range of {
		if len(is) < n {
			continue
		}
		slices.SortFunc(is, func(x, y int) int { return cmp.Or(cmp.Compare(at[x], at[y]), x-y) })
		g := Group[K]{Key: k}
		to := 0 // how many of them are in the group or passed over
		for i := 0; i+n <= len(is); i++ {
			last := i + n - 1
			if at[is[last]]-at[is[i]] > span || at[is[last]] < from {
				continue
			}
			g.Of = append(g.Of, is[max(i, to):last+1]...)
			to = last + 1
		}
		if len(g.Of) > 0 {
			out = append(out, g)
		}
	}
	sortGroups(out, at)
	return out
}

func sortGroups[K comparable](gs []Group[K], at []int64) {
	slices.SortFunc(gs, func(x, y Group[K]) int {
		a, b := x.Of[len(x.Of)-1], y.Of[len(y.Of)-1]
		return cmp.Or(len(y.Of)-len(x.Of), cmp.Compare(at[b], at[a]), a-b)
	})
}

// Again counts those that came with the same key within a span before: at is in order.
func Again[K comparable](span int64, at []int64, key []K, from int64) (again, all int) {
	var nobody K
	last := map[K]int64{}
	for i, k := range key {
		before, known := last[k]
		if k != nobody {
			last[k] = at[i]
		}
		if at[i] < from {
			continue
		}
		if all++; known && k != nobody && at[i]-before <= span {
			again++
		}
	}
	return again, all
}
