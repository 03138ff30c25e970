// Package sip runs the queue of a site that has no telephone exchange: telephones of the
// local network register with it, callers wait in it, and agents are rung; who is rung
// next is app/hunt's to say. It is one more kind of link: what happens becomes events of
// calls, as with an exchange of others.
//
// It listens on an address of the local network alone, dials nothing outside, and asks
// each telephone for its password (RFC 3261 digest) before it rings it. It promises that
// what anybody sends costs at most its limits; that a call's sound goes to addresses of
// the local network alone; and that no password stands in an error, a log or a state.
package sip

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"net/netip"
	"slices"
	"sync"
	"time"

	"github.com/emiago/sipgo"
	"github.com/emiago/sipgo/sip"

	"punto/app/hunt"
	"punto/app/phone"
	"punto/app/switchboard/link"
)

// Exchange is the queue as it is set. Its other settings may change while it runs.
type Exchange struct {
	PBX      string
	Address  string // host:port of this workstation, of the local network
	Gateway  string // the address from which calls come of whom no telephone is known; "" = any of the local network
	Known    []phone.CallEvent
	Settings <-chan Settings
	Log      *slog.Logger

	// Zero takes the default.
	Dead time.Duration // a telephone that says nothing for so long is dead
	Ping time.Duration // between looks whether the telephones of calls are there
}

// Settings are what may change while calls go on.
type Settings struct {
	Queues []hunt.Queue
	Sounds map[string]Sounds // by the queue's name
	Phones map[string]string // extension: password
	Staff  []hunt.Agent
	Open   func(queue string, at time.Time) bool // nil = always
}

// Sounds are what a queue's callers hear; an empty one is the usual.
type Sounds struct {
	Greeting, Wait, Closed Sound
}

// Limits.
const (
	maxCalls       = 200 // that go on at once
	maxCallsOfHost = 40  // fewer than usually may wait: one address fills no queue
	deadAfter      = 4 * time.Second
	pingEvery      = 30 * time.Second
	grace          = 3 * time.Second // that the last goodbyes take
	tells          = time.Minute     // how often a queue in which nothing happens tells that it is there
)

// Local tells whether an address is of the machine or of a local network.
func Local(a netip.Addr) bool {
	a = a.Unmap()
	return a.IsLoopback() || a.IsPrivate() || a.IsLinkLocalUnicast()
}

// server is an exchange that runs. The loop's goroutine owns the board, the lines and
// the registered telephones; all others reach them by do.
type server struct {
	Exchange
	at     netip.AddrPort
	ua     *sipgo.DialogUA
	guard  *guard
	todo   chan func(now time.Time)
	over   chan struct{} // closed when the loop is
	events chan<- []phone.CallEvent
	tell   func(func(*link.State))

	key     []byte // signs nonces, so that none has to be kept
	board   *hunt.Board
	set     Settings
	sounds  map[string]Sounds
	phones  map[string]contact
	lines   map[string]*line
	dialogs map[string]*end
	running sync.WaitGroup
}

// Run runs the queue until ctx ends, or fails when it cannot listen as it is set.
func (x Exchange) Run(ctx context.Context, out link.Out) error {
	at, err := netip.ParseAddrPort(x.Address)
	if err != nil || !at.Addr().Is4() || !Local(at.Addr()) {
		return fmt.Errorf("%q is no address of the local network such as 192.168.1.10:5060", x.Address)
	}
	if x.Dead == 0 {
		x.Dead = deadAfter
	}
	if x.Ping == 0 {
		x.Ping = pingEvery
	}
	conn, err := net.ListenUDP("udp4", net.UDPAddrFromAddrPort(at))
	if err != nil {
		return fmt.Errorf("listen for telephones: %w", err)
	}
	at = netip.MustParseAddrPort(conn.LocalAddr().String())
	s := &server{Exchange: x, at: at, guard: newGuard(conn), todo: make(chan func(time.Time)), over: make(chan struct{}),
		key: []byte(rand.Text()), phones: map[string]contact{}, lines: map[string]*line{}, dialogs: map[string]*end{}}
	var telling sync.Mutex
	state := link.State{Version: "SIP"}
	s.tell = func(f func(*link.State)) {
		telling.Lock()
		defer telling.Unlock()
		f(&state)
		out.Told(state)
	}
	s.board = hunt.New(x.PBX, func(queue string, at time.Time) bool { return s.set.Open == nil || s.set.Open(queue, at) })

	quiet := slog.New(slog.DiscardHandler) // the library logs whole messages, which are nobody's but the callers'
	ua, err := sipgo.NewUA(sipgo.WithUserAgent("Punto"), sipgo.WithUserAgentHostname(at.Addr().String()),
		sipgo.WithUserAgentTransportLayerOptions(sip.WithTransportLayerLogger(quiet)), sipgo.WithUserAgentTransactionLayerOptions(sip.WithTransactionLayerLogger(quiet), sip.WithTransactionLayerUnhandledResponseHandler(func(*sip.Response) {})))
	if err != nil {
		return errors.Join(err, conn.Close())
	}
	srv, err := sipgo.NewServer(ua, sipgo.WithServerLogger(quiet))
	if err != nil {
		return errors.Join(err, ua.Close(), conn.Close())
	}
	cli, err := sipgo.NewClient(ua, sipgo.WithClientLogger(quiet), sipgo.WithClientConnectionAddr(at.String()), sipgo.WithClientHostname(at.Addr().String()), sipgo.WithClientPort(int(at.Port())))
	if err != nil {
		return errors.Join(err, ua.Close(), conn.Close())
	}
	s.ua = &sipgo.DialogUA{Client: cli, RewriteContact: true, ContactHDR: sip.ContactHeader{Address: sip.Uri{Scheme: "sip", User: "punto", Host: at.Addr().String(), Port: int(at.Port())}}}
	s.handle(srv)

	deliver := make(chan []phone.CallEvent, 256)
	s.events = deliver
	var delivering, serving sync.WaitGroup
	delivering.Go(func() { s.deliver(context.WithoutCancel(ctx), out, deliver) })
	serving.Go(func() { _ = srv.ServeUDP(s.guard) }) // it ends when the conn is closed
	now := time.Now()
	s.tell(func(t *link.State) { t.Phase, t.Since, t.Heard, t.At = link.Up, now, now, now })
	s.lost(now)

	s.loop(ctx)
	close(s.over)
	waited := make(chan struct{})
	go func() { s.running.Wait(); close(waited) }()
	select {
	case <-waited:
	case <-time.After(grace):
	}
	err = errors.Join(ua.Close(), conn.Close()) // transactions end, and whoever waits for one is woken
	<-waited
	serving.Wait()
	close(deliver)
	delivering.Wait()
	return err
}

