package rooms_test

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"punto/app"
	"punto/app/desk"
)

// Three workstations apart merge users into each other, in circles too, and part them; met
// in any order they say the same of each, and of a circle one stays.
func TestReplicasAgreeOnWhoIsWho(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	rnd := rand.New(rand.NewPCG(seed, 9))
	all := replicas(t, 3)
	ana := all[0].agent(desk.AgentRole)
	var ids []desk.ID
	for _, name := range []string{"Rosa", "Rosa Q.", "R. Quispe"} {
		id := all[0].do(app.SavePerson{Person: desk.Person{Name: name, Extension: "4471"}}).ID
		ids = append(ids, id)
		all[0].do(app.OpenCase{Opened: desk.Opened{Subject: name, Person: id}})
	}
	meet(all...)
	for i, r := range all { // a circle of three
		r.does(r.as(ana), app.MergePeople{From: ids[i], Into: ids[(i+1)%3]})
	}
	rnd.Shuffle(3, func(i, j int) { all[i], all[j] = all[j], all[i] })
	meet(all...)
	dossier := func(r *replica, id desk.ID) app.DossierAnswer {
		x, err := r.Ask(r.Owner(t.Context()), app.Dossier{ID: id})
		if err != nil {
			t.Fatal(err)
		}
		return x.(app.DossierAnswer)
	}
	same := func() {
		t.Helper()
		for _, r := range all { // what a clock has come to depends on when it is asked
			r.clock = all[0].clock
		}
		for _, id := range ids {
			first := dossier(all[0], id)
			for _, r := range all[1:] {
				if got := dossier(r, id); !reflect.DeepEqual(got, first) {
					t.Errorf("of %v they differ: %v with %d and %v with %d", id, first.Row.ID, len(first.Merged), got.Row.ID, len(got.Merged))
				}
			}
		}
	}
	same()
	least := slices.MinFunc(ids, func(a, b desk.ID) int { return slices.Compare(a[:], b[:]) })
	for _, id := range ids {
		if x := dossier(all[1], id); x.Row.ID != least || len(x.Merged) != 2 || x.Cases != 3 {
			t.Errorf("of a circle %v stays, %d merged, %d cases", x.Row.Person.Name, len(x.Merged), x.Cases)
		}
	}
	for range 30 {
		r := all[rnd.IntN(3)]
		r.clock = r.clock.Add(time.Duration(rnd.IntN(90)) * time.Second)
		var c app.Command = app.PartPeople{ID: ids[rnd.IntN(3)]}
		if rnd.IntN(2) == 0 {
			c = app.MergePeople{From: ids[rnd.IntN(3)], Into: ids[rnd.IntN(3)]}
		}
		if _, err := r.Do(r.as(ana), c); err != nil && app.CodeOf(err) != app.Conflict && app.CodeOf(err) != app.Invalid {
			t.Fatal(err)
		}
		if rnd.IntN(6) == 0 {
			r.takes(all[rnd.IntN(3)])
		}
	}
	meet(all...)
	same()
}
