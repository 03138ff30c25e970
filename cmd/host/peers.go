package host

import (
	"context"
	"crypto/ed25519"
	"errors"

	"punto/app"
	"punto/app/desk"
	"punto/app/engine"
	"punto/sync/site"
	"punto/sync/stream"
)

// joinSite begins to speak with the other workstations, when the folder belongs to a
// site; run is nil when it does not.
func (h *Host) joinSite(o Options) (run func(context.Context) error, err error) {
	p, err := site.Listen(site.Config{Dir: h.dir, Key: h.db.Key(), Log: h.db, Engine: h.Engine, Nodes: registry{h.Engine}, Files: h.files,
		Version: o.Version, Logger: h.log})
	if err != nil || p == nil {
		return nil, err
	}
	h.SetPeers(peers{p, o.Service})
	return p.Run, nil
}

// peers fits the peers of a site to what the engine asks of them.
type peers struct {
	*site.Peers
	service bool
}

var _ engine.Peers = peers{}

// Live implements engine.Peers.
func (p peers) Live() desk.Sight {
	l := p.Peers.Live()
	l.Service = p.service
	return l
}

// Invite implements engine.Peers.
func (p peers) Invite(ctx context.Context) (string, error) {
	code, err := p.Peers.Invite(ctx)
	return code, known(err)
}

// Rotate implements engine.Peers.
func (p peers) Rotate(ctx context.Context) error { return known(p.Peers.Rotate(ctx)) }

// known gives what a person can act on its code.
func known(err error) error {
	if errors.Is(err, stream.ErrNotCoordinator) {
		return &app.Error{Code: app.Conflict, Msg: err.Error(), Form: err.Error()}
	}
	return err
}

// registry is the register of workstations of the desk, by the door and as its owner.
type registry struct{ *engine.Engine }

var _ site.Nodes = registry{}

// Register implements site.Nodes.
func (r registry) Register(ctx context.Context, key ed25519.PublicKey, name string) (prefix string, err error) {
	x, err := r.Do(r.Owner(ctx), app.AddNode{Key: key, Name: name})
	return string(x.Number), err
}

// Addresses implements site.Nodes.
func (r registry) Addresses(ctx context.Context) (as []string, err error) {
	a, err := r.Ask(r.Owner(ctx), app.Nodes{})
	if err != nil {
		return nil, err
	}
	for _, n := range a.(app.NodesAnswer).Nodes {
		if !n.Me && n.Address != "" && n.RevokedAt == 0 {
			as = append(as, n.Address)
		}
	}
	return as, nil
}

// Tell implements site.Nodes.
func (r registry) Tell(ctx context.Context, address, version string) error {
	_, err := r.Do(r.Owner(ctx), app.TellNode{Address: address, Version: version})
	return err
}
