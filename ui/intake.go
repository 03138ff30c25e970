package ui

import (
	"fmt"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"punto/app"
	"punto/app/desk"
	"punto/ui/look"
)

// intake is the screen of the phone: one form in the order of speech, by keys
// alone. Several drafts stand as tabs.
type intake struct {
	w        *Window
	d        *draft
	who      *look.Field
	what     *look.Field
	category *look.Field
	impact   *look.Choice
	urgency  *look.Choice
	text     *look.Field

	proposed []desk.Category // three at most
	of       int             // how many match
	pick     int             // in proposed
	people   []app.PersonRow
	at       int // in people
	asked    bool
	card     *app.OnePersonAnswer
	articles []app.Hit
	alike    []app.Hit
	promise  *app.PromiseAnswer
	loading  bool
	seq      int // of the last question asked while typing; older answers are dropped
}

func newIntake(w *Window) *intake {
	in := &intake{w: w}
	in.who, in.what, in.category, in.text = look.NewField(w.palette, w, false), look.NewField(w.palette, w, false), look.NewField(w.palette, w, false), look.NewField(w.palette, w, true)
	in.impact, in.urgency = look.NewChoice(w.palette, w, nil), look.NewChoice(w.palette, w, nil)
	in.relabel()
	for _, f := range []*look.Field{in.who, in.what, in.category, in.text} {
		f.OnFocus = func(bool) { w.Refresh() }
	}
	in.who.OnChanged = func(s string) { in.typedWho(s) }
	in.who.OnEnter = in.choosePerson
	in.who.OnArrow = func(k fyne.KeyName) bool { return in.arrow(k, &in.at, len(in.people)) }
	in.what.OnChanged = func(s string) { in.typedWhat(s) }
	in.what.OnEnter = func() { w.focus(in.category) }
	in.category.OnChanged = func(s string) { in.typedCategory(s) }
	in.category.OnEnter = in.chooseCategory
	in.category.OnArrow = func(k fyne.KeyName) bool { return in.arrow(k, &in.pick, len(in.proposed)) }
	in.impact.OnChosen = func(i int) { in.d.Impact = i; in.touched(); in.askPromise() }
	in.impact.OnEnter = func() { w.focus(in.urgency) }
	in.urgency.OnChosen = func(i int) { in.d.Urgency = i; in.touched(); in.askPromise() }
	in.urgency.OnEnter = func() { w.focus(in.text) }
	in.text.OnChanged = func(s string) {
		if in.d != nil && in.d.Text != s {
			in.d.Text = s
			in.touched()
		}
	}
	return in
}

func (in *intake) relabel() {
	w := in.w
	in.who.SetPlaceHolder(w.T("intake.whoHint"))
	in.what.SetPlaceHolder(w.T("intake.whatHint"))
	in.category.SetPlaceHolder(w.T("intake.categoryHint"))
	words := func(m map[string][4]string) []string {
		x, ok := m[w.words.Lang]
		if !ok {
			x = m["es"]
		}
		return x[:]
	}
	in.impact.Words, in.urgency.Words = words(w.model.Impacts), words(w.model.Urgencies)
}

func (in *intake) arrow(k fyne.KeyName, at *int, n int) bool {
	if n == 0 {
		return false
	}
	if k == fyne.KeyDown {
		*at = (*at + 1) % n
	} else {
		*at = (*at + n - 1) % n
	}
	in.w.Refresh()
	return true
}

func (in *intake) touched() { in.w.drafts.dirty = true }

func (in *intake) show() {
	in.relabel()
	if in.d == nil {
		for _, d := range in.w.drafts.list {
			if d.Owner == in.w.state.Me || d.Owner.IsZero() {
				in.use(d)
				return
			}
		}
		in.add()
	}
}

// add begins a draft: its number is taken at once, so that it can be told.
func (in *intake) add() {
	if in.loading {
		return
	}
	in.loading = true
	in.w.do(app.ReserveNumber{}, func(r app.Receipt) {
		in.loading = false
		d := &draft{ID: r.ID, Number: r.Number, Owner: in.w.state.Me, Begun: in.w.Now()}
		in.w.drafts.list = append(in.w.drafts.list, d)
		in.touched()
		in.use(d)
	})
}

