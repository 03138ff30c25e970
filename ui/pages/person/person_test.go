package person

import (
	"testing"

	"punto/app"
	"punto/app/desk"
	"punto/ui/page"
	"punto/ui/stage"
)

// A user's page has the cases in their order and the data, which are changed there; another
// record of the same person is merged in with one key and parted with another.
func TestThePageOfAUser(t *testing.T) {
	attend, over := stage.NewLobby("attend")
	s := stage.New(t, true, []page.Kind{over, Kind()})
	rosa := s.Rosa()
	again := s.Run(app.SavePerson{Person: desk.Person{Name: "Rosa Quispe M.", Extension: "4471", Email: "rosa@andes.example"}})
	s.Run(app.OpenCase{Opened: desk.Opened{Subject: "No imprime", Person: rosa, Category: "impresoras.cola"}})
	s.Run(app.OpenCase{Opened: desk.Opened{Subject: "Tampoco imprime", Person: again.ID, Category: "impresoras.cola"}})
	s.SignIn()
	s.Go("person", rosa)
	s.Come("the page")
	p := s.Page().(*sheet)
	s.Until("it is known", func() bool { return p.a != nil && p.form != nil })
	s.OneMeaning("person")
	if !s.ListSays(p.told, "No imprime") || s.ListSays(p.told, "Tampoco imprime") || !s.Says("¿Es la misma persona?") || !s.Reads("Rosa Quispe Mamani") {
		t.Errorf("%q %q", s.Texts(), p.told.Texts())
	}
	s.Press("F9")
	s.Press("Enter")
	s.Until("they are one", func() bool { return len(p.a.Merged) == 1 && p.a.Cases == 2 && !p.busy && p.form != nil })
	if !s.ListSays(p.told, "Tampoco imprime") || p.now.Email != "rosa@andes.example" || len(p.a.Returns) != 1 {
		t.Errorf("%q %+v", p.told.Texts(), p.now)
	}
	s.Press("F6")
	s.Press("F6")
	if p.only != "calls" || len(p.shown) != 0 {
		t.Errorf("%q shows %d", p.only, len(p.shown))
	}
	s.Press("F6")
	s.Press("F4")
	s.Press("Enter")
	s.Until("they are two", func() bool { return len(p.a.Merged) == 0 && p.a.Cases == 1 && !p.busy && p.form != nil })
	s.Press("F3")
	p.form.Texts[0].SetText(" ")
	s.Press("F8")
	if p.busy {
		t.Error("a user without a name is saved")
	}
	p.form.Texts[0].SetText("Rosa Quispe")
	p.form.Texts[6].SetText("llamar al celular")
	s.Press("F8")
	s.Until("it is saved", func() bool { return p.a.Row.Person.Note == "llamar al celular" && !p.dirty && !p.busy })
	s.Press("Ctrl N")
	if got := attend.Args[len(attend.Args)-1]; got != (page.Caller{ID: rosa}) {
		t.Errorf("the intake comes up with %v", got)
	}
	s.Go("person", rosa)
	s.Resize(stage.Small)
	s.Fits("the user")
}
