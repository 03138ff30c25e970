package local

import (
	"context"
	"io"
	"log/slog"
	"net"
	"sync"
	"time"
)

// caller is one connection and who is at its other end.
type caller struct {
	net.Conn
	own   bool        // the user who runs this process
	may   func() bool // whether it is let in: asked at the first request, kept for the others
	takes *account    // shared by the connections of one user
	leave func()      // gives its place back, once

	heard bool // something was read; belongs to the reading goroutine
}

// Read tells a program of an older build what to do, by its first byte.
func (c *caller) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if n > 0 && !c.heard {
		c.heard = true
		if b[0] == 0 { // no request of HTTP begins so
			tellOlder(c.Conn)
			return 0, io.EOF
		}
	}
	return n, err
}

// Close ends the connection and gives its place to another.
func (c *caller) Close() error {
	c.leave()
	return c.Conn.Close()
}

type callerKey struct{}

func callerOf(ctx context.Context) *caller { c, _ := ctx.Value(callerKey{}).(*caller); return c }

// gate is a listener that notes who comes, and closes the door on who has come
// too often.
type gate struct {
	net.Listener
	allow func(uid uint32) bool
	log   *slog.Logger
	users accounts
}

// Accept gives the next *caller.
func (g *gate) Accept() (net.Conn, error) {
	for {
		c, err := g.Listener.Accept()
		if err != nil {
			return nil, err
		}
		uid, known, err := peer(c, g.allow != nil)
		x := &caller{Conn: c, own: err == nil && (!known || uid == self()), takes: g.users.of(uid)}
		x.may = sync.OnceValue(func() bool {
			in := x.own || err == nil && (uid == 0 || g.allow != nil && x.takes.let(func() bool { return g.allow(uid) }))
			if !in {
				g.log.Warn("connection refused: another user", "uid", uid, "err", err)
			}
			return in
		})
		if !x.takes.enter() {
			g.log.Warn("connection refused: too many of one user", "uid", uid)
			_ = c.Close()
			continue
		}
		x.leave = sync.OnceFunc(x.takes.leave)
		return x, nil
	}
}

// accounts are what the users of this machine take of the host, by uid.
type accounts struct {
	mu  sync.Mutex // guards what follows
	all map[uint32]*account
}

func (a *accounts) of(uid uint32) *account {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.all == nil {
		a.all = map[uint32]*account{}
	}
	if a.all[uid] == nil {
		a.all[uid] = &account{}
	}
	return a.all[uid]
}

// account is what one user takes at this moment.
type account struct {
	asking sync.Mutex // held while the system is asked; guards what follows
	in     bool
	until  time.Time

	mu    sync.Mutex // guards what follows
	conns int
	work  int // requests in hand
	bytes int // of them
}

// letFor is how long an answer about a user holds: programs connect often, and
// the list of users may be far away.
const letFor = time.Minute

// let asks whether the user is let in, unless it was asked a moment ago.
func (a *account) let(ask func() bool) bool {
	a.asking.Lock()
	defer a.asking.Unlock()
	if time.Now().After(a.until) {
		a.in, a.until = ask(), time.Now().Add(letFor)
	}
	return a.in
}

// enter counts one more connection; false when it is one too many.
func (a *account) enter() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.conns >= MaxConnections {
		return false
	}
	a.conns++
	return true
}

func (a *account) leave() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.conns--
}

// begin takes one more request in hand; false when it is one too many. end gives
// it back, with the bytes that were taken for it.
func (a *account) begin() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.work >= MaxWork {
		return false
	}
	a.work++
	return true
}

func (a *account) end(bytes int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.work--
	a.bytes -= bytes
}

// take makes room for n bytes of a request.
func (a *account) take(n int) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.bytes+n > MaxMessageBytes {
		return false
	}
	a.bytes += n
	return true
}

// metered is the body of a request: it takes room for each byte that comes, not
// for what the request claims to be.
type metered struct {
	io.Reader
	of    *account
	taken int
}

func (m *metered) Read(b []byte) (int, error) {
	n, err := m.Reader.Read(b)
	if n > 0 && !m.of.take(n) {
		return 0, busy()
	}
	m.taken += n
	return n, err
}
