package rooms_test

import (
	"fmt"
	"testing"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/phone"
	"punto/app/sla"
	"punto/app/tally"
)

// figure is an index of a contract's month.
func (b *bench) figure(contract desk.ID, month, id string) (x tally.Figure) {
	b.Helper()
	for _, x = range ask[app.MonthAnswer](b, app.Month{Month: month, Contract: contract}).Indices {
		if x.ID == id {
			return x
		}
	}
	b.Fatalf("there is no index %s", id)
	return x
}

// A call is of the contract that names its queue or the number dialled, else of
// its caller's, else of the only one; it is of no two, and what is of none is told.
func TestWhoseCallItIs(t *testing.T) {
	b := newBench(t)
	old := ask[app.RecordsAnswer](b, app.Records{Type: desk.ContractType}).Contracts[0]
	at := b.clock.AddDate(0, 0, 2) // in November, when there is one contract
	b.clock = b.clock.AddDate(0, 1, 0)
	n := 0
	call := func(queue, dialled, caller string, kase desk.ID) {
		n++
		x := at.Add(time.Duration(n) * time.Minute)
		b.do(app.ImportCalls{Calls: []phone.Call{{PBX: "x", UniqueID: fmt.Sprint(n), Queue: queue, Dialled: dialled, Caller: caller, OfferedAt: x, AnsweredAt: x.Add(9 * time.Second),
			EndedAt: x.Add(time.Minute), Wait: 9 * time.Second, Talk: 51 * time.Second, Outcome: phone.Completed}}})
		if !kase.IsZero() {
			b.do(app.SeeCall{Case: kase, Event: phone.CallEvent{Key: phone.Key{PBX: "x", UniqueID: fmt.Sprint(n), Kind: phone.Answered}, At: x}})
		}
	}
	call("general", "", "", desk.ID{})
	b.num("2026-11", "established", 1) // of the only contract, whatever its queue
	k := old.Of
	k.Code, k.Client, k.Queues, k.Numbers = "C-002", "Puerto", []string{"Puerto"}, []string{"+51 1 555-0202"}
	port := b.do(app.SaveContract{Contract: k}).ID
	b.num("2026-11", "established", 1) // then there was one contract
	b.refused(app.Conflict, app.SaveContract{ID: old.ID, Contract: func() desk.Contract { c := old.Of; c.Queues = []string{"puerto"}; return c }()})
	b.refused(app.Conflict, app.SaveContract{ID: old.ID, Contract: func() desk.Contract { c := old.Of; c.Numbers = []string{"(511) 5550202"}; return c }()})
	ours := b.do(app.SavePerson{Person: desk.Person{Name: "Ana", Extension: "4001", Contract: port}}).ID
	theirs := b.do(app.SavePerson{Person: desk.Person{Name: "Luis", Phones: []string{"4002"}, Contract: old.ID}}).ID
	call("puerto", "", "4002", desk.ID{})              // the queue goes before the caller
	call("general", "5115550202", "4002", desk.ID{})   // and the number dialled
	call("general", "", "4001", desk.ID{})             // the caller's
	call("general", "", "99", desk.ID{})               // nobody's
	call("general", "99", "", b.caseOf(theirs, "uno")) // of who it was about
	is := func(when string, oldCalls, portCalls, none float64) {
		t.Helper()
		for id, want := range map[desk.ID]float64{old.ID: oldCalls, port: portCalls} {
			if got := b.figure(id, "2026-11", "established").Num; got != want {
				t.Errorf("%s: %v calls of %v, not %v", when, got, id, want)
			}
			if got := b.figure(id, "2026-11", "calls_no_contract").Num; got != none {
				t.Errorf("%s: %v calls of no contract, not %v", when, got, none)
			}
		}
	}
	is("in November", 3, 3, 0)                                       // its only contract has what is nobody's
	b.clock, at = b.clock.AddDate(0, 2, 0), b.clock.AddDate(0, 0, 5) // in December there are two
	call("puerto", "", "", desk.ID{})
	call("general", "", "99", desk.ID{})
	call("general", "", "4001", desk.ID{})
	december := func(contract desk.ID, id string) float64 { return b.figure(contract, "2026-12", id).Num }
	for range 2 { // from rows, then sealed
		if december(port, "established") != 2 || december(old.ID, "established") != 0 || december(old.ID, "calls_no_contract") != 1 || december(port, "calls_no_contract") != 1 {
			t.Errorf("in December %v, %v and %v", december(port, "established"), december(old.ID, "established"), december(port, "calls_no_contract"))
		}
	}
	p := ask[app.OnePersonAnswer](b, app.OnePerson{ID: ours}).Row.Person
	p.Contract = old.ID
	b.do(app.SavePerson{ID: ours, Person: p}) // what was sealed is of before
	if december(port, "established") != 1 || december(old.ID, "established") != 1 {
		t.Errorf("after the caller went over, %v and %v", december(port, "established"), december(old.ID, "established"))
	}
	k.Queues = append(k.Queues, "general")
	b.do(app.SaveContract{ID: port, Contract: k})
	if december(port, "established") != 3 || december(old.ID, "calls_no_contract") != 0 {
		t.Errorf("after its queue was named, %v and %v of none", december(port, "established"), december(old.ID, "calls_no_contract"))
	}
}

