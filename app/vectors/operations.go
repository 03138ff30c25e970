package vectors

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"strings"
	"time"

	"punto/app/sla"
)

// run computes a vector's answer in the form of its expected value.
func (v moment) run() (any, error) {
	if v.Op == "local_to_instant" {
		h, err := sla.Compile(sla.AlwaysOpen(v.Zone))
		if err != nil {
			return nil, err
		}
		t, err := instant("2006-01-02T15:04:05", v.Local)
		if err != nil {
			return nil, fmt.Errorf("local: %w", err)
		}
		return h.At(t.Year(), t.Month(), t.Day(), t.Hour()*3600+t.Minute()*60+t.Second()).UTC(), nil
	}
	c, err := v.calendar()
	if err != nil {
		return nil, err
	}
	h, err := sla.Compile(c)
	if errors.Is(err, sla.ErrNoHours) {
		return v.closed(c)
	}
	if err != nil {
		return nil, err
	}
	if strings.Contains(v.Op, "workday") {
		return v.workdays(h)
	}
	a, b, err := v.ends()
	if err != nil {
		return nil, err
	}
	return v.instants(h, a, b)
}

// ends are the instants that a vector asks about; the second is zero when it has none.
func (v moment) ends() (a, b time.Time, err error) {
	if a, err = instant(time.RFC3339, cmp.Or(v.Start, v.At)); err != nil {
		return a, b, fmt.Errorf("start: %w", err)
	}
	if v.End != "" {
		if b, err = instant(time.RFC3339, v.End); err != nil {
			return a, b, fmt.Errorf("end: %w", err)
		}
	}
	return a, b, nil
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

// closed answers what is asked of a calendar that is never open: how much is open,
// never when.
func (v moment) closed(c sla.Calendar) (any, error) {
	switch v.Op {
	case "is_open":
		return false, nil
	case "within", "workdays_between_inclusive", "workdays_in_month", "workdays_remaining_in_month_after":
		return 0, nil
	case "is_holiday": // no matter of the week
		c.Weekly = sla.AlwaysOpen(c.Zone).Weekly
		h, err := sla.Compile(c)
		if err != nil {
			return nil, err
		}
		a, _, err := v.ends()
		return isHoliday(h, a), err
	}
	return nil, sla.ErrNoHours
}

func (v moment) instants(h *sla.Hours, a, b time.Time) (any, error) {
	amount := time.Duration(v.Amount * float64(time.Second))
	switch v.Op {
	case "add":
		return h.DeadlinePaused(a, amount, v.pauses()).UTC(), nil
	case "sub":
		return h.Before(a, amount).UTC(), nil
	case "within":
		return (h.Between(a, b) - h.During(a, b, v.pauses())).Seconds(), nil
	case "is_open":
		open, _ := h.Open(a)
		return open, nil
	case "next_open":
		return next(h, a, true).UTC(), nil
	case "next_close":
		return next(h, a, false).UTC(), nil
	case "is_holiday":
		return isHoliday(h, a), nil
	case "periods_after":
		return v.taken(h.Segments(a, time.Time{})), nil
	case "periods_before":
		return v.taken(h.Backwards(a)), nil
	case "add_days":
		t := sameTime(h, openDay(h, dateOf(h, a), v.Days), a)
		for s := range h.Segments(t, time.Time{}) {
			t = s.From
			break
		}
		return t.UTC(), nil
	case "sub_days":
		t := sameTime(h, openDay(h, dateOf(h, a), -v.Days), a)
		for s := range h.Backwards(t) {
			t = s.To
			break
		}
		return t.UTC(), nil
	case "add_days_end_of_day":
		return endOfDay(h, a, v.Days).UTC(), nil
	}
	return nil, unknown(v.Op)
}

func (v moment) pauses() (out []sla.Span) {
	for _, p := range v.Pauses {
		out = append(out, sla.Span{From: p[0], To: p[1]})
	}
	return out
}

// next is the next change to open, or to closed, after t.
func next(h *sla.Hours, t time.Time, open bool) time.Time {
	now, until := h.Open(t)
	if now == open && !until.IsZero() {
		_, until = h.Open(until)
	}
	return until
}

// taken are the first periods of a walk, as many as the vector takes.
func (v moment) taken(walk iter.Seq[sla.Segment]) (out [][2]time.Time) {
	for s := range walk {
		if len(out) == v.Take {
			break
		}
		out = append(out, [2]time.Time{s.From.UTC(), s.To.UTC()})
	}
	return out
}

func unknown(op string) error {
	return fmt.Errorf("the operation %q is not known: compare the file with the ones this version reads", op)
}
