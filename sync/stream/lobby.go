package stream

import (
	"net"
	"net/netip"
	"sync"
)

// Connections that have not shown yet who they are: in all, and of one address.
const (
	lobbyPlaces  = 256
	addressShare = 64
)

// lobby holds the connections of those who have not shown yet that they belong
// here or that they have a join code. When there are too many the oldest of the
// address that has most goes: whoever keeps silent in hundreds of them crowds out
// nobody else.
type lobby struct {
	mu     sync.Mutex          // guards what follows
	guests map[string][]*guest // by address, the oldest first
	n      int
}

// guest is one connection in the lobby.
type guest struct {
	l       *lobby
	conn    net.Conn
	address string
}

// enter takes a connection in; the guest must leave.
func (l *lobby) enter(c net.Conn) *guest {
	g := &guest{l, c, addressOf(c)}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.guests == nil {
		l.guests = map[string][]*guest{}
	}
	l.guests[g.address] = append(l.guests[g.address], g)
	l.n++
	crowd := g.address
	if l.n > lobbyPlaces {
		for a, gs := range l.guests {
			if len(gs) > len(l.guests[crowd]) {
				crowd = a
			}
		}
	}
	if l.n > lobbyPlaces || len(l.guests[crowd]) > addressShare {
		first := l.guests[crowd][0]
		l.remove(first)
		_ = first.conn.Close()
	}
	return g
}

// leave is called when it is known who is there, and when the connection ends.
func (g *guest) leave() {
	g.l.mu.Lock()
	defer g.l.mu.Unlock()
	g.l.remove(g)
}

// remove does nothing for one who has left. Under mu.
func (l *lobby) remove(g *guest) {
	gs := l.guests[g.address]
	for i := range gs {
		if gs[i] != g {
			continue
		}
		if gs = append(gs[:i:i], gs[i+1:]...); len(gs) > 0 {
			l.guests[g.address] = gs
		} else {
			delete(l.guests, g.address)
		}
		l.n--
		return
	}
}

// addressOf is the machine that a connection comes from: one that has a whole
// IPv6 network of its own counts as one.
func addressOf(c net.Conn) string {
	from := c.RemoteAddr().String()
	p, err := netip.ParseAddrPort(from)
	if err != nil {
		return from
	}
	a := p.Addr().Unmap().WithZone("")
	if net, err := a.Prefix(64); err == nil && a.Is6() {
		return net.String()
	}
	return a.String()
}
