package sla_test

import (
	"testing"
	"time"

	"punto/app/sla"
)

// percents are the thresholds of these stories.
var percents = []int{50, 75, 90, 100, 150}

// A deadline is the earliest instant at which the target is used up: a pause that
// begins there does not move it.
func TestADeadlineAtTheInstantAPauseBegins(t *testing.T) {
	for _, x := range []struct{ opened, pause, until, due string }{
		{"2026-11-23 10:00", "2026-11-23 15:00", "2026-11-23 16:00", "2026-11-23 15:00"},
		{"2026-11-23 09:00", "2026-11-23 13:00", "2026-11-23 15:00", "2026-11-23 13:00"}, // when lunch begins
		{"2026-11-23 15:00", "2026-11-24 09:00", "2026-11-25 09:00", "2026-11-24 09:00"},
		{"2026-11-23 10:00", "2026-11-23 14:59:59", "2026-11-23 16:00:00", "2026-11-23 16:00:01"}, // a second before it does
	} {
		s := tell(t).opened(x.opened).suspended(x.pause, "user").did(x.until, sla.Resumed)
		s.due(sla.Resolve, "2026-11-26 17:00", x.due)
		r := s.run(sla.Resolve, "2026-11-26 17:00")
		if got := r.Thresholds("c", []int{100}); len(got) != 1 || !got[0].At.Equal(r.Due) {
			t.Errorf("opened %s: all is used at %v and due %v", x.opened, got, r.Due)
		}
	}
	s := tell(t).opened("2026-11-23 10:00").suspended("2026-11-23 15:00", "user") // exactly used up, and nothing more
	if r := s.want(sla.Resolve, "2026-11-27 10:00", sla.Paused, 4*time.Hour); r.Late {
		t.Error("what is used up exactly is late")
	}
	s.did("2026-11-27 10:00", sla.Resolved).want(sla.Resolve, "2026-11-27 11:00", sla.Met, 4*time.Hour)
}

// The reasons for which a contract pauses are not for its take-up.
func TestTakeUpNeverStandsStill(t *testing.T) {
	s := tell(t)
	for i := range s.facts[0].Promises {
		s.facts[0].Promises[i].Pauses = []string{"user", "parts"}
	}
	s.suspended("2026-11-23 09:05", "user")
	before := s.run(sla.TakeUp, "2026-11-23 09:10")
	if before.State != sla.Running || before.Elapsed != 10*time.Minute || len(before.Pauses) != 0 || before.Due.IsZero() {
		t.Errorf("while the case waits its take-up is %v after %v, due %v", before.State, before.Elapsed, before.Due)
	}
	if r := s.run(sla.Resolve, "2026-11-23 09:10"); r.State != sla.Paused || r.Elapsed != 5*time.Minute {
		t.Errorf("and its resolution is %v after %v", r.State, r.Elapsed)
	}
}

func TestThresholdsToCome(t *testing.T) {
	coming := func(s *story, now string) (out []int) {
		r := s.run(sla.Resolve, now)
		for _, pc := range percents {
			if at, ok := r.When(r.Share(pc)); ok && r.Elapsed < r.Share(pc) {
				if !at.After(r.Start) {
					t.Errorf("at %s %d %% is to come at %v", now, pc, at)
				}
				out = append(out, pc)
			}
		}
		return out
	}
	s := tell(t) // four hours from nine
	for _, x := range []struct {
		now  string
		want int
	}{{"2026-11-23 10:59:59", 5}, {"2026-11-23 11:00:00", 4}, {"2026-11-23 12:00", 3}, {"2026-11-23 13:00", 1}, {"2026-11-24 10:00", 0}} {
		if got := coming(s, x.now); len(got) != x.want {
			t.Errorf("at %s %v are to come, and not %d", x.now, got, x.want)
		}
		if reached := s.run(sla.Resolve, x.now).Thresholds("c", percents); len(reached) != 5-x.want {
			t.Errorf("at %s %d are reached, and %d to come", x.now, len(reached), x.want)
		}
	}
	s.suspended("2026-11-23 10:00", "user")
	if got := coming(s, "2026-11-23 10:30"); got != nil {
		t.Errorf("while it is paused %v are to come", got)
	}
	s.did("2026-11-23 11:00", sla.Resumed)
	if got := coming(s, "2026-11-23 11:30"); len(got) != 5 {
		t.Errorf("when it goes on %v are to come", got)
	}
	s.did("2026-11-23 12:00", sla.Resolved)
	if got := coming(s, "2026-11-23 12:30"); got != nil {
		t.Errorf("when it is solved %v are to come", got)
	}
}

// The user who writes three times waits for one answer, since the first.
func TestOneNextAnswerAtATime(t *testing.T) {
	s := tell(t)
	s.facts[0].Promises = append(s.facts[0].Promises, sla.Promise{Kind: sla.NextAnswer, Target: time.Hour, Hours: s.h})
	s.did("2026-11-23 10:00", sla.Contacted).did("2026-11-23 10:20", sla.Contacted).did("2026-11-23 10:40", sla.Contacted)
	count := func(now string) (n int, last sla.Run) {
		for _, r := range sla.Runs(s.facts, at(t, s.h, now)) {
			if r.Kind == sla.NextAnswer {
				n, last = n+1, r
			}
		}
		return n, last
	}
	if n, r := count("2026-11-23 10:50"); n != 1 || r.State != sla.Running || r.Elapsed != 50*time.Minute || r.ID != "next_answer/1" {
		t.Errorf("%d answers are waited for, the last %v for %v", n, r.State, r.Elapsed)
	}
	s.did("2026-11-23 11:00", sla.Answered)
	if n, r := count("2026-11-23 12:00"); n != 1 || r.State != sla.Met || r.Elapsed != time.Hour {
		t.Errorf("answered, %d were waited for, the last %v for %v", n, r.State, r.Elapsed)
	}
	s.did("2026-11-23 12:00", sla.Contacted)
	if n, r := count("2026-11-23 12:10"); n != 2 || r.State != sla.Running || r.Elapsed != 10*time.Minute {
		t.Errorf("after another contact %d were waited for, the last %v for %v", n, r.State, r.Elapsed)
	}
}

// An excuse is for one run: the one under another target has to be kept.
func TestAnExcuseIsForTheRunUnderItsTarget(t *testing.T) {
	excuse := sla.Fact{Kind: sla.Excused, Clock: "resolve/1"}
	s := tell(t).on("2026-11-23 17:00", excuse) // due at 13:00
	if r := s.run(sla.Resolve, "2026-11-23 17:30"); !r.Excused || r.State != sla.Breached {
		t.Errorf("it is %v, excused %t", r.State, r.Excused)
	}
	s.on("2026-11-24 09:00", sla.Fact{Kind: sla.Retargeted, Promises: s2h(t)})
	r := s.run(sla.Resolve, "2026-11-24 10:00")
	if r.Excused || len(r.Was) != 1 || !r.Was[0].Excused || r.Was[0].State != sla.Breached {
		t.Errorf("under the new target it is excused %t, and was %+v", r.Excused, r.Was)
	}
	late := tell(t).on("2026-11-24 09:00", sla.Fact{Kind: sla.Retargeted, Promises: s2h(t)}).on("2026-11-24 10:00", excuse)
	r = late.run(sla.Resolve, "2026-11-24 11:00")
	if r.Excused || !r.Was[0].Excused {
		t.Errorf("an excuse of the run before: excused %t, before %+v", r.Excused, r.Was)
	}
}
