package spc_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"punto/app/spc"
)

func TestAMonthTellsHowManyMayStillFail(t *testing.T) {
	for _, c := range []struct {
		name    string
		month   spc.Month
		mayFail int
		out     bool
	}{
		{"at 91.2 % of 250, goal 95 %: none of 60 may fail, and even so", spc.Month{Failed: 22, All: 250, Rest: 60, Target: 0.05}, 0, true},
		{"14 of the next 60 may fail", spc.Month{Failed: 4, All: 300, Rest: 60, Target: 0.05}, 14, false},
		{"to the very last: 15 of 300 are 5 %", spc.Month{Failed: 15, All: 240, Rest: 60, Target: 0.05}, 0, false},
		{"0.3 of 10 is 3, whatever it is in binary", spc.Month{Failed: 0, All: 0, Rest: 10, Target: 0.3}, 3, false},
		{"no more may fail than there are", spc.Month{Failed: 0, All: 100, Rest: 2, Target: 0.5}, 2, false},
		{"none may ever fail", spc.Month{Failed: 0, All: 10, Rest: 10, Target: 0}, 0, false},
		{"the month is over", spc.Month{Failed: 5, All: 100, Target: 0.05}, 0, false},
	} {
		p, err := c.month.Project()
		if err != nil || p.MayFail != c.mayFail || p.OutOfReach != c.out {
			t.Errorf("%s: %+v, %v", c.name, p, err)
		}
		if p.OutOfReach != (p.Miss == 1) || !(p.Miss >= 0 && p.Miss <= 1) || p.Low > p.High || p.Low < 0 || p.High > 1 {
			t.Errorf("%s: %+v", c.name, p)
		}
	}
	for _, bad := range []spc.Month{{Failed: 2, All: 1}, {Failed: -1}, {All: 1, Rest: -1}, {Target: 2}, {Failed: math.NaN()}, {All: math.Inf(1)}} {
		if p, err := bad.Project(); err == nil {
			t.Errorf("%+v was projected: %+v", bad, p)
		}
	}
	if p, err := (spc.Month{Rest: 100, Target: 0.05}).Project(); err != nil || !math.IsNaN(p.Pace) || p.High-p.Low < 0.5 {
		t.Errorf("a month of which nothing is known: %+v, %v", p, err)
	}
}

// The probability of missing is one: of the months that are said to miss with
// 70 to 90 % about so many miss, and the interval holds four of five.
func TestAProjectionIsAsSureAsItSays(t *testing.T) {
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 3))
	for _, phi := range []float64{1, 2.3} {
		const n = 12_000
		said, missed, within, sure, sureMissed := 0.0, 0.0, 0.0, 0.0, 0.0
		for range n {
			p := 0.02 + 0.1*r.Float64()
			all, rest := 200+r.IntN(300), 100+r.IntN(300)
			failed, more := overdispersed(r, all, p, phi), overdispersed(r, rest, p, phi)
			m := spc.Month{Failed: failed, All: float64(all), Rest: float64(rest), Target: 0.07, SigmaZ: math.Sqrt(phi)}
			x, err := m.Project()
			if err != nil {
				t.Fatal(err)
			}
			end := (failed + more) / float64(all+rest)
			miss := 0.0
			if end > 0.07 {
				miss = 1
			}
			said, missed = said+x.Miss, missed+miss
			if end >= x.Low-1e-9 && end <= x.High+1e-9 {
				within++
			}
			if x.Miss > 0.7 && x.Miss < 0.9 {
				sure, sureMissed = sure+1, sureMissed+miss
			}
		}
		if math.Abs(said-missed)/n > 0.035 || math.Abs(within/n-0.8) > 0.04 || math.Abs(sureMissed/sure-0.8) > 0.08 {
			t.Errorf("seed %d, phi %v: said %.3f, missed %.3f; %.3f within; of the 70 to 90 %% sure %.3f missed (of %v)", seed, phi, said/n, missed/n, within/n, sureMissed/sure, sure)
		}
	}
}

func TestAMeanIsProjectedToo(t *testing.T) {
	p, err := spc.Mean{Sum: 1800, N: 100, SD: 20, Rest: 100, Target: 20}.Project()
	// The rest is 18 ± 20·sqrt(2/100), the month half of it: 18 ± 1.414; 20 is 1.414 deviations off.
	if err != nil || p.Pace != 18 || math.Abs(p.Miss-0.0786) > 1e-3 || math.Abs(p.High-(18+1.2816*math.Sqrt2)) > 1e-3 || p.OutOfReach {
		t.Errorf("%+v, %v", p, err)
	}
	if p, err := (spc.Mean{Sum: 5000, N: 100, SD: 20, Rest: 100, Target: 20}).Project(); err != nil || !p.OutOfReach || p.Miss != 1 {
		t.Errorf("a mean out of reach: %+v, %v", p, err)
	}
	if p, err := (spc.Mean{Rest: 100, Target: 20}).Project(); err != nil || !math.IsNaN(p.Pace) || !math.IsNaN(p.Miss) {
		t.Errorf("a mean of nothing: %+v, %v", p, err)
	}
	if p, err := (spc.Mean{Sum: 2100, N: 100, Target: 20}).Project(); err != nil || p.Miss != 1 {
		t.Errorf("a month that is over: %+v, %v", p, err)
	}
	if _, err := (spc.Mean{Sum: -1}).Project(); err == nil {
		t.Error("a negative sum was projected")
	}
}

// binomial draws the successes of n trials.
func binomial(r *rand.Rand, n int, p float64) float64 {
	k := 0.0
	for range n {
		if r.Float64() < p {
			k++
		}
	}
	return k
}

// gamma draws from the gamma distribution (Marsaglia and Tsang 2000).
func gamma(r *rand.Rand, shape float64) float64 {
	if shape < 1 {
		return gamma(r, shape+1) * math.Pow(r.Float64(), 1/shape)
	}
	d := shape - 1.0/3
	for {
		x := r.NormFloat64()
		v := 1 + x/math.Sqrt(9*d)
		if v <= 0 {
			continue
		}
		v *= v * v
		if math.Log(r.Float64()) < x*x/2+d-d*v+d*math.Log(v) {
			return d * v
		}
	}
}

// overdispersed draws of n with phi times the binomial's variance: beta-binomial.
func overdispersed(r *rand.Rand, n int, p, phi float64) float64 {
	if phi > 1 {
		size := float64(n-1)/(phi-1) - 1
		a, b := gamma(r, p*size), gamma(r, (1-p)*size)
		p = a / (a + b)
	}
	return binomial(r, n, p)
}
