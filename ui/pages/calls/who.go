package calls

import (
	"slices"
	"strings"

	"punto/app"
	"punto/app/desk"
	"punto/ui/page"
)

// offered is how many users a name is taken for, at most.
const offered = 5

// whoIsIt asks who called: one of those whose number it is, or somebody by name, extension
// or document; whoever nobody knows becomes a user. The number is theirs from then on.
func whoIsIt(k *page.Kit, call desk.ID, number string, known []app.PersonRow, then func()) {
	var names []string
	if len(known) > 1 { // of one there is nothing to choose, but that it was another
		names = named(known)
	}
	shown := number
	if shown == "" {
		shown = k.T("calls.hidden")
	}
	q := k.Question(k.T("calls.whoAsk", "Number", shown), names, min(1, len(names)), k.T("calls.whoHint"), "", func(i int, text string) {
		if text = strings.TrimSpace(text); text == "" {
			isOne(k, call, number, known[i-1], known, then)
			return
		}
		page.Ask(k, app.Who{Text: text, Limit: offered}, func(a app.WhoAnswer) {
			k.Question(k.T("calls.whoOf", "Text", text), append(named(a.People), k.T("calls.whoNew", "Name", text)), 1, "", "", func(i int, _ string) {
				if i >= 1 && i <= len(a.People) {
					isOne(k, call, number, a.People[i-1], known, then)
					return
				}
				p := desk.Person{Name: text}
				if number != "" {
					p.Phones = []string{number}
				}
				k.Do(app.SavePerson{Person: p}, func(r app.Receipt) { called(k, call, app.PersonRow{ID: r.ID, Person: p}, then) }, nil)
			})
		})
	})
	q.Check = func(i int, text string) string {
		if strings.TrimSpace(text) == "" && (i < 1 || i > len(known)) {
			return k.T("calls.whoNone")
		}
		return ""
	}
}

// named are users as an option names them.
func named(all []app.PersonRow) (out []string) {
	for _, p := range all {
		out = append(out, strings.Join(parts(p.Person.Name, p.Area, p.Person.Extension), " · "))
	}
	return out
}

// isOne says that a user called, whose number it is from now on.
func isOne(k *page.Kit, call desk.ID, number string, p app.PersonRow, known []app.PersonRow, then func()) {
	theirs := slices.ContainsFunc(known, func(x app.PersonRow) bool { return x.ID == p.ID })
	if of := p.Person; number != "" && !theirs && of.Extension != number && !slices.Contains(of.Phones, number) {
		of.Phones = append(of.Phones[:len(of.Phones):len(of.Phones)], number)
		k.Do(app.SavePerson{ID: p.ID, Person: of}, func(app.Receipt) { called(k, call, p, then) }, nil)
		return
	}
	called(k, call, p, then)
}

func called(k *page.Kit, call desk.ID, p app.PersonRow, then func()) {
	k.Do(app.TypifyCall{Call: call, Person: p.ID}, func(app.Receipt) {
		k.Tell(k.T("calls.whoTold", "Who", p.Person.Name), false)
		then()
	}, nil)
}
