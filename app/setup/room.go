// Package setup is the room of the first minute: a desk out of an empty folder, and
// what a desk is for whoever opens it.
package setup

import (
	"time"

	"punto/app"
	"punto/app/alarms"
	"punto/app/calls"
	"punto/app/cases"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/records"
)

func askStatus(l *engine.Look, q app.Status) (app.Answer, error) {
	d, err := records.Desk(l.Names)
	if err != nil {
		return nil, err
	}
	a := app.StatusAnswer{Desk: d, Origins: l.Engine.Log.Vector(), Room: l.Engine.Room()}
	if a.Owed, err = l.Owed(); err != nil {
		return nil, err
	}
	pre, err := l.Reader.Meta("prefix")
	if err != nil {
		return nil, err
	}
	a.Node = string(pre)
	if l.Session.Role == desk.NoRole { // nobody is signed in: the name of the desk and no more
		a.Origins = nil
		return a, nil
	}
	a.Me = l.Session.Agent
	if a.Agent, err = engine.Noun[desk.Agent](l.Names, desk.AgentType, l.Session.Agent); err != nil {
		return nil, err
	}
	a.Agent.Secret = nil
	a.Agent.Role = l.Session.Role
	if a.Cases, err = engine.Count(l.Reader, engine.Prefix(cases.IxDue), nil, nil); err != nil {
		return nil, err
	}
	if !l.Session.Agent.IsZero() {
		if a.Asking, a.Unread, err = alarms.Waiting(l, l.Session.Agent); err != nil {
			return nil, err
		}
		if a.Mine, err = engine.Count(l.Reader, engine.Prefix(cases.IxAgent, l.Session.Agent), nil, nil); err != nil {
			return nil, err
		}
	}
	zone, err := time.LoadLocation(d.Zone)
	if err != nil {
		zone = time.UTC
	}
	today := startOfDay(time.UnixMilli(l.Now).In(zone))
	a.Calls, err = engine.Count(l.Reader, engine.Prefix(calls.IxCall), engine.Prefix(calls.IxCall, today.UnixMilli()), nil)
	return a, err
}

// startOfDay is the first instant of a civil day, also where midnight does not
// exist.
func startOfDay(t time.Time) time.Time {
	s := time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, t.Location())
	if s.Day() != t.Day() { // a gap at midnight: the day begins where the gap ends
		_, end := s.ZoneBounds()
		return end
	}
	return s
}

// Room is the capability as the engine takes it.
func Room() engine.Room {
	return engine.Room{Name: "setup", Handles: []engine.Handler{engine.DoesAlone(createDesk).Public(), engine.Asks(askStatus).Public()}}
}
