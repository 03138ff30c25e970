package spc_test

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
	"time"

	"punto/app/spc"
)

func TestErlangCGivesTheWorkedExamples(t *testing.T) {
	half := spc.Load{Calls: 60, Interval: 30 * time.Minute, AHT: 240 * time.Second}
	s, err := half.Staff(spc.Goal{Level: 0.80, Within: 20 * time.Second, Shrinkage: 0.30})
	if err != nil || s.Agents != 11 || math.Abs(s.Level-0.809) > 5e-4 || math.Abs(s.ASA.Seconds()-19.6) > 0.05 || s.Rostered != 16 {
		t.Errorf("60 calls in half an hour: %+v, %v: 11 agents, 80.9 %%, 19.6 s, 16 rostered expected", s, err)
	}
	if s.Fewer.Agents != 10 || s.Fewer.Level >= 0.80 || s.More.Agents != 12 || s.More.Level <= s.Level {
		t.Errorf("the curve around 11 agents is %+v and %+v", s.Fewer, s.More)
	}
	ten := spc.Load{Calls: 100, Interval: 30 * time.Minute, AHT: 180 * time.Second}
	for agents, want := range map[int][3]float64{14: {0.1741, 0.8884, 7.8}, 13: {-1, 0.7956, -1}, 12: {-1, 0.640, -1}} {
		s := ten.Serve(agents, 20*time.Second)
		for i, got := range []float64{s.Waits, s.Level, s.ASA.Seconds()} {
			if want[i] >= 0 && math.Abs(got-want[i]) > []float64{5e-5, 5e-4, 0.05}[i] {
				t.Errorf("10 erlangs, %d agents: %+v, not %v", agents, s, want)
			}
		}
	}
	// Erlang B of 10 erlangs and 15 lines is 3.65 % in every printed table.
	if b := spc.Blocked(10, 15); math.Abs(b-0.0365) > 5e-5 {
		t.Errorf("10 erlangs block %v of 15 lines", b)
	}
	if n, err := spc.Lines(10, 0.01); n != 18 || err != nil {
		t.Errorf("10 erlangs at 1 %% need %d lines, not 18: %v", n, err)
	}
}

func TestErlangAGivesTheWorkedExamples(t *testing.T) {
	l := spc.Load{Calls: 100, Interval: 30 * time.Minute, AHT: 180 * time.Second, Patience: 120 * time.Second}
	for agents, want := range map[int]float64{13: 0.0384, 12: 0.0616} {
		if s := l.Serve(agents, 20*time.Second); math.Abs(s.Abandoned-want) > 5e-5 {
			t.Errorf("%d agents lose %.4f of the calls, not %v", agents, s.Abandoned, want)
		}
	}
	s, err := l.Staff(spc.Goal{Level: 0.8, Within: 20 * time.Second, MaxAbandoned: 0.05})
	if err != nil || s.Agents != 13 || s.Abandoned > 0.05 || s.Fewer.Abandoned <= 0.05 {
		t.Errorf("at most 5 %% lost: %+v, %v", s, err)
	}
}

func TestErlangAtItsEdges(t *testing.T) {
	l := spc.Load{Calls: 100, Interval: 30 * time.Minute, AHT: 180 * time.Second}
	if s := l.Serve(10, time.Minute); s.Waits != 1 || s.Level != 0 || s.Occupancy != 1 || s.ASA != math.MaxInt64 {
		t.Errorf("as many agents as traffic came out as %+v", s)
	}
	if s := (spc.Load{}).Serve(0, time.Second); s.Level != 1 || s.ASA != 0 {
		t.Errorf("no calls came out as %+v", s)
	}
	if s, err := (spc.Load{Interval: time.Hour, AHT: time.Minute}).Staff(spc.Goal{Level: 0.9}); err != nil || s.Agents != 0 || s.Rostered != 0 || s.Fewer != (spc.Service{}) {
		t.Errorf("no calls need %+v, %v", s, err)
	}
	l.Patience = time.Minute
	if s := l.Serve(0, time.Minute); s.Level != 0 || s.Abandoned != 1 || s.ASA != time.Minute {
		t.Errorf("nobody at the phone came out as %+v", s)
	}
	for _, bad := range []spc.Goal{{Level: 1}, {Level: -0.1}, {Level: 0.8, Shrinkage: 1}, {Level: math.NaN()}, {MaxAbandoned: 2}} {
		if _, err := l.Staff(bad); err == nil {
			t.Errorf("%+v was staffed", bad)
		}
	}
	if _, err := (spc.Load{Calls: math.Inf(1), Interval: 1, AHT: 1}).Staff(spc.Goal{Level: 0.8}); err == nil {
		t.Error("an endless load was staffed")
	}
	for _, bad := range [][2]float64{{math.NaN(), 0.1}, {10, 0}, {10, math.NaN()}, {math.Inf(1), 0.5}} {
		if n, err := spc.Lines(bad[0], bad[1]); err == nil {
			t.Errorf("%v needs %d lines", bad, n)
		}
	}
}

