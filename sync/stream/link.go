package stream

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"time"

	"punto/app/desk"
)

// Times of a connection.
const (
	idleLimit  = 75 * time.Second // without a word: the connection is given up
	wishLimit  = 30 * time.Second // the same, while something was asked for
	writeLimit = 30 * time.Second
	pingEvery  = 5 * time.Second // by whoever has called
	pingCalm   = 6               // of them one is sent while the gossip tells that the peer is alive
	firstPings = 4               // at once, to measure the clocks
	queued     = 512
	patience   = 20 // sessions in a row that end by what the peer sends, before it has to wait
)

// link is one connection and its session. The session is used under Hub.mu.
type link struct {
	h       *Hub
	conn    net.Conn
	sess    *Session
	node    desk.ID // by its certificate
	address string  // as it was dialled; "" = the other end did
	dialled bool
	since   time.Time
	out     chan Message
	done    chan struct{} // closed by close
	once    sync.Once
	file    *FilePart // asked for; under Hub.mu
	fileAt  time.Time
	best    time.Duration // shortest round trip so far
}

// serve runs a connection until it ends.
func (h *Hub) serve(ctx context.Context, t *tls.Conn, address string) {
	pub, _ := t.ConnectionState().PeerCertificates[0].PublicKey.(ed25519.PublicKey)
	own := h.Own()
	me := desk.NodeID(h.Key.Public().(ed25519.PublicKey))
	l := &link{h: h, conn: t, node: desk.NodeID(pub), address: address, dialled: address != "", out: make(chan Message, queued), done: make(chan struct{})}
	l.since = time.Now()
	l.sess = NewSession(h.Log, &h.claim, Greeting{Desk: own.Desk, Node: me, Version: h.Version, Address: own.Address, Ring: own.Ring.Generation, Origin: h.Log.Origin()})
	l.sess.Early = l.push
	if l.node == me { // an address of our own
		h.mu.Lock()
		delete(h.known, address)
		h.mu.Unlock()
		return
	}
	ctx, stop := context.WithCancel(ctx)
	var writing sync.WaitGroup
	defer writing.Wait()
	defer stop()
	defer context.AfterFunc(ctx, l.close)()
	h.mu.Lock()
	busy := len(h.links) >= h.Most || time.Now().Before(h.until[l.node])
	if !busy {
		h.links[l] = struct{}{}
	}
	h.mu.Unlock()
	if busy {
		_ = t.SetWriteDeadline(time.Now().Add(writeLimit))
		_ = writeMessage(t, encode(Try, h.addresses()))
		return
	}
	defer l.leave()
	writing.Go(l.write)
	for _, m := range l.sess.Begin() {
		l.push(m)
	}
	for range firstPings {
		l.push(l.ping())
	}
	err := l.read(ctx)
	l.blame(guilty(err))
	if ctx.Err() == nil && !errors.Is(err, io.EOF) && !errors.Is(err, net.ErrClosed) && !errors.Is(err, errTwice) {
		h.Logger.Info("a session has ended", "node", l.node, "why", err)
	}
}

// guilty tells whether a session ended by what the peer has sent.
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

// errTwice ends one of two sessions with a workstation.
var errTwice = errors.New("there is another session with it")

