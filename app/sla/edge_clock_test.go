package sla_test

import (
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"punto/app/sla"
)

func (s *story) suspended(when, reason string) *story {
	return s.on(when, sla.Fact{Kind: sla.Suspended, Reason: reason})
}

func (s *story) did(when string, kind sla.FactKind) *story { return s.on(when, sla.Fact{Kind: kind}) }

// opened starts the story again at another time.
func (s *story) opened(when string) *story {
	s.facts[0].At = at(s.T, s.h, when)
	return s
}

func (s *story) due(kind sla.Kind, now, want string) {
	s.Helper()
	r := s.run(kind, now)
	if want == "" && !r.Due.IsZero() || want != "" && !r.Due.Equal(at(s.T, s.h, want)) {
		s.Errorf("%v at %s falls due on %v, not %q", kind, now, r.Due.In(s.h.Zone()), want)
	}
}

func TestEdge14_APauseWhollyOutsideHoursAddsNothing(t *testing.T) {
	s := tell(t).opened("2026-11-23 17:00").suspended("2026-11-23 19:00", "user").did("2026-11-24 07:00", sla.Resumed)
	s.want(sla.Resolve, "2026-11-24 09:00", sla.Running, 2*time.Hour)
	s.due(sla.Resolve, "2026-11-24 09:00", "2026-11-24 11:00")
}

func TestEdge15_APauseOverWeekendAndHoliday(t *testing.T) {
	s := tell(t)
	s.h = hours(t, office("America/Lima", sla.Special{Name: "feriado", From: sla.Date{Month: 11, Day: 30}}))
	s.facts[0].Promises = s.promised(4 * time.Hour)
	s.opened("2026-11-27 16:00").suspended("2026-11-27 17:00", "parts").did("2026-12-01 09:00", sla.Resumed)
	s.want(sla.Resolve, "2026-12-01 10:00", sla.Running, 2*time.Hour)
	s.due(sla.Resolve, "2026-12-01 10:00", "2026-12-01 12:00")
}

func TestEdge16_APauseInTheFirstState(t *testing.T) {
	s := tell(t).suspended("2026-11-23 09:00", "user")
	s.want(sla.Resolve, "2026-11-23 12:00", sla.Paused, 0)
	s.want(sla.TakeUp, "2026-11-23 12:00", sla.Breached, 3*time.Hour) // take-up never pauses
	s.did("2026-11-23 12:00", sla.Resumed).want(sla.Resolve, "2026-11-23 13:00", sla.Running, time.Hour)
}

func TestEdge17_ManyPausesInOneMinute(t *testing.T) {
	s := tell(t)
	for i := range 30 {
		when := time.Duration(i) * 2 * time.Second
		stamp := func(d time.Duration) string {
			return at(t, s.h, "2026-11-23 10:00").Add(d).In(s.h.Zone()).Format("2006-01-02 15:04:05")
		}
		s.suspended(stamp(when), "user").did(stamp(when+time.Second), sla.Resumed)
	}
	s.want(sla.Resolve, "2026-11-23 10:01", sla.Running, time.Hour+30*time.Second)
	s.due(sla.Resolve, "2026-11-23 10:01", "2026-11-23 14:00:30") // 13:00:30 without lunch
}

func TestEdge18_APauseOverMidnightInTheZoneAndNotInUTC(t *testing.T) {
	c := sla.AlwaysOpen("America/Lima")
	s := tell(t)
	s.h = hours(t, c)
	s.facts[0].Promises = s.promised(4 * time.Hour)
	s.opened("2026-11-23 23:00").suspended("2026-11-23 23:30", "user").did("2026-11-24 00:30", sla.Resumed) // 04:30 to 05:30 in UTC, one day
	s.want(sla.Resolve, "2026-11-24 01:00", sla.Running, time.Hour)
	s.due(sla.Resolve, "2026-11-24 01:00", "2026-11-24 04:00")
}

func TestEdge19_APauseOfSeveralDays(t *testing.T) {
	s := tell(t).suspended("2026-11-23 10:00", "third_party").suspended("2026-11-23 11:00", "parts").did("2026-12-10 16:00", sla.Resumed)
	s.want(sla.Resolve, "2026-12-10 17:00", sla.Running, 3*time.Hour) // an hour, an hour under a reason that does not pause, an hour
	s.due(sla.Resolve, "2026-12-10 17:00", "2026-12-10 18:00")
}

