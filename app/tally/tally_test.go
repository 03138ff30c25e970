package tally_test

import (
	"math"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"punto/app/tally"
)

var rules = tally.Rules{ShortAbandon: 5 * time.Second, AnswerIn: 20 * time.Second, WrapUp: 10 * time.Minute}

func value(t *testing.T, a *tally.Accumulator, id string) float64 {
	t.Helper()
	for _, f := range a.Figures(nil) {
		if f.ID == id {
			if f.Value == nil {
				return math.NaN()
			}
			return *f.Value
		}
	}
	t.Fatalf("there is no index %s", id)
	return 0
}

// The worked example of ICMI: 1000 answered, 860 of them within 20 s; 60
// abandoned, 20 of them within 20 s, 10 of those within 5 s.
func TestTheWorkedExampleOfServiceLevels(t *testing.T) {
	a := tally.New(rules)
	add := func(n int, o tally.Outcome, wait time.Duration) {
		for range n {
			a.AddCall(tally.Call{Outcome: o, Wait: wait, Queued: true})
		}
	}
	add(860, tally.Answered, 20*time.Second)
	add(140, tally.Answered, 21*time.Second)
	add(10, tally.Abandoned, 4*time.Second)
	add(10, tally.Abandoned, 5*time.Second)
	add(40, tally.Abandoned, time.Minute)
	for id, want := range map[string]float64{"service_level_strict": 860.0 / 1050, "service_level_asterisk1": 0.86,
		"service_level_asterisk2": 870.0 / 1050, "offered": 1050, "abandoned": 50, "short_abandon": 10, "lost": 50} {
		if got := value(t, a, id); math.Abs(got-want) > 1e-12 {
			t.Errorf("%s is %v, not %v", id, got, want)
		}
	}
}

func TestNothingCountedIsNeitherZeroNorAll(t *testing.T) {
	a := tally.New(rules)
	for _, id := range []string{"pct_abandoned", "asa", "sla_resolve", "solved_online", "csat"} {
		if got := value(t, a, id); !math.IsNaN(got) {
			t.Errorf("%s of nothing is %v", id, got)
		}
	}
}

func TestSumsMergeInAnyOrder(t *testing.T) {
	for seed := uint64(1); seed <= 200; seed++ {
		r := rand.New(rand.NewPCG(seed, 4))
		whole := tally.New(rules)
		parts := []*tally.Accumulator{tally.New(rules), tally.New(rules), tally.New(rules)}
		for range 200 {
			c := tally.Call{At: time.Unix(r.Int64N(1e9), 0).UTC(), Outcome: tally.Outcome(1 + r.IntN(7)), Wait: time.Duration(r.IntN(90)) * time.Second,
				Talk: time.Duration(r.IntN(900)) * time.Second, WrapUp: time.Duration(r.IntN(1200)) * time.Second, Queued: r.IntN(2) == 0}
			whole.AddCall(c)
			parts[r.IntN(3)].AddCall(c)
		}
		r.Shuffle(3, func(i, j int) { parts[i], parts[j] = parts[j], parts[i] })
		parts[1].Merge(parts[2])
		parts[0].Merge(parts[1])
		if !reflect.DeepEqual(parts[0].Figures(nil), whole.Figures(nil)) || !reflect.DeepEqual(parts[0].Top("day"), whole.Top("day")) {
			t.Fatalf("seed %d: the merged parts are not the whole", seed)
		}
	}
}

func TestQuantilesInterpolate(t *testing.T) {
	var times tally.Times
	for _, s := range []time.Duration{10, 3, 1, 2} {
		times.Add(s * time.Second)
	}
	for q, want := range map[float64]float64{0: 1, 0.5: 2.5, 0.9: 7.9, 1: 10} {
		if got := times.Quantile(q); math.Abs(got-want) > 1e-9 {
			t.Errorf("the %v quantile is %v, not %v", q, got, want)
		}
	}
}