// lost ends the calls that an earlier run knew as going on: how they ended nobody saw.
func (s *server) lost(now time.Time) {
	by := map[string][]phone.CallEvent{}
	for _, e := range s.Known {
		by[e.Key.UniqueID] = append(by[e.Key.UniqueID], e)
	}
	var out []phone.CallEvent
	for _, es := range by {
		last := es[0]
		for _, e := range es {
			if e.Key.Entry > last.Key.Entry || e.Key.Entry == last.Key.Entry && e.At.After(last.At) {
				last = e
			}
		}
		if c := phone.Fold(es); c.Outcome == phone.NoOutcome {
			k := last.Key
			k.Kind, k.Attempt = phone.Ended, 0
			out = append(out, phone.CallEvent{Key: k, At: now, Rank: phone.FromLive, Outcome: phone.Unknown})
		}
	}
	if len(out) > 0 {
		s.events <- out
	}
}

// deliver gives events to out in their order; what is not taken is tried again, for the
// disk is full, while there is somebody who could take it.
func (s *server) deliver(ctx context.Context, out link.Out, in <-chan []phone.CallEvent) {
	for es := range in {
		for wait := time.Second; ; wait = min(2*wait, time.Minute) {
			if out.Events(ctx, es) == nil {
				break
			}
			select {
			case <-time.After(wait):
				continue
			case <-s.over:
			}
			break
		}
	}
}

// do has the loop do something, and waits until it is done; false when the loop is over.
func (s *server) do(f func(now time.Time)) bool {
	done := make(chan struct{})
	select {
	case s.todo <- func(now time.Time) { f(now); close(done) }:
		<-done
		return true
	case <-s.over:
		return false
	}
}

// loop runs the board until ctx ends, and then ends all calls.
func (s *server) loop(ctx context.Context) {
	due := time.NewTimer(time.Hour)
	defer due.Stop()
	ping := time.NewTicker(s.Ping)
	defer ping.Stop()
	for {
		now := time.Now()
		wait := tells
		if next := s.board.Next(); !next.IsZero() {
			wait = min(wait, max(0, next.Sub(now)))
		}
		due.Reset(wait)
		select {
		case f := <-s.todo:
			f(time.Now())
		case set := <-s.Settings:
			s.change(set, time.Now())
		case <-due.C:
			now := time.Now()
			s.forget(now)
			s.board.Due(now)
			s.tell(func(t *link.State) { t.Heard, t.At, t.Line = now, now, "" })
		case <-ping.C:
			s.pings()
		case <-ctx.Done():
			s.board.Close(time.Now())
			s.act()
			for _, e := range s.dialogs {
				if e.ext == "" {
					s.ended(e.of) // nobody has answered it yet
				}
			}
			return
		}
		s.act()
	}
}

func (s *server) change(set Settings, now time.Time) {
	s.set, s.sounds = set, set.Sounds
	for ext := range s.phones {
		if _, ok := set.Phones[ext]; !ok {
			s.gone(ext, now)
		}
	}
	s.board.Set(set.Queues)
	s.board.Staff(set.Staff, now)
}

// act does what the board wants done, and gives its events away.
func (s *server) act() {
	for {
		acts, events := s.board.Outcome()
		if len(events) > 0 {
			s.events <- events
			for _, e := range events {
				s.tell(func(t *link.State) {
					t.Line, t.Heard, t.At = e.Key.Kind.String()+"  "+short(e), time.Now(), time.Now()
				})
			}
		}
		if len(acts) == 0 {
			return
		}
		for _, a := range acts {
			s.perform(a)
		}
	}
}

// there tells which telephones have registered; the loop alone calls it.
func (s *server) there() {
	exts := slices.Sorted(maps.Keys(s.phones))
	s.tell(func(t *link.State) { t.There = exts })
}

// short is an event in short, for people.
func short(e phone.CallEvent) (out string) {
	for _, x := range []struct{ what, value string }{{"", e.Key.Queue}, {"", e.Caller}, {"", e.Agent}, {"→ ", e.To}, {"", outcome(e)}} {
		if x.value != "" {
			out += x.what + x.value + "  "
		}
	}
	return out
}

func outcome(e phone.CallEvent) string {
	if e.Key.Kind != phone.Ended {
		return ""
	}
	return e.Outcome.String()
}
