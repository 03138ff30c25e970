package sla_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"punto/app/sla"
)

// due checks a deadline: from and want are local times of the calendar.
func due(t *testing.T, h *sla.Hours, from string, amount time.Duration, want string) {
	t.Helper()
	if got := h.Deadline(at(t, h, from), amount); !got.Equal(at(t, h, want)) {
		t.Errorf("%s + %v of open time is %v, not %s", from, amount, got.In(h.Zone()), want)
	}
}

// counts checks B(a, b).
func counts(t *testing.T, h *sla.Hours, a, b string, want time.Duration) {
	t.Helper()
	if got := h.Between(at(t, h, a), at(t, h, b)); got != want {
		t.Errorf("from %s to %s are %v of open time, not %v", a, b, got, want)
	}
}

func TestEdge01_OpenedBeforeInsideAfterHoursWeekendHolidayAndEve(t *testing.T) {
	h := hours(t, office("America/Lima",
		sla.Special{Name: "feriado", From: sla.Date{Month: 12, Day: 8}},
		sla.Special{Name: "víspera", From: sla.Date{Month: 12, Day: 7}, Shifts: []sla.Shift{{From: 8 * 3600, To: 12 * 3600}}}))
	due(t, h, "2026-11-23 06:00", 2*time.Hour, "2026-11-23 10:00")
	due(t, h, "2026-11-23 09:15", 2*time.Hour, "2026-11-23 11:15")
	due(t, h, "2026-11-23 20:00", 2*time.Hour, "2026-11-24 10:00")
	due(t, h, "2026-11-28 12:00", 2*time.Hour, "2026-11-30 10:00")
	due(t, h, "2026-12-08 10:00", 2*time.Hour, "2026-12-09 10:00")
	due(t, h, "2026-12-07 11:00", 2*time.Hour, "2026-12-09 09:00")
}

func TestEdge02_InTheLunchGap(t *testing.T) {
	h := hours(t, office("America/Lima"))
	due(t, h, "2026-11-23 13:20", time.Minute, "2026-11-23 14:01")
	counts(t, h, "2026-11-23 13:00", "2026-11-23 14:00", 0)
	if open, until := h.Open(at(t, h, "2026-11-23 13:00")); open || !until.Equal(at(t, h, "2026-11-23 14:00")) {
		t.Errorf("at 13:00 open is %v until %v", open, until)
	}
}

func TestEdge03_TheExactLastSecondOfTheDay(t *testing.T) {
	h := hours(t, office("America/Lima"))
	due(t, h, "2026-11-23 17:59:59", time.Second, "2026-11-23 18:00")
	due(t, h, "2026-11-23 17:59:59", 2*time.Second, "2026-11-24 08:00:01")
	due(t, h, "2026-11-23 18:00", time.Second, "2026-11-24 08:00:01")
	counts(t, h, "2026-11-23 17:59:59", "2026-11-24 08:00", time.Second)
}

func TestEdge04_TheDayEndsAt2400(t *testing.T) {
	c := sla.Calendar{Zone: "America/Lima"}
	c.Weekly[time.Monday] = []sla.Shift{{From: 20 * 3600, To: 86_400}}
	c.Weekly[time.Tuesday] = []sla.Shift{{From: 0, To: 3600}}
	h := hours(t, c)
	due(t, h, "2026-11-23 22:00", 2*time.Hour, "2026-11-24 00:00")
	due(t, h, "2026-11-23 22:00", 2*time.Hour+time.Second, "2026-11-24 00:00:01")
	if open, until := h.Open(at(t, h, "2026-11-23 23:59:59")); !open || !until.Equal(at(t, h, "2026-11-24 01:00")) {
		t.Errorf("open %v until %v: midnight is no closing", open, until)
	}
}

