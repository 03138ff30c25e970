package ui

import (
	"cmp"
	"strings"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/phone"
)

// actions of the intake: what finishes the case, and the manual call panel.
func (in *intake) actions() []action {
	w := in.w
	if in.d == nil {
		return []action{{key: "Ctrl N", word: w.T("tabs.new"), do: in.add}}
	}
	_, group := in.group()
	derive := w.T("do.derive")
	if group != "" {
		derive = w.T("do.deriveTo", "Group", group)
	}
	c := &in.d.Call
	live := !c.Answered.IsZero() && c.Ended.IsZero()
	waiting := !c.Came.IsZero() && c.Answered.IsZero() && c.Ended.IsZero()
	hold := w.T("do.hold")
	if !c.HeldAt.IsZero() {
		hold = w.T("do.resume")
	}
	as := []action{
		{key: "F9", word: w.T("do.solved"), primary: true, do: in.solve},
		{key: "F10", word: derive, do: in.derive},
		{key: "F11", word: w.T("do.pending"), do: in.pend},
		{key: "F5", word: hold, right: true, hidden: !live, do: in.hold},
		{key: "F12", word: w.T("do.hangUp"), right: true, hidden: !live, do: func() { in.end(phone.Completed) }},
		{key: "Ctrl 1", word: w.T("do.callIn"), right: true, hidden: live || waiting, do: in.callIn},
		{key: "Ctrl 2", word: w.T("do.answer"), right: true, hidden: live, do: in.answer},
		{key: "Ctrl 3", word: w.T("do.transfer"), right: true, hidden: true, do: in.transfer},
		{key: "Ctrl 4", word: w.T("do.abandoned"), right: true, hidden: !waiting, do: func() { in.end(phone.Abandoned) }},
		{key: "Ctrl 5", word: w.T("do.busy"), right: true, hidden: !waiting, do: func() { in.end(phone.Busy) }},
		{key: "Ctrl N", word: w.T("tabs.new"), hidden: true, do: in.add},
		{key: "Ctrl Tab", word: w.T("tabs.next"), hidden: true, do: in.nextDraft},
		{key: "Ctrl W", word: w.T("draft.discard"), hidden: true, do: in.discard},
		{key: "Ctrl E", word: w.T("do.explain"), hidden: true, do: in.explain},
		{key: "F2", word: w.T("do.card"), hidden: true, do: func() { in.side, in.sided = (in.shown()+1)%4, in.d; w.Refresh() }},
	}
	if in.gone != nil {
		as = append(as, action{key: "Ctrl D", word: w.T("draft.restore"), right: true, do: in.restore})
	}
	for i, h := range in.documents() {
		key := []string{"F7", "Alt 2", "Alt 3"}[i]
		as = append(as, action{key: key, word: h.Title, hidden: true, do: func() { in.readArticle(h) }})
	}
	for i, h := range in.alike {
		key := []string{"F4", "Alt 4"}[i]
		as = append(as, action{key: key, word: h.Title, hidden: true, do: func() { w.openCase(h.ID) }})
	}
	return as
}

func (in *intake) nextDraft() {
	l := in.w.drafts.of(in.w.state.Me)
	for i, d := range l {
		if d == in.d {
			in.use(l[(i+1)%len(l)])
			return
		}
	}
}

func (in *intake) explain() {
	if in.promise != nil && len(in.promise.Why) > 0 {
		in.w.open(newExplain(in.w, in, string(in.d.Number), in.promise.Why))
	}
}

// readArticle shows a document. Using it is an act of its own there, and so is
// not using it after all.
func (in *intake) readArticle(h app.Hit) {
	d := in.d
	r := newArticle(in.w, in, h.ID)
	r.use, r.word = func() {
		d.Article, d.Title = h.ID, h.Title
		in.chosen(in.w.T("article.used", "Title", h.Title))
	}, in.w.T("article.use")
	if d.Article == h.ID {
		r.use, r.word = func() {
			d.Article, d.Title = desk.ID{}, ""
			in.chosen(in.w.T("article.unused", "Title", h.Title))
		}, in.w.T("article.unuse")
	}
	in.w.open(r)
}

