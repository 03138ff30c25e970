package rooms_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/phone"
)

// answered is a call that an agent answered at the present of the workstation; two minutes
// later it is over.
func (r *replica) answered(unique, from, agent string) desk.ID {
	r.t.Helper()
	c := phone.Call{PBX: "central", UniqueID: unique, Caller: from, Agent: agent, Queue: "mesa", OfferedAt: r.clock, Wait: 5 * time.Second, Talk: 2 * time.Minute,
		AnsweredAt: r.clock.Add(5 * time.Second), EndedAt: r.clock.Add(2*time.Minute + 5*time.Second), Outcome: phone.Completed}
	r.do(app.ImportCalls{Calls: []phone.Call{c}})
	return app.CallID(c.PBX, c.UniqueID)
}

func told[A any](r *replica, ctx context.Context, q app.Query) A {
	r.t.Helper()
	if err := r.Settle(r.t.Context()); err != nil {
		r.t.Fatal(err)
	}
	x, err := r.Ask(ctx, q)
	if err != nil {
		r.t.Fatalf("%s: %v", app.NameOf(q), err)
	}
	return x.(A)
}

// bare are the unique ids of the calls of which nobody has said what they were about.
func (r *replica) bare(ctx context.Context, q app.UntypedCalls) string {
	r.t.Helper()
	var ids []string
	for _, x := range told[app.UntypedCallsAnswer](r, ctx, q).Rows {
		ids = append(ids, x.Call.UniqueID)
	}
	return strings.Join(ids, " ")
}

func TestACallIsAboutCasesOrNeedsNone(t *testing.T) {
	rs := replicas(t, 2)
	a, b := rs[0], rs[1]
	ana := a.do(app.SaveAgent{Agent: desk.Agent{Name: "Ana Soto", Role: desk.AgentRole, Extension: "101"}}).ID
	rosa := a.do(app.SavePerson{Person: desk.Person{Name: "Rosa Quispe", Phones: []string{"+56 2 2555 0101"}}}).ID
	a.do(app.SavePerson{Person: desk.Person{Name: "Luis Díaz", Phones: []string{"+56 2 2555 0101"}}})
	meet(a, b)
	one := a.answered("1", "225550101", "PJSIP/101")
	a.clock = a.clock.Add(time.Minute)
	two := a.answered("2", "4217", "Bruno")
	a.clock = a.clock.Add(time.Minute)
	a.answered("3", "4217", "PJSIP/101")
	a.call("4218", phone.Abandoned, time.Minute)
	a.clock = a.clock.Add(time.Hour)
	ctx := a.as(ana)
	if got := a.bare(ctx, app.UntypedCalls{}); got != "1 3 2" {
		t.Fatalf("to be said are %q: her own first, the oldest first, none that was lost", got)
	}
	if got := told[app.UntypedCallsAnswer](a, ctx, app.UntypedCalls{Mine: true}); len(got.Rows) != 2 || got.Total != 3 || got.Mine != 2 || !got.Rows[0].Mine || len(got.Rows[0].People) != 2 || got.Rows[0].Known {
		t.Errorf("hers are told as %+v", got)
	}
	// a case that is opened in a call says so itself
	k := a.does(ctx, app.OpenCase{Opened: desk.Opened{Subject: "No imprime", Impact: 2, Urgency: 2, Call: one}}).ID
	if got := a.bare(ctx, app.UntypedCalls{}); got != "3 2" {
		t.Errorf("after a case was opened in the first: %q", got)
	}
	// the second was about it too, which somebody says later, and who called
	a.does(ctx, app.TypifyCall{Call: two, Case: k})
	a.does(ctx, app.TypifyCall{Call: two, Person: rosa})
	a.does(ctx, app.TypifyCall{Call: app.CallID("central", "3"), Reason: "wrong"})
	if got := a.bare(ctx, app.UntypedCalls{}); got != "" {
		t.Errorf("all said: %q", got)
	}
	of := told[app.CallsAnswer](a, ctx, app.CallsOf{Case: k})
	if len(of.Rows) != 2 || of.Rows[0].ID != two || !of.Rows[0].Known || of.Rows[0].People[0].ID != rosa || of.Rows[1].ID != one || of.Rows[0].Cases[0].Subject != "No imprime" {
		t.Errorf("the case had the calls %+v", of.Rows)
	}
	// a second case of the same call, and one of the two taken back
	other := a.does(ctx, app.OpenCase{Opened: desk.Opened{Subject: "Anexo sin tono", Impact: 4, Urgency: 4}}).ID
	a.does(ctx, app.TypifyCall{Call: two, Case: other})
	if r := told[app.CallsAnswer](a, ctx, app.Calls{Text: "anexo"}).Rows; len(r) != 1 || len(r[0].Cases) != 2 {
		t.Errorf("found by its second case: %+v", r)
	}
	a.does(ctx, app.TypifyCall{Call: two, Case: k, Off: true})
	a.does(ctx, app.Undo{Entity: desk.Entity{Type: desk.CallType, ID: app.CallID("central", "3")}})
	if got := a.bare(ctx, app.UntypedCalls{}); got != "3" {
		t.Errorf("after one was taken back: %q", got)
	}
	if of := told[app.CallsAnswer](a, ctx, app.CallsOf{Case: k}); len(of.Rows) != 1 {
		t.Errorf("the case still has %+v", of.Rows)
	}
	b.takes(a)
	b.clock = a.clock
	if got := b.bare(b.as(ana), app.UntypedCalls{}); got != "3" {
		t.Errorf("elsewhere: %q", got)
	}
	b.clock = b.clock.AddDate(0, 0, app.UntypedDays)
	if got := b.bare(b.as(ana), app.UntypedCalls{}); got != "" {
		t.Errorf("after a week: %q", got)
	}
	meet(a, b)
	same(t, a, b)
	a.sound("of what calls were about")
}