// caseOf is a case of a user.
func (b *bench) caseOf(person desk.ID, subject string) desk.ID {
	b.Helper()
	return b.do(app.OpenCase{Opened: desk.Opened{Person: person, Subject: subject, Category: "correo.lleno", Impact: 2, Urgency: 2}}).ID
}

// A month that was told is told again with what came since: was, is, why.
func TestWhatComesLateIsTold(t *testing.T) {
	b := newBench(t)
	at := b.clock.AddDate(0, -1, -9)
	call := func(id string) {
		b.do(app.ImportCalls{Calls: []phone.Call{{PBX: "x", UniqueID: id, OfferedAt: at, AnsweredAt: at.Add(9 * time.Second), EndedAt: at.Add(time.Minute), Wait: 9 * time.Second,
			Talk: 51 * time.Second, Outcome: phone.Completed}}})
	}
	call("1")
	for range 2 {
		if a := ask[app.MonthAnswer](b, app.Month{Month: "2026-10"}); len(a.Restated) != 0 {
			t.Errorf("at first it is restated as %+v", a.Restated)
		}
	}
	ask[app.MonthAnswer](b, app.Month{Month: "2026-11"}) // goes on: nothing is stated of it
	call("2")
	b.do(app.OpenCase{Opened: desk.Opened{Subject: "uno"}})
	if x := b.restated("2026-10", "offered"); x.Was.Num != 1 || x.Is.Num != 2 || x.Why != tally.ByLate {
		t.Errorf("a late call was told as %+v", x)
	}
	if a := ask[app.MonthAnswer](b, app.Month{Month: "2026-11"}); len(a.Restated) != 0 {
		t.Errorf("the month that goes on was restated as %+v", a.Restated)
	}
	k := ask[app.RecordsAnswer](b, app.Records{Type: desk.ContractType}).Contracts[0]
	k.Of.AnswerIn = 5
	b.do(app.SaveContract{ID: k.ID, Contract: k.Of})
	if x := b.restated("2026-10", "service_level_strict"); x.Was.Num != 1 || x.Is.Num != 0 || x.Why != tally.ByContract {
		t.Errorf("another limit was told as %+v", x)
	}
}

// A lower priority does not take a breach back: neither from the month nor from
// the explanation; excusing it does, when it came by the month's end.
func TestALowerPriorityHidesNoBreach(t *testing.T) {
	b := newBench(t)
	_, id := b.rosa()
	b.do(app.TakeCase{Case: id})
	b.clock = b.clock.Add(30 * time.Hour) // of 8 h
	four := 4
	b.do(app.EditCase{Case: id, Edit: desk.Edited{Impact: &four, Urgency: &four}})
	b.do(app.ResolveCase{Case: id, Text: "hecho"})
	runs := b.kase(id).Clocks
	for _, r := range runs {
		if r.Kind == sla.Resolve && (r.State != sla.Met || len(r.Was) != 1 || r.Was[0].State != sla.Breached) {
			t.Fatalf("the story is told with %v after %+v", r.State, r.Was)
		}
	}
	if f := b.index("2026-11", "sla_resolve"); f.Num != 0 || *f.Den != 1 {
		t.Errorf("met %v of %v: the breach was erased", f.Num, *f.Den)
	}
	told := false
	for _, x := range ask[app.ExplainAnswer](b, app.Explain{ID: id}).Clocks {
		told = told || x.Run.ID == "resolve/1" && x.Run.State == sla.Breached && len(x.Counted) > 0
	}
	if !told {
		t.Error("the explanation leaves the breached run out")
	}
	b.do(app.ExcuseClock{Case: id, Clock: "resolve/1", Cause: "x", Text: "x"})
	if f := b.index("2026-11", "sla_resolve"); f.Num != 0 || *f.Den != 0 || b.index("2026-11", "sla_excused").Num != 1 {
		t.Errorf("excused it counts %v of %v", f.Num, *f.Den)
	}
}

