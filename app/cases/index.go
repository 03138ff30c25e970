package cases

import (
	"slices"

	"punto/app/desk"
	"punto/app/engine"
	"punto/app/promises"
	"punto/app/records"
)

// The keys of a case are a function of its view alone: what a list shows and what is
// found under a key cannot differ. What figures need of the past has keys of its own,
// so that a month reads only the cases that did something in it.

// Keys implements View.
func (v *View) Keys(ent desk.Entity) [][]byte {
	c, id := &v.Case, ent.ID
	if c.Status == desk.NoStatus {
		return nil
	}
	k := [][]byte{engine.Key(IxOpened, id, c.OpenedAt), engine.Key(ixNumber, id, string(c.Number)), engine.Key(ixCategory, id, c.Category, c.OpenedAt)}
	if !c.Person.IsZero() {
		k = append(k, engine.Key(IxPerson, id, c.Person, c.OpenedAt))
	}
	if !c.Asset.IsZero() {
		k = append(k, engine.Key(ixAsset, id, c.Asset, c.OpenedAt))
	}
	if !c.Agent.IsZero() {
		k = append(k, engine.Key(ixGiven, id, c.Agent, c.OpenedAt))
	}
	if c.Ref != "" {
		k = append(k, engine.Key(records.IxRef, id, desk.CaseType, c.Ref))
	}
	for _, at := range v.Turned() {
		k = append(k, engine.Key(IxTurn, id, at))
	}
	k = append(k, v.past(id)...)
	if !c.Parent.IsZero() {
		k = append(k, engine.Key(ixParent, id, c.Parent))
	}
	if !c.Problem.IsZero() {
		k = append(k, engine.Key(IxProblem, id, c.Problem, c.OpenedAt))
	}
	if c.Status == desk.Pending && c.Wake != 0 {
		k = append(k, engine.Key(ixWake, id, c.Wake))
	}
	if len(c.Conflicts) > 0 {
		k = append(k, records.ConflictKey(Entity(id)))
	}
	for _, call := range c.Calls {
		k = append(k, engine.Key(IxOfCall, id, call))
	}
	for _, f := range c.Files {
		k = append(k, engine.Key(ixFile, id, desk.ID(f.Hash[:16]), desk.ID(f.Hash[16:])))
	}
	if c.Status.Open() {
		k = append(k, engine.Key(IxDue, id, v.Due), engine.Key(ixGroup, id, c.Group, v.Due), engine.Key(IxAgent, id, c.Agent, v.Due))
	}
	return k
}

// Turned are the instants at which a case did what figures count, each once.
func (v *View) Turned() []int64 {
	at := v.Times
	if at == nil {
		for _, t := range v.Case.Turns {
			at = append(at, t.At)
		}
		for _, m := range v.Case.Moves() {
			at = append(at, m.At)
		}
		slices.Sort(at)
	}
	return slices.Compact(at)
}

// past are the keys of what was: when the case was open, and when it was solved
// for its user. Of a bent case all is there that may have been.
func (v *View) past(id desk.ID) (k [][]byte) {
	entered := int64(0)
	var solved []int64
	for _, t := range v.Case.Turns {
		if t.To.Open() {
			entered = t.At
			continue
		}
		k = append(k, engine.Key(IxHeld, id, t.At, entered))
		if t.To == desk.Resolved {
			solved = append(solved, t.At)
		}
	}
	if v.Case.Status.Open() {
		k = append(k, engine.Key(IxHeld, id, promises.Never, entered))
	}
	if v.Times != nil {
		if !v.Case.Status.Open() || entered != v.Times[0] {
			k = append(k, engine.Key(IxHeld, id, promises.Never, v.Times[0]))
		}
		solved = v.Times
	}
	topics := v.Once
	if now := (topic{v.Case.Person, v.Case.Category}); !slices.Contains(topics, now) {
		topics = append(slices.Clip(topics), now)
	}
	for _, x := range topics {
		for _, at := range solved {
			if !x.Person.IsZero() && x.Category != "" {
				k = append(k, engine.Key(IxSolved, id, x.Person, x.Category, at))
			}
		}
	}
	return k
}
