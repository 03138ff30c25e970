package app

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"punto/app/authority"
	"punto/app/desk"
	"punto/app/sla"
)

// Searcher is the full-text search that the engine feeds and asks. It may be
// behind by a second.
type Searcher interface {
	Put(ctx context.Context, docs []Doc) error
	Find(ctx context.Context, q Search) ([]Hit, error)
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

// Config is what an Engine is made of. Log is required; nil Search finds
// nothing; nil Now is time.Now; nil Logger is silent.
type Config struct {
	Log    desk.Log
	Search Searcher
	Now    func() time.Time
	Files  Files
	Room   func() desk.Room // how much is free where the log is; nil = there is room
	Rand   io.Reader        // of ids; nil = crypto/rand
	Logger *slog.Logger
}

// Engine is the Desk in process. Its methods are safe for use by several
// goroutines. Run it, and Close it when done.
type Engine struct {
	log    desk.Log
	search Searcher
	now    func() time.Time
	random io.Reader
	files  Files
	room   func() desk.Room
	logger *slog.Logger
	owner  string // token of the owner's session

	hours  sync.Map // a calendar as it is written -> *sla.Hours
	model  atomic.Pointer[decodedModel]
	feed   feeder
	alarms alarms
	timed  chan struct{} // a case may wake sooner than the timers think
	start  sync.Mutex    // guards the making of the desk
	guard  *guard

	auth   atomic.Pointer[authority.Authority] // of what is durable
	peers  atomic.Pointer[Peers]               // nil = no site
	keeper atomic.Pointer[Keeper]              // nil = no backups
	wall   func() time.Time                    // the clock of this machine
	ahead  atomic.Int64                        // nanoseconds it is ahead of the desk's
	spoilt spoils
	busy   sync.WaitGroup

	// On the log's writer.
	group    *group       // of the commit that is being made; nil when nothing was carried out in it
	noted    []desk.Event // the rulings that the first pass of a rebuild has seen; nil after it
	deriving *op          // of a rebuild

	mu       sync.Mutex // guards what follows
	sessions map[string]session
	rev      uint64
	recent   []Change
	bell     chan struct{} // closed and renewed at each change
	closed   bool
	met      map[desk.ID]bool // cases that others changed during the isolation since metSince
	metSince int64
	stretch  desk.Stamp // where that of the log begins whose clock offset is not published
}

// Open makes the engine over a log. Nothing runs until Run.
func Open(ctx context.Context, c Config) (*Engine, error) {
	if c.Log == nil {
		return nil, errors.New("open the engine: it needs a log")
	}
	e := &Engine{log: c.Log, search: c.Search, random: c.Rand, files: c.Files, room: c.Room, logger: c.Logger, owner: newToken(),
		sessions: map[string]session{}, guard: newGuard(), bell: make(chan struct{})}
	if e.wall = c.Now; e.wall == nil {
		e.wall = time.Now
	}
	e.now = func() time.Time { return e.wall().Add(-time.Duration(e.ahead.Load())) }
	if e.room == nil {
		e.room = func() desk.Room { return desk.Room{} }
	}
	if e.random == nil {
		e.random = rand.Reader
	}
	if e.logger == nil {
		e.logger = slog.New(slog.DiscardHandler)
	}
	e.sessions[e.owner] = session{role: desk.AdministratorRole, since: e.now()}
	e.feed.wake = make(chan struct{}, 1)
	e.timed = make(chan struct{}, 1)
	e.stretch, e.feed.held = e.log.Newest()+1, e.log.Vector()
	return e, e.loadAuthority()
}

// Owner attaches the session of the owner of the data folder to a context: the
// process that opened the folder may do all that an administrator may.
func (e *Engine) Owner(ctx context.Context) context.Context { return WithSession(ctx, e.owner) }

// As attaches a session of an agent to a context, for a program that has made
// sure who it is by other means: like Owner it is for whoever holds the folder.
func (e *Engine) As(ctx context.Context, agent desk.ID) context.Context {
	token := newToken()
	e.mu.Lock()
	defer e.mu.Unlock()
	e.sessions[token] = session{agent: agent, role: e.auth.Load().Role(agent), since: e.now()}
	return WithSession(ctx, token)
}

// Run feeds the search and keeps the timers until ctx ends.
func (e *Engine) Run(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	var timers sync.WaitGroup
	var failed error
	timers.Go(func() {
		defer stop()
		failed = e.runTimers(ctx)
	})
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

var errClosed = fail(Unavailable, "the desk is closing on this workstation: try again in a moment")

func (e *Engine) session(ctx context.Context) (s session, ok bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	token := SessionOf(ctx)
	if s, ok = e.sessions[token]; !ok || s.agent.IsZero() {
		return s, ok
	}
	if s.role = e.auth.Load().Role(s.agent); s.role == desk.NoRole { // gone, here or on another workstation
		delete(e.sessions, token)
		return session{}, false
	}
	return s, true
}

// public commands need no session.
func public(c any) bool {
	switch c.(type) {
	case CreateDesk, SignIn, Status:
		return true
	}
	return false
}

// Do implements Desk.
func (e *Engine) Do(ctx context.Context, c Command) (Receipt, error) {
	if !e.enter() {
		return Receipt{}, errClosed
	}
	defer e.busy.Done()
	s, ok := e.session(ctx)
	if !ok && !public(c) {
		return Receipt{}, fail(NotSignedIn, "nobody is signed in: sign in and try again")
	}
	if err := fit(c); err != nil {
		return Receipt{}, err
	}
	if a, ok := c.(alone); ok { // commands about sessions write what they need themselves
		return a.doAlone(ctx, e, s)
	}
	return e.update(ctx, s, c.do)
}

// alone is a command that runs outside a transaction, because it takes long
// (a password) or holds state in memory (a session).
type alone interface {
	doAlone(context.Context, *Engine, session) (Receipt, error)
}

// update runs one command in a transaction and tells watchers and search.
func (e *Engine) update(ctx context.Context, s session, f func(*op) (Receipt, error)) (Receipt, error) {
	var r Receipt
	var o *op
	err := e.log.Update(ctx, func(tx desk.Tx) error {
		o = newOp(ctx, e, tx, s)
		var err error
		if r, err = f(o); err != nil {
			return err
		}
		if err := o.finish(); err != nil {
			return err
		}
		e.join(o)
		return nil
	})
	if err != nil {
		var known *Error
		if errors.As(err, &known) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
			return Receipt{}, err
		}
		if errors.Is(err, desk.ErrFull) {
			return Receipt{}, diskFull()
		}
		e.logger.Error("commit failed", "err", err)
		return Receipt{}, fmt.Errorf("commit: %w", err)
	}
	r.At = o.now
	if p := e.site(); p != nil && o.last != nil {
		p.Wrote()
	}
	return r, nil
}

func diskFull() error {
	return fail(DiskFull, "the disk of this workstation is full: nothing was done and nothing is lost; free some space, and it goes on by itself")
}

// Ask implements Desk.
func (e *Engine) Ask(ctx context.Context, q Query) (Answer, error) {
	if !e.enter() {
		return nil, errClosed
	}
	defer e.busy.Done()
	s, ok := e.session(ctx)
	if !ok && !public(q) {
		return nil, fail(NotSignedIn, "nobody is signed in: sign in and try again")
	}
	if err := fit(q); err != nil {
		return nil, err
	}
	if m, ok := q.(Month); ok {
		if err := e.sealMonth(ctx, m); err != nil && !errors.Is(err, desk.ErrFull) { // what is not sealed is summed from its rows
			return nil, err
		}
	}
	var a Answer
	err := e.log.Read(func(r desk.Reader) error {
		var err error
		a, err = q.ask(&look{desk: newNames(e, r), r: r, e: e, ctx: ctx, s: s, now: e.now().UnixMilli()})
		return err
	})
	if m, ok := a.(MonthAnswer); ok && err == nil {
		if err := e.keepStated(ctx, &m); err != nil { // it is stated another time
			e.logger.Warn("keep what a month was stated as", "err", err)
		}
		a = m
	}
	return a, err
}

const keptChanges = 256

// changed tells of entities that are others now.
func (e *Engine) changed(ents []desk.Entity) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return
	}
	e.rev++
	if len(ents) > 64 {
		ents = nil
	}
	e.recent = append(e.recent, Change{Rev: e.rev, Entities: ents})
	if len(e.recent) > keptChanges {
		e.recent = append([]Change(nil), e.recent[keptChanges/2:]...)
	}
	close(e.bell)
	e.bell = make(chan struct{})
	select {
	case e.timed <- struct{}{}:
	default:
	}
}