func (in *intake) chosen(said string) {
	in.told()
	in.w.open(in)
	in.w.tell(said, false)
}

// seen records one event of the manual call.
func (in *intake) seen(k phone.EventKind, attempt int, o phone.Outcome) {
	d := in.d
	e := phone.CallEvent{Key: phone.Key{PBX: "manual", Kind: k, Attempt: attempt}, At: in.w.Now(), Outcome: o, Caller: d.Who, Name: d.Name}
	in.touched()
	in.numbered(d, func() {
		d.Call.ID = cmp.Or(d.Call.ID, d.ID.String())
		e.Key.UniqueID = d.Call.ID
		in.w.do(app.SeeCall{Event: e, Case: d.ID}, nil)
	})
}

func (in *intake) callIn() {
	if in.d.Call.Came.IsZero() {
		in.d.Call.Came = in.w.Now()
		in.seen(phone.Offered, 0, 0)
	}
}

func (in *intake) answer() {
	c := &in.d.Call
	if !c.Answered.IsZero() {
		return
	}
	in.callIn()
	c.Answered = in.w.Now()
	in.seen(phone.Answered, 0, 0)
}

func (in *intake) hold() {
	c := &in.d.Call
	switch {
	case c.Answered.IsZero() || !c.Ended.IsZero():
	case c.HeldAt.IsZero():
		c.HeldAt = in.w.Now()
		c.Holds++
		in.seen(phone.Held, c.Holds, 0)
	default:
		c.Held += in.w.Now().Sub(c.HeldAt)
		c.HeldAt = time.Time{}
		in.seen(phone.Resumed, c.Holds, 0)
	}
}

func (in *intake) transfer() {
	if c := &in.d.Call; !c.Answered.IsZero() && c.Ended.IsZero() {
		in.seen(phone.Transferred, 0, 0)
		in.end(phone.Completed)
	}
}

func (in *intake) end(o phone.Outcome) {
	c := &in.d.Call
	if c.Came.IsZero() || !c.Ended.IsZero() {
		return
	}
	if !c.HeldAt.IsZero() {
		c.Held += in.w.Now().Sub(c.HeldAt)
		c.HeldAt = time.Time{}
	}
	c.Ended = in.w.Now()
	in.seen(phone.Ended, 0, o)
}

// callID is the entity of the draft's call; zero when there was none.
func (d *draft) callID() desk.ID {
	if d.Call.ID == "" {
		return desk.ID{}
	}
	return app.CallID("manual", d.Call.ID)
}

// done takes the draft away: its case is registered.
func (in *intake) done(d *draft) {
	if !d.Call.Came.IsZero() && d.Call.Ended.IsZero() {
		in.d = d
		in.end(phone.Completed)
	}
	in.w.drafts.remove(d)
	in.w.tell(in.w.T("saved.case", "Number", d.Number), false)
	if in.d == d {
		in.d = nil
		in.show()
	}
}

// solve asks how it was solved, and shows what will be written: the words, and
// the document that somebody chose to use.
func (in *intake) solve() {
	d := in.d
	if !in.ready(true) {
		return
	}
	docs := in.documents()
	var titles []string
	chosen := 0
	for i, h := range docs {
		titles = append(titles, h.Title)
		if h.ID == d.Article {
			chosen = i + 1
		}
	}
	var q *question
	q = in.w.question(in.w.T("ask.solution"), titles, chosen, in.w.T("case.solution"), d.Solution, func(i int, text string) {
		c := app.ResolveCase{Text: text}
		if i > 0 {
			c.Article = docs[i-1].ID
		}
		in.register(d, q, app.RegisterCase{Resolve: &c})
	})
	q.check = in.w.checkSolution
	q.optional = true
	q.field.OnChanged = func(s string) {
		d.Solution = s
		in.touched()
	}
}

// documents are those that may solve it, at most three: first the one that was
// chosen to be used.
func (in *intake) documents() (hits []app.Hit) {
	d := in.d
	if !d.Article.IsZero() {
		hits = []app.Hit{{Kind: "article", ID: d.Article, Title: d.Title}}
	}
	for _, h := range in.articles {
		if h.ID != d.Article && len(hits) < 3 {
			hits = append(hits, h)
		}
	}
	return hits
}

