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

// TypifyCall says what a call was about: a case, which may be one of several; why it needs
// none; who called. It says one of them or more.
type TypifyCall struct {
	Call   desk.ID
	Case   desk.ID
	Off    bool   // it was not about Case after all
	Reason string // one of desk.CallReasons, or in words
	Person desk.ID
}

// DoubleCalls proposes which calls that were told by hand in the last two days are calls
// that an exchange told too: of the same caller or agent, within two minutes. Nothing is
// joined unless somebody says so.
type DoubleCalls struct{}

// DoubleCallsAnswer answers DoubleCalls.
type DoubleCallsAnswer struct{ Rows []DoubleCall }

// DoubleCall is one call told twice, as it seems.
type DoubleCall struct{ Manual, Exchange CallRow }

// JoinCalls says that a call that was told by hand is one of an exchange: it counts no more,
// and what it was about, the other was about. With Apart it says that it is not, and it is
// not proposed again. Both are taken back by Undo of the call that was told by hand.
type JoinCalls struct {
	Manual, Exchange desk.ID
	Apart            bool
}

// Calls is a page of calls, newest first.
type Calls struct {
	After  []byte
	Limit  int
	Show   string // CallsLost, CallsAnswered or CallsGoing alone; "" = all
	Text   string // words that begin words of the caller, agent, queue, reason or case, or digits of the number
	Before int64  // offered before an instant, Unix milliseconds; 0 = until now
}

// Sorts of calls that can be listed alone.
const (
	CallsLost     = "lost"
	CallsAnswered = "answered"
	CallsGoing    = "going" // they go on
)

// CallsOf lists the calls that were about a case, the newest first. It is answered by
// CallsAnswer.
type CallsOf struct{ Case desk.ID }

// UntypedCalls lists the answered calls of the last UntypedDays of which nobody has said
// what they were about and in which no case was opened, followed or solved: the asker's own
// first, then those that ended first.
type UntypedCalls struct {
	Limit int
	Mine  bool // only the asker's own
}

// UntypedDays is how long a call waits for somebody to say what it was about.
const UntypedDays = 7

// UntypedCallsAnswer answers UntypedCalls.
type UntypedCallsAnswer struct {
	Rows  []CallRow
	Total int // of all agents; 1,000 at most are counted
	Mine  int // of the asker
}

// CallsAnswer answers Calls.
type CallsAnswer struct {
	Rows []CallRow
	Next []byte
}

// CallRow is a call in a list.
type CallRow struct {
	ID   desk.ID
	Call phone.Call // Agent is a name where the desk knows the agent
	Case desk.ID    // of the draft in which it was taken; it may never have become one

	Cases  []CallCase  // that it was about
	Reason string      // why it needs none
	People []PersonRow // who called; where nobody has said, those whose number it is
	Known  bool        // somebody has said who called
	Mine   bool        // the asker answered it
	ByHand bool        // it was told by hand too, and joined
	Bad    bool        `json:",omitempty"` // it cannot be read
}

// CallCase is a case that a call was about.
type CallCase struct {
	ID      desk.ID
	Number  desk.Number
	Subject string
	Status  desk.Status
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

var _ = crosses(SeeCall{}, TypifyCall{}, DoubleCalls{}, JoinCalls{}, Calls{}, CallsOf{}, UntypedCalls{}, ImportCalls{}, LostCalls{}, TryCaller{})

func (SeeCall) command()            {}
func (TypifyCall) command()         {}
func (JoinCalls) command()          {}
func (DoubleCalls) answer() Answer  { return DoubleCallsAnswer{} }
func (Calls) answer() Answer        { return CallsAnswer{} }
func (CallsOf) answer() Answer      { return CallsAnswer{} }
func (UntypedCalls) answer() Answer { return UntypedCallsAnswer{} }
func (ImportCalls) command()        {}

func (TryCaller) command()       {}
func (LostCalls) answer() Answer { return LostCallsAnswer{} }
