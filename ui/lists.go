package ui

import (
	"fmt"
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"punto/app"
	"punto/app/desk"
	"punto/ui/look"
)

// table is a page with one long list: it loads a page of rows when the end of
// the last comes near, and never waits for it.
type table[R any] struct {
	w       *Window
	title   string
	list    *look.List
	rows    []R
	next    []byte
	more    bool
	loading bool
	loaded  func() // the first rows are there, or it is known that there are none
	gen     int    // of the loading; answers of an older one are dropped
	fetch   func(t *table[R], after []byte, use func(rows []R, next []byte))
	extra   []action
	over    func(*look.Painter, rect) rect // draws what stands above and gives what is left; may be nil
	same    func(a, b R) bool              // tells a row again after loading, so that the selection stays on it; may be nil
}

const pageRows = 128

func newTable[R any](w *Window, title string, empty [2]string, row func(*look.Painter, R, float32, float32, float32, []float32), cols ...look.Column) *table[R] {
	t := &table[R]{w: w, title: title, more: true}
	t.list = look.NewList(w.palette, w, cols...)
	t.list.Empty[0] = w.T("wait.loading") // until it is known that there is none
	t.loaded = func() { t.list.Empty = empty }
	t.list.Len = func() int {
		if t.more && len(t.rows) > 0 {
			return len(t.rows) + 1
		}
		return len(t.rows)
	}
	t.list.Row = func(p *look.Painter, i int, x, y, _, h float32, xs []float32) {
		if i >= len(t.rows) {
			p.Text(x, y, h, w.T("wait.loading"), look.Style{Color: p.Muted})
			return
		}
		row(p, t.rows[i], y, h, p.W, xs)
	}
	t.list.OnSelect = func(int) { t.ahead() }
	return t
}

// ahead loads more when the end of what is loaded comes near.
func (t *table[R]) ahead() {
	if _, to := t.list.Seen(); t.more && to+pageRows/2 > len(t.rows) {
		t.load()
	}
}

func (t *table[R]) load() {
	if t.loading {
		return
	}
	t.loading = true
	gen := t.gen
	t.fetch(t, t.next, func(rows []R, next []byte) {
		if gen != t.gen {
			return
		}
		t.loading = false
		t.rows, t.next, t.more = append(t.rows, rows...), next, next != nil
		t.list.Refresh()
		t.ahead() // somebody may be at the end already
	})
}

// show comes up as it was left: far down nothing is loaded anew.
func (t *table[R]) show() { t.changed() }

// reload loads from the beginning; what stands stays until the answer comes.
func (t *table[R]) reload() {
	t.gen++
	gen := t.gen
	t.loading = true
	t.fetch(t, nil, func(rows []R, next []byte) {
		if gen != t.gen {
			return
		}
		t.loading = false
		t.loaded()
		t.follow(rows)
		t.rows, t.next, t.more = rows, next, next != nil
		t.list.Refresh()
		t.ahead()
	})
}

// follow moves the selection to where its row stands among the new ones.
func (t *table[R]) follow(rows []R) {
	if t.same == nil || t.list.Selected >= len(t.rows) {
		return
	}
	was := t.rows[t.list.Selected]
	if i := slices.IndexFunc(rows, func(r R) bool { return t.same(was, r) }); i >= 0 {
		t.list.Selected = i
	}
}

func (t *table[R]) changed() {
	if t.list.Selected < pageRows { // far down, new rows wait for F5
		t.reload()
	}
}

func (t *table[R]) first() fyne.Focusable { return t.list }
func (t *table[R]) tick()                 { t.list.Refresh() }
func (t *table[R]) status() string        { return "" }

func (t *table[R]) actions() []action {
	var as []action
	if t.list.OnOpen != nil {
		as = append(as, action{key: "Enter", word: t.w.T("do.open"), primary: true, do: func() { t.list.OnOpen(t.list.Selected) }})
	}
	as = append(as, t.extra...)
	return append(as, action{key: "F5", word: t.w.T("do.refresh"), do: t.reload},
		action{key: "Ctrl N", word: t.w.T("do.newCase"), do: func() {
			t.w.goTo(attend)
			if in, ok := t.w.page.(*intake); ok {
				in.add()
			}
		}},
		action{key: "Ctrl K", word: t.w.T("do.search"), right: true, do: func() { t.w.open(newSearch(t.w, t.w.page)) }},
		action{key: "F1", word: t.w.T("do.keys"), right: true, do: func() { t.w.help = true; t.w.Refresh() }})
}

