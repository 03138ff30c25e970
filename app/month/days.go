package month

import (
	"time"

	"punto/app"
	"punto/app/calls"
	"punto/app/phone"
	"punto/app/tally"
)

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

// call is a call as the indices see it.
func (m *monthSum) call(c phone.Call) (t tally.Call, err error) {
	t = tally.Call{At: c.OfferedAt.In(m.zone), Wait: c.Wait, NoWait: c.Doubts&phone.NoWait != 0, Talk: c.Talk, Hold: c.Hold, WrapUp: c.WrapUp,
		Queued: c.Wait > 0 || c.Outcome == phone.Abandoned, Queue: c.Queue, Type: c.Type, Agent: c.Agent}
	open := m.hours.Between(c.OfferedAt, c.OfferedAt.Add(time.Second)) > 0
	switch {
	case c.Outcome == phone.LostInMenu:
		t.Outcome = tally.LostInMenu
	case !open || c.Outcome == phone.Closed:
		t.Outcome = tally.ClosedHours
	case c.Answered():
		t.Outcome = tally.Answered
	case c.Outcome == phone.Abandoned:
		t.Outcome = tally.Abandoned
	case c.Outcome == phone.Busy:
		t.Outcome = tally.Busy
	case c.Outcome == phone.Overflow:
		t.Outcome = tally.Overflow
	case c.Outcome == phone.Withdrawn:
		t.Outcome = tally.Withdrawn
	default:
		t.Outcome = tally.Unknown
	}
	if t.Outcome == tally.Abandoned || t.Outcome == tally.Busy {
		key := calls.CallerKey(c.Caller)
		t.Callable = key != ""
		t.Returned, err = calls.Returned(m.Reader, key, calls.EndOfWait(c))
	}
	return t, err
}

// dayCalls are the calls offered on a day that was summed; false when there were
// none.
func dayCalls(p tally.Period, day *tally.Accumulator) (c app.DayCalls, any bool) {
	c.Date = p.From.Format("2006-01-02")
	for _, f := range day.Figures(nil) {
		n := int(f.Num)
		switch f.ID {
		case "established":
			c.Answered = n
		case "abandoned":
			c.Abandoned = n
		case "busy":
			c.Busy = n
		case "overflow", "withdrawn":
			c.Other += n
		}
	}
	return c, c.Answered+c.Abandoned+c.Busy+c.Other > 0
}
