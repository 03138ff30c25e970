package main

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"punto/app"
	"punto/app/phone"
	"punto/packaging/outside"
)

// source is one file of the capture with its format.
type source struct {
	format, file string
	args         []string
}

var sources = []source{
	{"queue_log", "ast20.queue_log.gz", nil},
	{"ami", "ast20-local.ami.txt.gz", nil},
	{"ami", "ast20-local.ami-min.txt.gz", nil},
	{"ami", "ast20-sip.ami.txt.gz", nil},
	{"cdr", "ast20.cdr-Master.csv.gz", []string{"--zone", "UTC"}},
	{"cel", "ast20.cel-Master.csv.gz", nil},
}

// callsOf are the calls of a desk, by their id, as JSON.
func callsOf(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	in := app.Calls{Limit: 500}
	b, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range read[app.CallsAnswer](t, must(t, dir, "ask", "Calls", "--json-in", file(t, "q.json", string(b)))).Rows {
		b, err := json.Marshal(r.Call)
		if err != nil {
			t.Fatal(err)
		}
		if _, twice := out[r.Call.UniqueID]; twice {
			t.Errorf("call %s is in the desk twice", r.Call.UniqueID)
		}
		out[r.Call.UniqueID] = string(b)
	}
	return out
}

// Several sources of the same hours into one desk are one set of calls, in whatever
// order they come, and twice is once.
func TestSeveralSourcesOfTheSameHoursAreOneSetOfCalls(t *testing.T) {
	outside.Path(t, "asterisk-live/ast20.queue_log.gz")
	var want map[string]string
	for _, order := range [][]int{{0, 1, 2, 3, 4, 5}, {5, 4, 3, 2, 1, 0}, {2, 4, 0, 5, 3, 1}} {
		dir := newDeskIn(t, "UTC")
		for _, twice := range []bool{false, true} {
			for _, i := range order {
				s := sources[i]
				args := append([]string{"import", "calls", "--format", s.format, outside.Path(t, "asterisk-live/"+s.file), "--json"}, s.args...)
				a := read[account](t, must(t, dir, args...))
				if a.Rejected > 0 || a.Imported+a.Known == 0 || twice && a.Imported > 0 {
					t.Errorf("%s, a second time %v: %+v", s.file, twice, a)
				}
			}
		}
		got := callsOf(t, dir)
		if want == nil {
			want = got
		}
		if len(got) != len(want) {
			t.Errorf("in the order %v there are %d calls, not %d", order, len(got), len(want))
		}
		for id, c := range want {
			if got[id] != c {
				t.Errorf("in the order %v call %s is %s, not %s", order, id, got[id], c)
			}
		}
	}
	// Both passes of 17 scenarios less those that no source tells how they ended, and a SIP phone's.
	outcomes := map[phone.Outcome]int{}
	for id, text := range want {
		var c phone.Call
		if err := json.Unmarshal([]byte(text), &c); err != nil {
			t.Fatal(err)
		}
		outcomes[c.Outcome]++
		if c.Outcome == phone.Completed && (c.Agent == "" || slices.Contains([]string{"Local/101@agents", "Local/102@agents", "SIP/201"}, c.Agent)) {
			t.Errorf("%s was answered by %q: the log knows who that is", id, c.Agent)
		}
	}
	if len(want) != 35 || outcomes[phone.Completed] != 16 || outcomes[phone.Abandoned] != 12 || outcomes[phone.Busy] != 2 || outcomes[phone.Withdrawn] != 2 || outcomes[phone.Overflow] != 1 || outcomes[phone.Closed] != 1 {
		t.Errorf("%d calls: %v", len(want), outcomes)
	}
}

func TestThePrintedLinesOfAnExchangeAreCalls(t *testing.T) {
	dir := newDeskIn(t, "America/Santiago")
	lines := file(t, "smdr.txt", "2026/10/05 09:00:00,00:01:10,12,0981234501,I,600,225550101,,0,1000014,0,E201,Ana,T9161,LINE 5.1,0,0\r\n"+
		"2026/10/05 09:25:00,00:02:00,3,201,O,0977,0977,,0,1000017,0,E201,Ana Perez,T9162,LINE 5.2,0,0\r\nno call\r\n")
	args := []string{"import", "calls", "--format", "smdr", "--map", "avaya", "--zone", "America/Santiago", lines, lines, "--json"}
	out := must(t, dir, args...)
	var first, second account
	d := json.NewDecoder(strings.NewReader(out))
	if err := d.Decode(&first); err != nil {
		t.Fatal(err)
	}
	if err := d.Decode(&second); err != nil {
		t.Fatal(err)
	}
	if first.Rows != 3 || first.Imported != 1 || first.Rejected != 1 || second.Known != 1 || second.Imported != 0 {
		t.Errorf("the imports gave %+v and %+v", first, second)
	}
}
