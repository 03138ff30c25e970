package print

import (
	"fmt"
	"time"

	"punto/app/tally"
	"punto/reports"
)

// span is a month, a week or a day that is reported.
type span struct {
	of    reports.Span
	first time.Time // its first day, in UTC
}

// spanOf reads 2026-10, 2026-W41 or 2026-10-05.
func spanOf(name string) (s span, err error) {
	p, err := tally.PeriodOf(name, time.UTC)
	if err != nil {
		return s, err
	}
	switch p.To.Sub(p.From) {
	case 24 * time.Hour:
		s.of = reports.OfDay
	case 7 * 24 * time.Hour:
		s.of = reports.OfWeek
	}
	s.first = p.From
	return s, nil
}

// from is the first instant of the one n later.
func (s span) from(n int, zone *time.Location) time.Time {
	d := s.day(n)
	return time.Date(d.Year(), d.Month(), d.Day(), 0, 0, 0, 0, zone)
}

func (s span) day(n int) time.Time {
	switch s.of {
	case reports.OfDay:
		return s.first.AddDate(0, 0, n)
	case reports.OfWeek:
		return s.first.AddDate(0, 0, 7*n)
	}
	return s.first.AddDate(0, n, 0)
}

// name is that of the one n later.
func (s span) name(n int) string {
	d := s.day(n)
	switch s.of {
	case reports.OfDay:
		return d.Format(time.DateOnly)
	case reports.OfWeek:
		y, w := d.ISOWeek()
		return fmt.Sprintf("%04d-W%02d", y, w)
	}
	return d.Format("2006-01")
}

// days says from which day to which it goes.
func (s span) days(from, end time.Time) string {
	last := end.AddDate(0, 0, -1).Format("02/01/2006")
	if s.of == reports.OfDay {
		return last
	}
	return from.Format("02/01/2006") + " – " + last
}
