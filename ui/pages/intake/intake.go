// Package intake is the page on which a case is told while the caller is on the
// phone: who, what, which category, how urgent; several drafts stand as tabs, and the
// manual call panel is in its action bar. What is told lives in a keep.Draft until it
// is registered; nothing of it is lost by a kill.
package intake

import (
	"cmp"
	"strings"

	"fyne.io/fyne/v2"

	"punto/app"
	"punto/app/desk"
	"punto/ui/keep"
	"punto/ui/look"
	"punto/ui/page"
)

// Kind is the page on which a case is told.
func Kind() page.Kind {
	return page.Kind{Name: "attend", Word: "area.attend", Key: "Ctrl F1", Place: page.Bar, Make: func(k *page.Kit) page.Page { return newIntake(k) }}
}

// intake is the screen of the phone: one form in the order of speech, by keys
// alone. Several drafts stand as tabs.
type intake struct {
	k        *page.Kit
	d        *keep.Draft
	who      *look.Field
	what     *look.Field
	category *look.Field
	impact   *look.Choice
	urgency  *look.Choice
	text     *look.Field

	proposed            []desk.Category // three at most
	of                  int             // how many match
	pick                int             // in proposed
	people              []app.PersonRow // who the text may mean: the answer to found
	at                  int             // in people; -1 = none of them is called so
	moved               bool            // the mark was moved by hand
	found               string          // the text that people answer; "" = not answered yet
	card                *app.OnePersonAnswer
	articles            []app.Hit
	alike               []app.Hit
	promise             *app.PromiseAnswer
	documented, likened page.Latest // what was asked for articles and for alike
	gone                *keep.Draft // discarded last: it can be brought back
	choosing            bool        // the category was chosen before the model was there
	looks               int         // for callers
	telling             map[*keep.Draft]*telling
	toward              fyne.Focusable // gets the keys as soon as it is drawn
	side                int            // the card that F2 chose in a small window ...
	sided               *keep.Draft    // ... for this draft
}

func newIntake(k *page.Kit) *intake {
	in := &intake{k: k, telling: map[*keep.Draft]*telling{}}
	in.who, in.what, in.category, in.text = k.Field(), k.Field(), k.Field(), k.Lines()
	in.impact, in.urgency = k.Choice(), k.Choice()
	in.Relabel()
	for _, f := range []*look.Field{in.who, in.what, in.category, in.text} {
		f.OnFocus = in.reached
	}
	in.impact.OnFocus, in.urgency.OnFocus = in.reached, in.reached
	in.who.OnChanged = func(s string) { in.typedWho(s) }
	in.who.OnEnter, in.who.OnTab = in.choosePerson, in.choosePerson
	in.who.OnArrow = func(k fyne.KeyName) bool { in.moved = true; return in.arrow(k, &in.at, len(in.people)) }
	in.what.OnChanged = func(s string) { in.typedWhat(s) }
	in.what.OnEnter = func() { in.focus(in.category) }
	in.category.OnChanged = func(s string) { in.typedCategory(s) }
	in.category.OnEnter, in.category.OnTab = in.chooseCategory, in.chooseCategory
	in.category.OnArrow = func(k fyne.KeyName) bool { return in.arrow(k, &in.pick, len(in.proposed)) }
	in.impact.OnChosen = func(i int) { in.d.Impact = i; in.told(); in.askPromise() }
	in.impact.OnEnter = func() { in.focus(in.urgency) }
	in.urgency.OnChosen = func(i int) { in.d.Urgency = i; in.told(); in.askPromise() }
	in.urgency.OnEnter = func() { in.focus(in.text) }
	in.text.OnChanged = func(s string) {
		if in.d != nil && in.d.Text != s {
			in.d.Text = s
			in.told()
		}
	}
	return in
}

// Relabel sets the words of the fields, and what the service model now offers.
func (in *intake) Relabel() {
	k := in.k
	in.who.SetPlaceHolder(k.T("intake.whoHint"))
	in.what.SetPlaceHolder(k.T("intake.whatHint"))
	in.category.SetPlaceHolder(k.T("intake.categoryHint"))
	in.impact.Words, in.urgency.Words = k.Levels(k.Model.Impacts), k.Levels(k.Model.Urgencies)
	if in.d != nil && in.d.Category == "" && len(k.Model.Categories) > 0 {
		in.propose(cmp.Or(in.category.Text, in.d.What))
		if in.choosing {
			in.takeCategory()
		}
	}
}

// focus gives the keys to an input of the form.
func (in *intake) focus(f fyne.Focusable) {
	in.toward = f
	in.k.Focus(f)
}

// reached notes that an input got or lost the keys.
func (in *intake) reached(on bool) {
	if on {
		in.toward = nil
	}
	in.k.Refresh()
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
	in.k.Refresh()
	return true
}

