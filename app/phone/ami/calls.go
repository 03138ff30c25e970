package ami

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"punto/app/desk"
	"punto/app/phone"
)

// Calls makes the events of calls and agents out of the messages of one exchange,
// in the order in which they come. It outlives the link: what it knows when the
// link is lost it still knows when the link is back. One goroutine at a time may
// use it.
type Calls struct {
	// Marks are the names of the site's own UserEvents that say how a call ended
	// and carry its Uniqueid. PuntoFin, with Estado, needs none.
	Marks map[string]phone.Outcome

	pbx     string
	numbers *phone.Numbers
	lines   *channels
	last    time.Time // of the messages seen
	since   time.Time // nothing was missed from then on; zero = since the next message
	listing time.Time // since when the exchange lists its channels
	round   int       // how often the lists were to be asked for
	members map[who]state
	out     []phone.CallEvent
}

// state is an agent of a queue as was last told.
type state struct {
	paused bool
	reason string
}

// NewCalls begins with what is known of the calls that go on, in any order, such as
// from a workstation that held the link before. It may be nothing.
func NewCalls(pbx string, known ...phone.CallEvent) *Calls {
	c := &Calls{pbx: pbx, numbers: phone.NewNumbers(known...), lines: newChannels(), members: map[who]state{}}
	c.know(known)
	c.round++
	return c
}

// back is how far the time of a message may lie before that of another that came
// earlier: the exchange's threads do not wait for each other.
const back = 2 * time.Second

// See gives the events that a message tells of; they may be none. At is when it
// came, for an exchange that does not say; zero for a saved session. The error,
// a *phone.RowError, is why the message is not used, or, beside its events, what is
// odd about it.
func (c *Calls) See(m *Message, at time.Time) ([]phone.CallEvent, error) {
	c.out = nil
	handle := handlers[m.Event()]
	if handle == nil {
		return nil, nil
	}
	odd := m.Odd
	if said := m.At(); !said.IsZero() {
		at = said
	} else if m.Get("Timestamp") != "" {
		return nil, &phone.RowError{Line: m.Line, Reason: fmt.Sprintf("%q is no time", phone.Cut(m.Get("Timestamp")))}
	}
	if at.IsZero() {
		at = c.last // an answer to a question has no time of its own
	}
	switch {
	case at.IsZero():
		return nil, &phone.RowError{Line: m.Line, Reason: "the message has no time: set timestampevents=yes in the exchange's manager.conf"}
	case !desk.ValidAt(at.UnixMilli()):
		return nil, &phone.RowError{Line: m.Line, Reason: fmt.Sprintf("%s is not between the years 1970 and 2199", at.Format(time.RFC3339))}
	case at.Before(c.last.Add(-back)):
		odd = fmt.Sprintf("its time is %v before that of an earlier message: the exchange's clock went back", c.last.Sub(at).Round(time.Millisecond))
	}
	if c.last = at; c.since.IsZero() {
		c.since = at
	}
	if err := handle(c, m, at.UTC()); err != nil {
		return nil, &phone.RowError{Line: m.Line, Reason: fmt.Sprintf("%s: %v", m.Event(), err)}
	}
	for i := range c.out {
		c.out[i].Line = m.Line
	}
	if odd != "" {
		return c.out, &phone.RowError{Line: m.Line, Reason: odd}
	}
	return c.out, nil
}

// Lost tells that the link was lost: messages may have been missed before the next.
// The lists are to be asked for when it is back: QueueStatus, then CoreShowChannels.
func (c *Calls) Lost() { c.since, c.round = time.Time{}, c.round+1 }

// certain is how long one must have listened to know that nothing came before.
const certain = time.Second

// tell gives an event of a call its key and puts it out.
func (c *Calls) tell(l *channel, e phone.CallEvent) {
	e.Key.PBX, e.Key.UniqueID, e.Key.Queue = c.pbx, l.id, l.queue
	if e.Rank == 0 {
		e.Rank = phone.FromLive
	}
	c.numbers.Number(&e)
	c.out = append(c.out, e)
}

// offer tells when a call came in, which for a call that goes straight into a queue
// is all but the same instant.
func (c *Calls) offer(l *channel) {
	if l.offered || l.since.IsZero() {
		return
	}
	l.offered = true
	c.tell(l, phone.CallEvent{At: l.since, Dialled: l.dialled, Key: phone.Key{Kind: phone.Offered}})
}

// end tells that a call left the queue, or the agent.
func (c *Calls) end(l *channel, at time.Time, e phone.CallEvent) {
	e.At, e.Key.Kind = at, phone.Ended
	switch {
	case !l.answered.IsZero():
		e.Agent, e.Talk, e.Told = l.talks.agent, max(0, at.Sub(l.answered)), e.Told|phone.ToldTalk
	case e.Told&phone.ToldWait != 0:
	case !l.joined.IsZero():
		e.Wait, e.Told = max(0, at.Sub(l.joined)), e.Told|phone.ToldWait
	}
	c.tell(l, e)
	l.waiting, l.left, l.answered = false, false, time.Time{}
	c.lines.quiet(l)
}

// know rebuilds what goes on from what was told of it.
func (c *Calls) know(known []phone.CallEvent) {
	of := map[string][]phone.CallEvent{}
	for _, e := range known {
		if e.Key.Kind.OfCall() && e.Key.PBX == c.pbx {
			of[e.Key.UniqueID] = append(of[e.Key.UniqueID], e)
		}
	}
	for id, es := range of {
		last := phone.Leg(es, c.numbers.Entry(id))
		if last.Outcome != phone.NoOutcome || last.UniqueID == "" {
			continue
		}
		l := c.lines.at(id)
		c.lines.link(l, id)
		for _, e := range es {
			c.lines.link(l, e.Linked)
		}
		l.offered, l.queue, l.joined = true, last.Queue, last.QueuedAt
		if last.Answered() {
			l.answered = last.AnsweredAt
			c.lines.talk(l, last.Agent)
			continue
		}
		l.waiting = true
		slices.SortFunc(es, func(a, b phone.CallEvent) int {
			return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Key.Kind, b.Key.Kind))
		})
		for _, e := range es {
			switch e.Key.Kind {
			case phone.Ringing:
				c.lines.ring(l, e.Agent, e.At)
			case phone.RingFailed:
				c.lines.rung(l, e.Agent)
			}
		}
	}
}
