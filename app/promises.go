package app

import (
	"punto/app/desk"
	"punto/app/sla"
)

// Promise is what would be promised to a case opened now.
type Promise struct {
	Contract        desk.ID // zero = the person's, else the desk's first
	Person          desk.ID
	Impact, Urgency int
	Priority        int // not 0 = chosen, not the matrix's
}

// PromiseAnswer answers Promise; times are 0 where nothing is promised.
type PromiseAnswer struct {
	Priority int
	TakeUp   int64 // Unix milliseconds
	Resolve  int64
	Why      []sla.Explanation
}

// Alarms lists what clocks have fired, newest first.
type Alarms struct {
	Case  desk.ID // zero = of all cases
	Limit int     // 0 = 50
}

// AlarmsAnswer answers Alarms.
type AlarmsAnswer struct{ Rows []AlarmRow }

// AlarmRow is one alarm with the names of its case.
type AlarmRow struct {
	ID      desk.ID
	Alarm   desk.Alarm
	Number  desk.Number
	Subject string
	FiredAt int64
	Late    bool // noticed more than five minutes after it was due
}

// AckAlarm acknowledges an alarm as the signed-in agent.
type AckAlarm struct{ ID desk.ID }

var _ = crosses(Promise{}, Alarms{}, AckAlarm{})

func (Promise) answer() Answer { return PromiseAnswer{} }
func (Alarms) answer() Answer  { return AlarmsAnswer{} }
func (AckAlarm) command()      {}
