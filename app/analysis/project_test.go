package analysis

import (
	"math"
	"slices"
	"testing"
	"time"

	"punto/app/desk"
	"punto/app/spc"
	"punto/app/tally"
)

// Of 60 days 100 a day, 5 of each late, and two thirds of the month over: at 95 % it may
// end either way, at 90 % it is met, at 99 % missed.
func TestHowAMonthIsThoughtToEnd(t *testing.T) {
	first := time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC)
	var days []spc.Day
	for d := first.AddDate(0, 0, -40); d.Before(first.AddDate(0, 0, 20)); d = d.AddDate(0, 0, 1) {
		days = append(days, spc.Day{Date: d, X: 95, N: 100})
	}
	f := tally.Figure{ID: "sla_resolve", Unit: "share", Num: 1900, Den: new(float64), Target: new(float64), AtLeast: true}
	*f.Den = 2000
	for target, between := range map[float64][2]float64{0.95: {0.2, 0.8}, 0.90: {0, 0.01}, 0.99: {0.99, 1}} {
		*f.Target = target
		p, err := project(f, days, first)
		if err != nil || p == nil || p.Miss < between[0] || p.Miss > between[1] || p.Low > 0.95 || p.High < 0.95 || p.High-p.Low > 0.02 {
			t.Errorf("at %v it is thought to end as %+v, %v", target, p, err)
		}
	}
	g := f
	g.AtLeast, g.Num, *g.Target = false, 100, 0.02 // what may fail at most
	if p, err := project(g, days, first); err != nil || p == nil || p.Miss < 0.99 || math.Abs((p.Low+p.High)/2-0.05) > 0.01 {
		t.Errorf("%+v, %v", p, err)
	}
	for name, x := range map[string]struct {
		f     tally.Figure
		days  []spc.Day
		first time.Time
	}{"no target": {tally.Figure{Unit: "share", Den: f.Den}, days, first}, "over": {f, days, first.AddDate(0, -1, -20)}, "ten days": {f, days[50:], first}} {
		if p, err := project(x.f, x.days, x.first); p != nil || err != nil {
			t.Errorf("%s: %+v, %v", name, p, err)
		}
	}
}

func TestTheMonthsOfAHalfYearSeeOneSeries(t *testing.T) {
	for month, want := range map[string]string{"2026-01": "2025-01-01", "2026-06": "2025-01-01", "2026-07": "2025-07-01", "2026-12": "2025-07-01"} {
		if got := learnt(day(month + "-01")).Format(time.DateOnly); got != want {
			t.Errorf("%s is judged from %s on, not from %s", month, got, want)
		}
	}
}

// What another workstation wrote is measured or is not; it takes nothing with it.
func TestTheDaysThatAProposalIsMeasuredBy(t *testing.T) {
	good := desk.Proposal{Index: "ola", Made: "2026-03-01", Due: "2026-03-31"}
	before, after := measuring(good, "2026-04-03")
	if len(before) != 60 || before[0] != "2025-12-31" || before[59] != "2026-02-28" || !slices.Equal(after, []string{"2026-04-01", "2026-04-02"}) {
		t.Errorf("%v, %v", before, after)
	}
	if _, after = measuring(good, "2028-01-01"); len(after) != 60 || after[59] != "2026-05-30" {
		t.Errorf("%v", after)
	}
	for _, bad := range []desk.Proposal{{Index: "ola", Made: "x", Due: "2026-03-31"}, {Index: "ola", Made: "2026-03-01"}, {Index: "ola", Made: "2026-03-01", Due: "2026-02-01"},
		{Index: "backlog", Made: "2026-03-01", Due: "2026-03-31"}, {Index: "ola", Made: "0001-01-01", Due: "9999-12-31"}} {
		if b, a := measuring(bad, "2026-04-03"); b != nil || a != nil {
			t.Errorf("%+v is measured by %v, %v", bad, b, a)
		}
	}
}
