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
