package stream

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
)

// writeMessage writes one frame: length 4 (of kind and body), kind 1, body.
func writeMessage(w io.Writer, m Message) error {
	if len(m.Body) > int(limitOf(m.Kind, MaxMessage)) {
		return fmt.Errorf("%w: %d bytes to be sent", ErrMessage, len(m.Body))
	}
	b := binary.BigEndian.AppendUint32(make([]byte, 0, 5+len(m.Body)), uint32(len(m.Body)+1)) // at most MaxMessage
	b = append(append(b, byte(m.Kind)), m.Body...)
	_, err := w.Write(b)
	return err
}

// limitOf lets runs and blocks be longer where messages may have their full length; to
// a guest, who has shown nothing yet, the limit is the same for all kinds.
func limitOf(k Kind, limit uint32) uint32 {
	if (k == Events || k == Block) && limit == MaxMessage {
		return MaxRun
	}
	return limit
}

// readMessage reads one frame whose body is of at most limit bytes. Memory grows
// with what has come, not with what the length claims.
func readMessage(r io.Reader, limit uint32) (m Message, err error) {
	var head [5]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return m, err
	}
	n := binary.BigEndian.Uint32(head[:])
	if n == 0 || n-1 > limitOf(Kind(head[4]), limit) {
		return m, fmt.Errorf("%w: a frame of %d bytes", ErrMessage, n)
	}
	var b bytes.Buffer
	got, err := b.ReadFrom(io.LimitReader(r, int64(n-1)))
	if err != nil {
		return m, err
	}
	if got < int64(n-1) {
		return m, io.ErrUnexpectedEOF
	}
	return Message{Kind(head[4]), b.Bytes()}, nil
}
