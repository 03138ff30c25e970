package page_test

import (
	"testing"

	"fyne.io/fyne/v2"

	"punto/ui/look"
	"punto/ui/page"
	"punto/ui/stage"
)

// numbers is a window with one list whose rows come when the test says so.
func numbers(t *testing.T, fetch func(use func([]int, []byte))) (*stage.Stage, *page.Table[int]) {
	t.Helper()
	var l *page.Table[int]
	s := stage.New(t, true, stage.With("board", page.Kind{Name: "numbers", Place: page.Bar, Make: func(k *page.Kit) page.Page {
		l = page.NewTable(k, "números", [2]string{"Ninguno", "Aún no hay."}, func(p *look.Painter, _ int, y, h float32, xs []float32) {
			p.Text(xs[0], y, h, "fila", look.Style{})
		}, look.Column{Title: "n"})
		l.Fetch = func(_ []byte, use func([]int, []byte)) { fetch(use) }
		return l
	}}))
	s.SignIn()
	s.Go("numbers", nil)
	return s, l
}

// Whoever runs ahead of what is loaded gets it, and a list that comes up again is
// as it was left.
func TestAListKeepsUpAndComesBackAsItWasLeft(t *testing.T) {
	var waiting []func()
	s, l := numbers(t, func(use func([]int, []byte)) {
		waiting = append(waiting, func() { use(make([]int, page.PageRows), []byte{1}) })
	})
	answer := func() {
		for len(waiting) > 0 {
			f := waiting[0]
			waiting = waiting[1:]
			f()
		}
	}
	answer()
	for range 30 { // to the end of what is loaded, quicker than more comes
		l.List.Select(l.List.Selected + 10)
	}
	answer()
	if _, to := l.List.Seen(); to+page.PageRows/2 > len(l.Rows) {
		t.Errorf("rows to %d are seen and %d are loaded", to, len(l.Rows))
	}
	l.List.Select(200)
	answer()
	s.Go("board", nil)
	s.Go("numbers", nil)
	answer()
	if l.List.Selected != 200 || len(l.Rows) <= 200 {
		t.Errorf("it came back at row %d of %d", l.List.Selected, len(l.Rows))
	}
}

// Nobody is told that a list is empty before it is known.
func TestAListThatLoadsDoesNotSayThatItIsEmpty(t *testing.T) {
	var answer func()
	s, l := numbers(t, func(use func([]int, []byte)) { answer = func() { use(nil, nil) } })
	if s.ListSays(l.List, "Ninguno") || !s.ListSays(l.List, s.Kit().T("wait.loading")) {
		t.Error("a list that is still loading says that there is nothing")
	}
	answer()
	if !s.ListSays(l.List, "Ninguno") || !s.ListSays(l.List, "Aún no hay.") {
		t.Error("an empty list does not say so")
	}
}

// Tab in a question would leave what is typed on in a field of the page under it.
func TestTabStaysInAQuestion(t *testing.T) {
	s, _ := numbers(t, func(func([]int, []byte)) {})
	q := s.Kit().Question("¿Por qué?", nil, 0, "motivo", "", func(int, string) {})
	q.Field.TypedKey(&fyne.KeyEvent{Name: fyne.KeyTab})
	if !q.Field.AcceptsTab() || s.Canvas.Focused() != q.Field {
		t.Errorf("the keys went to %T", s.Canvas.Focused())
	}
}
