package sla

import (
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"time"
)

// VectorReport is the outcome of CheckVectors. Listed are those whose source
// follows a convention that is not ours, with the reason.
type VectorReport struct {
	Passed   int      `json:"passed"`
	Failed   int      `json:"failed"`
	Failures []string `json:"failures"`
	Listed   []string `json:"listed"`
}

type vector struct {
	ID        string                 `json:"id"`
	Op        string                 `json:"op"`
	Zone      string                 `json:"zone"`
	Week      map[string][][2]string `json:"week"`
	Holidays  []string               `json:"holidays"`
	Yearly    []string               `json:"yearly_holidays"`
	Breaks    map[string][][2]string `json:"breaks"`
	Shifts    map[string][][2]string `json:"shifts"`
	Pauses    [][2]time.Time         `json:"pauses"`
	Start     string                 `json:"start"`
	End       string                 `json:"end"`
	At        string                 `json:"at"`
	Local     string                 `json:"local"`
	Date      string                 `json:"date"`
	Amount    int64                  `json:"amount_s"`
	Days      int                    `json:"amount_days"`
	Take      int                    `json:"take"`
	Expected  any                    `json:"expected"`
	Agrees    *bool                  `json:"reference_agrees"`
	Agreement string                 `json:"convention"`
}

// CheckVectors runs business-time vectors: a JSON array of {op, zone, week,
// holidays, yearly_holidays, breaks, shifts, pauses, start, end, at, amount_s,
// amount_days, take, expected, convention, reference_agrees}. A vector that
// differs and names its convention, or whose reference does not agree with
// itself, is listed; any other that differs has failed. The error is for input
// that is no such array.
func CheckVectors(r io.Reader) (VectorReport, error) {
	var vs []vector
	if err := json.NewDecoder(io.LimitReader(r, 256<<20)).Decode(&vs); err != nil {
		return VectorReport{}, fmt.Errorf("read the vectors: a JSON array is expected: %w", err)
	}
	var rep VectorReport
	for _, v := range vs {
		got, err := v.run()
		switch {
		case err == nil && same(got, v.Expected):
			rep.Passed++
		case v.Agreement != "" || v.Agrees != nil && !*v.Agrees:
			rep.Listed = append(rep.Listed, fmt.Sprintf("%s %s: we say %v, the source %v: %s", v.ID, v.Op, or(got, err), v.Expected, v.Agreement))
		default:
			rep.Failed++
			rep.Failures = append(rep.Failures, fmt.Sprintf("%s %s: got %v, expected %v", v.ID, v.Op, or(got, err), v.Expected))
		}
	}
	return rep, nil
}

func or(got any, err error) any {
	if err != nil {
		return err
	}
	return got
}

func same(got, want any) bool {
	b, err := json.Marshal(got)
	if err != nil {
		return false
	}
	var g any
	return json.Unmarshal(b, &g) == nil && reflect.DeepEqual(g, want)
}

var weekdays = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

func (v vector) calendar() (c Calendar, err error) {
	c.Zone = v.Zone
	for day, ss := range v.Week {
		i := slices.Index(weekdays, day)
		if i < 0 {
			return c, fmt.Errorf("%q is not a weekday", day)
		}
		if c.Weekly[i], err = shiftsOf(ss); err != nil {
			return c, err
		}
	}
	add := func(date string, sp Special) error {
		layout := "2006-01-02"
		if len(date) == 5 {
			layout = "01-02"
		}
		t, err := time.Parse(layout, date)
		if err != nil {
			return err
		}
		sp.Name, sp.From = date, Date{t.Year(), t.Month(), t.Day()}
		c.Specials = append(c.Specials, sp)
		return nil
	}
	for date, ss := range v.Shifts {
		s, err := shiftsOf(ss)
		if err == nil {
			err = add(date, Special{Shifts: s})
		}
		if err != nil {
			return c, err
		}
	}
	for _, date := range append(v.Holidays, v.Yearly...) {
		if err := add(date, Special{}); err != nil {
			return c, err
		}
	}
	for date, ss := range v.Breaks {
		s, err := shiftsOf(ss)
		if err == nil {
			err = add(date, Special{Breaks: s})
		}
		if err != nil {
			return c, err
		}
	}
	return c, nil
}

func shiftsOf(ss [][2]string) (out []Shift, err error) {
	sec := func(s string) (int, error) {
		var h, m, x int
		if _, err := fmt.Sscanf(s+":0", "%d:%d:%d", &h, &m, &x); err != nil {
			return 0, fmt.Errorf("%q is not a time of day: %w", s, err)
		}
		return h*3600 + m*60 + x, nil
	}
	for _, s := range ss {
		a, err := sec(s[0])
		if err != nil {
			return nil, err
		}
		b, err := sec(s[1])
		if err != nil {
			return nil, err
		}
		if b <= a {
			b += daySeconds
		}
		out = append(out, Shift{a, b})
	}
	return out, nil
}

