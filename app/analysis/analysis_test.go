package analysis_test

import (
	"context"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/rooms/roomtest"
)

// seat is a desk with an analyst and an agent, on a clock that the test moves.
type seat struct {
	*roomtest.Seat
	lucia, ana     context.Context
	luciaID, redes desk.ID
	opened         map[string]int // cases, by civil day of Lima
}

func newSeat(t *testing.T) *seat {
	t.Helper()
	s := &seat{Seat: roomtest.New(t, time.Date(2026, 6, 1, 14, 0, 0, 0, time.UTC), app.CreateDesk{Zone: "America/Lima"}), opened: map[string]int{}}
	s.Do(s.Owner, app.RequireFields{Fields: []string{desk.RequiresNothing}})
	s.luciaID = s.Do(s.Owner, app.SaveAgent{Agent: desk.Agent{Name: "Lucía Ferrer", Role: desk.AnalystRole}}).ID
	s.lucia = s.E.As(t.Context(), s.luciaID)
	s.ana = s.Agent(desk.Agent{Name: "Ana Soto", Role: desk.AgentRole})
	s.redes = s.Do(s.Owner, app.SaveGroup{Group: desk.Group{Name: "Redes", Level: 2}}).ID
	return s
}

// days opens so many cases on each of the next working days, Monday to Friday.
func (s *seat) days(n int, cases func() int) {
	s.Helper()
	for range n {
		if d := s.Now.Weekday(); d != time.Saturday && d != time.Sunday {
			for range cases() {
				s.Do(s.ana, app.OpenCase{Opened: desk.Opened{Subject: "La VPN no conecta"}})
				s.opened[s.Now.Format(time.DateOnly)]++
			}
		}
		s.Now = s.Now.AddDate(0, 0, 1)
	}
}

// vpn is a proposal that is due in two weeks.
func (s *seat) vpn() desk.Proposal {
	return desk.Proposal{Title: "Segundo concentrador de VPN en Ilo", Class: desk.Proactive, Cause: "un solo concentrador", Owner: s.luciaID, Group: s.redes, Index: "cases_opened", To: 4,
		Due: s.Now.AddDate(0, 0, 13).Format(time.DateOnly)}
}

func TestAProposalIsMeasuredByWhatCameAfterIt(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 1))
	s := newSeat(t)
	s.days(40, func() int { return 5 + r.IntN(4) })
	made := s.Now
	p := s.vpn()
	id := s.Do(s.lucia, app.SaveProposal{Proposal: p}).ID
	rows := func() []app.ProposalRow {
		return roomtest.Ask[app.ProposalsAnswer](s.Seat, s.lucia, app.Proposals{}).Rows
	}
	got := rows()
	if len(got) != 1 || got[0].ID != id || got[0].Verdict != "waiting" || got[0].Owner != "Lucía Ferrer" || got[0].Group != "Redes" || got[0].Unit != "count" || got[0].Of.Made != made.Format(time.DateOnly) || got[0].After.Value != nil {
		t.Fatalf("%+v", got)
	}
	s.days(14, func() int { return 6 }) // it is being done: neither before nor after
	if s.days(7, func() int { return 2 }); rows()[0].Verdict != "waiting" {
		t.Errorf("five working days tell %+v", rows()[0])
	}
	s.days(14, func() int { return 1 + r.IntN(3) })
	got = rows()
	if got[0].Verdict != "achieved" {
		t.Errorf("what came of it is %+v", got[0])
	}
	// The same by hand, of what the test opened.
	side := func(from, to time.Time) (sum, n int) {
		for d := from; d.Before(to); d = d.AddDate(0, 0, 1) {
			if d.Weekday() != time.Saturday && d.Weekday() != time.Sunday {
				sum, n = sum+s.opened[d.Format(time.DateOnly)], n+1
			}
		}
		return sum, n
	}
	for _, x := range []struct {
		got      app.Measured
		from, to time.Time
	}{{got[0].Before, made.AddDate(0, 0, -60), made}, {got[0].After, made.AddDate(0, 0, 14), s.Now}} {
		sum, n := side(x.from, x.to)
		if x.got.Num != float64(sum) || x.got.Days != n || math.Abs(*x.got.Value-float64(sum)/float64(n)) > 1e-12 {
			t.Errorf("%+v, by hand %d on %d days", x.got, sum, n)
		}
	}
	p = got[0].Of
	p.State = desk.Done
	s.Do(s.lucia, app.SaveProposal{ID: id, Proposal: p})
	p.To = 9
	s.Refused(s.lucia, app.Conflict, "what was expected of it stands", app.SaveProposal{ID: id, Proposal: p})
	p.To, p.State, p.Why = 4, desk.Dropped, "lo hizo el proveedor"
	if s.Do(s.lucia, app.SaveProposal{ID: id, Proposal: p}); rows()[0].Verdict != "waiting" || rows()[0].Of.Why == "" {
		t.Errorf("what was dropped is judged: %+v", rows()[0])
	}
}

