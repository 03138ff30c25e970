package app

import (
	"cmp"
	"crypto/ed25519"
	"maps"
	"slices"

	"punto/app/desk"
)

// authority judges events: who had which role at which point of the log, which
// workstations are shut out, whose clocks were wrong. It is a function of the
// set of rulings alone, so that every replica judges alike whatever came first.
//
// A ruling is an event about an agent or a workstation. Rulings are judged by
// those before them; an authority that others may read is never changed.
type authority struct {
	signer  func(desk.Origin) (desk.Signer, bool)
	rulings []desk.Event             // in the order of the fold
	agents  map[desk.ID][]desk.Event // accepted rulings of each agent
	roles   map[desk.ID][]grant      // in the order of the fold
	keys    map[desk.ID][]grant      // of agents: once there is one, presence is needed
	present map[desk.ID][]grant      // of agents: the workstations that they signed for
	shut    map[desk.ID]desk.Vector  // what still counts of a revoked workstation
	ahead   map[desk.Origin][]desk.Offset
}

// grant is the role, the key or a workstation of an agent from an event on.
type grant struct {
	by   desk.Event // only its place in the order is used
	role desk.Role
	key  string
	node desk.ID
}

func (g *grant) same(h *grant) bool {
	return desk.Compare(&g.by, &h.by) == 0 && g.role == h.role && g.key == h.key && g.node == h.node
}

func newAuthority(signer func(desk.Origin) (desk.Signer, bool)) *authority {
	a := &authority{signer: signer}
	a.reset()
	return a
}

func (a *authority) reset() {
	a.agents, a.roles = map[desk.ID][]desk.Event{}, map[desk.ID][]grant{}
	a.keys, a.present = map[desk.ID][]grant{}, map[desk.ID][]grant{}
	a.ahead = map[desk.Origin][]desk.Offset{}
	if a.shut == nil {
		a.shut = map[desk.ID]desk.Vector{}
	}
}

func (a *authority) clone() *authority {
	b := *a
	b.rulings = slices.Clip(a.rulings)
	b.keys, b.present = maps.Clone(a.keys), maps.Clone(a.present)
	b.agents, b.roles, b.shut, b.ahead = maps.Clone(a.agents), maps.Clone(a.roles), maps.Clone(a.shut), maps.Clone(a.ahead)
	return &b
}

// rules tells whether rights depend on an event.
func rules(e *desk.Event) bool {
	return e.Entity.Type == desk.AgentType || e.Entity.Type == desk.NodeType
}

// add takes one ruling in.
func (a *authority) add(e desk.Event) {
	n := len(a.rulings)
	last := n == 0 || desk.Compare(&a.rulings[n-1], &e) < 0
	if !last {
		i, known := slices.BinarySearchFunc(a.rulings, e, func(x, y desk.Event) int { return desk.Compare(&x, &y) })
		if known {
			return
		}
		a.rulings = slices.Insert(slices.Clone(a.rulings), i, e)
		a.judgeAll()
		return
	}
	a.rulings = append(a.rulings, e)
	if a.take(&e) {
		a.judgeAll()
	}
}

// judgeAll judges all rulings anew. A revocation also takes away what the revoked
// wrote before it, so it is done until nothing changes.
func (a *authority) judgeAll() {
	a.shut = map[desk.ID]desk.Vector{}
	for range 8 {
		before := maps.Clone(a.shut)
		a.reset()
		next := &authority{signer: a.signer, agents: a.agents, roles: a.roles, keys: a.keys, present: a.present, ahead: a.ahead, shut: maps.Clone(before)}
		seen := map[desk.ID]desk.Vector{}
		for i := range a.rulings {
			e := &a.rulings[i]
			if next.judge(e) == "" {
				next.accept(e, seen)
			}
		}
		a.shut = seen
		if maps.EqualFunc(before, seen, func(x, y desk.Vector) bool { return maps.Equal(x, y) }) {
			return
		}
	}
}

// take judges and accepts the newest ruling; true when it revokes, so that all
// must be judged again.
func (a *authority) take(e *desk.Event) bool {
	if a.judge(e) != "" {
		return false
	}
	before := len(a.shut)
	a.accept(e, a.shut)
	return len(a.shut) != before
}

