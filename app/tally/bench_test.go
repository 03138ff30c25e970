package tally_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"punto/app/tally"
)

// monthOf makes October 2026 of a desk, day by day.
func monthOf(calls, cases int, each func(made)) {
	r := rand.New(rand.NewPCG(2026, 10))
	for d := range 31 {
		each(aDay(r, time.Date(2026, 10, 1+d, 0, 0, 0, 0, time.UTC), calls/31, cases/31))
	}
}

const (
	monthCalls = 1_000_000
	monthCases = 200_000
)

// BenchmarkMonth sums a month of 1 M calls and 200,000 cases, all figures and
// all tables.
func BenchmarkMonth(b *testing.B) {
	var days [][]byte
	var all []made
	packed := 0
	monthOf(monthCalls, monthCases, func(m made) {
		s := seal(b, m.day)
		packed += len(s)
		days, all = append(days, s), append(all, m)
	})
	b.Run("sealed", func(b *testing.B) {
		for b.Loop() {
			show(summed(b, rules, days))
		}
		b.ReportMetric(float64(packed)/1e6, "MB-sealed")
	})
	b.Run("rows", func(b *testing.B) {
		for b.Loop() {
			a := tally.New(rules)
			for _, m := range all {
				a.Merge(rows(rules, m))
			}
			show(a)
		}
	})
	b.Run("seal", func(b *testing.B) {
		for b.Loop() {
			seal(b, all[0].day)
		}
		b.ReportMetric(float64(len(all[0].day.Calls)), "calls/day")
	})
}

// show asks for all that a report shows.
func show(a *tally.Accumulator) string {
	n := len(a.Figures(nil))
	for _, what := range tables {
		n += len(a.Top(what))
	}
	for _, what := range []string{"ola", "sla_take_up", "sla_resolve"} {
		n += len(a.Clocks(what))
	}
	return fmt.Sprint(n)
}
