package engine

import (
	"cmp"
	"slices"
	"time"

	"punto/app/desk"
)

// What somebody looks at is no fact: it is told while it lasts, kept in memory, and
// decides nothing.

// attentive is how long somebody looks at something who has not said so again.
const attentive = 20 * time.Second

// gaze is what an agent looks at, and when that was said last.
type gaze struct {
	desk.Attention
	at time.Time
}

// Attend tells that an agent looks at an entity, and whether they write about it. The
// other workstations hear of it when it is another one.
func (e *Engine) Attend(a desk.Attention) {
	now := e.Now()
	e.mu.Lock()
	if e.gazes == nil {
		e.gazes = map[desk.ID]gaze{}
	}
	was := e.gazes[a.Agent]
	e.gazes[a.Agent] = gaze{a, now}
	e.mu.Unlock()
	if was.Attention != a || now.Sub(was.at) >= attentive {
		e.present()
	}
}

// Attention is what those who work on this workstation look at.
func (e *Engine) Attention() (out []desk.Attention) {
	now := e.Now()
	e.mu.Lock()
	defer e.mu.Unlock()
	for id, g := range e.gazes {
		if now.Sub(g.at) >= attentive || now.Before(g.at.Add(-attentive)) {
			delete(e.gazes, id)
			continue
		}
		out = append(out, g.Attention)
	}
	slices.SortFunc(out, func(a, b desk.Attention) int { return cmp.Compare(a.Agent.String(), b.Agent.String()) })
	return out
}
