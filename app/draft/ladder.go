package draft

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"punto/app/desk"
	"punto/app/sla"
)

// Ladder is whom the desk turns to as a clock runs out; the first that fits holds.
type Ladder struct {
	Clocks     []string `yaml:"clocks,flow,omitempty"`     // take_up, resolve, ola, supplier; none = all
	Priorities []int    `yaml:"priorities,flow,omitempty"` // none = all
	Hours      bool     `yaml:"hours,omitempty"`           // times to acknowledge run in the contract's hours alone
	Rungs      []Rung   `yaml:"rungs"`
}

// Rung is one instance of an escalation.
type Rung struct {
	At          Moment   `yaml:"at"`
	To          []string `yaml:"to,flow"` // supervisor, owner, group, group:CODE, agent:LOGIN
	Acknowledge Span     `yaml:"acknowledge,omitempty"`
	Move        string   `yaml:"move,omitempty"` // group that gets the case
	Raise       bool     `yaml:"raise,omitempty"`
	Mail        bool     `yaml:"mail,omitempty"` // its receivers have a letter too
}

// Moment is when a rung is reached, written 75%, 30m before, 1h after, unacknowledged.
type Moment struct {
	Percent int
	Offset  int64 // seconds after it falls due, where Percent is 0
	Unacked bool
}

// String is the moment as it is written.
func (m Moment) String() string {
	switch {
	case m.Unacked:
		return "unacknowledged"
	case m.Percent != 0:
		return strconv.Itoa(m.Percent) + "%"
	case m.Offset < 0:
		return Span(-m.Offset).String() + " before"
	}
	return Span(m.Offset).String() + " after"
}

// ParseMoment reads what String writes.
func ParseMoment(text string) (m Moment, err error) {
	bad := fmt.Errorf("%q is not when a rung is reached: write 75%%, 30m before, 1h after, or unacknowledged", text)
	text = strings.TrimSpace(text)
	if text == "unacknowledged" {
		return Moment{Unacked: true}, nil
	}
	if n, ok := strings.CutSuffix(text, "%"); ok {
		if m.Percent, err = strconv.Atoi(n); err != nil || m.Percent < 1 || m.Percent > desk.MaxPercent {
			return Moment{}, bad
		}
		return m, nil
	}
	span, when, _ := strings.Cut(text, " ")
	s, err := ParseSpan(span)
	if err != nil || s < 0 || when != "before" && when != "after" || when == "before" && s == 0 {
		return Moment{}, bad
	}
	if m.Offset = int64(s); when == "before" {
		m.Offset = -m.Offset
	}
	return m, nil
}

// MarshalYAML implements yaml.Marshaler.
func (m Moment) MarshalYAML() (any, error) { return m.String(), nil }

// UnmarshalYAML implements yaml.Unmarshaler.
func (m *Moment) UnmarshalYAML(n *yaml.Node) (err error) {
	if *m, err = ParseMoment(n.Value); err != nil {
		return fmt.Errorf("line %d: %w", n.Line, err)
	}
	return nil
}

func fromLadders(ls []desk.Ladder) (out []Ladder) {
	for _, l := range ls {
		x := Ladder{Clocks: l.Clocks, Priorities: l.Priorities, Hours: l.Hours}
		for _, g := range l.Rungs {
			x.Rungs = append(x.Rungs, Rung{Moment{g.Percent, g.Offset, g.Unacked}, g.To, Span(g.Ack), g.Move, g.Raise, g.Mail})
		}
		out = append(out, x)
	}
	return out
}

func ladders(ls []Ladder) (out []desk.Ladder) {
	for _, l := range ls {
		x := desk.Ladder{Clocks: l.Clocks, Priorities: l.Priorities, Hours: l.Hours}
		for _, g := range l.Rungs {
			x.Rungs = append(x.Rungs, desk.Rung{Percent: g.At.Percent, Offset: g.At.Offset, Unacked: g.At.Unacked, To: g.To, Ack: int64(max(0, g.Acknowledge)), Move: g.Move, Raise: g.Raise, Mail: g.Mail})
		}
		out = append(out, x)
	}
	return out
}

