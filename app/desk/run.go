package desk

import "errors"

// Run is consecutive events of one origin as they travel: their exact frames and
// the origin's signature over the chain at their end. A run never crosses the end
// of a block of the log.
type Run struct {
	Origin Origin
	First  uint64   // sequence of the first frame
	Frames [][]byte // not empty
	Sig    [64]byte
	Block  []byte // the whole sealed block when the run is one, its bytes unchanged; else nil
}

// Last is the sequence of its last event.
func (r *Run) Last() uint64 { return r.First + uint64(len(r.Frames)) - 1 }

// Signer is who writes under an origin: a node, known by its certificate.
type Signer struct {
	Node        ID
	Coordinator bool
}

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
