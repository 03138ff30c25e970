package month

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"punto/app"
	"punto/app/cases"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/promises"
	"punto/app/records"
	"punto/app/sla"
	"punto/app/surveys"
	"punto/app/tally"
)

// A month is summed day by day from its sealed columns, and from its rows where a day
// is not sealed. The two give the same, figure by figure; sealing is never more than a
// saving of time.

// monthSum is one month being summed.
type monthSum struct {
	*engine.Look
	contract desk.Contract
	id       desk.ID
	hours    *sla.Hours
	zone     *time.Location
	period   tally.Period
	instant  int64                          // its end, or now while it goes on
	level1   map[desk.Stamp]map[string]bool // categories by version of the model
	rules    tally.Rules
	owners   *owners // nil until a call is read
}

// newMonthSum looks up what a month is summed by.
func newMonthSum(l *engine.Look, q app.Month) (*monthSum, error) {
	m := &monthSum{Look: l, level1: map[desk.Stamp]map[string]bool{}}
	var err error
	if m.id, m.contract, err = records.ContractOf(l.Names, q.Contract); err != nil {
		return nil, err
	}
	if m.zone, err = time.LoadLocation(promises.OrUTC(m.contract.Zone)); err != nil {
		return nil, app.Fail(app.Invalid, "the contract %s has the unknown time zone %q: correct it", m.contract.Code, m.contract.Zone)
	}
	if m.period, err = tally.PeriodOf(q.Month, m.zone); err != nil {
		return nil, app.Fail(app.Invalid, "%q is not a month: write one such as 2026-10", q.Month)
	}
	m.instant = min(m.period.To.UnixMilli(), l.Now)
	if m.hours, err = (promises.Book{Names: l.Names}).Hours(m.contract, promises.Latest); err != nil {
		return nil, err
	}
	k := m.contract
	m.rules = tally.Rules{ShortAbandon: secondsOr(k.ShortAbandon, 5), AnswerIn: secondsOr(k.AnswerIn, 20), WrapUp: secondsOr(k.WrapUp, 600),
		ReopenIn: time.Duration(reopenDays(k)) * 24 * time.Hour, AsOf: time.UnixMilli(l.Now)}
	return m, nil
}

// eligible tells whether the model that was in force at a stamp marks a category
// as resolvable at level 1.
func (m *monthSum) eligible(category string, at desk.Stamp) (bool, error) {
	r, err := m.Names.RecordAt(desk.ModelType, desk.ID{}, at)
	if err != nil {
		return false, err
	}
	marked, known := m.level1[r.Head]
	if !known {
		model, err := desk.As[desk.Model](r)
		if err != nil {
			return false, err
		}
		marked = map[string]bool{}
		for _, c := range model.Categories {
			marked[c.Code] = c.Level1
		}
		m.level1[r.Head] = marked
	}
	return marked[category], nil
}

func reopenDays(k desk.Contract) int { return (&desk.Case{}).ReopenWindow(k) }

// secondsOr reads a number of seconds of a contract: 0 is the default, negative
// is none.
func secondsOr(s, byDefault int64) time.Duration {
	if s == 0 {
		s = byDefault
	}
	return time.Duration(max(0, s)) * time.Second
}

func askMonth(ctx context.Context, e *engine.Engine, s engine.Session, q app.Month) (a app.MonthAnswer, err error) {
	if n, _ := e.Log.Owed(); n == 0 { // nothing is kept of figures that lack something
		if _, err := sealMonth(ctx, e, q, math.MaxInt); err != nil && !errors.Is(err, desk.ErrFull) { // what is not sealed is summed from its rows
			return a, err
		}
	}
	var keep *kept
	err = e.Look(ctx, s, func(l *engine.Look) (err error) {
		owed, err := l.Owed()
		if err != nil {
			return err
		}
		a, keep, err = sumMonth(l, q)
		a.Owed = owed
		return err
	})
	if err != nil || keep == nil || a.Owed > 0 {
		return a, err
	}
	if err := keep.write(ctx, e); err != nil { // it is stated another time
		e.Logger.Warn("keep what a month was stated as", "err", err)
	}
	return a, nil
}

