package oracle_test

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"testing"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/model"
	"punto/app/nodes"
	"punto/app/oracle"
	"punto/app/rooms"
	"punto/store"
	"punto/sync/stream"
)

// world is a desk of two workstations, one of which is alone most of the time, on
// one clock.
type world struct {
	testing.TB
	*begun
	now   time.Time
	nodes [2]workstation // the second is the isolated one
	agent [2]context.Context
	syncs []time.Time   // when the isolated one meets the other
	lost  []oracle.Call // that belong to no contract
}

// workstation is one of the two.
type workstation struct {
	DB     *store.DB
	Engine *engine.Engine
}

// begun is a desk of two workstations on which nothing has happened yet, and who
// works on both. Worlds begin with copies of it: a desk's first password takes long.
type begun struct {
	disks  [2]*store.Memory
	agent  desk.ID
	groups []desk.ID
	levels map[desk.ID]desk.Group
	cats   []string
}

func (w *world) open(disks [2]*store.Memory) {
	w.Helper()
	for i := range w.nodes {
		db, err := store.Open(w.Context(), store.Options{Memory: disks[i]})
		if err != nil {
			w.Fatal(err)
		}
		e, err := rooms.Open(w.Context(), engine.Config{Log: db, Now: func() time.Time { return w.now }})
		if err != nil {
			w.Fatal(err)
		}
		w.nodes[i] = workstation{db, e}
	}
}

// beginning makes the desk that worlds begin with, some time before all of them.
func beginning(t testing.TB) *begun {
	t.Helper()
	w := &world{TB: t, now: time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)}
	b := &begun{disks: [2]*store.Memory{{}, {}}, levels: map[desk.ID]desk.Group{}, cats: []string{"impresoras.cola", "impresoras.cola"}}
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	w.open(b.disks)
	first := w.nodes[0]
	owner := first.Engine.Owner(t.Context())
	do := func(c app.Command) app.Receipt {
		t.Helper()
		r, err := first.Engine.Do(owner, c)
		check(err)
		return r
	}
	do(app.CreateDesk{Name: "Azar", Zone: "America/Lima", AlwaysOpen: true, Password: password})
	own, err := stream.Found(first.DB.Key().Public().(ed25519.PublicKey))
	check(err)
	for i, x := range w.nodes {
		pub, cert := x.DB.Key().Public().(ed25519.PublicKey), own.Cert
		if i > 0 {
			cert, err = own.Certify(pub, false)
			check(err)
		}
		check(x.DB.Certify(t.Context(), cert, i == 0))
		r := do(app.AddNode{Key: pub, Name: fmt.Sprint("puesto ", i), Coordinator: i == 0})
		if i > 0 {
			w.meet()
			check(nodes.Number(t.Context(), x.Engine, string(r.Number)))
		}
	}
	b.agent = do(app.SaveAgent{Agent: desk.Agent{Name: "Rosa", Role: desk.SupervisorRole}}).ID
	w.meet()
	a, err := first.Engine.Ask(owner, app.TheModel{})
	check(err)
	m := a.(app.TheModelAnswer).Model
	for _, code := range []string{"n1", "soporte", "redes", "proveedor"} {
		b.groups = append(b.groups, m.Groups[code])
		b.levels[m.Groups[code]] = model.Groups("es")[code]
	}
	for _, c := range m.Categories {
		if !c.Level1 && len(b.cats) < 4 {
			b.cats = append(b.cats, c.Code)
		}
	}
	w.close()
	return b
}

func (w *world) close() {
	w.Helper()
	for _, x := range w.nodes {
		if err := errors.Join(x.Engine.Close(), x.DB.Close()); err != nil {
			w.Fatal(err)
		}
	}
}

func newWorld(t testing.TB, b *begun, now time.Time) *world {
	t.Helper()
	w := &world{TB: t, now: now, begun: b}
	w.open([2]*store.Memory{b.disks[0].Clone(), b.disks[1].Clone()})
	for i, x := range w.nodes {
		w.agent[i] = x.Engine.As(t.Context(), b.agent)
	}
	return w
}

// meet lets the two workstations tell each other all that they hold.
func (w *world) meet() {
	w.Helper()
	for i := range w.nodes {
		from, to := w.nodes[i], w.nodes[1-i]
		vector, need := to.DB.Vector(), map[desk.Origin]uint64{}
		for o, seq := range from.DB.Vector() {
			if vector[o] < seq {
				need[o] = vector[o] + 1
				if id, ok := from.DB.Identity(o); ok {
					if err := to.DB.Introduce(w.Context(), id); err != nil {
						w.Fatal(err)
					}
				}
			}
		}
		if len(need) == 0 {
			continue
		}
		runs, err := from.DB.Pull(need, 64<<20, false)
		if err != nil {
			w.Fatal(err)
		}
		taken, err := to.Engine.Merge(w.Context(), runs)
		if err != nil || taken.Refused > 0 {
			w.Fatalf("%+v, %v", taken, err)
		}
	}
}

// known is when the whole desk has what is written on the isolated workstation now.
func (w *world) known() time.Time {
	for _, s := range w.syncs {
		if s.After(w.now) {
			return s
		}
	}
	return w.now
}
