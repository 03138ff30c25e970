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

var _ = crosses(Month{})

func (Month) answer() Answer { return MonthAnswer{} }