func TestEdge05_ZeroAbsentAndSingleTargets(t *testing.T) {
	h := hours(t, office("America/Lima"))
	due(t, h, "2026-11-22 03:00", 0, "2026-11-22 03:00")
	opened := sla.Fact{At: at(t, h, "2026-11-23 09:00"), Kind: sla.Opened}
	now := at(t, h, "2026-11-23 10:00")
	if runs := sla.Runs([]sla.Fact{opened}, now); len(runs) != 0 {
		t.Errorf("no promise makes the runs %+v", runs)
	}
	opened.Promises = []sla.Promise{{Kind: sla.TakeUp, Hours: h}, {Kind: sla.Resolve, Target: time.Hour}} // no amount; no hours
	if runs := sla.Runs([]sla.Fact{opened}, now); len(runs) != 0 {
		t.Errorf("empty promises make the runs %+v", runs)
	}
	opened.Promises = []sla.Promise{{Kind: sla.Resolve, Target: 4 * time.Hour, Hours: h}}
	if runs := sla.Runs([]sla.Fact{opened}, now); len(runs) != 1 || runs[0].Kind != sla.Resolve || runs[0].Elapsed != time.Hour {
		t.Errorf("a single promise makes the runs %+v", runs)
	}
}

func TestEdge06_ACalendarWithNoHoursIsRefused(t *testing.T) {
	closed := office("America/Lima", sla.Special{Name: "cierre", From: sla.Date{Month: 1, Day: 1}, To: sla.Date{Month: 12, Day: 31}})
	gone := office("America/Lima", sla.Special{Name: "pausa", From: sla.Date{Month: 1, Day: 1}, To: sla.Date{Month: 12, Day: 31}, Breaks: []sla.Shift{{From: 0, To: 86_400}}})
	for name, c := range map[string]sla.Calendar{"nothing": {Zone: "UTC"}, "a holiday all year": closed, "a break all day": gone} {
		if _, err := sla.Compile(c); !errors.Is(err, sla.ErrNoHours) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	once := sla.Calendar{Zone: "UTC", Specials: []sla.Special{{From: sla.Date{Year: 2031, Month: 5, Day: 4}, Shifts: []sla.Shift{{From: 0, To: 3600}}}}}
	h := hours(t, once) // one hour in all of time: open enough, and no walk is endless
	due(t, h, "2026-11-23 10:00", time.Hour, "2031-05-04 01:00")
	if d := h.Deadline(at(t, h, "2026-11-23 10:00"), 2*time.Hour); !d.IsZero() {
		t.Errorf("two hours of a calendar with one are due on %v", d)
	}
}

func TestEdge06_DatesThatCannotBeAreRefusedWithTheReason(t *testing.T) {
	for want, s := range map[string]sla.Special{
		"is not a date":    {Name: "x", From: sla.Date{Month: 2, Day: 30}},
		"before it begins": {Name: "x", From: sla.Date{Year: 2026, Month: 5, Day: 2}, To: sla.Date{Year: 2026, Month: 5, Day: 1}},
		"every year":       {Name: "x", From: sla.Date{Month: 5, Day: 2}, To: sla.Date{Year: 2026, Month: 5, Day: 1}},
		"24 hours":         {Name: "x", From: sla.Date{Month: 5, Day: 2}, Shifts: []sla.Shift{{From: 10, To: 10}}},
	} {
		if _, err := sla.Compile(office("UTC", s)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: got %v, which does not say %q", s, err, want)
		}
	}
	hours(t, office("UTC", sla.Special{Name: "bisiesto", From: sla.Date{Month: 2, Day: 29}}))
}

func TestEdge07_HoursOnOneWeekdayOnly(t *testing.T) {
	c := sla.Calendar{Zone: "America/Lima"}
	c.Weekly[time.Wednesday] = []sla.Shift{{From: 9 * 3600, To: 10 * 3600}}
	h := hours(t, c)
	due(t, h, "2026-11-19 09:00", 30*time.Minute, "2026-11-25 09:30") // Thursday: six days apart
	due(t, h, "2026-11-25 09:30", time.Hour, "2026-12-02 09:30")
	due(t, h, "2026-11-23 09:00", 52*time.Hour, "2027-11-17 10:00") // a year of Wednesdays
	counts(t, h, "2026-11-23 00:00", "2027-11-22 00:00", 52*time.Hour)
}

func TestEdge08_AClosureOfTwelveDays(t *testing.T) {
	h := hours(t, office("America/Lima", sla.Special{Name: "cierre", From: sla.Date{Year: 2026, Month: 12, Day: 24}, To: sla.Date{Year: 2027, Month: 1, Day: 4}}))
	due(t, h, "2026-12-23 17:00", 2*time.Hour, "2027-01-05 09:00")
	counts(t, h, "2026-12-24 00:00", "2027-01-05 00:00", 0)
}

func TestEdge09_AHolidayRangeOverNewYear(t *testing.T) {
	yearly := sla.Special{Name: "fiestas", From: sla.Date{Month: 12, Day: 24}, To: sla.Date{Month: 1, Day: 2}}
	dated := sla.Special{Name: "fiestas", From: sla.Date{Year: 2026, Month: 12, Day: 24}, To: sla.Date{Month: 1, Day: 2}} // its end has no year: the next
	for _, s := range []sla.Special{yearly, dated} {
		h := hours(t, office("America/Lima", s))
		due(t, h, "2026-12-23 17:30", time.Hour, "2027-01-04 08:30")
		if h.Holiday(2026, 12, 23) || !h.Holiday(2026, 12, 31) || !h.Holiday(2027, 1, 2) || h.Holiday(2027, 1, 3) {
			t.Errorf("%+v does not cover what it says", s)
		}
	}
	if hours(t, office("America/Lima", dated)).Holiday(2027, 12, 25) || !hours(t, office("America/Lima", yearly)).Holiday(2027, 12, 25) {
		t.Error("a dated range comes again, or a yearly one does not")
	}
}

func TestEdge10_HolidayFeedsThatDisagree(t *testing.T) {
	feed := sla.Special{Name: "según la lista", From: sla.Date{Year: 2026, Month: 11, Day: 24}}
	own := sla.Special{Name: "según la mesa", From: sla.Date{Year: 2026, Month: 11, Day: 24}, Shifts: []sla.Shift{{From: 9 * 3600, To: 11 * 3600}}}
	h := hours(t, office("America/Lima", feed, own)) // what the desk edited last holds
	counts(t, h, "2026-11-24 00:00", "2026-11-25 00:00", 2*time.Hour)
	counts(t, hours(t, office("America/Lima", own, feed)), "2026-11-24 00:00", "2026-11-25 00:00", 0)
	run := sla.Runs([]sla.Fact{{At: at(t, h, "2026-11-23 17:00"), Kind: sla.Opened, Promises: []sla.Promise{{Kind: sla.Resolve, Target: 2 * time.Hour, Hours: h}}}}, at(t, h, "2026-11-23 17:00"))[0]
	e := run.Explain()
	if all := strings.Join(e.Closed, ";"); !strings.Contains(all, feed.Name) || !strings.Contains(all, own.Name) {
		t.Errorf("the explanation hides a source: %q", all)
	}
	if n := len(e.Counted); n != 2 || e.Counted[1].Why != own.Name {
		t.Errorf("counted %+v", e.Counted)
	}
}

func TestEdge11_SpringGapAutumnRepeatAndMidnightGap(t *testing.T) {
	always := func(zone string) *sla.Hours { return hours(t, sla.AlwaysOpen(zone)) }
	for _, c := range []struct {
		name, zone, from, to string
		want                 time.Duration
	}{
		{"spring", "Europe/Madrid", "2026-03-29 00:00", "2026-03-30 00:00", 23 * time.Hour},
		{"autumn", "Europe/Madrid", "2026-10-25 00:00", "2026-10-26 00:00", 25 * time.Hour},
		{"no midnight in Chile", "America/Santiago", "2026-09-05 12:00", "2026-09-06 12:00", 23 * time.Hour},
		{"no midnight in Cuba", "America/Havana", "2026-03-07 12:00", "2026-03-08 12:00", 23 * time.Hour},
		{"two midnights in Cuba", "America/Havana", "2026-10-31 12:00", "2026-11-01 12:00", 25 * time.Hour},
		{"half an hour on Lord Howe", "Australia/Lord_Howe", "2026-10-04 00:00", "2026-10-05 00:00", 23*time.Hour + 30*time.Minute},
		{"Samoa has no 30 December", "Pacific/Apia", "2011-12-29 00:00", "2012-01-01 00:00", 48 * time.Hour},
	} {
		t.Run(c.name, func(t *testing.T) { counts(t, always(c.zone), c.from, c.to, c.want) })
	}
	c := sla.Calendar{Zone: "Europe/Madrid"}
	c.Weekly[time.Sunday] = []sla.Shift{{From: 2*3600 + 1800, To: 5 * 3600}} // 02:30 does not exist on 29 March: 03:00 does
	h := hours(t, c)
	counts(t, h, "2026-03-29 00:00", "2026-03-29 12:00", 2*time.Hour)
	counts(t, h, "2026-10-25 00:00", "2026-10-25 12:00", 3*time.Hour+30*time.Minute) // from the first 02:30
	counts(t, h, "2026-11-01 00:00", "2026-11-01 12:00", 2*time.Hour+30*time.Minute)
}

func TestEdge12_AShiftOverMidnight(t *testing.T) {
	c := sla.Calendar{Zone: "America/Lima", Specials: []sla.Special{{Name: "feriado", From: sla.Date{Year: 2026, Month: 11, Day: 28}}}}
	for d := range c.Weekly {
		c.Weekly[d] = []sla.Shift{{From: 22 * 3600, To: 30 * 3600}}
	}
	h := hours(t, c)
	due(t, h, "2026-11-23 23:00", 3*time.Hour, "2026-11-24 02:00")
	counts(t, h, "2026-11-24 00:00", "2026-11-25 00:00", 8*time.Hour)
	counts(t, h, "2026-11-28 00:00", "2026-11-29 12:00", 6*time.Hour) // the shift that began on the 27th goes on, the 28th begins none
	c.Weekly[time.Tuesday] = append(c.Weekly[time.Tuesday], sla.Shift{From: 4 * 3600, To: 8 * 3600})
	counts(t, hours(t, c), "2026-11-24 00:00", "2026-11-24 12:00", 8*time.Hour) // what overlaps counts once
}

func TestEdge13_ClientAgentAndMachineInDifferentZones(t *testing.T) {
	h := hours(t, office("America/Lima"))
	want := at(t, h, "2026-11-23 10:00")
	for _, zone := range []string{"Europe/Madrid", "Asia/Kathmandu", "Pacific/Kiritimati", "UTC"} {
		agent, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		opened := at(t, h, "2026-11-23 09:00").In(agent)
		if got := h.Deadline(opened, time.Hour); !got.Equal(want) {
			t.Errorf("the same instant written in %s falls due on %v", zone, got)
		}
		if got := h.DeadlineDays(opened, 1); !got.Equal(at(t, h, "2026-11-24 09:00")) {
			t.Errorf("one working day from the same instant written in %s is %v", zone, got)
		}
		if got := h.Between(opened, want.In(agent)); got != time.Hour {
			t.Errorf("in %s the hour is %v", zone, got)
		}
	}
	if _, err := sla.Compile(sla.AlwaysOpen("Local")); err == nil {
		t.Error("the machine's own zone was taken for a calendar's")
	}
}

func TestWorkingDaysEndWithinTheDaysShifts(t *testing.T) {
	h := hours(t, office("America/Lima", sla.Special{Name: "feriado", From: sla.Date{Year: 2026, Month: 11, Day: 24}}))
	for from, want := range map[string]string{
		"2026-11-23 10:30": "2026-11-26 10:30", // the 24th is closed
		"2026-11-23 06:00": "2026-11-26 08:00",
		"2026-11-23 13:30": "2026-11-26 14:00",
		"2026-11-23 21:00": "2026-11-26 18:00",
	} {
		opened := at(t, h, from)
		if got := h.DeadlineDays(opened, 2); !got.Equal(at(t, h, want)) {
			t.Errorf("two working days from %s are %v, not %s", from, got, want)
		}
		run := sla.Runs([]sla.Fact{{At: opened, Kind: sla.Opened, Promises: []sla.Promise{{Kind: sla.Resolve, WorkingDays: 2, Hours: h, Pauses: []string{"user"}}}}}, opened)[0]
		if !run.Due.Equal(at(t, h, want)) {
			t.Errorf("a case opened on %s with two working days falls due on %v, not %s", from, run.Due, want)
		}
	}
}

func BenchmarkBetween(b *testing.B) {
	h, err := sla.Compile(office("America/Lima"))
	if err != nil {
		b.Fatal(err)
	}
	a := time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC)
	for name, length := range map[string]time.Duration{"hours": 5 * time.Hour, "month": 30 * 24 * time.Hour, "year": 365 * 24 * time.Hour} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				h.Between(a, a.Add(length))
			}
		})
	}
}

func BenchmarkCompile(b *testing.B) {
	c := office("America/Lima")
	for b.Loop() {
		if _, err := sla.Compile(c); err != nil {
			b.Fatal(err)
		}
	}
}
