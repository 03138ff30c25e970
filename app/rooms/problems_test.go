package rooms_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"punto/app"
	"punto/app/desk"
)

// Three workstations apart name problems as the cause of cases, take that back, solve them
// and tell their users; met in any order they say the same of every case and problem.
func TestReplicasAgreeOnProblems(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	rnd := rand.New(rand.NewPCG(seed, 7))
	all := replicas(t, 3)
	cesar := all[0].agent(desk.TechnicianRole)
	var ps, ks []desk.ID
	for i := range 3 {
		ps = append(ps, all[0].do(app.SaveProblem{Problem: desk.Problem{Title: fmt.Sprint("causa ", i)}}).ID)
	}
	for i := range 6 {
		ks = append(ks, all[0].do(app.OpenCase{Opened: desk.Opened{Subject: fmt.Sprint("caso ", i), Category: "impresoras.cola"}}).ID)
	}
	meet(all...)
	for range 60 {
		r := all[rnd.IntN(3)]
		r.clock = r.clock.Add(time.Duration(rnd.IntN(90)) * time.Second)
		p, k := ps[rnd.IntN(3)], ks[rnd.IntN(6)]
		var c app.Command
		switch rnd.IntN(6) {
		case 0:
			c = app.LinkProblem{Cases: []desk.ID{k}}
		case 1:
			c = app.SolveProblem{ID: p, Text: "listo", Cases: true, Tell: "ya está"}
		case 2:
			c = app.SaveProblem{ID: p, Problem: desk.Problem{Title: "otra causa", Workaround: fmt.Sprint(rnd.IntN(9))}}
		case 3:
			c = app.Undo{Entity: desk.Entity{Type: desk.ProblemType, ID: p}}
		default:
			c = app.LinkProblem{Problem: p, Cases: []desk.ID{k}}
		}
		if _, err := r.Do(r.as(cesar), c); err != nil && app.CodeOf(err) != app.NotFound {
			t.Fatalf("%s: %v", app.NameOf(c), err)
		}
		if rnd.IntN(8) == 0 {
			r.takes(all[rnd.IntN(3)])
		}
	}
	rnd.Shuffle(3, func(i, j int) { all[i], all[j] = all[j], all[i] })
	meet(all...)
	said := func(r *replica) (out []any) {
		x, err := r.Ask(r.Owner(t.Context()), app.Problems{})
		if err != nil {
			t.Fatal(err)
		}
		rows := x.(app.ProblemsAnswer).Rows
		linked := map[desk.ID]int{}
		for _, k := range ks {
			c := r.kase(k).Case
			linked[c.Problem]++
			out = append(out, c)
		}
		for _, row := range rows { // what it counts is what the cases say
			if row.Cases != linked[row.ID] {
				t.Errorf("%d cases and not %d", row.Cases, linked[row.ID])
			}
			out = append(out, row)
		}
		if n := len(r.refusals()); n > 0 {
			t.Errorf("%d events were refused", n)
		}
		return out
	}
	first := said(all[0])
	for _, r := range all[1:] {
		if got := said(r); !reflect.DeepEqual(got, first) {
			t.Errorf("they differ:\n%+v\n%+v", first, got)
		}
	}
}

// What a role may not write of a problem no workstation counts, whoever wrote it: here an
// agent was a technician once, and is none where it comes in.
func TestAReplicaJudgesWhatIsWrittenOfProblems(t *testing.T) {
	all := replicas(t, 2)
	a, b := all[0], all[1]
	ana := a.agent(desk.TechnicianRole)
	meet(all...)
	a.do(app.SaveAgent{ID: ana, Agent: desk.Agent{Name: "Ana", Role: desk.AgentRole}})
	b.clock = b.clock.Add(time.Hour)
	id := b.does(b.as(ana), app.SaveProblem{Problem: desk.Problem{Title: "no es suya"}}).ID
	meet(all...)
	for _, r := range all {
		if _, err := r.Ask(r.Owner(t.Context()), app.OneProblem{ID: id}); app.CodeOf(err) != app.NotFound {
			t.Errorf("it counts: %v", err)
		}
		if len(r.refusals()) != 1 {
			t.Errorf("%d are kept aside", len(r.refusals()))
		}
	}
}
