// Package floor is the room of what goes on at the telephones now: who waits, the figures
// of today, and how many agents the next half hours take. It stores nothing: all of it
// follows from the calls and the agents' shifts.
package floor

import (
	"slices"
	"time"

	"punto/app"
	"punto/app/analysis"
	"punto/app/calls"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/month"
	"punto/app/people"
	"punto/app/phone"
	"punto/app/shifts"
)

// Room is the capability as the engine takes it.
func Room() engine.Room {
	return engine.Room{Name: "floor", Handles: []engine.Handler{engine.Asks(askFloor)}}
}

const (
	half      = 30 * time.Minute
	longest   = 4 * time.Hour // a call that goes on for longer was not seen to end
	rowPeople = 3             // users of one number that are told
)

func askFloor(l *engine.Look, _ app.Floor) (a app.FloorAnswer, err error) {
	d, err := month.NewDaily(l, desk.ID{})
	if err != nil {
		return a, err
	}
	now := time.UnixMilli(l.Now).In(d.Zone)
	f := &board{Look: l, days: d, now: now, begins: begins(now)}
	if err := f.live(&a); err != nil {
		return a, err
	}
	if a.Figures, err = f.today(); err != nil {
		return a, err
	}
	at, err := shifts.Now(l)
	if err != nil {
		return a, err
	}
	for _, s := range at {
		if s.State == app.AgentAvailable || s.State == app.AgentOnCall {
			a.There++
		}
	}
	goal := analysis.GoalOf(d.Contract)
	a.Formula, a.Within, a.Aimed = analysis.LevelOf(d.Contract), int64(goal.Within.Seconds()), goal.Level
	return a, f.ahead(&a, goal)
}

// board is one Floor being made.
type board struct {
	*engine.Look
	days   *month.Daily
	now    time.Time
	begins time.Time // of the half hour that goes on
}

// begins is when the half hour of an instant begins, in its zone.
func begins(t time.Time) time.Time {
	return t.Add(-time.Duration(t.Minute()%30)*time.Minute - time.Duration(t.Second())*time.Second - time.Duration(t.Nanosecond()))
}

// live tells who waits and who talks, and the half hours that have passed.
func (f *board) live(a *app.FloorAnswer) error {
	first := f.begins.Add(-(app.FloorPast - 1) * half)
	for i := range app.FloorPast {
		a.Halves = append(a.Halves, app.HalfHour{At: first.Add(time.Duration(i) * half).UnixMilli()})
	}
	from := f.now.Add(-longest) // before the first half hour
	for k, err := range f.Reader.Scan(engine.Prefix(calls.IxCall), engine.Prefix(calls.IxCall, from.UnixMilli()), false) {
		if err != nil {
			return err
		}
		v, err := calls.Read(f.Reader, engine.IDOf(k.Key))
		if err != nil {
			return err
		}
		c := v.Call
		if i := int(c.OfferedAt.Sub(first) / half); !c.OfferedAt.Before(first) && i < app.FloorPast {
			a.Halves[i].Calls++
			if calls.Lost(c) {
				a.Halves[i].Lost++
			}
		}
		switch {
		case c.Outcome != phone.NoOutcome || c.OfferedAt.After(f.now):
		case c.Answered():
			a.Talking++
		default:
			since := c.OfferedAt
			if !c.QueuedAt.IsZero() {
				since = c.QueuedAt
			}
			a.Waiting = append(a.Waiting, app.WaitingCall{Since: since.UnixMilli(), Number: c.Caller, Name: c.Name, Queue: c.Queue})
		}
	}
	a.Queued = len(a.Waiting)
	slices.SortStableFunc(a.Waiting, func(x, y app.WaitingCall) int { return int(x.Since - y.Since) })
	a.Waiting = a.Waiting[:min(len(a.Waiting), app.MostWaiting)]
	for i := range a.Waiting {
		var err error
		if a.Waiting[i].People, err = people.ByNumber(f.Look, a.Waiting[i].Number, rowPeople); err != nil {
			return err
		}
	}
	return nil
}
