package phone

import (
	"cmp"
	"slices"
	"time"
)

// Fold is the call of a set of events: the same for the same set in whatever
// order and however often they come. Where two events have one key the higher
// Rank holds, then the earlier time, and what the better one does not say is
// taken from the other. Durations are summed over the legs (entries into a
// queue) of the call: a transferred call is one call. Events of agents and
// links are passed over.
func Fold(events []CallEvent) Call {
	es := settle(events)
	var c Call
	legs := map[int]*leg{}
	var order []*leg
	var held time.Time
	hold := func(until time.Time) time.Duration {
		if held.IsZero() {
			return 0
		}
		d := believed(until.Sub(held))
		held = time.Time{}
		return d
	}
	for _, e := range es {
		c.about(e)
		l := legs[e.Key.Entry]
		if l == nil {
			l = &leg{begin: e.At, by: e.Key.Kind}
			legs[e.Key.Entry], order = l, append(order, l)
		}
		switch e.Key.Kind {
		case Queued:
			if c.QueuedAt.IsZero() {
				c.QueuedAt, c.Menu = e.At, believed(e.At.Sub(c.OfferedAt))
			}
			l.begin = e.At
			if !c.EndedAt.IsZero() {
				c.EndedAt, c.Outcome = time.Time{}, NoOutcome // it went on in another queue
			}
		case RingFailed:
			c.RingFails++
		case Answered:
			l.answer(e)
			if c.AnsweredAt.IsZero() {
				c.AnsweredAt, c.Ring = e.At, e.Ring
			}
			c.Agent = cmp.Or(e.Agent, c.Agent)
		case Held:
			if held.IsZero() {
				held = e.At
			}
		case Resumed:
			l.hold += hold(e.At)
		case Ended:
			l.hold += hold(e.At)
			l.end(e)
			c.EndedAt, c.Outcome = e.At, cmp.Or(e.Outcome, e.Likely)
			c.WrapUp += e.WrapUp
		}
	}
	c.sum(order)
	return c
}

// settle gives the events of calls once each and in the order of time. An event
// whose source does not know the queue is of the queue that the call was in.
func settle(events []CallEvent) []CallEvent {
	es := make([]CallEvent, 0, len(events))
	var queues map[int]string // of an entry; made when a queue is wanting
	for _, e := range events {
		if !e.Key.Kind.OfCall() {
			continue
		}
		e.Line = 0
		if e.Key.Queue == "" && e.Key.Entry > 0 {
			if queues == nil {
				queues = queuesOf(events)
			}
			e.Key.Queue = queues[e.Key.Entry]
		}
		es = append(es, e)
	}
	slices.SortFunc(es, func(a, b CallEvent) int {
		return cmp.Or(compareKeys(a.Key, b.Key), cmp.Compare(b.Rank, a.Rank), a.At.Compare(b.At), compareBodies(a, b))
	})
	n := 0
	for i, e := range es {
		if i > 0 && e.Key == es[n-1].Key {
			es[n-1].fill(e)
			continue
		}
		es[n] = e
		n++
	}
	es = es[:n]
	slices.SortFunc(es, func(a, b CallEvent) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Key.Kind, b.Key.Kind), compareKeys(a.Key, b.Key))
	})
	return es
}

// queuesOf is the queue of each entry; of several, the first by name.
func queuesOf(events []CallEvent) map[int]string {
	m := map[int]string{}
	for _, e := range events {
		if q := e.Key.Queue; q != "" && e.Key.Kind.OfCall() && (m[e.Key.Entry] == "" || q < m[e.Key.Entry]) {
			m[e.Key.Entry] = q
		}
	}
	return m
}

// fill takes from another telling of the event what this one does not say.
func (e *CallEvent) fill(o CallEvent) {
	e.Caller, e.Name, e.Agent = cmp.Or(e.Caller, o.Caller), cmp.Or(e.Name, o.Name), cmp.Or(e.Agent, o.Agent)
	e.To, e.Type, e.Reason, e.Dialled = cmp.Or(e.To, o.To), cmp.Or(e.Type, o.Type), cmp.Or(e.Reason, o.Reason), cmp.Or(e.Dialled, o.Dialled)
	e.Outcome, e.Likely, e.Linked = cmp.Or(e.Outcome, o.Outcome), cmp.Or(e.Likely, o.Likely), cmp.Or(e.Linked, o.Linked)
	e.Ring, e.WrapUp = cmp.Or(e.Ring, o.Ring), cmp.Or(e.WrapUp, o.WrapUp)
	if e.Told&ToldWait == 0 && e.Wait == 0 {
		e.Wait, e.Told = o.Wait, e.Told|o.Told&ToldWait
	}
	if e.Told&ToldTalk == 0 && e.Talk == 0 {
		e.Talk, e.Told = o.Talk, e.Told|o.Told&ToldTalk
	}
}

