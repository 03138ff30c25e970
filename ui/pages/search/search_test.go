package search

import (
	"testing"

	"punto/app"
	"punto/app/desk"
	"punto/ui/page"
	"punto/ui/stage"
)

// What is found leads to its page, and the search is not on the way back.
func TestWhatIsFoundLeadsToItsPage(t *testing.T) {
	attend, first := stage.NewLobby("attend")
	kase, over := stage.NewLobby("case")
	over.Word, over.Place = "area.cases", page.Over
	s := stage.New(t, true, []page.Kind{first, over, Kind()})
	s.SignIn()
	s.Run(app.ImportRecords{Articles: []desk.Article{{Ref: "KB-1", Title: "Cola en pausa", Lang: "es", Body: "Reiniciar el servicio."}}})
	document := stage.Answer[app.RecordsAnswer](s, app.Records{Type: desk.ArticleType}).Articles[0].ID
	find := func(h app.Hit) {
		t.Helper()
		s.Press("Ctrl K")
		p := s.Page().(*searchPage)
		p.hits = []app.Hit{{Kind: "case", Title: "otro"}, h}
		p.list.Select(1)
		s.Press("Enter")
	}
	back := func() {
		t.Helper()
		s.Press("Esc")
		if s.Page() != page.Page(attend) {
			t.Errorf("Esc leads to %T", s.Page())
		}
	}
	id := desk.DerivedID("a case")
	find(app.Hit{Kind: "case", ID: id})
	if s.Page() != page.Page(kase) || kase.Args[0] != id {
		t.Errorf("a case leads to %T with %v", s.Page(), kase.Args)
	}
	back()
	find(app.Hit{Kind: "article", ID: document})
	s.Until("the document", func() bool { return s.Reads("Reiniciar el servicio.") })
	back()
	find(app.Hit{Kind: "person", ID: s.Rosa()})
	if got, want := attend.Args[len(attend.Args)-1], (page.Caller{ID: s.Rosa(), Replace: true}); got != want {
		t.Errorf("a person leads to the intake with %v", got)
	}
}
