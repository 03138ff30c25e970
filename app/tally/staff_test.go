package tally_test

import (
	"encoding/json"
	"math"
	"testing"
	"time"

	"punto/app/desk"
	"punto/app/tally"
)

func TestErlangCGivesTheWorkedExamples(t *testing.T) {
	half := tally.Load{Calls: 60, Interval: 30 * time.Minute, AHT: 240 * time.Second}
	s, rostered, err := half.Staff(0.80, 20*time.Second, 0.30)
	if err != nil || s.Agents != 11 || math.Abs(s.Level-0.809) > 5e-4 || math.Abs(s.ASA.Seconds()-19.6) > 0.05 || rostered != 16 {
		t.Errorf("60 calls in half an hour: %+v, %d rostered, %v: 11 agents, 80.9 %%, 19.6 s, 16 rostered expected", s, rostered, err)
	}
	ten := tally.Load{Calls: 100, Interval: 30 * time.Minute, AHT: 180 * time.Second}
	for agents, want := range map[int][3]float64{14: {0.1741, 0.8884, 7.8}, 13: {-1, 0.7956, -1}, 12: {-1, 0.640, -1}} {
		s := ten.Serve(agents, 20*time.Second)
		for i, got := range []float64{s.Waits, s.Level, s.ASA.Seconds()} {
			if want[i] >= 0 && math.Abs(got-want[i]) > []float64{5e-5, 5e-4, 0.05}[i] {
				t.Errorf("10 erlangs, %d agents: %+v, not %v", agents, s, want)
			}
		}
	}
}

func TestErlangCAtItsEdges(t *testing.T) {
	l := tally.Load{Calls: 100, Interval: 30 * time.Minute, AHT: 180 * time.Second}
	if s := l.Serve(10, time.Minute); s.Waits != 1 || s.Level != 0 || s.Occupancy != 1 {
		t.Errorf("as many agents as traffic came out as %+v", s)
	}
	if s := (tally.Load{}).Serve(0, time.Second); s.Level != 1 || s.ASA != 0 {
		t.Errorf("no calls came out as %+v", s)
	}
	last := 0.0
	for n := 11; n < 400; n++ { // no overflow, and more agents never serve worse
		s := l.Serve(n, 20*time.Second)
		if s.Level < last || math.IsNaN(s.Level) || s.Level > 1 {
			t.Fatalf("%d agents: level %v after %v", n, s.Level, last)
		}
		last = s.Level
	}
	for _, bad := range [][2]float64{{1, 0}, {-0.1, 0}, {0.8, 1}} {
		if _, _, err := l.Staff(bad[0], time.Second, bad[1]); err == nil {
			t.Errorf("level %v with shrinkage %v was taken", bad[0], bad[1])
		}
	}
	if _, _, err := (tally.Load{Calls: math.Inf(1), Interval: 1, AHT: 1}).Staff(0.8, 0, 0); err == nil {
		t.Error("an endless load was staffed")
	}
}

func TestWilsonsInterval(t *testing.T) {
	for _, c := range []struct {
		k, n   int
		lo, hi float64
	}{{81, 263, 0.2553, 0.3662}, {0, 20, 0, 0.1611}, {1, 29, 0.0061, 0.1718}, {0, 0, 0, 1}} { // Newcombe 1998, table I, method 3
		if lo, hi := tally.Wilson(c.k, c.n); math.Abs(lo-c.lo) > 5e-5 || math.Abs(hi-c.hi) > 5e-5 {
			t.Errorf("%d of %d is %.4f to %.4f, not %.4f to %.4f", c.k, c.n, lo, hi, c.lo, c.hi)
		}
	}
}

// The names and the shape that programs outside rely on.
func TestTheIndicesKeepTheirNamesAndShape(t *testing.T) {
	b, err := json.Marshal(tally.New(rules).Figures(nil))
	if err != nil {
		t.Fatal(err)
	}
	var figures []map[string]any
	if err := json.Unmarshal(b, &figures); err != nil {
		t.Fatal(err)
	}
	have := map[string]map[string]any{}
	for _, f := range figures {
		id, _ := f["id"].(string)
		if have[id] != nil {
			t.Errorf("%s is there twice", id)
		}
		have[id] = f
		if tally.Definition(id) == "" || f["definition"] != tally.Definition(id) {
			t.Errorf("%s has no definition", id)
		}
		for _, key := range []string{"id", "num", "den", "value", "unit", "n", "median", "p90", "target", "state"} {
			if _, ok := f[key]; !ok {
				t.Errorf("%s has no %q", id, key)
			}
		}
		if count := f["unit"] == "count"; count != (f["den"] == nil) || count && f["value"] != f["num"] || !count && f["value"] != nil {
			t.Errorf("%s of an empty month is %v", id, f)
		}
	}
	for _, id := range []string{"offered", "established", "abandoned", "short_abandon", "busy", "overflow", "withdrawn", "lost", "closed_hours", "lost_in_menu",
		"pct_lost", "pct_abandoned", "pct_abandoned_of_queued", "service_level_strict", "service_level_asterisk1", "service_level_asterisk2", "asa", "wait_abandoned",
		"average_call_time", "aht", "occupancy", "cases_opened", "cases_resolved", "solved_online", "solved_online_all", "first_level", "sla_take_up", "sla_resolve",
		"ola", "handoffs", "returns", "ping_pong", "reopen_rate", "backlog", "repeat_contacts", "callbacks_returned", "csat", "nps", "response_rate"} {
		if have[id] == nil {
			t.Errorf("there is no index %s", id)
		}
	}
}

func TestAFigureIsJudgedUnrounded(t *testing.T) {
	a := tally.New(rules)
	for i := range 10_000 { // 79.99 %: rounds to 80.0, and misses 80
		w := time.Second
		if i >= 7_999 {
			w = time.Minute
		}
		a.AddCall(tally.Call{Outcome: tally.Answered, Wait: w})
	}
	for _, c := range []struct {
		goal  desk.Goal
		state string
		watch bool
	}{
		{desk.Goal{Index: "service_level_strict", Value: 0.80, AtLeast: true}, "missed", false},
		{desk.Goal{Index: "service_level_strict", Value: 0.7999, AtLeast: true}, "met", true},
		{desk.Goal{Index: "service_level_strict", Value: 0.75, AtLeast: true}, "met", false},
		{desk.Goal{Index: "pct_abandoned", Value: 0.05}, "met", false},
		{desk.Goal{Index: "sla_resolve", Value: 0.9, AtLeast: true}, "", false},
	} {
		for _, f := range a.Figures([]desk.Goal{c.goal}) {
			if f.ID == c.goal.Index && (f.State != c.state || f.Watch != c.watch || *f.Target != c.goal.Value) {
				t.Errorf("%s against %v is %q (watch %v), not %q (%v)", f.ID, c.goal.Value, f.State, f.Watch, c.state, c.watch)
			}
		}
	}
}
