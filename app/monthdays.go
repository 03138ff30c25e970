package app

import (
	"time"

	"punto/app/tally"
)

// DayCalls are the calls of one civil day of the contract's zone.
type DayCalls struct {
	Date      string `json:"date"` // 2026-10-05
	Answered  int    `json:"answered"`
	Abandoned int    `json:"abandoned"` // the short ones too
	Busy      int    `json:"busy"`
	Other     int    `json:"other"`
}

// perDay counts a call in its day; calls come in the order of their times.
func (m *monthSum) perDay(c tally.Call) {
	if c.Outcome == tally.ClosedHours || c.Outcome == tally.LostInMenu {
		return
	}
	date := c.At.Format("2006-01-02")
	if n := len(m.days); n == 0 || m.days[n-1].Date != date {
		m.days = append(m.days, DayCalls{Date: date})
	}
	d := &m.days[len(m.days)-1]
	switch c.Outcome {
	case tally.Answered:
		d.Answered++
	case tally.Abandoned:
		d.Abandoned++
	case tally.Busy:
		d.Busy++
	default:
		d.Other++
	}
}

// opening tells in which hours of the week, Monday first, the calendar is open.
func (m *monthSum) opening() (open [7][24]bool) {
	day := m.from
	for day.Weekday() != time.Monday {
		day = day.AddDate(0, 0, 1)
	}
	for d := range open {
		for h := range open[d] {
			at := time.Date(day.Year(), day.Month(), day.Day()+d, h, 0, 0, 0, m.zone)
			open[d][h] = m.hours.Between(at, at.Add(time.Hour)) > 0
		}
	}
	return open
}
