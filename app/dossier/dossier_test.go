package dossier_test

import (
	"context"
	"testing"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/phone"
	"punto/app/rooms/roomtest"
)

type seat struct {
	*roomtest.Seat
	ana        context.Context
	rosa, copy desk.ID
}

func newSeat(t *testing.T) *seat {
	t.Helper()
	s := &seat{Seat: roomtest.New(t, time.Date(2026, 11, 2, 13, 0, 0, 0, time.UTC), app.CreateDesk{Zone: "UTC", AlwaysOpen: true})}
	s.ana = s.Agent(desk.Agent{Name: "Ana Soto", Role: desk.AgentRole})
	s.rosa = s.Do(s.ana, app.SavePerson{Person: desk.Person{Name: "Rosa Quispe", Extension: "4471", Phones: []string{"959114827"}}}).ID
	s.copy = s.Do(s.ana, app.SavePerson{Person: desk.Person{Name: "Rosa Quispe M.", Extension: "4471", Phones: []string{"959114872"}, Email: "rosa@andes.example", Note: "llamar al celular", VIP: true}}).ID
	return s
}

func (s *seat) open(of, asset desk.ID, category string) desk.ID {
	s.Helper()
	s.Now = s.Now.Add(time.Minute)
	return s.Do(s.ana, app.OpenCase{Opened: desk.Opened{Subject: "no imprime", Person: of, Asset: asset, Category: category}}).ID
}

func (s *seat) call(caller string, how phone.EventKind) {
	s.Helper()
	s.Now = s.Now.Add(time.Minute)
	e := func(k phone.EventKind, ago time.Duration) phone.CallEvent {
		return phone.CallEvent{Key: phone.Key{PBX: "central", UniqueID: s.Now.Format("150405"), Queue: "mesa", Kind: k, Entry: 1, Attempt: 1}, At: s.Now.Add(-ago), Caller: caller, Agent: "Ana", Rank: phone.FromLive}
	}
	es := []phone.CallEvent{e(phone.Offered, 50*time.Second)}
	end := e(phone.Ended, 0)
	if end.Outcome = phone.Abandoned; how == phone.Answered {
		es, end.Outcome = append(es, e(how, 20*time.Second)), phone.Completed
	}
	s.Do(s.Owner, app.ImportCalls{Told: []app.ToldCall{{Events: append(es, end)}}})
}

func (s *seat) of(id desk.ID) app.DossierAnswer {
	s.Helper()
	return roomtest.Ask[app.DossierAnswer](s.Seat, s.ana, app.Dossier{ID: id})
}

// A page has the cases and calls of a user in their order, what came back and the
// equipment, and says who may be the same person.
func TestThePageOfAUser(t *testing.T) {
	s := newSeat(t)
	printer := s.Do(s.ana, app.SaveAsset{Asset: desk.Asset{Tag: "IMP-AQP-07", Person: s.rosa}}).ID
	s.Do(s.ana, app.SaveAsset{Asset: desk.Asset{Tag: "VIEJO", Person: s.rosa, Gone: true}})
	s.open(s.rosa, printer, "impresoras.cola")
	s.Now = s.Now.Add(100 * 24 * time.Hour)
	a := s.open(s.rosa, printer, "impresoras.cola")
	s.call("959114827", phone.Answered)
	s.Now = s.Now.Add(29 * 24 * time.Hour)
	b := s.open(s.rosa, printer, "impresoras.cola")
	s.call("959114827", 0)
	s.open(s.rosa, desk.ID{}, "impresoras.despacho")
	s.Do(s.ana, app.ResolveCase{Case: a, Text: "papel"})
	x := s.of(s.rosa)
	if x.Cases != 3 || x.Open != 3 || x.Calls != 2 || x.Lost != 1 || len(x.Told) != 6 {
		t.Errorf("%d cases, %d open, %d calls, %d lost, %d lines", x.Cases, x.Open, x.Calls, x.Lost, len(x.Told))
	}
	for i := range x.Told[1:] {
		if x.Told[i].At < x.Told[i+1].At {
			t.Error("the newest is not the first")
		}
	}
	if c := x.Told[1].Call; c == nil || !c.Lost || c.Wait != 50 {
		t.Errorf("%+v", c)
	}
	if len(x.Assets) != 1 || x.Assets[0].ID != printer || x.Assets[0].Cases != 2 {
		t.Errorf("%+v", x.Assets)
	}
	if len(x.Returns) != 1 || x.Returns[0].Times != 2 || x.Returns[0].Code != "impresoras.cola" || x.Returns[0].Cases[0] != b || x.Returns[0].Cases[1] != a {
		t.Errorf("%+v", x.Returns)
	}
	if len(x.Same) != 1 || x.Same[0].ID != s.copy {
		t.Errorf("%+v", x.Same)
	}
}

