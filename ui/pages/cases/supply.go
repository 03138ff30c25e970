package cases

import (
	"strings"

	"punto/app"
	"punto/app/desk"
	"punto/ui/page"
)

// supply asks for what a case lacks before it may be solved or handed on, one after
// another, and then goes on.
func (c *casePage) supply(then func()) {
	k, of := c.k, &c.a.Case
	edit := func(e desk.Edited) {
		k.Do(app.EditCase{Case: c.id, Edit: e}, func(app.Receipt) {
			page.Ask(k, app.OneCase{ID: c.id}, func(a app.OneCaseAnswer) {
				c.a = &a
				c.lay()
				c.supply(then)
			})
		}, nil)
	}
	switch f := k.Model.Lacks(&of.Opened); f {
	case "":
		then()
	case "caller":
		c.supplyCaller(func(id desk.ID) { edit(desk.Edited{Person: &id}) })
	case "category":
		c.supplyCategory(func(code string) { edit(desk.Edited{Category: &code}) })
	case "impact", "urgency":
		names := k.Model.Impacts
		if f == "urgency" {
			names = k.Model.Urgencies
		}
		k.Question(k.Words.T("need."+f), k.Levels(names), 0, "", "", func(i int, _ string) {
			switch {
			case i < 1 || i > 4:
			case f == "impact":
				edit(desk.Edited{Impact: &i})
			default:
				edit(desk.Edited{Urgency: &i})
			}
		})
	default:
		q := k.Question(k.Words.T("need."+f), nil, 0, k.T("intake.text"), "", func(_ int, s string) { edit(desk.Edited{Text: &s}) })
		q.Check = func(_ int, s string) string {
			if strings.TrimSpace(s) == "" {
				return k.Words.T("need." + f)
			}
			return ""
		}
	}
}

// supplyCaller asks for the user of the case by number, extension or name; whom the
// text may mean stands above it.
func (c *casePage) supplyCaller(use func(desk.ID)) {
	k := c.k
	var people []app.PersonRow
	q := k.Question(k.T("need.caller"), nil, 0, k.T("intake.whoHint"), "", func(i int, _ string) { use(people[i-1].ID) })
	q.Check = func(i int, s string) string {
		if i < 1 || i > len(people) {
			return k.T("person.unknown")
		}
		return ""
	}
	q.Field.OnChanged = func(text string) {
		page.Ask(k, app.Who{Text: text, Limit: 4}, func(a app.WhoAnswer) {
			if q.Field.Text != text {
				return
			}
			people, q.Options, q.Chosen = a.People, nil, min(1, len(a.People))
			for _, r := range a.People {
				q.Options = append(q.Options, strings.Trim(r.Person.Name+" · "+r.Person.Extension, " ·"))
			}
		})
	}
}

// supplyCategory asks for the category by parts of its name.
func (c *casePage) supplyCategory(use func(string)) {
	k := c.k
	var found []desk.Category
	q := k.Question(k.T("need.category"), nil, 0, k.T("intake.categoryHint"), "", func(i int, _ string) { use(found[i-1].Code) })
	q.Check = func(i int, s string) string {
		if i < 1 || i > len(found) {
			return k.T("need.category")
		}
		return ""
	}
	propose := func(text string) {
		found, _ = k.Proposals(text)
		q.Options, q.Chosen = nil, min(1, len(found))
		for _, x := range found {
			q.Options = append(q.Options, x.Name(k.Words.Lang))
		}
		k.Refresh()
	}
	q.Field.OnChanged = propose
	propose(c.a.Case.Subject)
}
