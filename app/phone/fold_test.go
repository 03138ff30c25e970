package phone_test

import (
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"punto/app/phone"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

func event(kind phone.EventKind, entry int, sec int) phone.CallEvent {
	return phone.CallEvent{Key: phone.Key{PBX: "p", UniqueID: "1", Queue: "mesa", Entry: entry, Kind: kind}, At: noon.Add(time.Duration(sec) * time.Second)}
}

func TestACallThatIsPassedOnSumsItsLegs(t *testing.T) {
	back := event(phone.Ended, 1, 40) // transferred back to the queue
	back.Outcome = phone.Completed
	end := event(phone.Ended, 2, 100)
	end.Outcome = phone.Completed
	c := phone.Fold([]phone.CallEvent{event(phone.Offered, 0, 0), event(phone.Queued, 1, 5), event(phone.Answered, 1, 15), event(phone.Held, 1, 20),
		event(phone.Resumed, 1, 26), back, event(phone.Queued, 2, 41), event(phone.Answered, 2, 61), end})
	if c.Menu != 5*time.Second || c.Wait != 10*time.Second || c.Hold != 6*time.Second || c.Talk != (19+39)*time.Second {
		t.Errorf("menu %v wait %v hold %v talk %v: 5s, 10s, 6s, 58s expected", c.Menu, c.Wait, c.Hold, c.Talk)
	}
	if c.Outcome != phone.Completed || !c.AnsweredAt.Equal(noon.Add(15*time.Second)) {
		t.Errorf("the call came out as %+v", c)
	}
}

func TestACallThatOverflowsWaitsInBothQueues(t *testing.T) {
	over := event(phone.Ended, 1, 35)
	over.Outcome = phone.Overflow
	c := phone.Fold([]phone.CallEvent{event(phone.Queued, 1, 5), over, event(phone.Queued, 2, 45), event(phone.Answered, 2, 50)})
	if c.Wait != 35*time.Second || !c.Answered() {
		t.Errorf("waited %v (answered %v): 30 s in the first queue and 5 s in the second expected", c.Wait, c.Answered())
	}
	if !c.EndedAt.IsZero() || c.Outcome != phone.NoOutcome {
		t.Errorf("a call that goes on in another queue has ended %v, %v", c.EndedAt, c.Outcome)
	}
	if got := c.Close(); got.Outcome != phone.Unknown || got.Doubts&phone.NoEnd == 0 {
		t.Errorf("a call that went on, and whose end was not seen, was closed as %v", got.Outcome)
	}
	if got := phone.Fold([]phone.CallEvent{event(phone.Queued, 1, 5)}).Close(); got.Outcome != phone.Unknown || got.Doubts&phone.NoEnd == 0 {
		t.Errorf("a call whose end was never seen was closed as %v, doubts %b", got.Outcome, got.Doubts)
	}
}

func TestTheMoreExactSourceWinsAndTheOtherFillsIn(t *testing.T) {
	live, late := event(phone.Answered, 1, 9), event(phone.Answered, 1, 10)
	live.Rank, live.At = phone.FromLive, live.At.Add(400*time.Millisecond)
	late.Rank, late.Agent, late.Told, late.Wait = phone.FromLog, "Ana", phone.ToldWait, 9*time.Second
	want := phone.Fold([]phone.CallEvent{event(phone.Queued, 1, 0), live, late})
	if want.Agent != "Ana" || !want.AnsweredAt.Equal(live.At) || want.Wait != 9*time.Second {
		t.Errorf("two tellings of one answer came out as %+v", want)
	}
}

// Whatever the events, their order and copies never change the call.
func TestAnyEventsFoldTheSameInAnyOrder(t *testing.T) {
	for seed := uint64(1); seed <= 2000; seed++ {
		r := rand.New(rand.NewPCG(seed, 7))
		es := make([]phone.CallEvent, 1+r.IntN(12))
		for i := range es {
			e := event(phone.EventKind(1+r.IntN(15)), r.IntN(3), r.IntN(9))
			e.Rank, e.Outcome, e.Told = r.IntN(3), phone.Outcome(r.IntN(10)), phone.Told(r.IntN(4))
			e.Wait, e.Talk = time.Duration(r.IntN(3))*time.Second, time.Duration(r.IntN(3))*time.Second
			e.Agent, e.Caller = strings.Repeat("a", r.IntN(3)), strings.Repeat("c", r.IntN(3))
			es[i] = e
		}
		want := phone.Fold(es)
		more := append(append([]phone.CallEvent(nil), es...), es[r.IntN(len(es))], es[r.IntN(len(es))])
		r.Shuffle(len(more), func(i, j int) { more[i], more[j] = more[j], more[i] })
		if got := phone.Fold(more); !reflect.DeepEqual(got, want) {
			t.Fatalf("seed %d: %+v, not %+v", seed, got, want)
		}
		if want.Wait < 0 || want.Talk < 0 || want.Hold < 0 || want.Menu < 0 {
			t.Fatalf("seed %d: a duration below zero in %+v", seed, want)
		}
	}
}

const workday = `1795388000|NONE|mesa|Ana|ADDMEMBER|
1795388010|NONE|vip|Ana|ADDMEMBER|
1795388100|NONE|mesa|Ana|PAUSE|almuerzo
1795388110|NONE|vip|Ana|PAUSE|almuerzo
1795388400|NONE|mesa|Ana|UNPAUSE|
1795388460|NONE|vip|Ana|UNPAUSE|
1795388500|NONE|mesa|Ana|REMOVEMEMBER|
1795389000|NONE|vip|Ana|REMOVEMEMBER|
1795389100|NONE|mesa|Bruno|PAUSE|
`

func TestAnAgentsDayIsItsStaysLessItsBreaks(t *testing.T) {
	var events []phone.CallEvent
	for e, err := range (phone.QueueLog{PBX: "p", Agents: true}).Read(strings.NewReader(workday)) {
		if err != nil {
			t.Fatal(err)
		}
		events = append(events, e, e)
	}
	now := time.Unix(1795389160, 0)
	rand.New(rand.NewPCG(1, 1)).Shuffle(len(events), func(i, j int) { events[i], events[j] = events[j], events[i] })
	got := phone.Stays(events, now)
	if len(got) != 2 {
		t.Fatalf("%d stays, not 2: %+v", len(got), got)
	}
	ana, bruno := got[0], got[1]
	if ana.To.Sub(ana.From) != 1000*time.Second || ana.Paused != 360*time.Second || ana.Reasons["almuerzo"] != 360*time.Second {
		t.Errorf("Ana's stay came out as %+v: 1000 s, 360 s of them at lunch expected", ana)
	}
	if bruno.Paused != 60*time.Second || !bruno.To.Equal(now) {
		t.Errorf("Bruno's unended break came out as %+v", bruno)
	}
	if e, skipped, _ := read(t, workday); len(e) != 0 || skipped != 9 {
		t.Errorf("the calls' reader gave %d events of agents and skipped %d rows, not 0 and 9", len(e), skipped)
	}
}
