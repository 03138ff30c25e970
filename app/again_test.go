package app_test

import (
	"testing"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/sla"
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

func TestAnUndoKnowsItsEventInANewIncarnation(t *testing.T) {
	all := replicas(t, 2)
	a, b := all[0], all[1]
	ana := a.agent(desk.AgentRole)
	id := a.do(app.OpenCase{Opened: desk.Opened{Subject: "No imprime"}}).ID
	b.takes(a)
	keep := b.log.Vector()[b.log.Origin()]
	wrong := "No suena"
	edit := b.does(b.as(ana), app.EditCase{Case: id, Edit: desk.Edited{Subject: &wrong}})
	b.does(b.as(ana), app.Undo{Entity: desk.Entity{Type: desk.CaseType, ID: id}, Origin: edit.Origin, Seq: edit.Seq})
	if err := b.Reborn(t.Context(), keep); err != nil {
		t.Fatal(err)
	}
	a.takes(b)
	for _, r := range all {
		if s := r.kase(id).Case.Subject; s != "No imprime" {
			t.Errorf("what was undone before the incarnation is back: %q", s)
		}
	}
	b.sound("in a new incarnation")
}

func TestWhatCountsAgainLeavesTheListOfTheRefused(t *testing.T) {
	all := replicas(t, 3)
	a, b, c := all[0], all[1], all[2]
	ana, eva := a.agent(desk.AgentRole), a.agent(desk.AdministratorRole)
	meet(all...)
	a.role(eva, ana, desk.ViewerRole)
	c.takes(a)
	c.clock, b.clock = c.clock.Add(time.Minute), b.clock.Add(2*time.Minute)
	c.role(eva, ana, desk.AgentRole) // which a does not know yet
	id := b.does(b.as(ana), app.OpenCase{Opened: desk.Opened{Subject: "No imprime"}}).ID
	refused := func() int {
		x, err := a.Ask(a.Owner(t.Context()), app.Refused{})
		if err != nil {
			t.Fatal(err)
		}
		return len(x.(app.RefusedAnswer).Rows)
	}
	a.takes(b)
	if refused() != 1 {
		t.Fatalf("%d events of a viewer are refused, not 1", refused())
	}
	a.sound("with a refused case")
	a.takes(c)
	if refused() != 0 || a.kase(id).Case.Subject == "" {
		t.Errorf("who had the right at the time is refused still: %d events", refused())
	}
	a.sound("with a case that counts again")
	meet(all...)
	same(t, all...)
}

// A contract may name hours that come after it, and before its first version a
// record is as its first: here, and wherever they come from.
func TestHoursThatComeAfterTheirCasesHoldForThem(t *testing.T) {
	all := replicas(t, 2)
	a, b := all[0], all[1]
	x, err := a.Ask(a.Owner(t.Context()), app.Records{Type: desk.ContractType})
	if err != nil {
		t.Fatal(err)
	}
	k := x.(app.RecordsAnswer).Contracts[0]
	k.Of.Calendar = desk.DerivedID("to come")
	a.do(app.SaveContract{ID: k.ID, Contract: k.Of})
	id := a.do(app.OpenCase{Opened: desk.Opened{Subject: "No imprime", Impact: 1, Urgency: 1}}).ID
	b.takes(a)
	cal := sla.AlwaysOpen("UTC")
	cal.Weekly = [7][]sla.Shift{{{From: 0, To: 3600}}}
	a.do(app.SaveCalendar{ID: k.Of.Calendar, Calendar: cal})
	b.takes(a)
	for _, r := range all {
		for _, run := range r.kase(id).Clocks {
			if run.ID == "resolve/1" && run.Due.Sub(r.clock) < 48*time.Hour {
				t.Errorf("it falls due %v, as if its hours were not known", run.Due)
			}
		}
	}
	same(t, all...)
	a.sound("with hours that came late")
	b.sound("with hours that came late")
}
