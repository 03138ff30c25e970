package phone

import (
	"cmp"
	"slices"
	"time"
)

// Merge is the call that several sources tell of as a whole, each in its way: the
// same for the same set in whatever order and however often it comes. One that saw
// the end holds, then the higher Rank; what it does not know is taken from the
// others, and when it began to wait and was answered from the most exact of them.
// The calls have one UniqueID. Of none it is the zero Call.
func Merge(cs ...Call) Call {
	switch len(cs) {
	case 0:
		return Call{}
	case 1:
		return cs[0]
	}
	cs = slices.Clone(cs)
	for i := range cs {
		cs[i].Line = 0
	}
	slices.SortFunc(cs, compareCalls)
	c := cs[0]
	var exact *Call // the most exact of those that did not see the end
	for i := range cs[1:] {
		o := &cs[1+i]
		c.learn(o)
		if o.Rank > c.Rank && (exact == nil || o.Rank > exact.Rank) {
			exact = o
		}
	}
	if exact != nil {
		c.times(exact)
	}
	return c
}

// compareCalls orders tellings of one call, the best first.
func compareCalls(a, b Call) int {
	ended := func(c Call) int {
		if c.Outcome == NoOutcome || c.Outcome == Unknown {
			return 1
		}
		return 0
	}
	return cmp.Or(cmp.Compare(ended(a), ended(b)), cmp.Compare(b.Rank, a.Rank), a.OfferedAt.Compare(b.OfferedAt), a.EndedAt.Compare(b.EndedAt),
		a.AnsweredAt.Compare(b.AnsweredAt), a.QueuedAt.Compare(b.QueuedAt), cmp.Compare(b.Outcome, a.Outcome), cmp.Compare(a.Doubts, b.Doubts),
		cmp.Compare(a.PBX, b.PBX), cmp.Compare(a.Queue, b.Queue), cmp.Compare(a.Caller, b.Caller), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Agent, b.Agent),
		cmp.Compare(a.Dialled, b.Dialled), cmp.Compare(a.Type, b.Type), cmp.Compare(a.To, b.To), cmp.Compare(a.RingFails, b.RingFails),
		cmp.Compare(a.Menu, b.Menu), cmp.Compare(a.Wait, b.Wait), cmp.Compare(a.Ring, b.Ring), cmp.Compare(a.Talk, b.Talk),
		cmp.Compare(a.Hold, b.Hold), cmp.Compare(a.WrapUp, b.WrapUp))
}

// learn takes the texts that are not known yet.
func (c *Call) learn(o *Call) {
	c.Queue, c.Caller, c.Name = cmp.Or(c.Queue, o.Queue), cmp.Or(c.Caller, o.Caller), cmp.Or(c.Name, o.Name)
	c.Dialled, c.Type, c.To = cmp.Or(c.Dialled, o.Dialled), cmp.Or(c.Type, o.Type), cmp.Or(c.To, o.To)
	c.WrapUp = cmp.Or(c.WrapUp, o.WrapUp)
	if c.Answered() && o.Answered() && c.Agent == "" {
		if c.Agent = o.Agent; c.Agent != "" {
			c.Doubts &^= NoAgent
		}
	}
	if c.Doubts&NoWait != 0 && o.Doubts&NoWait == 0 && o.Outcome != NoOutcome && c.Answered() == o.Answered() {
		c.Wait, c.QueuedAt, c.Menu = o.Wait, o.QueuedAt, o.Menu
		c.Doubts &^= NoWait
	}
}

// times takes the beginning of a call from a source that knows it better but did
// not see the end.
func (c *Call) times(o *Call) {
	if c.OfferedAt = o.OfferedAt; !o.QueuedAt.IsZero() {
		c.QueuedAt, c.Menu = o.QueuedAt, o.Menu
	}
	c.RingFails = max(c.RingFails, o.RingFails)
	switch {
	case c.Answered() && o.Answered():
		c.AnsweredAt, c.Wait, c.Ring, c.Hold = o.AnsweredAt, o.Wait, o.Ring, o.Hold
		c.Agent = cmp.Or(o.Agent, c.Agent)
		c.Doubts = c.Doubts&^(NoWait|NoAgent) | o.Doubts&(NoWait|NoAgent)
		if !c.EndedAt.IsZero() {
			c.Talk = max(0, c.EndedAt.Sub(c.AnsweredAt)-c.Hold)
		}
	case !c.Answered() && !c.QueuedAt.IsZero() && !c.EndedAt.IsZero() && c.Doubts&NoWait != 0:
		c.Wait = max(0, c.EndedAt.Sub(c.QueuedAt))
		c.Doubts &^= NoWait
	}
	if c.Talk > 0 {
		c.Doubts &^= NoTalk
	}
	c.Wait, c.Talk = min(c.Wait, MaxDuration), min(c.Talk, MaxDuration)
	if c.Menu < 0 || c.Menu > MaxDuration {
		c.Menu = time.Duration(0)
	}
}
