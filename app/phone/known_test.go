package phone_test

import (
	"testing"
	"time"

	"punto/app/phone"
)

// A wait that is not told and does not follow from the times is not known, which
// is not zero.
func TestAWaitThatIsNotToldIsNotZero(t *testing.T) {
	const m = `
columns: {id: id, offered: at, ended: end, wait: wait, outcome: how, dialled: to, queue: queue}
outcomes: {Y: completed, N: abandoned, B: busy}
`
	cs, bad, fatal := readCSV(t, m, "id,at,end,wait,how,to,queue\n"+
		"1,2026-10-05 09:00:00,,,N,600,mesa\n2,2026-10-05 09:00:00,,0,N,,\n3,2026-10-05 09:00:00,2026-10-05 09:00:07,,N,,\n4,2026-10-05 09:00:00,,,Y,,\n5,2026-10-05 09:00:00,,,B,,\n", "UTC")
	if fatal != nil || len(bad) != 0 || len(cs) != 5 {
		t.Fatalf("%d calls, %v, %v", len(cs), bad, fatal)
	}
	for i, unknown := range []bool{true, false, false, true, false} {
		if got := cs[i].Doubts&phone.NoWait != 0; got != unknown {
			t.Errorf("call %d: unknown is %v, waits %v", i+1, got, cs[i].Wait)
		}
	}
	if cs[2].Wait != 7*time.Second || !cs[0].EndedAt.IsZero() || !cs[3].Answered() || cs[0].Dialled != "600" || cs[0].Queue != "mesa" {
		t.Errorf("the calls came out as %+v", cs)
	}
}

// Live, a call of which only the end was seen does not tell how long it waited.
func TestAnEndAloneTellsNoWait(t *testing.T) {
	end := event(phone.Ended, 1, 9)
	end.Outcome = phone.Abandoned
	if c := phone.Fold([]phone.CallEvent{end}); c.Doubts&phone.NoWait == 0 {
		t.Errorf("it came out as %+v", c)
	}
	if c := phone.Fold([]phone.CallEvent{event(phone.Offered, 1, 2), end}); c.Doubts&phone.NoWait != 0 || c.Wait != 7*time.Second {
		t.Errorf("with its beginning it came out as %+v", c)
	}
	end.Told = phone.ToldWait
	if c := phone.Fold([]phone.CallEvent{end}); c.Doubts&phone.NoWait != 0 {
		t.Errorf("told that it was zero, it came out as %+v", c)
	}
}

func TestTheNumberDialledIsKept(t *testing.T) {
	events, _, bad := read(t, "1795388574|1.1|mesa|NONE|DID|0225550101\n1795388576|1.1|mesa|NONE|ENTERQUEUE||0981|1\n1795388579|1.1|mesa|NONE|ABANDON|1|1|3\n")
	if c := calls(events)["1.1"]; bad != 0 || c.Dialled != "0225550101" || c.Queue != "mesa" || c.Wait != 3*time.Second || c.Caller != "0981" {
		t.Errorf("it came out as %+v", c)
	}
}
