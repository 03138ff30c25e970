package chain

import (
	"encoding/binary"
	"errors"
	"fmt"
	"sync"

	"github.com/fxamacker/cbor/v2"

	"punto/app/desk"
)

// Limits of a frame, in bytes.
const (
	headerBytes   = 42
	MaxBodyBytes  = desk.MaxEventBytes
	MaxFrameBytes = headerBytes + MaxBodyBytes + 256
)

// ErrFrame: bytes that are not an event.
var ErrFrame = errors.New("not an event frame")

// rest is what follows the fixed header of a frame.
type rest struct {
	Version uint8      `cbor:"1,keyasint,omitempty"`
	Type    desk.Type  `cbor:"2,keyasint,omitempty"`
	Base    desk.Stamp `cbor:"3,keyasint,omitempty"`
	Actor   []byte     `cbor:"4,keyasint,omitempty"`
	At      int64      `cbor:"5,keyasint,omitempty"`
	Body    []byte     `cbor:"6,keyasint,omitempty"`
	Writer  []byte     `cbor:"7,keyasint,omitempty"` // nil = the actor
}

var modes = sync.OnceValues(func() (cbor.EncMode, cbor.DecMode) {
	enc, err := cbor.CoreDetEncOptions().EncMode()
	if err != nil {
		panic(err) // constant options
	}
	dec, err := cbor.DecOptions{DupMapKey: cbor.DupMapKeyEnforcedAPF, IndefLength: cbor.IndefLengthForbidden,
		MaxNestedLevels: 8, MaxMapPairs: 64, MaxArrayElements: 64}.DecMode()
	if err != nil {
		panic(err) // constant options
	}
	return enc, dec
})

// AppendFrame appends the frame of an event: origin 8, seq 8, stamp 8, kind 2,
// entity id 16, all big-endian, then a CBOR map with integer keys: 1 version,
// 2 entity type, 3 base, 4 actor, 5 at, 6 body, 7 writer where it is not the
// actor; zero values are left out.
func AppendFrame(dst []byte, e *desk.Event) ([]byte, error) {
	if e.Origin == 0 || e.Seq == 0 {
		return dst, fmt.Errorf("%w: it has no origin or sequence", ErrFrame)
	}
	if len(e.Body) > MaxBodyBytes {
		return dst, fmt.Errorf("%w: an event body of %d bytes, at most %d", desk.ErrTooBig, len(e.Body), MaxBodyBytes)
	}
	r := rest{Version: e.Version, Type: e.Entity.Type, Base: e.Base, At: e.At, Body: e.Body}
	if !e.Actor.IsZero() {
		r.Actor = e.Actor[:]
	}
	if e.Writer != e.Actor {
		r.Writer = e.Writer[:]
	}
	enc, _ := modes()
	tail, err := enc.Marshal(&r)
	if err != nil {
		return dst, fmt.Errorf("encode event: %w", err)
	}
	dst = binary.BigEndian.AppendUint64(dst, uint64(e.Origin))
	dst = binary.BigEndian.AppendUint64(dst, e.Seq)
	dst = binary.BigEndian.AppendUint64(dst, uint64(e.Stamp))
	dst = binary.BigEndian.AppendUint16(dst, uint16(e.Kind))
	dst = append(dst, e.Entity.ID[:]...)
	return append(dst, tail...), nil
}

// ParseFrame reads one whole frame; the event shares no memory with it. Fields
// that this version does not know are ignored: the log keeps the bytes.
func ParseFrame(b []byte) (e desk.Event, err error) {
	if len(b) <= headerBytes || len(b) > MaxFrameBytes {
		return e, fmt.Errorf("%w: %d bytes", ErrFrame, len(b))
	}
	var r rest
	_, dec := modes()
	if err := dec.Unmarshal(b[headerBytes:], &r); err != nil {
		return e, fmt.Errorf("%w: %w", ErrFrame, err)
	}
	e.Origin, e.Seq = FrameID(b)
	if e.Origin == 0 || e.Seq == 0 || len(r.Body) > MaxBodyBytes || len(r.Actor) != 0 && len(r.Actor) != len(e.Actor) ||
		len(r.Writer) != 0 && len(r.Writer) != len(e.Writer) {
		return desk.Event{}, fmt.Errorf("%w: a field is out of range", ErrFrame)
	}
	e.Stamp = desk.Stamp(binary.BigEndian.Uint64(b[16:]))
	e.Kind = desk.Kind(binary.BigEndian.Uint16(b[24:]))
	copy(e.Entity.ID[:], b[26:])
	copy(e.Actor[:], r.Actor)
	if e.Writer = e.Actor; len(r.Writer) > 0 {
		copy(e.Writer[:], r.Writer)
	}
	e.Version, e.Entity.Type, e.Base, e.At, e.Body = r.Version, r.Type, r.Base, r.At, r.Body
	return e, nil
}

// FrameID is the origin and the sequence of a frame of a right size.
func FrameID(b []byte) (desk.Origin, uint64) {
	return desk.Origin(binary.BigEndian.Uint64(b)), binary.BigEndian.Uint64(b[8:])
}

// FrameStamp is the stamp of a frame of a right size.
func FrameStamp(f []byte) desk.Stamp { return desk.Stamp(binary.BigEndian.Uint64(f[16:])) }

// FrameType is the type of the entity of a frame, read without the rest; not ok where
// a frame is not as AppendFrame writes it.
func FrameType(f []byte) (t desk.Type, ok bool) {
	f = f[min(headerBytes, len(f)):]
	if len(f) < 5 || f[0] < 0xa2 || f[0] > 0xb7 || f[1] != 1 || f[2] >= 24 || f[3] != 2 || f[4] >= 24 {
		return 0, false
	}
	return desk.Type(f[4]), true
}
