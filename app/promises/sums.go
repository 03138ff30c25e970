package promises

import (
	"time"

	"punto/app/desk"
	"punto/app/sla"
)

// What the clocks of a case have come to, small enough to be kept with it.

// Sums is what the clocks of a case have come to, kept with its view so
// that lists and months need not run them again.
type Sums struct {
	TakeUp  Sum       `cbor:"1,keyasint"`
	Resolve Sum       `cbor:"2,keyasint"`
	OLA     []UnitSum `cbor:"3,keyasint,omitempty"`
	Answer  Sum       `cbor:"5,keyasint,omitempty"`
}

// Sum is one clock as of the last event: the state of its last run, and
// whether its breaches are excused.
type Sum struct {
	State   sla.State `cbor:"1,keyasint,omitempty"`
	Excused bool      `cbor:"2,keyasint,omitempty"`
	Elapsed int64     `cbor:"3,keyasint,omitempty"` // seconds
	Due     int64     `cbor:"4,keyasint,omitempty"` // Unix milliseconds; 0 = none, or paused

	Breached bool `cbor:"5,keyasint,omitempty"` // so far, by any of its runs
	Once     bool `cbor:"6,keyasint,omitempty"` // it began and ended at one instant: in one command
}

// UnitSum is the clock of one stay with a unit.
type UnitSum struct {
	Group   desk.ID `cbor:"11,keyasint"`
	Outside bool    `cbor:"12,keyasint,omitempty"`
	Sum
	End int64 `cbor:"13,keyasint,omitempty"` // Unix milliseconds; 0 = still there
}

// NextRun is the run that falls due first, and when; one that is paused only
// when no other goes on.
func NextRun(runs []sla.Run) (next sla.Run, due int64) {
	due = Never
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

// SumsOf tells what the clocks came to: one for each promise to the client, one for
// each stay with a unit. A clock that was re-targeted is breached when any of its
// runs was, and excused when every breached one is.
func SumsOf(runs []sla.Run) (s Sums) {
	kinds := map[sla.Kind]*Sum{sla.TakeUp: &s.TakeUp, sla.Resolve: &s.Resolve, sla.NextAnswer: &s.Answer}
	for _, r := range runs {
		var x Sum
		for _, w := range r.Was {
			x = x.then(sumOf(w))
		}
		x = x.then(sumOf(r))
		if at := kinds[r.Kind]; at != nil {
			*at = at.then(x)
			continue
		}
		g, _ := desk.ParseID(r.Group)
		u := UnitSum{Group: g, Outside: r.Kind == sla.Supplier, Sum: x}
		if !r.Stop.IsZero() {
			u.End = r.Stop.UnixMilli()
		}
		s.OLA = append(s.OLA, u)
	}
	return s
}

func sumOf(r sla.Run) Sum {
	x := Sum{State: r.State, Excused: r.Excused, Elapsed: int64(r.Elapsed / time.Second), Breached: r.State == sla.Breached || r.Late,
		Once: !r.Stop.IsZero() && r.Stop.Equal(r.Start)}
	if !r.Due.IsZero() {
		x.Due = r.Due.UnixMilli()
	}
	return x
}

// then is a clock after its next run: a breach stays.
func (x Sum) then(next Sum) Sum {
	if x.Breached {
		next.Excused = x.Excused && (next.Excused || !next.Breached)
		if next.Breached = true; next.State == sla.Met || next.State == sla.Void {
			next.State = sla.Breached
		}
	}
	return next
}

// Never sorts a case with no deadline last.
const Never = int64(1<<62 - 1) // sorts a case with no deadline last
