package cases

import (
	"strings"

	"punto/app"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/records"
)

// What happens to an open case. Each command is one event at most for each case that it
// names; whether the status of the case allows it is asked of the case as the command
// has left it so far.

// on carries out a command about one case whose status must allow it.
func on(o *engine.Op, id desk.ID, k desk.Kind, body any, may func(desk.Status) bool, sorry string) (app.Receipt, error) {
	c, err := Of(o, id)
	if err != nil {
		return app.Receipt{}, err
	}
	if !may(c.Status) {
		return app.Receipt{}, app.Fail(app.Conflict, "case %s is %s: %s", c.Number, c.Status, sorry)
	}
	if err := o.Emit(k, Entity(id), body); err != nil {
		return app.Receipt{}, err
	}
	r := o.Receipt(id)
	r.Number = c.Number
	return r, nil
}

func open(s desk.Status) bool { return s.Open() }

func over(s desk.Status) bool { return !s.Open() }

func anyStatus(desk.Status) bool { return true }

const (
	notOpen = "reopen it first"
	notOver = "it is still open"
)

func editCase(o *engine.Op, c app.EditCase) (app.Receipt, error) {
	m, err := records.Model(o.Names)
	if err != nil {
		return app.Receipt{}, err
	}
	e := c.Edit
	if err := GradedEdit(&e); err != nil {
		return app.Receipt{}, err
	}
	if e.Category != nil {
		if _, ok := m.Category(*e.Category); !ok && *e.Category != "" {
			return app.Receipt{}, app.Fail(app.NotFound, "there is no category %q in the service model: choose one of the list", *e.Category)
		}
	}
	k, err := Of(o, c.Case)
	if err != nil {
		return app.Receipt{}, err
	}
	if (e.Impact != nil || e.Urgency != nil) && e.Priority == nil {
		i, u := k.Impact, k.Urgency
		if e.Impact != nil {
			i = *e.Impact
		}
		if e.Urgency != nil {
			u = *e.Urgency
		}
		if p := m.Priority(i, u); p != 0 && p != k.Priority {
			e.Priority = &p
		}
	} else if e.Priority != nil && (e.Why == nil || *e.Why == "") {
		return app.Receipt{}, app.Fail(app.Invalid, "a priority that is not the matrix's needs a reason: say why it is changed")
	}
	return on(o, c.Case, desk.CaseEdited, e, anyStatus, "")
}

func takeCase(o *engine.Op, c app.TakeCase) (app.Receipt, error) {
	if o.Session.Agent.IsZero() {
		return app.Receipt{}, app.Fail(app.NotAllowed, "only a signed-in agent can take a case: sign in")
	}
	return on(o, c.Case, desk.CaseTaken, desk.Moved{Agent: o.Session.Agent}, open, notOpen)
}

func assignCase(o *engine.Op, c app.AssignCase) (app.Receipt, error) {
	b := desk.Moved{Agent: c.Agent, Group: c.Group}
	if err := CompleteMove(o, &b); err != nil {
		return app.Receipt{}, err
	}
	return on(o, c.Case, desk.CaseAssigned, b, open, notOpen)
}

// CompleteMove completes a move with what the group was when it happened.
func CompleteMove(o *engine.Op, b *desk.Moved) error {
	if b.Group.IsZero() {
		return nil
	}
	g, err := engine.Noun[desk.Group](o.Names, desk.GroupType, b.Group)
	if err == nil && g.Name == "" {
		err = app.Fail(app.NotFound, "there is no group %q: choose one of the list", b.Group)
	}
	b.Level, b.Outside = g.Level, g.Outside
	return err
}

func handOffCase(o *engine.Op, c app.HandOffCase) (app.Receipt, error) {
	if strings.TrimSpace(c.Reason) == "" {
		return app.Receipt{}, app.About("reason", app.Fail(app.Invalid, "a hand-off needs a reason: say in one line what the group has to do"))
	}
	if c.Group.IsZero() {
		return app.Receipt{}, app.About("group", app.Fail(app.Invalid, "a hand-off needs a group: choose one of the list"))
	}
	k, err := Of(o, c.Case)
	if err != nil {
		return app.Receipt{}, err
	}
	if err := whole(o, k); err != nil {
		return app.Receipt{}, err
	}
	b := desk.Moved{Group: c.Group, Reason: c.Reason}
	if err := CompleteMove(o, &b); err != nil {
		return app.Receipt{}, err
	}
	if k.Group == c.Group && k.Status.Open() {
		g, err := engine.Noun[desk.Group](o.Names, desk.GroupType, c.Group)
		if err == nil {
			err = app.About("group", app.Fail(app.Conflict, "case %s is with %s already: choose another group", k.Number, g.Name))
		}
		return app.Receipt{}, err
	}
	return on(o, c.Case, desk.CaseHandedOff, b, open, notOpen)
}

