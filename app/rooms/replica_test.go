package rooms_test

import (
	"context"
	"maps"
	"slices"
	"testing"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/rooms"
	"punto/store"
)

// replica is one workstation of a desk of several, on a clock of its own.
type replica struct {
	*engine.Engine
	t     testing.TB
	log   *store.DB
	disk  *store.Memory
	clock time.Time
}

// replicas are workstations of one desk, the first its coordinator, which have
// met. All of them hold all that was written.
func replicas(t testing.TB, n int) (all []*replica) {
	t.Helper()
	for i := range n {
		r := &replica{t: t, disk: &store.Memory{}, clock: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}
		var err error
		if r.log, err = store.Open(t.Context(), store.Options{Memory: r.disk}); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = r.log.Close() })
		if err = r.log.Certify(t.Context(), []byte{byte(i + 1)}, i == 0); err != nil {
			t.Fatal(err)
		}
		if r.Engine, err = rooms.Open(t.Context(), engine.Config{Log: r.log, Now: func() time.Time { return r.clock }}); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = r.Close() })
		all = append(all, r)
	}
	all[0].do(app.CreateDesk{Name: "Obra", Zone: "UTC", AlwaysOpen: true, Password: "sala de mando"})
	for _, r := range all {
		id, _ := r.log.Identity(r.log.Origin())
		all[0].do(app.AddNode{Key: id.Key[:], Name: "puesto", Coordinator: r == all[0]})
	}
	for _, r := range all[1:] {
		r.takes(all[0])
	}
	meet(all...)
	return all
}

// meet has all hold what any holds.
func meet(all ...*replica) {
	for range 2 {
		for _, r := range all {
			for _, x := range all {
				if x != r {
					r.takes(x)
				}
			}
		}
	}
}

func (r *replica) as(agent desk.ID) context.Context { return r.As(r.t.Context(), agent) }

func (r *replica) do(c app.Command) app.Receipt {
	r.t.Helper()
	return r.does(r.Owner(r.t.Context()), c)
}

func (r *replica) does(ctx context.Context, c app.Command) app.Receipt {
	r.t.Helper()
	x, err := r.Do(ctx, c)
	if err != nil {
		r.t.Fatalf("%s: %v", app.NameOf(c), err)
	}
	return x
}

// agent makes one of a role, without a password.
func (r *replica) agent(role desk.Role) desk.ID {
	r.t.Helper()
	return r.do(app.SaveAgent{Agent: desk.Agent{Name: role.String(), Role: role}}).ID
}

// role gives an agent a role, in the name of another.
func (r *replica) role(by, of desk.ID, role desk.Role) {
	r.t.Helper()
	r.does(r.as(by), app.SaveAgent{ID: of, Agent: desk.Agent{Name: "Ana", Role: role}})
}

func (r *replica) kase(id desk.ID) app.OneCaseAnswer {
	r.t.Helper()
	x, err := r.Ask(r.Owner(r.t.Context()), app.OneCase{ID: id})
	if err != nil {
		r.t.Fatal(err)
	}
	return x.(app.OneCaseAnswer)
}

// contract is the first one.
func (r *replica) contract() app.Named[desk.Contract] {
	r.t.Helper()
	x, err := r.Ask(r.Owner(r.t.Context()), app.Records{Type: desk.ContractType})
	if err != nil {
		r.t.Fatal(err)
	}
	return x.(app.RecordsAnswer).Contracts[0]
}

// refusals are the events that are kept aside.
func (r *replica) refusals() []app.RefusedRow {
	r.t.Helper()
	x, err := r.Ask(r.Owner(r.t.Context()), app.Refused{})
	if err != nil {
		r.t.Fatal(err)
	}
	return x.(app.RefusedAnswer).Rows
}

// from are the runs of another that this one lacks, and who wrote them.
func (r *replica) from(x *replica) (runs []desk.Run) {
	r.t.Helper()
	for _, id := range x.log.Identities() {
		if err := r.log.Introduce(r.t.Context(), id); err != nil {
			r.t.Fatal(err)
		}
	}
	err := x.log.View(func(rd *store.Reader) error {
		held := r.log.Vector()
		for _, o := range slices.Sorted(maps.Keys(x.log.Vector())) {
			for seq := held[o] + 1; o != r.log.Origin() && seq <= x.log.Vector()[o]; {
				run, _, err := rd.RunAt(o, seq)
				if err != nil {
					return err
				}
				runs, seq = append(runs, run), run.Last()+1
			}
		}
		return nil
	})
	if err != nil {
		r.t.Fatal(err)
	}
	return runs
}

func (r *replica) merge(runs []desk.Run) {
	r.t.Helper()
	m, err := r.Merge(r.t.Context(), runs)
	if err != nil {
		r.t.Fatal(err)
	}
	for _, bad := range m.Bad {
		if bad != nil {
			r.t.Fatal(bad)
		}
	}
}

func (r *replica) takes(x *replica) { r.t.Helper(); r.merge(r.from(x)) }

// together has the writer wait until all of these are queued, in their order: they
// are carried out in one commit.
func (r *replica) together(fs ...func()) {
	r.t.Helper()
	hold, held := make(chan struct{}), make(chan struct{})
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = r.log.Update(context.Background(), func(desk.Tx) error { close(held); <-hold; return nil })
	}()
	<-held
	ends := []chan struct{}{done}
	for i, f := range fs {
		end := make(chan struct{})
		go func() { defer close(end); f() }()
		for r.log.Waiting() <= i {
			select {
			case <-end:
				r.t.Fatalf("the %d. of %d ended before the commit", i+1, len(fs))
			case <-time.After(time.Millisecond):
			}
		}
		ends = append(ends, end)
	}
	close(hold)
	for _, end := range ends {
		<-end
	}
}

// reborn has a workstation write under an origin that nobody has seen.
func (r *replica) reborn() {
	r.t.Helper()
	if err := r.Reborn(r.t.Context(), r.log.Vector()[r.log.Origin()]); err != nil {
		r.t.Fatal(err)
	}
}

// sound tells that a rebuild gives what the workstation shows.
func (r *replica) sound(when string) {
	r.t.Helper()
	live := r.sum()
	if err := r.log.Rebuild(r.t.Context(), r.Engine); err != nil {
		r.t.Fatal(err)
	}
	if r.sum() != live {
		r.t.Errorf("%s: what it shows is not what its own rebuild shows", when)
	}
}

func (r *replica) sum() [32]byte {
	r.t.Helper()
	if err := r.Settle(r.t.Context()); err != nil {
		r.t.Fatal(err)
	}
	s, err := r.log.Checksum()
	if err != nil {
		r.t.Fatal(err)
	}
	return s
}

func same(t *testing.T, all ...*replica) {
	t.Helper()
	for _, r := range all[1:] {
		if r.sum() != all[0].sum() {
			t.Error("two workstations hold the same and show something else")
		}
	}
}
