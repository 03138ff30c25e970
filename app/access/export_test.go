package access

import (
	"time"

	"punto/app/desk"
)

// What the tests see of the guard.
const (
	Derivations   = derivations
	WaitingForOne = waitingForOne
	FreeGuesses   = freeGuesses
	LongestDelay  = longestDelay
	FailuresFade  = failuresFade
	Right         = right
	Unjudged      = unjudged
)

var (
	GuardOf = guardOf
	ByLogin = byLogin
)

func NewGuard() *guard { return (&guard{}).ready() }

func (g *guard) Begin(agent desk.ID, login string, now time.Time) (func(outcome), error) {
	return g.begin(agent, login, now)
}

func (g *guard) Agents() map[desk.ID]*tries { return g.agents }

// Hold takes both places of the work, so that whoever needs it waits.
func (g *guard) Hold() (release func()) {
	for range derivations {
		g.slots <- struct{}{}
	}
	return func() {
		for range derivations {
			<-g.slots
		}
	}
}