// use brings a draft into the form.
func (in *intake) use(d *draft) {
	in.d = nil // what SetText changes is not typed
	in.who.SetText(d.Who)
	in.what.SetText(d.What)
	in.text.SetText(d.Text)
	in.category.SetText(in.categoryName(d.Category))
	in.impact.Chosen, in.urgency.Chosen = d.Impact, d.Urgency
	in.impact.Refresh()
	in.urgency.Refresh()
	in.card, in.people, in.articles, in.alike, in.promise, in.proposed, in.asked = nil, nil, nil, nil, nil, nil, false
	in.d = d
	d.Shown = in.w.Now()
	in.touched()
	if !d.Person.IsZero() {
		in.askCard()
	}
	if d.What != "" {
		in.typedWhat(d.What)
	}
	in.askPromise()
	in.w.focus(in.next())
	in.w.Refresh()
}

func (in *intake) categoryName(code string) string {
	if c, ok := in.w.model.Category(code); ok {
		return c.Name(in.w.words.Lang)
	}
	return ""
}

// next is the first field that still lacks an answer.
func (in *intake) next() fyne.Focusable {
	switch d := in.d; {
	case d == nil || d.Person.IsZero() && d.Name == "":
		return in.who
	case d.What == "":
		return in.what
	case d.Category == "":
		return in.category
	case d.Impact == 0:
		return in.impact
	case d.Urgency == 0:
		return in.urgency
	}
	return in.text
}

func (in *intake) first() fyne.Focusable { return in.next() }

func (in *intake) typedWho(s string) {
	if in.d == nil {
		return
	}
	in.d.Who = s
	in.touched()
	if in.card != nil && s == in.card.Row.Person.Name {
		return
	}
	in.d.Person, in.d.Name, in.card, in.at = desk.ID{}, "", nil, 0
	in.seq++
	n := in.seq
	if strings.TrimSpace(s) == "" {
		in.people, in.asked = nil, false
		return
	}
	ask(in.w, app.Who{Text: s}, func(a app.WhoAnswer) {
		if n == in.seq {
			in.people, in.asked = a.People, true
		}
	})
}

// choosePerson takes the person on whom the mark stands; a name that nobody has
// registers a new user.
func (in *intake) choosePerson() {
	d := in.d
	switch {
	case d == nil:
	case !d.Person.IsZero():
		in.w.focus(in.what)
	case len(in.people) > 0:
		in.person(in.people[min(in.at, len(in.people)-1)].ID)
	case in.asked && strings.TrimSpace(d.Who) != "":
		p := desk.Person{Name: strings.TrimSpace(d.Who)}
		if strings.Trim(p.Name, "0123456789 +-") == "" {
			p.Extension = p.Name
		}
		in.w.do(app.SavePerson{Person: p}, func(r app.Receipt) { in.person(r.ID) })
	case strings.TrimSpace(d.Who) == "":
		in.w.focus(in.what)
	}
}

func (in *intake) person(id desk.ID) {
	in.d.Person = id
	in.people = nil
	in.touched()
	in.askCard()
	in.w.focus(in.what)
}

func (in *intake) askCard() {
	d := in.d
	ask(in.w, app.OnePerson{ID: d.Person}, func(a app.OnePersonAnswer) {
		if in.d != d {
			return
		}
		in.card = &a
		d.Name = a.Row.Person.Name
		if in.who.Text != d.Name {
			in.who.SetText(d.Name)
		}
		in.askPromise()
	})
}

