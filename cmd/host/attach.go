package host

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"net"
	"sync"
	"time"

	"punto/app"
	"punto/app/local"
	"punto/store"
	"punto/sync/site"
	"punto/sync/stream"
)

// Access is the way to the desk of a folder, whoever hosts it: this
// process, or another that is reached over the local socket. When that other one
// ends, the next call attaches to whoever came after it, or hosts the folder here;
// sessions ended with it, so that people sign in again. Close ends it.
type Access struct {
	dir string
	log *slog.Logger
	o   Options
	end func() // ends the watch for a service; nil when there is none

	mu     sync.Mutex // guards what follows
	client *local.Client
	host   *Host
	stop   func() // ends the serving of the socket; nil when nothing is served
	closed bool
}

var _ app.Desk = (*Access)(nil)

// patience is how long a folder may be held by a process that does not answer
// yet, because it is opening it, or any more, because it is closing it.
const (
	patience = 5 * time.Second
	pace     = 50 * time.Millisecond
)

// Attach reaches the process that hosts the folder; when nobody answers and the
// folder is free it opens it, making it when it is missing, and serves the
// socket. ctx ends the attempt, not the desk. A nil log is silent. The error is
// store.ErrLocked when a process holds the folder and does not answer.
func Attach(ctx context.Context, dir string, log *slog.Logger) (*Access, error) {
	return AttachWith(ctx, dir, log, Options{})
}

// ErrServiceDown: the folder belongs to the background service and it does not
// answer. The folder is never opened behind its back.
var ErrServiceDown = errors.New("the Punto service does not answer on this workstation: start it with puntod start; what was typed is kept and tried again")

// AttachWith is Attach with the choices of a host. It keeps trying where a service
// is installed that is down: the desk then answers app.Unavailable until it is up.
func AttachWith(ctx context.Context, dir string, log *slog.Logger, o Options) (*Access, error) {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	a := &Access{dir: dir, log: log, o: o}
	if err := a.attach(ctx); err != nil && (!o.Network || !errors.Is(err, ErrServiceDown)) {
		return nil, err
	}
	if o.Network {
		a.handOver()
	}
	return a, nil
}

// handOver watches whether IT installs the service while this program holds the
// folder, and then lets go of it.
func (a *Access) handOver() {
	ctx, stop := context.WithCancel(context.Background())
	var watching sync.WaitGroup
	watching.Go(func() {
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
			case <-ctx.Done():
				return
			}
			if _, serves := local.Serves(a.dir); serves {
				a.yield()
			}
		}
	})
	a.end = func() {
		stop()
		watching.Wait()
	}
}

// yield closes the folder; the next call attaches to the service.
func (a *Access) yield() {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.closed || a.host == nil {
		return
	}
	a.log.Info("a service was installed for this desk: the folder is handed over")
	a.stop()
	if err := a.host.Close(); err != nil {
		a.log.Error("the folder was not closed well", "err", err)
	}
	a.host, a.stop = nil, nil
}

