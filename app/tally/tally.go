// Package tally sums calls and cases into the indices that a contract can be
// paid by.
//
// It is pure: rows in, figures out; it never reads a clock, a file or a zone of
// the machine. It promises that an Accumulator merges with another (days, nodes
// and goroutines combine freely, in any order, and give the same figures to the
// last bit), that every figure keeps its numerator and denominator, so that a
// month is weighted by its calls and never a mean of means, that medians and
// percentiles are exact, and that a sealed day gives the figures of its rows.
// The definitions are those of the service model's indices (Definition); a name
// never changes its meaning.
package tally

import (
	"time"

	"punto/app/sla"
)

// Call is what the indices need of one call. Durations count whole seconds.
type Call struct {
	At       time.Time // offered, in the zone of the contract
	Outcome  Outcome
	Wait     time.Duration // queue and ring, without the menu
	Queued   bool          // waited in a queue at all
	Talk     time.Duration
	Hold     time.Duration
	WrapUp   time.Duration
	Returned time.Duration // a lost call returned after; 0 = not returned
	Queue    string        // of the exchange; "" = none
	Type     string        // as the exchange sorts its calls; "" = none
	Agent    string        // who answered; "" = nobody in particular
}

// Outcome is where a call belongs in the identity offered = answered +
// abandoned + busy + overflow + withdrawn.
type Outcome uint8

// Outcomes. ClosedHours, LostInMenu and Unknown are counted apart from offered.
const (
	Answered Outcome = iota + 1
	Abandoned
	Busy
	Overflow
	Withdrawn
	ClosedHours
	LostInMenu
	Unknown // the link was down, or the end was never seen: left out of every share
)

// Case is what the indices need of one case. A zero time has not happened.
type Case struct {
	Opened, Resolved time.Time
	Reopened         bool // within the contract's window
	Online           bool // resolved in the contact in which it was opened, by level 1
	Eligible         bool // its category is marked resolvable at level 1
	Level2           bool // ever handed to level 2 or beyond
	HandOffs         int
	Returns          int  // hand-offs back down
	PingPong         int  // A to B to A
	Open             bool // at the end of the month
	Overdue          bool // open at the end of the month, with its resolve clock already breached
	Repeat           bool // same person and category within 7 days of a resolution
	TakeUp, Resolve  Verdict
	Answer           Verdict // next answer
	Units            []Unit  // hand-off runs that ended
	Category, Origin string
	Kind, Modality   string
	Site, Group      string        // "" = none: left out of those tables
	Priority, Person string        // "" = none
	Agent            string        // who solved it
	State            string        // at the end of the month, when open
	Spent            time.Duration // business time to resolve, less pauses; 0 = not told
}

// Verdict is how a clock ended.
type Verdict struct {
	State   sla.State
	Excused bool
}

// Unit is one hand-off run of one unit.
type Unit struct {
	Group string
	Verdict
}

// Session is an agent's stay at work, for the occupancy. Outbound is time on
// calls that the agent made.
type Session struct{ SignedIn, Breaks, Outbound time.Duration }

// Survey is one invitation to answer a survey. Score is 1 to 5, 0 when it was
// not asked; NPS 0 to 10 where Asked.
type Survey struct {
	Answered bool
	ByPhone  bool
	Score    int
	Asked    bool // the likelihood to recommend was asked
	NPS      int
}

// Rules are what a contract says of counting.
type Rules struct {
	ShortAbandon time.Duration // shorter waits are left out of offered; 0 = none is short
	AnswerIn     time.Duration // of the service level, inclusive
	WrapUp       time.Duration // longest wrap-up counted; 0 = no limit
	ReopenIn     time.Duration // a solution is firm after it; 0 = 7 days
	AsOf         time.Time     // when the figures are made; zero = all is firm
}

const defaultReopenIn = 7 * 24 * time.Hour
