package sip_test

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"punto/app/hunt"
	"punto/app/phone"
	"punto/app/switchboard/link"
	"punto/app/switchboard/phones"
	"punto/app/switchboard/sip"
)

// site is an exchange that runs, and what it tells.
type site struct {
	testing.TB
	server string
	set    chan sip.Settings
	now    sip.Settings

	mu     sync.Mutex // guards what follows
	events []phone.CallEvent
	lines  []string
	phase  link.Phase
	there  []string
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
	s.phase, s.there = x.Phase, x.There
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
	s := &site{TB: t, server: phones.Host() + ":5060", set: make(chan sip.Settings)}
	s.now = sip.Settings{Queues: []hunt.Queue{mesa}, Phones: map[string]string{"101": word, "102": word + "2", "300": word + "3"}}
	x := sip.Exchange{PBX: "mesa", Address: s.server, Settings: s.set, Log: slog.New(slog.NewTextHandler(s, nil))}
	if change != nil {
		change(&x, &s.now)
	}
	ctx, stop := context.WithCancel(t.Context())
	var g sync.WaitGroup
	ended := make(chan struct{})
	g.Go(func() {
		defer close(ended)
		if err := x.Run(ctx, s); err != nil {
			t.Errorf("the queue ended: %v", err)
		}
	})
	t.Cleanup(func() {
		stop()
		g.Wait()
		s.mu.Lock()
		defer s.mu.Unlock()
		if t.Failed() {
			t.Logf("the queue said:\n%s\n%s", strings.Join(s.lines, "\n"), s.logged.String())
		}
		if all := s.logged.String() + strings.Join(s.lines, "\n"); strings.Contains(all, word) {
			t.Errorf("a password stands in what is logged: %s", all)
		}
	})
	select {
	case s.set <- s.now:
	case <-ended:
		t.FailNow()
	}
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
	p := phones.New(s, phones.Setup{Server: s.server, Extension: ext, Password: s.now.Phones[ext], Auto: auto, Says: says})
	phones.Until(s, "the registration of "+ext, func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		return slices.Contains(s.there, ext)
	})
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
	c, err := net.ListenPacket("udp4", phones.Host()+":0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }() // the test is over
	if err := (sip.Exchange{Address: c.LocalAddr().String()}).Run(t.Context(), nil); err == nil {
		t.Error("a port that somebody has is listened on")
	}
}

// Each end of a call comes out as what it was.

func TestAnAgentDoesNotAnswer(t *testing.T) {
	t.Parallel()
	s := newSite(t, func(_ *sip.Exchange, set *sip.Settings) { set.Queues[0].Ring = 2 * time.Second })
	a := s.phone("101", false, "")
	s.phone("102", true, "")
	s.staff("101", "102")
	done := s.call(phones.Call{Stay: 5000})
	a.Await("CALL_INCOMING", 1)
	a.Await("CALL_CLOSED", 1)
	done()
	c := s.ended(1)[0]
	if c.Outcome != phone.Completed || c.Agent != "agent 102" || c.RingFails != 1 || !near(c.Wait, 2*time.Second) || !near(c.Talk, 3*time.Second) {
		t.Errorf("it was %+v", c)
	}
}

func TestAnAgentHangsUp(t *testing.T) {
	t.Parallel()
	s := newSite(t, nil)
	a := s.phone("101", true, "")
	s.staff("101")
	done := s.call(phones.Call{})
	a.Await("CALL_ESTABLISHED", 1)
	a.Do("hangup", "")
	done()
	if c := s.ended(1)[0]; c.Outcome != phone.Completed || c.Agent != "agent 101" {
		t.Errorf("it was %+v", c)
	}
}

// A telephone that is cut off says nothing at all: it is given up soon, and rung no more
// until it registers again.
func TestADeadTelephoneHoldsNobodyUp(t *testing.T) {
	t.Parallel()
	s := newSite(t, func(x *sip.Exchange, _ *sip.Settings) { x.Dead = time.Second })
	s.phone("101", true, "").Cut()
	s.phone("102", true, "")
	s.staff("101", "102")
	s.call(phones.Call{Stay: 4000})()
	c := s.ended(1)[0]
	if c.Outcome != phone.Completed || c.Agent != "agent 102" || c.RingFails != 1 || !near(c.Wait, time.Second) || !near(c.Talk, 3*time.Second) {
		t.Errorf("it was %+v", c)
	}
	s.mu.Lock()
	if slices.Contains(s.there, "101") {
		t.Errorf("the dead telephone is there still: %v", s.there)
	}
	s.mu.Unlock()
	s.call(phones.Call{Stay: 1000})()
	if c := s.ended(2)[1]; c.RingFails != 0 || c.Agent != "agent 102" {
		t.Errorf("the next was %+v", c)
	}
}

