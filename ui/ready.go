package ui

import (
	"errors"
	"strings"

	"fyne.io/fyne/v2"

	"punto/app"
	"punto/app/desk"
	"punto/ui/look"
)

// opened is the draft as the case that it will be.
func (d *draft) opened(me desk.ID) desk.Opened {
	modality := desk.InPerson
	if !d.Call.Came.IsZero() {
		modality = desk.ByPhone
	}
	return desk.Opened{Number: d.Number, Person: d.Person, Subject: strings.TrimSpace(d.What), Text: d.Text, Category: d.Category, Impact: d.Impact, Urgency: d.Urgency,
		Modality: modality, Call: d.callID(), Agent: me}
}

// ready tells whether a draft may become a case, and a whole one what the service
// model requires before it is solved or handed on. Where something is missing it
// says so and goes there: nothing is asked before. A caller who is still looked up
// counts as told.
func (in *intake) ready(whole bool) bool {
	d, w := in.d, in.w
	o := d.opened(w.state.Me)
	if o.Subject == "" {
		return in.lacks("subject", w.T("err.subject"))
	}
	if d.seeking != 0 {
		o.Person = w.state.Me
	}
	if f := w.model.Lacks(&o); whole && f != "" {
		return in.lacks(f, w.words.T("need."+f))
	}
	return true
}

// lacks says what is missing and goes there; it is false.
func (in *intake) lacks(field, said string) bool {
	in.w.tell(said, true)
	if f := in.input(field); f != nil {
		in.w.focus(f)
	}
	return false
}

// input is where a field of a case is told; nil = nowhere here.
func (in *intake) input(field string) fyne.Focusable {
	switch field {
	case "caller":
		return in.who
	case "subject":
		return in.what
	case "category":
		return in.category
	case "impact":
		return in.impact
	case "urgency":
		return in.urgency
	case "text":
		return in.text
	}
	return nil
}

// register opens the case and does what was chosen, in one go, once it is known who
// calls and which number it has. Where it is refused the question stands again with
// its answer. A second time it is the same case, so nothing is doubled by a retry.
func (in *intake) register(d *draft, q *question, c app.RegisterCase) {
	w := in.w
	in.known(d, func() {
		if in.d == d && !in.ready(c.Suspend == nil) {
			return
		}
		in.numbered(d, func() {
			c.OpenCase = app.OpenCase{ID: d.ID, Opened: d.opened(w.state.Me)}
			if c.Resolve != nil {
				c.Resolve.Call = d.callID()
			}
			w.doElse(c, func(app.Receipt) { in.done(d) }, func(err error) {
				known := (*app.Error)(nil)
				if in.d != d || w.page != in || w.line != nil {
					return // somebody else stands there now
				}
				if errors.As(err, &known) && in.input(known.Field) != nil {
					w.focus(in.input(known.Field))
					return
				}
				q.again()
			})
		})
	})
}

// supply asks for what a case lacks before it may be solved or handed on, one after
// another, and then goes on.
func (c *casePage) supply(then func()) {
	w, k := c.w, &c.a.Case
	edit := func(e desk.Edited) {
		w.do(app.EditCase{Case: c.id, Edit: e}, func(app.Receipt) {
			ask(w, app.OneCase{ID: c.id}, func(a app.OneCaseAnswer) {
				c.a, c.at = &a, w.Now()
				c.supply(then)
			})
		})
	}
	switch f := w.model.Lacks(&k.Opened); f {
	case "":
		then()
	case "caller":
		c.supplyCaller(func(id desk.ID) { edit(desk.Edited{Person: &id}) })
	case "category":
		c.supplyCategory(func(code string) { edit(desk.Edited{Category: &code}) })
	case "impact", "urgency":
		names := w.model.Impacts
		if f == "urgency" {
			names = w.model.Urgencies
		}
		w.question(w.words.T("need."+f), w.levels(names), 0, "", "", func(i int, _ string) {
			switch {
			case i < 1 || i > 4:
			case f == "impact":
				edit(desk.Edited{Impact: &i})
			default:
				edit(desk.Edited{Urgency: &i})
			}
		})
	default:
		q := w.question(w.words.T("need."+f), nil, 0, w.T("intake.text"), "", func(_ int, s string) { edit(desk.Edited{Text: &s}) })
		q.check = func(_ int, s string) string {
			if strings.TrimSpace(s) == "" {
				return w.words.T("need." + f)
			}
			return ""
		}
	}
}

// supplyCaller asks for the user of the case by number, extension or name; whom the
// text may mean stands above it.
func (c *casePage) supplyCaller(use func(desk.ID)) {
	w := c.w
	var people []app.PersonRow
	q := w.question(w.T("need.caller"), nil, 0, w.T("intake.whoHint"), "", func(i int, _ string) { use(people[i-1].ID) })
	q.check = func(i int, s string) string {
		if i < 1 || i > len(people) {
			return w.T("person.unknown")
		}
		return ""
	}
	q.field.OnChanged = func(text string) {
		ask(w, app.Who{Text: text, Limit: 4}, func(a app.WhoAnswer) {
			if q.field.Text != text {
				return
			}
			people, q.options, q.chosen = a.People, nil, min(1, len(a.People))
			for _, r := range a.People {
				q.options = append(q.options, strings.Trim(r.Person.Name+" · "+r.Person.Extension, " ·"))
			}
		})
	}
}

// supplyCategory asks for the category by parts of its name.
func (c *casePage) supplyCategory(use func(string)) {
	w := c.w
	var found []desk.Category
	q := w.question(w.T("need.category"), nil, 0, w.T("intake.categoryHint"), "", func(i int, _ string) { use(found[i-1].Code) })
	q.check = func(i int, s string) string {
		if i < 1 || i > len(found) {
			return w.T("need.category")
		}
		return ""
	}
	propose := func(text string) {
		found, _ = w.proposals(text)
		q.options, q.chosen = nil, min(1, len(found))
		for _, x := range found {
			q.options = append(q.options, x.Name(w.words.Lang))
		}
		w.Refresh()
	}
	q.field.OnChanged = propose
	propose(c.a.Case.Subject)
}

// levels are the words of impact or urgency.
func (w *Window) levels(names map[string][4]string) []string {
	x, ok := names[w.words.Lang]
	if !ok {
		x = names["es"]
	}
	return x[:]
}

// proposals are at most three categories in which each word typed begins a word,
// accents folded; else those that share most words. of is how many share any.
func (w *Window) proposals(s string) (best []desk.Category, of int) {
	words := typedWords(s)
	type scored struct {
		c desk.Category
		n int
	}
	var all []scored
	for _, c := range w.model.Categories {
		path := strings.Fields(look.Fold(c.Name(w.words.Lang)))
		n := 0
		for _, word := range words {
			for _, p := range path {
				if strings.HasPrefix(p, word) || len(word) > 4 && len(p) > 4 && strings.HasPrefix(word, p[:4]) {
					n++
					break
				}
			}
		}
		if n > 0 {
			all = append(all, scored{c, n})
		}
	}
	for most := len(words); most > 0 && len(best) < 3; most-- {
		for _, x := range all {
			if x.n == most && len(best) < 3 {
				best = append(best, x.c)
			}
		}
	}
	return best, len(all)
}
