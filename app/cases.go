package app

import (
	"strings"

	"punto/app/authority"
	"punto/app/desk"
)

func (c ReserveNumber) do(o *op) (Receipt, error) {
	if !authority.May(o.s.role, desk.CaseOpened, desk.CaseType) {
		return Receipt{}, fail(NotAllowed, "the role %q may not register cases: ask a supervisor", o.s.role)
	}
	n, err := o.nextNumber()
	return Receipt{ID: o.newID(), Number: n}, err
}

func (c OpenCase) do(o *op) (Receipt, error) {
	id, b := c.ID, c.Opened
	if id.IsZero() {
		id = o.newID()
	}
	t, err := o.open(caseEntity(id))
	if err != nil {
		return Receipt{}, err
	}
	if k := t.kase.Case; k.Status != desk.NoStatus { // the same draft twice
		return Receipt{ID: id, Number: k.Number}, nil
	}
	if err := o.complete(&b); err != nil {
		return Receipt{}, err
	}
	at := c.At
	if at == 0 {
		at = o.now
	}
	if at > o.now+60_000 {
		return Receipt{}, fail(Invalid, "the case cannot have been opened in the future: correct its time")
	}
	if err := o.emitAt(desk.CaseOpened, caseEntity(id), b, at, o.s.agent); err != nil {
		return Receipt{}, err
	}
	r := o.receipt(id)
	r.Number = b.Number
	return r, nil
}

// complete validates an opening and fills in what follows from the rest:
// number, kind, contract, origin, priority, group.
func (o *op) complete(b *desk.Opened) (err error) {
	if strings.TrimSpace(b.Subject) == "" {
		return about("subject", fail(Invalid, "the case has no subject: say in one line what happens"))
	}
	m, err := o.theModel()
	if err != nil {
		return err
	}
	p, err := noun[desk.Person](o.names, desk.PersonType, b.Person)
	if err != nil {
		return err
	}
	if !b.Person.IsZero() && p.Name == "" {
		return fail(NotFound, "the user of the case is not known: look the user up again")
	}
	if b.Area.IsZero() {
		b.Area = p.Area
	}
	if b.Site.IsZero() {
		b.Site = p.Site
	}
	if b.Contract.IsZero() {
		b.Contract = p.Contract
	}
	var contract desk.Contract
	if b.Contract, contract, err = o.contractOf(b.Contract); err != nil {
		return err
	}
	cat, known := m.Category(b.Category)
	if b.Category != "" && !known {
		return fail(NotFound, "there is no category %q in the service model: choose one of the list", b.Category)
	}
	if b.Kind == desk.NoCaseKind {
		b.Kind = max(cat.Kind, desk.Incident)
	}
	if err := graded(b.Impact, b.Urgency, b.Priority); err != nil {
		return err
	}
	if b.Impact == 0 {
		b.Impact = cat.Impact
	}
	if b.Urgency == 0 {
		b.Urgency = cat.Urgent
	}
	byMatrix := m.Priority(b.Impact, b.Urgency)
	if b.Priority != 0 && byMatrix != 0 && b.Priority != byMatrix && b.Why == "" {
		return fail(Invalid, "the matrix gives priority %d, not %d: say why it is changed", byMatrix, b.Priority)
	}
	if b.Priority == 0 {
		b.Priority = byMatrix
	}
	if b.Priority == 0 {
		b.Priority = len(contract.Targets)
	}
	if b.Group.IsZero() {
		b.Group = m.Groups["n1"]
	}
	g, err := noun[desk.Group](o.names, desk.GroupType, b.Group)
	if err != nil {
		return err
	}
	b.Level = max(g.Level, b.Level)
	if b.Lang == "" {
		b.Lang = "es"
	}
	if b.Number == "" {
		b.Number, err = o.nextNumber()
	} else if _, perr := desk.ParseNumber(string(b.Number)); perr != nil {
		return notNumber(perr)
	}
	if err == nil {
		if other, taken, ferr := first(o.tx, prefix(ixNumber, string(b.Number))); ferr != nil {
			return ferr
		} else if taken {
			return fail(Conflict, "the number %s is already that of another case (%s)", b.Number, other)
		}
	}
	return err
}

