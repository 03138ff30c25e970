package app

import (
	"punto/app/desk"
	"punto/app/tally"
)

// Month is every index of a month, in the zone of the contract.
type Month struct {
	Month    string  // "2026-10"; a week 2026-W41 or a day 2026-10-05 too
	Contract desk.ID // zero = the first
}

// MonthAnswer answers Month, in the form that programs outside rely on.
type MonthAnswer struct {
	Month    string                        `json:"month"`
	Contract string                        `json:"contract"`
	Zone     string                        `json:"zone"`
	Indices  []tally.Figure                `json:"indices"`
	Tables   map[string][]tally.Count      `json:"tables"` // by category, origin, kind, modality, ...
	Clocks   map[string][]tally.Compliance `json:"clocks"` // sla_take_up and sla_resolve by priority, ola by unit
	Client   string                        `json:"client"`
	Desk     string                        `json:"desk"`
	Lang     string                        `json:"lang"`
	Days     []DayCalls                    `json:"days"`
	Hours    [7][24]int64                  `json:"hours"`      // calls offered by weekday, Monday first, and hour
	Open     [7][24]bool                   `json:"open_hours"` // of an ordinary week of the contract
	Restated []tally.Restatement           `json:"restated"`   // what came after the month had ended and changed its figures

	Gaps []desk.Gap `json:"gaps,omitempty"` // times of the month in which nobody listened to an exchange; its Open calls ended unseen, and are in no share

	Owed int `json:"owed,omitempty"` // events of others that are still to be derived: the figures are of before them

	ReopenDays int `json:"reopen_days"` // of the contract: as long after the month a solution may still be undone
}

// DayCalls are the calls offered on one civil day of the contract's zone: the four
// add up to them.
type DayCalls struct {
	Date      string `json:"date"` // 2026-10-05
	Answered  int    `json:"answered"`
	Abandoned int    `json:"abandoned"` // less the short ones
	Busy      int    `json:"busy"`
	Other     int    `json:"other"` // overflow and withdrawn
}

// MonthBy is the indices of a month apart: by day, by agent, and so on. The calls and the cases
// of a month are each in one row; the whole is the month.
type MonthBy struct {
	Month    string
	Contract desk.ID // zero = the first; by contract all of them are told
	By       string  // one of Cuts
}

// Cuts are what a month is cut by. By day and hour a call counts when it was offered, a case
// when it was opened and when it was resolved; by agent a call counts for who answered it, a
// case for who opened and who resolved it; by language that of the case, or of the user whose
// number it is; by level that of the solution, and of a case that is opened of its first
// group. What moves, and what is open at the end of the month, counts for the agent, the
// level and the group that have it then; by time, what is open in none. Occupancy and surveys
// have no such cuts. What tells nothing of itself has the empty key.
var Cuts = []string{"day", "hour", "half_hour", "weekday", "queue", "call_type", "agent", "language", "contract", "site", "area", "kind", "modality", "category", "priority", "level", "group"}

// MonthByAnswer answers MonthBy: by time in its order, by anything else what has most rows first.
type MonthByAnswer struct {
	Month    string
	Contract string
	By       string
	Rows     []MonthPart
	Whole    []tally.Figure
	Owed     int // events of others that are still to be derived
}

// MonthPart is one part of a month. Rows are how many calls and cases were counted in it.
type MonthPart struct {
	Key     string // in no language: 2026-10-05, 14:30, a code; "" = it tells none
	Name    string // as the desk calls it; "" = Key
	Calls   int
	Opened  int
	Solved  int
	Figures []tally.Figure
}

// IndexRows are the rows behind an index of a month, or behind that of one part of it (By and
// Key of MonthBy): each with what it adds, which adds up to the index.
type IndexRows struct {
	Month    string
	Contract desk.ID // zero = the first
	Index    string
	By, Key  string // By "" = the whole month
	Skip     int    // so many rows
	Limit    int    // 0 = 200; at most 1000
}

// IndexRowsAnswer answers IndexRows: calls, then cases, each in the order of time.
type IndexRowsAnswer struct {
	Contract string
	Figure   tally.Figure // of all rows
	Total    int          // of rows
	Rows     []IndexRow
	Owed     int // events of others that are still to be derived
}

// IndexRow is a call, a case, what happened to a case, an invitation to a survey, or the
// sign-ins of all agents together (then Of is zero). A case stands once for each time that it
// counts.
type IndexRow struct {
	Of     desk.Entity
	At     int64       // when it counts
	Number desk.Number // of a case
	Text   string      // the caller of a call, the subject of a case
	Name   string      // the queue of a call, the user of a case
	Num    float64     // what it adds to the numerator
	Den    float64     // and to the denominator, of an index that has one
}

var _ = crosses(Month{}, MonthBy{}, IndexRows{})

func (Month) answer() Answer     { return MonthAnswer{} }
func (MonthBy) answer() Answer   { return MonthByAnswer{} }
func (IndexRows) answer() Answer { return IndexRowsAnswer{} }
