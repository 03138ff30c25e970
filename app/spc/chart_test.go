package spc_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"

	"punto/app/spc"
)

var nan = math.NaN()

func TestChartsGiveTheWorkedExamples(t *testing.T) {
	// 2, 4 and 9 defective of 100 each: p = 15/300.
	p := spc.P([]spc.Count{{X: 2, N: 100}, {X: 4, N: 100}, {X: 9, N: 100}}, 3)
	if !near(p.Center, 0.05, 1e-12) || !near(p.Points[0].High, 0.05+3*math.Sqrt(0.05*0.95/100), 1e-12) || p.Points[0].Low != 0 {
		t.Errorf("%+v", p)
	}
	if np := spc.NP([]spc.Count{{X: 2, N: 100}, {X: 4, N: 100}, {X: 9, N: 100}}, 3); np.Points[2].Value != 9 || !near(np.Points[2].High, 100*p.Points[2].High, 1e-12) {
		t.Errorf("%+v", np)
	}
	// NIST e-Handbook 6.3.2.2: flowrates, mean 50.81, moving range 1.8778, limits 45.82 and 55.80.
	x := spc.XmR([]float64{49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1}, 3, nil)
	if !near(x.Center, 50.81, 1e-12) || !near(x.Points[0].Low, 45.8158, 1e-4) || !near(x.Points[0].High, 55.8041, 1e-4) || len(x.Beyond()) > 0 {
		t.Errorf("%+v", x)
	}
	if m := spc.MovingRanges([]float64{49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1}); !near(m.Points[1].High, 3.267*1.8778, 1e-3) || !math.IsNaN(m.Points[0].Value) || m.Points[1].Value != 2 {
		t.Errorf("%+v", m)
	}
}

// Where shares spread more than the binomial says, p calls many days out and p' few.
func TestLaneysCorrectionStopsTheAlarmsOfLargeDays(t *testing.T) {
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 1))
	var days []spc.Count
	for range 2000 {
		days = append(days, spc.Count{X: overdispersed(r, 400, 0.04, 4), N: 400})
	}
	p, prime := spc.P(days, 3), spc.PPrime(days, 3)
	if len(p.Beyond()) < 100 || len(prime.Beyond()) > 40 || math.Abs(prime.SigmaZ-2) > 0.2 {
		t.Errorf("seed %d: p calls %d of 2000 days out, p' %d with sigma_z %v, which should be 2", seed, len(p.Beyond()), len(prime.Beyond()), prime.SigmaZ)
	}
	for i := range days {
		days[i] = spc.Count{X: binomial(r, 400, 0.04), N: 400}
	}
	if p, prime := spc.P(days, 3), spc.PPrime(days, 3); prime.SigmaZ < 1 || prime.SigmaZ > 1.1 || prime.Points[0].High < p.Points[0].High {
		t.Errorf("seed %d: binomial days have sigma_z %v", seed, prime.SigmaZ)
	}
	u, up := spc.U([]spc.Count{{X: 0, N: 1}, {X: 200, N: 1}, {X: 0, N: 1}}, 3), spc.UPrime([]spc.Count{{X: 0, N: 1}, {X: 200, N: 1}, {X: 0, N: 1}}, 3)
	if len(u.Beyond()) != 3 || len(up.Beyond()) != 0 {
		t.Errorf("u %v, u' %v", u.Beyond(), up.Beyond())
	}
}

func TestWhatIsNotKnownIsNotJudged(t *testing.T) {
	days := []spc.Count{{X: 1, N: 10}, {X: 0, N: 0}, {X: nan, N: 10}, {X: 2, N: 10}, {X: 9, N: 10, Out: true}}
	for name, c := range map[string]spc.Chart{"p": spc.P(days, 3), "p'": spc.PPrime(days, 3), "u": spc.U(days, 3)} {
		for _, i := range []int{1, 2} {
			if q := c.Points[i]; !math.IsNaN(q.Value) || !math.IsNaN(q.High) || !math.IsNaN(q.Z) {
				t.Errorf("%s: a day of nothing was judged: %+v", name, q)
			}
		}
		if !near(c.Center, 0.15, 1e-12) || !reflect.DeepEqual(c.Beyond(), []int{4}) {
			t.Errorf("%s: a day that is out formed the limits, or was not judged: %+v", name, c)
		}
	}
	none := spc.P([]spc.Count{{}, {}}, 3)
	if !math.IsNaN(none.Center) || len(none.Beyond()) != 0 {
		t.Errorf("nothing at all: %+v", none)
	}
	if c := spc.P([]spc.Count{{X: 0, N: 10}, {X: 0, N: 20}}, 3); c.Points[0].Z != 0 || c.Points[0].High != 0 || len(c.Beyond()) != 0 {
		t.Errorf("no failures at all: %+v", c)
	}
	if c := spc.PPrime([]spc.Count{{X: 1, N: 10}}, 3); !math.IsNaN(c.SigmaZ) || !math.IsNaN(c.Points[0].High) || c.Points[0].Value != 0.1 {
		t.Errorf("one day cannot tell how days spread: %+v", c)
	}
	x := spc.XmR([]float64{5, nan, 7, 60}, 3, []bool{true, true, true, false})
	if x.Center != 6 || !math.IsNaN(x.Points[1].High) || !reflect.DeepEqual(x.Beyond(), []int{3}) || !near(x.Sigma, 2/1.128, 1e-12) {
		t.Errorf("%+v", x)
	}
	if x := spc.XmR([]float64{5}, 3, nil); x.Points[0].Value != 5 || !math.IsNaN(x.Points[0].Low) {
		t.Errorf("one value: %+v", x)
	}
	e := spc.EWMA{Target: 10, Sigma: 2, Lambda: 0.5, L: 2}
	a, b := e.Run([]float64{11, nan, 13}), e.Run([]float64{11, 13})
	if !math.IsNaN(a.Points[1].Value) || a.Points[2] != b.Points[1] {
		t.Errorf("a gap changed the average: %+v, %+v", a, b)
	}
}