// on carries out a command about one case whose status must allow it.
func (o *op) on(id desk.ID, k desk.Kind, body any, may func(desk.Status) bool, sorry string) (Receipt, error) {
	c, err := o.caseOf(id)
	if err != nil {
		return Receipt{}, err
	}
	if !may(c.Status) {
		return Receipt{}, fail(Conflict, "case %s is %s: %s", c.Number, c.Status, sorry)
	}
	if err := o.emit(k, caseEntity(id), body); err != nil {
		return Receipt{}, err
	}
	r := o.receipt(id)
	r.Number = c.Number
	return r, nil
}

func open(s desk.Status) bool    { return s.Open() }
func over(s desk.Status) bool    { return !s.Open() }
func anyStatus(desk.Status) bool { return true }

const (
	notOpen = "reopen it first"
	notOver = "it is still open"
)

func (c EditCase) do(o *op) (Receipt, error) {
	m, err := o.theModel()
	if err != nil {
		return Receipt{}, err
	}
	e := c.Edit
	if err := gradedEdit(&e); err != nil {
		return Receipt{}, err
	}
	if e.Category != nil {
		if _, ok := m.Category(*e.Category); !ok && *e.Category != "" {
			return Receipt{}, fail(NotFound, "there is no category %q in the service model: choose one of the list", *e.Category)
		}
	}
	k, err := o.caseOf(c.Case)
	if err != nil {
		return Receipt{}, err
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
		return Receipt{}, fail(Invalid, "a priority that is not the matrix's needs a reason: say why it is changed")
	}
	return o.on(c.Case, desk.CaseEdited, e, anyStatus, "")
}

func (c TakeCase) do(o *op) (Receipt, error) {
	if o.s.agent.IsZero() {
		return Receipt{}, fail(NotAllowed, "only a signed-in agent can take a case: sign in")
	}
	return o.on(c.Case, desk.CaseTaken, desk.Moved{Agent: o.s.agent}, open, notOpen)
}

func (c AssignCase) do(o *op) (Receipt, error) {
	b := desk.Moved{Agent: c.Agent, Group: c.Group}
	if err := o.group(&b); err != nil {
		return Receipt{}, err
	}
	return o.on(c.Case, desk.CaseAssigned, b, open, notOpen)
}

// group completes a move with what the group was when it happened.
func (o *op) group(b *desk.Moved) error {
	if b.Group.IsZero() {
		return nil
	}
	g, err := noun[desk.Group](o.names, desk.GroupType, b.Group)
	if err == nil && g.Name == "" {
		err = fail(NotFound, "there is no group %q: choose one of the list", b.Group)
	}
	b.Level, b.Outside = g.Level, g.Outside
	return err
}

func (c HandOffCase) do(o *op) (Receipt, error) {
	if strings.TrimSpace(c.Reason) == "" {
		return Receipt{}, about("reason", fail(Invalid, "a hand-off needs a reason: say in one line what the group has to do"))
	}
	if c.Group.IsZero() {
		return Receipt{}, about("group", fail(Invalid, "a hand-off needs a group: choose one of the list"))
	}
	k, err := o.caseOf(c.Case)
	if err != nil {
		return Receipt{}, err
	}
	if err := o.whole(k); err != nil {
		return Receipt{}, err
	}
	b := desk.Moved{Group: c.Group, Reason: c.Reason}
	if err := o.group(&b); err != nil {
		return Receipt{}, err
	}
	if k.Group == c.Group && k.Status.Open() {
		g, err := noun[desk.Group](o.names, desk.GroupType, c.Group)
		if err == nil {
			err = about("group", fail(Conflict, "case %s is with %s already: choose another group", k.Number, g.Name))
		}
		return Receipt{}, err
	}
	return o.on(c.Case, desk.CaseHandedOff, b, open, notOpen)
}

func (c SuspendCase) do(o *op) (Receipt, error) {
	m, err := o.theModel()
	if err != nil {
		return Receipt{}, err
	}
	for _, r := range m.Reasons {
		if r.Code == c.Reason {
			return o.on(c.Case, desk.CaseSuspended, desk.Said{Reason: c.Reason, Text: c.Text, Wake: c.Wake}, open, notOpen)
		}
	}
	return Receipt{}, fail(NotFound, "there is no pending reason %q: choose one of the list", c.Reason)
}

func (c ResumeCase) do(o *op) (Receipt, error) {
	return o.on(c.Case, desk.CaseResumed, desk.Said{Text: c.Text}, func(s desk.Status) bool { return s == desk.Pending }, "only a pending case resumes")
}

