package analysis_test

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
	"punto/app/rooms/roomtest"
)

// comeBack asks for September and gives its groups by what they are of.
func (s *seat) comeBack() (a app.RecurrenceAnswer, by map[string][]app.Recurring) {
	s.Helper()
	a, by = roomtest.Ask[app.RecurrenceAnswer](s.Seat, s.lucia, app.Recurrence{Month: "2026-09"}), map[string][]app.Recurring{}
	for _, g := range a.Groups {
		by[g.By] = append(by[g.By], g)
	}
	return a, by
}

func TestWhatComesBackOpensItsCases(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 3))
	s := newSeat(t)
	site := s.Do(s.Owner, app.SaveSite{Site: desk.Site{Name: "Ilo"}}).ID
	var people, assets []desk.ID
	for i := range 12 {
		people = append(people, s.Do(s.Owner, app.SavePerson{Person: desk.Person{Name: fmt.Sprintf("Usuario %02d", i), Site: site}}).ID)
	}
	for i := range 8 {
		assets = append(assets, s.Do(s.Owner, app.SaveAsset{Asset: desk.Asset{Tag: fmt.Sprintf("Equipo %02d", i)}}).ID)
	}
	type one struct {
		id, person, asset desk.ID
		at                int64
		subject, category string
		gone              bool
	}
	var all []one
	subjects := []string{"La VPN no conecta", "la vpn no conectá", "No imprime guías", "Clave vencida en SAP", "Pantalla azul"}
	calls := map[string][]int64{}
	n := 0
	for day := range 120 { // 1 June to 28 September
		for range r.IntN(4) {
			x := one{person: people[r.IntN(12)], at: s.Now.UnixMilli(), subject: subjects[r.IntN(5)], category: "correo.lleno"}
			if r.IntN(3) == 0 {
				x.asset = assets[r.IntN(8)]
			}
			x.id = s.Do(s.ana, app.OpenCase{Opened: desk.Opened{Subject: x.subject, Person: x.person, Asset: x.asset, Category: x.category, Site: site}}).ID
			if x.gone = r.IntN(12) == 0; x.gone {
				s.Do(s.ana, app.CancelCase{Case: x.id, Text: "prueba"})
			}
			all = append(all, x)
			s.Now = s.Now.Add(time.Minute)
		}
		for range r.IntN(5) {
			from := fmt.Sprintf("+5698765%04d", r.IntN(6))
			c := phone.Call{PBX: "central", UniqueID: fmt.Sprint(n), Caller: from, Queue: "mesa", OfferedAt: s.Now, AnsweredAt: s.Now, Talk: time.Minute, Outcome: phone.Completed}
			if n++; r.IntN(4) == 0 {
				c.AnsweredAt, c.Outcome = time.Time{}, phone.Abandoned
			} else {
				calls[from] = append(calls[from], s.Now.UnixMilli())
			}
			s.Do(s.Owner, app.ImportCalls{Calls: []phone.Call{c}})
			s.Now = s.Now.Add(time.Minute)
		}
		s.Now = time.Date(2026, 6, 1+day+1, 14, 0, 0, 0, time.UTC)
	}
	a, by := s.comeBack()
	first := time.Date(2026, 9, 1, 5, 0, 0, 0, time.UTC).UnixMilli() // midnight in Lima
	all = slices.DeleteFunc(all, func(x one) bool { return x.gone })
	// By hand: of each one every run of three within the span of which the last is of the month.
	runs := func(of func(one) desk.ID, days int64) map[desk.ID][]desk.ID {
		out := map[desk.ID][]desk.ID{}
		for _, k := range append(slices.Clone(people), assets...) {
			var mine []one
			for _, x := range all {
				if of(x) == k {
					mine = append(mine, x)
				}
			}
			for i, x := range mine {
				for j := range 3 {
					b := i - j
					if b >= 0 && b+2 < len(mine) && mine[b+2].at-mine[b].at <= days*86_400_000 && mine[b+2].at >= first {
						out[k] = append(out[k], x.id)
						break
					}
				}
			}
		}
		return out
	}
	for what, want := range map[string]map[desk.ID][]desk.ID{app.SamePerson: runs(func(x one) desk.ID { return x.person }, 30), app.SameAsset: runs(func(x one) desk.ID { return x.asset }, 90)} {
		if len(by[what]) != len(want) || len(want) == 0 {
			t.Errorf("%d of %s come back, by hand %d", len(by[what]), what, len(want))
		}
		for i, g := range by[what] {
			if !slices.Equal(g.Cases, want[g.ID]) || g.Count != len(g.Cases) || g.Name == "" || i > 0 && g.Count > by[what][i-1].Count {
				t.Errorf("%s %s: %d cases, by hand %d", what, g.Name, g.Count, len(want[g.ID]))
			}
		}
	}
	opened, vpn := 0, 0
	for _, x := range all {
		if x.at >= first {
			opened++
			if x.subject[:2] != "No" && x.subject[:1] != "C" && x.subject[:1] != "P" {
				vpn++
			}
		}
	}
	if a.Cases != opened {
		t.Errorf("%d were opened, by hand %d", a.Cases, opened)
	}
	counts := map[int]bool{}
	for _, g := range by[app.SameText] {
		counts[g.Count] = true
	}
	if len(by[app.SameText]) == 0 || vpn >= 3 && !counts[vpn] {
		t.Errorf("of one text are %v, and %d are of the VPN", by[app.SameText], vpn)
	}
	again, answered := 0, 0
	for _, ats := range calls {
		for i, at := range ats {
			if at >= first {
				if answered++; i > 0 && at-ats[i-1] <= 7*86_400_000 {
					again++
				}
			}
		}
	}
	if a.Repeats != again || a.Calls != answered {
		t.Errorf("%d of %d calls are repeated, by hand %d of %d", a.Repeats, a.Calls, again, answered)
	}
	// Every group opens its cases, in its order.
	g := by[app.SamePerson][0]
	rows := roomtest.Ask[app.CasesAnswer](s.Seat, s.lucia, app.Cases{By: "these", These: append(g.Cases, s.redes)}).Rows
	if len(rows) != len(g.Cases) || rows[0].ID != g.Cases[0] || rows[len(rows)-1].Person != g.Name {
		t.Errorf("%d cases are listed of %d", len(rows), len(g.Cases))
	}
	s.refuses(s.ana, app.NotAllowed, app.Recurrence{Month: "2026-09"})
	s.refuses(s.lucia, app.Invalid, app.Recurrence{Month: "septiembre"})
	s.refuses(s.lucia, app.Invalid, app.Cases{By: "these", These: make([]desk.ID, 1001)})
}

