package intake

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2/test"

	"punto/app"
	"punto/app/desk"
	"punto/ui"
	"punto/ui/page"
	"punto/ui/stage"
	"punto/ui/words"
)

// The form with names as long as they come fits a small screen in every language and
// with each of its cards.
func TestTheFormFitsASmallScreen(t *testing.T) {
	for _, lang := range words.Languages() {
		t.Run(lang, func(t *testing.T) {
			s, _ := open(t)
			if err := s.SetLanguage(lang); err != nil {
				t.Fatal(err)
			}
			s.Resize(stage.Small)
			area := s.Run(app.SaveArea{Area: desk.Area{Name: "Despacho y distribución"}}).ID
			site := s.Run(app.SaveSite{Site: desk.Site{Name: "Planta concentradora norte"}}).ID
			s.Run(app.SavePerson{ID: s.Rosa(), Person: desk.Person{Name: "Rosa Quispe Mamani de la Fuente", Extension: "4471", Title: "Jefa de despacho y distribución", VIP: true, Area: area, Site: site, Langs: []string{"es", "qu"}}})
			in := told(s)
			s.Come("the form")
			in.impact.Choose(2)
			in.urgency.Choose(2)
			s.Until("the promise", func() bool { return in.promise != nil })
			in.text.SetText(strings.Repeat("Desde las 9:50 la cola queda en pausa. ", 20))
			in.articles = []app.Hit{{Title: strings.Repeat("Cola de impresión en pausa ", 4)}, {Title: "Otra"}, {Title: "Y otra"}}
			in.alike = []app.Hit{{Title: strings.Repeat("No imprime ", 9), Detail: "B-0001-3 · Rosa"}, {Title: "Otra", Detail: "B-0002-1"}}
			in.answer()
			s.Refresh()
			for range 4 {
				s.Fits(fmt.Sprint("the intake, told, card ", in.shown()))
				s.Press("F2")
			}
			in.d.Category = ""
			in.category.SetText(strings.Fields(in.categoryName("impresoras.despacho"))[0])
			s.Focus(in.category)
			if !s.Says("↓↓") {
				t.Errorf("no categories are proposed: %q", s.Texts())
			}
			s.Fits("proposed categories")
			in.chooseCategory()
			if !in.impact.Focused {
				t.Error("after the category the keys are not with the impact")
			}
			for range 6 { // many drafts
				in.add()
				in.what.SetText("otra llamada")
				in.who.SetText("Rosa Quispe Mamani")
			}
			s.Fits("many drafts")
		})
	}
}

// The title says that the page is there only once its segments have their words.
func TestTheFormIsThereWithItsWords(t *testing.T) {
	var late []string
	var s *stage.Stage
	s = stage.New(t, true, []page.Kind{Kind()}, func(c *ui.Config) {
		c.SetTitle = func(title string) {
			if in, ok := s.Page().(*intake); ok && title == "Atender · Punto" && (slices.Contains(in.impact.Words, "") || len(in.urgency.Words) != 4 || len(s.Kit().Groups) == 0) {
				late = append(late, fmt.Sprint(in.impact.Words))
			}
		}
	})
	s.SignIn()
	if word := s.Page().(*intake).impact.Words[3]; len(late) > 0 || s.Title() != "Atender · Punto" || word == "" || !s.Reads(word) {
		t.Errorf("it was there with the segments %q; now it is %q, with %q", late, s.Title(), word)
	}
}

// Other pages bring it up for somebody, or to begin anew.
func TestOtherPagesBeginACase(t *testing.T) {
	s, in := open(t)
	s.Go("attend", page.Caller{ID: s.Rosa()})
	s.Until("Rosa", func() bool { return in.d.Name == "Rosa Quispe Mamani" && in.who.Text == in.d.Name })
	other := s.Run(app.SavePerson{Person: desk.Person{Name: "Luz Ríos", Extension: "6026"}}).ID
	s.Go("attend", page.Caller{ID: other})
	s.Come("the form")
	if in.d.Name != "Rosa Quispe Mamani" {
		t.Errorf("the caller who was told became %q", in.d.Name)
	}
	s.Go("attend", page.Caller{ID: other, Replace: true})
	s.Until("Luz", func() bool { return in.d.Name == "Luz Ríos" })
	test.Type(in.what, "No imprime")
	s.Go("attend", page.NewCase{})
	if !in.d.Empty() || len(s.Kit().Drafts.Of(s.Kit().State.Me)) != 2 {
		t.Errorf("a new case begins with %+v", in.d)
	}
}
