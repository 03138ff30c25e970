package begin

import (
	"context"
	"testing"

	"fyne.io/fyne/v2"

	"punto/ui/page"
	"punto/ui/stage"
)

func TestTheWizardMakesADesk(t *testing.T) {
	s := stage.New(t, false, stage.With("attend", Wizard(nil), Steps()))
	s.Until("the wizard", func() bool { _, ok := s.Page().(*wizard); return ok })
	z := s.Page().(*wizard)
	s.OneMeaning("wizard")
	s.Press("Esc")
	if s.Page() != page.Page(z) {
		t.Fatalf("Esc leads to %T", s.Page())
	}
	z.make()
	if !s.Says("Falta el nombre de la organización") || !z.name.Focused {
		t.Errorf("without a name it says %q", s.Texts())
	}
	z.name.SetText("Los Andes")
	z.zone.SetText("Marte/Olimpo")
	z.make()
	if !s.Says("No hay tal zona") || !z.zone.Focused {
		t.Errorf("with another planet's zone it says %q", s.Texts())
	}
	for _, key := range []fyne.KeyName{fyne.KeyReturn, fyne.KeyTab} {
		z.zone.SetText("perú")
		s.Focus(z.zone)
		z.zone.TypedKey(&fyne.KeyEvent{Name: key})
		if z.zone.Text != "America/Lima" || !z.hours.Focused || s.Says("No hay tal zona") {
			t.Errorf("Perú and %s became %q", key, z.zone.Text)
		}
	}
	z.make()
	if !s.Says("Falta la contraseña") || !z.password.Focused {
		t.Errorf("without a password it says %q", s.Texts())
	}
	z.password.SetText("corta")
	z.make()
	s.Until("the refusal of the password", func() bool { return s.Says("menos de 8") || s.Says("8 caracteres") })
	if z.said.Field != "password" || !z.password.Focused {
		t.Errorf("a short password is told at %+v", z.said)
	}
	z.password.SetText("una clave larga")
	z.make()
	s.Until("what to do next", func() bool { _, ok := s.Page().(*firstSteps); return ok && s.Says("Traer a los usuarios") })
	s.OneMeaning("the first steps")
	s.Press("Enter")
	if _, ok := s.Page().(*stage.Lobby); !ok {
		t.Errorf("then comes %T", s.Page())
	}
}

func TestTheWizardFitsTheSmallScreen(t *testing.T) {
	s := stage.New(t, false, []page.Kind{Wizard(nil), Join(func(context.Context, string, string, func(done, all uint64)) error { return nil })})
	s.Until("the wizard", func() bool { _, ok := s.Page().(*wizard); return ok })
	s.Resize(stage.Small)
	z := s.Page().(*wizard)
	for _, lang := range []string{"es", "en", "pt"} {
		if err := s.SetLanguage(lang); err != nil {
			t.Fatal(err)
		}
		s.Fits("the wizard in " + lang)
		z.complain("zone", s.Kit().T("wizard.noZone"))
		s.Fits("a wrong zone in " + lang)
	}
	s.Press("F11")
	s.Fits("joining")
}
