package rooms_test

import (
	"context"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/rooms"
)

// seat is a site as far as duties care: whether this workstation leads.
type seat struct{ leads atomic.Bool }

func (s *seat) Live() desk.Sight                       { return desk.Sight{Leads: s.leads.Load()} }
func (s *seat) Invite(context.Context) (string, error) { return "", nil }
func (s *seat) Rotate(context.Context) error           { return nil }
func (s *seat) Shut(desk.ID)                           {}
func (s *seat) Wrote()                                 {}
func (s *seat) Present()                               {}

// led puts a workstation under a lead of its own or of another.
func (r *replica) led(leads bool) *seat {
	s := &seat{}
	s.leads.Store(leads)
	r.SetPeers(s)
	return s
}

func (r *replica) tick() {
	r.t.Helper()
	if err := r.Tick(r.t.Context()); err != nil {
		r.t.Fatal(err)
	}
}

// opens a case that falls due, and tells when.
func (r *replica) opens() (id desk.ID, due time.Time) {
	r.t.Helper()
	return r.opensAs(r.Owner(r.t.Context()))
}

func (r *replica) opensAs(ctx context.Context) (id desk.ID, due time.Time) {
	r.t.Helper()
	id = r.does(ctx, app.OpenCase{Opened: desk.Opened{Subject: "No imprime", Impact: 1, Urgency: 1}}).ID
	due, ok := r.due(id)
	if !ok {
		r.t.Fatal("the case never falls due")
	}
	return id, due
}

// due is when the resolution of a case falls due; false while it stands still.
func (r *replica) due(id desk.ID) (time.Time, bool) {
	r.t.Helper()
	for _, x := range r.kase(id).Clocks {
		if x.ID == "resolve/1" {
			return x.Due, !x.Due.IsZero()
		}
	}
	return time.Time{}, false
}

// alarms are those of the resolution of a case, by their percentage.
func (r *replica) alarms(id desk.ID) (ps []int) {
	r.t.Helper()
	a, err := r.Ask(r.Owner(r.t.Context()), app.Alarms{Case: id})
	if err != nil {
		r.t.Fatal(err)
	}
	for _, x := range a.(app.AlarmsAnswer).Rows {
		if x.Alarm.Clock == "resolve/1" {
			ps = append(ps, x.Alarm.Percent)
		}
	}
	slices.Sort(ps)
	return ps
}

func (r *replica) rings(when string, id desk.ID, want ...int) {
	r.t.Helper()
	if got := r.alarms(id); !slices.Equal(got, want) {
		r.t.Errorf("%s its alarms are %v, and not %v", when, got, want)
	}
}

func (r *replica) status(id desk.ID) desk.Status {
	r.t.Helper()
	return r.kase(id).Case.Status
}

// written is how many events this workstation has written.
func (r *replica) written() uint64 { return r.log.Vector()[r.log.Origin()] }

func TestAlarmsRingOnceEachAtTheirShare(t *testing.T) {
	a := replicas(t, 1)[0]
	a.tick() // whatever there is by now
	begin := a.clock
	id, due := a.opens()
	target := due.Sub(begin)
	a.clock = begin.Add(target*3/4 - time.Millisecond)
	a.tick()
	a.rings("just before three quarters", id)
	a.clock = begin.Add(target * 3 / 4)
	a.tick()
	a.rings("at three quarters", id, 75)
	a.clock = due.Add(-time.Millisecond)
	a.tick()
	a.rings("just before it falls due", id, 75)
	a.clock = due
	a.tick()
	a.rings("when it falls due", id, 75, 100)
	n := a.written()
	a.clock = due.Add(time.Hour)
	a.tick()
	if a.written() != n {
		t.Error("what has rung rings again")
	}
}

// A program that starts again knows what has rung, and rings what fell due
// meanwhile.
func TestAlarmsAfterARestart(t *testing.T) {
	a := replicas(t, 1)[0]
	begin := a.clock
	id, due := a.opens()
	a.clock = begin.Add(due.Sub(begin) * 3 / 4)
	a.tick()
	n := a.written()
	again := func() {
		t.Helper()
		if err := a.Close(); err != nil {
			t.Fatal(err)
		}
		eng, err := rooms.Open(t.Context(), engine.Config{Log: a.log, Now: func() time.Time { return a.clock }})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = eng.Close() })
		a.Engine = eng
		a.tick()
	}
	again()
	if a.written() != n {
		t.Error("what rang before the restart rings again")
	}
	a.clock = due.Add(24 * time.Hour)
	again()
	a.rings("after a day in which nobody looked", id, 75, 100)
}

