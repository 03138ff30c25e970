// Package rights judges events: who had which role at which point of the log,
// which workstations are shut out, whose clocks were wrong. It is pure, and a
// function of the events of a log alone, so that every replica judges alike
// whatever came first: the engine asks it for each event of a command, and again
// for each event that it merges.
package rights

import (
	"cmp"
	"maps"
	"slices"
	"sync"

	"punto/app/desk"
)

// Log is what the events that are judged lie in.
type Log interface {
	// Signer is who writes under an origin; false when nobody has shown it.
	Signer(desk.Origin) (desk.Signer, bool)
	// Event is one event by its identity; an error when it is not held.
	Event(desk.Origin, uint64) (desk.Event, error)
}

// Authority holds the rulings of a log: its events about agents and workstations.
// Each is judged by those before it. An Authority is never changed: With makes
// another. The zero Authority has none.
type Authority struct {
	rulings []desk.Event             // in the order of the fold
	agents  map[desk.ID][]desk.Event // accepted rulings of each agent
	roles   map[desk.ID][]grant      // in the order of the fold
	keys    map[desk.ID][]grant      // of agents: once there is one, presence is needed
	present map[desk.ID][]grant      // of agents: the workstations that they signed for
	shut    map[desk.ID]desk.Vector  // what still counts of a revoked workstation
	ahead   map[desk.Origin][]desk.Offset
	proofs  *sync.Map // signatures of presence that were verified, shared with those made of it; nil = none is kept
	restive bool      // revocations that revoke each other: no ruling can be judged by itself
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

// Governs tells whether rights depend on events about entities of a type.
func Governs(t desk.Type) bool { return t == desk.AgentType || t == desk.NodeType }

// Rules tells whether rights depend on an event: of what is known of a workstation
// only on its being shut out and on its clock, so that one that tells where it is
// reached, or of a backup, has nobody's rights looked at again.
func Rules(e *desk.Event) bool {
	if e.Entity.Type != desk.NodeType {
		return Governs(e.Entity.Type)
	}
	var p desk.Patch
	return e.Kind == desk.ClockMeasured || e.Kind == desk.RecordPatched && desk.Decode(e.Body, &p) == nil && len(p[desk.NodeRevoked]) > 0
}

// With is this authority with more rulings of a log, in whatever order they come;
// what it has already is passed over.
func (a *Authority) With(in Log, more ...desk.Event) *Authority {
	b := a.clone()
	anew := a.restive
	for _, e := range slices.SortedFunc(slices.Values(more), compare) {
		i, known := slices.BinarySearchFunc(b.rulings, e, compare)
		switch {
		case known:
		case i < len(b.rulings) || anew:
			b.rulings, anew = slices.Insert(b.rulings, i, e), true
		default:
			b.rulings = append(b.rulings, e)
			anew = b.Judge(in, &e) == "" && b.accept(&e, b.shut)
		}
	}
	if anew {
		b.judgeAll(in)
	}
	return b
}

func compare(x, y desk.Event) int { return desk.Compare(&x, &y) }

func (a *Authority) clone() *Authority {
	return &Authority{rulings: slices.Clip(a.rulings), agents: own(a.agents), roles: own(a.roles), keys: own(a.keys), present: own(a.present),
		shut: own(a.shut), ahead: own(a.ahead), proofs: cmp.Or(a.proofs, &sync.Map{})}
}

func own[K comparable, V any](m map[K]V) map[K]V {
	if m == nil {
		return map[K]V{}
	}
	return maps.Clone(m)
}

// judgeAll judges all rulings anew. A revocation also takes away what the revoked
// wrote before it, so it is done until nothing changes.
func (a *Authority) judgeAll(in Log) {
	before := map[desk.ID]desk.Vector{}
	for range 8 {
		next := (&Authority{rulings: a.rulings, shut: before, proofs: a.proofs}).clone()
		seen := map[desk.ID]desk.Vector{}
		for i := range a.rulings {
			if e := &a.rulings[i]; next.Judge(in, e) == "" {
				next.accept(e, seen)
			}
		}
		next.shut = seen
		*a = *next
		if a.restive = !maps.EqualFunc(before, seen, func(x, y desk.Vector) bool { return maps.Equal(x, y) }); !a.restive {
			return
		}
		before = seen
	}
}

// accept takes in a ruling that counts; true when it revokes, so that all must be
// judged again.
func (a *Authority) accept(e *desk.Event, shut map[desk.ID]desk.Vector) (revokes bool) {
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
			return false
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
		return true
	}
	return false
}

