package alarms

import (
	"bytes"
	"slices"
	"strings"

	"punto/app/desk"
	"punto/app/engine"
	"punto/app/records"
)

// mostTold is how many agents one alarm tells.
const mostTold = 100

// receivers are the agents whom a rung tells, in the order of their ids. Where it names
// nobody that there is, the administrators are told: no escalation is lost.
func receivers(n *engine.Names, m desk.Model, c *desk.Case, to []string) (ids []desk.ID, err error) {
	staff, err := engine.Kept(n, "staff", func() (map[desk.ID]desk.Agent, error) { return staffOf(n) })
	if err != nil {
		return nil, err
	}
	add := func(is func(desk.ID, desk.Agent) bool) {
		for id, a := range staff {
			if !a.Gone && is(id, a) {
				ids = append(ids, id)
			}
		}
	}
	role := func(r desk.Role) { add(func(_ desk.ID, a desk.Agent) bool { return a.Role == r }) }
	group := func(g desk.ID) {
		if !g.IsZero() {
			add(func(_ desk.ID, a desk.Agent) bool { return slices.Contains(a.Groups, g) })
		}
	}
	for _, t := range to {
		code, ofGroup := strings.CutPrefix(t, desk.ToGroupOf)
		login, ofAgent := strings.CutPrefix(t, desk.ToAgent)
		switch {
		case t == desk.ToSupervisor:
			role(desk.SupervisorRole)
		case t == desk.ToOwner && !c.Agent.IsZero():
			ids = append(ids, c.Agent)
		case t == desk.ToOwner, t == desk.ToGroup:
			group(c.Group)
		case ofGroup:
			group(m.Groups[code])
		case ofAgent:
			add(func(_ desk.ID, a desk.Agent) bool { return strings.EqualFold(a.Login, login) })
		}
	}
	if len(ids) == 0 {
		role(desk.AdministratorRole)
	}
	slices.SortFunc(ids, func(a, b desk.ID) int { return bytes.Compare(a[:], b[:]) })
	ids = slices.Compact(ids)
	return ids[:min(len(ids), mostTold)], nil
}

func staffOf(n *engine.Names) (map[desk.ID]desk.Agent, error) {
	staff := map[desk.ID]desk.Agent{}
	for a, err := range records.Each[desk.Agent](n, desk.AgentType) {
		if err != nil {
			return nil, err
		}
		staff[a.ID] = a.Of
	}
	return staff, nil
}