// about takes from an event what it says of the call as a whole.
func (c *Call) about(e CallEvent) {
	c.PBX, c.UniqueID, c.Rank = e.Key.PBX, e.Key.UniqueID, max(c.Rank, e.Rank)
	c.Queue = cmp.Or(e.Key.Queue, c.Queue)
	c.Caller, c.Name = cmp.Or(c.Caller, e.Caller), cmp.Or(c.Name, e.Name)
	c.Type, c.To, c.Dialled = cmp.Or(c.Type, e.Type), cmp.Or(e.To, c.To), cmp.Or(c.Dialled, e.Dialled)
	if c.OfferedAt.IsZero() {
		c.OfferedAt = e.At
	}
}

// leg is one stay of a call in a queue.
type leg struct {
	begin, answered, ended time.Time
	wait, talk, hold       time.Duration
	by                     EventKind // that began it
	blind                  bool      // nothing tells how long it waited
}

// answer connects a person; a second one within a leg changes nothing: a transfer is
// a leg of its own.
func (l *leg) answer(e CallEvent) {
	if !l.answered.IsZero() {
		return
	}
	l.answered = e.At
	l.waited(e)
}

// end ends a leg. A talk that the source states holds over the times: it was measured
// there, and whole seconds of two times are off by one.
func (l *leg) end(e CallEvent) {
	l.ended = e.At
	if l.answered.IsZero() {
		l.waited(e)
		return
	}
	l.talk = max(0, believed(e.At.Sub(l.answered))-l.hold)
	if e.Told&ToldTalk != 0 {
		l.talk = max(0, believed(e.Talk)-l.hold)
	}
}

// waited takes the wait that an event states, else the time since the leg began; a
// leg that began with its end does not tell.
func (l *leg) waited(e CallEvent) {
	if l.wait = believed(e.Wait); e.Wait > MaxDuration {
		l.blind = true
	} else if e.Told&ToldWait == 0 && e.Wait == 0 {
		stay := e.At.Sub(l.begin)
		l.wait, l.blind = believed(stay), l.by == e.Key.Kind || stay > MaxDuration
	}
}

// believed is a duration of no call when the clock jumped in it.
func believed(d time.Duration) time.Duration {
	if d < 0 || d > MaxDuration {
		return 0
	}
	return d
}

// sum adds the legs up: waits until a person was connected, all talk and hold.
func (c *Call) sum(legs []*leg) {
	connected := false
	for _, l := range legs {
		if !connected {
			if c.Wait += l.wait; l.blind {
				c.Doubts |= NoWait
			}
		}
		connected = connected || !l.answered.IsZero()
		c.Talk += l.talk
		c.Hold += l.hold
	}
	if !c.Answered() {
		return
	}
	if c.Agent == "" {
		c.Doubts |= NoAgent
	}
	if c.Talk == 0 && !c.EndedAt.IsZero() {
		c.Doubts |= NoTalk
	}
}

// compareKeys orders events by what they are of, so that tellings of one come
// together.
func compareKeys(a, b Key) int {
	return cmp.Or(cmp.Compare(a.PBX, b.PBX), cmp.Compare(a.UniqueID, b.UniqueID), cmp.Compare(a.Queue, b.Queue),
		cmp.Compare(a.Entry, b.Entry), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Attempt, b.Attempt))
}

// compareBodies orders two tellings that agree on key, rank and time, by all that they
// say: without it the fold would depend on the order in which they came.
func compareBodies(a, b CallEvent) int {
	return cmp.Or(cmp.Compare(a.Agent, b.Agent), cmp.Compare(a.Caller, b.Caller), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Outcome, b.Outcome),
		cmp.Compare(b.Told, a.Told), cmp.Compare(a.Wait, b.Wait), cmp.Compare(a.Talk, b.Talk), cmp.Compare(a.Ring, b.Ring),
		cmp.Compare(a.WrapUp, b.WrapUp), cmp.Compare(a.To, b.To), cmp.Compare(a.Type, b.Type), cmp.Compare(a.Reason, b.Reason), cmp.Compare(a.Dialled, b.Dialled), cmp.Compare(a.Likely, b.Likely), cmp.Compare(a.Linked, b.Linked))
}

// Leg is the call as of one of its entries into a queue: what is known of that stay
// alone.
func Leg(events []CallEvent, entry int) Call {
	var es []CallEvent
	for _, e := range events {
		if e.Key.Entry == max(1, entry) {
			es = append(es, e)
		}
	}
	return Fold(es)
}
