package intake

import (
	"testing"

	"punto/app"
	"punto/app/desk"
	"punto/ui/page"
	"punto/ui/stage"
)

// told is the intake with all that is required.
func told(s *stage.Stage) *intake {
	in := s.Page().(*intake)
	in.what.SetText("No imprime en despacho")
	in.who.SetText("4471")
	in.choosePerson()
	s.Until("Rosa", func() bool { return in.card != nil })
	in.category.SetText(in.categoryName("impresoras.despacho"))
	in.chooseCategory()
	return in
}

// What is missing is told before anything is asked, and at its place.
func TestNothingIsAskedThatCannotBeDoneYet(t *testing.T) {
	s, in := open(t)
	for _, key := range []string{"F9", "F10", "F11"} {
		s.Press(key)
		if s.Asked() != nil || !in.what.Focused || !s.Says("Falta decir qué pasa") {
			t.Errorf("%s without a subject: asks %v, in the subject %v, says %q", key, s.Asked() != nil, in.what.Focused, s.Texts())
		}
	}
	in.what.SetText("No imprime")
	for _, key := range []string{"F9", "F10"} {
		s.Press(key)
		if s.Asked() != nil || !in.who.Focused || !s.Says("Falta decir quién llama") {
			t.Errorf("%s without a caller: asks %v, says %q", key, s.Asked() != nil, s.Texts())
		}
	}
	in.who.SetText("4471")
	in.choosePerson()
	s.Until("Rosa", func() bool { return in.card != nil })
	s.Press("F9")
	if s.Asked() != nil || !in.category.Focused || !s.Says("Falta la categoría") {
		t.Errorf("without a category: asks %v, says %q", s.Asked() != nil, s.Texts())
	}
	s.Press("F11") // what waits may be told later
	if s.Asked() == nil {
		t.Error("a case that waits needs a category")
	}
}

func TestAnAnswerOutlivesARefusal(t *testing.T) {
	s, d := stage.NewNetwork(t, []page.Kind{Kind()})
	told(s)
	s.Press("F10")
	if s.Asked().Chosen != 1 {
		t.Fatalf("the category's group is not proposed: %+v", s.Asked())
	}
	s.Asked().Field.SetText("")
	s.Asked().Field.OnEnter()
	if s.Asked() == nil || !s.Says("Falta el motivo") {
		t.Errorf("a hand-off without a reason says %q", s.Texts())
	}
	s.Asked().Field.SetText("revisar la cola")
	d.Change(func() { d.Down = true })
	s.Asked().Field.OnEnter()
	s.Until("the question again, after nobody answered", func() (again bool) {
		d.Change(func() { again = d.Lost > 0 })
		return again && s.Asked() != nil && s.Asked().Field.Text == "revisar la cola"
	})
	d.Change(func() { d.Down = false })
	s.Asked().Field.OnEnter()
	s.Until("handed off", func() bool { return s.Says("registrado") })
	if r := s.Newest(); r.Status != desk.Assigned || r.HandOffs != 1 {
		t.Errorf("registered %+v", r)
	}
}

// The desk may require more than this window knows of: the answer waits in the
// draft while the field is filled in.
func TestWhatTheDeskRequiresIsTold(t *testing.T) {
	s, _ := open(t)
	in := told(s)
	s.Run(app.RequireFields{Fields: []string{"text"}})
	s.Press("F9")
	s.Asked().Field.SetText("se reinició la cola")
	s.Asked().Field.OnEnter()
	s.Until("the description", func() bool { return in.text.Focused && s.Says("no tiene descripción") })
	in.text.SetText("la cola estaba en pausa")
	s.Press("F9")
	if s.Asked().Field.Text != "se reinició la cola" {
		t.Errorf("the solution came back as %q", s.Asked().Field.Text)
	}
	s.Asked().Field.OnEnter()
	s.Until("registered", func() bool { return s.Says("registrado") })
}
