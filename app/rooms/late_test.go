package rooms_test

import (
	"context"
	"testing"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/sla"
)

// atHours is a calendar that is open one hour a day, from an hour on.
func atHours(name string, from int) sla.Calendar {
	c := sla.Calendar{Name: name, Zone: "UTC"}
	for d := range c.Weekly {
		c.Weekly[d] = []sla.Shift{{From: from * 3600, To: (from + 1) * 3600}}
	}
	return c
}

// under puts the first contract under a calendar, which need not be there yet.
func (r *replica) under(calendar desk.ID) {
	r.t.Helper()
	c := r.contract()
	c.Of.Calendar = calendar
	r.do(app.SaveContract{ID: c.ID, Contract: c.Of})
}

// Before the first version of a calendar the first holds: where an older one than
// that comes late, the cases before it are promised by it.
func TestACalendarOlderThanTheFirstKnownOneComesLate(t *testing.T) {
	all := replicas(t, 3)
	a, b, c := all[0], all[1], all[2]
	cal := desk.DerivedID("late calendar")
	a.under(cal)
	ana, root := a.agent(desk.AgentRole), a.agent(desk.AdministratorRole)
	meet(all...)
	id, _ := c.opensAs(c.as(ana))
	b.clock, a.clock = b.clock.Add(time.Minute), a.clock.Add(2*time.Minute)
	b.does(b.as(root), app.SaveCalendar{ID: cal, Calendar: atHours("la primera", 20)})
	a.do(app.SaveCalendar{ID: cal, Calendar: atHours("la segunda", 22)})
	c.takes(a)
	second, _ := c.due(id)
	c.sound("with the second version alone")
	c.takes(b)
	first, _ := c.due(id)
	if first.Equal(second) || first.UTC().Hour() > 21 {
		t.Errorf("the case falls due %v by the second version and %v by the first", second, first)
	}
	c.sound("when the first version came late")
	meet(all...)
	same(t, all...)
}

// A calendar that does not count any more takes its promises along, and brings
// them back when it does; a later version, which changed its name alone, has the
// hours of whichever counts.
func TestACalendarThatIsJudgedOtherwiseLater(t *testing.T) {
	all := replicas(t, 3)
	a, b, c := all[0], all[1], all[2]
	ana, eva, root := a.agent(desk.AgentRole), a.agent(desk.AdministratorRole), a.agent(desk.AdministratorRole)
	cal := a.do(app.SaveCalendar{Calendar: atHours("la buena", 20)}).ID
	a.under(cal)
	meet(all...)
	a.clock = a.clock.Add(time.Second)
	a.role(root, eva, desk.ViewerRole) // which the others do not know yet
	b.clock, c.clock = b.clock.Add(time.Minute), c.clock.Add(2*time.Minute)
	b.does(b.as(eva), app.SaveCalendar{ID: cal, Calendar: atHours("la otra", 22)})
	c.takes(b)
	first, _ := c.opensAs(c.as(ana))
	c.does(c.as(root), app.SaveCalendar{ID: cal, Calendar: atHours("la renombrada", 22)})
	second, _ := c.opensAs(c.as(ana))
	falls := func(when string, hour int, rs ...*replica) {
		t.Helper()
		for _, r := range rs {
			for _, id := range []desk.ID{first, second} {
				if due, _ := r.due(id); due.UTC().Add(-time.Minute).Hour() != hour {
					t.Errorf("%s a case falls due %v, not in the hour from %d", when, due, hour)
				}
			}
		}
		rs[0].sound(when)
	}
	falls("by the hours that its author might not write,", 22, c)
	c.takes(a)
	falls("since these do not count,", 20, c)
	a.clock = a.clock.Add(time.Second)
	a.role(root, eva, desk.AdministratorRole)
	c.takes(a)
	falls("since they count again,", 22, c)
	meet(all...)
	falls("on every workstation", 22, all...)
	same(t, all...)
}

