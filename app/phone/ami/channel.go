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
	agent      string    // who it talks with
	since      time.Time // it began; zero when that was not seen
	seen       time.Time // something of it, last
	joined     time.Time // the queue
	answered   time.Time // by an agent
	offered    bool      // that it came in was told
	waiting    bool      // in the queue
	hung       bool      // its own side asked to end it
	status     string    // how it left the queue, as far as was told
	rings      []ring    // at whom it rings
}

// ring is one agent's phone that rings.
type ring struct {
	agent string
	since time.Time
}

// maxRings is how many agents' phones that ring for one call are kept.
const maxRings = 64

// ringsAt begins a ring.
func (l *channel) ringsAt(agent string, at time.Time) {
	if l.ended(agent); len(l.rings) < maxRings {
		l.rings = append(l.rings, ring{agent, at})
	}
}

// ended takes a ring away and tells since when it rang; zero when it did not.
func (l *channel) ended(agent string) time.Time {
	for i, r := range l.rings {
		if r.agent == agent {
			l.rings = append(l.rings[:i], l.rings[i+1:]...)
			return r.since
		}
	}
	return time.Time{}
}

// maxChannels is how many channels are kept; the oldest is forgotten for one more.
const maxChannels = 5_000

// channels are those that live, by their Uniqueid.
type channels struct {
	of     map[string]*channel
	linked map[string]string // the call in a queue that a channel belongs to, by Linkedid
	order  []string          // the oldest first, from next on, some of them gone
	next   int
}

func newChannels() *channels {
	return &channels{of: map[string]*channel{}, linked: map[string]string{}}
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
	for _, by := range []string{l.linked, id} {
		if cs.linked[by] == id {
			delete(cs.linked, by)
		}
	}
	delete(cs.of, id)
}
