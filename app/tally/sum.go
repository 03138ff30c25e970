package tally

import (
	"time"

	"punto/app/sla"
)

// counter is one number that is added up. Counters are summed by their place, so
// that a month is the sum of its days in whatever order: none is a share, and none
// depends on another. What divides them stands in define.go.
type counter uint8

const (
	cOffered counter = iota
	cEstablished
	cAbandoned
	cShort
	cBusy
	cOverflow
	cWithdrawn
	cClosed
	cMenu
	cUnknown
	cNoContract
	cNoWait
	cJudged // answered and abandoned whose wait is known
	cQueued
	cAnsweredWithin
	cAbandonedWithin
	cCapped
	cReturned
	cCallable // lost calls of which it is known who called
	cOpened
	cRepeat
	cKnown
	cHandOffs // those of Moves, in their order
	cLevels
	cReturns
	cPingPong
	cResolutions
	cReopenings
	cCancellations
	cResolved
	cOnline
	cEligible
	cOnlineEligible
	cProvisional
	cContact
	cEligibleContact
	cFirstLevel
	cLevel
	cReopened
	cReopenedThen // by the end of the month
	cOnlineThen
	cOnlineEligibleThen
	cTookOnce
	cSolvedOnce
	cOverdue
	cTakeUp      // met, breached, excused: at the end of the month, then now
	cResolve     = cTakeUp + 6
	cAnswer      = cResolve + 6
	cOLA         = cAnswer + 6
	cSignedIn    = cOLA + 6 // seconds, less breaks
	cOutbound    = cSignedIn + 1
	cInvitations = cOutbound + 1
	cAnswers     = cInvitations + 1
	cByPhone     = cAnswers + 1
	cScored      = cByPhone + 1
	cScores      = cScored + 1 // sum of scores
	cSatisfied   = cScores + 1
	cAsked       = cSatisfied + 1
	cPromoters   = cAsked + 1
	cDetractors  = cPromoters + 1
	counters     = cDetractors + 1
)

// distribution is one set of times, kept whole: a median of medians would be
// another figure.
type distribution uint8

const (
	tWait distribution = iota
	tLeft
	tTalk
	tHandle
	tReturned
	tAge
	tSpent
	distributions
)

// verdict is how a clock counts: in none, met, breached or excused. A breach may
// be excused, or be one again, after its month has ended.
type verdict uint8

const (
	noVerdict verdict = iota
	met
	breached
	excused
	excusedLater
	breachedLater
)

// short folds how a clock ended, and whether its breach was excused then and is
// now, into one number; what did not end in the month counts in none.
func (v Verdict) short() verdict {
	switch {
	case v.State == sla.Met:
		return met
	case v.State != sla.Breached:
		return noVerdict
	case v.Excused && v.ExcusedNow:
		return excused
	case v.Excused:
		return breachedLater
	case v.ExcusedNow:
		return excusedLater
	}
	return breached
}

// then is a verdict at the end of its month, now what it has become.
func (v verdict) then() verdict {
	switch v {
	case excusedLater:
		return breached
	case breachedLater:
		return excused
	}
	return v
}

func (v verdict) now() verdict {
	switch v {
	case excusedLater:
		return excused
	case breachedLater:
		return breached
	}
	return v
}

// Accumulator sums rows. Make one with New; it is for one goroutine. Adding is
// commutative: rows, sealed days and other Accumulators give the same figures in
// whatever order they come, and nothing that was added can be taken out again.
type Accumulator struct {
	rules  Rules
	counts [counters]int64
	times  [distributions]Times
	days   map[int32]int64 // calls offered by civil date, yyyymmdd
	hours  [7][24]int64    // calls offered by weekday (Sunday first) and hour
	groups map[string]map[string]int64
	clocks map[string]map[string]*[3]int64 // met, breached, excused; by what and name
	sealed sealedReader
}

// New makes an empty Accumulator.
func New(r Rules) *Accumulator {
	if r.ReopenIn == 0 {
		r.ReopenIn = defaultReopenIn
	}
	return &Accumulator{rules: r, days: map[int32]int64{}, groups: map[string]map[string]int64{}, clocks: map[string]map[string]*[3]int64{}}
}

// Merge adds what another has summed; the other stays as it is. Both must be of
// the same Rules, which is not checked: the limits of a contract are in the counts
// already.
func (a *Accumulator) Merge(o *Accumulator) {
	for i, n := range o.counts {
		a.counts[i] += n
	}
	for i := range o.times {
		a.times[i].merge(&o.times[i])
	}
	for d, n := range o.days {
		a.days[d] += n
	}
	for d := range o.hours {
		for h, n := range o.hours[d] {
			a.hours[d][h] += n
		}
	}
	for what, by := range o.groups {
		for name, n := range by {
			a.group(what, name, n)
		}
	}
	for what, by := range o.clocks {
		for name, n := range by {
			for v, k := range n {
				a.clock(what, name)[v] += k
			}
		}
	}
}

// group counts in a table; the name "" is a line of its own.
func (a *Accumulator) group(what, name string, n int64) {
	by := a.groups[what]
	if by == nil {
		by = map[string]int64{}
		a.groups[what] = by
	}
	by[name] += n
}

// named counts in a table that leaves out what has no name.
func (a *Accumulator) named(what, name string) {
	if name != "" {
		a.group(what, name, 1)
	}
}

