package phone_test

import (
	"strings"
	"testing"
	"time"

	"punto/app/phone"
)

// Each row that ends a call has its durations at places of its own.
func TestEveryEndOfAQueueLog(t *testing.T) {
	const (
		enter   = "1795388500|c|mesa|NONE|ENTERQUEUE||0981|1\n"
		connect = "1795388510|c|mesa|Ana|CONNECT|8|1795388509.1|2\n"
	)
	for _, x := range []struct {
		name, rows string
		outcome    phone.Outcome
		wait, talk int // seconds
		to         string
	}{
		{"the caller hangs up", enter + connect + "1795388600|c|mesa|Ana|COMPLETECALLER|8|71|1\n", phone.Completed, 8, 71, ""},
		{"the agent hangs up", enter + connect + "1795388600|c|mesa|Ana|COMPLETEAGENT|8|72|3\n", phone.Completed, 8, 72, ""},
		{"an old log without a talk time", enter + connect + "1795388600|c|mesa|Ana|COMPLETEAGENT|8\n", phone.Completed, 8, 90, ""},
		{"passed on blindly", enter + connect + "1795388600|c|mesa|Ana|BLINDTRANSFER|4518|desde-mesa|8|73|5\n", phone.Completed, 8, 73, "4518"},
		{"passed on to a bridge", enter + connect + "1795388600|c|mesa|Ana|ATTENDEDTRANSFER|BRIDGE|b-17|8|74|6\n", phone.Completed, 8, 74, "BRIDGE|b-17"},
		{"passed on to an application", enter + connect + "1795388600|c|mesa|Ana|ATTENDEDTRANSFER|APP|Queue|8|75|2\n", phone.Completed, 8, 75, "APP|Queue"},
		{"two lines joined", enter + connect + "1795388600|c|mesa|Ana|ATTENDEDTRANSFER|LINK|SIP/a|SIP/b|8|76|1\n", phone.Completed, 8, 76, "LINK|SIP/a|SIP/b"},
		{"given up", enter + "1795388520|c|mesa|NONE|ABANDON|1|4|17\n", phone.Abandoned, 17, 0, ""},
		{"left by a key", enter + "1795388520|c|mesa|NONE|EXITWITHKEY|2|1|4|18\n", phone.Overflow, 18, 0, ""},
		{"left by time", enter + "1795388520|c|mesa|NONE|EXITWITHTIMEOUT|1|4|19\n", phone.Overflow, 19, 0, ""},
		{"left by nobody there", enter + "1795388520|c|mesa|NONE|EXITEMPTY|1|4|20\n", phone.Overflow, 20, 0, ""},
		{"taken out", enter + "1795388520|c|mesa|NONE|WITHDRAW|1|4|16|mantenimiento\n", phone.Withdrawn, 16, 0, ""},
		{"the site is closed", "1795388500|c|mesa|NONE|PUNTOFIN|CERRADO\n", phone.Closed, 0, 0, ""},
		{"no line", "1795388500|c|mesa|NONE|PUNTOFIN|FULL\n", phone.Busy, 0, 0, ""},
		{"a state that nobody knows", "1795388500|c|mesa|NONE|PUNTOFIN|RARO\n", phone.Unknown, 0, 0, ""},
		{"a wait of zero is told, whatever the times say", enter + "1795388510|c|mesa|Ana|CONNECT|0|x|0\n1795388600|c|mesa|Ana|COMPLETEAGENT|0|70|1\n", phone.Completed, 0, 70, ""},
		{"given up at once, a little late in the log", enter + "1795388504|c|mesa|NONE|ABANDON|1|1|0\n", phone.Abandoned, 0, 0, ""},
	} {
		events, skipped, bad := read(t, x.rows)
		if skipped+bad > 0 {
			t.Errorf("%s: %d rows skipped, %d rejected", x.name, skipped, bad)
			continue
		}
		c := phone.Fold(events)
		if c.Outcome != x.outcome || c.Wait != time.Duration(x.wait)*time.Second || c.Talk != time.Duration(x.talk)*time.Second || c.To != x.to {
			t.Errorf("%s: %v, waited %v, talked %v, to %q", x.name, c.Outcome, c.Wait, c.Talk, c.To)
		}
		if c.Answered() != (x.outcome == phone.Completed) {
			t.Errorf("%s: answered %t", x.name, c.Answered())
		}
	}
	for _, row := range []string{"1|c|m|a|ATTENDEDTRANSFER|1|2|3", "1|c|m|a|ABANDON|1|1|x", "1|c|m|a|CONNECT|-1", "1|c|m|a|COMPLETEAGENT|1|99999999999", "x|c|m|a|ABANDON|1|1|1", "1|NONE|m|a|ABANDON|1|1|1", "1|c|m"} {
		if events, skipped, bad := read(t, row+"\n"); bad != 1 {
			t.Errorf("%q gives %d events and %d skipped", row, len(events), skipped)
		}
	}
}

