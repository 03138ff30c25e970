package app

import (
	"time"

	"punto/app/desk"
)

// SaveSwitchboard makes or changes a link to a telephone exchange; an administrator does.
// Password goes to the exchange alone: it is kept sealed for the workstations that the
// site has then; "" keeps the one that there is.
type SaveSwitchboard struct {
	ID          desk.ID
	Switchboard desk.Switchboard
	Password    string
}

// Switchboards lists the links to telephone exchanges and how they do.
type Switchboards struct{}

// SwitchboardsAnswer answers Switchboards.
type SwitchboardsAnswer struct{ Rows []SwitchboardRow }

// Phases of a link.
const (
	LinkOff      = "off"
	LinkDown     = "down"
	LinkTrying   = "trying"
	LinkLearning = "learning" // it reads what goes on
	LinkUp       = "up"
	LinkAway     = "away" // another workstation holds it
)

// SwitchboardRow is a link. What it does now is known where it is held.
type SwitchboardRow struct {
	ID       desk.ID
	Of       desk.Switchboard
	Password bool   // there is one
	Opens    bool   // and this workstation can open it
	Holder   string // name of the workstation that holds it; "" = this one is the whole desk
	Here     bool   // this one holds it
	Phase    string
	Since    int64 // Unix milliseconds
	Version  string
	Ahead    time.Duration // of the exchange's clock
	Err, Odd string
	LogErr   string    // why its queue_log is not followed
	There    []string  // of the desk's own: extensions whose telephone has registered
	Calls    int       // events delivered since the link began
	Gap      *desk.Gap // the last one
}

// SwitchboardLines is what the exchange of a link that is held here said last.
type SwitchboardLines struct {
	ID    desk.ID
	After uint64 // the number of the last line that is known
}

// SwitchboardLinesAnswer answers SwitchboardLines; the oldest first, at most 200.
type SwitchboardLinesAnswer struct{ Rows []SwitchboardLine }

// SwitchboardLine is one message in short.
type SwitchboardLine struct {
	N    uint64
	At   int64
	Text string
}

// TrySwitchboard tries a link as it is set, from this workstation, within half a minute:
// it connects, logs in, asks what goes on, and leaves. An administrator asks.
type TrySwitchboard struct {
	ID          desk.ID // whose password is taken where none is given
	Switchboard desk.Switchboard
	Password    string
}

// TrySwitchboardAnswer answers TrySwitchboard, step by step up to the one that failed.
type TrySwitchboardAnswer struct {
	Steps   desk.TrySteps
	Cert    string   // fingerprint of the certificate that the exchange shows
	Trusted bool     // the machine trusts it
	Version string   // of the interface
	Queues  []string // that there are
	Agents  []string // of the queues
	Ahead   time.Duration
}

// SwitchboardRecipe asks for the lines that the client's IT writes into the exchange's
// files for a link as it is set.
type SwitchboardRecipe struct {
	Switchboard desk.Switchboard
	Queues      []string
}

// SwitchboardRecipeAnswer answers SwitchboardRecipe.
type SwitchboardRecipeAnswer struct{ Manager, Dialplan string }

// ControlSwitchboard has the exchange do something for the signed-in agent: take the
// agent's telephone out of the queues and back, or call a number from it. Pause and
// Unpause need the link to know the agent; Dial, that the link may dial.
type ControlSwitchboard struct {
	ID     desk.ID
	Do     string // pause, unpause, dial
	Reason string // of pause
	Number string // of dial
}

// PhonePasswords tells the passwords of the telephones of the desk's own exchange, to be
// written into them. An administrator asks, on a workstation that can open the link's
// secret.
type PhonePasswords struct{ ID desk.ID }

// PhonePasswordsAnswer answers PhonePasswords, in the order of the link's telephones.
type PhonePasswordsAnswer struct{ Rows []PhonePassword }

// PhonePassword is what a telephone is set to.
type PhonePassword struct{ Extension, Password string }

// Ringing are the calls that ring at the signed-in agent's telephone now, the newest
// first.
type Ringing struct{}

// RingingAnswer answers Ringing.
type RingingAnswer struct{ Rows []RingingCall }

// RingingCall is a call that rings at an agent.
type RingingCall struct {
	ID       desk.ID
	PBX      string
	UniqueID string
	Caller   string
	Name     string // as the exchange knows it
	Queue    string
	Since    int64       // by the exchange's clock
	People   []PersonRow // whose number it is; none = nobody is known by it
}

// PopCaller brings up a caller for whoever is signed in on this workstation, as a softphone
// asks with a link: URL is tel: or punto:call. Nobody has to be signed in to ask, and
// nothing is kept of it.
type PopCaller struct{ URL string }

// Gaps lists the times in which nobody listened to an exchange, of those that touch a
// time, the oldest first. Zero Until is now.
type Gaps struct{ From, Until int64 }

// GapsAnswer answers Gaps.
type GapsAnswer struct{ Rows []Named[desk.Gap] }

var _ = crosses(SaveSwitchboard{}, Switchboards{}, SwitchboardLines{}, TrySwitchboard{}, SwitchboardRecipe{}, ControlSwitchboard{}, Ringing{}, Gaps{}, PopCaller{}, PhonePasswords{})

func (SaveSwitchboard) command()         {}
func (ControlSwitchboard) command()      {}
func (PopCaller) command()               {}
func (Switchboards) answer() Answer      { return SwitchboardsAnswer{} }
func (SwitchboardLines) answer() Answer  { return SwitchboardLinesAnswer{} }
func (TrySwitchboard) answer() Answer    { return TrySwitchboardAnswer{} }
func (SwitchboardRecipe) answer() Answer { return SwitchboardRecipeAnswer{} }
func (PhonePasswords) answer() Answer    { return PhonePasswordsAnswer{} }
func (Ringing) answer() Answer           { return RingingAnswer{} }
func (Gaps) answer() Answer              { return GapsAnswer{} }
