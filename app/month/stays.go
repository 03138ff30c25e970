package month

import (
	"time"

	"punto/app/phone"
	"punto/app/records"
	"punto/app/shifts"
	"punto/app/tally"
)

// stays adds how long agents were at work for the contract: in queues that are its, or in
// none that is another's where it is the only contract.
func (m *monthSum) stays(sum *tally.Accumulator) error {
	if m.owners == nil {
		var err error
		if m.owners, err = newOwners(m.Look, m.period.To.UnixMilli()); err != nil {
			return err
		}
	}
	events, err := shifts.Events(m.Reader, m.period.From, m.period.To)
	if err != nil {
		return err
	}
	var own []phone.CallEvent
	for _, e := range events {
		of, named := m.owners.queues[records.Folded(e.Key.Queue)]
		if !named {
			of = m.owners.only
		}
		if of == m.id {
			own = append(own, e)
		}
	}
	in, breaks := shifts.Worked(own, m.period.From, m.period.To, time.UnixMilli(m.Now))
	if in > 0 {
		sum.AddStay(tally.Stay{SignedIn: in, Breaks: breaks})
	}
	return nil
}
