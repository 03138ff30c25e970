package spc

import (
	"errors"
	"math"

	"gonum.org/v1/gonum/mathext"
)

// Month is a share on its way to a target: of All so far Failed did not reach it,
// and Rest more are expected. What fails is what the index counts against the desk:
// cases late for an SLA, calls given up for an abandonment. Target is the largest
// share that may fail: 0.05 for "95 % in time" and for "at most 5 % abandoned".
type Month struct {
	Failed, All float64
	Rest        float64
	Target      float64
	SigmaZ      float64 // how much more days spread than chance (Laney); below 1 = 1
}

// Projection is how a month is thought to end. Pace is the share that failed so
// far, and that of the whole month at this pace; Low and High hold the latter with
// 80 %. MayFail is how many of the Rest may fail for the target to be
// reached; OutOfReach that none may and it is missed even so. Miss is the
// probability of missing the target.
type Projection struct {
	Pace, Low, High float64
	MayFail         int
	OutOfReach      bool
	Miss            float64
}

// ErrMonth says that a month cannot be projected.
var ErrMonth = errors.New("a month needs counts from 0 on, no more failures than all, and a target from 0 to 1")

// Project projects a month. What is to come is beta-binomial: the pace is known as
// Beta(failed+1/2, kept+1/2) (Jeffreys 1946), both divided by SigmaZ² since days
// that spread more tell less, and so spreads the rest. Until anything is counted
// the pace is NaN and the interval almost everything there is.
func (m Month) Project() (Projection, error) {
	if !(m.Failed >= 0 && m.All >= m.Failed && m.Rest >= 0 && m.Target >= 0 && m.Target <= 1) || math.IsInf(m.All+m.Rest, 0) {
		return Projection{}, ErrMonth
	}
	whole := m.All + m.Rest
	p := Projection{Pace: m.Failed / m.All}
	// A whole number of failures reaches the target exactly; rounding must not say no.
	may := math.Floor(m.Target*whole - m.Failed + 1e-9*max(1, whole))
	p.OutOfReach = may < 0
	p.MayFail = int(max(0, min(may, math.Floor(m.Rest))))
	if m.Rest == 0 {
		p.Low, p.High = p.Pace, p.Pace
		if p.OutOfReach {
			p.Miss = 1
		}
		return p, nil
	}
	phi := max(1, m.SigmaZ) * max(1, m.SigmaZ)
	a, b := (m.Failed+0.5)/phi, (m.All-m.Failed+0.5)/phi
	mean := a / (a + b)
	// Of the share of the rest that fails: that of a beta-binomial, with the spread
	// of days; as a Beta of the same mean and variance.
	variance := mean * (1 - mean) * min(0.999, (1+phi*(a+b)/m.Rest)/(a+b+1))
	size := mean*(1-mean)/variance - 1
	ra, rb := mean*size, (1-mean)*size
	at := func(share float64) float64 { return (m.Failed + share*m.Rest) / whole }
	p.Low, p.High = at(mathext.InvRegIncBeta(ra, rb, 0.1)), at(mathext.InvRegIncBeta(ra, rb, 0.9))
	switch limit := (may + 0.5) / m.Rest; { // half a failure: counts are whole
	case p.OutOfReach:
		p.Miss = 1
	case limit >= 1:
	default:
		p.Miss = 1 - mathext.RegIncBeta(ra, rb, limit)
	}
	return p, nil
}

// Mean is a mean on its way to a target that it should not pass, such as a mean
// wait: N values so far with their Sum and standard deviation SD, and Rest more to
// come.
type Mean struct {
	Sum, N, SD float64
	Rest       float64
	Target     float64
}

// Project projects a mean. The mean of the rest is normal about the mean so far,
// with the variance SD²(1/N+1/Rest). Miss is the probability of passing the
// target; MayFail is not used. NaN all through where nothing is counted yet.
func (m Mean) Project() (Projection, error) {
	if !(m.Sum >= 0 && m.N >= 0 && m.SD >= 0 && m.Rest >= 0 && m.Target >= 0) || math.IsInf(m.Sum+m.N+m.SD+m.Rest, 0) {
		return Projection{}, errors.New("a mean needs a sum, a count, a deviation and a target from 0 on")
	}
	pace := m.Sum / m.N
	p := Projection{Pace: pace, Low: pace, High: pace}
	if m.N == 0 {
		p.Miss = math.NaN()
		return p, nil
	}
	weight := m.Rest / (m.N + m.Rest)
	if s := weight * m.SD * math.Sqrt(1/m.N+1/max(m.Rest, 1)); s > 0 {
		z := mathext.NormalQuantile(0.9)
		p.Low, p.High = max(0, pace-z*s), pace+z*s
		p.Miss = 0.5 * math.Erfc((m.Target-pace)/(s*math.Sqrt2))
	} else if pace > m.Target {
		p.Miss = 1
	}
	if p.OutOfReach = m.Sum > m.Target*(m.N+m.Rest); p.OutOfReach { // values are never below 0
		p.Miss = 1
	}
	return p, nil
}