func TestWhatCannotBeSaidOfACall(t *testing.T) {
	a := replicas(t, 1)[0]
	id := a.answered("1", "4217", "Ana")
	ctx := a.as(a.agent(desk.AgentRole))
	for _, c := range []struct {
		of   app.TypifyCall
		code app.Code
	}{
		{app.TypifyCall{Call: id}, app.Invalid},
		{app.TypifyCall{Call: id, Reason: " \t"}, app.Invalid},
		{app.TypifyCall{Call: desk.ID{9}, Reason: "wrong"}, app.NotFound},
		{app.TypifyCall{Call: id, Case: desk.ID{9}}, app.NotFound},
		{app.TypifyCall{Call: id, Case: desk.ID{9}, Off: true}, app.NotFound},
		{app.TypifyCall{Call: id, Person: desk.ID{9}}, app.NotFound},
		{app.TypifyCall{Call: id, Reason: strings.Repeat("x", desk.MaxText+1)}, app.Invalid},
	} {
		if _, err := a.Do(ctx, c.of); app.CodeOf(err) != c.code {
			t.Errorf("%.60v: %v", c.of, err)
		}
	}
	for _, role := range []desk.Role{desk.AnalystRole, desk.ViewerRole} {
		if _, err := a.Do(a.as(a.agent(role)), app.TypifyCall{Call: id, Reason: "wrong"}); app.CodeOf(err) != app.NotAllowed {
			t.Errorf("a %s: %v", role, err)
		}
	}
	if _, err := a.Ask(ctx, app.Calls{Show: "nonsense"}); app.CodeOf(err) != app.Invalid {
		t.Errorf("a sort that there is not: %v", err)
	}
}

