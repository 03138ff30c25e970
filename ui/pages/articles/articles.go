// Package articles is the page of solution documents.
package articles

import (
	"punto/app"
	"punto/app/desk"
	"punto/ui/look"
	"punto/ui/page"
)

// Kind is the page of solution documents.
func Kind() page.Kind {
	return page.Kind{Name: "articles", Word: "area.articles", Key: "Ctrl F6", Place: page.Bar, Make: func(k *page.Kit) page.Page { return newList(k) }}
}

func newList(k *page.Kit) *page.Table[app.Named[desk.Article]] {
	t := page.NewTable(k, k.T("articles.title"), [2]string{k.T("articles.empty"), k.T("articles.emptyHint")},
		func(p *look.Painter, r app.Named[desk.Article], y, h float32, xs []float32) {
			p.TextFit(xs[0], y, xs[1]-xs[0]-10, h, r.Of.Title, look.Style{Bold: true})
			p.Text(xs[1], y, h, r.Of.Lang, look.Style{Color: p.Muted})
		},
		look.Column{Title: k.T("list.subject")}, look.Column{Title: k.T("articles.lang"), Width: 100})
	t.Fetch = func(after []byte, use func([]app.Named[desk.Article], []byte)) {
		page.Ask(k, app.Records{Type: desk.ArticleType, After: after, Limit: page.PageRows}, func(a app.RecordsAnswer) { use(a.Articles, a.Next) })
	}
	t.Open = func(r app.Named[desk.Article]) { k.Over(page.Article(k, r.ID)) }
	return t
}
