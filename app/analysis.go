package app

import (
	"punto/app/desk"
	"punto/app/tally"
)

// SaveProposal makes or changes a proposal of the analysis unit. One that is new is made
// today unless it says of which day it is.
type SaveProposal struct {
	ID       desk.ID
	Proposal desk.Proposal
}

// Proposals lists those of a contract (zero = the first) with what came of each so far,
// the latest due first.
type Proposals struct{ Contract desk.ID }

// ProposalsAnswer answers Proposals.
type ProposalsAnswer struct {
	Rows []ProposalRow
	Owed int // events of others that are still to be derived: the effects are of before them
}

// ProposalRow is a proposal and its effect: up to 60 days before it was made against up
// to 60 after it was due, without today.
type ProposalRow struct {
	ID            desk.ID
	Of            desk.Proposal
	Owner, Group  string // names
	Unit          string // of its index: count (by day), share, seconds
	Before, After Measured
	Verdict       string // waiting, achieved, not_achieved, inconclusive; see package spc
}

// Measured is one side of a comparison. Value, Low and High (95 %) are nil where they
// are not known.
type Measured struct {
	Num, Den         float64
	Value, Low, High *float64
	Days             int // of which something is known
}

// Deviations is what moved in a month (2026-10): each watched index judged day by day by
// the days before, and how the month is thought to end.
type Deviations struct {
	Contract desk.ID // zero = the first
	Month    string
}

// DeviationsAnswer answers Deviations, those that moved first.
type DeviationsAnswer struct {
	Rows []WatchedIndex
	Owed int // see ProposalsAnswer
}

// WatchedIndex is one index of a month.
type WatchedIndex struct {
	Of         tally.Figure  // of the month so far
	Days       []WatchedDay  // of the month
	Episodes   []Episode     // that began, went on or ended in the month
	Projection *Projection   // of a share with a target while the month goes on; nil = there is none
	Weeks      []WatchedSpan // whole weeks that end in the month, judged by the 26 before
	Whole      *WatchedSpan  // the month, once it is over, judged by the 24 before; nil = it goes on, or too few are known
}

// WatchedSpan is a week or a month of an index; nil is not known.
type WatchedSpan struct {
	From                     string // its first day
	Value, Center, Low, High *float64
	Out                      bool
}

// WatchedDay is a day of an index. What is not known is nil; a day that could not be
// judged has a value at most.
type WatchedDay struct {
	Date                       string // 2026-10-05
	Value, Expected, Low, High *float64
	Drift                      *float64 // beyond 1 or -1 the index has drifted
	Out                        bool     // part of an episode
}

// Episode is one deviation, however long; see package spc.
type Episode struct {
	From, Found, Ended string // days; Ended "" = it goes on
	Up, Drift          bool
	Value, Expected    float64 // of the day that gave it away
}

// Projection is how a share of the month is thought to end.
type Projection struct {
	Low, High float64 // holds the whole month with 80 %
	Miss      float64 // probability of missing the target
}

// Recurrence is what came back in a month (2026-10): the same user three times or more in
// 30 days, the same asset in 90, the same caller in 7; a category at a site more often in
// a week than its weeks before let expect; and cases that say nearly the same.
type Recurrence struct {
	Contract desk.ID // zero = the first
	Month    string
}

// RecurrenceAnswer answers Recurrence. Groups of a kind stand together, places, assets,
// texts, users, callers, the largest first.
type RecurrenceAnswer struct {
	Groups  []Recurring
	Cases   int // opened in the month
	Calls   int // answered in the month, of known callers and others
	Repeats int // of them from a caller who was answered in the seven days before
	Owed    int // see ProposalsAnswer
}

// What comes back: the By of a Recurring.
const (
	SamePerson = "person"
	SameAsset  = "asset"
	SamePlace  = "place" // category and site
	SameCaller = "caller"
	SameText   = "text"
)

// Recurring is one group of what came back.
type Recurring struct {
	By       string
	ID       desk.ID   // of the person, asset or site
	Name     string    // theirs; the number of a caller; the first subject of a text
	Category string    // code, of a place
	Count    int       // cases, or calls of a caller
	Expected float64   // of a place: in the week that is farthest above,
	Limit    float64   // what the weeks before let expect, and up to where nothing is told
	Week     int       // and how many came
	From, To int64     // when the first and the last came, Unix milliseconds
	Cases    []desk.ID // 500 at most, the earliest first; of a caller those that the calls were about
}

// Contributions is why an index of a month (2026-10) is not where the three months before
// it let expect: what each category, site, group and so on brought. Days are whole ones.
type Contributions struct {
	Contract desk.ID // zero = the first
	Month    string
	Index    string
}

