package calls

import (
	"strings"
	"testing"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/phone"
	"punto/ui/page"
	"punto/ui/stage"
)

// seat is a window of the calls, with the pages that they lead to.
func seat(t *testing.T) (s *stage.Stage, kase, attend *stage.Lobby) {
	t.Helper()
	kase, over := stage.NewLobby("case")
	over.Word, over.Place = "area.cases", page.Over
	attend, in := stage.NewLobby("attend")
	s = stage.New(t, true, []page.Kind{in, Kind(), All(), over})
	s.SignIn()
	return s, kase, attend
}

// call runs a call through the desk that began some time ago.
func call(s *stage.Stage, id, from string, ago time.Duration, o phone.Outcome) desk.ID {
	see := func(k phone.EventKind, at time.Duration, o phone.Outcome) {
		s.Run(app.SeeCall{Event: phone.CallEvent{Key: phone.Key{PBX: "manual", UniqueID: id, Kind: k}, At: s.Now().Add(-ago + at), Outcome: o, Caller: from}})
	}
	see(phone.Offered, 0, 0)
	if o == phone.Completed {
		see(phone.Answered, 5*time.Second, 0)
	}
	if o != phone.NoOutcome {
		see(phone.Ended, 30*time.Second, o)
	}
	return app.CallID("manual", id)
}

func TestACallLeadsToItsCaseOrBeginsOne(t *testing.T) {
	s, kase, attend := seat(t)
	one := call(s, "1", "999 888 777", time.Hour, phone.Completed)
	call(s, "2", "4098", 2*time.Hour, phone.Abandoned)
	call(s, "3", "4099", 3*time.Hour, phone.Completed)
	id := s.Run(app.OpenCase{Opened: desk.Opened{Subject: "No imprime la de guías", Call: one}}).ID
	s.Press("Alt L")
	s.Come("the calls")
	s.OneMeaning("all calls")
	l := s.Page().(*list)
	s.Until("the calls", func() bool { return len(l.Rows) == 3 })
	for _, want := range []string{"999 888 777", "0:05", "0:25", "atendida", "abandonó", "No imprime la de guías", "sin tipificar"} {
		if !s.ListSays(l.List, want) {
			t.Errorf("no row says %q", want)
		}
	}
	s.Press("Enter")
	if s.Page() != page.Page(kase) || kase.Args[0] != id {
		t.Errorf("a call leads to %T with %v", s.Page(), kase.Args)
	}
	s.Press("Esc")
	l.filter.SetText("40 nadie")
	s.Until("none", func() bool { return len(l.Rows) == 0 })
	l.filter.SetText("409")
	s.Until("two", func() bool { return len(l.Rows) == 2 })
	s.Press("F6")
	s.Until("the lost one", func() bool { return len(l.Rows) == 1 && l.Rows[0].Call.UniqueID == "2" })
	s.Press("F6")
	s.Until("the answered one", func() bool { return len(l.Rows) == 1 && l.Rows[0].Call.UniqueID == "3" })
	s.Press("Enter")
	if r, ok := attend.Args[len(attend.Args)-1].(page.Ring); s.Page() != page.Page(attend) || !ok || r.UniqueID != "3" || r.Number != "4099" {
		t.Errorf("a call without a case leads to %T with %+v", s.Page(), attend.Args)
	}
	s.Press("Alt L")
	s.Press("Esc")
	if s.Until("the filter is gone", func() bool { return l.filter.Text == "" }); s.Page() != page.Page(l) {
		t.Errorf("Esc leads to %T", s.Page())
	}
}

func TestWhoWasLostIsCalledBackByOneKeyEach(t *testing.T) {
	s, _, attend := seat(t)
	s.Press("Ctrl F3")
	s.Until("that there is nobody", func() bool { return s.Reads("No hay llamadas por devolver") })
	s.OneMeaning("today")
	call(s, "1", "999 888 777", 3*time.Hour, phone.Abandoned)
	call(s, "2", "999888777", 2*time.Hour, phone.Abandoned)
	call(s, "3", "4099", 26*time.Hour, phone.Busy)
	call(s, "4", "4098", time.Hour, phone.Abandoned)
	call(s, "5", "", time.Hour, phone.Abandoned)
	s.Press("F5")
	d := s.Page().(*today)
	s.Until("three callers", func() bool { return len(d.rows) == 3 })
	for _, want := range []string{"4099", "ocupado", "abandonó ×2", "ninguno"} {
		if !s.ListSays(d.lost, want) {
			t.Errorf("no row says %q: %q", want, d.lost.Texts())
		}
	}
	if !s.Says("1 sin número") {
		t.Errorf("of what has no number it says nothing: %q", s.Texts())
	}
	if r, _ := d.selected(); r.Number != "4099" {
		t.Errorf("first comes %q", r.Number)
	}
	s.Press("F7")
	s.Until("the try", func() bool { return s.ListSays(d.lost, "1, ") })
	if !s.Says("4099: se anotó que no contesta.") || len(d.rows) != 3 {
		t.Errorf("it says %q", s.Texts())
	}
	s.Press("F8")
	s.Until("the line is gone", func() bool { return len(d.rows) == 2 && len(d.sending) == 0 })
	if !s.Says("4099: llamada devuelta.") {
		t.Errorf("it says %q", s.Texts())
	}
	s.Press("Enter")
	if r, ok := attend.Args[len(attend.Args)-1].(page.Ring); s.Page() != page.Page(attend) || !ok || r.UniqueID != "" || r.Number != "999888777" {
		t.Errorf("a caller leads to %T with %+v", s.Page(), attend.Args)
	}
	call(s, "6", "4098", time.Minute, phone.Completed) // answered, on whatever line
	s.Press("Ctrl F3")
	s.Until("one is left", func() bool { return len(d.rows) == 1 })
}

