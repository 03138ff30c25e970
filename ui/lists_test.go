package ui

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"punto/app/desk"
	"punto/app/sla"
	"punto/ui/look"
	"punto/ui/words"
)

// What a field takes, the desk takes too.
func TestFieldsHoldNoMoreThanTheDesk(t *testing.T) {
	if look.LineLimit > desk.MaxLine || look.LinesLimit > desk.MaxText || paragraph > desk.MaxText {
		t.Errorf("%d in a line, %d in a paragraph, %d in many lines", look.LineLimit, paragraph, look.LinesLimit)
	}
}

func TestADocumentIsBrokenIntoLinesWhole(t *testing.T) {
	for _, s := range []string{"", "una dos", strings.Repeat("x", 250), "una " + strings.Repeat("y", 115) + " dos", strings.Repeat("una línea ", 40)} {
		lines := wrap(s, 110)
		if got := strings.Join(lines, ""); strings.ReplaceAll(got, " ", "") != strings.ReplaceAll(s, " ", "") {
			t.Errorf("%q became %q", s, lines)
		}
		if i := slices.IndexFunc(lines, func(l string) bool { return len([]rune(l)) > 110 }); i >= 0 {
			t.Errorf("a line of %d letters", len([]rune(lines[i])))
		}
	}
}

// Whoever runs ahead of what is loaded gets it, and a list that comes up again is
// as it was left.
func TestAListKeepsUpAndComesBackAsItWasLeft(t *testing.T) {
	s := newStage(t, true)
	s.signIn()
	var waiting []func()
	l := newTable(s.Window, "números", [2]string{}, func(p *look.Painter, n int, y, h, _ float32, xs []float32) {
		p.Text(xs[0], y, h, "fila", look.Style{})
	}, look.Column{Title: "n"})
	l.fetch = func(_ *table[int], after []byte, use func([]int, []byte)) {
		waiting = append(waiting, func() { use(make([]int, pageRows), []byte{1}) })
	}
	answer := func() {
		for len(waiting) > 0 {
			f := waiting[0]
			waiting = waiting[1:]
			f()
		}
	}
	s.Window.open(l)
	answer()
	for range 30 { // to the end of what is loaded, quicker than more comes
		l.list.Select(l.list.Selected + 10)
	}
	answer()
	if _, to := l.list.Seen(); to+pageRows/2 > len(l.rows) {
		t.Errorf("rows to %d are seen and %d are loaded", to, len(l.rows))
	}
	l.list.Select(200)
	answer()
	s.goTo(board)
	s.Window.open(l)
	answer()
	if l.list.Selected != 200 || len(l.rows) <= 200 {
		t.Errorf("it came back at row %d of %d", l.list.Selected, len(l.rows))
	}
}

// Nobody is told that a list is empty before it is known.
func TestAListThatLoadsDoesNotSayThatItIsEmpty(t *testing.T) {
	s := newStage(t, true)
	s.signIn()
	var answer func()
	l := newTable(s.Window, "números", [2]string{"Ninguno", "Aún no hay."}, func(*look.Painter, int, float32, float32, float32, []float32) {}, look.Column{Title: "n"})
	l.fetch = func(_ *table[int], _ []byte, use func([]int, []byte)) { answer = func() { use(nil, nil) } }
	s.Window.open(l)
	if s.listSays(l.list, "Ninguno") || !s.listSays(l.list, s.Window.T("wait.loading")) {
		t.Error("a list that is still loading says that there is nothing")
	}
	answer()
	if !s.listSays(l.list, "Ninguno") || !s.listSays(l.list, "Aún no hay.") {
		t.Error("an empty list does not say so")
	}
}

func TestADeadlineStandsWholeInTheNarrowestQueue(t *testing.T) {
	s := newStage(t, true)
	s.signIn()
	tomorrow := s.Now().Add(20 * time.Hour)
	for _, lang := range words.Languages() {
		if err := s.setLanguage(lang); err != nil {
			t.Fatal(err)
		}
		for _, r := range []sla.Run{{ID: "resolve", State: sla.Running, Due: tomorrow}, {ID: "resolve", State: sla.Breached, Target: time.Hour, Elapsed: 24 * time.Hour}} {
			m, word := s.clockChip(r)
			if wide := look.ChipWidth(m, word) + 8; wide > dueLeast {
				t.Errorf("%q takes %.0f, the column has %d", word, wide, dueLeast)
			}
		}
	}
}

func TestNumbersAreWrittenAsTheLanguageDoes(t *testing.T) {
	for lang, want := range map[string][2]string{"es": {"88,7 %", "12\u00a0345"}, "en": {"88.7%", "12,345"}, "pt": {"88,7%", "12.345"}} {
		if got := [2]string{value(lang, 0.887, "share"), value(lang, 12345, "count")}; got != want {
			t.Errorf("%s: %q", lang, got)
		}
	}
}

// Tab in a question would leave what is typed on in a field of the page under it.
func TestTabStaysInAQuestion(t *testing.T) {
	s := newStage(t, true)
	in := s.signIn()
	q := s.question("¿Por qué?", nil, 0, "motivo", "", func(int, string) {})
	q.field.TypedKey(&fyne.KeyEvent{Name: fyne.KeyTab})
	if !q.field.AcceptsTab() || s.canvas.Focused() != q.field {
		t.Errorf("the keys went to %T, who is %q", s.canvas.Focused(), in.who.Text)
	}
}
