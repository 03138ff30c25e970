package app_test

import (
	"testing"
	"time"

	"punto/app"
	"punto/app/desk"
)

func (r *replica) kase(id desk.ID) app.OneCaseAnswer {
	r.t.Helper()
	x, err := r.Ask(r.Owner(r.t.Context()), app.OneCase{ID: id})
	if err != nil {
		r.t.Fatal(err)
	}
	return x.(app.OneCaseAnswer)
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