// clock is where the promises of one name are counted: met, breached, excused.
func (a *Accumulator) clock(what, name string) *[3]int64 {
	by := a.clocks[what]
	if by == nil {
		by = map[string]*[3]int64{}
		a.clocks[what] = by
	}
	if by[name] == nil {
		by[name] = new([3]int64)
	}
	return by[name]
}

func (a *Accumulator) count(c counter, when bool) {
	if when {
		a.counts[c]++
	}
}

// AddCall adds one call that was offered in the month. At must be in the zone of
// the contract: its day and hour are taken as they stand. Times are counted in whole
// seconds, as queue_log tells them, so that every source gives the same sums.
func (a *Accumulator) AddCall(c Call) {
	r := callRow{outcome: c.Outcome, queued: c.Queued, noWait: c.NoWait, callable: c.Callable || c.Returned > 0, wait: whole(c.Wait), talk: whole(c.Talk), hold: whole(c.Hold), wrap: whole(c.WrapUp), returned: whole(c.Returned)}
	if !a.call(&r) {
		return
	}
	y, m, d := c.At.Date()
	a.days[dayNumber(y, m, d)]++
	a.hours[c.At.Weekday()][c.At.Hour()]++
	a.named("queue", c.Queue)
	a.named("call_type", c.Type)
	if c.Outcome == Answered {
		a.named("answered_by", c.Agent)
	}
}

// dayNumber is a civil date as a number that sorts: yyyymmdd.
func dayNumber(y int, m time.Month, d int) int32 { return int32(y*10_000 + int(m)*100 + d) }

// whole is a duration in whole seconds; below zero is zero.
func whole(d time.Duration) int64 { return max(0, int64(d/time.Second)) }

// callRow is a call in numbers: seconds. A row and a sealed day both become one, so
// that the law of what counts stands once, in call.
type callRow struct {
	outcome                          Outcome
	queued, noWait, callable         bool
	wait, talk, hold, wrap, returned int64
}

// call counts a call; true when it is one of those offered. A call whose wait is
// not known was offered and is never within a limit; short abandons, and calls
// outside service hours, lost in the menu, of no contract or of unknown end are
// counted apart and in no share.
func (a *Accumulator) call(c *callRow) bool {
	within := !c.noWait && c.wait <= int64(a.rules.AnswerIn/time.Second)
	switch c.outcome {
	case Answered:
		a.answered(c, within)
	case Abandoned:
		if !c.noWait && c.wait < int64(a.rules.ShortAbandon/time.Second) {
			a.counts[cShort]++
			return false
		}
		a.counts[cAbandoned]++
		a.count(cAbandonedWithin, within)
		a.waited(tLeft, c)
		a.returned(c)
	case Busy:
		a.counts[cBusy]++
		a.returned(c)
	case Overflow:
		a.counts[cOverflow]++
	case Withdrawn:
		a.counts[cWithdrawn]++
	case ClosedHours:
		a.counts[cClosed]++
		return false
	case LostInMenu:
		a.counts[cMenu]++
		return false
	case NoContract:
		a.counts[cNoContract]++
		return false
	default:
		a.counts[cUnknown]++
		return false
	}
	a.counts[cOffered]++
	a.count(cQueued, c.queued)
	return true
}

// answered counts a call that a person took. What an agent needs beyond the wrap-up
// that the contract counts is cut off, and how often is told.
func (a *Accumulator) answered(c *callRow, within bool) {
	a.counts[cEstablished]++
	a.count(cAnsweredWithin, within)
	a.waited(tWait, c)
	a.times[tTalk].add(c.talk + c.hold)
	wrap := c.wrap
	if most := int64(a.rules.WrapUp / time.Second); most > 0 && wrap > most {
		wrap = most
		a.counts[cCapped]++
	}
	a.times[tHandle].add(c.talk + c.hold + wrap)
}

// waited counts the wait of a call, if it is known.
func (a *Accumulator) waited(d distribution, c *callRow) {
	if c.noWait {
		a.counts[cNoWait]++
		return
	}
	a.counts[cJudged]++
	a.times[d].add(c.wait)
}

// returned counts a lost call whose caller was reached later.
func (a *Accumulator) returned(c *callRow) {
	a.count(cCallable, c.callable)
	if c.returned > 0 {
		a.counts[cReturned]++
		a.times[tReturned].add(c.returned)
	}
}

// AddStay adds an agent's stay at work. Breaks longer than the stay count as all
// of it.
func (a *Accumulator) AddStay(s Stay) {
	a.counts[cSignedIn] += max(0, whole(s.SignedIn)-whole(s.Breaks))
	a.counts[cOutbound] += whole(s.Outbound)
}

// AddSurvey adds one invitation, answered or not. A score outside 1 to 5, or a
// recommendation outside 0 to 10, counts as answered and in no mean.
func (a *Accumulator) AddSurvey(s Survey) {
	a.counts[cInvitations]++
	if !s.Answered {
		return
	}
	a.counts[cAnswers]++
	a.count(cByPhone, s.ByPhone)
	if s.Score >= 1 && s.Score <= 5 {
		a.counts[cScored]++
		a.counts[cScores] += int64(s.Score)
		a.count(cSatisfied, s.Score >= 4)
	}
	if s.Asked && s.NPS >= 0 && s.NPS <= 10 {
		a.counts[cAsked]++
		a.count(cPromoters, s.NPS >= 9)
		a.count(cDetractors, s.NPS <= 6)
	}
}
