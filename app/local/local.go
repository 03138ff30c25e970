// Package local carries app.Desk over a local socket, so that several programs
// of one machine share the one engine that holds the data folder: a Unix socket
// in the folder, a named pipe on Windows.
//
// On the wire each message is a length (4 bytes, big-endian) and a JSON object
// {id, verb, name, session, body}; commands, queries and answers travel under
// the name of their type, and the codes of app.Error cross unchanged.
//
// It promises that only the user who runs the host (and the system's own
// administrator) gets in, that no peer makes it hold more than one message of
// MaxMessageBytes for each of MaxConnections connections while reading, that a
// slow watcher skips changes and never holds the desk up, and that every
// goroutine has ended when Serve or Close returns. It never decides about
// rights, which are the engine's, and it never listens on a network.
package local

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"punto/app"
)

// Limits. A command of 10,000 imported rows takes about 10 MiB.
const (
	MaxMessageBytes = 64 << 20
	MaxConnections  = 64
	maxCalls        = 256 // unanswered calls and watches of one connection
	MaxWork         = 128 // of them calls; their requests take no more than one message may
	maxHelloBytes   = 4 << 10
)

const (
	version      = 1
	helloTimeout = 5 * time.Second
	writeTimeout = 30 * time.Second // then the peer counts as hung, and is let go
)

// Verbs: what a client asks for, and what a server answers.
const (
	hello  = "hello"
	do     = "do"
	ask    = "ask"
	watch  = "watch"
	fed    = "fed"
	cancel = "cancel"

	answer = "answer"
	failed = "failed"
	change = "change"
	end    = "end"
)

// message is one frame. ID is chosen by the client and repeated in all that
// answers it.
type message struct {
	ID      uint64          `json:"id"`
	Verb    string          `json:"verb"`
	Name    string          `json:"name,omitempty"`
	Session string          `json:"session,omitempty"`
	Owner   bool            `json:"owner,omitempty"` // speak as the owner of the folder
	Body    json.RawMessage `json:"body,omitempty"`
}

var errTooLong = errors.New("the message is too long")

// writeMessage writes one frame; errTooLong when it is above the limit, and
// then nothing was written.
func writeMessage(w io.Writer, m message) error {
	b, err := json.Marshal(m)
	if err != nil {
		return err
	}
	if len(b) > MaxMessageBytes {
		return errTooLong
	}
	frame := binary.BigEndian.AppendUint32(make([]byte, 0, 4+len(b)), uint32(len(b))) // at most 64 MiB
	_, err = w.Write(append(frame, b...))
	return err
}

// readMessage reads one frame of at most limit bytes. Memory grows with what
// has come, not with what the length claims.
func readMessage(r io.Reader, limit uint32) (m message, err error) {
	var n [4]byte
	if _, err := io.ReadFull(r, n[:]); err != nil {
		return m, err
	}
	size := binary.BigEndian.Uint32(n[:])
	if size > limit {
		return m, errTooLong
	}
	var b bytes.Buffer
	if got, err := b.ReadFrom(io.LimitReader(r, int64(size))); err != nil {
		return m, err
	} else if got < int64(size) {
		return m, io.ErrUnexpectedEOF
	}
	if err := json.Unmarshal(b.Bytes(), &m); err != nil {
		return m, fmt.Errorf("read a message: %w", err)
	}
	return m, nil
}

// failure turns an error into the message that carries it.
func failure(id uint64, err error) message {
	e := app.Error{Code: app.CodeOf(err), Msg: err.Error()}
	if known := (*app.Error)(nil); errors.As(err, &known) {
		e.Form, e.Args, e.After = known.Form, known.Args, known.After
	}
	b, _ := json.Marshal(e) // strings always encode
	return message{ID: id, Verb: failed, Body: b}
}

// failureOf is the error that a message carries.
func failureOf(m message) error {
	e := &app.Error{}
	if err := json.Unmarshal(m.Body, e); err != nil || e.Code == "" {
		return errors.New("the desk answered with an error that cannot be read: update both programs to one version")
	}
	return e
}

func refuse(code app.Code, format string, args ...any) error {
	return &app.Error{Code: code, Msg: fmt.Sprintf(format, args...)}
}