func (a *authority) accept(e *desk.Event, shut map[desk.ID]desk.Vector) {
	switch {
	case e.Kind == desk.AgentPresent:
		var p desk.Presence
		if id := e.Entity.ID; desk.Decode(e.Body, &p) == nil {
			a.present[id] = append(slices.Clip(a.present[id]), grant{by: *e, key: a.keyAt(id, e), node: p.Node})
		}
	case e.Entity.Type == desk.AgentType:
		id := e.Entity.ID
		a.agents[id] = append(slices.Clip(a.agents[id]), *e)
		agent, err := desk.As[desk.Agent](desk.FoldRecord(a.agents[id]))
		if err != nil || agent.Gone {
			agent.Role = desk.NoRole
		}
		if gs := a.roles[id]; len(gs) == 0 && agent.Role != desk.NoRole || len(gs) > 0 && gs[len(gs)-1].role != agent.Role {
			a.roles[id] = append(slices.Clip(gs), grant{by: *e, role: agent.Role})
		}
		if k := a.keys[id]; len(k) == 0 && len(agent.Key) > 0 || len(k) > 0 && k[len(k)-1].key != string(agent.Key) {
			a.keys[id] = append(slices.Clip(k), grant{by: *e, key: string(agent.Key)})
		}
	case e.Kind == desk.ClockMeasured:
		var o desk.Offset
		if desk.Decode(e.Body, &o) == nil {
			a.ahead[o.Origin] = append(slices.Clip(a.ahead[o.Origin]), o)
		}
	case e.Kind == desk.RecordPatched:
		var p desk.Patch
		if desk.Decode(e.Body, &p) != nil || len(p[desk.NodeRevoked]) == 0 {
			return
		}
		v := desk.Vector{}
		if p[desk.NodeAccepted] != nil {
			_ = desk.Decode(p[desk.NodeAccepted], &v) // none: nothing of it counts
		}
		if was, twice := shut[e.Entity.ID]; twice { // the stricter of two revocations
			for o, n := range v {
				v[o] = min(n, was[o])
			}
		}
		shut[e.Entity.ID] = v
	}
}

// roleAt is the role of an agent as an event finds it.
func (a *authority) roleAt(agent desk.ID, e *desk.Event) (r desk.Role) {
	for _, g := range a.roles[agent] {
		if desk.Compare(&g.by, e) >= 0 {
			break
		}
		r = g.role
	}
	return r
}

// keyAt is the key of an agent as an event finds it; "" = none.
func (a *authority) keyAt(agent desk.ID, e *desk.Event) (k string) {
	for _, g := range a.keys[agent] {
		if desk.Compare(&g.by, e) >= 0 {
			break
		}
		k = g.key
	}
	return k
}

// vouched tells whether the writer of an event, where it has a key, had signed
// before that it works on the workstation that wrote it.
func (a *authority) vouched(e *desk.Event, node desk.ID) bool {
	key := a.keyAt(e.Writer, e)
	if key == "" {
		return true
	}
	if e.Kind == desk.AgentPresent {
		var p desk.Presence
		return e.Entity.ID == e.Writer && e.Actor == e.Writer && desk.Decode(e.Body, &p) == nil && p.Node == node &&
			ed25519.Verify(ed25519.PublicKey(key), presence(e.Writer, node, []byte(key)), p.Sign)
	}
	for _, g := range a.present[e.Writer] {
		if g.node == node && g.key == key && desk.Compare(&g.by, e) < 0 {
			return true
		}
	}
	return false
}

// bound tells whether an agent has signed for a workstation with a key.
func (a *authority) bound(agent, node desk.ID, key string) bool {
	return slices.ContainsFunc(a.present[agent], func(g grant) bool { return g.node == node && g.key == key })
}

// role is the present role of an agent.
func (a *authority) role(agent desk.ID) desk.Role {
	gs := a.roles[agent]
	if len(gs) == 0 {
		return desk.NoRole
	}
	return gs[len(gs)-1].role
}

// Reasons why an event does not count.
const (
	refusedRevoked = "revoked" // its workstation was shut out
	refusedRole    = "role"    // the role of its writer may not
	refusedNode    = "node"    // a workstation by itself may not
	refusedAbsent  = "absent"  // its writer has not signed in on its workstation
)

