package analysis

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"punto/app"
	"punto/app/engine"
	"punto/app/month"
	"punto/app/spc"
)

// How many agents each half hour of a day takes.
const (
	daysAhead = 28
	byDefault = 0.3  // shrinkage
	leastTold = 0.05 // of a half hour of which something is said
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
	goal := GoalOf(d.Contract)
	a.Level, a.Within, a.MaxAbandoned = goal.Level, int64(goal.Within.Seconds()), goal.MaxAbandoned
	x, err := DemandOf(d)
	if err != nil || x.AHT() <= 0 {
		return err
	}
	a.AHT, a.Patience = int64(x.AHT().Seconds()), int64(x.Patience().Seconds())
	a.Ours, a.Naive, a.Days = spc.BacktestHalves(x.known(), 7*8)
	by, ok, err := x.On(d, of)
	if err != nil || !ok {
		return err
	}
	goal.Shrinkage = a.Shrinkage
	for h, calls := range by {
		if a.Calls += calls; calls < leastTold {
			continue
		}
		s, err := x.Load(calls).Staff(x.Within(goal))
		if err != nil { // no number of agents is enough: nothing is said of it
			continue
		}
		a.Halves = append(a.Halves, app.HalfStaffed{At: fmt.Sprintf("%02d:%02d", h/2, h%2*30), Calls: calls, Agents: s.Agents, Rostered: s.Rostered,
			Here: served(s.Service), Fewer: served(s.Fewer), More: served(s.More)})
	}
	return nil
}

func served(s spc.Service) app.Served { return app.Served{Level: s.Level, Abandoned: s.Abandoned} }
