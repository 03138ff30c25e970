package rights

import (
	"crypto/ed25519"

	"punto/app/desk"
)

// Reasons why an event does not count. They are kept with the event that is set aside
// and are words for programs: people read those of ui/words.
const (
	Revoked    = "revoked" // its workstation was shut out
	Unentitled = "role"    // the role of its writer may not
	Unattended = "node"    // a workstation by itself may not
	Absent     = "absent"  // its writer has not signed in on its workstation
	Values     = "values"  // a time, a number, a text or a list of it is out of bounds
)

// Judge tells why an event does not count; "" when it does. It is a function of the
// event and of the rulings before its stamp, and of nothing that a workstation knows by
// itself: all come to the same, in whatever order events reach them. An undo is judged
// by what it takes back, so that it is to be judged again when that arrives.
func (a *Authority) Judge(in Log, e *desk.Event) string {
	if why := a.entitles(in, e); why != "" {
		return why
	}
	if !fits(e) {
		return Values
	}
	return ""
}

// entitles is Judge without a look at what the event says.
func (a *Authority) entitles(in Log, e *desk.Event) string {
	s, ok := in.Signer(e.Origin)
	if !ok {
		return Unattended
	}
	if v, shut := a.shut[s.Node]; shut && e.Seq > v[e.Origin] {
		return Revoked
	}
	if e.Writer.IsZero() {
		if s.Coordinator || e.Actor.IsZero() && nodeMay(in, s.Node, e) {
			return ""
		}
		return Unattended
	}
	r := a.roleAt(e.Writer, e)
	switch {
	case !a.vouched(e, s.Node):
		return Absent
	case e.Kind == desk.AgentPresent && r != desk.NoRole && a.keyAt(e.Writer, e) != "":
		return "" // vouched for by itself
	case e.Actor != e.Writer && r != desk.AdministratorRole && r != desk.SupervisorRole:
		return Unentitled // only imports speak for others
	case May(r, e.Kind, e.Entity.Type) && mayUndo(in, r, e) && owns(r, e), ownSecret(r, e):
		return ""
	}
	return Unentitled
}

// mayUndo tells whether a role may undo what an undo takes back; every other event
// it may. What is not held, or is of another entity, is not taken back.
func mayUndo(in Log, r desk.Role, e *desk.Event) bool {
	if e.Kind != desk.EventUndone {
		return true
	}
	kind, ok := undoes(in, *e)
	return ok && May(r, kind, e.Entity.Type)
}

// undoes is the kind of what an undo takes back or, being that of an undo, brings
// back; false when it leads nowhere.
func undoes(in Log, e desk.Event) (desk.Kind, bool) {
	for range 64 {
		var u desk.Undo
		if desk.Decode(e.Body, &u) != nil {
			return e.Kind, true
		}
		what, err := in.Event(u.Origin, u.Seq)
		if err != nil || what.Entity != e.Entity {
			return e.Kind, true
		}
		if e = what; e.Kind != desk.EventUndone {
			return e.Kind, true
		}
	}
	return desk.NoKind, false
}

// nodeMay tells what a workstation that is not the coordinator may write with
// nobody signed in: what its timers, its switchboard and its clock say.
func nodeMay(in Log, node desk.ID, e *desk.Event) bool {
	switch e.Entity.Type {
	case desk.CaseType:
		return e.Kind == desk.CaseResumed
	case desk.CallType:
		return e.Kind == desk.CallSeen || e.Kind == desk.CallRecorded
	case desk.ShiftType:
		return e.Kind == desk.AgentSeen
	case desk.InvitationType:
		return e.Kind == desk.SurveyInvited
	case desk.NodeType:
		if e.Entity.ID != node {
			return false
		}
		if e.Kind == desk.ClockMeasured {
			var o desk.Offset
			if desk.Decode(e.Body, &o) != nil {
				return false
			}
			s, ok := in.Signer(o.Origin)
			return ok && s.Node == node && o.To >= o.From && o.To < e.Stamp
		}
		if e.Kind == desk.ClockStepped {
			return true
		}
		var p desk.Patch
		if e.Kind != desk.RecordPatched || desk.Decode(e.Body, &p) != nil {
			return false
		}
		for k := range p {
			if !desk.OwnNodeFields[k] {
				return false
			}
		}
		return true
	}
	return nouns[e.Entity.Type].unattended && e.Kind == desk.RecordPatched
}

// ownSecret lets everybody change the own password and nothing else.
func ownSecret(r desk.Role, e *desk.Event) bool {
	if r == desk.NoRole || e.Kind != desk.RecordPatched || e.Entity.Type != desk.AgentType || e.Entity.ID != e.Writer || e.Actor != e.Writer {
		return false
	}
	var p desk.Patch
	if desk.Decode(e.Body, &p) != nil || p[desk.AgentSecretField] == nil && p[desk.AgentKeyField] == nil {
		return false
	}
	for k := range p {
		if k != desk.AgentSecretField && k != desk.AgentKeyField && k != desk.AgentSealedField {
			return false
		}
	}
	return true
}

// vouched tells whether the writer of an event, where it has a key, had signed
// before that it works on the workstation that wrote it.
func (a *Authority) vouched(e *desk.Event, node desk.ID) bool {
	key := a.keyAt(e.Writer, e)
	if key == "" {
		return true
	}
	if e.Kind == desk.AgentPresent {
		var p desk.Presence
		return e.Entity.ID == e.Writer && e.Actor == e.Writer && desk.Decode(e.Body, &p) == nil && p.Node == node &&
			a.signed(key, Presence(e.Writer, node, []byte(key)), p.Sign)
	}
	for _, g := range a.present[e.Writer] {
		if g.node == node && g.key == key && desk.Compare(&g.by, e) < 0 {
			return true
		}
	}
	return false
}

// signed verifies a signature once: rulings that come late have all judged anew.
func (a *Authority) signed(key string, message, sign []byte) bool {
	if len(key) != ed25519.PublicKeySize {
		return false
	}
	proof := string(message) + string(sign) // the message holds the key
	if a.proofs != nil {
		if ok, known := a.proofs.Load(proof); known {
			return ok.(bool)
		}
	}
	ok := ed25519.Verify(ed25519.PublicKey(key), message, sign)
	if a.proofs != nil {
		a.proofs.Store(proof, ok)
	}
	return ok
}

// Presence is what an agent signs to work on a workstation.
func Presence(agent, node desk.ID, key []byte) []byte {
	b := append([]byte("punto agent 1\x00"), agent[:]...)
	b = append(b, node[:]...)
	return append(b, key...)
}