// One that is cut off while it talks does not keep the call for ever.
func TestACallWhoseTelephoneDiesEnds(t *testing.T) {
	t.Parallel()
	s := newSite(t, func(x *sip.Exchange, _ *sip.Settings) { x.Ping = time.Second })
	a := s.phone("101", true, "")
	s.staff("101")
	c := s.phone("300", false, "")
	c.Do("dial", "sip:700@"+s.server)
	s.seen(phone.Answered, 1)
	a.Cut()
	c.Await("CALL_CLOSED", 1)
	if c := s.ended(1)[0]; c.Outcome != phone.Completed || c.Agent != "agent 101" {
		t.Errorf("it was %+v", c)
	}
}

func TestWhoIsOneTooManyIsToldBusy(t *testing.T) {
	t.Parallel()
	s := newSite(t, func(_ *sip.Exchange, set *sip.Settings) { set.Queues[0].Limit = 1 })
	first := s.call(phones.Call{Stay: 3000})
	s.seen(phone.Queued, 1)
	s.call(phones.Call{Expect: 486})()
	first()
	cs := s.ended(2)
	if cs[0].Outcome != phone.Abandoned || cs[1].Outcome != phone.Busy || cs[1].Wait != 0 {
		t.Errorf("they were %+v", cs)
	}
}

func TestWhoWaitsTooLongGoesToTheNextQueueOrEnds(t *testing.T) {
	t.Parallel()
	s := newSite(t, func(_ *sip.Exchange, set *sip.Settings) {
		set.Queues[0].MostWait, set.Queues[0].Overflow = time.Second, "vip"
		set.Queues = append(set.Queues, hunt.Queue{Name: "vip", Number: "701", MostWait: 2 * time.Second})
	})
	s.call(phones.Call{})() // it is told goodbye
	c := s.ended(1)[0]
	if c.Outcome != phone.Overflow || c.Queue != "vip" || !near(c.Wait, 3*time.Second) {
		t.Errorf("it was %+v", c)
	}
}

func TestOutOfHoursNobodyWaits(t *testing.T) {
	t.Parallel()
	s := newSite(t, func(_ *sip.Exchange, set *sip.Settings) {
		set.Queues = append(set.Queues, hunt.Queue{Name: "noche", Number: "702"})
		set.Sounds = map[string]sip.Sounds{"noche": {Closed: sip.Tone(600, 500, 0)}}
		set.Open = func(string, time.Time) bool { return false }
	})
	s.call(phones.Call{Expect: 480})()
	s.call(phones.Call{Number: "702"})() // it hears why, and is told goodbye
	for i, c := range s.ended(2) {
		if c.Outcome != phone.Closed || c.Wait != 0 || c.Queue != []string{"mesa", "noche"}[i] {
			t.Errorf("it was %+v", c)
		}
	}
	s.call(phones.Call{Expect: 404, Number: "0981234567"})() // nothing outside is dialled
	if n := len(s.calls()); n != 2 {
		t.Errorf("there are %d calls", n)
	}
}

func TestOfTwoAgentsTheLongestIdleIsChosen(t *testing.T) {
	t.Parallel()
	s := newSite(t, nil)
	for _, x := range []string{"101", "102"} {
		s.phone(x, true, "")
	}
	s.staff("102", "101")
	for range 3 {
		s.call(phones.Call{Stay: 500})()
	}
	var who []string
	for _, c := range s.ended(3) {
		who = append(who, c.Agent)
	}
	if got := strings.Join(who, ", "); got != "agent 102, agent 101, agent 102" {
		t.Errorf("they were answered by %s", got)
	}
}

