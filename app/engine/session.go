package engine

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"time"

	"punto/app"
	"punto/app/desk"
)

// newToken is 128 random bits.
func newToken() string { return fmt.Sprintf("%x", RandomBytes(16)) }

// RandomBytes are n bytes that nobody can guess.
func RandomBytes(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails since Go 1.24
	return b
}

// As attaches a session of an agent to a context, for a program that has made
// sure who it is by other means: like Owner it is for whoever holds the folder.
func (e *Engine) As(ctx context.Context, agent desk.ID) context.Context {
	token := newToken()
	e.mu.Lock()
	defer e.mu.Unlock()
	e.sessions[token] = Session{Agent: agent, Role: e.Rights.Load().Role(agent), since: e.Now()}
	return app.WithSession(ctx, token)
}

func (e *Engine) session(ctx context.Context) (s Session, ok bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	token := app.SessionOf(ctx)
	if s, ok = e.sessions[token]; !ok || s.Agent.IsZero() {
		return s, ok
	}
	if s.Role = e.Rights.Load().Role(s.Agent); s.Role == desk.NoRole { // gone, here or on another workstation
		delete(e.sessions, token)
		return Session{}, false
	}
	return s, true
}

// Agents are those who are signed in on this workstation.
func (e *Engine) Agents() (ids []desk.ID) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, s := range e.sessions {
		if !s.Agent.IsZero() && !slices.Contains(ids, s.Agent) {
			ids = append(ids, s.Agent)
		}
	}
	return ids
}

func (e *Engine) present() {
	if p := e.Peers(); p != nil {
		p.Present()
	}
}

// Session is one signed-in agent. The owner's session is that of the process
// that holds the data folder: whoever can read the folder owns the desk, so it
// adds no right that reading the files would not give.
type Session struct {
	Agent desk.ID
	Role  desk.Role
	since time.Time
}

// AsDesk is the session of the desk itself: what timers do.
func AsDesk() Session { return Session{Role: desk.AdministratorRole} }

// Begin begins a session of an agent who has shown who it is.
func (e *Engine) Begin(agent desk.ID) (token string) {
	token = newToken()
	e.mu.Lock()
	e.sessions[token] = Session{Agent: agent, Role: e.Rights.Load().Role(agent), since: e.Now()}
	e.mu.Unlock()
	e.present()
	return token
}

// End ends a session; that of the owner goes on as long as the engine.
func (e *Engine) End(token string) {
	e.mu.Lock()
	if token != e.owner {
		delete(e.sessions, token)
	}
	e.mu.Unlock()
	e.present()
}
