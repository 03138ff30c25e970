package inbox

import (
	"slices"
	"testing"

	"punto/app"
	"punto/app/desk"
	"punto/ui/page"
	"punto/ui/stage"
)

func TestConflictsAreSettledByOneKeyEach(t *testing.T) {
	s, d := stage.NewNetwork(t, stage.With("board", Kind()))
	if !s.Says("4 conflictos") {
		t.Errorf("the bar says %q", s.Texts())
	}
	s.Press("Ctrl F11")
	b := s.Page().(*inboxPage)
	s.Until("the rows", func() bool { return len(b.Rows) == 4 })
	s.OneMeaning("conflicts")
	if got := b.field("57"); got != "Dato 57" {
		t.Errorf("a field without a name is %q", got)
	}
	for _, want := range []string{"C-0931-8", "Prioridad", "3 Media", "2 Alta", "Pedro Lagos · hoy 09:40", "Elena Huamán · hoy 09:12", "En curso", "Anexo", "(vacío)"} {
		if !s.ListSays(b.List, want) {
			t.Errorf("no row says %q: %q", want, b.List.Texts())
		}
	}
	s.Press("F8")
	s.Press("F8") // before the answer: the same row is not decided twice
	s.Until("the row is gone", func() bool { return len(b.Rows) == 3 })
	if !s.Says("C-0931-8 · Prioridad: se conserva «3 Media»") {
		t.Errorf("it says %q", s.Texts())
	}
	if r, _ := b.Selected(); r.Field != "group" {
		t.Errorf("then %q is selected", r.Field)
	}
	s.Press("Alt 8")
	s.Until("the next is gone", func() bool { return len(b.Rows) == 2 })
	if !s.Says("C-0931-8 · Grupo: ahora es «Redes»") {
		t.Errorf("it says %q", s.Texts())
	}
	s.Press("Alt 8")
	if !s.Says("abra el caso y cámbielo allí") {
		t.Errorf("what cannot be changed says %q", s.Texts())
	}
	b.List.Select(1)
	s.Press("Enter")
	if !s.Says("Solo los casos se abren") {
		t.Errorf("a record opened: %q", s.Texts())
	}
	s.Press("F8")
	s.Until("the last row is gone, the one above selected", func() bool { r, _ := b.Selected(); return len(b.Rows) == 1 && r.Field == "status" })
	want := []app.SettleConflict{{Entity: desk.Entity{Type: desk.CaseType, ID: stage.Node(1)}, Field: "priority", Stamp: 1},
		{Entity: desk.Entity{Type: desk.CaseType, ID: stage.Node(2)}, Field: "group", Stamp: 2, Other: true},
		{Entity: desk.Entity{Type: desk.PersonType, ID: stage.Node(4)}, Field: "extension", Stamp: 4}}
	if !slices.Equal(d.Settled, want) {
		t.Errorf("it sent %+v", d.Settled)
	}
	s.Until("the count", func() bool { return s.Says("1 conflicto") })
	s.Press("F8")
	s.Until("an empty list", func() bool {
		return s.ListSays(b.List, "No hay conflictos por revisar") && s.Kit().Nodes.Conflicts == 0
	})
	s.Tell("", false)
	if s.Says("conflictos") {
		t.Errorf("the badge stays: %q", s.Texts())
	}
}

func TestTheSelectionStaysOnItsConflict(t *testing.T) {
	s, d := stage.NewNetwork(t, stage.With("board", Kind()))
	s.Go("inbox", nil)
	b := s.Page().(*inboxPage)
	s.Until("the rows", func() bool { return len(b.Rows) == 4 })
	b.List.Select(1)
	d.Change(func() { d.Rows = d.Rows[1:] }) // somebody else settled the one above
	s.Press("F5")
	s.Until("fewer rows", func() bool { return len(b.Rows) == 3 })
	if r, _ := b.Selected(); r.Field != "group" {
		t.Errorf("%q is selected", r.Field)
	}
	d.Change(func() { d.Rows = d.Rows[1:] })
	s.Press("F8")
	s.Until("the refusal, and the list anew", func() bool { return s.Says("Settled already") && len(b.Rows) == 2 })
}

func TestALongInboxIsReadByPages(t *testing.T) {
	s, d := stage.NewNetwork(t, stage.With("board", Kind()))
	d.Change(func() {
		for i := range 200 {
			r := d.Rows[0]
			r.Stamp = desk.Stamp(100 + i)
			d.Rows = append(d.Rows, r)
		}
	})
	s.Go("inbox", nil)
	b := s.Page().(*inboxPage)
	s.Until("a page", func() bool { return len(b.Rows) == page.PageRows && b.List.Len() > len(b.Rows) })
	b.List.Select(page.PageRows - 1)
	s.Until("the rest", func() bool { return len(b.Rows) == 204 && b.List.Len() == len(b.Rows) })
}
