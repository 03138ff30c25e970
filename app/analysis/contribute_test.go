package analysis_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/phone"
	"punto/app/rooms/roomtest"
)

// Each cut of each index is the whole, as the month itself tells it; and what a category
// brought of the cases opened is as by hand.
func TestWhyAnIndexMovedIsTheWholeTakenApart(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 4))
	s := newSeat(t)
	sites := []desk.ID{{}, s.Do(s.Owner, app.SaveSite{Site: desk.Site{Name: "Ilo"}}).ID, s.Do(s.Owner, app.SaveSite{Site: desk.Site{Name: "Lima"}}).ID}
	base := s.Do(s.Owner, app.SaveGroup{Group: desk.Group{Name: "Base", Level: 2}}).ID
	categories := []string{"correo.lleno", "equipos.lento", "cuentas.clave"}
	opened := map[string]map[string]float64{} // by month and category
	var waiting []desk.ID
	n := 0
	for day := range 112 { // 1 June to 20 September
		at := time.Date(2026, 6, 1+day, 14, 0, 0, 0, time.UTC)
		if s.Now = at; at.Weekday() != time.Saturday && at.Weekday() != time.Sunday {
			for range 2 + r.IntN(4) {
				c := r.IntN(3)
				if at.Month() == time.September && r.IntN(2) == 0 {
					c = 0 // which rises
				}
				id := s.Do(s.ana, app.OpenCase{Opened: desk.Opened{Subject: "caso", Category: categories[c], Site: sites[r.IntN(3)], Impact: 1 + r.IntN(4), Urgency: 1 + r.IntN(4)}}).ID
				if waiting = append(waiting, id); r.IntN(3) == 0 {
					s.Do(s.ana, app.HandOffCase{Case: id, Group: s.redes, Reason: "es de redes"})
					s.Now = s.Now.Add(time.Minute)
					s.Do(s.ana, app.HandOffCase{Case: id, Group: base, Reason: "era de la base"})
				}
				m := at.Format("2006-01")
				if opened[m] == nil {
					opened[m] = map[string]float64{}
				}
				opened[m][categories[c]]++
				s.Now = s.Now.Add(time.Minute)
			}
			for len(waiting) > 6 {
				i := r.IntN(len(waiting))
				s.Do(s.ana, app.ResolveCase{Case: waiting[i], Text: "listo"})
				waiting = append(waiting[:i], waiting[i+1:]...)
			}
		}
		for range r.IntN(5) {
			c := phone.Call{PBX: "central", UniqueID: fmt.Sprint(n), Caller: fmt.Sprint(5000 + n%17), Queue: []string{"mesa", "vip"}[r.IntN(2)], OfferedAt: s.Now, Wait: time.Duration(r.IntN(60)) * time.Second, Outcome: phone.Abandoned}
			if n++; r.IntN(3) > 0 {
				c.AnsweredAt, c.Outcome = s.Now.Add(c.Wait), phone.Completed
			}
			s.Do(s.Owner, app.ImportCalls{Calls: []phone.Call{c}})
			s.Now = s.Now.Add(time.Hour)
		}
	}
	s.Now = time.Date(2026, 9, 21, 14, 0, 0, 0, time.UTC)
	s.Do(s.ana, app.OpenCase{Opened: desk.Opened{Subject: "de hoy, que no ha terminado", Category: categories[0]}})
	seen := 0
	for _, w := range roomtest.Ask[app.DeviationsAnswer](s.Seat, s.lucia, app.Deviations{Month: "2026-09"}).Rows {
		a := roomtest.Ask[app.ContributionsAnswer](s.Seat, s.lucia, app.Contributions{Month: "2026-09", Index: w.Of.ID})
		num, den := w.Of.Num, 0.0
		if w.Of.Den != nil {
			den = *w.Of.Den
		}
		if a.Lacks {
			num = den - num
		}
		if a.Num != num || a.Unit != "count" && a.Den != den {
			t.Errorf("%s: %v of %v, the month has %v of %v", w.Of.ID, a.Num, a.Den, num, den)
		}
		if want := a.Num - a.Base*a.Den; math.Abs(a.More-want) > 1e-6 {
			t.Errorf("%s: %v more, by hand %v", w.Of.ID, a.More, want)
		}
		for _, c := range a.Cuts {
			more, x, cases := 0.0, 0.0, 0
			for i, p := range c.Parts {
				more, x, cases = more+p.More, x+p.Num, cases+len(p.Cases)
				if i > 0 && p.More > c.Parts[i-1].More {
					t.Errorf("%s by %s is not in order", w.Of.ID, c.By)
				}
			}
			if math.Abs(more-a.More) > 1e-6 || x != a.Num {
				t.Errorf("%s by %s adds up to %v more and %v, the whole is %v and %v", w.Of.ID, c.By, more, x, a.More, a.Num)
			}
			if w.Of.ID != "ola" && c.By == "category" && float64(cases) != a.Num {
				t.Errorf("%s by %s opens %d cases of %v", w.Of.ID, c.By, cases, a.Num)
			}
			if w.Of.ID == "ola" && c.By == "group" && !slices.ContainsFunc(c.Parts, func(p app.CutPart) bool { return p.Name == "Redes" && p.Den > 0 }) {
				t.Errorf("the runs of a group are of those that had the case after it: %+v", c.Parts)
			}
			seen++
		}
		if w.Of.ID != "cases_opened" {
			continue
		}
		days := func(from, to time.Time) (n float64) { // of service: Monday to Friday
			for d := from; d.Before(to); d = d.AddDate(0, 0, 1) {
				if d.Weekday() != time.Saturday && d.Weekday() != time.Sunday {
					n++
				}
			}
			return n
		}
		sept, jun := time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
		now, was := days(sept, sept.AddDate(0, 0, 20)), days(jun, sept)
		for _, p := range a.Cuts[0].Parts {
			before := opened["2026-06"][p.Name] + opened["2026-07"][p.Name] + opened["2026-08"][p.Name]
			if want := opened["2026-09"][p.Name] - before/was*now; math.Abs(p.More-want) > 1e-6 {
				t.Errorf("%s brought %v, by hand %v", p.Name, p.More, want)
			}
			if p.Num != opened["2026-09"][p.Name] || p.WasNum != before {
				t.Errorf("%s has %v and had %v, by hand %v and %v", p.Name, p.Num, p.WasNum, opened["2026-09"][p.Name], before)
			}
		}
		if a.Den != now {
			t.Errorf("%v days of service, Monday to Friday are %v", a.Den, now)
		}
	}
	if seen < 30 {
		t.Errorf("only %d cuts were seen", seen)
	}
	s.refuses(s.lucia, app.Invalid, app.Contributions{Month: "2026-09", Index: "handoffs"})
	s.refuses(s.lucia, app.Invalid, app.Contributions{Month: "9", Index: "ola"})
	s.refuses(s.ana, app.NotAllowed, app.Contributions{Month: "2026-09", Index: "ola"})
}
