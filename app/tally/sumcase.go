package tally

import "time"

// caseFlag is a yes or no of a case.
type caseFlag uint8

const (
	fRepeat caseFlag = 1 << iota
	fReopened
	fOnline
	fEligible
	fLevel2
)

func (c *Case) flags() (f caseFlag) {
	for flag, set := range map[caseFlag]bool{fRepeat: c.Repeat, fReopened: c.Reopened, fOnline: c.Online, fEligible: c.Eligible, fLevel2: c.Level2} {
		if set {
			f |= flag
		}
	}
	return f
}

// AddCase adds one case to the month [from, to): it counts as opened, as
// resolved, or as backlog, as its times say.
func (a *Accumulator) AddCase(c Case, from, to time.Time) {
	in := func(t time.Time) bool { return !t.IsZero() && !t.Before(from) && t.Before(to) }
	if in(c.Opened) {
		a.addOpened(&c)
	}
	if c.Open && c.Opened.Before(to) {
		a.AddOpen(c, to)
	}
	if in(c.Resolved) {
		a.addResolved(&c)
	}
}

// AddOpen adds a case that is open at the end of the month to the backlog.
func (a *Accumulator) AddOpen(c Case, end time.Time) {
	a.times[tAge].Add(end.Sub(c.Opened))
	a.named("backlog", c.State)
	a.count(cOverdue, c.Overdue)
}

func (a *Accumulator) addOpened(c *Case) {
	a.opened(c.flags(), int64(c.HandOffs), int64(c.Returns), int64(c.PingPong))
	for i, name := range c.told() {
		if what := caseTables[i]; name != "" || what.unnamed {
			a.group(what.name, name, 1)
		}
	}
}

// caseTables are the tables of cases opened; unnamed ones count what has no
// name too.
var caseTables = [...]struct {
	name    string
	unnamed bool
}{{"category", true}, {"origin", true}, {"kind", true}, {"modality", true}, {"site", false}, {"priority", false}, {"group", false}, {"person", false}}

func (c *Case) told() [len(caseTables)]string {
	return [...]string{c.Category, c.Origin, c.Kind, c.Modality, c.Site, c.Priority, c.Group, c.Person}
}

func (a *Accumulator) opened(f caseFlag, handOffs, returns, pingPong int64) {
	a.counts[cOpened]++
	a.count(cRepeat, f&fRepeat != 0)
	a.counts[cHandOffs] += handOffs
	a.counts[cReturns] += returns
	a.counts[cPingPong] += pingPong
}

func (a *Accumulator) addResolved(c *Case) {
	r := solvedRow{flags: c.flags(), at: c.Resolved.Unix(), spent: whole(c.Spent), takeUp: c.TakeUp.short(), resolve: c.Resolve.short(), answer: c.Answer.short()}
	a.resolved(&r)
	if c.Priority != "" {
		a.judged("sla_take_up", c.Priority, r.takeUp)
		a.judged("sla_resolve", c.Priority, r.resolve)
	}
	a.named("solved_by", c.Agent)
	for _, u := range c.Units {
		v := u.short()
		a.verdict(cOLA, v)
		a.judged("ola", u.Group, v)
	}
}

// solvedRow is a resolved case in numbers.
type solvedRow struct {
	flags                   caseFlag
	at, spent               int64 // Unix seconds; seconds
	takeUp, resolve, answer verdict
}

func (a *Accumulator) resolved(c *solvedRow) {
	a.counts[cResolved]++
	solved := c.flags&fOnline != 0 && c.flags&fReopened == 0
	a.count(cOnline, solved)
	a.count(cEligible, c.flags&fEligible != 0)
	a.count(cOnlineEligible, solved && c.flags&fEligible != 0)
	a.count(cProvisional, solved && !a.rules.AsOf.IsZero() && c.at+int64(a.rules.ReopenIn/time.Second) > a.rules.AsOf.Unix())
	a.count(cFirstLevel, c.flags&fLevel2 == 0)
	a.count(cReopened, c.flags&fReopened != 0)
	if c.spent > 0 {
		a.times[tSpent].add(c.spent)
	}
	a.verdict(cTakeUp, c.takeUp)
	a.verdict(cResolve, c.resolve)
	a.verdict(cAnswer, c.answer)
}

func (a *Accumulator) verdict(c counter, v verdict) {
	if v != noVerdict {
		a.counts[c+counter(v-met)]++
	}
}

func (a *Accumulator) judged(what, name string, v verdict) {
	if v != noVerdict {
		a.clock(what, name)[v-met]++
	}
}
