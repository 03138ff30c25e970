package cases

import (
	"os"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2/test"

	"punto/app"
	"punto/app/desk"
	"punto/app/sla"
	"punto/ui/look"
	"punto/ui/stage"
	"punto/ui/words"
)

// lobby is a window with the pages of cases, the administrator signed in.
func lobby(t *testing.T) *stage.Stage {
	t.Helper()
	s := stage.New(t, true, stage.With("attend", Mine(System{}), Board(System{}), Kind(System{})))
	s.SignIn()
	return s
}

// What is half typed on a case is there again: after Esc, for its writer only.
func TestAHalfTypedNoteOutlivesEsc(t *testing.T) {
	s := lobby(t)
	r := s.Run(app.OpenCase{Opened: desk.Opened{Subject: "No imprime", Person: s.Rosa(), Category: "impresoras.despacho", Impact: 2, Urgency: 2}})
	open := func() *casePage {
		s.Go("case", r.ID)
		s.Until("the case", func() bool { c, ok := s.Page().(*casePage); return ok && c.a != nil })
		return s.Page().(*casePage)
	}
	c := open()
	test.Type(c.note, "llamé al proveedor y")
	s.Press("F11")
	test.Type(s.Asked().Field, "30/11 llega")
	s.Press("Esc")
	s.Press("Esc")
	if _, ok := s.Page().(*stage.Lobby); !ok {
		t.Fatalf("Esc leads to %T", s.Page())
	}
	s.Tick()
	if b, err := os.ReadFile(s.Drafts); err != nil || !strings.Contains(string(b), "llamé al proveedor y") {
		t.Errorf("it is not in the file: %s, %v", b, err)
	}
	if len(s.Kit().Drafts.Of(s.Kit().State.Me)) != 0 {
		t.Error("it stands among the drafts of cases")
	}
	c = open()
	if c.note.Text != "llamé al proveedor y" {
		t.Errorf("the note came back as %q", c.note.Text)
	}
	s.Press("F11")
	if s.Asked().Field.Text != "30/11 llega" {
		t.Errorf("the reason came back as %q", s.Asked().Field.Text)
	}
	s.Press("Esc")
	c.note.OnEnter()
	s.Until("the note in the history", func() bool { return has(c.told, "llamé al proveedor y")() && c.note.Text == "" })
	if c = open(); c.note.Text != "" || s.Kit().Drafts.Half(s.Kit().State.Me, r.ID, "note") != nil {
		t.Errorf("a note that was written came back as %q", c.note.Text)
	}
}

// A case is not offered the group that it is with, and what it lacks is asked for
// before it is solved.
func TestTheCasePageAsksForWhatIsMissing(t *testing.T) {
	s := lobby(t)
	r := s.Run(app.OpenCase{Opened: desk.Opened{Subject: "algo pasa"}})
	s.Go("case", r.ID)
	s.Until("the case", func() bool { return s.Page().(*casePage).a != nil })
	s.Press("F10")
	s.Asked().Field.SetText("4471")
	s.Until("Rosa is offered", func() bool { return s.Asked() != nil && len(s.Asked().Options) == 1 && s.Asked().Chosen == 1 })
	s.Asked().Field.OnEnter()
	s.Until("the category is asked for", func() bool { return s.Asked() != nil && s.Says("Falta la categoría") })
	s.Asked().Field.SetText("zzz")
	s.Asked().Field.OnEnter()
	if s.Asked() == nil {
		t.Fatal("a category that is none was taken")
	}
	s.Asked().Field.SetText("impresora desp")
	s.Asked().Field.OnEnter()
	s.Until("the group is asked for", func() bool { return s.Asked() != nil && s.Says("¿A qué grupo?") })
	group := s.Asked().Options[0]
	s.Asked().Field.SetText("revisar")
	s.Asked().Field.OnEnter()
	s.Until("handed off", func() bool { return s.Page().(*casePage).a.Row.Group == group })
	s.Press("F10")
	for _, o := range s.Asked().Options {
		if o == group {
			t.Errorf("it is offered to %s, which has it", o)
		}
	}
	s.Asked().Field.SetText("otra vez")
	s.Asked().Field.OnEnter()
	if s.Asked() == nil || !s.Says("Elija a qué grupo va") || s.Asked().Field.Text != "otra vez" {
		t.Errorf("Enter alone chose a group: %q", s.Texts())
	}
	s.Press("Alt 1")
	other := s.Asked().Options[0]
	s.Asked().Field.OnEnter()
	s.Until("with another", func() bool { return s.Page().(*casePage).a.Row.Group == other })
}

func TestADeadlineStandsWholeInTheNarrowestQueue(t *testing.T) {
	s := lobby(t)
	tomorrow := s.Now().Add(20 * time.Hour)
	for _, lang := range words.Languages() {
		if err := s.SetLanguage(lang); err != nil {
			t.Fatal(err)
		}
		for _, r := range []sla.Run{{ID: "resolve", State: sla.Running, Due: tomorrow}, {ID: "resolve", State: sla.Breached, Target: time.Hour, Elapsed: 24 * time.Hour}} {
			m, word := s.Kit().ClockChip(r)
			if wide := look.ChipWidth(m, word) + 8; wide > dueLeast {
				t.Errorf("%q takes %.0f, the column has %d", word, wide, dueLeast)
			}
		}
	}
}