func (in *intake) typedWhat(s string) {
	if in.d == nil {
		return
	}
	in.d.What = s
	in.touched()
	if len([]rune(strings.TrimSpace(s))) < 3 {
		in.articles, in.alike = nil, nil
		return
	}
	if in.d.Category == "" && in.category.Text == "" {
		in.propose(s)
	}
	d := in.d
	ask(in.w, app.Search{Text: s, Kind: "article", Limit: 3, Typing: true}, func(a app.SearchAnswer) {
		if in.d == d && d.What == s {
			in.articles = a.Hits
		}
	})
	ask(in.w, app.Search{Text: s, Kind: "case", Limit: 2, Typing: true}, func(a app.SearchAnswer) {
		if in.d == d && d.What == s {
			in.alike = a.Hits
		}
	})
}

func (in *intake) typedCategory(s string) {
	if in.d == nil {
		return
	}
	if in.d.Category != "" && s == in.categoryName(in.d.Category) {
		return
	}
	in.d.Category = ""
	in.touched()
	if s == "" {
		s = in.d.What
	}
	in.propose(s)
}

// propose fills the three reserved rows: categories in which each word typed
// begins a word, accents folded; else those that share most words.
func (in *intake) propose(s string) {
	words := typedWords(s)
	type scored struct {
		c desk.Category
		n int
	}
	var all []scored
	for _, c := range in.w.model.Categories {
		path := strings.Fields(look.Fold(c.Name(in.w.words.Lang)))
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
	in.proposed, in.of, in.pick = nil, len(all), 0
	for best := len(words); best > 0 && len(in.proposed) < 3; best-- {
		for _, x := range all {
			if x.n == best && len(in.proposed) < 3 {
				in.proposed = append(in.proposed, x.c)
			}
		}
	}
	in.w.Refresh()
}

// typedWords are the words of a text that may name something: the short ones of
// every language say nothing.
func typedWords(s string) (out []string) {
	for _, word := range strings.Fields(look.Fold(s)) {
		if len(word) > 2 {
			out = append(out, word)
		}
	}
	return out
}

func (in *intake) chooseCategory() {
	if in.d == nil {
		return
	}
	if in.d.Category == "" && len(in.proposed) > 0 {
		c := in.proposed[min(in.pick, len(in.proposed)-1)]
		in.d.Category = c.Code
		in.category.SetText(c.Name(in.w.words.Lang))
		if in.d.Impact == 0 && c.Impact > 0 {
			in.impact.Choose(c.Impact)
		}
		if in.d.Urgency == 0 && c.Urgent > 0 {
			in.urgency.Choose(c.Urgent)
		}
		in.touched()
	}
	in.proposed = nil
	in.w.focus(in.impact)
	in.w.Refresh()
}

func (in *intake) askPromise() {
	d := in.d
	if d == nil || d.Impact == 0 || d.Urgency == 0 {
		in.promise = nil
		return
	}
	ask(in.w, app.Promise{Person: d.Person, Impact: d.Impact, Urgency: d.Urgency}, func(a app.PromiseAnswer) {
		if in.d == d {
			in.promise = &a
		}
	})
}

// tick saves within a second of the last change.
func (in *intake) tick() {
	if err := in.w.drafts.save(in.w.Now()); err != nil {
		in.w.failed(fmt.Errorf("save the drafts: %w", err))
	}
	if in.promise != nil && in.w.Now().Second() == 0 {
		in.askPromise()
	}
}

func (in *intake) status() string {
	if s := in.w.drafts.saved; !s.IsZero() {
		return in.w.T("saved.draft", "At", s.In(in.w.zone()).Format("15:04:05"))
	}
	return ""
}

// group is where the category is handed off to.
func (in *intake) group() (code desk.ID, name string) {
	c, ok := in.w.model.Category(in.d.Category)
	if !ok || c.Level1 {
		return desk.ID{}, ""
	}
	id := in.w.model.Groups[c.Group]
	return id, in.w.groupName(id)
}

func duration(d time.Duration) string {
	d = max(0, d)
	if d >= time.Hour {
		return fmt.Sprintf("%d:%02d:%02d", int(d.Hours()), int(d.Minutes())%60, int(d.Seconds())%60)
	}
	return fmt.Sprintf("%d:%02d", int(d.Minutes()), int(d.Seconds())%60)
}
