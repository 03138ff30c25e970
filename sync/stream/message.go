// Package stream brings the logs of two workstations to the same events over one
// ordered connection: mutual TLS 1.3 between members of a site, and the enrolment
// of new ones.
//
// A Peering is a state machine without I/O: messages in, messages out, so that a
// simulation runs exactly what the network runs. It never trusts what a peer
// tells: each event is taken only with the signature of its origin over the chain
// that it ends, and the log judges it again. It promises that no message makes it
// panic or hold more than MaxMessage bytes, and that a node that vanishes in the
// middle of anything costs nothing but the asking again.
package stream

import (
	"errors"
	"fmt"

	"github.com/fxamacker/cbor/v2"

	"punto/app/desk"
)

// Kind is the type of a message. The numbers are part of the protocol.
type Kind uint8

// Messages.
const (
	Hello    Kind = 1 + iota // Greeting
	Met                      // []desk.Identity: who writes under the origins that follow
	Vector                   // map of desk.Origin to desk.Point: all that the sender holds
	Have                     // the same, of what has changed
	Want                     // Wish
	Events                   // one desk.Run, frame by frame
	Block                    // one desk.Run, a whole sealed block
	Done                     // nothing: all that was wished for has been sent
	AskPoint                 // Probe: how the chain of an origin stands at a sequence
	Told                     // Probe with its answer
	Ping                     // Clock
	Pong                     // Clock
	Keys                     // Ring: the gossip keys of the site
	Try                      // []string: addresses of others, for the sender is busy
	WantFile                 // FilePart without bytes
	Chunk                    // FilePart
	Bye                      // string: why the sender goes
)

// Limits, in bytes.
const (
	MaxMessage = 1 << 20
	MaxRun     = 32 << 20  // of Events and Block: 256 events that are as long as events may be do not fit
	wishBytes  = 256 << 10 // sent for one Want
	pushBytes  = 64 << 10  // sent unasked when a peer lacks just that
	maxOrigins = 1 << 14
)

// Protocol is the range of versions spoken here: N-1 and N.
const (
	ProtocolMin = 1
	ProtocolMax = 2
)

// Message is one message: its kind and its body, undecoded.
type Message struct {
	Kind Kind
	Body []byte
}

// Greeting opens a peering in both directions.
type Greeting struct {
	Min     int     `cbor:"1,keyasint"`
	Max     int     `cbor:"2,keyasint"`
	Desk    desk.ID `cbor:"3,keyasint"`
	Node    desk.ID `cbor:"4,keyasint"`
	Version string  `cbor:"5,keyasint,omitempty"` // of the program
	Address string  `cbor:"6,keyasint,omitempty"` // host:port at which it is reached; "" = as the connection came
	Ring    uint64  `cbor:"7,keyasint,omitempty"` // generation of its gossip keys

	Origin desk.Origin `cbor:"8,keyasint,omitempty"` // its incarnation: a copy of a folder is the same node in another
}

// Wish asks for events from a sequence of each origin on.
type Wish struct {
	From map[desk.Origin]uint64 `cbor:"1,keyasint"`
	One  bool                   `cbor:"2,keyasint,omitempty"` // only the first run of each
}

// Probe asks for, or tells, the chain of an origin at a sequence.
type Probe struct {
	Origin desk.Origin `cbor:"1,keyasint"`
	Point  desk.Point  `cbor:"2,keyasint"`
	Held   bool        `cbor:"3,keyasint,omitempty"`
}

// Clock is a measurement of two clocks, in Unix nanoseconds: sent, received,
// sent back.
type Clock struct {
	T0 int64 `cbor:"1,keyasint"`
	T1 int64 `cbor:"2,keyasint,omitempty"`
	T2 int64 `cbor:"3,keyasint,omitempty"`

	Offset int64 `cbor:"4,keyasint,omitempty"` // of the receiver's clock, as the sender has measured it
	Delay  int64 `cbor:"5,keyasint,omitempty"` // of that measurement; 0 = none yet
}

// Ring is the gossip keys of the site; the first is in use.
type Ring struct {
	Generation uint64   `cbor:"1,keyasint" json:"generation"`
	Keys       [][]byte `cbor:"2,keyasint" json:"keys"`
	Sign       []byte   `cbor:"3,keyasint" json:"sign"` // of the site key: no other member makes a ring
}

// FilePart asks for, or carries, bytes of a file from an offset on.
type FilePart struct {
	Hash   [32]byte `cbor:"1,keyasint"`
	Offset int64    `cbor:"2,keyasint"`
	Bytes  []byte   `cbor:"3,keyasint,omitempty"`
	Size   int64    `cbor:"4,keyasint,omitempty"` // of the whole; 0 = the sender has it not
}

// ErrMessage is what every message that cannot be read gives.
var ErrMessage = errors.New("not a message of the protocol")

var dec = func() cbor.DecMode {
	m, err := cbor.DecOptions{DupMapKey: cbor.DupMapKeyEnforcedAPF, IndefLength: cbor.IndefLengthForbidden,
		MaxNestedLevels: 8, MaxMapPairs: maxOrigins, MaxArrayElements: maxOrigins}.DecMode()
	if err != nil {
		panic(err) // constant options
	}
	return m
}()

func encode(k Kind, v any) Message {
	b, err := cbor.Marshal(v)
	if err != nil {
		panic(err) // a programmer's mistake: these types always encode
	}
	return Message{k, b}
}

func decode[T any](m Message) (v T, err error) {
	if len(m.Body) > MaxMessage {
		return v, fmt.Errorf("%w: %d bytes", ErrMessage, len(m.Body))
	}
	if err := dec.Unmarshal(m.Body, &v); err != nil {
		return v, fmt.Errorf("%w: kind %d: %w", ErrMessage, m.Kind, err)
	}
	return v, nil
}

// EncodeRun makes the message of a run.
func EncodeRun(r desk.Run) Message {
	k := Events
	if r.Block != nil {
		k = Block
	}
	return Message{k, r.Append(make([]byte, 0, r.Size()))}
}

// DecodeRun reads what EncodeRun makes; the run shares the message's bytes.
func DecodeRun(m Message) (desk.Run, error) {
	if len(m.Body) > MaxRun {
		return desk.Run{}, fmt.Errorf("%w: a run of %d bytes", ErrMessage, len(m.Body))
	}
	r, ok := desk.ParseRun(m.Body, m.Kind == Block)
	if !ok {
		return r, fmt.Errorf("%w: a run that is cut, of origin %016x", ErrMessage, uint64(r.Origin))
	}
	return r, nil
}
