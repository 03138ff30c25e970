package sla_test

import (
	"testing"
	"time"

	"punto/app/sla"
)

// Work ends a pause, whoever does it: an hour's waiting for the user does not go
// on for days because nobody said that it was over.
func TestWorkEndsAPause(t *testing.T) {
	ola := []sla.Promise{{Kind: sla.OLA, Target: 2 * time.Hour, Hours: tell(t).h, Pauses: []string{"user"}}}
	for name, work := range map[string]sla.Fact{
		"a take-up": {Kind: sla.TakenUp}, "a hand-off": {Kind: sla.HandedOff, Group: "B", Promises: ola}, "a unit's return": {Kind: sla.Released},
	} {
		s := tell(t).on("2026-11-23 09:10", sla.Fact{Kind: sla.HandedOff, Group: "A", Promises: ola}).suspended("2026-11-23 10:00", "user").on("2026-11-23 11:00", work)
		r := s.want(sla.Resolve, "2026-11-23 12:00", sla.Running, 2*time.Hour)
		if len(r.Pauses) != 1 || !r.Pauses[0].To.Equal(at(t, s.h, "2026-11-23 11:00")) {
			t.Errorf("%s left the pauses %+v", name, r.Pauses)
		}
		s.did("2026-11-27 12:00", sla.Resolved).want(sla.Resolve, "2026-11-30 09:00", sla.Breached, 38*time.Hour)
	}
	// what no person did is no work
	s := tell(t).suspended("2026-11-23 10:00", "user").on("2026-11-23 11:00", sla.Fact{Kind: sla.TakenUp, ByRule: true})
	s.want(sla.Resolve, "2026-11-23 12:00", sla.Paused, time.Hour)
	// who still waits says so again
	s.did("2026-11-23 12:00", sla.TakenUp).suspended("2026-11-23 12:30", "parts").want(sla.Resolve, "2026-11-23 16:00", sla.Paused, 90*time.Minute)
}

// What came late from another workstation about a case that was over by then
// leaves no clock standing when the case is open again.
func TestACaseThatIsOverDoesNotWait(t *testing.T) {
	for _, over := range []sla.FactKind{sla.Resolved, sla.Ended} {
		s := tell(t).did("2026-11-23 10:00", over).suspended("2026-11-23 10:05", "user").did("2026-11-23 11:00", sla.Reopened)
		if got := s.run(sla.Resolve, "2026-11-23 12:00"); got.State != sla.Running || got.Elapsed != 2*time.Hour {
			t.Errorf("after %v and back the clock is %v at %v", over, got.State, got.Elapsed)
		}
	}
}

