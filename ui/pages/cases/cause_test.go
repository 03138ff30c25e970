package cases

import (
	"testing"

	"punto/app"
	"punto/app/desk"
	"punto/ui/stage"
)

// The problem behind a case is found as one types, or is a new one; what is empty takes it
// away; what hangs under the case stands with it, and all of it is told at once.
func TestTheProblemBehindACase(t *testing.T) {
	s := lobby(t)
	vpn := s.Run(app.SaveProblem{Problem: desk.Problem{Title: "Concentrador de VPN"}})
	s.Run(app.SaveProblem{Problem: desk.Problem{Title: "Impresora del 3.º piso"}})
	under := s.Run(app.OpenCase{Opened: desk.Opened{Subject: "Tampoco entra", Person: s.Rosa()}})
	c := opened(t, s, desk.Opened{Subject: "VPN caída", Person: s.Rosa()})
	s.Run(app.LinkCase{Case: under.ID, Parent: c.id})
	s.Until("the child stands there", func() bool { return len(c.a.Linked) == 1 })
	s.Press("Alt R")
	s.Until("it asks", func() bool { return s.Asked() != nil })
	if n := len(s.Asked().Options); n != 2 {
		t.Errorf("%d are offered", n)
	}
	s.Asked().Field.OnEnter()
	if s.Asked() == nil {
		t.Fatal("Enter alone chose something")
	}
	s.Asked().Field.SetText("vpn conc")
	if q := s.Asked(); len(q.Options) != 1 {
		t.Fatalf("%q is offered", q.Options)
	}
	s.Press("Alt 1")
	s.Asked().Field.OnEnter()
	s.Until("it is linked", func() bool { return c.a.Case.Problem == vpn.ID })
	if !s.ListSays(c.data.list, "Concentrador de VPN") || !s.ListSays(c.data.list, "Tampoco entra") {
		t.Error("the page does not say what is linked")
	}
	s.Press("Alt R")
	s.Until("it asks", func() bool { return s.Asked() != nil })
	s.Asked().Field.SetText("Certificado vencido")
	s.Asked().Field.OnEnter()
	s.Until("a new one is linked", func() bool { return c.a.Names[c.a.Case.Problem] == "Certificado vencido" })
	s.Press("Alt R")
	s.Until("it asks", func() bool { return s.Asked() != nil })
	s.Asked().Field.OnEnter()
	s.Until("none is linked", func() bool { return c.a.Case.Problem.IsZero() })
	s.Press("Alt T")
	s.Reply("Trabajamos en ello")
	s.Until("the child is told", func() bool {
		return len(stage.Answer[app.OneCaseAnswer](s, app.OneCase{ID: under.ID}).Timeline) == 3
	})
}
