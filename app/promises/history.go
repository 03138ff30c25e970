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
// show. What is promised is looked up later. The zero Trace is of no event.
type Trace struct {
	Events int // folded
	steps  []step
	handed bool // the group that has it came by a hand-off
}

// step is a fact for the clocks, or a look at what is promised, or both.
type step struct {
	sla.Fact
	told     bool // it is a fact
	asks     bool // what is promised is what is in force at the event
	ours     bool // the unit that has the case is promised something
	outside  bool // that unit is a supplier
	contract desk.ID
	priority int
	stamp    desk.Stamp
}

// Apply folds the next event into a case, as Case.Apply does, and takes the step that
// it is.
func (t *Trace) Apply(c *desk.Case, ev *desk.Event) {
	priority, contract, group, was := c.Priority, c.Contract, c.Group, c.Status
	t.Events++
	c.Apply(ev)
	s := step{Fact: sla.Fact{At: time.UnixMilli(ev.At)}, contract: c.Contract, priority: c.Priority, stamp: ev.Stamp}
	promised := c.Priority != priority || c.Contract != contract
	s.asks = ev.Kind == desk.CaseOpened || promised
	moved := !group.IsZero() && c.Group != group // the first group that it gets is no hand-off
	if ev.Kind == desk.CaseHandedOff || ev.Kind == desk.CaseAssigned {
		t.handed = t.handed || moved
	}
	if n := len(c.HandOffs); n > 0 {
		s.outside = c.HandOffs[n-1].Outside
	}
	if s.told = t.fact(&s, c, ev, was, moved, promised); s.told || s.asks {
		t.steps = append(t.steps, s)
	}
}

// fact says what an event is to the clocks; false when it is nothing.
func (t *Trace) fact(f *step, c *desk.Case, ev *desk.Event, was desk.Status, moved, promised bool) bool {
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
			f.Kind, f.Group, f.ours = sla.HandedOff, c.Group.String(), true
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
		if t.handed {
			f.Group, f.ours = c.Group.String(), true
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
		f.Kind, f.ours = sla.Retargeted, true
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
	facts = make([]sla.Fact, 0, len(t.steps))
	for i := range t.steps {
		s := &t.steps[i]
		f := s.Fact
		if s.asks {
			if f.Promises, ola, err = p.of(s.contract, s.stamp, s.priority); err != nil {
				return nil, 0, err
			}
			pinned = s.stamp
		}
		if s.ours {
			o := ola
			if s.outside {
				o.Kind = sla.Supplier
			}
			if f.Kind == sla.Retargeted {
				f.Units = []sla.Promise{o}
			} else {
				f.Promises = []sla.Promise{o}
			}
		}
		if s.told {
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
