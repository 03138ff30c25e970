package oracle

import (
	"testing"
	"time"
)

// What follows was computed by hand; the numbers in brackets are those of the edge
// cases of section 4.

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// lunch is Monday to Friday from 8 to 12 and from 13 to 18, and Saturday till midnight.
func lunch(z *time.Location) (h Hours) {
	h.Zone, h.Special = z, map[Date][]Shift{}
	for d := time.Monday; d <= time.Friday; d++ {
		h.Weekly[d] = []Shift{{8 * 3600, 12 * 3600}, {13 * 3600, 18 * 3600}}
	}
	h.Weekly[time.Saturday] = []Shift{{22 * 3600, 24 * 3600}}
	return h
}

func around(z *time.Location) (h Hours) {
	h.Zone = z
	for d := range h.Weekly {
		h.Weekly[d] = []Shift{{0, 24 * 3600}}
	}
	return h
}

func TestBusinessTimeByHand(t *testing.T) {
	lima, santiago, madrid := zone(t, "America/Lima"), zone(t, "America/Santiago"), zone(t, "Europe/Madrid")
	office := lunch(lima)
	holiday := lunch(lima)
	holiday.Special[Date{2026, 11, 24}] = nil
	holiday.Special[Date{2026, 11, 25}] = []Shift{{8 * 3600, 12 * 3600}}
	holiday.Special[Date{2026, 11, 29}] = []Shift{{10 * 3600, 11 * 3600}}
	night := Hours{Zone: lima}
	night.Weekly[time.Monday] = []Shift{{22 * 3600, 30 * 3600}}
	early := Hours{Zone: santiago} // 5 September 2026 has no midnight after it there
	for d := range early.Weekly {
		early.Weekly[d] = []Shift{{0, 2 * 3600}}
	}
	small := Hours{Zone: madrid}
	for d := range small.Weekly {
		small.Weekly[d] = []Shift{{2*3600 + 1800, 4 * 3600}}
	}
	for _, c := range []struct {
		name     string
		h        Hours
		from, to string
		want     time.Duration
	}{
		{"[1] before hours", office, "2026-11-23 06:00:00", "2026-11-23 09:00:00", time.Hour},
		{"[1] after hours, over the night", office, "2026-11-23 19:00:00", "2026-11-24 08:00:01", time.Second},
		{"[1] over a weekend with a late Saturday", office, "2026-11-27 17:00:00", "2026-11-30 09:00:00", 4 * time.Hour},
		{"[2] in the lunch gap", office, "2026-11-23 12:15:00", "2026-11-23 12:45:00", 0},
		{"[2] across lunch", office, "2026-11-23 11:00:00", "2026-11-23 14:00:00", 2 * time.Hour},
		{"[3] the last second of the day", office, "2026-11-23 17:59:59", "2026-11-23 18:00:05", time.Second},
		{"[4] an end at 24:00", office, "2026-11-28 23:00:00", "2026-11-29 05:00:00", time.Hour},
		{"backwards", office, "2026-11-23 14:00:00", "2026-11-23 11:00:00", 0},
		{"[1] a holiday, a half day, an extra opening", holiday, "2026-11-23 17:00:00", "2026-11-29 23:00:00", (1 + 0 + 4 + 9 + 9 + 2 + 1) * time.Hour},
		{"[7] one weekday only, [12] a shift over midnight", night, "2026-11-23 23:00:00", "2026-12-01 01:00:00", (7 + 3) * time.Hour},
		{"[11] a midnight that does not exist", early, "2026-09-05 12:00:00", "2026-09-06 12:00:00", time.Hour},
		{"[11] a spring gap at the opening", small, "2026-03-29 00:00:00", "2026-03-29 12:00:00", time.Hour},
		{"[11] an autumn repeat: the first half past two", small, "2026-10-25 00:00:00", "2026-10-25 12:00:00", 2*time.Hour + 30*time.Minute},
	} {
		at := func(s string) time.Time {
			x, err := time.ParseInLocation("2006-01-02 15:04:05", s, c.h.Zone)
			if err != nil {
				t.Fatal(err)
			}
			return x
		}
		if got := c.h.Business(at(c.from), at(c.to)); got != c.want {
			t.Errorf("%s: %v, by hand %v", c.name, got, c.want)
		}
	}
}

