package rooms_test

import (
	"cmp"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/rooms"
)

// again ends the program of a workstation, as a kill does, and starts it on what its disk
// holds.
func (r *replica) again() {
	r.t.Helper()
	_ = r.Close()
	eng, err := rooms.Open(r.t.Context(), engine.Config{Log: r.log, Now: func() time.Time { return r.clock }})
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { _ = eng.Close() })
	r.Engine = eng
}

// A day of a desk of three workstations: cases are opened, taken, handed off, suspended
// and solved on all of them; one is killed in the middle and comes back hours later, the
// clock of another is put ahead and back. Each rung of each clock that was reached is one
// alarm, at the same instant on all, and none that was not.
func TestEveryRungOfADayFiresOnce(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	if s, err := strconv.ParseUint(os.Getenv("PUNTO_SEED"), 10, 64); err == nil {
		seed = s
	}
	t.Logf("PUNTO_SEED=%d", seed)
	rnd := rand.New(rand.NewPCG(seed, 1))
	all := replicas(t, 3)
	a := all[0]
	a.do(app.RequireFields{Fields: []string{"nothing"}})
	a.escalates()
	second := a.contract()
	second.Of.Code, second.Of.Client = second.Of.Code+" bis", "Otro cliente"
	contracts := []desk.ID{second.ID, a.do(app.SaveContract{Contract: second.Of}).ID}
	agents := []desk.ID{a.agent(desk.AgentRole), a.agent(desk.TechnicianRole), a.agent(desk.SupervisorRole)}
	m, err := a.Ask(a.Owner(t.Context()), app.TheModel{})
	if err != nil {
		t.Fatal(err)
	}
	groups := []desk.ID{m.(app.TheModelAnswer).Model.Groups["redes"], m.(app.TheModelAnswer).Model.Groups["soporte"], m.(app.TheModelAnswer).Model.Groups["n1"]}
	meet(all...)
	dead := -1
	lead := func() {
		first := true
		for i, r := range all {
			r.led(i != dead && first)
			first = first && i == dead
		}
	}
	lead()
	var ids []desk.ID
	try := func(r *replica, agent desk.ID, c app.Command) desk.ID {
		x, err := r.Do(r.as(agent), c)
		if code := app.CodeOf(err); err != nil && code != app.Conflict && code != app.NotFound {
			t.Fatalf("%s: %v", app.NameOf(c), err)
		}
		return x.ID
	}
	begin := a.clock
	stepped := time.Duration(0)
	for minute := 0; minute < 14*60; minute += 2 {
		now := begin.Add(time.Duration(minute) * time.Minute)
		switch minute {
		case 180:
			dead = 0 // the one that leads
			lead()
		case 420:
			dead = -1
			all[0].again()
			lead()
		case 300:
			stepped = 25 * time.Minute
		case 360:
			stepped = 0
		}
		for i, r := range all {
			if r.clock = now; i == 2 {
				r.clock = now.Add(stepped)
			}
			if i == dead {
				continue
			}
			agent := agents[rnd.IntN(len(agents))]
			if minute < 600 && rnd.IntN(6) == 0 {
				if id := try(r, agent, app.OpenCase{Opened: desk.Opened{Subject: fmt.Sprint("caso ", len(ids)), Contract: contracts[rnd.IntN(2)], Impact: 1 + rnd.IntN(4), Urgency: 1 + rnd.IntN(4)}}); !id.IsZero() {
					ids = append(ids, id)
				}
			}
			if len(ids) > 0 && i != 2 { // whose clock is right
				id := ids[rnd.IntN(len(ids))]
				switch rnd.IntN(14) {
				case 0:
					try(r, agent, app.TakeCase{Case: id})
				case 1:
					try(r, agent, app.HandOffCase{Case: id, Group: groups[rnd.IntN(len(groups))], Reason: "mirar"})
				case 2:
					try(r, agent, app.SuspendCase{Case: id, Reason: "user"})
				case 3:
					try(r, agent, app.ResumeCase{Case: id})
				case 4:
					try(r, agent, app.ResolveCase{Case: id, Text: "listo"})
				}
			}
			r.tick()
		}
		for i, r := range all {
			for j, x := range all {
				if i != j && i != dead && j != dead {
					r.takes(x)
				}
			}
		}
	}
	meet(all...)
	for _, r := range all {
		r.tick()
	}
	meet(all...)
	reached := map[string]int{}
	for _, id := range ids {
		for _, x := range a.firedOf(id) {
			reached[fmt.Sprint(id, x.Clock, x.Percent, x.Offset, x.Unacked, x.Rung)]++
		}
	}
	if len(reached) < 15 {
		t.Fatalf("only %d rungs were reached in the whole day: the test shows nothing", len(reached))
	}
	for key, n := range reached {
		if n != 1 {
			t.Errorf("%s fired %d times", key, n)
		}
	}
	for i, r := range all[1:] {
		for _, id := range ids {
			if x, y := fmt.Sprint(a.firedOf(id)), fmt.Sprint(r.firedOf(id)); x != y {
				t.Errorf("case %v on workstation %d has\n%s\nand not\n%s", r.kase(id).Case.Number, i+1, y, x)
			}
		}
	}
	a.naive(t, ids, reached)
	for _, contract := range append(contracts, desk.ID{}) {
		a.counted(t, begin, contract)
	}
}

