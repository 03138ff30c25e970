package cases

import (
	"testing"

	"punto/app"
	"punto/app/desk"
	"punto/ui/page"
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
		none := []desk.ID{c.id}
		if key == "F8" {
			none = append(none, done.ID)
		}
		for _, id := range none {
			s.Asked().Field.SetText(number(id))
			answered(s)
			if o := s.Asked().Options; len(o) > 0 {
				t.Errorf("%s offers %q", key, o)
			}
		}
		s.Asked().Field.SetText(number(done.ID)) // typed over before the answer comes
		s.Asked().Field.SetText(number(id))
		s.Until("it is offered", func() bool { return len(s.Asked().Options) > 0 })
		answered(s)
		if q := s.Asked(); len(q.Options) != 1 || q.Chosen != 1 {
			t.Errorf("%s offers %q", key, q.Options)
		}
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

// answered lets what was asked be answered: several later questions were.
func answered(s *stage.Stage) {
	for range 10 {
		done := false
		page.Ask(s.Kit(), app.Cases{}, func(app.CasesAnswer) { done = true })
		s.Until("an answer", func() bool { return done })
	}
}
