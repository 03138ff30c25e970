package promises

import (
	"time"

	"punto/app/desk"
	"punto/app/sla"
)

// At which rungs of a ladder somebody is told.

// Armed is a rung that an open case has reached, or will if nothing stops its clock.
type Armed struct {
	At      int64  `cbor:"1,keyasint"` // Unix milliseconds
	Clock   string `cbor:"2,keyasint"`
	Percent int    `cbor:"3,keyasint"`           // of the target; 0 = by Offset
	Offset  int64  `cbor:"4,keyasint,omitempty"` // seconds after it falls due
	Rung    int    `cbor:"5,keyasint,omitempty"` // from 1
}

// ArmedOf lists the rungs of the runs that go on: those they have reached, and those
// they will reach if nothing stops them. Rungs that wait for nobody's acknowledgement are
// not among them.
func ArmedOf(runs []sla.Run, ladder func(clock sla.Kind) desk.Ladder) (out []Armed) {
	for _, r := range runs {
		if !r.Stop.IsZero() || r.State == sla.Void || r.Target <= 0 {
			continue
		}
		for i, g := range ladder(r.Kind).Rungs {
			amount := r.Share(g.Percent)
			switch {
			case g.Unacked:
				continue
			case g.Percent == 0:
				amount = r.Target + time.Duration(g.Offset)*time.Second
			}
			if at, ok := r.When(amount); ok {
				out = append(out, Armed{at.UnixMilli(), r.ID, g.Percent, g.Offset, i + 1})
			}
		}
	}
	return out
}

// Ladder tells which ladder holds for each clock of a case: that of the version of its
// contract by which it is judged.
func (p Book) Ladder(contract desk.ID, pinned desk.Stamp, priority int) (func(sla.Kind) desk.Ladder, error) {
	t, err := p.termsAt(contract, pinned)
	if err != nil {
		return nil, err
	}
	return func(k sla.Kind) desk.Ladder { return t.contract.Ladder(k.String(), priority) }, nil
}
