package caselog

import (
	"cmp"
	"slices"

	"punto/app"
	"punto/app/desk"
)

// teller makes the history of one case from its rows. It keeps the state that
// the desk will be in, so that what a log leaves unsaid (a case taken up again
// goes on; one that is worked on after it was solved is open again) is said.
type teller struct {
	h     app.CaseHistory
	state desk.Status
	group string
	last  string // activity
	told  about
}

// about is what a row says of the case as a whole; zero is not said.
type about struct {
	person, category          string
	priority, impact, urgency int
}

// about reads what a row says of the case as a whole.
func (r *reader) about(x row) about {
	f := x.fields
	return about{r.get(f, r.m.Person), r.get(f, r.m.Category), within(digit(r.get(f, r.m.Priority))), within(digit(r.get(f, r.m.Impact))), within(digit(r.get(f, r.m.Urgency)))}
}

// history turns the rows of a case into its steps, in the order of their times; rows
// of one time keep that of the file.
func (r *reader) history(id string, rows []row) app.CaseHistory {
	slices.SortStableFunc(rows, func(a, b row) int { return a.at.Compare(b.at) })
	first := rows[0]
	t := &teller{state: desk.New, group: first.group, told: r.about(first)}
	t.h = app.CaseHistory{Line: first.line, Rows: len(rows), Ref: id, At: first.at.UnixMilli(), Group: first.group, Agent: first.agent, Opened: r.opened(id, first),
		Person: t.told.person, Area: r.get(first.fields, r.m.Area), Site: r.get(first.fields, r.m.Site)}
	if !first.opened.IsZero() && first.opened.Before(first.at) {
		t.h.At = first.opened.UnixMilli()
	}
	for i, x := range rows {
		means, ok := r.m.Means[x.activity]
		if !ok {
			means = r.m.Default
		}
		kind, reason, _ := meaning(means) // was checked when the map was read
		if r.m.Changes && i > 0 && x.activity == t.last && !t.moved(x) && kind != desk.NoKind {
			kind, reason = desk.CaseNoted, ""
		}
		t.last = x.activity
		t.edit(x, r.about(x))
		t.row(x, kind, reason)
	}
	return t.h
}

// edit tells what a row says otherwise of the case than the rows before: another
// priority is another promise.
func (t *teller) edit(x row, now about) {
	var e desk.Edited
	s := app.CaseStep{Edit: &e}
	differs := false
	number := func(at **int, was *int, now int) {
		if now != 0 && now != *was {
			*at, *was, differs = &now, now, true
		}
	}
	number(&e.Priority, &t.told.priority, now.priority)
	number(&e.Impact, &t.told.impact, now.impact)
	number(&e.Urgency, &t.told.urgency, now.urgency)
	if now.category != "" && now.category != t.told.category {
		e.Category, t.told.category, differs = &now.category, now.category, true
	}
	if now.person != "" && now.person != t.told.person {
		s.Person, t.told.person, differs = now.person, now.person, true
	}
	if differs {
		t.step(x, desk.CaseEdited, s)
	}
}

// opened is what the first row says of the case.
func (r *reader) opened(id string, x row) desk.Opened {
	f := x.fields
	o := desk.Opened{Subject: cmp.Or(r.get(f, r.m.Subject), id), Category: r.get(f, r.m.Category), Kind: desk.Incident, Level: x.level,
		Priority: within(digit(r.get(f, r.m.Priority))), Impact: within(digit(r.get(f, r.m.Impact))), Urgency: within(digit(r.get(f, r.m.Urgency)))}
	if k, ok := desk.ParseName(r.get(f, r.m.Kind), desk.Incident, desk.Request, desk.Question); ok {
		o.Kind = k
	}
	if m, ok := desk.ParseName(r.get(f, r.m.Modality), desk.ByPhone, desk.ByEmail, desk.InPerson, desk.ByWeb); ok {
		o.Modality = m
	}
	return o
}

// step tells that something happened, at the time of a row and by its agent.
func (t *teller) step(x row, k desk.Kind, s app.CaseStep) {
	s.Line, s.At, s.Kind, s.Agent = x.line, x.at.UnixMilli(), k, x.agent
	t.h.Steps = append(t.h.Steps, s)
}

// moved tells whether a row says that another group has the case.
func (t *teller) moved(x row) bool { return x.group != "" && x.group != t.group }

// row tells one row: first that the case changed hands, whatever else the row
// says, then what happened. Work on a case that was solved opens it again; that
// another group closes it does not.
func (t *teller) row(x row, k desk.Kind, reason string) {
	moved := t.moved(x)
	ends := k == desk.CaseResolved || k == desk.CaseClosed || k == desk.CaseCancelled
	works := k == desk.CaseTaken || k == desk.CaseAssigned || k == desk.CaseSuspended || k == desk.CaseReopened
	if !t.state.Open() && (works || moved && !ends) {
		t.step(x, desk.CaseReopened, app.CaseStep{})
		t.state = desk.InProgress
	}
	if moved {
		t.group = x.group
		if t.state.Open() {
			t.step(x, desk.CaseHandedOff, app.CaseStep{Group: x.group, Level: x.level})
			t.state = desk.Assigned
		} else {
			t.step(x, desk.CaseAssigned, app.CaseStep{Group: x.group, Level: x.level})
		}
	}
	switch k {
	case desk.CaseTaken:
		if t.state == desk.Pending {
			t.step(x, desk.CaseResumed, app.CaseStep{})
		}
		t.step(x, k, app.CaseStep{})
		t.state = desk.InProgress
	case desk.CaseAssigned:
		t.step(x, k, app.CaseStep{Group: x.group, Level: x.level})
		if t.state == desk.New {
			t.state = desk.Assigned
		}
	case desk.CaseSuspended:
		t.step(x, k, app.CaseStep{Reason: reason})
		t.state = desk.Pending
	case desk.CaseResumed:
		if t.state == desk.Pending {
			t.step(x, k, app.CaseStep{})
			t.state = desk.InProgress
		}
	case desk.CaseResolved:
		if t.state.Open() {
			t.step(x, k, app.CaseStep{Text: x.activity, Level: x.level})
			t.state = desk.Resolved
		}
	case desk.CaseClosed:
		if t.state.Open() {
			t.step(x, desk.CaseResolved, app.CaseStep{Text: x.activity, Level: x.level})
		}
		if t.state != desk.Closed {
			t.step(x, k, app.CaseStep{})
		}
		t.state = desk.Closed
	case desk.CaseCancelled:
		if t.state.Open() {
			t.step(x, k, app.CaseStep{Text: x.activity})
			t.state = desk.Cancelled
		}
	case desk.CaseReopened, desk.NoKind: // was told above when it was needed
	default:
		t.step(x, desk.CaseNoted, app.CaseStep{Text: x.activity})
	}
}
