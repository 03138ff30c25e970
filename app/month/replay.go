package month

import (
	"cmp"
	"slices"
	"time"

	"punto/app"
	"punto/app/cases"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/promises"
	"punto/app/publish"
	"punto/app/sla"
)

// A replay judges the cases of a month a second time, by what a draft would have
// promised: the same events, other targets, pauses and hours.

// replay is one being made.
type replay struct {
	*monthSum
	then   promises.Book // of the draft
	clocks map[string]*app.ReplayedClock
	moved  []app.ReplayedCase
	cases  int
}

// replayed are the clocks that a contract pays by, in the order of the figures.
var replayed = []string{"sla_take_up", "sla_resolve", "ola"}

func askReplayMonth(l *engine.Look, q app.ReplayMonth) (a app.ReplayMonthAnswer, err error) {
	f, err := publish.Usable(q.File)
	if err != nil {
		return a, err
	}
	m, err := newMonthSum(l, app.Month{Month: q.Month, Contract: q.Contract})
	if err != nil {
		return a, err
	}
	named, ok := f.Contracts[m.contract.Code]
	if !ok {
		return a, app.About("file", app.Fail(app.NotFound, "the draft has no contract %s: add it, or ask for another", m.contract.Code))
	}
	contract, calendar := f.Contract(m.contract.Code), sla.AlwaysOpen(promises.OrUTC(m.contract.Zone))
	if named.Calendar != "" {
		calendar = f.Calendar(named.Calendar)
	}
	r := &replay{monthSum: m, clocks: map[string]*app.ReplayedClock{}}
	r.then = promises.Book{Names: l.Names, Instead: func(id desk.ID) (desk.Contract, sla.Calendar, bool) { return contract, calendar, id == m.id }}
	for _, id := range replayed {
		r.clocks[id] = &app.ReplayedClock{Clock: id}
	}
	seen := map[desk.ID]bool{}
	err = m.between(cases.IxTurn, m.period, func(id desk.ID) error {
		if seen[id] {
			return nil
		}
		seen[id] = true
		return cmp.Or(l.Ctx.Err(), r.judge(id))
	})
	if err != nil {
		return a, err
	}
	a = app.ReplayMonthAnswer{Contract: m.contract.Code, Cases: r.cases, Moved: r.moved}
	for _, id := range replayed {
		a.Clocks = append(a.Clocks, *r.clocks[id])
	}
	slices.SortStableFunc(a.Moved, func(x, y app.ReplayedCase) int { return cmp.Compare(x.Number, y.Number) })
	return a, nil
}

// judge adds a case as it was and as it would have been, when it was solved in the
// month under the contract.
func (r *replay) judge(id desk.ID) error {
	events, err := r.Reader.Events(cases.Entity(id))
	if err != nil {
		return err
	}
	had := until(r.Engine.Rights.Load().Corrected(events), r.period.To.UnixMilli())
	end := desk.FoldCase(had)
	last, at := r.lastSolution(had)
	if last < 0 || end.Contract != r.id {
		return nil
	}
	r.cases++
	history := excusedBy(had[:last+1], had)
	was, err := r.sumsOf(history, at)
	if err != nil {
		return err
	}
	t, _ := promises.TraceOf(history)
	facts, _, err := r.then.History(&t)
	if err != nil {
		return err
	}
	is := promises.SumsOf(sla.Runs(facts, time.UnixMilli(at)))
	r.compare(id, end.Number, "sla_take_up", was.TakeUp, is.TakeUp)
	r.compare(id, end.Number, "sla_resolve", was.Resolve, is.Resolve)
	for i := range max(len(was.OLA), len(is.OLA)) {
		r.compare(id, end.Number, "ola", unitAt(was.OLA, i), unitAt(is.OLA, i))
	}
	return nil
}

// unitAt is the clock of the i-th stay with a unit that has ended; else none.
func unitAt(us []promises.UnitSum, i int) promises.Sum {
	if i < len(us) && us[i].End != 0 {
		return us[i].Sum
	}
	return promises.Sum{}
}

func (r *replay) compare(id desk.ID, number desk.Number, clock string, was, is promises.Sum) {
	c, a, b := r.clocks[clock], side(was), side(is)
	count := func(s string, met, judged *int) {
		if s == "met" {
			*met++
		}
		if s == "met" || s == "breached" {
			*judged++
		}
	}
	count(a, &c.Met, &c.Judged)
	count(b, &c.MetThen, &c.JudgedThen)
	if b == "excused" {
		c.Excused++
	}
	if a != b {
		r.moved = append(r.moved, app.ReplayedCase{ID: id, Number: number, Clock: clock, Was: a, Is: b, Spent: is.Elapsed})
	}
}

// side is how a clock that has ended counts.
func side(s promises.Sum) string {
	switch {
	case s.Breached && s.Excused:
		return "excused"
	case s.Breached:
		return "breached"
	case s.State == sla.Met:
		return "met"
	}
	return "none"
}
