package app_test

import (
	"context"
	"testing"
	"time"

	"punto/app"
	"punto/app/desk"
)

// watched is a site in which a workstation leads, or does not.
type watched struct{ leads bool }

func (w *watched) Live() app.Live                       { return app.Live{Leads: w.leads} }
func (*watched) Invite(context.Context) (string, error) { return "", nil }
func (*watched) Rotate(context.Context) error           { return nil }
func (*watched) Shut(desk.ID)                           {}
func (*watched) Wrote()                                 {}
func (*watched) Present()                               {}

func (r *replica) kase(id desk.ID) app.OneCaseAnswer {
	r.t.Helper()
	x, err := r.Ask(r.Owner(r.t.Context()), app.OneCase{ID: id})
	if err != nil {
		r.t.Fatal(err)
	}
	return x.(app.OneCaseAnswer)
}

func (r *replica) alarms() int {
	r.t.Helper()
	x, err := r.Ask(r.Owner(r.t.Context()), app.Alarms{})
	if err != nil {
		r.t.Fatal(err)
	}
	return len(x.(app.AlarmsAnswer).Rows)
}

func TestAFollowerWakesAndRingsNothing(t *testing.T) {
	all := replicas(t, 2)
	a, b := all[0], all[1]
	sleeps := a.do(app.OpenCase{Opened: desk.Opened{Subject: "Espera un repuesto"}}).ID
	a.do(app.SuspendCase{Case: sleeps, Reason: "parts", Wake: a.clock.Add(time.Hour).UnixMilli()})
	put := a.do(app.OpenCase{Opened: desk.Opened{Subject: "Espera más"}}).ID
	a.do(app.SuspendCase{Case: put, Reason: "parts", Wake: a.clock.Add(time.Hour).UnixMilli()})
	a.do(app.SuspendCase{Case: put, Reason: "parts", Wake: a.clock.Add(100 * time.Hour).UnixMilli()})
	a.do(app.OpenCase{Opened: desk.Opened{Subject: "No imprime", Impact: 1, Urgency: 1}})
	b.takes(a)
	lead := &watched{}
	b.SetPeers(lead)
	tick := func() (wrote uint64) {
		t.Helper()
		was := b.log.Vector()[b.log.Origin()]
		if err := b.Tick(t.Context()); err != nil {
			t.Fatal(err)
		}
		return b.log.Vector()[b.log.Origin()] - was
	}
	b.clock = b.clock.Add(48 * time.Hour)
	for range 2 {
		if n := tick(); n != 0 || b.alarms() != 0 || b.kase(sleeps).Case.Status != desk.Pending {
			t.Fatalf("a workstation that does not lead has written %d events and given %d alarms", n, b.alarms())
		}
	}
	lead.leads = true
	tick()
	if b.alarms() == 0 || b.kase(sleeps).Case.Status == desk.Pending {
		t.Errorf("one that has come to lead gives %d alarms, and the case is %v", b.alarms(), b.kase(sleeps).Case.Status)
	}
	if b.kase(put).Case.Status != desk.Pending {
		t.Error("a case has woken whose date was put off")
	}
	if n := tick(); n != 0 {
		t.Errorf("what was done is done again: %d events", n)
	}
	a.takes(b)
	rung := a.alarms()
	a.clock = b.clock
	if err := a.Tick(t.Context()); err != nil {
		t.Fatal(err)
	}
	if a.alarms() != rung {
		t.Errorf("what another has rung is rung again: %d alarms, then %d", rung, a.alarms())
	}
	b.sound("after its duties")
}

func TestWhatIsWrittenAfterAMergeComesAfterIt(t *testing.T) {
	all := replicas(t, 2)
	a, b := all[0], all[1]
	ana := a.agent(desk.AgentRole)
	id := a.do(app.OpenCase{Opened: desk.Opened{Subject: "No imprime"}}).ID
	b.takes(a)
	b.clock = b.clock.Add(2 * time.Hour)
	theirs, mine := "Imprime torcido", "Imprime en blanco"
	b.does(b.as(ana), app.EditCase{Case: id, Edit: desk.Edited{Subject: &theirs}})
	a.takes(b)
	a.do(app.EditCase{Case: id, Edit: desk.Edited{Subject: &mine}})
	b.takes(a)
	for _, r := range all {
		if k := r.kase(id).Case; k.Subject != mine || len(k.Conflicts) != 0 {
			t.Errorf("who had read the other's words did not replace them: %q, %d conflicts", k.Subject, len(k.Conflicts))
		}
	}
	same := func() bool { return a.sum() == b.sum() }
	if !same() {
		t.Error("the two show something else")
	}
}

func TestWhatWasRefusedStaysRefusedInANewIncarnation(t *testing.T) {
	all := replicas(t, 2)
	a, b := all[0], all[1]
	eva := a.agent(desk.ViewerRole)
	id := a.do(app.OpenCase{Opened: desk.Opened{Subject: "No imprime"}}).ID
	b.takes(a)
	body, err := desk.Encode(desk.Said{Text: "no debería estar"})
	if err != nil {
		t.Fatal(err)
	}
	keep := b.log.Vector()[b.log.Origin()]
	forged := desk.Event{Stamp: b.log.Newest() + 1, Kind: desk.CaseNoted, Version: 1, Entity: desk.Entity{Type: desk.CaseType, ID: id}, Actor: eva, Writer: eva,
		At: b.clock.UnixMilli(), Body: body}
	if err := b.log.Update(t.Context(), func(tx desk.Tx) error { return tx.Append(&forged) }); err != nil {
		t.Fatal(err)
	}
	if err := b.log.Rebuild(t.Context(), b.Engine); err != nil {
		t.Fatal(err)
	}
	refused := func(r *replica, when string) {
		t.Helper()
		x, err := r.Ask(r.Owner(t.Context()), app.Refused{})
		if err != nil {
			t.Fatal(err)
		}
		rows := x.(app.RefusedAnswer).Rows
		if len(rows) != 1 || rows[0].Origin != b.log.Origin() || rows[0].Reason != "role" || len(r.kase(id).Timeline) != 1 {
			t.Errorf("%s: %d moments of the case, refused %+v", when, len(r.kase(id).Timeline), rows)
		}
	}
	refused(b, "as it was written")
	if err := b.Reborn(t.Context(), keep); err != nil {
		t.Fatal(err)
	}
	refused(b, "in the new incarnation")
	b.sound("in a new incarnation")
	a.takes(b)
	refused(a, "on another workstation")
}
