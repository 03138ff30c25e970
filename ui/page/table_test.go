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

// End leads to the last row there is, not to the last that was loaded; whoever goes
// elsewhere meanwhile stays there.
func TestEndLeadsToTheLastRow(t *testing.T) {
	var waiting []func()
	asked := 0
	_, l := numbers(t, func(use func([]int, []byte)) {
		waiting = append(waiting, func() {
			if asked++; asked%5 == 0 {
				use(make([]int, 7), nil)
				return
			}
			use(make([]int, page.PageRows), []byte{1})
		})
	})
	answer := func(n int) {
		for ; len(waiting) > 0 && n > 0; n-- {
			f := waiting[0]
			waiting = waiting[1:]
			f()
		}
	}
	end := func() { l.List.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEnd}) }
	answer(1)
	end()
	answer(100)
	if want := 4*page.PageRows + 7; len(l.Rows) != want || l.List.Selected != want-1 {
		t.Errorf("End leads to row %d; %d are loaded of %d", l.List.Selected, len(l.Rows), want)
	}
	l.Home()
	answer(1)
	end()
	answer(1)
	l.List.Select(3)
	answer(100)
	if l.List.Selected != 3 {
		t.Errorf("it was taken from row 3 to %d", l.List.Selected)
	}
}
