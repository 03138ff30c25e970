// Package problems is the page of the causes behind cases that come back: the list with
// what their cases come to, the form of the chosen one above its cases, and their solving.
package problems

import (
	"slices"
	"strings"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/ui/look"
	"punto/ui/page"
)

// list is the page.
type list struct {
	*page.Table[app.ProblemRow]
	k     *page.Kit
	form  *page.Form
	id    desk.ID // of what the form is of; zero = of a new one
	now   desk.Problem
	begun bool
	dirty bool
	busy  bool
	found bool

	cases *look.List // of the chosen one
	rows  []app.CaseRow
	asked page.Latest
}

// writers are those who may change a problem.
var writers = []desk.Role{desk.TechnicianRole, desk.SupervisorRole, desk.AnalystRole, desk.AdministratorRole}

// solvers are those who may solve its cases with it.
var solvers = []desk.Role{desk.TechnicianRole, desk.SupervisorRole, desk.AdministratorRole}

// mailers are those who may tell users by mail.
var mailers = []desk.Role{desk.SupervisorRole, desk.AdministratorRole}

// Kind is the page of problems, on a tab of the solution documents.
func Kind() page.Kind {
	return page.Kind{Name: "problems", Word: "problem.title", Tab: "problem.tab", Key: "Alt B", Place: page.Tab, Under: "articles", Make: func(k *page.Kit) page.Page { return newList(k) }}
}

func newList(k *page.Kit) *list {
	l := &list{k: k}
	l.Table = page.NewTable(k, k.T("problem.title"), [2]string{k.T("problem.none"), k.T("problem.noneHint")}, l.row,
		look.Column{Title: k.T("problem.what")}, look.Column{Title: k.T("problem.state"), Width: 150, Least: 120}, look.Column{Title: k.T("problem.open"), Width: 84, Least: 70},
		look.Column{Title: k.T("problem.cases"), Width: 70, Least: 60}, look.Column{Title: k.T("problem.users"), Width: 84, Least: 70})
	l.Same = func(x, y app.ProblemRow) bool { return x.ID == y.ID }
	l.Fetch = func(_ []byte, use func([]app.ProblemRow, []byte)) {
		page.Ask(k, app.Problems{}, func(a app.ProblemsAnswer) {
			l.found = true
			use(a.Rows, nil)
			l.pick()
		})
	}
	ahead := l.List.OnSelect
	l.List.OnSelect = func(i int) {
		ahead(i)
		l.pick()
	}
	l.Open = func(app.ProblemRow) { k.Focus(l.cases) }
	l.cases = k.List()
	l.cases.Empty = [2]string{k.T("problem.noCases"), k.T("problem.noCasesHint")}
	l.cases.Len = func() int { return len(l.rows) }
	l.cases.Row = l.caseRow
	l.cases.OnOpen = func(i int) {
		if i < len(l.rows) {
			k.Go("case", l.rows[i].ID)
		}
	}
	return l
}

func (l *list) is(roles []desk.Role) bool { return slices.Contains(roles, l.k.State.Agent.Role) }

// pick brings the selected problem into the form, unless what stands there is not saved.
func (l *list) pick() {
	r, ok := l.Selected()
	switch {
	case !ok || l.Seeking() || l.begun && r.ID == l.id && l.dirty:
		return
	case l.dirty:
		l.k.Tell(l.k.T("directory.unsaved"), true)
		return
	}
	if r.ID != l.id {
		l.rows = nil
	}
	page.AskLatest(l.k, &l.asked, app.Cases{By: "problem", ID: r.ID, Limit: page.PageRows}, func(a app.CasesAnswer) {
		l.rows = a.Rows
		l.cases.Refresh()
	})
	if l.begun && r.ID == l.id && l.form != nil && l.form.Focused() {
		return
	}
	l.bring(r.ID, r.Of)
}

// bring makes the form of a problem.
func (l *list) bring(id desk.ID, of desk.Problem) {
	k := l.k
	l.id, l.now, l.begun, l.dirty = id, of, true, false
	text := func(word string, at *string) page.Input {
		return page.Input{Word: k.Words.T(word), Get: func() string { return *at }, Set: func(s string) error { *at = strings.TrimSpace(s); return nil }}
	}
	l.form = page.NewForm(k, []page.Input{text("problem.what", &l.now.Title), text("problem.seen", &l.now.Text), text("problem.cause", &l.now.Cause),
		text("problem.workaround", &l.now.Workaround)}, func() {
		l.dirty = true
		k.Refresh()
	})
	k.Refresh()
}

// Back steps from the form and the cases to the list, then gives up what was typed.
func (l *list) Back() bool {
	switch {
	case l.form != nil && l.form.Focused(), l.cases.Focused:
		l.k.Focus(l.List)
		return true
	case l.dirty:
		l.dirty, l.begun = false, false
		l.Seek(nil)
		l.pick()
		l.k.Tell(l.k.T("directory.givenUp"), false)
		return true
	}
	return false
}

