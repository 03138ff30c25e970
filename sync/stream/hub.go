package stream

import (
	"context"
	"crypto/ed25519"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"slices"
	"sync"
	"syscall"
	"time"

	"punto/app/desk"
)

// Hub is all connections of one workstation: it listens, it keeps peerings to a
// few others, it looks for those that it has not heard of for long, and it takes
// in new workstations where it holds the site key.
type Hub struct {
	Config
	codes  Codes
	lobby  lobby
	claim  Claims
	wake   chan struct{} // something may be to be told or asked
	hinted chan struct{} // the same, and whom the gossip has alive knows of it
	redial chan struct{}

	mu    sync.Mutex // guards what follows; nobody waits for anything while it is held
	links map[*link]struct{}
	peers map[desk.ID]*Peer
	known map[string]time.Time // addresses, and when they are to be tried again

	reached map[string]bool       // addresses at which a peering was had
	blamed  map[desk.ID]int       // peerings in a row that a node has ended by what it sent
	until   map[desk.ID]time.Time // it is not spoken with before

	looked   time.Time       // the last look at an address beyond Degree
	dialling map[string]bool // addresses that are being called
}

// Config is what a Hub is made of. All but Files, Register, Changed and the
// numbers are required.
type Config struct {
	Own      func() *Membership      // the present one; never changed, replaced
	Keep     func(*Membership) error // called with the next one
	Key      ed25519.PrivateKey
	Log      Log
	Revoked  func(desk.ID) bool
	Version  string // of the program
	Logger   *slog.Logger
	Dial     func(ctx context.Context, address string) (net.Conn, error) // nil = TCP
	Now      func() time.Time                                            // the clock that is compared; nil = time.Now
	Alive    func(address string) bool                                   // by the gossip: no look is needed there; nil = not known
	Files    Files                                                       // nil = no files are exchanged
	Register Register                                                    // nil = nobody is taken in
	Changed  func()                                                      // the ring has changed; must not block

	Degree int           // peerings that it opens by itself; 0 = 6
	Most   int           // peerings that it holds at all; 0 = 48
	Retry  time.Duration // between two tries of one address; 0 = 1 s
}

// Peer is what is known of another workstation. It is a copy.
type Peer struct {
	Node     desk.ID
	Peerings int
	SeenAt   time.Time
	Address  string
	Version  string
	Vector   desk.Vector   // not to be changed
	Offset   time.Duration // its clock is ahead of ours by so much
	Delay    time.Duration // round trip of the measurement
	Measured bool
}

// NewHub makes one; nothing happens until Run.
func NewHub(c Config) *Hub {
	if c.Degree == 0 {
		c.Degree = 6
	}
	if c.Most == 0 {
		c.Most = 48
	}
	if c.Retry == 0 {
		c.Retry = time.Second
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Dial == nil {
		d := net.Dialer{Timeout: 5 * time.Second}
		c.Dial = func(ctx context.Context, a string) (net.Conn, error) { return d.DialContext(ctx, "tcp", a) }
	}
	h := &Hub{Config: c, wake: make(chan struct{}, 1), hinted: make(chan struct{}, 1), redial: make(chan struct{}, 1), links: map[*link]struct{}{},
		peers: map[desk.ID]*Peer{}, known: map[string]time.Time{}, reached: map[string]bool{}, blamed: map[desk.ID]int{}, until: map[desk.ID]time.Time{}, dialling: map[string]bool{}}
	for _, a := range c.Own().Peers {
		h.known[a] = time.Time{}
	}
	return h
}

// Run serves l and keeps the peerings until ctx ends; then all have ended.
func (h *Hub) Run(ctx context.Context, l net.Listener) error {
	ctx, stop := context.WithCancel(ctx)
	var all sync.WaitGroup
	defer all.Wait()
	defer stop()
	defer context.AfterFunc(ctx, func() { _ = l.Close() })()
	all.Go(func() { h.tell(ctx) })
	all.Go(func() { h.seek(ctx, &all) })
	for {
		c, err := l.Accept()
		switch {
		case err == nil:
			g := h.lobby.enter(c)
			all.Go(func() {
				defer g.leave()
				h.accept(ctx, c, g)
			})
		case ctx.Err() != nil || errors.Is(err, net.ErrClosed):
			return nil
		case errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE) || errors.Is(err, syscall.ECONNABORTED):
			h.Logger.Warn("a connection could not be taken", "err", err)
			select {
			case <-time.After(100 * time.Millisecond):
			case <-ctx.Done():
			}
		default:
			return fmt.Errorf("listen for workstations: %w", err)
		}
	}
}

