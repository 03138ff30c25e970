package ui

import (
	"cmp"
	"fmt"
	"slices"
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
	people   []app.PersonRow // who the text may mean: the answer to found
	at       int             // in people; -1 = none of them is called so
	moved    bool            // the mark was moved by hand
	found    string          // the text that people answer; "" = not answered yet
	card     *app.OnePersonAnswer
	articles []app.Hit
	alike    []app.Hit
	promise  *app.PromiseAnswer
	gone     *draft // discarded last: it can be brought back
	choosing bool   // the category was chosen before the model was there
	looks    int    // for callers
	side     int    // the card that F2 chose in a small window ...
	sided    *draft // ... for this draft
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
	in.who.OnEnter, in.who.OnTab = in.choosePerson, in.choosePerson
	in.who.OnArrow = func(k fyne.KeyName) bool { in.moved = true; return in.arrow(k, &in.at, len(in.people)) }
	in.what.OnChanged = func(s string) { in.typedWhat(s) }
	in.what.OnEnter = func() { w.focus(in.category) }
	in.category.OnChanged = func(s string) { in.typedCategory(s) }
	in.category.OnEnter, in.category.OnTab = in.chooseCategory, in.chooseCategory
	in.category.OnArrow = func(k fyne.KeyName) bool { return in.arrow(k, &in.pick, len(in.proposed)) }
	in.impact.OnChosen = func(i int) { in.d.Impact = i; in.told(); in.askPromise() }
	in.impact.OnEnter = func() { w.focus(in.urgency) }
	in.urgency.OnChosen = func(i int) { in.d.Urgency = i; in.told(); in.askPromise() }
	in.urgency.OnEnter = func() { w.focus(in.text) }
	in.text.OnChanged = func(s string) {
		if in.d != nil && in.d.Text != s {
			in.d.Text = s
			in.told()
		}
	}
	return in
}

func (in *intake) relabel() {
	w := in.w
	in.who.SetPlaceHolder(w.T("intake.whoHint"))
	in.what.SetPlaceHolder(w.T("intake.whatHint"))
	in.category.SetPlaceHolder(w.T("intake.categoryHint"))
	in.impact.Words, in.urgency.Words = w.levels(w.model.Impacts), w.levels(w.model.Urgencies)
	if in.d != nil && in.d.Category == "" && len(w.model.Categories) > 0 {
		in.propose(cmp.Or(in.category.Text, in.d.What))
		if in.choosing {
			in.takeCategory()
		}
	}
}

func (in *intake) arrow(k fyne.KeyName, at *int, n int) bool {
	if n == 0 {
		return false
	}
	if k == fyne.KeyDown {
		*at = (*at + 1) % n
	} else {
		*at = (max(*at, 0) + n - 1) % n
	}
	in.w.Refresh()
	return true
}

func (in *intake) touched() { in.w.drafts.dirty = true }

// told notes that something was told: now the draft takes its number.
func (in *intake) told() {
	in.touched()
	if in.d != nil && !in.d.empty() {
		in.numbered(in.d, nil)
	}
}

// numbered does what needs the number of a draft, once it has one: at once, or
// when the desk has given it.
func (in *intake) numbered(d *draft, then func()) {
	if !d.ID.IsZero() {
		if then != nil {
			then()
		}
		return
	}
	if then != nil {
		d.waiting = append(d.waiting, then)
	}
	if d.taking {
		return
	}
	d.taking = true
	in.w.doElse(app.ReserveNumber{}, func(r app.Receipt) {
		d.ID, d.Number, d.taking = r.ID, r.Number, false
		in.touched()
		for _, f := range flush(&d.waiting) {
			f()
		}
	}, func(error) { d.taking, d.waiting = false, nil })
}

// flush takes the functions that wait.
func flush(fs *[]func()) []func() {
	all := *fs
	*fs = nil
	return all
}

func (in *intake) show() {
	in.relabel()
	if in.d != nil {
		return
	}
	if d := in.w.drafts.newest(in.w.state.Me); d != nil {
		in.use(d)
		return
	}
	in.add()
}

// add begins a draft, or brings up the one that is still empty. Its number is
// taken with the first thing told.
func (in *intake) add() {
	for _, d := range in.w.drafts.of(in.w.state.Me) {
		if d.empty() {
			in.use(d)
			return
		}
	}
	d := &draft{Owner: in.w.state.Me, Begun: in.w.Now()}
	in.w.drafts.list = append(in.w.drafts.list, d)
	in.use(d)
}

// discard takes the draft away; what was told can be brought back.
func (in *intake) discard() {
	d := in.d
	switch {
	case d == nil || d.empty():
		return
	case !d.Call.Came.IsZero() && d.Call.Ended.IsZero():
		in.w.tell(in.w.T("err.callLive"), true)
		return
	}
	in.w.drafts.remove(d)
	in.gone, in.d = d, nil
	in.show()
	in.w.tell(in.w.T("draft.discarded", "Name", in.tabName(d)), false)
}