func (s *seat) refuses(ctx context.Context, code app.Code, q app.Query) {
	s.Helper()
	if _, err := s.E.Ask(ctx, q); app.CodeOf(err) != code {
		s.Errorf("%s: %v, and not %s", app.NameOf(q), err, code)
	}
}

// A category at a site that comes seldom comes often: it is told, with what was expected.
func TestACategoryAtASiteRisesAboveItsLimit(t *testing.T) {
	s := newSeat(t)
	ilo := s.Do(s.Owner, app.SaveSite{Site: desk.Site{Name: "Ilo"}}).ID
	for day := range 115 {
		many := 4
		if day >= 110 {
			many = 5
		}
		for i := range many {
			k := desk.Opened{Subject: fmt.Sprintf("caso %d %d", day, i), Category: "equipos.lento"}
			if i == 4 || i == 0 && day%14 == 0 {
				k.Category, k.Site = "correo.lleno", ilo
			}
			s.Do(s.ana, app.OpenCase{Opened: k})
		}
		s.Now = s.Now.AddDate(0, 0, 1)
	}
	_, by := s.comeBack()
	if g := by[app.SamePlace]; len(g) != 1 || g[0].Category != "correo.lleno" || g[0].Name != "Ilo" || g[0].Week < 5 || g[0].Expected > 1 || g[0].Limit < g[0].Expected || len(g[0].Cases) != g[0].Week {
		t.Errorf("%+v", g)
	}
}

