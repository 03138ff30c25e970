package ui

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"punto/app"
	"punto/app/desk"
	"punto/app/sla"
	"punto/ui/look"
)

// casePage is one case: its clocks, its history, what is linked, and what may be
// done now.
type casePage struct {
	w    *Window
	from page // where Esc goes
	id   desk.ID
	a    *app.OneCaseAnswer
	note *look.Field
	skip int // entries of the history scrolled past, from the newest
	at   time.Time

	links bool // in a small window what is linked stands in the place of the history
}

// openCase brings a case up over the present page.
func (w *Window) openCase(id desk.ID) {
	c := &casePage{w: w, from: w.page, id: id, note: look.NewField(w.palette, w, false)}
	if old, ok := w.page.(*casePage); ok {
		c.from = old.from
	}
	c.note.Limit = paragraph
	c.note.OnFocus = func(bool) { w.Refresh() }
	c.note.OnEnter = func() { c.say(false) }
	c.keeps(c.note, "note")
	c.relabel()
	w.open(c)
}

func (c *casePage) relabel()              { c.note.SetPlaceHolder(c.w.T("case.noteHint")) }
func (c *casePage) first() fyne.Focusable { return c.note }

// called is the case's number, as soon as it is known.
func (c *casePage) called() string {
	if c.a == nil {
		return c.w.T("area.cases")
	}
	return string(c.a.Case.Number)
}
func (c *casePage) back()    { c.w.open(c.from) }
func (c *casePage) tick()    { c.w.saveDrafts() }
func (c *casePage) changed() { c.show() }

func (c *casePage) show() {
	ask(c.w, app.OneCase{ID: c.id}, func(a app.OneCaseAnswer) {
		c.a, c.at = &a, c.w.Now()
	})
}

func (c *casePage) status() string {
	if c.at.IsZero() {
		return ""
	}
	return c.w.T("saved.at", "At", time.UnixMilli(c.a.Case.LastAt).In(c.w.zone()).Format("15:04:05"))
}

// do carries a command out and shows the case again.
func (c *casePage) do(cmd app.Command) { c.w.do(cmd, func(app.Receipt) { c.show() }) }

// keeps keeps what is half typed in a field of this case, and brings back what was:
// neither Esc nor the end of the program loses it.
func (c *casePage) keeps(f *look.Field, kind string) {
	me := c.w.state.Me
	if h := c.w.drafts.half(me, c.id, kind); h != nil {
		f.SetText(h.Text)
	}
	f.OnChanged = func(s string) { c.w.drafts.keepHalf(me, c.id, kind, s, c.w.Now()) }
}

// did forgets what was half typed for something that is done now.
func (c *casePage) did(kind string) {
	c.w.drafts.keepHalf(c.w.state.Me, c.id, kind, "", c.w.Now())
}

func (c *casePage) say(public bool) {
	text := strings.TrimSpace(c.note.Text)
	if text == "" {
		return
	}
	c.w.do(app.AddNote{Case: c.id, Text: text, Public: public}, func(app.Receipt) {
		c.note.SetText("")
		c.show()
	})
}

func (c *casePage) actions() []action {
	w := c.w
	if c.a == nil {
		return nil
	}
	as := []action{
		{key: "F2", word: w.T("do.card"), hidden: true, do: func() { c.links = !c.links; w.Refresh() }},
		{key: "Ctrl D", word: w.T("do.undo"), right: true, do: func() { c.do(app.Undo{Entity: desk.Entity{Type: desk.CaseType, ID: c.id}}) }},
		{key: "Ctrl I", word: w.T("do.noteInside"), hidden: true, do: func() { c.say(false) }},
		{key: "Ctrl U", word: w.T("do.noteUser"), hidden: true, do: func() { c.say(true) }},
		{key: "Ctrl E", word: w.T("do.explain"), hidden: true, do: c.explain},
		{key: "Alt ↑", word: w.T("case.history"), hidden: true, do: func() { c.skip++; w.Refresh() }},
	}
	if !c.a.Case.Status.Open() {
		return append([]action{{key: "F9", word: w.T("do.reopen"), primary: true, do: c.reopen}}, as...)
	}
	open := []action{
		{key: "F9", word: w.T("do.resolve"), primary: true, do: func() { c.supply(c.resolve) }},
		{key: "F10", word: w.T("do.derive"), do: func() { c.supply(c.derive) }},
	}
	if c.a.Case.Status == desk.Pending {
		open = append(open, action{key: "F11", word: w.T("do.goOn"), do: func() { c.do(app.ResumeCase{Case: c.id}) }})
	} else {
		open = append(open, action{key: "F11", word: w.T("do.pause"), do: func() {
			q := w.askPending(func(code, text string, wake int64) {
				c.w.do(app.SuspendCase{Case: c.id, Reason: code, Text: text, Wake: wake}, func(app.Receipt) { c.did("pend"); c.show() })
			})
			c.keeps(q.field, "pend")
		}})
	}
	if c.a.Case.Agent != w.state.Me || c.a.Case.Status != desk.InProgress {
		open = append(open, action{key: "F4", word: w.T("do.take"), do: func() { c.do(app.TakeCase{Case: c.id}) }})
	}
	open = append(open, action{key: "F6", word: w.T("do.assign"), do: c.assign}, action{key: "F8", word: w.T("do.merge"), do: c.merge})
	return append(open, as...)
}