// restore brings back the draft that was discarded last.
func (in *intake) restore() {
	d := in.gone
	in.gone = nil
	in.w.drafts.list = append(in.w.drafts.list, d)
	in.use(d)
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
	in.card, in.people, in.articles, in.alike, in.promise, in.proposed, in.found, in.choosing = nil, nil, nil, nil, nil, nil, "", false
	in.d = d
	d.Shown = in.w.Now()
	in.touched()
	if !d.Person.IsZero() {
		in.askCard(d)
	} else if d.Who != "" {
		in.askWho()
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
	ask(in.w, app.Who{Text: text}, func(a app.WhoAnswer) {
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
	in.w.focus(in.what)
	switch text := d.Who; {
	case !d.Person.IsZero() || strings.TrimSpace(text) == "":
	case in.found == text && in.at >= 0 && len(in.people) > 0:
		in.person(d, in.people[min(in.at, len(in.people)-1)].ID)
	case in.found == text:
		in.unknown(d, len(in.people) > 0)
	default:
		n := in.seek(d)
		askElse(in.w, app.Who{Text: text}, func(a app.WhoAnswer) {
			switch i := named(text, a.People); {
			case d.seeking != n: // he was named anew since
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
func (in *intake) unknown(d *draft, like bool) {
	if like && d.doubt != d.Who {
		d.doubt = d.Who
		in.w.tell(in.w.T("err.who", "Who", d.Who), true)
		in.settle(d)
		return
	}
	p := desk.Person{Name: strings.TrimSpace(d.Who)}
	if strings.Trim(p.Name, "0123456789 +-") == "" {
		p.Extension = p.Name
	}
	n := in.seek(d)
	in.w.doElse(app.SavePerson{Person: p}, func(r app.Receipt) {
		if d.seeking == n {
			in.person(d, r.ID)
		}
	}, func(error) { in.lost(d, n) })
}

// seek begins a look for the caller of a draft.
func (in *intake) seek(d *draft) int {
	in.looks++
	d.seeking = in.looks
	return in.looks
}

// lost ends a look that had no answer.
func (in *intake) lost(d *draft, n int) {
	if d.seeking == n {
		in.settle(d)
	}
}

// person takes the caller of a draft, which may have left the form.
func (in *intake) person(d *draft, id desk.ID) {
	d.Person = id
	in.touched()
	if in.d == d {
		in.people = nil
	}
	in.askCard(d)
	in.settle(d)
}

// settle lets go on what waited for the caller.
func (in *intake) settle(d *draft) {
	d.seeking = 0
	for _, f := range flush(&d.settled) {
		f()
	}
}

// known does what needs the caller of a draft, once nobody looks for him.
func (in *intake) known(d *draft, then func()) {
	if d.seeking != 0 {
		d.settled = append(d.settled, then)
		return
	}
	then()
}

func (in *intake) askCard(d *draft) {
	id := d.Person
	ask(in.w, app.OnePerson{ID: id}, func(a app.OnePersonAnswer) {
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

func (in *intake) typedWhat(s string) {
	if in.d == nil {
		return
	}
	in.d.What = s
	in.told()
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
	in.propose(cmp.Or(s, in.d.What))
}

// propose fills the three reserved rows.
func (in *intake) propose(s string) {
	in.proposed, in.of = in.w.proposals(s)
	in.pick = 0
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

// chooseCategory means the category as it was typed; when the model has not come
// yet, it is chosen when it does.
func (in *intake) chooseCategory() {
	if in.d == nil {
		return
	}
	in.w.focus(in.impact)
	if in.choosing = len(in.w.model.Categories) == 0; in.choosing {
		return
	}
	in.takeCategory()
}

func (in *intake) takeCategory() {
	d := in.d
	in.choosing = false
	switch {
	case d.Category != "":
	case len(in.proposed) > 0:
		c := in.proposed[min(in.pick, len(in.proposed)-1)]
		d.Category = c.Code
		in.category.SetText(c.Name(in.w.words.Lang))
		if d.Impact == 0 && c.Impact > 0 {
			in.impact.Choose(c.Impact)
		}
		if d.Urgency == 0 && c.Urgent > 0 {
			in.urgency.Choose(c.Urgent)
		}
		in.told()
	case in.category.Text != "":
		in.w.tell(in.w.T("err.category", "Text", in.category.Text), true)
	}
	in.proposed = nil
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
	in.w.saveDrafts()
	if in.promise != nil && in.w.Now().Second() == 0 {
		in.askPromise()
	}
}

func (in *intake) status() string {
	if in.d != nil && in.d.empty() {
		return ""
	}
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
