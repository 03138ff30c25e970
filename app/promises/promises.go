// Package promises is the room of what a contract promises a case, and of what its
// clocks have come to. What it computes is a function of a case's events and of the
// versions of contract and calendar in force at them.
package promises

import (
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/records"
	"punto/app/sla"
)

// Book looks up what a contract promises. Hours are compiled once per
// version of a calendar.
type Book struct {
	*engine.Names

	// Instead gives what is asked what would have been: the contract, and its calendar,
	// that hold in the place of all versions of one; false leaves it. Nil leaves all.
	Instead func(contract desk.ID) (desk.Contract, sla.Calendar, bool)
}

// Hours are those of a contract as they were at a stamp.
func (p Book) Hours(contract desk.Contract, at desk.Stamp) (*sla.Hours, error) {
	r, err := p.RecordAt(desk.CalendarType, contract.Calendar, at)
	if err != nil {
		return nil, err
	}
	if len(r.Fields) == 0 {
		if h, err := p.hoursOf(sla.AlwaysOpen(OrUTC(contract.Zone))); err == nil {
			return h, nil
		}
		return p.hoursOf(sla.AlwaysOpen("UTC"))
	}
	c, err := desk.As[sla.Calendar](r)
	if err == nil {
		var h *sla.Hours
		if h, err = p.hoursOf(c); err == nil {
			return h, nil
		}
	}
	// of a newer version, or of a bad one: nothing stops, the clock runs always
	return p.hoursOf(sla.AlwaysOpen("UTC"))
}

// hoursOf compiles a calendar once, by what is written in it: which of its events
// count may change while its newest stays.
func (p Book) hoursOf(c sla.Calendar) (*sla.Hours, error) {
	b, err := desk.Encode(c)
	if err != nil {
		return nil, err
	}
	h, err := p.Memo(calendarKey(b), func() (any, error) { return sla.Compile(c) })
	if err != nil {
		return nil, err
	}
	return h.(*sla.Hours), nil
}

// calendarKey is a calendar as it is written.
type calendarKey string

// Latest is later than every stamp: the versions in force now.
const Latest = ^desk.Stamp(0)

// OrUTC is a zone, UTC where none is named.
func OrUTC(zone string) string {
	if zone == "" {
		return "UTC"
	}
	return zone
}

// terms are what a version of a contract promises, in the hours of a version of its
// calendar.
type terms struct {
	contract desk.Contract
	hours    *sla.Hours
	none     bool // it is of a newer version, or a bad one
}

// termsAt are those in force at a stamp; decoded once for each pair of versions.
func (p Book) termsAt(contract desk.ID, at desk.Stamp) (t terms, err error) {
	if p.Instead != nil {
		if c, calendar, ok := p.Instead(contract); ok {
			h, err := p.hoursOf(calendar)
			return terms{contract: c, hours: h}, err
		}
	}
	v, err := p.VersionAt(desk.ContractType, contract, at)
	if err != nil || v == (engine.Version{}) {
		return terms{none: true}, err
	}
	type written struct{ engine.Version }
	t, err = engine.Kept(p.Names, written{v}, func() (t terms, err error) {
		r, err := p.RecordAt(desk.ContractType, contract, at)
		if err != nil || len(r.Fields) == 0 {
			return terms{none: true}, err
		}
		c, err := desk.As[desk.Contract](r)
		return terms{contract: c, none: err != nil}, nil
	})
	if err != nil || t.none {
		return t, err
	}
	h, err := p.VersionAt(desk.CalendarType, t.contract.Calendar, at)
	if err != nil {
		return t, err
	}
	type pair struct{ contract, calendar engine.Version }
	return engine.Kept(p.Names, pair{v, h}, func() (terms, error) {
		t.hours, err = p.Hours(t.contract, at)
		return t, err
	})
}

// of is the SLA of a priority under a contract as it was at a stamp, and its OLA.
func (p Book) of(contract desk.ID, at desk.Stamp, priority int) (slas []sla.Promise, ola sla.Promise, err error) {
	x, err := p.termsAt(contract, at)
	if err != nil || x.none {
		return nil, ola, err
	}
	for _, t := range x.contract.Targets {
		if t.Priority != priority {
			continue
		}
		add := func(k sla.Kind, seconds int64) sla.Promise {
			return sla.Promise{Kind: k, Target: time.Duration(seconds) * time.Second, Hours: x.hours, Pauses: x.contract.Pauses}
		}
		return []sla.Promise{add(sla.TakeUp, t.TakeUp), add(sla.Resolve, t.Resolve)}, add(sla.OLA, t.OLA), nil
	}
	return nil, ola, nil
}

func askPromise(l *engine.Look, q app.Promise) (app.Answer, error) {
	m, err := records.Model(l.Names)
	if err != nil {
		return nil, err
	}
	id := q.Contract
	if id.IsZero() {
		p, err := engine.Noun[desk.Person](l.Names, desk.PersonType, q.Person)
		if err != nil {
			return nil, err
		}
		id = p.Contract
	}
	if id, _, err = records.ContractOf(l.Names, id); err != nil {
		return nil, err
	}
	a := app.PromiseAnswer{Priority: q.Priority}
	if a.Priority == 0 {
		a.Priority = m.Priority(q.Impact, q.Urgency)
	}
	slas, _, err := Book{Names: l.Names}.of(id, Latest, a.Priority)
	if err != nil {
		return nil, err
	}
	now := time.UnixMilli(l.Now)
	for _, p := range slas {
		if p.Target <= 0 {
			continue
		}
		due := p.Hours.Deadline(now, p.Target).UnixMilli()
		if p.Kind == sla.TakeUp {
			a.TakeUp = due
		} else {
			a.Resolve = due
		}
		runs := sla.Runs([]sla.Fact{{At: now, Kind: sla.Opened, Promises: []sla.Promise{p}}}, now)
		for _, r := range runs {
			a.Why = append(a.Why, r.Explain())
		}
	}
	return a, nil
}

// OpenNow tells whether a contract's hours are open, and when that changes.
func OpenNow(l *engine.Look, _ desk.ID, contract desk.Contract) (bool, int64, error) {
	h, err := Book{Names: l.Names}.Hours(contract, Latest)
	if err != nil {
		return false, 0, err
	}
	open, until := h.Open(time.UnixMilli(l.Now))
	if until.IsZero() {
		return open, 0, nil
	}
	return open, until.UnixMilli(), nil
}

// Room is the capability as the engine takes it.
func Room() engine.Room {
	return engine.Room{Name: "promises", Handles: []engine.Handler{engine.Asks(askPromise)}}
}
