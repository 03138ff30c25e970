package app

import (
	"fmt"
	"time"

	"punto/app/desk"
	"punto/app/phone"
	"punto/app/sla"
	"punto/app/tally"
)

// Month is every index of a month, in the zone of the contract.
type Month struct {
	Month    string  // "2026-10"
	Contract desk.ID // zero = the first
}

// MonthAnswer answers Month, in the form that programs outside rely on.
type MonthAnswer struct {
	Month    string                   `json:"month"`
	Contract string                   `json:"contract"`
	Zone     string                   `json:"zone"`
	Indices  []tally.Figure           `json:"indices"`
	Tables   map[string][]tally.Count `json:"tables"` // by category, origin, kind, modality, ...
	Client   string                   `json:"client"`
	Desk     string                   `json:"desk"`
	Lang     string                   `json:"lang"`
	Days     []DayCalls               `json:"days"`
	Hours    [7][24]int64             `json:"hours"`      // calls offered by weekday, Monday first, and hour
	Open     [7][24]bool              `json:"open_hours"` // of an ordinary week of the contract
}

// monthSum is one month being summed.
type monthSum struct {
	*look
	contract desk.Contract
	id       desk.ID
	hours    *sla.Hours
	zone     *time.Location
	period   tally.Period
	level1   map[string]bool
	rules    tally.Rules
}

