package rights

import (
	"punto/app/desk"
	"punto/app/phone"
)

// owns tells whether what an event says is its writer's own to say. What an agent has read
// and follows is nobody else's, and of a shift an agent tells the own one; an administrator
// writes all.
func owns(r desk.Role, e *desk.Event) bool {
	own := nouns[e.Entity.Type].own
	if own == nil || r == desk.AdministratorRole {
		return true
	}
	body := bodyOf(e)
	if body != nil && e.Kind != desk.RecordPatched && desk.Decode(e.Body, body) != nil {
		body = nil
	}
	return own(r, e, body)
}

// whose tells whether an agent that a body names, where it names one, is the writer.
func whose(agent, writer desk.ID) bool { return agent.IsZero() || agent == writer }

func ownReading(_ desk.Role, e *desk.Event, body any) bool {
	r, says := body.(desk.Reading)
	return e.Entity.ID == desk.ReadingID(e.Writer) && (!says || whose(r.Agent, e.Writer))
}

func ownFollow(_ desk.Role, e *desk.Event, body any) bool {
	f, says := body.(desk.Follow)
	return desk.FollowedBy(e.Entity.ID, e.Writer) && (!says || whose(f.Agent, e.Writer))
}

// ownShift is what an agent tells by hand; a supervisor brings in what an exchange told.
func ownShift(r desk.Role, e *desk.Event, body any) bool {
	s, ok := body.(*shift)
	if !ok {
		return r == desk.SupervisorRole
	}
	for _, x := range s.Events {
		if r != desk.SupervisorRole && (x.Key.PBX != phone.Manual || x.Key.UniqueID != e.Writer.String()) {
			return false
		}
	}
	return true
}

// shift is the body of AgentSeen.
type shift struct {
	Events []phone.CallEvent `cbor:"1,keyasint"`
}
