package app

import (
	"punto/app/desk"
	"punto/app/phone"
)

// ImportCalls takes calls out of a log, whole ones and the events of others, at most
// 10,000 of each a command. Several logs of the same hours are one set of calls, by
// PBX and unique id: what another source tells of a known call is kept beside, and the
// call is what all of them say. What is known already counts as such.
type ImportCalls struct {
	Calls []phone.Call
	Lines []int // line of each call in its file, for what is rejected; may be nil

	Told []ToldCall
}

// ToldCall is what a log tells of one call: at most 1,000 events of the same call.
type ToldCall struct {
	Line   int // of the first in its file, for what is rejected
	Events []phone.CallEvent
}

// SeeCall records one event of a live call, of a switchboard or of the manual panel.
type SeeCall struct {
	Event phone.CallEvent
	Case  desk.ID // the draft or case it belongs to; may be zero
}

// Calls is a page of calls, newest first.
type Calls struct {
	After []byte
	Limit int
}

// CallsAnswer answers Calls.
type CallsAnswer struct {
	Rows []CallRow
	Next []byte
}

// CallRow is a call in a list.
type CallRow struct {
	ID   desk.ID
	Call phone.Call
	Case desk.ID
	Bad  bool `json:",omitempty"` // a value of it could not be told
}

// LostCalls lists who has to be called back: those whose calls were lost, busy or
// abandoned, within CallBackDays, and who was not answered or reached since; who has
// waited longest first.
type LostCalls struct{ Limit int }

// CallBackDays is how long a lost call waits to be returned: what comes later is another
// matter, and the indices of a month rest.
const CallBackDays = 7

// LostCallsAnswer answers LostCalls.
type LostCallsAnswer struct {
	Rows     []LostRow
	More     int // callers beyond Rows
	Withheld int // lost calls of which no number is known: nobody can return them
}

// LostRow is one caller, whatever the number of calls.
type LostRow struct {
	Number          string      // as the last call showed it
	Name            string      // as the exchange knows it
	People          []PersonRow // whose number it is; three at most
	Queue           string      // of the last call
	First, Last     int64       // Unix milliseconds: when the first of the calls was lost, and the last
	Busy, Abandoned int         // calls
	Tries           []Try       // the newest last
	Call            desk.ID
}

// Try is one call back.
type Try struct {
	At      int64 // Unix milliseconds
	Agent   desk.ID
	Reached bool
	Text    string
}

// TryCaller records that somebody called a lost caller back.
type TryCaller struct {
	Number  string
	Reached bool
	Text    string
}

// CallerID is the entity of a caller, by what the same numbers have in common.
func CallerID(key string) desk.ID { return desk.DerivedID("caller", key) }

// CallID is the entity of a call, derived from the fact: two workstations that see one call record one.
func CallID(pbx, unique string) desk.ID { return desk.DerivedID("call", pbx, unique) }

var _ = crosses(SeeCall{}, Calls{}, ImportCalls{}, LostCalls{}, TryCaller{})

func (SeeCall) command()     {}
func (Calls) answer() Answer { return CallsAnswer{} }
func (ImportCalls) command() {}

func (TryCaller) command()       {}
func (LostCalls) answer() Answer { return LostCallsAnswer{} }
