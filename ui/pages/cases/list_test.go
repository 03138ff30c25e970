package cases

import (
	"fmt"
	"strings"
	"testing"

	"punto/app"
	"punto/app/desk"
	"punto/ui/page"
	"punto/ui/stage"
)

// Every group can be looked at however many there are, and so can what nobody has; a
// case is taken where it stands.
func TestAQueueIsChosenByNameAndACaseTakenInIt(t *testing.T) {
	s := stage.New(t, true, stage.With("attend", Mine(), Board(), Kind()))
	for i := range 12 {
		s.Run(app.SaveGroup{Group: desk.Group{Name: fmt.Sprintf("Célula %c", 'A'+i), Level: 2}})
	}
	s.SignIn()
	r := s.Run(app.OpenCase{Opened: desk.Opened{Subject: "No imprime", Person: s.Rosa()}})
	s.Go("cases", nil)
	s.Until("the groups", func() bool { return len(s.Kit().Groups) >= 12 })
	l := s.Page().(*page.Table[app.CaseRow])
	s.Press("Ctrl F")
	s.Asked().Field.SetText("celula l")
	if got := s.Asked().Options; len(got) != 1 || got[0] != "Célula L" {
		t.Fatalf("offered: %q", got)
	}
	s.Asked().Field.OnEnter()
	s.Until("the group", func() bool { return s.Says("Célula L") && len(l.Rows) == 0 })
	s.Press("Ctrl F")
	s.Asked().Field.SetText("zzz")
	s.Asked().Field.OnEnter()
	if s.Asked() == nil {
		t.Fatal("a group that is none was taken")
	}
	s.Asked().Field.SetText("sin due")
	s.Asked().Field.OnEnter()
	s.Until("what nobody has", func() bool { return len(l.Rows) == 1 && l.Rows[0].ID == r.ID })
	s.Press("F4")
	s.Until("it is taken from there", func() bool { return len(l.Rows) == 0 })
	s.Press("Ctrl F")
	s.Asked().Field.SetText(strings.ToUpper(s.Kit().T("list.mine")))
	s.Asked().Field.OnEnter()
	s.Until("it is mine", func() bool { return len(l.Rows) == 1 && l.Rows[0].ID == r.ID })
}
