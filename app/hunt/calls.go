package hunt

import (
	"cmp"
	"time"

	"punto/app/phone"
)

// Gone is a caller who hung up.
func (b *Board) Gone(id string, at time.Time) {
	c := b.calls[id]
	if c == nil {
		return
	}
	switch c.phase {
	case rings:
		b.do(Stop, c, c.at)
		b.free(c.at, at, 0, false)
		b.end(c, phone.Abandoned, at)
	case talks:
		b.do(Drop, c, c.at)
		b.finish(c, at)
	case passed:
		b.do(Drop, c, c.at)
		b.free(c.at, at, 0, true)
		delete(b.calls, id)
	default:
		b.end(c, phone.Abandoned, at)
	}
	b.Due(at)
}

// end ends a call that nobody has answered.
func (b *Board) end(c *call, as phone.Outcome, at time.Time) {
	b.tell(c, phone.Ended, at, func(e *phone.CallEvent) { e.Outcome = as })
	delete(b.calls, c.id)
}

// finish ends a call that was talked, in its queue.
func (b *Board) finish(c *call, at time.Time) {
	rest := b.queue(c.queue).WrapUp
	b.free(c.at, at, rest, true)
	b.tell(c, phone.Ended, at, func(e *phone.CallEvent) { e.Outcome, e.Agent, e.WrapUp = phone.Completed, b.name(c.at), rest })
	delete(b.calls, c.id)
}

func (b *Board) name(ext string) string {
	if a := b.agents[ext]; a != nil {
		return cmp.Or(a.Name, ext)
	}
	return ext
}

// Answered is an agent who took the call.
func (b *Board) Answered(id, ext string, at time.Time) {
	c := b.calls[id]
	if c == nil || c.at != ext || c.phase != rings && c.phase != passed {
		b.acts = append(b.acts, Act{Do: Drop, Call: id, Extension: ext})
		return
	}
	b.do(Join, c, ext)
	if c.phase == passed {
		return
	}
	c.phase, c.answered = talks, at
	b.tell(c, phone.Answered, at, func(e *phone.CallEvent) { e.Agent, e.Ring = b.name(ext), at.Sub(c.rang) })
}

// RingFailed is an agent's telephone that was rung in vain: nobody answered, it was
// busy, or it is dead.
func (b *Board) RingFailed(id, ext string, at time.Time) {
	c := b.calls[id]
	if c == nil || c.at != ext {
		return
	}
	switch c.phase {
	case rings:
		b.failed(c, at)
		b.Due(at)
	case passed:
		b.do(Hang, c, "")
		b.free(ext, at, ringsAgain, false)
		delete(b.calls, id)
		b.Due(at)
	}
}

func (b *Board) failed(c *call, at time.Time) {
	ext := c.at
	b.tell(c, phone.RingFailed, at, func(e *phone.CallEvent) {
		e.Agent, e.Ring, e.Key.Attempt = b.name(ext), at.Sub(c.rang), c.attempt
	})
	c.phase, c.at, c.tried[ext] = waits, "", at
	b.free(ext, at, ringsAgain, false)
}

// Left is an agent who hung up.
func (b *Board) Left(id, ext string, at time.Time) {
	c := b.calls[id]
	if c == nil || c.at != ext || c.phase != talks && c.phase != passed {
		return
	}
	b.do(Hang, c, "")
	if c.phase == talks {
		b.finish(c, at)
	} else {
		b.free(ext, at, 0, true)
		delete(b.calls, id)
	}
	b.Due(at)
}

// Hold tells that the agent holds the call, or talks again.
func (b *Board) Hold(id, ext string, held bool, at time.Time) {
	c := b.calls[id]
	if c == nil || c.at != ext || c.phase != talks || c.held == held {
		return
	}
	kind := phone.Resumed
	if c.held = held; held {
		kind = phone.Held
		c.holds++
	}
	b.tell(c, kind, at, func(e *phone.CallEvent) { e.Agent, e.Key.Attempt = b.name(ext), c.holds })
}

// Transfer gives the caller to another queue or telephone and lets the agent go; false
// when the number is neither, and then nothing has happened: nothing outside is dialled.
func (b *Board) Transfer(id, ext, number string, at time.Time) bool {
	c := b.calls[id]
	if c == nil || c.at != ext || c.phase != talks {
		return false
	}
	q, toQueue := b.Numbered(number)
	to := b.agents[number]
	if !toQueue && (!b.phones[number] || number == ext || to != nil && to.call != "") || toQueue && (!b.open(q.Name, at) || c.entry >= mostEntries) {
		return false
	}
	b.tell(c, phone.Transferred, at, func(e *phone.CallEvent) { e.Agent, e.To = b.name(ext), number })
	rest := b.queue(c.queue).WrapUp
	b.tell(c, phone.Ended, at, func(e *phone.CallEvent) { e.Outcome, e.Agent, e.WrapUp = phone.Completed, b.name(ext), rest })
	b.do(Drop, c, ext)
	b.free(ext, at, rest, true)
	c.held = false
	if toQueue {
		c.queue, c.entry = q.Name, c.entry+1
		b.enter(c, at.Add(soon))
		b.Due(at)
		return true
	}
	c.phase, c.at = passed, number
	if to != nil {
		to.call = id
	}
	b.acts = append(b.acts, Act{Do: Pass, Call: id, Extension: number, Queue: c.queue, Ring: b.queue(c.queue).Ring})
	b.Due(at)
	return true
}

// Close ends all calls: the board is given up.
func (b *Board) Close(at time.Time) {
	for _, c := range b.inOrder() {
		if c.at != "" {
			b.do(map[phase]ActKind{rings: Stop, talks: Drop, passed: Drop}[c.phase], c, c.at)
		}
		b.do(Hang, c, "")
		switch c.phase {
		case talks:
			b.finish(c, at)
		case passed:
			delete(b.calls, c.id)
		default:
			b.end(c, phone.Failed, at)
		}
	}
}
