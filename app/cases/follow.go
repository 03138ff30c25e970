package cases

import (
	"punto/app"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/records"
)

// Following a case is a record of its own, for each agent and case one: it changes
// nothing of the case.

// followEntity is the record of an agent and a case.
func followEntity(agent, kase desk.ID) desk.Entity {
	return desk.Entity{Type: desk.FollowType, ID: desk.FollowID(agent, kase)}
}

func followKeys(ent desk.Entity, r desk.Record) [][]byte {
	f, err := desk.As[desk.Follow](r)
	if err != nil || !f.On || ent != followEntity(f.Agent, f.Case) {
		return records.ConflictKeys(ent, r)
	}
	return append(records.ConflictKeys(ent, r), engine.Key(ixFollow, ent.ID, f.Agent, f.Case))
}

func followCase(o *engine.Op, c app.FollowCase) (app.Receipt, error) {
	me := o.Session.Agent
	if me.IsZero() {
		return app.Receipt{}, app.Fail(app.NotAllowed, "only a signed-in agent can follow a case: sign in")
	}
	if _, err := Of(o, c.Case); err != nil {
		return app.Receipt{}, err
	}
	return records.Save(o, desk.FollowType, followEntity(me, c.Case).ID, desk.Follow{Case: c.Case, Agent: me, On: !c.Off}, nil)
}

// follows tells whether an agent follows a case.
func follows(l *engine.Look, agent, kase desk.ID) (bool, error) {
	f, err := engine.Noun[desk.Follow](l.Names, desk.FollowType, followEntity(agent, kase).ID)
	return f.On && !agent.IsZero(), err
}

// mostFollowed is how many cases of an agent are looked at.
const mostFollowed = 10_000

// followed are the cases that an agent follows.
func followed(r desk.Reader, agent desk.ID) (map[desk.ID]bool, error) {
	out := map[desk.ID]bool{}
	if agent.IsZero() {
		return out, nil
	}
	p := engine.Prefix(ixFollow, agent)
	for k, err := range r.Scan(p, nil, false) {
		if err != nil || len(out) == mostFollowed {
			return out, err
		}
		out[desk.ID(k.Key[len(p):len(p)+16])] = true
	}
	return out, nil
}
