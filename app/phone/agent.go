package phone

import (
	"cmp"
	"slices"
	"time"
)

// Stay is one stay of an agent at work, from signing in to signing out, with
// the breaks in it. A stay that has not ended has To at the instant asked.
type Stay struct {
	Agent    string
	From, To time.Time
	Paused   time.Duration
	Reasons  map[string]time.Duration // of Paused, by its reason; "" = none given
}

// Stays folds the events of agents, in any order and however often they
// come, into their stays up to now. An agent who is in several queues is signed
// in while in any, and on a break while paused in any. One who is first seen
// paused or back has signed in before the log begins: the stay begins there.
func Stays(events []CallEvent, now time.Time) []Stay {
	by := map[string][]CallEvent{}
	for _, e := range events {
		if k := e.Key.Kind; k >= AgentSignedIn && k <= AgentBack && !e.At.After(now) {
			by[e.Key.UniqueID] = append(by[e.Key.UniqueID], e)
		}
	}
	var out []Stay
	for agent, es := range by {
		out = append(out, staysOf(agent, InOrder(es), now)...)
	}
	slices.SortFunc(out, func(a, b Stay) int { return cmp.Or(cmp.Compare(a.Agent, b.Agent), a.From.Compare(b.From)) })
	return out
}

// InOrder gives the events of one agent in the order in which they happened: as they are
// where they lie in the order of their times, for of one instant (a log has whole seconds)
// the log knows which came first. Else, of those of one instant, breaks come before signing
// in and out, and what changes the state before what changes it back: who is in signs out
// and in again.
func InOrder(events []CallEvent) []CallEvent {
	if slices.IsSortedFunc(events, func(a, b CallEvent) int { return a.At.Compare(b.At) }) {
		return events
	}
	es := slices.SortedFunc(slices.Values(events), func(a, b CallEvent) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Key.Kind, b.Key.Kind), cmp.Compare(a.Key.Queue, b.Key.Queue), cmp.Compare(a.Reason, b.Reason))
	})
	in, paused := map[string]bool{}, map[string]bool{}
	first := func(is bool, a, b int) int {
		if is {
			return a
		}
		return b
	}
	for i := 0; i < len(es); {
		j := i + 1
		for j < len(es) && es[j].At.Equal(es[i].At) {
			j++
		}
		rank := func(e CallEvent) int {
			q := e.Key.Queue
			rests, here := paused[q] || q == "" && len(paused) > 0, in[q] || q == "" && len(in) > 0
			switch e.Key.Kind {
			case AgentBack:
				return first(rests, 0, 1)
			case AgentPaused:
				return first(rests, 1, 0)
			case AgentSignedOut:
				return first(here, 2, 3)
			}
			return first(here, 3, 2)
		}
		slices.SortStableFunc(es[i:j], func(a, b CallEvent) int { return cmp.Compare(rank(a), rank(b)) })
		for ; i < j; i++ {
			switch q := es[i].Key.Queue; es[i].Key.Kind {
			case AgentSignedIn:
				in[q] = true
			case AgentPaused:
				in[q], paused[q] = true, true
			case AgentBack:
				if in[q] = true; q == "" {
					clear(paused)
				}
				delete(paused, q)
			case AgentSignedOut:
				if delete(in, q); q == "" {
					clear(in)
				}
				if delete(paused, q); len(in) == 0 {
					clear(paused)
				}
			}
		}
	}
	return es
}

// shift is an agent at work while the events are walked.
type shift struct {
	Stay
	in     map[string]bool   // queues
	paused map[string]string // queue: reason
	since  time.Time         // of the break
	why    string
}

// stays walks the events of one agent in the order of time.
func staysOf(agent string, es []CallEvent, now time.Time) (out []Stay) {
	var s *shift
	for _, e := range es {
		if s == nil {
			if e.Key.Kind == AgentSignedOut {
				continue // a stay of which nothing is known but its end
			}
			s = &shift{Stay: Stay{Agent: agent, From: e.At, Reasons: map[string]time.Duration{}}, in: map[string]bool{}, paused: map[string]string{}}
		}
		switch q := e.Key.Queue; e.Key.Kind {
		case AgentSignedIn:
			s.in[q] = true
		case AgentPaused:
			s.pause(q, e)
		case AgentBack:
			s.back(q, e.At)
		case AgentSignedOut:
			if delete(s.in, q); q != "" && len(s.in) > 0 {
				s.back(q, e.At)
				continue
			}
			out = append(out, s.close(e.At))
			s = nil
		}
	}
	if s != nil {
		out = append(out, s.close(now))
	}
	return out
}

// pause begins a break, or goes on with one: the reason that counts is the first.
func (s *shift) pause(queue string, e CallEvent) {
	if len(s.paused) == 0 {
		s.since, s.why = e.At, e.Reason
	}
	s.paused[queue] = e.Reason
}

// back ends the break in a queue, or in all when none is named; the break is over
// when the agent is paused in none.
func (s *shift) back(queue string, at time.Time) {
	was := len(s.paused) > 0
	if delete(s.paused, queue); queue == "" {
		clear(s.paused)
	}
	if was && len(s.paused) == 0 {
		s.rest(at)
	}
}

// rest counts the break that ends.
func (s *shift) rest(until time.Time) {
	d := until.Sub(s.since)
	s.Paused += d
	s.Reasons[s.why] += d
}

// close ends the stay, and a break that is still open with it.
func (s *shift) close(at time.Time) Stay {
	if len(s.paused) > 0 {
		s.rest(at)
	}
	s.To = at
	return s.Stay
}
