package rooms_test

import (
	"testing"
	"time"

	"punto/app"
	"punto/app/cases"
	"punto/app/desk"
	"punto/app/engine"
)

// What is stored is taken on from event to event; made anew of all of them it must be the
// same.

func TestAClockThatWasAheadIsTakenOffWhatComesInSteps(t *testing.T) {
	rs := replicas(t, 2)
	a, b := rs[0], rs[1]
	who := a.agent(desk.SupervisorRole)
	id, _ := a.opensAs(a.as(who))
	meet(a, b)
	b.clock = b.clock.Add(time.Hour)
	note := func(text string) {
		b.does(b.as(who), app.AddNote{Case: id, Text: text})
	}
	note("Se probó otro cable")
	a.takes(b)
	a.sound("before the clock was measured")
	note("Sigue igual")
	if err := b.Measured(t.Context(), time.Hour, 3); err != nil {
		t.Fatal(err)
	}
	note("Anda")
	a.takes(b) // what the clock was ahead, and notes of before and after, at once
	for _, r := range rs {
		r.sound("once the clock was measured")
	}
	if at := a.kase(id).Case.LastAt; at >= b.clock.UnixMilli() {
		t.Errorf("the case was last changed at %v, by a clock that is an hour ahead", time.UnixMilli(at))
	}
}

func TestWhatIsTakenBackInAdvanceDoesNotCount(t *testing.T) {
	a := replicas(t, 1)[0]
	who := a.agent(desk.SupervisorRole)
	id, _ := a.opensAs(a.as(who))
	_, err := a.Update(t.Context(), engine.Session{Agent: who}, func(o *engine.Op) (app.Receipt, error) {
		at := o.Tx.Origin()
		return app.Receipt{}, o.Emit(desk.EventUndone, cases.Entity(id), desk.Undo{Origin: at, Seq: o.Tx.Vector()[at] + 2})
	})
	if err != nil {
		t.Fatal(err)
	}
	a.does(a.as(who), app.CancelCase{Case: id})
	a.sound("after an undo of what was still to come")
	if s := a.status(id); s == desk.Cancelled {
		t.Error("what was taken back in advance counts")
	}
}

// The coordinator may say of a clock more than it knows: that it will be ahead.
func TestAClockThatIsSaidToBeAheadForLongIsTakenOffWhatComesInSteps(t *testing.T) {
	rs := replicas(t, 2)
	a, b := rs[0], rs[1]
	who := a.agent(desk.SupervisorRole)
	id, _ := a.opensAs(a.as(who))
	meet(a, b)
	_, err := a.Update(t.Context(), engine.Session{}, func(o *engine.Op) (app.Receipt, error) {
		far := desk.Offset{Origin: b.log.Origin(), From: 1, To: o.Tx.Newest() + 1<<40, Ahead: time.Hour.Milliseconds(), Peers: 3}
		return app.Receipt{}, o.EmitAt(desk.ClockMeasured, desk.Entity{Type: desk.NodeType, ID: o.Me()}, far, o.Now, desk.ID{})
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"Sigue igual", "Anda"} {
		b.clock = b.clock.Add(2 * time.Hour)
		b.does(b.as(who), app.AddNote{Case: id, Text: text})
		meet(a, b)
	}
	a.sound("after a note by a clock that is said to be ahead")
	b.sound("where it was written")
	same(t, rs...)
}
