package sla

import (
	"fmt"
	"slices"
	"time"
)

// leg is the part of a run that counts under one promise, from an instant until
// the next leg.
type leg struct {
	from    time.Time
	promise Promise
}

// promises tells whether there is anything to keep.
func (p Promise) promises() bool { return p.Hours != nil && (p.Target > 0 || p.WorkingDays > 0) }

func (p Promise) equal(q Promise) bool {
	return p.Kind == q.Kind && p.Target == q.Target && p.WorkingDays == q.WorkingDays && p.Hours == q.Hours &&
		p.CountResolved == q.CountResolved && slices.Equal(p.Pauses, q.Pauses)
}

// stops tells whether the clock of a promise stands still for a reason. Take-up
// and supplier never do.
func (p Promise) stops(why string) bool {
	if p.Kind == TakeUp || p.Kind == Supplier {
		return false
	}
	return why == resolvedPause && p.Kind == Resolve && !p.CountResolved || slices.Contains(p.Pauses, why)
}

// aim sets the target of a run. Working days become the open time until their
// deadline, so that pauses move it like any other.
func (x *Run) aim(p Promise) {
	x.Target, x.opening = p.Target, false
	if p.WorkingDays > 0 {
		due := p.Hours.DeadlineDays(x.Start, p.WorkingDays)
		x.Target = p.Hours.Between(x.Start, due)
		x.opening = !p.Hours.Deadline(x.Start, x.Target).Equal(due)
	}
}

// leg is the i-th part of a run, cut at end; the zero end is none.
func (x *Run) leg(i int, end time.Time) (p Promise, from, to time.Time) {
	p, from, to = x.legs[i].promise, x.legs[i].from, end
	if i+1 < len(x.legs) && (to.IsZero() || x.legs[i+1].from.Before(to)) {
		to = x.legs[i+1].from
	}
	return p, from, to
}

// pausesOf lists the pauses that stop a run before end, each within the legs
// whose promise lists its reason.
func (x *Run) pausesOf(all []Span, end time.Time) (out []Span) {
	for i := range x.legs {
		p, from, to := x.leg(i, end)
		for _, s := range all {
			if !p.stops(s.Why) || !s.To.IsZero() && !s.To.After(from) || !s.From.Before(to) {
				continue
			}
			if i > 0 && s.From.Before(from) {
				s.From = from
			}
			if i+1 < len(x.legs) && (s.To.IsZero() || s.To.After(to)) {
				s.To = to
			}
			if n := len(out); n > 0 && out[n-1].Why == s.Why && out[n-1].To.Equal(s.From) && s.From.Equal(from) {
				out[n-1].To = s.To // one pause over a change of target
				continue
			}
			out = append(out, s)
		}
	}
	return out
}

// used is the open time of the legs until end, less the pauses.
func (x *Run) used(end time.Time) (sum time.Duration) {
	for i := range x.legs {
		p, from, to := x.leg(i, end)
		sum += p.Hours.Between(from, to) - p.Hours.During(from, to, x.Pauses)
	}
	return sum
}

// reaches is when a run has used an amount, as its pauses stand; the zero time
// is never.
func (x *Run) reaches(amount time.Duration) time.Time {
	ended := closed(x.Pauses)
	for i := range x.legs {
		p, from, to := x.leg(i, time.Time{})
		d := p.Hours.DeadlinePaused(from, amount, ended)
		if to.IsZero() || !d.IsZero() && !d.After(to) {
			return d
		}
		amount -= p.Hours.Between(from, to) - p.Hours.During(from, to, ended)
	}
	return time.Time{}
}

// deadline is when a run falls due, as its pauses stand.
func (x *Run) deadline() time.Time {
	d := x.reaches(x.Target)
	if x.opening && d.After(x.legs[len(x.legs)-1].from) {
		if open, until := x.hours().Open(d); !open && !until.IsZero() {
			return until
		}
	}
	return d
}

// hours are those in force now; nil when the run was not made by Runs.
func (x *Run) hours() *Hours {
	if len(x.legs) == 0 {
		return nil
	}
	return x.legs[len(x.legs)-1].promise.Hours
}

// settle computes what a run has come to by its stop or now:
// elapsed = B(start, stop or now) - B of the union of its pauses.
func (r *runner) settle(x *Run) {
	end := x.Stop
	if end.IsZero() || end.After(r.now) && !x.ended {
		end = r.now
	}
	all := r.pauses
	if !r.pause.From.IsZero() {
		all = append(slices.Clone(all), r.pause)
	}
	x.Pauses = x.pausesOf(all, end)
	x.Elapsed = x.used(end)
	x.Late = x.Elapsed > x.Target
	paused := x.Stop.IsZero() && !r.pause.From.IsZero() && x.legs[len(x.legs)-1].promise.stops(r.pause.Why)
	switch {
	case x.ended && !x.Late:
		x.State = Void
		return
	case paused:
		x.State, x.Reason, x.Since = Paused, r.pause.Why, r.pause.From
	case x.Late:
		x.State = Breached
	case x.Stop.IsZero():
		x.State = Running
	default:
		x.State = Met
	}
	if !paused || x.Late { // overdue is frozen; when it fell due stays known
		x.Due = x.deadline()
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

// Used is the share of the target that is used up: 1 at the deadline.
func (x Run) Used() float64 {
	if x.Target <= 0 {
		return 0
	}
	return float64(x.Elapsed) / float64(x.Target)
}

// Threshold is one share of a target, in percent, that a run has reached. ID is
// derived from the case, the run and the percentage alone, so that two
// workstations that see it record one event.
type Threshold struct {
	ID      string
	Percent int
	At      time.Time // when it was reached
}

// Thresholds lists those that a run of a case has reached by now, each once; a
// paused run reaches no more, a void one none.
func (x Run) Thresholds(caseID string, percents []int) (out []Threshold) {
	if x.hours() == nil || x.State == Void || x.Target <= 0 {
		return nil
	}
	for _, pc := range percents {
		if part := x.part(pc); x.Elapsed >= part {
			out = append(out, Threshold{ID: ThresholdID(caseID, x.ID, pc), Percent: pc, At: x.reaches(part)})
		}
	}
	return out
}

// part is a share of the target, in percent.
func (x Run) part(pc int) time.Duration {
	return x.Target/100*time.Duration(pc) + x.Target%100*time.Duration(pc)/100
}

// ThresholdID is derived from the case, the run and the percentage alone.
func ThresholdID(caseID, run string, percent int) string {
	return fmt.Sprintf("%s/%s/%d", caseID, run, percent)
}

// Share is a share of the target, in percent.
func (x Run) Share(percent int) time.Duration { return x.part(percent) }

// When is the instant at which a run has used an amount, or will have if nothing stops
// it; false when it never will: it stands still, has ended or is void.
func (x Run) When(amount time.Duration) (at time.Time, ok bool) {
	if x.hours() == nil || x.State == Void || x.Target <= 0 {
		return at, false
	}
	if x.Elapsed < amount && (x.State == Paused || !x.Stop.IsZero()) {
		return at, false
	}
	at = x.reaches(max(0, amount))
	return at, !at.IsZero()
}
