// Package app is the one door to the help desk: what can be asked of it and what it
// answers, as plain data.
//
// Everything that changes the desk is a Command, everything that is read is a
// Query, everything that happened is an event of app/desk. Faces (window,
// command line, report jobs) know Desk and nothing else: the same Desk is
// served in process by the engine and over a local socket by app/local.
//
// The engine validates and authorises every command, and a command is durable
// when Do returns. It never shows a stamp as a time and never lets a face touch
// the store. What is in this package crosses the socket, and nothing else does; what
// answers it is in the rooms (see app/engine).
package app

import (
	"context"
	"iter"

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
type Command interface{ command() }

// Query is a request to read the desk, of the same form. The name of its answer
// is the query's with "Answer" behind it.
type Query interface{ answer() Answer }

// Answer is what a query gives; each query's documentation names the type.
type Answer any

// Receipt says what a command did.
type Receipt struct {
	ID      desk.ID     `json:"id,omitzero"`       // the entity made or changed
	Number  desk.Number `json:"number,omitempty"`  // of a case
	Token   string      `json:"token,omitempty"`   // of a new session
	Origin  desk.Origin `json:"origin,omitempty"`  // the last event written ...
	Seq     uint64      `json:"seq,omitempty"`     // ... for Undo
	Import  *Imported   `json:"import,omitempty"`  // of an import
	Secret  string      `json:"secret,omitempty"`  // a first password, shown once
	More    []desk.ID   `json:"more,omitempty"`    // children that a major incident proposes to solve
	At      int64       `json:"at,omitempty"`      // Unix milliseconds of the commit
	Reached *Reached    `json:"reached,omitempty"` // what was done to many cases at once
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
