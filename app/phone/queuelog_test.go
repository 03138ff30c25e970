package phone_test

import (
	"compress/gzip"
	"errors"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"punto/app/phone"
	"punto/packaging/outside"
)

const story = `1795388574|1795388574.115|mesa|NONE|ENTERQUEUE||0981234503|1|Usuario 3
1795388580|1795388574.115|mesa|Bruno Diaz|RINGNOANSWER|6000
1795388583|1795388574.115|mesa|Ana Perez|CONNECT|9|1795388581.119|2
1795388590|1795388574.115|mesa|Ana Perez|COMPLETEAGENT|9|7|1
1795388600|NONE|NONE|NONE|CONFIGRELOAD|
1795388624|1795388623.141|mesa|NONE|ENTERQUEUE||0981234504|1
1795388627|1795388623.141|mesa|NONE|ABANDON|1|1|3
this is no row
1795388644|1795388644.160|mesa|NONE|ENTERQUEUE||0981|1
1795388651|1795388644.160|mesa|NONE|EXITWITHTIMEOUT|1|1|6
1795389395|1795389394.102|mesa|NONE|PUNTOFIN|FULL
`

func read(t *testing.T, text string) (events []phone.CallEvent, skipped, bad int) {
	t.Helper()
	for e, err := range phone.ReadQueueLog(strings.NewReader(text), "pbx", func(int) { skipped++ }) {
		var row *phone.RowError
		switch {
		case errors.As(err, &row):
			bad++
		case err != nil:
			t.Fatal(err)
		default:
			events = append(events, e)
		}
	}
	return events, skipped, bad
}

func calls(events []phone.CallEvent) map[string]phone.Call {
	by := map[string][]phone.CallEvent{}
	for _, e := range events {
		by[e.Key.UniqueID] = append(by[e.Key.UniqueID], e)
	}
	cs := map[string]phone.Call{}
	for id, es := range by {
		cs[id] = phone.Fold(es)
	}
	return cs
}

func TestAQueueLogBecomesCalls(t *testing.T) {
	events, skipped, bad := read(t, story)
	if skipped != 1 || bad != 1 || len(events) != 9 {
		t.Fatalf("%d events, %d skipped, %d bad: 9, 1, 1 expected", len(events), skipped, bad)
	}
	cs := calls(events)
	answered := cs["1795388574.115"]
	if !answered.Answered() || answered.Agent != "Ana Perez" || answered.Wait != 9*time.Second || answered.Talk != 7*time.Second ||
		answered.RingFails != 1 || answered.Outcome != phone.Completed || answered.Name != "Usuario 3" {
		t.Errorf("the answered call came out as %+v", answered)
	}
	for id, want := range map[string]phone.Outcome{"1795388623.141": phone.Abandoned, "1795388644.160": phone.Overflow, "1795389394.102": phone.Busy} {
		if got := cs[id]; got.Outcome != want || got.Answered() {
			t.Errorf("call %s ended as %v, not %v", id, got.Outcome, want)
		}
	}
	if w := cs["1795388623.141"].Wait; w != 3*time.Second {
		t.Errorf("the abandoned call waited %v, not 3 s", w)
	}
}

func TestTheFoldDoesNotDependOnOrderOrCopies(t *testing.T) {
	events, _, _ := read(t, story)
	want := calls(events)
	for seed := uint64(1); seed <= 500; seed++ {
		r := rand.New(rand.NewPCG(seed, 2))
		es := append([]phone.CallEvent(nil), events...)
		for range r.IntN(6) {
			es = append(es, events[r.IntN(len(events))])
		}
		r.Shuffle(len(es), func(i, j int) { es[i], es[j] = es[j], es[i] })
		if got := calls(es); !reflect.DeepEqual(got, want) {
			t.Fatalf("seed %d: %+v, not %+v", seed, got, want)
		}
	}
}

func FuzzQueueLog(f *testing.F) {
	f.Add(story)
	f.Add("\n0")
	f.Add("1|2|3|4|ATTENDEDTRANSFER|BRIDGE|x|1|2|3\n1|2|q|a|ABANDON|1|1|-9\n")
	f.Fuzz(func(t *testing.T, text string) {
		rows := 0
		for _, l := range strings.Split(text, "\n") {
			if strings.TrimRight(l, "\r") != "" { // empty lines are no rows
				rows++
			}
		}
		events, skipped, bad := read(t, text)
		if len(events)+skipped+bad != rows {
			t.Fatalf("%d events + %d skipped + %d bad are not %d rows", len(events), skipped, bad, rows)
		}
	})
}

func TestARealMonthOfACallCentre(t *testing.T) {
	z, err := gzip.NewReader(outside.Open(t, "technion-bank/1999-02.queue_log.gz"))
	if err != nil {
		t.Fatal(err)
	}
	var events []phone.CallEvent
	for e, err := range phone.ReadQueueLog(z, "technion", nil) {
		if err != nil {
			t.Fatal(err)
		}
		events = append(events, e)
	}
	var answered, abandoned int
	var waited, talked time.Duration
	for _, c := range calls(events) {
		switch {
		case c.Answered():
			answered++
			waited += c.Wait
			talked += c.Talk
		case c.Outcome == phone.Abandoned:
			abandoned++
		}
	}
	if answered != 27162 || abandoned != 3932 {
		t.Errorf("%d answered and %d abandoned: 27162 and 3932 expected", answered, abandoned)
	}
	if asa := waited.Seconds() / float64(answered); asa < 40.77 || asa > 40.78 {
		t.Errorf("mean wait of answered %.4f s, not 40.7743", asa)
	}
	if mean := talked.Seconds() / float64(answered); mean < 176.35 || mean > 176.36 {
		t.Errorf("mean talk %.4f s, not 176.3530", mean)
	}
}
