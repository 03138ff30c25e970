package analysis

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"punto/app"
	"punto/app/engine"
	"punto/app/month"
	"punto/app/spc"
	"punto/app/tally"
)

// learnt is the day from which on the days before a month are read: the first of a half
// year, 12 to 17 months before. What is said of a day hangs on where its series begins;
// so all months of a half year see one series, and say the same of it.
func learnt(first time.Time) time.Time {
	half := time.January
	if first.Month() >= time.July {
		half = time.July
	}
	return time.Date(first.Year()-1, half, 1, 0, 0, 0, 0, time.UTC)
}

func askDeviations(ctx context.Context, e *engine.Engine, s engine.Session, q app.Deviations) (a app.DeviationsAnswer, err error) {
	first, err := learning(ctx, e, s, q.Contract, q.Month)
	if err != nil {
		return a, err
	}
	err = over(ctx, e, s, q.Contract, &a.Owed, func(d *month.Daily) (err error) {
		a.Rows, err = watch(d, first)
		return err
	})
	return a, err
}

// watch judges the watched indices on the days of a month, without today.
func watch(d *month.Daily, first time.Time) (rows []app.WatchedIndex, err error) {
	var before, of []string // days
	var whole []month.Figures
	for t := learnt(first); t.Before(first.AddDate(0, 1, 0)); t = t.AddDate(0, 0, 1) {
		name := t.Format(time.DateOnly)
		if name >= d.Today() {
			break
		}
		if before = append(before, name); t.Before(first) {
			continue
		}
		of = append(of, name)
		f, err := d.Day(time.Date(t.Year(), t.Month(), t.Day(), 12, 0, 0, 0, d.Zone))
		if err != nil {
			return nil, err
		}
		whole = append(whole, f)
	}
	if len(of) == 0 {
		return nil, nil
	}
	figures := d.Whole(whole)
	for _, m := range measured {
		if !m.watched {
			continue
		}
		i := slices.IndexFunc(figures, func(f tally.Figure) bool { return f.ID == m.id })
		r := app.WatchedIndex{Of: figures[i]}
		if err := watchOne(d, before, &r, first); err != nil {
			return nil, err
		}
		rows = append(rows, r)
	}
	slices.SortStableFunc(rows, func(x, y app.WatchedIndex) int { return cmp.Compare(rank(y), rank(x)) })
	return rows, nil
}

// rank is larger the more a row is to be looked at.
func rank(r app.WatchedIndex) (n int) {
	if n = 2*min(len(r.Episodes), 5) + min(spansOut(r), 7); r.Of.State == "missed" {
		n += 20
	}
	if r.Projection != nil && r.Projection.Miss >= 0.7 {
		n++
	}
	return n
}

func watchOne(d *month.Daily, names []string, r *app.WatchedIndex, first time.Time) error {
	days := make([]spc.Day, len(names))
	for i, name := range names {
		var err error
		if days[i], err = of(d, name, r.Of.ID); err != nil {
			return err
		}
	}
	// What lies before the first day of which anything is known is not a spell of none.
	if i := slices.IndexFunc(days, func(x spc.Day) bool { return x.X > 0 || kind(r.Of.ID) != spc.Rate && x.N > 0 }); i > 0 {
		days = days[i:]
	}
	judged, episodes, err := spc.Watch{Of: kind(r.Of.ID)}.Deviations(days)
	if err != nil {
		return err
	}
	for _, j := range judged {
		if j.Date.Before(first) {
			continue
		}
		r.Days = append(r.Days, app.WatchedDay{Date: j.Date.Format(time.DateOnly), Value: known(j.Value), Expected: known(j.Expected), Low: known(j.Low), High: known(j.High), Drift: known(j.Drift), Out: j.Out})
	}
	for _, e := range episodes {
		if !e.Ended.IsZero() && e.Ended.Before(first) {
			continue
		}
		x := app.Episode{From: e.From.Format(time.DateOnly), Found: e.Found.Format(time.DateOnly), Up: e.Up, Drift: e.Drift, Value: e.Value, Expected: e.Expected}
		if !e.Ended.IsZero() {
			x.Ended = e.Ended.Format(time.DateOnly)
		}
		r.Episodes = append(r.Episodes, x)
	}
	for _, w := range spc.Weekly(kind(r.Of.ID), days, first) {
		r.Weeks = append(r.Weeks, span(w))
	}
	for _, m := range spc.Monthly(kind(r.Of.ID), days, first) {
		x := span(m)
		if r.Whole = &x; x.Center == nil {
			r.Whole = nil
		}
	}
	r.Projection, err = project(r.Of, days, first)
	return err
}

func span(c spc.Coarse) app.WatchedSpan {
	return app.WatchedSpan{From: c.From.Format(time.DateOnly), Value: known(c.Value), Center: known(c.Center), Low: known(c.Low), High: known(c.High), Out: c.Out}
}

// spansOut is how many weeks are beyond their limits, and the month, which counts as two.
func spansOut(r app.WatchedIndex) (n int) {
	for _, w := range r.Weeks {
		if w.Out {
			n++
		}
	}
	if r.Whole != nil && r.Whole.Out {
		n += 2
	}
	return n
}

// project tells how a share of a month that goes on is thought to end; nil where there
// is no target or too little is known.
func project(f tally.Figure, days []spc.Day, first time.Time) (*app.Projection, error) {
	last, end := days[len(days)-1].Date, first.AddDate(0, 1, -1)
	if f.Unit != "share" || f.Target == nil || f.Den == nil || *f.Target < 0 || *f.Target > 1 || !last.Before(end) {
		return nil, nil
	}
	sizes, counts := make([]spc.Day, len(days)), make([]spc.Count, 0, len(days))
	for i, x := range days {
		sizes[i] = spc.Day{Date: x.Date, Kind: x.Kind, X: x.N}
		if x.N > 0 && x.X >= 0 {
			counts = append(counts, spc.Count{X: x.X, N: x.N})
		}
	}
	next, err := spc.Forecast(sizes, int(end.Sub(last).Hours()/24), 0.8)
	if errors.Is(err, spc.ErrShort) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	m := spc.Month{Failed: f.Num, All: *f.Den, Target: *f.Target, SigmaZ: spc.PPrime(counts, 3).SigmaZ}
	if f.AtLeast {
		m.Failed, m.Target = *f.Den-f.Num, 1-*f.Target
	}
	for _, p := range next {
		if p.Value > 0 {
			m.Rest += p.Value
		}
	}
	p, err := m.Project()
	if err != nil {
		return nil, err
	}
	out := app.Projection{Low: p.Low, High: p.High, Miss: p.Miss}
	if f.AtLeast {
		out.Low, out.High = 1-p.High, 1-p.Low
	}
	return &out, nil
}
