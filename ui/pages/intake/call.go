package intake

import (
	"cmp"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/phone"
	"punto/ui/keep"
	"punto/ui/page"
)

// Actions are what finishes the case, and the manual call panel.
func (in *intake) Actions() []page.Action {
	k := in.k
	if in.d == nil {
		return []page.Action{{Key: "Ctrl N", Word: k.T("tabs.new"), Do: in.add}}
	}
	_, group := in.group()
	derive := k.T("do.derive")
	if group != "" {
		derive = k.T("do.deriveTo", "Group", group)
	}
	c := &in.d.Call
	live, waiting, told := c.Live(), c.Waits(), c.PBX != "" // by the exchange
	hold := k.T("do.hold")
	if !c.HeldAt.IsZero() {
		hold = k.T("do.resume")
	}
	as := []page.Action{
		{Key: "F9", Word: k.T("do.solved"), Primary: true, Do: in.solve},
		{Key: "F10", Word: derive, Do: in.derive},
		{Key: "F11", Word: k.T("do.pending"), Do: in.pend},
		{Key: "F5", Word: hold, Right: true, Hidden: !live, Do: in.hold},
		{Key: "F12", Word: k.T("do.hangUp"), Right: true, Hidden: !live, Do: func() { in.end(phone.Completed) }},
		{Key: "Ctrl 1", Word: k.T("do.callIn"), Right: true, Hidden: live || waiting || told, Do: in.callIn},
		{Key: "Ctrl 2", Word: k.T("do.answer"), Right: true, Hidden: live || told, Do: in.answer},
		{Key: "Ctrl 3", Word: k.T("do.transfer"), Right: true, Hidden: true, Do: in.transfer},
		{Key: "Ctrl 4", Word: k.T("do.abandoned"), Right: true, Hidden: !waiting, Do: func() { in.end(phone.Abandoned) }},
		{Key: "Ctrl 5", Word: k.T("do.busy"), Right: true, Hidden: !waiting, Do: func() { in.end(phone.Busy) }},
		{Key: "Ctrl N", Word: k.T("tabs.new"), Hidden: true, Do: in.add},
		{Key: "Ctrl Tab", Word: k.T("tabs.next"), Hidden: true, Do: in.nextDraft},
		{Key: "Ctrl W", Word: k.T("draft.discard"), Hidden: true, Do: in.discard},
		{Key: "Ctrl E", Word: k.T("do.explain"), Hidden: true, Do: in.explain},
		{Key: "F2", Word: k.T("do.card"), Hidden: true, Do: func() { in.side, in.sided = (in.shown()+1)%4, in.d; k.Refresh() }},
	}
	if in.gone != nil {
		as = append(as, page.Action{Key: "Ctrl D", Word: k.T("draft.restore"), Right: true, Do: in.restore})
	}
	for i, h := range in.documents() {
		key := []string{"F7", "Alt 2", "Alt 3"}[i]
		as = append(as, page.Action{Key: key, Word: h.Title, Hidden: true, Do: func() { in.readArticle(h) }})
	}
	for i, h := range in.alike {
		key := []string{"F4", "Alt 4"}[i]
		as = append(as, page.Action{Key: key, Word: h.Title, Hidden: true, Do: func() { k.Go("case", h.ID) }})
	}
	return as
}

func (in *intake) nextDraft() {
	l := in.k.Drafts.Of(in.k.State.Me)
	for i, d := range l {
		if d == in.d {
			in.use(l[(i+1)%len(l)])
			return
		}
	}
}

func (in *intake) explain() {
	if in.promise != nil && len(in.promise.Why) > 0 {
		in.k.Over(page.Explanation(in.k, string(in.d.Number), in.promise.Why))
	}
}

// readArticle shows a document. Using it is an act of its own there, and so is
// not using it after all.
func (in *intake) readArticle(h app.Hit) {
	d := in.d
	r := page.Article(in.k, h.ID)
	r.Use, r.Word = func() {
		d.Article, d.Title = h.ID, h.Title
		in.chosen(in.k.T("article.used", "Title", h.Title))
	}, in.k.T("article.use")
	if d.Article == h.ID {
		r.Use, r.Word = func() {
			d.Article, d.Title = desk.ID{}, ""
			in.chosen(in.k.T("article.unused", "Title", h.Title))
		}, in.k.T("article.unuse")
	}
	in.k.Over(r)
}

func (in *intake) chosen(said string) {
	in.told()
	in.k.Leave()
	in.k.Tell(said, false)
}

// byHand is the exchange of calls that are told by hand.
const byHand = "manual"