func TestAnAlarmThatHasNoCauseAnyMoreDoesNotRing(t *testing.T) {
	a := replicas(t, 1)[0]
	a.do(app.RequireFields{Fields: []string{"nothing"}})
	a.tick()
	solved, due := a.opens()
	cancelled, _ := a.opens()
	waits, _ := a.opens()
	a.clock = a.clock.Add(time.Minute)
	a.do(app.ResolveCase{Case: solved, Text: "papel"})
	a.do(app.CancelCase{Case: cancelled, Text: "era otra"})
	a.do(app.SuspendCase{Case: waits, Reason: "user"})
	a.clock = due.Add(time.Hour)
	a.tick()
	a.rings("solved,", solved)
	a.rings("cancelled,", cancelled)
	a.rings("waiting for the user,", waits)
	a.do(app.ResumeCase{Case: waits})
	later, ok := a.due(waits)
	if !ok || !later.After(a.clock) {
		t.Fatalf("resumed, it falls due %v (%t)", later, ok)
	}
	a.clock = later
	a.tick()
	a.rings("resumed and due,", waits, 75, 100)
}

// A follower does none of the duties that are done once per desk, and has
// forgotten none of them when it comes to lead.
func TestAFollowerKeepsTheDutiesForLater(t *testing.T) {
	all := replicas(t, 2)
	a, b := all[0], all[1]
	lead := b.led(false)
	id, due := a.opens()
	asleep, _ := a.opens()
	a.do(app.SuspendCase{Case: asleep, Reason: "scheduled", Wake: due.UnixMilli()})
	b.takes(a)
	n := b.written()
	for _, d := range []time.Duration{0, time.Hour, 24 * time.Hour} {
		b.clock = due.Add(d)
		b.tick()
		if b.written() != n {
			t.Fatalf("%v after it fell due a follower has written %d events", d, b.written()-n)
		}
	}
	lead.leads.Store(true)
	b.tick()
	b.rings("when it comes to lead", id, 75, 100)
	if got := b.status(asleep); got == desk.Pending {
		t.Error("when it comes to lead the case that was to wake sleeps on")
	}
	n = b.written()
	b.tick()
	if b.written() != n {
		t.Error("it does its duties twice")
	}
}

// Two that a cut has separated both lead: what both do is one when they meet.
func TestTwoThatLeadRingOnce(t *testing.T) {
	all := replicas(t, 2)
	a, b := all[0], all[1]
	id, due := a.opens()
	b.takes(a)
	for _, r := range all {
		r.led(true)
		r.clock = due.Add(time.Minute)
		r.tick()
	}
	meet(all...)
	for _, r := range all {
		r.rings("after they met", id, 75, 100)
		n := r.written()
		r.tick()
		if r.written() != n {
			t.Error("after they met one rings again")
		}
		r.sound("after both rang")
	}
	same(t, all...)
}

// A case whose date is put off in the commit before the timers' does not wake.
func TestACaseWhoseDateIsPutOffSleepsOn(t *testing.T) {
	a := replicas(t, 1)[0]
	id, _ := a.opens()
	first, later := a.clock.Add(time.Hour), a.clock.Add(3*time.Hour)
	a.do(app.SuspendCase{Case: id, Reason: "scheduled", Wake: first.UnixMilli()})
	a.clock = first.Add(-time.Millisecond)
	a.tick()
	if a.status(id) != desk.Pending {
		t.Fatal("it wakes before its date")
	}
	a.clock = first
	a.together(
		func() { a.do(app.SuspendCase{Case: id, Reason: "scheduled", Wake: later.UnixMilli()}) },
		a.tick)
	if a.status(id) != desk.Pending {
		t.Error("it wakes on the date that was put off")
	}
	a.clock = later
	a.tick()
	if a.status(id) == desk.Pending {
		t.Error("it does not wake on the later date")
	}
}
