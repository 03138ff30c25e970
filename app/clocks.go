package app

import (
	"time"

	"punto/app/desk"
	"punto/app/sla"
)

// clockSums is what the clocks of a case have come to, kept with its view so
// that lists and months need not run them again.
type clockSums struct {
	TakeUp  clockSum  `cbor:"1,keyasint"`
	Resolve clockSum  `cbor:"2,keyasint"`
	OLA     []unitSum `cbor:"3,keyasint,omitempty"`
	Answer  clockSum  `cbor:"5,keyasint,omitempty"`
}

// clockSum is one clock as of the last event: the state of its last run, and
// whether its breaches are excused.
type clockSum struct {
	State   sla.State `cbor:"1,keyasint,omitempty"`
	Excused bool      `cbor:"2,keyasint,omitempty"`
	Elapsed int64     `cbor:"3,keyasint,omitempty"` // seconds
	Due     int64     `cbor:"4,keyasint,omitempty"` // Unix milliseconds; 0 = none, or paused

	Breached bool `cbor:"5,keyasint,omitempty"` // so far, by any of its runs
	Once     bool `cbor:"6,keyasint,omitempty"` // it began and ended at one instant: in one command
}

type unitSum struct {
	Group   desk.ID `cbor:"11,keyasint"`
	Outside bool    `cbor:"12,keyasint,omitempty"`
	clockSum
	End int64 `cbor:"13,keyasint,omitempty"` // Unix milliseconds; 0 = still there
}

func compile(c sla.Calendar) (*sla.Hours, error) { return sla.Compile(c) }

// promises looks up what a contract promises. Hours are compiled once per
// version of a calendar.
type promises struct {
	*names
	e *Engine
}

// hours are those of a contract as they were at a stamp.
func (p promises) hours(contract desk.Contract, at desk.Stamp) (*sla.Hours, error) {
	r, err := p.recordAt(desk.CalendarType, contract.Calendar, at)
	if err != nil {
		return nil, err
	}
	if len(r.Fields) == 0 {
		if h, err := p.e.hoursOf(sla.AlwaysOpen(orUTC(contract.Zone))); err == nil {
			return h, nil
		}
		return p.e.hoursOf(sla.AlwaysOpen("UTC"))
	}
	c, err := desk.As[sla.Calendar](r)
	if err == nil {
		var h *sla.Hours
		if h, err = p.e.hoursOf(c); err == nil {
			return h, nil
		}
	}
	// of a newer version, or of a bad one: nothing stops, the clock runs always
	return p.e.hoursOf(sla.AlwaysOpen("UTC"))
}

// latest is later than every stamp: the versions in force now.
const latest = ^desk.Stamp(0)

func orUTC(zone string) string {
	if zone == "" {
		return "UTC"
	}
	return zone
}

// of is the SLA of a priority under a contract as it was at a stamp, and its OLA.
func (p promises) of(contract desk.ID, at desk.Stamp, priority int) (slas []sla.Promise, ola sla.Promise, err error) {
	r, err := p.recordAt(desk.ContractType, contract, at)
	if err != nil || len(r.Fields) == 0 {
		return nil, ola, err
	}
	c, err := desk.As[desk.Contract](r)
	if err != nil { // of a newer version, or of a bad one: it promises nothing here
		return nil, ola, nil //nolint:nilerr // said above
	}
	h, err := p.hours(c, at)
	if err != nil {
		return nil, ola, err
	}
	for _, t := range c.Targets {
		if t.Priority != priority {
			continue
		}
		add := func(k sla.Kind, seconds int64) sla.Promise {
			return sla.Promise{Kind: k, Target: time.Duration(seconds) * time.Second, Hours: h, Pauses: c.Pauses}
		}
		return []sla.Promise{add(sla.TakeUp, t.TakeUp), add(sla.Resolve, t.Resolve)}, add(sla.OLA, t.OLA), nil
	}
	return nil, ola, nil
}

