package tally

import (
	"fmt"
	"time"
)

// Period is a half-open stretch of time [From, To).
type Period struct{ From, To time.Time }

// Has tells whether an instant is in the period.
func (p Period) Has(t time.Time) bool { return !t.Before(p.From) && t.Before(p.To) }

// MonthOf is a month such as 2026-10 in a zone: from the first instant of its
// first civil day to the first of the next month's.
func MonthOf(month string, zone *time.Location) (Period, error) {
	t, err := time.Parse("2006-01", month)
	if err != nil {
		return Period{}, fmt.Errorf("%q is not a month: write one such as 2026-10", month)
	}
	y, m, _ := t.Date()
	return Period{startOf(y, m, 1, zone), startOf(y, m+1, 1, zone)}, nil
}

// PeriodOf is a month such as 2026-10, a week of ISO 8601 such as 2026-W41, from its Monday
// on, or a day such as 2026-10-05, in a zone.
func PeriodOf(name string, zone *time.Location) (Period, error) {
	if day, err := time.Parse(time.DateOnly, name); err == nil {
		y, m, d := day.Date()
		return Period{startOf(y, m, d, zone), startOf(y, m, d+1, zone)}, nil
	}
	var year, week int
	if n, err := fmt.Sscanf(name, "%4d-W%2d", &year, &week); err == nil && n == 2 && name == fmt.Sprintf("%04d-W%02d", year, week) {
		first := time.Date(year, 1, 4, 0, 0, 0, 0, time.UTC) // in week 1
		monday := first.AddDate(0, 0, 7*(week-1)-(int(first.Weekday())+6)%7)
		if y, w := monday.ISOWeek(); y == year && w == week {
			y, m, d := monday.Date()
			return Period{startOf(y, m, d, zone), startOf(y, m, d+7, zone)}, nil
		}
		return Period{}, fmt.Errorf("the year %d has no week %d", year, week)
	}
	return MonthOf(name, zone)
}

// DayOf is the civil day of an instant in a zone: 23 or 25 hours where the clock
// changes.
func DayOf(t time.Time, zone *time.Location) Period {
	y, m, d := t.In(zone).Date()
	return Period{startOf(y, m, d, zone), startOf(y, m, d+1, zone)}
}

// startOf is the first instant of a civil date. Where midnight does not exist it
// is the end of the gap; where it occurs twice, the first of the two.
func startOf(y int, m time.Month, d int, zone *time.Location) time.Time {
	day := time.Date(y, m, d, 12, 0, 0, 0, zone).Day() // normalised
	t := time.Date(y, m, d, 0, 0, 0, 0, zone)
	if t.Day() != day { // before the gap
		_, end := t.ZoneBounds()
		return end
	}
	begin, _ := t.ZoneBounds()
	if begin.IsZero() {
		return t
	}
	_, now := t.Zone()
	_, was := begin.Add(-time.Nanosecond).Zone()
	shift := time.Duration(was-now) * time.Second
	if early := t.Add(-shift); shift > 0 && early.Before(begin) {
		return early
	}
	if shift < 0 && t.Add(shift).Before(begin) && begin.Before(t) {
		return begin // the gap began at midnight and Go went past its end
	}
	return t
}

// Every is how long the stretches of a series are.
type Every uint8

// Lengths of stretch.
const (
	Hour Every = iota + 1
	CivilDay
	CivilMonth
)

// Split cuts a period into the hours, civil days or civil months of a zone; the
// first and the last are cut to the period.
func Split(p Period, every Every, zone *time.Location) (out []Period) {
	for t := p.From; t.Before(p.To); {
		next := t.Add(time.Hour - time.Duration(t.In(zone).Minute())*time.Minute - time.Duration(t.Second())*time.Second - time.Duration(t.Nanosecond()))
		switch y, m, _ := t.In(zone).Date(); every {
		case CivilDay:
			next = DayOf(t, zone).To
		case CivilMonth:
			next = startOf(y, m+1, 1, zone)
		}
		if next.After(p.To) {
			next = p.To
		}
		out = append(out, Period{t, next})
		t = next
	}
	return out
}

// Window is a part of each day and some weekdays, in a zone: the hours that a
// series counts. The zero Window takes all.
type Window struct {
	From, To time.Duration         // since local midnight, [From, To); To 0 = the end of the day
	Days     map[time.Weekday]bool // nil = all
}

// Has tells whether an instant falls in the window.
func (w Window) Has(t time.Time, zone *time.Location) bool {
	t = t.In(zone)
	if w.Days != nil && !w.Days[t.Weekday()] {
		return false
	}
	h, m, s := t.Clock()
	at := time.Duration(h)*time.Hour + time.Duration(m)*time.Minute + time.Duration(s)*time.Second
	return at >= w.From && (w.To == 0 || at < w.To)
}