// clocks are those that a ladder may be of.
var clocks = []string{sla.TakeUp.String(), sla.Resolve.String(), sla.NextAnswer.String(), sla.OLA.String(), sla.Supplier.String()}

// ladders checks those of a contract.
func (c *checker) ladders(path []string, k Contract) {
	path = append(path[:len(path):len(path)], "escalations")
	for i, l := range k.Escalations {
		where := append(path[:len(path):len(path)], strconv.Itoa(i))
		for _, x := range l.Clocks {
			if !slices.Contains(clocks, x) {
				c.wrong(append(where, "clocks"), "%q is no clock of a case: there are %s", x, strings.Join(clocks, ", "))
			}
		}
		for _, p := range l.Priorities {
			if p < 1 || p > 4 {
				c.wrong(append(where, "priorities"), "there is no priority %d: it goes from 1 to 4", p)
			}
		}
		for j, other := range k.Escalations[:i] {
			if within(l.Clocks, other.Clocks) && within(l.Priorities, other.Priorities) {
				c.warn(where, "it is never used: escalation %d holds for all that it is for", j+1)
			}
		}
		if len(l.Rungs) == 0 {
			c.wrong(where, "it has no rung: nobody is told anything")
		}
		for j := range l.Rungs {
			c.rung(append(where[:len(where):len(where)], "rungs", strconv.Itoa(j)), l, j)
		}
	}
}

// within tells whether what a list is for is all in another's; an empty list is for all.
func within[T comparable](a, b []T) bool {
	if len(b) == 0 {
		return true
	}
	return len(a) > 0 && !slices.ContainsFunc(a, func(x T) bool { return !slices.Contains(b, x) })
}

func (c *checker) rung(path []string, l Ladder, j int) {
	g := l.Rungs[j]
	if len(g.To) == 0 {
		c.wrong(path, "nobody receives it: write to: [supervisor], or who does")
	}
	for _, to := range g.To {
		code, ofGroup := strings.CutPrefix(to, desk.ToGroupOf)
		login, ofAgent := strings.CutPrefix(to, desk.ToAgent)
		switch {
		case to == desk.ToSupervisor, to == desk.ToOwner, to == desk.ToGroup, ofAgent && strings.TrimSpace(login) != "":
		case ofGroup:
			if _, ok := c.f.Groups[code]; !ok {
				c.wrong(append(path, "to"), "there is no group %q in the file", code)
			}
		default:
			c.wrong(append(path, "to"), "%q is nobody: supervisor, owner, group, group:CODE or agent:LOGIN receive", to)
		}
	}
	if g.Move != "" {
		if _, ok := c.f.Groups[g.Move]; !ok {
			c.wrong(append(path, "move"), "there is no group %q in the file", g.Move)
		}
		if slices.Contains(l.Clocks, sla.OLA.String()) || len(l.Clocks) == 0 {
			c.warn(append(path, "move"), "a unit's clock that moves the case begins another unit's: see that they do not pass it round")
		}
	}
	if g.At.Unacked {
		switch {
		case j == 0:
			c.wrong(append(path, "at"), "it is never reached: there is no rung before it")
		case l.Rungs[j-1].Acknowledge <= 0:
			c.wrong(append(path, "at"), "it is never reached: the rung before it asks nobody to acknowledge")
		}
		return
	}
	for _, before := range l.Rungs[:j] {
		if before.At == g.At {
			c.wrong(append(path, "at"), "another rung is reached at %s too: write who receives it there", g.At)
		}
		if before.At.Percent > 0 && g.At.Percent > 0 && before.At.Percent > g.At.Percent {
			c.warn(append(path, "at"), "it is reached before the rung above it")
		}
	}
}
