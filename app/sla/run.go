package sla

import (
	"fmt"
	"slices"
	"time"
)

// Kind is which promise a clock counts.
type Kind uint8

// Kinds of clock.
const (
	NoKind Kind = iota
	TakeUp
	Resolve
	NextAnswer
	OLA
	Supplier
)

var kindNames = [...]string{"", "take_up", "resolve", "next_answer", "ola", "supplier"}

func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return fmt.Sprintf("kind-%d", uint8(k))
}

// State is how a run stands.
type State uint8

// States. A breach never disappears; Void is a run whose promise no longer
// matches or whose case was cancelled or merged.
const (
	NoState State = iota
	Running
	Paused
	Met
	Breached
	Void
)

var stateNames = [...]string{"", "running", "paused", "met", "breached", "void"}

func (s State) String() string {
	if int(s) < len(stateNames) {
		return stateNames[s]
	}
	return fmt.Sprintf("state-%d", uint8(s))
}

// FactKind is what happened to a case, as far as clocks care.
type FactKind uint8

// Facts.
const (
	Opened     FactKind = iota + 1
	TakenUp             // by a person; what a rule or an automatic answer does is no fact here
	HandedOff           // to Group, with its own Promise; Outside for a supplier
	Suspended           // for Reason
	Resumed             //
	Contacted           // the user wrote or called again
	Answered            // the desk answered the user
	Resolved            //
	Reopened            //
	Ended               // cancelled or merged: nothing is promised any more
	Retargeted          // priority, category or contract changed: Promises hold from here
	Excused             // the run named Clock
)

// Fact is one entry of a case's history. Promises is set on Opened and
// Retargeted (the SLA), and on HandedOff (OLA or Supplier of that group).
type Fact struct {
	At       time.Time
	Kind     FactKind
	Group    string
	Outside  bool
	Reason   string
	Clock    string
	Promises []Promise
}

// Promise is one target: an amount of business time, or WorkingDays when it is
// not 0. Hours is the calendar version in force; Pauses are the reasons that
// stop the clock.
type Promise struct {
	Kind        Kind
	Target      time.Duration
	WorkingDays int
	Hours       *Hours
	Pauses      []string
}

// Run is one run of one promise over one case.
type Run struct {
	ID      string        `cbor:"1,keyasint" json:"id"` // kind and its ordinal within the case: "resolve/1"
	Kind    Kind          `cbor:"2,keyasint" json:"kind"`
	Group   string        `cbor:"3,keyasint,omitempty" json:"group,omitempty"`
	Target  time.Duration `cbor:"4,keyasint" json:"target"`
	Start   time.Time     `cbor:"5,keyasint" json:"start"`
	Stop    time.Time     `cbor:"6,keyasint,omitempty" json:"stop,omitzero"` // zero = still going
	Elapsed time.Duration `cbor:"7,keyasint" json:"elapsed"`
	Due     time.Time     `cbor:"8,keyasint,omitempty" json:"due,omitzero"` // zero while paused or when never
	State   State         `cbor:"9,keyasint" json:"state"`
	Reason  string        `cbor:"10,keyasint,omitempty" json:"reason,omitempty"` // of the pause
	Since   time.Time     `cbor:"11,keyasint,omitempty" json:"since,omitzero"`   // of the pause
	Excused bool          `cbor:"12,keyasint,omitempty" json:"excused,omitempty"`
	Late    bool          `cbor:"13,keyasint,omitempty" json:"late,omitempty"` // breached so far, also while paused
	Pauses  []Span        `cbor:"14,keyasint,omitempty" json:"pauses,omitempty"`

	promise Promise
}

// Used is the share of the target that is used up: 1 at the deadline.
func (r Run) Used() float64 {
	if r.Target <= 0 {
		return 0
	}
	return float64(r.Elapsed) / float64(r.Target)
}

// runner walks a history once.
type runner struct {
	now     time.Time
	runs    []*Run
	live    map[Kind]*Run // SLA runs that go on
	unit    *Run          // the hand-off run that goes on
	pause   Span          // the present pause; zero From = none
	pauses  []Span        // all so far
	counts  map[Kind]int
	pledged []Promise
}

// Runs is every clock of a case: a pure function of its history and now. Facts
// are taken in the order given, which is that of the fold.
func Runs(history []Fact, now time.Time) []Run {
	r := &runner{now: now, live: map[Kind]*Run{}, counts: map[Kind]int{}}
	for _, f := range history {
		r.fact(f)
	}
	out := make([]Run, 0, len(r.runs))
	for _, x := range r.runs {
		r.settle(x)
		out = append(out, *x)
	}
	return out
}

