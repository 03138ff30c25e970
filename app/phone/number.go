package phone

import "strings"

// Numbers counts what repeats within a call, for the keys of its events: how often
// it entered a queue, how often it rang. It holds the last maxNumbered calls and
// agents, or fewer that ring in very many queues. One goroutine at a time may use it.
type Numbers struct {
	of       map[string]*counts
	order    []string // of of, the oldest first, from next on; "" = gone
	next     int
	attempts int // of all
}

// maxNumbered is how many calls and agents are remembered: one that comes back
// after so many others begins at one again. maxCounted is how many counts of theirs.
const (
	maxNumbered = 10_000
	maxCounted  = 2 * maxNumbered
)

// counts is how often things happened to a call or an agent.
type counts struct {
	entry    int
	in       bool // in the queue, or talking
	refused  bool // by the queue of this entry
	attempts []attempts
}

// attempts counts one kind of event in a queue.
type attempts struct {
	queue string
	kind  EventKind
	n     int
}

// NewNumbers goes on from what is known of the calls, in any order.
func NewNumbers(known ...CallEvent) *Numbers {
	n := &Numbers{of: map[string]*counts{}}
	for i := range known {
		n.learn(&known[i])
	}
	return n
}

// learn takes the numbers that an event has already.
func (n *Numbers) learn(e *CallEvent) {
	c := n.at(e.Key.UniqueID)
	switch {
	case !e.Key.Kind.OfCall():
	case e.Key.Entry > c.entry:
		c.entry, c.in, c.refused = e.Key.Entry, e.Key.Kind != Ended, e.refused()
	case e.Key.Entry == c.entry && e.Key.Kind == Ended:
		c.in, c.refused = false, c.refused || e.refused()
	}
	if e.Key.Attempt > 0 {
		a := n.count(c, e.Key.Queue, e.Key.Kind)
		a.n = max(a.n, e.Key.Attempt)
	}
}

// Entry is the entry into a queue that a call is in, or was in last; 0 = none yet.
func (n *Numbers) Entry(id string) int { return n.at(id).entry }

// Number gives an event its entry and attempt. The events come in the order of
// their source.
func (n *Numbers) Number(e *CallEvent) {
	c := n.at(e.Key.UniqueID)
	refused := e.refused()
	switch k := e.Key.Kind; {
	case k == Queued:
		c.entry, c.in, c.refused = c.entry+1, true, false
	case k == Ended && refused && !c.in && !c.refused:
		c.entry, c.refused = c.entry+1, true
	case k == Ended:
		c.in, c.refused = false, c.refused || refused
	}
	switch e.Key.Kind {
	case Offered:
		e.Key.Entry = 1
	case Queued, Answered, Ended, Transferred:
		e.Key.Entry = max(1, c.entry)
	case Ringing, RingFailed, Held, Resumed:
		e.Key.Entry = max(1, c.entry)
		fallthrough
	default:
		a := n.count(c, e.Key.Queue, e.Key.Kind)
		a.n++
		e.Key.Attempt = a.n
	}
}

// refused tells whether the call never got into the queue that it left.
func (e *CallEvent) refused() bool {
	return e.Key.Kind == Ended && e.Told&ToldWait != 0 && e.Wait == 0 && (e.Outcome == Busy || e.Outcome == Closed || e.Outcome == Overflow)
}

func (n *Numbers) at(id string) *counts {
	c := n.of[id]
	if c != nil {
		return c
	}
	c = &counts{}
	id = strings.Clone(id) // not the line that it stood in
	if len(n.order) < maxNumbered {
		n.order = append(n.order, id)
	} else {
		n.forget()
		n.order[n.next] = id
		n.next = (n.next + 1) % maxNumbered
	}
	n.of[id] = c
	return c
}

// forget drops the oldest, whose place is free then.
func (n *Numbers) forget() {
	id := n.order[n.next]
	if c := n.of[id]; c != nil {
		n.attempts -= len(c.attempts)
		delete(n.of, id)
	}
}

// maxAttempts is how many queues and kinds are counted of one call.
const maxAttempts = 64

func (n *Numbers) count(c *counts, queue string, kind EventKind) *attempts {
	for i := range c.attempts {
		if a := &c.attempts[i]; a.queue == queue && a.kind == kind {
			return a
		}
	}
	if len(c.attempts) == maxAttempts || n.attempts >= maxCounted {
		n.attempts -= len(c.attempts)
		c.attempts = c.attempts[:0]
	}
	if n.attempts < maxCounted {
		n.attempts++
		c.attempts = append(c.attempts, attempts{queue: strings.Clone(queue), kind: kind})
		return &c.attempts[len(c.attempts)-1]
	}
	return &attempts{} // all that is counted is of others: this one begins at one
}
