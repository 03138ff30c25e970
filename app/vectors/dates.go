package vectors

import (
	"cmp"
	"fmt"
	"time"

	"punto/app/sla"
)

// A civil date is its midnight in UTC. Walks end where the calendars do.
var (
	firstDate = time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC)
	lastDate  = time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC)
)

func date(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }

// dateOf is the civil date of an instant where a calendar holds.
func dateOf(h *sla.Hours, t time.Time) time.Time { return date(t.In(h.Zone()).Date()) }

// dateWritten reads the date that a string begins with.
func dateWritten(s string) (time.Time, error) {
	t, err := time.Parse(time.DateOnly, s[:min(10, len(s))])
	if err != nil {
		return t, fmt.Errorf("%q does not begin with a date: %w", s, err)
	}
	if t.Before(firstDate) || t.After(lastDate) {
		return t, fmt.Errorf("%q is not between 1900 and 2200", s)
	}
	return t, nil
}

func isHoliday(h *sla.Hours, t time.Time) bool { return h.Holiday(t.In(h.Zone()).Date()) }

func opens(h *sla.Hours, d time.Time) bool { return len(h.Day(d.Date())) > 0 }

// openDay is the n-th later date with open time, or the n-th earlier for n < 0; the
// date itself for n = 0.
func openDay(h *sla.Hours, d time.Time, n int) time.Time {
	step := 1
	if n < 0 {
		n, step = -n, -1
	}
	for n > 0 && d.After(firstDate) && d.Before(lastDate) {
		if d = d.AddDate(0, 0, step); opens(h, d) {
			n--
		}
	}
	return d
}

// openDays counts the dates with open time from one to another, both included.
func openDays(h *sla.Hours, from, to time.Time) (n int) {
	for d := from; !d.After(to) && !d.After(lastDate); d = d.AddDate(0, 0, 1) {
		if opens(h, d) {
			n++
		}
	}
	return n
}

// sameTime is the local time of day of a on a date.
func sameTime(h *sla.Hours, d, a time.Time) time.Time {
	local := a.In(h.Zone())
	y, m, day := d.Date()
	return h.At(y, m, day, local.Hour()*3600+local.Minute()*60+local.Second()).Add(time.Duration(local.Nanosecond()))
}

// endOfDay is the last closing of the n-th later date with open time, or of the n-th
// earlier for n < 0.
func endOfDay(h *sla.Hours, a time.Time, n int) time.Time {
	if n == 0 {
		return a
	}
	if open := h.Day(openDay(h, dateOf(h, a), n).Date()); len(open) > 0 {
		return open[len(open)-1].To
	}
	return time.Time{}
}

// workdays answers what is asked about civil dates with open time.
func (v moment) workdays(h *sla.Hours) (any, error) {
	if v.Op == "workdays_in_month" {
		month := cmp.Or(v.Date, v.Start)
		t, err := time.Parse("2006-01", month[:min(7, len(month))])
		return openDays(h, t, t.AddDate(0, 1, -1)), err
	}
	a, err := dateWritten(v.Start)
	if err != nil {
		return nil, err
	}
	switch v.Op {
	case "workdays_between_inclusive": // backwards they are counted as negative
		b, err := dateWritten(v.End)
		if b.Before(a) {
			return -openDays(h, b, a), err
		}
		return openDays(h, a, b), err
	case "workdays_remaining_in_month_after":
		return openDays(h, a.AddDate(0, 0, 1), date(a.Year(), a.Month()+1, 0)), nil
	case "nth_workday_from": // for 0 the date itself, or the next with open time
		n := v.Days
		if n == 0 && !opens(h, a) {
			n = 1
		}
		return openDay(h, a, n).Format(time.DateOnly), nil
	}
	return nil, unknown(v.Op)
}
