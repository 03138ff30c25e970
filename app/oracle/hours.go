package oracle

import (
	"slices"
	"time"
)

// Shift is open time of a day, in seconds after its midnight: [From, To). To may
// lie beyond 24:00.
type Shift struct{ From, To int }

// Date is a civil date.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// Hours is when a contract is open.
type Hours struct {
	Zone    *time.Location
	Weekly  [7][]Shift       // Sunday first
	Special map[Date][]Shift // of one date, instead of the week's; empty = closed
}

// span is a stretch of time: [from, to).
type span struct{ from, to time.Time }

// open lists the open stretches of [a, b): every civil date from the one before
// a to the one after b, its shifts, cut to [a, b), with what overlaps joined.
func (h Hours) open(a, b time.Time) (out []span) {
	if !a.Before(b) {
		return nil
	}
	la, lb := a.In(h.Zone), b.In(h.Zone)
	last := civil(lb.Year(), lb.Month(), lb.Day()+1)
	for n := -2; ; n++ {
		d := civil(la.Year(), la.Month(), la.Day()+n)
		shifts, ok := h.Special[d]
		if !ok {
			shifts = h.Weekly[weekday(d)]
		}
		for _, s := range shifts {
			from, to := instant(h.Zone, d.Year, d.Month, d.Day, s.From), instant(h.Zone, d.Year, d.Month, d.Day, s.To)
			if from.Before(a) {
				from = a
			}
			if to.After(b) {
				to = b
			}
			if from.Before(to) {
				out = append(out, span{from, to})
			}
		}
		if d == last {
			return union(out)
		}
	}
}

// Business is B(a, b): the open time of [a, b).
func (h Hours) Business(a, b time.Time) (sum time.Duration) {
	for _, s := range h.open(a, b) {
		sum += s.to.Sub(s.from)
	}
	return sum
}

// union joins what overlaps or touches.
func union(ss []span) (out []span) {
	slices.SortFunc(ss, func(a, b span) int { return a.from.Compare(b.from) })
	for _, s := range ss {
		if n := len(out); n > 0 && !s.from.After(out[n-1].to) {
			if s.to.After(out[n-1].to) {
				out[n-1].to = s.to
			}
			continue
		}
		out = append(out, s)
	}
	return out
}

// civil is a date with its day brought into its month.
func civil(y int, m time.Month, day int) Date {
	t := time.Date(y, m, day, 12, 0, 0, 0, time.UTC)
	return Date{t.Year(), t.Month(), t.Day()}
}

func weekday(d Date) time.Weekday {
	return time.Date(d.Year, d.Month, d.Day, 12, 0, 0, 0, time.UTC).Weekday()
}

// instant is when the wall clocks of a zone show a date and so many seconds after
// its midnight: the first time when they show it twice, and the first instant
// after the gap when they never do.
func instant(z *time.Location, y int, m time.Month, day, seconds int) time.Time {
	wall := time.Date(y, m, day, 0, 0, seconds, 0, time.UTC) // as if the zone had no offset
	var found, gap time.Time
	// Every stretch of one offset that could hold it: begin two days before.
	for t := wall.Add(-48 * time.Hour).In(z); ; {
		start, end := t.ZoneBounds()
		_, offset := t.Zone()
		at := wall.Add(-time.Duration(offset) * time.Second)
		if (start.IsZero() || !at.Before(start)) && (end.IsZero() || at.Before(end)) {
			found = at
			break
		}
		if !end.IsZero() && !at.Before(end) { // the clocks had not come so far when they changed
			_, next := end.Zone()
			if wall.Add(-time.Duration(next) * time.Second).Before(end) {
				gap = end // and after the change they were past it
				break
			}
		}
		if end.IsZero() || end.After(wall.Add(48*time.Hour)) {
			break
		}
		t = end
	}
	if found.IsZero() {
		return gap.UTC()
	}
	return found.UTC()
}