// sumMonth computes every index of a month; and what is to be kept of one that was
// not stated before.
func sumMonth(l *engine.Look, q app.Month) (a app.MonthAnswer, keep *kept, err error) {
	m, err := newMonthSum(l, q)
	if err != nil {
		return a, nil, err
	}
	d, err := records.Desk(l.Names)
	if err != nil {
		return a, nil, err
	}
	a = app.MonthAnswer{Month: q.Month, Contract: m.contract.Code, Zone: m.zone.String(), Client: m.contract.Client, Desk: d.Name, Lang: d.Lang,
		Tables: map[string][]tally.Count{}, Clocks: map[string][]tally.Compliance{}, Restated: []tally.Restatement{}, Open: m.opening(), ReopenDays: reopenDays(m.contract)}
	sum := tally.New(m.rules)
	for _, p := range tally.Split(m.period, tally.CivilDay, m.zone) {
		if err := l.Ctx.Err(); err != nil {
			return a, nil, err
		}
		day, err := m.day(p)
		if err != nil {
			return a, nil, fmt.Errorf("sum %s: %w", p.From.Format("2006-01-02"), err)
		}
		if c, any := dayCalls(p, day); any {
			a.Days = append(a.Days, c)
		}
		sum.Merge(day)
	}
	if err := m.backlog(sum); err != nil {
		return a, nil, err
	}
	if err := m.stays(sum); err != nil {
		return a, nil, err
	}
	if err := surveys.Count(m.Names, m.id, m.period, sum); err != nil {
		return a, nil, err
	}
	a.Indices, a.Restated = sum.Figures(m.contract.Goals), append(a.Restated, sum.Restated()...)
	if a.Gaps, err = m.gaps(); err != nil {
		return a, nil, err
	}
	if keep, err = m.restate(&a); err != nil {
		return a, nil, err
	}
	for _, what := range []string{"category", "origin", "kind", "modality", "site", "group", "priority", "person", "queue", "call_type", "answered_by", "solved_by", "backlog"} {
		a.Tables[what] = sum.Top(what)
	}
	for _, what := range []string{"sla_take_up", "sla_resolve", "ola"} {
		a.Clocks[what] = sum.Clocks(what)
	}
	for d, hours := range sum.Hours() {
		a.Hours[(d+6)%7] = hours // there Sunday is first
	}
	return a, keep, nil
}

// day sums one civil day: from its sealed columns, else from its rows.
func (m *monthSum) day(p tally.Period) (*tally.Accumulator, error) {
	sum := tally.New(m.rules)
	b, err := sealedDay(m.Reader, m.id, p)
	if err != nil {
		return nil, err
	}
	if b != nil {
		if err := sum.AddSealed(b); err == nil {
			return sum, nil
		}
		sum = tally.New(m.rules) // damaged: the rows are the truth
	}
	rows, err := m.rows(p)
	if err != nil {
		return nil, err
	}
	for _, c := range rows.Calls {
		sum.AddCall(c)
	}
	for _, c := range rows.Opened {
		addOpened(sum, c, p)
	}
	for _, c := range rows.Resolved {
		addResolved(sum, c, p)
	}
	sum.AddMoves(rows.Moves)
	return sum, nil
}

// addOpened counts the opening of a case, and addResolved its resolution: each on its own
// day.
func addOpened(sum *tally.Accumulator, c tally.Case, p tally.Period) {
	c.Resolved, c.Open = time.Time{}, false
	sum.AddCase(c, p.From, p.To)
}

func addResolved(sum *tally.Accumulator, c tally.Case, p tally.Period) {
	c.Opened, c.Open = time.Time{}, false
	sum.AddCase(c, p.From, p.To)
}

// backlog adds the cases that were open at the end of the month, or are now while
// it goes on.
func (m *monthSum) backlog(sum *tally.Accumulator) error {
	end := time.UnixMilli(m.instant)
	return m.open(func(_ *past, row tally.Case) error {
		sum.AddOpen(row, end)
		return nil
	})
}

// open walks the cases that were open at the end of the month, or are now while it goes
// on.
func (m *monthSum) open(use func(*past, tally.Case) error) error {
	seen := map[desk.ID]bool{} // a bent case may have two stays
	for k, err := range m.Reader.Scan(engine.Prefix(cases.IxHeld), engine.Prefix(cases.IxHeld, m.instant), false) {
		if err != nil {
			return err
		}
		id := engine.IDOf(k.Key)
		if seen[id] || engine.InstantOf(k.Key[8:]) >= m.instant {
			continue
		}
		seen[id] = true
		c, err := m.past(id)
		if err != nil {
			return err
		}
		if c == nil || c.end.Contract != m.id || !c.end.Status.Open() || len(c.end.Turns) == 0 {
			continue
		}
		c.id = id
		if err := use(c, tally.Case{Opened: time.UnixMilli(c.end.Turns[0].At), State: c.end.Status.String(), Overdue: c.late}); err != nil {
			return err
		}
	}
	return nil
}

// told is what the tables say of a case.
func (m *monthSum) told(c *desk.Case) tally.Case {
	t := tally.Case{Kind: c.Kind.String(), Modality: c.Modality.String(), Category: c.Category, Origin: records.Name(m.Names, desk.AreaType, c.Area),
		Site: records.Name(m.Names, desk.SiteType, c.Site), Group: records.Name(m.Names, desk.GroupType, c.Group), Person: c.Person.String()}
	if c.Priority > 0 {
		t.Priority = fmt.Sprint(c.Priority)
	}
	return t
}