func (t *table[R]) draw(p *look.Painter, r rect) {
	if t.over != nil {
		r = t.over(p, r)
	}
	t.list.RowH = t.w.rowHeight()
	p.TextFit(margin, r.y+10, r.w-2*margin, 32, t.title, look.Style{Size: 20, Bold: true, Color: p.Ink})
	p.CardBox(margin, r.y+50, r.w-2*margin, r.h-62, false)
	p.Place(t.list, margin+1, r.y+52, r.w-2*margin-2, r.h-66)
}

// dueLeast holds the longest deadline, "Vence mañana 09:36" on its chip, whole: what
// a queue is read for is never cut.
const dueLeast = 172

// newCaseList is the queue of the signed-in agent, or all open cases.
func newCaseList(w *Window, all bool) *table[app.CaseRow] {
	title := w.T("list.mine")
	if all {
		title = w.T("list.all")
	}
	t := newTable(w, title, [2]string{w.T("list.none"), w.T("list.noneHint")}, w.caseRow,
		look.Column{Title: w.T("list.due"), Width: 190, Least: dueLeast}, look.Column{Title: w.T("list.used"), Width: 84, Least: 56}, look.Column{Title: w.T("list.case"), Width: 92, Least: 80},
		look.Column{Title: w.T("list.subject")}, look.Column{Title: w.T("list.priority"), Width: 96, Least: 72}, look.Column{Title: w.T("list.group"), Width: 210, Least: 110},
		look.Column{Title: w.T("list.clock"), Width: 110, Least: 66}, look.Column{Title: w.T("list.hops"), Width: 60, Least: 34, Right: true}, look.Column{Title: w.T("list.state"), Width: 90, Least: 74})
	q := app.Cases{By: "due"}
	if !all {
		q = app.Cases{By: "agent", ID: w.state.Me}
	} else {
		t.over = func(p *look.Painter, r rect) rect { return w.boardTabs(p, r, board) }
	}
	first := q
	t.fetch = func(_ *table[app.CaseRow], after []byte, use func([]app.CaseRow, []byte)) {
		page := q
		page.After, page.Limit = after, pageRows
		ask(w, page, func(a app.CasesAnswer) { use(a.Rows, a.Next) })
	}
	t.extra = []action{
		{key: "Ctrl F", word: w.T("do.filter"), do: func() {
			names, by := []string{title}, []app.Cases{first}
			for _, g := range w.groups {
				if len(names) < 8 {
					names, by = append(names, g.Of.Name), append(by, app.Cases{By: "group", ID: g.ID})
				}
			}
			w.question(w.T("do.filter"), names, 0, "", "", func(i int, _ string) {
				if i >= 1 && i <= len(by) {
					q, t.title = by[i-1], names[i-1]
					t.list.Selected = 0
					t.show()
				}
			})
		}},
		{key: "F3", word: w.T("do.newest"), do: func() {
			if q.By == "opened" {
				q, t.title = first, title
			} else {
				q, t.title = app.Cases{By: "opened"}, w.T("list.newest")
			}
			t.list.Selected = 0
			t.show()
		}},
	}
	t.list.OnOpen = func(i int) {
		if i < len(t.rows) {
			w.openCase(t.rows[i].ID)
		}
	}
	return t
}

func (w *Window) caseRow(p *look.Painter, c app.CaseRow, y, h, _ float32, xs []float32) {
	m, word := w.clockChip(c.Clock)
	p.Chip(xs[0], y+h/2, m, look.Fit(word, xs[1]-xs[0]-45, look.Style{Size: 12, Bold: true}))
	p.Track(xs[1], y+h/2, xs[2]-xs[1]-16, c.Clock.Used(), 1, p.Solid(m))
	p.Text(xs[2], y, h, string(c.Number), look.Style{Bold: true})
	end := xs[4] - 10
	x := p.TextFit(xs[3], y, end-xs[3], h, c.Subject, look.Style{}) + 8
	p.TextFit(x, y, end-x, h, c.Area, look.Style{Size: 12, Color: p.Muted})
	p.TextFit(xs[4], y, xs[5]-xs[4]-8, h, fmt.Sprintf("%d %s", c.Priority, w.priority(c.Priority)), look.Style{})
	agent := c.Agent
	if agent == "" {
		agent = w.T("case.nobody")
	}
	p.TextFit(xs[5], y, xs[6]-xs[5]-8, h, strings.Trim(c.Group+" · "+agent, " ·"), look.Style{})
	p.TextFit(xs[6], y, xs[7]-xs[6]-8, h, w.words.T("clock."+clockKind(c)), look.Style{Color: p.Muted})
	p.Right(xs[8]-8, y, h, fmt.Sprint(c.HandOffs), look.Style{})
	p.TextFit(xs[8], y, xs[9]-xs[8], h, w.words.T("status."+c.Status.String()), look.Style{Color: p.Muted})
}

