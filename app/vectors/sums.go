package vectors

import (
	"fmt"
	"math"
	"strings"
	"time"

	"punto/app/tally"
)

// sums are the rows of a vector in a stretch of time and about one queue or agent,
// summed by app/tally.
type sums struct {
	c       *check
	p       tally.Period
	window  tally.Window
	subject float64
	queue   float64 // of an agent's hours; 0 = the rows about no queue, anyQueue = all about one
}

const (
	anyQueue = -1
	forever  = 1e9 // seconds
)

// late takes in the hour that begins at the end of the day's window.
func (c *check) sum(p tally.Period, subject float64, late bool) *sums {
	s := &sums{c: c, p: p, window: c.q.window, subject: subject}
	if late && s.window.To != 0 {
		s.window.To += time.Hour
	}
	return s
}

// Causes of calls by the hour, with where they belong in ours. What a row's total has
// beyond them had an outcome that is not told.
var causes = []struct {
	column  string
	outcome tally.Outcome
}{{"answered", tally.Answered}, {"abandoned", tally.Abandoned}, {"closed", tally.ClosedHours}, {"full", tally.Busy}, {"joinempty", tally.Overflow},
	{"leaveempty", tally.Overflow}, {"divert_ca_ratio", tally.Overflow}, {"divert_waittime", tally.Overflow}, {"timeout", tally.Overflow}}

// has tells whether a row is of the stretch, the window and the subject.
func (s *sums) has(table string, row map[string]any) bool {
	at, ok := stamped(row["time"], time.UTC)
	if !ok || !s.p.Has(at) || !s.window.Has(at, s.c.q.zone) {
		return false
	}
	if s.c.q.id() == "agent_id" {
		return s.c.agentOf(row) == s.subject || s.subject == 0
	}
	queue, stated := row["queue_id"].(float64)
	if !stated {
		queue = 1
	}
	return table != "stat_agent_periodic" && (queue == s.subject || s.subject == 0)
}

// agentOf is the agent of a row, which names it by the key of the table of agents.
func (c *check) agentOf(row map[string]any) float64 {
	for _, g := range c.Given {
		if g.Table == "stat_agent" && g.Row["id"] == row["agent_id"] {
			n, _ := g.Row["agent_id"].(float64)
			return n
		}
	}
	n, _ := row["agent_id"].(float64)
	return n
}

// counted sums the calls by the hour that some causes account for.
func (s *sums) counted(only ...string) *tally.Accumulator {
	a := tally.New(tally.Rules{})
	for _, g := range s.c.Given {
		if g.Table != "stat_queue_periodic" || !s.has(g.Table, g.Row) {
			continue
		}
		rest, _ := number(g.Row["total"])
		for _, cause := range causes {
			n, _ := number(g.Row[cause.column])
			rest -= n
			if len(only) == 0 || strings.Contains(" "+strings.Join(only, " ")+" ", " "+cause.column+" ") {
				for range int(n) {
					a.AddCall(tally.Call{Outcome: cause.outcome})
				}
			}
		}
		for range int(rest) {
			if len(only) == 0 {
				a.AddCall(tally.Call{Outcome: tally.Unknown})
			}
		}
	}
	return a
}

// calls sums the calls told one by one, which are answered unless they say otherwise.
func (s *sums) calls(within float64) *tally.Accumulator {
	a := tally.New(tally.Rules{AnswerIn: time.Duration(within * float64(time.Second))})
	for _, g := range s.c.Given {
		if g.Table != "stat_call_on_queue" || !s.has(g.Table, g.Row) {
			continue
		}
		if q, _ := g.Row["queue_id"].(float64); s.queue > 0 && q != s.queue {
			continue
		}
		o := tally.Answered
		switch status, _ := g.Row["status"].(string); status {
		case "", "answered":
		case "abandoned":
			o = tally.Abandoned
		default:
			o = tally.Overflow
		}
		wait, _ := number(g.Row["waittime"])
		talk, _ := number(g.Row["talktime"])
		a.AddCall(tally.Call{Outcome: o, Wait: time.Duration(wait) * time.Second, Talk: time.Duration(talk) * time.Second})
	}
	return a
}

// hours sums a column of the agents' hours, as time at work.
func (s *sums) hours(column string) *tally.Accumulator {
	a := tally.New(tally.Rules{})
	for _, g := range s.c.Given {
		if g.Table != "stat_agent_periodic" || !s.has(g.Table, g.Row) {
			continue
		}
		queue, ofQueue := g.Row["stat_queue_id"].(float64)
		if ofQueue != (s.queue != 0) || s.queue > 0 && queue != s.queue {
			continue
		}
		n, _ := number(g.Row[column])
		a.AddStay(tally.Stay{SignedIn: time.Duration(n) * time.Second})
	}
	return a
}

