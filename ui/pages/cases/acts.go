package cases

import (
	"slices"
	"strings"

	"punto/app"
	"punto/app/desk"
	"punto/ui/look"
	"punto/ui/page"
)

// What may be done with a case now.

// do carries a command out and shows the case again.
func (c *casePage) do(cmd app.Command) { c.k.Do(cmd, func(app.Receipt) { c.load() }, nil) }

// keeps keeps what is half typed in a field of this case, and brings back what was:
// neither Esc nor the end of the program loses it.
func (c *casePage) keeps(f *look.Field, kind string) {
	me := c.k.State.Me
	if h := c.k.Drafts.Half(me, c.id, kind); h != nil {
		f.SetText(h.Text)
	}
	f.OnChanged = func(s string) { c.k.Drafts.KeepHalf(me, c.id, kind, s, c.k.Now()) }
}

// did forgets what was half typed for something that is done now.
func (c *casePage) did(kind string) {
	c.k.Drafts.KeepHalf(c.k.State.Me, c.id, kind, "", c.k.Now())
}

func (c *casePage) say(public bool) {
	text := strings.TrimSpace(c.note.Text)
	if text == "" {
		return
	}
	c.k.Do(app.AddNote{Case: c.id, Text: text, Public: public}, func(app.Receipt) {
		c.note.SetText("")
		c.load()
	}, nil)
}

// Actions implements page.Page.
func (c *casePage) Actions() []page.Action {
	k := c.k
	if c.a == nil {
		return nil
	}
	follow := k.T("do.follow")
	if c.a.Followed {
		follow = k.T("do.unfollow")
	}
	as := []page.Action{
		{Key: "F2", Word: k.T("do.card"), Hidden: true, Do: func() { c.links = !c.links; k.Refresh() }},
		{Key: "Ctrl D", Word: k.T("do.undo"), Right: true, Do: func() { c.do(app.Undo{Entity: desk.Entity{Type: desk.CaseType, ID: c.id}}) }},
		{Key: "Ctrl I", Word: k.T("do.noteInside"), Hidden: true, Do: func() { c.say(false) }},
		{Key: "Ctrl U", Word: k.T("do.noteUser"), Hidden: true, Do: func() { c.say(true) }},
		{Key: "Ctrl E", Word: k.T("do.explain"), Hidden: true, Do: c.explain},
		{Key: "Ctrl L", Word: k.T("do.parent"), Hidden: true, Do: c.under},
		{Key: "Alt R", Word: k.T("do.problem"), Hidden: true, Do: c.cause},
		{Key: "Alt U", Word: k.T("do.person"), Hidden: true, Do: func() {
			if !c.a.Case.Person.IsZero() {
				k.Go("person", c.a.Case.Person)
			}
		}},
		{Key: "Alt T", Word: k.T("do.tellAll"), Hidden: true, Do: c.tellAll},
		{Key: "F3", Word: k.T("do.read"), Hidden: true, Do: c.read},
		{Key: "Alt W", Word: k.T("do.whyAssigned"), Hidden: true, Do: c.whyAssigned},
		{Key: "F12", Word: follow, Hidden: true, Do: func() { c.do(app.FollowCase{Case: c.id, Off: c.a.Followed}) }},
	}
	as = append(append(as, c.fileActions()...), c.stepActions()...)
	if excuses(k) && len(breaches(c.a)) > 0 {
		as = append(as, page.Action{Key: "Alt E", Word: k.T("do.excuse"), Hidden: true, Do: func() { excuse(k, c.a, c.load) }})
	}
	if !c.a.Case.Status.Open() {
		return append([]page.Action{{Key: "F9", Word: k.T("do.reopen"), Primary: true, Do: c.reopen}}, as...)
	}
	open := []page.Action{
		{Key: "F9", Word: k.T("do.resolve"), Primary: true, Do: func() {
			if c.mayResolve() {
				c.supply(c.resolve)
			}
		}},
		{Key: "F10", Word: k.T("do.derive"), Do: func() { c.supply(c.derive) }},
	}
	if c.a.Case.Status == desk.Pending {
		open = append(open, page.Action{Key: "F11", Word: k.T("do.goOn"), Do: func() { c.do(app.ResumeCase{Case: c.id}) }})
	} else {
		open = append(open, page.Action{Key: "F11", Word: k.T("do.pause"), Do: func() {
			q := k.AskPending(func(code, text string, wake int64) {
				c.k.Do(app.SuspendCase{Case: c.id, Reason: code, Text: text, Wake: wake}, func(app.Receipt) { c.did("pend"); c.load() }, nil)
			})
			c.keeps(q.Field, "pend")
		}})
	}
	if c.a.Case.Agent != k.State.Me || c.a.Case.Status != desk.InProgress {
		open = append(open, page.Action{Key: "F4", Word: k.T("do.take"), Do: func() { c.do(app.TakeCase{Case: c.id}) }})
	}
	open = append(open, page.Action{Key: "F6", Word: k.T("do.assign"), Do: c.assign}, page.Action{Key: "F7", Word: k.T("do.editCase"), Do: c.change},
		page.Action{Key: "F8", Word: k.T("do.merge"), Do: c.merge})
	return append(open, as...)
}