// run computes a vector's answer in the form of its expected value.
func (v vector) run() (any, error) {
	if v.Op == "local_to_instant" {
		zone, err := time.LoadLocation(v.Zone)
		if err != nil {
			return nil, err
		}
		t, err := time.Parse("2006-01-02T15:04:05", v.Local)
		h := &Hours{zone: zone}
		return h.instant(t.Year(), t.Month(), t.Day(), t.Hour()*3600+t.Minute()*60+t.Second()).UTC(), err
	}
	c, err := v.calendar()
	if err != nil {
		return nil, err
	}
	h, err := Compile(c)
	if err != nil {
		return nil, err
	}
	if strings.Contains(v.Op, "workday") {
		return v.workdays(h)
	}
	at := v.Start
	if at == "" {
		at = v.At
	}
	a, err := time.Parse(time.RFC3339, at)
	if err != nil {
		return nil, fmt.Errorf("start: %w", err)
	}
	var b time.Time
	if v.End != "" {
		if b, err = time.Parse(time.RFC3339, v.End); err != nil {
			return nil, fmt.Errorf("end: %w", err)
		}
	}
	return v.instants(h, a, b)
}

func (v vector) instants(h *Hours, a, b time.Time) (any, error) {
	amount := time.Duration(v.Amount) * time.Second
	switch v.Op {
	case "add":
		return h.deadlinePaused(a, amount, spans(v.Pauses)).UTC(), nil
	case "sub":
		return h.Before(a, amount).UTC(), nil
	case "within":
		return int64((h.Between(a, b) - h.during(a, b, spans(v.Pauses))) / time.Second), nil
	case "is_open":
		open, _ := h.Open(a)
		return open, nil
	case "next_open":
		open, until := h.Open(a)
		if open {
			_, close := h.Open(a)
			_, until = h.Open(close)
		}
		return until.UTC(), nil
	case "next_close":
		open, until := h.Open(a)
		if !open {
			_, until = h.Open(until)
		}
		return until.UTC(), nil
	case "is_holiday":
		y, m, d := a.In(h.zone).Date()
		return h.Holiday(y, m, d), nil
	case "periods_after":
		var out [][2]time.Time
		for s := range h.Segments(a, time.Time{}) {
			if out = append(out, [2]time.Time{s.From.UTC(), s.To.UTC()}); len(out) == v.Take {
				break
			}
		}
		return out, nil
	case "periods_before":
		var out [][2]time.Time
		for s := range h.backwards(a) {
			if out = append(out, [2]time.Time{s.From.UTC(), s.To.UTC()}); len(out) == v.Take {
				break
			}
		}
		return out, nil
	case "add_days":
		return h.snap(h.nthDay(a, v.Days), true).UTC(), nil
	case "sub_days":
		return h.snap(h.nthDay(a, -v.Days), false).UTC(), nil
	case "add_days_end_of_day":
		return h.endOfDay(a, v.Days).UTC(), nil
	}
	return nil, fmt.Errorf("the operation %q is not known", v.Op)
}

func (v vector) workdays(h *Hours) (any, error) {
	day := func(s string) (int64, error) {
		t, err := time.Parse("2006-01-02", s[:min(10, len(s))])
		return dayNumber(t.Year(), t.Month(), t.Day()), err
	}
	count := func(from, to int64) (n int) {
		for ; from <= to; from++ {
			if len(h.day(from)) > 0 {
				n++
			}
		}
		return n
	}
	if v.Op == "workdays_in_month" {
		t, err := time.Parse("2006-01", v.Date[:min(7, len(v.Date))])
		return count(dayNumber(t.Year(), t.Month(), 1), dayNumber(t.Year(), t.Month()+1, 0)), err
	}
	a, err := day(v.Start)
	if err != nil {
		return nil, err
	}
	switch v.Op {
	case "workdays_between_inclusive":
		b, err := day(v.End)
		return count(a, b), err
	case "workdays_remaining_in_month_after":
		y, m, _ := civil(a)
		return count(a+1, dayNumber(y, m+1, 0)), nil
	case "nth_workday_from":
		n, step := v.Days, int64(1)
		if n < 0 {
			n, step = -n, -1
		}
		for a > firstDay && a < lastDay && (n > 0 || len(h.day(a)) == 0) {
			if a += step; len(h.day(a)) > 0 && n > 0 {
				n--
			}
		}
		y, m, d := civil(a)
		return fmt.Sprintf("%04d-%02d-%02d", y, m, d), nil
	}
	return nil, fmt.Errorf("the operation %q is not known", v.Op)
}
