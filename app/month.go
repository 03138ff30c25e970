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
	Tables   map[string][]tally.Count `json:"tables"` // by category, origin, kind, modality, day, hour
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
	from, to time.Time
	sum      *tally.Accumulator
	days     []DayCalls
}

func (q Month) ask(l *look) (Answer, error) {
	id, contract, err := l.desk.contractOf(q.Contract)
	if err != nil {
		return nil, err
	}
	d, err := l.desk.theDesk()
	if err != nil {
		return nil, err
	}
	zone, err := time.LoadLocation(orUTC(contract.Zone))
	if err != nil {
		return nil, fail(Invalid, "the contract %s has the unknown time zone %q: correct it", contract.Code, contract.Zone)
	}
	first, err := time.ParseInLocation("2006-01", q.Month, zone)
	if err != nil {
		return nil, fail(Invalid, "%q is not a month: write one such as 2026-10", q.Month)
	}
	m := monthSum{look: l, contract: contract, id: id, zone: zone, from: startOfDay(first), to: startOfDay(first.AddDate(0, 1, 0))}
	if m.hours, err = (promises{l.desk, l.e}).hours(contract, latest); err != nil {
		return nil, err
	}
	m.sum = tally.New(tally.Rules{ShortAbandon: secondsOr(contract.ShortAbandon, 5), AnswerIn: secondsOr(contract.AnswerIn, 20), WrapUp: secondsOr(contract.WrapUp, 600)})
	if err := m.calls(); err != nil {
		return nil, fmt.Errorf("sum the calls of %s: %w", q.Month, err)
	}
	if err := m.cases(); err != nil {
		return nil, fmt.Errorf("sum the cases of %s: %w", q.Month, err)
	}
	a := MonthAnswer{Month: q.Month, Contract: contract.Code, Zone: zone.String(), Client: contract.Client, Desk: d.Name, Lang: d.Lang,
		Indices: m.sum.Figures(contract.Goals), Tables: map[string][]tally.Count{}}
	for _, what := range []string{"category", "origin", "kind", "modality", "day", "hour"} {
		a.Tables[what] = m.sum.Top(what)
	}
	a.Days, a.Open = m.days, m.opening()
	for d, hours := range m.sum.Hours() {
		a.Hours[(d+6)%7] = hours // there Sunday is first
	}
	return a, nil
}

// secondsOr reads a number of seconds of a contract: 0 is the default, negative
// is none.
func secondsOr(s, byDefault int64) time.Duration {
	if s == 0 {
		s = byDefault
	}
	return time.Duration(max(0, s)) * time.Second
}

func (m *monthSum) calls() error {
	until := string(prefix(ixCall, m.to.UnixMilli()))
	for k, err := range m.r.Scan(prefix(ixCall), prefix(ixCall, m.from.UnixMilli()), false) {
		if err != nil {
			return err
		}
		if string(k.Key) >= until {
			return nil
		}
		var v callView
		b, err := m.r.View(desk.Entity{Type: desk.CallType, ID: idOf(k.Key)})
		if err == nil {
			err = decodeView(b, &v)
		}
		if err != nil {
			return err
		}
		if c, ok := m.call(v.Call); ok {
			m.sum.AddCall(c)
			m.perDay(c)
		}
	}
	return nil
}

// call is a call as the indices see it; false while it goes on.
func (m *monthSum) call(c phone.Call) (t tally.Call, ok bool) {
	t = tally.Call{At: c.OfferedAt.In(m.zone), Wait: c.Wait, Talk: c.Talk, Hold: c.Hold, WrapUp: c.WrapUp,
		Queued: c.Wait > 0 || c.Outcome == phone.Abandoned}
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
		return t, false
	}
	return t, true
}

// cases walks all cases opened before the end of the month, the oldest first.
func (m *monthSum) cases() error {
	type about struct {
		person   desk.ID
		category string
	}
	solved := map[about]int64{} // last resolution of a user's cases of a category
	model, err := m.desk.theModel()
	if err != nil {
		return err
	}
	level1 := map[string]bool{}
	for _, c := range model.Categories {
		level1[c.Code] = c.Level1
	}
	until := string(prefix(ixOpened, m.to.UnixMilli()))
	for k, err := range m.r.Scan(prefix(ixOpened), nil, false) {
		if err != nil || string(k.Key) >= until {
			return err
		}
		v, err := readCase(m.r, idOf(k.Key))
		if err != nil {
			return err
		}
		c := &v.Case
		if c.Contract != m.id || c.Status == desk.Merged || c.Status == desk.Cancelled {
			continue
		}
		t := m.row(v, level1[c.Category])
		key := about{c.Person, c.Category}
		if at, ok := solved[key]; ok && !c.Person.IsZero() && c.OpenedAt >= at && c.OpenedAt-at <= 7*86_400_000 {
			t.Repeat = true
		}
		if c.ResolvedAt != 0 {
			solved[key] = c.ResolvedAt
		}
		m.sum.AddCase(t, m.from, m.to)
	}
	return nil
}

func (m *monthSum) row(v caseView, level1 bool) tally.Case {
	c := &v.Case
	days := max(c.ReopenWindow(m.contract), 1)
	t := tally.Case{Opened: time.UnixMilli(c.OpenedAt), Eligible: level1, Kind: c.Kind.String(), Modality: c.Modality.String(),
		Category: c.Category, Origin: m.desk.name(desk.AreaType, c.Area),
		TakeUp:  tally.Verdict{State: v.Sums.TakeUp.State, Excused: v.Sums.TakeUp.Excused},
		Resolve: tally.Verdict{State: v.Sums.Resolve.State, Excused: v.Sums.Resolve.Excused}}
	if c.ResolvedAt != 0 {
		t.Resolved = time.UnixMilli(c.ResolvedAt)
	}
	t.Open = c.ResolvedAt == 0 || !t.Resolved.Before(m.to)
	t.Reopened = c.Reopens > 0 && c.ReopenedAt-c.FirstResolvedAt <= int64(days)*86_400_000
	t.Online = c.Solution.Online && c.Solution.Level <= 1
	for i, h := range c.HandOffs {
		t.Level2 = t.Level2 || h.Level >= 2
		if i == 0 {
			continue
		}
		t.HandOffs++
		if h.Level < c.HandOffs[i-1].Level {
			t.Returns++
		}
		if i > 1 && h.Group == c.HandOffs[i-2].Group && h.Group != c.HandOffs[i-1].Group {
			t.PingPong++
		}
	}
	for _, u := range v.Sums.OLA {
		if u.End != 0 && !u.Outside {
			t.Units = append(t.Units, tally.Unit{Group: m.desk.name(desk.GroupType, u.Group), Verdict: tally.Verdict{State: u.State, Excused: u.Excused}})
		}
	}
	return t
}
