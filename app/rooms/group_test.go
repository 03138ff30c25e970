package rooms_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/rooms"
	"punto/store"
)

func TestARulingInTheCommitOfAMergeComesAfterWhatWasMerged(t *testing.T) {
	all := replicas(t, 2)
	a, b := all[0], all[1]
	ana := a.agent(desk.AgentRole)
	b.takes(a)
	b.clock = b.clock.Add(10 * time.Second)
	kase := b.does(b.as(ana), app.OpenCase{Opened: desk.Opened{Subject: "No imprime"}})
	runs := a.from(b)
	a.together(
		func() { a.merge(runs) },
		func() { a.do(app.SaveAgent{ID: ana, Agent: desk.Agent{Name: "Ana", Role: desk.ViewerRole}}) },
	)
	if x, err := a.Ask(a.Owner(t.Context()), app.OneCase{ID: kase.ID}); err != nil || x.(app.OneCaseAnswer).Case.Subject == "" {
		t.Error("a case that was taken is gone", err)
	}
	a.sound("after a merge and a ruling in one commit")
	meet(all...)
	same(t, all...)
}

func TestARulingJudgesWhatCameInItsCommitFromAnOriginNobodyHadSeen(t *testing.T) {
	all := replicas(t, 3)
	a, b, c := all[0], all[1], all[2]
	ana, eva := a.agent(desk.AgentRole), a.agent(desk.AdministratorRole)
	meet(all...)
	c.reborn()
	b.role(eva, ana, desk.ViewerRole)
	c.clock = c.clock.Add(time.Minute)
	kase := c.does(c.as(ana), app.OpenCase{Opened: desk.Opened{Subject: "No imprime"}})
	cases, ruling := a.from(c), a.from(b)
	a.together(func() { a.merge(cases) }, func() { a.merge(ruling) })
	if _, err := a.Ask(a.Owner(t.Context()), app.OneCase{ID: kase.ID}); app.CodeOf(err) != app.NotFound {
		t.Errorf("a case that its agent might not open is shown: %v", err)
	}
	a.sound("after a case of a new origin and a ruling in one commit")
	meet(all...)
	same(t, all...)
}

func TestAContractReachesTheCasesThatCameInItsCommit(t *testing.T) {
	all := replicas(t, 3)
	a, b, c := all[0], all[1], all[2]
	ana, eva := a.agent(desk.AgentRole), a.agent(desk.AdministratorRole)
	meet(all...)
	c.reborn()
	k := b.contract()
	for i := range k.Of.Targets {
		k.Of.Targets[i].Resolve = 60
	}
	b.does(b.as(eva), app.SaveContract{ID: k.ID, Contract: k.Of})
	c.clock = c.clock.Add(time.Minute)
	c.does(c.as(ana), app.OpenCase{Opened: desk.Opened{Subject: "No imprime"}})
	cases, contract := a.from(c), a.from(b)
	a.together(func() { a.merge(cases) }, func() { a.merge(contract) })
	a.sound("after a case of a new origin and a contract in one commit")
	meet(all...)
	same(t, all...)
}

func TestARevocationInTheCommitOfAMergeCountsWhatTheCommitHolds(t *testing.T) {
	all := replicas(t, 3)
	a, b, c := all[0], all[1], all[2]
	ana := a.agent(desk.AgentRole)
	meet(all...)
	kase := b.does(b.as(ana), app.OpenCase{Opened: desk.Opened{Subject: "No imprime"}})
	runs := a.from(b)
	who, _ := b.log.Signer(b.log.Origin())
	a.together(func() { a.merge(runs) }, func() { a.do(app.RevokeNode{Node: who.Node}) })
	if _, err := a.Ask(a.Owner(t.Context()), app.OneCase{ID: kase.ID}); err != nil {
		t.Errorf("what was held when its workstation was shut out does not count: %v", err)
	}
	a.sound("after a merge and a revocation in one commit")
	c.takes(a)
	c.takes(b)
	same(t, a, c)
}

