package rights

import (
	"slices"

	"punto/app/desk"
)

// May tells whether a role may write an event of that kind about that type of
// entity. It is the one table of rights: the engine asks it for each event of a
// command, and a replica asks it again for each event that it merges.
func May(r desk.Role, k desk.Kind, t desk.Type) bool {
	if r == desk.AdministratorRole {
		return true
	}
	switch t {
	case desk.CaseType:
		switch r {
		case desk.SupervisorRole:
			return true
		case desk.AgentRole, desk.TechnicianRole:
			return k != desk.CaseExcused
		}
	case desk.CallerType:
		return (k == desk.CallerTried || k == desk.EventUndone) && slices.Contains(atCases, r)
	case desk.ShiftType: // what was seen of an agent is not taken back
		return k == desk.AgentSeen && slices.Contains(atCases, r)
	case desk.CallType:
		return r == desk.AgentRole || r == desk.TechnicianRole || r == desk.SupervisorRole
	}
	if t == desk.InvitationType { // what was asked and answered is not taken back
		return (k == desk.SurveyInvited || k == desk.SurveyAnswered) && (slices.Contains(atCases, r) || r == desk.AnalystRole && k == desk.SurveyInvited)
	}
	if t == desk.ReportType { // what was issued stands
		return (k == desk.ReportCommented || k == desk.ReportIssued) && slices.Contains(atAnalysis, r)
	}
	n := nouns[t]
	return slices.Contains(n.may, r) && (!n.stands || k == desk.RecordPatched)
}

// Guarded tells whether some role that may undo things of that type may not undo
// that kind: undos that are held are judged again when such an event arrives.
func Guarded(k desk.Kind, t desk.Type) bool {
	for r := desk.AgentRole; r.String() != ""; r++ {
		if May(r, desk.EventUndone, t) && !May(r, k, t) {
			return true
		}
	}
	return k == desk.EventUndone
}