func (in *intake) touched() { in.k.Drafts.Dirty = true }

// Show implements page.Page: it takes a page.NewCase and a page.Caller.
func (in *intake) Show(arg any) {
	in.Relabel()
	if in.d == nil {
		in.bring()
	}
	switch a := arg.(type) {
	case page.NewCase:
		in.add()
	case page.Ring:
		in.ring(a)
	case page.Caller:
		if in.d.Person.IsZero() || a.Replace {
			in.person(in.d, a.ID)
			in.told()
		}
	}
}

// bring brings the newest draft into the form.
func (in *intake) bring() {
	if d := in.k.Drafts.Newest(in.k.State.Me); d != nil {
		in.use(d)
		return
	}
	in.add()
}

// add begins a draft, or brings up the one that is still empty. Its number is
// taken with the first thing told.
func (in *intake) add() {
	for _, d := range in.k.Drafts.Of(in.k.State.Me) {
		if d.Empty() {
			in.use(d)
			return
		}
	}
	d := &keep.Draft{Owner: in.k.State.Me, Begun: in.k.Now()}
	in.k.Drafts.List = append(in.k.Drafts.List, d)
	in.use(d)
}

// discard takes the draft away; what was told can be brought back.
func (in *intake) discard() {
	d := in.d
	switch {
	case d == nil || d.Empty():
		return
	case !d.Call.Came.IsZero() && d.Call.Ended.IsZero():
		in.k.Tell(in.k.T("err.callLive"), true)
		return
	}
	in.k.Drafts.Remove(d)
	in.gone, in.d = d, nil
	in.Show(nil)
	in.k.Tell(in.k.T("draft.discarded", "Name", in.tabName(d)), false)
}

// restore brings back the draft that was discarded last.
func (in *intake) restore() {
	d := in.gone
	in.gone = nil
	in.k.Drafts.List = append(in.k.Drafts.List, d)
	in.use(d)
}

// use brings a draft into the form.
func (in *intake) use(d *keep.Draft) {
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
	d.Shown = in.k.Now()
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
	in.focus(in.next())
	in.k.Refresh()
}

func (in *intake) categoryName(code string) string {
	if c, ok := in.k.Model.Category(code); ok {
		return c.Name(in.k.Words.Lang)
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

// First implements page.Page.
func (in *intake) First() fyne.Focusable { return in.next() }

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
	page.AskLatest(in.k, &in.documented, app.Search{Text: s, Kind: "article", Limit: 3, Typing: true}, func(a app.SearchAnswer) {
		if in.d == d && d.What == s {
			in.articles = a.Hits
		}
	})
	page.AskLatest(in.k, &in.likened, app.Search{Text: s, Kind: "case", Limit: 2, Typing: true}, func(a app.SearchAnswer) {
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
	in.proposed, in.of = in.k.Proposals(s)
	in.pick = 0
	in.k.Refresh()
}

// chooseCategory means the category as it was typed; when the model has not come
// yet, it is chosen when it does.
func (in *intake) chooseCategory() {
	if in.d == nil {
		return
	}
	in.focus(in.impact)
	if in.choosing = len(in.k.Model.Categories) == 0; in.choosing {
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
		in.category.SetText(c.Name(in.k.Words.Lang))
		if d.Impact == 0 && c.Impact > 0 {
			in.impact.Choose(c.Impact)
		}
		if d.Urgency == 0 && c.Urgent > 0 {
			in.urgency.Choose(c.Urgent)
		}
		in.told()
	case in.category.Text != "":
		in.k.Tell(in.k.T("err.category", "Text", in.category.Text), true)
	}
	in.proposed = nil
	in.k.Refresh()
}

func (in *intake) askPromise() {
	d := in.d
	if d == nil || d.Impact == 0 || d.Urgency == 0 {
		in.promise = nil
		return
	}
	page.Ask(in.k, app.Promise{Person: d.Person, Impact: d.Impact, Urgency: d.Urgency}, func(a app.PromiseAnswer) {
		if in.d == d {
			in.promise = &a
		}
	})
}

// Tick implements page.Page: as time goes by a promise is another.
func (in *intake) Tick() {
	if in.promise != nil && in.k.Now().Second() == 0 {
		in.askPromise()
	}
}

// Status implements page.Page.
func (in *intake) Status() string {
	if in.d != nil && in.d.Empty() {
		return ""
	}
	if s := in.k.Drafts.Saved; !s.IsZero() {
		return in.k.T("saved.draft", "At", s.In(in.k.Zone()).Format("15:04:05"))
	}
	return ""
}

// group is where the category is handed off to.
func (in *intake) group() (code desk.ID, name string) {
	c, ok := in.k.Model.Category(in.d.Category)
	if !ok || c.Level1 {
		return desk.ID{}, ""
	}
	id := in.k.Model.Groups[c.Group]
	return id, in.k.GroupName(id)
}
