package recur

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// Alike is the share of their trigrams from which on two texts say the same. On noisy
// variants of real subjects half of all trigrams in common is where few pairs of
// different origin are taken for one.
const Alike = 0.5

// Similar groups texts that say nearly the same: each text, in the order given, goes to
// the group whose first text is most like it (Jaccard of the sets of character trigrams,
// at least share; of equals the earliest), else it begins one; and what says exactly the
// same goes where that went. Texts come folded: without
// case and accents. Groups of fewest and more, the largest first; members in the order
// given. An empty text is in none.
func Similar(texts []string, share float64, fewest int) (groups [][]int) {
	sets, same, n := setsOf(texts)
	var of [][]int // of distinct texts: which say exactly this
	for i, s := range same {
		if s < 0 {
			continue
		}
		for len(of) <= s {
			of = append(of, nil)
		}
		of[s] = append(of[s], i)
	}
	var firsts, members [][]int32 // the trigrams of the text that begins a group; and its distinct texts
	by := make([][]int32, n)      // groups by the trigrams of their first
	var common, touched []int32   // trigrams in common with the first of a group; the groups with any
	for s, set := range sets {
		best, like := -1, 0.0
		// Of two sets that are alike one of the rarest so many is in both (the prefix filter
		// of Chaudhuri, Ganti and Kaushik, ICDE 2006): the common ones, whose lists are long,
		// are counted only where what is rare leaves it open.
		rare := min(len(set), len(set)-int(math.Ceil(share*float64(len(set))-1e-9))+1)
		for _, g := range set[:rare] {
			for _, k := range by[g] {
				if common[k] == 0 {
					touched = append(touched, k)
				}
				common[k]++
			}
		}
		for _, k := range touched {
			most := float64(common[k]) + float64(len(set)-rare)
			common[k] = 0
			if first := firsts[k]; most*(1+share) >= share*float64(len(set)+len(first))-1e-9 {
				if j := jaccard(set, first, share); j >= share && (j > like || j == like && int(k) < best) {
					best, like = int(k), j
				}
			}
		}
		touched = touched[:0]
		if best >= 0 {
			members[best] = append(members[best], int32(s))
			continue
		}
		for _, g := range set {
			by[g] = append(by[g], int32(len(firsts)))
		}
		firsts, members, common = append(firsts, set), append(members, []int32{int32(s)}), append(common, 0)
	}
	for _, m := range members {
		var g []int
		for _, s := range m {
			g = append(g, of[s]...)
		}
		if len(g) >= fewest {
			slices.Sort(g)
			groups = append(groups, g)
		}
	}
	slices.SortFunc(groups, func(x, y []int) int { return cmp.Or(len(y)-len(x), x[0]-y[0]) })
	return groups
}

// setsOf are the trigrams of each distinct text, in the order of its first place, as
// numbers that are smaller the rarer a trigram is; for each text which of them is its own,
// -1 for an empty one; and how many trigrams there are.
func setsOf(texts []string) (sets [][]int32, same []int, n int) {
	known, count := map[string]int{}, map[uint64]int{}
	var raw [][]uint64
	same = make([]int, len(texts))
	for i, t := range texts {
		if t = strings.Join(strings.Fields(t), " "); t == "" {
			same[i] = -1
			continue
		}
		s, ok := known[t]
		if !ok {
			s = len(raw)
			raw, known[t] = append(raw, trigrams(t)), s
			for _, g := range raw[s] {
				count[g]++
			}
		}
		same[i] = s
	}
	all := make([]uint64, 0, len(count))
	for g := range count {
		all = append(all, g)
	}
	slices.SortFunc(all, func(x, y uint64) int { return cmp.Or(count[x]-count[y], cmp.Compare(x, y)) })
	number := make(map[uint64]int32, len(all))
	for i, g := range all {
		number[g] = int32(i)
	}
	for _, gs := range raw {
		set := make([]int32, len(gs))
		for i, g := range gs {
			set[i] = number[g]
		}
		slices.Sort(set)
		sets = append(sets, set)
	}
	return sets, same, len(all)
}

// jaccard is the share of two sorted sets that is common; 0 as soon as what is left of
// them cannot make it share.
func jaccard(x, y []int32, share float64) float64 {
	n, i, j := 0, 0, 0
	may := int(float64(len(x)+len(y))*(1-share)/(1+share) + 1e-9) // that only one of them has
	for i < len(x) && j < len(y) {
		switch {
		case x[i] < y[j]:
			if i++; i+j-2*n > may {
				return 0
			}
		case x[i] > y[j]:
			if j++; i+j-2*n > may {
				return 0
			}
		default:
			n, i, j = n+1, i+1, j+1
		}
	}
	return float64(n) / float64(len(x)+len(y)-n)
}

// trigrams are those of a text between spaces, each once; a rune is at most 21 bits.
func trigrams(t string) []uint64 {
	rs := append(append([]rune{' '}, []rune(t)...), ' ')
	out := make([]uint64, 0, len(rs))
	for i := 0; i+3 <= len(rs); i++ {
		out = append(out, uint64(rs[i])<<42|uint64(rs[i+1])<<21|uint64(rs[i+2]))
	}
	slices.Sort(out)
	return slices.Compact(out)
}
