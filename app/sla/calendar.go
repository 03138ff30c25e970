package sla

import (
	"cmp"
	"errors"
	"fmt"
	"time"
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
// opening. A range may cross New Year: a yearly one when To comes before From in
// the year, a dated one also when its To has no year of its own. Of several that
// cover a date the last holds.
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

// Compile checks a calendar and makes it ready. It refuses, saying what to
// change, one that is never open between 1900 and 2200 (ErrNoHours), shifts that
// end before they begin or last longer than a day, and a zone, date or range
// that does not exist. The calendar must not be changed afterwards.
func Compile(c Calendar) (*Hours, error) {
	zone, err := time.LoadLocation(c.Zone)
	if err != nil || c.Zone == "Local" {
		return nil, fmt.Errorf("the zone %q is not known: use an IANA name such as America/Lima", c.Zone)
	}
	for d, shifts := range c.Weekly {
		if err := check(shifts); err != nil {
			return nil, fmt.Errorf("%s: %w", time.Weekday(d), err)
		}
	}
	for _, s := range c.Specials {
		if err := cmp.Or(check(s.Shifts), check(s.Breaks), s.check()); err != nil {
			return nil, fmt.Errorf("special day %q: %w", s.Name, err)
		}
	}
	h := newHours(c, zone)
	if !h.everOpen() {
		return nil, ErrNoHours
	}
	return h, nil
}

func check(shifts []Shift) error {
	for _, s := range shifts {
		if s.From < 0 || s.From >= daySeconds || s.To <= s.From || s.To > s.From+daySeconds {
			return fmt.Errorf("the shift from %d s to %d s does not begin within the day and end within 24 hours", s.From, s.To)
		}
	}
	return nil
}

// check tells whether the dates of a special day exist and are in order.
func (s Special) check() error {
	from, to := s.From, s.to()
	for _, d := range []Date{from, to} {
		year := cmp.Or(d.Year, 2000) // a yearly 29 February is a date, in leap years
		if d.Month < 1 || d.Month > 12 || d.Day < 1 || time.Date(year, d.Month, d.Day, 0, 0, 0, 0, time.UTC).Month() != d.Month {
			return fmt.Errorf("%d-%02d-%02d is not a date", d.Year, d.Month, d.Day)
		}
	}
	switch {
	case from.Year == 0 && to.Year != 0:
		return fmt.Errorf("it begins every year but ends in %d: give both dates a year, or neither", to.Year)
	case from.Year > to.Year, from.Year == to.Year && from.Year != 0 && from.ofYear() > to.ofYear():
		return fmt.Errorf("it ends on %d-%02d-%02d, before it begins", to.Year, to.Month, to.Day)
	}
	return nil
}

// to is the last date: that of a dated range which names none has the year that
// makes it follow.
func (s Special) to() Date {
	if s.To == (Date{}) {
		return s.From
	}
	to := s.To
	if s.From.Year != 0 && to.Year == 0 {
		to.Year = s.From.Year
		if to.ofYear() < s.From.ofYear() {
			to.Year++
		}
	}
	return to
}

// ofYear orders the dates of one year.
func (d Date) ofYear() int { return int(d.Month)*100 + d.Day }

// covers tells whether a special day holds for a civil date.
func (s Special) covers(y int, m time.Month, d int) bool {
	from, to, at := s.From, s.to(), int(m)*100+d
	if from.Year == 0 {
		if from.ofYear() <= to.ofYear() {
			return from.ofYear() <= at && at <= to.ofYear()
		}
		return at >= from.ofYear() || at <= to.ofYear()
	}
	at += y * 10_000
	return from.Year*10_000+from.ofYear() <= at && at <= to.Year*10_000+to.ofYear()
}