// One agent more never serves worse, at any size, and no figure leaves its bounds.
func TestMoreAgentsNeverServeWorse(t *testing.T) {
	for _, e := range []float64{0.01, 1, 30, 900, 20_000} {
		for _, patience := range []time.Duration{0, time.Second, time.Minute, 100 * time.Hour} {
			l := spc.Load{Calls: e, Interval: time.Minute, AHT: time.Minute, Patience: patience}
			last := spc.Service{Abandoned: 1}
			for n := int(e * 0.7); n < int(e*1.4)+20; n += 1 + int(e/40) {
				s := l.Serve(n, 20*time.Second)
				for _, x := range []float64{s.Level, s.Waits, s.Abandoned, s.Occupancy} {
					if !(x >= 0 && x <= 1) {
						t.Fatalf("%v erlangs, patience %v: %+v", e, patience, s)
					}
				}
				if s.Level < last.Level-1e-6 || s.Abandoned > last.Abandoned+1e-9 || s.ASA < 0 {
					t.Fatalf("%v erlangs, patience %v: %+v after %+v", e, patience, s, last)
				}
				last = s
			}
		}
	}
}

// naive is the stationary queue as the textbook defines it, state by state in
// numbers of 400 bits: birth at rate λ, death at rate min(k,n)μ + max(0,k-n)θ.
type naive struct{ waits, abandoned, wait float64 }

func float(x float64) *big.Float { return new(big.Float).SetPrec(400).SetFloat64(x) }

func ofStates(lambda, mu, theta float64, n int) naive {
	p, all, waits, queue := float(1), float(1), float(0), float(0)
	if n == 0 {
		waits.Add(waits, p)
	}
	for k := 1; ; k++ {
		death := new(big.Float).Add(new(big.Float).Mul(float(float64(min(k, n))), float(mu)), new(big.Float).Mul(float(float64(max(0, k-n))), float(theta)))
		p = new(big.Float).Quo(new(big.Float).Mul(p, float(lambda)), death)
		all.Add(all, p)
		if k >= n {
			waits.Add(waits, p)
			queue.Add(queue, new(big.Float).Mul(p, float(float64(k-n))))
		}
		rest := new(big.Float).Quo(p, all)
		if q, _ := death.Float64(); q > lambda*1.0000001 && k > n && rest.Cmp(float(1e-40)) < 0 {
			break
		}
	}
	w, _ := new(big.Float).Quo(waits, all).Float64()
	q, _ := new(big.Float).Quo(queue, all).Float64()
	return naive{w, q * theta / lambda, q / lambda}
}

func near(got, want, tolerance float64) bool {
	return math.Abs(got-want) <= tolerance*max(math.Abs(want), 1e-12)
}

func TestErlangIsTheNaiveSumOfStates(t *testing.T) {
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 12))
	for range 120 {
		n := 1 + int(math.Exp(r.Float64()*math.Log(1200)))
		aht := 30 + 600*r.Float64()
		load := float64(n) * (0.5 + 0.49*r.Float64())
		l := spc.Load{Calls: load / aht * 1800, Interval: 30 * time.Minute, AHT: time.Duration(aht * 1e9)}
		lambda, mu := l.Calls/1800, 1/l.AHT.Seconds()
		got, want := l.Serve(n, 20*time.Second), ofStates(lambda, mu, 0, n)
		level := 1 - want.waits*math.Exp(-(float64(n)*mu-lambda)*20)
		if !near(got.Waits, want.waits, 1e-9) || !near(got.ASA.Seconds()+1, want.wait+1, 1e-8) || !near(got.Level, level, 1e-9) {
			t.Errorf("seed %d: %d agents, %v erlangs: %+v is not %+v, level %v", seed, n, load, got, want, level)
		}
		l.Patience = time.Duration((5 + 600*r.Float64()) * 1e9)
		l.Calls *= 0.6 + 1.2*r.Float64() // overload, too
		lambda = l.Calls / 1800
		theta := 1 / l.Patience.Seconds()
		got, want = l.Serve(n, 20*time.Second), ofStates(lambda, mu, theta, n)
		if !near(got.Waits, want.waits, 1e-8) || !near(got.Abandoned, want.abandoned, 1e-8) || !near(got.ASA.Seconds()+1, want.wait+1, 1e-8) {
			t.Errorf("seed %d: %d agents, %v erlangs, patience %v: %+v is not %+v", seed, n, lambda/mu, l.Patience, got, want)
		}
		if level := ofWaits(lambda, mu, theta, n, want, 20); math.Abs(got.Level-level) > 1e-6 {
			t.Errorf("seed %d: %d agents, %v erlangs, patience %v: level %v is not %v", seed, n, lambda/mu, l.Patience, got.Level, level)
		}
	}
}

// ofWaits is the share answered within a time by summing the density of the wait of
// a call of endless patience, of which the share that waits and the share of those
// answered are known from the states.
func ofWaits(lambda, mu, theta float64, n int, of naive, within float64) float64 {
	log := func(x float64) float64 { return lambda*(1-math.Exp(-theta*x))/theta - float64(n)*mu*x }
	// The density is highest where λe^-θx = nμ.
	top := max(0, math.Log(lambda/(float64(n)*mu))/theta)
	at := func(x float64) float64 { return math.Exp(log(x)-log(top)) * math.Exp(-theta*x) }
	simpson := func(from, to float64) float64 {
		const steps = 40_000
		h, s := (to-from)/steps, at(from)+at(to)
		for i := 1; i < steps; i++ {
			s += at(from+float64(i)*h) * float64(2+2*(i%2))
		}
		return s * h / 3
	}
	end := max(top, within)
	for at(end) > 1e-18*at(top) {
		end += 0.5 / (theta + math.Abs(float64(n)*mu-lambda)/50)
	}
	in, out := simpson(0, within), simpson(within, end)
	return 1 - of.waits + (of.waits-of.abandoned)*in/(in+out)
}
