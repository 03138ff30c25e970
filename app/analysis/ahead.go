package analysis

import (
	"context"
	"errors"
	"slices"
	"time"

	"punto/app"
	"punto/app/engine"
	"punto/app/month"
	"punto/app/spc"
)

const (
	daysShown    = 14 // of the past, and of what comes
	daysTested   = 7  // ahead, of the backtest
	daysLearnt   = 420
	bandHolds    = 0.8
	callsOffered = "offered"
)

func askAhead(ctx context.Context, e *engine.Engine, s engine.Session, q app.CallsAhead) (a app.CallsAheadAnswer, err error) {
	if err := allowed(s); err != nil {
		return a, err
	}
	var months []string
	err = over(ctx, e, s, q.Contract, &a.Owed, func(d *month.Daily) error {
		today := day(d.Today())
		for t := today.AddDate(0, 0, -daysLearnt); !t.After(today); t = t.AddDate(0, 0, 1) {
			months = append(months, t.Format("2006-01"))
		}
		return nil
	})
	if err != nil {
		return a, err
	}
	if err := seal(ctx, e, q.Contract, slices.Compact(months)); err != nil {
		return a, err
	}
	err = over(ctx, e, s, q.Contract, &a.Owed, func(d *month.Daily) error { return ahead(d, &a) })
	return a, err
}

// ahead forecasts the calls of a contract from its whole days, and tells of what kind the
// days to come are.
func ahead(d *month.Daily, a *app.CallsAheadAnswer) error {
	var days []spc.Day
	today := day(d.Today())
	for t := today.AddDate(0, 0, -daysLearnt); t.Before(today.AddDate(0, 0, daysShown)); t = t.AddDate(0, 0, 1) {
		x := spc.Day{Date: t}
		if t.Before(today) {
			var err error
			if x, err = of(d, t.Format(time.DateOnly), callsOffered); err != nil {
				return err
			}
		} else if kindOf(d, t) == spc.Closed {
			x.Kind = spc.Closed
		}
		days = append(days, x)
	}
	past := days[:daysLearnt]
	// What lies before the first call is not a spell of none.
	first := slices.IndexFunc(past, func(x spc.Day) bool { return x.X > 0 })
	if first < 0 {
		return nil
	}
	past = past[first:]
	for _, x := range past[max(0, len(past)-daysShown):] {
		a.Past = append(a.Past, app.DayAhead{Date: x.Date.Format(time.DateOnly), Closed: x.Kind == spc.Closed, Value: x.X})
	}
	next, err := forecast(past, days[daysLearnt:])
	if errors.Is(err, spc.ErrShort) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, x := range next {
		if v := known(x.Value); v != nil {
			a.Next = append(a.Next, app.DayAhead{Date: x.Date.Format(time.DateOnly), Closed: x.Kind == spc.Closed, Value: *v, Low: known(x.Low), High: known(x.High)})
		}
	}
	scores, err := spc.Backtest(past, []int{daysTested}, bandHolds)
	if err != nil || scores[0].Days == 0 || known(scores[0].Ours) == nil || known(scores[0].Naive) == nil {
		return err
	}
	s := scores[0]
	a.Ahead, a.Days, a.Ours, a.Naive, a.Within = daysTested, s.Days, s.Ours, s.Naive, s.Within
	if s.Within > 0 {
		a.Covered = s.Covered
	}
	return nil
}

// forecast forecasts the days to come, of which only the kind is known: those that are
// closed are given as such, and the forecast begins after the last day that was open.
func forecast(past, next []spc.Day) ([]spc.Prediction, error) {
	days := slices.Clone(past)
	for _, x := range next {
		if x.Kind == spc.Closed {
			days = append(days, x)
		}
	}
	out, err := spc.Forecast(days, len(next)+30, bandHolds)
	return slices.DeleteFunc(out, func(p spc.Prediction) bool {
		return p.Date.Before(next[0].Date) || p.Date.After(next[len(next)-1].Date)
	}), err
}
