package ui_test

import (
	"strings"
	"testing"

	"punto/app"
	"punto/ui"
	"punto/ui/page"
	"punto/ui/stage"
)

// asker is an empty page that asks something as it comes up.
type asker struct {
	*stage.Lobby
	k *page.Kit
}

func (a asker) Show(any) { a.k.Ask(a.k.Session(), app.Status{}, nil, nil) }

func asking(name string) page.Kind {
	_, k := stage.NewLobby(name)
	k.Make = func(k *page.Kit) page.Page { return asker{&stage.Lobby{}, k} }
	return k
}

// The title names the page, and says "…" until what the page asked for has come:
// a program that works the window waits for it.
func TestTheTitleTellsWhenAPageHasCome(t *testing.T) {
	var told []string
	s := stage.New(t, true, stage.With("attend", asking("board"), asking("calls")), func(c *ui.Config) { c.SetTitle = func(title string) { told = append(told, title) } })
	s.SignIn()
	s.Until("the first page", func() bool { return s.Title() == "Atender · Punto" })
	if !strings.HasPrefix(told[0], "Punto") && !strings.HasPrefix(told[0], "Entrar") {
		t.Errorf("the first title was %q", told[0])
	}
	s.Kit().Question("¿Cuál?", []string{"una"}, 0, "", "", func(int, string) {})
	if s.Title() != "¿Cuál? · Punto" {
		t.Errorf("the title of a question is %q", s.Title())
	}
	s.Go("board", nil)
	if s.Title() != "Supervisión … · Punto" {
		t.Errorf("the title of a page that waits for its rows is %q", s.Title())
	}
	s.Until("the board", func() bool { return s.Title() == "Supervisión · Punto" })
	s.Go("calls", nil)
	s.Go("board", nil) // the answer for the page that was left must not count for this one
	if s.Due() != 1 {
		t.Errorf("the board waits for %d answers, not for its own", s.Due())
	}
	s.Until("the board again", func() bool { return s.Title() == "Supervisión · Punto" })
	if last := told[len(told)-1]; last != s.Title() {
		t.Errorf("the system was told %q", last)
	}
	s.Press("Ctrl F12")
	s.Until("the sign-in page", func() bool { return s.Title() == "Entrar · Punto" })
}