// told is a case of the contract "c" and of priority 2, unless its rows say otherwise.
func told(rows ...Row) Case {
	for i := range rows {
		if rows[i].What == "opened" && rows[i].Contract == "" {
			rows[i].Contract = "c"
		}
		if rows[i].What == "opened" && rows[i].Priority == 0 {
			rows[i].Priority = 2
		}
	}
	return Case{ID: "1", Rows: rows}
}

func TestIndicesByHand(t *testing.T) {
	lima := zone(t, "America/Lima")
	at := func(day, hour, minute int) time.Time { return time.Date(2026, 11, day, hour, minute, 0, 0, lima) }
	november := Month{"c", 2026, 11}
	contract := Contract{Hours: around(lima), Zone: lima, Pauses: []string{"user"}, ReopenDays: 7, ShortAbandon: 5 * time.Second, AnswerIn: 20 * time.Second, WrapUp: 600 * time.Second,
		Promises: map[int]Promise{1: {10 * time.Minute, time.Hour, time.Hour}, 2: {30 * time.Minute, 2 * time.Hour, time.Hour}, 3: {time.Hour, 4 * time.Hour, 2 * time.Hour}}}
	open := func(h, m int) Row { return Row{At: at(2, h, m), What: "opened", Group: "A", Level: 1} }
	is := func(d, h, m int, what string) Row { return Row{At: at(d, h, m), What: what} }
	hand := func(d, h, m int, group string, level int) Row {
		return Row{At: at(d, h, m), What: "handed", Group: group, Level: level}
	}
	wait := func(d, h, m int, reason string) Row {
		return Row{At: at(d, h, m), What: "suspended", Reason: reason}
	}
	rate := func(d, h, m, priority int) Row {
		return Row{At: at(d, h, m), What: "edited", Contract: "c", Priority: priority}
	}
	share := func(num, den float64) [2]float64 { return [2]float64{num, den} }
	for _, c := range []struct {
		name string
		rows []Row
		want map[string][2]float64 // num, den; -1 is no denominator
	}{
		{"in two hours exactly is met", []Row{open(9, 0), is(2, 9, 30, "taken"), is(2, 11, 0, "resolved")},
			map[string][2]float64{"sla_take_up": share(1, 1), "sla_resolve": share(1, 1), "backlog": {0, -1}}},
		{"[28] closed in one step", []Row{open(9, 0), is(2, 9, 0, "resolved")}, map[string][2]float64{"sla_take_up": share(1, 1), "sla_resolve": share(1, 1)}},
		{"[27] a rule takes nothing up", []Row{open(9, 0), {At: at(2, 9, 1), What: "taken", ByRule: true}, is(2, 10, 0, "resolved")}, map[string][2]float64{"sla_take_up": share(0, 1)}},
		{"[20] a pause and then solved", []Row{open(9, 0), wait(2, 10, 0, "user"), is(2, 19, 0, "resolved")}, map[string][2]float64{"sla_resolve": share(1, 1), "resolution_time": share(3600, 1)}},
		{"a reason that the contract does not list", []Row{open(9, 0), wait(2, 10, 0, "internal"), is(2, 19, 0, "resolved")}, map[string][2]float64{"sla_resolve": share(0, 1)}},
		{"work ends a pause: a hand-off", []Row{open(9, 0), wait(2, 9, 10, "user"), hand(2, 10, 10, "B", 2), is(2, 10, 11, "taken"), is(6, 10, 0, "resolved")},
			map[string][2]float64{"sla_resolve": share(0, 1), "ola": share(0, 1), "handoffs": {1, -1}, "first_level": share(0, 1)}},
		{"work ends a pause: taken up", []Row{open(9, 0), wait(2, 9, 10, "user"), is(2, 10, 0, "taken"), is(2, 11, 51, "resolved")}, map[string][2]float64{"sla_resolve": share(0, 1)}},
		{"a note does not", []Row{open(9, 0), wait(2, 9, 10, "user"), is(2, 10, 0, "noted"), is(2, 15, 0, "resolved")}, map[string][2]float64{"sla_resolve": share(1, 1)}},
		{"[23] a lower priority does not take a breach back", []Row{open(9, 0), rate(2, 11, 1, 3), is(2, 11, 30, "resolved")}, map[string][2]float64{"sla_resolve": share(0, 1)}},
		{"a lower priority in time", []Row{open(9, 0), rate(2, 10, 59, 3), is(2, 12, 30, "resolved")}, map[string][2]float64{"sla_resolve": share(1, 1)}},
		{"[23] a higher one while it waits", []Row{open(9, 0), wait(2, 9, 50, "user"), rate(2, 12, 0, 1), is(2, 20, 0, "resolved")}, map[string][2]float64{"sla_resolve": share(1, 1)}},
		{"[25] no promise matches", []Row{open(9, 0), rate(2, 9, 5, 9), is(2, 20, 0, "resolved")}, map[string][2]float64{"sla_resolve": share(0, 0)}},
		{"an excuse", []Row{open(9, 0), {At: at(3, 0, 0), What: "excused", Clock: "resolve", Run: 1}, is(3, 1, 0, "resolved")}, map[string][2]float64{"sla_resolve": share(0, 0), "sla_excused": {1, -1}}},
		{"[26] A to B to A", []Row{open(9, 0), hand(2, 9, 10, "B", 2), hand(2, 9, 20, "A", 1), hand(2, 9, 30, "B", 2), is(2, 10, 0, "resolved")},
			map[string][2]float64{"handoffs": {3, -1}, "returns": {1, -1}, "ping_pong": {2, -1}, "ola": share(3, 3)}},
		{"a reopening between does not hide it", []Row{open(9, 0), hand(2, 9, 10, "B", 2), is(2, 9, 30, "resolved"), is(2, 9, 40, "reopened"), hand(2, 9, 50, "A", 1), is(2, 10, 0, "resolved")},
			map[string][2]float64{"ping_pong": {1, -1}, "returns": {1, -1}, "handoffs": {2, -1}, "ola": share(3, 3), "reopen_rate": share(1, 1), "cases_resolved": {1, -1}, "resolutions": {2, -1}}},
		{"[30] a reopening on the seventh day, and the time solved does not count", []Row{open(9, 0), is(2, 10, 0, "resolved"), is(9, 10, 0, "reopened"), is(9, 11, 0, "resolved")},
			map[string][2]float64{"reopen_rate": share(1, 1), "sla_resolve": share(1, 1)}},
		{"[30] and after it", []Row{open(9, 0), is(2, 10, 0, "resolved"), is(9, 10, 1, "reopened")}, map[string][2]float64{"reopen_rate": share(0, 1), "backlog": {1, -1}}},
		{"the last resolution, not the first", []Row{open(9, 0), is(2, 10, 0, "resolved"), is(20, 10, 0, "reopened"), is(21, 10, 0, "resolved"), is(22, 10, 0, "reopened")}, map[string][2]float64{"reopen_rate": share(1, 1)}},
		{"[34] resolved in November, reopened in December", []Row{open(9, 0), is(28, 10, 0, "resolved"), {At: at(31, 10, 0), What: "reopened"}},
			map[string][2]float64{"backlog": {0, -1}, "cases_resolved": {1, -1}, "reopen_rate": share(1, 1)}},
		{"[29] merged", []Row{open(9, 0), is(2, 10, 0, "merged")}, map[string][2]float64{"cases_opened": {1, -1}, "backlog": {0, -1}, "cancellations": {1, -1}}},
		{"a merge that was taken back", []Row{open(9, 0), {At: at(2, 10, 0), What: "merged", Undone: at(3, 10, 0)}}, map[string][2]float64{"backlog": {1, -1}, "cancellations": {0, -1}}},
		{"a resolution that was taken back in December goes on counting", []Row{open(9, 0), {At: at(2, 10, 0), What: "resolved", Undone: at(38, 0, 0)}}, map[string][2]float64{"backlog": {0, -1}, "cases_resolved": {1, -1}}},
		{"[31] what an isolated workstation tells later has its place", []Row{open(9, 0), is(2, 12, 0, "resolved"), {At: at(2, 9, 30), Known: at(4, 0, 0), What: "suspended", Reason: "user"}}, map[string][2]float64{"sla_resolve": share(1, 1)}},
		{"[21] breached and then paused stays so", []Row{open(9, 0), wait(2, 11, 1, "user"), is(2, 23, 0, "resolved")}, map[string][2]float64{"sla_resolve": share(0, 1), "resolution_time": share(7260, 1)}},
		{"solved in the call that opened it", []Row{{At: at(2, 9, 0), What: "opened", Group: "A", Level: 1, Call: "x"}, {At: at(2, 9, 5), What: "resolved", Call: "x"}}, map[string][2]float64{"solved_online_all": share(1, 1)}},
		{"and open at the end, late", []Row{open(9, 0)}, map[string][2]float64{"open_breached": {1, -1}, "backlog": {1, -1}}},
	} {
		d := Desk{Contracts: map[string]Contract{"c": contract}, Cases: []Case{told(c.rows...)}}
		got := d.Figures(november, at(365, 0, 0))
		for id, want := range c.want {
			den := -1.0
			if f := got[id]; f.Den != nil {
				den = *f.Den
			}
			if got[id].Num != want[0] || den != want[1] {
				t.Errorf("%s: %s is %v of %v, by hand %v of %v", c.name, id, got[id].Num, den, want[0], want[1])
			}
		}
	}
}