func TestEdge20_PauseThenResolveDirectly(t *testing.T) {
	s := tell(t).suspended("2026-11-23 10:00", "user").did("2026-11-25 10:00", sla.Resolved)
	r := s.want(sla.Resolve, "2026-11-30 10:00", sla.Met, time.Hour)
	if len(r.Pauses) != 1 || !r.Pauses[0].To.Equal(at(t, s.h, "2026-11-25 10:00")) {
		t.Errorf("the pause did not end with the case: %+v", r.Pauses)
	}
}

func TestEdge21_AfterABreachThePauseFreezesTheOverdue(t *testing.T) {
	s := tell(t).suspended("2026-11-23 16:00", "user") // due at 13:00, when lunch begins
	for _, now := range []string{"2026-11-23 17:00", "2026-11-25 10:00"} {
		if r := s.want(sla.Resolve, now, sla.Paused, 6*time.Hour); !r.Late {
			t.Errorf("at %s the breach has gone", now)
		}
		s.due(sla.Resolve, now, "2026-11-23 13:00")
	}
	s.did("2026-11-25 10:00", sla.Resolved).want(sla.Resolve, "2026-11-26 10:00", sla.Breached, 6*time.Hour)
}

func TestEdge22_NoBreachAndNoThresholdWhilePaused(t *testing.T) {
	s := tell(t).suspended("2026-11-23 12:30", "user") // 3.5 of 4 hours used: 75 % passed, 90 % not
	r := s.want(sla.Resolve, "2027-03-01 10:00", sla.Paused, 3*time.Hour+30*time.Minute)
	if r.Late || !r.Due.IsZero() {
		t.Errorf("a paused clock is late %v, due %v", r.Late, r.Due)
	}
	var got []int
	for _, x := range r.Thresholds("caso", percents) {
		got = append(got, x.Percent)
	}
	if !reflect.DeepEqual(got, []int{50, 75}) {
		t.Errorf("fired %v", got)
	}
}

func TestEdge23_PriorityChangedWhilePaused(t *testing.T) {
	s := tell(t).suspended("2026-11-23 10:00", "user").on("2026-11-23 11:00", sla.Fact{Kind: sla.Retargeted, Promises: s2h(t)})
	r := s.want(sla.Resolve, "2026-11-23 11:30", sla.Paused, time.Hour)
	if r.Target != 2*time.Hour || len(r.Was) != 1 || r.Was[0].Target != 4*time.Hour || r.Was[0].State != sla.Void || r.Was[0].ID == r.ID {
		t.Errorf("the new target is %v, the old runs %+v", r.Target, r.Was)
	}
	s.did("2026-11-23 12:00", sla.Resumed)
	if r := s.want(sla.Resolve, "2026-11-23 12:30", sla.Running, 90*time.Minute); len(r.Pauses) != 1 {
		t.Errorf("one pause became %+v", r.Pauses)
	}
	s.due(sla.Resolve, "2026-11-23 12:30", "2026-11-23 13:00")
}

// s2h are the promises of a story with two hours to resolve.
func s2h(t *testing.T) []sla.Promise { return tell(t).promised(2 * time.Hour) }

func TestEdge24_ContractChangedAfterAPause(t *testing.T) {
	s := tell(t).suspended("2026-11-23 10:00", "user").did("2026-11-23 11:00", sla.Resumed)
	night := hours(t, sla.AlwaysOpen("America/Lima")) // the new contract never closes, and user pauses count
	s.on("2026-11-23 12:00", sla.Fact{Kind: sla.Retargeted, Promises: []sla.Promise{{Kind: sla.Resolve, Target: 5 * time.Hour, Hours: night}}})
	s.want(sla.Resolve, "2026-11-23 13:30", sla.Running, 3*time.Hour+30*time.Minute) // 9-10, 11-12, and lunch counts from 12 on
	s.due(sla.Resolve, "2026-11-23 13:30", "2026-11-23 15:00")
	s.suspended("2026-11-23 14:00", "user").want(sla.Resolve, "2026-11-23 14:30", sla.Running, 4*time.Hour+30*time.Minute)
	e := s.run(sla.Resolve, "2026-11-23 14:30").Explain()
	if e.Calendar != "24x7" || len(e.Earlier) != 1 || e.Earlier[0].Calendar != "oficina" || e.Earlier[0].Target != 4*time.Hour {
		t.Errorf("explained by %s after %+v", e.Calendar, e.Earlier)
	}
	if sum := total(e.Counted); sum != 5*time.Hour {
		t.Errorf("the segments to the deadline add up to %v", sum)
	}
}

