package ui_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"punto/ui"
	"punto/ui/look"
	"punto/ui/stage"
	"punto/ui/words"
)

// What keeps the desk from opening is said in the window, in each language, with
// what to do.
func TestWhatGoesWrongAtTheStartIsSaidInTheWindow(t *testing.T) {
	test.NewApp()
	for _, lang := range words.Languages() {
		tries, closed := 0, 0
		s, err := ui.NewStart(lang, look.Light(), "/home/ana/.local/share/punto", func() { tries++ }, func() { closed++ })
		if err != nil {
			t.Fatal(err)
		}
		w := test.NewWindow(s.Content())
		w.SetPadded(false)
		w.Resize(stage.Small)
		s.SetCanvas(w.Canvas())
		type typer interface{ OnTypedKey() func(*fyne.KeyEvent) }
		press := func(k fyne.KeyName) { w.Canvas().(typer).OnTypedKey()(&fyne.KeyEvent{Name: k}) }
		press(fyne.KeyReturn)
		if tries != 0 {
			t.Error("it is tried twice at once")
		}
		seen := map[string]bool{}
		for x := ui.InUse; x <= ui.Failed; x++ {
			s.Tell(x, errors.New("the data folder is in use: puntoctl (process 4711) holds it"))
			texts := s.Texts()
			for _, at := range texts {
				if strings.HasPrefix(at, "start.") || strings.HasSuffix(at, "…") {
					t.Errorf("%s: trouble %d says %q", lang, x, at)
				}
			}
			if seen[texts[1]] {
				t.Errorf("%s: %q is said of two troubles", lang, texts[1])
			}
			seen[texts[1]] = true
			for _, want := range []string{"4711", "/home/ana", "Enter", "Esc"} {
				if !slices.ContainsFunc(texts, func(s string) bool { return strings.Contains(s, want) }) {
					t.Errorf("%s: trouble %d says no %s: %q", lang, x, want, texts)
				}
			}
		}
		press(fyne.KeyReturn)
		press(fyne.KeyEscape)
		if tries != 1 || closed != 1 {
			t.Errorf("%d tries, %d closed", tries, closed)
		}
		w.Close()
	}
}

func TestTheSystemsLanguageIsTheFirstThatIsSet(t *testing.T) {
	for want, settings := range map[string][]string{"en_US.UTF-8": {"", "C.UTF-8", "en_US.UTF-8", "pt_BR"}, "es": {"", "C", "POSIX"}, "pt": {"pt", "en_US"}, "Catalan": {"Catalan"}} {
		if got := ui.SystemLanguage(settings...); got != want {
			t.Errorf("%q gives %q", settings, got)
		}
	}
}
