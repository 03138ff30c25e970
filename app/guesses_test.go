package app

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"punto/app/desk"
	"punto/store"
)

// door is an engine with an administrator, on a clock that stands.
func door(t *testing.T) (*Engine, *time.Time) {
	t.Helper()
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	log, err := store.Open(t.Context(), store.Options{Memory: &store.Memory{}})
	if err != nil {
		t.Fatal(err)
	}
	e, err := Open(t.Context(), Config{Log: log, Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = e.Close(), log.Close() })
	if _, err := e.Do(e.Owner(t.Context()), CreateDesk{Name: "Los Andes", Zone: "America/Lima", Password: "una clave larga"}); err != nil {
		t.Fatal(err)
	}
	return e, &now
}

// hold takes both places of the work, so that whoever needs it waits.
func (g *guard) hold() (release func()) {
	for range derivations {
		g.slots <- struct{}{}
	}
	return func() {
		for range derivations {
			<-g.slots
		}
	}
}

func TestManyAtOnceWaitOrAreToldToComeAgain(t *testing.T) {
	e, _ := door(t)
	release := e.guard.hold()
	const n = 64
	answers := make(chan error, n)
	for i := range n {
		go func() {
			_, err := e.Do(context.Background(), SignIn{Login: fmt.Sprint("nadie", i), Password: "no"})
			answers <- err
		}()
	}
	for range n - derivations - waitingForOne { // while nobody is judged, all but those in the queue are answered
		err := <-answers
		var told *Error
		if !errors.As(err, &told) || told.Code != Busy || told.After < 1 {
			t.Fatalf("one too many was told %v", err)
		}
	}
	release()
	for range derivations + waitingForOne {
		if err := <-answers; CodeOf(err) != BadPassword {
			t.Errorf("one who waited was told %v", err)
		}
	}
}

func TestWhoGivesUpWaitingLeavesTheQueue(t *testing.T) {
	e, _ := door(t)
	defer e.guard.hold()()
	for _, login := range []string{"admin", "nadie"} { // a name that nobody has takes the same work as one that somebody has
		for range 3 * (derivations + waitingForOne) {
			ctx, stop := context.WithCancel(t.Context())
			stop()
			if _, err := e.Do(ctx, SignIn{Login: login, Password: "no"}); !errors.Is(err, context.Canceled) {
				t.Fatalf("%s was answered without work, or counted: %v", login, err)
			}
		}
	}
}

func TestGuessesAtOnceAreNoMoreThanOneAfterTheOther(t *testing.T) {
	e, now := door(t)
	var all sync.WaitGroup
	var mu sync.Mutex
	codes := map[Code]int{}
	for range 12 {
		all.Go(func() {
			_, err := e.Do(t.Context(), SignIn{Login: "admin", Password: "no"})
			mu.Lock()
			defer mu.Unlock()
			codes[CodeOf(err)]++
		})
	}
	all.Wait()
	if codes[BadPassword] != freeGuesses || codes[TooSoon] != 12-freeGuesses {
		t.Errorf("of 12 at once: %v", codes)
	}
	_, err := e.Do(t.Context(), SignIn{Login: "admin", Password: "una clave larga"})
	var told *Error
	if !errors.As(err, &told) || told.Code != TooSoon || told.After != 1 {
		t.Errorf("the right one during the delay: %v", err)
	}
	*now = now.Add(2 * time.Second)
	if _, err := e.Do(t.Context(), SignIn{Login: "admin", Password: "una clave larga"}); err != nil {
		t.Errorf("the right one after it: %v", err)
	}
}

func TestMadeUpNamesUnlockNobody(t *testing.T) {
	g, now, admin := newGuard(), time.Now(), desk.DerivedID("agent", "admin")
	for range freeGuesses {
		if _, err := g.begin(admin, "admin", now); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 20_000 {
		_, _ = g.begin(desk.ID{}, fmt.Sprint("x", i), now)
	}
	if _, err := g.begin(admin, "admin", now); CodeOf(err) != TooSoon {
		t.Errorf("after 20,000 made-up names the account answers %v", err)
	}
	if len(g.agents) != 1 {
		t.Errorf("%d agents are remembered, of one", len(g.agents))
	}
}

func TestTheDelayDoublesAndEnds(t *testing.T) {
	for _, agent := range []desk.ID{{}, desk.DerivedID("agent", "admin")} {
		g, now := newGuard(), time.Now()
		var waits []int
		for range 14 {
			if _, err := g.begin(agent, "x", now); err != nil {
				t.Fatal("a guess after its wait:", err)
			}
			_, err := g.begin(agent, "x", now)
			var told *Error
			if !errors.As(err, &told) {
				continue
			}
			waits = append(waits, told.After)
			now = now.Add(time.Duration(told.After) * time.Second)
		}
		if len(waits) < 10 || waits[0] != 1 || waits[1] != 2 || waits[2] != 4 || waits[len(waits)-1] != int(longestDelay/time.Second) {
			t.Errorf("the waits are %v", waits)
		}
		end, err := g.begin(agent, "x", now)
		if err != nil {
			t.Fatal(err)
		}
		end(right)
		for range freeGuesses {
			if end, err = g.begin(agent, "x", now); err != nil {
				t.Errorf("after the right one: %v", err)
			}
		}
		now = now.Add(failuresFade + time.Second)
		for range freeGuesses - 1 {
			if end, err = g.begin(agent, "x", now); err != nil {
				t.Errorf("an hour later: %v", err)
			}
		}
		for range 10 { // what was not judged does not count
			end(unjudged)
			if end, err = g.begin(agent, "x", now); err != nil {
				t.Fatalf("after one that was not judged: %v", err)
			}
		}
	}
}

// One's own password is asked for when it is changed: that is a guess like any.
func TestChangingThePasswordIsNoWayAroundTheDelay(t *testing.T) {
	e, _ := door(t)
	owner := e.Owner(t.Context())
	r, err := e.Do(owner, SaveAgent{Agent: desk.Agent{Name: "Ana", Login: "ana", Role: desk.AgentRole}, Password: "una clave larga"})
	if err != nil {
		t.Fatal(err)
	}
	s, err := e.Do(t.Context(), SignIn{Login: "ana", Password: "una clave larga"})
	if err != nil {
		t.Fatal(err)
	}
	ana := WithSession(t.Context(), s.Token)
	for range freeGuesses {
		if _, err := e.Do(ana, SetPassword{Old: "no", New: "otra clave larga"}); CodeOf(err) != BadPassword {
			t.Fatal(err)
		}
	}
	if _, err := e.Do(ana, SetPassword{Old: "una clave larga", New: "otra clave larga"}); CodeOf(err) != TooSoon {
		t.Errorf("the fourth was judged: %v", err)
	}
	admin, _, err := e.byLogin("admin")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.Do(ana, SetPassword{Agent: admin, Old: "no", New: "otra clave larga"}); CodeOf(err) != NotAllowed {
		t.Errorf("an agent guessed at another's password: %v", err)
	}
	if _, err := e.Do(owner, SetPassword{Agent: r.ID, New: "otra clave larga"}); err != nil {
		t.Errorf("the administrator: %v", err)
	}
}
