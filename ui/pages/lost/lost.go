// Package lost is the page of who has to be called back: one line a caller, who has
// waited longest first, with what was tried. A line goes by itself when the caller is
// answered anywhere, or by one key when somebody reached them.
package lost

import (
	"strconv"
	"strings"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/ui/look"
	"punto/ui/page"
)

// list is the page.
type list struct {
	*page.Table[app.LostRow]
	k       *page.Kit
	more    int             // callers who are not listed
	unknown int             // lost calls of which no number is known
	sending map[string]bool // numbers of which something is being told
}

// Kind is the page of lost calls, on a tab of the calls.
func Kind() page.Kind {
	return page.Kind{Name: "lost", Word: "lost.title", Tab: "lost.tab", Key: "Ctrl P", Place: page.Tab, Under: "calls",
		For: []desk.Role{desk.AgentRole, desk.TechnicianRole, desk.SupervisorRole, desk.AdministratorRole}, Make: func(k *page.Kit) page.Page { return newList(k) }}
}

func newList(k *page.Kit) *list {
	l := &list{k: k, sending: map[string]bool{}}
	l.Table = page.NewTable(k, k.T("lost.title"), [2]string{k.T("lost.none"), k.T("lost.noneHint")}, l.row,
		look.Column{Title: k.T("lost.who")}, look.Column{Title: k.T("lost.waits"), Width: 220, Least: 190}, look.Column{Title: k.T("lost.calls"), Width: 200, Least: 150},
		look.Column{Title: k.T("lost.tried"), Width: 330, Least: 200}, look.Column{Title: k.T("lost.queue"), Width: 150, Least: 90})
	l.Same = func(x, y app.LostRow) bool { return x.Number == y.Number }
	l.Fetch = func(_ []byte, use func([]app.LostRow, []byte)) {
		page.Ask(k, app.LostCalls{}, func(a app.LostCallsAnswer) {
			l.more, l.unknown = a.More, a.Withheld
			use(a.Rows, nil)
		})
	}
	l.Open = func(r app.LostRow) { l.attend(r) }
	return l
}

// attend begins with the caller where case and call are written down.
func (l *list) attend(r app.LostRow) {
	if !l.k.Has("attend") {
		return
	}
	if len(r.People) == 1 {
		l.k.Go("attend", page.Caller{ID: r.People[0].ID})
		return
	}
	l.k.Go("attend", page.NewCase{})
}

// Actions implements page.Page.
func (l *list) Actions() []page.Action {
	k, none := l.k, ""
	if _, ok := l.Selected(); !ok {
		none = k.T("lost.none")
	}
	return []page.Action{{Key: "F8", Word: k.T("lost.reached"), Primary: true, Off: none, Do: func() { l.tried(true) }},
		{Key: "F7", Word: k.T("lost.noAnswer"), Off: none, Do: func() { l.tried(false) }},
		{Key: "Enter", Word: k.T("lost.attend"), Off: none, Do: func() { l.List.OnOpen(l.List.Selected) }},
		{Key: "F5", Word: k.T("do.refresh"), Do: func() { l.Reload() }}}
}

// tried tells that the selected caller was called back.
func (l *list) tried(reached bool) {
	r, ok := l.Selected()
	if !ok || l.sending[r.Number] {
		return
	}
	k := l.k
	l.sending[r.Number] = true
	k.Do(app.TryCaller{Number: r.Number, Reached: reached}, func(app.Receipt) {
		delete(l.sending, r.Number)
		word := "lost.toldNoAnswer"
		if reached {
			word = "lost.toldReached"
			l.Remove(func(x app.LostRow) bool { return x.Number == r.Number })
		}
		k.Tell(k.Words.T(word, "Who", l.name(r)), false)
		l.Reload()
	}, func(error) { delete(l.sending, r.Number) })
}

// name is who called: by name where the number is somebody's.
func (l *list) name(r app.LostRow) string {
	var names []string
	for _, p := range r.People {
		names = append(names, p.Person.Name)
	}
	switch {
	case len(names) > 0:
		return strings.Join(names, " · ")
	case r.Name != "":
		return r.Name
	}
	return r.Number
}

// Status implements page.Page.
func (l *list) Status() string {
	k := l.k
	var parts []string
	if l.more > 0 {
		parts = append(parts, k.T("lost.more", "N", l.more))
	}
	if l.unknown > 0 {
		parts = append(parts, k.T("lost.withheld", "N", l.unknown))
	}
	return strings.Join(parts, " · ")
}

func (l *list) row(p *look.Painter, r app.LostRow, y, h float32, xs []float32) {
	k, muted := l.k, look.Style{Color: p.Muted}
	cut := func(c int) float32 { return xs[c+1] - xs[c] - 12 }
	name := l.name(r)
	x := p.TextFit(xs[0], y, cut(0), h, name, look.Style{Bold: true}) + 10
	if name != r.Number && x < xs[1]-12 {
		p.TextFit(x, y, xs[1]-12-x, h, r.Number, muted)
	}
	m := look.WatchMark
	if k.Now().Sub(time.UnixMilli(r.First)) >= overdue {
		m = look.FailMark
	}
	p.Mark(xs[1], y+h/2-7, 14, m)
	p.TextFit(xs[1]+20, y, cut(1)-20, h, k.T("lost.since", "At", k.Since(r.First)), look.Style{})
	p.TextFit(xs[2], y, cut(2), h, l.count(r), look.Style{})
	if n := len(r.Tries); n > 0 {
		t := r.Tries[n-1]
		x := p.TextFit(xs[3], y, cut(3), h, k.T("lost.tries", "N", n), look.Style{}) + 8
		if x < xs[4]-12 {
			p.TextFit(x, y, xs[4]-12-x, h, k.T("lost.lastTry", "Who", l.agent(t.Agent), "At", k.Since(t.At)), muted)
		}
	} else {
		p.TextFit(xs[3], y, cut(3), h, k.T("lost.untried"), muted)
	}
	p.TextFit(xs[4], y, cut(4), h, r.Queue, muted)
}

// overdue is from when on a caller has waited too long.
const overdue = 24 * time.Hour

// count says how the calls were lost.
func (l *list) count(r app.LostRow) string {
	var parts []string
	for _, x := range []struct {
		n    int
		word string
	}{{r.Abandoned, "call.abandoned"}, {r.Busy, "call.busy"}} {
		switch {
		case x.n == 1:
			parts = append(parts, l.k.T(x.word))
		case x.n > 1:
			parts = append(parts, l.k.T(x.word)+" ×"+strconv.Itoa(x.n))
		}
	}
	return strings.Join(parts, ", ")
}

func (l *list) agent(id desk.ID) string {
	for _, a := range l.k.Agents {
		if a.ID == id {
			return a.Of.Name
		}
	}
	return l.k.T("case.system")
}