func TestRunRulesSeeTheirPatterns(t *testing.T) {
	up, wave, near0 := []float64{1, 2, 3, 4, 5, 6, 7, 7, 6, 5, 4, 3, 2, 1}, []float64{}, []float64{}
	for i := range 16 {
		wave = append(wave, float64(i%2))
		near0 = append(near0, 0.3)
	}
	for _, c := range []struct {
		rule spc.Rule
		zs   []float64
		want []int
	}{
		{spc.WesternElectric[1], []float64{3, 3.1, nan, -3.1}, []int{1, 3}},
		{spc.WesternElectric[2], []float64{2.5, 2.5}, []int{}}, // three are looked at
		{spc.WesternElectric[2], []float64{0, 2.5, 1, 2.6, 0, -2.5, 2.5}, []int{3}},
		{spc.WesternElectric[3], []float64{0, 1.2, 1.3, 0.2, 1.4, 1.5, 0.1}, []int{5}},
		{spc.WesternElectric[4], []float64{-1, -1, -1, -1, nan, -1, -1, -1, -1, 1}, []int{8}},
		{spc.WesternElectric[4], []float64{1, 1, 1, 1, 0, 1, 1, 1, 1}, []int{}}, // on the line is on no side
		{spc.Nelson[3], up, []int{5, 6, 12, 13}},
		{spc.Nelson[4], wave, []int{13, 14, 15}},
		{spc.Nelson[5], []float64{0, 2.3, 0.4, 2.2, -2.4, -0.2, -2.5}, []int{3, 6}},
		{spc.Nelson[6], []float64{1.2, 1.3, 0.2, 1.4, 1.5, -1.2, -1.3, -0.1, -1.4, -1.5}, []int{4, 9}},
		{spc.Nelson[7], append(near0, 1.2), []int{14, 15}},
		{spc.Nelson[8], []float64{1.2, -1.3, 1.1, -1.4, 1.5, -1.2, 1.3, -1.1, 0.2}, []int{7}},
		{spc.Nelson[8], []float64{2, 2, 2, 2, 2, 2, 2, 2, 2}, []int{}},
	} {
		if got := c.rule.Broken(c.zs); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s in %v: %v, not %v", c.rule.Name(), c.zs, got, c.want)
		}
	}
}

// Under chance alone a rule is broken as seldom as its authors say.
func TestRunRulesAreSeldomBrokenByChance(t *testing.T) {
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 2))
	zs := make([]float64, 200_000)
	for i := range zs {
		zs[i] = r.NormFloat64()
	}
	// By the normal distribution: 0.0027 beyond 3 sigma; 9 in a row on one side end at 2·2^-9 of the points;
	// 15 within 1 sigma at 0.6827^15.
	for rule, want := range map[int]float64{1: 0.0027, 2: math.Pow(2, -8), 7: math.Pow(0.6827, 15)} {
		if got := float64(len(spc.Nelson[rule].Broken(zs))) / float64(len(zs)); math.Abs(got/want-1) > 0.35 {
			t.Errorf("seed %d: rule %d ends at %v of the points, not %v", seed, rule, got, want)
		}
	}
}

func TestCUSUMFindsASmallShiftThatADayDoesNotShow(t *testing.T) {
	groups := [][]float64{}
	for i := range 60 {
		x := []float64{0.6, -0.6}[i%2]
		if i >= 30 {
			x++
		}
		groups = append(groups, []float64{x})
	}
	groups[10] = nil
	s := spc.CUSUM{Sigma: 1, K: 0.5, H: 5}.Run(groups)
	if len(s.Up) == 0 || s.Up[0] < 35 || s.Up[0] > 45 || len(s.Down) != 0 || s.Pos[10] != s.Pos[9] {
		t.Error(fmt.Sprint(s))
	}
}
