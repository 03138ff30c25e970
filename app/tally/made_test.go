package tally_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"punto/app/sla"
	"punto/app/tally"
)

// made is one made-up day of a desk.
type made struct {
	from, to time.Time
	day      tally.Day
	stays    []tally.Stay
	surveys  []tally.Survey
	open     []tally.Case
}

func aCall(r *rand.Rand, day time.Time) tally.Call {
	o := tally.Answered
	if n := r.IntN(100); n >= 80 {
		o = []tally.Outcome{tally.Abandoned, tally.Abandoned, tally.Busy, tally.Overflow, tally.Withdrawn, tally.ClosedHours, tally.LostInMenu, tally.Unknown, tally.NoContract}[n%9]
	}
	c := tally.Call{At: day.Add(time.Duration(r.IntN(86_400)) * time.Second), Outcome: o, Wait: time.Duration(r.ExpFloat64()*40) * time.Second,
		Queue: []string{"mesa", "vip", ""}[r.IntN(3)], Type: []string{"PS", "NE", "NW", "IN"}[r.IntN(4)]}
	if c.NoWait = r.IntN(10) == 0; c.NoWait {
		c.Wait = 0
	}
	c.Queued = c.Wait > 0
	switch o {
	case tally.Answered:
		c.Talk, c.Hold = time.Duration(r.ExpFloat64()*180)*time.Second, time.Duration(max(0, r.IntN(60)-40))*time.Second
		c.WrapUp, c.Agent = time.Duration(r.ExpFloat64()*60)*time.Second, fmt.Sprintf("agente %d", r.IntN(25))
	case tally.Abandoned, tally.Busy:
		c.Returned = time.Duration(r.IntN(3)*r.IntN(7200)) * time.Second
	}
	return c
}

func aVerdict(r *rand.Rand) tally.Verdict {
	return tally.Verdict{State: []sla.State{sla.Met, sla.Met, sla.Met, sla.Breached, sla.Void, sla.Running}[r.IntN(6)], Excused: r.IntN(5) == 0, ExcusedNow: r.IntN(5) == 0}
}

// aCase is a case that was opened on a day and perhaps resolved on it, with the
// fields of a real desk.
func aCase(r *rand.Rand, day time.Time) tally.Case {
	at := func() time.Time { return day.Add(time.Duration(r.IntN(86_400)) * time.Second) }
	c := tally.Case{Opened: at(), Resolved: at(), Reopened: r.IntN(12) == 0, Back: r.IntN(15) == 0, Later: r.IntN(3) == 0, BackLater: r.IntN(3) == 0, Known: r.IntN(3) > 0, Level: r.IntN(3) > 0,
		Contact: r.IntN(3) > 0, TookOnce: r.IntN(5) == 0, SolvedOnce: r.IntN(5) == 0, Online: r.IntN(2) == 0, Eligible: r.IntN(4) > 0, Level2: r.IntN(3) == 0,
		Repeat: r.IntN(9) == 0, TakeUp: aVerdict(r), Resolve: aVerdict(r), Answer: aVerdict(r),
		Category: fmt.Sprintf("categoría %d", r.IntN(40)), Origin: fmt.Sprintf("área %d", r.IntN(12)), Kind: []string{"incident", "request", "question"}[r.IntN(3)],
		Modality: []string{"phone", "email", "web"}[r.IntN(3)], Site: fmt.Sprintf("sede %d", r.IntN(3)), Group: fmt.Sprintf("grupo %d", r.IntN(6)),
		Priority: fmt.Sprintf("P%d", 1+r.IntN(4)), Person: fmt.Sprintf("usuario %d", r.IntN(400)), Agent: fmt.Sprintf("agente %d", r.IntN(25)),
		State: []string{"assigned", "pending", ""}[r.IntN(3)], Spent: time.Duration(r.ExpFloat64()*9000) * time.Second, Overdue: r.IntN(4) == 0}
	for range r.IntN(3) {
		c.Units = append(c.Units, tally.Unit{Group: fmt.Sprintf("grupo %d", r.IntN(6)), Verdict: aVerdict(r)})
	}
	return c
}

func aDay(r *rand.Rand, day time.Time, calls, cases int) made {
	m := made{from: day, to: day.AddDate(0, 0, 1), day: tally.Day{Date: day}}
	for range calls {
		m.day.Calls = append(m.day.Calls, aCall(r, day))
	}
	for range cases {
		c := aCase(r, day)
		m.day.Opened = append(m.day.Opened, c)
		if r.IntN(5) > 0 {
			m.day.Resolved = append(m.day.Resolved, c)
		} else {
			m.open = append(m.open, c)
		}
		m.surveys = append(m.surveys, tally.Survey{Answered: r.IntN(3) == 0, Score: 1 + r.IntN(5), Asked: r.IntN(2) == 0, NPS: r.IntN(11), ByPhone: r.IntN(2) == 0})
	}
	if cases > 0 {
		m.day.Moves = tally.Moves{HandOffs: r.IntN(300), Levels: r.IntN(9), Returns: r.IntN(5), PingPong: r.IntN(5), Resolutions: r.IntN(400), Reopenings: r.IntN(20), Cancellations: r.IntN(9)}
	}
	m.stays = []tally.Stay{{SignedIn: time.Duration(1+r.IntN(9)) * time.Hour, Breaks: time.Hour / 2, Outbound: time.Minute}}
	return m
}

