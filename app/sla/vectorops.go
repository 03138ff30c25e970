package sla

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"strings"
	"time"
)

// run computes a vector's answer in the form of its expected value.
func (v vector) run() (any, error) {
	if v.Op == "local_to_instant" {
		zone, err := time.LoadLocation(v.Zone)
		if err != nil {
			return nil, err
		}
		t, err := instant("2006-01-02T15:04:05", v.Local)
		if err != nil {
			return nil, fmt.Errorf("local: %w", err)
		}
		h := &Hours{zone: zone}
		return h.instant(t.Year(), t.Month(), t.Day(), t.Hour()*3600+t.Minute()*60+t.Second()).UTC(), nil
	}
	c, err := v.calendar()
	if err != nil {
		return nil, err
	}
	h, err := Compile(c)
	if errors.Is(err, ErrNoHours) && v.asksOnly() {
		zone, _ := time.LoadLocation(c.Zone) // Compile has found it
		h, err = newHours(c, zone), nil
	}
	if err != nil {
		return nil, err
	}
	if strings.Contains(v.Op, "workday") {
		return v.workdays(h)
	}
	a, err := instant(time.RFC3339, cmp.Or(v.Start, v.At))
	if err != nil {
		return nil, fmt.Errorf("start: %w", err)
	}
	var b time.Time
	if v.End != "" {
		if b, err = instant(time.RFC3339, v.End); err != nil {
			return nil, fmt.Errorf("end: %w", err)
		}
	}
	return v.instants(h, a, b)
}

// instant reads a time; 24:00 ends its day.
func instant(layout, s string) (time.Time, error) {
	const midnight = "T24:00"
	if !strings.Contains(s, midnight) || strings.Contains(s, midnight+":") && !strings.Contains(s, midnight+":00") {
		return time.Parse(layout, s)
	}
	t, err := time.Parse(layout, strings.Replace(s, midnight, "T00:00", 1))
	return t.AddDate(0, 0, 1), err
}

// asksOnly tells operations that a calendar with no hours can answer too: how
// much is open, never when.
func (v vector) asksOnly() bool {
	switch v.Op {
	case "is_open", "is_holiday", "within", "workdays_between_inclusive", "workdays_in_month", "workdays_remaining_in_month_after":
		return true
	}
	return false
}

func (v vector) instants(h *Hours, a, b time.Time) (any, error) {
	amount := time.Duration(v.Amount * float64(time.Second))
	switch v.Op {
	case "add":
		return h.deadlinePaused(a, amount, spans(v.Pauses)).UTC(), nil
	case "sub":
		return h.Before(a, amount).UTC(), nil
	case "within":
		return (h.Between(a, b) - h.during(a, b, spans(v.Pauses))).Seconds(), nil
	case "is_open":
		open, _ := h.Open(a)
		return open, nil
	case "next_open":
		return h.next(a, true).UTC(), nil
	case "next_close":
		return h.next(a, false).UTC(), nil
	case "is_holiday":
		y, m, d := a.In(h.zone).Date()
		return h.Holiday(y, m, d), nil
	case "periods_after":
		return v.taken(h.Segments(a, time.Time{})), nil
	case "periods_before":
		return v.taken(h.backwards(a)), nil
	case "add_days":
		return h.snap(h.nthDay(a, v.Days), true).UTC(), nil
	case "sub_days":
		return h.snap(h.nthDay(a, -v.Days), false).UTC(), nil
	case "add_days_end_of_day":
		return h.endOfDay(a, v.Days).UTC(), nil
	}
	return nil, unknown(v.Op)
}

// next is the next change to open, or to closed, after t.
func (h *Hours) next(t time.Time, open bool) time.Time {
	now, until := h.Open(t)
	if now == open && !until.IsZero() {
		_, until = h.Open(until)
	}
	return until
}

// taken are the first periods of a walk, as many as the vector takes.
func (v vector) taken(walk iter.Seq[Segment]) (out [][2]time.Time) {
	for s := range walk {
		if len(out) == v.Take {
			break
		}
		out = append(out, [2]time.Time{s.From.UTC(), s.To.UTC()})
	}
	return out
}

// workdays answers what is asked about civil days with open time.
func (v vector) workdays(h *Hours) (any, error) {
	if v.Op == "workdays_in_month" {
		month := cmp.Or(v.Date, v.Start)
		t, err := time.Parse("2006-01", month[:min(7, len(month))])
		return h.openDays(dayNumber(t.Year(), t.Month(), 1), dayNumber(t.Year(), t.Month()+1, 0)), err
	}
	a, err := dayWritten(v.Start)
	if err != nil {
		return nil, err
	}
	switch v.Op {
	case "workdays_between_inclusive": // backwards they are counted as negative
		b, err := dayWritten(v.End)
		if b < a {
			return -h.openDays(b, a), err
		}
		return h.openDays(a, b), err
	case "workdays_remaining_in_month_after":
		y, m, _ := civil(a)
		return h.openDays(a+1, dayNumber(y, m+1, 0)), nil
	case "nth_workday_from":
		y, m, d := civil(h.nthOpenDay(a, v.Days))
		return fmt.Sprintf("%04d-%02d-%02d", y, m, d), nil
	}
	return nil, unknown(v.Op)
}

func unknown(op string) error {
	return fmt.Errorf("the operation %q is not known: compare the file with the ones this version reads", op)
}

// dayWritten reads the date that a string begins with.
func dayWritten(s string) (int64, error) {
	t, err := time.Parse("2006-01-02", s[:min(10, len(s))])
	if err != nil {
		return 0, fmt.Errorf("%q does not begin with a date: %w", s, err)
	}
	n := dayNumber(t.Year(), t.Month(), t.Day())
	if n < firstDay || n > lastDay {
		return 0, fmt.Errorf("%q is not between 1900 and 2200", s)
	}
	return n, nil
}

// openDays counts the days with open time from one to another, both included.
func (h *Hours) openDays(from, to int64) (n int) {
	for ; from <= to && from <= lastDay; from++ {
		if len(h.day(from)) > 0 {
			n++
		}
	}
	return n
}

// nthOpenDay is the n-th day with open time after a, or before it for n < 0; for
// n = 0 it is a itself or the next.
func (h *Hours) nthOpenDay(a int64, n int) int64 {
	step := int64(1)
	if n < 0 {
		n, step = -n, -1
	}
	for a > firstDay && a < lastDay && (n > 0 || len(h.day(a)) == 0) {
		if a += step; n > 0 && len(h.day(a)) > 0 {
			n--
		}
	}
	return a
}