// What a rule proposes is accepted as it is, or dropped and not said again for half a year.
func TestWhatARuleProposesIsTakenOrDropped(t *testing.T) {
	s := newSeat(t)
	rosa := s.Do(s.Owner, app.SavePerson{Person: desk.Person{Name: "Rosa Núñez"}}).ID
	sap := s.Do(s.Owner, app.SaveAsset{Asset: desk.Asset{Tag: "PC-0412"}}).ID
	cases := func() {
		for range 6 {
			s.Do(s.ana, app.ResolveCase{Case: s.Do(s.ana, app.OpenCase{Opened: desk.Opened{Subject: "No sabe firmar", Person: rosa, Asset: sap}}).ID, Text: "listo"})
			s.Now = s.Now.AddDate(0, 0, 1)
		}
	}
	cases()
	suggested := func() map[string]app.Suggestion {
		out := map[string]app.Suggestion{}
		for _, x := range roomtest.Ask[app.SuggestionsAnswer](s.Seat, s.lucia, app.Suggestions{Month: s.Now.Format("2006-01")}).Rows {
			if strings.HasPrefix(x.Of.Rule, "repeat") { // of what else there is, other tests tell
				out[x.Of.Rule] = x
			}
		}
		return out
	}
	got := suggested()
	user, asset := got["repeat_user/1"], got["repeat_asset/1"]
	if len(got) != 2 || user.Of.Title != "Capacitar a Rosa Núñez" || user.Of.Cause != "6 casos en 30 días" || user.Of.Subject != rosa.String() || len(user.Cases) != 6 || user.Num != 6 || user.Threshold != 5 ||
		asset.Of.Title != "Reemplazar o reparar a fondo PC-0412" || asset.Of.Class != desk.Corrective || asset.Of.Due != s.Now.AddDate(0, 0, 45).Format(time.DateOnly) {
		t.Fatalf("%+v", got)
	}
	// A contract may want to hear of it earlier or later.
	k := roomtest.Ask[app.RecordsAnswer](s.Seat, s.Owner, app.Records{Type: desk.ContractType}).Contracts[0]
	k.Of.Thresholds = map[string]float64{"repeat_user": 7, "repeat_asset": 6}
	s.Do(s.Owner, app.SaveContract{ID: k.ID, Contract: k.Of})
	if got = suggested(); len(got) != 1 || got["repeat_asset/1"].Threshold != 6 {
		t.Errorf("by the contract is proposed %+v", got)
	}
	k.Of.Thresholds = map[string]float64{"repeat_usr": 7}
	s.Refused(s.Owner, app.Invalid, "of no rule that proposes", app.SaveContract{ID: k.ID, Contract: k.Of})
	k.Of.Thresholds = nil
	s.Do(s.Owner, app.SaveContract{ID: k.ID, Contract: k.Of})
	user.Of.State = desk.Accepted
	s.Do(s.lucia, app.SaveProposal{Proposal: user.Of})
	asset.Of.State = desk.Dropped
	s.Refused(s.lucia, app.Invalid, "why the proposal is dropped", app.SaveProposal{Proposal: asset.Of})
	asset.Of.Why = "está en garantía"
	s.Do(s.lucia, app.SaveProposal{Proposal: asset.Of})
	if got = suggested(); len(got) != 0 {
		t.Errorf("it is said again: %+v", got)
	}
	luis := s.Do(s.Owner, app.SavePerson{Person: desk.Person{Name: "Luis Díaz"}}).ID
	rosa, luis = luis, rosa
	if cases(); len(suggested()) != 1 || suggested()["repeat_user/1"].Of.Subject != rosa.String() {
		t.Errorf("of another user is proposed %+v", suggested())
	}
	rosa = luis
	at := s.Now.AddDate(0, 0, -6)
	for _, x := range []struct {
		days int
		want string
	}{{80, ""}, {100, "repeat_user/1"}, {170, "repeat_user/1"}, {190, "repeat_asset/1 repeat_user/1"}} {
		s.Now = at.AddDate(0, 0, x.days-6)
		cases()
		var rules []string
		for r := range suggested() {
			rules = append(rules, r)
		}
		slices.Sort(rules)
		if got := fmt.Sprint(rules); got != "["+x.want+"]" {
			t.Errorf("after %d days is proposed %s, and not %s", x.days, got, x.want)
		}
	}
	s.refuses(s.ana, app.NotAllowed, app.Suggestions{Month: "2026-09"})
	s.refuses(s.lucia, app.Invalid, app.Suggestions{Month: "x"})
}