// Watch implements Desk.
func (e *Engine) Watch(ctx context.Context, of Interest) iter.Seq[Change] {
	return func(yield func(Change) bool) {
		e.mu.Lock()
		seen := e.rev
		e.mu.Unlock()
		if !yield(Change{Rev: seen, Snapshot: true}) {
			return
		}
		for {
			e.mu.Lock()
			bell, closed := e.bell, e.closed
			news, skipped := e.since(seen)
			seen = e.rev
			e.mu.Unlock()
			if skipped && !yield(Change{Rev: seen, Snapshot: true}) {
				return
			}
			for _, c := range news {
				if c, ok := of.pick(c); ok && !yield(c) {
					return
				}
			}
			if closed {
				return
			}
			select {
			case <-bell:
			case <-ctx.Done():
				return
			}
		}
	}
}

// since lists the changes after seen; skipped when the oldest are gone.
func (e *Engine) since(seen uint64) (news []Change, skipped bool) {
	if len(e.recent) > 0 && e.recent[0].Rev > seen+1 {
		return nil, true
	}
	for i, c := range e.recent {
		if c.Rev > seen {
			return append(news, e.recent[i:]...), false
		}
	}
	return nil, false
}

// pick leaves of a change what is of interest.
func (of Interest) pick(c Change) (Change, bool) {
	if c.Entities == nil || (len(of.Types) == 0 && of.ID.IsZero()) {
		return c, true
	}
	var kept []desk.Entity
	for _, x := range c.Entities {
		match := of.ID.IsZero() || of.ID == x.ID
		if len(of.Types) > 0 {
			any := false
			for _, t := range of.Types {
				any = any || t == x.Type
			}
			match = match && any
		}
		if match {
			kept = append(kept, x)
		}
	}
	c.Entities = kept
	return c, len(kept) > 0
}

// hoursOf compiles a calendar once, by what is written in it: which of its events
// count may change while its newest stays.
func (e *Engine) hoursOf(c sla.Calendar) (*sla.Hours, error) {
	b, err := desk.Encode(c)
	if err != nil {
		return nil, err
	}
	if h, ok := e.hours.Load(string(b)); ok {
		return h.(*sla.Hours), nil
	}
	h, err := sla.Compile(c)
	if err != nil {
		return nil, err
	}
	e.hours.Store(string(b), h)
	return h, nil
}