func total(ss []sla.Segment) (sum time.Duration) {
	for _, x := range ss {
		sum += x.To.Sub(x.From)
	}
	return sum
}

func TestEdge24_ABreachUnderTheOldTargetStaysOne(t *testing.T) {
	s := tell(t).on("2026-11-23 16:00", sla.Fact{Kind: sla.Retargeted, Promises: tell(t).promised(20 * time.Hour)})
	r := s.want(sla.Resolve, "2026-11-23 17:00", sla.Running, 7*time.Hour)
	if len(r.Was) != 1 || r.Was[0].State != sla.Breached || r.Was[0].Elapsed != 6*time.Hour {
		t.Errorf("the breached run became %+v", r.Was)
	}
	s.on("2026-11-23 17:00", sla.Fact{Kind: sla.Excused, Clock: r.Was[0].ID})
	if r := s.run(sla.Resolve, "2026-11-23 17:00"); r.Excused || !r.Was[0].Excused {
		t.Error("the wrong run was excused")
	}
}

func TestEdge25_APromiseThatNoLongerMatches(t *testing.T) {
	s := tell(t).did("2026-11-23 10:00", sla.Retargeted)
	s.want(sla.Resolve, "2026-11-23 18:00", sla.Void, time.Hour)
	if n := len(s.run(sla.Resolve, "2026-11-23 18:00").Thresholds("caso", percents)); n != 0 {
		t.Errorf("a void run fired %d thresholds", n)
	}
	s.on("2026-11-23 11:00", sla.Fact{Kind: sla.Retargeted, Promises: s.promised(4 * time.Hour)}) // matches again: the clock is that of the case
	s.want(sla.Resolve, "2026-11-23 12:00", sla.Running, 3*time.Hour)
	late := tell(t).did("2026-11-23 17:00", sla.Retargeted)
	late.want(sla.Resolve, "2026-11-23 18:00", sla.Breached, 7*time.Hour) // a breach never disappears
}

func TestEdge26_FromAToBToAAreThreeRuns(t *testing.T) {
	s := tell(t)
	ola := []sla.Promise{{Kind: sla.OLA, Target: time.Hour, Hours: s.h, Pauses: []string{"parts"}}}
	s.on("2026-11-23 09:30", sla.Fact{Kind: sla.HandedOff, Group: "A", Promises: ola})
	s.on("2026-11-23 10:00", sla.Fact{Kind: sla.HandedOff, Group: "B", Promises: ola})
	s.suspended("2026-11-23 10:30", "parts").did("2026-11-23 11:15", sla.Resumed)
	s.on("2026-11-23 12:00", sla.Fact{Kind: sla.HandedOff, Group: "A", Promises: ola})
	s.did("2026-11-23 12:20", sla.Released)
	s.on("2026-11-23 12:30", sla.Fact{Kind: sla.HandedOff, Group: "proveedor", Outside: true, Promises: []sla.Promise{{Kind: sla.Supplier, Target: time.Hour, Hours: s.h}}})
	s.suspended("2026-11-23 12:40", "parts") // a supplier's clock never pauses
	var got []string
	for _, r := range sla.Runs(s.facts, at(t, s.h, "2026-11-23 16:00")) {
		if r.Group != "" {
			got = append(got, r.ID+" "+r.Group+" "+r.Elapsed.String()+" "+r.State.String())
		}
	}
	if want := "ola/1 A 30m0s met,ola/2 B 1h15m0s breached,ola/3 A 20m0s met,supplier/1 proveedor 2h30m0s breached"; join(got) != want {
		t.Errorf("got %s\nnot %s", join(got), want)
	}
}

func TestEdge27_AutomaticActionsAreNoAnswer(t *testing.T) {
	s := tell(t)
	s.facts[0].Promises = append(s.facts[0].Promises, sla.Promise{Kind: sla.NextAnswer, Target: time.Hour, Hours: s.h})
	s.on("2026-11-23 09:01", sla.Fact{Kind: sla.TakenUp, ByRule: true})
	s.did("2026-11-23 10:00", sla.Contacted).on("2026-11-23 10:01", sla.Fact{Kind: sla.Answered, ByRule: true})
	s.want(sla.TakeUp, "2026-11-23 10:30", sla.Breached, 90*time.Minute)
	s.want(sla.NextAnswer, "2026-11-23 10:30", sla.Running, 30*time.Minute)
	s.did("2026-11-23 10:40", sla.TakenUp).did("2026-11-23 10:45", sla.Answered)
	s.want(sla.TakeUp, "2026-11-23 12:00", sla.Breached, 100*time.Minute)
	s.want(sla.NextAnswer, "2026-11-23 12:00", sla.Met, 45*time.Minute)
}

