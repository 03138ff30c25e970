// Package engine carries out commands and answers queries over the log, and knows
// no capability: transactions and their commits, sessions, what an event may, how
// what is stored follows from events, the search's feed, what falls due. What the
// desk can do comes as rooms (see Room): a table from the type of a command, query or
// entity to what handles it.
package engine

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"reflect"
	"sync"
	"sync/atomic"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/rights"
)

// Searcher is the full-text search that the engine feeds and asks. It may be
// behind by a second.
type Searcher interface {
	Put(ctx context.Context, docs []Doc) error
	Find(ctx context.Context, q app.Search) ([]app.Hit, error)
	// Mark is what SetMark last stored; "" when the index is new or was lost
	// and must be fed anew.
	Mark() (string, error)
	SetMark(string) error
}

// Doc is what is searched of one entity. Keys are matched whole and by their
// beginning: numbers, extensions, phones.
type Doc struct {
	ID    desk.ID
	Ref   string
	Kind  string // case, person, article
	Lang  string
	Title string
	Body  string
	Keys  []string
}

// Config is what an Engine is made of. Log and Table are required; nil Search finds
// nothing; nil Now is time.Now; nil Logger is silent.
type Config struct {
	Log    desk.Log
	Table  *Table // of the capabilities that it has
	Search Searcher
	Now    func() time.Time
	Files  Files
	Room   func() desk.Room // how much is free where the log is; nil = there is room
	Rand   io.Reader        // of ids; nil = crypto/rand
	Logger *slog.Logger

	// AtOnce is how many entities a transaction derives itself, of those that others
	// have written or that follow from what it writes; 0 = 64, -1 = none. With more of
	// them lists are right sooner and other commands wait longer.
	AtOnce int
}

// Engine is the Desk in process. Its methods are safe for use by several
// goroutines. Run it, and Close it when done.
type Engine struct {
	Log    desk.Log
	Search Searcher
	Now    func() time.Time
	Random io.Reader
	Files  Files
	Room   func() desk.Room
	Logger *slog.Logger
	owner  string // token of the owner's session
	table  *Table

	memo  sync.Map // what is computed of what is written: see Memo
	feed  feeder
	timed chan struct{} // a duty may fall due sooner than the timers think

	atOnce    int
	settling  sync.Mutex    // held by who derives
	dirtied   chan struct{} // something has become dirty
	sliceSize atomic.Int64  // how many entities the next slice is of

	stated sync.Mutex // guards states
	states map[reflect.Type]any

	Rights atomic.Pointer[rights.Authority] // of what is durable
	peers  atomic.Pointer[Peers]            // nil = no site
	wall   func() time.Time                 // the clock of this machine
	ahead  atomic.Int64                     // nanoseconds it is ahead of the desk's
	busy   sync.WaitGroup

	// On the log's writer.
	group *group       // of the commit that is being made; nil when nothing was carried out in it
	noted []desk.Event // the rulings that the first pass of a rebuild has seen

	mu       sync.Mutex // guards what follows
	sessions map[string]Session
	rev      uint64
	recent   []app.Change
	bell     chan struct{} // closed and renewed at each change
	closed   bool
	gazes    map[desk.ID]gaze // what agents look at
	stretch  desk.Stamp       // where that of the log begins whose clock offset is not published
}

// Open makes the engine over a log. Nothing runs until Run.
func Open(ctx context.Context, c Config) (*Engine, error) {
	if c.Log == nil || c.Table == nil {
		return nil, errors.New("open the engine: it needs a log and a table of capabilities")
	}
	e := &Engine{Search: c.Search, Random: c.Rand, Files: c.Files, Room: c.Room, Logger: c.Logger, owner: newToken(),
		sessions: map[string]Session{}, bell: make(chan struct{}), table: c.Table, states: map[reflect.Type]any{}}
	e.Log, e.dirtied = freshLog{c.Log, e}, make(chan struct{}, 1)
	e.sliceSize.Store(2 * leastSlice)
	if e.atOnce = c.AtOnce; c.AtOnce == 0 {
		e.atOnce = atOnce
	}
	e.feed.kinds = c.Table.docs
	if e.wall = c.Now; e.wall == nil {
		e.wall = time.Now
	}
	e.Now = func() time.Time { return e.wall().Add(-time.Duration(e.ahead.Load())) }
	if e.Room == nil {
		e.Room = func() desk.Room { return desk.Room{} }
	}
	if e.Random == nil {
		e.Random = rand.Reader
	}
	if e.Logger == nil {
		e.Logger = slog.New(slog.DiscardHandler)
	}
	e.sessions[e.owner] = Session{Role: desk.AdministratorRole, since: e.Now()}
	e.feed.wake = make(chan struct{}, 1)
	e.timed = make(chan struct{}, 1)
	e.stretch, e.feed.held = e.Log.Newest()+1, e.Log.Vector()
	return e, e.loadAuthority()
}

