package local

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net"
	"sync"
	"time"

	"punto/app"
)

// Serve answers on l for a desk until ctx ends; then it closes l and every
// connection, waits for what is under way, and returns nil. Any other error is
// of the listener. Only the user who runs this process is let in.
func Serve(ctx context.Context, l net.Listener, d app.Desk) error {
	return (&Server{Desk: d}).Serve(ctx, l)
}

// Server is Serve with its choices.
type Server struct {
	Desk   app.Desk
	Logger *slog.Logger // nil is silent
	// Allow tells whether another user of this machine, by uid, may connect and
	// then sign in; nil lets nobody else in. Ignored where the system does not
	// tell the peer's user: there the socket's own mode keeps others out.
	Allow func(uid uint32) bool
}

// owner is a desk that can speak for the owner of its folder.
type owner interface {
	Owner(context.Context) context.Context
}

// feeding is a desk that can tell when its search has caught up.
type feeding interface {
	Fed(context.Context) error
}

// Serve is the function Serve.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	ctx, stop := context.WithCancel(ctx)
	var all sync.WaitGroup
	defer all.Wait()
	defer stop()
	defer context.AfterFunc(ctx, func() { _ = l.Close() })()
	places := make(chan struct{}, MaxConnections)
	for {
		c, err := l.Accept()
		if err != nil {
			_ = l.Close()
			if ctx.Err() != nil || errors.Is(err, net.ErrClosed) {
				return nil
			}
			return err
		}
		select {
		case places <- struct{}{}:
		default:
			s.log().Warn("connection refused: too many")
			_ = c.Close()
			continue
		}
		all.Go(func() {
			defer func() { <-places }()
			s.connection(ctx, c)
		})
	}
}

func (s *Server) log() *slog.Logger {
	if s.Logger == nil {
		return slog.New(slog.DiscardHandler)
	}
	return s.Logger
}

// session is one connection being served.
type session struct {
	s    *Server
	own  bool // the peer is the user who runs this process
	conn net.Conn

	writing sync.Mutex // held while a message is written

	mu    sync.Mutex // guards what follows
	calls map[uint64]*call
	work  int // calls that are no watches
	bytes int // of their requests
}

// call is one that is not answered yet.
type call struct {
	stop  context.CancelFunc
	watch bool
	bytes int
}

func (s *Server) connection(ctx context.Context, c net.Conn) {
	ctx, stop := context.WithCancel(ctx)
	var all sync.WaitGroup
	defer all.Wait()
	defer stop()
	defer func() { _ = c.Close() }()
	defer context.AfterFunc(ctx, func() { _ = c.Close() })()
	x := &session{s: s, conn: c, calls: map[uint64]*call{}}
	if !x.greet() {
		return
	}
	for {
		m, err := readMessage(c, MaxMessageBytes)
		if err != nil {
			if errors.Is(err, errTooLong) {
				x.fail(0, refuse(app.Invalid, "a message is longer than %d bytes: send fewer rows at once", MaxMessageBytes))
			}
			return
		}
		if m.Verb == cancel {
			x.cancel(m.ID)
			continue
		}
		call, err := x.begin(ctx, m)
		if err != nil {
			x.fail(m.ID, err)
			continue
		}
		all.Go(func() {
			defer x.end(m.ID)
			x.serve(call, m)
		})
	}
}

// greet checks who is there and which protocol is spoken.
func (x *session) greet() bool {
	uid, known, err := peer(x.conn)
	x.own = err == nil && (!known || uid == self())
	_ = x.conn.SetReadDeadline(time.Now().Add(helloTimeout))
	m, rerr := readMessage(x.conn, maxHelloBytes)
	if rerr != nil || m.Verb != hello {
		return false
	}
	allowed := x.own || err == nil && (uid == 0 || x.s.Allow != nil && x.s.Allow(uid))
	if !allowed {
		x.s.log().Warn("connection refused: another user", "uid", uid)
		x.fail(m.ID, refuse(app.NotAllowed, "this desk belongs to another user of this machine: work with a folder of your own"))
		return false
	}
	var v int
	if json.Unmarshal(m.Body, &v) != nil || v != version {
		x.fail(m.ID, refuse(app.Unavailable, "the program that holds the desk speaks protocol %d: update both programs to one version", version))
		return false
	}
	_ = x.conn.SetReadDeadline(time.Time{})
	return x.send(message{ID: m.ID, Verb: answer, Body: m.Body}) == nil
}

