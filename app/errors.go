package app

import (
	"errors"
	"fmt"
	"time"

	"punto/app/desk"
)

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

// Fail is an Error whose form has places for values, as fmt has them.
func Fail(code Code, format string, args ...any) error {
	e := &Error{Code: code, Msg: fmt.Sprintf(format, args...), Form: format}
	for _, a := range args {
		e.Args = append(e.Args, fmt.Sprint(a))
	}
	return e
}

// Later is fail with the time to wait, which fills the one place of the form.
func Later(code Code, wait time.Duration, form string) error {
	seconds := max(1, int((wait+time.Second-1)/time.Second))
	e := Fail(code, form, seconds).(*Error)
	e.After = seconds
	return e
}

// About says which input a failure is about.
func About(field string, err error) error {
	if e, ok := err.(*Error); ok { // fresh from fail
		e.Field = field
	}
	return err
}