// roleAt is the role of an agent as an event finds it.
func (a *Authority) roleAt(agent desk.ID, e *desk.Event) (r desk.Role) {
	for _, g := range a.roles[agent] {
		if desk.Compare(&g.by, e) >= 0 {
			break
		}
		r = g.role
	}
	return r
}

// keyAt is the key of an agent as an event finds it; "" = none.
func (a *Authority) keyAt(agent desk.ID, e *desk.Event) (k string) {
	for _, g := range a.keys[agent] {
		if desk.Compare(&g.by, e) >= 0 {
			break
		}
		k = g.key
	}
	return k
}

// Bound tells whether an agent has signed for a workstation with a key.
func (a *Authority) Bound(agent, node desk.ID, key string) bool {
	return slices.ContainsFunc(a.present[agent], func(g grant) bool { return g.node == node && g.key == key })
}

// Role is the present role of an agent.
func (a *Authority) Role(agent desk.ID) desk.Role {
	gs := a.roles[agent]
	if len(gs) == 0 {
		return desk.NoRole
	}
	return gs[len(gs)-1].role
}

// Shut tells whether a workstation was revoked.
func (a *Authority) Shut(node desk.ID) bool {
	_, shut := a.shut[node]
	return shut
}

// Corrected takes off the times of events what the clocks of their workstations
// were ahead.
func (a *Authority) Corrected(events []desk.Event) []desk.Event {
	for i := range events {
		for _, o := range a.ahead[events[i].Origin] {
			if e := &events[i]; e.Stamp >= o.From && e.Stamp <= o.To {
				e.At = desk.ClampAt(e.At - o.Ahead)
				break
			}
		}
	}
	return events
}

// Changed lists from which stamp on the events of each origin are to be judged or
// folded anew when this authority takes the place of an older one.
func (a *Authority) Changed(old *Authority, in Log, origins []desk.Origin) map[desk.Origin]desk.Stamp {
	from := map[desk.Origin]desk.Stamp{}
	note := func(o desk.Origin, s desk.Stamp) {
		if was, ok := from[o]; !ok || s < was {
			from[o] = s
		}
	}
	differ := func(now, was map[desk.ID][]grant) {
		for id, gs := range now {
			if s, other := firstOther(gs, was[id]); other {
				for _, o := range origins {
					note(o, s)
				}
			}
		}
	}
	differ(a.roles, old.roles)
	differ(old.roles, a.roles)
	differ(a.keys, old.keys)
	differ(old.keys, a.keys)
	differ(a.present, old.present)
	differ(old.present, a.present)
	for _, o := range origins {
		s, _ := in.Signer(o)
		now, is := a.shut[s.Node]
		was, had := old.shut[s.Node]
		if is != had || now[o] != was[o] {
			note(o, 0)
		}
		if a.Retimed(old, o) {
			first := desk.Stamp(0)
			if x := append(slices.Clone(a.ahead[o]), old.ahead[o]...); len(x) > 0 {
				first = slices.MinFunc(x, func(p, q desk.Offset) int { return cmp.Compare(p.From, q.From) }).From
			}
			note(o, first)
		}
	}
	return from
}

// Retimed tells whether the times of an origin are taken otherwise than by an older
// authority.
func (a *Authority) Retimed(old *Authority, o desk.Origin) bool {
	return !slices.Equal(a.ahead[o], old.ahead[o])
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
