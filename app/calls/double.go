package calls

import (
	"iter"
	"slices"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/phone"
)

// A call that an agent told by hand may be one that the exchange tells of too. It is
// proposed to be the same, and counts twice until somebody says that it is; said so, it
// counts nowhere, and what it was about is what the other was about.

// near is how far apart two tellings of one call may be.
const near = 2 * time.Minute

// doubleDays is how long a call that was told by hand is compared.
const doubleDays = 2

// partOf is a call that was told by hand of one of an exchange.
type partOf struct {
	ID desk.ID
	View
}

// parts are the calls that were told by hand of a call of an exchange.
func parts(r desk.Reader, id desk.ID) iter.Seq2[partOf, error] {
	return func(yield func(partOf, error) bool) {
		for k, err := range r.Scan(engine.Prefix(ixPart, id), nil, false) {
			p := partOf{}
			if err == nil {
				p.ID = engine.IDOf(k.Key)
				p.View, err = Read(r, p.ID)
			}
			if !yield(p, err) || err != nil {
				return
			}
		}
	}
}

// askDoubles proposes which calls that were told by hand are calls of an exchange: of the
// same caller or agent, that came or were answered within two minutes of each other. The
// nearest is proposed.
func askDoubles(l *engine.Look, _ app.DoubleCalls) (a app.DoubleCallsAnswer, err error) {
	type telling struct {
		id desk.ID
		View
	}
	var hand, told []telling
	from := l.Now - int64(doubleDays*24*time.Hour/time.Millisecond)
	for k, err := range l.Reader.Scan(engine.Prefix(IxCall), engine.Prefix(IxCall, from-near.Milliseconds()), false) {
		if err != nil {
			return a, err
		}
		id := engine.IDOf(k.Key)
		v, err := Read(l.Reader, id)
		if err != nil {
			return a, err
		}
		if v.Call.PBX == phone.Manual {
			hand = append(hand, telling{id, v})
		} else {
			told = append(told, telling{id, v})
		}
	}
	taken := map[desk.ID]bool{}
	for _, h := range hand {
		agent, err := agentOf(l, h.Call.Agent)
		if err != nil {
			return a, err
		}
		best, apart := -1, near+1
		for i, x := range told {
			d := apartBy(h.Call, x.Call)
			if d > near || d >= apart || taken[x.id] || slices.Contains(h.Apart, x.id) {
				continue
			}
			sameCaller := CallerKey(h.Call.Caller) != "" && CallerKey(h.Call.Caller) == CallerKey(x.Call.Caller)
			sameAgent := agent.Name != "" && x.Call.Agent != "" && isOf(x.Call, agentID(h.Call.Agent), agent)
			if !sameCaller && !sameAgent {
				continue
			}
			if _, has, err := engine.First(l.Reader, engine.Prefix(ixPart, x.id)); err != nil || has {
				if err != nil {
					return a, err
				}
				continue
			}
			best, apart = i, d
		}
		if best < 0 {
			continue
		}
		taken[told[best].id] = true
		p := app.DoubleCall{}
		if p.Manual, err = row(l, h.id, agentID(h.Call.Agent) == l.Session.Agent); err != nil {
			return a, err
		}
		if p.Exchange, err = row(l, told[best].id, p.Manual.Mine); err != nil {
			return a, err
		}
		a.Rows = append(a.Rows, p)
	}
	return a, nil
}

// apartBy is how far apart two calls came, or were answered, whichever is nearer.
func apartBy(x, y phone.Call) time.Duration {
	d := x.OfferedAt.Sub(y.OfferedAt).Abs()
	if x.Answered() && y.Answered() {
		d = min(d, x.AnsweredAt.Sub(y.AnsweredAt).Abs())
	}
	return d
}

// agentID is the agent of a call that was told by hand; zero where it is none.
func agentID(told string) desk.ID {
	id, err := desk.ParseID(told)
	if err != nil {
		return desk.ID{}
	}
	return id
}

func agentOf(l *engine.Look, told string) (desk.Agent, error) {
	return engine.Noun[desk.Agent](l.Names, desk.AgentType, agentID(told))
}

func join(o *engine.Op, c app.JoinCalls) (app.Receipt, error) {
	ent := desk.Entity{Type: desk.CallType, ID: c.Manual}
	v, err := loaded(o, c.Manual)
	if err != nil {
		return app.Receipt{}, err
	}
	x, err := loaded(o, c.Exchange)
	if err != nil {
		return app.Receipt{}, err
	}
	switch {
	case v.Call.PBX != phone.Manual || x.Call.PBX == phone.Manual:
		return app.Receipt{}, app.Fail(app.Invalid, "only a call that was told by hand is joined to one that an exchange told")
	case !v.Into.IsZero():
		return app.Receipt{}, app.Fail(app.Conflict, "the call is joined to another already: take that back first")
	}
	said := desk.Typified{Same: c.Exchange}
	if c.Apart {
		said = desk.Typified{Apart: c.Exchange}
	}
	return o.Receipt(c.Manual), o.Emit(desk.CallTypified, ent, said)
}

// loaded is a call to be written.
func loaded(o *engine.Op, id desk.ID) (*View, error) {
	t, err := o.Open(desk.Entity{Type: desk.CallType, ID: id})
	if err != nil {
		return nil, err
	}
	v, ok := t.Current().(*View)
	if !ok || v.Call.UniqueID == "" {
		return nil, app.Fail(app.NotFound, "there is no such call on this workstation: look at the list again")
	}
	return v, nil
}