// resolve asks how it was solved: in words, by one of the documents that fit, or
// both. Solving a major incident proposes to solve what hangs under it.
func (c *casePage) resolve() {
	w := c.w
	ask(w, app.Search{Text: c.a.Case.Subject, Kind: "article", Limit: 3}, func(a app.SearchAnswer) {
		var titles []string
		for _, h := range a.Hits {
			titles = append(titles, h.Title)
		}
		q := w.question(w.T("ask.solution"), titles, 0, w.T("case.solution"), "", func(i int, text string) {
			cmd := app.ResolveCase{Case: c.id, Text: text}
			if i > 0 {
				cmd.Article = a.Hits[i-1].ID
			}
			w.do(cmd, func(r app.Receipt) {
				c.did("solve")
				c.show()
				c.children(r.More, cmd)
			})
		})
		q.optional, q.check = true, w.checkSolution
		c.keeps(q.field, "solve")
	})
}

// children offers to solve the open cases of a major incident in the same way.
func (c *casePage) children(ids []desk.ID, how app.ResolveCase) {
	if len(ids) == 0 {
		return
	}
	w := c.w
	w.question(w.words.N("ask.children", len(ids)), []string{w.T("word.yes"), w.T("word.no")}, 1, "", "", func(i int, _ string) {
		if i != 1 {
			return
		}
		for _, id := range ids {
			how.Case = id
			w.do(how, func(app.Receipt) { c.show() })
		}
	})
}

// assign asks for an agent of the case's group, else of the desk.
func (c *casePage) assign() {
	w := c.w
	var names []string
	var ids []desk.ID
	for _, mine := range []bool{true, false} {
		for _, a := range w.agents {
			if len(ids) < 8 && !a.Of.Gone && slices.Contains(a.Of.Groups, c.a.Case.Group) == mine {
				names, ids = append(names, a.Of.Name), append(ids, a.ID)
			}
		}
		if len(ids) > 0 {
			break
		}
	}
	w.question(w.T("ask.agent"), names, 0, "", "", func(i int, _ string) {
		if i >= 1 && i <= len(ids) {
			c.do(app.AssignCase{Case: c.id, Agent: ids[i-1]})
		}
	})
}

func (c *casePage) derive() {
	cat, _ := c.w.model.Category(c.a.Case.Category)
	q := c.w.askGroup(c.w.model.Groups[cat.Group], c.a.Case.Group, "", func(g desk.ID, reason string) {
		c.w.do(app.HandOffCase{Case: c.id, Group: g, Reason: reason}, func(app.Receipt) { c.did("derive"); c.show() })
	})
	c.keeps(q.field, "derive")
}

func (c *casePage) reopen() {
	w := c.w
	q := w.question(w.T("ask.reopen"), nil, 0, w.T("ask.reason"), "", func(_ int, text string) {
		w.do(app.ReopenCase{Case: c.id, Text: text}, func(r app.Receipt) { c.did("reopen"); c.id = r.ID; c.show() })
	})
	c.keeps(q.field, "reopen")
}

