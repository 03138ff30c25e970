package ui

import (
	"strings"
	"testing"
)

// The title names the page, and says "…" until what the page asked for has come:
// a program that works the window waits for it.
func TestTheTitleTellsWhenAPageHasCome(t *testing.T) {
	var told []string
	s := newStage(t, true, func(c *Config) { c.SetTitle = func(title string) { told = append(told, title) } })
	s.signIn()
	s.until("the intake", func() bool { return s.Title() == "Atender · Punto" })
	if !strings.HasPrefix(told[0], "Punto") && !strings.HasPrefix(told[0], "Entrar") {
		t.Errorf("the first title was %q", told[0])
	}
	s.question("¿Cuál?", []string{"una"}, 0, "", "", func(int, string) {})
	if s.Title() != "¿Cuál? · Punto" {
		t.Errorf("the title of a question is %q", s.Title())
	}
	s.goTo(board)
	if s.Title() != "Supervisión … · Punto" {
		t.Errorf("the title of a page that waits for its rows is %q", s.Title())
	}
	s.until("the board", func() bool { return s.Title() == "Supervisión · Punto" })
	s.goTo(calls)
	s.goTo(board) // the answer for the page that was left must not count for this one
	if s.due != 1 {
		t.Errorf("the board waits for %d answers, not for its own", s.due)
	}
	s.until("the board again", func() bool { return s.Title() == "Supervisión · Punto" })
	if last := told[len(told)-1]; last != s.Title() {
		t.Errorf("the system was told %q", last)
	}
	s.signOut()
	s.until("the sign-in page", func() bool { return s.Title() == "Entrar · Punto" })
}
