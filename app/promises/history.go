package promises

import (
	"time"

	"punto/app/desk"
	"punto/app/engine"
	"punto/app/sla"
)

// From the events of a case to the facts that its clocks run by, in one walk with the
// fold of the case.

// Trace is what the clocks make of the events of a case while it is folded: only what
// changed the case is a step, so that no clock stands still that the case does not
// show. What is promised is looked up later. It is stored with the case, so that the next
// event is one more step and no reading of all. The zero Trace is of no event.
type Trace struct {
	Events int    `cbor:"1,keyasint"` // folded
	Steps  []Step `cbor:"2,keyasint,omitempty"`
	Handed bool   `cbor:"3,keyasint,omitempty"` // the group that has it came by a hand-off
}

// Step is a fact for the clocks, or a look at what is promised, or both.
type Step struct {
	At      int64        `cbor:"1,keyasint"`           // Unix milliseconds
	Kind    sla.FactKind `cbor:"2,keyasint,omitempty"` // 0 = it is no fact
	Asks    bool         `cbor:"3,keyasint,omitempty"` // what is promised is what is in force at the event: the next three
	Ours    bool         `cbor:"4,keyasint,omitempty"` // the unit that has the case is promised something
	Outside bool         `cbor:"5,keyasint,omitempty"` // that unit is a supplier

	Contract desk.ID    `cbor:"6,keyasint,omitzero"`
	Priority int        `cbor:"7,keyasint,omitempty"`
	Stamp    desk.Stamp `cbor:"8,keyasint,omitempty"`

	Group  desk.ID `cbor:"9,keyasint,omitzero"` // that has it from here on, where it is ours
	Reason string  `cbor:"10,keyasint,omitempty"`
	Clock  string  `cbor:"11,keyasint,omitempty"`
}

// Apply folds the next event into a case, as Case.Apply does, and takes the step that
// it is.
func (t *Trace) Apply(c *desk.Case, ev *desk.Event) {
	priority, contract, group, was := c.Priority, c.Contract, c.Group, c.Status
	t.Events++
	c.Apply(ev)
	s := Step{At: ev.At}
	promised := c.Priority != priority || c.Contract != contract
	if s.Asks = ev.Kind == desk.CaseOpened || promised; s.Asks {
		s.Contract, s.Priority, s.Stamp = c.Contract, c.Priority, ev.Stamp
	}
	moved := !group.IsZero() && c.Group != group // the first group that it gets is no hand-off
	if ev.Kind == desk.CaseHandedOff || ev.Kind == desk.CaseAssigned {
		t.Handed = t.Handed || moved
	}
	if n := len(c.HandOffs); n > 0 {
		s.Outside = c.HandOffs[n-1].Outside
	}
	told := t.fact(&s, c, ev, was, moved, promised)
	if !told {
		s.Kind = 0
	}
	if told || s.Asks {
		t.Steps = append(t.Steps, s)
	}
}

// fact says what an event is to the clocks; false when it is nothing.
func (t *Trace) fact(f *Step, c *desk.Case, ev *desk.Event, was desk.Status, moved, promised bool) bool {
	is := c.Status
	switch ev.Kind {
	case desk.CaseOpened:
		f.Kind = sla.Opened
		return was == desk.NoStatus
	case desk.CaseTaken:
		f.Kind = sla.TakenUp
		return is.Open()
	case desk.CaseHandedOff, desk.CaseAssigned:
		switch {
		case moved && is.Open():
			f.Kind, f.Group, f.Ours = sla.HandedOff, c.Group, true
		case was == desk.Pending && is != was: // work all the same
			f.Kind = sla.Resumed
		default:
			return false
		}
	case desk.CaseSuspended:
		f.Kind, f.Reason = sla.Suspended, c.Pending
		return is == desk.Pending
	case desk.CaseResumed:
		f.Kind = sla.Resumed
	case desk.CaseContacted:
		f.Kind = sla.Contacted
	case desk.CaseNoted:
		var s desk.Said
		f.Kind = sla.Answered
		return desk.Decode(ev.Body, &s) == nil && s.Public
	case desk.CaseResolved:
		f.Kind = sla.Resolved
		return is == desk.Resolved && was != is
	case desk.CaseReopened:
		f.Kind = sla.Reopened
		if t.Handed {
			f.Group, f.Ours = c.Group, true
		}
		return !was.Open() && is.Open()
	case desk.CaseCancelled, desk.CaseMerged:
		f.Kind = sla.Ended
		return is == desk.Cancelled || is == desk.Merged
	case desk.CaseExcused:
		var s desk.Said
		if desk.Decode(ev.Body, &s) != nil {
			return false
		}
		f.Kind, f.Clock = sla.Excused, s.Clock
	case desk.CaseEdited:
		f.Kind, f.Ours = sla.Retargeted, true
		return promised
	default:
		return false
	}
	return true
}

// TraceOf folds the events of a case, in the order of the fold; what was undone is
// left out.
func TraceOf(events []desk.Event) (t Trace, c desk.Case) {
	c.Marks = map[string]desk.Mark{}
	es := desk.Live(events)
	for i := range es {
		t.Apply(&c, &es[i])
	}
	return t, c
}

// History turns a trace into facts for the clocks. Pinned is the stamp of the event
// whose versions of contract and calendar hold.
func (p Book) History(t *Trace) (facts []sla.Fact, pinned desk.Stamp, err error) {
	var ola sla.Promise
	facts = make([]sla.Fact, 0, len(t.Steps))
	for i := range t.Steps {
		s := &t.Steps[i]
		f := sla.Fact{At: time.UnixMilli(s.At), Kind: s.Kind, Reason: s.Reason, Clock: s.Clock}
		if s.Ours && s.Kind != sla.Retargeted {
			f.Group = s.Group.String()
		}
		if s.Asks {
			if f.Promises, ola, err = p.of(s.Contract, s.Stamp, s.Priority); err != nil {
				return nil, 0, err
			}
			pinned = s.Stamp
		}
		if s.Ours {
			o := ola
			if s.Outside {
				o.Kind = sla.Supplier
			}
			if f.Kind == sla.Retargeted {
				f.Units = []sla.Promise{o}
			} else {
				f.Promises = []sla.Promise{o}
			}
		}
		if s.Kind != 0 {
			facts = append(facts, f)
		}
	}
	return facts, pinned, nil
}

// Runs are all clocks of a case as of now.
func Runs(l *engine.Look, _ desk.ID, _ *desk.Case, events []desk.Event) ([]sla.Run, error) {
	t, _ := TraceOf(events)
	facts, _, err := Book{Names: l.Names}.History(&t)
	return sla.Runs(facts, time.UnixMilli(l.Now)), err
}
