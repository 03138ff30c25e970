package ui_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"punto/app"
	"punto/app/desk"
	"punto/ui"
	"punto/ui/stage"
)

func TestTheWindowIsAsEachAgentLikesIt(t *testing.T) {
	file := filepath.Join(t.TempDir(), "punto", "windows.json")
	var sizes []fyne.Size
	s := stage.New(t, true, stage.With("attend"), func(c *ui.Config) {
		c.Prefs = file
		c.Resize = func(x fyne.Size) { sizes = append(sizes, x) }
	})
	s.Run(app.SaveAgent{Agent: desk.Agent{Name: "Beto", Login: "beto", Role: desk.AgentRole}, Password: stage.Password})
	s.Enter("admin", stage.Password)
	s.Press("Ctrl F9")
	s.Press("Ctrl F10")
	s.Press("Ctrl R")
	s.Resize(fyne.NewSize(1200, 700))
	s.Refresh()
	like := func(who, palette, lang string, rows float32) {
		t.Helper()
		h := s.Kit().RowHeight()
		if s.Kit().Look.Name != palette || s.Kit().Words.Lang != lang || h != rows {
			t.Errorf("%s has %s, %s and rows of %v", who, s.Kit().Look.Name, s.Kit().Words.Lang, h)
		}
	}
	like("the administrator", "dark", "en", 44)
	s.Press("Ctrl F12")
	s.Enter("beto", stage.Password)
	like("Beto, who never chose,", "light", "es", 34)
	s.Press("Ctrl F9")
	s.Press("Ctrl F9")
	s.Press("Ctrl F12")
	s.Enter("admin", stage.Password)
	like("the administrator again", "dark", "en", 44)
	if len(sizes) == 0 || sizes[len(sizes)-1] != fyne.NewSize(1200, 700) {
		t.Errorf("the sizes were %v", sizes)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}

	s.Again(func(c *ui.Config) { c.Prefs = file })
	s.Enter("beto", stage.Password)
	like("Beto in another window", "contrast", "es", 34)
	b, err := os.ReadFile(file)
	if err != nil || !strings.Contains(string(b), `"look":"dark"`) {
		t.Errorf("the file holds %s, %v", b, err)
	}

	s.Again(func(c *ui.Config) { c.Prefs, c.Fixed = file, ui.Fixed{Look: true, Lang: true, Size: true} })
	s.Enter("admin", stage.Password)
	like("a window that was told otherwise", "light", "es", 44)
}