// Whatever two workstations say of calls and in whatever order it meets: both show the
// same, which is what a naive reading of all that was said comes to.
func TestTheCallsNotTypifiedAreThoseOfANaiveCount(t *testing.T) {
	seed := rand.Uint64()
	for n := range 12 {
		dice := rand.New(rand.NewPCG(seed, uint64(n)))
		rs := replicas(t, 2)
		ana := rs[0].do(app.SaveAgent{Agent: desk.Agent{Name: "Ana Soto", Role: desk.AgentRole}}).ID
		meet(rs...)
		type said struct {
			about  map[desk.ID]bool // cases that somebody says it was about
			opened map[desk.ID]bool // cases that were opened in it
			reason bool
			ended  time.Time
			mine   bool
		}
		all := map[desk.ID]*said{}
		var ids, cases []desk.ID
		for i := range 60 {
			r := rs[dice.IntN(2)]
			r.clock = rs[0].clock.Add(time.Duration(1+dice.IntN(90)) * time.Minute)
			for _, x := range rs {
				x.clock = r.clock
			}
			switch k := dice.IntN(10); {
			case k < 4 || len(ids) == 0:
				agent := []string{"Ana Soto", "Bruno"}[dice.IntN(2)]
				id := r.answered(fmt.Sprint("u", i), "4217", agent)
				ids = append(ids, id)
				all[id] = &said{map[desk.ID]bool{}, map[desk.ID]bool{}, false, r.clock.Add(2*time.Minute + 5*time.Second), agent == "Ana Soto"}
			case k < 6:
				id, r := ids[dice.IntN(len(ids))], rs[0] // the numbers of cases are its own
				c := r.does(r.as(ana), app.OpenCase{Opened: desk.Opened{Subject: "No imprime", Impact: 2, Urgency: 2, Call: id}}).ID
				cases = append(cases, c)
				all[id].opened[c] = true
			case k < 7:
				id := ids[dice.IntN(len(ids))]
				if _, err := r.Do(r.as(ana), app.TypifyCall{Call: id, Reason: "question"}); err == nil { // refused where the call has not come yet
					all[id].reason = true
				}
			case len(cases) > 0:
				id, c := ids[dice.IntN(len(ids))], cases[dice.IntN(len(cases))]
				off := all[id].about[c] && dice.IntN(2) == 0
				if _, err := r.Do(r.as(ana), app.TypifyCall{Call: id, Case: c, Off: off}); err == nil {
					all[id].about[c] = !off
				}
			}
			if dice.IntN(4) == 0 {
				meet(rs...)
			}
		}
		meet(rs...)
		same(t, rs...)
		var want []string
		first := rs[0].clock.AddDate(0, 0, -app.UntypedDays)
		for _, mine := range []bool{true, false} {
			var of []desk.ID
			for _, id := range ids {
				s := all[id]
				about := len(s.opened) > 0
				for _, is := range s.about {
					about = about || is
				}
				if s.mine == mine && !about && !s.reason && !s.ended.Before(first) {
					of = append(of, id)
				}
			}
			slices.SortStableFunc(of, func(x, y desk.ID) int { return all[x].ended.Compare(all[y].ended) })
			for _, id := range of {
				want = append(want, id.String())
			}
		}
		for _, r := range rs {
			var got []string
			for _, x := range told[app.UntypedCallsAnswer](r, r.as(ana), app.UntypedCalls{Limit: 200}).Rows {
				got = append(got, x.ID.String())
			}
			if !slices.Equal(got, want) {
				t.Fatalf("seed %d, history %d: not typified are %d, by hand %d:\n%v\n%v", seed, n, len(got), len(want), got, want)
			}
		}
	}
	t.Logf("seed %d: 12 histories", seed)
}

// byHand is a call that an agent tells by hand.
func (r *replica) byHand(ctx context.Context, unique, from string, of desk.ID) desk.ID {
	r.t.Helper()
	for i, k := range []phone.EventKind{phone.Offered, phone.Answered, phone.Ended} {
		o := phone.NoOutcome
		if k == phone.Ended {
			o = phone.Completed
		}
		r.does(ctx, app.SeeCall{Event: phone.CallEvent{Key: phone.Key{PBX: phone.Manual, UniqueID: unique, Kind: k}, At: r.clock.Add(time.Duration(i) * time.Minute), Caller: from, Outcome: o}, Case: of})
	}
	return app.CallID(phone.Manual, unique)
}

