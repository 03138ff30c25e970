// Package app is the one door to the help desk and the engine behind it.
//
// Everything that changes the desk is a Command, everything that is read is a
// Query, everything that happened is an event of app/desk. Faces (window,
// command line, report jobs) know Desk and nothing else: the same Desk is
// served in process by Engine and over a local socket by app/local.
//
// The engine validates and authorises every command, and a command is durable
// when Do returns. It never shows a stamp as a time and never lets a face touch
// the store.
package app

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"punto/app/desk"
)

// Desk is all that a face may know of the help desk. It is safe for use by
// several goroutines.
type Desk interface {
	// Do carries out exactly one command: validated, authorised for the session
	// in ctx (see WithSession), durable when it returns nil.
	Do(ctx context.Context, c Command) (Receipt, error)
	// Ask answers one query: a page of rows, a case, an index with its rows.
	Ask(ctx context.Context, q Query) (Answer, error)
	// Watch yields first a snapshot mark, then changes until ctx ends. A slow
	// reader skips changes, it never blocks the engine.
	Watch(ctx context.Context, of Interest) iter.Seq[Change]
}

// Command is a request to change the desk: one of the structs of this package,
// which travels as JSON under the name of its type (see NameOf).
type Command interface {
	do(*op) (Receipt, error)
}

// Query is a request to read the desk, of the same form. The name of its answer
// is the query's with "Answer" behind it.
type Query interface {
	ask(*look) (Answer, error)
}

// Answer is what a query gives; each query's documentation names the type.
type Answer any

// Receipt says what a command did.
type Receipt struct {
	ID     desk.ID     `json:"id,omitzero"`      // the entity made or changed
	Number desk.Number `json:"number,omitempty"` // of a case
	Token  string      `json:"token,omitempty"`  // of a new session
	Origin desk.Origin `json:"origin,omitempty"` // the last event written ...
	Seq    uint64      `json:"seq,omitempty"`    // ... for Undo
	Import *Imported   `json:"import,omitempty"` // of an import
	Secret string      `json:"secret,omitempty"` // a first password, shown once
	More   []desk.ID   `json:"more,omitempty"`   // children that a major incident proposes to solve
	At     int64       `json:"at,omitempty"`     // Unix milliseconds of the commit
}

// Imported accounts for every row of one batch of an import.
type Imported struct {
	Imported int        `json:"imported"`
	Known    int        `json:"known already"`
	Rejected []Rejected `json:"rejected,omitempty"`

	Rows      int `json:"rows,omitempty"`       // of the imported, where one is made of several rows
	KnownRows int `json:"known_rows,omitempty"` //
}

// Rejected is one row that did not go in.
type Rejected struct {
	Line   int    `json:"line"`
	Reason string `json:"reason"`
}

// Interest narrows a Watch; the zero value is everything.
type Interest struct {
	Types []desk.Type `json:"types,omitempty"`
	ID    desk.ID     `json:"id,omitzero"`
}

// Change tells that something changed, not what: ask again.
type Change struct {
	Rev      uint64        `json:"rev"`
	Snapshot bool          `json:"snapshot,omitempty"` // the mark that begins every watch, and follows every skip
	Entities []desk.Entity `json:"entities,omitempty"` // nil when too many
}

// Code says which kind of failure a person or a program can act on.
type Code string

// Codes. Their texts for people are in ui/words.
const (
	Invalid     Code = "invalid"     // the command or query is not well formed
	NotFound    Code = "not_found"   // no such thing
	NotAllowed  Code = "not_allowed" // the role may not
	NotSignedIn Code = "not_signed_in"
	BadPassword Code = "bad_password"
	TooSoon     Code = "too_soon"    // wait before the next try: Error.After
	Busy        Code = "busy"        // too much at once: Error.After
	Conflict    Code = "conflict"    // the case is not in a state for it
	DiskFull    Code = "disk_full"   // the desk is read-only until there is room
	Unavailable Code = "unavailable" // the engine is closed or the store failed
	Internal    Code = "internal"
)

// Error is a failure that somebody can act on: Msg says what happened, to what,
// and what to do next, in English.
//
// Form and Args are what Msg was made of, so that a face can say it in another
// language; Form is empty where there is nothing to translate by.
type Error struct {
	Code Code     `json:"code"`
	Msg  string   `json:"msg"`
	Form string   `json:"form,omitempty"`
	Args []string `json:"args,omitempty"`

	After int    `json:"after,omitempty"` // of TooSoon and Busy: seconds after which a try makes sense
	Field string `json:"field,omitempty"` // the input it is about, where one can be named: "subject", "zone", "password", ...; of a case also desk.Requirable
}

func (e *Error) Error() string { return e.Msg }

// Unwrap is desk.ErrFull of DiskFull.
func (e *Error) Unwrap() error {
	if e.Code == DiskFull {
		return desk.ErrFull
	}
	return nil
}

// CodeOf is the code of an error; Internal for any other than Error.
func CodeOf(err error) Code {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return Internal
}

func fail(code Code, format string, args ...any) error {
	e := &Error{Code: code, Msg: fmt.Sprintf(format, args...), Form: format}
	for _, a := range args {
		e.Args = append(e.Args, fmt.Sprint(a))
	}
	return e
}

// later is fail with the time to wait, which fills the one place of the form.
func later(code Code, wait time.Duration, form string) error {
	seconds := max(1, int((wait+time.Second-1)/time.Second))
	e := fail(code, form, seconds).(*Error)
	e.After = seconds
	return e
}

type sessionKey struct{}

// WithSession attaches the token of a session (see SignIn) to a context.
func WithSession(ctx context.Context, token string) context.Context {
	return context.WithValue(ctx, sessionKey{}, token)
}

// SessionOf is the token attached to a context, "" when none is.
func SessionOf(ctx context.Context) string {
	s, _ := ctx.Value(sessionKey{}).(string)
	return s
}
