package local

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
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

	waits waits // zero = usual
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
	log := s.Logger
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	w := s.waits
	if w == (waits{}) {
		w = usual
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	defer context.AfterFunc(ctx, func() { _ = l.Close() })()
	open := &connections{of: map[net.Conn]http.ConnState{}}
	h := &http.Server{
		Handler:                      crashing{routes{s.Desk, w}},
		BaseContext:                  func(net.Listener) context.Context { return ctx },
		ConnContext:                  func(ctx context.Context, c net.Conn) context.Context { return context.WithValue(ctx, callerKey{}, c) },
		ConnState:                    open.note,
		ReadHeaderTimeout:            w.header,
		WriteTimeout:                 w.write, // of what is answered before a handler; those set their own
		IdleTimeout:                  w.idle,
		MaxHeaderBytes:               maxHeaderBytes,
		Protocols:                    onlyHTTP1(),
		DisableGeneralOptionsHandler: true,
		ErrorLog:                     slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
	err := h.Serve(&gate{Listener: l, allow: s.Allow, log: log})
	_ = l.Close()
	if ctx.Err() != nil || errors.Is(err, net.ErrClosed) {
		err = nil
	}
	stop()
	open.end(h, w.end)
	return err
}

func onlyHTTP1() *http.Protocols {
	p := &http.Protocols{}
	p.SetHTTP1(true)
	return p
}

// connections are those of a server that are open, with their states.
type connections struct {
	all sync.WaitGroup

	mu sync.Mutex // guards what follows
	of map[net.Conn]http.ConnState
}

// note is to be told of every state of every connection.
func (o *connections) note(c net.Conn, s http.ConnState) {
	o.mu.Lock()
	defer o.mu.Unlock()
	switch s {
	case http.StateNew:
		o.all.Add(1)
		o.of[c] = s
	case http.StateClosed:
		o.all.Done()
		delete(o.of, c)
	default:
		o.of[c] = s
	}
}

// end closes the connections, those that are about to be answered patience later,
// and waits for them. The listener must be closed.
func (o *connections) end(h *http.Server, patience time.Duration) {
	h.SetKeepAlivesEnabled(false) // ends the idle ones, and the others after their answers
	o.mu.Lock()
	for c, s := range o.of {
		if s == http.StateNew { // nothing was asked yet
			_ = c.Close()
		}
	}
	o.mu.Unlock()
	gone := make(chan struct{})
	go func() {
		o.all.Wait()
		close(gone)
	}()
	select {
	case <-gone:
	case <-time.After(patience):
	}
	_ = h.Close()
	<-gone
}

// crashing lets a mistake of the desk end the process, as it does where no socket
// is between: net/http would go on, with the locks held that were held.
type crashing struct{ http.Handler }

func (c crashing) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	defer func() {
		if p := recover(); p != nil {
			told := fmt.Sprintf("%v\n\n%s", p, debug.Stack())
			go func() { panic(told) }()
			select {}
		}
	}()
	c.Handler.ServeHTTP(w, r)
}
