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

// Desk is the desk of a folder, whoever hosts it: this process, or another that
// is reached over the local socket. When that other one ends, the next call
// attaches to whoever came after it, or hosts the folder here; sessions ended
// with it, so that people sign in again. Close ends it.
type Desk struct {
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

var _ app.Desk = (*Desk)(nil)

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
func Attach(ctx context.Context, dir string, log *slog.Logger) (*Desk, error) {
	return AttachWith(ctx, dir, log, Options{})
}

// ErrServiceDown: the folder belongs to the background service and it does not
// answer. The folder is never opened behind its back.
var ErrServiceDown = errors.New("the Punto service does not answer on this workstation: start it with puntod start; what was typed is kept and tried again")

// AttachWith is Attach with the choices of a host. It keeps trying where a service
// is installed that is down: the desk then answers app.Unavailable until it is up.
func AttachWith(ctx context.Context, dir string, log *slog.Logger, o Options) (*Desk, error) {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	d := &Desk{dir: dir, log: log, o: o}
	if err := d.attach(ctx); err != nil && (!o.Network || !errors.Is(err, ErrServiceDown)) {
		return nil, err
	}
	if o.Network {
		d.handOver()
	}
	return d, nil
}

// handOver watches whether IT installs the service while this program holds the
// folder, and then lets go of it.
func (d *Desk) handOver() {
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
			if _, serves := local.Serves(d.dir); serves {
				d.yield()
			}
		}
	})
	d.end = func() {
		stop()
		watching.Wait()
	}
}

// yield closes the folder; the next call attaches to the service.
func (d *Desk) yield() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed || d.host == nil {
		return
	}
	d.log.Info("a service was installed for this desk: the folder is handed over")
	d.stop()
	if err := d.host.Close(); err != nil {
		d.log.Error("the folder was not closed well", "err", err)
	}
	d.host, d.stop = nil, nil
}

// attach finds a client or a host. Call it with mu held, or alone.
func (d *Desk) attach(ctx context.Context) error {
	retry := time.NewTicker(pace)
	defer retry.Stop()
	for end := time.Now().Add(patience); ; {
		c, err := local.Dial(ctx, d.dir)
		if err == nil {
			d.client = c
			return nil
		}
		if !errors.Is(err, local.ErrNobody) {
			return fmt.Errorf("reach the desk in %s: %w", d.dir, err)
		}
		if _, serves := local.Serves(d.dir); serves {
			return ErrServiceDown
		}
		h, err := OpenWith(ctx, d.dir, d.log, d.o)
		if err == nil {
			d.host, d.stop = h, d.serve(h)
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
func (d *Desk) serve(h *Host) (stop func()) {
	l, err := local.Listen(d.dir)
	if err != nil {
		d.log.Warn("no other program can attach to this desk", "err", err)
		return func() {}
	}
	ctx, cancel := context.WithCancel(context.Background())
	var serving sync.WaitGroup
	serving.Go(func() {
		if err := (&local.Server{Desk: h, Logger: d.log}).Serve(ctx, l); err != nil {
			d.log.Error("the local socket has ended: restart the program", "err", err)
		}
	})
	return func() {
		cancel()
		serving.Wait()
	}
}

// Join makes the empty folder that this program holds a workstation of the site of
// the coordinator at an address, and opens it again with the desk in it.
func (d *Desk) Join(ctx context.Context, code, address string, progress func(done, all uint64)) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.host == nil {
		return &app.Error{Code: app.Conflict, Msg: errNotHere, Form: errNotHere}
	}
	d.stop()
	if err := d.host.Close(); err != nil {
		return err
	}
	d.host, d.stop = nil, nil
	err := Join(ctx, Joining{Dir: d.dir, Code: code, Address: address, Listen: fmt.Sprintf(":%d", site.Port), Progress: progress, Logger: d.log})
	open := d.attach(context.WithoutCancel(ctx))
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
func (d *Desk) Hosted() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.host != nil
}

// Close ends the connection, or stops serving and closes the folder. Calls must
// have ended.
func (d *Desk) Close() error {
	if d.end != nil {
		d.end()
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return nil
	}
	d.closed = true
	switch {
	case d.client != nil:
		return d.client.Close()
	case d.host != nil:
		d.stop()
		return d.host.Close()
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
func (d *Desk) now(ctx context.Context) (context.Context, door, error) {
	if err := ctx.Err(); err != nil {
		return ctx, nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return ctx, nil, &app.Error{Code: app.Unavailable, Msg: "the desk was closed in this program"}
	}
	if d.client != nil && d.client.Lost() {
		d.log.Info("the program that held the desk has ended")
		_ = d.client.Close()
		d.client = nil
	}
	if d.client == nil && d.host == nil {
		if err := d.attach(ctx); err != nil {
			if errors.Is(err, ErrServiceDown) {
				return ctx, nil, &app.Error{Code: app.Unavailable, Msg: ErrServiceDown.Error(), Form: ErrServiceDown.Error()}
			}
			return ctx, nil, &app.Error{Code: app.Unavailable, Msg: fmt.Sprintf("the program that held the desk has ended and it cannot be opened here: %v", err)}
		}
	}
	var x door = d.client
	if d.host != nil {
		x = d.host
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
func (d *Desk) Owner(ctx context.Context) context.Context {
	return context.WithValue(ctx, ownerKey{}, true)
}

// Do implements app.Desk.
func (d *Desk) Do(ctx context.Context, c app.Command) (app.Receipt, error) {
	ctx, x, err := d.now(ctx)
	if err != nil {
		return app.Receipt{}, err
	}
	return x.Do(ctx, c)
}

// Ask implements app.Desk.
func (d *Desk) Ask(ctx context.Context, q app.Query) (app.Answer, error) {
	ctx, x, err := d.now(ctx)
	if err != nil {
		return nil, err
	}
	return x.Ask(ctx, q)
}

// Fed waits until the search holds all that was written before the call.
func (d *Desk) Fed(ctx context.Context) error {
	ctx, x, err := d.now(ctx)
	if err != nil {
		return err
	}
	return x.Fed(ctx)
}

// Watch implements app.Desk. It outlives the host: whoever comes after it
// begins with a snapshot mark of its own.
func (d *Desk) Watch(ctx context.Context, of app.Interest) iter.Seq[app.Change] {
	return func(yield func(app.Change) bool) {
		for {
			in, x, err := d.now(ctx)
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
			if client, remote := x.(*local.Client); remote && !client.Lost() || !remote && d.Hosted() {
				return
			}
		}
	}
}