func TestWhatNoProposalIs(t *testing.T) {
	s := newSeat(t)
	for _, x := range []struct {
		code app.Code
		says string
		bad  func(*desk.Proposal)
	}{
		{app.Invalid, "has no name", func(p *desk.Proposal) { p.Title = " " }},
		{app.Invalid, "proactive or corrective", func(p *desk.Proposal) { p.Class = desk.NoClass }},
		{app.Invalid, "cannot be measured", func(p *desk.Proposal) { p.Index = "backlog" }},
		{app.Invalid, "cannot be measured", func(p *desk.Proposal) { p.Index = "weather" }},
		{app.Invalid, "cannot come to be", func(p *desk.Proposal) { p.To = -1 }},
		{app.Invalid, "cannot come to be", func(p *desk.Proposal) { p.Index, p.To = "sla_resolve", 95 }},
		{app.Invalid, "not a day", func(p *desk.Proposal) { p.Due = "11 dic" }},
		{app.Invalid, "is due between", func(p *desk.Proposal) { p.Due = "2026-05-31" }},
		{app.Invalid, "is due between", func(p *desk.Proposal) { p.Due = "2028-05-31" }},
		{app.Invalid, "is not made on", func(p *desk.Proposal) { p.Made = "2026-06-02" }},
		{app.Invalid, "why the proposal is dropped", func(p *desk.Proposal) { p.State = desk.Dropped }},
		{app.NotFound, "no agent", func(p *desk.Proposal) { p.Owner = s.redes }},
		{app.NotFound, "group", func(p *desk.Proposal) { p.Group = s.luciaID }},
	} {
		p := s.vpn()
		x.bad(&p)
		s.Refused(s.lucia, x.code, x.says, app.SaveProposal{Proposal: p})
	}
	s.Refused(s.ana, app.NotAllowed, "", app.SaveProposal{Proposal: s.vpn()})
	for _, q := range []app.Query{app.Proposals{}, app.Deviations{Month: "2026-06"}} {
		if _, err := s.E.Ask(s.ana, q); app.CodeOf(err) != app.NotAllowed {
			t.Errorf("an agent is told %s: %v", app.NameOf(q), err)
		}
	}
	if _, err := s.E.Ask(s.lucia, app.Deviations{Month: "junio"}); app.CodeOf(err) != app.Invalid {
		t.Errorf("a month that is none: %v", err)
	}
}

func TestWhatMovedInAMonth(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 1))
	s := newSeat(t)
	s.days(92, func() int { return 4 + r.IntN(4) }) // June to August
	if rows := roomtest.Ask[app.DeviationsAnswer](s.Seat, s.lucia, app.Deviations{Month: "2026-10"}).Rows; len(rows) != 0 {
		t.Errorf("a month that is to come has %+v", rows)
	}
	s.days(9, func() int { return 5 })
	s.days(1, func() int { return 40 }) // Thursday 10 September
	s.days(5, func() int { return 5 })
	opened := func(a app.DeviationsAnswer) app.WatchedIndex {
		for _, w := range a.Rows {
			if w.Of.ID == "cases_opened" {
				return w
			}
		}
		t.Fatalf("cases opened are not watched: %+v", a.Rows)
		return app.WatchedIndex{}
	}
	a := roomtest.Ask[app.DeviationsAnswer](s.Seat, s.lucia, app.Deviations{Month: "2026-09"})
	w := opened(a)
	if len(w.Episodes) == 0 || w.Episodes[0].Found != "2026-09-10" || !w.Episodes[0].Up || w.Episodes[0].Value != 40 || w.Episodes[0].Expected < 4 || w.Episodes[0].Expected > 8 {
		t.Errorf("the tenth is %+v", w.Episodes)
	}
	sum := 0
	for d, n := range s.opened {
		if strings.HasPrefix(d, "2026-09") {
			sum += n
		}
	}
	if w.Of.Num != float64(sum) || len(w.Days) != 15 || w.Days[0].Date != "2026-09-01" || *w.Days[9].Value != 40 || !w.Days[9].Out || w.Days[4].Value != nil {
		t.Errorf("opened were %d: %+v of %+v", sum, w.Days, w.Of)
	}
	// The week of the tenth is beyond what the weeks before let expect, and no other whole one.
	var out []string
	for _, x := range w.Weeks {
		if x.Out {
			out = append(out, x.From)
		}
	}
	if len(w.Weeks) != 2 || len(out) != 1 || out[0] != "2026-09-07" || *w.Weeks[1].Value < 10 || *w.Weeks[1].High > 9 || w.Whole != nil {
		t.Errorf("of the weeks are out %v: %+v, %+v", out, w.Weeks, w.Whole)
	}
	if len(a.Rows) != 7 {
		t.Errorf("%d indices are watched", len(a.Rows))
	}
	if before := opened(roomtest.Ask[app.DeviationsAnswer](s.Seat, s.lucia, app.Deviations{Month: "2026-07"})); len(before.Days) != 31 {
		t.Errorf("July has %d days", len(before.Days))
	}
}
