package app

import "punto/app/desk"

// Queue is a page of the open cases as somebody works through them: those of one view
// for which every term of a filter holds.
type Queue struct {
	View   string // "mine", "group" (of the groups of whoever asks), "unowned", "breached", "followed"; "" or "all" = all
	Filter []Term // at most MaxTerms
	By     string // "" = band, then the next deadline; else one of QueueOrders
	Down   bool   // the other way round
	After  int    // how many rows come before
	Limit  int    // 0 = 50; at most 1000
}

// MaxTerms is how many terms a filter may have.
const MaxTerms = 16

// QueueOrders are the columns by which a queue is sorted.
var QueueOrders = []string{"due", "number", "subject", "person", "priority", "group", "agent", "category", "opened", "hops", "status", "clock"}

// Term is one thing that a case of a queue has to have: any of those that it names.
type Term struct {
	Text       string // begins a word of its number, subject, user, area, group, agent or category
	Priorities []int
	Statuses   []desk.Status
	From, To   int64 // it was opened, or falls due, from an instant until before another; both 0 = whenever
}

// QueueAnswer answers Queue.
type QueueAnswer struct {
	Rows   []CaseRow
	Total  int         // rows of all pages
	Bands  []int       // how many of them are in each Band
	Counts QueueCounts // of the views, whatever the filter
	Owed   int         // events of others that are still to be derived: the queue is of before them
}

// QueueCounts is how many open cases each view has.
type QueueCounts struct{ Mine, Group, Unowned, Breached, Followed, All int }

// Band is how much of what was promised is left to a case: of its run that falls due
// first.
type Band uint8

// Bands, the most urgent first.
const (
	NoBand  Band = iota
	Overdue      // breached
	Tenth        // a tenth of the target is left, or less
	Quarter      // a quarter, or less
	OnTime
	Still // its clock is paused, or it has none
	Bands // how many there are
)

// FollowCase has whoever is signed in follow a case, or follow it no more.
type FollowCase struct {
	Case desk.ID
	Off  bool
}

// Load is what each agent of the desk has open.
type Load struct{}

// LoadAnswer answers Load: whoever has most that is overdue first.
type LoadAnswer struct {
	Rows    []LoadRow // of agents that work on cases
	Unowned LoadRow   // what nobody has
}

// LoadRow is what one has open: of all of it, what is overdue, what will be soon (a
// quarter of the target is left, or less) and what stands still.
type LoadRow struct {
	Agent                      desk.ID
	Name                       string
	Open, Overdue, Soon, Still int
}

// Beside tells the desk that whoever asks has a case open, and tells them who else has:
// it is asked again while that lasts.
type Beside struct {
	Case    desk.ID
	Writing bool
}

// BesideAnswer answers Beside: those who write first.
type BesideAnswer struct{ Rows []BesideRow }

// BesideRow is one who has the case open.
type BesideRow struct {
	Agent   string
	Node    string // the workstation; "" = this one
	Writing bool
}

var _ = crosses(Queue{}, Load{}, Beside{}, FollowCase{})

func (Queue) answer() Answer  { return QueueAnswer{} }
func (Load) answer() Answer   { return LoadAnswer{} }
func (Beside) answer() Answer { return BesideAnswer{} }
func (FollowCase) command()   {}
