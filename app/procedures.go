package app

import "punto/app/desk"

// DoStep stamps the next step of the procedure that a case follows: done with a result,
// or skipped for a reason.
type DoStep struct {
	Case   desk.ID
	Step   string // its code
	Result string // one of the step's choices, where it has some
	Skip   bool
	Reason string
}

var _ = crosses(DoStep{})

func (DoStep) command() {}