func TestEdge28_ClosedInOneStep(t *testing.T) {
	s := tell(t).did("2026-11-23 09:04", sla.Resolved)
	for _, k := range []sla.Kind{sla.TakeUp, sla.Resolve} {
		s.want(k, "2026-11-30 09:00", sla.Met, 4*time.Minute)
	}
}

func TestEdge29_AMergedCaseCountsNoMore(t *testing.T) {
	s := tell(t).on("2026-11-23 09:05", sla.Fact{Kind: sla.HandedOff, Group: "A", Promises: []sla.Promise{{Kind: sla.OLA, Target: time.Hour, Hours: tell(t).h}}})
	s.did("2026-11-23 09:10", sla.Ended)
	for _, r := range sla.Runs(s.facts, at(t, s.h, "2026-11-30 09:00")) {
		if r.State != sla.Void || r.Stop.IsZero() || !r.Due.IsZero() {
			t.Errorf("%s of a merged case is %v, due %v", r.ID, r.State, r.Due)
		}
	}
	tell(t).did("2026-11-23 17:00", sla.Ended).want(sla.Resolve, "2026-11-30 09:00", sla.Breached, 7*time.Hour) // merging hides no breach
	s.did("2026-11-24 09:10", sla.Reopened).want(sla.Resolve, "2026-11-24 10:10", sla.Running, 70*time.Minute)  // parted again
}

func TestEdge30_ReopeningInsideAndOutsideTheWindow(t *testing.T) {
	s := tell(t).did("2026-11-23 10:00", sla.Resolved).did("2026-11-25 10:00", sla.Reopened)
	r := s.want(sla.Resolve, "2026-11-25 11:00", sla.Running, 2*time.Hour)
	if len(r.Pauses) != 1 || r.Pauses[0].Why != "resolved" {
		t.Errorf("pauses %+v", r.Pauses)
	}
	s.did("2026-11-25 11:00", sla.Reopened).want(sla.Resolve, "2026-11-25 12:00", sla.Running, 3*time.Hour) // twice is once
	n := len(sla.Runs(s.facts, s.facts[0].At))
	s.on("2026-11-25 11:30", sla.Fact{Kind: sla.Reopened, Group: "A", Promises: []sla.Promise{{Kind: sla.OLA, Target: time.Hour, Hours: s.h}}})
	if got := len(sla.Runs(s.facts, s.facts[0].At)); got != n {
		t.Errorf("reopening an open case made %d runs of %d", got, n)
	}
	counting := tell(t)
	counting.facts[0].Promises[1].CountResolved = true // a contract that says otherwise
	counting.did("2026-11-23 10:00", sla.Resolved).did("2026-11-23 11:00", sla.Reopened).want(sla.Resolve, "2026-11-23 12:00", sla.Running, 3*time.Hour)
	// Outside the window a new case is made: its clocks are its own, and the old one's stay as they were.
	old := tell(t).did("2026-11-23 10:00", sla.Resolved)
	fresh := tell(t).opened("2026-12-10 09:00")
	old.want(sla.Resolve, "2026-12-10 10:00", sla.Met, time.Hour)
	fresh.want(sla.Resolve, "2026-12-10 10:00", sla.Running, time.Hour)
}

func TestEdge30_ReopenedAfterThePriorityChanged(t *testing.T) {
	s := tell(t).did("2026-11-23 10:00", sla.Resolved).on("2026-11-24 09:00", sla.Fact{Kind: sla.Retargeted, Promises: s2h(t)})
	s.want(sla.Resolve, "2026-11-24 10:00", sla.Met, time.Hour)
	s.did("2026-11-25 10:00", sla.Reopened)
	if r := s.want(sla.Resolve, "2026-11-25 10:30", sla.Running, 90*time.Minute); r.Target != 2*time.Hour {
		t.Errorf("the target is %v", r.Target)
	}
}

