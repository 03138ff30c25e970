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
	ID       desk.ID
	Alarm    desk.Alarm
	Number   desk.Number
	Subject  string
	Priority int
	Status   desk.Status
	Group    desk.ID
	Agent    desk.ID
	FiredAt  int64
	Late     bool // noticed more than five minutes after it was due
	False    bool // what came later says that it never was so: it is kept and told
}

// Inbox is what the desk has told the signed-in agent in the last 30 days: what waits to
// be acknowledged first, then what was not read, then what was.
type Inbox struct{}

// InboxAnswer answers Inbox.
type InboxAnswer struct {
	Rows   []InboxRow
	Asking int // wait to be acknowledged
	Unread int
}

// InboxRow is an alarm that was told to an agent.
type InboxRow struct {
	AlarmRow
	Asks   bool // it waits to be acknowledged, until Alarm.AckDue
	Unread bool
}

// ReadAlarms notes that the signed-in agent has read what was told until then; 0 = now.
type ReadAlarms struct{ Until int64 }

// LadderOf asks for the ladder of a clock of a case, such as resolve/1.
type LadderOf struct {
	Case  desk.ID
	Clock string
}

// LadderOfAnswer answers LadderOf. No Rungs: the case has no such clock.
type LadderOfAnswer struct {
	Run   sla.Run
	Rungs []LadderRung
}

// LadderRung is a rung as it stands: fired, or to come.
type LadderRung struct {
	Rung  desk.Rung
	To    []desk.ID // whom it tells now
	At    int64     // when it will be reached if nothing stops the clock, or nobody acknowledges; 0 = it will not
	Fired *AlarmRow
}

// Escalations counts what clocks have fired in [From, Until), Unix milliseconds, by clock
// and rung, of a contract's cases.
type Escalations struct {
	From, Until int64
	Contract    desk.ID // zero = the desk's first
}

// EscalationsAnswer answers Escalations, in the order of clocks and rungs.
type EscalationsAnswer struct{ Rows []EscalationRow }

// EscalationRow counts the alarms of one rung of one clock.
type EscalationRow struct {
	Clock   string // take_up, resolve, ola, ...
	Rung    int
	Unacked bool // it is told when nobody acknowledges the one before
	Fired   int  // less those that were false
	Asked   int  // of them: asked somebody to acknowledge
	InTime  int  // of those asked: acknowledged in time
	Late    int  // of those asked: acknowledged, and late
	False   int  // what came later says that they never were so; in no other count
}

// AckAlarm acknowledges an alarm as the signed-in agent.
type AckAlarm struct{ ID desk.ID }

var _ = crosses(Promise{}, Alarms{}, AckAlarm{}, Inbox{}, ReadAlarms{}, LadderOf{}, Escalations{})

func (Promise) answer() Answer     { return PromiseAnswer{} }
func (Alarms) answer() Answer      { return AlarmsAnswer{} }
func (AckAlarm) command()          {}
func (Inbox) answer() Answer       { return InboxAnswer{} }
func (LadderOf) answer() Answer    { return LadderOfAnswer{} }
func (ReadAlarms) command()        {}
func (Escalations) answer() Answer { return EscalationsAnswer{} }
