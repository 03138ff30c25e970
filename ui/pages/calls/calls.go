// Package calls is the pages of the calls: what goes on at the telephones today, with who
// has to be called back first, and the list of all calls.
package calls

import (
	"cmp"
	"strings"

	"fyne.io/fyne/v2"

	"punto/app"
	"punto/app/desk"
	"punto/app/phone"
	"punto/ui/look"
	"punto/ui/page"
)

// All is the list of all calls, the newest first, on a tab of the page of today.
func All() page.Kind {
	return page.Kind{Name: "allcalls", Word: "calls.title", Tab: "calls.tab", Key: "Alt L", Place: page.Tab, Under: "calls",
		Make: func(k *page.Kit) page.Page { return newList(k) }}
}

// list is the page of all calls.
type list struct {
	*page.Table[app.CallRow]
	k      *page.Kit
	filter *look.Field
	show   int // of shows
	link   linked
}

// shows are the sorts of calls that F6 goes through.
var shows = []string{"", app.CallsLost, app.CallsAnswered, app.CallsGoing}

const filterH = 44

func newList(k *page.Kit) *list {
	l := &list{k: k, filter: k.Field()}
	l.Table = page.NewTable(k, "", [2]string{k.T("calls.none"), k.T("calls.noneHint")}, l.row,
		look.Column{Title: k.T("calls.at"), Width: 130, Least: 104}, look.Column{Title: k.T("calls.from")}, look.Column{Title: k.T("case.agent"), Width: 160, Least: 110},
		look.Column{Title: k.T("calls.waited"), Width: 76, Least: 66, Right: true}, look.Column{Title: k.T("calls.talked"), Width: 76, Least: 66, Right: true},
		look.Column{Title: k.T("calls.end"), Width: 160, Least: 130}, look.Column{Title: k.T("calls.about"), Width: 330, Least: 170})
	l.Same = func(x, y app.CallRow) bool { return x.ID == y.ID }
	l.Fetch = func(after []byte, use func([]app.CallRow, []byte)) {
		if after == nil {
			l.link.changed(k)
		}
		page.Ask(k, app.Calls{After: after, Limit: page.PageRows, Text: l.filter.Text, Show: shows[l.show]}, func(a app.CallsAnswer) { use(a.Rows, a.Next) })
	}
	l.Open = func(c app.CallRow) { open(k, c) }
	l.filter.SetPlaceHolder(k.T("calls.filter"))
	l.filter.OnChanged = func(string) { l.Home() }
	l.filter.OnEnter = func() { l.List.OnOpen(l.List.Selected) }
	l.filter.OnTab = func() { k.Focus(l.List) }
	l.filter.OnArrow = func(n fyne.KeyName) bool {
		l.List.TypedKey(&fyne.KeyEvent{Name: n})
		return true
	}
	return l
}

// First implements page.Page.
func (l *list) First() fyne.Focusable { return l.filter }

// Back clears the filter before the page is left.
func (l *list) Back() bool {
	if l.filter.Text == "" {
		return false
	}
	l.filter.SetText("")
	l.Home()
	return true
}

