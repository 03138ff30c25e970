package sla_test

import (
	"errors"
	"math/rand/v2"
	"testing"
	"time"

	"punto/app/sla"
)

// office is Monday to Friday, 8 to 13 and 14 to 18.
func office(zone string, specials ...sla.Special) sla.Calendar {
	c := sla.Calendar{Name: "oficina", Zone: zone, Specials: specials}
	for d := time.Monday; d <= time.Friday; d++ {
		c.Weekly[d] = []sla.Shift{{From: 8 * 3600, To: 13 * 3600}, {From: 14 * 3600, To: 18 * 3600}}
	}
	return c
}

func hours(t *testing.T, c sla.Calendar) *sla.Hours {
	t.Helper()
	h, err := sla.Compile(c)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func at(t *testing.T, h *sla.Hours, s string) time.Time {
	t.Helper()
	x, err := time.ParseInLocation("2006-01-02 15:04:05", s+":00"[:3*(1-len(s)/19)], h.Zone())
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func TestDeadlines(t *testing.T) {
	navidad := sla.Special{Name: "fiestas", From: sla.Date{Month: 12, Day: 24}, To: sla.Date{Month: 1, Day: 2}}
	half := sla.Special{Name: "media jornada", From: sla.Date{Year: 2026, Month: 11, Day: 25}, Shifts: []sla.Shift{{From: 8 * 3600, To: 12 * 3600}}}
	h := hours(t, office("America/Santiago", navidad, half))
	for _, c := range []struct {
		name, from string
		amount     time.Duration
		want       string
	}{
		{"01 opened before hours", "2026-11-23 06:00", time.Hour, "2026-11-23 09:00"},
		{"01 opened inside hours", "2026-11-23 09:00", time.Hour, "2026-11-23 10:00"},
		{"01 opened after hours", "2026-11-23 19:00", time.Hour, "2026-11-24 09:00"},
		{"01 opened on a weekend", "2026-11-21 12:00", time.Hour, "2026-11-23 09:00"},
		{"02 opened in the lunch gap", "2026-11-23 13:30", time.Hour, "2026-11-23 15:00"},
		{"across lunch", "2026-11-23 11:00", 3 * time.Hour, "2026-11-23 15:00"},
		{"03 the exact last second is closing time", "2026-11-23 17:00", time.Hour, "2026-11-23 18:00"},
		{"05 amount zero is the instant itself", "2026-11-22 03:00", 0, "2026-11-22 03:00"},
		{"09 holidays over New Year", "2026-12-23 17:30", time.Hour, "2027-01-04 08:30"},
		{"half day", "2026-11-25 11:00", 2 * time.Hour, "2026-11-26 09:00"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := h.Deadline(at(t, h, c.from), c.amount); !got.Equal(at(t, h, c.want)) {
				t.Errorf("%s + %v of open time is %v, not %s", c.from, c.amount, got, c.want)
			}
		})
	}
}

func TestACalendarWithNoHoursIsRefused(t *testing.T) {
	if _, err := sla.Compile(sla.Calendar{Zone: "UTC"}); !errors.Is(err, sla.ErrNoHours) {
		t.Errorf("got %v", err)
	}
	if _, err := sla.Compile(sla.AlwaysOpen("Mars/Olympus")); err == nil {
		t.Error("a zone that does not exist was taken")
	}
}

func TestAMissingMidnightDoesNotStopTheWalk(t *testing.T) { // 11: Chile, 2026-09-06 begins at 01:00
	h := hours(t, sla.AlwaysOpen("America/Santiago"))
	a := time.Date(2026, 9, 5, 12, 0, 0, 0, h.Zone())
	if got := h.Between(a, a.Add(48*time.Hour)); got != 48*time.Hour {
		t.Errorf("48 h of an always open desk count as %v", got)
	}
	if d := h.Deadline(a, 24*time.Hour); !d.Equal(a.Add(24 * time.Hour)) {
		t.Errorf("the deadline is %v", d)
	}
}

func TestAnAlwaysOpenDeskSaysSoAtOnce(t *testing.T) {
	h := hours(t, sla.AlwaysOpen("America/Lima"))
	if open, until := h.Open(at(t, h, "2026-11-23 10:00")); !open || !until.IsZero() {
		t.Errorf("open %v until %v", open, until)
	}
	h = hours(t, office("America/Lima"))
	if open, until := h.Open(at(t, h, "2026-11-23 12:00")); !open || !until.Equal(at(t, h, "2026-11-23 13:00")) {
		t.Errorf("open %v until %v", open, until)
	}
	if open, until := h.Open(at(t, h, "2026-11-23 13:00")); open || !until.Equal(at(t, h, "2026-11-23 14:00")) {
		t.Errorf("open %v until %v", open, until)
	}
}

func TestAShiftOverMidnight(t *testing.T) { // 12
	c := sla.Calendar{Zone: "America/Lima"}
	c.Weekly[time.Friday] = []sla.Shift{{From: 22 * 3600, To: 30 * 3600}}
	h := hours(t, c)
	if got := h.Deadline(at(t, h, "2026-11-27 23:00"), 3*time.Hour); !got.Equal(at(t, h, "2026-11-28 02:00")) {
		t.Errorf("got %v", got)
	}
	if got := h.Deadline(at(t, h, "2026-11-28 05:30"), time.Hour); !got.Equal(at(t, h, "2026-12-04 22:30")) { // 7: a week apart
		t.Errorf("got %v", got)
	}
}

var zones = []string{"America/Santiago", "America/Havana", "Atlantic/Azores", "America/Sao_Paulo", "Asia/Beirut", "Africa/Cairo",
	"Europe/Lisbon", "America/Lima", "Pacific/Apia", "Australia/Lord_Howe", "Asia/Kathmandu", "America/St_Johns", "Antarctica/Troll", "UTC"}

// B(a, deadline(a, x)) = x and no earlier instant does, for any zone and date:
// and the walk ends.
func TestDeadlineIsTheInverseOfBetween(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 1))
	lo, hi := time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC).Unix(), time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC).Unix()
	for range 20_000 {
		c := sla.Calendar{Zone: zones[r.IntN(len(zones))]}
		open := 0 // at most, in a week
		for range 1 + r.IntN(6) {
			from := r.IntN(86_400)
			d := r.IntN(7)
			length := 1 + r.IntN(86_400)
			open += length
			c.Weekly[d] = append(c.Weekly[d], sla.Shift{From: from, To: from + length})
		}
		h := hours(t, c)
		a := time.Unix(lo+r.Int64N(hi-lo), 0)
		x := time.Duration(1+r.IntN(min(50*open, 400*3600))) * time.Second
		d := h.Deadline(a, x)
		if got := h.Between(a, d); got != x {
			t.Fatalf("seed %d: %+v from %v: the deadline %v of %v has %v before it", seed, c, a, d, x, got)
		}
		if got := h.Between(a, d.Add(-time.Second)); got >= x {
			t.Fatalf("seed %d: %+v from %v: %v is not the earliest deadline of %v", seed, c, a, d, x)
		}
	}
}

