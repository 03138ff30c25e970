package lost

import (
	"testing"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/phone"
	"punto/ui/page"
	"punto/ui/stage"
)

// call runs a call through the desk that began some time ago.
func call(s *stage.Stage, id, from string, ago time.Duration, o phone.Outcome) {
	see := func(k phone.EventKind, at time.Duration, o phone.Outcome) {
		s.Run(app.SeeCall{Event: phone.CallEvent{Key: phone.Key{PBX: "manual", UniqueID: id, Kind: k}, At: s.Now().Add(-ago + at), Outcome: o, Caller: from}})
	}
	see(phone.Offered, 0, 0)
	if o == phone.Completed {
		see(phone.Answered, 5*time.Second, 0)
	}
	see(phone.Ended, 30*time.Second, o)
}

func TestWhoWasLostIsCalledBackByOneKeyEach(t *testing.T) {
	attend, over := stage.NewLobby("attend")
	s := stage.New(t, true, append([]page.Kind{over}, stage.With("calls", Kind())...))
	s.SignIn()
	s.Press("Ctrl P")
	s.Until("that there is nobody", func() bool { return s.Reads("No hay llamadas por devolver") })
	s.OneMeaning("lost")
	call(s, "1", "999 888 777", 3*time.Hour, phone.Abandoned)
	call(s, "2", "999888777", 2*time.Hour, phone.Abandoned)
	call(s, "3", "4099", 26*time.Hour, phone.Busy)
	call(s, "4", "4098", time.Hour, phone.Abandoned)
	call(s, "5", "", time.Hour, phone.Abandoned)
	s.Press("F5")
	l := s.Page().(*list)
	s.Until("three callers", func() bool { return len(l.Rows) == 3 })
	for _, want := range []string{"4099", "ocupado", "abandonó ×2", "nadie ha llamado todavía"} {
		if !s.ListSays(l.List, want) {
			t.Errorf("no row says %q: %q", want, l.List.Texts())
		}
	}
	if !s.Says("1 sin número") {
		t.Errorf("of what has no number it says nothing: %q", s.Texts())
	}
	if r, _ := l.Selected(); r.Number != "4099" {
		t.Errorf("first comes %q", r.Number)
	}
	s.Press("F7")
	s.Until("the try", func() bool { return s.ListSays(l.List, "1 sin respuesta") })
	if !s.Says("4099: se anotó que no contesta.") || len(l.Rows) != 3 {
		t.Errorf("it says %q", s.Texts())
	}
	s.Press("F8")
	s.Until("the line is gone", func() bool { return len(l.Rows) == 2 })
	if !s.Says("4099: llamada devuelta.") {
		t.Errorf("it says %q", s.Texts())
	}
	s.Press("Enter")
	if s.Page() != page.Page(attend) || attend.Args[len(attend.Args)-1] == nil {
		t.Errorf("a caller leads to %T with %v", s.Page(), attend.Args)
	}
	call(s, "6", "4098", time.Minute, phone.Completed) // answered, on whatever line
	s.Press("Ctrl P")
	s.Press("F5")
	s.Until("one is left", func() bool { return len(l.Rows) == 1 })
}

func TestWhoReadsOnlyHasNoSuchPage(t *testing.T) {
	for _, r := range Kind().For {
		if r == desk.ViewerRole || r == desk.AnalystRole {
			t.Errorf("a %s may not call back", r)
		}
	}
}