func clockKind(c app.CaseRow) string {
	if c.Clock.ID == "" {
		return "none"
	}
	return c.Clock.Kind.String()
}

func newCallList(w *Window) *table[app.CallRow] {
	t := newTable(w, w.T("calls.title"), [2]string{w.T("calls.none"), w.T("calls.noneHint")}, w.callRow,
		look.Column{Title: w.T("calls.at"), Width: 150, Least: 110}, look.Column{Title: w.T("calls.from")}, look.Column{Title: w.T("case.agent"), Width: 200, Least: 130},
		look.Column{Title: w.T("calls.waited"), Width: 90, Least: 76, Right: true}, look.Column{Title: w.T("calls.talked"), Width: 90, Least: 76, Right: true},
		look.Column{Title: w.T("calls.end"), Width: 200, Least: 166})
	t.fetch = func(_ *table[app.CallRow], after []byte, use func([]app.CallRow, []byte)) {
		ask(w, app.Calls{After: after, Limit: pageRows}, func(a app.CallsAnswer) { use(a.Rows, a.Next) })
	}
	t.list.OnOpen = func(i int) {
		if i < len(t.rows) && !t.rows[i].Case.IsZero() {
			w.openCase(t.rows[i].Case)
		}
	}
	return t
}

func (w *Window) callRow(p *look.Painter, c app.CallRow, y, h, _ float32, xs []float32) {
	p.TextFit(xs[0], y, xs[1]-xs[0]-8, h, w.at(c.Call.OfferedAt), look.Style{})
	x := p.TextFit(xs[1], y, xs[2]-xs[1]-10, h, c.Call.Name, look.Style{Bold: true})
	if c.Call.Name != "" {
		x += 8
	}
	p.TextFit(x, y, xs[2]-x-10, h, c.Call.Caller, look.Style{Color: p.Muted})
	p.TextFit(xs[2], y, xs[3]-xs[2]-8, h, c.Call.Agent, look.Style{})
	p.Right(xs[4]-8, y, h, duration(c.Call.Wait), look.Style{})
	p.Right(xs[5]-8, y, h, duration(c.Call.Talk), look.Style{})
	m, word := look.NowMark, "call.none"
	if o := c.Call.Outcome.String(); o != "" {
		m, word = look.FineMark, "call."+o
		if !c.Call.Answered() {
			m = look.FailMark
		}
	}
	p.Chip(xs[5]+12, y+h/2, m, look.Fit(w.words.T(word), xs[6]-xs[5]-49, look.Style{Size: 12, Bold: true}))
}

func newPeopleList(w *Window) *table[app.PersonRow] {
	t := newTable(w, w.T("people.title"), [2]string{w.T("people.none"), w.T("people.noneHint")},
		func(p *look.Painter, r app.PersonRow, y, h, _ float32, xs []float32) {
			x := p.TextFit(xs[0], y, xs[1]-xs[0]-70, h, r.Person.Name, look.Style{Bold: true}) + 8
			if r.Person.VIP {
				p.Label(x, y+h/2, w.T("person.vip"))
			}
			p.TextFit(xs[1], y, xs[2]-xs[1]-8, h, r.Person.Extension, look.Style{})
			p.TextFit(xs[2], y, xs[3]-xs[2]-8, h, r.Person.Title, look.Style{})
			p.TextFit(xs[3], y, xs[4]-xs[3]-8, h, strings.Trim(r.Area+" · "+r.Site, " ·"), look.Style{Color: p.Muted})
		},
		look.Column{Title: w.T("people.name"), Width: 360, Least: 260}, look.Column{Title: w.T("people.ext"), Width: 110, Least: 80}, look.Column{Title: w.T("people.titleCol"), Width: 300, Least: 190},
		look.Column{Title: w.T("people.area")})
	t.fetch = func(_ *table[app.PersonRow], after []byte, use func([]app.PersonRow, []byte)) {
		ask(w, app.Records{Type: desk.PersonType, After: after, Limit: pageRows}, func(a app.RecordsAnswer) { use(a.People, a.Next) })
	}
	t.list.OnOpen = func(i int) {
		if i >= len(t.rows) {
			return
		}
		id := t.rows[i].ID
		w.goTo(attend)
		if in, ok := w.page.(*intake); ok && in.d != nil && in.d.Person.IsZero() {
			in.person(in.d, id)
			in.told()
		}
	}
	return t
}

