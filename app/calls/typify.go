package calls

import (
	"errors"
	"slices"
	"strings"
	"time"

	"punto/app"
	"punto/app/cases"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/phone"
)

// What a call was about: its cases, or why it needs none, and who called. A case that was
// opened, followed or solved in a call says so itself; the rest is said of the call.

// mostCases are kept of one call.
const mostCases = 50

// typified takes what somebody has said of the call.
func (v *View) typified(e *desk.Event) {
	var b desk.Typified
	if e.Kind != desk.CallTypified || desk.Decode(e.Body, &b) != nil {
		return
	}
	if !b.Case.IsZero() {
		v.Cases = slices.DeleteFunc(v.Cases, func(id desk.ID) bool { return id == b.Case })
		if !b.Off && len(v.Cases) < mostCases {
			v.Cases = append(v.Cases, b.Case)
		}
	}
	if b.Reason != "" {
		v.Reason = b.Reason
	}
	if !b.Person.IsZero() {
		v.Person = b.Person
	}
	if v.Call.PBX == phone.Manual && !b.Same.IsZero() {
		v.Into = b.Same
	}
	if !b.Apart.IsZero() && len(v.Apart) < mostCases {
		v.Apart = append(v.Apart, b.Apart)
	}
}

// spoken tells whether a case was opened, followed or solved in a call, or something was
// said of it where it was told by hand.
func spoken(r desk.Reader, id desk.ID, v *View) (bool, error) {
	if _, has, err := engine.First(r, engine.Prefix(cases.IxOfCall, id)); err != nil || has {
		return has, err
	}
	if drafted, err := v.drafted(r); err != nil || drafted {
		return drafted, err
	}
	for part, err := range parts(r, id) {
		if err != nil {
			return false, err
		}
		if part.Reason != "" || len(part.Cases) > 0 {
			return true, nil
		}
		if said, err := spoken(r, part.ID, &part.View); err != nil || said {
			return said, err
		}
	}
	return false, nil
}

// drafted tells whether the draft in which the call was taken has become a case.
func (v *View) drafted(r desk.Reader) (bool, error) {
	if v.Case.IsZero() {
		return false, nil
	}
	c, err := cases.Read(r, v.Case)
	if errors.Is(err, engine.ErrUnreadable) {
		return true, nil
	}
	return c.Case.Status != desk.NoStatus, err
}

// ended is when a call ended, in Unix milliseconds; where no end is told it is that of
// its talk.
func ended(c phone.Call) int64 {
	if c.EndedAt.IsZero() {
		return c.AnsweredAt.Add(c.Talk + c.Hold).UnixMilli()
	}
	return c.EndedAt.UnixMilli()
}

func typify(o *engine.Op, c app.TypifyCall) (app.Receipt, error) {
	ent := desk.Entity{Type: desk.CallType, ID: c.Call}
	v, err := loaded(o, c.Call)
	if err != nil {
		return app.Receipt{}, err
	}
	reason := strings.TrimSpace(c.Reason)
	switch {
	case c.Case.IsZero() && reason == "" && c.Person.IsZero():
		return app.Receipt{}, app.Fail(app.Invalid, "nothing is said of the call: name a case, a reason or a user")
	case c.Off && !slices.Contains(v.Cases, c.Case):
		return app.Receipt{}, app.Fail(app.NotFound, "nobody has said that the call was about that case")
	case !c.Off && len(v.Cases) >= mostCases:
		return app.Receipt{}, app.Fail(app.Conflict, "the call is about %d cases already: that is as many as one can be about", mostCases)
	}
	if !c.Case.IsZero() && !c.Off {
		if _, err := cases.Of(o, c.Case); err != nil {
			return app.Receipt{}, err
		}
	}
	if !c.Person.IsZero() {
		p, err := engine.Noun[desk.Person](o.Names, desk.PersonType, c.Person)
		if err != nil {
			return app.Receipt{}, err
		}
		if p.Name == "" {
			return app.Receipt{}, app.Fail(app.NotFound, "there is no such user on this workstation")
		}
	}
	err = o.Emit(desk.CallTypified, ent, desk.Typified{Case: c.Case, Off: c.Off, Reason: reason, Person: c.Person})
	return o.Receipt(c.Call), err
}

// mostUntyped are counted.
const mostUntyped = 1_000

// askUntyped lists the answered calls of which nobody has said what they were about, and
// in which no case was opened, followed or solved: the asker's own first.
func askUntyped(l *engine.Look, q app.UntypedCalls) (a app.UntypedCallsAnswer, err error) {
	me, err := engine.Noun[desk.Agent](l.Names, desk.AgentType, l.Session.Agent)
	if err != nil {
		return a, err
	}
	limit := q.Limit
	if limit <= 0 || limit > 200 {
		limit = 50
	}
	var own, others []app.CallRow
	from := l.Now - int64(app.UntypedDays*24*time.Hour/time.Millisecond)
	for k, err := range l.Reader.Scan(engine.Prefix(ixBare), engine.Prefix(ixBare, from), false) {
		if err != nil {
			return a, err
		}
		id := engine.IDOf(k.Key)
		v, err := Read(l.Reader, id)
		if err != nil {
			return a, err
		}
		if said, err := spoken(l.Reader, id, &v); err != nil || said {
			if err != nil {
				return a, err
			}
			continue
		}
		if a.Total++; a.Total >= mostUntyped {
			break
		}
		mine := isOf(v.Call, l.Session.Agent, me)
		if mine {
			a.Mine++
		}
		switch {
		case mine && len(own) < limit:
			own = append(own, app.CallRow{ID: id, Call: v.Call, Mine: true})
		case !mine && !q.Mine && len(others) < limit:
			others = append(others, app.CallRow{ID: id, Call: v.Call})
		}
	}
	a.Rows = append(own, others[:min(len(others), limit-len(own))]...)
	for i := range a.Rows {
		if a.Rows[i], err = row(l, a.Rows[i].ID, a.Rows[i].Mine); err != nil {
			return a, err
		}
	}
	return a, nil
}
