package stream

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"punto/app/desk"
)

// guilty tells whether a peering ended by what the peer has sent.
func guilty(err error) bool {
	for _, x := range []error{ErrMessage, ErrRude, desk.ErrForged, desk.ErrStranger, ErrNotMember} {
		if errors.Is(err, x) {
			return true
		}
	}
	return false
}

// blame lets a node that sends what is no event or no message wait longer each
// time before it is spoken with again.
func (l *link) blame(guilty bool) {
	h := l.h
	h.mu.Lock()
	defer h.mu.Unlock()
	if !guilty {
		delete(h.blamed, l.node)
		return
	}
	if h.blamed[l.node]++; h.blamed[l.node] > patience {
		h.until[l.node] = time.Now().Add(time.Second << min(h.blamed[l.node]-patience, 8))
	}
}

// twice tells whether there is a peering with that node already. Two nodes that
// call each other keep the one that the lesser of them opened; a node that calls
// again has lost the one before. Under Hub.mu.
func (l *link) twice() bool {
	me := desk.NodeID(l.h.Key.Public().(ed25519.PublicKey))
	for x := range l.h.links {
		if x == l || x.node != l.node || x.peer.Origin != l.peer.Origin || x.peer.Max == 0 {
			continue
		}
		lesser := bytes.Compare(me[:], l.node[:]) < 0
		if !l.dialled && (!x.dialled || !lesser) || l.dialled && !x.dialled && lesser {
			x.close()
			continue
		}
		if l.dialled { // another name of the same workstation
			l.h.known[l.address] = time.Now().Add(time.Hour)
		}
		return true
	}
	return false
}

// greeted notes who is there and where it is reached.
func (l *link) greeted(g Greeting) error {
	h := l.h
	h.mu.Lock()
	defer h.mu.Unlock()
	if l.peer = g; l.twice() {
		return errTwice
	}
	address := l.address
	if !l.dialled {
		address = reachable(g.Address, l.conn.RemoteAddr())
	}
	p := h.peers[l.node]
	if p == nil {
		p = &Peer{Node: l.node}
		h.peers[l.node] = p
	}
	p.Version = g.Version
	if address != "" {
		p.Address = address
		if h.reached[address] = true; h.known[address].IsZero() {
			h.learn(address)
			h.known[address] = time.Now().Add(h.Retry)
		}
	}
	if s := h.Own(); g.Ring < s.Ring.Generation {
		l.push(encode(Keys, s.Ring))
	}
	return nil
}

// reachable completes the address that a peer tells of itself by where its
// connection came from.
func reachable(told string, from net.Addr) string {
	host, port, err := net.SplitHostPort(told)
	if err != nil {
		return ""
	}
	if host == "" || host == "0.0.0.0" || host == "::" {
		if host, _, err = net.SplitHostPort(from.String()); err != nil {
			return ""
		}
		host, _, _ = strings.Cut(host, "%")
	}
	return net.JoinHostPort(host, port)
}

func (l *link) ring(m Message) error {
	r, err := decode[Ring](m)
	if err != nil {
		return err
	}
	s := *l.h.Own()
	if r.Generation <= s.Ring.Generation || len(r.Keys) == 0 || len(r.Keys) > 4 {
		return nil
	}
	for _, k := range r.Keys {
		if len(k) != 32 {
			return ErrMessage
		}
	}
	if !s.genuine(&r) {
		return fmt.Errorf("%w: a ring that the site key has not signed", ErrMessage)
	}
	s.Ring = r
	return l.h.adopt(&s)
}
