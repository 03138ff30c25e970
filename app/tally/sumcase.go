package tally

import "time"

// caseFlag is a yes or no of a case. The bits are written into sealed days: a new one
// goes to the end, and changes sealMagic.
type caseFlag uint16

const (
	fRepeat caseFlag = 1 << iota
	fKnown
	fReopened
	fBack
	fLater
	fBackLater
	fOnline
	fContact
	fEligible
	fLevel2
	fLevel
	fTookOnce
	fSolvedOnce
	allFlags = 1<<iota - 1
)

// flags lists the fields in the order of the constants.
func (c *Case) flags() (f caseFlag) {
	for i, set := range [...]bool{c.Repeat, c.Known, c.Reopened, c.Back, c.Later, c.BackLater, c.Online, c.Contact, c.Eligible, c.Level2, c.Level, c.TookOnce, c.SolvedOnce} {
		if set {
			f |= 1 << i
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

// AddOpen adds a case that is open at the end of the month to the backlog, with its
// age then in calendar time. A backlog is of a moment: those of two months are not
// to be added up.
func (a *Accumulator) AddOpen(c Case, end time.Time) {
	a.times[tAge].Add(end.Sub(c.Opened))
	a.named("backlog", c.State)
	a.count(cOverdue, c.Overdue)
}

// AddMoves adds what happened to cases, counted as events: a case that was reopened
// twice counts twice.
func (a *Accumulator) AddMoves(m Moves) {
	for i, n := range m.each() {
		a.counts[cHandOffs+counter(i)] += int64(*n)
	}
}

func (a *Accumulator) addOpened(c *Case) {
	a.opened(c.flags())
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

func (a *Accumulator) opened(f caseFlag) {
	a.counts[cOpened]++
	a.count(cRepeat, f&fRepeat != 0)
	a.count(cKnown, f&fKnown != 0)
}

// addResolved counts a case by its last resolution of the month. A unit that had the
// case twice has two runs.
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

// solvedRow is a resolved case in numbers; a row and a sealed day both become one.
type solvedRow struct {
	flags                   caseFlag
	at, spent               int64 // Unix seconds; seconds
	takeUp, resolve, answer verdict
}

// resolved is the law of what a resolution counts as. Each figure is counted twice:
// as it was when the month ended, which is never restated, and as it is now, which
// tells what has changed since.
func (a *Accumulator) resolved(c *solvedRow) {
	has := func(f caseFlag) bool { return c.flags&f != 0 }
	online, eligible := has(fOnline), has(fEligible)
	solved, then := online && !has(fBack), online && (!has(fBack) || has(fBackLater))
	a.counts[cResolved]++
	a.count(cOnline, solved)
	a.count(cOnlineThen, then)
	a.count(cEligible, eligible)
	a.count(cContact, has(fContact))
	a.count(cEligibleContact, eligible && has(fContact))
	a.count(cOnlineEligible, solved && eligible)
	a.count(cOnlineEligibleThen, then && eligible)
	a.count(cProvisional, solved && !a.rules.AsOf.IsZero() && c.at+int64(a.rules.ReopenIn/time.Second) > a.rules.AsOf.Unix())
	a.count(cFirstLevel, !has(fLevel2))
	a.count(cLevel, has(fLevel))
	a.count(cReopened, has(fReopened))
	a.count(cReopenedThen, has(fReopened) && !has(fLater))
	a.count(cTookOnce, has(fTookOnce))
	a.count(cSolvedOnce, has(fSolvedOnce))
	if c.resolve != noVerdict { // solved outside business time it took 0 s, which is known
		a.times[tSpent].add(c.spent)
	}
	a.verdict(cTakeUp, c.takeUp)
	a.verdict(cResolve, c.resolve)
	a.verdict(cAnswer, c.answer)
}

// verdict counts a clock as it stood when its month ended, and as it stands now.
func (a *Accumulator) verdict(c counter, v verdict) {
	if v != noVerdict {
		a.counts[c+counter(v.then()-met)]++
		a.counts[c+3+counter(v.now()-met)]++
	}
}

// judged counts a clock in a table as it stood when its month ended.
func (a *Accumulator) judged(what, name string, v verdict) {
	if v != noVerdict {
		a.clock(what, name)[v.then()-met]++
	}
}
