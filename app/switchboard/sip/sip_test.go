package sip_test

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"punto/app/hunt"
	"punto/app/phone"
	"punto/app/switchboard/link"
	"punto/app/switchboard/phones"
	"punto/app/switchboard/sip"
)

// Each test has hosts of the loopback interface of its own.
var hosts atomic.Int32

func newHost() string {
	n := hosts.Add(1)
	return fmt.Sprintf("127.%d.%d.%d", 20+os.Getpid()%200, n/250, 1+n%250)
}

// site is an exchange that runs, and what it tells.
type site struct {
	testing.TB
	host, server string
	set          chan sip.Settings
	now          sip.Settings

	mu     sync.Mutex // guards what follows
	events []phone.CallEvent
	lines  []string
	phase  link.Phase
	logged strings.Builder
}

func (s *site) Events(_ context.Context, es []phone.CallEvent) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.events = append(s.events, es...)
	return nil
}
func (s *site) Calls(context.Context, []phone.Call) error       { return nil }
func (s *site) Gap(context.Context, time.Time, time.Time) error { return nil }
func (s *site) Told(x link.State) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.phase = x.Phase
	if x.Line != "" {
		s.lines = append(s.lines, x.Line)
	}
}
func (s *site) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.logged.Write(b)
}

const word = "clave-del-anexo-9"

// mesa is the queue of most tests.
var mesa = hunt.Queue{Name: "mesa", Number: "700", Limit: 3, Ring: 15 * time.Second}

func newSite(t testing.TB, change func(*sip.Exchange, *sip.Settings)) *site {
	t.Helper()
	s := &site{TB: t, host: newHost(), set: make(chan sip.Settings)}
	s.server = fmt.Sprintf("%s:%d", s.host, phones.FreePort(t, "udp", s.host))
	s.now = sip.Settings{Queues: []hunt.Queue{mesa}, Phones: map[string]string{"101": word, "102": word + "2", "300": word + "3"}}
	x := sip.Exchange{PBX: "mesa", Address: s.server, Settings: s.set, Log: slog.New(slog.NewTextHandler(s, nil))}
	if change != nil {
		change(&x, &s.now)
	}
	ctx, stop := context.WithCancel(t.Context())
	var g sync.WaitGroup
	g.Go(func() {
		if err := x.Run(ctx, s); err != nil {
			t.Errorf("the queue ended: %v", err)
		}
	})
	t.Cleanup(func() {
		stop()
		g.Wait()
		s.mu.Lock()
		defer s.mu.Unlock()
		if all := s.logged.String() + strings.Join(s.lines, "\n"); strings.Contains(all, word) {
			t.Errorf("a password stands in what is logged: %s", all)
		}
	})
	s.set <- s.now
	return s
}

// staff has those agents at work; the first has been free for longest.
func (s *site) staff(exts ...string) {
	s.now.Staff = nil
	for i, x := range exts {
		s.now.Staff = append(s.now.Staff, hunt.Agent{Extension: x, Name: "agent " + x, Since: time.Now().Add(time.Duration(i-100) * time.Second)})
	}
	s.set <- s.now
}

// phone is an agent's telephone that has registered.
func (s *site) phone(ext string, auto bool, says string) *phones.Phone {
	s.Helper()
	host := newHost()
	p := phones.New(s, phones.Setup{Host: host, Port: phones.FreePort(s, "udp", host), Server: s.server, Extension: ext, Password: s.now.Phones[ext], Auto: auto, Says: says})
	p.Await("REGISTER_OK", 1)
	return p
}

// calls are the calls so far, in the order in which they came.
func (s *site) calls() (out []phone.Call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	by := map[string][]phone.CallEvent{}
	var order []string
	for _, e := range s.events {
		if by[e.Key.UniqueID] == nil {
			order = append(order, e.Key.UniqueID)
		}
		by[e.Key.UniqueID] = append(by[e.Key.UniqueID], e)
	}
	for _, id := range order {
		out = append(out, phone.Fold(by[id]))
	}
	return out
}

// ended waits until so many calls have ended.
func (s *site) ended(n int) []phone.Call {
	s.Helper()
	phones.Until(s, fmt.Sprintf("the end of %d calls", n), func() bool {
		done := 0
		for _, c := range s.calls() {
			if c.Outcome != phone.NoOutcome {
				done++
			}
		}
		return done >= n
	})
	return s.calls()
}

// seen waits until so many events of a kind were told.
func (s *site) seen(k phone.EventKind, n int) {
	s.Helper()
	phones.Until(s, fmt.Sprintf("%d of %v", n, k), func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		m := 0
		for _, e := range s.events {
			if e.Key.Kind == k {
				m++
			}
		}
		return m >= n
	})
}

func (s *site) call(c phones.Call) (done func()) {
	s.Helper()
	if c.Host == "" {
		c.Host = newHost()
	}
	c.Server = s.server
	if c.Number == "" {
		c.Number = "700"
	}
	return phones.Callers(s, c)
}

func near(a, b time.Duration) bool { return (a - b).Abs() <= time.Second }

func TestAnAgentAnswersACaller(t *testing.T) {
	t.Parallel()
	phones.Need(t, "baresip", "sipp")
	s := newSite(t, nil)
	s.phone("101", true, "")
	s.staff("101")
	s.call(phones.Call{Stay: 3000})()
	c := s.ended(1)[0]
	if c.Outcome != phone.Completed || c.Agent != "agent 101" || !near(c.Wait, 0) || !near(c.Talk, 3*time.Second) || c.Caller != "4471" || c.Name != "Rosa Quispe" || c.Dialled != "700" || c.Queue != "mesa" || c.Doubts != 0 {
		t.Errorf("it was %+v", c)
	}
}

func TestACallerGivesUp(t *testing.T) {
	t.Parallel()
	s := newSite(t, nil)
	s.call(phones.Call{Stay: 2000})()
	if c := s.ended(1)[0]; c.Outcome != phone.Abandoned || !near(c.Wait, 2*time.Second) || c.Answered() {
		t.Errorf("it was %+v", c)
	}
}

// An address that is not of the local network is not listened on.
func TestItListensOnTheLocalNetworkAlone(t *testing.T) {
	for _, at := range []string{"0.0.0.0:5060", "[::]:5060", "203.0.113.7:5060", "nowhere", "127.0.0.1"} {
		if err := (sip.Exchange{Address: at}).Run(t.Context(), nil); err == nil || !strings.Contains(err.Error(), "local network") {
			t.Errorf("%s is listened on: %v", at, err)
		}
	}
	c, err := net.ListenPacket("udp4", newHost()+":0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }() // the test is over
	if err := (sip.Exchange{Address: c.LocalAddr().String()}).Run(t.Context(), nil); err == nil {
		t.Error("a port that somebody has is listened on")
	}
}
