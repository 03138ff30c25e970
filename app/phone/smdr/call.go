package smdr

import (
	"cmp"
	"errors"
	"time"

	"punto/app/phone"
	"punto/app/table"
)

// call makes the call of a line.
func (x *row) call(l table.Line) phone.Call {
	cols := x.Columns
	c := phone.Call{PBX: x.PBX, Caller: x.text("caller", cols.Caller, phone.MaxField), Name: x.text("name", cols.Name, phone.MaxField),
		Dialled: x.text("dialled", cols.Dialled, phone.MaxID), Queue: x.text("queue", cols.Queue, phone.MaxID),
		Wait: x.span("ring", cols.Ring), Talk: x.span("talk", cols.Talk), Hold: x.span("hold", cols.Hold), Rank: phone.FromSummary, Line: l.Number}
	at, answered, ended := x.time("at", cols.At), x.time("answered", cols.Answered), x.time("ended", cols.Ended)
	who, person := x.who()
	if x.err != nil {
		return c
	}
	if at.IsZero() {
		x.fail(errors.New("the line has no time"))
		return c
	}
	if x.TimeIs == "end" {
		c.EndedAt = at
		at = at.Add(-c.Wait - c.Talk - c.Hold)
	}
	c.OfferedAt = at
	x.identify(&c, l)
	taken := person && (!answered.IsZero() || cols.Answered == "" && c.Talk > 0)
	x.times(&c, answered, ended, taken)
	if !taken {
		c.Outcome, c.Talk, c.Hold = phone.Abandoned, 0, 0
		return c
	}
	if c.Outcome, c.Agent = phone.Completed, who; who == "" {
		c.Doubts |= phone.NoAgent
	}
	if c.Talk == 0 {
		c.Doubts |= phone.NoTalk
	}
	return c
}

// times completes what follows from what the line tells.
func (x *row) times(c *phone.Call, answered, ended time.Time, taken bool) {
	ringTold, talkTold := x.Columns.Ring != "" && x.value(x.Columns.Ring) != "", x.Columns.Talk != "" && x.value(x.Columns.Talk) != ""
	switch {
	case !taken && !ringTold && !ended.IsZero():
		c.Wait = ended.Sub(c.OfferedAt)
	case taken && !answered.IsZero() && !ringTold:
		c.Wait = answered.Sub(c.OfferedAt)
	case !ringTold:
		c.Doubts |= phone.NoWait
	}
	if taken {
		c.AnsweredAt = answered
		if answered.IsZero() {
			c.AnsweredAt = c.OfferedAt.Add(c.Wait)
		}
		if !talkTold && !ended.IsZero() {
			c.Talk = ended.Sub(c.AnsweredAt) - c.Hold
		}
	}
	switch {
	case !ended.IsZero():
		c.EndedAt = ended
	case !c.EndedAt.IsZero(): // the line's time is that of the end
	case taken:
		c.EndedAt = c.AnsweredAt.Add(c.Talk + c.Hold)
	default:
		c.EndedAt = c.OfferedAt.Add(c.Wait)
	}
	if c.Wait < 0 || c.Talk < 0 || c.Wait > phone.MaxDuration || c.Talk > phone.MaxDuration {
		x.fail(errors.New("the line's times do not follow each other"))
	}
}

// who took the call, and whether a person did: voice mail is none.
func (x *row) who() (string, bool) {
	s := x.text("agent", x.Columns.Agent, phone.MaxID)
	if x.person == nil {
		return s, true
	}
	// Of several devices, the one that is a person's.
	for _, col := range splitOr(x.Columns.Agent) {
		if m := x.person.FindStringSubmatch(x.text("agent", col, phone.MaxID)); m != nil {
			if len(m) > 1 {
				return m[1], true
			}
			return m[0], true
		}
	}
	return "", false
}

// identify gives the call an id: the exchange's, which it uses again after a restart,
// with the time; else the line itself.
func (x *row) identify(c *phone.Call, l table.Line) {
	if id := x.text("id", x.Columns.ID, phone.MaxID-20); id != "" {
		c.UniqueID = id + "@" + c.OfferedAt.Format("20060102T150405")
		return
	}
	id := table.Text(l.Text)
	if len(id) > phone.MaxID {
		x.fail(errors.New("the line is too long to tell the call by, and the map names no id"))
		return
	}
	c.UniqueID = id
}

// open are the calls of which more lines are to come.
type open struct {
	of    map[string]*phone.Call
	order []string
}

// maxOpen is how many calls wait for more lines.
const maxOpen = 2_000

// add joins a line to its call and gives what is complete.
func (o *open) add(p part, yield func(phone.Call, error) bool) bool {
	id := p.call.UniqueID
	known := o.of[id]
	if known != nil {
		joined(known, p.call)
		if p.more {
			return true
		}
		p.call = *known
		delete(o.of, id)
		return yield(p.call, nil)
	}
	if !p.more {
		return yield(p.call, nil)
	}
	c := p.call
	o.of[id], o.order = &c, append(o.order, id)
	for len(o.order) > maxOpen {
		first := o.of[o.order[0]]
		delete(o.of, o.order[0])
		o.order = o.order[1:]
		if first != nil && !yield(*first, nil) {
			return false
		}
	}
	return true
}

func (o *open) end(yield func(phone.Call, error) bool) {
	for _, id := range o.order {
		if c := o.of[id]; c != nil && !yield(*c, nil) {
			return
		}
	}
}

// joined adds a later line of the call: who took it next, how much longer it talked.
func joined(c *phone.Call, more phone.Call) {
	c.EndedAt = more.EndedAt
	switch {
	case !more.Answered():
	case !c.Answered():
		line, offered := c.Line, c.OfferedAt
		caller, name, dialled := c.Caller, c.Name, c.Dialled
		*c = more
		c.Line, c.OfferedAt = line, offered
		c.Caller, c.Name, c.Dialled = cmp.Or(caller, c.Caller), cmp.Or(name, c.Name), cmp.Or(dialled, c.Dialled)
	default:
		c.Talk += more.Talk
		c.Hold += more.Hold
		c.Agent, c.To = cmp.Or(more.Agent, c.Agent), cmp.Or(more.Agent, c.To)
	}
	c.EndedAt = later(c.EndedAt, c.AnsweredAt.Add(c.Talk+c.Hold))
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