// story runs the clocks of one case under a resolve promise of 4 h and a
// take-up promise of 30 min, from Monday 2026-11-23 09:00 in Lima.
type story struct {
	*testing.T
	h     *sla.Hours
	facts []sla.Fact
}

func tell(t *testing.T) *story {
	h := hours(t, office("America/Lima"))
	s := &story{T: t, h: h}
	s.on("2026-11-23 09:00", sla.Fact{Kind: sla.Opened, Promises: s.promised(4 * time.Hour)})
	return s
}

func (s *story) promised(resolve time.Duration) []sla.Promise {
	return []sla.Promise{{Kind: sla.TakeUp, Target: 30 * time.Minute, Hours: s.h},
		{Kind: sla.Resolve, Target: resolve, Hours: s.h, Pauses: []string{"user", "parts"}}}
}

func (s *story) on(when string, f sla.Fact) *story {
	f.At = at(s.T, s.h, when)
	s.facts = append(s.facts, f)
	return s
}

func (s *story) run(kind sla.Kind, now string) sla.Run {
	s.Helper()
	var last sla.Run
	for _, r := range sla.Runs(s.facts, at(s.T, s.h, now)) {
		if r.Kind == kind {
			last = r
		}
	}
	if last.ID == "" {
		s.Fatalf("there is no %v run", kind)
	}
	return last
}

