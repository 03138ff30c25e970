package issuing

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/records"
)

// What is scheduled is issued by the coordinator when its time has come; what came to be
// due while it was off is issued when it is back, the oldest first.

// looks is how often it is looked what is due, besides when something changed.
const looks = 30 * time.Second

// missed is how many that were missed are made up for, the latest ones.
var missed = map[desk.Cycle]int{desk.Monthly: 3, desk.Weekly: 4, desk.Daily: 7}

// pauses are how long it is waited after a try that failed, the last one again and again.
var pauses = [...]time.Duration{time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute, 30 * time.Minute}

// going is how the schedules go on this workstation.
type going struct {
	mu    sync.Mutex // guards what follows
	doing desk.ID    // definition whose report is being made
	bad   map[desk.ID]failure
}

type failure struct {
	err   string
	tries int
	until time.Time
	of    desk.Definition // as it was then: one that was changed is tried at once
}

func (g *going) show(r *app.DefinitionRow) {
	g.mu.Lock()
	defer g.mu.Unlock()
	r.Doing = g.doing == r.ID
	r.Err, r.Tries = g.bad[r.ID].err, g.bad[r.ID].tries
}

func (g *going) begin(id desk.ID) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.doing = id
}

// end notes how a try went.
func (g *going) end(x defined, now time.Time, err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.doing = desk.ID{}
	if err == nil {
		delete(g.bad, x.id)
		return
	}
	if g.bad == nil {
		g.bad = map[desk.ID]failure{}
	}
	n := g.bad[x.id].tries + 1
	g.bad[x.id] = failure{err.Error(), n, now.Add(pauses[min(n, len(pauses))-1]), x.of}
}

// rests is how long a definition is not tried after it failed.
func (g *going) rests(x defined, now time.Time) time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	f := g.bad[x.id]
	if fmt.Sprint(f.of) != fmt.Sprint(x.of) {
		return 0
	}
	if w := f.until.Sub(now); w > 0 && w <= pauses[len(pauses)-1] { // the clock may have been set back
		return w
	}
	return 0
}

func zoneOf(n *engine.Names) (*time.Location, error) {
	d, err := records.Desk(n)
	if err != nil {
		return nil, err
	}
	zone, err := time.LoadLocation(cmp.Or(d.Zone, "UTC"))
	if err != nil {
		return time.UTC, nil //nolint:nilerr // a zone that this machine does not know keeps no report from coming
	}
	return zone, nil
}

// keepable tells whether a definition has a schedule that can be kept, whoever wrote it.
func keepable(d desk.Definition) bool {
	return d.Scheduled && d.Cycle.Valid() && d.Hour >= 0 && d.Hour <= 23 && d.Minute >= 0 && d.Minute <= 59 && d.Day >= 0 && d.Day <= 28
}

// dueIn is when a definition falls due in the cycle that holds a day.
func dueIn(d desk.Definition, day time.Time) time.Time {
	switch d.Cycle {
	case desk.Weekly:
		return time.Date(day.Year(), day.Month(), day.Day()-(int(day.Weekday())+6)%7+d.Day-1, d.Hour, d.Minute, 0, 0, day.Location())
	case desk.Daily:
		return time.Date(day.Year(), day.Month(), day.Day(), d.Hour, d.Minute, 0, 0, day.Location())
	}
	return time.Date(day.Year(), day.Month(), d.Day, d.Hour, d.Minute, 0, 0, day.Location())
}

// step is a day so many cycles later.
func step(d desk.Definition, day time.Time, n int) time.Time {
	switch d.Cycle {
	case desk.Weekly:
		return day.AddDate(0, 0, 7*n)
	case desk.Daily:
		return day.AddDate(0, 0, n)
	}
	return time.Date(day.Year(), day.Month()+time.Month(n), 1, 12, 0, 0, 0, day.Location())
}

// noon is noon of the day of an instant: days are counted from it, whatever the clock does.
func noon(t time.Time, zone *time.Location) time.Time {
	y, m, d := t.In(zone).Date()
	return time.Date(y, m, d, 12, 0, 0, 0, zone)
}

// next is when a definition falls due next, after an instant.
func next(d desk.Definition, after time.Time, zone *time.Location) time.Time {
	for n := 0; ; n++ {
		if at := dueIn(d, step(d, noon(after, zone), n)); at.After(after) {
			return at
		}
	}
}

