package calls

import (
	"bytes"
	"cmp"
	"errors"
	"slices"
	"strings"

	"punto/app"
	"punto/app/cases"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/people"
	"punto/app/phone"
	"punto/app/records"
)

// The lists of calls. A call that cannot be read never hides the others.

// rowPeople is how many users of one number a row names.
const rowPeople = 3

// Sorts of calls that can be listed alone.
var sorts = map[string]func(phone.Call) bool{
	"": func(phone.Call) bool { return true }, app.CallsLost: Lost, app.CallsAnswered: phone.Call.Answered,
	app.CallsGoing: func(c phone.Call) bool { return c.Outcome == phone.NoOutcome },
}

func askCalls(l *engine.Look, q app.Calls) (a app.CallsAnswer, err error) {
	is, ok := sorts[q.Show]
	if !ok {
		return a, app.Fail(app.Invalid, "calls cannot be listed by %q: %s, %s or %s", q.Show, app.CallsLost, app.CallsAnswered, app.CallsGoing)
	}
	me, err := engine.Noun[desk.Agent](l.Names, desk.AgentType, l.Session.Agent)
	if err != nil {
		return a, err
	}
	words := strings.Fields(records.Folded(q.Text))
	if len(words) > app.MaxTerms {
		return a, app.Fail(app.Invalid, "a filter has at most %d words: leave some out", app.MaxTerms)
	}
	after := q.After
	if after == nil && q.Before > 0 {
		after = engine.Prefix(IxCall, q.Before)
	}
	a.Next, err = engine.Page(l.Reader, engine.Prefix(IxCall), after, true, q.Limit, 50, func(id desk.ID) (any, error) {
		v, err := Read(l.Reader, id)
		if errors.Is(err, engine.ErrUnreadable) {
			a.Rows = append(a.Rows, app.CallRow{ID: id, Bad: true})
			return id, nil
		}
		if err != nil || !is(v.Call) {
			return nil, err
		}
		r, err := row(l, id, isOf(v.Call, l.Session.Agent, me))
		if err != nil || !says(r, words) {
			return nil, err
		}
		a.Rows = append(a.Rows, r)
		return r, nil
	})
	return a, err
}

// askCallsOf lists the calls that a case was about, the newest first.
func askCallsOf(l *engine.Look, q app.CallsOf) (a app.CallsAnswer, err error) {
	c, err := cases.Read(l.Reader, q.Case)
	if err != nil {
		return a, err
	}
	ids := c.Case.Calls
	for k, err := range l.Reader.Scan(engine.Prefix(ixAbout, q.Case), nil, false) {
		if err != nil {
			return a, err
		}
		ids = append(ids[:len(ids):len(ids)], engine.IDOf(k.Key))
	}
	seen := map[desk.ID]bool{}
	for _, id := range ids {
		if seen[id] {
			continue
		}
		seen[id] = true
		r, err := row(l, id, false)
		if err != nil {
			return a, err
		}
		if r.Call.UniqueID != "" { // what was said of it may have come before the call
			a.Rows = append(a.Rows, r)
		}
	}
	slices.SortStableFunc(a.Rows, func(x, y app.CallRow) int { return y.Call.OfferedAt.Compare(x.Call.OfferedAt) })
	return a, nil
}

// row is a call as a list shows it.
func row(l *engine.Look, id desk.ID, mine bool) (r app.CallRow, err error) {
	v, err := Read(l.Reader, id)
	if err != nil {
		return r, err
	}
	r = app.CallRow{ID: id, Call: v.Call, Case: v.Case, Reason: v.Reason, Mine: mine}
	if id, err := desk.ParseID(v.Call.Agent); err == nil && !id.IsZero() {
		r.Call.Agent = records.Name(l.Names, desk.AgentType, id)
	}
	if !v.Person.IsZero() {
		p, err := records.Person(l, v.Person)
		if err != nil {
			return r, err
		}
		r.People, r.Known = []app.PersonRow{p}, true
	} else if r.People, err = people.ByNumber(l, v.Call.Caller, rowPeople); err != nil {
		return r, err
	}
	about, err := casesOf(l.Reader, id, &v)
	if err != nil {
		return r, err
	}
	for p, err := range parts(l.Reader, id) {
		if err != nil {
			return r, err
		}
		more, err := casesOf(l.Reader, p.ID, &p.View)
		if err != nil {
			return r, err
		}
		about, r.Reason, r.ByHand = append(about, more...), cmp.Or(r.Reason, p.Reason), true
	}
	slices.SortFunc(about, func(x, y desk.ID) int { return bytes.Compare(x[:], y[:]) })
	about = slices.Compact(about)
	about = about[:min(len(about), mostCases)]
	for _, c := range about {
		x, err := cases.Read(l.Reader, c)
		if err != nil && !errors.Is(err, engine.ErrUnreadable) {
			return r, err
		}
		if x.Case.Status != desk.NoStatus {
			r.Cases = append(r.Cases, app.CallCase{ID: c, Number: x.Case.Number, Subject: x.Case.Subject, Status: x.Case.Status})
		}
	}
	return r, nil
}

// casesOf are the cases that a call was about, some of them twice: those of which it was
// said, that of its draft, which may never have become one, and those that say it
// themselves.
func casesOf(r desk.Reader, id desk.ID, v *View) ([]desk.ID, error) {
	about := slices.Clone(v.Cases)
	if !v.Case.IsZero() {
		about = append(about, v.Case)
	}
	for k, err := range r.Scan(engine.Prefix(cases.IxOfCall, id), nil, false) {
		if err != nil {
			return nil, err
		}
		if about = append(about, engine.IDOf(k.Key)); len(about) >= 2*mostCases {
			break
		}
	}
	return about, nil
}

// isOf tells whether an agent answered the call.
func isOf(c phone.Call, id desk.ID, a desk.Agent) bool {
	return !id.IsZero() && (c.Agent == id.String() || records.Means(c.Agent, a))
}

// says tells whether a row has all of some words, each at the beginning of a word of it or
// within its number.
func says(r app.CallRow, words []string) bool {
	if len(words) == 0 {
		return true
	}
	text := " " + records.Folded(strings.Join([]string{r.Call.Name, r.Call.Agent, r.Call.Queue, r.Reason}, " "))
	for _, p := range r.People {
		text += " " + records.Folded(p.Person.Name+" "+p.Area+" "+p.Site)
	}
	for _, c := range r.Cases {
		text += " " + records.Folded(string(c.Number)+" "+c.Subject)
	}
	digits := records.Digits(r.Call.Caller)
	return !slices.ContainsFunc(words, func(w string) bool {
		d := records.Digits(w)
		return !strings.Contains(text, " "+w) && (d == "" || d != w || !strings.Contains(digits, d))
	})
}
