package ui

import (
	"context"
	"errors"
	"testing"

	"fyne.io/fyne/v2"

	"punto/app"
)

func TestACodeIsReadAsItWasMeant(t *testing.T) {
	for typed, want := range map[string]string{"k7qmr2xw9tb4hd6vnp8z": "K7QMR 2XW9T B4HD6 VNP8Z", "oil-u 7": "0117", "": "", "K7QMR": "K7QMR",
		"K7QMR-2XW9T-B4HD6-VNP8Z-extra": "K7QMR 2XW9T B4HD6 VNP8Z"} {
		if got := grouped(typed); got != want {
			t.Errorf("%q is shown as %q, not %q", typed, got, want)
		}
	}
}

func TestTheWizardJoinsADesk(t *testing.T) {
	type call struct{ code, host string }
	calls := make(chan call, 1)
	answer := make(chan error)
	s := newStage(t, false, func(c *Config) {
		c.Join = func(ctx context.Context, code, host string, progress func(done, all uint64)) error {
			calls <- call{code, host}
			progress(1200, 4000)
			select {
			case err := <-answer:
				return err
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	})
	s.until("the wizard", func() bool { _, ok := s.page.(*wizard); return ok })
	s.press("F11")
	s.oneMeaning("joining")
	s.press("Esc")
	if _, ok := s.page.(*wizard); !ok {
		t.Fatalf("Esc leads to %T", s.page)
	}
	s.press("F11")
	j := s.page.(*joinPage)
	for _, c := range "k7qmr2xw9tb4hd6vnp8" {
		j.code.TypedRune(c)
	}
	if j.code.Text != "K7QMR 2XW9T B4HD6 VNP8" || j.code.Caret() != len(j.code.Text) {
		t.Errorf("typed it is %q with the cursor at %d", j.code.Text, j.code.Caret())
	}
	s.press("F9")
	if !s.says("tiene 19 de 20") {
		t.Errorf("a short code: %q", s.sheet.Texts())
	}
	j.code.TypedRune('z')
	s.press("F9")
	if !s.says("Falta la dirección") {
		t.Errorf("without a host: %q", s.sheet.Texts())
	}
	j.host.SetText("192.168.1.20:7946")
	s.press("F9")
	s.until("progress", func() bool { return s.says("1200 de 4000 hechos") })
	if got := <-calls; got != (call{"K7QMR2XW9TB4HD6VNP8Z", "192.168.1.20:7946"}) {
		t.Errorf("it called with %+v", got)
	}
	s.oneMeaning("while joining")
	s.press("Esc")
	s.until("stopped", func() bool { return s.says("Se dejó de unir") && j.cancel == nil })
	if s.page != page(j) || j.code.Text == "" {
		t.Error("stopping lost what was typed")
	}
	for err, said := range map[error]string{&app.Error{Code: app.BadPassword, Msg: "no"}: "El código no vale", &app.Error{Code: app.Unavailable, Msg: "no"}: "Nadie responde",
		errors.New("odd"): "No se pudo unir"} {
		s.press("F9")
		<-calls
		answer <- err
		s.until(said, func() bool { return s.says(said) && j.cancel == nil })
	}
	if s.down {
		t.Error("an address where nobody answers is taken for an outage of the service")
	}
	s.press("F9")
	<-calls
	if _, err := s.engine.Do(s.engine.Owner(s.Context()), app.CreateDesk{Name: "Los Andes", Zone: "America/Lima", Password: "una clave larga"}); err != nil {
		t.Fatal(err)
	}
	answer <- nil
	s.until("signing in to the desk", func() bool { _, ok := s.page.(*signIn); return ok && s.says("Los Andes") })
}

func TestWithoutJoiningTheWizardOffersNone(t *testing.T) {
	s := newStage(t, false)
	s.until("the wizard", func() bool { _, ok := s.page.(*wizard); return ok })
	if s.Key(fyne.KeyF11) || s.says("Unirse") {
		t.Error("it offers to join")
	}
}
