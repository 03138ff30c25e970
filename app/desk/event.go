// Package desk holds the nouns of the help desk, its events and the fold that
// turns events into state. It is pure: values in, values out; it never reads a
// clock, a file or the network, and it imports nothing of ours.
package desk

import "cmp"

// Origin identifies one incarnation of one workstation: 8 random bytes as a
// number. Zero is no origin.
type Origin uint64

// Stamp is a hybrid logical clock reading: 48 bits of Unix milliseconds over 16
// bits of counter. It orders events; it is never shown to people as a time.
type Stamp uint64

// Entity names what an event belongs to: a type and a 16-byte id.
type Entity struct {
	Type Type
	ID   ID
}

// Event is one immutable fact. The log keeps its exact bytes for ever.
//
// (Origin, Seq) is its identity; Seq counts from 1 without holes per origin.
// At is when it happened, in Unix milliseconds UTC: evidence, never order.
// Body is CBOR with integer keys; its layout belongs to (Kind, Version).
type Event struct {
	Origin  Origin
	Seq     uint64
	Stamp   Stamp
	Kind    Kind
	Version uint8
	Entity  Entity
	Base    Stamp // newest stamp of the entity its author had seen; 0 = none
	Actor   ID    // who did it; zero = the desk itself
	Writer  ID    // whose session wrote it, and whose rights it needs: the actor, but for imports
	At      int64
	Body    []byte
}

// Compare orders events as the fold takes them: (Stamp, Origin, Seq).
func Compare(a, b *Event) int {
	return cmp.Or(cmp.Compare(a.Stamp, b.Stamp), cmp.Compare(a.Origin, b.Origin), cmp.Compare(a.Seq, b.Seq))
}
