package draft

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"punto/app/sla"
)

// Span is a time of whole seconds, written 90s, 15m, 4h, 1h30m. Off is none at all,
// where 0 would be the usual.
type Span int64

// Off is written "none".
const Off Span = -1

// String is the span as it is written.
func (s Span) String() string {
	if s < 0 {
		return "none"
	}
	h, m, rest := s/3600, s/60%60, s%60
	var b strings.Builder
	for _, p := range []struct {
		n    Span
		unit string
	}{{h, "h"}, {m, "m"}, {rest, "s"}} {
		if p.n > 0 || s == 0 && p.unit == "s" {
			fmt.Fprintf(&b, "%d%s", p.n, p.unit)
		}
	}
	return b.String()
}

// ParseSpan reads what String writes.
func ParseSpan(text string) (Span, error) {
	if text = strings.TrimSpace(text); text == "none" {
		return Off, nil
	}
	d, err := time.ParseDuration(text)
	if err != nil || d < 0 || d > 100*365*24*time.Hour || d%time.Second != 0 {
		return 0, fmt.Errorf("%q is not a time: write one such as 15m, 4h, 1h30m", text)
	}
	return Span(d / time.Second), nil
}

// MarshalYAML implements yaml.Marshaler.
func (s Span) MarshalYAML() (any, error) { return s.String(), nil }

// UnmarshalYAML implements yaml.Unmarshaler.
func (s *Span) UnmarshalYAML(n *yaml.Node) (err error) {
	if *s, err = ParseSpan(n.Value); err != nil {
		return fmt.Errorf("line %d: %w", n.Line, err)
	}
	return nil
}

// Shift is open time of a day, written 08:00-18:00; it may end after midnight, at
// most 24 hours after it begins: 22:00-30:00.
type Shift struct{ From, To int } // seconds from midnight

// String is the shift as it is written.
func (s Shift) String() string { return clockFace(s.From) + "-" + clockFace(s.To) }

// MarshalYAML implements yaml.Marshaler.
func (s Shift) MarshalYAML() (any, error) { return s.String(), nil }

func clockFace(seconds int) string {
	if seconds%60 != 0 {
		return fmt.Sprintf("%02d:%02d:%02d", seconds/3600, seconds/60%60, seconds%60)
	}
	return fmt.Sprintf("%02d:%02d", seconds/3600, seconds/60%60)
}

// ParseShift reads what String writes.
func ParseShift(text string) (s Shift, err error) {
	from, to, ok := strings.Cut(text, "-")
	if ok {
		if s.From, err = readFace(from); err == nil {
			s.To, err = readFace(to)
		}
	}
	if !ok || err != nil {
		return Shift{}, fmt.Errorf("%q are no hours: write them as 08:00-18:00", text)
	}
	return s, nil
}

// UnmarshalYAML implements yaml.Unmarshaler.
func (s *Shift) UnmarshalYAML(n *yaml.Node) (err error) {
	if *s, err = ParseShift(n.Value); err != nil {
		return fmt.Errorf("line %d: %w", n.Line, err)
	}
	return nil
}

func readFace(s string) (seconds int, err error) {
	parts := strings.Split(strings.TrimSpace(s), ":")
	if len(parts) < 2 || len(parts) > 3 {
		return 0, fmt.Errorf("%q is not a time of day", s)
	}
	unit := 3600
	for i, p := range parts {
		n, err := strconv.Atoi(p)
		if err != nil || n < 0 || n > 48 && i == 0 || n > 59 && i > 0 {
			return 0, fmt.Errorf("%q is not a time of day", s)
		}
		seconds += n * unit
		unit /= 60
	}
	return seconds, nil
}

var weekdays = [7]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

func shiftsOf(ss []Shift) (out []sla.Shift) {
	for _, s := range ss {
		out = append(out, sla.Shift(s))
	}
	return out
}

func fromShifts(ss []sla.Shift) (out []Shift) {
	for _, s := range ss {
		out = append(out, Shift(s))
	}
	return out
}

// readDate reads 2026-09-18, or 09-18 of every year.
func readDate(s string) (d sla.Date, err error) {
	s = strings.TrimSpace(s)
	yearly := strings.Count(s, "-") == 1
	if yearly {
		s = "2000-" + s // a leap year: 29 February is a date
	}
	t, err := time.Parse("2006-01-02", s)
	if err != nil {
		return d, fmt.Errorf("%q is not a date: write 2026-09-18, or 09-18 for every year", strings.TrimPrefix(s, "2000-"))
	}
	if d = (sla.Date{Year: t.Year(), Month: t.Month(), Day: t.Day()}); yearly {
		d.Year = 0
	}
	return d, nil
}

func dateText(d sla.Date) string {
	if d.Year == 0 {
		return fmt.Sprintf("%02d-%02d", int(d.Month), d.Day)
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, int(d.Month), d.Day)
}

// special is a special day as calendars have it.
func (s Special) special() (out sla.Special, err error) {
	from, to, isRange := strings.Cut(s.On, "..")
	out = sla.Special{Name: s.Name, Shifts: shiftsOf(s.Open), Breaks: shiftsOf(s.Closed)}
	if out.From, err = readDate(from); err == nil && isRange {
		out.To, err = readDate(to)
	}
	return out, err
}

// calendar is a calendar as contracts have it.
func (c Calendar) calendar(name string) (out sla.Calendar, err error) {
	out = sla.Calendar{Name: name, Zone: c.Zone}
	for d, key := range weekdays {
		out.Weekly[d] = shiftsOf(c.Weekly[key])
	}
	for _, s := range c.Special {
		x, err := s.special()
		if err != nil {
			return out, err
		}
		out.Specials = append(out.Specials, x)
	}
	return out, nil
}

// fromCalendar is a calendar as a file has it.
func fromCalendar(c sla.Calendar) Calendar {
	out := Calendar{Zone: c.Zone, Weekly: map[string][]Shift{}}
	for d, ss := range c.Weekly {
		if len(ss) > 0 {
			out.Weekly[weekdays[d]] = fromShifts(ss)
		}
	}
	for _, s := range c.Specials {
		on := dateText(s.From)
		if s.To != (sla.Date{}) {
			on += ".." + dateText(s.To)
		}
		out.Special = append(out.Special, Special{Name: s.Name, On: on, Open: fromShifts(s.Shifts), Closed: fromShifts(s.Breaks)})
	}
	return out
}
