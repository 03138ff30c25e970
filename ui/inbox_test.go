package ui

import (
	"slices"
	"testing"

	"punto/app"
	"punto/app/desk"
)

func TestConflictsAreSettledByOneKeyEach(t *testing.T) {
	s, d := newSiteStage(t)
	if !s.says("4 conflictos") {
		t.Errorf("the bar says %q", s.sheet.Texts())
	}
	s.press("Ctrl F11")
	b := s.page.(*inboxPage)
	s.until("the rows", func() bool { return len(b.rows) == 4 })
	s.oneMeaning("conflicts")
	for _, want := range []string{"C-0931-8", "Prioridad", "3 Media", "2 Alta", "Pedro Lagos · hoy 09:40", "Elena Huamán · hoy 09:12", "En curso", "Anexo", "(vacío)"} {
		if !s.listSays(b.list, want) {
			t.Errorf("no row says %q: %q", want, b.list.Texts())
		}
	}
	s.press("F8")
	s.press("F8") // before the answer: the same row is not decided twice
	s.until("the row is gone", func() bool { return len(b.rows) == 3 })
	if !s.says("C-0931-8 · Prioridad: se conserva «3 Media»") {
		t.Errorf("it says %q", s.sheet.Texts())
	}
	if r, _ := b.at(); r.Field != "group" {
		t.Errorf("then %q is selected", r.Field)
	}
	s.press("Alt 8")
	s.until("the next is gone", func() bool { return len(b.rows) == 2 })
	if !s.says("C-0931-8 · Grupo: ahora es «Redes»") {
		t.Errorf("it says %q", s.sheet.Texts())
	}
	s.press("Alt 8")
	if !s.says("abra el caso y cámbielo allí") {
		t.Errorf("what cannot be changed says %q", s.sheet.Texts())
	}
	b.list.Select(1)
	s.press("Enter")
	if !s.says("Solo los casos se abren") {
		t.Errorf("a record opened: %q", s.sheet.Texts())
	}
	s.press("F8")
	s.until("the last row is gone, the one above selected", func() bool { r, _ := b.at(); return len(b.rows) == 1 && r.Field == "status" })
	want := []app.SettleConflict{{Entity: desk.Entity{Type: desk.CaseType, ID: nodeNamed(1)}, Field: "priority", Stamp: 1},
		{Entity: desk.Entity{Type: desk.CaseType, ID: nodeNamed(2)}, Field: "group", Stamp: 2, Other: true},
		{Entity: desk.Entity{Type: desk.PersonType, ID: nodeNamed(4)}, Field: "extension", Stamp: 4}}
	if !slices.Equal(d.settled, want) {
		t.Errorf("it sent %+v", d.settled)
	}
	s.until("the count", func() bool { return s.says("1 conflicto") })
	s.press("F8")
	s.until("an empty list", func() bool { return s.listSays(b.list, "No hay conflictos por revisar") && s.site.Conflicts == 0 })
	s.tell("", false)
	if s.says("conflictos") {
		t.Errorf("the badge stays: %q", s.sheet.Texts())
	}
}

func TestTheSelectionStaysOnItsConflict(t *testing.T) {
	s, d := newSiteStage(t)
	s.goTo(inbox)
	b := s.page.(*inboxPage)
	s.until("the rows", func() bool { return len(b.rows) == 4 })
	b.list.Select(1)
	d.change(func() { d.rows = d.rows[1:] }) // somebody else settled the one above
	s.press("F5")
	s.until("fewer rows", func() bool { return len(b.rows) == 3 })
	if r, _ := b.at(); r.Field != "group" {
		t.Errorf("%q is selected", r.Field)
	}
	d.change(func() { d.rows = d.rows[1:] })
	s.press("F8")
	s.until("the refusal, and the list anew", func() bool { return s.bad && len(b.rows) == 2 })
}

func TestALongInboxIsReadByPages(t *testing.T) {
	s, d := newSiteStage(t)
	d.change(func() {
		for i := range 200 {
			r := d.rows[0]
			r.Stamp = desk.Stamp(100 + i)
			d.rows = append(d.rows, r)
		}
	})
	s.goTo(inbox)
	b := s.page.(*inboxPage)
	s.until("a page", func() bool { return len(b.rows) == pageRows && b.more })
	b.list.Select(pageRows - 1)
	s.until("the rest", func() bool { return len(b.rows) == 204 && !b.more })
}
