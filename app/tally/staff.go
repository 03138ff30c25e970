package tally

import (
	"errors"
	"math"
	"time"
)

// Load is the demand of one interval, for staffing by Erlang C: calls arrive at
// random, wait without giving up, and the first free agent takes them.
type Load struct {
	Calls    float64       // that arrive in the interval
	Interval time.Duration // usually half an hour
	AHT      time.Duration // mean handling time
}

// Erlangs is the traffic: calls times handling time over the interval.
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
	Level     float64       // share answered within the target
	ASA       time.Duration // mean wait of all calls; the longest duration there is when the queue only grows
	Occupancy float64       // share of the agents' time that is taken
}

// Serve is the service that a number of agents gives to a load, with the share
// answered within a time (Erlang 1917; the recursion of Erlang B, which does not
// overflow). Where the agents are no more than the traffic the queue only grows:
// all wait and none in time.
func (l Load) Serve(agents int, within time.Duration) Service {
	s := Service{Agents: agents}
	e := l.Erlangs()
	if e <= 0 || l.AHT <= 0 {
		s.Level = 1
		return s
	}
	n := float64(max(agents, 0))
	if n <= e {
		s.Waits, s.ASA, s.Occupancy = 1, math.MaxInt64, 1
		return s
	}
	blocked := 1.0 // Erlang B of no agents
	for i := 1.0; i <= n; i++ {
		blocked = e * blocked / (i + e*blocked)
	}
	s.Waits = blocked / (1 - (e/n)*(1-blocked))
	s.Level = 1 - s.Waits*math.Exp(-(n-e)*within.Seconds()/l.AHT.Seconds())
	s.ASA = time.Duration(s.Waits * float64(l.AHT) / (n - e))
	s.Occupancy = e / n
	return s
}

// maxAgents is where the search for enough agents gives up.
const maxAgents = 100_000

// Staff is the least number of agents that answers at least a share (below 1)
// of a load within a time. Shrinkage (0 to below 1) is the share of paid time in
// which an agent is not at the phone: rostered is how many must be paid for
// those.
func (l Load) Staff(level float64, within time.Duration, shrinkage float64) (s Service, rostered int, err error) {
	if level < 0 || level >= 1 || shrinkage < 0 || shrinkage >= 1 {
		return s, 0, errors.New("the level and the shrinkage must be at least 0 and below 1")
	}
	e := l.Erlangs()
	if math.IsNaN(e) || e > maxAgents/2 {
		return s, 0, errors.New("the load is too large to staff: check its calls, interval and handling time")
	}
	for n := int(e) + 1; n <= maxAgents; n++ {
		if s = l.Serve(n, within); s.Level >= level {
			return s, int(math.Ceil(float64(n)/(1-shrinkage) - 1e-9)), nil
		}
	}
	return s, 0, errors.New("no number of agents reaches the level")
}
