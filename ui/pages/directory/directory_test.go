package directory

import (
	"strings"
	"testing"

	"punto/app"
	"punto/app/desk"
	"punto/ui/stage"
)

// fill types into an input of the form.
func fill[T any](s *stage.Stage, d *directory[T], word, text string) {
	s.Helper()
	for i, in := range d.form.Inputs {
		if in.Word == word {
			d.form.Texts[i].SetText(text)
			d.form.Texts[i].OnChanged(text)
			return
		}
	}
	s.Fatalf("there is no input %q", word)
}

func open[T any](t *testing.T, name string) (*stage.Stage, *directory[T]) {
	t.Helper()
	s := stage.New(t, true, stage.With("people", Users(), Agents(), Assets(), Areas(), Sites(), Groups()))
	s.SignIn()
	s.Go(name, nil)
	d := s.Page().(*directory[T])
	s.Come(name)
	return s, d
}

func TestASecondAgentIsMadeInTheWindowAndSignsIn(t *testing.T) {
	s, d := open[desk.Agent](t, "agents")
	s.OneMeaning("agents")
	s.Press("Ctrl N")
	fill(s, d, "Nombre", "Marta Rey")
	fill(s, d, "Usuario", "Marta.Rey")
	fill(s, d, "Grupos", "mesa de ayuda, redes y comunicaciones")
	d.form.Inputs[2].Set("2")
	s.Press("F8")
	s.Until("the password", func() bool { return d.secret != "" && s.Says(d.secret) })
	first := d.secret
	s.Until("the row, with the mark on it", func() bool {
		r, ok := d.Selected()
		return ok && len(d.Rows) == 2 && r.Of.Name == "Marta Rey"
	})
	if d.secret != first || !s.Says(first) {
		t.Error("the password is gone before anybody moved on")
	}
	a := stage.Answer[app.RecordsAnswer](s, app.Records{Type: desk.AgentType}).Agents
	var marta desk.Agent
	for _, x := range a {
		if x.Of.Name == "Marta Rey" {
			marta = x.Of
		}
	}
	if marta.Login != "marta.rey" || marta.Role != desk.TechnicianRole || len(marta.Groups) != 2 {
		t.Errorf("the agent is %+v", marta)
	}
	s.Press("F7")
	s.Press("2")
	s.Until("another password", func() bool { return d.secret != "" && d.secret != first })
	second := d.secret
	s.Press("Ctrl F12")
	s.Until("the sign-in page", s.Locked)
	s.Enter("marta.rey", second)
	s.Go("agents", nil)
	if s.Says("Agregar") {
		t.Error("a technician makes agents")
	}
}

func TestAUserIsChangedAndRetired(t *testing.T) {
	s, d := open[desk.Person](t, "users")
	s.Run(app.SaveSite{Site: desk.Site{Name: "Planta norte"}})
	d.Show(nil)
	s.Until("the places", func() bool { return len(d.places.sites) > 0 })
	s.Until("Rosa", func() bool { return d.begun && d.now.Name == "Rosa Quispe Mamani" })
	fill(s, d, "Anexo", "5511")
	fill(s, d, "Sede", "en ninguna parte")
	s.Press("F8")
	if !s.Says("No hay una sede") {
		t.Errorf("a site that there is not is told as %q", s.Texts())
	}
	fill(s, d, "Sede", "planta norte")
	s.Press("F8")
	s.Until("saved", func() bool { return !d.dirty && !d.busy })
	rosa := func() desk.Person {
		return stage.Answer[app.OnePersonAnswer](s, app.OnePerson{ID: s.Rosa()}).Row.Person
	}
	if x := rosa(); x.Extension != "5511" || x.Site.IsZero() || !x.VIP {
		t.Errorf("the user is %+v", x)
	}
	fill(s, d, "Cargo", "Jefa")
	if !s.Does("Esc") || d.dirty {
		t.Error("Esc keeps what was typed")
	}
	if x := rosa(); x.Title != "" {
		t.Errorf("what was given up was saved: %+v", x)
	}
	s.Press("F4")
	s.Until("retired", func() bool { return rosa().Gone })
}

func TestWhatIsNotSavedIsNotLostByAnArrow(t *testing.T) {
	s, d := open[desk.Area](t, "areas")
	s.Run(app.SaveArea{Area: desk.Area{Name: "Almacén"}})
	d.Reload()
	s.Until("two areas", func() bool { return len(d.Rows) == 2 && d.begun })
	was := d.id
	fill(s, d, "Nombre", "Otro nombre")
	d.List.Select(1 - d.List.Selected)
	if d.id != was || !strings.Contains(strings.Join(s.Texts(), "|"), "Guarde primero") {
		t.Errorf("the form is of another record, and the page says %q", s.Texts())
	}
	s.Press("F8")
	s.Until("saved", func() bool { return !d.dirty && !d.busy })
	d.Reload()
	s.Until("the new name", func() bool { return s.ListSays(d.List, "Otro nombre") })
}

// A group is made, and made a supplier, in the window.
func TestAGroupIsMadeInTheWindow(t *testing.T) {
	s, d := open[desk.Group](t, "groups")
	s.OneMeaning("groups")
	s.Press("Ctrl N")
	fill(s, d, "Nombre", "Fibra del Sur")
	_, _ = d.form.Inputs[1].Set("3"), d.form.Inputs[2].Set("1")
	s.Press("F8")
	s.Until("the row, with the mark on it", func() bool { r, ok := d.Selected(); return ok && r.Of.Name == "Fibra del Sur" })
	if r, _ := d.Selected(); r.Of.Level != 3 || !r.Of.Outside {
		t.Errorf("%+v", r.Of)
	}
}
