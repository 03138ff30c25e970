package ui

import (
	"slices"
	"strings"
	"testing"

	"punto/app/desk"
	"punto/ui/look"
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