func TestEdge31_LateEventsOfAnIsolatedWorkstation(t *testing.T) {
	s := tell(t)
	before := s.want(sla.Resolve, "2026-11-23 17:00", sla.Breached, 7*time.Hour)
	s.suspended("2026-11-23 10:00", "user").did("2026-11-23 15:00", sla.Resumed) // arrives only now
	after := s.want(sla.Resolve, "2026-11-23 17:00", sla.Running, 3*time.Hour)
	if a, b := len(before.Thresholds("c", percents)), len(after.Thresholds("c", percents)); a != 5 || b != 2 {
		t.Errorf("%d and %d thresholds", a, b)
	}
	if after.ID != before.ID {
		t.Errorf("the run %s became %s: its alarms would fire again", before.ID, after.ID)
	}
}

func TestEdge32_TwoWorkstationsPauseAndResumeAtOnce(t *testing.T) {
	s := tell(t).suspended("2026-11-23 10:00", "user").suspended("2026-11-23 10:00:05", "user").did("2026-11-23 11:00", sla.Resumed).did("2026-11-23 11:00:05", sla.Resumed)
	s.want(sla.Resolve, "2026-11-23 12:00", sla.Running, 2*time.Hour)
	s.suspended("2026-11-23 12:00", "user").suspended("2026-11-23 12:10", "parts").did("2026-11-23 12:30", sla.Resumed)
	s.want(sla.Resolve, "2026-11-23 13:00", sla.Running, 2*time.Hour+30*time.Minute)
}

func TestEdge33_TheMonthEndsInTheClientsZone(t *testing.T) {
	h := hours(t, sla.AlwaysOpen("America/Lima"))
	end := at(t, h, "2026-12-01 00:00") // 05:00 in UTC
	a, b := at(t, h, "2026-11-30 20:00"), at(t, h, "2026-12-01 02:00")
	if h.Between(a, end) != 4*time.Hour || h.Between(end, b) != 2*time.Hour {
		t.Errorf("November has %v and December %v of the night", h.Between(a, end), h.Between(end, b))
	}
	facts := []sla.Fact{{At: a, Kind: sla.Opened, Promises: []sla.Promise{{Kind: sla.Resolve, Target: 5 * time.Hour, Hours: h}}}, {At: end.Add(-time.Second), Kind: sla.Resolved}}
	r := sla.Runs(facts, b)[0]
	if m := r.Stop.In(h.Zone()).Month(); m != time.November || r.State != sla.Met {
		t.Errorf("resolved in %v, %v", m, r.State)
	}
}

func TestEdge34_ResolvedInAMonthReopenedInTheNext(t *testing.T) {
	s := tell(t).opened("2026-11-30 09:00").did("2026-11-30 10:00", sla.Resolved)
	november := s.want(sla.Resolve, "2026-12-01 00:00", sla.Met, time.Hour)
	s.did("2026-12-02 09:00", sla.Reopened).did("2026-12-02 15:00", sla.Resolved)
	december := s.want(sla.Resolve, "2027-01-01 00:00", sla.Breached, 6*time.Hour)
	if november.Stop.In(s.h.Zone()).Month() != time.November || december.Stop.In(s.h.Zone()).Month() != time.December || november.ID != december.ID {
		t.Errorf("November %+v, December %+v", november, december)
	}
}

func TestThresholdsAreOnePerRunWhoeverFiresThem(t *testing.T) {
	s := tell(t).suspended("2026-11-23 10:00", "user").did("2026-11-23 11:00", sla.Resumed)
	one, two := s.run(sla.Resolve, "2026-11-23 12:30"), s.run(sla.Resolve, "2026-11-23 17:00")
	a, b := one.Thresholds("caso", percents), two.Thresholds("caso", percents)
	if len(a) != 1 || a[0] != b[0] || a[0].ID != "caso/resolve/1/50" || !a[0].At.Equal(at(t, s.h, "2026-11-23 12:00")) {
		t.Errorf("one fired %+v, the other %+v", a, b)
	}
	if len(b) != 5 || !b[3].At.Equal(two.Due) { // 50, 75, 90, 100, 150 %: six of four hours at 17:00
		t.Errorf("by 17:00 fired %+v, due %v", b, two.Due)
	}
}

