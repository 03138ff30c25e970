package analysis

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/month"
	"punto/app/spc"
	"punto/app/tally"
)

// unit is that of an index: count, share, seconds.
func unit(index string) string { return tally.UnitOf(index) }

// kind is how an index is judged from day to day.
func kind(index string) spc.Measure {
	switch unit(index) {
	case "share":
		return spc.Share
	case "seconds":
		return spc.Time
	}
	return spc.Rate
}

// of is an index on a civil day: of a share or a mean its two sums, a count of one day.
// What the desk keeps no data of is not known.
func of(d *month.Daily, name, index string) (x spc.Day, err error) {
	date := day(name)
	if date.IsZero() {
		return x, fmt.Errorf("%q is not a day", name)
	}
	at := time.Date(date.Year(), date.Month(), date.Day(), 12, 0, 0, 0, d.Zone)
	if index == csat {
		f, err := d.Surveyed(index, tally.DayOf(at, d.Zone))
		if x = (spc.Day{Date: date, X: f.Num}); err == nil && f.Den != nil {
			x.N = *f.Den
		}
		return x, err
	}
	f, err := d.Day(at)
	if err != nil {
		return x, err
	}
	x = spc.Day{Date: date, X: math.NaN()}
	fig := f.Of(index)
	if fig.Needs != "" {
		return x, nil
	}
	x.X, x.N = fig.Num, 1
	if fig.Den != nil {
		x.N = *fig.Den
	}
	if f.Closed && fig.Num == 0 && (fig.Den == nil || *fig.Den == 0) {
		x.Kind = spc.Closed
	}
	return x, nil
}

// seal seals months where there is room for it; what is not sealed is summed from rows.
func seal(ctx context.Context, e *engine.Engine, contract desk.ID, months []string) error {
	if err := month.Seal(ctx, e, contract, months); err != nil && !errors.Is(err, desk.ErrFull) {
		return err
	}
	return nil
}

// over lets f look at the days of a contract, over one snapshot, and tells how many events
// of others it lacks.
func over(ctx context.Context, e *engine.Engine, s engine.Session, contract desk.ID, owed *int, f func(*month.Daily) error) error {
	return e.Look(ctx, s, func(l *engine.Look) (err error) {
		if *owed, err = l.Owed(); err != nil {
			return err
		}
		d, err := month.NewDaily(l, contract)
		if err != nil {
			return err
		}
		return f(d)
	})
}

// learning is the first day of a month, with the days sealed from which it is judged.
func learning(ctx context.Context, e *engine.Engine, s engine.Session, contract desk.ID, name string) (first time.Time, err error) {
	if err := allowed(s); err != nil {
		return first, err
	}
	if first = day(name + "-01"); first.IsZero() {
		return first, app.Fail(app.Invalid, "%q is not a month: write one such as 2026-10", name)
	}
	var months []string
	for t := learnt(first); !t.After(first); t = t.AddDate(0, 1, 0) {
		months = append(months, t.Format("2006-01"))
	}
	return first, seal(ctx, e, contract, months)
}
