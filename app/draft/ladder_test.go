package draft_test

import (
	"strings"
	"testing"

	"punto/app/desk"
	"punto/app/draft"
)

const escalations = `
    escalations:
      - clocks: [resolve]
        priorities: [1, 2]
        hours: true
        rungs:
          - at: 50%
            to: [group]
          - at: 75%
            to: [supervisor]
            acknowledge: 15m
          - at: unacknowledged
            to: [agent:norma.vidal, group:redes]
            acknowledge: 15m
          - at: 30m before
            to: [owner]
          - at: 1h after
            to: [supervisor]
            move: redes
            raise: true
            mail: true
      - rungs:
          - at: 100%
            to: [supervisor]
`

// withLadders is the standard model with these escalations.
func withLadders(t *testing.T, text string) string {
	t.Helper()
	all := written(t, draft.FileOf(standard()))
	at := strings.Index(all, "    goals:")
	if at < 0 {
		t.Fatal(all)
	}
	return all[:at] + strings.TrimPrefix(text, "\n") + all[at:]
}

func TestEscalationsAreReadAsTheyAreWritten(t *testing.T) {
	f, problems := draft.Read(strings.NewReader(withLadders(t, escalations)))
	for _, p := range problems {
		t.Error(p.Error())
	}
	var k desk.Contract
	for code := range f.Contracts {
		k = f.Contract(code)
	}
	want := []desk.Rung{{Percent: 50, To: []string{"group"}}, {Percent: 75, To: []string{"supervisor"}, Ack: 900},
		{Unacked: true, To: []string{"agent:norma.vidal", "group:redes"}, Ack: 900}, {Offset: -1800, To: []string{"owner"}},
		{Offset: 3600, To: []string{"supervisor"}, Move: "redes", Raise: true, Mail: true}}
	if len(k.Ladders) != 2 || !k.Ladders[0].Hours || len(k.Ladders[0].Rungs) != len(want) {
		t.Fatalf("%+v", k.Ladders)
	}
	for i, g := range k.Ladders[0].Rungs {
		if strings.Join(g.To, " ") != strings.Join(want[i].To, " ") || g.Percent != want[i].Percent || g.Offset != want[i].Offset || g.Unacked != want[i].Unacked || g.Ack != want[i].Ack || g.Move != want[i].Move || g.Raise != want[i].Raise || g.Mail != want[i].Mail {
			t.Errorf("rung %d is %+v, not %+v", i, g, want[i])
		}
	}
	if text := written(t, f); !strings.Contains(text, "at: 30m before") {
		t.Error("not written as it was read")
	} else if again, _ := draft.Read(strings.NewReader(text)); len(draft.Diff(f, again)) > 0 {
		t.Error("it differs from itself")
	}
	if k.Ladder("resolve", 1).Rungs[0].Percent != 50 || k.Ladder("resolve", 3).Rungs[0].Percent != 100 || k.Ladder("ola", 1).Rungs[0].Percent != 100 {
		t.Error("another ladder holds than the first that fits")
	}
	if l := (desk.Contract{}).Ladder("resolve", 1); len(l.Rungs) != 2 || l.Rungs[0].Percent != 75 {
		t.Error("no ladder holds where a contract has none")
	}
}

// Each mistake is told with its line.
func TestWrongEscalationsAreTold(t *testing.T) {
	for _, x := range []struct{ from, to, says string }{
		{"to: [group]", "to: []", "nobody receives it"},
		{"to: [group]", "to: [jefe]", "\"jefe\" is nobody"},
		{"group:redes", "group:nadie", "there is no group \"nadie\""},
		{"move: redes", "move: nadie", "there is no group \"nadie\""},
		{"clocks: [resolve]", "clocks: [reloj]", "no clock of a case"},
		{"priorities: [1, 2]", "priorities: [1, 7]", "there is no priority 7"},
		{"at: 50%", "at: unacknowledged", "there is no rung before it"},
		{"at: 75%\n            to: [supervisor]\n            acknowledge: 15m", "at: 75%\n            to: [supervisor]", "the rung before it asks nobody"},
		{"at: 75%", "at: 50%", "another rung is reached at 50% too"},
		{"at: 75%", "at: 40%", "reached before the rung above"},
		{"at: 75%", "at: 7500%", "is not when a rung is reached"},
		{"at: 30m before", "at: mañana", "is not when a rung is reached"},
		{"clocks: [resolve]\n        priorities: [1, 2]\n        hours: true\n        ", "", "it is never used: escalation 1"},
	} {
		text := strings.Replace(escalations, x.from, x.to, 1)
		if text == escalations {
			t.Fatalf("%q is not there", x.from)
		}
		_, problems := draft.Read(strings.NewReader(withLadders(t, text)))
		found := false
		for _, p := range problems {
			found = found || strings.Contains(p.Error(), x.says) && p.Line > 0
		}
		if !found {
			t.Errorf("%q instead of %q: %v, not %q", x.to, x.from, problems, x.says)
		}
	}
}
