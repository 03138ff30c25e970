package app

import "punto/app/desk"

// ModelText is the service model as one readable file: the one in force, or as it was
// when a version was published.
type ModelText struct{ Version int } // 0 = in force

// ModelTextAnswer answers ModelText.
type ModelTextAnswer struct {
	Version int
	File    []byte // see app/draft
}

// ModelVersions lists what was published, newest first.
type ModelVersions struct{}

// ModelVersionsAnswer answers ModelVersions.
type ModelVersionsAnswer struct{ Rows []ModelVersion }

// ModelVersion is one published model.
type ModelVersion struct {
	Version int
	At      int64 // Unix milliseconds
	By      string
}

// ReviewModel checks a draft and compares it with the model in force.
type ReviewModel struct{ File []byte }

// ReviewModelAnswer answers ReviewModel.
type ReviewModelAnswer struct {
	Problems []ModelProblem
	Changes  []ModelChange // none when a problem is grave: it cannot be read as a whole
}

// ModelProblem is something wrong with a draft. Form and Args are what Msg was made
// of, as in Error.
type ModelProblem struct {
	Line  int    // of the file; 0 = of none
	At    string // what it is about
	Msg   string
	Form  string
	Args  []string
	Grave bool // it cannot be published so
}

// ModelChange is one value that a draft changes. Was is "" of what is new, Is of what
// is taken out.
type ModelChange struct{ At, Was, Is string }

// PublishModel makes a draft the service model in force, as its next version. Cases
// keep what they were promised. Groups, calendars and contracts that the draft does not
// name stay as they are: what happened under them remains.
type PublishModel struct{ File []byte }

// ReplayMonth judges the cases solved in a month again, as if the contract had promised
// what a draft says.
type ReplayMonth struct {
	Month    string  // "2026-10"
	Contract desk.ID // zero = the first
	File     []byte
}

// ReplayMonthAnswer answers ReplayMonth.
type ReplayMonthAnswer struct {
	Contract string // its code
	Cases    int    // solved in the month
	Clocks   []ReplayedClock
	Moved    []ReplayedCase // those that changed side, by number
}

// ReplayedClock is one clock before and after: met, of met and breached.
type ReplayedClock struct {
	Clock                        string // sla_take_up, sla_resolve, ola
	Met, Judged                  int
	MetThen, JudgedThen, Excused int // under the draft; excused breaches under it
}

// ReplayedCase is a case of which a clock ended otherwise under the draft.
type ReplayedCase struct {
	ID      desk.ID
	Number  desk.Number
	Clock   string
	Was, Is string // met, breached, excused, none
	Spent   int64  // seconds of business time under the draft
}

var _ = crosses(ModelText{}, ModelVersions{}, ReviewModel{}, PublishModel{}, ReplayMonth{})

func (PublishModel) command()        {}
func (ModelText) answer() Answer     { return ModelTextAnswer{} }
func (ModelVersions) answer() Answer { return ModelVersionsAnswer{} }
func (ReviewModel) answer() Answer   { return ReviewModelAnswer{} }
func (ReplayMonth) answer() Answer   { return ReplayMonthAnswer{} }
