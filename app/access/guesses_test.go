package access_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"punto/app"
	"punto/app/access"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/rooms"
	"punto/store"
)

// door is an engine with an administrator, on a clock that stands.
func door(t *testing.T) (*engine.Engine, *time.Time) {
	t.Helper()
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	log, err := store.Open(t.Context(), store.Options{Memory: &store.Memory{}})
	if err != nil {
		t.Fatal(err)
	}
	e, err := rooms.Open(t.Context(), engine.Config{Log: log, Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = e.Close(), log.Close() })
	if _, err := e.Do(e.Owner(t.Context()), app.CreateDesk{Name: "Los Andes", Zone: "America/Lima", Password: "una clave larga"}); err != nil {
		t.Fatal(err)
	}
	return e, &now
}

func TestManyAtOnceWaitOrAreToldToComeAgain(t *testing.T) {
	e, _ := door(t)
	release := access.GuardOf(e).Hold()
	const n = 64
	answers := make(chan error, n)
	for i := range n {
		go func() {
			_, err := e.Do(context.Background(), app.SignIn{Login: fmt.Sprint("nadie", i), Password: "no"})
			answers <- err
		}()
	}
	for range n - access.Derivations - access.WaitingForOne { // while nobody is judged, all but those in the queue are answered
		err := <-answers
		var told *app.Error
		if !errors.As(err, &told) || told.Code != app.Busy || told.After < 1 {
			t.Fatalf("one too many was told %v", err)
		}
	}
	release()
	for range access.Derivations + access.WaitingForOne {
		if err := <-answers; app.CodeOf(err) != app.BadPassword {
			t.Errorf("one who waited was told %v", err)
		}
	}
}

func TestWhoGivesUpWaitingLeavesTheQueue(t *testing.T) {
	e, _ := door(t)
	defer access.GuardOf(e).Hold()()
	for _, login := range []string{"admin", "nadie"} { // a name that nobody has takes the same work as one that somebody has
		for range 3 * (access.Derivations + access.WaitingForOne) {
			ctx, stop := context.WithCancel(t.Context())
			stop()
			if _, err := e.Do(ctx, app.SignIn{Login: login, Password: "no"}); !errors.Is(err, context.Canceled) {
				t.Fatalf("%s was answered without work, or counted: %v", login, err)
			}
		}
	}
}

func TestGuessesAtOnceAreNoMoreThanOneAfterTheOther(t *testing.T) {
	e, now := door(t)
	var all sync.WaitGroup
	var mu sync.Mutex
	codes := map[app.Code]int{}
	for range 12 {
		all.Go(func() {
			_, err := e.Do(t.Context(), app.SignIn{Login: "admin", Password: "no"})
			mu.Lock()
			defer mu.Unlock()
			codes[app.CodeOf(err)]++
		})
	}
	all.Wait()
	if codes[app.BadPassword] != access.FreeGuesses || codes[app.TooSoon] != 12-access.FreeGuesses {
		t.Errorf("of 12 at once: %v", codes)
	}
	_, err := e.Do(t.Context(), app.SignIn{Login: "admin", Password: "una clave larga"})
	var told *app.Error
	if !errors.As(err, &told) || told.Code != app.TooSoon || told.After != 1 {
		t.Errorf("the right one during the delay: %v", err)
	}
	*now = now.Add(2 * time.Second)
	if _, err := e.Do(t.Context(), app.SignIn{Login: "admin", Password: "una clave larga"}); err != nil {
		t.Errorf("the right one after it: %v", err)
	}
}

func TestMadeUpNamesUnlockNobody(t *testing.T) {
	g, now, admin := access.NewGuard(), time.Now(), desk.DerivedID("agent", "admin")
	for range access.FreeGuesses {
		if _, err := g.Begin(admin, "admin", now); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 20_000 {
		_, _ = g.Begin(desk.ID{}, fmt.Sprint("x", i), now)
	}
	if _, err := g.Begin(admin, "admin", now); app.CodeOf(err) != app.TooSoon {
		t.Errorf("after 20,000 made-up names the account answers %v", err)
	}
	if len(g.Agents()) != 1 {
		t.Errorf("%d agents are remembered, of one", len(g.Agents()))
	}
}

func TestTheDelayDoublesAndEnds(t *testing.T) {
	for _, agent := range []desk.ID{{}, desk.DerivedID("agent", "admin")} {
		g, now := access.NewGuard(), time.Now()
		var waits []int
		for range 14 {
			if _, err := g.Begin(agent, "x", now); err != nil {
				t.Fatal("a guess after its wait:", err)
			}
			_, err := g.Begin(agent, "x", now)
			var told *app.Error
			if !errors.As(err, &told) {
				continue
			}
			waits = append(waits, told.After)
			now = now.Add(time.Duration(told.After) * time.Second)
		}
		if len(waits) < 10 || waits[0] != 1 || waits[1] != 2 || waits[2] != 4 || waits[len(waits)-1] != int(access.LongestDelay/time.Second) {
			t.Errorf("the waits are %v", waits)
		}
		end, err := g.Begin(agent, "x", now)
		if err != nil {
			t.Fatal(err)
		}
		end(access.Right)
		for range access.FreeGuesses {
			if end, err = g.Begin(agent, "x", now); err != nil {
				t.Errorf("after the right one: %v", err)
			}
		}
		now = now.Add(access.FailuresFade + time.Second)
		for range access.FreeGuesses - 1 {
			if end, err = g.Begin(agent, "x", now); err != nil {
				t.Errorf("an hour later: %v", err)
			}
		}
		for range 10 { // what was not judged does not count
			end(access.Unjudged)
			if end, err = g.Begin(agent, "x", now); err != nil {
				t.Fatalf("after one that was not judged: %v", err)
			}
		}
	}
}

// One's own password is asked for when it is changed: that is a guess like any.
func TestChangingThePasswordIsNoWayAroundTheDelay(t *testing.T) {
	e, _ := door(t)
	owner := e.Owner(t.Context())
	r, err := e.Do(owner, app.SaveAgent{Agent: desk.Agent{Name: "Ana", Login: "ana", Role: desk.AgentRole}, Password: "una clave larga"})
	if err != nil {
		t.Fatal(err)
	}
	s, err := e.Do(t.Context(), app.SignIn{Login: "ana", Password: "una clave larga"})
	if err != nil {
		t.Fatal(err)
	}
	ana := app.WithSession(t.Context(), s.Token)
	for range access.FreeGuesses {
		if _, err := e.Do(ana, app.SetPassword{Old: "no", New: "otra clave larga"}); app.CodeOf(err) != app.BadPassword {
			t.Fatal(err)
		}
	}
	if _, err := e.Do(ana, app.SetPassword{Old: "una clave larga", New: "otra clave larga"}); app.CodeOf(err) != app.TooSoon {
		t.Errorf("the fourth was judged: %v", err)
	}
	admin, _, err := access.ByLogin(e, "admin")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.Do(ana, app.SetPassword{Agent: admin, Old: "no", New: "otra clave larga"}); app.CodeOf(err) != app.NotAllowed {
		t.Errorf("an agent guessed at another's password: %v", err)
	}
	if _, err := e.Do(owner, app.SetPassword{Agent: r.ID, New: "otra clave larga"}); err != nil {
		t.Errorf("the administrator: %v", err)
	}
}