// Actions implements page.Page.
func (l *list) Actions() []page.Action {
	k := l.k
	none := k.T("calls.pick")
	if _, ok := l.Selected(); ok {
		none = ""
	}
	return []page.Action{{Key: "Enter", Word: k.T("do.open"), Primary: true, Off: none, Do: func() { l.List.OnOpen(l.List.Selected) }},
		{Key: "F7", Word: k.T("calls.typify"), Off: none, Do: func() {
			if c, ok := l.Selected(); ok {
				typify(k, c, l.Reload)
			}
		}},
		{Key: "F3", Word: k.T("calls.who"), Off: none, Do: func() {
			if c, ok := l.Selected(); ok {
				whoIsIt(k, c.ID, c.Call.Caller, c.People, l.Reload)
			}
		}},
		{Key: "F4", Word: k.T("lost.dial"), Off: none, Hidden: l.link.dials() == nil, Do: func() {
			if c, ok := l.Selected(); ok {
				l.link.dial(k, c.Call.Caller)
			}
		}},
		{Key: "F6", Word: k.T("callsshow." + cmp.Or(shows[(l.show+1)%len(shows)], "all")), Do: func() { l.show = (l.show + 1) % len(shows); l.Home() }},
		{Key: "F5", Word: k.T("do.refresh"), Do: l.Reload}, {Key: "Ctrl F", Word: k.T("do.filter"), Hidden: true, Do: func() { k.Focus(l.filter) }},
		{Key: "Ctrl D", Word: k.T("do.undo"), Hidden: true, Do: func() {
			if c, ok := l.Selected(); ok {
				undo(k, c.ID, l.Reload)
			}
		}}}
}

// Status implements page.Page.
func (l *list) Status() string { return l.k.T("callsshown." + cmp.Or(shows[l.show], "all")) }

// Draw implements page.Page.
func (l *list) Draw(p *look.Painter, r page.Rect) {
	y := r.Y + 8
	w := min(560, r.W-2*page.Margin)
	p.FieldBox(page.Margin, y, w, page.RowH, l.filter.Focused)
	p.Place(l.filter, page.Margin+2, y, w-4, page.RowH)
	p.Key(page.Margin+w-look.KeyWidth("Ctrl F")-10, y+page.RowH/2, "Ctrl F")
	l.List.Led = l.filter.Focused
	l.List.RowH = l.k.RowHeight()
	p.CardBox(page.Margin, r.Y+filterH+8, r.W-2*page.Margin, r.H-filterH-20, false)
	p.Place(l.List, page.Margin+1, r.Y+filterH+10, r.W-2*page.Margin-2, r.H-filterH-24)
}

func (l *list) row(p *look.Painter, c app.CallRow, y, h float32, xs []float32) {
	k := l.k
	cut := func(i int) float32 { return xs[i+1] - xs[i] - 10 }
	if c.Bad {
		p.Mark(xs[0], y+h/2-7, 14, look.WatchMark)
		p.TextFit(xs[0]+20, y, xs[len(xs)-1]-xs[0]-30, h, k.T("calls.bad"), look.Style{})
		return
	}
	p.TextFit(xs[0], y, cut(0), h, k.At(c.Call.OfferedAt), look.Style{})
	caller(k, p, xs[1], y, cut(1), h, c.Call, c.People)
	p.TextFit(xs[2], y, cut(2), h, c.Call.Agent, look.Style{})
	p.Right(xs[4]-8, y, h, page.Duration(c.Call.Wait), look.Style{})
	p.Right(xs[5]-8, y, h, page.Duration(c.Call.Talk), look.Style{})
	m, word := look.NowMark, "call.none"
	if o := c.Call.Outcome.String(); o != "" {
		m, word = look.FineMark, "call."+o
		if !c.Call.Answered() {
			m = look.FailMark
		}
	}
	p.Chip(xs[5]+12, y+h/2, m, look.Fit(k.Words.T(word), xs[6]-xs[5]-49, look.Style{Size: 12, Bold: true}))
	about(k, p, xs[6]+4, y, cut(6)-4, h, c)
}

// caller writes who called: the user's name and area, or the number, and whatever is left
// of the two.
func caller(k *page.Kit, p *look.Painter, x, y, w, h float32, c phone.Call, people []app.PersonRow) {
	name, more := whoIs(k, c.Caller, c.Name, people)
	end := p.TextFit(x, y, w, h, name, look.Style{Bold: true}) + 8
	if more != "" && end < x+w {
		p.TextFit(end, y, x+w-end, h, more, look.Style{Size: 12, Color: p.Muted})
	}
}