// counted compares the counts of escalations of a contract (zero = the first) with a count
// by hand of the list of alarms.
func (r *replica) counted(t *testing.T, begin time.Time, contract desk.ID) {
	t.Helper()
	list, err := r.Ask(r.Owner(t.Context()), app.Alarms{Limit: 100_000})
	if err != nil {
		t.Fatal(err)
	}
	until := begin.Add(8 * time.Hour).UnixMilli()
	want := map[string]int{}
	for _, x := range list.(app.AlarmsAnswer).Rows {
		if x.Alarm.DueAt >= until || r.kase(x.Alarm.Case).Case.Contract != cmp.Or(contract, r.contract().ID) {
			continue
		}
		kind, _, _ := strings.Cut(x.Alarm.Clock, "/")
		key := fmt.Sprint(kind, " ", x.Alarm.Rung, " ", x.Alarm.Unacked)
		if x.False {
			want[key+" false"]++
			continue
		}
		want[key]++
		if x.Alarm.AckDue > 0 {
			want[key+" asked"]++
		}
	}
	c, err := r.Ask(r.Owner(t.Context()), app.Escalations{From: begin.UnixMilli(), Until: until, Contract: contract})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]int{}
	for _, x := range c.(app.EscalationsAnswer).Rows {
		key := fmt.Sprint(x.Clock, " ", x.Rung, " ", x.Unacked)
		for what, n := range map[string]int{"": x.Fired, " asked": x.Asked, " false": x.False} {
			if n > 0 {
				got[key+what] = n
			}
		}
	}
	if !maps.Equal(want, got) || len(want) == 0 {
		t.Errorf("counted are %v, and not %v", got, want)
	}
}

// firedOf are all alarms of a case.
func (r *replica) firedOf(id desk.ID) (all []desk.Alarm) {
	r.t.Helper()
	a, err := r.Ask(r.Owner(r.t.Context()), app.Alarms{Case: id, Limit: 1000})
	if err != nil {
		r.t.Fatal(err)
	}
	for _, x := range a.(app.AlarmsAnswer).Rows {
		all = append(all, x.Alarm)
	}
	return all
}

// naive compares with what the clocks of the cases say, looked at from outside: of a clock
// that still runs each rung of its ladder has fired if so much was used, and not if not.
func (r *replica) naive(t *testing.T, ids []desk.ID, fired map[string]int) {
	t.Helper()
	ladder := r.contract().Of.Ladders[0]
	looked := 0
	for _, id := range ids {
		k := r.kase(id)
		if !k.Case.Status.Open() {
			continue
		}
		for _, c := range k.Clocks {
			if !c.Stop.IsZero() || c.Target <= 0 || c.State.String() == "void" {
				continue
			}
			rungs := desk.StandardLadder().Rungs
			if c.Kind.String() == "resolve" {
				rungs = ladder.Rungs
			}
			for i, g := range rungs {
				if g.Unacked {
					continue
				}
				need := c.Target + time.Duration(g.Offset)*time.Second
				if g.Percent > 0 {
					need = time.Duration(float64(c.Target) / 100 * float64(g.Percent))
				}
				looked++
				key := fmt.Sprint(id, c.ID, g.Percent, g.Offset, false, i+1)
				if has := fired[key] == 1; has != (c.Elapsed >= need) {
					t.Errorf("case %v, %s: %v of %v used, rung %d fired: %t", k.Case.Number, c.ID, c.Elapsed, c.Target, i+1, has)
				}
			}
		}
	}
	if looked == 0 {
		t.Error("no clock ran at the end of the day")
	}
}