func (r *runner) fact(f Fact) {
	switch f.Kind {
	case Opened:
		r.pledged = f.Promises
		for _, p := range f.Promises {
			if p.Kind == TakeUp || p.Kind == Resolve {
				r.start(p, f.At, "")
			}
		}
	case TakenUp:
		r.stop(TakeUp, f.At)
	case HandedOff:
		r.release(f.At)
		for _, p := range f.Promises {
			r.unit = r.start(p, f.At, f.Group)
		}
	case Suspended:
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
		r.stop(NextAnswer, f.At)
	case Resolved:
		r.endPause(f.At)
		for _, k := range []Kind{TakeUp, Resolve, NextAnswer} {
			r.stop(k, f.At)
		}
		r.release(f.At)
	case Reopened:
		r.reopened(f)
	case Ended:
		r.endPause(f.At)
		for _, k := range []Kind{TakeUp, Resolve, NextAnswer} {
			if x := r.live[k]; x != nil {
				r.void(x, f.At)
			}
		}
		r.release(f.At)
	case Retargeted:
		r.retarget(f)
	case Excused:
		for _, x := range r.runs {
			x.Excused = x.Excused || x.ID == f.Clock
		}
	}
}

func (r *runner) start(p Promise, at time.Time, group string) *Run {
	if p.Hours == nil || p.Target <= 0 && p.WorkingDays <= 0 {
		return nil
	}
	r.counts[p.Kind]++
	target := p.Target
	if p.WorkingDays > 0 { // two working days, as open time
		target = p.Hours.Between(at, p.Hours.DeadlineDays(at, p.WorkingDays))
	}
	x := &Run{ID: fmt.Sprintf("%s/%d", p.Kind, r.counts[p.Kind]), Kind: p.Kind, Group: group, Target: target, Start: at, promise: p}
	r.runs = append(r.runs, x)
	if p.Kind != OLA && p.Kind != Supplier {
		r.live[p.Kind] = x
	}
	return x
}

func (r *runner) stop(k Kind, at time.Time) {
	if x := r.live[k]; x != nil {
		x.Stop = at
		delete(r.live, k)
	}
}

func (r *runner) release(at time.Time) {
	if r.unit != nil {
		r.unit.Stop = at
		r.unit = nil
	}
}

func (r *runner) void(x *Run, at time.Time) {
	x.Stop, x.State = at, Void
	delete(r.live, x.Kind)
}

func (r *runner) endPause(at time.Time) {
	if !r.pause.From.IsZero() {
		r.pause.To = at
		r.pauses = append(r.pauses, r.pause)
		r.pause = Span{}
	}
}

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

// reopened goes on with the resolve run; the time spent resolved is a pause.
func (r *runner) reopened(f Fact) {
	for i := len(r.runs) - 1; i >= 0; i-- {
		x := r.runs[i]
		if x.Kind == Resolve && !x.Stop.IsZero() && x.State != Void {
			r.pauses = append(r.pauses, Span{From: x.Stop, To: f.At, Why: resolvedPause})
			x.Stop = time.Time{}
			r.live[Resolve] = x
			break
		}
	}
	for _, p := range f.Promises { // the group that has it again
		r.unit = r.start(p, f.At, f.Group)
	}
}

// resolvedPause is the reason of the time between resolution and reopening:
// every SLA clock stands still in it.
const resolvedPause = "resolved"

// retarget keeps the time already used and applies the new target; a run whose
// promise no longer exists is void.
func (r *runner) retarget(f Fact) {
	r.pledged = f.Promises
	for _, k := range []Kind{TakeUp, Resolve} {
		x := r.live[k]
		i := slices.IndexFunc(f.Promises, func(p Promise) bool { return p.Kind == k })
		switch {
		case x == nil:
			if k == Resolve && i >= 0 && r.counts[k] == 0 {
				r.start(f.Promises[i], f.At, "")
			}
		case i < 0 || f.Promises[i].Target <= 0 && f.Promises[i].WorkingDays <= 0:
			r.void(x, f.At)
		default:
			p := f.Promises[i]
			hours := x.promise.Hours // a run uses the calendar version in force when it started
			x.promise = p
			if hours != nil {
				x.promise.Hours = hours
			}
			x.Target = p.Target
			if p.WorkingDays > 0 {
				x.Target = x.promise.Hours.Between(x.Start, x.promise.Hours.DeadlineDays(x.Start, p.WorkingDays))
			}
		}
	}
}

