package app

import (
	"punto/app/desk"
	"punto/app/phone"
)

// SeeAgents tells what agents did at a telephone exchange: signed in and out, on a break
// and back. What was told before is told once; at most 1,000 at once.
type SeeAgents struct{ Events []phone.CallEvent }

// SetShift tells what the signed-in agent does, where no exchange says so: in, break, back
// or out.
type SetShift struct {
	Do     string
	Reason string // of a break
}

// Shifts asks who is at work now.
type Shifts struct{}

// ShiftsAnswer answers Shifts: the agents of the desk, those at work first.
type ShiftsAnswer struct{ Rows []ShiftRow }

// States of an agent at the telephone.
const (
	AgentAway      = "away"      // not signed in
	AgentAvailable = "available" // signed in, and at no call that is known
	AgentOnCall    = "on_call"
	AgentOnBreak   = "break"
)

// ShiftRow is an agent as seen now.
type ShiftRow struct {
	Agent  desk.ID
	Name   string
	State  string
	Reason string // of the break
	Since  int64  // of the state, Unix milliseconds; 0 = not known
	Worked int64  // seconds signed in today, less breaks
	Breaks int64  // seconds of today
	Calls  int    // answered today
}

var _ = crosses(SeeAgents{}, SetShift{}, Shifts{})

func (SeeAgents) command()    {}
func (SetShift) command()     {}
func (Shifts) answer() Answer { return ShiftsAnswer{} }