// ContributionsAnswer answers Contributions. What is counted is Num of Den: of an index
// that should be large, such as what was kept of a promise, what it lacks (Lacks).
type ContributionsAnswer struct {
	Index, Unit string
	Lacks       bool
	Num, Den    float64 // of the month; of a count Den is its days of service
	Base        float64 // Num by Den of the months before
	More        float64 // than Base lets expect; what each of the Cuts adds up to
	Cuts        []Cut   // none where nothing is known of the months before
	Owed        int     // see ProposalsAnswer
}

// Cut is the whole, taken apart one way.
type Cut struct {
	By    string // category, site, group, agent, priority, origin; queue, hour, weekday, type
	Parts []CutPart
}

// CutPart is one part of a Cut, those that brought most first.
type CutPart struct {
	Name           string // as it is told; a category by its code, a weekday from 1 = Monday; "" = none
	Num, Den       float64
	WasNum, WasDen float64
	More           float64
	Cases          []desk.ID // that are counted in Num, 500 at most; none of calls
}

// CallsAhead is the calls offered on the days that come, and how much the same way of
// telling them would have been wrong before.
type CallsAhead struct{ Contract desk.ID } // zero = the first

// CallsAheadAnswer answers CallsAhead. Errors are the sum of the absolute errors by the
// sum of what came, seven days ahead, over the days of the backtest.
type CallsAheadAnswer struct {
	Past        []DayAhead // the last 14 whole days; Value alone
	Next        []DayAhead // today and the 13 days after it; none where too few days are known
	Ahead       int        // days ahead of the backtest
	Days        int        // of the backtest; 0 = none, and what follows says nothing
	Ours, Naive float64    // errors; naive is the last same weekday
	Covered     float64    // share of the days within the band that was given beforehand
	Within      int        // of how many days
	Owed        int        // see ProposalsAnswer
}

// DayAhead is a day with its calls. Low and High hold them with 80 %; nil where that is
// not known.
type DayAhead struct {
	Date      string // 2026-10-05
	Closed    bool   // no service
	Value     float64
	Low, High *float64
}

// Suggestions is what the rules of the analysis propose about a month (2026-10), without
// what was proposed about the same not long ago, or dropped.
type Suggestions struct {
	Contract desk.ID // zero = the first
	Month    string
}

// SuggestionsAnswer answers Suggestions, in the order of the rules: one row a rule and
// subject.
type SuggestionsAnswer struct {
	Rows []Suggestion
	Owed int // see ProposalsAnswer
}

// Suggestion is what a rule proposes, in the language of the contract, and what it rests
// on. Of is whole: SaveProposal takes it as it is, accepted, or dropped with why.
type Suggestion struct {
	Of        desk.Proposal
	Group     string    // its name
	Threshold float64   // from which on the rule proposes
	Num, Den  float64   // the figure that it rests on; Den 0 = a count
	Cases     []desk.ID // behind it, 500 at most
}

// Staffing is how many agents each half hour of a day takes: the calls that are expected
// by Erlang A where it is known how long callers wait before they give up, else by Erlang C.
type Staffing struct {
	Contract  desk.ID // zero = the first
	Date      string  // 2026-11-30, up to 28 days ahead; "" = the next day of service
	Shrinkage float64 // share of paid time away from the telephone, below 1; 0 = 0.3
}

// StaffingAnswer answers Staffing. Errors are as in CallsAheadAnswer, of half hours a week
// ahead.
type StaffingAnswer struct {
	Date         string
	Calls        float64       // of the day
	Halves       []HalfStaffed // those in which calls are expected; none where too few days are known
	AHT          int64         // seconds that a call takes, of the last 28 days
	Patience     int64         // mean seconds after which who waits gives up; 0 = not known
	Level        float64       // aimed at,
	Within       int64         // within so many seconds,
	MaxAbandoned float64       // and no more given up; 0 = nothing is said of it
	Shrinkage    float64
	Days         int // of the backtest
	Ours, Naive  float64
	Owed         int // see ProposalsAnswer
}

// HalfStaffed is half an hour: the least agents that reach the goal, how many must be paid
// for them to be there, and what one less and one more would give.
type HalfStaffed struct {
	At                string // 09:30
	Calls             float64
	Agents, Rostered  int
	Here, Fewer, More Served
}

// Served is what a number of agents gives.
type Served struct{ Level, Abandoned float64 }

var _ = crosses(SaveProposal{}, Proposals{}, Deviations{}, Recurrence{}, Contributions{}, CallsAhead{}, Suggestions{}, Staffing{})

func (Staffing) answer() Answer { return StaffingAnswer{} }

func (Suggestions) answer() Answer { return SuggestionsAnswer{} }

func (CallsAhead) answer() Answer { return CallsAheadAnswer{} }

func (Contributions) answer() Answer { return ContributionsAnswer{} }

func (Recurrence) answer() Answer { return RecurrenceAnswer{} }

func (Proposals) answer() Answer  { return ProposalsAnswer{} }
func (Deviations) answer() Answer { return DeviationsAnswer{} }

func (SaveProposal) command() {}