func newArticleList(w *Window) *table[app.Named[desk.Article]] {
	t := newTable(w, w.T("articles.title"), [2]string{w.T("articles.empty"), w.T("articles.emptyHint")},
		func(p *look.Painter, r app.Named[desk.Article], y, h, _ float32, xs []float32) {
			p.TextFit(xs[0], y, xs[1]-xs[0]-10, h, r.Of.Title, look.Style{Bold: true})
			p.Text(xs[1], y, h, r.Of.Lang, look.Style{Color: p.Muted})
		},
		look.Column{Title: w.T("list.subject")}, look.Column{Title: w.T("articles.lang"), Width: 100})
	t.fetch = func(_ *table[app.Named[desk.Article]], after []byte, use func([]app.Named[desk.Article], []byte)) {
		ask(w, app.Records{Type: desk.ArticleType, After: after, Limit: pageRows}, func(a app.RecordsAnswer) { use(a.Articles, a.Next) })
	}
	t.list.OnOpen = func(i int) {
		if i < len(t.rows) {
			w.open(newArticle(w, t, t.rows[i].ID))
		}
	}
	return t
}

// searchPage finds cases, users and documents while one types (Ctrl K).
type searchPage struct {
	w     *Window
	from  page
	field *look.Field
	list  *look.List
	hits  []app.Hit
	seq   int
}

func newSearch(w *Window, from page) *searchPage {
	if s, ok := from.(*searchPage); ok {
		return s
	}
	s := &searchPage{w: w, from: from, field: look.NewField(w.palette, w, false)}
	s.field.SetPlaceHolder(w.T("search.title"))
	s.list = look.NewList(w.palette, w)
	s.list.Empty = [2]string{w.T("search.none"), w.T("search.noneHint")}
	s.list.Len = func() int { return len(s.hits) }
	s.list.Row = func(p *look.Painter, i int, x, y, wd, h float32, _ []float32) {
		hit := s.hits[i]
		p.Text(x, y, h, w.words.T("kind."+hit.Kind), look.Style{Size: 12, Color: p.Muted})
		end := p.Right(x+wd, y, h, hit.Detail, look.Style{Size: 12, Color: p.Muted}) - 10
		p.TextFit(x+90, y, end-x-90, h, hit.Title, look.Style{})
	}
	s.list.OnOpen = func(i int) { s.choose(i) }
	s.list.Led = true
	s.field.OnFocus = func(bool) { w.Refresh() }
	s.field.OnChanged = s.typed
	s.field.OnEnter = func() { s.choose(s.list.Selected) }
	s.field.OnArrow = func(k fyne.KeyName) bool {
		if k == fyne.KeyDown {
			s.list.Select(s.list.Selected + 1)
		} else {
			s.list.Select(s.list.Selected - 1)
		}
		return true
	}
	return s
}

func (s *searchPage) typed(text string) {
	s.seq++
	n := s.seq
	if strings.TrimSpace(text) == "" {
		s.hits = nil
		s.list.Refresh()
		return
	}
	ask(s.w, app.Search{Text: text, Limit: 20, Typing: true}, func(a app.SearchAnswer) {
		if n == s.seq {
			s.hits = a.Hits
			s.list.Selected = 0
			s.list.Refresh()
		}
	})
}

func (s *searchPage) choose(i int) {
	if i >= len(s.hits) {
		return
	}
	switch h := s.hits[i]; h.Kind {
	case "case":
		s.w.page = s.from
		s.w.openCase(h.ID)
	case "article":
		s.w.open(newArticle(s.w, s.from, h.ID))
	default:
		s.w.goTo(attend)
		if in, ok := s.w.page.(*intake); ok && in.d != nil {
			in.person(in.d, h.ID)
			in.told()
		}
	}
}

func (s *searchPage) first() fyne.Focusable { return s.field }
func (s *searchPage) called() string        { return s.w.T("do.search") }
func (s *searchPage) back()                 { s.w.open(s.from) }
func (s *searchPage) tick()                 {}
func (s *searchPage) show()                 {}
func (s *searchPage) status() string        { return "" }
func (s *searchPage) actions() []action {
	return []action{{key: "Enter", word: s.w.T("do.open"), primary: true, do: func() { s.choose(s.list.Selected) }},
		{key: "Esc", word: s.w.T("do.back"), do: s.back}}
}

func (s *searchPage) draw(p *look.Painter, r rect) {
	wd := min(900, r.w-2*margin)
	x := (r.w - wd) / 2
	p.FieldBox(x, r.y+20, wd, 40, s.field.Focused)
	p.Place(s.field, x+2, r.y+22, wd-4, 36)
	p.CardBox(x, r.y+68, wd, r.h-84, false)
	p.Place(s.list, x+1, r.y+72, wd-2, r.h-92)
}
