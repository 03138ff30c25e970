package rooms_test

import (
	"fmt"
	"testing"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/phone"
	"punto/app/tally"
)

func (b *bench) index(month, id string) tally.Figure {
	b.Helper()
	for _, f := range ask[app.MonthAnswer](b, app.Month{Month: month}).Indices {
		if f.ID == id {
			return f
		}
	}
	b.Fatalf("there is no index %s", id)
	return tally.Figure{}
}

func (b *bench) num(month, id string, want float64) {
	b.Helper()
	if f := b.index(month, id); f.Num != want {
		b.Errorf("%s of %s is %v, not %v", id, month, f.Num, want)
	}
}

func (b *bench) restated(month, id string) (x tally.Restatement) {
	b.Helper()
	for _, x = range ask[app.MonthAnswer](b, app.Month{Month: month}).Restated {
		if x.ID == id {
			return x
		}
	}
	b.Errorf("%s of %s was not restated", id, month)
	return tally.Restatement{Was: tally.Stated{Den: new(float64)}, Is: tally.Stated{Den: new(float64)}}
}

func TestASealedDayIsSealedAgainWhenItChanges(t *testing.T) {
	b := newBench(t)
	at := b.clock.AddDate(0, -1, -9) // a Wednesday of October
	calls := func(from, to int) {
		var c app.ImportCalls
		for i := from; i < to; i++ {
			x := at.Add(time.Duration(i) * time.Minute)
			c.Calls = append(c.Calls, phone.Call{PBX: "x", UniqueID: fmt.Sprint(i), OfferedAt: x, QueuedAt: x, AnsweredAt: x.Add(9 * time.Second), EndedAt: x.Add(time.Minute),
				Wait: 9 * time.Second, Talk: 51 * time.Second, Outcome: phone.Completed})
		}
		b.do(c)
	}
	calls(0, 10)
	b.do(app.ImportCases{Cases: []app.CaseHistory{{Ref: "1", At: at.UnixMilli(), Person: "Ann", Group: "G1", Opened: desk.Opened{Subject: "uno", Category: "correo.lleno", Priority: 1},
		Steps: []app.CaseStep{{At: at.Add(time.Minute).UnixMilli(), Kind: desk.CaseTaken, Agent: "A"}, {At: at.Add(6 * time.Hour).UnixMilli(), Kind: desk.CaseResolved, Agent: "A"}}}}})
	for range 2 { // from rows, then sealed
		b.num("2026-10", "established", 10)
		b.num("2026-10", "cases_resolved", 1)
		b.num("2026-10", "sla_resolve", 0) // 6 h of 4 h
	}
	calls(10, 13)
	b.num("2026-10", "established", 13)
	one := ask[app.CasesAnswer](b, app.Cases{By: "opened"}).Rows[0]
	b.do(app.ExcuseClock{Case: one.ID, Clock: "resolve/1", Cause: "fuerza mayor", Text: "corte de luz"})
	b.num("2026-10", "sla_excused", 0) // it came when the month had ended: a line of its own
	if x := b.restated("2026-10", "sla_resolve"); x.Why != tally.ByExcuse || x.N != 1 || *x.Was.Den != 1 || *x.Is.Den != 0 {
		t.Errorf("the excuse was told as %+v", x)
	}
	b.do(app.ImportCases{Cases: []app.CaseHistory{{Ref: "2", At: at.Add(26 * time.Hour).UnixMilli(), Person: "Ann", Opened: desk.Opened{Subject: "dos", Category: "correo.lleno"}}}})
	b.num("2026-10", "repeat_contacts", 1)
	b.num("2026-10", "cases_opened", 2)
	b.num("2026-10", "backlog", 1)
	b.num("2026-11", "cases_opened", 0)
	a := ask[app.MonthAnswer](b, app.Month{Month: "2026-10"})
	if len(a.Days) != 1 || a.Days[0].Answered != 13 || a.Days[0].Date != at.Format("2006-01-02") {
		t.Errorf("the days are %+v", a.Days)
	}
}