// begin takes a call on, or tells why it is one too many.
func (x *session) begin(ctx context.Context, m message) (context.Context, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	c := &call{watch: m.Verb == watch}
	if !c.watch {
		c.bytes = len(m.Body)
	}
	_, twice := x.calls[m.ID]
	switch {
	case twice:
		return nil, refuse(app.Invalid, "the call %d is not answered yet: number calls apart", m.ID)
	case len(x.calls) >= maxCalls, !c.watch && x.work >= MaxWork, x.work > 0 && x.bytes+c.bytes > MaxMessageBytes:
		e := app.Error{Code: app.Busy, Form: "too much was asked at once on one connection: wait for answers and try again", After: 1}
		e.Msg = e.Form
		return nil, &e
	}
	if !c.watch {
		x.work++
		x.bytes += c.bytes
	}
	ctx, c.stop = context.WithCancel(ctx)
	x.calls[m.ID] = c
	return ctx, nil
}

// cancel stops a call; it counts until it has ended.
func (x *session) cancel(id uint64) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if c := x.calls[id]; c != nil {
		c.stop()
	}
}

func (x *session) end(id uint64) {
	x.mu.Lock()
	defer x.mu.Unlock()
	c := x.calls[id]
	c.stop()
	delete(x.calls, id)
	if !c.watch {
		x.work--
		x.bytes -= c.bytes
	}
}

// send writes one message; a peer that takes nothing for writeTimeout is let go.
func (x *session) send(m message) error {
	x.writing.Lock()
	defer x.writing.Unlock()
	_ = x.conn.SetWriteDeadline(time.Now().Add(writeTimeout))
	err := writeMessage(x.conn, m)
	if err != nil && !errors.Is(err, errTooLong) {
		_ = x.conn.Close()
	}
	return err
}

func (x *session) fail(id uint64, err error) { _ = x.send(failure(id, err)) }

// reply sends a value, or the failure.
func (x *session) reply(id uint64, v any, err error) {
	var b []byte
	if err == nil {
		b, err = encode(v)
	}
	if err == nil {
		err = x.send(message{ID: id, Verb: answer, Body: b})
		if errors.Is(err, errTooLong) {
			err = refuse(app.Invalid, "the answer is longer than %d bytes: ask for fewer rows", MaxMessageBytes)
		}
	}
	if err != nil {
		x.fail(id, err)
	}
}

func (x *session) serve(ctx context.Context, m message) {
	ctx = app.WithSession(ctx, m.Session)
	if m.Owner {
		o, can := x.s.Desk.(owner)
		if !can || !x.own {
			x.fail(m.ID, refuse(app.NotAllowed, "only the owner of the desk's folder works without signing in: sign in"))
			return
		}
		ctx = o.Owner(ctx)
	}
	switch m.Verb {
	case do:
		r, err := x.do(ctx, m)
		x.reply(m.ID, r, err)
	case ask:
		a, err := x.ask(ctx, m)
		x.reply(m.ID, a, err)
	case fed:
		var err error
		if f, ok := x.s.Desk.(feeding); ok {
			err = f.Fed(ctx)
		}
		x.reply(m.ID, true, err)
	case watch:
		x.watch(ctx, m)
	default:
		x.fail(m.ID, refuse(app.Invalid, "the verb %q is not known: update both programs to one version", m.Verb))
	}
}

func (x *session) do(ctx context.Context, m message) (app.Receipt, error) {
	p, ok := app.NewCommand(m.Name)
	if !ok {
		return app.Receipt{}, refuse(app.Invalid, "there is no command %q: update both programs to one version", m.Name)
	}
	if err := decode(m.Body, p); err != nil {
		return app.Receipt{}, err
	}
	return x.s.Desk.Do(ctx, app.AsCommand(p))
}

func (x *session) ask(ctx context.Context, m message) (app.Answer, error) {
	p, ok := app.NewQuery(m.Name)
	if !ok {
		return nil, refuse(app.Invalid, "there is no query %q: update both programs to one version", m.Name)
	}
	if err := decode(m.Body, p); err != nil {
		return nil, err
	}
	return x.s.Desk.Ask(ctx, app.AsQuery(p))
}

func decode(b []byte, p any) error {
	if err := json.Unmarshal(b, p); err != nil {
		return refuse(app.Invalid, "%s does not have the form of its fields: %v", app.NameOf(p), err)
	}
	return nil
}

// watch sends changes until the call is cancelled or the desk closes. While a
// message is being written the engine skips for us.
func (x *session) watch(ctx context.Context, m message) {
	var of app.Interest
	if err := decode(m.Body, &of); err != nil {
		x.fail(m.ID, err)
		return
	}
	for c := range x.s.Desk.Watch(ctx, of) {
		b, err := json.Marshal(c)
		if err == nil {
			err = x.send(message{ID: m.ID, Verb: change, Body: b})
		}
		if err != nil {
			break
		}
	}
	_ = x.send(message{ID: m.ID, Verb: end})
}
