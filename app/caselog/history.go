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
}

// history turns the rows of a case into its steps, in the order of their times.
func (r *reader) history(id string, rows []row) app.CaseHistory {
	slices.SortStableFunc(rows, func(a, b row) int { return a.at.Compare(b.at) })
	first := rows[0]
	t := &teller{state: desk.New, group: first.group}
	t.h = app.CaseHistory{Line: first.line, Rows: len(rows), Ref: id, At: first.at.UnixMilli(), Group: first.group, Agent: first.agent, Opened: r.opened(id, first),
		Person: r.get(first.fields, r.m.Person), Area: r.get(first.fields, r.m.Area), Site: r.get(first.fields, r.m.Site)}
	if !first.opened.IsZero() && first.opened.Before(first.at) {
		t.h.At = first.opened.UnixMilli()
	}
	for i, x := range rows {
		means, ok := r.m.Means[x.activity]
		if !ok {
			means = r.m.Default
		}
		kind, reason, _ := meaning(means) // was checked when the map was read
		if r.m.Changes && i > 0 && x.activity == t.last && kind != desk.NoKind {
			kind, reason = desk.CaseNoted, ""
		}
		t.last = x.activity
		t.row(x, kind, reason)
	}
	return t.h
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

func (t *teller) step(x row, k desk.Kind, s app.CaseStep) {
	s.Line, s.At, s.Kind, s.Agent = x.line, x.at.UnixMilli(), k, x.agent
	t.h.Steps = append(t.h.Steps, s)
}

// row tells one row: first that the case changed hands, then what happened.
func (t *teller) row(x row, k desk.Kind, reason string) {
	if k == desk.NoKind { // the opening is told already
		return
	}
	moved := x.group != "" && x.group != t.group
	works := k == desk.CaseTaken || k == desk.CaseAssigned || k == desk.CaseSuspended || k == desk.CaseReopened
	if !t.state.Open() && (works || moved) {
		t.step(x, desk.CaseReopened, app.CaseStep{})
		t.state = desk.InProgress
	}
	if moved {
		t.step(x, desk.CaseHandedOff, app.CaseStep{Group: x.group, Level: x.level})
		t.group, t.state = x.group, desk.Assigned
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
	case desk.CaseReopened: // was told above when it was needed
	default:
		t.step(x, desk.CaseNoted, app.CaseStep{Text: x.activity})
	}
}