// settle computes what a run has come to by its stop or now.
func (r *runner) settle(x *Run) {
	p := x.promise
	end := x.Stop
	if end.IsZero() || end.After(r.now) && x.State != Void {
		end = r.now
	}
	all := r.pauses
	if !r.pause.From.IsZero() {
		all = append(slices.Clone(all), r.pause)
	}
	stops := func(why string) bool {
		if x.Kind == TakeUp || x.Kind == Supplier {
			return false
		}
		return why == resolvedPause && x.Kind == Resolve || slices.Contains(p.Pauses, why)
	}
	for _, s := range all {
		if stops(s.Why) && (s.To.IsZero() || s.To.After(x.Start)) && s.From.Before(end) {
			x.Pauses = append(x.Pauses, s)
		}
	}
	x.Elapsed = p.Hours.Between(x.Start, end) - p.Hours.during(x.Start, end, x.Pauses)
	x.Late = x.Elapsed > x.Target
	if x.State == Void {
		return
	}
	paused := x.Stop.IsZero() && !r.pause.From.IsZero() && stops(r.pause.Why)
	switch {
	case paused:
		x.State, x.Reason, x.Since = Paused, r.pause.Why, r.pause.From
	case x.Late:
		x.State = Breached
	case x.Stop.IsZero():
		x.State = Running
	default:
		x.State = Met
	}
	if !paused {
		x.Due = p.Hours.deadlinePaused(x.Start, x.Target, closed(x.Pauses))
	} else if x.Late { // overdue is frozen; when it fell due stays known
		x.Due = p.Hours.deadlinePaused(x.Start, x.Target, closed(x.Pauses))
	}
}

// closed leaves out the pause that still goes on.
func closed(ps []Span) (out []Span) {
	for _, p := range ps {
		if !p.To.IsZero() {
			out = append(out, p)
		}
	}
	return out
}

// Threshold is one share of a target, in percent, that a run has reached. ID is
// derived from the case, the run and the percentage alone, so that two
// workstations that see it record one event.
type Threshold struct {
	ID      string
	Percent int
	At      time.Time // when it was reached
}

// DefaultThresholds are those of a contract that names none.
var DefaultThresholds = []int{50, 75, 90, 100, 150}

// Thresholds lists those that a run of a case has reached by now, each once; a
// paused run reaches none.
func (x Run) Thresholds(caseID string, percents []int) (out []Threshold) {
	if x.promise.Hours == nil || x.State == Void {
		return nil
	}
	for _, pc := range percents {
		part := x.Target * time.Duration(pc) / 100
		if x.Elapsed >= part && x.Target > 0 {
			out = append(out, Threshold{ID: fmt.Sprintf("%s/%s/%d", caseID, x.ID, pc), Percent: pc,
				At: x.promise.Hours.deadlinePaused(x.Start, part, closed(x.Pauses))})
		}
	}
	return out
}

// Explanation lists what made a deadline: the open segments counted, and the
// pauses left out.
type Explanation struct {
	Run      Run       `json:"run"`
	Calendar string    `json:"calendar"`
	Version  int       `json:"version"`
	Counted  []Segment `json:"counted"`
	Closed   []string  `json:"closed,omitempty"` // special days met on the way
}

// Explain lists the open segments between the start of a run and its stop or
// deadline, whichever is later.
func (x Run) Explain() Explanation {
	e := Explanation{Run: x}
	h := x.promise.Hours
	if h == nil {
		return e
	}
	e.Calendar, e.Version = h.cal.Name, h.cal.Version
	end := x.Due
	if x.Stop.After(end) {
		end = x.Stop
	}
	if end.IsZero() {
		end = x.Since
	}
	for s := range h.Segments(x.Start, end) {
		for _, part := range less(s, union(x.Pauses, x.Start, end)) {
			e.Counted = append(e.Counted, part)
		}
	}
	for n := h.dayOf(x.Start); n <= h.dayOf(end) && len(e.Closed) < 400; n++ {
		y, m, d := civil(n)
		for _, sp := range h.cal.Specials {
			if sp.covers(y, m, d) {
				e.Closed = append(e.Closed, fmt.Sprintf("%04d-%02d-%02d %s", y, m, d, sp.Name))
			}
		}
	}
	return e
}

// less cuts pauses, which are sorted and apart, out of a segment.
func less(s Segment, ps []Span) (out []Segment) {
	for _, p := range ps {
		if !p.To.After(s.From) || !p.From.Before(s.To) {
			continue
		}
		if p.From.After(s.From) {
			out = append(out, Segment{s.From, p.From, s.Why})
		}
		s.From = p.To
		if !s.From.Before(s.To) {
			return out
		}
	}
	return append(out, s)
}