// Relabel makes the form in another language.
func (l *list) Relabel() {
	if l.begun && !l.dirty {
		l.bring(l.id, l.now)
	}
}

// Status implements page.Page.
func (l *list) Status() string {
	switch {
	case !l.found || l.busy:
		return l.k.T("wait.loading")
	case l.dirty:
		return l.k.T("directory.notSaved")
	}
	open, known := 0, 0
	for _, r := range l.Rows {
		if r.Of.State == desk.ProblemOpen {
			open++
			if r.Known {
				known++
			}
		}
	}
	return l.k.Words.N("problem.openOnes", open) + " · " + l.k.Words.N("problem.knownOnes", known)
}

// Actions implements page.Page.
func (l *list) Actions() []page.Action {
	k := l.k
	r, ok := l.Selected()
	off := ""
	if !l.is(writers) {
		off = k.T("directory.notYours")
	}
	none := off
	if none == "" && (!ok || l.id != r.ID) {
		none = k.T("problem.none")
	}
	saved := off
	if saved == "" && !l.dirty {
		saved = k.T("directory.asSaved")
	}
	over := none
	if over == "" && r.Of.State != desk.ProblemOpen && r.Open == 0 {
		over = k.T("problem.over")
	}
	tell := none
	if tell == "" && (r.Open == 0 || !l.is(solvers)) {
		tell = k.T("problem.nobody")
	}
	drop := k.T("problem.drop")
	if ok && r.Of.State != desk.ProblemOpen {
		drop = k.T("problem.again")
	}
	return []page.Action{{Key: "F8", Word: k.T("directory.save"), Primary: true, Do: l.keep, Off: saved}, {Key: "Ctrl N", Word: k.T("directory.add"), Do: l.add, Off: off},
		{Key: "F9", Word: k.T("problem.solve"), Do: l.solve, Off: over}, {Key: "F10", Word: k.T("problem.tell"), Do: l.tell, Off: tell},
		{Key: "F4", Word: drop, Do: l.drop, Off: none}, {Key: "F3", Word: k.T("problem.toCases"), Do: l.toCases},
		{Key: "Ctrl D", Word: k.T("do.undo"), Right: true, Off: none, Do: func() { l.do(app.Undo{Entity: desk.Entity{Type: desk.ProblemType, ID: l.id}}) }},
		{Key: "F5", Word: k.T("do.refresh"), Do: l.Reload}}
}

// toCases takes the keys to the form, to the cases and back to the list.
func (l *list) toCases() {
	switch {
	case l.cases.Focused:
		l.k.Focus(l.List)
	case l.form != nil && !l.form.Focused() && l.is(writers):
		l.form.Focus()
	default:
		l.k.Focus(l.cases)
	}
}

func (l *list) add() {
	if l.dirty {
		l.k.Tell(l.k.T("directory.unsaved"), true)
		return
	}
	l.rows = nil
	l.bring(desk.ID{}, desk.Problem{Owner: l.k.State.Me})
	l.dirty = true
	l.form.Focus()
}

// keep saves what stands in the form.
func (l *list) keep() { l.do(app.SaveProblem{ID: l.id, Problem: l.now}) }

// drop gives a problem up, or takes it up again.
func (l *list) drop() {
	p := l.now
	if p.State = desk.ProblemDropped; l.now.State != desk.ProblemOpen {
		p.State, p.Solution = desk.ProblemOpen, ""
	}
	l.do(app.SaveProblem{ID: l.id, Problem: p})
}

// do carries out what changes the problem of the form.
func (l *list) do(c app.Command) {
	if l.busy {
		return
	}
	l.busy = true
	l.k.Do(c, func(r app.Receipt) {
		l.busy, l.dirty, l.begun = false, false, false
		if _, made := c.(app.SaveProblem); made {
			l.id = r.ID
			l.Seek(func(x app.ProblemRow) bool { return x.ID == r.ID })
		}
		said := l.k.T("directory.saved")
		if r.Reached != nil {
			said = page.Reached(l.k, r.Reached)
			if n := len(r.More); n > 0 {
				said += " · " + l.k.Words.N("problem.stay", n)
			}
		}
		l.k.Tell(said, false)
		l.Reload()
		l.k.Focus(l.List)
	}, func(error) { l.busy = false })
}

// solve asks how it was solved, and proposes to solve its open cases with it, and to tell
// their users the same.
func (l *list) solve() {
	k := l.k
	r, _ := l.Selected()
	ways := []string{k.T("problem.alone")}
	if r.Open > 0 && l.is(solvers) {
		ways = []string{k.Words.N("problem.withCases", r.Open), k.T("problem.alone")}
		if l.is(mailers) {
			ways = append([]string{k.Words.N("problem.withMail", r.Open)}, ways...)
		}
	}
	q := k.Question(k.T("problem.how"), ways, 1, k.T("case.solution"), r.Of.Solution, func(i int, text string) {
		c := app.SolveProblem{ID: r.ID, Text: strings.TrimSpace(text), Cases: i > 0 && i < len(ways)}
		if c.Cases {
			c.Tell, c.Mail = c.Text, len(ways) == 3 && i == 1
		}
		l.do(c)
	})
	q.Check = written(k.T("problem.how"))
}

