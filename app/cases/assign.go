package cases

import (
	"slices"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/records"
	"punto/app/route"
)

// A new case that nobody gave to a group goes where the first rule of the service model
// that holds sends it.

// assign gives an opening the group and agent of the rule that holds; none leaves it.
func assign(o *engine.Op, m *desk.Model, b *desk.Opened) error {
	if len(m.Rules) == 0 || !b.Group.IsZero() || !b.Agent.IsZero() {
		return nil
	}
	f, err := factOf(o.Names, b, o.Now)
	if err != nil {
		return err
	}
	i, _ := route.First(m.Rules, f, records.Folded)
	if i < 0 {
		return nil
	}
	r := &m.Rules[i]
	group := m.Groups[r.Group]
	if group.IsZero() { // the model names a group that is not there
		return nil
	}
	all, err := candidates(o.Names, o.Tx, group, b)
	if err != nil {
		return err
	}
	b.Group, b.Agent, b.Rule = group, route.Pick(r, all), r.Code
	return nil
}

// factOf is what rules ask of an opening at an instant that is complete but for its group.
func factOf(n *engine.Names, b *desk.Opened, at int64) (f route.Fact, err error) {
	p, err := engine.Noun[desk.Person](n, desk.PersonType, b.Person)
	if err != nil {
		return f, err
	}
	k, err := engine.Noun[desk.Contract](n, desk.ContractType, b.Contract)
	if err != nil {
		return f, err
	}
	d, err := records.Desk(n)
	if err != nil {
		return f, err
	}
	zone, bad := time.LoadLocation(d.Zone)
	if bad != nil {
		zone = time.UTC
	}
	t := time.UnixMilli(at).In(zone)
	return route.Fact{Area: records.Name(n, desk.AreaType, b.Area), Day: (int(t.Weekday())+6)%7 + 1, Minute: t.Hour()*60 + t.Minute(),
		Category: b.Category, Contract: k.Code, Lang: b.Lang, Priority: b.Priority, VIP: p.VIP, Words: wordsOf(b.Subject, b.Text)}, err
}

// candidates are the agents of a group, with what each has open.
func candidates(n *engine.Names, r desk.Reader, group desk.ID, b *desk.Opened) (out []route.Candidate, err error) {
	last, err := lastAgent(r, b)
	if err != nil {
		return nil, err
	}
	for x, err := range records.Each[desk.Agent](n, desk.AgentType) {
		if err != nil || len(out) == mostAgents {
			return out, err
		}
		if x.Of.Gone || !slices.Contains(x.Of.Groups, group) {
			continue
		}
		open, err := engine.Count(r, engine.Prefix(IxAgent, x.ID), nil, nil)
		if err != nil {
			return nil, err
		}
		c := route.Candidate{ID: x.ID, Name: x.Of.Name, Open: open, Last: x.ID == last, Speaks: b.Lang == "" || slices.Contains(x.Of.Langs, b.Lang)}
		p := engine.Prefix(ixGiven, x.ID)
		for k, err := range r.Scan(p, nil, true) { // the newest
			if err != nil {
				return nil, err
			}
			c.Given = engine.InstantAfter(k.Key, len(p))
			break
		}
		out = append(out, c)
	}
	return out, nil
}

// lookedBack is how many of a user's cases are looked at for the last of a category.
const lookedBack = 50

// lastAgent is who has or had the user's last case of the category.
func lastAgent(r desk.Reader, b *desk.Opened) (id desk.ID, err error) {
	if b.Person.IsZero() {
		return id, nil
	}
	n := 0
	for k, err := range r.Scan(engine.Prefix(IxPerson, b.Person), nil, true) {
		if n++; err != nil || n > lookedBack {
			return id, err
		}
		v, err := Read(r, engine.IDOf(k.Key))
		if err != nil {
			return id, err
		}
		if v.Case.Category == b.Category && !v.Case.Agent.IsZero() {
			return v.Case.Agent, nil
		}
	}
	return id, nil
}

// askWhyAssigned tells what each rule makes of a case: as the rules are now, and as the
// case is.
func askWhyAssigned(l *engine.Look, q app.WhyAssigned) (app.Answer, error) {
	_, v, err := find(l, q.Case, "")
	if err != nil {
		return nil, err
	}
	m, err := records.Model(l.Names)
	if err != nil {
		return nil, err
	}
	f, err := factOf(l.Names, &v.Case.Opened, v.Case.OpenedAt)
	if err != nil {
		return nil, err
	}
	a := app.WhyAssignedAnswer{Rule: v.Case.Rule}
	chosen, _ := route.First(m.Rules, f, records.Folded)
	for i := range m.Rules {
		r := &m.Rules[i]
		a.Rules = append(a.Rules, app.RuleVerdict{Code: r.Code, Title: r.Title("es"), Group: records.Name(l.Names, desk.GroupType, m.Groups[r.Group]), Fails: route.Fails(r, f, records.Folded), First: i == chosen})
	}
	if chosen < 0 {
		return a, nil
	}
	all, err := candidates(l.Names, l.Reader, m.Groups[m.Rules[chosen].Group], &v.Case.Opened)
	if err != nil {
		return nil, err
	}
	would := route.Pick(&m.Rules[chosen], all)
	for _, c := range all {
		a.Agents = append(a.Agents, app.Candidate{Name: c.Name, Open: c.Open, Last: c.Last, Chosen: c.ID == would})
	}
	return a, nil
}