func (c *casePage) merge() {
	w := c.w
	w.question(w.T("ask.merge"), nil, 0, "B-4217-6", "", func(_ int, text string) {
		ask(w, app.OneCase{Number: text}, func(a app.OneCaseAnswer) { c.do(app.MergeCase{Case: c.id, Into: a.ID}) })
	})
}

func (c *casePage) explain() {
	ask(c.w, app.Explain{ID: c.id}, func(a app.ExplainAnswer) { c.w.open(newExplain(c.w, c, string(a.Number), a.Clocks)) })
}

func (c *casePage) draw(p *look.Painter, r rect) {
	w := c.w
	number := w.T("wait.loading")
	if c.a != nil {
		number = string(c.a.Case.Number)
	}
	w.drawTabs(p, []string{w.T(areaWords[w.area]), number}, 1, func(i int) {
		if i == 0 {
			c.back()
		}
	}, []action{{key: "Esc", word: w.T("do.back")}})
	y := r.y + tabsH + 8
	if c.a == nil {
		return
	}
	c.drawTitle(p, rect{margin, y, r.w - 2*margin, 60})
	if y += 68; folds(p) {
		y -= 6
	}
	cards := c.clocks()
	n := float32(max(1, min(4, len(cards))))
	cw, ch := (r.w-2*margin-12*(n-1))/n, float32(108)
	if folds(p) {
		ch = foldedClockH
	}
	for i, run := range cards {
		if i == 4 {
			break
		}
		key := ""
		if run.Kind == sla.Resolve {
			key = "Ctrl E"
		}
		g, _ := desk.ParseID(run.Group)
		w.clockCard(p, rect{margin + float32(i)*(cw+12), y, cw, ch}, run, c.a.Names[g], key)
	}
	y += ch + 12
	h := r.y + r.h - y - 12
	if folds(p) {
		c.drawFolded(p, rect{margin, y - 6, r.w - 2*margin, h + 10})
		return
	}
	stack := float32(522)
	if r.w < 1300 {
		stack = 420
	}
	hw := r.w - 2*margin - stack - 12
	c.drawHistory(p, rect{margin, y, hw, h})
	c.drawLinks(p, rect{margin + hw + 12, y, stack, h})
}

// drawFolded shows the history or what is linked, as a tab chooses; where one
// writes stays.
func (c *casePage) drawFolded(p *look.Painter, r rect) {
	on := 0
	if c.links {
		on = 1
	}
	w := c.w
	r = w.drawFolds(p, r, []string{w.T("case.history") + fmt.Sprintf(" %d", len(c.a.Timeline)), w.T("case.links")}, on, func(i int) { c.links = i == 1; w.Refresh() })
	if !c.links {
		c.drawHistory(p, r)
		return
	}
	c.drawLinks(p, rect{r.x, r.y, r.w, r.h - noteH})
	c.drawNote(p, rect{r.x, r.y + r.h - noteH, r.w, noteH})
}

// clocks are the runs worth a card: take-up, resolve, then the newest of units.
func (c *casePage) clocks() []sla.Run {
	var out, units []sla.Run
	for _, r := range c.a.Clocks {
		if r.Kind == sla.OLA || r.Kind == sla.Supplier {
			units = append([]sla.Run{r}, units...)
		} else {
			out = append(out, r)
		}
	}
	return append(out, units...)
}

