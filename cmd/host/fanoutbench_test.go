package host

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
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/dgraph-io/badger/v4"

	"punto/app"
	"punto/app/desk"
	"punto/store"
	"punto/sync/stream"
)

// crowd is many workstations of one site in one process, their stores in memory;
// everything else is what the program runs.
type crowd struct {
	nodes []*inCrowd
	admin desk.ID
	sent  atomic.Int64            // bytes that sessions wrote
	cut   atomic.Bool             // odd and even nodes do not reach each other
	conns map[*counted]struct{}   // dialled across the cut
	ports map[string]int          // address -> node
	mu    sync.Mutex              // guards conns
	watch atomic.Pointer[awaited] // what is timed
}

type inCrowd struct {
	*Host
	site *site
	l    net.Listener
	me   context.Context
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
	if w == nil || w.took[i].Load() != 0 || db.Vector()[w.origin] < w.seq {
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
		eng := must(app.Open(ctx, app.Config{Log: db}))(b)
		x := &inCrowd{Host: &Host{Engine: eng, db: db, dir: filepath.Join(dir, strconv.Itoa(i)), log: slog.New(slog.DiscardHandler)}}
		x.files = store.OpenFiles(x.dir, func() ([][32]byte, error) { return nil, nil })
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
		own := *conf
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
		x.site = &site{h: x.Host, log: x.log, o: Options{Version: "prueba"}, me: desk.NodeID(pub), news: make(chan struct{}, 1), hints: make(chan desk.Run, 1024), began: time.Now()}
		x.site.conf.Store(&own)
	}
	c.admin = adminOf(b, &seat{Host: first.Host})
	source := &Replica{DB: first.db, Engine: first.Engine}
	o := first.db.Origin()
	for i, x := range c.nodes {
		x.me = x.As(ctx, c.admin)
		if i == 0 {
			continue
		}
		to := &Replica{DB: x.db, Engine: x.Engine, Check: conf.Check}
		id, _ := first.db.Identity(o)
		if err := to.Introduce(ctx, id); err != nil {
			b.Fatal(err)
		}
		runs := must(source.Pull(map[desk.Origin]uint64{o: 1}, 64<<20, false))(b)
		if got := must(to.Merge(ctx, runs))(b); uint64(got.Events) != first.db.Vector()[o] || got.Refused > 0 {
			b.Fatalf("%+v", got)
		}
		if err := x.Number(ctx, prefixes[i]); err != nil {
			b.Fatal(err)
		}
		x.me = x.As(ctx, c.admin)
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

// start begins what startSite and OpenWith begin. The watch ends first: one that
// tells of the lead while the gossip ends would wait for ever.
func (c *crowd) start(b *testing.B, gossip bool) {
	b.Helper()
	run, cancel := context.WithCancel(context.Background())
	early, still := context.WithCancel(run)
	var watches sync.WaitGroup
	for i, x := range c.nodes {
		s := x.site
		r := &Replica{DB: x.db, Engine: x.Engine, Check: func(id *desk.Identity) error { return s.conf.Load().Check(id) }}
		s.hub = stream.NewHub(stream.Config{Site: s.conf.Load, SaveSite: s.save, Key: x.db.Key(), Log: r, Revoked: x.Engine.Shut, Version: "prueba",
			Logger: x.log, Changed: s.keys, Files: x.files, Dial: c.dial(i)})
		if gossip {
			if s.startMesh(s.conf.Load()); s.mesh == nil {
				b.Fatal("no gossip")
			}
		}
		x.SetPeers(s)
		x.cancel = cancel
		x.done.Go(func() { x.runErr = x.Run(run) })
		watches.Go(func() { s.watch(early) })
		x.done.Go(func() { s.spread(run) })
		x.done.Go(func() { s.take(run) })
		x.done.Go(func() { s.clocks(run) })
		x.done.Go(func() {
			if s.mesh != nil {
				_ = s.mesh.Run(run)
				_ = s.mesh.Close()
			}
		})
		x.done.Go(func() { x.netErr = s.hub.Run(run, countedListener{x.l, c}) })
		x.done.Go(func() {
			for range x.Watch(run, app.Interest{}) {
				c.watch.Load().look(i, x.db)
			}
		})
	}
	b.Cleanup(func() {
		still()
		watches.Wait()
		cancel()
		var all sync.WaitGroup
		for _, x := range c.nodes {
			all.Go(func() {
				if err := x.Close(); err != nil {
					b.Error(err)
				}
			})
		}
		all.Wait()
	})
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
	vs := make([]desk.Vector, len(c.nodes))
	for i, x := range c.nodes {
		vs[i] = x.db.Vector()
		for o, n := range vs[i] {
			most[o] = max(most[o], n)
		}
	}
	return c.cover(most)
}

func (c *crowd) cover(want desk.Vector) bool {
	return !slices.ContainsFunc(c.nodes, func(x *inCrowd) bool {
		v := x.db.Vector()
		for o, n := range want {
			if v[o] < n {
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

// sessions is how many a node has on average; members, how many others the one
// that knows fewest sees alive.
func (c *crowd) sessions() (sessions float64, members int) {
	members = len(c.nodes)
	for _, x := range c.nodes {
		for _, p := range x.site.hub.Peers() {
			sessions += float64(p.Sessions)
		}
		if x.site.mesh == nil {
			continue
		}
		alive := 0
		for _, m := range x.site.mesh.Members() {
			if m.Alive {
				alive++
			}
		}
		members = min(members, alive)
	}
	return sessions / float64(len(c.nodes)), members
}

// settle waits until all have told the desk of themselves and hold what the
// others told, and the gossip knows everybody.
func (c *crowd) settle(b *testing.B, gossip bool) {
	b.Helper()
	limit := 40 * time.Second
	took, ok := within(limit, 50*time.Millisecond, func() bool { return len(c.nodes[0].db.Vector()) >= len(c.nodes) && c.whole() })
	if !ok {
		low, high := len(c.nodes), 0
		for _, x := range c.nodes {
			low, high = min(low, len(x.db.Vector())), max(high, len(x.db.Vector()))
		}
		b.Logf("not everybody holds what all told after %v: between %d and %d of %d origins", limit, low, high, len(c.nodes))
	}
	b.ReportMetric(took.Seconds(), "start-to-whole-s")
	if gossip {
		took, _ = within(limit, 200*time.Millisecond, func() bool { _, m := c.sessions(); return m >= len(c.nodes)-1 })
		_, m := c.sessions()
		b.ReportMetric(float64(m), "members-known")
	}
}

// usage is the processor time of this process, 0 where the system does not say,
// and the bytes that the loop has carried for everybody.
func usage() (cpu time.Duration, loop int64) {
	s, _ := os.ReadFile("/proc/self/stat")
	_, rest, _ := strings.Cut(string(s), ") ")
	if f := strings.Fields(rest); len(f) > 12 {
		u, _ := strconv.ParseInt(f[11], 10, 64)
		k, _ := strconv.ParseInt(f[12], 10, 64)
		cpu = time.Duration(u+k) * 10 * time.Millisecond
	}
	s, _ = os.ReadFile("/proc/self/net/dev")
	_, rest, _ = strings.Cut(string(s), "lo:")
	if f := strings.Fields(rest); len(f) > 0 {
		loop, _ = strconv.ParseInt(f[0], 10, 64)
	}
	return cpu, loop
}

// idle reports what nodes with nothing to do send and burn. The bytes of sessions
// are those of TLS without TCP; those of the loop are all of the machine's, the
// gossip's among them.
func (c *crowd) idle(b *testing.B, d time.Duration) {
	b.Helper()
	cpu, loop := usage()
	sent, from := c.sent.Load(), time.Now()
	<-time.After(d)
	took := time.Since(from).Seconds()
	cpu2, loop2 := usage()
	n := float64(len(c.nodes)) * took
	b.ReportMetric(float64(c.sent.Load()-sent)/n, "idle-session-B/s/node")
	b.ReportMetric(float64(loop2-loop)/n, "idle-loop-B/s/node")
	b.ReportMetric(100*(cpu2-cpu).Seconds()/n, "idle-%core/node")
	s, _ := c.sessions()
	b.ReportMetric(s, "sessions/node")
}

// BenchmarkIdle is ten workstations with nothing to do.
func BenchmarkIdle(b *testing.B) {
	for range b.N {
		c := gather(b, 10)
		c.start(b, true)
		c.settle(b, true)
		<-time.After(3 * time.Second)
		c.idle(b, 20*time.Second)
	}
}

func BenchmarkFanOut50(b *testing.B)  { fanOut(b, 50) }
func BenchmarkFanOut200(b *testing.B) { fanOut(b, 200) }

// fanOut is the time until the last of n workstations holds an event that one
// wrote, all on this machine's cores; 50 events, written by one after another.
// Stores are in memory: no device is synced. Raw is as many durable writes of
// such a frame as there are nodes, one after another in one Badger.
func fanOut(b *testing.B, n int) {
	for range b.N {
		c := gather(b, n)
		c.start(b, true)
		c.settle(b, true)
		c.idle(b, 5*time.Second)
		var last, middle, own []time.Duration
		late, began := 0, time.Now()
		for i := 0; i < 50 && time.Since(began) < time.Minute; i++ { // a site that never rests is not waited for
			<-time.After(time.Duration(n) * 3 * time.Millisecond) // until it is quiet again
			x := c.nodes[(i*7+1)%n]
			w := &awaited{origin: x.db.Origin(), seq: x.db.Vector()[x.db.Origin()] + 1, took: make([]atomic.Int64, n), done: make(chan struct{})}
			w.left.Store(int64(n))
			w.from = time.Now()
			c.watch.Store(w)
			_ = must(x.Do(x.me, app.OpenCase{Opened: desk.Opened{Subject: fmt.Sprint("caso ", i)}}))(b)
			own = append(own, time.Since(w.from))
			select {
			case <-w.done:
			case <-time.After(10 * time.Second):
				late++
			}
			var took []time.Duration
			for k := range w.took {
				if d := time.Duration(w.took[k].Load()); d > 0 {
					took = append(took, d)
				} else {
					took = append(took, 10*time.Second)
				}
			}
			slices.Sort(took)
			last, middle = append(last, took[n-1]), append(middle, took[n/2])
		}
		c.watch.Store(nil)
		base := rawWrites(b, n, frames(b, c.nodes[0].db, nil)[0])
		slices.Sort(last)
		slices.Sort(middle)
		slices.Sort(own)
		ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
		b.ReportMetric(ms(last[len(last)/2]), "last-p50-ms")
		b.ReportMetric(ms(last[len(last)*99/100]), "last-p99-ms")
		b.ReportMetric(ms(middle[len(middle)/2]), "middle-node-p50-ms")
		b.ReportMetric(ms(own[len(own)/2]), "own-commit-p50-ms")
		b.ReportMetric(float64(late), "over-10s")
		b.ReportMetric(float64(len(last)), "writes")
		b.ReportMetric(ms(base), "raw-writes-ms")
		b.ReportMetric(float64(base)/float64(last[len(last)/2]), "x-raw")
	}
}

// rawWrites is the time of n durable writes of one frame, a transaction each.
func rawWrites(b *testing.B, n int, f []byte) time.Duration {
	b.Helper()
	db := must(badger.Open(rawOptions(b.TempDir())))(b)
	from := time.Now()
	for range n {
		if err := db.Update(func(txn *badger.Txn) error { return txn.Set(append([]byte{0x11}, f[:16]...), f) }); err != nil {
			b.Fatal(err)
		}
	}
	took := time.Since(from)
	if err := db.Close(); err != nil {
		b.Fatal(err)
	}
	return took
}

// BenchmarkHealing cuts 50 workstations into two halves that go on working, each
// with 20 events, and is the time from the end of the cut until all hold all. No
// gossip runs, so that sessions alone must find each other.
func BenchmarkHealing(b *testing.B) {
	const n, each = 50, 20
	for range b.N {
		c := gather(b, n)
		c.start(b, false)
		c.settle(b, false)
		before := c.nodes[0].db.Vector()
		c.cut.Store(true)
		c.mu.Lock()
		var across []*counted
		for x := range c.conns {
			across = append(across, x)
		}
		c.mu.Unlock()
		for _, x := range across {
			_ = x.Close()
		}
		var all sync.WaitGroup
		for _, x := range c.nodes {
			all.Go(func() {
				for i := range each {
					if _, err := x.Do(x.me, app.OpenCase{Opened: desk.Opened{Subject: fmt.Sprint("durante el corte ", i)}}); err != nil {
						b.Error(err)
					}
				}
			})
		}
		all.Wait()
		<-time.After(10 * time.Second) // each half becomes one
		want := desk.Vector{}
		lacking := 0
		for i, x := range c.nodes {
			o := x.db.Origin()
			want[o] = x.db.Vector()[o]
			if c.nodes[(i+1)%n].db.Vector()[o] < want[o] {
				lacking++
			}
		}
		if lacking != n {
			b.Fatalf("the cut leaks: only %d of %d are unknown on the other side", lacking, n)
		}
		from := time.Now()
		c.cut.Store(false)
		met, _ := within(time.Minute, time.Millisecond, func() bool { c.mu.Lock(); defer c.mu.Unlock(); return len(c.conns) > 0 })
		_, ok := within(2*time.Minute, 5*time.Millisecond, func() bool { return c.cover(want) })
		took := time.Since(from)
		if !ok {
			b.Error("not whole again within 2 minutes")
		}
		fs := frames(b, c.nodes[0].db, before)
		base := raw(b, b.TempDir(), fs)
		b.ReportMetric(float64(len(fs)), "events")
		b.ReportMetric(met.Seconds(), "first-session-s")
		b.ReportMetric(took.Seconds(), "all-hold-all-s")
		b.ReportMetric(base.Seconds()*n, "raw-50-stores-s")
		b.ReportMetric(base.Seconds()*n/took.Seconds(), "x-raw")
	}
}
