package calls

import (
	"slices"

	"punto/app/desk"
	"punto/app/phone"
)

// seen is the body of CallSeen: one event of a call, or the events that a log tells
// of it at once, where More leaves out the exchange and the id of the call, which are
// those of Event.
type seen struct {
	Event phone.CallEvent   `cbor:"1,keyasint"`
	Case  desk.ID           `cbor:"2,keyasint,omitempty"`
	More  []phone.CallEvent `cbor:"3,keyasint,omitempty"`
}

// maxTold is how many events of a call a log may tell in one command, and how many one
// event of the desk holds.
const (
	maxTold = 1_000
	maxMore = 100
)

// pack puts events of one call into as few bodies as hold them.
func pack(events []phone.CallEvent) (out []seen) {
	for part := range slices.Chunk(events, maxMore) {
		s := seen{Event: part[0], More: slices.Clone(part[1:])}
		for i := range s.More {
			s.More[i].Key.PBX, s.More[i].Key.UniqueID = "", ""
		}
		out = append(out, s)
	}
	return out
}

// all are the events of a body, whole.
func (s seen) all() []phone.CallEvent {
	out := make([]phone.CallEvent, 1, 1+len(s.More))
	out[0] = s.Event
	for _, e := range s.More {
		e.Key.PBX, e.Key.UniqueID = s.Event.Key.PBX, s.Event.Key.UniqueID
		out = append(out, e)
	}
	return out
}

// telling is all that is told of one call.
type telling struct {
	events []phone.CallEvent
	whole  []phone.Call
	of     desk.ID // the case
}

// tellings reads what the desk's events tell of a call; what cannot be read says
// nothing.
func tellings(events []desk.Event) (t telling) {
	for _, e := range events {
		switch e.Kind {
		case desk.CallRecorded:
			var c phone.Call
			if desk.Decode(e.Body, &c) == nil {
				t.whole = append(t.whole, c)
			}
		case desk.CallSeen:
			var s seen
			if desk.Decode(e.Body, &s) != nil {
				continue
			}
			t.events = append(t.events, s.all()...)
			if !s.Case.IsZero() {
				t.of = s.Case
			}
		}
	}
	return t
}

// calls are the call as each kind of source tells it.
func (t telling) calls() []phone.Call {
	out := slices.Clone(t.whole)
	if len(t.events) > 0 {
		out = append(out, phone.Fold(t.events))
	}
	return out
}

// has tells whether an event is told already.
func (t telling) has(e phone.CallEvent) bool { return slices.ContainsFunc(t.events, e.Same) }

// open tells whether nobody saw the call end yet.
func (t telling) open() bool { return phone.Merge(t.calls()...).Outcome == phone.NoOutcome }