// checkSolution refuses an answer that says nothing.
func (w *Window) checkSolution(i int, text string) string {
	if strings.TrimSpace(text) == "" && i == 0 {
		return w.T("err.solution")
	}
	return ""
}

func (in *intake) derive() {
	d := in.d
	if !in.ready(true) {
		return
	}
	first, _ := in.group()
	var q *question
	q = in.w.askGroup(first, in.w.model.Groups["n1"], d.What, func(group desk.ID, reason string) {
		in.register(d, q, app.RegisterCase{HandOff: &app.HandOffCase{Group: group, Reason: reason}})
	})
}

func (in *intake) pend() {
	d := in.d
	if !in.ready(false) {
		return
	}
	var q *question
	q = in.w.askPending(func(code, text string, wake int64) {
		in.register(d, q, app.RegisterCase{Suspend: &app.SuspendCase{Reason: code, Text: text, Wake: wake}})
	})
}

// groupsAsked is how many units are offered at once.
const groupsAsked = 8

// askGroup asks for a unit, other than the one that has the case, and a reason. The
// first is proposed, if it is another.
func (w *Window) askGroup(first, own desk.ID, reason string, use func(desk.ID, string)) *question {
	var names []string
	var ids []desk.ID
	chosen := 0
	for _, proposed := range []bool{true, false} {
		for _, g := range w.groups {
			if (g.ID == first) == proposed && g.ID != own && g.Of.Level >= 2 && len(ids) < groupsAsked {
				names, ids = append(names, g.Of.Name), append(ids, g.ID)
				if proposed {
					chosen = 1
				}
			}
		}
	}
	q := w.question(w.T("ask.group"), names, chosen, w.T("ask.reason"), reason, func(i int, text string) { use(ids[i-1], text) })
	q.check = func(i int, text string) string {
		switch {
		case i < 1 || i > len(ids):
			return w.T("ask.chooseGroup")
		case strings.TrimSpace(text) == "":
			return w.T("err.reason")
		}
		return ""
	}
	return q
}

// askPending asks for a pending reason and a line about it, which may begin with
// the date on which the case wakes.
func (w *Window) askPending(use func(code, text string, wake int64)) *question {
	var names, codes []string
	for _, r := range w.model.Reasons {
		name := r.Name[w.words.Lang]
		if name == "" {
			name = r.Name["es"]
		}
		names, codes = append(names, name), append(codes, r.Code)
	}
	return w.question(w.T("ask.pending"), names, 1, w.T("ask.wake"), "", func(i int, text string) {
		if i >= 1 && i <= len(codes) {
			wake, text := wakeOf(text, w.Now().In(w.zone()))
			use(codes[i-1], text, wake)
		}
	})
}

// wakeOf takes a date off the beginning of a line: "15:30", "30/11" (at 8) or
// "30/11 9:00", the next one that comes. Unix milliseconds; 0 = there is none.
func wakeOf(line string, now time.Time) (wake int64, rest string) {
	words := strings.Fields(line)
	for n := min(2, len(words)); n > 0; n-- {
		head := strings.Join(words[:n], " ")
		for _, layout := range []string{"2/1 15:04", "2/1/2006 15:04", "2/1/2006", "2/1", "15:04"} {
			t, err := time.ParseInLocation(layout, head, now.Location())
			if err != nil {
				continue
			}
			y, m, d, h, min := t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute()
			switch layout {
			case "15:04":
				y, m, d = now.Date()
			case "2/1", "2/1 15:04":
				y = now.Year()
			}
			if !strings.Contains(layout, "15") {
				h = 8
			}
			at := time.Date(y, m, d, h, min, 0, 0, now.Location())
			if at.Before(now) && layout == "15:04" {
				at = at.AddDate(0, 0, 1)
			} else if at.Before(now) && y == now.Year() {
				at = at.AddDate(1, 0, 0)
			}
			return at.UnixMilli(), strings.Join(words[n:], " ")
		}
	}
	return 0, line
}

// again asks anew for what an outage left without an answer.
func (in *intake) again() {
	if d := in.d; d != nil && !d.empty() {
		in.numbered(d, nil)
		if d.Person.IsZero() {
			in.askWho()
		}
	}
}