// attach finds a client or a host. Call it with mu held, or alone.
func (a *Access) attach(ctx context.Context) error {
	retry := time.NewTicker(pace)
	defer retry.Stop()
	for end := time.Now().Add(patience); ; {
		c, err := local.Dial(ctx, a.dir)
		if err == nil {
			a.client = c
			return nil
		}
		if !errors.Is(err, local.ErrNobody) {
			return fmt.Errorf("reach the desk in %s: %w", a.dir, err)
		}
		if _, serves := local.Serves(a.dir); serves {
			return ErrServiceDown
		}
		h, err := OpenWith(ctx, a.dir, a.log, a.o)
		if err == nil {
			a.host, a.stop = h, a.serve(h)
			return nil
		}
		if !errors.Is(err, store.ErrLocked) || time.Now().After(end) {
			return err
		}
		select {
		case <-retry.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// serve lets other programs of this user attach. A folder on a disk that cannot
// hold a socket works for one program at a time.
func (a *Access) serve(h *Host) (stop func()) {
	l, err := local.Listen(a.dir)
	if err != nil {
		a.log.Warn("no other program can attach to this desk", "err", err)
		return func() {}
	}
	ctx, cancel := context.WithCancel(context.Background())
	var serving sync.WaitGroup
	serving.Go(func() {
		if err := (&local.Server{Desk: h, Logger: a.log}).Serve(ctx, l); err != nil {
			a.log.Error("the local socket has ended: restart the program", "err", err)
		}
	})
	return func() {
		cancel()
		serving.Wait()
	}
}

// Join makes the empty folder that this program holds a workstation of the site of
// the coordinator at an address, and opens it again with the desk in it.
func (a *Access) Join(ctx context.Context, code, address string, progress func(done, all uint64)) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.host == nil {
		return &app.Error{Code: app.Conflict, Msg: errNotHere, Form: errNotHere}
	}
	a.stop()
	if err := a.host.Close(); err != nil {
		return err
	}
	a.host, a.stop = nil, nil
	err := Join(ctx, Joining{Dir: a.dir, Code: code, Address: address, Listen: fmt.Sprintf(":%d", site.Port), Progress: progress, Logger: a.log})
	open := a.attach(context.WithoutCancel(ctx))
	return joinError(errors.Join(err, open))
}

const errNotHere = "the service of this machine holds the folder: IT joins it with puntod join"

// joinError gives the failures that a person can act on their codes.
func joinError(err error) error {
	for _, x := range []error{stream.ErrCodeForm, stream.ErrCodeWrong, stream.ErrCodeExpired, stream.ErrCodeUsed, stream.ErrCodeLocked, stream.ErrCodeSlow, stream.ErrImpostor} {
		if errors.Is(err, x) {
			return &app.Error{Code: app.Conflict, Msg: x.Error(), Form: x.Error()}
		}
	}
	if n := (*net.OpError)(nil); errors.As(err, &n) {
		return &app.Error{Code: app.Unavailable, Msg: err.Error()}
	}
	return err
}

// Hosted tells whether this process holds the folder.
func (a *Access) Hosted() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.host != nil
}

// Close ends the connection, or stops serving and closes the folder. Calls must
// have ended.
func (a *Access) Close() error {
	if a.end != nil {
		a.end()
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.closed {
		return nil
	}
	a.closed = true
	switch {
	case a.client != nil:
		return a.client.Close()
	case a.host != nil:
		a.stop()
		return a.host.Close()
	}
	return nil
}

// door is what both forms of a desk can do.
type door interface {
	app.Desk
	Owner(context.Context) context.Context
	Fed(context.Context) error
}

// now is the desk to ask at this moment, with the context to ask it in.
func (a *Access) now(ctx context.Context) (context.Context, door, error) {
	if err := ctx.Err(); err != nil {
		return ctx, nil, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.closed {
		return ctx, nil, &app.Error{Code: app.Unavailable, Msg: "the desk was closed in this program"}
	}
	if a.client != nil && a.client.Lost() {
		a.log.Info("the program that held the desk has ended")
		_ = a.client.Close()
		a.client = nil
	}
	if a.client == nil && a.host == nil {
		if err := a.attach(ctx); err != nil {
			if errors.Is(err, ErrServiceDown) {
				return ctx, nil, &app.Error{Code: app.Unavailable, Msg: ErrServiceDown.Error(), Form: ErrServiceDown.Error()}
			}
			return ctx, nil, &app.Error{Code: app.Unavailable, Msg: fmt.Sprintf("the program that held the desk has ended and it cannot be opened here: %v", err)}
		}
	}
	var x door = a.client
	if a.host != nil {
		x = a.host
	}
	if own, _ := ctx.Value(ownerKey{}).(bool); own {
		ctx = x.Owner(ctx)
	}
	return ctx, x, nil
}

type ownerKey struct{}

// Owner attaches the session of the owner of the folder to a context: it may do
// all that an administrator may. That is safe because only a user who can read
// and replace the desk's files gets it: in process whoever opened the folder,
// over the socket the user who runs the host and nobody else.
func (a *Access) Owner(ctx context.Context) context.Context {
	return context.WithValue(ctx, ownerKey{}, true)
}

// on makes one call. One that reached nobody was not sent: whoever holds the
// folder then gets it.
func (a *Access) on(ctx context.Context, call func(context.Context, door) error) error {
	for again := true; ; again = false {
		in, x, err := a.now(ctx)
		if err == nil {
			err = call(in, x)
		}
		if !again || !errors.Is(err, local.ErrNobody) {
			return err
		}
	}
}

// Do implements app.Desk.
func (a *Access) Do(ctx context.Context, c app.Command) (r app.Receipt, err error) {
	err = a.on(ctx, func(ctx context.Context, x door) (err error) { r, err = x.Do(ctx, c); return err })
	return r, err
}

// Ask implements app.Desk.
func (a *Access) Ask(ctx context.Context, q app.Query) (is app.Answer, err error) {
	err = a.on(ctx, func(ctx context.Context, x door) (err error) { is, err = x.Ask(ctx, q); return err })
	return is, err
}

// Fed waits until the search holds all that was written before the call.
func (a *Access) Fed(ctx context.Context) error {
	return a.on(ctx, func(ctx context.Context, x door) error { return x.Fed(ctx) })
}

// Watch implements app.Desk. It outlives the host: whoever comes after it
// begins with a snapshot mark of its own.
func (a *Access) Watch(ctx context.Context, of app.Interest) iter.Seq[app.Change] {
	return func(yield func(app.Change) bool) {
		for {
			in, x, err := a.now(ctx)
			if err != nil {
				return
			}
			for c := range x.Watch(in, of) {
				if !yield(c) {
					return
				}
			}
			if ctx.Err() != nil {
				return
			}
			if client, remote := x.(*local.Client); remote && !client.Lost() || !remote && a.Hosted() {
				return
			}
		}
	}
}
