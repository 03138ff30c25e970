package oracle_test

import (
	"context"
	"math"
	"testing"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/oracle"
	"punto/app/phone"
	"punto/app/rooms"
	"punto/app/sla"
	"punto/app/tally"
	"punto/store"
)

// hosted is a desk in memory, on a clock that the test moves.
type hosted struct {
	*testing.T
	*engine.Engine
	ctx context.Context
	now time.Time
	db  *store.DB

	calls []phone.Call // to be imported
}

const password = "una clave larga"

func newEngine(t *testing.T, zone string, hours *sla.Calendar, now time.Time) *hosted {
	t.Helper()
	e := &hosted{T: t, now: now}
	var err error
	if e.db, err = store.Open(t.Context(), store.Options{Memory: &store.Memory{}}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.db.Close() })
	if e.Engine, err = rooms.Open(t.Context(), engine.Config{Log: e.db, Now: func() time.Time { return e.now }}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Close() })
	e.ctx = e.Owner(t.Context())
	e.do(app.CreateDesk{Name: "Oráculo", Zone: zone, Hours: hours, AlwaysOpen: hours == nil, Password: password})
	e.ctx = app.WithSession(t.Context(), e.do(app.SignIn{Login: "admin", Password: password}).Token)
	return e
}

func (e *hosted) do(c app.Command) app.Receipt {
	e.Helper()
	r, err := e.Do(e.ctx, c)
	if err != nil {
		e.Fatalf("%s: %v", app.NameOf(c), err)
	}
	return r
}

func ask[A any](e *hosted, q app.Query) (a A) {
	e.Helper()
	x, err := e.Ask(e.ctx, q)
	if err != nil {
		e.Fatalf("%s: %v", app.NameOf(q), err)
	}
	a, ok := x.(A)
	if !ok {
		e.Fatalf("%s answered a %T", app.NameOf(q), x)
	}
	return a
}

// month is what the engine says of a month.
func (e *hosted) month(month string, contract desk.ID) map[string]tally.Figure {
	e.Helper()
	return byID(ask[app.MonthAnswer](e, app.Month{Month: month, Contract: contract}))
}

func byID(a app.MonthAnswer) map[string]tally.Figure {
	fs := map[string]tally.Figure{}
	for _, f := range a.Indices {
		fs[f.ID] = f
	}
	for what, rows := range a.Clocks {
		for _, c := range rows {
			den := float64(c.Met + c.Breached)
			fs[what+" by "+c.Name] = tally.Figure{ID: what, Num: float64(c.Met), Den: &den, Value: c.Value}
		}
	}
	return fs
}

// flow is what the engine says that the open cases of a month changed by.
func flow(got map[string]tally.Figure) float64 {
	return got["cases_opened"].Num + got["reopenings"].Num - got["resolutions"].Num - got["cancellations"].Num
}

// difference is one number of one index on which the two do not agree.
type difference struct {
	id, part     string
	want, engine float64
}

// compare gives the differences over every index that both know, and how many
// numbers were compared. A number that one does not give is NaN.
func compare(want map[string]oracle.Figure, got map[string]tally.Figure) (ds []difference, n int) {
	for id, w := range want {
		g, ok := got[id]
		if !ok {
			ds = append(ds, difference{id, "missing", w.Num, math.NaN()})
			continue
		}
		part := func(name string, a, b float64) {
			if n++; math.IsNaN(a) != math.IsNaN(b) || math.Abs(a-b) > 1e-9*math.Abs(a) {
				ds = append(ds, difference{id, name, a, b})
			}
		}
		part("num", w.Num, g.Num)
		part("den", number(w.Den), number(g.Den))
		if w.Den != nil {
			value := math.NaN()
			if *w.Den > 0 && !w.Untold {
				value = w.Num / *w.Den
			}
			part("value", value, number(g.Value))
		}
		if w.Spread {
			size := math.NaN()
			if g.N != nil {
				size = float64(*g.N)
			}
			part("n", float64(w.N), size)
			part("median", number(w.Median), number(g.Median))
			part("p90", number(w.P90), number(g.P90))
		}
	}
	return ds, n
}

func number(p *float64) float64 {
	if p == nil {
		return math.NaN()
	}
	return *p
}

func location(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// office is Monday to Friday from 8 to 18, for the oracle.
func office(z *time.Location) (h oracle.Hours) {
	h.Zone = z
	for d := time.Monday; d <= time.Friday; d++ {
		h.Weekly[d] = []oracle.Shift{{From: 8 * 3600, To: 18 * 3600}}
	}
	return h
}

// always is open all the time.
func always(z *time.Location) (h oracle.Hours) {
	h.Zone = z
	for d := range h.Weekly {
		h.Weekly[d] = []oracle.Shift{{From: 0, To: 24 * 3600}}
	}
	return h
}
