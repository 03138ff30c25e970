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
	s, err := m.stay()
	if s.SignedIn > 0 {
		sum.AddStay(s)
	}
	return err
}

func (m *monthSum) stay() (s tally.Stay, err error) {
	if m.owners == nil {
		if m.owners, err = newOwners(m.Look, m.period.To.UnixMilli()); err != nil {
			return s, err
		}
	}
	events, err := shifts.Events(m.Reader, m.period.From, m.period.To)
	if err != nil {
		return s, err
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
	s.SignedIn, s.Breaks = shifts.Worked(own, m.period.From, m.period.To, time.UnixMilli(m.Now))
	return s, nil
}
