package app_test

import (
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
	k, err := r.Ask(r.Owner(r.t.Context()), app.Records{Type: desk.ContractType})
	if err != nil {
		r.t.Fatal(err)
	}
	c := k.(app.RecordsAnswer).Contracts[0]
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
// them back when it does.
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
	id, before := c.opensAs(c.as(ana))
	c.takes(a)
	after, _ := c.due(id)
	if before.UTC().Hour() < 22 || after.UTC().Hour() > 21 {
		t.Errorf("the case fell due %v, and %v since its calendar does not count", before, after)
	}
	c.sound("when the calendar does not count any more")
	a.clock = a.clock.Add(time.Second)
	a.role(root, eva, desk.AdministratorRole)
	c.takes(a)
	if again, _ := c.due(id); !again.Equal(before) {
		t.Errorf("the case falls due %v since its calendar counts again, and %v before", again, before)
	}
	c.sound("when the calendar counts again")
	meet(all...)
	same(t, all...)
}

// What was kept aside and counts again is not in the list of the refused.
func TestWhatCountsAgainIsRefusedNoMore(t *testing.T) {
	all := replicas(t, 3)
	a, b, c := all[0], all[1], all[2]
	eva, root := a.agent(desk.AgentRole), a.agent(desk.AdministratorRole)
	id := a.do(app.OpenCase{Opened: desk.Opened{Subject: "No imprime"}}).ID
	meet(all...)
	a.clock = a.clock.Add(time.Second)
	a.role(root, eva, desk.ViewerRole)
	c.takes(a)
	b.clock = b.clock.Add(time.Hour)
	b.does(b.as(eva), app.AddNote{Case: id, Text: "sin papel"})
	c.takes(b)
	state := func(when string, refused, moments int) {
		t.Helper()
		x, err := c.Ask(c.Owner(t.Context()), app.Refused{})
		if err != nil {
			t.Fatal(err)
		}
		if rows := x.(app.RefusedAnswer).Rows; len(rows) != refused || len(c.kase(id).Timeline) != moments {
			t.Errorf("%s: %d refused, %d moments of the case", when, len(rows), len(c.kase(id).Timeline))
		}
		c.sound(when)
	}
	state("while a viewer has written it", 1, 1)
	a.clock = a.clock.Add(time.Second)
	a.role(root, eva, desk.AgentRole)
	c.takes(a)
	state("since the viewer was an agent again by then", 0, 2)
	meet(all...)
	same(t, all...)
}

// What was undone stays undone in a new incarnation: the undo names what it takes
// back as it is written now.
func TestWhatWasUndoneStaysUndoneInANewIncarnation(t *testing.T) {
	all := replicas(t, 2)
	a, b := all[0], all[1]
	first := a.do(app.OpenCase{Opened: desk.Opened{Subject: "No imprime"}}).ID
	a.do(app.CancelCase{Case: first, Text: "era otra"})
	keep := a.written()
	b.takes(a)
	second := a.do(app.OpenCase{Opened: desk.Opened{Subject: "No escanea"}}).ID
	cancelled := a.do(app.CancelCase{Case: second, Text: "era otra"})
	a.do(app.Undo{Entity: desk.Entity{Type: desk.CaseType, ID: second}, Origin: cancelled.Origin, Seq: cancelled.Seq})
	a.do(app.Undo{Entity: desk.Entity{Type: desk.CaseType, ID: first}}) // of what stays under the old one
	if err := a.Reborn(t.Context(), keep); err != nil {
		t.Fatal(err)
	}
	a.sound("in a new incarnation")
	b.takes(a)
	for _, r := range all {
		for _, id := range []desk.ID{first, second} {
			if got := r.status(id); got != desk.New {
				t.Errorf("%q is %s and not new", r.kase(id).Case.Subject, got)
			}
		}
	}
	same(t, all...)
}
