package unit

import (
	"image/png"
	"os"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"punto/app"
	"punto/app/desk"
	"punto/ui/page"
	"punto/ui/stage"
)

// stand is a window on the page, with the bar page that it stands under.
func stand(t *testing.T) *stage.Stage {
	t.Helper()
	_, analysis := stage.NewLobby("analysis")
	s := stage.New(t, true, stage.With("attend", analysis, Kind()))
	s.Run(app.RequireFields{Fields: []string{desk.RequiresNothing}})
	s.SignIn()
	return s
}

// picture keeps the screen as a file where somebody wants to look at it.
func picture(t *testing.T, s *stage.Stage, name string) {
	t.Helper()
	dir := os.Getenv("PUNTO_PICTURES")
	if dir == "" {
		return
	}
	f, err := os.Create(dir + "/" + name + ".png")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	if err := png.Encode(f, s.Canvas.Capture()); err != nil {
		t.Fatal(err)
	}
}

const day = 86_400

func TestAnAnalystProposesAndSeesWhatCameOfIt(t *testing.T) {
	s := stand(t)
	for i := range 116 {
		n := 3
		if i == 113 {
			n = 30
		}
		if i%7 > 4 {
			n = 0
		}
		for range n {
			s.Run(app.OpenCase{Opened: desk.Opened{Subject: "La VPN no conecta", Person: s.Rosa()}})
		}
		s.Pass(day)
	}
	s.Press("Ctrl J")
	s.Come("the unit")
	u := s.Page().(*unit)
	s.Until("what moved", func() bool { return u.moved != nil && len(u.moved.Rows) == 7 })
	s.OneMeaning("what moved")
	picture(t, s, "unit")
	if !s.Reads("Qué se movió") || !s.Reads("Casos abiertos") {
		t.Errorf("the page says %q", s.Texts())
	}
	for i, x := range u.moved.Rows {
		if x.Of.ID == "cases_opened" {
			u.indices.Select(i)
		}
	}
	s.Until("the day on which there were many", func() bool { return s.Reads("se esperaba 3,") && s.Reads("Se apartó de lo usual: Casos abiertos") })
	picture(t, s, "unit_moved")
	s.Until("why it moved", func() bool {
		return u.why != nil && u.why.Index == "cases_opened" && s.Reads("más que lo esperado") && s.Reads("Cada corte suma +")
	})
	opened := u.indices.Selected
	for i, x := range u.moved.Rows {
		if x.Of.ID == "ola" {
			u.indices.Select(i)
		}
	}
	s.Until("why another one moved", func() bool { return u.why != nil && u.why.Index == "ola" })
	u.indices.Select(opened)
	s.Until("why this one did, again", func() bool { return u.why != nil && u.why.Index == "cases_opened" })
	u.indices.OnOpen(u.indices.Selected)
	s.Until("the cases that it counts", func() bool {
		rows, is := s.Page().(*page.Table[app.CaseRow])
		return is && len(rows.Rows) == int(u.why.Num)
	})
	s.Press("Esc")
	s.Until("the unit again", func() bool { return s.Page() == page.Page(u) && s.Reads("Abrir los") })
	s.Until("what comes", func() bool { return u.calls != nil && s.Reads("Todavía hay pocos días para prever las llamadas.") })
	s.Press("F3")
	s.Until("what came back", func() bool { return u.back != nil && len(u.back.Groups) > 1 && s.Reads("dicen casi lo mismo") })
	if s.Canvas.Focused() != fyne.Focusable(u.recurs) {
		t.Error("F3 does not lead to what came back")
	}
	n := len(u.recurring().Cases)
	s.Press("F5")
	s.Until("its cases", func() bool {
		rows, is := s.Page().(*page.Table[app.CaseRow])
		return is && len(rows.Rows) == n && n > 30
	})
	s.Press("Esc")
	s.Until("the unit again", func() bool { return s.Page() == page.Page(u) })
	s.Press("F3")
	s.Until("there are no calls to staff for", func() bool { return u.staff != nil && s.Reads("pocas semanas para decir cuántos agentes") })
	s.Press("Ctrl N")
	s.OneMeaning("a proposal")
	if a := s.Actions()[0]; a.Off == "" {
		t.Error("a proposal without a title can be kept")
	}
	f := u.edit.form
	f.Texts[0].OnChanged("Segundo concentrador de VPN")
	f.Texts[2].OnChanged("un solo concentrador")
	f.Texts[3].OnChanged("nadie así")
	if f.Wrong() != "unit.badOwner" {
		t.Errorf("an unknown owner is %q", f.Wrong())
	}
	f.Texts[3].OnChanged("")
	f.Texts[4].OnChanged("zzz")
	if f.Wrong() != "unit.badGroup" {
		t.Errorf("an unknown group is %q", f.Wrong())
	}
	f.Texts[4].OnChanged("")
	f.Texts[5].OnChanged("mañana")
	if f.Wrong() != "unit.badDay" {
		t.Errorf("a day that is none is %q", f.Wrong())
	}
	f.Texts[5].OnChanged(s.Now().AddDate(0, 0, 7).Format("2006-01-02"))
	f.Texts[7].OnChanged("muchos")
	if f.Wrong() != "unit.badTo" {
		t.Errorf("a value that is none is %q", f.Wrong())
	}
	f.Texts[7].OnChanged("1,5")
	picture(t, s, "unit_form")
	s.Press("F9")
	s.Until("it is kept", func() bool { return len(u.proposals) == 1 && s.Reads("Segundo concentrador") })
	if p := u.proposals[0].Of; p.To != 1.5 || p.AtLeast || p.Index != "cases_opened" || p.Class != desk.Corrective || p.Cause != "un solo concentrador" {
		t.Errorf("kept is %+v", p)
	}
	s.Until("what a rule proposes", func() bool { return len(u.suggested) == 2 && s.Reads("Capacitar a Rosa") })
	u.list.Select(2)
	for _, want := range []desk.ProposalState{desk.Accepted, desk.Underway, desk.Done} {
		s.Press("F9")
		s.Until("the next state", func() bool { return u.proposals[0].Of.State == want })
	}
	if strings.Contains(s.Actions()[1].Key, "F9") {
		t.Error("what is done goes on")
	}
	s.Press("F8")
	s.Reply("lo hizo el proveedor")
	s.Until("it is dropped", func() bool { return u.proposals[0].Of.State == desk.Dropped && s.Reads("lo hizo el proveedor") })
	picture(t, s, "unit_dropped")
	s.Press("F7")
	u.list.Select(0)
	rosa := u.suggested[0]
	u.list.OnOpen(0)
	s.Until("what the rule rests on", func() bool {
		rows, is := s.Page().(*page.Table[app.CaseRow])
		return is && len(rows.Rows) == len(rosa.Cases) && len(rosa.Cases) > 30
	})
	s.Press("Esc")
	s.Until("the unit again", func() bool { return s.Page() == page.Page(u) })
	s.Press("F9")
	s.Until("it is accepted by one key", func() bool { return len(u.proposals) == 2 && len(u.suggested) == 1 })
	if p := u.proposals[0].Of; p.State != desk.Accepted || p.Rule != "repeat_user/1" || p.Subject != s.Rosa().String() || len(p.Cases) == 0 {
		t.Errorf("accepted is %+v", p)
	}
	s.Press("Alt ←")
	s.Until("the month before", func() bool { return s.Page().(*unit).at.Before(s.Now().AddDate(0, 0, -27)) })
	if u.client() != "" {
		t.Error("the one contract is told")
	}
	first := u.contracts[0]
	k := first.Of
	k.Code, k.Client = "C-2", "Puerto de Ilo"
	second := s.Run(app.SaveContract{Contract: k}).ID
	s.Press("Alt →")
	s.Until("both contracts", func() bool { return len(u.contracts) == 2 && s.Reads("Parcial: hasta el") })
	if u.whose() != first.ID {
		t.Error("another contract is shown than before")
	}
	for u.whose() != second {
		s.Press("F10")
	}
	s.Until("the month of the other contract", func() bool {
		return u.moved != nil && len(u.moved.Rows) == 7 && s.Reads("Puerto de Ilo · C-2") && len(u.proposals) == 0 && len(u.suggested) == 0
	})
	s.OneMeaning("another contract")
	s.Resize(stage.Small)
	for range cards {
		s.Press("F2")
		s.Fits("a small window")
	}
}