func TestTwentyCallsAtOnce(t *testing.T) {
	t.Parallel()
	s := newSite(t, func(_ *sip.Exchange, set *sip.Settings) { set.Queues[0].Limit, set.Queues[0].WrapUp = 30, time.Minute })
	for _, x := range []string{"101", "102"} {
		s.phone(x, true, "")
	}
	s.staff("101", "102")
	s.call(phones.Call{Calls: 20, Stay: 4000})()
	answered := 0
	for _, c := range s.ended(20) {
		switch {
		case c.Outcome == phone.Completed && near(c.Wait+c.Talk, 4*time.Second):
			answered++
		case c.Outcome != phone.Abandoned || !near(c.Wait, 4*time.Second):
			t.Errorf("one was %+v", c)
		}
	}
	if answered != 2 {
		t.Errorf("%d were answered by two agents", answered)
	}
}

// What one says the other hears, both ways; while the agent holds, the caller hears the
// waiting sound and not the agent.
func TestBothHearEachOther(t *testing.T) {
	t.Parallel()
	phones.Need(t, "baresip")
	s := newSite(t, func(_ *sip.Exchange, set *sip.Settings) {
		set.Sounds = map[string]sip.Sounds{"mesa": {Wait: sip.Tone(600, 1000, 0)}}
	})
	dir := t.TempDir()
	phones.WriteTone(t, dir+"/agent.wav", 1000, 60)
	phones.WriteTone(t, dir+"/caller.wav", 1500, 60)
	a := s.phone("101", false, dir+"/agent.wav")
	c := phones.New(t, phones.Setup{Server: s.server, Extension: "300", Password: s.now.Phones["300"], Says: dir + "/caller.wav"})
	c.Do("dial", "sip:700@"+s.server)
	hears := func(p *phones.Phone, hertz, seconds float64) {
		t.Helper()
		phones.Until(t, fmt.Sprintf("%.0f Hz in %s", hertz, p.Heard()), func() bool { return phones.Heard(p.Heard(), hertz) >= seconds })
	}
	hears(c, 600, 0.5) // it waits
	s.staff("101")
	a.Await("CALL_INCOMING", 1)
	a.Do("accept", "")
	hears(c, 1000, 1)
	hears(a, 1500, 1)
	before := phones.Heard(c.Heard(), 600)
	a.Do("hold", "")
	s.seen(phone.Held, 1)
	hears(c, 600, before+0.5)
	was := phones.Heard(c.Heard(), 1000)
	a.Do("resume", "")
	s.seen(phone.Resumed, 1)
	hears(c, 1000, was+0.5)
	c.Do("hangup", "")
	call := s.ended(1)[0]
	if call.Outcome != phone.Completed || call.Caller != "300" || call.Hold < 400*time.Millisecond || call.Talk < time.Second {
		t.Errorf("it was %+v", call)
	}
	if n := phones.Heard(a.Heard(), 600); n > 0 {
		t.Errorf("the agent heard the waiting sound for %v s", n)
	}
}

func TestAnAgentTransfersACall(t *testing.T) {
	t.Parallel()
	s := newSite(t, func(_ *sip.Exchange, set *sip.Settings) {
		set.Queues = append(set.Queues, hunt.Queue{Name: "vip", Number: "701", Lang: "en"})
	})
	a, b := s.phone("101", true, ""), s.phone("102", true, "")
	s.staff("101")
	s.now.Staff = append(s.now.Staff, hunt.Agent{Extension: "102", Name: "agent 102", Langs: []string{"en"}, Since: time.Now()})
	s.set <- s.now
	done := s.call(phones.Call{Stay: 6000})
	a.Await("CALL_ESTABLISHED", 1)
	a.Do("transfer", "sip:701@"+s.server)
	b.Await("CALL_ESTABLISHED", 1)
	done()
	c := s.ended(1)[0]
	if c.Outcome != phone.Completed || c.Agent != "agent 102" || c.Queue != "vip" || c.To != "701" || !near(c.Talk, 6*time.Second) {
		t.Errorf("it was %+v", c)
	}
}

func TestNothingOutsideIsDialled(t *testing.T) {
	t.Parallel()
	s := newSite(t, nil)
	a := s.phone("101", true, "")
	s.staff("101")
	done := s.call(phones.Call{})
	a.Await("CALL_ESTABLISHED", 1)
	a.Do("transfer", "sip:0981234567@"+s.server)
	a.Await("TRANSFER_FAILED", 1)
	done() // baresip hangs up then
	if c := s.ended(1)[0]; c.Outcome != phone.Completed || c.To != "" || c.Agent != "agent 101" {
		t.Errorf("it was %+v", c)
	}
}