// whoIs is the name under which a caller is known, and what is known besides.
func whoIs(k *page.Kit, number, name string, people []app.PersonRow) (who, more string) {
	switch n := len(people); {
	case n == 1:
		return people[0].Person.Name, strings.Join(parts(people[0].Area, number), " · ")
	case n > 1:
		var names []string
		for _, p := range people {
			names = append(names, p.Person.Name)
		}
		return strings.Join(names, " · "), number
	case name != "" && name != number:
		return name, number
	case number == "":
		return k.T("calls.hidden"), ""
	}
	return number, k.T("calls.unknown")
}

func parts(all ...string) (out []string) {
	for _, s := range all {
		if s != "" {
			out = append(out, s)
		}
	}
	return out
}

// about writes what a call was about: its case, or why it needs none.
func about(k *page.Kit, p *look.Painter, x, y, w, h float32, c app.CallRow) {
	switch {
	case len(c.Cases) > 0:
		text := string(c.Cases[0].Number)
		if n := len(c.Cases); n > 1 {
			text += " +" + k.Count(uint64(n-1)) // a count
		}
		if end := p.TextFit(x, y, w, h, text, look.Style{Bold: true}) + 8; end < x+w {
			p.TextFit(end, y, x+w-end, h, c.Cases[0].Subject, look.Style{})
		}
	case c.Reason != "":
		p.TextFit(x, y, w, h, reasonOf(k, c.Reason), look.Style{})
	case c.Call.Answered() && c.Call.Outcome != phone.NoOutcome:
		p.Mark(x, y+h/2-7, 14, look.WatchMark)
		p.TextFit(x+20, y, w-20, h, k.T("calls.untyped"), look.Style{Color: p.Muted})
	}
}

// open leads to the case of a call, or begins one with its caller, which then is of that
// call.
func open(k *page.Kit, c app.CallRow) {
	switch {
	case len(c.Cases) > 0:
		k.Go("case", c.Cases[0].ID)
	case k.Has("attend"):
		k.Go("attend", page.Ring{PBX: c.Call.PBX, UniqueID: c.Call.UniqueID, Number: c.Call.Caller, Name: c.Call.Name, People: c.People})
	}
}

// reasonOf is why a call needs no case, in the user's words where it is a known one.
func reasonOf(k *page.Kit, reason string) string {
	for _, r := range desk.CallReasons {
		if r == reason {
			return k.T("callreason." + r)
		}
	}
	return reason
}

// typify asks what a call was about: a reason by its digit, a case by its number, or other
// words.
func typify(k *page.Kit, c app.CallRow, then func()) {
	var words []string
	for _, r := range desk.CallReasons {
		words = append(words, k.T("callreason."+r))
	}
	who, _ := whoIs(k, c.Call.Caller, c.Call.Name, c.People)
	say := func(x app.TypifyCall, told string) {
		x.Call = c.ID
		k.Do(x, func(app.Receipt) {
			k.Tell(k.T("calls.told", "Who", who, "What", told), false)
			then()
		}, nil)
	}
	k.Question(k.T("calls.aboutAsk", "Who", who), words, 1, k.T("calls.aboutHint"), "", func(i int, text string) {
		text = strings.TrimSpace(text)
		if _, err := desk.ParseNumber(text); err == nil {
			page.Ask(k, app.OneCase{Number: text}, func(a app.OneCaseAnswer) { say(app.TypifyCall{Case: a.ID}, string(a.Case.Number)+" "+a.Case.Subject) })
			return
		}
		if text == "" && i >= 1 && i <= len(desk.CallReasons) {
			text = desk.CallReasons[i-1]
		}
		if text != "" {
			say(app.TypifyCall{Reason: text}, reasonOf(k, text))
		}
	})
}

// undo takes back what one has said last of a call.
func undo(k *page.Kit, id desk.ID, then func()) {
	k.Do(app.Undo{Entity: desk.Entity{Type: desk.CallType, ID: id}}, func(app.Receipt) {
		k.Tell(k.T("calls.undone"), false)
		then()
	}, nil)
}