func (s *story) want(kind sla.Kind, now string, state sla.State, elapsed time.Duration) sla.Run {
	s.Helper()
	r := s.run(kind, now)
	if r.State != state || r.Elapsed != elapsed {
		s.Errorf("%v at %s is %v after %v, not %v after %v", kind, now, r.State, r.Elapsed, state, elapsed)
	}
	return r
}

func TestClockStories(t *testing.T) {
	t.Run("14 a pause wholly outside hours adds nothing", func(t *testing.T) {
		s := tell(t).on("2026-11-23 19:00", sla.Fact{Kind: sla.Suspended, Reason: "user"}).on("2026-11-24 07:00", sla.Fact{Kind: sla.Resumed})
		s.want(sla.Resolve, "2026-11-23 12:00", sla.Running, 3*time.Hour)
		s.on("2026-11-23 11:00", sla.Fact{Kind: sla.Resolved})
	})
	t.Run("15 a pause over the weekend freezes the clock and moves the deadline", func(t *testing.T) {
		s := tell(t)
		s.facts[0].At = at(t, s.h, "2026-11-27 16:00")
		s.on("2026-11-27 17:00", sla.Fact{Kind: sla.Suspended, Reason: "parts"})
		if r := s.want(sla.Resolve, "2026-11-29 10:00", sla.Paused, time.Hour); r.Reason != "parts" || !r.Due.IsZero() {
			t.Errorf("paused for %q, due %v", r.Reason, r.Due)
		}
		s.on("2026-11-30 09:00", sla.Fact{Kind: sla.Resumed})
		if r := s.want(sla.Resolve, "2026-11-30 10:00", sla.Running, 2*time.Hour); !r.Due.Equal(at(t, s.h, "2026-11-30 12:00")) {
			t.Errorf("due %v", r.Due)
		}
	})
	t.Run("17 many pauses in one minute count once", func(t *testing.T) {
		s := tell(t)
		for range 20 {
			s.on("2026-11-23 10:00", sla.Fact{Kind: sla.Suspended, Reason: "user"}).on("2026-11-23 10:00", sla.Fact{Kind: sla.Resumed})
		}
		s.want(sla.Resolve, "2026-11-23 11:00", sla.Running, 2*time.Hour)
	})
	t.Run("20 pause, then resolved directly", func(t *testing.T) {
		s := tell(t).on("2026-11-23 10:00", sla.Fact{Kind: sla.Suspended, Reason: "user"}).on("2026-11-25 10:00", sla.Fact{Kind: sla.Resolved})
		s.want(sla.Resolve, "2026-11-30 10:00", sla.Met, time.Hour)
	})
	t.Run("21 and 22 overdue is frozen while paused, and no breach comes in a pause", func(t *testing.T) {
		s := tell(t).on("2026-11-23 16:00", sla.Fact{Kind: sla.Suspended, Reason: "user"})
		if r := s.want(sla.Resolve, "2026-11-25 10:00", sla.Paused, 6*time.Hour); !r.Late {
			t.Error("what was overdue before the pause no longer is")
		}
		q := tell(t).on("2026-11-23 10:00", sla.Fact{Kind: sla.Suspended, Reason: "user"})
		if r := q.want(sla.Resolve, "2026-12-25 10:00", sla.Paused, time.Hour); r.Late || len(r.Thresholds("c", percents)) != 0 {
			t.Error("a paused clock breached or fired")
		}
	})
	t.Run("a reason that the contract does not list does not pause", func(t *testing.T) {
		s := tell(t).on("2026-11-23 10:00", sla.Fact{Kind: sla.Suspended, Reason: "lunch"})
		s.want(sla.Resolve, "2026-11-23 12:00", sla.Running, 3*time.Hour)
	})
	t.Run("23 priority changed while paused keeps the time used", func(t *testing.T) {
		s := tell(t).on("2026-11-23 10:00", sla.Fact{Kind: sla.Suspended, Reason: "user"})
		s.on("2026-11-23 11:00", sla.Fact{Kind: sla.Retargeted, Promises: s.promised(2 * time.Hour)}).on("2026-11-23 12:00", sla.Fact{Kind: sla.Resumed})
		if r := s.want(sla.Resolve, "2026-11-23 12:00", sla.Running, time.Hour); !r.Due.Equal(at(t, s.h, "2026-11-23 13:00")) {
			t.Errorf("due %v", r.Due)
		}
	})
	t.Run("25 a promise that no longer matches is void", func(t *testing.T) {
		s := tell(t).on("2026-11-23 10:00", sla.Fact{Kind: sla.Retargeted})
		s.want(sla.Resolve, "2026-11-23 12:00", sla.Void, time.Hour)
	})
	t.Run("26 A to B to A makes three runs", func(t *testing.T) {
		s := tell(t)
		ola := []sla.Promise{{Kind: sla.OLA, Target: 2 * time.Hour, Hours: s.h}}
		for i, g := range []string{"A", "B", "A"} {
			s.on([]string{"2026-11-23 09:30", "2026-11-23 10:00", "2026-11-23 11:00"}[i], sla.Fact{Kind: sla.HandedOff, Group: g, Promises: ola})
		}
		var got []string
		for _, r := range sla.Runs(s.facts, at(t, s.h, "2026-11-23 12:00")) {
			if r.Kind == sla.OLA {
				got = append(got, r.Group+" "+r.Elapsed.String()+" "+r.State.String())
			}
		}
		if want := "A 30m0s met,B 1h0m0s met,A 1h0m0s running"; join(got) != want {
			t.Errorf("got %s, not %s", join(got), want)
		}
	})
	t.Run("28 closed in one step meets both clocks", func(t *testing.T) {
		s := tell(t).on("2026-11-23 09:04", sla.Fact{Kind: sla.Resolved})
		s.want(sla.TakeUp, "2026-11-24 09:00", sla.Met, 4*time.Minute)
		s.want(sla.Resolve, "2026-11-24 09:00", sla.Met, 4*time.Minute)
	})
	t.Run("equal is met, one second more is breached", func(t *testing.T) {
		tell(t).on("2026-11-23 14:00", sla.Fact{Kind: sla.Resolved}).want(sla.Resolve, "2026-11-24 09:00", sla.Met, 4*time.Hour)
		tell(t).on("2026-11-23 14:00:01", sla.Fact{Kind: sla.Resolved}).want(sla.Resolve, "2026-11-24 09:00", sla.Breached, 4*time.Hour+time.Second)
	})
	t.Run("30 the time spent resolved does not count", func(t *testing.T) {
		s := tell(t).on("2026-11-23 10:00", sla.Fact{Kind: sla.Resolved}).on("2026-11-25 10:00", sla.Fact{Kind: sla.Reopened})
		s.want(sla.Resolve, "2026-11-25 11:00", sla.Running, 2*time.Hour)
	})
	t.Run("a breach is kept when it is excused", func(t *testing.T) {
		s := tell(t).on("2026-11-24 10:00", sla.Fact{Kind: sla.Resolved}).on("2026-11-24 11:00", sla.Fact{Kind: sla.Excused, Clock: "resolve/1"})
		if r := s.want(sla.Resolve, "2026-11-24 12:00", sla.Breached, 10*time.Hour); !r.Excused {
			t.Error("not excused")
		}
	})
	t.Run("explain adds up to what elapsed", func(t *testing.T) {
		s := tell(t).on("2026-11-23 10:00", sla.Fact{Kind: sla.Suspended, Reason: "user"}).on("2026-11-23 12:00", sla.Fact{Kind: sla.Resumed}).
			on("2026-11-23 16:30", sla.Fact{Kind: sla.Resolved})
		r := s.run(sla.Resolve, "2026-11-24 09:00")
		var sum time.Duration
		for _, x := range r.Explain().Counted {
			sum += x.To.Sub(x.From)
		}
		if sum != r.Elapsed || r.Elapsed != 4*time.Hour+30*time.Minute {
			t.Errorf("the explanation adds up to %v, the clock says %v", sum, r.Elapsed)
		}
	})
}

func join(ss []string) (out string) {
	for i, s := range ss {
		if i > 0 {
			out += ","
		}
		out += s
	}
	return out
}

func BenchmarkDeadline(b *testing.B) {
	h, err := sla.Compile(office("America/Lima"))
	if err != nil {
		b.Fatal(err)
	}
	a := time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC)
	for b.Loop() {
		h.Deadline(a, 16*time.Hour)
	}
}
