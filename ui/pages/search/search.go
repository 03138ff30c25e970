// Package search is the page that finds cases, people and documents while one
// types.
package search

import (
	"strings"

	"fyne.io/fyne/v2"

	"punto/app"
	"punto/ui/look"
	"punto/ui/page"
)

// searchPage finds cases, users and documents while one types (Ctrl K).
type searchPage struct {
	k     *page.Kit
	field *look.Field
	list  *look.List
	hits  []app.Hit
	asked page.Latest
}

// Kind is the page of the search.
func Kind() page.Kind {
	return page.Kind{Name: "search", Word: "do.search", Place: page.Passing, Make: func(k *page.Kit) page.Page { return newSearch(k) }}
}

func newSearch(k *page.Kit) *searchPage {
	s := &searchPage{k: k, field: k.Field()}
	s.field.SetPlaceHolder(k.T("search.title"))
	s.list = k.List()
	s.list.Empty = [2]string{k.T("search.none"), k.T("search.noneHint")}
	s.list.Len = func() int { return len(s.hits) }
	s.list.Row = func(p *look.Painter, i int, x, y, wd, h float32, _ []float32) {
		hit := s.hits[i]
		p.Text(x, y, h, k.Words.T("kind."+hit.Kind), look.Style{Size: 12, Color: p.Muted})
		end := p.Right(x+wd, y, h, hit.Detail, look.Style{Size: 12, Color: p.Muted}) - 10
		p.TextFit(x+90, y, end-x-90, h, hit.Title, look.Style{})
	}
	s.list.OnOpen = func(i int) { s.choose(i) }
	s.list.Led = true
	s.field.OnChanged = s.typed
	s.field.OnEnter = func() { s.choose(s.list.Selected) }
	s.field.OnArrow = func(k fyne.KeyName) bool {
		if k == fyne.KeyDown {
			s.list.Select(s.list.Selected + 1)
		} else {
			s.list.Select(s.list.Selected - 1)
		}
		return true
	}
	return s
}

func (s *searchPage) typed(text string) {
	if strings.TrimSpace(text) == "" {
		s.asked.Drop()
		s.hits = nil
		s.list.Refresh()
		return
	}
	page.AskLatest(s.k, &s.asked, app.Search{Text: text, Limit: 20, Typing: true}, func(a app.SearchAnswer) {
		s.hits = a.Hits
		s.list.Selected = 0
		s.list.Refresh()
	})
}

func (s *searchPage) choose(i int) {
	if i >= len(s.hits) {
		return
	}
	switch h := s.hits[i]; h.Kind {
	case "case":
		s.k.Go("case", h.ID)
	case "article":
		s.k.Over(page.Article(s.k, h.ID))
	default:
		s.k.Go("attend", page.Caller{ID: h.ID, Replace: true})
	}
}

// First implements page.Page.
func (s *searchPage) First() fyne.Focusable { return s.field }

// Tick implements page.Page.
func (s *searchPage) Tick() {}

// Show implements page.Page.
func (s *searchPage) Show(any) {}

// Status implements page.Page.
func (s *searchPage) Status() string { return "" }

// Actions implements page.Page.
func (s *searchPage) Actions() []page.Action {
	return []page.Action{{Key: "Enter", Word: s.k.T("do.open"), Primary: true, Do: func() { s.choose(s.list.Selected) }},
		{Key: "Esc", Word: s.k.T("do.back"), Do: s.k.Leave}}
}

// Draw implements page.Page.
func (s *searchPage) Draw(p *look.Painter, r page.Rect) {
	wd := min(900, r.W-2*page.Margin)
	x := (r.W - wd) / 2
	p.FieldBox(x, r.Y+20, wd, 40, s.field.Focused)
	p.Place(s.field, x+2, r.Y+22, wd-4, 36)
	p.CardBox(x, r.Y+68, wd, r.H-84, false)
	p.Place(s.list, x+1, r.Y+72, wd-2, r.H-92)
}