// Whatever happens to a case in whatever order, its clocks are the same when
// asked twice, never negative, never longer than the open time they span, their
// explanation adds up, and asking later never unmakes a breach.
func TestAnyHistoryHasSoundClocks(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 3))
	hs := []*sla.Hours{hours(t, office("America/Santiago")), hours(t, sla.AlwaysOpen("Europe/Madrid")), hours(t, office("Asia/Kathmandu"))}
	promised := func() (out []sla.Promise) {
		for k := sla.TakeUp; k <= sla.NextAnswer; k++ {
			if r.IntN(5) > 0 {
				out = append(out, sla.Promise{Kind: k, Target: time.Duration(1+r.IntN(20)) * time.Hour, WorkingDays: max(0, r.IntN(6)-3), Hours: hs[r.IntN(len(hs))],
					Pauses: []string{"user", "parts"}[:r.IntN(3)], CountResolved: r.IntN(4) == 0})
			}
		}
		return out
	}
	start := time.Date(2026, 9, 1, 12, 0, 0, 0, time.UTC)
	for round := range 3000 {
		facts := []sla.Fact{{At: start, Kind: sla.Opened, Promises: promised()}}
		now := start
		for range r.IntN(15) {
			now = now.Add(time.Duration(r.IntN(40*3600)-3600) * time.Second) // sometimes backwards
			f := sla.Fact{At: now, Kind: sla.FactKind(1 + r.IntN(int(sla.Released))), Reason: []string{"user", "parts", "other"}[r.IntN(3)], ByRule: r.IntN(4) == 0}
			switch f.Kind {
			case sla.Opened, sla.Retargeted:
				f.Promises = promised()
			case sla.HandedOff, sla.Reopened:
				f.Group, f.Promises = "G", []sla.Promise{{Kind: sla.OLA + sla.Kind(r.IntN(2)), Target: time.Hour, Hours: hs[r.IntN(len(hs))], Pauses: []string{"parts"}}}
			}
			facts = append(facts, f)
		}
		now = now.Add(time.Duration(r.IntN(100)) * time.Hour)
		runs, later := sla.Runs(facts, now), sla.Runs(facts, now.Add(50*time.Hour))
		if !reflect.DeepEqual(runs, sla.Runs(facts, now)) || len(runs) != len(later) {
			t.Fatalf("seed %d round %d: the same history has other clocks", seed, round)
		}
		ids := map[string]bool{}
		for i, x := range runs {
			if ids[x.ID] {
				t.Fatalf("seed %d round %d: two runs are %s", seed, round, x.ID)
			}
			ids[x.ID] = true
			if x.Elapsed < 0 || x.Late != (x.Elapsed > x.Target) || x.State == sla.Met && x.Late || x.State == sla.NoState {
				t.Fatalf("seed %d round %d: %+v", seed, round, x)
			}
			if later[i].Elapsed < x.Elapsed || x.State == sla.Breached && later[i].State != sla.Breached {
				t.Fatalf("seed %d round %d: 50 hours later %v after %v is %v after %v", seed, round, x.State, x.Elapsed, later[i].State, later[i].Elapsed)
			}
			if sum := total(x.Explain().Counted); x.Stop.IsZero() && x.State == sla.Running && sum != x.Target {
				t.Fatalf("seed %d round %d: %s: the segments to the deadline add up to %v, not %v", seed, round, x.ID, sum, x.Target)
			}
			if x.Late && x.Due.After(now) {
				t.Fatalf("seed %d round %d: late at %v but due on %v", seed, round, now, x.Due)
			}
			for _, th := range x.Thresholds("c", percents) {
				if th.At.IsZero() || th.At.After(now) && x.Stop.IsZero() {
					t.Fatalf("seed %d round %d: a threshold of %s fired at %v, after now", seed, round, x.ID, th.At)
				}
			}
		}
	}
}

func BenchmarkRuns(b *testing.B) {
	h, err := sla.Compile(office("America/Lima"))
	if err != nil {
		b.Fatal(err)
	}
	a := time.Date(2026, 11, 2, 15, 0, 0, 0, time.UTC)
	facts := []sla.Fact{
		{At: a, Kind: sla.Opened, Promises: []sla.Promise{{Kind: sla.TakeUp, Target: time.Hour, Hours: h}, {Kind: sla.Resolve, Target: 20 * time.Hour, Hours: h, Pauses: []string{"user"}}}},
		{At: a.Add(10 * time.Minute), Kind: sla.TakenUp},
		{At: a.Add(time.Hour), Kind: sla.Suspended, Reason: "user"},
		{At: a.Add(49 * time.Hour), Kind: sla.Resumed},
		{At: a.Add(120 * time.Hour), Kind: sla.Resolved},
	}
	for b.Loop() {
		sla.Runs(facts, a.Add(500*time.Hour))
	}
}
