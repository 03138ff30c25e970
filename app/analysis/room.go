// Package analysis is the room of the analysis unit: what moved in a month, what was
// proposed about it, and what that brought.
package analysis

import (
	"punto/app"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/records"
)

// Room is the capability as the engine takes it.
func Room() engine.Room {
	return engine.Room{Name: "analysis",
		Handles: []engine.Handler{engine.Does(saveProposal), engine.AsksBeside(askProposals), engine.AsksBeside(askDeviations), engine.AsksBeside(askRecurrence), engine.AsksBeside(askContributions), engine.AsksBeside(askAhead), engine.AsksBeside(askSuggestions), engine.AsksBeside(askStaffing)},
		Views:   map[desk.Type]engine.ViewKind{desk.ProposalType: {New: func() engine.View { return engine.NewRecordView(proposalKeys) }}}}
}

func proposalKeys(ent desk.Entity, r desk.Record) [][]byte {
	p, _ := desk.As[desk.Proposal](r)
	return append(records.ConflictKeys(ent, r), engine.Key(records.IxRecord, ent.ID, ent.Type, records.Folded(p.Due)))
}

// measure is what an index of a day is.
type measure struct {
	id      string
	watched bool // day by day, for deviations
}

// measured are the indices that a day has of itself, without what other days bring: those
// by which an effect is told. Seven are watched: at the limits of package spc that is at
// most one false alarm a month.
var measured = []measure{{"pct_abandoned", true}, {"service_level_strict", true}, {"offered", true}, {"cases_opened", true}, {"solved_online", true}, {"sla_resolve", true}, {"ola", true},
	{"pct_lost", false}, {"lost", false}, {"asa", false}, {"average_call_time", false}, {"aht", false}, {"cases_resolved", false}, {"first_level", false}, {"sla_take_up", false}, {"sla_next_answer", false},
	{"resolution_time", false}, {"handoffs", false}, {"returns", false}, {"ping_pong", false}, {"reopenings", false}, {csat, false}}

// csat is of the surveys about the cases that were solved on a day.
const csat = "csat"

func isMeasured(id string) bool {
	for _, m := range measured {
		if m.id == id {
			return true
		}
	}
	return false
}

// allowed refuses those who serve: what is said of causes and people is for who leads.
func allowed(s engine.Session) error {
	if s.Role == desk.AgentRole || s.Role == desk.TechnicianRole {
		return app.Fail(app.NotAllowed, "the analysis is for supervisors and analysts")
	}
	return nil
}
