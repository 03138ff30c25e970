package ui

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"punto/app"
	"punto/app/desk"
)

func TestTheWindowIsAsEachAgentLikesIt(t *testing.T) {
	file := filepath.Join(t.TempDir(), "punto", "windows.json")
	var sizes []fyne.Size
	s := newStage(t, true, func(c *Config) {
		c.Prefs = file
		c.Resize = func(x fyne.Size) { sizes = append(sizes, x) }
	})
	if _, err := s.engine.Do(s.engine.Owner(s.Context()), app.SaveAgent{Agent: desk.Agent{Name: "Beto", Login: "beto", Role: desk.AgentRole}, Password: "una clave larga"}); err != nil {
		t.Fatal(err)
	}
	s.enter("admin", "una clave larga")
	s.press("Ctrl F9")
	s.press("Ctrl F10")
	s.press("Ctrl R")
	s.resize(fyne.NewSize(1200, 700))
	s.Refresh()
	like := func(who, palette, lang string, rows float32) {
		t.Helper()
		s.goTo(cases)
		s.until("the list", func() bool { return s.due == 0 })
		h := s.page.(*table[app.CaseRow]).list.RowH
		if s.Palette.Name != palette || s.words.Lang != lang || h != rows {
			t.Errorf("%s has %s, %s and rows of %v", who, s.Palette.Name, s.words.Lang, h)
		}
	}
	like("the administrator", "dark", "en", 44)
	s.press("Ctrl F12")
	s.enter("beto", "una clave larga")
	like("Beto, who never chose,", "light", "es", 34)
	s.press("Ctrl F9")
	s.press("Ctrl F9")
	s.press("Ctrl F12")
	s.enter("admin", "una clave larga")
	like("the administrator again", "dark", "en", 44)
	if len(sizes) == 0 || sizes[len(sizes)-1] != fyne.NewSize(1200, 700) {
		t.Errorf("the sizes were %v", sizes)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}

	again, err := New(s.Context(), Config{Desk: s.engine, Post: s.post, Now: s.Now, Prefs: file})
	if err != nil {
		t.Fatal(err)
	}
	s.Window = again
	s.SetCanvas(s.screen(s.Content()))
	s.enter("beto", "una clave larga")
	like("Beto in another window", "contrast", "es", 34)
	b, err := os.ReadFile(file)
	if err != nil || !strings.Contains(string(b), `"look":"dark"`) {
		t.Errorf("the file holds %s, %v", b, err)
	}

	told, err := New(s.Context(), Config{Desk: s.engine, Post: s.post, Now: s.Now, Prefs: file, Fixed: Fixed{Look: true, Lang: true, Size: true}})
	if err != nil {
		t.Fatal(err)
	}
	s.Window = told
	s.SetCanvas(s.screen(s.Content()))
	s.enter("admin", "una clave larga")
	like("a window that was told otherwise", "light", "es", 44)
}

func TestLikingsThatCannotBeReadAreNone(t *testing.T) {
	file := filepath.Join(t.TempDir(), "windows.json")
	if err := os.WriteFile(file, []byte("{half"), 0o600); err != nil {
		t.Fatal(err)
	}
	p := prefs{file: file}
	me := desk.DerivedID("ana")
	if err := p.write(me, func(x *pref) { x.Look = "dark" }); err != nil {
		t.Fatal(err)
	}
	q := prefs{file: file}
	q.read()
	if q.of[me].Look != "dark" {
		t.Errorf("it holds %+v", q.of)
	}
}
