package cases

import (
	"cmp"
	"slices"
	"strings"

	"punto/app"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/records"
)

// mostAgents is of how many agents the load is told.
const mostAgents = 1_000

// askLoad counts in memory, as a queue is (see book).
func askLoad(l *engine.Look, _ app.Load) (app.Answer, error) {
	all, err := engine.StateOf[book](l.Engine).ready(l.Engine)
	if err != nil {
		return nil, err
	}
	of := map[desk.ID]*app.LoadRow{}
	for _, x := range all {
		r := of[x.mine]
		if r == nil {
			r = &app.LoadRow{Agent: x.mine}
			of[x.mine] = r
		}
		r.Open++
		switch x.band(l.Now) {
		case app.Overdue:
			r.Overdue++
		case app.Tenth, app.Quarter:
			r.Soon++
		case app.Still:
			r.Still++
		}
	}
	var a app.LoadAnswer
	if r := of[desk.ID{}]; r != nil {
		a.Unowned = *r
	}
	for x, err := range records.Each[desk.Agent](l.Names, desk.AgentType) {
		if err != nil {
			return nil, err
		}
		if len(a.Rows) == mostAgents {
			break
		}
		who, r := x.Of, app.LoadRow{Agent: x.ID}
		if x := of[x.ID]; x != nil {
			r = *x
		}
		if r.Name = who.Name; r.Open > 0 || !who.Gone && (who.Role == desk.AgentRole || who.Role == desk.TechnicianRole || who.Role == desk.SupervisorRole) {
			a.Rows = append(a.Rows, r)
		}
	}
	slices.SortFunc(a.Rows, func(x, y app.LoadRow) int {
		return cmp.Or(cmp.Compare(y.Overdue, x.Overdue), cmp.Compare(y.Soon, x.Soon), cmp.Compare(y.Open, x.Open), strings.Compare(records.Folded(x.Name), records.Folded(y.Name)))
	})
	return a, nil
}
