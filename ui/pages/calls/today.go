package calls

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"punto/app"
	"punto/app/desk"
	"punto/ui/look"
	"punto/ui/page"
)

// Kind is the page of today at the telephones.
func Kind() page.Kind {
	return page.Kind{Name: "calls", Word: "area.calls", Tab: "calls.today", Key: "Ctrl F3", Place: page.Bar,
		Count: nil, Make: func(k *page.Kit) page.Page { return newToday(k) }}
}

// today is the page: who waits, who has to be called back, who was answered last, which
// calls nobody has said anything of, and what the next half hours take.
type today struct {
	k        *page.Kit
	lost     *look.List
	rows     []app.LostRow
	more     int // callers who are not listed
	withheld int // lost calls of which no number is known
	floor    app.FloorAnswer
	agents   []app.ShiftRow
	untyped  app.UntypedCallsAnswer
	last     []app.CallRow
	doubles  []app.DoubleCall // calls that seem to be told twice
	link     linked
	found    bool
	sending  map[string]bool // numbers of which something is being told
	typed    desk.ID         // the call of which something was said last
	card     int             // that a small window shows
	at       time.Time       // when it was asked last
	ask      [6]page.Latest
}

// atCalls may call back and say what calls were about.
var atCalls = []desk.Role{desk.AgentRole, desk.TechnicianRole, desk.SupervisorRole, desk.AdministratorRole}

const (
	lastRows    = 30
	untypedKeys = 4 // calls that a key says what they were about
)

func newToday(k *page.Kit) *today {
	t := &today{k: k, sending: map[string]bool{}}
	t.lost = k.List(look.Column{Title: k.T("lost.at"), Width: 74, Least: 62}, look.Column{Title: k.T("lost.who")}, look.Column{Title: k.T("lost.calls"), Width: 150, Least: 104},
		look.Column{Title: k.T("lost.tried"), Width: 200, Least: 120}, look.Column{Title: k.T("lost.queue"), Width: 96, Least: 64})
	t.lost.Empty = [2]string{k.T("wait.loading")}
	t.lost.Len = func() int { return len(t.rows) }
	t.lost.Row = func(p *look.Painter, i int, _, y, _, h float32, xs []float32) { t.lostRow(p, t.rows[i], y, h, xs) }
	t.lost.OnOpen = func(i int) {
		if i < len(t.rows) {
			t.attend(t.rows[i])
		}
	}
	return t
}

// First implements page.Page.
func (t *today) First() fyne.Focusable { return t.lost }

// Show implements page.Page.
func (t *today) Show(any) { t.Changed() }

// again is how long the figures may be old while nothing changes.
const again = 15 * time.Second

// Tick implements page.Page: the waits go on, and what was asked is not asked for ever.
func (t *today) Tick() {
	if t.k.Now().Sub(t.at) >= again {
		t.Changed()
	}
	t.lost.Refresh()
}

// Changed asks again.
func (t *today) Changed() {
	k := t.k
	t.at = k.Now()
	page.AskLatest(k, &t.ask[0], app.LostCalls{}, func(a app.LostCallsAnswer) {
		t.lost.Empty = [2]string{k.T("lost.none"), k.T("lost.noneHint")}
		t.follow(a.Rows)
		t.rows, t.more, t.withheld, t.found = a.Rows, a.More, a.Withheld, true
		t.lost.Refresh()
		k.Refresh()
	})
	page.AskLatest(k, &t.ask[1], app.Floor{}, func(a app.FloorAnswer) { t.floor = a; k.Refresh() })
	page.AskLatest(k, &t.ask[2], app.Shifts{}, func(a app.ShiftsAnswer) { t.agents = a.Rows; k.Refresh() })
	page.AskLatest(k, &t.ask[3], app.UntypedCalls{Limit: 50}, func(a app.UntypedCallsAnswer) { t.untyped = a; k.Refresh() })
	page.AskLatest(k, &t.ask[4], app.Calls{Show: app.CallsAnswered, Limit: lastRows}, func(a app.CallsAnswer) { t.last = a.Rows; k.Refresh() })
	page.AskLatest(k, &t.ask[5], app.DoubleCalls{}, func(a app.DoubleCallsAnswer) { t.doubles = a.Rows; k.Refresh() })
	t.link.changed(k)
}

