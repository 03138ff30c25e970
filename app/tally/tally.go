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
	NoWait   bool          // how long it waited is not known, which is not zero: in no wait, and never within a limit
	Queued   bool          // waited in a queue at all
	Talk     time.Duration
	Hold     time.Duration
	WrapUp   time.Duration
	Callable bool          // of a lost call: who called is known, so that it can be returned
	Returned time.Duration // a lost call returned after; 0 = not returned
	Queue    string        // of the exchange; "" = none
	Type     string        // as the exchange sorts its calls; "" = none
	Agent    string        // who answered; "" = nobody in particular
}

// Outcome is where a call belongs in the identity offered = answered +
// abandoned + busy + overflow + withdrawn.
type Outcome uint8

// Outcomes. ClosedHours and what follows are counted apart from offered.
const (
	Answered Outcome = iota + 1
	Abandoned
	Busy
	Overflow
	Withdrawn
	ClosedHours
	LostInMenu
	Unknown    // the link was down, or the end was never seen: left out of every share
	NoContract // whose call it was is not known
)

// Case is what the indices need of one case. A zero time has not happened. Of a
// resolved case all is as it stood at its last resolution of the month.
type Case struct {
	Opened, Resolved time.Time
	Reopened         bool // a resolution of the month, within the contract's window after it
	Back             bool // so was the last resolution of the month
	Later            bool // Reopened, and first so after the month had ended
	BackLater        bool // Back, after the month had ended
	Online           bool // resolved in the contact in which it was opened, by level 1
	Contact          bool // the contact in which it was opened is known
	Eligible         bool // its category is marked resolvable at level 1
	Level2           bool // ever handed to level 2 or beyond
	Level            bool // the level of a group that had it is known
	TookOnce         bool // its take-up clock began and ended in one command
	SolvedOnce       bool // and so its resolve clock
	Open             bool // at the end of the month
	Overdue          bool // open at the end of the month, with its resolve clock already breached
	Repeat           bool // same person and category within 7 days of a resolution
	Known            bool // its person and category, so that Repeat can be told
	TakeUp, Resolve  Verdict
	Answer           Verdict // next answer
	Units            []Unit  // hand-off runs that ended
	Category, Origin string
	Kind, Modality   string
	Site, Group      string        // "" = none: left out of those tables
	Priority, Person string        // "" = none
	Agent            string        // who solved it
	State            string        // at the end of the month, when open
	Spent            time.Duration // business time to resolve, less pauses; counts where Resolve tells how the clock ended
}

// Verdict is how a clock ended. Excused is as of the end of the month,
// ExcusedNow as of when the figures are made: where they differ the month is
// re-stated.
type Verdict struct {
	State               sla.State
	Excused, ExcusedNow bool
}

// Unit is one hand-off run of one unit.
type Unit struct {
	Group string
	Verdict
}

// Moves are what happened to cases in a stretch of time, each event for itself:
// what was open before + Opened + Reopenings - Resolutions - Cancellations is open
// after, where Opened is the number of cases opened.
type Moves struct {
	HandOffs      int // changes of the responsible group
	Levels        int // of those between groups whose levels are known
	Returns       int // to a group of lower level that had it before
	PingPong      int // A to B to A
	Resolutions   int
	Reopenings    int
	Cancellations int // and merges
}

func (m *Moves) each() []*int {
	return []*int{&m.HandOffs, &m.Levels, &m.Returns, &m.PingPong, &m.Resolutions, &m.Reopenings, &m.Cancellations}
}

// Add adds others.
func (m *Moves) Add(o Moves) {
	of := o.each()
	for i, n := range m.each() {
		*n += *of[i]
	}
}

// Stay is an agent's stay at work, for the occupancy. Outbound is time on
// calls that the agent made.
type Stay struct{ SignedIn, Breaks, Outbound time.Duration }

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