// Owner attaches the session of the owner of the data folder to a context: the
// process that opened the folder may do all that an administrator may.
func (e *Engine) Owner(ctx context.Context) context.Context { return app.WithSession(ctx, e.owner) }

// Run feeds the search and keeps the timers until ctx ends.
func (e *Engine) Run(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	var timers sync.WaitGroup
	var failed error
	timers.Go(func() {
		defer stop()
		failed = e.runTimers(ctx)
	})
	timers.Go(func() { e.runDeriver(ctx) })
	err := e.runFeed(ctx)
	stop()
	timers.Wait()
	return errors.Join(err, failed)
}

// Close refuses further commands and queries, ends all watches, and waits for
// what is being answered. It does not close the log.
func (e *Engine) Close() error {
	e.mu.Lock()
	if !e.closed {
		e.closed = true
		close(e.bell)
	}
	e.mu.Unlock()
	e.busy.Wait()
	return nil
}

// enter begins a command or query; false once the engine is closed. The caller
// must end it with e.busy.Done.
func (e *Engine) enter() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return false
	}
	e.busy.Add(1)
	return true
}

var errClosed = app.Fail(app.Unavailable, "the desk is closing on this workstation: try again in a moment")

// handler finds what answers a command or query, and whether who asks may.
func (e *Engine) handler(v any, signedIn bool) (Handler, error) {
	h, ok := e.table.handlers[reflect.TypeOf(v)]
	switch {
	case !ok:
		return h, app.Fail(app.Internal, "nothing on this workstation answers %s: its program is of another version", app.NameOf(v))
	case !signedIn && !h.public:
		return h, app.Fail(app.NotSignedIn, "nobody is signed in: sign in and try again")
	case h.rows:
		return h, nil
	}
	return h, fit(v)
}

// Do implements Desk.
func (e *Engine) Do(ctx context.Context, c app.Command) (app.Receipt, error) {
	if !e.enter() {
		return app.Receipt{}, errClosed
	}
	defer e.busy.Done()
	s, ok := e.session(ctx)
	h, err := e.handler(c, ok)
	if err != nil {
		return app.Receipt{}, err
	}
	if h.alone != nil {
		return h.alone(ctx, e, s, c)
	}
	return e.Update(ctx, s, func(o *Op) (app.Receipt, error) { return h.do(o, c) })
}

// Update runs one command in a transaction and tells watchers and search.
func (e *Engine) Update(ctx context.Context, s Session, f func(*Op) (app.Receipt, error)) (app.Receipt, error) {
	var r app.Receipt
	o, err := e.update(ctx, s, func(o *Op) (err error) {
		if r, err = f(o); err != nil {
			return err
		}
		return o.finish()
	})
	if err != nil {
		var known *app.Error
		if errors.As(err, &known) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
			return app.Receipt{}, err
		}
		if errors.Is(err, desk.ErrFull) {
			return app.Receipt{}, diskFull()
		}
		e.Logger.Error("commit failed", "err", err)
		return app.Receipt{}, fmt.Errorf("commit: %w", err)
	}
	r.At = o.Now
	if p := e.Peers(); p != nil && o.Last != nil {
		p.Wrote()
	}
	return r, nil
}

// update runs f in a transaction, and has memory follow it.
func (e *Engine) update(ctx context.Context, s Session, f func(*Op) error) (o *Op, err error) {
	err = e.Log.Update(ctx, func(tx desk.Tx) error {
		o = newOp(ctx, e, tx, s)
		if err := f(o); err != nil {
			return err
		}
		e.join(o)
		return nil
	})
	return o, err
}

func diskFull() error {
	return app.Fail(app.DiskFull, "the disk of this workstation is full: nothing was done and nothing is lost; free some space, and it goes on by itself")
}

// Ask implements Desk.
func (e *Engine) Ask(ctx context.Context, q app.Query) (app.Answer, error) {
	if !e.enter() {
		return nil, errClosed
	}
	defer e.busy.Done()
	s, ok := e.session(ctx)
	h, err := e.handler(q, ok)
	if err != nil {
		return nil, err
	}
	if h.beside != nil {
		return h.beside(ctx, e, s, q)
	}
	var a app.Answer
	err = e.Look(ctx, s, func(l *Look) (err error) {
		a, err = h.ask(l, q)
		return err
	})
	return a, err
}

// Look reads one snapshot of the desk.
func (e *Engine) Look(ctx context.Context, s Session, f func(*Look) error) error {
	return e.Log.Read(func(r desk.Reader) error {
		return f(&Look{Names: NewNames(e, r), Reader: r, Engine: e, Ctx: ctx, Session: s, Now: e.Now().UnixMilli()})
	})
}
