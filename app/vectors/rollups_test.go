package vectors_test

import (
	"strings"
	"testing"

	"punto/app/vectors"
)

// roll runs one vector of given rows, a question and what is expected.
func roll(t *testing.T, given, args, about, expect string) vectors.Report {
	t.Helper()
	rep, err := vectors.RollUps(strings.NewReader(`[{"id": "v", "given": [` + given + `], "query": [{"call": "queue_statistics.get_by_id", "args": ` + args +
		`}], "expected": [{"about": "` + about + `", "expect": ` + expect + `}]}]`))
	if err != nil {
		t.Fatal(err)
	}
	return rep
}

const (
	day   = `{"queue_id": 1, "from_": "2020-10-06 00:00:00", "until": "2020-10-07 00:00:00"}`
	mixed = `{"table": "stat_queue_periodic", "row": {"queue_id": 1, "time": "2020-10-06 5:00:00", "total": 38, "answered": 1, "abandoned": 2, "closed": 1, "joinempty": 3, "leaveempty": 4, "timeout": 5, "divert_ca_ratio": 6, "divert_waittime": 7, "full": 8}}`
)

// Each way in which a call is not answered has its place, and a row's total may hold
// calls of which nothing else is told.
func TestSaturatedBlockedAndUntoldCallsAreCounted(t *testing.T) {
	for name, want := range map[string]string{"received": "38", "answered": "1", "abandoned": "2", "closed": "1", "saturated": "21", "blocked": "7", "not_answered": "5"} {
		if rep := roll(t, mixed, day, "results['items']", `[{"from": "2020-10-06T00:00:00+00:00", "`+name+`": `+want+`}]`); rep.Passed != 1 {
			t.Errorf("%s: %+v", name, rep)
		}
		if rep := roll(t, mixed, day, "results['items']", `[{"`+name+`": 99}]`); rep.Failed != 1 {
			t.Errorf("a wrong %s passed: %+v", name, rep)
		}
	}
	// The source's rate leaves out diverted calls: 1 of 23, where ours is 1 of 36.
	if rep := roll(t, mixed, day, "results['items']", `[{"answered_rate": 4.35}]`); len(rep.Listed) != 1 || !strings.Contains(rep.Listed[0], "diverted") {
		t.Errorf("%+v", rep)
	}
	if rep := roll(t, mixed, day, "results['items']", `[{"answered_rate": 2.78}]`); rep.Passed != 1 {
		t.Errorf("%+v", rep)
	}
}

// A second written with a zero too many, and a call without a status, which was
// answered.
func TestRowsAsPeopleWriteThem(t *testing.T) {
	const given = `{"table": "stat_agent", "row": {"id": 1, "agent_id": 42}}, {"table": "stat_call_on_queue", "row": {"agent_id": 1, "time": "2020-10-06 7:17:042", "talktime": 547}}`
	rep, err := vectors.RollUps(strings.NewReader(`[{"id": "v", "given": [` + given + `], "query": [{"call": "agent_statistics.get_by_id", "args": {"agent_id": 42}}],
		"expected": [{"about": "results['items']", "expect": [{"answered": 1, "conversation_time": "<timedelta(seconds=500 + 47).seconds>"}]}]}]`))
	if err != nil || rep.Passed != 1 {
		t.Errorf("%+v, %v", rep, err)
	}
}

// What is not known fails; it is never passed over.
func TestWhatARollUpDoesNotKnowFails(t *testing.T) {
	for _, x := range []struct{ args, about, expect string }{
		{`{"interval": "week"}`, "results", `{"total": 1}`},
		{`{"colour": "red"}`, "results", `{"total": 1}`},
		{`{"timezone": "Nowhere/Land"}`, "results", `{"total": 1}`},
		{day, "weather", `{}`},
		{day, "results['items']", `[]`},
		{`{"from_": "2020-10-06 00:00:00", "until": "2020-10-07 00:00:00", "interval": "hour"}`, "results['items']", `[{"from": "2020-10-06T00:30:00+00:00", "until": "2020-10-06T01:30:00+00:00", "answered": 0}, {}]`},
	} {
		if rep := roll(t, mixed, x.args, x.about, x.expect); rep.Failed != 1 {
			t.Errorf("%s, %s: %+v", x.args, x.about, rep)
		}
	}
	if _, err := vectors.RollUps(strings.NewReader(`{}`)); err == nil {
		t.Error("an object was taken for a list")
	}
}
