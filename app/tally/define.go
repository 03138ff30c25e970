package tally

import "slices"

// definition is the law of one index: what it means, with its formula in words, and
// how it is filled from counters. The words are for whoever reads the code; people
// read those of ui/words.
type definition struct {
	id, unit, means string
	fill            filler
}

func of(cs ...counter) []counter { return cs }

// definitions are all indices, in the order in which they are printed. A name
// never changes its meaning.
var definitions = [...]definition{
	{"offered", "count", "answered + abandoned + busy + overflow + withdrawn, in service hours, less short abandons", total(cOffered)},
	{"established", "count", "a person was connected", total(cEstablished)},
	{"abandoned", "count", "hung up while waiting", total(cAbandoned)},
	{"short_abandon", "count", "hung up sooner than the contract counts", total(cShort)},
	{"busy", "count", "no line, or the queue was full", total(cBusy)},
	{"overflow", "count", "left the queue for another place", total(cOverflow)},
	{"withdrawn", "count", "taken out of the queue", total(cWithdrawn)},
	{"lost", "count", "busy + abandoned", total(cBusy, cAbandoned)},
	{"closed_hours", "count", "came outside service hours", total(cClosed)},
	{"lost_in_menu", "count", "hung up before the queue", total(cMenu)},
	{"unknown", "count", "calls of which the end is not known; left out of every share", total(cUnknown)},
	{"calls_no_contract", "count", "calls of no contract: by no queue, dialled number or user; left out of every share", total(cNoContract)},
	{"wait_unknown", "count", "answered and abandoned calls whose wait is not known; left out of the waits, and never within a limit", total(cNoWait)},
	{"pct_lost", "share", "lost / offered", share(of(cBusy, cAbandoned), of(cOffered))},
	{"pct_abandoned", "share", "abandoned / offered", share(of(cAbandoned), of(cOffered))},
	{"pct_abandoned_of_queued", "share", "abandoned / calls that waited in a queue", share(of(cAbandoned), of(cQueued))},
	{"service_level_strict", "share", "answered in time / (answered + abandoned)", needs("waits", cJudged, share(of(cAnsweredWithin), of(cEstablished, cAbandoned)))},
	{"service_level_asterisk1", "share", "answered in time / answered", needs("waits", cJudged, share(of(cAnsweredWithin), of(cEstablished)))},
	{"service_level_asterisk2", "share", "(answered in time + abandoned in time) / (answered + abandoned)", needs("waits", cJudged, share(of(cAnsweredWithin, cAbandonedWithin), of(cEstablished, cAbandoned)))},
	{"asa", "seconds", "sum of the wait of answered / answered whose wait is known; queue and ring, without the menu", mean(tWait)},
	{"wait_abandoned", "seconds", "sum of the wait of abandoned / abandoned whose wait is known", mean(tLeft)},
	{"average_call_time", "seconds", "(talk + hold) / answered", mean(tTalk)},
	{"aht", "seconds", "(talk + hold + wrap-up, capped) / answered", mean(tHandle)},
	{"wrap_up_capped", "count", "answered calls whose wrap-up was longer than the contract counts", total(cCapped)},
	{"occupancy", "share", "(talk + hold + wrap-up + outbound) / (signed in - breaks)", occupancy},
	{"cases_opened", "count", "cases opened in the month", total(cOpened)},
	{"cases_resolved", "count", "cases with a resolution in the month, each judged by its last one", total(cResolved)},
	{"resolutions", "count", "resolutions in the month; backlog before + opened + reopenings - resolutions - cancellations = backlog", total(cResolutions)},
	{"reopenings", "count", "reopenings in the month", total(cReopenings)},
	{"cancellations", "count", "cancellations and merges in the month", total(cCancellations)},
	{"solved_online", "share", "resolved in the contact in which they were opened, by level 1, not reopened / resolved of categories marked for level 1", needs("contacts", cEligibleContact, online(cOnlineEligible, cEligible))},
	{"solved_online_all", "share", "resolved in the contact in which they were opened, by level 1, not reopened / resolved", needs("contacts", cContact, online(cOnline, cResolved))},
	{"first_level", "share", "resolved with no hand-off to level 2 ever / resolved", needs("levels", cLevel, share(of(cFirstLevel), of(cResolved)))},
	{"sla_take_up", "share", "met / (met + breached), excused by the end of the month apart, of cases resolved in the month", share(of(cTakeUp), of(cTakeUp, cTakeUp+1))},
	{"sla_resolve", "share", "met / (met + breached), excused apart, of cases resolved in the month", share(of(cResolve), of(cResolve, cResolve+1))},
	{"sla_next_answer", "share", "met / (met + breached), excused apart, of cases resolved in the month", share(of(cAnswer), of(cAnswer, cAnswer+1))},
	{"ola", "share", "met / (met + breached) over hand-off runs, excused apart, of cases resolved in the month", share(of(cOLA), of(cOLA, cOLA+1))},
	{"sla_excused", "count", "breaches of take-up and resolve that were excused", total(cTakeUp+2, cResolve+2)},
	{"ola_excused", "count", "breaches of hand-off runs that were excused", total(cOLA + 2)},
	{"taken_at_once", "count", "of cases resolved in the month, those whose take-up clock began and ended in one command", total(cTookOnce)},
	{"resolved_at_once", "count", "of cases resolved in the month, those whose resolve clock began and ended in one command", total(cSolvedOnce)},
	{"open_breached", "count", "open at the end of the month and already breached", total(cOverdue)},
	{"resolution_time", "seconds", "business time to resolve, less pauses / cases resolved in the month that had a promise", mean(tSpent)},
	{"handoffs", "count", "changes of the responsible group in the month", total(cHandOffs)},
	{"returns", "count", "hand-offs in the month to a group of lower level that had the case before", returns},
	{"ping_pong", "count", "hand-offs in the month A to B to A", total(cPingPong)},
	{"reopen_rate", "share", "cases reopened within the window after a resolution of the month / resolved", share(of(cReopened), of(cResolved))},
	{"backlog", "count", "cases open at the end of the month; median and p90 of their age in seconds", backlog},
	{"backlog_age", "seconds", "sum of the age of the cases open at the end of the month / open", mean(tAge)},
	{"repeat_contacts", "share", "same user and category within 7 days of resolution / opened", needs("users", cKnown, share(of(cRepeat), of(cOpened)))},
	{"callbacks_returned", "share", "lost calls returned within 7 days / lost", needs("callbacks", cCallable, share(of(cReturned), of(cBusy, cAbandoned)))},
	{"callback_time", "seconds", "time until a lost call was returned / returned", needs("callbacks", cCallable, mean(tReturned))},
	{"csat", "share", "scores of 4 and 5 / scores, with its 95 % interval", sample(of(cSatisfied), of(cScored))},
	{"csat_mean", "points", "sum of scores of 1 to 5 / scores", share(of(cScores), of(cScored))},
	{"nps", "share", "(promoters, 9 and 10, - detractors, 0 to 6) / asked and answered; -1 to 1", promoters},
	{"response_rate", "share", "answers / invitations, with its 95 % interval", sample(of(cAnswers), of(cInvitations))},
}

