package sla

import (
	"fmt"
	"slices"
	"time"
)

// runner walks a history once, and holds what the next fact needs to know of those
// before it. A run is void, not removed: what was promised stays to be seen.
type runner struct {
	now      time.Time
	opened   time.Time
	runs     []*Run
	was      map[*Run][]*Run // superseded runs, by the one that took over
	live     map[Kind]*Run   // SLA runs that go on
	units    []*Run          // the hand-off runs that go on
	lapsed   []*Run          // those of the same hand-off whose promise matched no more
	reached  Fact            // the hand-off that brought the case where it is; zero At = none, or it went back
	pause    Span            // the present pause; zero From = none
	pauses   []Span          // all so far
	counts   map[Kind]int
	pledged  []Promise
	taken    bool
	resolved bool
	ended    bool
	over     time.Time // since when it is resolved or ended
}

// slaKinds are the clocks that the contract promises.
var slaKinds = [...]Kind{TakeUp, Resolve, NextAnswer}

// Runs is every clock of a case: a pure function of its history and now. Facts
// are taken in the order given, which is that of the fold; what happened is
// dated by their At. Facts that repeat or contradict what stands, as two
// workstations may both write, change nothing. Work ends a pause: who still waits
// says so again.
func Runs(history []Fact, now time.Time) []Run {
	r := &runner{now: now, was: map[*Run][]*Run{}, live: map[Kind]*Run{}, counts: map[Kind]int{}}
	for _, f := range history {
		r.fact(f)
	}
	out := make([]Run, 0, len(r.runs))
	for _, x := range r.runs {
		for _, old := range r.was[x] {
			r.settle(old)
			x.Was = append(x.Was, *old)
		}
		r.settle(x)
		out = append(out, *x)
	}
	return out
}

// fact takes one step. A fact of a kind that is not known here changes nothing.
func (r *runner) fact(f Fact) {
	switch f.Kind {
	case Opened:
		r.opened, r.pledged = f.At, f.Promises
		for _, p := range f.Promises {
			if (p.Kind == TakeUp || p.Kind == Resolve) && r.live[p.Kind] == nil {
				r.start(p, f.At, "")
			}
		}
	case TakenUp:
		if !f.ByRule {
			r.taken = true
			r.endPause(f.At)
			r.stop(TakeUp, f.At)
		}
	case HandedOff:
		r.endPause(f.At)
		r.release(f.At)
		r.reach(f)
	case Released:
		r.endPause(f.At)
		r.release(f.At)
	case Suspended:
		if r.resolved || r.ended { // nothing waits any more
			break
		}
		if r.pause.From.IsZero() {
			r.pause = Span{From: f.At, Why: f.Reason}
		} else if r.pause.Why != f.Reason {
			r.endPause(f.At)
			r.pause = Span{From: f.At, Why: f.Reason}
		}
	case Resumed:
		r.endPause(f.At)
	case Contacted:
		r.contacted(f.At)
	case Answered:
		if !f.ByRule {
			r.stop(NextAnswer, f.At)
		}
	case Resolved:
		r.finish(f.At)
	case Reopened:
		r.reopened(f)
	case Ended:
		r.end(f.At)
	case Retargeted:
		r.pledged = f.Promises
		for _, k := range slaKinds {
			r.retarget(k, f.At)
		}
		if f.Units != nil {
			r.retargetUnits(f)
		}
	case Excused:
		r.excuse(f.Clock)
	}
}

// start begins a run, when something is promised.
func (r *runner) start(p Promise, at time.Time, group string) *Run {
	if !p.promises() {
		return nil
	}
	r.counts[p.Kind]++
	x := &Run{ID: fmt.Sprintf("%s/%d", p.Kind, r.counts[p.Kind]), Kind: p.Kind, Group: group, Start: at, legs: []leg{{at, p}}}
	x.aim(p)
	r.runs = append(r.runs, x)
	if p.Kind != OLA && p.Kind != Supplier {
		r.live[p.Kind] = x
	}
	return x
}

// reach begins the runs of the group that a case came to.
func (r *runner) reach(f Fact) {
	if f.Group == "" {
		return
	}
	r.reached = f
	for _, p := range f.Promises {
		if x := r.start(p, f.At, f.Group); x != nil {
			r.units = append(r.units, x)
		}
	}
}

// stop ends a run that goes on; whether in time is for settle to say.
func (r *runner) stop(k Kind, at time.Time) {
	if x := r.live[k]; x != nil {
		x.Stop = at
		delete(r.live, k)
	}
}

// release stops the runs of the group that had the case: it went on, or was solved.
func (r *runner) release(at time.Time) {
	for _, x := range r.units {
		x.Stop = at
	}
	r.units, r.lapsed, r.reached = nil, nil, Fact{}
}

// void ends a run whose promise is not to be kept any more.
func (r *runner) void(x *Run, at time.Time, why string) {
	x.Stop, x.ended, x.Reason = at, true, why
	if r.live[x.Kind] == x {
		delete(r.live, x.Kind)
	}
}

// finish stops every clock: the case is resolved.
func (r *runner) finish(at time.Time) {
	r.endPause(at)
	for _, k := range slaKinds {
		r.stop(k, at)
	}
	r.release(at)
	r.close(at)
	r.taken, r.resolved = true, true
}

