package analysis

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/month"
	"punto/app/phone"
	"punto/app/spc"
	"punto/app/tally"
)

// How many agents each half hour of a day takes.
const (
	weeksCounted  = 20 // of half hours
	weeksOfTimes  = 4  // of how long calls take, and callers wait
	daysAhead     = 28
	fewestGivenUp = 30 // calls, for their patience to be known
	longestCall   = 4 * time.Hour
	byDefault     = 0.3 // shrinkage
	levelAimed    = 0.8 // where the contract names none
	answeredIn    = 20  // seconds, likewise
)

func askStaffing(ctx context.Context, e *engine.Engine, s engine.Session, q app.Staffing) (a app.StaffingAnswer, err error) {
	if err := allowed(s); err != nil {
		return a, err
	}
	if !(q.Shrinkage >= 0 && q.Shrinkage < 1) {
		return a, app.Fail(app.Invalid, "the shrinkage is a share from 0 to below 1: correct it")
	}
	err = over(ctx, e, s, q.Contract, &a.Owed, func(d *month.Daily) error {
		a.Shrinkage = cmp.Or(q.Shrinkage, byDefault)
		return staffing(d, q.Date, &a)
	})
	return a, err
}

// civil is a civil day of the contract, from its midnight to the next.
func civil(d *month.Daily, t time.Time) tally.Period {
	return tally.DayOf(time.Date(t.Year(), t.Month(), t.Day(), 12, 0, 0, 0, d.Zone), d.Zone)
}

// kindOf is what sort of day one is in the calendar of the contract.
func kindOf(d *month.Daily, t time.Time) spc.Kind {
	p := civil(d, t)
	switch {
	case d.Hours.Between(p.From, p.To) == 0:
		return spc.Closed
	case d.Hours.Holiday(t.Year(), t.Month(), t.Day()):
		return spc.Holiday
	}
	return spc.Ordinary
}

// halvesOf are the calls offered by half hour on the days before today; and how long
// calls took, and callers were ready to wait, on the last of them.
func halvesOf(d *month.Daily) (days []spc.Halves, aht, patience time.Duration, err error) {
	today := day(d.Today())
	first := today.AddDate(0, 0, -7*weeksCounted)
	for t := first; t.Before(today); t = t.AddDate(0, 0, 1) {
		days = append(days, spc.Halves{Day: spc.Day{Date: t, Kind: kindOf(d, t)}})
	}
	recent := civil(d, today.AddDate(0, 0, -7*weeksOfTimes)).From
	var handled, waited time.Duration
	answered, gone, began := 0, 0, -1
	err = d.EachCall(tally.Period{From: civil(d, first).From, To: civil(d, today).From}, func(c phone.Call, _ desk.ID) error {
		at := c.OfferedAt.In(d.Zone)
		open := d.Hours.Between(at, at.Add(time.Second)) > 0
		if !open || c.Outcome == phone.LostInMenu || c.Outcome == phone.Closed {
			return nil // in no figure of what is offered
		}
		i := int(day(at.Format(time.DateOnly)).Sub(first).Hours() / 24)
		if i < 0 || i >= len(days) {
			return nil
		}
		if began < 0 {
			began = i
		}
		days[i].By[at.Hour()*2+at.Minute()/30]++
		days[i].X++
		if at.Before(recent) {
			return nil
		}
		spent := c.Talk + c.Hold + c.WrapUp
		switch {
		case c.Answered() && spent < longestCall:
			handled, waited, answered = handled+spent, waited+c.Wait, answered+1
		case c.Outcome == phone.Abandoned:
			waited, gone = waited+c.Wait, gone+1
		}
		return nil
	})
	if answered > 0 {
		aht = handled / time.Duration(answered)
	}
	// Of times that are exponential, some of which were cut short by an answer, the mean is
	// the sum of all by the number that were not (the likeliest; Garnett, Mandelbaum and
	// Reiman 2002 estimate the patience of callers so).
	if gone >= fewestGivenUp {
		patience = waited / time.Duration(gone)
	}
	return days[max(0, began):], aht, patience, err
}

func staffing(d *month.Daily, date string, a *app.StaffingAnswer) error {
	today := day(d.Today())
	of := day(date)
	switch {
	case date == "":
		for of = today.AddDate(0, 0, 1); kindOf(d, of) == spc.Closed && of.Before(today.AddDate(0, 0, daysAhead)); {
			of = of.AddDate(0, 0, 1)
		}
	case of.IsZero() || of.Before(today) || of.After(today.AddDate(0, 0, daysAhead)):
		return app.Fail(app.Invalid, "staffing is told of today and the 28 days after it: choose one of them")
	}
	a.Date = of.Format(time.DateOnly)
	a.Level, a.Within = levelAimed, answeredIn
	for _, g := range d.Contract.Goals {
		switch {
		case g.Index == "service_level_strict" && g.AtLeast && g.Value > 0 && g.Value < 1:
			a.Level = g.Value
		case g.Index == "pct_abandoned" && !g.AtLeast && g.Value > 0 && g.Value < 1:
			a.MaxAbandoned = g.Value
		}
	}
	if d.Contract.AnswerIn > 0 {
		a.Within = d.Contract.AnswerIn
	}
	days, aht, patience, err := halvesOf(d)
	if err != nil || len(days) == 0 || aht <= 0 {
		return err
	}
	a.AHT, a.Patience = int64(aht.Seconds()), int64(patience.Seconds())
	a.Ours, a.Naive, a.Days = spc.BacktestHalves(days, 7*8)
	plain := make([]spc.Day, 0, len(days))
	for _, x := range days {
		plain = append(plain, x.Day)
	}
	var next []spc.Day
	for t := today; !t.After(of); t = t.AddDate(0, 0, 1) {
		next = append(next, spc.Day{Date: t, Kind: kindOf(d, t), X: math.NaN()})
	}
	told, err := forecast(plain, next)
	if errors.Is(err, spc.ErrShort) {
		return nil
	}
	by, ok := spc.Spread(days, spc.Day{Date: of})
	if err != nil || !ok || len(told) == 0 || known(told[len(told)-1].Value) == nil {
		return err
	}
	a.Calls = told[len(told)-1].Value
	for h, share := range by {
		calls := a.Calls * share
		if calls < 0.05 {
			continue
		}
		load := spc.Load{Calls: calls, Interval: 30 * time.Minute, AHT: aht, Patience: patience}
		goal := spc.Goal{Level: a.Level, Within: time.Duration(a.Within) * time.Second, Shrinkage: a.Shrinkage}
		if patience > 0 {
			goal.MaxAbandoned = a.MaxAbandoned
		}
		s, err := load.Staff(goal)
		if err != nil { // no number of agents is enough: nothing is said of it
			continue
		}
		a.Halves = append(a.Halves, app.HalfStaffed{At: fmt.Sprintf("%02d:%02d", h/2, h%2*30), Calls: calls, Agents: s.Agents, Rostered: s.Rostered,
			Here: served(s.Service), Fewer: served(s.Fewer), More: served(s.More)})
	}
	return nil
}

func served(s spc.Service) app.Served { return app.Served{Level: s.Level, Abandoned: s.Abandoned} }
