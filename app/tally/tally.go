// Package tally sums calls and cases into the indices that a contract can be
// paid by. It is pure: rows in, figures out. An Accumulator merges with another
// (days, nodes and goroutines combine freely, in any order) and every figure
// keeps its numerator and denominator, so that a month is weighted by its calls
// and never a mean of means. The definitions are those of the service model's
// indices; a name never changes its meaning.
package tally

import (
	"maps"
	"math"
	"slices"
	"time"

	"punto/app/sla"
)

// Call is what the indices need of one call. Durations count whole seconds.
type Call struct {
	At       time.Time // offered
	Outcome  Outcome
	Wait     time.Duration // queue and ring, without the menu
	Queued   bool          // waited in a queue at all
	Talk     time.Duration
	Hold     time.Duration
	WrapUp   time.Duration
	Returned time.Duration // a lost call returned after; 0 = not returned
}

// Outcome is where a call belongs in the identity offered = answered +
// abandoned + busy + overflow + withdrawn.
type Outcome uint8

// Outcomes. ClosedHours and LostInMenu are counted apart from offered.
const (
	Answered Outcome = iota + 1
	Abandoned
	Busy
	Overflow
	Withdrawn
	ClosedHours
	LostInMenu
)

// Case is what the indices need of one case. A zero time has not happened.
type Case struct {
	Opened, Resolved time.Time
	Reopened         bool // within the contract's window
	Online           bool // resolved in the contact in which it was opened, by level 1
	Eligible         bool // its category is marked resolvable at level 1
	Level2           bool // ever handed to level 2 or beyond
	HandOffs         int
	Returns          int  // hand-offs back down
	PingPong         int  // A to B to A
	Open             bool // at the end of the month
	Repeat           bool // same person and category within 7 days of a resolution
	TakeUp, Resolve  Verdict
	Units            []Unit // hand-off runs
	Category, Origin string
	Kind, Modality   string
}

// Verdict is how a clock ended.
type Verdict struct {
	State   sla.State
	Excused bool
}

// Unit is one hand-off run of one unit.
type Unit struct {
	Group string
	Verdict
}

// Rules are what a contract says of counting.
type Rules struct {
	ShortAbandon time.Duration // shorter waits are left out of offered
	AnswerIn     time.Duration // of the service level, inclusive
	WrapUp       time.Duration // longest wrap-up counted
}

// Times is an exact distribution of whole seconds: it merges by adding.
type Times map[int]int

func (t Times) add(d time.Duration) { t[int(d/time.Second)]++ }

// Sum is the total in seconds.
func (t Times) Sum() (s float64) {
	for v, n := range t {
		s += float64(v) * float64(n)
	}
	return s
}

// N is how many were added.
func (t Times) N() (n int) {
	for _, k := range t {
		n += k
	}
	return n
}

// Quantile is the q-quantile (0 to 1) with linear interpolation between order
// statistics (Hyndman and Fan's type 7); NaN of nothing.
func (t Times) Quantile(q float64) float64 {
	n := t.N()
	if n == 0 {
		return math.NaN()
	}
	pos := q * float64(n-1)
	lo, frac := int(pos), pos-math.Floor(pos)
	var at, next float64
	seen, found := 0, false
	for _, v := range slices.Sorted(maps.Keys(t)) {
		seen += t[v]
		if !found && seen > lo {
			at, next, found = float64(v), float64(v), true
			if seen > lo+1 {
				break
			}
			continue
		}
		if found {
			next = float64(v)
			break
		}
	}
	return at + frac*(next-at)
}

func (t Times) merge(o Times) {
	for v, n := range o {
		t[v] += n
	}
}

// Accumulator sums rows. Make one with New; it is for one goroutine.
type Accumulator struct {
	rules  Rules
	counts map[string]int
	times  map[string]Times
	groups map[string]map[string]int // breakdowns: what, name, count
}

// New makes an empty Accumulator.
func New(r Rules) *Accumulator {
	return &Accumulator{rules: r, counts: map[string]int{}, times: map[string]Times{}, groups: map[string]map[string]int{}}
}

