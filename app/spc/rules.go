package spc

import (
	"fmt"
	"math"
)

// Rule is a pattern in the distances of points from the center, in sigmas, that
// chance seldom makes.
type Rule struct {
	name string
	ends func(zs []float64, i int) bool // whether the pattern is complete at the i-th
}

// Name tells the rule.
func (r Rule) Name() string { return r.name }

// WesternElectric are the rules 1 to 4 of the Statistical Quality Control Handbook
// (Western Electric 1956), at their index; index 0 is none.
var WesternElectric = [...]Rule{1: beyond, 2: some(2, 3, 2), 3: some(4, 5, 1), 4: oneSide(8)}

// Nelson are the rules 1 to 8 of Nelson, The Shewhart Control Chart: Tests for
// Special Causes (Journal of Quality Technology 16, 1984), at their index; index 0
// is none.
var Nelson = [...]Rule{1: beyond, 2: oneSide(9), 3: trend(6), 4: alternating(14), 5: some(2, 3, 2), 6: some(4, 5, 1), 7: hugging(15), 8: avoiding(8)}

// Broken gives the places of the points at which the rule's pattern is complete,
// each point that goes on with a run again. A point on a line is inside of it. NaN
// points are passed over, as if the others stood in a row.
func (r Rule) Broken(zs []float64) []int {
	var known []float64
	out := []int{}
	for i, z := range zs {
		if math.IsNaN(z) {
			continue
		}
		known = append(known, z)
		if r.ends(known, len(known)-1) {
			out = append(out, i)
		}
	}
	return out
}

var beyond = Rule{"1 point beyond 3 sigma", func(zs []float64, i int) bool { return math.Abs(zs[i]) > 3 }}

// all tells whether so many values that end at the i-th are all so.
func all(zs []float64, i, n int, so func(j int) bool) bool {
	if i+1 < n {
		return false
	}
	for j := i + 1 - n; j <= i; j++ {
		if !so(j) {
			return false
		}
	}
	return true
}

// some: k of n in a row beyond so many sigmas on one side, the last among them.
func some(k, n int, sigmas float64) Rule {
	return Rule{fmt.Sprintf("%d of %d in a row beyond %v sigma on one side", k, n, sigmas), func(zs []float64, i int) bool {
		if i+1 < n || math.Abs(zs[i]) <= sigmas {
			return false
		}
		same := 0
		for _, z := range zs[i+1-n : i+1] {
			if math.Abs(z) > sigmas && (z > 0) == (zs[i] > 0) {
				same++
			}
		}
		return same >= k
	}}
}

func oneSide(n int) Rule {
	return Rule{fmt.Sprintf("%d in a row on one side", n), func(zs []float64, i int) bool {
		return zs[i] != 0 && all(zs, i, n, func(j int) bool { return zs[j] != 0 && (zs[j] > 0) == (zs[i] > 0) })
	}}
}

func trend(n int) Rule {
	return Rule{fmt.Sprintf("%d in a row rising, or falling", n), func(zs []float64, i int) bool {
		return i+1 >= n && (all(zs, i, n-1, func(j int) bool { return zs[j] > zs[j-1] }) || all(zs, i, n-1, func(j int) bool { return zs[j] < zs[j-1] }))
	}}
}

func alternating(n int) Rule {
	return Rule{fmt.Sprintf("%d in a row up and down", n), func(zs []float64, i int) bool {
		return i+1 >= n && all(zs, i, n-2, func(j int) bool { return (zs[j]-zs[j-1])*(zs[j-1]-zs[j-2]) < 0 })
	}}
}

func hugging(n int) Rule {
	return Rule{fmt.Sprintf("%d in a row within 1 sigma", n), func(zs []float64, i int) bool {
		return all(zs, i, n, func(j int) bool { return math.Abs(zs[j]) <= 1 })
	}}
}

// avoiding: n in a row beyond 1 sigma, on both sides.
func avoiding(n int) Rule {
	return Rule{fmt.Sprintf("%d in a row beyond 1 sigma, on both sides", n), func(zs []float64, i int) bool {
		return all(zs, i, n, func(j int) bool { return math.Abs(zs[j]) > 1 }) &&
			!all(zs, i, n, func(j int) bool { return zs[j] > 0 }) && !all(zs, i, n, func(j int) bool { return zs[j] < 0 })
	}}
}
