// Package people is the room of finding: who calls, what is known of them, and full
// text over cases, users and articles.
package people

import (
	"iter"
	"slices"
	"strings"

	"punto/app"
	"punto/app/cases"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/phone/number"
	"punto/app/promises"
	"punto/app/records"
)

func askWho(l *engine.Look, q app.Who) (app.Answer, error) {
	limit := q.Limit
	if limit <= 0 {
		limit = 8
	}
	var a app.WhoAnswer
	seen := map[desk.ID]bool{}
	use := func(id desk.ID) error {
		if seen[id] || len(a.People) >= limit {
			return nil
		}
		seen[id] = true
		p, err := records.Person(l, id)
		if err == nil && p.Person.Name != "" && !p.Person.Gone {
			a.People = append(a.People, p)
		}
		return err
	}
	if d := records.Digits(q.Text); len(d) >= 3 { // an extension or number, whole or its beginning
		for k, err := range l.Reader.Scan(append([]byte{records.IxPhone}, d...), nil, false) {
			if err == nil {
				err = use(engine.IDOf(k.Key))
			}
			if err != nil || len(a.People) >= limit {
				return a, err
			}
		}
	}
	for id, err := range called(l, q.Text) {
		if err == nil {
			err = use(id)
		}
		if err != nil || len(a.People) >= limit {
			return a, err
		}
	}
	if l.Engine.Search == nil || strings.TrimSpace(q.Text) == "" {
		return a, nil
	}
	hits, err := l.Engine.Search.Find(l.Ctx, app.Search{Text: q.Text, Kind: "person", Limit: limit, Typing: true})
	for _, h := range hits {
		if err == nil {
			err = use(h.ID)
		}
	}
	return a, err
}

// mostTails is how many people whose number ends alike are looked at.
const mostTails = 200

// called are the people who have a number, however it is written here and there: a
// call comes with a country, or a trunk's zero, where the record has none.
func called(l *engine.Look, text string) iter.Seq2[desk.ID, error] {
	return func(yield func(desk.ID, error) bool) {
		tail := number.Tail(text)
		if tail == "" {
			return
		}
		n := 0
		for k, err := range l.Reader.Scan(engine.Prefix(records.IxTail, tail), nil, false) {
			if n++; n > mostTails {
				return
			}
			id := engine.IDOf(k.Key)
			var p app.PersonRow
			if err == nil {
				p, err = records.Person(l, id)
			}
			same := func(n string) bool { return number.Same(text, n, "") } // a contract says no country yet
			if err == nil && !slices.ContainsFunc(p.Person.Phones, same) && !same(p.Person.Extension) {
				continue
			}
			if !yield(id, err) {
				return
			}
		}
	}
}

func askOnePerson(l *engine.Look, q app.OnePerson) (app.Answer, error) {
	var a app.OnePersonAnswer
	var err error
	if a.Row, err = records.Person(l, q.ID); err != nil {
		return nil, err
	}
	if a.Row.Person.Name == "" {
		return nil, app.Fail(app.NotFound, "there is no such user on this workstation")
	}
	_, err = engine.Page(l.Reader, engine.Prefix(cases.IxPerson, q.ID), nil, true, 60, 60, func(id desk.ID) (any, error) {
		v, err := cases.Read(l.Reader, id)
		if err != nil {
			return nil, err
		}
		row, err := cases.Row(l, id, v)
		switch {
		case v.Case.Status.Open():
			a.Open = append(a.Open, row)
		case len(a.Recent) < 5:
			a.Recent = append(a.Recent, row)
		}
		return row, err
	})
	if err != nil {
		return nil, err
	}
	for k, err := range l.Reader.Scan(engine.Prefix(records.IxOwner, q.ID), nil, false) {
		if err != nil {
			return nil, err
		}
		x, err := engine.Noun[desk.Asset](l.Names, desk.AssetType, engine.IDOf(k.Key))
		if err != nil {
			return nil, err
		}
		if !x.Gone {
			a.Assets = append(a.Assets, x)
		}
	}
	id, k, err := records.ContractOf(l.Names, a.Row.Person.Contract)
	if err != nil {
		return nil, err
	}
	a.Contract = k
	a.Hours, a.Until, err = promises.OpenNow(l, id, k)
	return a, err
}

func askSearch(l *engine.Look, q app.Search) (app.Answer, error) {
	if l.Engine.Search == nil {
		return app.SearchAnswer{}, nil
	}
	if q.Limit <= 0 {
		q.Limit = 10
	}
	hits, err := l.Engine.Search.Find(l.Ctx, q)
	for i := range hits {
		if err == nil {
			hits[i].Detail, err = detail(l, hits[i])
		}
	}
	return app.SearchAnswer{Hits: hits}, err
}

// detail tells hits of one title apart.
func detail(l *engine.Look, h app.Hit) (string, error) {
	switch h.Kind {
	case desk.CaseType.String():
		v, err := cases.Read(l.Reader, h.ID)
		return strings.Trim(string(v.Case.Number)+" · "+records.Name(l.Names, desk.PersonType, v.Case.Person), " ·"), err
	case desk.PersonType.String():
		p, err := records.Person(l, h.ID)
		return strings.Trim(p.Person.Extension+" · "+p.Area+" · "+p.Site, " ·"), err
	}
	return "", nil
}

// Room is the capability as the engine takes it.
func Room() engine.Room {
	return engine.Room{Name: "people", Handles: []engine.Handler{engine.Asks(askWho), engine.Asks(askOnePerson), engine.Asks(askSearch)}}
}