func (c *casePage) drawTitle(p *look.Painter, r rect) {
	w, k := c.w, &c.a.Case
	m, word := statusMark(k.Status), w.T("status."+k.Status.String())
	if k.Status == desk.Pending && k.Wake != 0 {
		word += " · " + w.T("case.wakes", "When", w.at(time.UnixMilli(k.Wake)))
	}
	right := r.x + r.w - look.ChipWidth(m, word)
	p.Chip(right, r.y+15, m, word)
	prio := "P" + fmt.Sprint(k.Priority) + " " + w.priority(k.Priority)
	right -= look.ChipWidth(look.NoMark, prio) + 8
	p.Chip(right, r.y+15, look.NoMark, prio)
	if n := len(k.Conflicts); n > 0 {
		s := w.T("case.conflicts", "N", n)
		right -= look.ChipWidth(look.WatchMark, s) + 8
		p.Chip(right, r.y+15, look.WatchMark, s)
	}
	x := p.TextFit(r.x, r.y, right-r.x-12, 30, string(k.Number), look.Style{Size: 20, Bold: true, Color: p.Accent}) + 12
	p.TextFit(x, r.y, right-x-12, 30, k.Subject, look.Style{Size: 20, Bold: true, Color: p.Ink})
	by := c.a.Names[k.OpenedBy]
	if by == "" {
		by = w.T("case.system")
	}
	opened := w.T("case.openedBy", "When", w.at(time.UnixMilli(k.OpenedAt)), "Who", by)
	end := p.Right(r.x+r.w, r.y+32, 26, opened, look.Style{Color: p.Muted}) - 12
	x = p.TextFit(r.x, r.y+32, (end-r.x)/2, 26, c.a.Person.Name, look.Style{Bold: true}) + 10
	if c.a.Person.VIP {
		x = p.Label(x, r.y+45, w.T("person.vip")) + 10
	}
	rest := strings.Trim(c.a.Person.Extension+" · "+c.a.Row.Area, " ·")
	if rest != "" && c.a.Row.Category != "" {
		rest += "  ·  "
	}
	p.Spans(x, r.y+32, end-x, 26, look.Span{S: rest, Style: look.Style{Color: p.Muted}}, look.Span{S: c.a.Row.Category})
}

var momentMarks = map[desk.Kind]look.Mark{desk.CaseOpened: look.NowMark, desk.CaseHandedOff: look.PassMark, desk.CaseAssigned: look.PassMark, desk.CaseTaken: look.FineMark,
	desk.CaseSuspended: look.PauseMark, desk.CaseResumed: look.NowMark, desk.CaseResolved: look.FineMark, desk.CaseReopened: look.WatchMark, desk.CaseMerged: look.PassMark,
	desk.CaseAbsorbed: look.FineMark, desk.CaseClosed: look.FineMark, desk.CaseCancelled: look.FailMark}

// drawHistory tells what happened, the newest at the foot, where one writes.
func (c *casePage) drawHistory(p *look.Painter, r rect) {
	w := c.w
	p.CardBox(r.x, r.y, r.w, r.h, false)
	head := float32(44)
	if folds(p) { // its tab names it
		head = 10
	} else {
		p.Text(r.x+16, r.y+10, 28, w.T("case.history"), look.Style{Size: 16, Bold: true, Color: p.Ink})
		p.Right(r.x+r.w-16, r.y+10, 28, w.T("case.facts", "N", len(c.a.Timeline)), look.Style{Size: 12, Color: p.Muted})
	}
	foot := r.y + r.h - noteH
	p.Line(r.x, foot, r.x+r.w, foot, 1, p.Palette.Line)
	c.drawNote(p, rect{r.x, foot, r.w, noteH})

	const entry = 42
	room := int((foot - r.y - head) / entry)
	ms := c.a.Timeline
	c.skip = min(c.skip, max(0, len(ms)-room))
	to := len(ms) - c.skip
	from := max(0, to-room)
	y := r.y + head
	for i := from; i < to; i++ {
		if i+1 < to {
			p.Line(r.x+75, y+12, r.x+75, y+12+entry, 1.5, p.Palette.Line)
		}
		c.drawMoment(p, rect{r.x + 16, y, r.w - 32, entry}, ms[i])
		y += entry
	}
}

// noteH is the foot of the history, where one writes.
const noteH = 56

func (c *casePage) drawNote(p *look.Painter, r rect) {
	w, small := c.w, look.Style{Size: 12, Color: p.Muted}
	kx := r.x + r.w - 16 - look.KeyWidth("Ctrl U")
	p.Key(kx, r.y+28, "Ctrl U")
	kx = p.Right(kx-6, r.y, noteH, w.T("do.noteUser"), small) - 12
	kx -= look.KeyWidth("Ctrl I")
	p.Key(kx, r.y+28, "Ctrl I")
	kx = p.Right(kx-6, r.y, noteH, w.T("do.noteInside"), small) - 12
	p.FieldBox(r.x+16, r.y+10, kx-r.x-16, 36, c.note.Focused)
	p.Place(c.note, r.x+18, r.y+10, kx-r.x-20, 36)
}