// Wake says that the log may have grown. It never blocks.
func (h *Hub) Wake() { ring(h.wake) }

// Hinted is Wake for what went to all that the gossip has alive, or came that way:
// they are told a little later, together with what else there is, and those only
// that have not told by then that they hold it. It never blocks.
func (h *Hub) Hinted() { ring(h.hinted) }

// ring fills a channel of one: who listens hears that something happened, not how often.
func ring(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// Peers lists what is known of all others.
func (h *Hub) Peers() (ps []Peer) {
	h.mu.Lock()
	defer h.mu.Unlock()
	live := map[desk.ID][]*link{}
	for l := range h.links {
		if l.peer.Max != 0 {
			live[l.node] = append(live[l.node], l)
		}
	}
	for _, p := range h.peers {
		q := *p
		q.Peerings = len(live[p.Node])
		for _, l := range live[p.Node] {
			l.mu.Lock()
			q.Vector = l.peering.Theirs()
			l.mu.Unlock()
		}
		ps = append(ps, q)
	}
	return ps
}

// Behind is how many events some peer is known to hold that are not held here.
func (h *Hub) Behind() (n uint64) {
	mine, own := h.Log.Points(), h.Log.Origin()
	most := desk.Vector{}
	h.mu.Lock()
	for l := range h.links {
		l.mu.Lock()
		for o, p := range l.peering.theirs {
			if p.Seq > mine[o].Seq {
				most[o] = max(most[o], p.Seq)
			}
		}
		l.mu.Unlock()
	}
	h.mu.Unlock()
	for o, seq := range most {
		if o != own && !h.Log.Frozen(o) {
			n += seq - mine[o].Seq
		}
	}
	return n
}

// Shut ends the peerings with a workstation.
func (h *Hub) Shut(node desk.ID) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for l := range h.links {
		if l.node == node {
			l.close()
		}
	}
}

// Invite makes a join code.
func (h *Hub) Invite() (string, error) {
	if !h.Own().Coordinator() || h.Register == nil {
		return "", ErrNotCoordinator
	}
	return h.codes.New(), nil
}

// Rotate gives the site another gossip key; every peering passes it on. Only the
// coordinator can.
func (h *Hub) Rotate() error {
	s := *h.Own()
	if !s.Coordinator() {
		return ErrNotCoordinator
	}
	s.turn()
	return h.adopt(&s)
}

// adopt takes a newer ring and passes it on.
func (h *Hub) adopt(s *Membership) error {
	if err := h.Keep(s); err != nil {
		return err
	}
	if h.Changed != nil {
		h.Changed()
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for l := range h.links {
		l.push(encode(Keys, s.Ring))
	}
	return nil
}

// accept is the listening end of a connection. The guest leaves the lobby once it
// has shown who it is.
func (h *Hub) accept(ctx context.Context, c net.Conn, g *guest) {
	defer func() { _ = c.Close() }()
	defer context.AfterFunc(ctx, func() { _ = c.Close() })()
	own := h.Own()
	t := tls.Server(c, &tls.Config{MinVersion: tls.VersionTLS13, NextProtos: []string{alpnSync, alpnJoin},
		GetConfigForClient: func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
			if slices.Contains(hello.SupportedProtos, alpnJoin) {
				return own.joinTLS(h.Key), nil
			}
			return own.tls(h.Key, h.Revoked), nil
		}})
	if err := shake(ctx, t); err != nil {
		h.Logger.Warn("a connection was refused", "from", c.RemoteAddr().String(), "why", err)
		return
	}
	if t.ConnectionState().NegotiatedProtocol != alpnJoin {
		g.leave()
		h.serve(ctx, t, "")
		return
	}
	if !own.Coordinator() || h.Register == nil {
		h.Logger.Warn("a join was refused: this workstation does not hold the site key", "from", c.RemoteAddr().String())
		return
	}
	if err := own.admit(ctx, t, &h.codes, h.Register, h.addresses(), g.leave); err != nil {
		h.Logger.Warn("a join was refused", "from", c.RemoteAddr().String(), "why", err)
		return
	}
	h.Logger.Info("a workstation has joined", "from", c.RemoteAddr().String())
}

func shake(ctx context.Context, t *tls.Conn) error {
	ctx, stop := context.WithTimeout(ctx, 10*time.Second)
	defer stop()
	return t.HandshakeContext(ctx)
}
