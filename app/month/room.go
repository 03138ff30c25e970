// Package month is the room of the figures: every index of a month of a contract, from
// the events up to the month's end, closed days sealed as columns, and what has changed
// since a month was stated.
package month

import (
	"errors"

	"punto/app/desk"
	"punto/app/engine"
)

// Room is the capability as the engine takes it.
func Room() engine.Room {
	return engine.Room{Name: "month", Handles: []engine.Handler{engine.AsksBeside(askMonth), engine.Asks(askReplayMonth), engine.Asks(askCut), engine.Asks(askRows)},
		Sees:   map[desk.Type]func(*engine.Op, engine.View){desk.CaseType: spoilCase, desk.CallType: spoilCall, desk.CallerType: spoilCaller},
		Finish: func(o *engine.Op) error { return errors.Join(reclaim(o), unseal(o)) }, Committed: addSpoilt,
		Duties: []engine.Duty{{Do: closeDays, Next: nextClosing}}}
}