// A contract may name hours that come after it, and before its first version a
// record is as its first: here, and wherever they come from.
func TestHoursThatComeAfterTheirCasesHoldForThem(t *testing.T) {
	all := replicas(t, 2)
	a, b := all[0], all[1]
	hours := desk.DerivedID("to come")
	a.under(hours)
	id := a.do(app.OpenCase{Opened: desk.Opened{Subject: "No imprime", Impact: 1, Urgency: 1}}).ID
	b.takes(a)
	cal := sla.AlwaysOpen("UTC")
	cal.Weekly = [7][]sla.Shift{{{From: 0, To: 3600}}}
	a.do(app.SaveCalendar{ID: hours, Calendar: cal})
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
	same(t, all...)
}

// What was kept aside counts again when it turns out that its author had the right
// at the time, and is in the list of the refused no more: a note and a whole case.
func TestWhatCountsAgainIsRefusedNoMore(t *testing.T) {
	all := replicas(t, 3)
	a, b, c := all[0], all[1], all[2]
	eva, root := a.agent(desk.AgentRole), a.agent(desk.AdministratorRole)
	b.takes(a)
	id := b.does(b.as(eva), app.OpenCase{Opened: desk.Opened{Subject: "No imprime"}}).ID
	meet(all...)
	a.clock = a.clock.Add(time.Second)
	a.role(root, eva, desk.ViewerRole)
	c.takes(a)
	b.clock = b.clock.Add(time.Hour)
	b.does(b.as(eva), app.AddNote{Case: id, Text: "sin papel"})
	own := b.does(b.as(eva), app.OpenCase{Opened: desk.Opened{Subject: "No escanea"}}).ID
	c.takes(b)
	state := func(when string, refused, moments int, shown bool) {
		t.Helper()
		if rows := c.refusals(); len(rows) != refused || len(c.kase(id).Timeline) != moments {
			t.Errorf("%s: %d refused, %d moments of the case", when, len(rows), len(c.kase(id).Timeline))
		}
		if _, err := c.Ask(c.Owner(t.Context()), app.OneCase{ID: own}); (err == nil) != shown {
			t.Errorf("%s: the case of its own: %v", when, err)
		}
		c.sound(when)
	}
	state("while a viewer has written it", 2, 1, false)
	a.clock = a.clock.Add(time.Second)
	a.role(root, eva, desk.AgentRole)
	c.takes(a)
	state("since the viewer was an agent again by then", 0, 2, true)
	meet(all...)
	same(t, all...)
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
		rows := r.refusals()
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

// What was undone stays undone in a new incarnation: the undo names what it takes
// back as it is written now, whoever wrote it.
func TestWhatWasUndoneStaysUndoneInANewIncarnation(t *testing.T) {
	all := replicas(t, 2)
	a, b := all[0], all[1]
	ana := a.agent(desk.AgentRole)
	first := a.do(app.OpenCase{Opened: desk.Opened{Subject: "No imprime"}}).ID
	a.do(app.CancelCase{Case: first, Text: "era otra"})
	keep := a.written()
	b.takes(a)
	second := a.do(app.OpenCase{Opened: desk.Opened{Subject: "No escanea"}}).ID
	undo := func(by context.Context, of desk.ID, c app.Command) {
		done := a.does(by, c)
		a.does(by, app.Undo{Entity: desk.Entity{Type: desk.CaseType, ID: of}, Origin: done.Origin, Seq: done.Seq})
	}
	wrong := "No suena"
	undo(a.Owner(t.Context()), second, app.CancelCase{Case: second, Text: "era otra"})
	undo(a.as(ana), second, app.EditCase{Case: second, Edit: desk.Edited{Subject: &wrong}})
	a.do(app.Undo{Entity: desk.Entity{Type: desk.CaseType, ID: first}}) // of what stays under the old one
	if err := a.Reborn(t.Context(), keep); err != nil {
		t.Fatal(err)
	}
	a.sound("in a new incarnation")
	b.takes(a)
	for _, r := range all {
		for id, subject := range map[desk.ID]string{first: "No imprime", second: "No escanea"} {
			if k := r.kase(id).Case; k.Status != desk.New || k.Subject != subject {
				t.Errorf("%q is %q and %s, not new", subject, k.Subject, k.Status)
			}
		}
	}
	same(t, all...)
}