// Solved in the one command that registered it, a case kept its promises in no
// time: the figures say how many did.
func TestWhatBeginsAndEndsAtOnceIsToldApart(t *testing.T) {
	b := newBench(t)
	person, id := b.rosa()
	b.clock = b.clock.Add(time.Minute)
	b.do(app.ResolveCase{Case: id, Text: "hecho"})
	b.do(app.RegisterCase{OpenCase: app.OpenCase{Opened: desk.Opened{Person: person, Subject: "otra", Category: "correo.lleno", Impact: 2, Urgency: 2}}, Resolve: &app.ResolveCase{Text: "hecho"}})
	b.num("2026-11", "cases_resolved", 2)
	b.num("2026-11", "taken_at_once", 1)
	b.num("2026-11", "resolved_at_once", 1)
}

// However many cases a user has had, one solved in the week before makes another
// of its category a repeat.
func TestARepeatIsSeenAmongHundreds(t *testing.T) {
	b := newBench(t)
	at := b.clock.AddDate(0, -1, -9)
	var c app.ImportCases
	add := func(ref string, opened time.Time, category string, solved time.Duration) {
		h := app.CaseHistory{Ref: ref, At: opened.UnixMilli(), Person: "Ann", Opened: desk.Opened{Subject: ref, Category: category}}
		if solved > 0 {
			h.Steps = []app.CaseStep{{At: opened.Add(solved).UnixMilli(), Kind: desk.CaseResolved, Agent: "A"}}
		}
		c.Cases = append(c.Cases, h)
	}
	add("the first", at, "correo.lleno", time.Hour)
	for i := range 300 {
		add(fmt.Sprint("between ", i), at.Add(2*time.Hour+time.Duration(i)*time.Minute), "impresoras.cola", 0)
	}
	add("the last", at.Add(48*time.Hour), "correo.lleno", 0)
	add("too late", at.Add(9*24*time.Hour), "correo.lleno", 0)
	add("no category", at.Add(49*time.Hour), "", time.Minute)
	add("no category again", at.Add(50*time.Hour), "", 0)
	b.do(c)
	b.num("2026-10", "repeat_contacts", 1)
}

// The examples of months that changed when they were over.
func TestAReopeningOfTheNextMonthLeavesThisOneAsItWas(t *testing.T) {
	b := newBench(t)
	lima := b.clock.Location()
	on := func(month time.Month, day, hour int) int64 {
		return time.Date(2026, month, day, hour, 0, 0, 0, lima).UnixMilli()
	}
	step := func(at int64, k desk.Kind) app.CaseStep { return app.CaseStep{At: at, Kind: k, Agent: "A"} }
	b.do(app.ImportCases{Cases: []app.CaseHistory{{Ref: "again", At: on(8, 20, 9), Opened: desk.Opened{Subject: "vuelve", Priority: 4}, Steps: []app.CaseStep{
		step(on(8, 28, 10), desk.CaseResolved), step(on(9, 2, 9), desk.CaseReopened), step(on(9, 3, 9), desk.CaseResolved), step(on(9, 20, 9), desk.CaseReopened), step(on(10, 5, 9), desk.CaseResolved)}}}})
	for month, want := range map[string]map[string]float64{
		"2026-08": {"cases_opened": 1, "cases_resolved": 1, "resolutions": 1, "reopenings": 0, "backlog": 0, "reopen_rate": 1},
		"2026-09": {"cases_opened": 0, "cases_resolved": 1, "resolutions": 1, "reopenings": 2, "backlog": 1, "reopen_rate": 0}, // the second came 17 days later
		"2026-10": {"cases_opened": 0, "cases_resolved": 1, "resolutions": 1, "reopenings": 0, "backlog": 0, "reopen_rate": 0},
	} {
		for id, n := range want {
			b.num(month, id, n)
		}
	}
	if x := b.restated("2026-08", "reopen_rate"); x.Was.Num != 0 || x.Is.Num != 1 || x.Why != tally.ByReopening {
		t.Errorf("the reopening was told as %+v", x)
	}
}
