package intake

import (
	"slices"
	"strings"

	"punto/app"
	"punto/app/desk"
	"punto/ui/keep"
	"punto/ui/look"
	"punto/ui/page"
)

// Who calls: the text as typed means whoever its own answer names, and the form goes
// on before that answer has come.

func (in *intake) typedWho(s string) {
	d := in.d
	if d == nil {
		return
	}
	d.Who = s
	in.told()
	if in.card != nil && s == in.card.Row.Person.Name {
		return
	}
	d.Person, d.Name, in.card = desk.ID{}, "", nil
	in.askWho()
}

// askWho asks whom the text may mean while it is typed.
func (in *intake) askWho() {
	d := in.d
	text := d.Who
	in.found, in.moved = "", false
	if strings.TrimSpace(text) == "" {
		in.people = nil
		return
	}
	page.Ask(in.k, app.Who{Text: text}, func(a app.WhoAnswer) {
		if in.d == d && d.Who == text && d.Person.IsZero() {
			in.people, in.found = a.People, text
			if !in.moved {
				in.at = named(text, a.People)
			}
		}
	})
}

// named is the first of the people whom a text names: its words begin words of
// theirs, or its digits one of their numbers. -1 = the text names none of them,
// they are only like it.
func named(text string, people []app.PersonRow) int {
	number := strings.Trim(text, "0123456789 +-()") == ""
	for i, r := range people {
		p := r.Person
		if number {
			for _, n := range append([]string{p.Extension, p.Document}, p.Phones...) {
				if strings.HasPrefix(digits(n), digits(text)) {
					return i
				}
			}
			continue
		}
		theirs := strings.Fields(look.Fold(strings.Join(append([]string{p.Name, p.Extension, p.Document, p.Title, p.Email, p.Ref, r.Area, r.Site}, p.Phones...), " ")))
		if !slices.ContainsFunc(strings.Fields(look.Fold(text)), func(word string) bool {
			return !slices.ContainsFunc(theirs, func(t string) bool { return strings.HasPrefix(t, word) })
		}) {
			return i
		}
	}
	return -1
}

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

// choosePerson means the text as it was typed: whoever its own answer names. The
// next field has the keys at once; the caller comes when the answer comes.
func (in *intake) choosePerson() {
	d := in.d
	if d == nil {
		return
	}
	in.focus(in.what)
	switch text := d.Who; {
	case !d.Person.IsZero() || strings.TrimSpace(text) == "":
	case in.found == text && in.at >= 0 && len(in.people) > 0:
		in.person(d, in.people[min(in.at, len(in.people)-1)].ID)
	case in.found == text:
		in.unknown(d, len(in.people) > 0)
	default:
		n := in.seek(d)
		page.AskElse(in.k, app.Who{Text: text}, func(a app.WhoAnswer) {
			switch i := named(text, a.People); {
			case in.run(d).seeking != n: // he was named anew since
			case d.Who != text || !d.Person.IsZero():
				in.settle(d)
			case i >= 0:
				in.person(d, a.People[i].ID)
			default:
				in.unknown(d, len(a.People) > 0)
			}
		}, func() { in.lost(d, n) })
	}
}

// unknown registers a name or number that nobody has as a new user; where there
// are people like it, only when Enter is pressed again.
func (in *intake) unknown(d *keep.Draft, like bool) {
	if like && in.run(d).doubt != d.Who {
		in.run(d).doubt = d.Who
		in.k.Tell(in.k.T("err.who", "Who", d.Who), true)
		in.settle(d)
		return
	}
	p := desk.Person{Name: strings.TrimSpace(d.Who)}
	if strings.Trim(p.Name, "0123456789 +-") == "" {
		p.Extension = p.Name
	}
	n := in.seek(d)
	in.k.Do(app.SavePerson{Person: p}, func(r app.Receipt) {
		if in.run(d).seeking == n {
			in.person(d, r.ID)
		}
	}, func(error) { in.lost(d, n) })
}

// seek begins a look for the caller of a draft.
func (in *intake) seek(d *keep.Draft) int {
	in.looks++
	in.run(d).seeking = in.looks
	return in.looks
}

// lost ends a look that had no answer.
func (in *intake) lost(d *keep.Draft, n int) {
	if in.run(d).seeking == n {
		in.settle(d)
	}
}

// person takes the caller of a draft, which may have left the form.
func (in *intake) person(d *keep.Draft, id desk.ID) {
	d.Person = id
	in.touched()
	if in.d == d {
		in.people = nil
	}
	in.askCard(d)
	in.settle(d)
}

// settle lets go on what waited for the caller.
func (in *intake) settle(d *keep.Draft) {
	in.run(d).seeking = 0
	for _, f := range flush(&in.run(d).settled) {
		f()
	}
}

// known does what needs the caller of a draft, once nobody looks for him.
func (in *intake) known(d *keep.Draft, then func()) {
	if in.run(d).seeking != 0 {
		in.run(d).settled = append(in.run(d).settled, then)
		return
	}
	then()
}

func (in *intake) askCard(d *keep.Draft) {
	id := d.Person
	page.Ask(in.k, app.OnePerson{ID: id}, func(a app.OnePersonAnswer) {
		if d.Person != id {
			return
		}
		d.Name = a.Row.Person.Name
		in.touched()
		if in.d != d {
			d.Who = d.Name
			return
		}
		in.card = &a
		if in.who.Text != d.Name {
			in.who.SetText(d.Name)
		}
		in.askPromise()
	})
}
