// Package sla counts business time and runs the clocks of a case. It is pure:
// instants, calendars and histories in, durations, deadlines and runs out; it
// never reads the machine's clock or zone. Its definitions are those of the
// contract: half-open intervals, the earliest deadline, civil days.
package sla

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"slices"
	"sync"
	"time"
	_ "time/tzdata" // Windows has no zone files
)

// Shift is open time within a day, in seconds from local midnight: From
// inclusive, To exclusive. To may be 86400 (24:00) or beyond: then the shift
// crosses midnight and belongs to the day it begins on.
type Shift struct {
	From int `cbor:"1,keyasint" json:"from"`
	To   int `cbor:"2,keyasint" json:"to"`
}

// Date is a civil date; Year 0 means every year.
type Date struct {
	Year  int        `cbor:"1,keyasint,omitempty" json:"year,omitempty"`
	Month time.Month `cbor:"2,keyasint" json:"month"`
	Day   int        `cbor:"3,keyasint" json:"day"`
}

// Special replaces the weekly shifts of the dates From to To (inclusive; the
// zero To is From): no shifts is a holiday, some are a half day or an extra
// opening. A yearly range may cross New Year.
type Special struct {
	Name   string  `cbor:"1,keyasint,omitempty" json:"name,omitempty"`
	From   Date    `cbor:"2,keyasint" json:"from"`
	To     Date    `cbor:"3,keyasint,omitempty" json:"to,omitzero"`
	Shifts []Shift `cbor:"4,keyasint,omitempty" json:"shifts,omitempty"`
	Breaks []Shift `cbor:"5,keyasint,omitempty" json:"breaks,omitempty"` // not empty: the day keeps its shifts, less these
}

// Calendar is when a contract or a unit is open. Weekly begins on Sunday.
type Calendar struct {
	Name     string     `cbor:"1,keyasint,omitempty" json:"name"`
	Zone     string     `cbor:"2,keyasint,omitempty" json:"zone"` // IANA
	Weekly   [7][]Shift `cbor:"3,keyasint,omitempty" json:"weekly"`
	Specials []Special  `cbor:"4,keyasint,omitempty" json:"specials,omitempty"`
	Version  int        `cbor:"5,keyasint,omitempty" json:"version,omitempty"`
}

// AlwaysOpen is the calendar of a desk that never closes.
func AlwaysOpen(zone string) Calendar {
	c := Calendar{Name: "24x7", Zone: zone}
	for d := range c.Weekly {
		c.Weekly[d] = []Shift{{0, daySeconds}}
	}
	return c
}

const daySeconds = 86_400

// ErrNoHours says that a calendar is never open.
var ErrNoHours = errors.New("the calendar has no open hours: give at least one shift on one weekday")

// Hours is a calendar ready for counting. It is safe for use by several
// goroutines.
type Hours struct {
	cal  Calendar
	zone *time.Location
	mu   sync.RWMutex
	days map[int64][]Segment // by day number; a cache
}

// Segment is open time [From, To), and why: the name of a special day, "" on an
// ordinary one.
type Segment struct {
	From, To time.Time
	Why      string
}

// Compile checks a calendar and makes it ready. It refuses one with no open
// hours, with shifts that end before they begin or last longer than a day, and
// with a zone or date that does not exist.
func Compile(c Calendar) (*Hours, error) {
	zone, err := time.LoadLocation(c.Zone)
	if err != nil || c.Zone == "Local" {
		return nil, fmt.Errorf("the zone %q is not known: use an IANA name such as America/Lima", c.Zone)
	}
	open := false
	for d, shifts := range c.Weekly {
		open = open || len(shifts) > 0
		if err := check(shifts); err != nil {
			return nil, fmt.Errorf("%s: %w", time.Weekday(d), err)
		}
	}
	for _, s := range c.Specials {
		open = open || len(s.Shifts) > 0
		if err := cmp.Or(check(s.Shifts), check(s.Breaks)); err != nil {
			return nil, fmt.Errorf("special day %q: %w", s.Name, err)
		}
		for _, d := range []Date{s.From, s.to()} {
			if d.Month < 1 || d.Month > 12 || d.Day < 1 || d.Day > 31 {
				return nil, fmt.Errorf("special day %q: %d-%d is not a date", s.Name, d.Month, d.Day)
			}
		}
	}
	if !open {
		return nil, ErrNoHours
	}
	return &Hours{cal: c, zone: zone, days: map[int64][]Segment{}}, nil
}

