package app

import (
	"punto/app/desk"
	"punto/app/phone"
)

// ImportCalls takes whole calls out of a log; a call known already by its PBX
// and unique id is counted and left alone. At most 10,000 a command.
type ImportCalls struct {
	Calls []phone.Call
	Lines []int // line of each call in its file, for what is rejected; may be nil
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