// Re-targeting takes the units' clocks along: what was used is kept.
func TestAUnitsPromiseChangesWithTheCase(t *testing.T) {
	s := tell(t)
	ola := func(d time.Duration) []sla.Promise { return []sla.Promise{{Kind: sla.OLA, Target: d, Hours: s.h}} }
	s.on("2026-11-23 09:00", sla.Fact{Kind: sla.HandedOff, Group: "A", Promises: ola(8 * time.Hour)})
	s.on("2026-11-23 11:00", sla.Fact{Kind: sla.Retargeted, Promises: s.promised(4 * time.Hour), Units: ola(time.Hour)})
	r := s.want(sla.OLA, "2026-11-23 11:30", sla.Breached, 150*time.Minute)
	if r.Target != time.Hour || r.Group != "A" || len(r.Was) != 1 || r.Was[0].State != sla.Void || r.Was[0].Elapsed != 2*time.Hour {
		t.Errorf("the run became %+v", r)
	}
	s.on("2026-11-23 12:00", sla.Fact{Kind: sla.Retargeted, Promises: s.promised(4 * time.Hour)}) // says nothing of the unit
	s.want(sla.OLA, "2026-11-23 12:00", sla.Breached, 3*time.Hour)
	none := tell(t).on("2026-11-23 09:30", sla.Fact{Kind: sla.HandedOff, Group: "A", Promises: ola(0)})
	none.on("2026-11-23 11:00", sla.Fact{Kind: sla.Retargeted, Promises: s.promised(4 * time.Hour), Units: ola(4 * time.Hour)})
	none.want(sla.OLA, "2026-11-23 11:30", sla.Running, 2*time.Hour) // since the hand-off
	none.on("2026-11-23 12:00", sla.Fact{Kind: sla.Retargeted, Promises: s.promised(4 * time.Hour), Units: ola(0)})
	none.want(sla.OLA, "2026-11-23 12:30", sla.Void, 150*time.Minute)
	gone := tell(t).on("2026-11-23 09:30", sla.Fact{Kind: sla.HandedOff, Group: "A", Promises: ola(0)}).did("2026-11-23 10:00", sla.Resolved)
	gone.on("2026-11-23 11:00", sla.Fact{Kind: sla.Retargeted, Promises: s.promised(4 * time.Hour), Units: ola(4 * time.Hour)})
	for _, r := range sla.Runs(gone.facts, at(t, s.h, "2026-11-23 12:00")) {
		if r.Kind == sla.OLA {
			t.Errorf("a unit whose case is solved has the clock %+v", r)
		}
	}
}

// The time between resolution and reopening counts for no clock, also for one that
// began later: nothing was promised before.
func TestTheTimeResolvedDoesNotCountForAClockThatBeginsLater(t *testing.T) {
	s := tell(t)
	s.facts[0].Promises = nil
	s.did("2026-11-23 10:00", sla.Resolved).on("2026-11-23 11:00", sla.Fact{Kind: sla.Retargeted, Promises: s.promised(4 * time.Hour)})
	s.did("2026-11-23 12:00", sla.Reopened)
	s.want(sla.Resolve, "2026-11-23 14:00", sla.Running, 2*time.Hour) // an hour, and from 13:00
}

// One hand-off is one run, though its promise lapsed for a while.
func TestAHandOffWhosePromiseComesBackIsOneRun(t *testing.T) {
	s := tell(t)
	ola := func(d time.Duration) []sla.Promise { return []sla.Promise{{Kind: sla.OLA, Target: d, Hours: s.h}} }
	s.on("2026-11-23 09:00", sla.Fact{Kind: sla.HandedOff, Group: "A", Promises: ola(time.Hour)})
	s.on("2026-11-23 11:00", sla.Fact{Kind: sla.Retargeted, Promises: s.promised(4 * time.Hour), Units: ola(0)})
	s.on("2026-11-23 12:00", sla.Fact{Kind: sla.Retargeted, Promises: s.promised(4 * time.Hour), Units: ola(8 * time.Hour)})
	var units []sla.Run
	for _, r := range sla.Runs(s.facts, at(t, s.h, "2026-11-23 12:00")) {
		if r.Kind == sla.OLA {
			units = append(units, r)
		}
	}
	if len(units) != 1 || len(units[0].Was) != 1 || units[0].Was[0].State != sla.Breached || units[0].Elapsed != 3*time.Hour {
		t.Errorf("the hand-off has the runs %+v", units)
	}
}

// Who cancels a case that nobody took up ends that promise: a reopening and
// another target do not begin it again.
func TestTheTakeUpOfACancelledCaseStaysVoid(t *testing.T) {
	s := tell(t).did("2026-11-23 09:10", sla.Ended).did("2026-11-23 10:00", sla.Reopened)
	s.on("2026-11-23 10:30", sla.Fact{Kind: sla.Retargeted, Promises: append([]sla.Promise{{Kind: sla.TakeUp, Target: time.Hour, Hours: s.h}}, s.promised(4 * time.Hour)[1:]...)})
	s.want(sla.TakeUp, "2026-11-23 12:00", sla.Void, 10*time.Minute)
}