func suspendCase(o *engine.Op, c app.SuspendCase) (app.Receipt, error) {
	m, err := records.Model(o.Names)
	if err != nil {
		return app.Receipt{}, err
	}
	for _, r := range m.Reasons {
		if r.Code == c.Reason {
			return on(o, c.Case, desk.CaseSuspended, desk.Said{Reason: c.Reason, Text: c.Text, Wake: c.Wake}, open, notOpen)
		}
	}
	return app.Receipt{}, app.Fail(app.NotFound, "there is no pending reason %q: choose one of the list", c.Reason)
}

func resumeCase(o *engine.Op, c app.ResumeCase) (app.Receipt, error) {
	return on(o, c.Case, desk.CaseResumed, desk.Said{Text: c.Text}, func(s desk.Status) bool { return s == desk.Pending }, "only a pending case resumes")
}

func addNote(o *engine.Op, c app.AddNote) (app.Receipt, error) {
	if strings.TrimSpace(c.Text) == "" {
		return app.Receipt{}, app.Fail(app.Invalid, "the note is empty: write it first")
	}
	return on(o, c.Case, desk.CaseNoted, desk.Said{Text: c.Text, Public: c.Public}, anyStatus, "")
}

func addContact(o *engine.Op, c app.AddContact) (app.Receipt, error) {
	return on(o, c.Case, desk.CaseContacted, desk.Said{Text: c.Text, Call: c.Call}, anyStatus, "")
}

func tryArticle(o *engine.Op, c app.TryArticle) (app.Receipt, error) {
	return on(o, c.Case, desk.ArticleTried, desk.Said{Article: c.Article}, open, notOpen)
}

// Resolve solves a case: also a room that solves what lies behind it does.
func Resolve(o *engine.Op, c app.ResolveCase) (app.Receipt, error) {
	if strings.TrimSpace(c.Text) == "" && c.Article.IsZero() {
		return app.Receipt{}, app.About("solution", app.Fail(app.Invalid, "say how it was solved: a line of text or a solution article"))
	}
	k, err := Of(o, c.Case)
	if err != nil {
		return app.Receipt{}, err
	}
	if err := whole(o, k); err != nil {
		return app.Receipt{}, err
	}
	m, err := records.Model(o.Names)
	if err != nil {
		return app.Receipt{}, err
	}
	if p, next := m.Unmet(k); p != nil {
		return app.Receipt{}, app.About("procedure", app.Fail(app.Conflict, "case %s follows the procedure %s: do or skip its step %s first", k.Number, p.Title("es"), next.Title("es")))
	}
	b := desk.Solved{Text: c.Text, Article: c.Article, Call: c.Call, Online: !c.Call.IsZero() && c.Call == k.Call}
	r, err := on(o, c.Case, desk.CaseResolved, b, open, notOpen)
	if err != nil {
		return r, err
	}
	children, err := Children(o, c.Case)
	if err != nil {
		return r, err
	}
	for _, child := range children {
		if !c.Children {
			r.More = append(r.More, child)
			continue
		}
		if _, err := on(o, child, desk.CaseResolved, b, open, notOpen); err != nil {
			return r, err
		}
	}
	return r, nil
}

// Children are the open cases under a major incident.
func Children(o *engine.Op, id desk.ID) (ids []desk.ID, err error) {
	for k, err := range o.Tx.Scan(engine.Prefix(ixParent, id), nil, false) {
		if err != nil {
			return nil, err
		}
		ids = append(ids, engine.IDOf(k.Key))
	}
	kept := ids[:0]
	for _, id := range ids {
		c, err := Of(o, id)
		if err != nil {
			return nil, err
		}
		if c.Status.Open() {
			kept = append(kept, id)
		}
	}
	return kept, nil
}

func reopenCase(o *engine.Op, c app.ReopenCase) (app.Receipt, error) {
	k, err := Of(o, c.Case)
	if err != nil {
		return app.Receipt{}, err
	}
	_, contract, err := records.ContractOf(o.Names, k.Contract)
	if err != nil {
		return app.Receipt{}, err
	}
	days := k.ReopenWindow(contract)
	if k.ResolvedAt != 0 && !k.Status.Open() && o.Now-k.ResolvedAt > int64(days)*86_400_000 {
		return follow(o, k, c)
	}
	return on(o, c.Case, desk.CaseReopened, desk.Said{Text: c.Text}, over, notOver)
}

func closeCase(o *engine.Op, c app.CloseCase) (app.Receipt, error) {
	return on(o, c.Case, desk.CaseClosed, desk.Said{Text: c.Text}, func(s desk.Status) bool { return s == desk.Resolved }, "only a resolved case is closed")
}

func cancelCase(o *engine.Op, c app.CancelCase) (app.Receipt, error) {
	return on(o, c.Case, desk.CaseCancelled, desk.Said{Text: c.Text}, open, notOpen)
}

func excuseClock(o *engine.Op, c app.ExcuseClock) (app.Receipt, error) {
	if c.Cause == "" || c.Text == "" {
		return app.Receipt{}, app.Fail(app.Invalid, "an excuse needs a cause and a reason: write both")
	}
	return on(o, c.Case, desk.CaseExcused, desk.Said{Clock: c.Clock, Reason: c.Cause, Text: c.Text}, anyStatus, "")
}