// twice tells whether there is a session with that node already. Two nodes that
// call each other keep the one that the lesser of them opened; a node that calls
// again has lost the one before. Under Hub.mu.
func (l *link) twice() bool {
	me := desk.NodeID(l.h.Key.Public().(ed25519.PublicKey))
	for x := range l.h.links {
		if x == l || x.node != l.node || x.sess.Peer.Origin != l.sess.Peer.Origin || x.sess.Peer.Max == 0 {
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

func (l *link) close() {
	l.once.Do(func() {
		close(l.done)
		_ = l.conn.Close()
	})
}

func (l *link) leave() {
	l.close()
	h := l.h
	h.mu.Lock()
	l.sess.End()
	delete(h.links, l)
	h.mu.Unlock()
	h.Wake() // what it had claimed is free for others
	ring(h.redial)
}

// push queues a message; a peer that takes nothing for so long is let go.
func (l *link) push(m Message) {
	select {
	case l.out <- m:
	default:
		l.close()
	}
}

// poll says what is new, unless the peer has enough to read. Under Hub.mu.
func (l *link) poll() {
	if len(l.out) > queued/2 {
		return
	}
	ms, err := l.sess.Poll()
	if err != nil {
		l.close()
		return
	}
	for _, m := range ms {
		l.push(m)
	}
	l.askFile()
}

func (l *link) write() {
	ping := time.NewTicker(pingEvery)
	defer ping.Stop()
	if !l.dialled {
		ping.Stop()
	}
	for n := 1; ; {
		var m Message
		select {
		case m = <-l.out:
		case <-ping.C:
			if n++; n%pingCalm != 0 && l.calm() {
				continue
			}
			m = l.ping()
		case <-l.done:
			return
		}
		_ = l.conn.SetWriteDeadline(time.Now().Add(writeLimit))
		if err := writeMessage(l.conn, m); err != nil {
			l.close()
			return
		}
	}
}

func (l *link) read(ctx context.Context) error {
	for {
		limit := idleLimit
		l.h.mu.Lock()
		if l.sess.wishing || l.sess.search != nil {
			limit = wishLimit
		}
		l.h.mu.Unlock()
		_ = l.conn.SetReadDeadline(time.Now().Add(limit))
		m, err := readMessage(l.conn, MaxMessage)
		if err != nil {
			return err
		}
		came := l.h.Now()
		if err := l.handle(ctx, m, came); err != nil {
			return err
		}
	}
}

func (l *link) handle(ctx context.Context, m Message, came time.Time) error {
	h := l.h
	switch m.Kind {
	case Ping:
		c, err := decode[Clock](m)
		if err != nil {
			return err
		}
		l.push(encode(Pong, Clock{T0: c.T0, T1: came.UnixNano(), T2: h.Now().UnixNano()}))
		l.seen()
		if c.Delay > 0 && !l.dialled {
			l.offset(-time.Duration(c.Offset), time.Duration(c.Delay))
		}
		return nil
	case Pong:
		l.seen()
		return l.measured(m, came)
	case Keys:
		return l.ring(m)
	case Try:
		as, err := decode[[]string](m)
		if err != nil {
			return err
		}
		for _, a := range as[:min(len(as), 200)] {
			h.Heard(a)
		}
		return nil
	case WantFile, Chunk:
		return l.handleFile(m)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	before := h.Log.Points()
	ms, err := l.sess.Handle(ctx, m)
	if err != nil {
		return err
	}
	for _, m := range ms {
		l.push(m)
	}
	if m.Kind == Hello {
		l.sess.Peer.Node = l.node // by its certificate, whatever it says
		if l.twice() {
			return errTwice
		}
		l.greeted()
	}
	l.note()
	if (m.Kind == Done || m.Kind == Events || m.Kind == Block) && grew(before, h.Log.Points()) {
		ring(h.wake)
	}
	return nil
}

func grew(a, b map[desk.Origin]desk.Point) bool {
	for o, p := range b {
		if a[o] != p {
			return true
		}
	}
	return false
}

// greeted notes where the peer is reached. Under Hub.mu.
func (l *link) greeted() {
	h := l.h
	g := l.sess.Peer
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

func (l *link) note() {
	if p := l.h.peers[l.node]; p != nil {
		p.SeenAt = l.h.Now()
		p.Vector = l.sess.Theirs()
	}
}

func (l *link) seen() {
	l.h.mu.Lock()
	defer l.h.mu.Unlock()
	if p := l.h.peers[l.node]; p != nil {
		p.SeenAt = l.h.Now()
	}
}

// measured takes the offset of two clocks: that of the shortest round trip is the
// best one, and it ages.
func (l *link) measured(m Message, t3 time.Time) error {
	c, err := decode[Clock](m)
	if err != nil {
		return err
	}
	delay := time.Duration(t3.UnixNano() - c.T0 - (c.T2 - c.T1))
	offset := time.Duration((c.T1-c.T0)+(c.T2-t3.UnixNano())) / 2
	if delay < 0 || delay > 10*time.Second {
		return nil
	}
	l.offset(offset, delay)
	return nil
}

// calm tells whether the gossip has the peer alive, so that it need not be asked
// so often.
func (l *link) calm() bool {
	l.h.mu.Lock()
	p := l.h.peers[l.node]
	address := ""
	if p != nil {
		address = p.Address
	}
	l.h.mu.Unlock()
	return address != "" && l.h.Alive != nil && l.h.Alive(address)
}

// ping asks for the peer's clock, and tells what is known of it.
func (l *link) ping() Message {
	c := Clock{T0: l.h.Now().UnixNano()}
	l.h.mu.Lock()
	if p := l.h.peers[l.node]; p != nil && p.Measured && l.best > 0 {
		c.Offset, c.Delay = int64(p.Offset), int64(max(p.Delay, 1))
	}
	l.h.mu.Unlock()
	return encode(Ping, c)
}

func (l *link) offset(offset, delay time.Duration) {
	l.h.mu.Lock()
	defer l.h.mu.Unlock()
	p := l.h.peers[l.node]
	if p == nil {
		return
	}
	if l.best += l.best / 8; l.best == 0 || delay <= l.best || abs(offset-p.Offset) > delay {
		l.best = delay
		p.Offset, p.Delay, p.Measured = offset, delay, true
	}
}

func abs(d time.Duration) time.Duration { return max(d, -d) }

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
