package site

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/nodes"
	"punto/app/rooms"
	"punto/store"
	"punto/sync/stream"
)

// crowd is many workstations of one site in one process, their stores in memory;
// everything else is what the program runs.
type crowd struct {
	nodes []*inCrowd
	agent desk.ID
	sent  atomic.Int64            // bytes that peerings wrote
	cut   atomic.Bool             // odd and even nodes do not reach each other
	conns map[*counted]struct{}   // dialled across the cut
	ports map[string]int          // address -> node
	mu    sync.Mutex              // guards conns
	watch atomic.Pointer[awaited] // what is timed
}

type inCrowd struct {
	*engine.Engine
	dir   string
	db    *store.DB
	own   stream.Membership // what it begins with
	peers *Peers            // nil until it is started
	l     net.Listener
	me    context.Context
	ended sync.WaitGroup
}

// Register implements Nodes: nobody joins.
func (x *inCrowd) Register(context.Context, ed25519.PublicKey, string) (string, error) {
	return "", errors.New("nobody joins here")
}

// Addresses implements Nodes.
func (x *inCrowd) Addresses(ctx context.Context) (as []string, err error) {
	a, err := x.Ask(x.Owner(ctx), app.Nodes{})
	if err != nil {
		return nil, err
	}
	for _, n := range a.(app.NodesAnswer).Nodes {
		if !n.Me && n.Address != "" {
			as = append(as, n.Address)
		}
	}
	return as, nil
}

// Tell implements Nodes.
func (x *inCrowd) Tell(ctx context.Context, address, version string) error {
	_, err := x.Do(x.Owner(ctx), app.TellNode{Address: address, Version: version})
	return err
}

// seen fits Peers to what the engine asks of them.
type seen struct{ *Peers }

// Live implements engine.Peers.
func (s seen) Live() desk.Sight {
	l := s.Peers.Live()
	return desk.Sight{Alone: l.Alone, AloneSince: l.AloneSince, BackAt: l.BackAt, Leader: l.Leader, Term: l.Term, Leads: l.Leads}
}

// counted counts what is written.
type counted struct {
	net.Conn
	c *crowd
}

func (x *counted) Write(b []byte) (int, error) {
	n, err := x.Conn.Write(b)
	x.c.sent.Add(int64(n))
	return n, err
}

func (x *counted) Close() error {
	x.c.mu.Lock()
	delete(x.c.conns, x)
	x.c.mu.Unlock()
	return x.Conn.Close()
}

type countedListener struct {
	net.Listener
	c *crowd
}

func (l countedListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &counted{c, l.c}, nil
}

// awaited is an event that all nodes are to hold.
type awaited struct {
	origin desk.Origin
	seq    uint64
	from   time.Time
	took   []atomic.Int64 // nanoseconds of each node
	left   atomic.Int64
	done   chan struct{}
}

func (w *awaited) look(i int, db *store.DB) {
	if w == nil || w.took[i].Load() != 0 || db.Points()[w.origin].Seq < w.seq {
		return
	}
	if w.took[i].CompareAndSwap(0, int64(time.Since(w.from))) && w.left.Add(-1) == 0 {
		close(w.done)
	}
}

func must[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// gather makes n workstations that hold the same desk and begins nothing yet.
func gather(b *testing.B, n int) *crowd {
	b.Helper()
	c := &crowd{conns: map[*counted]struct{}{}, ports: map[string]int{}}
	ctx := b.Context()
	dir := b.TempDir()
	port := 15000 // below those that the system gives to connections
	for i := range n {
		db := must(store.Open(ctx, store.Options{Memory: &store.Memory{}}))(b)
		eng := must(rooms.Open(ctx, engine.Config{Log: db}))(b)
		x := &inCrowd{Engine: eng, db: db, dir: filepath.Join(dir, strconv.Itoa(i))}
		if err := os.MkdirAll(x.dir, 0o700); err != nil {
			b.Fatal(err)
		}
		c.nodes = append(c.nodes, x)
		for x.l == nil {
			port += 2
			if port > 32000 {
				b.Fatal("no ports are free")
			}
			x.l = listenPair(port)
		}
		c.ports[x.l.Addr().String()] = i
	}
	first := c.nodes[0]
	owner := first.Owner(ctx)
	_ = must(first.Do(owner, app.CreateDesk{Name: "Obra", Zone: "America/Lima", Password: "cobre y sal", AlwaysOpen: true}))(b)
	conf := must(stream.Found(first.db.Key().Public().(ed25519.PublicKey)))(b)
	prefixes := make([]string, n)
	for i, x := range c.nodes {
		pub := x.db.Key().Public().(ed25519.PublicKey)
		own := &x.own
		*own = *conf
		if i > 0 {
			own.Cert, own.Key = must(conf.Certify(pub, false))(b), nil
		}
		own.Listen = x.l.Addr().String()
		own.Address = own.Listen
		for _, y := range c.nodes {
			if y != x {
				own.Peers = append(own.Peers, y.l.Addr().String())
			}
		}
		if err := x.db.Certify(ctx, own.Cert, i == 0); err != nil {
			b.Fatal(err)
		}
		prefixes[i] = string(must(first.Do(owner, app.AddNode{Key: pub, Name: fmt.Sprint("puesto ", i), Coordinator: i == 0}))(b).Number)
	}
	c.agent = must(first.Do(owner, app.SaveAgent{Agent: desk.Agent{Name: "Rosa Mamani", Role: desk.AgentRole}}))(b).ID
	o := first.db.Origin()
	for i, x := range c.nodes {
		if i == 0 {
			x.me = x.As(ctx, c.agent)
			continue
		}
		to := &Replica{Log: x.db, Judge: x.Engine, Check: conf.Check}
		id, _ := first.db.Identity(o)
		if err := to.Introduce(ctx, []desk.Identity{id}); err != nil {
			b.Fatal(err)
		}
		runs := must(first.db.Pull(map[desk.Origin]uint64{o: 1}, 64<<20, false))(b)
		if got := must(to.Merge(ctx, runs))(b); uint64(got.Events) != first.db.Vector()[o] || got.Refused > 0 {
			b.Fatalf("%+v", got)
		}
		if err := nodes.Number(ctx, x.Engine, prefixes[i]); err != nil {
			b.Fatal(err)
		}
		x.me = x.As(ctx, c.agent)
	}
	return c
}

// listenPair listens at a port whose next one is free too.
func listenPair(port int) net.Listener {
	l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		return nil
	}
	m, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port+1)))
	if err != nil {
		_ = l.Close()
		return nil
	}
	_ = m.Close()
	return l
}

