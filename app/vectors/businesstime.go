package vectors

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"time"

	"punto/app/sla"
)

// moment is a vector of business time.
type moment struct {
	ID         string                 `json:"id"`
	Op         string                 `json:"op"`
	Zone       string                 `json:"zone"`
	Week       map[string][][2]string `json:"week"`
	Holidays   []string               `json:"holidays"`
	Yearly     []string               `json:"yearly_holidays"`
	Breaks     map[string][][2]string `json:"breaks"`
	Shifts     map[string][][2]string `json:"shifts"`
	Pauses     [][2]time.Time         `json:"pauses"`
	Start      string                 `json:"start"`
	End        string                 `json:"end"`
	At         string                 `json:"at"`
	Local      string                 `json:"local"`
	Date       string                 `json:"date"`
	Amount     float64                `json:"amount_s"`
	Days       int                    `json:"amount_days"`
	Take       int                    `json:"take"`
	Expected   any                    `json:"expected"`
	Agrees     *bool                  `json:"reference_agrees"`
	Convention string                 `json:"convention"`
}

// BusinessTime runs vectors of business time: a JSON array of {op, zone, week,
// holidays, yearly_holidays, breaks, shifts, pauses, start, end, at, amount_s,
// amount_days, take, expected, convention, reference_agrees}. A vector that
// differs and names its convention, or whose reference does not agree with
// itself, is listed; any other that differs has failed, and so has one with an
// operation, zone or time that is not known. The error is for input that is no
// such array.
func BusinessTime(r io.Reader) (Report, error) {
	var raw []json.RawMessage
	if err := json.NewDecoder(io.LimitReader(r, 256<<20)).Decode(&raw); err != nil {
		return Report{}, fmt.Errorf("read the vectors: a JSON array is expected: %w", err)
	}
	var rep Report
	for i, x := range raw {
		var v moment
		if err := json.Unmarshal(x, &v); err != nil {
			rep.Failures = append(rep.Failures, fmt.Sprintf("vector %d: %v", i+1, err))
			continue
		}
		got, err := v.run()
		switch {
		case err != nil: // what cannot be answered is no matter of convention
			rep.Failures = append(rep.Failures, fmt.Sprintf("%s %s: %v", v.ID, v.Op, err))
		case same(got, v.Expected):
			rep.Passed++
		case v.Convention != "" || v.Agrees != nil && !*v.Agrees:
			rep.Listed = append(rep.Listed, fmt.Sprintf("%s %s: we say %s, the source %s: %s", v.ID, v.Op, written(got), written(v.Expected), cmp.Or(v.Convention, "its reference does not agree with itself")))
		default:
			rep.Failures = append(rep.Failures, fmt.Sprintf("%s %s: got %s, expected %s", v.ID, v.Op, written(got), written(v.Expected)))
		}
	}
	rep.Failed = len(rep.Failures)
	return rep, nil
}

// written is an answer as the vectors write it.
func written(x any) string {
	b, err := json.Marshal(x)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// same compares an answer with what is expected; instants are the same in any
// zone they are written in.
func same(got, want any) bool {
	b, err := json.Marshal(got)
	if err != nil {
		return false
	}
	var g any
	return json.Unmarshal(b, &g) == nil && reflect.DeepEqual(inUTC(g), inUTC(want))
}

func inUTC(x any) any {
	switch x := x.(type) {
	case string:
		if t, err := instant(time.RFC3339, x); err == nil {
			return t.UTC().Format(time.RFC3339Nano)
		}
	case []any:
		out := make([]any, len(x))
		for i := range x {
			out[i] = inUTC(x[i])
		}
		return out
	}
	return x
}

const daySeconds = 86_400

var weekdays = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

func (v moment) calendar() (c sla.Calendar, err error) {
	c.Zone = v.Zone
	for day, ss := range v.Week {
		i := slices.Index(weekdays, strings.ToLower(day)[:min(3, len(day))])
		if i < 0 {
			return c, fmt.Errorf("%q is not a weekday", day)
		}
		shifts, err := shiftsOf(ss)
		if err != nil {
			return c, err
		}
		for _, x := range shifts {
			d := i
			if x.From == daySeconds { // from 24:00 on is from 0:00 of the next day on
				d, x = (d+1)%7, sla.Shift{From: 0, To: x.To - daySeconds}
			}
			c.Weekly[d] = append(c.Weekly[d], x)
		}
	}
	add := func(date string, sp sla.Special) error {
		layout := "2006-01-02"
		if len(date) == 5 {
			layout = "01-02"
		}
		t, err := time.Parse(layout, date)
		if err != nil {
			return fmt.Errorf("%q is not a date, such as 2026-12-25 or 12-25", date)
		}
		sp.Name, sp.From = date, sla.Date{Year: t.Year(), Month: t.Month(), Day: t.Day()}
		c.Specials = append(c.Specials, sp)
		return nil
	}
	for date, ss := range v.Shifts {
		s, err := shiftsOf(ss)
		if err == nil {
			err = add(date, sla.Special{Shifts: s})
		}
		if err != nil {
			return c, err
		}
	}
	for _, date := range append(v.Holidays, v.Yearly...) {
		if err := add(date, sla.Special{}); err != nil {
			return c, err
		}
	}
	for date, ss := range v.Breaks {
		s, err := shiftsOf(ss)
		if err == nil {
			err = add(date, sla.Special{Breaks: s})
		}
		if err != nil {
			return c, err
		}
	}
	return c, nil
}

func shiftsOf(ss [][2]string) (out []sla.Shift, err error) {
	sec := func(s string) (int, error) {
		var h, m, x int
		if _, err := fmt.Sscanf(s+":0", "%d:%d:%d", &h, &m, &x); err != nil || h > 24 || m > 59 || x > 59 || h < 0 || m < 0 || x < 0 || h == 24 && m+x > 0 {
			return 0, fmt.Errorf("%q is not a time of day, such as 08:30 or 24:00", s)
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
		out = append(out, sla.Shift{From: a, To: b})
	}
	return out, nil
}
