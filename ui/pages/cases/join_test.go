package cases

import (
	"testing"

	"punto/app"
	"punto/app/desk"
	"punto/ui/stage"
)

// Another case is seen before it is chosen, and never chosen by Enter alone; this one
// and what will not do are not offered.
func TestAnotherCaseIsSeenBeforeItIsChosen(t *testing.T) {
	s := lobby(t)
	big := s.Run(app.OpenCase{Opened: desk.Opened{Subject: "Torre de Ilo sin enlace", Person: s.Rosa()}})
	done := s.Run(app.OpenCase{Opened: desk.Opened{Subject: "Torre de Ilo a oscuras", Person: s.Rosa()}})
	s.Run(app.CancelCase{Case: done.ID, Text: "no era"})
	c := opened(t, s, desk.Opened{Subject: "La torre no responde", Person: s.Rosa()})
	number := func(id desk.ID) string {
		return string(stage.Answer[app.OneCaseAnswer](s, app.OneCase{ID: id}).Case.Number)
	}
	find := func(key string, id desk.ID, says string) {
		t.Helper()
		s.Press(key)
		s.Asked().Field.OnEnter()
		if s.Asked() == nil {
			t.Fatal("Enter alone chose a case")
		}
		for _, none := range []desk.ID{c.id, done.ID} {
			if key == "F8" {
				s.Asked().Field.SetText(number(none))
				s.Until("an answer", s.Quiet)
			}
		}
		s.Asked().Field.SetText(number(id))
		s.Until("it is offered", func() bool { return len(s.Asked().Options) == 1 && s.Asked().Chosen == 1 })
		if !s.Says(says) || !s.Says("Rosa Quispe Mamani · ") {
			t.Errorf("it is not told which it is: %q", s.Asked().Options)
		}
	}
	find("Ctrl L", done.ID, "Torre de Ilo a oscuras")
	s.Press("Esc")
	find("Ctrl L", big.ID, "Torre de Ilo sin enlace")
	s.Asked().Field.OnEnter()
	s.Until("hung under it", func() bool { return c.a.Case.Parent == big.ID })
	find("F8", big.ID, "Torre de Ilo sin enlace") // only what is open can take another in
	s.Asked().Field.OnEnter()
	s.Until("joined", func() bool { return c.a.Case.Status == desk.Merged && c.a.Case.Into == big.ID })
}
