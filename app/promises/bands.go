package promises

import (
	"time"

	"punto/app"
	"punto/app/sla"
)

// BandOf is how much of its target a run has left, as of when it was computed.
func BandOf(r sla.Run) app.Band {
	left := r.Target - r.Elapsed
	switch {
	case r.ID == "" || r.State == sla.Paused:
		return app.Still
	case r.State == sla.Breached || left < 0:
		return app.Overdue
	case left <= r.Target/10:
		return app.Tenth
	case left <= r.Target/4:
		return app.Quarter
	}
	return app.OnTime
}

// Turns are the instants, in Unix milliseconds, from which on a run is in the bands
// Quarter, Tenth and Overdue if nothing stops it: so that a band is told without
// counting hours. The zero Turns are of a run that stays where it is.
type Turns struct{ Quarter, Tenth, Overdue int64 }

// TurnsOf computes them for a run as of an instant.
func TurnsOf(r sla.Run, at time.Time, h *sla.Hours) Turns {
	when := func(used time.Duration) int64 {
		if used <= r.Elapsed {
			return 0
		}
		if d := h.Deadline(at, used-r.Elapsed); !d.IsZero() {
			return d.UnixMilli()
		}
		return Never
	}
	return Turns{when(r.Target - r.Target/4), when(r.Target - r.Target/10), when(r.Target + time.Millisecond)}
}

// Band is that of an instant.
func (t Turns) Band(now int64) app.Band {
	switch {
	case now >= t.Overdue:
		return app.Overdue
	case now >= t.Tenth:
		return app.Tenth
	case now >= t.Quarter:
		return app.Quarter
	}
	return app.OnTime
}