func TestEachHandOffHasItsOwnClock(t *testing.T) { // 26
	b := newBench(t)
	at := b.clock.AddDate(0, -1, -9)
	step := func(after time.Duration, k desk.Kind, group string) app.CaseStep {
		return app.CaseStep{At: at.Add(after).UnixMilli(), Kind: k, Group: group, Agent: "A", Level: 2}
	}
	b.do(app.ImportCases{Cases: []app.CaseHistory{{Ref: "1", At: at.UnixMilli(), Group: "Mesa de ayuda", Opened: desk.Opened{Subject: "uno", Priority: 1}, Steps: []app.CaseStep{
		step(time.Minute, desk.CaseHandedOff, "G1"), step(time.Hour, desk.CaseHandedOff, "G2"), step(5*time.Hour, desk.CaseHandedOff, "G1"), step(6*time.Hour, desk.CaseResolved, "")}}}})
	f := b.index("2026-10", "ola")
	if f.Num != 2 || f.Den == nil || *f.Den != 3 {
		t.Errorf("met %v of %v: G2 held it 4 h of 2 h, the others in time", f.Num, f.Den)
	}
	b.num("2026-10", "handoffs", 3)
	b.num("2026-10", "ping_pong", 1)
}

// The first group that a case gets, and the one that it has already, are no hand-off
// and begin no clock of a unit; all the same they are work, and end a pause.
func TestAHandOffThatChangesNoGroupBeginsNoClock(t *testing.T) {
	b := newBench(t)
	at := b.clock.AddDate(0, -1, -9)
	step := func(after time.Duration, k desk.Kind, group, reason string) app.CaseStep {
		return app.CaseStep{At: at.Add(after).UnixMilli(), Kind: k, Group: group, Agent: "A", Level: 2, Reason: reason}
	}
	b.do(app.ImportCases{Cases: []app.CaseHistory{{Ref: "1", At: at.UnixMilli(), Opened: desk.Opened{Subject: "uno", Priority: 1}, Steps: []app.CaseStep{
		step(time.Minute, desk.CaseHandedOff, "G1", ""), step(2*time.Minute, desk.CaseSuspended, "", "user"), step(3*time.Minute, desk.CaseHandedOff, "G1", ""),
		step(5*time.Hour, desk.CaseResolved, "", "")}}}})
	b.num("2026-10", "handoffs", 0)
	b.num("2026-10", "sla_resolve", 0) // 4 h 59 min of 4 h
	if f := b.index("2026-10", "ola"); f.Den == nil || *f.Den != 0 {
		t.Errorf("the hand-off runs are %+v", f)
	}
}

// 33: the month is that of the contract's zone; 34: resolved in one month and
// reopened in the next is resolved in the first, and reopened.
func TestTheEdgesOfAMonth(t *testing.T) {
	b := newBench(t)
	lima := b.clock.Location()
	last := time.Date(2026, 10, 31, 23, 30, 0, 0, lima) // already November in UTC
	resolved := time.Date(2026, 10, 30, 17, 0, 0, 0, lima)
	b.do(app.ImportCases{Cases: []app.CaseHistory{
		{Ref: "late", At: last.UnixMilli(), Opened: desk.Opened{Subject: "de noche"}},
		{Ref: "again", At: resolved.Add(-time.Hour).UnixMilli(), Opened: desk.Opened{Subject: "vuelve"}, Steps: []app.CaseStep{
			{At: resolved.UnixMilli(), Kind: desk.CaseResolved, Agent: "A"},
			{At: time.Date(2026, 11, 3, 9, 0, 0, 0, lima).UnixMilli(), Kind: desk.CaseReopened, Agent: "A"}}}}})
	b.num("2026-10", "cases_opened", 2)
	b.num("2026-11", "cases_opened", 0)
	b.num("2026-10", "cases_resolved", 1)
	b.num("2026-10", "reopen_rate", 1)
	b.num("2026-11", "cases_resolved", 0)
}
