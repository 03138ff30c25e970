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

// CallID is the entity of a call, derived from the fact: two workstations that see one call record one.
func CallID(pbx, unique string) desk.ID { return desk.DerivedID("call", pbx, unique) }

var _ = crosses(SeeCall{}, Calls{}, ImportCalls{})

func (SeeCall) command()     {}
func (Calls) answer() Answer { return CallsAnswer{} }
func (ImportCalls) command() {}
