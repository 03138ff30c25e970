// Package local carries app.Desk over a local socket, so that several programs
// of one machine share the one engine that holds the data folder: a Unix socket
// in the folder, a named pipe on Windows.
//
// What is spoken there is HTTP/1.1 and JSON, so that any script can speak it too:
//
//	POST /v1/do/COMMAND   the fields of a command; answers its receipt
//	POST /v1/ask/QUERY    the fields of a query; answers its answer
//	GET  /v1/watch        one change a line until either side ends; ?type=case&id=ID narrows it
//	POST /v1/fed          answers when the search holds all that was written before
//	GET  /v1/commands     the commands and queries by name, each with its empty fields
//	GET  /v1              which protocols are spoken
//
// "Authorization: Bearer TOKEN" is the session of a SignIn, "Authorization: Owner"
// that of the owner of the folder. A failure is an app.Error under the HTTP status
// that fits its code.
//
// It promises that only the user who runs the host, the system's own
// administrator and whom Server.Allow names get in, and no browser ever; that no
// user makes it hold more than MaxConnections connections and MaxMessageBytes of
// requests; that a slow watcher skips changes and never holds the desk up; and
// that everything has ended when Serve returns. It never decides about rights,
// which are the engine's, and it never listens on a network.
package local

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"punto/app"
)

// Limits; those of requests and connections are of each user of the machine. A
// command of 10,000 imported rows takes about 10 MiB.
const (
	MaxMessageBytes = 64 << 20 // of one request, of all requests in hand, of one answer
	MaxConnections  = 1024     // one more is closed without an answer
	MaxWork         = 128      // requests in hand, watches apart; one more is answered app.Busy
	maxHeaderBytes  = 16 << 10
)

// Waits of a client. It must not use a connection that the host is about to
// close: clientIdle is shorter than what the host waits for.
const (
	helloTimeout = 5 * time.Second // for the answer to a greeting
	clientIdle   = 2 * time.Second // for which a connection is kept for the next call
)

// waits are how long a host waits for a peer.
type waits struct {
	header time.Duration // for the header of a request
	body   time.Duration // for the rest of it
	write  time.Duration // for the taking of an answer: then the peer counts as hung
	idle   time.Duration // for the next request on a connection
	end    time.Duration // for what is under way when the host ends, and for leftovers
}

var usual = waits{header: 5 * time.Second, body: 30 * time.Second, write: 30 * time.Second, idle: 2 * time.Minute, end: time.Second}

// protocol is the first part of every path. Another one is spoken when this one
// cannot be kept.
const protocol = "v1"

// hostName is what our programs say in the header Host; localhost is as good.
const hostName = "punto"

// greeting answers GET /v1.
type greeting struct {
	Speaks []string `json:"speaks"`
	Owner  bool     `json:"owner"` // "Authorization: Owner" is open to who asks
}

// statusOf is the HTTP status of a code.
func statusOf(c app.Code) int {
	switch c {
	case app.Invalid:
		return http.StatusBadRequest
	case app.NotFound:
		return http.StatusNotFound
	case app.NotAllowed:
		return http.StatusForbidden
	case app.NotSignedIn, app.BadPassword:
		return http.StatusUnauthorized
	case app.TooSoon:
		return http.StatusTooManyRequests
	case app.Conflict:
		return http.StatusConflict
	case app.DiskFull:
		return http.StatusInsufficientStorage
	case app.Busy, app.Unavailable:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

// asError is err as it crosses.
func asError(err error) app.Error {
	e := app.Error{Code: app.Internal, Msg: err.Error()}
	if known := (*app.Error)(nil); errors.As(err, &known) {
		e = *known
		e.Msg = err.Error() // with what was added on the way
	}
	return e
}

func refuse(code app.Code, format string, args ...any) error {
	return &app.Error{Code: code, Msg: fmt.Sprintf(format, args...)}
}

// busy says that one user asks too much at once.
func busy() error {
	const form = "too much was asked at once: wait for answers and try again"
	return &app.Error{Code: app.Busy, Msg: form, Form: form, After: 1}
}
