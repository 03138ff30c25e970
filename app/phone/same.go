package phone

import "time"

// Same tells whether two tellings of an event say the same. Instants are compared by
// the microsecond, which is all that is kept of them.
func (e CallEvent) Same(o CallEvent) bool {
	return e.Key == o.Key && e.Rank == o.Rank && micro(e.At) == micro(o.At) && compareBodies(e, o) == 0
}

// Same tells whether two tellings of a call say the same, as of events.
func (c Call) Same(o Call) bool {
	for _, x := range []*Call{&c, &o} {
		for _, t := range []*time.Time{&x.OfferedAt, &x.QueuedAt, &x.AnsweredAt, &x.EndedAt} {
			*t = time.UnixMicro(micro(*t))
		}
	}
	return c.UniqueID == o.UniqueID && compareCalls(c, o) == 0
}

func micro(t time.Time) int64 { return t.Round(time.Microsecond).UnixMicro() }
