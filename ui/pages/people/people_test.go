package people

import (
	"testing"

	"punto/ui/page"
	"punto/ui/stage"
)

func TestACaseBeginsForWhomeverIsChosen(t *testing.T) {
	attend, first := stage.NewLobby("attend")
	s := stage.New(t, true, []page.Kind{first, Kind()})
	s.SignIn()
	s.Press("Ctrl F7")
	s.Come("the people")
	s.OneMeaning("people")
	if !s.Reads("Rosa Quispe Mamani") || !s.Reads("4471") || !s.Reads("VIP") {
		t.Errorf("it says %q", s.Texts())
	}
	s.Press("Enter")
	if got := attend.Args[len(attend.Args)-1]; got != (page.Caller{ID: s.Rosa()}) {
		t.Errorf("the intake comes up with %v", got)
	}
	s.Press("Ctrl F7")
	s.Press("Ctrl N")
	if got := attend.Args[len(attend.Args)-1]; got != (page.NewCase{}) {
		t.Errorf("Ctrl N brings it up with %v", got)
	}
}
