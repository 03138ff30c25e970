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
	Of         tally.Figure // of the month so far
	Days       []WatchedDay // of the month
	Episodes   []Episode    // that began, went on or ended in the month
	Projection *Projection  // of a share with a target while the month goes on; nil = there is none
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

var _ = crosses(SaveProposal{}, Proposals{}, Deviations{})

func (Proposals) answer() Answer  { return ProposalsAnswer{} }
func (Deviations) answer() Answer { return DeviationsAnswer{} }

func (SaveProposal) command() {}