// rowsOf counts the rows of a subject that have a time.
func (c *check) rowsOf(subject float64) (n int) {
	s := c.sum(tally.Period{To: time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)}, subject, false)
	for _, g := range c.Given {
		if s.has(g.Table, g.Row) {
			n++
		}
	}
	return n
}

// first is when the first row by the hour of a subject is.
func (c *check) first(subject float64) (t time.Time) {
	s := c.sum(tally.Period{To: time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)}, subject, false)
	for _, g := range c.Given {
		at, _ := stamped(g.Row["time"], time.UTC)
		if strings.HasSuffix(g.Table, "_periodic") && s.has(g.Table, g.Row) && (t.IsZero() || at.Before(t)) {
			t = at
		}
	}
	return t
}

// queuesOf are the queues that an agent worked for.
func (c *check) queuesOf(p tally.Period, subject float64) map[float64]bool {
	s := c.sum(p, subject, false)
	out := map[float64]bool{}
	for _, g := range c.Given {
		if !s.has(g.Table, g.Row) {
			continue
		}
		for _, key := range []string{"stat_queue_id", "queue_id"} {
			if q, ok := g.Row[key].(float64); ok {
				out[q] = true
			}
		}
	}
	return out
}

// value is a figure; one that is not known has an empty denominator.
type value struct {
	n     float64
	known bool
}

func (v value) is(n float64) bool { return v.known && math.Abs(v.n-n) < 0.0051 }

func (v value) String() string {
	if !v.known {
		return "not known"
	}
	return fmt.Sprint(v.n)
}

// Indices that are read from an Accumulator.
const (
	answered        = "answered"
	login           = "login_time"
	established     = "service_level_strict"
	abandonedWithin = "abandoned within"
)

// figure is an index of app/tally.
func figure(a *tally.Accumulator, id string) tally.Figure {
	for _, f := range a.Figures(nil) {
		if f.ID == id {
			return f
		}
	}
	return tally.Figure{}
}

func count(a *tally.Accumulator, ids ...string) (n float64) {
	for _, id := range ids {
		n += figure(a, id).Num
	}
	return n
}

// of is a field by its name.
func (s *sums) of(name string) float64 { return field(name)(s).n }

// within counts the calls that were answered, or lost, after at most so many seconds.
func (s *sums) within(sec float64, id string) float64 {
	if sec < 0 {
		return 0
	}
	a := s.calls(sec)
	n := figure(a, established).Num
	if id == abandonedWithin {
		return figure(a, "service_level_asterisk2").Num - n
	}
	return n
}

// field is what the answers state under a name, in the indices of the service model;
// nil for the names of tenants, queues and agents.
func field(name string) func(*sums) value {
	switch name {
	case "received":
		return counted([]string{"offered", "closed_hours", "unknown"})
	case "abandoned":
		return counted([]string{"abandoned"})
	case "closed":
		return counted([]string{"closed_hours"})
	case "not_answered":
		return counted([]string{"overflow"}, "timeout")
	case "saturated":
		return counted([]string{"busy", "overflow"}, "full", "divert_ca_ratio", "divert_waittime")
	case "blocked":
		return counted([]string{"overflow"}, "joinempty", "leaveempty")
	case answered:
		return func(s *sums) value {
			if s.c.q.id() == "agent_id" {
				return value{count(s.calls(0), "established"), true}
			}
			return value{count(s.counted(), "established"), true}
		}
	case "answered_rate":
		return func(s *sums) value { return rate(s.counted()) }
	case "average_waiting_time":
		return meanWait
	case "conversation_time":
		return func(s *sums) value { return value{count(s.calls(0), "average_call_time"), true} }
	case login, "pause_time", "wrapup_time":
		return func(s *sums) value {
			if f := figure(s.hours(name), "occupancy"); f.Den != nil {
				return value{*f.Den, true}
			}
			return value{0, true}
		}
	}
	return nil
}

// counted adds indices up over the calls by the hour that some causes account for.
func counted(ids []string, only ...string) func(*sums) value {
	return func(s *sums) value { return value{count(s.counted(only...), ids...), true} }
}

// meanWait is of all that waited; the source tells the waits call by call.
func meanWait(s *sums) value {
	n := count(s.counted("answered", "abandoned", "leaveempty", "timeout"), "offered")
	if n == 0 {
		return value{}
	}
	return value{hundredths(count(s.calls(0), "asa", "wait_abandoned") / n), true}
}

func rate(a *tally.Accumulator) value {
	offered := count(a, "offered")
	if offered == 0 {
		return value{}
	}
	return value{hundredths(100 * count(a, "established") / offered), true}
}

// rateOfUndiverted is the rate of answered as the source takes it.
func rateOfUndiverted(s *sums) value {
	return rate(s.counted("answered", "abandoned", "full", "leaveempty", "joinempty", "timeout"))
}

func hundredths(n float64) float64 { return math.Round(n*100) / 100 }