// covers is the period that is over when a definition falls due.
func covers(d desk.Definition, due time.Time) string {
	before := step(d, noon(due, due.Location()), -1)
	switch d.Cycle {
	case desk.Weekly:
		y, w := before.ISOWeek()
		return fmt.Sprintf("%04d-W%02d", y, w)
	case desk.Daily:
		return before.Format(time.DateOnly)
	}
	return before.Format("2006-01")
}

// due is a report whose time has come.
type due struct {
	of app.ReportOf
	at int64
}

// owing are the reports of a definition that are due by now and were not issued, the oldest
// first.
func owing(l *engine.Look, x defined, zone *time.Location) (out []due, err error) {
	d, now := x.of, time.UnixMilli(l.Now)
	if !keepable(d) {
		return nil, nil
	}
	contracts := d.Contracts
	if len(contracts) == 0 {
		id, _, err := records.ContractOf(l.Names, desk.ID{})
		if err != nil || id.IsZero() {
			return nil, err
		}
		contracts = []desk.ID{id}
	}
	for n := -missed[d.Cycle]; n <= 0; n++ {
		at := dueIn(d, step(d, noon(now, zone), n))
		if at.After(now) || at.UnixMilli() <= d.SinceAt {
			continue
		}
		period := covers(d, at)
		for _, id := range contracts[:min(len(contracts), mostContracts)] {
			v, err := read(l.Reader, desk.ReportID(x.id, id, period))
			if err != nil {
				return nil, err
			}
			if v.last() == nil {
				out = append(out, due{app.ReportOf{Definition: x.id, Contract: id, Period: period}, at.UnixMilli()})
			}
		}
	}
	return out, nil
}

// Keep issues what is scheduled where this workstation coordinates, until ctx ends.
func Keep(ctx context.Context, e *engine.Engine) {
	e.Repeat(ctx, app.Interest{Types: []desk.Type{desk.DefinitionType}}, func(ctx context.Context) time.Duration {
		wait, err := Turn(ctx, e)
		if err != nil && ctx.Err() == nil {
			e.Logger.Error("issue the scheduled reports", "err", err)
			wait = looks
		}
		return min(max(wait, time.Second), looks)
	})
}

// Turn issues what is due, where this workstation coordinates, and tells how long until it
// is to be called again. One that fails keeps no other from being issued. Keep calls it;
// simulations do when they please.
func Turn(ctx context.Context, e *engine.Engine) (wait time.Duration, err error) {
	type task struct {
		defined
		due
	}
	var todo []task
	wait = looks
	g := engine.StateOf[going](e)
	err = e.Look(ctx, engine.AsDesk(), func(l *engine.Look) error {
		if here, err := records.Coordinates(l.Names); err != nil || !here {
			return err
		}
		if owed, err := l.Owed(); err != nil || owed > 0 { // nothing is told of half of what has come
			wait = time.Second
			return err
		}
		zone, err := zoneOf(l.Names)
		if err != nil {
			return err
		}
		all, err := definitions(l.Names)
		if err != nil {
			return err
		}
		for _, x := range all {
			if !keepable(x.of) {
				continue
			}
			late, err := owing(l, x, zone)
			if err != nil {
				return err
			}
			if len(late) == 0 {
				wait = min(wait, next(x.of, e.Now(), zone).Sub(e.Now()))
				continue
			}
			if rest := g.rests(x, e.Now()); rest > 0 {
				wait = min(wait, rest)
				continue
			}
			for _, d := range late {
				todo = append(todo, task{x, d})
			}
		}
		return nil
	})
	if err != nil {
		return wait, err
	}
	failed := map[desk.ID]bool{}
	for _, t := range todo {
		if failed[t.id] || ctx.Err() != nil {
			continue
		}
		g.begin(t.id)
		e.Tell(desk.Entity{Type: desk.DefinitionType, ID: t.id})
		_, err := Issue(e.Owner(ctx), e, engine.AsDesk(), app.IssueReport{ReportOf: t.due.of}, t.at)
		if ctx.Err() != nil {
			return 0, nil
		}
		g.end(t.defined, e.Now(), err)
		if err != nil {
			failed[t.id] = true
			var known *app.Error
			e.Logger.Warn("a scheduled report is not issued: it is tried again", "period", t.due.of.Period, "err", err, "known", errors.As(err, &known))
			wait = min(wait, g.rests(t.defined, e.Now()))
		}
		e.Tell(desk.Entity{Type: desk.DefinitionType, ID: t.id})
	}
	return wait, nil
}
