package app

import "punto/app/desk"

// SaveProblem makes or changes a problem; a zero ID makes one. When it was made and solved
// is the room's to say; SolveProblem solves it.
type SaveProblem struct {
	ID      desk.ID
	Problem desk.Problem
	Cases   []desk.ID // that it is the cause of, besides; at most MaxLinked
}

// LinkProblem names a problem as the cause of cases; a zero Problem takes it from them.
type LinkProblem struct {
	Problem desk.ID
	Cases   []desk.ID // at most MaxLinked
}

// MaxLinked is how many cases are linked, solved or told by one command.
const MaxLinked = 500

// SolveProblem solves a problem and, in the same act, tells the users of its open cases
// and solves those. The receipt's More are the open cases that stay so: all of them
// without Cases, else those that cannot be solved as they are (see ResolveCase).
type SolveProblem struct {
	ID    desk.ID
	Text  string // how it was solved; also the solution of its cases
	Cases bool   // solve them too
	Tell  string // to their users; "" = nothing
	Mail  bool   // by mail too
}

// TellCases tells one text to the users of a case and of its open children, or of the open
// cases of a problem: a public note on each case and, with Mail, one letter to each user
// who has an address. Told again, a letter of the same words is not written twice.
type TellCases struct {
	Case, Problem desk.ID // one of them
	Text          string
	Mail          bool
}

// Reached is how many cases a command acted on at once.
type Reached struct {
	Solved int `json:"solved,omitempty"`
	Told   int `json:"told,omitempty"`
	Mailed int `json:"mailed,omitempty"` // letters written: fewer than told where users have no address, or one has several cases
}

// Problems are the problems of the desk, those with most open cases first; 500 at most.
type Problems struct {
	Open bool // without what is solved or dropped
}

// ProblemsAnswer answers Problems.
type ProblemsAnswer struct {
	Rows []ProblemRow
	Owed int // events of others that are still to be derived
}

// ProblemRow is a problem in a list, with what its cases come to.
type ProblemRow struct {
	ID           desk.ID
	Of           desk.Problem
	Owner, Group string
	Article      string      // title of its solution document
	Cases, Open  int         // linked; of them open
	Users        int         // different ones
	After        int         // linked cases that were opened after it was solved
	LastAt       int64       // the latest was opened; 0 = there is none
	Known        bool        // a known error
	First        desk.Number `json:",omitempty"` // of the case that was opened first
}

// OneProblem is a problem by its id.
type OneProblem struct{ ID desk.ID }

// OneProblemAnswer answers OneProblem; its cases are Cases by "problem".
type OneProblemAnswer struct{ Row ProblemRow }

var _ = crosses(SaveProblem{}, LinkProblem{}, SolveProblem{}, TellCases{}, Problems{}, OneProblem{})

func (SaveProblem) command()      {}
func (LinkProblem) command()      {}
func (SolveProblem) command()     {}
func (TellCases) command()        {}
func (Problems) answer() Answer   { return ProblemsAnswer{} }
func (OneProblem) answer() Answer { return OneProblemAnswer{} }
