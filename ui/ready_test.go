package ui

import (
	"testing"

	"punto/app"
	"punto/app/desk"
)

// told is the intake with all that is required.
func told(s *stage) *intake {
	in := s.page.(*intake)
	in.what.SetText("No imprime en despacho")
	in.who.SetText("4471")
	in.choosePerson()
	s.until("Rosa", func() bool { return in.card != nil })
	in.category.SetText(in.categoryName("impresoras.despacho"))
	in.chooseCategory()
	return in
}

// What is missing is told before anything is asked, and at its place.
func TestNothingIsAskedThatCannotBeDoneYet(t *testing.T) {
	s := newStage(t, true)
	in := s.signIn()
	for _, key := range []string{"F9", "F10", "F11"} {
		s.press(key)
		if s.line != nil || !in.what.Focused || !s.says("Falta decir qué pasa") {
			t.Errorf("%s without a subject: asks %v, in the subject %v, says %q", key, s.line != nil, in.what.Focused, s.sheet.Texts())
		}
	}
	in.what.SetText("No imprime")
	for _, key := range []string{"F9", "F10"} {
		s.press(key)
		if s.line != nil || !in.who.Focused || !s.says("Falta decir quién llama") {
			t.Errorf("%s without a caller: asks %v, says %q", key, s.line != nil, s.sheet.Texts())
		}
	}
	in.who.SetText("4471")
	in.choosePerson()
	s.until("Rosa", func() bool { return in.card != nil })
	s.press("F9")
	if s.line != nil || !in.category.Focused || !s.says("Falta la categoría") {
		t.Errorf("without a category: asks %v, says %q", s.line != nil, s.sheet.Texts())
	}
	s.press("F11") // what waits may be told later
	if s.line == nil {
		t.Error("a case that waits needs a category")
	}
}

func TestAnAnswerOutlivesARefusal(t *testing.T) {
	s, d := newSiteStage(t)
	told(s)
	s.press("F10")
	if s.line.chosen != 1 {
		t.Fatalf("the category's group is not proposed: %+v", s.line)
	}
	s.line.field.SetText("")
	s.line.field.OnEnter()
	if s.line == nil || !s.says("Falta el motivo") {
		t.Errorf("a hand-off without a reason says %q", s.sheet.Texts())
	}
	s.line.field.SetText("revisar la cola")
	d.change(func() { d.down = true })
	s.line.field.OnEnter()
	s.until("the question again", func() bool { return s.line != nil && s.line.field.Text == "revisar la cola" })
	d.change(func() { d.down = false })
	s.line.field.OnEnter()
	s.until("handed off", func() bool { return s.says("registrado") })
	if r := newestCase(t, s); r.Status != desk.Assigned || r.HandOffs != 1 {
		t.Errorf("registered %+v", r)
	}
}

func newestCase(t *testing.T, s *stage) app.CaseRow {
	t.Helper()
	x, err := s.engine.Ask(s.engine.Owner(s.Context()), app.Cases{By: "opened"})
	if err != nil {
		t.Fatal(err)
	}
	rows := x.(app.CasesAnswer).Rows
	if len(rows) == 0 {
		return app.CaseRow{}
	}
	return rows[0]
}

// The desk may require more than this window knows of: the answer waits in the
// draft while the field is filled in.
func TestWhatTheDeskRequiresIsTold(t *testing.T) {
	s := newStage(t, true)
	s.signIn()
	in := told(s)
	if _, err := s.engine.Do(s.engine.Owner(s.Context()), app.RequireFields{Fields: []string{"text"}}); err != nil {
		t.Fatal(err)
	}
	s.press("F9")
	s.line.field.SetText("se reinició la cola")
	s.line.field.OnEnter()
	s.until("the description", func() bool { return in.text.Focused && s.says("no tiene descripción") })
	in.text.SetText("la cola estaba en pausa")
	s.press("F9")
	if s.line.field.Text != "se reinició la cola" {
		t.Errorf("the solution came back as %q", s.line.field.Text)
	}
	s.line.field.OnEnter()
	s.until("registered", func() bool { return s.says("registrado") })
}

// A case is not offered the group that it is with, and what it lacks is asked for
// before it is solved.
func TestTheCasePageAsksForWhatIsMissing(t *testing.T) {
	s := newStage(t, true)
	s.signIn()
	owner := s.engine.Owner(s.Context())
	r, err := s.engine.Do(owner, app.OpenCase{Opened: desk.Opened{Subject: "algo pasa"}})
	if err != nil {
		t.Fatal(err)
	}
	s.openCase(r.ID)
	s.until("the case", func() bool { return s.page.(*casePage).a != nil })
	s.press("F10")
	s.line.field.SetText("4471")
	s.until("Rosa is offered", func() bool { return s.line != nil && len(s.line.options) == 1 && s.line.chosen == 1 })
	s.line.field.OnEnter()
	s.until("the category is asked for", func() bool { return s.line != nil && s.says("Falta la categoría") })
	s.line.field.SetText("zzz")
	s.line.field.OnEnter()
	if s.line == nil {
		t.Fatal("a category that is none was taken")
	}
	s.line.field.SetText("impresora desp")
	s.line.field.OnEnter()
	s.until("the group is asked for", func() bool { return s.line != nil && s.says("¿A qué grupo?") })
	group := s.line.options[0]
	s.line.field.SetText("revisar")
	s.line.field.OnEnter()
	s.until("handed off", func() bool { return s.page.(*casePage).a.Row.Group == group })
	s.press("F10")
	for _, o := range s.line.options {
		if o == group {
			t.Errorf("it is offered to %s, which has it", o)
		}
	}
	s.line.field.SetText("otra vez")
	s.line.field.OnEnter()
	if s.line == nil || !s.says("Elija a qué grupo va") || s.line.field.Text != "otra vez" {
		t.Errorf("Enter alone chose a group: %q", s.sheet.Texts())
	}
	s.press("Alt 1")
	other := s.line.options[0]
	s.line.field.OnEnter()
	s.until("with another", func() bool { return s.page.(*casePage).a.Row.Group == other })
}
