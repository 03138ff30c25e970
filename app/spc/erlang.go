package spc

import (
	"errors"
	"fmt"
	"math"
	"time"
)

// Load is the demand of one interval: calls that arrive at random and are
// handled for a random time. With a Patience they give up after a random time of
// that mean (Erlang A); with none they wait for ever (Erlang C).
type Load struct {
	Calls    float64       // that arrive in the interval
	Interval time.Duration // usually half an hour
	AHT      time.Duration // mean handling time
	Patience time.Duration // mean time after which a waiting call gives up; 0 = never
}

// Erlangs is the traffic: calls times handling time over the interval. It is 0
// where there is no interval.
func (l Load) Erlangs() float64 {
	if l.Interval <= 0 {
		return 0
	}
	return l.Calls * l.AHT.Seconds() / l.Interval.Seconds()
}

// Service is what a number of agents gives.
type Service struct {
	Agents    int
	Waits     float64       // probability that a call waits
	Level     float64       // share of all calls that is answered within the target
	Abandoned float64       // share of all calls that gives up; 0 without patience
	ASA       time.Duration // mean wait of all calls; the longest duration there is when the queue only grows
	Occupancy float64       // share of the agents' time that is taken
}

// Blocked is the share of calls that find so many lines taken, when what finds
// none is lost (Erlang B, Erlang 1917). The recursion B(i) = eB/(i+eB) from B(0) =
// 1 neither overflows nor cancels, for any number of lines.
func Blocked(erlangs float64, lines int) float64 {
	if erlangs <= 0 {
		return 0
	}
	b := 1.0
	for i := 1.0; i <= float64(lines); i++ {
		b = erlangs * b / (i + erlangs*b)
	}
	return b
}

// Serve is the service that a number of agents gives to a load, with the share
// answered within a time. Without patience: C = B/(1-(e/n)(1-B)), level = 1 -
// C·exp(-(n-e)t/AHT) (Erlang 1917); where the agents are no more than the traffic
// the queue only grows: all wait and none in time. With patience see abandoning.
func (l Load) Serve(agents int, within time.Duration) Service {
	s := Service{Agents: agents}
	e, n := l.Erlangs(), float64(max(agents, 0))
	switch {
	case e <= 0 || l.AHT <= 0:
		s.Level = 1
		return s
	case l.Patience > 0:
		return l.abandoning(s, e, n, max(within, 0))
	case n <= e:
		s.Waits, s.ASA, s.Occupancy = 1, math.MaxInt64, 1
		return s
	}
	blocked := Blocked(e, agents)
	s.Waits = blocked / (1 - (e/n)*(1-blocked))
	s.Level = 1 - s.Waits*math.Exp(-(n-e)*within.Seconds()/l.AHT.Seconds())
	s.ASA = duration(s.Waits * l.AHT.Seconds() / (n - e))
	s.Occupancy = e / n
	return s
}

// duration is so many seconds; the longest one there is for what is longer.
func duration(seconds float64) time.Duration {
	if seconds >= math.MaxInt64/float64(time.Second) {
		return math.MaxInt64
	}
	return time.Duration(seconds * float64(time.Second))
}

// maxAgents is where the search for enough agents gives up.
const maxAgents = 100_000

// Goal is what the staffing of an interval must reach: at least the share Level
// (below 1) of the calls answered Within a time and, where a load has patience, no
// more than the share MaxAbandoned given up (0 = any). Shrinkage (0 to below 1) is
// the share of paid time in which an agent is not at the phone.
type Goal struct {
	Level        float64
	Within       time.Duration
	MaxAbandoned float64
	Shrinkage    float64
}

// Staffed is the least staffing of an interval. Rostered is how many must be paid
// for Agents to be at the phone. Fewer and More are the service of one agent less
// and one more, for the curve; Fewer is zero where no agent is the least.
type Staffed struct {
	Service
	Rostered    int
	Fewer, More Service
}

// Staff is the least number of agents that reaches the goal.
func (l Load) Staff(g Goal) (Staffed, error) {
	if !(g.Level >= 0 && g.Level < 1 && g.Shrinkage >= 0 && g.Shrinkage < 1 && g.MaxAbandoned >= 0 && g.MaxAbandoned <= 1) {
		return Staffed{}, errors.New("the level and the shrinkage must be at least 0 and below 1, the share that gives up at most 1")
	}
	e := l.Erlangs()
	if math.IsNaN(e) || e > maxAgents/2 {
		return Staffed{}, errors.New("the load is too large to staff: check its calls, interval and handling time")
	}
	enough := func(n int) bool {
		s := l.Serve(n, g.Within)
		return s.Level >= g.Level && (g.MaxAbandoned == 0 || s.Abandoned <= g.MaxAbandoned)
	}
	// More agents never serve worse, so the least number lies between two.
	low, high := -1, 1
	for ; !enough(high); high *= 2 {
		if low = high; high > maxAgents {
			return Staffed{}, fmt.Errorf("no number of agents up to %d reaches the goal", maxAgents)
		}
	}
	for high-low > 1 {
		if m := (low + high) / 2; enough(m) {
			high = m
		} else {
			low = m
		}
	}
	s := Staffed{Service: l.Serve(high, g.Within), More: l.Serve(high+1, g.Within)}
	if high > 0 {
		s.Fewer = l.Serve(high-1, g.Within)
	}
	s.Rostered = int(math.Ceil(float64(high)/(1-g.Shrinkage) - 1e-9))
	return s, nil
}

// Lines is the least number of lines that lose no more than a share (above 0) of
// the calls (Erlang B).
func Lines(erlangs, lost float64) (int, error) {
	if !(lost > 0 && lost <= 1) || !(erlangs <= maxAgents/2) {
		return 0, errors.New("the share of lost calls must be above 0 and at most 1, and the traffic a number that can be carried")
	}
	b, n := 1.0, 0
	for erlangs > 0 && b > lost {
		n++
		b = erlangs * b / (float64(n) + erlangs*b)
	}
	return n, nil
}