func check(shifts []Shift) error {
	for _, s := range shifts {
		if s.From < 0 || s.From >= daySeconds || s.To <= s.From || s.To > s.From+daySeconds {
			return fmt.Errorf("the shift from %d s to %d s does not begin within the day and end within 24 hours", s.From, s.To)
		}
	}
	return nil
}

func (s Special) to() Date {
	if s.To == (Date{}) {
		return s.From
	}
	return s.To
}

// covers tells whether a special day holds for a civil date.
func (s Special) covers(y int, m time.Month, d int) bool {
	from, to := s.From, s.to()
	day := func(x Date) int { return int(x.Month)*100 + x.Day }
	at := int(m)*100 + d
	if from.Year == 0 {
		if day(from) <= day(to) {
			return day(from) <= at && at <= day(to)
		}
		return at >= day(from) || at <= day(to)
	}
	full := func(y int, md int) int { return y*10_000 + md }
	return full(from.Year, day(from)) <= full(y, at) && full(y, at) <= full(cmp.Or(to.Year, from.Year), day(to))
}

// Zone is the calendar's location.
func (h *Hours) Zone() *time.Location { return h.zone }

// dayNumber numbers civil dates, so that walking them never adds 86,400 s to an
// instant.
func dayNumber(y int, m time.Month, d int) int64 {
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / daySeconds
}

func civil(n int64) (int, time.Month, int) { return time.Unix(n*daySeconds, 0).UTC().Date() }

func (h *Hours) dayOf(t time.Time) int64 {
	y, m, d := t.In(h.zone).Date()
	return dayNumber(y, m, d)
}

// instant is the moment of a local wall-clock reading: one that does not exist
// moves to the first instant that does, one that occurs twice is the first.
func (h *Hours) instant(y int, m time.Month, d, sec int) time.Time {
	t := time.Date(y, m, d, 0, 0, sec, 0, h.zone)
	want := time.Date(y, m, d, 0, 0, sec, 0, time.UTC)
	wall := func(x time.Time) time.Time {
		_, off := x.Zone()
		return x.UTC().Add(time.Duration(off) * time.Second)
	}
	if !wall(t).Equal(want) { // in a gap: Go picked one of its sides
		start, end := t.ZoneBounds()
		if wall(t).Before(want) {
			return end
		}
		return start
	}
	if start, _ := t.ZoneBounds(); !start.IsZero() { // perhaps the second of two
		before := start.Add(-time.Nanosecond)
		_, o1 := before.Zone()
		_, o2 := t.Zone()
		if o1 > o2 {
			if first := t.Add(-time.Duration(o1-o2) * time.Second); first.Before(start) {
				return first
			}
		}
	}
	return t
}

// day lists the merged open segments of the shifts that begin on a civil date.
func (h *Hours) day(n int64) []Segment {
	h.mu.RLock()
	s, ok := h.days[n]
	h.mu.RUnlock()
	if ok {
		return s
	}
	y, m, d := civil(n)
	shifts, why := h.cal.Weekly[time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Weekday()], ""
	for _, sp := range h.cal.Specials { // the last that covers the date holds
		if len(sp.Breaks) == 0 && sp.covers(y, m, d) {
			shifts, why = sp.Shifts, cmp.Or(sp.Name, "holiday")
		}
	}
	for _, sp := range h.cal.Specials {
		if len(sp.Breaks) > 0 && sp.covers(y, m, d) {
			shifts, why = without(shifts, sp.Breaks), cmp.Or(sp.Name, "break")
		}
	}
	for _, x := range shifts {
		from, to := h.instant(y, m, d, x.From), h.instant(y, m, d, x.To)
		if to.After(from) {
			s = append(s, Segment{from, to, why})
		}
	}
	slices.SortFunc(s, func(a, b Segment) int { return a.From.Compare(b.From) })
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.days) > 20_000 {
		clear(h.days)
	}
	h.days[n] = s
	return s
}

