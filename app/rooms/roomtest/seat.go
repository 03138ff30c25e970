// Package roomtest is where tests of rooms sit: a desk in memory with all its rooms.
package roomtest

import (
	"context"
	"strings"
	"testing"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/rooms"
	"punto/store"
)

// Seat is a desk that its owner has made, on a clock that the test moves by Now.
type Seat struct {
	testing.TB
	E     *engine.Engine
	Store *store.DB
	Now   time.Time
	Owner context.Context
}

// New makes a desk at an instant (zero: its clock is the machine's), as c says but for its
// name and password.
func New(t testing.TB, at time.Time, c app.CreateDesk) *Seat {
	t.Helper()
	log, err := store.Open(t.Context(), store.Options{Memory: &store.Memory{}})
	if err != nil {
		t.Fatal(err)
	}
	s := &Seat{TB: t, Store: log, Now: at}
	conf := engine.Config{Log: log}
	if !at.IsZero() {
		conf.Now = func() time.Time { return s.Now }
	}
	if s.E, err = rooms.Open(t.Context(), conf); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = s.E.Close(), log.Close() })
	s.Owner = s.E.Owner(t.Context())
	c.Name, c.Password = "Los Andes", "una clave larga"
	s.Do(s.Owner, c)
	return s
}

// Agent makes an agent, and gives the context of the work.
func (s *Seat) Agent(a desk.Agent) context.Context {
	s.Helper()
	return s.E.As(s.Context(), s.Do(s.Owner, app.SaveAgent{Agent: a}).ID)
}

// Do carries a command out, which the desk must not refuse.
func (s *Seat) Do(ctx context.Context, c app.Command) app.Receipt {
	s.Helper()
	r, err := s.E.Do(ctx, c)
	if err != nil {
		s.Fatalf("%s: %v", app.NameOf(c), err)
	}
	return r
}

// Refused carries a command out that the desk must refuse, and say why.
func (s *Seat) Refused(ctx context.Context, code app.Code, says string, c app.Command) {
	s.Helper()
	if _, err := s.E.Do(ctx, c); app.CodeOf(err) != code || !strings.Contains(err.Error(), says) {
		s.Errorf("%s: %v, and not %s %q", app.NameOf(c), err, code, says)
	}
}

// Ask asks what the desk must answer.
func Ask[A any](s *Seat, ctx context.Context, q app.Query) A {
	s.Helper()
	x, err := s.E.Ask(ctx, q)
	if err != nil {
		s.Fatalf("%s: %v", app.NameOf(q), err)
	}
	return x.(A)
}