// follow keeps the mark on its caller.
func (t *today) follow(rows []app.LostRow) {
	if r, ok := t.selected(); ok {
		if i := slices.IndexFunc(rows, func(x app.LostRow) bool { return x.Number == r.Number }); i >= 0 {
			t.lost.Selected = i
			return
		}
	}
	t.lost.Selected = max(0, min(t.lost.Selected, len(rows)-1))
}

func (t *today) selected() (r app.LostRow, ok bool) {
	if i := t.lost.Selected; i >= 0 && i < len(t.rows) {
		return t.rows[i], true
	}
	return r, false
}

// attend begins with the caller where case and call are written down.
func (t *today) attend(r app.LostRow) {
	if t.k.Has("attend") {
		t.k.Go("attend", page.Ring{Number: r.Number, Name: r.Name, People: r.People})
	}
}

// Actions implements page.Page.
func (t *today) Actions() []page.Action {
	k := t.k
	if !slices.Contains(atCalls, k.State.Agent.Role) {
		return []page.Action{{Key: "F5", Word: k.T("do.refresh"), Do: t.Changed}}
	}
	none := ""
	if _, ok := t.selected(); !ok {
		none = k.T("lost.none")
	}
	as := []page.Action{{Key: "F8", Word: k.T("lost.reached"), Primary: true, Off: none, Do: func() { t.tried(true) }},
		{Key: "F7", Word: k.T("lost.noAnswer"), Off: none, Do: func() { t.tried(false) }},
		{Key: "Enter", Word: k.T("lost.attend"), Off: none, Do: func() { t.lost.OnOpen(t.lost.Selected) }}}
	if t.link.dials() != nil {
		as = append(as, page.Action{Key: "F4", Word: k.T("lost.dial"), Off: none, Do: t.dial})
	}
	if r, ok := t.selected(); ok && len(r.People) != 1 {
		as = append(as, page.Action{Key: "F3", Word: k.T("calls.who"), Do: func() { whoIsIt(k, r.Call, r.Number, r.People, func() { t.typed = r.Call; t.Changed() }) }})
	}
	for i, c := range t.untyped.Rows[:min(len(t.untyped.Rows), untypedKeys)] {
		as = append(as, page.Action{Key: fmt.Sprint("Alt ", i+1), Word: k.T("calls.typifyNth", "N", i+1), Hidden: true, Do: func() {
			typify(k, c, func() { t.typed = c.ID; t.Changed() })
		}})
		as = append(as, page.Action{Key: fmt.Sprint("Ctrl ", i+1), Word: k.T("calls.caseNth", "N", i+1), Hidden: true, Do: func() { open(k, c) }})
	}
	if len(t.doubles) > 0 {
		as = append(as, page.Action{Key: "F9", Word: k.Words.N("calls.doubles", len(t.doubles)), Do: t.join})
	}
	if !t.typed.IsZero() {
		as = append(as, page.Action{Key: "Ctrl D", Word: k.T("do.undo"), Do: func() { undo(k, t.typed, func() { t.typed = desk.ID{}; t.Changed() }) }})
	}
	return append(as, page.Action{Key: "F2", Word: k.T("do.card"), Hidden: true, Do: func() { t.card = (t.card + 1) % len(cards); k.Refresh() }},
		page.Action{Key: "F5", Word: k.T("do.refresh"), Do: t.Changed})
}

// tried tells that the selected caller was called back.
func (t *today) tried(reached bool) {
	r, ok := t.selected()
	if !ok || t.sending[r.Number] {
		return
	}
	k := t.k
	t.sending[r.Number] = true
	k.Do(app.TryCaller{Number: r.Number, Reached: reached}, func(app.Receipt) {
		delete(t.sending, r.Number)
		word := "lost.toldNoAnswer"
		if reached {
			word = "lost.toldReached"
			t.rows = slices.DeleteFunc(t.rows, func(x app.LostRow) bool { return x.Number == r.Number })
		}
		who, _ := whoIs(k, r.Number, r.Name, r.People)
		k.Tell(k.T(word, "Who", who), false)
		t.Changed()
	}, func(error) { delete(t.sending, r.Number) })
}

