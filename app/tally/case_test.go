package tally_test

import (
	"math"
	"testing"
	"time"

	"punto/app/sla"
	"punto/app/tally"
)

func at(s string) time.Time {
	t, err := time.Parse("2006-01-02 15:04", s)
	if err != nil {
		panic(err) // a mistake in the test itself
	}
	return t
}

func verdict(s sla.State) tally.Verdict { return tally.Verdict{State: s} }

// A month of six cases, counted by hand.
func TestTheIndicesOfCases(t *testing.T) {
	month, err := tally.MonthOf("2026-10", time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	excused := tally.Verdict{State: sla.Breached, Excused: true, ExcusedNow: true}
	a := tally.New(tally.Rules{AsOf: at("2026-11-02 06:00")})
	for _, c := range []tally.Case{
		// opened before the month, resolved in it, late
		{Opened: at("2026-09-30 23:59"), Resolved: at("2026-10-01 00:00"), Level2: true, Level: true, TakeUp: verdict(sla.Met), Resolve: verdict(sla.Breached), Priority: "P1",
			Units: []tally.Unit{{Group: "Redes", Verdict: verdict(sla.Breached)}, {Group: "Redes", Verdict: verdict(sla.Met)}}},
		// solved online, firm
		{Opened: at("2026-10-05 09:00"), Resolved: at("2026-10-05 09:10"), Online: true, Contact: true, Eligible: true, TakeUp: verdict(sla.Met), Resolve: verdict(sla.Met), Priority: "P1", Category: "claves"},
		// solved online, eligible, but reopened within the window
		{Opened: at("2026-10-06 09:00"), Resolved: at("2026-10-06 09:10"), Online: true, Contact: true, Eligible: true, Reopened: true, Back: true, TakeUp: verdict(sla.Met), Resolve: excused, Category: "claves", Repeat: true, Known: true},
		// solved online in the last days: could still be reopened
		{Opened: at("2026-10-30 09:00"), Resolved: at("2026-10-30 09:10"), Online: true, Contact: true, Eligible: true, Category: "claves"},
		// opened in it, resolved in the next month: open at its end, overdue
		{Opened: at("2026-10-31 00:00"), Resolved: at("2026-11-01 00:00"), Open: true, Overdue: true, State: "pending", Category: "red"},
		// opened after it
		{Opened: at("2026-11-01 00:00"), Open: true, Category: "red"},
	} {
		a.AddCase(c, month.From, month.To)
	}
	a.AddMoves(tally.Moves{HandOffs: 3, Levels: 3, Returns: 1, PingPong: 1, Resolutions: 5, Reopenings: 1})
	for id, want := range map[string]float64{"cases_opened": 4, "cases_resolved": 4, "solved_online": 2.0 / 3, "solved_online_all": 0.5, "first_level": 0.75,
		"sla_take_up": 1, "sla_resolve": 0.5, "sla_excused": 1, "ola": 0.5, "open_breached": 1, "handoffs": 3, "returns": 1, "ping_pong": 1, "resolutions": 5, "reopenings": 1, "cancellations": 0,
		"reopen_rate": 0.25, "backlog": 1, "backlog_age": 86_400, "repeat_contacts": 0.25} {
		if got := value(t, a, id); math.Abs(got-want) > 1e-12 {
			t.Errorf("%s is %v, not %v", id, got, want)
		}
	}
	for _, f := range a.Figures(nil) {
		if want := map[string]int{"solved_online": 1, "solved_online_all": 1}[f.ID]; f.Provisional != want {
			t.Errorf("%s has %d provisional, not %d", f.ID, f.Provisional, want)
		}
	}
	top := a.Top("category")
	if len(top) != 2 || top[0] != (tally.Count{Name: "claves", N: 3, Of: 0.75, Cum: 0.75}) || top[1].Cum != 1 {
		t.Errorf("the most frequent are %+v", top)
	}
	trends := tally.Trends(top, []tally.Count{{Name: "claves", N: 2}}, 0)
	if *trends[0].Change != 0.5 || trends[0].Before != 2 || trends[1].Change != nil {
		t.Errorf("beside the month before they are %+v", trends)
	}
	if got := tally.Trends(top, nil, 1); len(got) != 1 {
		t.Errorf("the first one alone is %+v", got)
	}
	p1 := a.Clocks("sla_resolve")
	if len(p1) != 1 || p1[0].Met != 1 || p1[0].Breached != 1 || *p1[0].Value != 0.5 {
		t.Errorf("P1 came out as %+v", p1)
	}
	if u := a.Clocks("ola"); len(u) != 1 || u[0].Name != "Redes" || u[0].Met+u[0].Breached != 2 {
		t.Errorf("the units came out as %+v", u)
	}
}

func TestSurveysOccupancyAndCallBacks(t *testing.T) {
	a := tally.New(rules)
	for _, s := range []tally.Survey{{Answered: true, Score: 5, Asked: true, NPS: 10}, {Answered: true, Score: 4, Asked: true, NPS: 8},
		{Answered: true, Score: 2, Asked: true, NPS: 6, ByPhone: true}, {Answered: true, Score: 9}, {}} {
		a.AddSurvey(s)
	}
	a.AddStay(tally.Stay{SignedIn: 2 * time.Hour, Breaks: time.Hour, Outbound: 6 * time.Minute})
	a.AddCall(tally.Call{Outcome: tally.Answered, Talk: 10 * time.Minute, Hold: 2 * time.Minute, WrapUp: time.Hour}) // wrap-up capped at 10
	a.AddCall(tally.Call{Outcome: tally.Abandoned, Wait: time.Minute, Returned: 90 * time.Second})
	a.AddCall(tally.Call{Outcome: tally.Busy})
	for id, want := range map[string]float64{"csat": 2.0 / 3, "csat_mean": 11.0 / 3, "nps": 0, "response_rate": 0.8, "occupancy": 28.0 / 60,
		"aht": 1320, "average_call_time": 720, "wrap_up_capped": 1, "callbacks_returned": 0.5, "callback_time": 90, "lost": 2} {
		if got := value(t, a, id); math.Abs(got-want) > 1e-12 {
			t.Errorf("%s is %v, not %v", id, got, want)
		}
	}
	for _, f := range a.Figures(nil) {
		if f.ID == "csat" && (f.Low == nil || *f.Low >= *f.Value || *f.High <= *f.Value) {
			t.Errorf("csat has no interval about it: %+v", f)
		}
	}
}

func TestAMonthBeginsInTheContractsZone(t *testing.T) {
	for _, c := range []struct{ zone, month, from, to string }{
		{"America/Santiago", "2026-10", "2026-10-01T00:00:00-03:00", "2026-11-01T00:00:00-03:00"},
		{"Asia/Jerusalem", "1999-02", "1999-02-01T00:00:00+02:00", "1999-03-01T00:00:00+02:00"},
		{"America/Montreal", "2020-03", "2020-03-01T00:00:00-05:00", "2020-04-01T00:00:00-04:00"},
		{"America/Asuncion", "2017-10", "2017-10-01T01:00:00-03:00", "2017-11-01T00:00:00-03:00"}, // midnight of the first does not exist
		{"UTC", "2026-12", "2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z"},
	} {
		zone, err := time.LoadLocation(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		p, err := tally.MonthOf(c.month, zone)
		if err != nil || p.From.Format(time.RFC3339) != c.from || p.To.Format(time.RFC3339) != c.to {
			t.Errorf("%s in %s is %v to %v (%v), not %s to %s", c.month, c.zone, p.From, p.To, err, c.from, c.to)
		}
	}
	if _, err := tally.MonthOf("2026-13", time.UTC); err == nil {
		t.Error("a thirteenth month was taken")
	}
}

// The days of a year follow each other without gap or overlap, each begins on
// its own date, and no instant before it has that date: in every zone that
// changes its clock about midnight.
func TestDaysTileAnyYear(t *testing.T) {
	for _, name := range []string{"America/Santiago", "America/Havana", "Atlantic/Azores", "America/Asuncion", "Asia/Beirut", "Africa/Cairo", "America/Sao_Paulo",
		"Asia/Amman", "Pacific/Apia", "Europe/London", "UTC"} {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, year := range []int{2005, 2011, 2014, 2017, 2026} {
			last, n := time.Time{}, 0
			year := tally.Period{From: time.Date(year, 1, 1, 12, 0, 0, 0, zone), To: time.Date(year+1, 1, 1, 12, 0, 0, 0, zone)}
			for _, p := range tally.Split(year, tally.CivilDay, zone) {
				if n++; n > 400 {
					t.Fatalf("%s: the days do not end", name)
				}
				if !last.IsZero() && !p.From.Equal(last) {
					t.Fatalf("%s: a day from %v after one to %v", name, p.From, last)
				}
				before := p.From.Add(-time.Second).In(zone)
				if n > 1 && (!p.To.After(p.From) || before.Format(time.DateOnly) >= p.From.In(zone).Format(time.DateOnly)) {
					t.Fatalf("%s: the day from %v to %v does not begin where its date does", name, p.From, p.To)
				}
				last = p.To
			}
			if !last.Equal(year.To) {
				t.Fatalf("%s: the year's days end at %v", name, last)
			}
			last = year.From
			for _, p := range tally.Split(year, tally.Hour, zone) {
				if !p.From.Equal(last) || p.To.Sub(p.From) > time.Hour || !p.To.After(p.From) {
					t.Fatalf("%s: an hour from %v to %v after %v", name, p.From, p.To, last)
				}
				last = p.To
			}
		}
	}
}

// What nobody has told is not zero: it has no value, and the figure says what it
// would need.
func TestWhatIsNotKnownIsNotZero(t *testing.T) {
	month, err := tally.MonthOf("2026-10", time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	a := tally.New(tally.Rules{ShortAbandon: 5 * time.Second, AnswerIn: 20 * time.Second})
	for range 3 {
		a.AddCall(tally.Call{At: at("2026-10-05 10:00"), Outcome: tally.Abandoned, NoWait: true})
	}
	a.AddCall(tally.Call{At: at("2026-10-05 10:00"), Outcome: tally.Answered, NoWait: true, Talk: time.Minute})
	a.AddCase(tally.Case{Opened: at("2026-10-05 09:00"), Resolved: at("2026-10-05 09:10"), Eligible: true}, month.From, month.To)
	a.AddMoves(tally.Moves{HandOffs: 2})
	figures := map[string]tally.Figure{}
	for _, f := range a.Figures(nil) {
		figures[f.ID] = f
	}
	for id, needs := range map[string]string{"service_level_strict": "waits", "service_level_asterisk1": "waits", "service_level_asterisk2": "waits", "callbacks_returned": "callbacks",
		"repeat_contacts": "users", "solved_online": "contacts", "solved_online_all": "contacts", "first_level": "levels", "returns": "levels", "occupancy": "sessions"} {
		if f := figures[id]; f.Value != nil || f.Needs != needs {
			t.Errorf("%s is %+v: it needs %s", id, f, needs)
		}
	}
	for id, want := range map[string]float64{"abandoned": 3, "short_abandon": 0, "wait_unknown": 4, "offered": 4, "pct_abandoned": 0.75} {
		if got := value(t, a, id); got != want {
			t.Errorf("%s is %v, not %v", id, got, want)
		}
	}
	if n := *figures["asa"].N + *figures["wait_abandoned"].N; n != 0 {
		t.Errorf("%d unknown waits are in the means", n)
	}
	a.AddCall(tally.Call{At: at("2026-10-05 10:00"), Outcome: tally.Answered, Wait: 10 * time.Second}) // one wait is known
	if got := value(t, a, "service_level_strict"); got != 0.2 {
		t.Errorf("the service level is %v of one in five", got)
	}
}

// What comes after a month has ended is told apart from what it was.
func TestAMonthIsRestatedInLinesOfItsOwn(t *testing.T) {
	month, err := tally.MonthOf("2026-10", time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	later, gone := tally.Verdict{State: sla.Breached, ExcusedNow: true}, tally.Verdict{State: sla.Breached, Excused: true}
	a := tally.New(tally.Rules{})
	one := tally.Case{Resolved: at("2026-10-30 09:00"), Online: true, Contact: true, Eligible: true, TakeUp: verdict(sla.Met), Resolve: later}
	a.AddCase(one, month.From, month.To)
	one.Resolve, one.Units, one.Reopened, one.Back, one.Later, one.BackLater = gone, []tally.Unit{{Group: "Redes", Verdict: later}}, true, true, true, true
	a.AddCase(one, month.From, month.To)
	one.Resolve, one.Units, one.Later, one.BackLater = verdict(sla.Met), nil, false, false
	a.AddCase(one, month.From, month.To)
	got := map[string]tally.Restatement{}
	for _, x := range a.Restated() {
		got[x.ID] = x
	}
	for id, want := range map[string][4]float64{"reopen_rate": {1, 3, 2, 3}, "solved_online": {2, 3, 1, 3}, "solved_online_all": {2, 3, 1, 3}, "ola": {0, 1, 0, 0}} {
		x := got[id]
		if x.Was.Den == nil || x.Is.Den == nil || [4]float64{x.Was.Num, *x.Was.Den, x.Is.Num, *x.Is.Den} != want {
			t.Errorf("%s was restated as %+v, not %v", id, x, want)
		}
	}
	if x := got["ola_excused"]; x.Was.Num != 0 || x.Is.Num != 1 || x.Why != tally.ByExcuse || x.N != 1 {
		t.Errorf("the excuse was told as %+v", x)
	}
	if _, told := got["sla_resolve"]; told || got["reopen_rate"].Why != tally.ByReopening || len(got) != 5 {
		t.Errorf("restated %+v: one excuse came and one went", got)
	}
	if v := value(t, a, "sla_resolve"); v != 0.5 {
		t.Errorf("resolved in time is %v: what came later is not in it", v)
	}
}
