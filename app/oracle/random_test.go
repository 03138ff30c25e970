package oracle_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"punto/app"
	"punto/app/desk"
)

// batch is a world's worth of plans, and when it is asked for its months.
type batch struct {
	seed  uint64
	from  time.Time
	plans []plan
}

const perWorld = 12

func makeBatch(seed uint64, n int) batch {
	r := rand.New(rand.NewPCG(seed, 8))
	b := batch{seed: seed, from: []time.Time{time.Date(2026, 2, 20, 0, 0, 0, 0, time.UTC), time.Date(2026, 8, 20, 0, 0, 0, 0, time.UTC), time.Date(2026, 10, 8, 0, 0, 0, 0, time.UTC)}[r.IntN(3)]}
	for i := range n {
		b.plans = append(b.plans, makePlan(r, fmt.Sprintf("%d-%d", seed, i), b.from))
	}
	return b
}

// run carries out the plans of a batch, all at their times, and compares.
func (b batch) run(t testing.TB, at *begun) (tales []*tale) {
	w := newWorld(t, at, b.from.Add(-time.Hour))
	defer w.close()
	r := rand.New(rand.NewPCG(b.seed, 9))
	end := b.from
	type moment struct {
		at time.Time
		do func()
	}
	var moments []moment
	var people app.ImportRecords
	for _, p := range b.plans {
		s := w.begin(p)
		tales = append(tales, s)
		for i := range 2 {
			n := fmt.Sprint(p.name, " ", i)
			people.People = append(people.People, desk.Person{Name: n, Ref: n, Contract: s.contracts[i], Extension: p.extension(i)})
		}
		for _, x := range p.steps {
			moments = append(moments, moment{x.at, func() { s.step(x) }})
			if x.at.After(end) {
				end = x.at
			}
		}
	}
	if _, err := w.nodes[0].Engine.Do(w.nodes[0].Engine.Owner(t.Context()), people); err != nil {
		t.Fatal(err)
	}
	w.meet()
	end = end.Add(40 * 24 * time.Hour)
	for at := b.from; at.Before(end); {
		at = at.Add(time.Duration(1+r.IntN(10*24)) * time.Hour)
		w.syncs = append(w.syncs, at)
		moments = append(moments, moment{at, w.meet})
	}
	var months []time.Time
	for m := time.Date(b.from.Year(), b.from.Month(), 1, 0, 0, 0, 0, time.UTC); m.Before(end); m = m.AddDate(0, 1, 0) {
		months = append(months, m)
		ask := func(at time.Time) {
			moments = append(moments, moment{at, func() {
				for _, s := range tales {
					s.compare([]time.Time{m})
				}
			}})
		}
		if r.IntN(4) == 0 {
			ask(m.Add(time.Duration(r.IntN(30*24*3600)) * time.Second)) // a part month
		}
		if r.IntN(4) == 0 {
			ask(m.AddDate(0, 1, 0).Add(time.Duration(r.IntN(7*24*3600)) * time.Second)) // before its solutions are firm
		}
		ask(firm(m))
	}
	moments = append(moments, moment{end.AddDate(1, 0, 0), func() {
		for _, s := range tales {
			s.compare(months)
		}
	}})
	slices.SortStableFunc(moments, func(a, b moment) int { return a.at.Compare(b.at) })
	for _, m := range moments {
		w.now = m.at
		m.do()
	}
	return tales
}

// firm is after the R days that follow a month, in every zone.
func firm(month time.Time) time.Time {
	return month.AddDate(0, 1, 0).Add(7*24*time.Hour + 12*time.Hour)
}

// setting is a number from the environment.
func setting(t *testing.T, name string, byDefault uint64) uint64 {
	s := os.Getenv(name)
	if s == "" {
		return byDefault
	}
	n, err := strconv.ParseUint(s, 10, 64)
	if err != nil {
		t.Fatalf("%s=%q is no number", name, s)
	}
	return n
}

// TestTheOracleAgreesOnRandomHistories compares every index of every month on
// histories that nobody thought of. PUNTO_HISTORIES says how many, PUNTO_SEED
// repeats a run.
func TestTheOracleAgreesOnRandomHistories(t *testing.T) {
	histories, seed := setting(t, "PUNTO_HISTORIES", 2000), setting(t, "PUNTO_SEED", uint64(time.Now().UnixNano()%1_000_000)) // after 1970
	start := beginning(t)
	compared, cases, rows, done := 0, 0, 0, uint64(0)
	for n := uint64(0); done < histories; n++ {
		b := makeBatch(seed+n, int(min(perWorld, histories-done)))
		for i, s := range b.run(t, start) {
			compared += s.compared
			for _, k := range s.cases {
				cases++
				rows += len(k.rows)
			}
			if len(s.failed) > 0 {
				t.Fatalf("seed %d, history %d:\n%s", b.seed, i, b.smallest(t, start, i))
			}
		}
		done += uint64(len(b.plans))
	}
	t.Logf("%d histories from seed %d: %d cases, %d rows, %d figures compared, no difference", done, seed, cases, rows, compared)
}

// smallest tells a history on which the two differ in as few steps as possible.
func (b batch) smallest(t *testing.T, start *begun, i int) string {
	p := b.plans[i]
	var last *tale
	differs := func(p plan) bool {
		one := b
		one.plans = []plan{p}
		s := one.run(t, start)[0]
		if len(s.failed) > 0 {
			last = s
		}
		return len(s.failed) > 0
	}
	if !differs(p) {
		return "it differs only beside the others of its world"
	}
	for again := true; again; {
		again = false
		for n := len(p.steps) - 1; n >= 0; n-- {
			less := p
			less.steps = slices.Delete(slices.Clone(p.steps), n, n+1)
			if differs(less) {
				p, again = less, true
			}
		}
	}
	differs(p)
	var out strings.Builder
	for _, x := range p.steps {
		fmt.Fprintln(&out, x)
	}
	for i, k := range last.cases {
		for _, r := range k.rows {
			fmt.Fprintf(&out, "case %d: %+v\n", i, r)
		}
	}
	for _, k := range last.desk.Calls {
		fmt.Fprintf(&out, "call: %+v\n", k)
	}
	for _, f := range last.failed {
		fmt.Fprintln(&out, f)
	}
	return out.String()
}