// rows sums a day's rows one by one.
func rows(rules tally.Rules, m made) *tally.Accumulator {
	a := tally.New(rules)
	for _, c := range m.day.Calls {
		a.AddCall(c)
	}
	for _, c := range m.day.Opened {
		c.Resolved = time.Time{}
		a.AddCase(c, m.from, m.to)
	}
	for _, c := range m.day.Resolved {
		c.Opened = time.Time{}
		a.AddCase(c, m.from, m.to)
	}
	a.AddMoves(m.day.Moves)
	return a
}

// rest sums what is not sealed.
func rest(a *tally.Accumulator, m made) {
	for _, c := range m.open {
		a.AddOpen(c, m.to.AddDate(0, 0, 20))
	}
	for _, s := range m.stays {
		a.AddStay(s)
	}
	for _, s := range m.surveys {
		a.AddSurvey(s)
	}
}

var tables = []string{"category", "origin", "kind", "modality", "site", "priority", "group", "person", "solved_by", "backlog", "day", "hour", "queue", "call_type", "answered_by"}

// same fails when two sums differ in any figure or table.
func same(t *testing.T, got, want *tally.Accumulator, about string) {
	t.Helper()
	a, b := got.Figures(nil), want.Figures(nil)
	for i := range a {
		if !reflect.DeepEqual(a[i], b[i]) {
			t.Fatalf("%s: %s came out as %+v, not %+v", about, a[i].ID, a[i], b[i])
		}
	}
	if !reflect.DeepEqual(got.Restated(), want.Restated()) {
		t.Fatalf("%s: restated %+v, not %+v", about, got.Restated(), want.Restated())
	}
	for _, what := range tables {
		if !reflect.DeepEqual(got.Top(what), want.Top(what)) {
			t.Fatalf("%s: the table %s differs: %v, not %v", about, what, got.Top(what), want.Top(what))
		}
	}
	for _, what := range []string{"ola", "sla_take_up", "sla_resolve"} {
		if !reflect.DeepEqual(got.Clocks(what), want.Clocks(what)) {
			t.Fatalf("%s: %s differs: %+v, not %+v", about, what, got.Clocks(what), want.Clocks(what))
		}
	}
	if got.Hours() != want.Hours() {
		t.Fatalf("%s: the map of hours differs", about)
	}
}

// Merging is associative and commutative, over all kinds of row.
func TestAnyTreeOfMergesIsTheWhole(t *testing.T) {
	for seed := uint64(1); seed <= 60; seed++ {
		r := rand.New(rand.NewPCG(seed, 11))
		whole := tally.New(rules)
		var parts []*tally.Accumulator
		for i := range 5 {
			m := aDay(r, time.Date(2026, 10, 1+i, 0, 0, 0, 0, time.UTC), 60, 25)
			p := rows(rules, m)
			rest(p, m)
			parts = append(parts, p)
			rest(whole, m)
			whole.Merge(rows(rules, m))
		}
		for len(parts) > 1 { // any two, in any order
			i, j := r.IntN(len(parts)), r.IntN(len(parts))
			if i != j {
				parts[i].Merge(parts[j])
				parts = slices.Delete(parts, j, j+1)
			}
		}
		same(t, parts[0], whole, fmt.Sprintf("seed %d", seed))
	}
}

func TestTheIdentityOfOfferedCallsHolds(t *testing.T) {
	for seed := uint64(1); seed <= 50; seed++ {
		r := rand.New(rand.NewPCG(seed, 12))
		m := aDay(r, time.Date(2026, 10, 5, 0, 0, 0, 0, time.UTC), 500, 0)
		a := rows(rules, m)
		v := func(id string) float64 { return value(t, a, id) }
		if v("offered") != v("established")+v("abandoned")+v("busy")+v("overflow")+v("withdrawn") {
			t.Fatalf("seed %d: the parts of offered do not add up", seed)
		}
		if all := v("offered") + v("short_abandon") + v("closed_hours") + v("lost_in_menu") + v("unknown") + v("calls_no_contract"); int(all) != len(m.day.Calls) {
			t.Fatalf("seed %d: %v of %d calls are accounted for", seed, all, len(m.day.Calls))
		}
		days, hours := 0, 0
		for _, c := range a.Top("day") {
			days += c.N
		}
		for _, c := range a.Top("hour") {
			hours += c.N
		}
		if days != int(v("offered")) || hours != days {
			t.Fatalf("seed %d: %d by day and %d by hour are not %v offered", seed, days, hours, v("offered"))
		}
	}
}

// A period is read as a month, a week of ISO 8601 or a day; what is none of them is refused.
func TestAPeriodIsReadByItsName(t *testing.T) {
	for name, want := range map[string]string{"2026-10": "2026-10-01 2026-11-01", "2026-W41": "2026-10-05 2026-10-12", "2026-W01": "2025-12-29 2026-01-05", "2020-W53": "2020-12-28 2021-01-04", "2026-10-05": "2026-10-05 2026-10-06"} {
		p, err := tally.PeriodOf(name, time.UTC)
		if got := p.From.Format(time.DateOnly) + " " + p.To.Format(time.DateOnly); err != nil || got != want {
			t.Errorf("%s is %s, not %s: %v", name, got, want, err)
		}
	}
	for _, bad := range []string{"", "2026", "2026-13", "2026-W00", "2026-W54", "2021-W53", "2026-W1", "2026-W041", "2026-10-32", "2026-1-5", "octubre", "2026-W41x"} {
		if p, err := tally.PeriodOf(bad, time.UTC); err == nil {
			t.Errorf("%q is %v", bad, p)
		}
	}
}
