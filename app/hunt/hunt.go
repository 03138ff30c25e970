// Package hunt holds the rules of a queue of calls that the desk runs by itself, with no
// telephone exchange: whether a call may wait, who is rung next, when a ring, a wait or a
// rest is over, and what a call tells of all that.
//
// It is pure: what happened and when go in, what is to be done and the events of
// app/phone come out. It speaks with no telephone, reads no clock and starts nothing.
// A Board belongs to one goroutine.
package hunt

import (
	"cmp"
	"slices"
	"time"

	"punto/app/desk"
	"punto/app/phone"
)

// Queue is one queue as it is set. Zero durations and limits are those of Defaults.
type Queue struct {
	Name     string // of the calls that it gets
	Number   string // that callers dial
	Limit    int    // of callers who wait; who comes then is told busy, or goes to Overflow
	MostWait time.Duration
	Ring     time.Duration // at one agent
	WrapUp   time.Duration // after a call, in which the agent is not rung
	Overflow string        // name of the queue that takes who waited too long, or is one too many; "" = none
	Lang     string        // that an agent has to speak; "" = any
	Group    desk.ID       // that an agent has to be of; zero = any
}

// What a queue does that does not say.
const (
	DefaultLimit    = 50
	DefaultMostWait = 15 * time.Minute
	DefaultRing     = 20 * time.Second
)

// ringsAgain is how long an agent who did not answer is left alone.
const ringsAgain = 5 * time.Second

// mostEntries is how many queues one call goes through, so that two queues that
// overflow into each other end.
const mostEntries = 5

// Agent is somebody who is at work and takes calls. Since is when that began.
type Agent struct {
	Extension string
	Name      string // by which calls know the agent
	Langs     []string
	Groups    []desk.ID
	Since     time.Time
}

// ActKind is something that is to be done.
type ActKind uint8

// What is to be done.
const (
	Take   ActKind = iota + 1 // answer the caller, who waits
	Refuse                    // tell the caller busy
	Shut                      // tell the caller that the queue is closed, and end it
	Ring                      // ring Extension for the call
	Stop                      // stop ringing Extension for it
	Join                      // connect the caller and Extension, who has answered
	Hang                      // end the caller's line
	Drop                      // end the line of Extension
	Pass                      // ring Extension for the caller, outside of any queue
)

// Act is one thing to be done.
type Act struct {
	Do        ActKind
	Call      string
	Extension string
	Queue     string        // of the call
	Ring      time.Duration // of Pass: how long
}

// agent is an agent and what the board knows of the agent's telephone.
type agent struct {
	Agent
	here  bool      // at work, and not on a break
	idle  time.Time // since when no call was had
	rests time.Time // until when the agent is not rung
	call  string    // that rings there or is talked; "" = none
}

// Phases of a call.
type phase uint8

const (
	waits phase = iota
	rings
	talks
	passed // transferred to a telephone, outside of any queue
)

// call is one call that goes on.
type call struct {
	id, caller, name, dialled string
	queue                     string
	entry, attempt            int
	phase                     phase
	at                        string // extension that rings or talks
	queued, rang, answered    time.Time
	holds                     int
	held                      bool
	tried                     map[string]time.Time
}

// Board is the state of all queues.
type Board struct {
	pbx    string
	queues []Queue
	open   func(queue string, at time.Time) bool
	agents map[string]*agent // by extension
	phones map[string]bool   // extensions that can be rung
	calls  map[string]*call
	acts   []Act
	events []phone.CallEvent
	last   time.Time // when it was looked at what falls due
}

// New makes a board of an exchange of that name. Open tells whether a queue is within its
// hours; nil = always.
func New(pbx string, open func(queue string, at time.Time) bool) *Board {
	if open == nil {
		open = func(string, time.Time) bool { return true }
	}
	return &Board{pbx: pbx, open: open, agents: map[string]*agent{}, phones: map[string]bool{}, calls: map[string]*call{}}
}

// Set sets the queues. Calls that wait in one that is no more go on in it until they end.
func (b *Board) Set(queues []Queue) {
	b.queues = slices.Clone(queues)
	for i := range b.queues {
		q := &b.queues[i]
		q.Limit, q.MostWait, q.Ring = cmp.Or(q.Limit, DefaultLimit), cmp.Or(q.MostWait, DefaultMostWait), cmp.Or(q.Ring, DefaultRing)
	}
}

// Numbered is the queue of a number.
func (b *Board) Numbered(number string) (Queue, bool) {
	i := slices.IndexFunc(b.queues, func(q Queue) bool { return q.Number == number && number != "" })
	if i < 0 {
		return Queue{}, false
	}
	return b.queues[i], true
}

func (b *Board) queue(name string) Queue {
	for _, q := range b.queues {
		if q.Name == name {
			return q
		}
	}
	return Queue{Name: name, Limit: DefaultLimit, MostWait: DefaultMostWait, Ring: DefaultRing}
}

