// Package people is the page of the people whom the desk serves.
package people

import (
	"strings"

	"punto/app"
	"punto/app/desk"
	"punto/ui/look"
	"punto/ui/page"
)

// Kind is the page of people; Enter on one begins a case for them.
func Kind() page.Kind {
	return page.Kind{Name: "people", Word: "area.people", Key: "Ctrl F7", Place: page.Bar, Make: func(k *page.Kit) page.Page { return newList(k) }}
}

func newList(k *page.Kit) *page.Table[app.PersonRow] {
	t := page.NewTable(k, k.T("people.title"), [2]string{k.T("people.none"), k.T("people.noneHint")},
		func(p *look.Painter, r app.PersonRow, y, h float32, xs []float32) {
			x := p.TextFit(xs[0], y, xs[1]-xs[0]-70, h, r.Person.Name, look.Style{Bold: true}) + 8
			if r.Person.VIP {
				p.Label(x, y+h/2, k.T("person.vip"))
			}
			p.TextFit(xs[1], y, xs[2]-xs[1]-8, h, r.Person.Extension, look.Style{})
			p.TextFit(xs[2], y, xs[3]-xs[2]-8, h, r.Person.Title, look.Style{})
			p.TextFit(xs[3], y, xs[4]-xs[3]-8, h, strings.Trim(r.Area+" · "+r.Site, " ·"), look.Style{Color: p.Muted})
		},
		look.Column{Title: k.T("people.name"), Width: 360, Least: 260}, look.Column{Title: k.T("people.ext"), Width: 110, Least: 80}, look.Column{Title: k.T("people.titleCol"), Width: 300, Least: 190},
		look.Column{Title: k.T("people.area")})
	t.Fetch = func(after []byte, use func([]app.PersonRow, []byte)) {
		page.Ask(k, app.Records{Type: desk.PersonType, After: after, Limit: page.PageRows}, func(a app.RecordsAnswer) { use(a.People, a.Next) })
	}
	t.Open = func(r app.PersonRow) { k.Go("attend", page.Caller{ID: r.ID}) }
	t.Extra = append(t.Extra, page.Action{Key: "F3", Word: k.T("people.page"), Do: func() {
		if r, ok := t.Selected(); ok {
			k.Go("person", r.ID)
		}
	}})
	return t
}