// Rings are in milliseconds where the call was not taken, in seconds where it was.
func TestRingsAreInTheirUnits(t *testing.T) {
	events, _, _ := read(t, `1|c|mesa|NONE|ENTERQUEUE||0981|1
9|c|mesa|Bruno|RINGNOANSWER|6000
12|c|mesa|Bruno|RINGCANCELED|1500
14|c|mesa|Ana|CONNECT|13|x|2
`)
	c := phone.Fold(events)
	if c.RingFails != 2 || c.Ring != 2*time.Second || c.Wait != 13*time.Second {
		t.Errorf("%d failed, rang %v, waited %v", c.RingFails, c.Ring, c.Wait)
	}
	var rings []time.Duration
	for _, e := range events {
		if e.Key.Kind == phone.RingFailed {
			rings = append(rings, e.Ring)
		}
	}
	if len(rings) != 2 || rings[0] != 6*time.Second || rings[1] != 1500*time.Millisecond {
		t.Errorf("it rang for %v", rings)
	}
}

// A machine that picks up is no answer: the wait goes on to the end.
func TestACallThatAMachinePickedUpWasNotAnswered(t *testing.T) {
	const m = `columns: {id: id, offered: a, answered: b, ended: c, outcome: o}
outcomes: {OK: completed, NO: abandoned, LLENO: busy}
`
	cs, bad, err := readCSV(t, m, "id,a,b,c,o\n1,2026-10-05 09:00:00,2026-10-05 09:00:02,2026-10-05 09:00:30,NO\n2,2026-10-05 09:00:00,2026-10-05 09:00:02,2026-10-05 09:00:30,OK\n"+
		"3,2026-10-05 09:00:00,2026-10-05 09:00:00,2026-10-05 09:00:00,LLENO\n", "UTC")
	if err != nil || len(bad) > 0 || len(cs) != 3 {
		t.Fatal(cs, bad, err)
	}
	if c := cs[0]; c.Answered() || c.Wait != 30*time.Second || c.Talk != 0 || c.Outcome != phone.Abandoned {
		t.Errorf("the lost call: answered %t, waited %v, talked %v", c.Answered(), c.Wait, c.Talk)
	}
	if c := cs[1]; !c.Answered() || c.Wait != 2*time.Second || c.Talk != 28*time.Second {
		t.Errorf("the answered call: answered %t, waited %v, talked %v", c.Answered(), c.Wait, c.Talk)
	}
	if c := cs[2]; c.Answered() || c.Wait != 0 || c.Outcome != phone.Busy {
		t.Errorf("the busy call: answered %t, waited %v", c.Answered(), c.Wait)
	}
}

// A call over midnight ends on the next day.
func TestATableOfCallsOverMidnight(t *testing.T) {
	const text = "vru+line\tcall_id\tcustomer_id\tpriority\ttype\tdate\tvru_entry\tvru_exit\tvru_time\tq_start\tq_exit\tq_time\toutcome\tser_start\tser_exit\tser_time\tserver\n" +
		"AA01\t1\t0\t0\tPS\t990201\t23:59:50\t23:59:55\t5\t23:59:55\t0:00:15\t20\tAGENT\t0:00:15\t0:01:15\t60\tDORIT\n" +
		"AA01\t2\t7\t0\tPS\t990201\t23:59:50\t0:00:05\t15\t0:00:00\t0:00:00\t0\tHANG\t0:00:00\t0:00:00\t0\tNO_SERVER\n"
	var cs []phone.Call
	for c, err := range phone.ReadTechnion(strings.NewReader(text), "p", time.UTC) {
		if err != nil {
			t.Fatal(err)
		}
		cs = append(cs, c)
	}
	midnight := time.Date(1999, 2, 2, 0, 0, 0, 0, time.UTC)
	if c := cs[0]; !c.AnsweredAt.Equal(midnight.Add(15*time.Second)) || !c.EndedAt.Equal(midnight.Add(75*time.Second)) || c.Wait != 20*time.Second || c.Talk != time.Minute {
		t.Errorf("answered over midnight: %+v", c)
	}
	if c := cs[1]; c.Outcome != phone.LostInMenu || !c.EndedAt.Equal(midnight.Add(5*time.Second)) || c.Caller != "7" {
		t.Errorf("hung up in the menu over midnight: %+v", c)
	}
}
