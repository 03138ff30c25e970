package cases

import (
	"cmp"
	"errors"
	"strings"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/promises"
	"punto/app/records"
	"punto/app/sla"
)

// Lists of cases, a page at a time. A row whose view cannot be read is listed as such:
// it never hides the others.

func askCases(l *engine.Look, q app.Cases) (app.Answer, error) {
	var p []byte
	reverse := false
	switch q.By {
	case "", "due":
		p = engine.Prefix(IxDue)
	case "group":
		p = engine.Prefix(ixGroup, q.ID)
	case "agent":
		p = engine.Prefix(IxAgent, q.ID)
	case "person":
		p, reverse = engine.Prefix(IxPerson, q.ID), true
	case "asset":
		p, reverse = engine.Prefix(ixAsset, q.ID), true
	case "category":
		p, reverse = engine.Prefix(ixCategory, q.Code), true
	case "problem":
		p, reverse = engine.Prefix(IxProblem, q.ID), true
	case "parent":
		p = engine.Prefix(ixParent, q.ID)
	case "opened":
		p, reverse = engine.Prefix(IxOpened), true
	case "these":
		return these(l, &q)
	default:
		return nil, app.Fail(app.Invalid, "cases cannot be listed by %q: due, opened, group, agent, person, asset, category, problem, parent or these", q.By)
	}
	var a app.CasesAnswer
	var err error
	if a.Owed, err = l.Owed(); err != nil {
		return nil, err
	}
	a.Next, err = engine.Page(l.Reader, p, q.After, reverse, q.Limit, 50, func(id desk.ID) (any, error) { return listed(l, &q, &a, id) })
	return a, err
}

// these lists cases by their ids; one that is not there is passed over.
func these(l *engine.Look, q *app.Cases) (app.Answer, error) {
	if len(q.These) > mostThese {
		return nil, app.Fail(app.Invalid, "at most %d cases are listed at once: ask for fewer", mostThese)
	}
	var a app.CasesAnswer
	var err error
	a.Owed, err = l.Owed()
	for _, id := range q.These {
		if err == nil {
			_, err = listed(l, q, &a, id)
		}
	}
	return a, err
}

// mostThese is how many cases are listed by their ids.
const mostThese = 1000

// listed adds a case to a list.
func listed(l *engine.Look, q *app.Cases, a *app.CasesAnswer, id desk.ID) (any, error) {
	v, err := Read(l.Reader, id)
	if err != nil && !errors.Is(err, engine.ErrUnreadable) || err == nil && (q.Open && !v.Case.Status.Open() || v.Case.Status == desk.NoStatus) {
		return nil, err
	}
	row := app.CaseRow{ID: id, Number: "?", Subject: "?", Bad: true} // its view cannot be read: the others are listed
	if err == nil {
		row, err = Row(l, id, v)
	} else {
		err = nil
	}
	a.Rows = append(a.Rows, row)
	return row, err
}

// Row looks the names of a case up.
func Row(l *engine.Look, id desk.ID, v View) (app.CaseRow, error) {
	c := &v.Case
	p, err := engine.Noun[desk.Person](l.Names, desk.PersonType, c.Person)
	if err != nil {
		return app.CaseRow{}, err
	}
	m, err := records.Model(l.Names)
	if err != nil {
		return app.CaseRow{}, err
	}
	cat, _ := m.Category(c.Category)
	name := cat.Name("es")
	if name == "" {
		name = c.Category
	}
	row := app.CaseRow{ID: id, Number: c.Number, Subject: c.Subject, Person: p.Name, VIP: p.VIP, Area: records.Name(l.Names, desk.AreaType, c.Area),
		Priority: c.Priority, Status: c.Status, Pending: c.Pending, Group: records.Name(l.Names, desk.GroupType, c.Group),
		Agent: records.Name(l.Names, desk.AgentType, c.Agent), Category: name, OpenedAt: c.OpenedAt, HandOffs: max(0, len(c.HandOffs)-1),
		Conflict: len(c.Conflicts) > 0}
	if c.Status.Open() {
		row.Clock, err = nextClock(l, v)
		row.Band = promises.BandOf(row.Clock)
	}
	return row, err
}

// find gives a case by id or by number as people type it.
func find(l *engine.Look, id desk.ID, number string) (desk.ID, View, error) {
	if id.IsZero() {
		n, err := desk.ParseNumber(number)
		if err != nil {
			return id, View{}, notNumber(err)
		}
		var ok bool
		if id, ok, err = engine.First(l.Reader, engine.Prefix(ixNumber, string(n))); err != nil || !ok {
			return id, View{}, cmp.Or(err, app.Fail(app.NotFound, "there is no case %s on this workstation", n))
		}
	}
	v, err := Read(l.Reader, id)
	if err == nil && v.Case.Status == desk.NoStatus {
		err = app.Fail(app.NotFound, "there is no such case on this workstation")
	}
	return id, v, err
}

// notNumber tells what is wrong with a number as it was typed.
func notNumber(err error) error {
	var n *desk.NumberError
	if errors.As(err, &n) {
		return app.Fail(app.Invalid, n.Form(), n.Typed)
	}
	return err
}

// nextClock is the run with the earliest deadline of an open case, as of now: the
// view keeps it as of the last event, and nothing but time has passed since.
func nextClock(l *engine.Look, v View) (sla.Run, error) {
	next := v.Next
	if next.ID == "" || next.State == sla.Paused {
		return next, nil
	}
	h, err := PinnedHours(l, &v)
	if err != nil || h == nil {
		return next, err
	}
	next.Elapsed += h.Between(time.UnixMilli(v.Case.LastAt), time.UnixMilli(l.Now))
	if next.Late = next.Elapsed > next.Target; next.Late {
		next.State = sla.Breached
	}
	return next, nil
}

// PinnedHours are those that the clocks of a case count by; nil when it has no
// contract.
func PinnedHours(l *engine.Look, v *View) (*sla.Hours, error) {
	r, err := l.Names.RecordAt(desk.ContractType, v.Case.Contract, v.Pinned)
	if err != nil || len(r.Fields) == 0 {
		return nil, err
	}
	contract, err := desk.As[desk.Contract](r)
	if err != nil {
		return nil, err
	}
	return promises.Book{Names: l.Names}.Hours(contract, v.Pinned)
}

// caseDoc is what is searched of a case.
func caseDoc(n *engine.Names, x desk.Entity) (engine.Doc, error) {
	v, err := Read(n.Reader, x.ID)
	if err != nil {
		return engine.Doc{}, err
	}
	c := v.Case
	d := engine.NewDoc(x, c.Ref)
	d.Title, d.Lang = c.Subject, c.Lang
	d.Body = strings.Join([]string{c.Text, c.Solution.Text, records.Name(n, desk.PersonType, c.Person)}, "\n")
	d.Keys = []string{string(c.Number)}
	return d, nil
}
