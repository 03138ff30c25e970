package stream

import (
	"bufio"
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
	queued     = 64              // of what is to be sent: bundles of messages
	patience   = 20              // sessions in a row that end by what the peer sends, before it has to wait
)

// link is one connection and its session. Three goroutines serve it: one reads and
// answers what only reads the log, one does the work that writes, in order, one
// writes. Each waits when the next has enough to do, so that a peer that sends more
// than is taken is not read from, and costs no one else anything.
type link struct {
	h       *Hub
	conn    net.Conn
	node    desk.ID // by its certificate
	address string  // as it was dialled; "" = the other end did
	dialled bool
	since   time.Time
	out     chan []Message
	work    chan *Work
	done    chan struct{} // closed by close
	once    sync.Once

	mu   sync.Mutex // guards what follows; Hub.mu may be held when it is taken, not the other way round
	sess *Session

	// Under Hub.mu.
	peer   Greeting  // zero until it has greeted
	file   *FilePart // asked for
	fileAt time.Time
	best   time.Duration // shortest round trip so far
	due    time.Time     // when it is to be told what the gossip has told already; zero = it was
}

// serve runs a connection until it ends.
func (h *Hub) serve(ctx context.Context, t *tls.Conn, address string) {
	pub, _ := t.ConnectionState().PeerCertificates[0].PublicKey.(ed25519.PublicKey)
	own := h.Own()
	me := desk.NodeID(h.Key.Public().(ed25519.PublicKey))
	l := &link{h: h, conn: t, node: desk.NodeID(pub), address: address, dialled: address != "", since: time.Now(),
		out: make(chan []Message, queued), work: make(chan *Work), done: make(chan struct{})}
	l.sess = NewSession(h.Log, &h.claim, Greeting{Desk: own.Desk, Node: me, Version: h.Version, Address: own.Address, Ring: own.Ring.Generation, Origin: h.Log.Origin()})
	if l.node == me { // an address of our own
		h.mu.Lock()
		delete(h.known, address)
		h.mu.Unlock()
		return
	}
	ctx, stop := context.WithCancel(ctx)
	var others sync.WaitGroup
	defer others.Wait()
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
	first := l.sess.Begin()
	for range firstPings {
		first = append(first, l.ping())
	}
	l.send(first)
	others.Go(l.write)
	failed := make(chan error, 1)
	others.Go(func() { failed <- l.labour(ctx) })
	err := l.read(ctx)
	close(l.work)
	if e := <-failed; e != nil && !errors.Is(e, context.Canceled) { // the reading ended because of it
		err = e
	}
	l.blame(guilty(err))
	if !errors.Is(err, context.Canceled) && !errors.Is(err, io.EOF) && !errors.Is(err, net.ErrClosed) && !errors.Is(err, errTwice) {
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

// close ends the connection; its goroutines end by themselves. It may be called often,
// and with Hub.mu held.
func (l *link) close() {
	l.once.Do(func() {
		close(l.done)
		_ = l.conn.Close()
	})
}

// leave ends the session: how far the peer was stays known, what was claimed of it is
// free for others.
func (l *link) leave() {
	l.close()
	h := l.h
	l.mu.Lock()
	l.sess.End()
	theirs := l.sess.Theirs()
	l.mu.Unlock()
	h.mu.Lock()
	delete(h.links, l)
	if p := h.peers[l.node]; p != nil && len(theirs) > 0 {
		p.Vector = theirs
	}
	h.mu.Unlock()
	h.Wake() // what it had claimed is free for others
	ring(h.redial)
}

// send sends messages one after another, and waits while the peer has too much to
// read. It is for the goroutines of the link.
func (l *link) send(ms []Message) {
	if len(ms) == 0 {
		return
	}
	select {
	case l.out <- ms:
	case <-l.done:
	}
}

// push is send for others, who do not wait: a peer that takes nothing for so long is
// let go.
func (l *link) push(ms ...Message) {
	if len(ms) == 0 {
		return
	}
	select {
	case l.out <- ms:
	default:
		l.close()
	}
}

// poll says what is new, unless the peer has enough to read: whole where it must
// lack it, else by how far it goes.
func (l *link) poll(whole bool) {
	if len(l.out) > queued/2 {
		return
	}
	l.mu.Lock()
	ms, err := l.sess.say(whole)
	l.mu.Unlock()
	if err != nil {
		l.close()
		return
	}
	l.push(ms...)
	l.askFile()
}

func (l *link) write() {
	ping := time.NewTicker(pingEvery)
	defer ping.Stop()
	if !l.dialled {
		ping.Stop()
	}
	to := bufio.NewWriterSize(l.conn, 4<<10)
	for n := 1; ; {
		var ms []Message
		select {
		case ms = <-l.out:
		case <-ping.C:
			if n++; n%pingCalm != 0 && l.calm() {
				continue
			}
			ms = []Message{l.ping()}
		case <-l.done:
			return
		}
		for _, m := range ms {
			_ = l.conn.SetWriteDeadline(time.Now().Add(writeLimit))
			if err := writeMessage(to, m); err != nil {
				l.close()
				return
			}
		}
		if len(l.out) > 0 {
			continue
		}
		if err := to.Flush(); err != nil {
			l.close()
			return
		}
	}
}

func (l *link) read(ctx context.Context) error {
	for {
		limit := idleLimit
		l.mu.Lock()
		if l.sess.wishing || l.sess.search != nil {
			limit = wishLimit
		}
		l.mu.Unlock()
		_ = l.conn.SetReadDeadline(time.Now().Add(limit))
		m, err := readMessage(l.conn, MaxMessage)
		if err != nil {
			return err
		}
		if err := l.handle(ctx, m, l.h.Now()); err != nil {
			return err
		}
	}
}

// labour does the work that writes, in order, until there is none any more; the
// session ends by what fails.
func (l *link) labour(ctx context.Context) error {
	for w := range l.work {
		w.Do(ctx)
		if err := l.finish(w); err != nil {
			l.close()
			return err
		}
	}
	return nil
}

// finish gives done work back to the session.
func (l *link) finish(w *Work) error {
	l.mu.Lock()
	ms, err := l.sess.Done(w)
	l.mu.Unlock()
	if err != nil {
		return err
	}
	l.send(ms)
	switch {
	case w.grew && w.pushed:
		l.h.Wake()
	case w.grew:
		l.h.Hinted()
	}
	return nil
}

func (l *link) handle(ctx context.Context, m Message, came time.Time) error {
	h := l.h
	switch m.Kind {
	case Ping:
		c, err := decode[Clock](m)
		if err != nil {
			return err
		}
		l.seen()
		if c.Delay > 0 && !l.dialled {
			l.offset(-time.Duration(c.Offset), time.Duration(c.Delay))
		}
		return l.hand(&Work{do: func(context.Context) error { return nil }, then: func() ([]Message, error) { // whoever has the answer knows that what it sent before was taken
			return []Message{encode(Pong, Clock{T0: c.T0, T1: came.UnixNano(), T2: h.Now().UnixNano()})}, nil
		}})
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
	l.mu.Lock()
	ms, w, err := l.sess.Take(m)
	if m.Kind == Hello {
		l.sess.Peer.Node = l.node // by its certificate, whatever it says
	}
	peer := l.sess.Peer
	l.mu.Unlock()
	if err != nil {
		return err
	}
	l.send(ms)
	if m.Kind == Hello {
		if err := l.greeted(peer); err != nil {
			return err
		}
	}
	l.seen()
	switch {
	case w == nil:
	case w.Reads:
		w.Do(ctx)
		return l.finish(w)
	default:
		return l.hand(w)
	}
	return nil
}

// hand gives work to labour, once it has done what it was given before.
func (l *link) hand(w *Work) error {
	select {
	case l.work <- w:
		return nil
	case <-l.done:
		return net.ErrClosed
	}
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
// so often, nor told what went out as a hint.
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