// history turns the events of a case, in the order of the fold, into facts for
// its clocks: only what changed the case makes one, so that no clock stands still
// that the case does not show. What was undone is left out. Pinned is the stamp of
// the event whose versions of contract and calendar hold.
func (p promises) history(events []desk.Event) (facts []sla.Fact, pinned desk.Stamp, err error) {
	var c desk.Case
	var ola sla.Promise
	handed := false // the group that has it came by a hand-off
	unit := func() []sla.Promise {
		o := ola
		if n := len(c.HandOffs); n > 0 && c.HandOffs[n-1].Outside {
			o.Kind = sla.Supplier
		}
		return []sla.Promise{o}
	}
	for _, ev := range desk.Live(events) {
		before := c
		c.Apply(&ev)
		f := sla.Fact{At: time.UnixMilli(ev.At)}
		promised := c.Priority != before.Priority || c.Contract != before.Contract
		if ev.Kind == desk.CaseOpened || promised {
			if f.Promises, ola, err = p.of(c.Contract, ev.Stamp, c.Priority); err != nil {
				return nil, 0, err
			}
			pinned = ev.Stamp
		}
		moved := !before.Group.IsZero() && c.Group != before.Group // the first group that it gets is no hand-off
		was, is := before.Status, c.Status
		switch ev.Kind {
		case desk.CaseOpened:
			if was != desk.NoStatus {
				continue
			}
			f.Kind = sla.Opened
		case desk.CaseTaken:
			if !is.Open() {
				continue
			}
			f.Kind = sla.TakenUp
		case desk.CaseHandedOff, desk.CaseAssigned:
			handed = handed || moved
			switch {
			case moved && is.Open():
				f.Kind, f.Group, f.Promises = sla.HandedOff, c.Group.String(), unit()
			case was == desk.Pending && is != was: // work all the same
				f.Kind = sla.Resumed
			default:
				continue
			}
		case desk.CaseSuspended:
			if is != desk.Pending {
				continue
			}
			f.Kind, f.Reason = sla.Suspended, c.Pending
		case desk.CaseResumed:
			f.Kind = sla.Resumed
		case desk.CaseContacted:
			f.Kind = sla.Contacted
		case desk.CaseNoted:
			var s desk.Said
			if desk.Decode(ev.Body, &s) != nil || !s.Public {
				continue
			}
			f.Kind = sla.Answered
		case desk.CaseResolved:
			if is != desk.Resolved || was == is {
				continue
			}
			f.Kind = sla.Resolved
		case desk.CaseReopened:
			if was.Open() || !is.Open() {
				continue
			}
			f.Kind = sla.Reopened
			if handed {
				f.Group, f.Promises = c.Group.String(), unit()
			}
		case desk.CaseCancelled, desk.CaseMerged:
			if is != desk.Cancelled && is != desk.Merged {
				continue
			}
			f.Kind = sla.Ended
		case desk.CaseExcused:
			var s desk.Said
			if desk.Decode(ev.Body, &s) != nil {
				continue
			}
			f.Kind, f.Clock = sla.Excused, s.Clock
		case desk.CaseEdited:
			if !promised {
				continue
			}
			f.Kind, f.Units = sla.Retargeted, unit()
		default:
			continue
		}
		facts = append(facts, f)
	}
	return facts, pinned, nil
}

// clocks runs the clocks of a touched case as of its last event, so that the view
// is a function of the log alone, and keeps what lists and months need.
func (o *op) clocks(t *touched) error {
	facts, pinned, err := promises{o.names, o.e}.history(t.events)
	if err != nil {
		return err
	}
	v := t.kase
	runs := sla.Runs(facts, time.UnixMilli(v.Case.LastAt))
	v.Sums, v.Pinned, v.Times, v.Once = sums(runs), pinned, bent(t.events), once(t.events)
	v.Next, v.Due = nextRun(runs)
	v.Armed = armedOf(runs)
	return nil
}

// nextRun is the run that falls due first, and when; one that is paused only
// when no other goes on.
func nextRun(runs []sla.Run) (next sla.Run, due int64) {
	due = never
	for _, r := range runs {
		if !r.Stop.IsZero() || r.State == sla.Void {
			continue
		}
		moves := r.State != sla.Paused && !r.Due.IsZero()
		if next.ID == "" || moves && r.Due.UnixMilli() < due {
			next = r
		}
		if moves {
			due = min(due, r.Due.UnixMilli())
		}
	}
	next.Pauses, next.Was = nil, nil // a list shows neither
	return next, due
}

// sums tells what the clocks came to: one for each promise to the client, one for
// each stay with a unit. A clock that was re-targeted is breached when any of its
// runs was, and excused when every breached one is.
func sums(runs []sla.Run) (s clockSums) {
	kinds := map[sla.Kind]*clockSum{sla.TakeUp: &s.TakeUp, sla.Resolve: &s.Resolve, sla.NextAnswer: &s.Answer}
	for _, r := range runs {
		var x clockSum
		for _, w := range r.Was {
			x = x.then(sumOf(w))
		}
		x = x.then(sumOf(r))
		if at := kinds[r.Kind]; at != nil {
			*at = at.then(x)
			continue
		}
		g, _ := desk.ParseID(r.Group)
		u := unitSum{Group: g, Outside: r.Kind == sla.Supplier, clockSum: x}
		if !r.Stop.IsZero() {
			u.End = r.Stop.UnixMilli()
		}
		s.OLA = append(s.OLA, u)
	}
	return s
}

