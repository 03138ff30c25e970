// Package access is the room of who may come in: agents and their passwords, their
// keys, signing in and out, and what guessing costs.
package access

import "punto/app/engine"

// Room is the capability as the engine takes it.
func Room() engine.Room {
	return engine.Room{Name: "access", Handles: []engine.Handler{engine.DoesAlone(signIn).Public(), engine.DoesAlone(signOut), engine.DoesAlone(setPassword), engine.DoesAlone(saveAgentAlone)}}
}
