package engine

import (
	"context"

	"punto/app/desk"
)

// Files keep the bytes of what cases carry, by their SHA-256.
type Files interface {
	Put([]byte) ([32]byte, error)
	Get([32]byte) ([]byte, error)
}

// Peers is what the engine asks of the site. It is safe for several goroutines
// and never blocks for long.
type Peers interface {
	// Live is the site as it was last seen. It must wait for nothing: a command
	// asks for it while it holds the log.
	Live() desk.Sight
	// Invite makes a join code; an Error of the code Conflict where this
	// workstation does not hold the site key.
	Invite(ctx context.Context) (code string, err error)
	// Rotate gives the site another gossip key.
	Rotate(ctx context.Context) error
	// Shut ends the sessions with a workstation that was revoked.
	Shut(node desk.ID)
	// Wrote is called after each commit of this workstation's own events.
	Wrote()
	// Present is called when somebody signs in or out here.
	Present()
}

// SetPeers tells the engine of the site; before it the workstation is alone by
// itself, and leads.
func (e *Engine) SetPeers(p Peers) { e.peers.Store(&p) }

// Peers are the other workstations; nil where this one is the whole desk.
func (e *Engine) Peers() Peers {
	if p := e.peers.Load(); p != nil {
		return *p
	}
	return nil
}

// Leads tells whether this workstation has the duties done once per desk.
func (e *Engine) Leads() bool {
	p := e.Peers()
	return p == nil || p.Live().Leads
}

func nodeEntity(id desk.ID) desk.Entity { return desk.Entity{Type: desk.NodeType, ID: id} }

// Shut tells whether a workstation was revoked.
func (e *Engine) Shut(node desk.ID) bool {
	return e.Rights.Load().Shut(node)
}