func sumOf(r sla.Run) clockSum {
	x := clockSum{State: r.State, Excused: r.Excused, Elapsed: int64(r.Elapsed / time.Second), Breached: r.State == sla.Breached || r.Late,
		Once: !r.Stop.IsZero() && r.Stop.Equal(r.Start)}
	if !r.Due.IsZero() {
		x.Due = r.Due.UnixMilli()
	}
	return x
}

// then is a clock after its next run: a breach stays.
func (x clockSum) then(next clockSum) clockSum {
	if x.Breached {
		next.Excused = x.Excused && (next.Excused || !next.Breached)
		if next.Breached = true; next.State == sla.Met || next.State == sla.Void {
			next.State = sla.Breached
		}
	}
	return next
}

// runs are all clocks of a case as of now.
func (l *look) runs(_ desk.ID, _ *desk.Case, events []desk.Event) ([]sla.Run, error) {
	facts, _, err := promises{l.desk, l.e}.history(events)
	return sla.Runs(facts, time.UnixMilli(l.now)), err
}

// nextClock is the run with the earliest deadline of an open case, as of now: the
// view keeps it as of the last event, and nothing but time has passed since.
func (l *look) nextClock(v caseView) (sla.Run, error) {
	next := v.Next
	if next.ID == "" || next.State == sla.Paused {
		return next, nil
	}
	h, err := l.pinnedHours(&v)
	if err != nil || h == nil {
		return next, err
	}
	next.Elapsed += h.Between(time.UnixMilli(v.Case.LastAt), time.UnixMilli(l.now))
	if next.Late = next.Elapsed > next.Target; next.Late {
		next.State = sla.Breached
	}
	return next, nil
}

// pinnedHours are those that the clocks of a case count by; nil when it has no
// contract.
func (l *look) pinnedHours(v *caseView) (*sla.Hours, error) {
	r, err := l.desk.recordAt(desk.ContractType, v.Case.Contract, v.Pinned)
	if err != nil || len(r.Fields) == 0 {
		return nil, err
	}
	contract, err := desk.As[desk.Contract](r)
	if err != nil {
		return nil, err
	}
	return promises{l.desk, l.e}.hours(contract, v.Pinned)
}

func (q Explain) ask(l *look) (Answer, error) {
	id, v, err := l.find(q.ID, q.Number)
	if err != nil {
		return nil, err
	}
	events, err := l.desk.stored(caseEntity(id))
	if err != nil {
		return nil, err
	}
	a := ExplainAnswer{Number: v.Case.Number}
	if a.Runs, err = l.runs(id, &v.Case, events); err != nil {
		return nil, err
	}
	for _, r := range a.Runs {
		for _, w := range r.Was { // under an earlier target: a breach among them stays
			a.Clocks = append(a.Clocks, w.Explain())
		}
		a.Clocks = append(a.Clocks, r.Explain())
	}
	return a, nil
}

func (q Promise) ask(l *look) (Answer, error) {
	m, err := l.desk.theModel()
	if err != nil {
		return nil, err
	}
	id := q.Contract
	if id.IsZero() {
		p, err := noun[desk.Person](l.desk, desk.PersonType, q.Person)
		if err != nil {
			return nil, err
		}
		id = p.Contract
	}
	if id, _, err = l.desk.contractOf(id); err != nil {
		return nil, err
	}
	a := PromiseAnswer{Priority: q.Priority}
	if a.Priority == 0 {
		a.Priority = m.Priority(q.Impact, q.Urgency)
	}
	slas, _, err := promises{l.desk, l.e}.of(id, latest, a.Priority)
	if err != nil {
		return nil, err
	}
	now := time.UnixMilli(l.now)
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

// openNow tells whether a contract's hours are open, and when that changes.
func (l *look) openNow(_ desk.ID, contract desk.Contract) (bool, int64, error) {
	h, err := promises{l.desk, l.e}.hours(contract, latest)
	if err != nil {
		return false, 0, err
	}
	open, until := h.Open(time.UnixMilli(l.now))
	if until.IsZero() {
		return open, 0, nil
	}
	return open, until.UnixMilli(), nil
}