// ring brings up a call that rings: into the draft that has it, or one that is empty. Of
// one user of the number it is the case; of several the text proposes them, and of none
// Enter makes one.
func (in *intake) ring(r page.Ring) {
	for _, d := range in.k.Drafts.Of(in.k.State.Me) {
		if r.UniqueID != "" && d.Call.PBX == r.PBX && d.Call.ID == r.UniqueID {
			in.use(d)
			return
		}
	}
	in.add()
	d := in.d
	d.Call.PBX, d.Call.ID, d.Who = r.PBX, r.UniqueID, r.Number
	in.who.SetText(r.Number)
	in.touched()
	if len(r.People) == 1 {
		in.person(d, r.People[0].ID)
	}
	in.told()
	in.focus(in.next())
}

// seen records one event of the manual call.
func (in *intake) seen(k phone.EventKind, attempt int, o phone.Outcome) {
	d := in.d
	e := phone.CallEvent{Key: phone.Key{PBX: byHand, Kind: k, Attempt: attempt}, At: in.k.Now(), Outcome: o, Caller: d.Who, Name: d.Name}
	in.touched()
	in.numbered(d, func() {
		d.Call.ID = cmp.Or(d.Call.ID, d.ID.String())
		e.Key.UniqueID = d.Call.ID
		in.k.Do(app.SeeCall{Event: e, Case: d.ID}, nil, nil)
	})
}

func (in *intake) callIn() {
	if in.d.Call.Came.IsZero() && in.d.Call.PBX == "" {
		in.d.Call.Came = in.k.Now()
		in.seen(phone.Offered, 0, 0)
	}
}

func (in *intake) answer() {
	c := &in.d.Call
	if !c.Answered.IsZero() || c.PBX != "" {
		return
	}
	in.callIn()
	c.Answered = in.k.Now()
	in.seen(phone.Answered, 0, 0)
}

func (in *intake) hold() {
	c := &in.d.Call
	switch {
	case !c.Live():
	case c.HeldAt.IsZero():
		c.HeldAt = in.k.Now()
		c.Holds++
		in.seen(phone.Held, c.Holds, 0)
	default:
		c.Held += in.k.Now().Sub(c.HeldAt)
		c.HeldAt = time.Time{}
		in.seen(phone.Resumed, c.Holds, 0)
	}
}

func (in *intake) transfer() {
	if in.d.Call.Live() {
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
		c.Held += in.k.Now().Sub(c.HeldAt)
		c.HeldAt = time.Time{}
	}
	c.Ended = in.k.Now()
	in.seen(phone.Ended, 0, o)
}

// callID is the entity of a draft's call; zero when there was none.
func callID(d *keep.Draft) desk.ID {
	if d.Call.ID == "" {
		return desk.ID{}
	}
	return app.CallID(cmp.Or(d.Call.PBX, byHand), d.Call.ID)
}

// done takes the draft away: its case is registered.
func (in *intake) done(d *keep.Draft) {
	if !d.Call.Came.IsZero() && d.Call.Ended.IsZero() {
		in.d = d
		in.end(phone.Completed)
	}
	in.k.Drafts.Remove(d)
	delete(in.telling, d)
	in.k.Tell(in.k.T("saved.case", "Number", d.Number), false)
	if in.d == d {
		in.d = nil
		in.Show(nil)
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
	var q *page.Question
	q = in.k.Question(in.k.T("ask.solution"), titles, chosen, in.k.T("case.solution"), d.Solution, func(i int, text string) {
		c := app.ResolveCase{Text: text}
		if i > 0 {
			c.Article = docs[i-1].ID
		}
		in.register(d, q, app.RegisterCase{Resolve: &c})
	})
	q.Check = in.k.CheckSolution
	q.Optional = true
	q.Field.OnChanged = func(s string) {
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

func (in *intake) derive() {
	d := in.d
	if !in.ready(true) {
		return
	}
	first, _ := in.group()
	var q *page.Question
	q = in.k.AskGroup(first, in.k.Model.Groups["n1"], d.What, func(group desk.ID, reason string) {
		in.register(d, q, app.RegisterCase{HandOff: &app.HandOffCase{Group: group, Reason: reason}})
	})
}

func (in *intake) pend() {
	d := in.d
	if !in.ready(false) {
		return
	}
	var q *page.Question
	q = in.k.AskPending(func(code, text string, wake int64) {
		in.register(d, q, app.RegisterCase{Suspend: &app.SuspendCase{Reason: code, Text: text, Wake: wake}})
	})
}

// Again asks anew for what an outage left without an answer.
func (in *intake) Again() {
	if d := in.d; d != nil && !d.Empty() {
		in.numbered(d, nil)
		if d.Person.IsZero() {
			in.askWho()
		}
	}
}
