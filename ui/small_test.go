package ui

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"punto/app"
	"punto/app/desk"
	"punto/app/phone"
)

// small is a screen of 1366 by 768 at 150 %.
var small = fyne.NewSize(910, 512)

// crowd makes a desk with names as long as they come.
func crowd(t *testing.T, s *stage) (kase desk.ID) {
	t.Helper()
	ctx := s.engine.Owner(s.Context())
	do := func(c app.Command) app.Receipt {
		r, err := s.engine.Do(ctx, c)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	area := do(app.SaveArea{Area: desk.Area{Name: "Despacho y distribución"}}).ID
	site := do(app.SaveSite{Site: desk.Site{Name: "Planta concentradora norte"}}).ID
	who := do(app.SavePerson{Person: desk.Person{Name: "Rosa Quispe Mamani de la Fuente", Extension: "44712", Title: "Jefa de despacho y distribución", VIP: true, Area: area, Site: site, Langs: []string{"es", "qu"}}}).ID
	m := s.model
	for i := range 9 {
		kase = do(app.OpenCase{Opened: desk.Opened{Person: who, Subject: fmt.Sprintf("No imprime en la impresora de guías de despacho del patio %d, ni con la otra cola", i), Category: "impresoras.despacho",
			Impact: 2, Urgency: 1 + i%4, Text: strings.Repeat("Desde las 9:50 la cola queda en pausa. ", 20)}}).ID
	}
	do(app.HandOffCase{Case: kase, Group: m.Groups["servidores"], Reason: "la cola vive en el servidor de impresión"})
	do(app.SuspendCase{Case: kase, Reason: "parts", Text: "módulo de memoria"})
	for range 6 {
		do(app.AddNote{Case: kase, Text: strings.Repeat("se probó otra vez ", 12)})
	}
	at := s.Now()
	for i, o := range []phone.Outcome{phone.Completed, phone.Abandoned} {
		do(app.SeeCall{Event: phone.CallEvent{Key: phone.Key{PBX: "manual", UniqueID: fmt.Sprint(i), Kind: phone.Offered}, At: at, Caller: "+51 999 888 777", Name: "Rosa Quispe Mamani de la Fuente"}})
		do(app.SeeCall{Event: phone.CallEvent{Key: phone.Key{PBX: "manual", UniqueID: fmt.Sprint(i), Kind: phone.Ended}, At: at.Add(time.Minute), Outcome: o}})
	}
	do(app.ImportRecords{Articles: []desk.Article{{Ref: "KB-1", Title: "Cola de impresión en pausa en el servidor de impresión de despacho", Lang: "es", Body: strings.Repeat("Reiniciar el servicio. ", 40)}}})
	return kase
}

// placed are all objects within a widget, with where they stand on the sheet.
func placed(o fyne.CanvasObject, at fyne.Position, use func(o fyne.CanvasObject, at fyne.Position)) {
	use(o, at)
	if w, ok := o.(fyne.Widget); ok {
		for _, x := range test.WidgetRenderer(w).Objects() {
			placed(x, at.Add(x.Position()), use)
		}
	}
}

// fits checks that all that a window draws is within it, and no text stands on
// another.
func fits(t *testing.T, s *stage, what string) {
	t.Helper()
	type box struct {
		text       string
		x, y, w, h float32
	}
	var texts []box
	const slack = 1.5
	placed(s.sheet, fyne.NewPos(0, 0), func(o fyne.CanvasObject, at fyne.Position) {
		size := o.Size()
		if at.X < -slack || at.Y < -slack || at.X+size.Width > small.Width+slack || at.Y+size.Height > small.Height+slack {
			if x, ok := o.(*canvas.Text); ok {
				t.Errorf("%s: %q is at %v, %v wide: off the screen", what, x.Text, at, size.Width)
			} else if _, ok := o.(*canvas.Line); !ok {
				t.Errorf("%s: a %T of %v is at %v: off the screen", what, o, size, at)
			}
		}
		if x, ok := o.(*canvas.Rectangle); ok && size.Height > 30 {
			if _, _, _, alpha := x.FillColor.RGBA(); alpha == 0xffff { // what it covers is not seen
				texts = slices.DeleteFunc(texts, func(b box) bool {
					return b.x+slack > at.X && b.x+b.w < at.X+size.Width+slack && b.y+b.h/2 > at.Y && b.y+b.h/2 < at.Y+size.Height
				})
			}
		}
		if x, ok := o.(*canvas.Text); ok && strings.TrimSpace(x.Text) != "" {
			h := x.TextSize // of the letters, not of the line
			texts = append(texts, box{x.Text, at.X, at.Y + (size.Height-h)/2, size.Width, h})
		}
	})
	for i, a := range texts {
		for _, b := range texts[:i] {
			if a.x+slack < b.x+b.w && b.x+slack < a.x+a.w && a.y+slack < b.y+b.h && b.y+slack < a.y+a.h {
				t.Errorf("%s: %q at %.0f, %.0f stands on %q at %.0f, %.0f", what, a.text, a.x, a.y, b.text, b.x, b.y)
			}
		}
	}
	for _, a := range s.table() { // a key that has a button shows on it
		if !a.hidden && a.key != "" && !s.says(a.key) {
			t.Errorf("%s: the key %s is not to be seen", what, a.key)
		}
	}
}

func TestEveryPageFitsAScreenOf1366By768At150Percent(t *testing.T) {
	for _, lang := range []string{"es", "en", "pt"} {
		t.Run(lang, func(t *testing.T) {
			s, _ := newSiteStage(t)
			if err := s.setLanguage(lang); err != nil {
				t.Fatal(err)
			}
			if min := s.Content().MinSize(); min.Width > small.Width || min.Height > small.Height {
				t.Fatalf("the window cannot be smaller than %v", min)
			}
			s.resize(small)
			kase := crowd(t, s)
			s.until("all answers", func() bool { return s.state.Cases > 0 })
			for a := range areas {
				s.goTo(a)
				s.until(areaWords[a], func() bool { return s.due == 0 })
				fits(t, s, areaWords[a])
				if r, ok := s.page.(*nodesPage); ok {
					r.code, r.until = "K7QMR2XW9TB4HD6VNP8Z", s.Now().Add(time.Minute)
					s.Refresh()
					fits(t, s, "a code for a workstation")
					r.code = ""
					r.list.Select(1)
					s.press("F4")
					fits(t, s, "shutting a workstation out")
					if !s.says("cuenta") && !s.says("count") && !s.says("conta") {
						t.Errorf("the question is cut: %q", s.sheet.Texts())
					}
					s.press("Esc")
				}
				for range 2 {
					if s.Combination(parseKey("F2")) {
						s.until("another card", func() bool { return s.due == 0 })
						fits(t, s, areaWords[a]+", another card")
					}
				}
				s.press("F1")
				if n := len(s.sheet.Texts()); n < 10 {
					t.Errorf("%s: the sheet of keys says %d texts", areaWords[a], n)
				}
				s.press("F1")
			}
			s.goTo(attend)
			in := told(s)
			s.until("the promise", func() bool { return s.due == 0 })
			in.impact.Choose(2)
			in.urgency.Choose(2)
			s.until("the promise", func() bool { return in.promise != nil })
			in.text.SetText(strings.Repeat("Desde las 9:50 la cola queda en pausa. ", 20))
			in.articles = []app.Hit{{Title: strings.Repeat("Cola de impresión en pausa ", 4)}, {Title: "Otra"}, {Title: "Y otra"}}
			in.alike = []app.Hit{{Title: strings.Repeat("No imprime ", 9), Detail: "B-0001-3 · Rosa"}, {Title: "Otra", Detail: "B-0002-1"}}
			in.answer()
			s.Refresh()
			for range 4 {
				fits(t, s, fmt.Sprint("the intake, told, card ", in.shown()))
				s.press("F2")
			}
			in.d.Category = ""
			in.category.SetText(strings.Fields(in.categoryName("impresoras.despacho"))[0])
			s.focus(in.category)
			if !s.says("↓↓") {
				t.Errorf("no categories are proposed: %q", s.sheet.Texts())
			}
			fits(t, s, "proposed categories")
			in.chooseCategory()
			if !in.impact.Focused {
				t.Error("after the category the keys are not with the impact")
			}
			for range 6 { // many drafts
				in.add()
				in.what.SetText("otra llamada")
				in.who.SetText("Rosa Quispe Mamani")
			}
			fits(t, s, "many drafts")
			s.openCase(kase)
			s.until("the case", func() bool { return s.due == 0 && s.page.(*casePage).a != nil })
			fits(t, s, "a case")
			s.press("F2")
			fits(t, s, "what is linked to a case")
			s.press("F10")
			fits(t, s, "where to hand it off")
			s.press("Esc")
			s.press("Ctrl E")
			s.until("the explanation", func() bool { _, ok := s.page.(*reading); return ok && s.due == 0 })
			fits(t, s, "why a deadline")
			s.press("Ctrl K")
			s.until("the search", func() bool { return s.due == 0 })
			p := s.page.(*searchPage)
			p.hits = []app.Hit{{Kind: "case", Title: strings.Repeat("No imprime ", 20), Detail: "B-0001-3 · Rosa Quispe"}, {Kind: "person", Title: "Rosa Quispe", Detail: "44712 · Despacho"}}
			s.Refresh()
			fits(t, s, "the search")
			s.open(newFirstSteps(s.Window))
			s.until("the first steps", func() bool { return s.due == 0 })
			fits(t, s, "the first steps")
			s.signOut()
			gate := s.page.(*signIn)
			gate.complain("password", s.words.T("err.bad_password"), gate.password)
			fits(t, s, "signing in")
		})
	}
}

func TestTheWizardFitsTheSmallScreen(t *testing.T) {
	s := newStage(t, false, func(c *Config) {
		c.Join = func(context.Context, string, string, func(done, all uint64)) error { return nil }
	})
	s.until("the wizard", func() bool { _, ok := s.page.(*wizard); return ok })
	s.resize(small)
	z := s.page.(*wizard)
	for _, lang := range []string{"es", "en", "pt"} {
		if err := s.setLanguage(lang); err != nil {
			t.Fatal(err)
		}
		fits(t, s, "the wizard in "+lang)
		z.complain("zone", s.words.T("wizard.noZone"))
		fits(t, s, "a wrong zone in "+lang)
	}
	s.open(newJoin(s.Window, z))
	fits(t, s, "joining")
}
