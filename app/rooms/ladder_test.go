package rooms_test

import (
	"fmt"
	"testing"
	"time"

	"punto/app"
	"punto/app/desk"
)

// escalates gives the contract of a desk a ladder: the supervisor first, then Norma where
// nobody acknowledges in a quarter of an hour, then the case moves and is raised.
func (r *replica) escalates() (supervisor, norma desk.ID) {
	r.t.Helper()
	supervisor = r.do(app.SaveAgent{Agent: desk.Agent{Name: "Luz Rey", Role: desk.SupervisorRole}}).ID
	norma = r.do(app.SaveAgent{Agent: desk.Agent{Name: "Norma Vidal", Login: "norma.vidal", Role: desk.ViewerRole}}).ID
	r.do(app.SaveAgent{Agent: desk.Agent{Name: "Quien se fue", Role: desk.SupervisorRole, Gone: true}})
	k := r.contract()
	k.Of.Ladders = []desk.Ladder{{Clocks: []string{"resolve"}, Rungs: []desk.Rung{
		{Percent: 50, To: []string{desk.ToSupervisor}, Ack: 900}, {Unacked: true, To: []string{"agent:norma.vidal"}}, {Offset: 60, To: []string{desk.ToOwner}, Move: "redes", Raise: true}}}}
	r.do(app.SaveContract{ID: k.ID, Contract: k.Of})
	return supervisor, norma
}

// rungs are the alarms of the resolution of a case, the oldest first.
func (r *replica) rungs(id desk.ID) (all []desk.Alarm) {
	r.t.Helper()
	a, err := r.Ask(r.Owner(r.t.Context()), app.Alarms{Case: id})
	if err != nil {
		r.t.Fatal(err)
	}
	rows := a.(app.AlarmsAnswer).Rows
	for i := range rows {
		if x := rows[len(rows)-1-i].Alarm; x.Clock == "resolve/1" {
			all = append(all, x)
		}
	}
	return all
}

func (r *replica) inbox(agent desk.ID) app.InboxAnswer {
	r.t.Helper()
	a, err := r.Ask(r.as(agent), app.Inbox{})
	if err != nil {
		r.t.Fatal(err)
	}
	return a.(app.InboxAnswer)
}

// Two that a cut has separated both lead: each rung is one alarm when they meet, also that
// which nobody's silence has fired; what it does to the case is done once, by the
// workstation that coordinates.
func TestTwoThatLeadClimbALadderOnce(t *testing.T) {
	all := replicas(t, 2)
	a, b := all[0], all[1]
	supervisor, norma := a.escalates()
	begin := a.clock
	id, due := a.opens()
	meet(all...)
	half := begin.Add(due.Sub(begin) / 2)
	for _, at := range []time.Time{half, half.Add(15 * time.Minute), due.Add(time.Minute)} {
		for _, r := range all {
			r.led(true)
			r.clock = at
			r.tick()
		}
	}
	if g := b.kase(id).Case.Group; g == a.kase(id).Case.Group {
		t.Error("a workstation that does not coordinate has moved the case")
	}
	meet(all...)
	for i, r := range all {
		n := r.written()
		r.tick()
		x := r.rungs(id)
		if len(x) != 3 || x[0].Percent != 50 || !x[1].Unacked || x[2].Offset != 60 || len(x[0].To) != 1 || x[0].To[0] != supervisor || len(x[1].To) != 1 || x[1].To[0] != norma || x[2].DoneAt == 0 {
			t.Errorf("workstation %d has the rungs %+v", i, x)
		}
		if r.written() != n {
			t.Errorf("after they met workstation %d rings or acts again", i)
		}
		if len(r.refusals()) != 0 {
			t.Errorf("workstation %d refuses %+v", i, r.refusals())
		}
	}
}

// Who acknowledges keeps the next rung from being told; everybody sees who it was. What
// is read is not new any more.
func TestAnAlarmIsAcknowledgedAndRead(t *testing.T) {
	a := replicas(t, 1)[0]
	supervisor, norma := a.escalates()
	begin := a.clock
	id, due := a.opens()
	a.clock = begin.Add(due.Sub(begin) / 2)
	a.tick()
	in := a.inbox(supervisor)
	if in.Asking != 1 || in.Unread < 1 || !in.Rows[0].Asks || in.Rows[0].Subject != "No imprime" || in.Rows[0].Alarm.AckDue != a.clock.Add(15*time.Minute).UnixMilli() {
		t.Fatalf("%+v", in)
	}
	if len(a.inbox(norma).Rows) != 0 {
		t.Error("Norma is told of what is the supervisor's")
	}
	a.does(a.as(supervisor), app.ReadAlarms{})
	if in = a.inbox(supervisor); in.Unread != 0 || in.Asking != 1 {
		t.Errorf("read, and %+v", in)
	}
	a.clock = a.clock.Add(10 * time.Minute)
	a.does(a.as(supervisor), app.AckAlarm{ID: in.Rows[0].ID})
	a.clock = a.clock.Add(10 * time.Minute)
	a.tick()
	x := a.rungs(id)
	if in = a.inbox(supervisor); in.Asking != 0 || len(x) != 1 || x[0].AckBy != supervisor || len(a.inbox(norma).Rows) != 0 {
		t.Errorf("acknowledged, and %+v, %+v", in, x)
	}
	l, err := a.Ask(a.as(supervisor), app.LadderOf{Case: id, Clock: "resolve/1"})
	if err != nil {
		t.Fatal(err)
	}
	rungs := l.(app.LadderOfAnswer).Rungs
	if len(rungs) != 3 || rungs[0].Fired == nil || rungs[1].Fired != nil || rungs[1].At != 0 || rungs[2].At != due.Add(time.Minute).UnixMilli() {
		t.Errorf("the ladder is %+v", rungs)
	}
}

// What comes from another workstation while the program runs is armed without a restart,
// one case or many.
func TestWhatComesFromAnotherIsArmed(t *testing.T) {
	all := replicas(t, 2)
	a, b := all[0], all[1]
	for _, r := range all {
		r.led(r == b)
		r.tick()
	}
	var ids []desk.ID
	var due time.Time
	for range 400 {
		var id desk.ID
		id, due = a.opens()
		ids = append(ids, id)
	}
	b.takes(a)
	b.clock = due
	b.tick()
	for _, id := range ids {
		b.rings(fmt.Sprintf("case %v from elsewhere,", b.kase(id).Case.Number), id, 75, 100)
	}
}

// An alarm of a case that somebody without a network had solved before is kept, and told
// to be false.
func TestAFalseAlarmIsKeptAndTold(t *testing.T) {
	all := replicas(t, 2)
	a, b := all[0], all[1]
	a.do(app.RequireFields{Fields: []string{"nothing"}})
	ana := a.agent(desk.AgentRole)
	id, due := a.opens()
	other, _ := a.opens()
	meet(all...)
	b.clock = b.clock.Add(time.Minute)
	b.does(b.as(ana), app.ResolveCase{Case: id, Text: "papel"})
	a.clock = due
	a.tick()
	a.rings("before the other comes back", id, 75, 100)
	a.takes(b)
	x, err := a.Ask(a.Owner(t.Context()), app.Alarms{})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range x.(app.AlarmsAnswer).Rows {
		if of := r.Alarm.Case; r.Alarm.Clock == "resolve/1" && r.False != (of == id) {
			t.Errorf("alarm of %v (other is %v) at %d %%: false is %t", of == id, of == other, r.Alarm.Percent, r.False)
		}
	}
	a.rings("after it", id, 75, 100)
}
