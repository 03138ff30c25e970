package rooms_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/phone"
)

// An agent's time at work and the calls that it took are what an occupancy is made of; who
// asks for what is not there is told what is.
func TestWhatIsBehindAnIndex(t *testing.T) {
	b := newBench(t)
	b.do(app.SaveAgent{Agent: desk.Agent{Name: "Rosa", Login: "rosa", Role: desk.AgentRole}, Password: "cobre y sal"})
	r, err := b.Do(t.Context(), app.SignIn{Login: "rosa", Password: "cobre y sal"})
	if err != nil {
		t.Fatal(err)
	}
	rosa := app.WithSession(t.Context(), r.Token)
	shift := func(do string) {
		t.Helper()
		if _, err := b.Engine.Do(rosa, app.SetShift{Do: do}); err != nil {
			t.Fatal(err)
		}
	}
	begin := b.clock
	shift("in")
	b.clock = b.clock.Add(time.Hour)
	shift("out")
	var calls app.ImportCalls
	for i := range 5 {
		at := begin.Add(time.Duration(i) * 10 * time.Minute)
		calls.Calls = append(calls.Calls, phone.Call{PBX: "x", UniqueID: fmt.Sprint(i), Queue: []string{"mesa", "vip"}[i%2], OfferedAt: at, AnsweredAt: at, EndedAt: at.Add(2 * time.Minute), Talk: 2 * time.Minute, Outcome: phone.Completed})
	}
	b.do(calls)
	a := ask[app.IndexRowsAnswer](b, app.IndexRows{Month: "2026-11", Index: "occupancy"})
	num, den := 0.0, 0.0
	for _, r := range a.Rows {
		num, den = num+r.Num, den+r.Den
	}
	if f := b.index("2026-11", "occupancy"); a.Total != 6 || num != 600 || den != 3600 || f.Num != num || *f.Den != den || a.Figure.Num != num || *a.Figure.Den != den {
		t.Errorf("%d rows tell of %v in %v s, the month of %v in %v, and not 6 of 600 in 3600", a.Total, num, den, f.Num, *f.Den)
	}
	page := ask[app.IndexRowsAnswer](b, app.IndexRows{Month: "2026-11", Index: "established", Skip: 1, Limit: 2})
	if page.Total != 5 || len(page.Rows) != 2 || page.Rows[0].At != begin.Add(10*time.Minute).UnixMilli() || page.Rows[0].Of.Type != desk.CallType || page.Rows[0].Name != "vip" {
		t.Errorf("%+v", page)
	}
	vip := ask[app.IndexRowsAnswer](b, app.IndexRows{Month: "2026-11", Index: "established", By: "queue", Key: "vip"})
	if vip.Total != 2 || slices.ContainsFunc(vip.Rows, func(r app.IndexRow) bool { return r.Name != "vip" }) {
		t.Errorf("%+v", vip)
	}
	for _, q := range []app.IndexRows{{Month: "2026-11", Index: "luck"}, {Month: "2026-11", Index: "asa", By: "colour"}, {Month: "2026-11", Index: "csat", By: "group"}, {Month: "noviembre", Index: "asa"},
		{Month: "2026-11", Index: "asa", Limit: 1001}, {Month: "2026-11", Index: "asa", Skip: -1}} {
		if _, err := b.Ask(b.ctx, q); app.CodeOf(err) != app.Invalid {
			t.Errorf("%+v gave %v", q, err)
		}
	}
	if _, err := b.Ask(rosa, app.IndexRows{Month: "2026-11", Index: "csat"}); app.CodeOf(err) != app.NotAllowed {
		t.Errorf("an agent sees what users answered: %v", err)
	}
	if _, err := b.Ask(rosa, app.IndexRows{Month: "2026-11", Index: "asa"}); err != nil {
		t.Error(err)
	}
}
