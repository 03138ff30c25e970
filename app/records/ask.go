package records

import (
	"strings"

	"punto/app"
	"punto/app/desk"
	"punto/app/engine"
)

// Records as lists and pages show them.

// Person is a user as lists show one.
func Person(l *engine.Look, id desk.ID) (app.PersonRow, error) {
	p, err := engine.Noun[desk.Person](l.Names, desk.PersonType, id)
	return app.PersonRow{ID: id, Person: p, Area: Name(l.Names, desk.AreaType, p.Area), Site: Name(l.Names, desk.SiteType, p.Site)}, err
}

func askOneArticle(l *engine.Look, q app.OneArticle) (app.Answer, error) {
	a, err := engine.Noun[desk.Article](l.Names, desk.ArticleType, q.ID)
	if err == nil && a.Title == "" {
		err = app.Fail(app.NotFound, "there is no such article on this workstation")
	}
	return app.OneArticleAnswer{ID: q.ID, Article: a}, err
}

func list[T any](l *engine.Look, q app.Records, to *[]app.Named[T]) ([]byte, error) {
	return engine.Page(l.Reader, engine.Prefix(IxRecord, q.Type), q.After, false, q.Limit, 200, func(id desk.ID) (any, error) {
		v, err := engine.Noun[T](l.Names, q.Type, id)
		*to = append(*to, app.Named[T]{ID: id, Of: v})
		return v, err
	})
}

func askRecords(l *engine.Look, q app.Records) (app.Answer, error) {
	var a app.RecordsAnswer
	var err error
	switch q.Type {
	case desk.PersonType:
		a.Next, err = engine.Page(l.Reader, engine.Prefix(IxRecord, q.Type), q.After, false, q.Limit, 200, func(id desk.ID) (any, error) {
			p, err := Person(l, id)
			a.People = append(a.People, p)
			return p, err
		})
	case desk.AreaType:
		a.Next, err = list(l, q, &a.Areas)
	case desk.SiteType:
		a.Next, err = list(l, q, &a.Sites)
	case desk.AssetType:
		a.Next, err = list(l, q, &a.Assets)
	case desk.AgentType:
		a.Next, err = list(l, q, &a.Agents)
		for i := range a.Agents {
			a.Agents[i].Of.Secret = nil
		}
	case desk.GroupType:
		a.Next, err = list(l, q, &a.Groups)
	case desk.ContractType:
		a.Next, err = list(l, q, &a.Contracts)
	case desk.CalendarType:
		a.Next, err = list(l, q, &a.Calendars)
	case desk.ArticleType:
		a.Next, err = list(l, q, &a.Articles)
	default:
		err = app.Fail(app.Invalid, "%s records cannot be listed", q.Type)
	}
	return a, err
}

func askTheModel(l *engine.Look, q app.TheModel) (app.Answer, error) {
	m, err := Model(l.Names)
	return app.TheModelAnswer{Model: m}, err
}

// personDoc is what is searched of a user.
func personDoc(n *engine.Names, x desk.Entity) (engine.Doc, error) {
	p, err := engine.Noun[desk.Person](n, x.Type, x.ID)
	if err != nil {
		return engine.Doc{}, err
	}
	d := engine.NewDoc(x, p.Ref)
	d.Title, d.Body = p.Name, strings.Join([]string{p.Title, Name(n, desk.AreaType, p.Area), Name(n, desk.SiteType, p.Site)}, "\n")
	d.Keys = append([]string{p.Extension, p.Document, p.Email}, p.Phones...)
	return d, nil
}

// articleDoc is what is searched of an article.
func articleDoc(n *engine.Names, x desk.Entity) (engine.Doc, error) {
	a, err := engine.Noun[desk.Article](n, x.Type, x.ID)
	if err != nil {
		return engine.Doc{}, err
	}
	d := engine.NewDoc(x, a.Ref)
	d.Title, d.Body, d.Lang, d.Keys = a.Title, a.Body, a.Lang, []string{a.Code}
	return d, nil
}