// start begins what the program begins.
func (c *crowd) start(b *testing.B, gossip bool) (stop func()) {
	b.Helper()
	run, cancel := context.WithCancel(context.Background())
	for i, x := range c.nodes {
		x.peers = listening(Config{Dir: x.dir, Key: x.db.Key(), Log: x.db, Engine: x.Engine, Nodes: x, Dial: c.dial(i), Version: "prueba",
			Logger: slog.New(slog.DiscardHandler)}, &x.own, countedListener{x.l, c})
		if gossip {
			if x.peers.startMesh(); x.peers.mesh == nil {
				b.Fatal("no gossip")
			}
		}
		x.SetPeers(seen{x.peers})
		for _, f := range []func(context.Context) error{x.Run, x.peers.Run} {
			x.ended.Go(func() {
				if err := f(run); err != nil {
					b.Error(err)
				}
			})
		}
		x.ended.Go(func() {
			for range x.Watch(run, app.Interest{}) {
				c.watch.Load().look(i, x.db)
			}
		})
	}
	stop = sync.OnceFunc(func() {
		cancel()
		var all sync.WaitGroup
		for _, x := range c.nodes {
			all.Go(func() {
				x.ended.Wait()
				if err := errors.Join(x.Close(), x.db.Close()); err != nil {
					b.Error(err)
				}
			})
		}
		all.Wait()
		<-time.After(2 * time.Second) // memberlist leaves some of its own running for a moment
	})
	b.Cleanup(stop)
	return stop
}

func (c *crowd) dial(from int) func(context.Context, string) (net.Conn, error) {
	d := net.Dialer{Timeout: 5 * time.Second}
	return func(ctx context.Context, address string) (net.Conn, error) {
		across := (from+c.ports[address])%2 == 1
		if across && c.cut.Load() {
			return nil, os.ErrDeadlineExceeded
		}
		conn, err := d.DialContext(ctx, "tcp", address)
		if err != nil {
			return nil, err
		}
		x := &counted{conn, c}
		if across {
			c.mu.Lock()
			c.conns[x] = struct{}{}
			c.mu.Unlock()
			if c.cut.Load() {
				return nil, errors.Join(os.ErrDeadlineExceeded, x.Close())
			}
		}
		return x, nil
	}
}

// whole tells whether all hold what any holds.
func (c *crowd) whole() bool {
	most := desk.Vector{}
	for _, x := range c.nodes {
		for o, at := range x.db.Points() {
			most[o] = max(most[o], at.Seq)
		}
	}
	return c.cover(most)
}

func (c *crowd) cover(want desk.Vector) bool {
	return !slices.ContainsFunc(c.nodes, func(x *inCrowd) bool {
		ps := x.db.Points()
		for o, n := range want {
			if ps[o].Seq < n {
				return true
			}
		}
		return false
	})
}

// within waits for something, looking every few milliseconds, and gives how long it took.
func within(limit, every time.Duration, is func() bool) (time.Duration, bool) {
	from := time.Now()
	for !is() {
		if time.Since(from) > limit {
			return limit, false
		}
		<-time.After(every)
	}
	return time.Since(from), true
}

// peerings is how many a node has on average; members, how many others the one
// that knows fewest sees alive.
func (c *crowd) peerings() (peerings float64, members int) {
	members = len(c.nodes)
	for _, x := range c.nodes {
		for _, p := range x.peers.hub.Peers() {
			peerings += float64(p.Peerings)
		}
		if x.peers.mesh == nil {
			continue
		}
		alive := 0
		for _, m := range x.peers.mesh.Members() {
			if m.Alive {
				alive++
			}
		}
		members = min(members, alive)
	}
	return peerings / float64(len(c.nodes)), members
}

// settle waits until all have told the desk of themselves and hold what the
// others told, and the gossip knows everybody; false when they do not in time.
func (c *crowd) settle(b *testing.B, gossip bool) bool {
	b.Helper()
	const limit = 3 * time.Minute // the goal is a third; a machine that has more to do takes longer
	took, ok := within(limit, 50*time.Millisecond, func() bool { return len(c.nodes[0].db.Vector()) >= len(c.nodes) && c.whole() })
	if !ok {
		low, high := len(c.nodes), 0
		for _, x := range c.nodes {
			low, high = min(low, len(x.db.Vector())), max(high, len(x.db.Vector()))
		}
		fmt.Printf("%d workstations do not come to rest in %v on this machine: they hold between %d and %d origins\n", len(c.nodes), limit, low, high)
		return false
	}
	b.ReportMetric(took.Seconds(), "start-to-whole-s")
	if gossip {
		_, ok = within(limit, 200*time.Millisecond, func() bool { _, m := c.peerings(); return m >= len(c.nodes)-1 })
		_, m := c.peerings()
		b.ReportMetric(float64(m), "members-known")
	}
	return ok
}
