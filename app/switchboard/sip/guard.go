package sip

import (
	"maps"
	"net"
	"net/netip"
	"sync"
	"time"

	"github.com/emiago/sipgo/sip"
)

// guard is the socket of the telephones. It lets through what comes from the local
// network, at the pace of telephones, and is a message: nobody else's datagram reaches
// the library.
type guard struct {
	*net.UDPConn
	parser *sip.Parser

	mu    sync.Mutex // guards what follows
	hosts map[netip.Addr]*host
}

// host is what is known of one address.
type host struct {
	left  float64 // datagrams that it may send at once
	seen  time.Time
	ports map[uint16]struct{} // the library keeps something of each
	wrong int                 // passwords in a row
	shut  time.Time           // until when it is not heard
	calls int
}

// Limits for one address, and of addresses.
const (
	pace        = 200.0 // datagrams a second
	burst       = 1000.0
	maxHosts    = 1024
	portsOfHost = 64
	maxWrong    = 5
	shutFor     = time.Minute
	forgotten   = time.Hour // after so long of silence an address makes room for others
	maxMessage  = 8 << 10
)

func newGuard(c *net.UDPConn) *guard {
	return &guard{UDPConn: c, parser: sip.NewParser(), hosts: map[netip.Addr]*host{}}
}

// ReadFrom implements net.PacketConn.
func (g *guard) ReadFrom(b []byte) (int, net.Addr, error) {
	for {
		n, from, err := g.ReadFromUDPAddrPort(b)
		if err != nil {
			return n, nil, err
		}
		if n <= maxMessage && g.lets(from, time.Now()) && g.isMessage(b[:n]) {
			return n, net.UDPAddrFromAddrPort(netip.AddrPortFrom(from.Addr().Unmap(), from.Port())), nil
		}
	}
}

// lets tells whether a datagram of somebody is looked at.
func (g *guard) lets(from netip.AddrPort, now time.Time) bool {
	a := from.Addr().Unmap()
	if !Local(a) {
		return false
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	h := g.host(a, now)
	if h == nil || now.Before(h.shut) {
		return false
	}
	h.left = min(burst, h.left+pace*now.Sub(h.seen).Seconds())
	if h.seen = now; h.left < 1 {
		return false
	}
	h.left--
	if _, known := h.ports[from.Port()]; !known {
		if len(h.ports) >= portsOfHost {
			return false
		}
		h.ports[from.Port()] = struct{}{}
	}
	return true
}

// host is what is known of an address, under mu; nil when too many are known.
func (g *guard) host(a netip.Addr, now time.Time) *host {
	h := g.hosts[a]
	if h == nil {
		if len(g.hosts) >= maxHosts {
			maps.DeleteFunc(g.hosts, func(_ netip.Addr, o *host) bool { return o.calls == 0 && now.Sub(o.seen) > forgotten })
		}
		if len(g.hosts) >= maxHosts {
			return nil
		}
		h = &host{left: burst, seen: now, ports: map[uint16]struct{}{}}
		g.hosts[a] = h
	}
	return h
}

// isMessage tells whether a datagram is a message that the library can take: it has what
// every message has. What the parser dies of is none.
func (g *guard) isMessage(b []byte) (ok bool) {
	defer func() {
		if recover() != nil {
			ok = false
		}
	}()
	m, err := g.parser.ParseSIP(b)
	if err != nil {
		return false
	}
	if m.Via() == nil || m.From() == nil || m.To() == nil || m.CallID() == nil || m.CSeq() == nil || len(m.CallID().Value()) > 256 {
		return false
	}
	if r, isRequest := m.(*sip.Request); isRequest {
		return r.CSeq().MethodName == r.Method && len(r.Recipient.User) <= 64
	}
	return true
}

// wrong notes a password that was wrong, and tells how many there were in a row.
func (g *guard) wrong(a netip.Addr, now time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if h := g.host(a, now); h != nil {
		if h.wrong++; h.wrong >= maxWrong {
			h.shut, h.wrong = now.Add(shutFor), 0
		}
	}
}

func (g *guard) right(a netip.Addr) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if h := g.hosts[a]; h != nil {
		h.wrong = 0
	}
}

// begins counts a call of an address; false when it has too many.
func (g *guard) begins(a netip.Addr, now time.Time) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	h := g.host(a, now)
	if h == nil || h.calls >= maxCallsOfHost {
		return false
	}
	h.calls++
	return true
}

func (g *guard) ends(a netip.Addr) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if h := g.hosts[a]; h != nil {
		h.calls--
	}
}
