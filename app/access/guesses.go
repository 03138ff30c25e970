package access

import (
	"context"
	"hash/maphash"
	"sync"
	"time"

	"golang.org/x/crypto/argon2"

	"punto/app"
	"punto/app/desk"
	"punto/app/engine"
)

// Limits of what passwords may cost: each derivation takes 64 MiB for about a
// tenth of a second.
const (
	derivations    = 2  // at once
	waitingForOne  = 16 // a caller beyond is told to come again
	freeGuesses    = 3  // the delay begins with the third wrong one
	longestDelay   = 5 * time.Minute
	failuresFade   = time.Hour // without a guess, and the failures are forgotten
	strangers      = 1024
	tryAgainWithin = 5 * time.Second // when the queue is full
)

// guard keeps the guessing of passwords slow, and what it costs in bounds. A guess
// counts before it is judged, so that many at once are no more than one after the
// other. Agents have a memory of their own each, which no made-up name can push
// out; made-up names share one of fixed size.
type guard struct {
	once  sync.Once // makes what follows
	slots chan struct{}
	queue chan struct{}

	mu     sync.Mutex // guards what follows
	agents map[desk.ID]*tries
	others [strangers]tries
	seed   maphash.Seed
}

// guardOf is the guard of an engine.
func guardOf(e *engine.Engine) *guard { return engine.StateOf[guard](e).ready() }

func (g *guard) ready() *guard {
	g.once.Do(func() {
		g.slots, g.queue = make(chan struct{}, derivations), make(chan struct{}, derivations+waitingForOne)
		g.agents, g.seed = map[desk.ID]*tries{}, maphash.MakeSeed()
	})
	return g
}

// deriveKey makes a key of a password, in its turn.
func deriveKey(ctx context.Context, e *engine.Engine, password string, salt []byte, n int) ([]byte, error) {
	g := guardOf(e)
	select {
	case g.queue <- struct{}{}:
		defer func() { <-g.queue }()
	default:
		return nil, app.Later(app.Busy, tryAgainWithin, "many are signing in at this moment: wait %d s and try again")
	}
	select {
	case g.slots <- struct{}{}:
		defer func() { <-g.slots }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return argon2.IDKey([]byte(password), salt, argonTime, argonMemory, argonLanes, uint32(n)), nil // 32 or 64
}

// tries slows the guessing of one password down: the delay doubles with each
// failure and never becomes permanent.
type tries struct {
	failures int
	last     time.Time
	until    time.Time
}

// begin counts a guess as a failure before it is judged; an error when it comes
// too soon. end takes it back.
func (g *guard) begin(agent desk.ID, login string, now time.Time) (end func(outcome), err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	t := &g.others[maphash.String(g.seed, login)%strangers]
	if !agent.IsZero() {
		if t = g.agents[agent]; t == nil {
			t = &tries{}
			g.agents[agent] = t
		}
	}
	if wait := t.until.Sub(now); wait > 0 {
		return nil, app.Later(app.TooSoon, min(wait, longestDelay), "too many wrong passwords: wait %d s and try again")
	}
	if now.Sub(t.last) > failuresFade {
		*t = tries{}
	}
	t.last = now
	if t.failures++; t.failures >= freeGuesses {
		t.until = now.Add(min(time.Second<<min(t.failures-freeGuesses, 9), longestDelay))
	}
	return func(o outcome) {
		g.mu.Lock()
		defer g.mu.Unlock()
		switch {
		case o == right:
			*t = tries{}
		case o == unjudged && t.failures > 0:
			if t.failures--; t.failures < freeGuesses {
				t.until = time.Time{}
			}
		}
	}, nil
}

// outcome is what became of a guess.
type outcome int

const (
	wrong outcome = iota
	right
	unjudged
)

// guess judges one password of one agent; the zero agent is a made-up login. An
// error says why it was not judged.
func guess(ctx context.Context, e *engine.Engine, agent desk.ID, login string, secret []byte, password string) (seal []byte, ok bool, err error) {
	end, err := guardOf(e).begin(agent, login, e.Now())
	if err != nil {
		return nil, false, err
	}
	seal, ok, err = checkPassword(ctx, e, secret, password)
	switch {
	case err != nil:
		end(unjudged)
	case ok:
		end(right)
	default:
		end(wrong)
	}
	return seal, ok, err
}