func TestCallsByHand(t *testing.T) {
	lima := zone(t, "America/Lima")
	at := time.Date(2026, 11, 23, 9, 0, 0, 0, lima)
	call := func(outcome string, wait, talk int) Call {
		return Call{At: at, Outcome: outcome, Wait: time.Duration(wait) * time.Second, Talk: time.Duration(talk) * time.Second, Queued: wait > 0}
	}
	closed := call("answered", 3, 60)
	closed.At = at.Add(14 * time.Hour)
	unknown := call("abandoned", 0, 0)
	unknown.NoWait = true
	d := Desk{Contracts: map[string]Contract{"c": {Hours: lunch(lima), Zone: lima, ReopenDays: 7, ShortAbandon: 5 * time.Second, AnswerIn: 20 * time.Second, WrapUp: 10 * time.Second}},
		Calls: []Call{call("answered", 20, 100), call("answered", 21, 60), call("answered", 0, 20), call("abandoned", 4, 0), call("abandoned", 5, 0), call("busy", 0, 0), call("menu", 0, 0), closed, unknown}}
	d.Calls[0].WrapUp, d.Calls[1].WrapUp, d.Calls[1].Hold = 11*time.Second, 4*time.Second, 5*time.Second
	got := d.Figures(Month{"c", 2026, 11}, at.Add(24*time.Hour))
	for id, want := range map[string][2]float64{"offered": {6, -1}, "established": {3, -1}, "abandoned": {2, -1}, "short_abandon": {1, -1}, "lost": {3, -1}, "closed_hours": {1, -1}, "lost_in_menu": {1, -1},
		"wait_unknown": {1, -1}, "pct_lost": {3, 6}, "pct_abandoned": {2, 6}, "service_level_strict": {2, 5}, "service_level_asterisk1": {2, 3}, "service_level_asterisk2": {3, 5},
		"asa": {41, 3}, "wait_abandoned": {5, 1}, "average_call_time": {185, 3}, "aht": {199, 3}} {
		den := -1.0
		if f := got[id]; f.Den != nil {
			den = *f.Den
		}
		if got[id].Num != want[0] || den != want[1] {
			t.Errorf("%s is %v of %v, by hand %v of %v", id, got[id].Num, den, want[0], want[1])
		}
	}
	if f := got["asa"]; *f.Median != 20 || *f.P90 != 20.8 {
		t.Errorf("the waits 0, 20, 21 have median %v and p90 %v", *f.Median, *f.P90)
	}
}
