package host

import (
	"context"
	"errors"
	"time"

	"punto/app/desk"
	"punto/sync/gossip"
)

// silence is how long a workstation with a session may say nothing and be alive.
const silence = 12 * time.Second

// grace is how long after its start a workstation is not called alone.
const grace = 5 * time.Second

// watch looks every half second at who is there: it keeps the lease, notices
// isolation, and shuts out who was revoked.
func (s *site) watch(ctx context.Context) {
	tick := time.NewTicker(500 * time.Millisecond)
	defer tick.Stop()
	for n := 0; ; n++ {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		if n%20 == 0 {
			s.remember(ctx)
			s.Present()
		}
		s.look(time.Now())
	}
}

func (s *site) look(now time.Time) {
	if full := s.h.db.Room().Full; full != s.full {
		if s.full = full; !full { // what came meanwhile is asked for now
			s.hub.Wake()
		}
	}
	members, live := s.members(), s.see()
	terms := map[desk.ID]uint64{}
	if s.mesh != nil {
		for _, m := range s.mesh.Members() {
			terms[m.Node] = m.Meta.Term
		}
	}
	var others []gossip.Candidate
	reachable, shut := 0, 0
	for id, coordinator := range members {
		if id == s.me {
			continue
		}
		if s.h.Shut(id) {
			shut++
			if live.Nodes[id].Alive {
				s.hub.Shut(id)
			}
			continue
		}
		if live.Nodes[id].Alive {
			reachable++
			others = append(others, gossip.Candidate{Node: id, Coordinator: coordinator, Term: terms[id]})
		}
	}
	s.rotate(shut)
	s.mu.Lock()
	changed := s.lease.Step(now, gossip.Candidate{Node: s.me, Coordinator: members[s.me], Term: s.lease.Term}, others)
	term := s.lease.Term
	switch {
	case reachable > 0 && s.alone:
		s.alone, s.backAt = false, now
		s.log.Info("other workstations are reached again", "alone_for", now.Sub(s.aloneSince))
	case reachable == 0 && !s.alone && len(members) > 1 && now.Sub(s.began) > grace:
		s.alone, s.aloneSince = true, now
		s.log.Warn("no other workstation is reached: work goes on, and is joined when one is")
	}
	holder := s.lease.Holder
	s.mu.Unlock()
	if changed && s.mesh != nil {
		s.mesh.SetTerm(term)
	}
	if changed {
		s.log.Info("the lead has changed", "node", holder, "term", term)
	}
}

// rotate changes the gossip key when another workstation was shut out: what that
// one knows of it is worth nothing any more. It is the coordinator's to do.
func (s *site) rotate(shut int) {
	conf := s.conf.Load()
	if !conf.Coordinator() || shut <= conf.Shut {
		return
	}
	next := *conf
	next.Shut = shut
	if err := errors.Join(s.save(&next), s.hub.Rotate()); err != nil {
		s.log.Error("the gossip key was not changed", "err", err)
	}
}