// read takes the keys to what is read, one text after another, and back to where one
// writes.
func (c *casePage) read() {
	switch writes := c.note.Focused; {
	case writes && !c.links:
		c.k.Focus(c.told.list)
	case writes || c.told.list.Focused && !c.folded:
		c.k.Focus(c.data.list)
	default:
		c.k.Focus(c.note)
	}
}

// resolve asks how it was solved: in words, by one of the documents that fit, or
// both. Solving a major incident proposes to solve what hangs under it.
func (c *casePage) resolve() {
	k := c.k
	page.Ask(k, app.Search{Text: c.a.Case.Subject, Kind: "article", Limit: 3}, func(a app.SearchAnswer) {
		var titles []string
		for _, h := range a.Hits {
			titles = append(titles, h.Title)
		}
		q := k.Question(k.T("ask.solution"), titles, 0, k.T("case.solution"), "", func(i int, text string) {
			cmd := app.ResolveCase{Case: c.id, Text: text}
			if i > 0 {
				cmd.Article = a.Hits[i-1].ID
			}
			k.Do(cmd, func(r app.Receipt) {
				c.did("solve")
				c.load()
				c.children(r.More, cmd)
			}, nil)
		})
		q.Optional, q.Check = true, k.CheckSolution
		c.keeps(q.Field, "solve")
	})
}

// children offers to solve the open cases of a major incident in the same way.
func (c *casePage) children(ids []desk.ID, how app.ResolveCase) {
	if len(ids) == 0 {
		return
	}
	k := c.k
	k.Question(k.Words.N("ask.children", len(ids)), []string{k.T("word.yes"), k.T("word.no")}, 1, "", "", func(i int, _ string) {
		if i != 1 {
			return
		}
		for _, id := range ids {
			how.Case = id
			k.Do(how, func(app.Receipt) { c.load() }, nil)
		}
	})
}

func (c *casePage) assign() {
	askAgent(c.k, c.a.Case.Group, func(id desk.ID) { c.do(app.AssignCase{Case: c.id, Agent: id}) })
}

// askAgent asks for an agent of a group, else of the desk.
func askAgent(k *page.Kit, group desk.ID, use func(desk.ID)) {
	var names []string
	var ids []desk.ID
	for _, mine := range []bool{true, false} {
		for _, a := range k.Agents {
			if len(ids) < 8 && !a.Of.Gone && slices.Contains(a.Of.Groups, group) == mine {
				names, ids = append(names, a.Of.Name), append(ids, a.ID)
			}
		}
		if len(ids) > 0 {
			break
		}
	}
	k.Question(k.T("ask.agent"), names, 0, "", "", func(i int, _ string) {
		if i >= 1 && i <= len(ids) {
			use(ids[i-1])
		}
	})
}

func (c *casePage) derive() {
	cat, _ := c.k.Model.Category(c.a.Case.Category)
	q := c.k.AskGroup(c.k.Model.Groups[cat.Group], c.a.Case.Group, "", func(g desk.ID, reason string) {
		c.k.Do(app.HandOffCase{Case: c.id, Group: g, Reason: reason}, func(app.Receipt) { c.did("derive"); c.load() }, nil)
	})
	c.keeps(q.Field, "derive")
}

func (c *casePage) reopen() {
	k := c.k
	q := k.Question(k.T("ask.reopen"), nil, 0, k.T("ask.reason"), "", func(_ int, text string) {
		k.Do(app.ReopenCase{Case: c.id, Text: text}, func(r app.Receipt) { c.did("reopen"); c.id = r.ID; c.load() }, nil)
	})
	c.keeps(q.Field, "reopen")
}

func (c *casePage) explain() { explain(c.k, c.id) }

// explain tells what made each deadline of a case.
func explain(k *page.Kit, id desk.ID) {
	page.Ask(k, app.Explain{ID: id}, func(a app.ExplainAnswer) { k.Over(page.Explanation(k, string(a.Number), a.Clocks)) })
}

// whyAssigned tells what each rule of the service model makes of the case.
func (c *casePage) whyAssigned() {
	k := c.k
	page.Ask(k, app.WhyAssigned{Case: c.id}, func(a app.WhyAssignedAnswer) {
		var lines []look.Span
		add := func(bold bool, s string) { lines = append(lines, look.Span{S: s, Style: look.Style{Bold: bold}}) }
		if add(true, k.T("rules.none")); a.Rule != "" {
			lines[0].S = k.T("rules.by", "Rule", a.Rule)
		}
		for _, r := range a.Rules {
			s := r.Title + " → " + r.Group + " · " + k.T("rules.holds")
			if r.Fails != "" {
				s = r.Title + " → " + r.Group + " · " + k.Words.T("fails."+r.Fails)
			}
			add(r.First, "    "+s)
		}
		for _, x := range a.Agents {
			s := x.Name + " · " + k.Words.N("rules.open", x.Open)
			if x.Last {
				s += " · " + k.T("rules.last")
			}
			if x.Chosen {
				s += " · " + k.T("rules.chosen")
			}
			add(x.Chosen, "        "+s)
		}
		k.Over(page.Lines(k, k.T("do.whyAssigned")+" · "+string(c.a.Case.Number), lines))
	})
}
