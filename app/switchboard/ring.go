package switchboard

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"punto/app"
	"punto/app/calls"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/people"
	"punto/app/phone"
	"punto/app/records"
)

// At whom it rings is known in memory alone: it is over in seconds.

// ringing are the telephones that ring.
type ringing struct {
	mu    sync.Mutex // guards what follows
	calls map[phone.Key]*ring
}

// ring is one call that rings.
type ring struct {
	at           map[string]time.Time // by the agent as the exchange names it
	caller, name string
	queue        string
	heard        time.Time // by this workstation
	answered     bool      // by who alone is left in at
}

// Limits: so many calls ring, at so many each; a ring whose end nobody tells is over
// after so long, and one that began so long ago is not told as new.
const (
	maxRinging = 2_000
	maxAgents  = 64
	ringsFor   = 3 * time.Minute
	ringsLate  = 10 * time.Minute

	// A call comes up at least so long, also when it is answered sooner.
	ringsAtLeast = 3 * time.Second
)

// hear follows events of calls.
func (r *ringing) hear(now time.Time, events []phone.CallEvent) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.calls == nil {
		r.calls = map[phone.Key]*ring{}
	}
	for _, e := range events {
		k := phone.Key{PBX: e.Key.PBX, UniqueID: e.Key.UniqueID}
		c := r.calls[k]
		switch e.Key.Kind {
		case phone.Offered, phone.Queued, phone.Ringing:
			if now.Sub(e.At).Abs() > ringsLate {
				continue
			}
			if c == nil {
				if len(r.calls) >= maxRinging {
					r.forget(now)
				}
				c = &ring{at: map[string]time.Time{}}
				r.calls[k] = c
			}
			c.caller, c.name, c.queue, c.heard = cmp.Or(e.Caller, c.caller), cmp.Or(e.Name, c.name), cmp.Or(e.Key.Queue, c.queue), now
			if e.Key.Kind == phone.Ringing && e.Agent != "" && len(c.at) < maxAgents {
				c.at[e.Agent] = e.At
			}
		case phone.RingFailed:
			if c != nil {
				delete(c.at, e.Agent)
			}
		case phone.Answered:
			// A telephone that answers by itself leaves no time to look.
			if at, rang := c.rangAt(e.Agent); rang && now.Sub(at) < ringsAtLeast {
				c.at, c.answered, c.heard = map[string]time.Time{e.Agent: at}, true, now
				continue
			}
			delete(r.calls, k)
		case phone.Ended:
			delete(r.calls, k)
		}
	}
}

// rangAt is since when a call rings at an agent.
func (c *ring) rangAt(agent string) (at time.Time, rang bool) {
	if c != nil {
		at, rang = c.at[agent]
	}
	return at, rang
}

// forget drops what nobody told the end of, or else the oldest.
func (r *ringing) forget(now time.Time) {
	var oldest phone.Key
	first := now
	for k, c := range r.calls {
		if now.Sub(c.heard) > ringsFor {
			delete(r.calls, k)
		} else if !c.heard.After(first) {
			oldest, first = k, c.heard
		}
	}
	if len(r.calls) >= maxRinging {
		delete(r.calls, oldest)
	}
}

// of are the calls that ring at whom is meant, the newest first.
func (r *ringing) of(now time.Time, meant func(agent string) bool) (out []app.RingingCall) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for k, c := range r.calls {
		if now.Sub(c.heard) > ringsFor || c.answered && now.Sub(c.heard) > ringsAtLeast {
			continue
		}
		for agent, at := range c.at {
			if meant(agent) {
				out = append(out, app.RingingCall{ID: app.CallID(k.PBX, k.UniqueID), PBX: k.PBX, UniqueID: k.UniqueID, Caller: c.caller, Name: c.name, Queue: c.queue, Since: at.UnixMilli()})
				break
			}
		}
	}
	slices.SortFunc(out, func(a, b app.RingingCall) int {
		return cmp.Or(cmp.Compare(b.Since, a.Since), cmp.Compare(a.UniqueID, b.UniqueID))
	})
	return out
}

// heardNow are the events of calls that a merge has brought so far.
type heardNow struct{ events []phone.CallEvent }

// heardElsewhere collects what another workstation's link tells.
func heardElsewhere(o *engine.Op, e *desk.Event) {
	if e.Kind != desk.CallSeen || e.At < o.Now-ringsLate.Milliseconds() {
		return
	}
	h := engine.OpState[heardNow](o)
	h.events = append(h.events, calls.Seen(e)...)
}

// ringAfter follows what was merged, once it is durable.
func ringAfter(e *engine.Engine, ops []*engine.Op) {
	for _, o := range ops {
		if h := engine.OpState[heardNow](o); len(h.events) > 0 {
			engine.StateOf[ringing](e).hear(e.Now(), h.events)
		}
	}
}

// mostPeople is how many users of one number are offered.
const mostPeople = 8

func askRinging(l *engine.Look, _ app.Ringing) (a app.RingingAnswer, err error) {
	if l.Session.Agent.IsZero() {
		return a, nil
	}
	me, err := engine.Noun[desk.Agent](l.Names, desk.AgentType, l.Session.Agent)
	if err != nil {
		return a, err
	}
	a.Rows = engine.StateOf[ringing](l.Engine).of(l.Engine.Now(), func(agent string) bool { return records.Means(agent, me) })
	for i := range a.Rows {
		if a.Rows[i].People, err = people.ByNumber(l, a.Rows[i].Caller, mostPeople); err != nil {
			return a, err
		}
	}
	return a, nil
}
