// Package conflicts is the room of what two people set without knowing of each other:
// the list of it, and putting it right.
package conflicts

import "punto/app/engine"

// Room is the capability as the engine takes it.
func Room() engine.Room {
	return engine.Room{Name: "conflicts", Handles: []engine.Handler{engine.Does(settleConflict), engine.Asks(askConflicts)}}
}