// tell tells one text to the users of its open cases.
func (l *list) tell() {
	k := l.k
	r, _ := l.Selected()
	var ways []string
	if l.is(mailers) {
		ways = []string{k.T("tell.cases"), k.T("tell.mail")}
	}
	q := k.Question(k.Words.N("ask.tellAll", r.Open), ways, min(1, len(ways)), k.T("ask.tellHint"), r.Of.Workaround, func(i int, text string) {
		l.do(app.TellCases{Problem: r.ID, Text: text, Mail: i == 2})
	})
	q.Check = written(k.T("ask.tellHint"))
}

// written refuses an answer without words.
func written(why string) func(int, string) string {
	return func(_ int, text string) string {
		if strings.TrimSpace(text) == "" {
			return why
		}
		return ""
	}
}

// state is the state of a problem in a mark and a word.
func (l *list) state(r *app.ProblemRow) (look.Mark, string) {
	switch {
	case r.Of.State == desk.ProblemSolved && r.After > 0:
		return look.WatchMark, l.k.Words.N("problem.back", r.After)
	case r.Of.State == desk.ProblemOpen && r.Known:
		return look.WatchMark, l.k.T("problem.known")
	case r.Of.State == desk.ProblemOpen:
		return look.NowMark, l.k.T("problemstate.open")
	case r.Of.State == desk.ProblemSolved:
		return look.FineMark, l.k.T("problemstate.solved")
	}
	return look.PauseMark, l.k.T("problemstate.dropped")
}

func (l *list) row(p *look.Painter, r app.ProblemRow, y, h float32, xs []float32) {
	k, muted := l.k, look.Style{Color: p.Muted}
	p.TextFit(xs[0], y, xs[1]-xs[0]-12, h, r.Of.Title, look.Style{Bold: r.Of.State == desk.ProblemOpen})
	m, word := l.state(&r)
	p.Mark(xs[1], y+h/2-7, 14, m)
	p.TextFit(xs[1]+20, y, xs[2]-xs[1]-28, h, word, look.Style{})
	for i, n := range []int{r.Open, r.Cases, r.Users} {
		st := muted
		if i == 0 && n > 0 {
			st = look.Style{Bold: true}
		}
		p.Right(xs[3+i]-12, y, h, k.Count(uint64(max(n, 0))), st)
	}
}

func (l *list) caseRow(p *look.Painter, i int, x, y, w, h float32, _ []float32) {
	r := l.rows[i]
	p.Mark(x, y+h/2-7, 14, page.StatusMark(r.Status))
	at := p.Text(x+22, y, h, string(r.Number), look.Style{Bold: true, Color: p.Accent}) + 10
	when := p.Right(x+w, y, h, l.k.At(time.UnixMilli(r.OpenedAt)), look.Style{Size: 12, Color: p.Muted}) - 10
	at = p.TextFit(at, y, (when-at)*0.6, h, r.Subject, look.Style{}) + 10
	p.TextFit(at, y, when-at, h, r.Person, look.Style{Color: p.Muted})
}

const (
	formW, smallFormW = 560, 440
	formH             = 60 + 4*(page.RowH+page.RowGap) + 10
)

// Draw implements page.Page.
func (l *list) Draw(p *look.Painter, r page.Rect) {
	k := l.k
	l.List.RowH, l.cases.RowH = k.RowHeight(), k.RowHeight()
	p.TextFit(page.Margin, r.Y+10, r.W-2*page.Margin, 32, l.Title, look.Style{Size: 20, Bold: true, Color: p.Ink})
	wide := float32(formW)
	if p.Small() {
		wide = smallFormW
	}
	top, high := r.Y+50, r.H-62
	left := r.W - 2*page.Margin - wide - 12
	p.CardBox(page.Margin, top, left, high, false)
	p.Place(l.List, page.Margin+1, top+2, left-2, high-4)
	x := page.Margin + left + 12
	if !l.begun || l.form == nil {
		p.CardBox(x, top, wide, high, false)
		return
	}
	sub := k.T("directory.new")
	if row, ok := l.Selected(); ok && row.ID == l.id {
		_, sub = l.state(&row)
		for _, s := range []string{row.Owner, row.Group, row.Of.Solution} {
			if s != "" {
				sub += " · " + s
			}
		}
	}
	l.form.Draw(p, page.At(x, top, wide, min(formH, high)), l.now.Title, sub)
	y := top + formH + 12
	if h := top + high - y; h > 90 {
		p.CardBox(x, y, wide, h, false)
		at := p.Text(x+16, y+8, 28, k.T("problem.cases"), look.Style{Size: 16, Bold: true, Color: p.Ink}) + 10
		p.Key(at, y+22, "F3")
		p.Place(l.cases, x+1, y+40, wide-2, h-44)
	}
}