// Merge adds what another has summed under the same rules.
func (a *Accumulator) Merge(o *Accumulator) {
	for k, n := range o.counts {
		a.counts[k] += n
	}
	for k, t := range o.times {
		a.dist(k).merge(t)
	}
	for what, by := range o.groups {
		for name, n := range by {
			a.group(what, name, n)
		}
	}
}

func (a *Accumulator) dist(k string) Times {
	t := a.times[k]
	if t == nil {
		t = Times{}
		a.times[k] = t
	}
	return t
}

func (a *Accumulator) group(what, name string, n int) {
	if a.groups[what] == nil {
		a.groups[what] = map[string]int{}
	}
	a.groups[what][name] += n
}

func (a *Accumulator) count(k string, when bool) {
	if when {
		a.counts[k]++
	}
}

// AddCall adds one call that was offered in the month.
func (a *Accumulator) AddCall(c Call) {
	switch c.Outcome {
	case ClosedHours:
		a.counts["closed_hours"]++
		return
	case LostInMenu:
		a.counts["lost_in_menu"]++
		return
	}
	if c.Outcome == Abandoned && c.Wait < a.rules.ShortAbandon {
		a.counts["short_abandon"]++
		return
	}
	a.counts["offered"]++
	a.group("day", c.At.Format("2006-01-02"), 1)
	a.group("hour", c.At.Format("Mon 15"), 1)
	within := c.Wait <= a.rules.AnswerIn
	a.count("queued", c.Queued)
	switch c.Outcome {
	case Answered:
		a.counts["established"]++
		a.count("answered_within", within)
		a.dist("asa").add(c.Wait)
		a.dist("talk").add(c.Talk + c.Hold)
		wrap := c.WrapUp
		if a.rules.WrapUp > 0 && wrap > a.rules.WrapUp {
			wrap = a.rules.WrapUp
			a.counts["wrap_up_capped"]++
		}
		a.dist("handle").add(c.Talk + c.Hold + wrap)
	case Abandoned:
		a.counts["abandoned"]++
		a.count("abandoned_within", within)
		a.dist("wait_abandoned").add(c.Wait)
	case Busy:
		a.counts["busy"]++
	case Overflow:
		a.counts["overflow"]++
	case Withdrawn:
		a.counts["withdrawn"]++
	}
	if (c.Outcome == Abandoned || c.Outcome == Busy) && c.Returned > 0 {
		a.counts["returned"]++
		a.dist("returned").add(c.Returned)
	}
}

// AddCase adds one case to the month [from, to): it counts as opened, as
// resolved, or as backlog, as its times say.
func (a *Accumulator) AddCase(c Case, from, to time.Time) {
	in := func(t time.Time) bool { return !t.IsZero() && !t.Before(from) && t.Before(to) }
	if in(c.Opened) {
		a.counts["cases_opened"]++
		a.count("repeat", c.Repeat)
		for what, name := range map[string]string{"category": c.Category, "origin": c.Origin, "kind": c.Kind, "modality": c.Modality} {
			a.group(what, name, 1)
		}
		a.counts["handoffs"] += c.HandOffs
		a.counts["returns"] += c.Returns
		a.counts["ping_pong"] += c.PingPong
	}
	if c.Open && c.Opened.Before(to) {
		a.dist("backlog").add(to.Sub(c.Opened))
	}
	if !in(c.Resolved) {
		return
	}
	a.counts["cases_resolved"]++
	solved := c.Online && !c.Reopened
	a.count("online", solved)
	a.count("eligible", c.Eligible)
	a.count("online_eligible", solved && c.Eligible)
	a.count("first_level", !c.Level2)
	a.count("reopened", c.Reopened)
	a.verdict("sla_take_up", c.TakeUp)
	a.verdict("sla_resolve", c.Resolve)
	for _, u := range c.Units {
		a.verdict("ola", u.Verdict)
	}
}

func (a *Accumulator) verdict(clock string, v Verdict) {
	switch {
	case v.State == sla.Met:
		a.counts[clock+"_met"]++
	case v.State == sla.Breached && v.Excused:
		a.counts[clock+"_excused"]++
	case v.State == sla.Breached:
		a.counts[clock+"_breached"]++
	}
}