// close notes since when the case is over.
func (r *runner) close(at time.Time) {
	if !r.resolved && !r.ended {
		r.over = at
	}
}

// end voids every clock: the case was cancelled or merged.
func (r *runner) end(at time.Time) {
	r.endPause(at)
	for _, k := range slaKinds {
		if x := r.live[k]; x != nil {
			r.void(x, at, byEnd)
		}
	}
	for _, x := range r.units {
		r.void(x, at, byEnd)
	}
	r.close(at)
	r.units, r.lapsed, r.reached = nil, nil, Fact{}
	r.taken, r.ended = true, true // nobody has to take it up any more, also when it is reopened
}

// endPause ends the pause that goes on, if there is one.
func (r *runner) endPause(at time.Time) {
	if !r.pause.From.IsZero() {
		r.pause.To = at
		r.pauses = append(r.pauses, r.pause)
		r.pause = Span{}
	}
}

// contacted is a word from the user: the desk owes an answer from the first one on that
// was not answered yet, not from the last.
func (r *runner) contacted(at time.Time) {
	if r.pause.Why == "user" { // the user answered: what waited for the user goes on
		r.endPause(at)
	}
	if r.live[NextAnswer] != nil {
		return
	}
	for _, p := range r.pledged {
		if p.Kind == NextAnswer {
			r.start(p, at, "")
		}
	}
}

// reopened goes on with the resolve run, under what is promised by now. The time
// spent resolved is a pause, also of a run that begins later.
func (r *runner) reopened(f Fact) {
	if !r.resolved && !r.ended {
		return
	}
	r.resolved, r.ended = false, false
	r.pauses = append(r.pauses, Span{From: r.over, To: f.At, Why: resolvedPause})
	for i := len(r.runs) - 1; i >= 0; i-- {
		x := r.runs[i]
		if x.Kind == Resolve && !x.Stop.IsZero() && (!x.ended || x.Reason == byEnd) {
			x.Stop, x.ended, x.Reason = time.Time{}, false, ""
			r.live[Resolve] = x
			break
		}
	}
	r.retarget(Resolve, f.At)
	r.reach(f) // the group that has it again
}

// Why a run is void.
const (
	byEnd     = "ended"      // its case was cancelled or merged
	byPromise = "no promise" // nothing is promised any more
	byTarget  = "retargeted" // another target took its place
)

// resolvedPause is the reason of the time between resolution and reopening.
const resolvedPause = "resolved"

// retarget puts a clock under what is promised now. A run under another promise
// gives way to a new one that keeps the time already used; with no promise it is
// void. A clock that had none begins with the case.
func (r *runner) retarget(k Kind, at time.Time) {
	x := r.live[k]
	i := slices.IndexFunc(r.pledged, func(p Promise) bool { return p.Kind == k && p.promises() })
	switch {
	case x == nil && i < 0:
	case x == nil:
		if !r.resolved && !r.ended && (k == Resolve || k == TakeUp && !r.taken) {
			r.start(r.pledged[i], r.opened, "")
		}
	case i < 0:
		r.void(x, at, byPromise)
	case !x.legs[len(x.legs)-1].promise.equal(r.pledged[i]):
		r.supersede(x, r.pledged[i], at)
	}
}

// retargetUnits puts the runs of the group that has the case under what it
// promises now; one that had promised nothing begins with its hand-off.
func (r *runner) retargetUnits(f Fact) {
	kept := r.units[:0]
	for _, x := range r.units {
		i := slices.IndexFunc(f.Units, func(p Promise) bool { return p.Kind == x.Kind && p.promises() })
		if i < 0 {
			r.void(x, f.At, byPromise)
			r.lapsed = append(r.lapsed, x)
			continue
		}
		if kept = append(kept, x); !x.legs[len(x.legs)-1].promise.equal(f.Units[i]) {
			r.supersede(x, f.Units[i], f.At)
		}
	}
	if r.units = kept; len(kept) == 0 && !r.reached.At.IsZero() && !r.resolved && !r.ended {
		again := r.reached
		again.Promises = f.Units
		r.reach(again)
		r.inherit()
	}
}

// inherit gives the run that a hand-off has again those that it had before its
// promise lapsed: one hand-off is one run, with its history.
func (r *runner) inherit() {
	if len(r.units) == 0 {
		return
	}
	x := r.units[0]
	for _, old := range r.lapsed {
		r.was[x] = append(append(r.was[x], r.was[old]...), old)
		r.runs = slices.DeleteFunc(r.runs, func(o *Run) bool { return o == old })
	}
	r.lapsed = nil
}

// supersede puts a new run in the place of one whose target changed.
func (r *runner) supersede(x *Run, p Promise, at time.Time) {
	old := *x
	r.void(&old, at, byTarget)
	r.was[x] = append(r.was[x], &old)
	r.counts[p.Kind]++
	x.ID = fmt.Sprintf("%s/%d", p.Kind, r.counts[p.Kind])
	x.Excused = false
	x.legs = append(slices.Clone(x.legs), leg{later(at, x.legs[len(x.legs)-1].from), p})
	x.aim(p)
}

// excuse marks the run of an id, also one that was superseded.
func (r *runner) excuse(id string) {
	for _, x := range r.runs {
		x.Excused = x.Excused || x.ID == id
		for _, old := range r.was[x] {
			old.Excused = old.Excused || old.ID == id
		}
	}
}

func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}
