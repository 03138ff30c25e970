package rooms_test

import (
	"strings"
	"testing"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/phone"
)

// call takes one in that was offered at the present of the workstation.
func (r *replica) call(from string, outcome phone.Outcome, wait time.Duration) {
	r.t.Helper()
	c := phone.Call{PBX: "central", UniqueID: from + r.clock.String(), Caller: from, Queue: "mesa", OfferedAt: r.clock, Wait: wait, Outcome: outcome}
	if outcome == phone.Completed {
		c.AnsweredAt = c.OfferedAt.Add(wait)
	}
	r.do(app.ImportCalls{Calls: []phone.Call{c}})
}

func (r *replica) lost() app.LostCallsAnswer {
	r.t.Helper()
	if err := r.Settle(r.t.Context()); err != nil {
		r.t.Fatal(err)
	}
	a, err := r.Ask(r.Owner(r.t.Context()), app.LostCalls{})
	if err != nil {
		r.t.Fatal(err)
	}
	return a.(app.LostCallsAnswer)
}

// waiting is who has to be called back, in order.
func (r *replica) waiting() string {
	r.t.Helper()
	var all []string
	for _, x := range r.lost().Rows {
		all = append(all, x.Number)
	}
	return strings.Join(all, " ")
}

func (r *replica) waits(when, want string) {
	r.t.Helper()
	if got := r.waiting(); got != want {
		r.t.Errorf("%s to be called back are %q, and not %q", when, got, want)
	}
}

func TestWhoWasLostIsCalledBackUntilTalkedTo(t *testing.T) {
	rs := replicas(t, 2)
	a, b := rs[0], rs[1]
	who := a.agent(desk.AgentRole)
	meet(a, b)
	a.call("+56 2 2555 0101", phone.Abandoned, 20*time.Second)
	a.clock = a.clock.Add(time.Minute)
	a.call("4217", phone.Busy, 0)
	a.clock = a.clock.Add(time.Minute)
	a.call("225550101", phone.Abandoned, 30*time.Second) // the same caller, written otherwise
	a.call("", phone.Abandoned, time.Minute)
	a.call("998", phone.Overflow, time.Minute) // went elsewhere, and is not lost
	a.waits("who has waited longest comes first:", "225550101 4217")
	if l := a.lost(); l.Withheld != 1 || l.Rows[0].Abandoned != 2 || l.Rows[0].Busy != 0 || l.Rows[1].Busy != 1 || l.Rows[0].Last <= l.Rows[0].First {
		t.Errorf("they are told as %+v", l)
	}
	b.takes(a)
	b.waits("on another workstation", "225550101 4217")

	a.clock = a.clock.Add(time.Minute)
	a.does(a.as(who), app.TryCaller{Number: "4217", Text: "no contesta"})
	a.waits("after nobody answered", "225550101 4217")
	if l := a.lost(); len(l.Rows[1].Tries) != 1 || l.Rows[1].Tries[0].Reached || l.Rows[1].Tries[0].Agent != who {
		t.Errorf("what was tried is told as %+v", l.Rows[1].Tries)
	}
	a.does(a.as(who), app.TryCaller{Number: "4217", Reached: true})
	a.waits("after one was reached", "225550101")
	a.does(a.as(who), app.Undo{Entity: desk.Entity{Type: desk.CallerType, ID: app.CallerID("4217")}})
	a.waits("when that is taken back", "225550101 4217")

	b.clock = a.clock.Add(time.Hour)
	b.call("56225550101", phone.Completed, 5*time.Second) // calls again and is answered, elsewhere
	a.takes(b)
	a.waits("once the other is answered anywhere", "4217")
	a.clock = b.clock.Add(time.Hour)
	a.call("56225550101", phone.Abandoned, time.Minute)
	a.waits("lost again, as one of one call", "4217 56225550101")
	if l := a.lost(); l.Rows[1].Abandoned != 1 {
		t.Errorf("it counts what was returned: %+v", l.Rows[1])
	}
	a.clock = a.clock.AddDate(0, 0, app.CallBackDays).Add(-time.Minute)
	a.waits("after a week less a minute", "56225550101")
	a.clock = a.clock.Add(time.Hour)
	a.waits("after a week nobody is", "")
	meet(a, b)
	same(t, a, b)
	a.sound("of who is to be called back")
}

func TestOnlyWhoTakesCallsCallsBack(t *testing.T) {
	a := replicas(t, 1)[0]
	for role, want := range map[desk.Role]bool{desk.AgentRole: true, desk.SupervisorRole: true, desk.AnalystRole: false, desk.ViewerRole: false} {
		_, err := a.Do(a.as(a.agent(role)), app.TryCaller{Number: "4217"})
		if (err == nil) != want || err != nil && app.CodeOf(err) != app.NotAllowed {
			t.Errorf("a %s: %v", role, err)
		}
	}
	for _, number := range []string{"", "anónimo", "\x00", strings.Repeat("9", 1000)} {
		if _, err := a.Do(a.as(a.agent(desk.AgentRole)), app.TryCaller{Number: number}); err == nil && len(number) != 1000 {
			t.Errorf("%.20q was called back", number)
		}
	}
}

// A month that was summed says what is returned later, within the week.
func TestAMonthFollowsWhatIsReturnedLater(t *testing.T) {
	a := replicas(t, 1)[0]
	who := a.agent(desk.AgentRole)
	a.call("4217", phone.Abandoned, time.Minute)
	a.call("4218", phone.Busy, 0)
	returned := func(when string, want float64) {
		t.Helper()
		if err := a.Settle(t.Context()); err != nil {
			t.Fatal(err)
		}
		x, err := a.Ask(a.Owner(t.Context()), app.Month{Month: "2026-11"})
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range x.(app.MonthAnswer).Indices {
			if f.ID == "callbacks_returned" && (f.Num != want || f.Den == nil || *f.Den != 2) {
				t.Errorf("%s %v of %v are returned, and not %v of 2", when, f.Num, f.Den, want)
			}
		}
	}
	a.clock = a.clock.AddDate(0, 0, 2)
	returned("at first", 0) // which seals their day
	a.call("4217", phone.Completed, time.Second)
	returned("after one called again", 1)
	a.clock = a.clock.AddDate(0, 0, 1)
	returned("a day later", 1)
	a.does(a.as(who), app.TryCaller{Number: "4218", Reached: true})
	returned("after the other was reached", 2)
	a.does(a.as(who), app.Undo{Entity: desk.Entity{Type: desk.CallerType, ID: app.CallerID("4218")}})
	returned("when that is taken back", 1)
}
