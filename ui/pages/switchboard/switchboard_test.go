package switchboard

import (
	"context"
	"errors"
	"fmt"
	"image/png"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"punto/app"
	"punto/app/desk"
	"punto/ui"
	"punto/ui/page"
	"punto/ui/stage"
)

// exchange is a desk that has a link, and answers about it without one.
type exchange struct {
	app.Desk
	mu    sync.Mutex // guards what follows
	rows  []app.SwitchboardRow
	tried app.TrySwitchboardAnswer
	said  []app.SwitchboardLine
	saved []app.SaveSwitchboard
}

func (x *exchange) Ask(ctx context.Context, q app.Query) (app.Answer, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	switch q.(type) {
	case app.Switchboards:
		return app.SwitchboardsAnswer{Rows: x.rows}, nil
	case app.TrySwitchboard:
		return x.tried, nil
	case app.SwitchboardLines:
		return app.SwitchboardLinesAnswer{Rows: x.said}, nil
	}
	return x.Desk.Ask(ctx, q)
}

func (x *exchange) Do(ctx context.Context, c app.Command) (app.Receipt, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if s, ok := c.(app.SaveSwitchboard); ok {
		x.saved = append(x.saved, s)
		x.rows = []app.SwitchboardRow{{ID: desk.ID{7}, Of: s.Switchboard, Password: true, Here: true, Phase: app.LinkUp, Since: time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC).UnixMilli(), Version: "9.0.0", Calls: 12,
			Gap: &desk.Gap{PBX: "asterisk", From: time.Date(2026, 11, 23, 14, 2, 0, 0, time.UTC).UnixMilli(), To: time.Date(2026, 11, 23, 14, 9, 0, 0, time.UTC).UnixMilli(), Open: 3}}}
		return app.Receipt{ID: desk.ID{7}}, nil
	}
	return x.Desk.Do(ctx, c)
}

func open(t *testing.T) (*stage.Stage, *exchange, *wizard) {
	t.Helper()
	x := &exchange{tried: app.TrySwitchboardAnswer{Steps: desk.TrySteps{{Name: "reach", OK: true}, {Name: "login", Why: "the exchange refuses: user or password are not those of its manager.conf, or the address of this workstation is not permitted there (Authentication failed)"}}}}
	_, board := stage.NewLobby("board")
	s := stage.New(t, true, []page.Kind{board, Kind()}, func(c *ui.Config) { x.Desk, c.Desk = c.Desk, x })
	s.SignIn()
	s.Kit().Go("switchboard", nil)
	s.Come("the page")
	s.Resize(stage.Small)
	return s, x, s.Page().(*wizard)
}

// input fills an input of the form by its word.
func (w *wizard) input(word, text string) {
	for i, in := range w.form.Inputs {
		if in.Word == w.k.T(word) {
			w.form.Texts[i].SetText(text)
		}
	}
}

func TestALinkIsTestedAndKept(t *testing.T) {
	s, x, w := open(t)
	if !s.Says("Sin enlace con una central") {
		t.Errorf("with none it says %q", s.Texts())
	}
	w.input("link.address", "10.7.0.5:5038")
	w.input("link.password", "una clave")
	for _, text := range s.Texts() {
		if text == "una clave" {
			t.Error("the password is shown")
		}
	}
	s.Press("F4")
	s.Until("the test", func() bool { return w.tried != nil })
	if !s.Says("Se llega a la central") || !s.Reads("la central no deja entrar:") {
		t.Errorf("the test says %q", s.Texts())
	}
	s.Fits("the test")
	picture(s, "link-test")
	s.Press("F7")
	s.Until("the lines", func() bool { return w.recipe.Text != "" })
	for _, line := range []string{"[punto]", "timestampevents = yes", "UserEvent(PuntoFin"} {
		if !strings.Contains(w.recipe.Text, line) {
			t.Errorf("%q is not among the lines", line)
		}
	}
	s.Fits("the lines")
	picture(s, "link-lines")
	s.Press("F9")
	s.Until("kept", func() bool { return len(x.saved) == 1 && w.row.Phase == app.LinkUp })
	if c := x.saved[0]; c.Password != "una clave" || c.Switchboard.Address != "10.7.0.5:5038" || c.Switchboard.User != "punto" || c.Switchboard.Kind != desk.AsteriskAMI {
		t.Errorf("kept was %+v", c)
	}
	if w.word != "" || w.dirty {
		t.Error("the password stays in the window")
	}
	x.mu.Lock()
	x.said = []app.SwitchboardLine{{N: 1, At: s.Now().UnixMilli(), Text: "QueueCallerJoin  Queue mesa  CallerIDNum 0981234501"}}
	x.mu.Unlock()
	w.shown, w.tried = false, nil
	s.Later(1)
	s.Until("the stream", func() bool { s.Refresh(); return s.Reads("QueueCallerJoin") })
	if !s.Reads("datos telefónicos incompletos") || !s.Says("En línea") && !s.Reads("En línea") {
		t.Errorf("the link says %q", s.Texts())
	}
	s.Fits("the stream")
	picture(s, "link-stream")
}

// picture leaves a picture where PUNTO_PICTURES says, for whoever looks at the page.
func picture(s *stage.Stage, name string) {
	s.Helper()
	dir := os.Getenv("PUNTO_PICTURES")
	if dir == "" {
		return
	}
	s.Resize(fyne.NewSize(1366, 768))
	s.Refresh()
	f, err := os.Create(dir + "/" + name + ".png")
	if err != nil {
		s.Fatal(err)
	}
	if err := errors.Join(png.Encode(f, s.Canvas.Capture()), f.Close()); err != nil {
		s.Fatal(err)
	}
	s.Resize(stage.Small)
}

// Each kind of link has its own inputs.
func TestAKindOfLinkHasItsInputs(t *testing.T) {
	s, _, w := open(t)
	for i, want := range []int{9, 4, 5, 6, 5} {
		w.of.Kind = kinds[i]
		w.fill()
		if got := len(w.form.Inputs); got != want {
			t.Errorf("%s has %d inputs, not %d", kinds[i], got, want)
		}
		s.Fits(kinds[i].String())
	}
}

// The desk's own exchange shows its queues, and which telephones have registered.
func TestTheOwnQueueIsShown(t *testing.T) {
	s, x, w := open(t)
	x.mu.Lock()
	x.rows = []app.SwitchboardRow{{ID: desk.ID{8}, Here: true, Phase: app.LinkUp, Version: "SIP", There: []string{"101"}, Of: desk.Switchboard{Name: "propia", Kind: desk.BuiltIn, Address: "192.168.1.10:5060",
		Queues: []desk.PhoneQueue{{Name: "mesa", Number: "700", Overflow: "vip"}, {Name: "vip", Number: "701"}}, Phones: []desk.Phone{{Extension: "101"}, {Extension: "102"}}}}}
	x.mu.Unlock()
	w.found = false
	s.Later(1)
	s.Until("the queues", func() bool { s.Refresh(); return s.Says("700  mesa  → vip") })
	s.Fits("the queues")
	picture(s, "link-own")
	s.Resize(fyne.NewSize(1366, 768))
	s.Refresh()
	for _, says := range []string{"701  vip", "Anexo 101 · registrado", "Anexo 102 · sin registrar"} {
		if !s.Says(says) {
			t.Errorf("it does not say %q but %q", says, s.Texts())
		}
	}
	s.Resize(stage.Small)
	for i := range 40 {
		w.row.Of.Phones = append(w.row.Of.Phones, desk.Phone{Extension: fmt.Sprint(200 + i)})
	}
	s.Refresh()
	s.Fits("many telephones")
}