// occupancy is the time at calls over the time at work. Where no session is known it
// says that sessions are missing: 0 % and 100 % would both be lies.
func occupancy(a *Accumulator, f *Figure) {
	busy := a.times[tHandle].Sum() + float64(a.counts[cOutbound])
	if a.counts[cSignedIn] == 0 {
		busy = 0 // nobody's sessions are known: nothing to compare with
	}
	if f.ratio(busy, float64(a.counts[cSignedIn])); f.Value == nil {
		f.lack("sessions")
	}
}

// online is a share of which some may still be reopened: as many are provisional.
func online(num, den counter) filler {
	return func(a *Accumulator, f *Figure) {
		f.ratio(float64(a.counts[num]), float64(a.counts[den]))
		f.Provisional = int(min(a.counts[cProvisional], a.counts[num]))
	}
}

// returns is a count that nobody can make where no group has a level.
func returns(a *Accumulator, f *Figure) {
	if total(cReturns)(a, f); a.counts[cHandOffs] > 0 && a.counts[cLevels] == 0 {
		f.lack("levels")
	}
}

func backlog(a *Accumulator, f *Figure) {
	t := &a.times[tAge]
	f.Num = float64(t.N())
	v := f.Num
	f.Value = &v
	f.spread(t)
}

func promoters(a *Accumulator, f *Figure) {
	f.ratio(float64(a.counts[cPromoters]-a.counts[cDetractors]), float64(a.counts[cAsked]))
}

// Known tells whether there is an index of that name.
func Known(id string) bool {
	return slices.ContainsFunc(definitions[:], func(d definition) bool { return d.id == id })
}

// UnitOf is the unit of an index (see Figure); "" when there is no such index.
func UnitOf(id string) string {
	for i := range definitions {
		if definitions[i].id == id {
			return definitions[i].unit
		}
	}
	return ""
}
