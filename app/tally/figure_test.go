package tally_test

import (
	"encoding/json"
	"math"
	"testing"
	"time"

	"punto/app/desk"
	"punto/app/tally"
)

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
