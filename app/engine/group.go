package engine

import "punto/app/rights"

// group is what the commands of one commit of the log have changed of what the
// engine keeps in memory. Each sees what those before it did. When the commit is
// durable it becomes the engine's, before anything else is carried out; when it is
// not, it is forgotten with the rest.
type group struct {
	auth *rights.Authority
	ops  []*Op
}

// standing is the authority with all rulings so far. On the log's writer.
func (e *Engine) standing() *rights.Authority {
	if e.group != nil {
		return e.group.auth
	}
	return e.Rights.Load()
}

// join adds a command that has succeeded to the group of its commit.
func (e *Engine) join(o *Op) {
	if e.group == nil {
		g := &group{}
		e.group = g
		o.Tx.After(func(durable bool) {
			e.group = nil
			if durable {
				e.committed(g)
			}
		})
	}
	g := e.group
	g.auth, g.ops = o.Rights, append(g.ops, o)
	if o.dial != nil {
		was := e.setClock(*o.dial)
		o.Tx.After(func(durable bool) {
			if !durable {
				e.setClock(was)
			}
		})
	}
}

// committed has memory follow a commit that is durable. It runs on the log's
// writer.
func (e *Engine) committed(g *group) {
	e.Rights.Store(g.auth)
	for i := range e.table.rooms {
		if f := e.table.rooms[i].Committed; f != nil {
			f(e, g.ops)
		}
	}
	for _, o := range g.ops {
		e.feed.add(o.order)
		if len(o.order) > 0 {
			e.changed(o.order)
		}
	}
	n, _ := e.Log.Owed()
	if n == 0 {
		e.feed.reach(e.Log.Vector())
		return
	}
	e.feed.ring() // the search has not reached what is dirty
	select {
	case e.dirtied <- struct{}{}:
	default:
	}
}

// Pending are the commands of the commit that is being made, which is not durable yet.
// On the log's writer.
func (e *Engine) Pending() []*Op {
	if e.group == nil {
		return nil
	}
	return e.group.ops
}