func TestWhatIsSealedInTheCommitOfAChangeIsNotOfBefore(t *testing.T) {
	all := replicas(t, 1)
	a := all[0]
	old := a.clock.AddDate(0, -1, 0)
	open := func(ref string) {
		a.do(app.ImportCases{Cases: []app.CaseHistory{{Ref: ref, At: old.UnixMilli(), Person: "Ann", Opened: desk.Opened{Subject: ref}}}})
	}
	opened := func() float64 {
		x, err := a.Ask(a.Owner(t.Context()), app.Month{Month: old.Format("2006-01")})
		if err != nil {
			t.Error(err)
			return 0
		}
		for _, f := range x.(app.MonthAnswer).Indices {
			if f.ID == "cases_opened" {
				return f.Num
			}
		}
		return -1
	}
	open("uno")
	carried, goOn := make(chan struct{}), make(chan struct{})
	month := make(chan struct{})
	go func() {
		<-carried // the second case is written, and not durable
		go func() { defer close(month); opened() }()
		for a.log.Waiting() == 0 {
			time.Sleep(time.Millisecond)
		}
		close(goOn)
	}()
	a.together(
		func() { open("dos") },
		func() {
			_ = a.log.Update(t.Context(), func(desk.Tx) error { close(carried); <-goOn; return nil })
		})
	<-month
	if n := opened(); n != 2 {
		t.Errorf("of two cases of a closed day %v are counted: its columns are of before", n)
	}
}

// failing is a log whose commits fail: what was written is gone, and what comes
// after goes on.
type failing struct {
	*store.DB
	fails bool
}

var errDisk = errors.New("the disk is full")

func (f *failing) Update(ctx context.Context, g func(desk.Tx) error) error {
	if !f.fails {
		return f.DB.Update(ctx, g)
	}
	return f.DB.Update(ctx, func(tx desk.Tx) error {
		x := &failingTx{Tx: tx}
		if err := g(x); err != nil {
			return err
		}
		for _, h := range x.after {
			h(false)
		}
		return errDisk
	})
}

type failingTx struct {
	desk.Tx
	after []func(bool)
}

func (f *failingTx) After(h func(bool)) { f.after = append(f.after, h) }

func TestARulingWhoseCommitFailedRulesNothing(t *testing.T) {
	all := replicas(t, 1)
	a := all[0]
	ana := a.agent(desk.AgentRole)
	log := &failing{DB: a.log}
	e, err := rooms.Open(t.Context(), engine.Config{Log: log, Now: func() time.Time { return a.clock }})
	if err != nil {
		t.Fatal(err)
	}
	a.Engine = e
	t.Cleanup(func() { _ = e.Close() })
	log.fails = true
	if _, err := a.Do(a.Owner(t.Context()), app.SaveAgent{ID: ana, Agent: desk.Agent{Name: "Ana", Role: desk.ViewerRole}}); !errors.Is(err, errDisk) {
		t.Fatalf("a commit that failed gave %v", err)
	}
	if err := a.Measured(t.Context(), time.Hour, 3); !errors.Is(err, errDisk) {
		t.Fatalf("a commit that failed gave %v", err)
	}
	log.fails = false
	a.clock = a.clock.Add(time.Second)
	kase := a.does(a.as(ana), app.OpenCase{Opened: desk.Opened{Subject: "No imprime"}})
	if kase.At != a.clock.UnixMilli() {
		t.Error("the clock is read as was measured, which nobody knows")
	}
	a.sound("after a commit that failed")
}

func TestACommandThatFailedLeavesTheOthersOfItsCommitAlone(t *testing.T) {
	all := replicas(t, 1)
	a := all[0]
	ana := a.agent(desk.AgentRole)
	var was desk.Stamp
	a.together(
		func() {
			_ = a.log.Update(t.Context(), func(tx desk.Tx) error { was = tx.Newest(); return nil })
		},
		func() {
			err := a.log.Update(t.Context(), func(tx desk.Tx) error {
				tx.After(func(bool) { t.Error("what a function that failed asked for was done") })
				e := desk.Event{Stamp: was + 1<<40, Kind: desk.CaseNoted, Version: 1, Entity: desk.Entity{Type: desk.CaseType, ID: desk.ID{1}}}
				if err := tx.Append(&e); err != nil {
					t.Error(err)
				}
				if tx.Newest() != e.Stamp || tx.Vector()[tx.Origin()] != e.Seq {
					t.Error("a transaction does not see what it has written")
				}
				return errDisk
			})
			if !errors.Is(err, errDisk) {
				t.Error(err)
			}
		},
		func() {
			_ = a.log.Update(t.Context(), func(tx desk.Tx) error {
				if tx.Newest() != was {
					t.Error("the stamp of an event that was taken back is still the newest")
				}
				return nil
			})
		},
		func() { a.role(desk.ID{}, ana, desk.ViewerRole) },
		func() {
			if _, err := a.Do(a.as(ana), app.OpenCase{Opened: desk.Opened{Subject: "x"}}); app.CodeOf(err) != app.NotAllowed {
				t.Errorf("who lost the right in the same commit opened a case: %v", err)
			}
		},
		func() {
			if _, err := a.Do(a.as(ana), app.ReserveNumber{}); app.CodeOf(err) != app.NotAllowed {
				t.Errorf("who lost the right in the same commit took a number: %v", err)
			}
		},
		func() { a.do(app.OpenCase{Opened: desk.Opened{Subject: "No imprime"}}) },
	)
	a.sound("after commands that failed")
}