// Two records that are one person have one page; what one lacks the other gives; the
// number finds the one that stays; it can be taken back.
func TestTwoRecordsAreOnePerson(t *testing.T) {
	s := newSeat(t)
	mine, other := s.open(s.rosa, desk.ID{}, "impresoras.cola"), s.open(s.copy, desk.ID{}, "impresoras.cola")
	asset := s.Do(s.ana, app.SaveAsset{Asset: desk.Asset{Tag: "PC", Person: s.copy}}).ID
	s.call("959114872", phone.Answered)
	if r := s.Do(s.ana, app.MergePeople{From: s.copy, Into: s.rosa}); r.ID != s.rosa {
		t.Errorf("%v stays", r.ID)
	}
	for _, id := range []desk.ID{s.rosa, s.copy} {
		x := s.of(id)
		p := x.Row.Person
		if x.Row.ID != s.rosa || x.Cases != 2 || x.Calls != 1 || len(x.Merged) != 1 || len(x.Same) != 0 || len(x.Assets) != 1 || x.Assets[0].ID != asset || len(x.Returns) != 1 {
			t.Errorf("%+v", x)
		}
		if p.Name != "Rosa Quispe" || p.Email != "rosa@andes.example" || p.Note != "llamar al celular" || !p.VIP || len(p.Phones) != 2 || p.Phones[1] != "959114872" {
			t.Errorf("%+v", p)
		}
		if x.Told[1].Case.ID != other || x.Told[2].Case.ID != mine {
			t.Errorf("%+v", x.Told)
		}
	}
	who := roomtest.Ask[app.WhoAnswer](s.Seat, s.ana, app.Who{Text: "959114872"}).People
	if len(who) != 1 || who[0].ID != s.rosa {
		t.Errorf("the number is of %+v", who)
	}
	s.Refused(s.ana, app.Conflict, "another user already", app.MergePeople{From: s.copy, Into: s.rosa})
	s.Refused(s.ana, app.Conflict, "another user already", app.MergePeople{From: s.rosa, Into: s.copy})
	s.Do(s.ana, app.PartPeople{ID: s.copy})
	if x := s.of(s.rosa); len(x.Assets) != 1 || x.Assets[0].ID != asset {
		t.Errorf("what was brought over is of nobody: %+v", x.Assets)
	}
	if x := s.of(s.copy); x.Row.ID != s.copy || x.Cases != 1 || x.Row.Person.Gone || len(x.Merged) != 0 {
		t.Errorf("%+v", x.Row)
	}
	s.Refused(s.ana, app.Conflict, "nobody else", app.PartPeople{ID: s.copy})
	s.Refused(s.ana, app.Invalid, "itself", app.MergePeople{From: s.copy, Into: s.copy})
	s.Refused(s.ana, app.NotFound, "no such user", app.MergePeople{From: s.copy, Into: mine})
	s.Refused(s.ana, app.NotFound, "no such user", app.MergePeople{From: mine, Into: s.copy})
	s.Refused(s.ana, app.NotFound, "no such user", app.PartPeople{ID: mine})
	lucia := s.Agent(desk.Agent{Name: "Lucía", Role: desk.AnalystRole})
	s.Refused(lucia, app.NotAllowed, "", app.MergePeople{From: s.copy, Into: s.rosa})
}
