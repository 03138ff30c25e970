package cases

// Indexes of cases.
const (
	IxDue      = 'd' // open cases by next deadline
	ixGroup    = 'g' // group, deadline: open
	IxAgent    = 'a' // agent, deadline: open
	IxPerson   = 'p' // person, opened
	ixAsset    = 's' // asset, opened
	ixCategory = 'c' // category, opened
	IxOpened   = 'o' // opened
	IxTurn     = 'r' // what happened to a case that figures count: opened, handed off, resolved, reopened, ended
	IxHeld     = 'H' // left, entered: a stay of a case among the open ones
	IxSolved   = 'q' // person, category, resolved
	ixNumber   = 'n' // number
	ixParent   = 'h' // parent, child
	IxProblem  = 'i' // problem, opened: its cases
	ixWake     = 'W' // pending cases by when they wake
	ixFile     = 'b' // hash of a file, case
	ixFollow   = 'j' // agent, case that they follow
	ixGiven    = 'u' // agent, opened: also of what is over
	IxOfCall   = 'C' // call, case that was opened, followed or solved in it
)
