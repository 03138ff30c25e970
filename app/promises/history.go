package promises

import (
	"time"

	"punto/app/desk"
	"punto/app/engine"
	"punto/app/sla"
)

// History turns the events of a case, in the order of the fold, into facts for
// its clocks: only what changed the case makes one, so that no clock stands still
// that the case does not show. What was undone is left out. Pinned is the stamp of
// the event whose versions of contract and calendar hold.
func (p Book) History(events []desk.Event) (facts []sla.Fact, pinned desk.Stamp, err error) {
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

// Runs are all clocks of a case as of now.
func Runs(l *engine.Look, _ desk.ID, _ *desk.Case, events []desk.Event) ([]sla.Run, error) {
	facts, _, err := Book{Names: l.Names}.History(events)
	return sla.Runs(facts, time.UnixMilli(l.Now)), err
}
