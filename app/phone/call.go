// Package phone turns what telephone exchanges tell into calls. It is pure: the
// fold from events to a call does not depend on their order, and an event's key
// is made of what happened, never of time or text, so that a replay, a second
// listener and a log line that comes later count a call once.
package phone

import (
	"cmp"
	"slices"
	"time"
)

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
)

// Outcome is how a call ended.
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
}

// Answered tells whether a person was connected.
func (c Call) Answered() bool { return !c.AnsweredAt.IsZero() }

// Fold is the call of a set of events: the same for the same set in whatever
// order and however often they come. Where two events have one key the higher
// Rank holds, then the earlier time.
func Fold(events []CallEvent) Call {
	es := slices.Clone(events)
	slices.SortStableFunc(es, func(a, b CallEvent) int {
		return cmp.Or(compareKeys(a.Key, b.Key), cmp.Compare(b.Rank, a.Rank), a.At.Compare(b.At), cmp.Compare(a.Agent, b.Agent))
	})
	es = slices.CompactFunc(es, func(a, b CallEvent) bool { return a.Key == b.Key })
	slices.SortStableFunc(es, func(a, b CallEvent) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Key.Kind, b.Key.Kind)) })
	var c Call
	var held time.Time
	for _, e := range es {
		c.PBX, c.UniqueID = e.Key.PBX, e.Key.UniqueID
		c.Queue = cmp.Or(e.Key.Queue, c.Queue)
		c.Caller, c.Name = cmp.Or(c.Caller, e.Caller), cmp.Or(c.Name, e.Name)
		if c.OfferedAt.IsZero() {
			c.OfferedAt = e.At
		}
		switch e.Key.Kind {
		case Queued:
			if c.QueuedAt.IsZero() {
				c.QueuedAt, c.Menu = e.At, e.At.Sub(c.OfferedAt)
			}
		case RingFailed:
			c.RingFails++
		case Answered:
			if c.AnsweredAt.IsZero() {
				c.AnsweredAt = e.At
				c.Wait = cmp.Or(e.Wait, e.At.Sub(c.waitFrom()))
			}
			c.Agent = cmp.Or(e.Agent, c.Agent)
		case Held:
			if held.IsZero() {
				held = e.At
			}
		case Resumed:
			if !held.IsZero() {
				c.Hold += e.At.Sub(held)
				held = time.Time{}
			}
		case Ended:
			c.EndedAt, c.Outcome = e.At, e.Outcome
			if !held.IsZero() {
				c.Hold += e.At.Sub(held)
				held = time.Time{}
			}
			if c.AnsweredAt.IsZero() {
				c.Wait = cmp.Or(e.Wait, e.At.Sub(c.waitFrom()))
			}
		}
	}
	if !c.AnsweredAt.IsZero() && !c.EndedAt.IsZero() {
		c.Talk = max(0, c.EndedAt.Sub(c.AnsweredAt)-c.Hold)
	}
	return c
}

func (c Call) waitFrom() time.Time {
	if c.QueuedAt.IsZero() {
		return c.OfferedAt
	}
	return c.QueuedAt
}

func compareKeys(a, b Key) int {
	return cmp.Or(cmp.Compare(a.PBX, b.PBX), cmp.Compare(a.UniqueID, b.UniqueID), cmp.Compare(a.Queue, b.Queue),
		cmp.Compare(a.Entry, b.Entry), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Attempt, b.Attempt))
}
