// Package phone turns what telephone exchanges tell into calls.
//
// It is pure: values and readers in, values out. It never opens a file or a
// line, reads no clock, and never assumes a time zone.
//
// It promises that the fold from events to a call does not depend on their
// order or on copies; that an event's key is made of what happened, never of
// time or text, so that a replay, a second listener and a log line that comes
// later count a call once; and that a reader accounts for each row of its
// source: it becomes an event or a call, or it is rejected with its line and
// the reason, or (rows that tell nothing of a call) it is counted as skipped.
package phone

import "time"

// EventKind is one thing that happens to a call.
type EventKind uint8

// Kinds of call event.
const (
	Offered EventKind = iota + 1
	Queued
	Ringing
	RingFailed
	Answered
	Held
	Resumed
	Transferred
	Ended
	// Of an agent, not of a call: Key.UniqueID is the agent's name.
	AgentSignedIn
	AgentSignedOut
	AgentPaused // CallEvent.Reason says why
	AgentBack
	// Of the link to the exchange: what happened between LinkDown and LinkUp is
	// not known.
	LinkUp
	LinkDown
)

var kindNames = [...]string{"", "offered", "queued", "ringing", "ring_failed", "answered", "held", "resumed", "transferred", "ended",
	"agent_signed_in", "agent_signed_out", "agent_paused", "agent_back", "link_up", "link_down"}

func (k EventKind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "unknown"
}

// Valid tells whether this version knows the kind.
func (k EventKind) Valid() bool { return k > 0 && int(k) < len(kindNames) }

// OfCall tells whether the event belongs to a call.
func (k EventKind) OfCall() bool { return k >= Offered && k <= Ended }

// Outcome is how a call ended. Calls and events are stored with its number,
// which never changes its meaning.
type Outcome uint8

// Outcomes. The zero Outcome is a call that goes on.
const (
	NoOutcome Outcome = iota
	Completed
	Abandoned
	Busy
	Closed
	Overflow
	Withdrawn
	Failed
	LostInMenu
	Unknown
)

var outcomeNames = [...]string{"", "completed", "abandoned", "busy", "closed", "overflow", "withdrawn", "failed", "lost_in_menu", "unknown"}

func (o Outcome) String() string {
	if int(o) < len(outcomeNames) {
		return outcomeNames[o]
	}
	return "unknown"
}

// Valid tells whether this version knows the outcome; none is valid.
func (o Outcome) Valid() bool { return int(o) < len(outcomeNames) }

// ParseOutcome reads what String writes; false when no outcome has that name.
func ParseOutcome(s string) (Outcome, bool) {
	for o, name := range outcomeNames {
		if s == name && s != "" {
			return Outcome(o), true // there are ten of them
		}
	}
	return NoOutcome, false
}

// Ranks of sources, the most exact last. A live link has times to the
// microsecond, a queue_log whole seconds and the reasons, a record of the call no
// reasons, the line that an exchange writes of its channels no queue.
const (
	FromSummary = -1
	FromRecord  = 0
	FromLog     = 1
	FromLive    = 2
)

// Told says which durations of an event its source states itself; the others
// follow from the times.
type Told uint8

// Durations that a source may state.
const (
	ToldWait Told = 1 << iota
	ToldTalk
)

// Doubt marks what was wrong with a call's source. The call counts all the
// same; reports say how many there were.
type Doubt uint8

// Doubts.
const (
	NegativeMenu Doubt = 1 << iota // the source's menu time was below zero; it is taken as zero
	NoTalk                         // answered, with no seconds of talk
	NoAgent                        // answered, by nobody in particular
	NoQueueTime                    // it waited, but when the wait began is not told
	NoEnd                          // the end was never seen
	NoWait                         // how long it waited is not told
)

// Manual is the exchange of what agents tell by hand: there an agent is known by the id.
const Manual = "manual"

// Key is the identity of a call event. Entry counts the times a call enters a
// queue, Attempt the times it rings at somebody.
type Key struct {
	PBX      string    `cbor:"1,keyasint,omitempty" json:"pbx"`
	UniqueID string    `cbor:"2,keyasint" json:"unique_id"`
	Queue    string    `cbor:"3,keyasint,omitempty" json:"queue,omitempty"`
	Entry    int       `cbor:"4,keyasint,omitempty" json:"entry,omitempty"`
	Kind     EventKind `cbor:"5,keyasint" json:"kind"`
	Attempt  int       `cbor:"6,keyasint,omitempty" json:"attempt,omitempty"`
}