func (c *casePage) drawMoment(p *look.Painter, r rect, m app.Moment) {
	w := c.w
	at := time.UnixMilli(m.At).In(w.zone())
	when := at.Format("15:04")
	if now := w.Now().In(w.zone()); at.YearDay() != now.YearDay() || at.Year() != now.Year() {
		when = at.Format("2/1")
	}
	p.Text(r.x, r.y, 22, when, look.Style{Size: 12, Color: p.Muted})
	mark := momentMarks[m.Kind]
	if mark == look.NoMark {
		mark = look.NoteMark
	}
	p.Mark(r.x+52, r.y+4, 14, mark)
	who := m.Actor
	if who == "" {
		who = w.T("case.system")
	}
	did := "did." + m.Kind.String()
	if m.Kind == desk.CaseNoted && m.Public {
		did = "did.case-notedPublic"
	}
	object := m.Other
	switch m.Kind {
	case desk.CaseHandedOff:
		object = m.Group
	case desk.CaseAssigned:
		object = strings.Trim(m.Agent+" · "+m.Group, " ·")
	case desk.CaseSuspended:
		object = w.reason(m.Reason)
	}
	x, wd := r.x+74, r.w-74
	spans := []look.Span{{S: who, Style: look.Style{Bold: true}}, {S: " " + w.words.T(did)}}
	if object != "" {
		spans = append(spans, look.Span{S: " " + object, Style: look.Style{Bold: true}})
	}
	if m.Undone {
		spans = append(spans, look.Span{S: " · " + w.T("did.undone"), Style: look.Style{Color: p.Watch}})
	}
	p.Spans(x, r.y, wd, 22, spans...)
	said := m.Text
	if m.Kind == desk.CaseHandedOff || m.Kind == desk.CaseAssigned {
		said = m.Reason
	}
	if said != "" {
		said = "«" + strings.ReplaceAll(said, "\n", " ") + "»"
	}
	p.TextFit(x, r.y+19, wd, 18, said, look.Style{Size: 12, Color: p.Muted})
}

func (c *casePage) drawLinks(p *look.Painter, r rect) {
	w, k := c.w, &c.a.Case
	p.CardBox(r.x, r.y, r.w, r.h, false)
	y := r.y + 34
	if folds(p) { // its tab names it
		y = r.y + 2
	} else {
		p.Text(r.x+16, r.y+8, 24, w.T("case.links"), look.Style{Size: 12, Bold: true, Color: p.Muted})
	}
	line := func(label, value string, bold bool) {
		if value == "" || y+30 > r.y+r.h {
			return
		}
		p.Text(r.x+16, y, 30, label, look.Style{Color: p.Muted})
		p.TextFit(r.x+120, y, r.w-136, 30, value, look.Style{Bold: bold})
		y += 30
		p.Line(r.x+16, y, r.x+r.w-16, y, 1, p.RowLine)
	}
	agent := c.a.Row.Agent
	if agent == "" {
		agent = w.T("case.nobody")
	}
	line(w.T("case.person"), c.a.Person.Name, true)
	line(w.T("case.group"), c.a.Row.Group, true)
	line(w.T("case.agent"), agent, false)
	line(w.T("case.category"), c.a.Row.Category, false)
	line(w.T("case.contract"), strings.Trim(c.a.Contract.Code+" · "+c.a.Contract.Client, " ·"), false)
	line(w.T("case.parent"), c.a.Names[k.Parent], true)
	line(w.T("case.solution"), k.Solution.Text, false)
	if k.Text != "" && y+52 <= r.y+r.h {
		p.Text(r.x+16, y+8, 24, w.T("intake.text"), look.Style{Size: 12, Bold: true, Color: p.Muted})
		drawParagraph(p, rect{r.x + 16, y + 32, r.w - 32, r.y + r.h - y - 40}, k.Text, look.Style{})
	}
}

// drawParagraph sets a text in lines, as many as fit.
func drawParagraph(p *look.Painter, r rect, text string, st look.Style) {
	y := r.y
	for _, para := range strings.Split(text, "\n") {
		line := ""
		flush := func() bool {
			if y+20 > r.y+r.h {
				return false
			}
			p.Text(r.x, y, 20, line, st)
			y += 20
			line = ""
			return true
		}
		for _, word := range strings.Fields(para) {
			next := strings.TrimSpace(line + " " + word)
			if look.Measure(next, st) > r.w && line != "" {
				if !flush() {
					return
				}
				next = word
			}
			line = next
		}
		if !flush() {
			return
		}
	}
}
