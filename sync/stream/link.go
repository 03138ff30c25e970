package stream

import (
	"bufio"
	"context"
	"crypto/ed25519"
	"crypto/tls"
	"errors"
	"io"
	"net"
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
	patience   = 20              // peerings in a row that end by what the peer sends, before it has to wait
)

// link is one connection and its peering. Three goroutines serve it: one reads and
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

	mu      sync.Mutex // guards what follows; Hub.mu may be held when it is taken, not the other way round
	peering *Peering

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
	l.peering = NewPeering(h.Log, &h.claim, Greeting{Desk: own.Desk, Node: me, Version: h.Version, Address: own.Address, Ring: own.Ring.Generation, Origin: h.Log.Origin()})
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
	first := l.peering.Begin()
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
		h.Logger.Info("a peering has ended", "node", l.node, "why", err)
	}
}

// errTwice ends one of two peerings with a workstation.
var errTwice = errors.New("there is another peering with it")

// close ends the connection; its goroutines end by themselves. It may be called often,
// and with Hub.mu held.
func (l *link) close() {
	l.once.Do(func() {
		close(l.done)
		_ = l.conn.Close()
	})
}

// leave ends the peering: how far the peer was stays known, what was claimed of it is
// free for others.
func (l *link) leave() {
	l.close()
	h := l.h
	l.mu.Lock()
	l.peering.End()
	theirs := l.peering.Theirs()
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
	ms, err := l.peering.say(whole)
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
		if l.peering.wishing || l.peering.search != nil {
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
// peering ends by what fails.
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

// finish gives done work back to the peering.
func (l *link) finish(w *Work) error {
	l.mu.Lock()
	ms, err := l.peering.Done(w)
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
	ms, w, err := l.peering.Take(m)
	if m.Kind == Hello {
		l.peering.Peer.Node = l.node // by its certificate, whatever it says
	}
	peer := l.peering.Peer
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
