package vectors

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"punto/app/tally"
)

// rollUp is a vector of calls and agents' hours summed by stretches of time: rows by
// the hour or by the call, questions, and the answers stretch by stretch with the
// whole at the end.
type rollUp struct {
	ID    string `json:"id"`
	Given []struct {
		Table string         `json:"table"`
		Row   map[string]any `json:"row"`
	} `json:"given"`
	Query []struct {
		Call string         `json:"call"`
		Args map[string]any `json:"args"`
	} `json:"query"`
	Expected []struct {
		About  string          `json:"about"`
		Expect json.RawMessage `json:"expect"`
	} `json:"expected"`
}

// RollUps runs vectors of call statistics: a JSON array of {id, given, query,
// expected}. A vector of which an answer differs by a definition of its source that is
// not ours, and agrees by that definition, is listed with the definition; any other
// that differs has failed, and so has one that asks or holds what is not known. The
// error is for input that is no such array.
func RollUps(r io.Reader) (Report, error) {
	var raw []json.RawMessage
	if err := json.NewDecoder(io.LimitReader(r, 256<<20)).Decode(&raw); err != nil {
		return Report{}, fmt.Errorf("read the vectors: a JSON array is expected: %w", err)
	}
	var rep Report
	for i, x := range raw {
		var v rollUp
		if err := json.Unmarshal(x, &v); err != nil {
			rep.Failures = append(rep.Failures, fmt.Sprintf("vector %d: %v", i+1, err))
			continue
		}
		c := check{rollUp: &v}
		c.run()
		switch {
		case len(c.wrong) > 0:
			rep.Failures = append(rep.Failures, v.ID+": "+strings.Join(c.wrong, "; "))
		case c.compared == 0:
			rep.Failures = append(rep.Failures, v.ID+": nothing in it can be compared")
		case len(c.differs) > 0:
			slices.Sort(c.differs)
			rep.Listed = append(rep.Listed, v.ID+": "+strings.Join(slices.Compact(c.differs), "; "))
		default:
			rep.Passed++
		}
	}
	rep.Failed = len(rep.Failures)
	return rep, nil
}

// Definitions of the source that are not ours.
const (
	closesLate = "its window of the day takes in the hour that begins at the end; ours is half-open"
	noDiverted = "its rate of answered leaves out calls that were diverted; ours is over all that were offered"
)

// check is a vector under way.
type check struct {
	*rollUp
	compared       int
	wrong, differs []string
	q              question
}

func (c *check) fail(format string, args ...any) {
	c.wrong = append(c.wrong, fmt.Sprintf(format, args...))
}

// run goes through the answers in their order: an answer about what was answered
// already belongs to the next question.
func (c *check) run() {
	n, seen := 0, map[string]bool{}
	for _, e := range c.Expected {
		if seen[e.About] {
			n, seen = n+1, map[string]bool{}
		}
		seen[e.About] = true
		if n >= len(c.Query) {
			c.fail("there are more answers than questions")
			return
		}
		var err error
		if c.q, err = c.question(n); err != nil {
			c.fail("%v", err)
			return
		}
		var value any
		if err := json.Unmarshal(e.Expect, &value); err != nil {
			c.fail("%s: %v", e.About, err)
			return
		}
		switch e.About {
		case "results":
			m, _ := value.(map[string]any)
			if total, ok := m["total"].(float64); ok {
				c.equal("the number of items", float64(c.items()), total)
			}
			if items, ok := m["items"].([]any); ok {
				c.list(items)
			}
		case "results['items']":
			items, ok := value.([]any)
			if !ok {
				items = []any{value}
			}
			c.list(items)
		case "item['queues']":
			c.queues(value, c.q.period, c.q.subject)
		case "per_queue_total": // the parts are the whole
			whole := c.sum(c.q.period, c.q.subject, false).of(login)
			parts := c.sum(c.q.period, c.q.subject, false)
			parts.queue = anyQueue
			c.equal("the parts by queue", parts.of(login), whole)
		default:
			if e.About != "item" && !strings.HasPrefix(e.About, "results['items'][") {
				c.fail("an answer about %q is not known", e.About)
				return
			}
			c.list([]any{value})
		}
	}
}

// equal compares two numbers.
func (c *check) equal(what string, got, want float64) {
	c.compared++
	if d := got - want; d > 1e-6 || d < -1e-6 {
		c.fail("%s is %v, not %v", what, got, want)
	}
}

// items is how many the answer has: one for each stretch and the whole, or one for
// each queue or agent.
func (c *check) items() int {
	n := 1
	if c.q.every != 0 {
		n = len(c.q.stretches()) + 1
	}
	if strings.HasSuffix(c.q.call, ".list") {
		return n * len(c.subjects())
	}
	return n
}

