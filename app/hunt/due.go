package hunt

import (
	"cmp"
	"slices"
	"time"

	"punto/app/phone"
)

// inOrder are the calls, those that wait longest first.
func (b *Board) inOrder() []*call {
	out := make([]*call, 0, len(b.calls))
	for _, c := range b.calls {
		out = append(out, c)
	}
	slices.SortFunc(out, func(x, y *call) int { return cmp.Or(x.queued.Compare(y.queued), cmp.Compare(x.id, y.id)) })
	return out
}

// Due does what falls due: rings and waits that are over, and who can be rung now.
func (b *Board) Due(at time.Time) {
	b.last = at
	order := b.inOrder()
	for _, c := range order {
		q := b.queue(c.queue)
		if c.phase == rings && !at.Before(c.rang.Add(q.Ring)) {
			b.do(Stop, c, c.at)
			b.failed(c, at)
		}
		if c.phase == waits && !at.Before(c.queued.Add(q.MostWait)) {
			b.spill(c, at)
		}
	}
	for _, c := range b.inOrder() {
		if c.phase != waits {
			continue
		}
		if a := b.pick(c, at); a != nil {
			c.phase, c.at, c.rang = rings, a.Extension, at
			c.attempt++
			a.call = c.id
			b.do(Ring, c, a.Extension)
			b.tell(c, phone.Ringing, at, func(e *phone.CallEvent) { e.Agent, e.Key.Attempt = a.Name, c.attempt })
		}
	}
}

// spill takes a call that waited too long to the queue that it overflows into, or ends it.
func (b *Board) spill(c *call, at time.Time) {
	b.tell(c, phone.Ended, at, func(e *phone.CallEvent) { e.Outcome = phone.Overflow })
	o, ok := b.overflow(c, at)
	if !ok {
		b.do(Hang, c, "")
		delete(b.calls, c.id)
		return
	}
	c.queue, c.entry = o.Name, c.entry+1
	b.enter(c, at.Add(soon))
}

// pick is whom a call rings: of those who are free and can take it, who was not tried yet
// for it, and has been without a call for longest.
func (b *Board) pick(c *call, at time.Time) *agent {
	q := b.queue(c.queue)
	var best *agent
	for _, a := range b.agents {
		if !b.can(a, q, at) || a.Extension == c.caller {
			continue
		}
		if best == nil || before(c, a, best) {
			best = a
		}
	}
	return best
}

func before(c *call, x, y *agent) bool {
	return cmp.Or(c.tried[x.Extension].Compare(c.tried[y.Extension]), x.idle.Compare(y.idle), cmp.Compare(x.Extension, y.Extension)) < 0
}

// can tells whether an agent can be rung for a queue.
func (b *Board) can(a *agent, q Queue, at time.Time) bool {
	return a.here && a.call == "" && b.phones[a.Extension] && !at.Before(a.rests) &&
		(q.Lang == "" || slices.Contains(a.Langs, q.Lang)) && (q.Group.IsZero() || slices.Contains(a.Groups, q.Group))
}

// Next is when something falls due next; zero = nothing does.
func (b *Board) Next() (next time.Time) {
	soonest := func(t time.Time) {
		if next.IsZero() || t.Before(next) {
			next = t
		}
	}
	waiting := false
	for _, c := range b.calls {
		q := b.queue(c.queue)
		switch c.phase {
		case rings:
			soonest(c.rang.Add(q.Ring))
		case waits:
			waiting = true
			soonest(c.queued.Add(q.MostWait))
		}
	}
	if !waiting {
		return next
	}
	for _, a := range b.agents {
		if a.here && a.call == "" && b.phones[a.Extension] && b.last.Before(a.rests) {
			soonest(a.rests)
		}
	}
	return next
}
