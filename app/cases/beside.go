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

// mostBeside is of how many others it is told.
const mostBeside = 20

// askBeside notes that whoever asks has a case open, and tells who else has, here and on
// the workstations that are alive.
func askBeside(l *engine.Look, q app.Beside) (app.Answer, error) {
	me, ent := l.Session.Agent, Entity(q.Case)
	if !me.IsZero() {
		l.Engine.Attend(desk.Attention{Agent: me, Of: ent, Writing: q.Writing})
	}
	var a app.BesideAnswer
	add := func(node string, all []desk.Attention) {
		for _, x := range all {
			name := records.Name(l.Names, desk.AgentType, x.Agent)
			known := slices.ContainsFunc(a.Rows, func(r app.BesideRow) bool { return r.Agent == name })
			if x.Of == ent && x.Agent != me && name != "" && !known && len(a.Rows) < mostBeside {
				a.Rows = append(a.Rows, app.BesideRow{Agent: name, Node: node, Writing: x.Writing})
			}
		}
	}
	add("", l.Engine.Attention())
	if p := l.Engine.Peers(); p != nil {
		for id, seen := range p.Live().Nodes {
			if seen.Alive {
				add(records.Name(l.Names, desk.NodeType, id), seen.Attends)
			}
		}
	}
	slices.SortFunc(a.Rows, func(x, y app.BesideRow) int {
		if x.Writing != y.Writing {
			return map[bool]int{true: -1, false: 1}[x.Writing]
		}
		return cmp.Or(strings.Compare(x.Agent, y.Agent))
	})
	return a, nil
}
