package desk

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
)

// Run is consecutive events of one origin as they travel: their exact frames and
// the origin's signature over the chain at their end. A run never crosses the end
// of a block of the log.
type Run struct {
	Origin Origin
	First  uint64   // sequence of the first frame
	Frames [][]byte // not empty, unless Block is set
	Sig    [64]byte
	Block  []byte // the whole sealed block when the run is one, its bytes unchanged; else nil
	Proof  *Proof // of the log that is to take it, and of no other; nil = it was not proven yet. It does not travel
}

// Proof is what a log has found out about a run before it takes it. It holds where
// the chain of the origin stands as it stood then; elsewhere it says nothing.
type Proof struct {
	Key    [32]byte // whose signature was checked
	Prev   [32]byte // the chain before the run
	Hash   [32]byte // and after it
	Events []Event
	Held   bool  // the log holds all of it, byte by byte
	Bad    error // what is wrong with it after Prev
}

// leastFrame is the fixed part of a frame; a body follows.
const leastFrame = 42

// BlockEvents is how many events a sealed block holds.
const BlockEvents = 256

// Last is the sequence of its last event.
func (r *Run) Last() uint64 {
	if r.Block != nil {
		return r.First + BlockEvents - 1
	}
	return r.First + uint64(len(r.Frames)) - 1
}

// Size is about how many bytes it travels as.
func (r *Run) Size() int {
	n := len(r.Block) + 96
	for _, f := range r.Frames {
		n += len(f) + 4
	}
	return n
}

// Signer is who writes under an origin: a node, known by its certificate.
type Signer struct {
	Node        ID
	Coordinator bool
}

// Append writes the run as it travels and is carried: origin 8, first 8, then the
// block, or signature 64 and length 4 and bytes of each frame.
func (r *Run) Append(b []byte) []byte {
	b = binary.BigEndian.AppendUint64(b, uint64(r.Origin))
	b = binary.BigEndian.AppendUint64(b, r.First)
	if r.Block != nil {
		return append(b, r.Block...)
	}
	b = append(b, r.Sig[:]...)
	for _, f := range r.Frames {
		b = append(binary.BigEndian.AppendUint32(b, uint32(len(f))), f...) // a frame is far below 4 GiB
	}
	return b
}

// ParseRun reads what Append wrote; the run shares its bytes. False when it is
// cut, or holds no events, or more than a block.
func ParseRun(b []byte, block bool) (r Run, ok bool) {
	if len(b) < 16 {
		return r, false
	}
	r.Origin, r.First = Origin(binary.BigEndian.Uint64(b)), binary.BigEndian.Uint64(b[8:])
	if b = b[16:]; block {
		r.Block = b
		return r, len(b) > 0
	}
	if len(b) < 64 {
		return r, false
	}
	copy(r.Sig[:], b)
	for b = b[64:]; len(b) > 0; {
		if len(b) < 4 || uint64(binary.BigEndian.Uint32(b)) > uint64(len(b)-4) || len(r.Frames) >= BlockEvents {
			return r, false
		}
		n := binary.BigEndian.Uint32(b)
		if n <= leastFrame {
			return r, false
		}
		r.Frames = append(r.Frames, b[4:4+n:4+n])
		b = b[4+n:]
	}
	return r, len(r.Frames) > 0
}

// Taken says what became of the runs of one merge.
type Taken struct {
	Events  int     // new ones
	Refused int     // of them, kept aside
	Bad     []error // what was not taken, in the order of the runs; nil entries are good
}

// Point is how far an origin is held, and the beginning of its chain's hash
// there: two nodes that hold as much and differ in it have met a fork.
type Point struct {
	Seq  uint64  `cbor:"1,keyasint"`
	Hash [8]byte `cbor:"2,keyasint"`
}

// Identity proves who writes under an origin: the origin is a hash of the public
// key and of the incarnation, and the certificate says which node has the key.
type Identity struct {
	Key         [32]byte `cbor:"1,keyasint"` // Ed25519 public key
	Incarnation [16]byte `cbor:"2,keyasint"`
	Cert        []byte   `cbor:"3,keyasint,omitempty"` // DER; nil on a workstation that has joined nothing
	Coordinator bool     `cbor:"4,keyasint,omitempty"` // as the certificate says
}

// Origin is what the identity writes under.
func (id Identity) Origin() Origin {
	sum := sha256.Sum256(append(id.Key[:], id.Incarnation[:]...))
	return Origin(binary.BigEndian.Uint64(sum[:]))
}

// Node is the node of the identity.
func (id Identity) Node() ID { return NodeID(id.Key[:]) }

// Errors of a log that takes events of other nodes.
var (
	// ErrFork: two different events have one origin and sequence; the origin
	// takes no more.
	ErrFork = errors.New("two different events have one identity")
	// ErrGap: events before these are missing; ask for them first.
	ErrGap = errors.New("events before these are missing")
	// ErrForged: the bytes, their order or their signature are not the origin's.
	ErrForged = errors.New("the events are not what their origin signed")
	// ErrStranger: nobody has shown the certificate of the origin.
	ErrStranger = errors.New("the origin is not known")
)