// Staff sets who is at work and not on a break. Whoever is no more keeps the call that
// there is.
func (b *Board) Staff(agents []Agent, at time.Time) {
	for _, a := range b.agents {
		a.here = false
	}
	for _, x := range agents {
		if x.Extension == "" {
			continue
		}
		a := b.agents[x.Extension]
		if a == nil {
			a = &agent{}
			b.agents[x.Extension] = a
		}
		if a.Agent, a.here = x, true; x.Since.After(a.idle) {
			a.idle = x.Since
		}
	}
	for ext, a := range b.agents {
		if !a.here && a.call == "" && !a.rests.After(at) {
			delete(b.agents, ext)
		}
	}
	b.Due(at)
}

// Phone tells that a telephone can be rung, or not any more.
func (b *Board) Phone(extension string, there bool, at time.Time) {
	if there {
		b.phones[extension] = true
	} else {
		delete(b.phones, extension)
	}
	b.Due(at)
}

// Calls is how many calls go on.
func (b *Board) Calls() int { return len(b.calls) }

// Outcome gives what is to be done and what happened since it was asked last.
func (b *Board) Outcome() (acts []Act, events []phone.CallEvent) {
	acts, events = b.acts, b.events
	b.acts, b.events = nil, nil
	return acts, events
}

func (b *Board) do(k ActKind, c *call, ext string) {
	b.acts = append(b.acts, Act{Do: k, Call: c.id, Extension: ext, Queue: c.queue})
}

// tell adds an event of a call.
func (b *Board) tell(c *call, k phone.EventKind, at time.Time, more func(*phone.CallEvent)) {
	e := phone.CallEvent{Key: phone.Key{PBX: b.pbx, UniqueID: c.id, Queue: c.queue, Entry: c.entry, Kind: k}, At: at, Caller: c.caller, Name: c.name, Rank: phone.FromLive, Dialled: c.dialled}
	if more != nil {
		more(&e)
	}
	b.events = append(b.events, e)
}

// Offer is a call that comes in for a number; false when no queue has it, and then the
// call is none of the board's.
func (b *Board) Offer(id, caller, name, number string, at time.Time) bool {
	q, ok := b.Numbered(number)
	if !ok || b.calls[id] != nil {
		return false
	}
	c := &call{id: id, caller: caller, name: name, dialled: number, queue: q.Name, entry: 1}
	b.tell(c, phone.Offered, at, func(e *phone.CallEvent) { e.Key.Entry = 0 })
	switch {
	case !b.open(q.Name, at):
		b.turnAway(c, Shut, phone.Closed, at)
		return true
	case b.waiting(q.Name) >= q.Limit:
		o, ok := b.overflow(c, at)
		if !ok {
			b.turnAway(c, Refuse, phone.Busy, at)
			return true
		}
		b.tell(c, phone.Ended, at, func(e *phone.CallEvent) { e.Outcome, e.Told = phone.Overflow, phone.ToldWait })
		c.queue, c.entry = o.Name, 2
	}
	b.calls[id] = c
	b.do(Take, c, "")
	b.enter(c, at.Add(time.Duration(c.entry-1)*soon))
	b.Due(at)
	return true
}

func (b *Board) turnAway(c *call, how ActKind, as phone.Outcome, at time.Time) {
	b.do(how, c, "")
	b.tell(c, phone.Ended, at, func(e *phone.CallEvent) { e.Outcome, e.Told = as, phone.ToldWait })
}

// waiting is how many callers wait in a queue, those whose call rings among them.
func (b *Board) waiting(queue string) (n int) {
	for _, c := range b.calls {
		if c.queue == queue && (c.phase == waits || c.phase == rings) {
			n++
		}
	}
	return n
}

// overflow is the queue that takes a call which its own does not keep: it is open and has
// room.
func (b *Board) overflow(c *call, at time.Time) (Queue, bool) {
	to := b.queue(c.queue).Overflow
	for _, q := range b.queues {
		if q.Name == to && to != "" && to != c.queue && c.entry < mostEntries && b.open(to, at) && b.waiting(to) < q.Limit {
			return q, true
		}
	}
	return Queue{}, false
}

// soon is how long after the end of a stay in a queue the next one begins: of one
// instant, nobody would know which came first.
const soon = time.Millisecond

// enter puts a call at the end of its queue.
func (b *Board) enter(c *call, at time.Time) {
	c.phase, c.queued, c.attempt, c.tried, c.at = waits, at, 0, map[string]time.Time{}, ""
	b.tell(c, phone.Queued, at, nil)
}

// free lets an agent go from a call; rest is how long the agent is not rung.
func (b *Board) free(ext string, at time.Time, rest time.Duration, had bool) {
	a := b.agents[ext]
	if a == nil {
		return
	}
	a.call = ""
	if rest > 0 {
		a.rests = at.Add(rest)
	}
	if had {
		a.idle = at.Add(rest)
	}
}

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