// list compares items. The last of those that begin and end as the question does is
// the whole; a source may list some alone.
func (c *check) list(items []any) {
	if strings.HasSuffix(c.q.call, ".list") {
		for _, x := range items {
			it, _ := x.(map[string]any)
			c.item(it, c.q.period, c.subject(it))
		}
		return
	}
	parts := c.q.stretches()
	for i, x := range items {
		it, _ := x.(map[string]any)
		p := c.q.period
		if whole := i == len(items)-1 && c.whole(it); !whole && c.q.every != 0 {
			from, ok := stamped(it["from"], c.q.zone)
			until, ok2 := stamped(it["until"], c.q.zone)
			at := slices.IndexFunc(parts, func(p tally.Period) bool { return p.From.Equal(from) && p.To.Equal(until) })
			if !ok || !ok2 || at < 0 {
				c.fail("the stretch from %v to %v is not one of ours", it["from"], it["until"])
				continue
			}
			p = parts[at]
		}
		c.item(it, p, c.q.subject)
	}
}

// whole tells whether an item is about all that was asked.
func (c *check) whole(it map[string]any) bool {
	from, ok := stamped(it["from"], c.q.zone)
	until, bounded := stamped(it["until"], c.q.zone)
	return (!ok || from.Equal(c.q.period.From)) && (!bounded || until.Equal(c.q.period.To))
}

// item compares what one item states.
func (c *check) item(it map[string]any, p tally.Period, subject float64) {
	if from, stated := it["from"]; stated {
		switch at, ok := stamped(from, c.q.zone); {
		case from == nil:
			c.equal("what began", float64(c.rowsOf(subject)), 0)
		case ok && !at.Equal(p.From) && c.q.bounded:
			c.fail("it begins at %v, not %v", p.From, from)
		case ok && !c.q.bounded:
			c.compared++
			if first := c.first(subject); !first.Equal(at) {
				c.fail("the first row is at %v, not %v", first, from)
			}
		}
	}
	for name, want := range it {
		switch name {
		case "queues":
			c.queues(want, p, subject)
		case "quality_of_service":
			c.service(want, p, subject)
		default:
			c.field(name, want, p, subject, 0)
		}
	}
}

// field compares one figure by our definitions; where it differs, by those of the
// source.
func (c *check) field(name string, want any, p tally.Period, subject, queue float64) {
	f := field(name)
	if f == nil {
		return
	}
	ours := c.sum(p, subject, false)
	ours.queue = queue
	if want == nil {
		c.compared++
		if v := f(ours); v.known {
			c.fail("%s is %v where none is expected", name, v.n)
		}
		return
	}
	n, ok := number(want)
	if !ok {
		return // a name of the source's test
	}
	c.compared++
	if f(ours).is(n) {
		return
	}
	late := c.sum(p, subject, true)
	late.queue = queue
	switch {
	case f(late).is(n):
		c.differs = append(c.differs, closesLate)
	case name == "answered_rate" && rateOfUndiverted(ours).is(n):
		c.differs = append(c.differs, noDiverted)
	default:
		c.fail("%s from %s is %v, not %v", name, p.From.Format(time.RFC3339), f(ours), n)
	}
}

// queues compares an agent's hours by queue.
func (c *check) queues(want any, p tally.Period, subject float64) {
	if s, ok := want.(string); ok {
		var n float64
		if _, err := fmt.Sscanf(s, "<has_length(%g)>", &n); err != nil {
			c.fail("queues: %q is not known", s)
			return
		}
		c.equal("the number of queues", float64(len(c.queuesOf(p, subject))), n)
		return
	}
	list, _ := want.([]any)
	for _, x := range list {
		it, _ := x.(map[string]any)
		queue, _ := it["queue_id"].(float64)
		for name, v := range it {
			if name != "queue_id" {
				c.field(name, v, p, subject, queue)
			}
		}
	}
}

// service compares how many were answered and lost within waits of some length, or the
// share within the limit that was asked for.
func (c *check) service(want any, p tally.Period, subject float64) {
	bins, ok := want.([]any)
	if !ok {
		if limit, ok := number(c.q.args["qos_threshold"]); ok && want != nil {
			n, _ := number(want)
			s := c.sum(p, subject, false)
			answered := s.of(answered)
			got := 0.0
			if answered > 0 {
				got = hundredths(100 * s.within(limit, established) / answered)
			}
			c.equal("the share within the limit", got, n)
		}
		return
	}
	for _, x := range bins {
		b, _ := x.(map[string]any)
		from, _ := number(b["min"])
		for _, o := range []tally.Outcome{tally.Answered, tally.Abandoned} {
			name, id := "answered", established
			if o == tally.Abandoned {
				name, id = "abandoned", abandonedWithin
			}
			n, ok := number(b[name])
			if !ok {
				continue
			}
			got := func(late bool) float64 {
				s := c.sum(p, subject, late)
				most := s.within(forever, id)
				if to, ok := number(b["max"]); ok {
					most = s.within(to-1, id)
				}
				return most - s.within(from-1, id)
			}
			c.compared++
			switch {
			case got(false) == n:
			case got(true) == n:
				c.differs = append(c.differs, closesLate)
			default:
				c.fail("%s after waits from %v s are %v, not %v", name, from, got(false), n)
			}
		}
	}
}
