// Package oracle computes the indices a second time, so that the engine can be
// checked by something that shares nothing with it: plain rows in, figures out.
//
// It is written from the normative definitions of clocks and indices alone, and to
// be read by an auditor: it imports the standard library only, keeps no state, and
// takes the longest way wherever that is the plainest. It walks every civil day,
// sorts everything, looks at each case again for each month, and has no cache and
// no accumulator. Nothing of the product imports it; it is used by its own tests,
// which compare it with the engine on logs of other systems and on random
// histories.
package oracle

import (
	"slices"
	"strings"
	"time"
)

// Row is one thing that happened to a case. Only the fields that its word needs
// are set.
//
//	opened     Contract Person Category Priority Group Level Outside Call
//	taken      ByRule
//	handed     Group Level Outside: of a case that is open
//	assigned to a group: the same; nothing when it has it already; also of one that is over
//	suspended  Reason
//	resumed
//	contacted  the user wrote or called again
//	edited     Contract Person Category Priority: those that are set hold from here on
//	resolved   Call, Level (of who solved it, 0 = not told)
//	reopened, closed, cancelled, merged
//	excused    Clock Run: the run of that kind, counted from 1
//	noted, assigned: nothing to any figure
type Row struct {
	At    time.Time // when it happened
	Known time.Time // when the desk came to know it; zero = at once
	What  string

	Contract, Person, Category string
	Priority                   int
	Group                      string
	Level                      int
	Outside, ByRule            bool
	Reason, Call, Clock        string
	Run                        int

	Undone time.Time // when it was taken back; zero = it stands
}

// Case is its rows, in any order.
type Case struct {
	ID   string
	Rows []Row
}

// Call is one call.
type Call struct {
	At       time.Time
	Outcome  string        // answered abandoned busy overflow withdrawn closed menu unknown
	Wait     time.Duration // queue and ring, without the menu
	NoWait   bool          // the wait is not known
	Queued   bool          // it stood in a queue at all
	Talk     time.Duration
	Hold     time.Duration
	WrapUp   time.Duration
	Queue    string    // of the exchange
	Dialled  string    // number that was called
	Number   string    // of who called; "" = not told
	Contract string    // of the person who called
	Known    time.Time // when the desk came to know it; zero = at once
}

// Reach is that somebody called back and was answered.
type Reach struct {
	Number string
	At     time.Time
}

// Promise is what a contract promises for one priority, in business time; 0 is
// no promise.
type Promise struct{ TakeUp, Resolve, OLA time.Duration }

// Contract is what was agreed with a client.
type Contract struct {
	Hours        Hours
	Zone         *time.Location
	Promises     map[int]Promise // by priority
	Pauses       []string        // pending reasons that stop the clocks
	ReopenDays   int
	ShortAbandon time.Duration
	AnswerIn     time.Duration
	WrapUp       time.Duration // longest that counts
	Level1       []string      // categories marked as resolvable at level 1
	Queues       []string      // whose calls are its
	Numbers      []string      // dialled, whose calls are its
}

// Desk is everything that figures are made of.
type Desk struct {
	Contracts map[string]Contract
	Cases     []Case
	Calls     []Call
	Reaches   []Reach
	Surveys   []Invitation

	// Of keeps the cases of one part of a month: what is asked is how they stand at its end, or
	// of a resolution then. nil = all.
	Of func(category, group string, priority int) bool
}

// of tells whether a case that stands so is of the part.
func (d *Desk) of(s state) bool { return d.Of == nil || d.Of(s.category, s.group, s.priority) }

// Month is a month of a contract: [From, To) in the contract's zone.
type Month struct {
	Contract string
	Year     int
	Month    time.Month
}

func (d *Desk) span(m Month) (from, to time.Time) {
	z := d.Contracts[m.Contract].Zone
	return instant(z, m.Year, m.Month, 1, 0), instant(z, m.Year, m.Month+1, 1, 0)
}

// state is how a case stands from one row to the next.
type state struct {
	at       time.Time
	row      Row
	n        int // place of the row among those of the case
	open     bool
	resolved bool   // not open because it was solved
	pending  string // reason that it waits for; "" = it does not wait
	group    string
	level    int // of the group; 0 = not known
	outside  bool
	moved    bool // the row changed the responsible group
	handed   bool // it was handed off at least once
	stint    int  // ordinal of a unit's turn: each hand-off, and each reopening at a unit, begins one
	taken    bool

	contract, person, category string
	priority                   int
}

// history walks the rows that had happened before an instant, in order of time,
// and says how the case stood after each. What was taken back before that instant
// never was; what the desk did not know yet when it was asked is not there. Rows
// of one instant keep the order in which they were given.
func (c Case) history(until, asked time.Time) (hs []state) {
	var order []int
	for n, r := range c.Rows {
		if r.At.Before(until) && !r.Known.After(asked) && (r.Undone.IsZero() || !r.Undone.Before(until) || r.Undone.After(asked)) {
			order = append(order, n)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return c.Rows[a].At.Compare(c.Rows[b].At) })
	var s state
	for _, n := range order {
		r := c.Rows[n]
		if (r.What == "opened") != (len(hs) == 0) {
			continue // nothing happens before it is opened, and it is opened once
		}
		s.at, s.row, s.n = r.At, r, n
		s.apply(r)
		hs = append(hs, s)
	}
	return hs
}

// apply is what a row makes of a case.
func (s *state) apply(r Row) {
	s.moved = false
	switch r.What {
	case "opened":
		s.open, s.group, s.level, s.outside = true, r.Group, r.Level, r.Outside
		s.contract, s.person, s.category, s.priority = r.Contract, r.Person, r.Category, r.Priority
	case "taken":
		s.taken = s.taken || s.open && !r.ByRule
		s.pending = "" // work ends a pause
	case "handed", "assigned to a group":
		if s.group == r.Group && r.What != "handed" || !s.open && r.What == "handed" {
			break // it has it already; or what is over stays over, and who did not know that is told
		}
		s.moved = s.group != "" && s.group != r.Group // the first group that it ever gets is no change
		s.group, s.level, s.outside, s.pending = r.Group, r.Level, r.Outside, ""
		if s.moved {
			s.stint, s.handed = s.stint+1, true
		}
	case "suspended":
		if s.open {
			s.pending = r.Reason
		}
	case "resumed":
		s.pending = ""
	case "contacted":
		if s.pending == "user" {
			s.pending = "" // what it waited for has come
		}
	case "edited":
		s.edit(r)
	case "resolved":
		if s.open {
			s.taken = true // whoever solves it has taken it
			s.open, s.resolved, s.pending = false, true, ""
		}
	case "cancelled", "merged":
		s.open, s.resolved, s.pending = false, false, ""
	case "reopened":
		if !s.open {
			s.open, s.resolved = true, false
			if s.handed {
				s.stint++ // the unit has it again
			}
		}
	}
}

// edit changes what a row names, and leaves the rest.
func (s *state) edit(r Row) {
	if r.Contract != "" {
		s.contract = r.Contract
	}
	if r.Person != "" {
		s.person = r.Person
	}
	if r.Category != "" {
		s.category = r.Category
	}
	if r.Priority != 0 {
		s.priority = r.Priority
	}
}

func in(t, from, to time.Time) bool { return !t.Before(from) && t.Before(to) }

// has tells whether a list holds a word.
func has(list []string, word string) bool {
	return slices.ContainsFunc(list, func(s string) bool { return strings.EqualFold(s, word) })
}