func (c AddNote) do(o *op) (Receipt, error) {
	if strings.TrimSpace(c.Text) == "" {
		return Receipt{}, fail(Invalid, "the note is empty: write it first")
	}
	return o.on(c.Case, desk.CaseNoted, desk.Said{Text: c.Text, Public: c.Public}, anyStatus, "")
}

func (c AddContact) do(o *op) (Receipt, error) {
	return o.on(c.Case, desk.CaseContacted, desk.Said{Text: c.Text, Call: c.Call}, anyStatus, "")
}

func (c TryArticle) do(o *op) (Receipt, error) {
	return o.on(c.Case, desk.ArticleTried, desk.Said{Article: c.Article}, open, notOpen)
}

func (c ResolveCase) do(o *op) (Receipt, error) {
	if strings.TrimSpace(c.Text) == "" && c.Article.IsZero() {
		return Receipt{}, about("solution", fail(Invalid, "say how it was solved: a line of text or a solution article"))
	}
	k, err := o.caseOf(c.Case)
	if err != nil {
		return Receipt{}, err
	}
	if err := o.whole(k); err != nil {
		return Receipt{}, err
	}
	b := desk.Solved{Text: c.Text, Article: c.Article, Call: c.Call, Online: !c.Call.IsZero() && c.Call == k.Call}
	r, err := o.on(c.Case, desk.CaseResolved, b, open, notOpen)
	if err != nil {
		return r, err
	}
	children, err := o.children(c.Case)
	if err != nil {
		return r, err
	}
	for _, child := range children {
		if !c.Children {
			r.More = append(r.More, child)
			continue
		}
		if _, err := o.on(child, desk.CaseResolved, b, open, notOpen); err != nil {
			return r, err
		}
	}
	return r, nil
}

// children are the open cases under a major incident.
func (o *op) children(id desk.ID) (ids []desk.ID, err error) {
	for k, err := range o.tx.Scan(prefix(ixParent, id), nil, false) {
		if err != nil {
			return nil, err
		}
		ids = append(ids, idOf(k.Key))
	}
	kept := ids[:0]
	for _, id := range ids {
		c, err := o.caseOf(id)
		if err != nil {
			return nil, err
		}
		if c.Status.Open() {
			kept = append(kept, id)
		}
	}
	return kept, nil
}

func (c ReopenCase) do(o *op) (Receipt, error) {
	k, err := o.caseOf(c.Case)
	if err != nil {
		return Receipt{}, err
	}
	_, contract, err := o.contractOf(k.Contract)
	if err != nil {
		return Receipt{}, err
	}
	days := k.ReopenWindow(contract)
	if k.ResolvedAt != 0 && !k.Status.Open() && o.now-k.ResolvedAt > int64(days)*86_400_000 {
		return o.follow(k, c)
	}
	return o.on(c.Case, desk.CaseReopened, desk.Said{Text: c.Text}, over, notOver)
}

// follow makes a new case linked to one whose reopen window is over.
func (o *op) follow(k *desk.Case, c ReopenCase) (Receipt, error) {
	b := k.Opened
	b.Number, b.Call, b.Agent, b.Ref, b.Parent = "", desk.ID{}, desk.ID{}, "", c.Case
	b.Level = 0 // that of the group which has it now
	if c.Text != "" {
		b.Text = c.Text
	}
	return OpenCase{Opened: b}.do(o)
}

func (c CloseCase) do(o *op) (Receipt, error) {
	return o.on(c.Case, desk.CaseClosed, desk.Said{Text: c.Text}, func(s desk.Status) bool { return s == desk.Resolved }, "only a resolved case is closed")
}

func (c CancelCase) do(o *op) (Receipt, error) {
	return o.on(c.Case, desk.CaseCancelled, desk.Said{Text: c.Text}, open, notOpen)
}

func (c MergeCase) do(o *op) (Receipt, error) {
	if c.Case == c.Into {
		return Receipt{}, fail(Invalid, "a case cannot be merged with itself: choose another")
	}
	if _, err := o.on(c.Into, desk.CaseAbsorbed, desk.Joined{Case: c.Case}, open, notOpen); err != nil {
		return Receipt{}, err
	}
	return o.on(c.Case, desk.CaseMerged, desk.Joined{Case: c.Into}, open, notOpen)
}