func TestWhatACallWasAboutIsSaidByKeys(t *testing.T) {
	s, _, attend := seat(t)
	call(s, "1", "4098", 3*time.Hour, phone.Completed)
	call(s, "2", "4099", 2*time.Hour, phone.Completed)
	three := call(s, "3", "4100", time.Hour, phone.Completed)
	s.Run(app.OpenCase{Opened: desk.Opened{Subject: "No imprime"}})
	number := s.Newest().Number
	s.Press("Ctrl F3")
	d := s.Page().(*today)
	s.Until("three to be said", func() bool { return d.untyped.Total == 3 && s.Says("Alt 3") })
	s.Press("Alt 1")
	if s.Asked() == nil {
		t.Fatal("Alt 1 asks nothing")
	}
	s.Press("Alt 3") // the third reason
	s.Reply("")
	s.Until("one is said", func() bool { return d.untyped.Total == 2 && s.Says("4098: Número equivocado") })
	s.Press("Ctrl D")
	s.Until("it is taken back", func() bool { return d.untyped.Total == 3 })
	s.Press("Alt 2")
	s.Reply(strings.ToLower(string(number)))
	s.Until("a case is said", func() bool { return d.untyped.Total == 2 && s.Says("4099: "+string(number)+" No imprime") })
	s.Press("Alt 2")
	s.Reply("preguntaba por el comedor")
	s.Until("words are said", func() bool { return d.untyped.Total == 1 })
	if d.untyped.Rows[0].ID == three {
		t.Error("the third is still to be said")
	}
	s.Press("Ctrl 1")
	if r, ok := attend.Args[len(attend.Args)-1].(page.Ring); s.Page() != page.Page(attend) || !ok || r.UniqueID != "1" {
		t.Errorf("the case of a call begins on %T with %+v", s.Page(), attend.Args)
	}
}

func TestTodaySaysWhoWaitsAndWhoMayOnlyReadCannotAct(t *testing.T) {
	s, _, _ := seat(t)
	s.Run(app.SavePerson{Person: desk.Person{Name: "Rosa Quispe", Extension: "4471"}})
	call(s, "1", "4471", 40*time.Second, phone.NoOutcome)
	call(s, "2", "999888777", 10*time.Second, phone.NoOutcome)
	call(s, "3", "4098", time.Hour, phone.Abandoned)
	s.Press("Ctrl F3")
	s.Until("who waits", func() bool { return s.Says("Rosa Quispe") && s.Says("0:40") && s.Says("0:10") })
	s.Resize(stage.Small)
	s.Fits("today, small")
	for range cards {
		s.Press("F2")
		s.Fits("a card")
	}
	s.Run(app.SaveAgent{Agent: desk.Agent{Name: "Vera", Login: "vera", Role: desk.ViewerRole}, Password: stage.Password})
	s.Press("Ctrl F12")
	s.Enter("vera", stage.Password)
	s.Press("Ctrl F3")
	s.Until("the page", func() bool { return s.Kit().State.Agent.Role == desk.ViewerRole && s.Says("Actualizar") })
	if s.Does("F8") || s.Does("F7") {
		t.Error("who only reads calls back")
	}
}

func TestACallToldTwiceIsJoinedByAKey(t *testing.T) {
	s, _, _ := seat(t)
	call(s, "1", "5555", time.Hour, phone.Completed)
	at := s.Now().Add(-time.Hour)
	s.Run(app.ImportCalls{Calls: []phone.Call{{PBX: "central", UniqueID: "1.1", Caller: "5555", OfferedAt: at.Add(30 * time.Second), AnsweredAt: at.Add(40 * time.Second), EndedAt: at.Add(90 * time.Second),
		Wait: 10 * time.Second, Talk: 50 * time.Second, Outcome: phone.Completed}}})
	s.Press("Ctrl F3")
	d := s.Page().(*today)
	s.Until("that one is told twice", func() bool { return s.Says("1 repetida") })
	s.OneMeaning("today with a double")
	s.Press("F9")
	if s.Asked() == nil || !s.Reads("¿La anotada a mano de 5555") {
		t.Fatalf("F9 asks nothing: %q", s.Texts())
	}
	s.Press("1")
	s.Until("they are one", func() bool { return len(d.doubles) == 0 && d.untyped.Total == 1 && s.Says("5555: una sola llamada.") })
	s.Press("Ctrl D")
	s.Until("they are two again", func() bool { return len(d.doubles) == 1 })
	s.Press("F9")
	s.Press("2")
	s.Until("they stay two", func() bool { return len(d.doubles) == 0 && d.untyped.Total == 2 })
}
