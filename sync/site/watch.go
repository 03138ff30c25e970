package site

import (
	"context"
	"errors"
	"time"

	"punto/app/desk"
	"punto/sync/gossip"
)

// silence is how long a workstation with a peering may say nothing and be alive.
const silence = 12 * time.Second

// grace is how long after its start a workstation is not called alone.
const grace = 5 * time.Second

// watch looks every half second at who is there: it keeps the lease, notices
// isolation, and shuts out who was revoked.
func (p *Peers) watch(ctx context.Context) {
	tick := time.NewTicker(500 * time.Millisecond)
	defer tick.Stop()
	for n := 0; ; n++ {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		if n%20 == 0 {
			p.remember(ctx)
		}
		if n%20 == 0 || p.mesh != nil && p.mesh.Came() {
			p.remind()
		}
		p.look(time.Now())
	}
}

// look takes one step: who is reached, who leads, whether this workstation is alone. It
// is called by one goroutine. Just begun, nobody is alone yet: others need a moment to
// be found.
func (p *Peers) look(now time.Time) {
	was := p.full
	if p.full = p.Log.Room().Full; was && !p.full { // what came meanwhile is asked for now
		p.hub.Wake()
	}
	members, live := p.members(), p.see()
	terms := map[desk.ID]uint64{}
	if p.mesh != nil {
		for _, m := range p.mesh.Members() {
			terms[m.Node] = m.Meta.Term
		}
	}
	var others []gossip.Candidate
	reachable, shut := 0, 0
	for id, coordinator := range members {
		if id == p.me {
			continue
		}
		if p.Engine.Shut(id) {
			shut++
			if live.Nodes[id].Alive {
				p.hub.Shut(id)
			}
			continue
		}
		if live.Nodes[id].Alive {
			reachable++
			others = append(others, gossip.Candidate{Node: id, Coordinator: coordinator, Term: terms[id]})
		}
	}
	p.rotate(shut)
	p.mu.Lock()
	changed := p.lease.Step(now, gossip.Candidate{Node: p.me, Coordinator: members[p.me], Term: p.lease.Term}, others)
	term := p.lease.Term
	switch {
	case reachable > 0 && p.alone:
		p.alone, p.backAt = false, now
		p.Logger.Info("other workstations are reached again", "alone_for", now.Sub(p.aloneSince))
	case reachable == 0 && !p.alone && len(members) > 1 && now.Sub(p.began) > grace:
		p.alone, p.aloneSince = true, now
		p.Logger.Warn("no other workstation is reached: work goes on, and is joined when one is")
	}
	holder := p.lease.Holder
	p.mu.Unlock()
	if changed && p.mesh != nil {
		p.mesh.SetTerm(term)
	}
	if changed {
		p.Logger.Info("the lead has changed", "node", holder, "term", term)
	}
}

// rotate changes the gossip key when another workstation was shut out: what that
// one knows of it is worth nothing any more. It is the coordinator's to do.
func (p *Peers) rotate(shut int) {
	next := *p.known.Load()
	if !next.Coordinator() || shut <= next.Shut {
		return
	}
	next.Shut = shut
	if err := errors.Join(p.save(&next), p.hub.Rotate()); err != nil {
		p.Logger.Error("the gossip key was not changed", "err", err)
	}
}