// judge tells why an event does not count; "" when it does.
func (a *authority) judge(e *desk.Event) string {
	s, ok := a.signer(e.Origin)
	if !ok {
		return refusedNode
	}
	if v, shut := a.shut[s.Node]; shut && e.Seq > v[e.Origin] {
		return refusedRevoked
	}
	if e.Writer.IsZero() {
		if s.Coordinator || e.Actor.IsZero() && a.nodeMay(s.Node, e) {
			return ""
		}
		return refusedNode
	}
	r := a.roleAt(e.Writer, e)
	switch {
	case !a.vouched(e, s.Node):
		return refusedAbsent
	case e.Kind == desk.AgentPresent && r != desk.NoRole && a.keyAt(e.Writer, e) != "":
		return "" // vouched for by itself
	case e.Actor != e.Writer && r != desk.AdministratorRole && r != desk.SupervisorRole:
		return refusedRole // only imports speak for others
	case May(r, e.Kind, e.Entity.Type), ownSecret(r, e):
		return ""
	}
	return refusedRole
}

// nodeMay tells what a workstation that is not the coordinator may write with
// nobody signed in: what its timers, its switchboard and its clock say.
func (a *authority) nodeMay(node desk.ID, e *desk.Event) bool {
	switch e.Entity.Type {
	case desk.CaseType:
		return e.Kind == desk.CaseResumed
	case desk.CallType:
		return e.Kind == desk.CallSeen || e.Kind == desk.CallRecorded
	case desk.AlarmType:
		return e.Kind == desk.RecordPatched
	case desk.NodeType:
		if e.Entity.ID != node {
			return false
		}
		if e.Kind == desk.ClockMeasured {
			var o desk.Offset
			if desk.Decode(e.Body, &o) != nil {
				return false
			}
			s, ok := a.signer(o.Origin)
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
	return false
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

// corrected takes off the times of events what the clocks of their workstations
// were ahead.
func (a *authority) corrected(events []desk.Event) []desk.Event {
	for i := range events {
		for _, o := range a.ahead[events[i].Origin] {
			if e := &events[i]; e.Stamp >= o.From && e.Stamp <= o.To {
				e.At -= o.Ahead
				break
			}
		}
	}
	return events
}

// changed lists from which stamp on the events of each origin are to be judged or
// folded anew when this authority takes the place of an older one.
func (a *authority) changed(old *authority, origins []desk.Origin) map[desk.Origin]desk.Stamp {
	from := map[desk.Origin]desk.Stamp{}
	note := func(o desk.Origin, s desk.Stamp) {
		if was, ok := from[o]; !ok || s < was {
			from[o] = s
		}
	}
	compare := func(now, was map[desk.ID][]grant) {
		for id, gs := range now {
			if s, differ := firstOther(gs, was[id]); differ {
				for _, o := range origins {
					note(o, s)
				}
			}
		}
	}
	compare(a.roles, old.roles)
	compare(old.roles, a.roles)
	compare(a.keys, old.keys)
	compare(old.keys, a.keys)
	compare(a.present, old.present)
	compare(old.present, a.present)
	for _, o := range origins {
		s, _ := a.signer(o)
		now, is := a.shut[s.Node]
		was, had := old.shut[s.Node]
		if is != had || now[o] != was[o] {
			note(o, 0)
		}
		if !slices.Equal(a.ahead[o], old.ahead[o]) {
			first := desk.Stamp(0)
			if x := append(slices.Clone(a.ahead[o]), old.ahead[o]...); len(x) > 0 {
				first = slices.MinFunc(x, func(p, q desk.Offset) int { return cmp.Compare(p.From, q.From) }).From
			}
			note(o, first)
		}
	}
	return from
}

// firstOther is where two histories of a role begin to differ.
func firstOther(a, b []grant) (desk.Stamp, bool) {
	for i := range min(len(a), len(b)) {
		if !a[i].same(&b[i]) {
			return min(a[i].by.Stamp, b[i].by.Stamp), true
		}
	}
	switch n := min(len(a), len(b)); {
	case len(a) > n:
		return a[n].by.Stamp, true
	case len(b) > n:
		return b[n].by.Stamp, true
	}
	return 0, false
}