// opened is a case opened in the month, as it was when the month ended.
func (m *monthSum) opened(id desk.ID, c *past) (tally.Case, error) {
	t := m.told(&c.end)
	t.Opened = time.UnixMilli(c.end.Turns[0].At)
	t.Known = !c.end.Person.IsZero() && c.end.Category != ""
	var err error
	if t.Known {
		t.Repeat, err = m.repeat(id, &c.end)
	}
	return t, err
}

// resolved is a case resolved in the month, as it was at its last resolution of
// it; whether it was reopened is looked for until the window is over.
func (m *monthSum) resolved(c *past) (t tally.Case, err error) {
	k := c.solved
	t = m.told(k)
	t.Agent, t.State = records.Name(m.Names, desk.AgentType, k.SolvedBy), k.Status.String()
	t.Resolved, t.Spent = time.UnixMilli(c.at), time.Duration(c.sums.Resolve.Elapsed)*time.Second
	t.Online, t.Contact = k.Solution.Online && k.Solution.Level <= 1, k.Solution.Online || !k.Call.IsZero()
	t.TookOnce, t.SolvedOnce = c.sums.TakeUp.Once, c.sums.Resolve.Once
	for _, h := range k.HandOffs {
		t.Level2, t.Level = t.Level2 || h.Level >= 2, t.Level || h.Level > 0
	}
	t.TakeUp, t.Resolve, t.Answer = verdict(c.sums.TakeUp, c.now.TakeUp), verdict(c.sums.Resolve, c.now.Resolve), verdict(c.sums.Answer, c.now.Answer)
	for i, u := range c.sums.OLA {
		if u.End != 0 && i < len(c.now.OLA) {
			t.Units = append(t.Units, tally.Unit{Group: records.Name(m.Names, desk.GroupType, u.Group), Verdict: verdict(u.Sum, c.now.OLA[i].Sum)})
		}
	}
	m.reopened(&t, c)
	stamp := desk.Stamp(0)
	for _, x := range k.Turns {
		if x.At == c.at {
			stamp = x.Stamp
		}
	}
	t.Eligible, err = m.eligible(k.Category, stamp)
	return t, err
}

// reopened looks for the reopenings that came within the window of a resolution of
// the month: one that was undone is as good as reopened.
func (m *monthSum) reopened(t *tally.Case, c *past) {
	end, first := m.period.To.UnixMilli(), promises.Never
	for _, x := range c.end.Turns {
		if x.To != desk.Resolved || !m.period.Has(time.UnixMilli(x.At)) {
			continue
		}
		i := slices.IndexFunc(c.window, func(w desk.Turn) bool { return w.Stamp == x.Stamp })
		at := promises.Never
		switch {
		case i < 0:
			if back, ok := c.undone[x.Stamp]; ok { // what had solved it was taken back
				at = back
			}
		case i+1 < len(c.window) && c.window[i+1].To.Open():
			at = c.window[i+1].At
		}
		if at == promises.Never || at-x.At > m.rules.ReopenIn.Milliseconds() {
			continue
		}
		t.Reopened = true
		first = min(first, at)
		if x.At == c.at {
			t.Back, t.BackLater = true, at >= end
		}
	}
	t.Later = t.Reopened && first >= end
}

// verdict is how a clock counts, with the excuses of then and of now.
func verdict(then, now promises.Sum) tally.Verdict {
	v := tally.Verdict{State: then.State, Excused: then.Excused, ExcusedNow: now.Excused}
	if then.Breached {
		v.State = sla.Breached
	}
	return v
}

// repeat tells whether the same user had a case of the same category resolved in
// the seven days before this one was opened.
func (m *monthSum) repeat(id desk.ID, c *desk.Case) (bool, error) {
	const week = 7 * dayMillis
	opened := c.Turns[0].At
	for k, err := range m.Reader.Scan(engine.Prefix(cases.IxSolved, c.Person, c.Category), engine.Key(cases.IxSolved, desk.ID{}, c.Person, c.Category, opened-week), false) {
		if err != nil {
			return false, err
		}
		at := k.Key[len(k.Key)-24:]
		if engine.InstantOf(append([]byte{cases.IxSolved}, at...)) > opened {
			return false, nil
		}
		if engine.IDOf(k.Key) == id {
			continue
		}
		other, err := m.past(engine.IDOf(k.Key))
		if err != nil {
			return false, err
		}
		if other != nil && other.end.Person == c.Person && other.end.Category == c.Category && slices.ContainsFunc(other.end.Turns, func(t desk.Turn) bool {
			return t.To == desk.Resolved && t.At <= opened && opened-t.At <= week
		}) {
			return true, nil
		}
	}
	return false, nil
}