func TestAnExcuseIsUndoneByWhoMayExcuse(t *testing.T) {
	for _, early := range []bool{false, true} {
		all := replicas(t, 3)
		a, b, c := all[0], all[1], all[2]
		ana, sofia := a.agent(desk.AgentRole), a.agent(desk.SupervisorRole)
		id := a.do(app.OpenCase{Opened: desk.Opened{Subject: "No imprime", Impact: 1, Urgency: 1}}).ID
		meet(all...)
		excuse := a.does(a.as(sofia), app.ExcuseClock{Case: id, Clock: "resolve/1", Cause: "cliente", Text: "no había luz"})
		kase := desk.Entity{Type: desk.CaseType, ID: id}
		b.takes(a)
		if _, err := b.Do(b.as(ana), app.Undo{Entity: kase, Origin: excuse.Origin, Seq: excuse.Seq}); app.CodeOf(err) != app.NotAllowed || !strings.Contains(err.Error(), desk.CaseExcused.String()) {
			t.Errorf("an agent undoes an excuse: %v", err)
		}
		body, err := desk.Encode(desk.Undo{Origin: excuse.Origin, Seq: excuse.Seq})
		if err != nil {
			t.Fatal(err)
		}
		forged := desk.Event{Stamp: b.log.Newest() + 1, Kind: desk.EventUndone, Version: 1, Entity: kase, Actor: ana, Writer: ana, At: b.clock.UnixMilli(), Body: body}
		if err := b.log.Update(t.Context(), func(tx desk.Tx) error { return tx.Append(&forged) }); err != nil {
			t.Fatal(err) // its program lies
		}
		if early { // c hears of the undo before it hears of the excuse
			runs := c.from(b)
			c.merge(slices.DeleteFunc(runs, func(x desk.Run) bool { return x.Origin != b.log.Origin() }))
			c.sound("with the undo of what is not known")
			c.takes(a)
		} else {
			c.takes(a)
			c.takes(b)
		}
		c.sound("with a forged undo")
		a.takes(b)
		a.sound("with a forged undo")
		same(t, a, c)
		excused := func(r *replica) (yes bool) {
			for _, run := range r.kase(id).Clocks {
				yes = yes || run.ID == "resolve/1" && run.Excused
			}
			return yes
		}
		if !excused(a) || !excused(c) {
			t.Errorf("an agent's workstation has undone a supervisor's excuse (undo first: %v)", early)
		}
		undone := a.does(a.as(sofia), app.Undo{Entity: kase, Origin: excuse.Origin, Seq: excuse.Seq})
		c.takes(a)
		if excused(a) || excused(c) {
			t.Error("a supervisor cannot undo an excuse")
		}
		if _, err := a.Do(a.as(ana), app.Undo{Entity: kase, Origin: undone.Origin, Seq: undone.Seq}); app.CodeOf(err) != app.NotAllowed {
			t.Errorf("an agent brings an excuse back: %v", err)
		}
	}
}

// The undo of what its author foresaw: it names the next event of a workstation.
func TestAnUndoThatWaitsForItsVictimFindsNone(t *testing.T) {
	all := replicas(t, 2)
	a, b := all[0], all[1]
	ana, sofia := a.agent(desk.AgentRole), a.agent(desk.SupervisorRole)
	id := a.do(app.OpenCase{Opened: desk.Opened{Subject: "No imprime", Impact: 1, Urgency: 1}}).ID
	meet(all...)
	kase := desk.Entity{Type: desk.CaseType, ID: id}
	body, err := desk.Encode(desk.Undo{Origin: a.log.Origin(), Seq: a.log.Vector()[a.log.Origin()] + 1})
	if err != nil {
		t.Fatal(err)
	}
	forged := desk.Event{Stamp: b.log.Newest() + 1, Kind: desk.EventUndone, Version: 1, Entity: kase, Actor: ana, Writer: ana, At: b.clock.UnixMilli(), Body: body}
	if err := b.log.Update(t.Context(), func(tx desk.Tx) error { return tx.Append(&forged) }); err != nil {
		t.Fatal(err)
	}
	a.takes(b)
	a.does(a.as(sofia), app.ExcuseClock{Case: id, Clock: "resolve/1", Cause: "cliente", Text: "no había luz"})
	for _, run := range a.kase(id).Clocks {
		if run.ID == "resolve/1" && !run.Excused {
			t.Error("an excuse was undone before it was written")
		}
	}
	a.sound("with an undo that foresaw what it takes back")
}