func TestACallToldTwiceIsProposedToBeOneAndJoinedOnlyWhenSomebodySaysSo(t *testing.T) {
	rs := replicas(t, 2)
	a, b := rs[0], rs[1]
	ana := a.do(app.SaveAgent{Agent: desk.Agent{Name: "Ana Soto", Role: desk.AgentRole, Extension: "101"}}).ID
	meet(a, b)
	ctx := a.as(ana)
	doubles := func() (out []string) {
		t.Helper()
		for _, d := range told[app.DoubleCallsAnswer](a, ctx, app.DoubleCalls{}).Rows {
			out = append(out, d.Manual.Call.UniqueID+"="+d.Exchange.Call.UniqueID)
		}
		return out
	}
	a.answered("early", "4217", "PJSIP/101") // by the same caller, too early
	a.clock = a.clock.Add(10 * time.Minute)
	start := a.clock
	byCaller := a.answered("by caller", "+56 2 2555 0101", "PJSIP/207")
	kase := a.does(ctx, app.OpenCase{Opened: desk.Opened{Subject: "No imprime", Impact: 2, Urgency: 2}}).ID
	a.clock = start.Add(time.Minute)
	one := a.byHand(ctx, "hand 1", "225550101", kase)
	a.clock = start.Add(10 * time.Minute)
	a.answered("by agent", "9999", "PJSIP/101")
	a.clock = a.clock.Add(90 * time.Second)
	two := a.byHand(ctx, "hand 2", "", desk.ID{})
	a.clock = a.clock.Add(time.Hour)
	a.answered("before", "4217", "PJSIP/207")
	a.clock = a.clock.Add(5 * time.Minute)
	a.answered("of another", "8888", "PJSIP/207")
	a.byHand(ctx, "hand 3", "4217", desk.ID{})
	a.clock = a.clock.Add(time.Hour)
	if got := strings.Join(doubles(), ", "); got != "hand 1=by caller, hand 2=by agent" {
		t.Fatalf("proposed is %q", got)
	}
	calls := func() int { return len(told[app.CallsAnswer](a, ctx, app.Calls{Limit: 100}).Rows) }
	all := calls()
	a.does(ctx, app.JoinCalls{Manual: two, Exchange: app.CallID("central", "by agent"), Apart: true})
	if got := strings.Join(doubles(), ", "); got != "hand 1=by caller" || calls() != all {
		t.Errorf("after one was said to be two: %q, %d calls", got, calls())
	}
	if got := a.bare(ctx, app.UntypedCalls{}); !strings.Contains(got, "by caller") {
		t.Errorf("not typified: %q", got)
	}
	a.does(ctx, app.JoinCalls{Manual: one, Exchange: byCaller})
	if got := doubles(); len(got) != 0 || calls() != all-1 {
		t.Errorf("after one was joined: %q, %d calls of %d", got, calls(), all)
	}
	if got := a.bare(ctx, app.UntypedCalls{}); strings.Contains(got, "by caller") {
		t.Errorf("its case is not that of the exchange's: %q", got)
	}
	if r := told[app.CallsAnswer](a, ctx, app.Calls{Text: "imprime"}).Rows; len(r) != 1 || r[0].ID != byCaller || !r[0].ByHand {
		t.Errorf("found by its case: %+v", r)
	}
	b.takes(a)
	b.clock = a.clock
	if n := len(told[app.CallsAnswer](b, b.as(ana), app.Calls{Limit: 100}).Rows); n != all-1 {
		t.Errorf("elsewhere there are %d calls of %d", n, all)
	}
	a.does(ctx, app.Undo{Entity: desk.Entity{Type: desk.CallType, ID: one}})
	if got := strings.Join(doubles(), ", "); got != "hand 1=by caller" || calls() != all {
		t.Errorf("after it was taken back: %q, %d calls", got, calls())
	}
	meet(a, b)
	same(t, a, b)
	for _, c := range []app.JoinCalls{{Manual: byCaller, Exchange: one}, {Manual: one, Exchange: two}, {Manual: one, Exchange: desk.ID{9}}, {Manual: desk.ID{9}, Exchange: byCaller}} {
		if _, err := a.Do(ctx, c); app.CodeOf(err) != app.Invalid && app.CodeOf(err) != app.NotFound {
			t.Errorf("%v: %v", c, err)
		}
	}
}
