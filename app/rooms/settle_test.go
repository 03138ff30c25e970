package rooms_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"punto/app"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/rooms"
	"punto/store"
)

// later opens a copy of what a workstation holds, as it is after a kill; what others
// write is derived after.
func (r *replica) later(m *store.Memory) *replica {
	r.t.Helper()
	x := &replica{t: r.t, clock: r.clock}
	var err error
	if x.log, err = store.Open(r.t.Context(), store.Options{Memory: m}); err != nil {
		r.t.Fatal(err)
	}
	if x.Engine, err = rooms.Open(r.t.Context(), engine.Config{Log: x.log, AtOnce: -1}); err != nil {
		r.t.Fatal(err)
	}
	return x
}

func (r *replica) ends() {
	r.t.Helper()
	if err := r.Close(); err != nil {
		r.t.Fatal(err)
	}
	if err := r.log.Close(); err != nil {
		r.t.Fatal(err)
	}
}

// opens some cases as an agent, and writes notes into them and into earlier ones.
func (r *replica) busy(agent desk.ID, cases []desk.ID, n int, dice *rand.Rand) []desk.ID {
	r.t.Helper()
	for i := range n {
		r.clock = r.clock.Add(1000)
		cases = append(cases, r.does(r.as(agent), app.OpenCase{Opened: desk.Opened{Subject: fmt.Sprint("No imprime ", i), Category: "impresoras.cola"}}).ID)
		r.does(r.as(agent), app.AddNote{Case: cases[dice.IntN(len(cases))], Text: "se reinicia", Public: dice.IntN(2) == 0})
	}
	return cases
}

// What others have written is in the log first and derived after: a list says how much
// it lacks, a single case lacks nothing, and whoever writes in it goes on from all of it.
func TestWhatOthersWroteIsDerivedAfterAndNothingLies(t *testing.T) {
	all := replicas(t, 2)
	b, dice := all[1], rand.New(rand.NewPCG(1, 1))
	ana := all[0].agent(desk.AgentRole)
	meet(all...)
	a := all[0].later(all[0].disk.Clone())
	defer a.ends()
	ids := b.busy(ana, nil, 150, dice)
	b.does(b.as(ana), app.AddNote{Case: ids[7], Text: "la última"})
	a.takes(b)
	list := func() app.CasesAnswer {
		t.Helper()
		x, err := a.Ask(a.Owner(t.Context()), app.Cases{Limit: 1000})
		if err != nil {
			t.Fatal(err)
		}
		return x.(app.CasesAnswer)
	}
	if x := list(); len(x.Rows) != 0 || x.Owed != 301 {
		t.Errorf("%d cases are listed, and %d events are said to be missing", len(x.Rows), x.Owed)
	}
	if x, err := a.Ask(a.Owner(t.Context()), app.Status{}); err != nil || x.(app.StatusAnswer).Owed != 301 {
		t.Errorf("the status tells of %+v: %v", x, err)
	}
	read := func(when string) {
		t.Helper()
		x, y := a.kase(ids[7]), b.kase(ids[7])
		if x.Case.Subject == "" || x.Case.Head != y.Case.Head || len(x.Timeline) != len(y.Timeline) {
			t.Errorf("%s a case is %+v and not %+v", when, x.Case, y.Case)
		}
	}
	read("before it is derived")
	a.does(a.as(ana), app.AddNote{Case: ids[3], Text: "en camino"}) // derives it
	if x := list(); len(x.Rows) != 1 || x.Rows[0].ID != ids[3] || x.Owed == 0 {
		t.Errorf("after a command on a case %d are listed", len(x.Rows))
	}
	if err := a.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	if x := list(); len(x.Rows) != 150 || x.Owed != 0 {
		t.Errorf("%d of 150 cases are listed, and %d events are said to be missing", len(x.Rows), x.Owed)
	}
	read("after it is derived")
	a.sound("after what came was derived")
	b.takes(a)
	same(t, a, b)
}

// recorder copies the disk after each commit: each copy is what a kill there leaves.
type recorder struct {
	desk.Log
	disk  *store.Memory
	kills []*store.Memory
}

func (r *recorder) Update(ctx context.Context, f func(desk.Tx) error) error {
	err := r.Log.Update(ctx, f)
	if err == nil {
		r.kills = append(r.kills, r.disk.Clone())
	}
	return err
}

// A workstation that is killed anywhere between the taking of events and the deriving
// of the last of them loses nothing, and derives the rest when it is opened again.
func TestAKillBetweenAppendAndDeriveLosesNothing(t *testing.T) {
	all := replicas(t, 2)
	b, dice := all[1], rand.New(rand.NewPCG(7, 7))
	ana, eva := all[0].agent(desk.AgentRole), all[0].agent(desk.AdministratorRole)
	meet(all...)
	disk := all[0].disk.Clone()
	a := all[0].later(disk)
	defer a.ends()
	rec := &recorder{Log: a.log, disk: disk}
	eng, err := rooms.Open(t.Context(), engine.Config{Log: rec, AtOnce: -1})
	if err != nil {
		t.Fatal(err)
	}
	kills := 200
	if testing.Short() {
		kills = 40
	}
	var ids []desk.ID
	for round := 0; len(rec.kills) < kills; round++ {
		ids = b.busy(ana, ids, 20, dice)
		if round%5 == 3 { // a contract that comes late has the cases derived again
			k := b.contract()
			k.Of.Targets[0].Resolve += 60
			b.does(b.as(eva), app.SaveContract{ID: k.ID, Contract: k.Of})
		}
		m, err := eng.Merge(t.Context(), a.from(b))
		if err != nil || m.Refused > 0 {
			t.Fatal(m, err)
		}
		if round%3 > 0 { // else the next comes first
			if err := eng.Settle(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
	dirty, anew := 0, map[string][32]byte{} // by what is held
	for i, m := range rec.kills {
		x := a.later(m)
		n, _ := x.log.Owed()
		dirty += min(n, 1)
		live := x.sum()
		if n, _ := x.log.Owed(); n > 0 {
			t.Fatalf("kill %d: %d entities stay dirty", i, n)
		}
		held := fmt.Sprint(x.log.Vector())
		if _, known := anew[held]; !known {
			if err := x.log.Rebuild(t.Context(), x.Engine); err != nil {
				t.Fatal(err)
			}
			anew[held] = x.sum()
		}
		if anew[held] != live {
			t.Fatalf("kill %d: deriving anew gives something else", i)
		}
		x.ends()
	}
	if dirty < len(rec.kills)/2 {
		t.Errorf("only %d of %d kills left something dirty", dirty, len(rec.kills))
	}
	if err := eng.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	same(t, a, b)
	t.Logf("%d kills, %d of them with something to derive, 0 lost", len(rec.kills), dirty)
}

// Of a desk that is catching up no alarm rings and no date wakes a case before all is
// derived, and then what is due does.
func TestDutiesWaitUntilAllIsDerived(t *testing.T) {
	all := replicas(t, 2)
	b, dice := all[1], rand.New(rand.NewPCG(3, 3))
	ana := all[0].agent(desk.AgentRole)
	meet(all...)
	a := all[0].later(all[0].disk.Clone())
	defer a.ends()
	b.busy(ana, nil, 100, dice)
	a.takes(b)
	if n, _ := a.log.Owed(); n < 100 {
		t.Fatalf("only %d are dirty", n)
	}
	if err := a.Tick(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n, _ := a.log.Owed(); n > 0 {
		t.Errorf("%d are dirty after the duties", n)
	}
}