// without cuts the breaks out of shifts.
func without(shifts, breaks []Shift) []Shift {
	for _, b := range breaks {
		var rest []Shift
		for _, s := range shifts {
			if s.From < min(b.From, s.To) {
				rest = append(rest, Shift{s.From, min(b.From, s.To)})
			}
			if max(b.To, s.From) < s.To {
				rest = append(rest, Shift{max(b.To, s.From), s.To})
			}
		}
		shifts = rest
	}
	return shifts
}

// lastDay is the end of the walk: no search goes past it.
var lastDay = dayNumber(2200, 1, 1)

// Segments walks the open time of [a, b) in order, without overlaps; the zero b
// is no end.
func (h *Hours) Segments(a, b time.Time) iter.Seq[Segment] {
	return func(yield func(Segment) bool) {
		reached := a
		for n := h.dayOf(a) - 2; n <= lastDay; n++ { // a shift lasts at most 24 h past its day
			for _, s := range h.day(n) {
				if !b.IsZero() && !s.From.Before(b) {
					return
				}
				if s.From.Before(reached) {
					s.From = reached
				}
				if !b.IsZero() && s.To.After(b) {
					s.To = b
				}
				if s.To.After(s.From) {
					reached = s.To
					if !yield(s) {
						return
					}
				}
			}
			if !b.IsZero() && n > h.dayOf(b) {
				return
			}
		}
	}
}

// Between is B(a, b): the open time in [a, b); 0 when b is not after a.
func (h *Hours) Between(a, b time.Time) (sum time.Duration) {
	if !b.After(a) {
		return 0
	}
	for s := range h.Segments(a, b) {
		sum += s.To.Sub(s.From)
	}
	return sum
}

// Deadline is the earliest instant d >= a with Between(a, d) = amount; a itself
// for amount <= 0. It is the zero time when the calendar has not so much open
// time before 2200.
func (h *Hours) Deadline(a time.Time, amount time.Duration) time.Time {
	if amount <= 0 {
		return a
	}
	for s := range h.Segments(a, time.Time{}) {
		if open := s.To.Sub(s.From); open >= amount {
			return s.From.Add(amount)
		} else {
			amount -= open
		}
	}
	return time.Time{}
}

// DeadlineDays is the same local time on the n-th later day that has open time,
// clamped into that day's shifts; a itself for n <= 0.
func (h *Hours) DeadlineDays(a time.Time, n int) time.Time {
	if n <= 0 {
		return a
	}
	for d := h.dayOf(a) + 1; d <= lastDay; d++ {
		if len(h.day(d)) == 0 {
			continue
		}
		if n--; n > 0 {
			continue
		}
		return h.clamp(d, a)
	}
	return time.Time{}
}

// alwaysOpen is how long open time must go on to be taken as never ending.
const alwaysOpen = 400 * 24 * time.Hour

// Open tells whether t is in open time, and when that changes next (the zero
// time: not within alwaysOpen, or never again before 2200).
func (h *Hours) Open(t time.Time) (open bool, until time.Time) {
	for s := range h.Segments(t, time.Time{}) {
		if s.From.After(t) {
			if !open {
				return false, s.From
			}
			if !s.From.Equal(until) {
				return true, until
			}
		}
		open, until = true, s.To
		if until.Sub(t) > alwaysOpen {
			return true, time.Time{}
		}
	}
	return open, until
}