// join asks whether a call that was told by hand is the one that the exchange told.
func (t *today) join() {
	if len(t.doubles) == 0 {
		return
	}
	k, d := t.k, t.doubles[0]
	who, _ := whoIs(k, d.Manual.Call.Caller, d.Manual.Call.Name, d.Manual.People)
	from, _ := whoIs(k, d.Exchange.Call.Caller, d.Exchange.Call.Name, d.Exchange.People)
	at := func(c app.CallRow) string { return k.Local(c.Call.OfferedAt).Format("15:04") }
	k.Question(k.T("calls.doubleAsk", "Who", who, "At", at(d.Manual), "From", from, "When", at(d.Exchange)), []string{k.T("calls.same"), k.T("calls.apart")}, 0, "", "", func(i int, _ string) {
		k.Do(app.JoinCalls{Manual: d.Manual.ID, Exchange: d.Exchange.ID, Apart: i == 2}, func(app.Receipt) {
			k.Tell(k.T([]string{"calls.joined", "calls.keptApart"}[i-1], "Who", who), false)
			t.typed = d.Manual.ID
			t.Changed()
		}, nil)
	})
}

// dial has the exchange call the selected caller.
func (t *today) dial() {
	if r, ok := t.selected(); ok {
		t.link.dial(t.k, r.Number)
	}
}

// Status implements page.Page.
func (t *today) Status() string {
	k := t.k
	if !t.found {
		return k.T("wait.loading")
	}
	var parts []string
	if t.more > 0 {
		parts = append(parts, k.T("lost.more", "N", t.more))
	}
	if t.withheld > 0 {
		parts = append(parts, k.T("lost.withheld", "N", t.withheld))
	}
	return strings.Join(parts, " · ")
}

func (t *today) lostRow(p *look.Painter, r app.LostRow, y, h float32, xs []float32) {
	k, muted := t.k, look.Style{Color: p.Muted}
	cut := func(c int) float32 { return xs[c+1] - xs[c] - 10 }
	at := k.Local(time.UnixMilli(r.First))
	text := at.Format("15:04")
	if n := k.Local(k.Now()); n.YearDay() != at.YearDay() || n.Year() != at.Year() {
		text = at.Format("2/1")
	}
	p.TextFit(xs[0], y, cut(0)+8, h, text, muted)
	who, more := whoIs(k, r.Number, r.Name, r.People)
	end := p.TextFit(xs[1], y, cut(1), h, who, look.Style{Bold: true}) + 8
	if end < xs[2]-10 {
		p.TextFit(end, y, xs[2]-10-end, h, more, look.Style{Size: 12, Color: p.Muted})
	}
	m := look.WatchMark
	if k.Now().Sub(time.UnixMilli(r.First)) >= overdue {
		m = look.FailMark
	}
	p.Mark(xs[2], y+h/2-7, 14, m)
	p.TextFit(xs[2]+20, y, cut(2)-20, h, how(k, r), look.Style{})
	if n := len(r.Tries); n > 0 {
		p.TextFit(xs[3], y, cut(3), h, k.Words.N("lost.triedN", n, "At", k.Since(r.Tries[n-1].At)), look.Style{})
	} else {
		p.TextFit(xs[3], y, cut(3), h, k.T("lost.untried"), muted)
	}
	p.TextFit(xs[4], y, cut(4), h, r.Queue, muted)
}

// overdue is from when on a caller has waited too long.
const overdue = 24 * time.Hour

// how says how the calls of a caller were lost.
func how(k *page.Kit, r app.LostRow) string {
	var parts []string
	for _, x := range []struct {
		n    int
		word string
	}{{r.Abandoned, "call.abandoned"}, {r.Busy, "call.busy"}} {
		switch {
		case x.n == 1:
			parts = append(parts, k.T(x.word))
		case x.n > 1:
			parts = append(parts, fmt.Sprint(k.T(x.word), " ×", x.n))
		}
	}
	return strings.Join(parts, ", ")
}
