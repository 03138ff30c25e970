package month

import "time"

// What a month shows by day and by hour of the week.

// opening tells in which hours of the week, Monday first, the calendar is open.
func (m *monthSum) opening() (open [7][24]bool) {
	day := m.period.From
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