func (c SplitCase) do(o *op) (Receipt, error) {
	b := c.Opened
	b.Parent, b.Number = c.Case, ""
	if _, err := o.caseOf(c.Case); err != nil {
		return Receipt{}, err
	}
	r, err := OpenCase{Opened: b}.do(o)
	if err != nil {
		return r, err
	}
	_, err = o.on(c.Case, desk.CaseSplit, desk.Joined{Case: r.ID}, anyStatus, "")
	return r, err
}

func (c LinkCase) do(o *op) (Receipt, error) {
	if c.Case == c.Parent {
		return Receipt{}, fail(Invalid, "a case cannot be its own parent: choose another")
	}
	if !c.Parent.IsZero() {
		if _, err := o.caseOf(c.Parent); err != nil {
			return Receipt{}, err
		}
	}
	return o.on(c.Case, desk.CaseLinked, desk.Joined{Case: c.Parent}, anyStatus, "")
}

func (c ExcuseClock) do(o *op) (Receipt, error) {
	if c.Cause == "" || c.Text == "" {
		return Receipt{}, fail(Invalid, "an excuse needs a cause and a reason: write both")
	}
	return o.on(c.Case, desk.CaseExcused, desk.Said{Clock: c.Clock, Reason: c.Cause, Text: c.Text}, anyStatus, "")
}

func (c SettleField) do(o *op) (Receipt, error) {
	err := o.emit(desk.ConflictSettled, c.Entity, desk.Settled{Field: c.Field, Stamp: c.Stamp})
	return o.receipt(c.Entity.ID), err
}

func (c Undo) do(o *op) (Receipt, error) {
	t, err := o.open(c.Entity)
	if err != nil {
		return Receipt{}, err
	}
	var what *desk.Event
	gone := map[desk.Undo]bool{}
	for i := len(t.events) - 1; i >= 0 && what == nil; i-- {
		ev := &t.events[i]
		key := desk.Undo{Origin: ev.Origin, Seq: ev.Seq}
		switch {
		case c.Seq != 0 && (ev.Origin != c.Origin || ev.Seq != c.Seq):
		case c.Seq == 0 && (ev.Actor != o.s.agent || gone[key]):
		case c.Seq == 0 && ev.Kind == desk.EventUndone:
			var u desk.Undo
			if desk.Decode(ev.Body, &u) == nil {
				gone[desk.Undo{Origin: u.Origin, Seq: u.Seq}] = true
			}
		default:
			what = ev
		}
	}
	if what == nil {
		return Receipt{}, fail(NotFound, "there is nothing of yours to undo here")
	}
	if what.Kind == desk.CaseOpened {
		return Receipt{}, fail(Conflict, "the registration of a case cannot be undone: cancel the case")
	}
	if !o.s.agent.IsZero() && !authority.May(o.s.role, what.Kind, what.Entity.Type) {
		return Receipt{}, fail(NotAllowed, "the role %q may not do %q on a %s: ask a supervisor or the administrator", o.s.role, what.Kind, what.Entity.Type)
	}
	ev := *what
	if err := o.emit(desk.EventUndone, c.Entity, desk.Undo{Origin: ev.Origin, Seq: ev.Seq, Reason: c.Reason}); err != nil {
		return Receipt{}, err
	}
	r := o.receipt(c.Entity.ID)
	return r, o.undoOther(ev)
}

// undoOther takes back the other half of a merge.
func (o *op) undoOther(ev desk.Event) error {
	if ev.Kind != desk.CaseMerged && ev.Kind != desk.CaseAbsorbed {
		return nil
	}
	var j desk.Joined
	if err := desk.Decode(ev.Body, &j); err != nil {
		return err
	}
	t, err := o.open(caseEntity(j.Case))
	if err != nil {
		return err
	}
	for i := len(t.events) - 1; i >= 0; i-- {
		x := t.events[i]
		var k desk.Joined
		if (x.Kind == desk.CaseMerged || x.Kind == desk.CaseAbsorbed) && desk.Decode(x.Body, &k) == nil && k.Case == ev.Entity.ID {
			return o.emit(desk.EventUndone, x.Entity, desk.Undo{Origin: x.Origin, Seq: x.Seq})
		}
	}
	return nil
}
