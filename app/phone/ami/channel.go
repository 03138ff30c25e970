package ami

import (
	"strings"
	"time"
)

// channel is what is kept of one channel of the exchange while it lives.
type channel struct {
	id, linked string
	dialled    string
	queue      string    // that it is in, or tries to get into
	talks      who       // with whom
	since      time.Time // it began; zero when that was not seen
	seen       time.Time // something of it, last
	joined     time.Time // the queue
	answered   time.Time // by an agent
	offered    bool      // that it came in was told
	waiting    bool      // in the queue
	left       bool      // the queue, while nobody listened
	missed     bool      // it may have left the agent while nobody listened
	round      int       // of the lists in which it was in the queue last
	hung       bool      // its own side asked to end it
	status     string    // how it left the queue, as far as was told
	rings      []ring    // at whom it rings
}

// ring is one agent's phone that rings.
type ring struct {
	agent string
	since time.Time
}

// who is an agent at work for a queue.
type who struct{ queue, agent string }

// maxChannels is how many channels are kept; the oldest is forgotten for one more.
const maxChannels = 5_000

// maxRings is how many agents' phones that ring are kept: for one call, and for all.
const (
	maxRings    = 64
	maxAllRings = 10_000
)

// channels are those that live, by their Uniqueid.
type channels struct {
	of      map[string]*channel
	linked  map[string]string // the call in a queue that a channel belongs to, by Linkedid
	talking map[who]string    // the call that an agent is in
	rings   int               // that are kept
	order   []string          // the oldest first, from next on, some of them gone
	next    int
}

func newChannels() *channels {
	return &channels{of: map[string]*channel{}, linked: map[string]string{}, talking: map[who]string{}}
}

// ring begins a ring at an agent's phone.
func (cs *channels) ring(l *channel, agent string, at time.Time) {
	if cs.rung(l, agent); len(l.rings) < maxRings && cs.rings < maxAllRings {
		l.rings = append(l.rings, ring{agent, at})
		cs.rings++
	}
}

// rung ends a ring and tells since when it rang; zero when it did not.
func (cs *channels) rung(l *channel, agent string) time.Time {
	for i, r := range l.rings {
		if r.agent == agent {
			l.rings = append(l.rings[:i], l.rings[i+1:]...)
			cs.rings--
			return r.since
		}
	}
	return time.Time{}
}

// hush ends all rings of a call.
func (cs *channels) hush(l *channel) {
	cs.rings -= len(l.rings)
	l.rings = nil
}

// talk remembers who a call talks with.
func (cs *channels) talk(l *channel, agent string) {
	cs.quiet(l)
	l.talks = who{l.queue, agent}
	cs.talking[l.talks] = l.id
}

// quiet forgets who a call talked with.
func (cs *channels) quiet(l *channel) {
	if cs.talking[l.talks] == l.id {
		delete(cs.talking, l.talks)
	}
	l.talks = who{}
}

// at is a channel, made when it is not known.
func (cs *channels) at(id string) *channel {
	if l := cs.of[id]; l != nil {
		return l
	}
	id = strings.Clone(id) // not the whole message
	if len(cs.order) < maxChannels {
		cs.order = append(cs.order, id)
	} else {
		cs.drop(cs.order[cs.next])
		cs.order[cs.next] = id
		cs.next = (cs.next + 1) % maxChannels
	}
	l := &channel{id: id}
	cs.of[id] = l
	return l
}

// link remembers which call in a queue the channels of a Linkedid belong to.
func (cs *channels) link(l *channel, linked string) {
	if linked != "" {
		l.linked = linked
		cs.linked[linked] = l.id
	}
}

// call is the call in a queue that a channel is, or is a leg of; nil when none.
func (cs *channels) call(id, linked string) *channel {
	if l := cs.of[id]; l != nil && l.queue != "" {
		return l
	}
	return cs.of[cs.linked[linked]]
}

func (cs *channels) drop(id string) {
	l := cs.of[id]
	if l == nil {
		return
	}
	cs.hush(l)
	cs.quiet(l)
	for _, by := range []string{l.linked, id} {
		if cs.linked[by] == id {
			delete(cs.linked, by)
		}
	}
	delete(cs.of, id)
}
