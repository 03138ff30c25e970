package problems

import (
	"testing"

	"punto/app"
	"punto/app/desk"
	"punto/ui/page"
	"punto/ui/stage"
)

// A problem is written down, gets a way round it, tells the users of its cases, and is
// solved with them: one key each.
func TestAProblemIsSolvedWithItsCasesFromTheWindow(t *testing.T) {
	_, over := stage.NewLobby("attend")
	s := stage.New(t, true, append([]page.Kind{over}, stage.With("articles", Kind())...))
	var ids []desk.ID
	for _, subject := range []string{"VPN caída", "Sin VPN"} {
		ids = append(ids, s.Run(app.OpenCase{Opened: desk.Opened{Subject: subject, Person: s.Rosa(), Category: "impresoras.cola"}}).ID)
	}
	s.SignIn()
	s.Press("Alt B")
	s.Come("the page")
	l := s.Page().(*list)
	s.Until("it is known that there is none", func() bool { return l.found })
	s.OneMeaning("problems")
	s.Press("Ctrl N")
	s.Until("the form has the keys", func() bool { return l.form != nil && l.form.Focused() })
	s.Write("Concentrador de VPN")
	s.Press("F8")
	s.Until("it is listed", func() bool {
		r, ok := l.Selected()
		return ok && r.Of.Title == "Concentrador de VPN" && r.ID == l.id && !l.busy
	})
	r, _ := l.Selected()
	s.Run(app.LinkProblem{Problem: r.ID, Cases: ids})
	s.Until("its cases stand there", func() bool { r, _ := l.Selected(); return r.Open == 2 && len(l.rows) == 2 })
	if !s.ListSays(l.cases, "Sin VPN") || !s.ListSays(l.List, "Se busca la causa") {
		t.Errorf("%q %q", l.cases.Texts(), l.List.Texts())
	}
	l.form.Texts[3].SetText("use el segundo")
	s.Press("F8")
	s.Until("it is a known error", func() bool { r, _ := l.Selected(); return r.Known && !l.busy })
	s.Press("F10")
	if q := s.Asked(); q.Field.Text != "use el segundo" || len(q.Options) != 2 {
		t.Errorf("it proposes %q %q", q.Field.Text, q.Options)
	}
	s.Reply("use el segundo concentrador")
	s.Until("it is told", func() bool {
		return len(stage.Answer[app.OneCaseAnswer](s, app.OneCase{ID: ids[0]}).Timeline) == 3 && !l.busy
	})
	s.Press("F9")
	if q := s.Asked(); len(q.Options) != 3 || q.Chosen != 1 {
		t.Errorf("it proposes %q", q.Options)
	}
	s.Reply("Se cambió el concentrador")
	s.Until("it is solved", func() bool { r, _ := l.Selected(); return r.Of.State == desk.ProblemSolved && r.Open == 0 && !l.busy })
	k := stage.Answer[app.OneCaseAnswer](s, app.OneCase{ID: ids[1]})
	if k.Case.Status != desk.Resolved || k.Case.Solution.Text != "Se cambió el concentrador" {
		t.Errorf("%+v", k.Case.Solution)
	}
	s.Press("Ctrl D")
	s.Until("it is open again", func() bool { r, _ := l.Selected(); return r.Of.State == desk.ProblemOpen && !l.busy })
	s.Press("F4")
	s.Until("it is dropped", func() bool { r, _ := l.Selected(); return r.Of.State == desk.ProblemDropped && !l.busy })
	s.Resize(stage.Small)
	s.Fits("the problems")
}
