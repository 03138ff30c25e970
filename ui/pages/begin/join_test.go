package begin

import (
	"context"
	"errors"
	"testing"

	"fyne.io/fyne/v2"

	"punto/app"
	"punto/ui/page"
	"punto/ui/stage"
)

func TestTheWizardJoinsADesk(t *testing.T) {
	type call struct{ code, host string }
	calls := make(chan call, 1)
	answer := make(chan error)
	s := stage.New(t, false, []page.Kind{Wizard(nil), Join(func(ctx context.Context, code, host string, progress func(done, all uint64)) error {
		calls <- call{code, host}
		progress(1200, 4000)
		select {
		case err := <-answer:
			return err
		case <-ctx.Done():
			return ctx.Err()
		}
	})})
	s.Until("the wizard", func() bool { _, ok := s.Page().(*wizard); return ok })
	s.Press("F11")
	s.OneMeaning("joining")
	s.Press("Esc")
	if _, ok := s.Page().(*wizard); !ok {
		t.Fatalf("Esc leads to %T", s.Page())
	}
	s.Press("F11")
	j := s.Page().(*joinPage)
	for _, c := range "k7qmr2xw9tb4hd6vnp8" {
		j.code.TypedRune(c)
	}
	if j.code.Text != "K7QMR 2XW9T B4HD6 VNP8" || j.code.Caret() != len(j.code.Text) {
		t.Errorf("typed it is %q with the cursor at %d", j.code.Text, j.code.Caret())
	}
	s.Press("F9")
	if !s.Says("tiene 19 de 20") {
		t.Errorf("a short code: %q", s.Texts())
	}
	j.code.TypedRune('z')
	s.Press("F9")
	if !s.Says("Falta la dirección") {
		t.Errorf("without a host: %q", s.Texts())
	}
	j.host.SetText("192.168.1.20:7946")
	s.Press("F9")
	s.Until("progress", func() bool { return s.Says("1200 de 4000 hechos") })
	if got := <-calls; got != (call{"K7QMR2XW9TB4HD6VNP8Z", "192.168.1.20:7946"}) {
		t.Errorf("it called with %+v", got)
	}
	s.OneMeaning("while joining")
	s.Press("Esc")
	s.Until("stopped", func() bool { return s.Says("Se dejó de unir") && j.cancel == nil })
	if s.Page() != page.Page(j) || j.code.Text == "" {
		t.Error("stopping lost what was typed")
	}
	for err, said := range map[error]string{&app.Error{Code: app.BadPassword, Msg: "no"}: "El código no vale", &app.Error{Code: app.Unavailable, Msg: "no"}: "Nadie responde",
		errors.New("odd"): "No se pudo unir"} {
		s.Press("F9")
		<-calls
		answer <- err
		s.Until(said, func() bool { return s.Says(said) && j.cancel == nil })
	}
	if s.Says("no responde en este puesto") {
		t.Error("an address where nobody answers is taken for an outage of the service")
	}
	s.Press("F9")
	<-calls
	s.Run(app.CreateDesk{Name: "Los Andes", Zone: "America/Lima", Password: "una clave larga"})
	answer <- nil
	s.Until("signing in to the desk", func() bool { return s.Says("Los Andes") && s.Says("Entrar") })
}

func TestWithoutJoiningTheWizardOffersNone(t *testing.T) {
	s := stage.New(t, false, []page.Kind{Wizard(nil)})
	s.Until("the wizard", func() bool { _, ok := s.Page().(*wizard); return ok })
	if s.Key(fyne.KeyF11) || s.Says("Unirse") {
		t.Error("it offers to join")
	}
}
