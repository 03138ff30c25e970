package site

import (
	"context"
	"net"
	"slices"
	"time"

	"punto/app/desk"
	"punto/sync/gossip"
)

// Live is the site as of the last look, for whoever asks may hold what a look waits
// for. It is not to be changed. Service stays false.
func (p *Peers) Live() desk.Sight {
	if l := p.view.Load(); l != nil {
		return *l
	}
	return desk.Sight{}
}

// see looks at the site now. A workstation is alive by a peering that was heard of
// lately or by the gossip: either may be cut off from it.
func (p *Peers) see() desk.Sight {
	l := desk.Sight{Nodes: map[desk.ID]desk.Seen{}}
	for _, x := range p.hub.Peers() {
		l.Nodes[x.Node] = desk.Seen{Alive: x.Peerings > 0 && time.Since(x.SeenAt) < silence, SeenAt: x.SeenAt.UnixMilli(), Vector: x.Vector, OffsetKnown: x.Measured,
			Offset: x.Offset.Milliseconds(), Address: x.Address, Version: x.Version}
	}
	if p.mesh != nil {
		for _, m := range p.mesh.Members() {
			x := l.Nodes[m.Node]
			if m.Alive {
				x.Alive, x.SeenAt = true, max(x.SeenAt, time.Now().UnixMilli())
			}
			if x.Address == "" {
				x.Address = m.Address
			}
			if x.Version == "" {
				x.Version = m.Meta.Version
			}
			l.Nodes[m.Node] = x
		}
	}
	behind := p.hub.Behind()
	p.mu.Lock()
	defer p.mu.Unlock()
	for id, x := range l.Nodes {
		if x.Alive {
			x.Agents, x.Attends = p.present[id].Agents, p.present[id].attends()
			l.Nodes[id] = x
		}
	}
	if p.most = max(p.most, behind); behind == 0 {
		p.most = 0
	}
	if p.most > 256 {
		l.Fetching, l.Fetched = behind, p.most-behind
	}
	l.Alone = p.alone
	if !p.aloneSince.IsZero() {
		l.AloneSince = p.aloneSince.UnixMilli()
	}
	if !p.backAt.IsZero() && !p.alone {
		l.BackAt = p.backAt.UnixMilli()
	}
	l.Leader, l.Term, l.Leads = p.lease.Holder, p.lease.Term, p.lease.Holder == p.me
	p.view.Store(&l)
	return l
}

// members are the workstations of the site by their certificates, and which of
// them is the coordinator. Revoked ones are among them.
func (p *Peers) members() map[desk.ID]bool {
	m := map[desk.ID]bool{}
	for _, id := range p.Log.Identities() {
		if id.Cert != nil {
			m[id.Node()] = id.Coordinator
		}
	}
	return m
}

// remembered is how many addresses are kept for the next start.
const remembered = 256

// remember keeps the addresses of others for the next start, and tells the desk
// this workstation's own.
func (p *Peers) remember(ctx context.Context) {
	own := *p.known.Load()
	known := own.Peers
	told, err := p.Nodes.Addresses(ctx)
	if err != nil && ctx.Err() == nil {
		p.Logger.Warn("the desk could not be asked where the others are", "err", err)
	}
	for _, a := range told {
		p.hub.Heard(a)
		if p.mesh != nil {
			p.mesh.Know(a)
		}
		if !slices.Contains(known, a) && len(known) < remembered {
			known = append(slices.Clone(known), a)
		}
	}
	if len(known) != len(own.Peers) {
		own.Peers = known
		if err := p.save(&own); err != nil {
			p.Logger.Warn("the addresses of others could not be kept", "err", err)
		}
	}
	if err := p.Nodes.Tell(ctx, p.ownAddress(), p.Version); err != nil && ctx.Err() == nil {
		p.Logger.Warn("the desk could not be told where this workstation is", "err", err)
	}
}

// ownAddress is where others reach this workstation, as far as it can tell.
func (p *Peers) ownAddress() string {
	host, port, err := net.SplitHostPort(p.known.Load().Address)
	if err != nil {
		return ""
	}
	if host == "" {
		ip := gossip.Outward()
		if ip == nil {
			return ""
		}
		host = ip.String()
	}
	return net.JoinHostPort(host, port)
}