// newMonthSum looks up what a month is summed by.
func newMonthSum(l *look, q Month) (*monthSum, error) {
	m := &monthSum{look: l, level1: map[string]bool{}}
	var err error
	if m.id, m.contract, err = l.desk.contractOf(q.Contract); err != nil {
		return nil, err
	}
	if m.zone, err = time.LoadLocation(orUTC(m.contract.Zone)); err != nil {
		return nil, fail(Invalid, "the contract %s has the unknown time zone %q: correct it", m.contract.Code, m.contract.Zone)
	}
	if m.period, err = tally.MonthOf(q.Month, m.zone); err != nil {
		return nil, fail(Invalid, "%q is not a month: write one such as 2026-10", q.Month)
	}
	if m.hours, err = (promises{l.desk, l.e}).hours(m.contract, latest); err != nil {
		return nil, err
	}
	model, err := l.desk.theModel()
	if err != nil {
		return nil, err
	}
	for _, c := range model.Categories {
		m.level1[c.Code] = c.Level1
	}
	k := m.contract
	m.rules = tally.Rules{ShortAbandon: secondsOr(k.ShortAbandon, 5), AnswerIn: secondsOr(k.AnswerIn, 20), WrapUp: secondsOr(k.WrapUp, 600),
		ReopenIn: time.Duration(reopenDays(k)) * 24 * time.Hour, AsOf: time.UnixMilli(l.now)}
	return m, nil
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

func (q Month) ask(l *look) (Answer, error) {
	m, err := newMonthSum(l, q)
	if err != nil {
		return nil, err
	}
	d, err := l.desk.theDesk()
	if err != nil {
		return nil, err
	}
	a := MonthAnswer{Month: q.Month, Contract: m.contract.Code, Zone: m.zone.String(), Client: m.contract.Client, Desk: d.Name, Lang: d.Lang,
		Tables: map[string][]tally.Count{}, Open: m.opening()}
	sum := tally.New(m.rules)
	for _, p := range tally.Split(m.period, tally.CivilDay, m.zone) {
		if err := l.ctx.Err(); err != nil {
			return nil, err
		}
		day, err := m.day(p)
		if err != nil {
			return nil, fmt.Errorf("sum %s: %w", p.From.Format("2006-01-02"), err)
		}
		if c, any := dayCalls(p, day); any {
			a.Days = append(a.Days, c)
		}
		sum.Merge(day)
	}
	if err := m.backlog(sum); err != nil {
		return nil, err
	}
	a.Indices = sum.Figures(m.contract.Goals)
	for _, what := range []string{"category", "origin", "kind", "modality", "site", "group", "priority", "person", "queue", "type", "agent"} {
		a.Tables[what] = sum.Top(what)
	}
	for d, hours := range sum.Hours() {
		a.Hours[(d+6)%7] = hours // there Sunday is first
	}
	return a, nil
}

// day sums one civil day: from its sealed columns, else from its rows.
func (m *monthSum) day(p tally.Period) (*tally.Accumulator, error) {
	sum := tally.New(m.rules)
	b, err := sealedDay(m.r, m.id, p)
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
	one := func(c tally.Case, opened bool) {
		if opened {
			c.Resolved = time.Time{}
		} else {
			c.Opened = time.Time{}
		}
		c.Open = false
		sum.AddCase(c, p.From, p.To)
	}
	for _, c := range rows.Opened {
		one(c, true)
	}
	for _, c := range rows.Resolved {
		one(c, false)
	}
	return sum, nil
}

// rows reads the calls and cases of one civil day.
func (m *monthSum) rows(p tally.Period) (d tally.Day, err error) {
	d.Date = p.From
	err = m.between(ixCall, p, func(id desk.ID) error {
		var v callView
		b, err := m.r.View(desk.Entity{Type: desk.CallType, ID: id})
		if err == nil {
			err = decodeView(b, &v)
		}
		d.Calls = append(d.Calls, m.call(v.Call))
		return err
	})
	if err != nil {
		return d, err
	}
	if err = m.between(ixOpened, p, func(id desk.ID) error { return m.counted(id, &d.Opened) }); err != nil {
		return d, err
	}
	return d, m.between(ixResolved, p, func(id desk.ID) error { return m.counted(id, &d.Resolved) })
}

// between walks the entities of an index of times that lie in a period.
func (m *monthSum) between(ix byte, p tally.Period, use func(desk.ID) error) error {
	until := string(prefix(ix, p.To.UnixMilli()))
	for k, err := range m.r.Scan(prefix(ix), prefix(ix, p.From.UnixMilli()), false) {
		if err != nil || string(k.Key) >= until {
			return err
		}
		if err := use(idOf(k.Key)); err != nil {
			return err
		}
	}
	return nil
}

// counted adds a case to rows, if it is one of this contract that counts.
func (m *monthSum) counted(id desk.ID, rows *[]tally.Case) error {
	v, err := readCase(m.r, id)
	if err != nil || v.Case.Contract != m.id || v.Case.Status == desk.Merged || v.Case.Status == desk.Cancelled {
		return err
	}
	c, err := m.row(id, v)
	*rows = append(*rows, c)
	return err
}

// backlog adds the cases that were open at the end of the month: those open now,
// and those resolved since.
func (m *monthSum) backlog(sum *tally.Accumulator) error {
	end := m.period.To
	if now := time.UnixMilli(m.now); end.After(now) {
		end = now
	}
	add := func(id desk.ID) error {
		v, err := readCase(m.r, id)
		if err != nil || v.Case.Contract != m.id || v.Case.Status == desk.Merged || v.Case.Status == desk.Cancelled || v.Case.OpenedAt >= end.UnixMilli() {
			return err
		}
		due := v.Sums.Resolve.Due
		sum.AddOpen(tally.Case{Opened: time.UnixMilli(v.Case.OpenedAt), State: v.Case.Status.String(), Overdue: due != 0 && due < end.UnixMilli()}, end)
		return nil
	}
	for k, err := range m.r.Scan(prefix(ixDue), nil, false) {
		if err == nil {
			err = add(idOf(k.Key))
		}
		if err != nil {
			return err
		}
	}
	return m.between(ixResolved, tally.Period{From: end, To: time.UnixMilli(never)}, func(id desk.ID) error {
		v, err := readCase(m.r, id)
		if err != nil || v.Case.Status.Open() {
			return err // counted above
		}
		return add(id)
	})
}

// call is a call as the indices see it.
func (m *monthSum) call(c phone.Call) tally.Call {
	t := tally.Call{At: c.OfferedAt.In(m.zone), Wait: c.Wait, Talk: c.Talk, Hold: c.Hold, WrapUp: c.WrapUp,
		Queued: c.Wait > 0 || c.Outcome == phone.Abandoned, Queue: c.Queue, Type: c.Type, Agent: c.Agent}
	open := m.hours.Between(c.OfferedAt, c.OfferedAt.Add(time.Second)) > 0
	switch {
	case c.Outcome == phone.LostInMenu:
		t.Outcome = tally.LostInMenu
	case !open || c.Outcome == phone.Closed:
		t.Outcome = tally.ClosedHours
	case c.Answered():
		t.Outcome = tally.Answered
	case c.Outcome == phone.Abandoned:
		t.Outcome = tally.Abandoned
	case c.Outcome == phone.Busy:
		t.Outcome = tally.Busy
	case c.Outcome == phone.Overflow:
		t.Outcome = tally.Overflow
	case c.Outcome == phone.Withdrawn:
		t.Outcome = tally.Withdrawn
	default:
		t.Outcome = tally.Unknown
	}
	return t
}

// row is a case as the indices see it.
func (m *monthSum) row(id desk.ID, v caseView) (tally.Case, error) {
	c := &v.Case
	t := tally.Case{Opened: time.UnixMilli(c.OpenedAt), Eligible: m.level1[c.Category], Kind: c.Kind.String(), Modality: c.Modality.String(),
		Category: c.Category, Origin: m.desk.name(desk.AreaType, c.Area), Site: m.desk.name(desk.SiteType, c.Site), Group: m.desk.name(desk.GroupType, c.Group),
		Person: c.Person.String(), Agent: m.desk.name(desk.AgentType, c.SolvedBy), State: c.Status.String(),
		TakeUp: verdict(v.Sums.TakeUp), Resolve: verdict(v.Sums.Resolve), Answer: verdict(v.Sums.Answer)}
	if c.Priority > 0 {
		t.Priority = fmt.Sprint(c.Priority)
	}
	if at := v.resolved(); at != 0 {
		t.Resolved, t.Spent = time.UnixMilli(at), time.Duration(v.Sums.Resolve.Elapsed)*time.Second
	}
	t.Open = c.Status.Open()
	t.Reopened = c.Reopens > 0 && c.ReopenedAt-c.FirstResolvedAt <= int64(c.ReopenWindow(m.contract))*dayMillis
	t.Online = c.Solution.Online && c.Solution.Level <= 1
	m.handOffs(&t, c)
	for _, u := range v.Sums.OLA {
		if u.End != 0 {
			t.Units = append(t.Units, tally.Unit{Group: m.desk.name(desk.GroupType, u.Group), Verdict: verdict(u.clockSum)})
		}
	}
	var err error
	t.Repeat, err = m.repeat(id, c)
	return t, err
}

func verdict(s clockSum) tally.Verdict { return tally.Verdict{State: s.State, Excused: s.Excused} }

// handOffs counts how a case went from group to group.
func (m *monthSum) handOffs(t *tally.Case, c *desk.Case) {
	for i, h := range c.HandOffs {
		t.Level2 = t.Level2 || h.Level >= 2
		if i == 0 || h.Group == c.HandOffs[i-1].Group { // a reopening goes on where it was
			continue
		}
		t.HandOffs++
		if h.Level < c.HandOffs[i-1].Level {
			t.Returns++
		}
		if i > 1 && h.Group == c.HandOffs[i-2].Group {
			t.PingPong++
		}
	}
}

// repeat tells whether the same user had a case of the same category resolved in
// the seven days before this one was opened.
func (m *monthSum) repeat(id desk.ID, c *desk.Case) (bool, error) {
	if c.Person.IsZero() {
		return false, nil
	}
	const week, most = 7 * dayMillis, 50
	n := 0
	for k, err := range m.r.Scan(prefix(ixPerson, c.Person), key(ixPerson, id, c.Person, c.OpenedAt), true) {
		if n++; err != nil || n > most {
			return false, err
		}
		other := idOf(k.Key)
		if other == id {
			continue
		}
		v, err := readCase(m.r, other)
		if err != nil {
			return false, err
		}
		if at := v.resolved(); v.Case.Category == c.Category && at != 0 && at <= c.OpenedAt && c.OpenedAt-at <= week {
			return true, nil
		}
	}
	return false, nil
}

// dayCalls are the calls of a day that was summed; false when there were none.
func dayCalls(p tally.Period, day *tally.Accumulator) (c DayCalls, any bool) {
	c.Date = p.From.Format("2006-01-02")
	for _, f := range day.Figures(nil) {
		n := int(f.Num)
		switch f.ID {
		case "established":
			c.Answered = n
		case "abandoned", "short_abandon":
			c.Abandoned += n
		case "busy":
			c.Busy = n
		case "overflow", "withdrawn", "unknown":
			c.Other += n
		}
	}
	return c, c.Answered+c.Abandoned+c.Busy+c.Other > 0
}
