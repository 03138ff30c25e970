package spc

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

func daysOf(x, n []float64) (ds []Day) {
	for i := range x {
		ds = append(ds, Day{Date: time.Date(2026, 3, 1+i, 0, 0, 0, 0, time.UTC), X: x[i], N: n[i]})
	}
	return ds
}

func flat(x, n float64, days int) []Day {
	xs, ns := make([]float64, days), make([]float64, days)
	for i := range xs {
		xs[i], ns[i] = x, n
	}
	return daysOf(xs, ns)
}

func TestWhatAChangeBrought(t *testing.T) {
	holes := append(flat(5, 100, 6), Day{Date: time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC), X: math.NaN(), N: 100})
	for _, x := range []struct {
		name          string
		c             Change
		before, after []Day
		want          Verdict
	}{
		{"half of the failures are gone", Change{To: 0.06}, flat(10, 100, 30), flat(5, 100, 30), Achieved},
		{"more are kept than wanted", Change{To: 0.95, AtLeast: true}, flat(90, 100, 30), flat(97, 100, 30), Achieved},
		{"six days are too few", Change{To: 0.06}, flat(10, 100, 30), flat(5, 100, 6), Waiting},
		{"a day of which nothing is known is none", Change{To: 0.06}, flat(10, 100, 30), holes, Waiting},
		{"it was as good before", Change{To: 0.06}, flat(5, 100, 30), flat(5, 100, 30), Inconclusive},
		{"far from it", Change{To: 0.03}, flat(10, 100, 30), flat(9, 100, 30), NotAchieved},
		{"better, and not enough for certain", Change{To: 0.0495}, flat(10, 100, 30), flat(5, 100, 30), Inconclusive},
		{"the other way", Change{To: 0.0645}, flat(3, 100, 30), flat(6.5, 100, 30), NotAchieved},
		{"nothing is known of before", Change{To: 0.06}, nil, flat(5, 100, 30), Inconclusive},
		{"nothing of before, and clearly missed", Change{To: 0.01}, nil, flat(5, 100, 30), NotAchieved},
		{"fewer a day", Change{Of: Rate, To: 26}, flat(34, 1, 30), flat(24, 1, 30), Achieved},
		{"none of few is not certain", Change{To: 0.01}, flat(3.0/7, 10, 7), flat(0, 10, 7), Inconclusive},
	} {
		if _, _, got := x.c.Check(x.before, x.after); got != x.want {
			t.Errorf("%s: %s, not %s", x.name, got, x.want)
		}
	}
}

// By hand: r = 12/60 = 0.2; residuals 0, 2, -2; 3/2·8/3600 = 1/300; of t with 2 degrees
// of freedom 97.5 % lie below 4.30; the binomial's variance is 0.0028, and lower.
func TestTheIntervalOfASide(t *testing.T) {
	s := Change{}.side(daysOf([]float64{4, 6, 2}, []float64{20, 20, 20}))
	if s.Value != 0.2 || s.Days != 3 || s.X != 12 || s.N != 60 || math.Abs(s.se-math.Sqrt(1.0/300)) > 1e-12 {
		t.Errorf("%+v, se %v", s, s.se)
	}
	if half := s.High - s.Value; half < 4.2*s.se || half > 4.6*s.se || s.Low != 0 {
		t.Errorf("95 %% of t(2) is about 4.30 standard errors: %v of %v", half, s.se)
	}
	one := Change{}.side(flat(5, 100, 1))
	if one.Value != 0.05 || !math.IsNaN(one.Low) || !math.IsNaN(one.High) {
		t.Errorf("of one day the interval is not known: %+v", one)
	}
	if none := (Change{}).side(nil); !math.IsNaN(none.Value) || none.Days != 0 {
		t.Errorf("%+v", none)
	}
	if all := (Change{}).side(flat(100, 100, 9)); all.High != 1 || !(all.Low < 1) {
		t.Errorf("%+v", all)
	}
}

// Days spread 2.3 times the binomial variance: a change that did nothing is not called
// one, and one from 6 to 4 % is found.
func TestAChangeIsToldFromChance(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 1))
	made := func(p float64) []Day {
		ds := make([]Day, 60)
		for i := range ds {
			n := 330.0
			q := min(0.5, max(0, p+r.NormFloat64()*math.Sqrt(1.3*p*(1-p)/n)))
			x := 0.0
			for range int(n) {
				if r.Float64() < q {
					x++
				}
			}
			ds[i] = Day{Date: time.Date(2026, 1, 1+i, 0, 0, 0, 0, time.UTC), X: x, N: n}
		}
		return ds
	}
	const tries = 400
	none, found := 0, 0
	for range tries {
		if _, _, v := (Change{To: 0.06}).Check(made(0.06), made(0.06)); v == Achieved {
			none++
		}
		if _, _, v := (Change{To: 0.045}).Check(made(0.06), made(0.04)); v == Achieved {
			found++
		}
	}
	t.Logf("no change called one: %d of %d; a change found: %d", none, tries, found)
	if none > 24 || found < 380 {
		t.Errorf("no change is called one %d times of %d (2.5 %% expected), a change is found %d times", none, tries, found)
	}
}
