package app

import "punto/app/authority"

// group is what the commands of one commit of the log have changed of what the
// engine keeps in memory. Each sees what those before it did. When the commit is
// durable it becomes the engine's, before anything else is carried out; when it is
// not, it is forgotten with the rest.
type group struct {
	auth   *authority.Authority
	spoilt map[int64]bool // days whose sealed columns are of before
	ops    []*op
}

// standing is the authority with all rulings so far. On the log's writer.
func (e *Engine) standing() *authority.Authority {
	if e.group != nil {
		return e.group.auth
	}
	return e.auth.Load()
}

// join adds a command that has succeeded to the group of its commit.
func (e *Engine) join(o *op) {
	if e.group == nil {
		g := &group{spoilt: map[int64]bool{}}
		e.group = g
		o.tx.After(func(durable bool) {
			e.group = nil
			if durable {
				e.committed(g)
			}
		})
	}
	g := e.group
	g.auth, g.ops = o.auth, append(g.ops, o)
	for d := range o.spoilt {
		g.spoilt[d] = true
	}
	if o.dial != nil {
		was := e.setClock(*o.dial)
		o.tx.After(func(durable bool) {
			if !durable {
				e.setClock(was)
			}
		})
	}
}

// committed has memory follow a commit that is durable. It runs on the log's
// writer.
func (e *Engine) committed(g *group) {
	e.auth.Store(g.auth)
	e.spoilt.add(g.spoilt)
	for _, o := range g.ops {
		e.noteMet(o)
		e.alarms.arm(o)
		e.feed.add(o.order)
		if len(o.order) > 0 {
			e.changed(o.order)
		}
	}
	e.feed.reach(e.log.Vector())
}