// CallEvent is one event of a call. Rank says how exact its source is: the
// higher wins where two tell of one event.
type CallEvent struct {
	Key     Key           `cbor:"1,keyasint" json:"key"`
	At      time.Time     `cbor:"2,keyasint" json:"at"`
	Caller  string        `cbor:"3,keyasint,omitempty" json:"caller,omitempty"`
	Name    string        `cbor:"4,keyasint,omitempty" json:"name,omitempty"`
	Agent   string        `cbor:"5,keyasint,omitempty" json:"agent,omitempty"`
	Outcome Outcome       `cbor:"6,keyasint,omitempty" json:"outcome,omitempty"` // of Ended
	Wait    time.Duration `cbor:"7,keyasint,omitempty" json:"wait,omitempty"`    // as its source says; 0 = by the times
	Rank    int           `cbor:"8,keyasint,omitempty" json:"rank,omitempty"`
	Line    int           `cbor:"-" json:"-"`
	Told    Told          `cbor:"9,keyasint,omitempty" json:"told,omitempty"`
	Talk    time.Duration `cbor:"10,keyasint,omitempty" json:"talk,omitempty"` // of Ended; with ToldTalk
	Ring    time.Duration `cbor:"11,keyasint,omitempty" json:"ring,omitempty"` // of Answered and RingFailed
	WrapUp  time.Duration `cbor:"12,keyasint,omitempty" json:"wrap_up,omitempty"`
	To      string        `cbor:"13,keyasint,omitempty" json:"to,omitempty"`     // where it was transferred
	Reason  string        `cbor:"14,keyasint,omitempty" json:"reason,omitempty"` // of AgentPaused; of a withdrawal
	Type    string        `cbor:"15,keyasint,omitempty" json:"type,omitempty"`   // as the source sorts its calls

	Dialled string `cbor:"16,keyasint,omitempty" json:"dialled,omitempty"` // the number that was called

	// Of Ended without an Outcome: how it looks, until a source says how it was.
	Likely Outcome `cbor:"17,keyasint,omitempty" json:"likely,omitempty"`

	// What the exchange calls all the lines of the call by, where that is not UniqueID.
	Linked string `cbor:"18,keyasint,omitempty" json:"linked,omitempty"`
}

// Call is one call. A zero time is what has not happened.
type Call struct {
	PBX        string        `cbor:"1,keyasint,omitempty" json:"pbx"`
	UniqueID   string        `cbor:"2,keyasint" json:"unique_id"`
	Queue      string        `cbor:"3,keyasint,omitempty" json:"queue,omitempty"`
	Caller     string        `cbor:"4,keyasint,omitempty" json:"caller,omitempty"`
	Name       string        `cbor:"5,keyasint,omitempty" json:"name,omitempty"`
	Agent      string        `cbor:"6,keyasint,omitempty" json:"agent,omitempty"`
	OfferedAt  time.Time     `cbor:"7,keyasint" json:"offered_at"`
	QueuedAt   time.Time     `cbor:"8,keyasint,omitempty" json:"queued_at,omitzero"`
	AnsweredAt time.Time     `cbor:"9,keyasint,omitempty" json:"answered_at,omitzero"`
	EndedAt    time.Time     `cbor:"10,keyasint,omitempty" json:"ended_at,omitzero"`
	Menu       time.Duration `cbor:"11,keyasint,omitempty" json:"menu,omitempty"`
	Wait       time.Duration `cbor:"12,keyasint,omitempty" json:"wait,omitempty"` // queue and ring, without the menu
	Talk       time.Duration `cbor:"13,keyasint,omitempty" json:"talk,omitempty"`
	Hold       time.Duration `cbor:"14,keyasint,omitempty" json:"hold,omitempty"`
	WrapUp     time.Duration `cbor:"15,keyasint,omitempty" json:"wrap_up,omitempty"`
	Outcome    Outcome       `cbor:"16,keyasint,omitempty" json:"outcome,omitempty"`
	Type       string        `cbor:"17,keyasint,omitempty" json:"type,omitempty"` // as the source sorts its calls
	RingFails  int           `cbor:"18,keyasint,omitempty" json:"ring_fails,omitempty"`
	Ring       time.Duration `cbor:"19,keyasint,omitempty" json:"ring,omitempty"` // at who answered; part of Wait
	To         string        `cbor:"20,keyasint,omitempty" json:"to,omitempty"`   // where it was transferred
	Doubts     Doubt         `cbor:"21,keyasint,omitempty" json:"doubts,omitempty"`
	Dialled    string        `cbor:"22,keyasint,omitempty" json:"dialled,omitempty"` // the number that was called
	Rank       int           `cbor:"23,keyasint,omitempty" json:"rank,omitempty"`    // how exact its source is, as of an event
	Line       int           `cbor:"-" json:"-"`                                     // of the source, from 1; 0 = not from a file
}

// Answered tells whether a person was connected.
func (c Call) Answered() bool { return !c.AnsweredAt.IsZero() }

// Close ends a call whose end was never seen, as unknown: nothing is invented.
// An ended call stays as it is.
func (c Call) Close() Call {
	if c.Outcome == NoOutcome {
		c.Outcome = Unknown
		c.Doubts |= NoEnd
	}
	return c
}
