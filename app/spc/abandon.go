package spc

import (
	"math"
	"time"
)

// abandoning is the service of the queue M/M/n+M, Erlang A (Palm 1957; Mandelbaum
// and Zeltyn, Service Engineering in Action: the Palm/Erlang-A Queue, 2007, and
// their Call Centers with Impatient Customers, 2005).
//
// With λ calls and n agents of rate μ, patience of rate θ, let V be the wait that a
// call of endless patience would have. Its density beyond 0 is proportional to
// exp(λ(1-e^-θx)/θ - nμx), and
//
//	J(t) = ∫ from t of that          = w(t) A(nμ/θ, z) / nμ
//	K(t) = ∫ from t of that, times e^-θx = w(t) e^-θt A(nμ/θ+1, z) / (nμ+θ)
//
// with z = λ/θ·e^-θt, w(t) = exp(λ(1-e^-θt)/θ - nμt) and the series A of ratio. The
// share that waits is J(0)/(1/(λB)+J(0)), B being Erlang B of n-1 agents, and
// K(t) over the same is answered later than t. What gives up in a time is the mean
// queue times θ, so the mean wait is the share that gives up over θ. All is held as
// logarithms: J passes e^1000 where agents are few, 1/B where they are many.
func (l Load) abandoning(s Service, e, n float64, within time.Duration) Service {
	mu, theta := 1/l.AHT.Seconds(), 1/l.Patience.Seconds()
	lambda, t := e*mu, within.Seconds()
	if n == 0 {
		s.Waits, s.Abandoned, s.ASA = 1, 1, l.Patience
		return s
	}
	x, y := n*mu/theta, lambda/theta
	gone := math.Exp(-theta * t)
	logW := -y*math.Expm1(-theta*t) - n*mu*t
	logJ := ratio(x, y) - math.Log(n*mu)
	logKt := logW - theta*t + ratio(x+1, y*gone) - math.Log(n*mu+theta)
	// 1/(λB) in logarithms, since B of a thousand idle agents is below 1e-300.
	logAll := logSum(-math.Log(lambda)-logBlocked(e, int(n)-1), logJ)
	s.Waits = math.Exp(logJ - logAll)
	s.Abandoned = s.Waits * abandonedOfWaiting(x, y)
	s.Level = min(1, max(0, 1-s.Abandoned-math.Exp(logKt-logAll)))
	s.ASA = duration(s.Abandoned / theta)
	s.Occupancy = min(1, e*(1-s.Abandoned)/n)
	return s
}

// far is how many waiting calls on average make sums of states too long; beyond it
// the closed forms that they come to are exact to the last digits.
const far = 1e5

// abandonedOfWaiting is the share of waiting calls that give up. The states n+j, j
// from 0 on, weigh y^j/((x+1)...(x+j)); a call that finds n+j is never served with
// (j+1)/(x+j+1), since each departure ahead may be its own. All terms are positive,
// so nothing cancels when few give up. Beyond far it is 1-1/ρ, ρ = y/x.
func abandonedOfWaiting(x, y float64) float64 {
	if y-x > far {
		return 1 - x/y
	}
	var sum, all float64
	w := 1.0
	for j := 0.0; ; j++ {
		all += w
		sum += w * (j + 1) / (x + j + 1)
		r := y / (x + j + 1)
		w *= r
		if w > 1e250 {
			w, sum, all = w*1e-250, sum*1e-250, all*1e-250
		}
		if r < 1 && w/(1-r) < sum*1e-17 {
			return sum / all
		}
	}
}

// ratio is the logarithm of A(x,y) = 1 + y/(x+1) + y²/((x+1)(x+2)) + ..., which is
// x·e^y·y^-x times the lower incomplete gamma function. All terms are positive;
// they are scaled down on the way so that none overflows. Beyond far the gamma
// function is as good as complete.
func ratio(x, y float64) float64 {
	if y-x > far {
		g, _ := math.Lgamma(x + 1)
		return g + y - x*math.Log(y)
	}
	sum, term, scaled := 1.0, 1.0, 0.0
	for j := 1.0; ; j++ {
		r := y / (x + j)
		term *= r
		sum += term
		if sum > 1e250 {
			sum, term, scaled = sum*1e-250, term*1e-250, scaled+250*math.Ln10
		}
		if r < 1 && term*r/(1-r) < sum*1e-17 {
			return math.Log(sum) + scaled
		}
	}
}

// logBlocked is the logarithm of Blocked: 1/B(i) = 1 + i/e·1/B(i-1), scaled down on
// the way.
func logBlocked(e float64, lines int) float64 {
	inv, one, scaled := 1.0, 1.0, 0.0
	for i := 1.0; i <= float64(lines); i++ {
		inv = one + i/e*inv
		if inv > 1e250 {
			inv, one, scaled = inv*1e-250, one*1e-250, scaled+250*math.Ln10
		}
	}
	return -math.Log(inv) - scaled
}

// logSum is log(e^a + e^b).
func logSum(a, b float64) float64 {
	if a < b {
		a, b = b, a
	}
	return a + math.Log1p(math.Exp(b-a))
}
