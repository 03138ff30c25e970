package link_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"punto/app/phone"
	"punto/app/phone/ami"
	"punto/app/switchboard/fakepbx"
	"punto/app/switchboard/link"
	"punto/packaging/outside"
)

// ear is whom a link tells, and what it was told.
type ear struct {
	mu     sync.Mutex // guards what follows
	news   *sync.Cond
	events []phone.CallEvent
	calls  []phone.Call
	gaps   [][2]time.Time
	state  link.State
	phases []link.Phase
	odd    []string
	fails  int // deliveries that are refused first
}

func newEar() *ear { e := &ear{}; e.news = sync.NewCond(&e.mu); return e }

func (e *ear) Events(_ context.Context, es []phone.CallEvent) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.fails > 0 {
		e.fails--
		return fmt.Errorf("the disk is full")
	}
	e.events = append(e.events, es...)
	e.news.Broadcast()
	return nil
}

func (e *ear) Calls(_ context.Context, cs []phone.Call) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.calls = append(e.calls, cs...)
	e.news.Broadcast()
	return nil
}

func (e *ear) Gap(_ context.Context, from, to time.Time) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.gaps = append(e.gaps, [2]time.Time{from, to})
	e.news.Broadcast()
	return nil
}

func (e *ear) Told(s link.State) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if n := len(e.phases); n == 0 || e.phases[n-1] != s.Phase {
		e.phases = append(e.phases, s.Phase)
	}
	if s.Odd != "" && s.Odd != e.state.Odd {
		e.odd = append(e.odd, s.Odd)
	}
	e.state = s
	e.news.Broadcast()
}

// until waits for a state.
func (e *ear) until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	late := false
	timer := time.AfterFunc(20*time.Second, func() { e.mu.Lock(); late = true; e.mu.Unlock(); e.news.Broadcast() })
	defer timer.Stop()
	e.mu.Lock()
	defer e.mu.Unlock()
	for !ok() {
		if late {
			t.Fatalf("it never came to %s: %+v", what, e.state)
		}
		e.news.Wait()
	}
}

func unpack(t *testing.T, name string) []byte {
	t.Helper()
	z, err := gzip.NewReader(outside.Open(t, "asterisk-live/"+name+".gz"))
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func exchange(t *testing.T, text []byte) *fakepbx.PBX {
	t.Helper()
	p, err := fakepbx.New(text)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

// begin runs a link to an exchange until end.
func begin(t *testing.T, p *fakepbx.PBX, out link.Out, known []phone.CallEvent, heard time.Time) (end func()) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	var g sync.WaitGroup
	g.Go(func() {
		a := link.AMI{PBX: "pbx", Address: p.Address(), User: fakepbx.User, Secret: fakepbx.Secret, Known: known, Heard: heard, Retry: time.Millisecond, RetryMost: 4 * time.Millisecond}
		if err := a.Run(ctx, out); err != nil {
			t.Error(err)
		}
	})
	return sync.OnceFunc(func() { stop(); g.Wait() })
}

func listening(t *testing.T, p *fakepbx.PBX, links int) {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	if err := p.Wait(ctx, links); err != nil {
		t.Fatal(err)
	}
}

// pure is what a transcript tells with no link between.
func pure(t *testing.T, p *fakepbx.PBX, known []phone.CallEvent, from, to int) (out []phone.CallEvent) {
	t.Helper()
	c := ami.NewCalls("pbx", known...)
	for i := from; i < to; i++ {
		es, err := c.See(p.Message(i), time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, es...)
	}
	return out
}

func logged(t *testing.T, text []byte) (out []phone.CallEvent) {
	t.Helper()
	for e, err := range phone.ReadQueueLog(bytes.NewReader(text), "pbx", nil) {
		if err != nil {
			t.Fatal(err)
		}
		if e.At.Unix() >= 1795388550 { // the second pass of the capture, which the sessions saw
			out = append(out, e)
		}
	}
	return out
}

func folded(events []phone.CallEvent) map[string]phone.Call {
	by := map[string][]phone.CallEvent{}
	for _, e := range events {
		if e.Key.Kind.OfCall() {
			by[e.Key.UniqueID] = append(by[e.Key.UniqueID], e)
		}
	}
	cs := map[string]phone.Call{}
	for id, es := range by {
		cs[id] = phone.Fold(es)
	}
	return cs
}

func near(a, b time.Duration) bool { return (a - b).Abs() <= time.Second }

// differ tells how a call differs from what it was; "" when it does not.
func differ(got, want phone.Call) string {
	if got.Outcome != want.Outcome || got.Agent != want.Agent || got.Answered() != want.Answered() || !near(got.Wait, want.Wait) || !near(got.Talk+got.Hold, want.Talk+want.Hold) || got.Queue != want.Queue || got.Caller != want.Caller {
		return fmt.Sprintf("call %s (%s) came out as %v by %q in %q, waited %v, talked %v, answered %v; not %v by %q in %q, %v, %v, %v", want.UniqueID, want.Caller, got.Outcome, got.Agent, got.Queue, got.Wait, got.Talk+got.Hold, got.Answered(),
			want.Outcome, want.Agent, want.Queue, want.Wait, want.Talk+want.Hold, want.Answered())
	}
	return ""
}

// told is what a capture's scenarios did, by the caller's number: the truth of the driver
// that made them, from its own waits.
var told = map[string]struct {
	outcome    phone.Outcome
	agent      string
	wait, talk float64 // seconds
}{
	"0981234501": {phone.Completed, "Ana Perez", 2.0, 6.5}, "0981234502": {phone.Completed, "Ana Perez", 1.0, 5.5}, "0981234503": {phone.Completed, "Ana Perez", 9.0, 6.5},
	"0981234504": {phone.Completed, "Bruno Diaz", 2.0, 6.5}, "0981234505": {phone.Abandoned, "", 6.5, 0}, "0981234506": {phone.Abandoned, "", 1.5, 0},
	"0981234507": {phone.Abandoned, "", 3.5, 0}, "0981234508": {phone.Abandoned, "", 8.5, 0}, "0981234509": {phone.Abandoned, "", 8.5, 0}, "0981234510": {phone.Busy, "", 0, 0},
	"0981234511": {phone.Overflow, "", 6.0, 0}, "0981234512": {phone.Closed, "", 0, 0}, "0981234513": {phone.Completed, "Ana Perez", 1.0, 3.0}, "0981234514": {phone.Completed, "Ana Perez", 1.0, 8.0},
	"0981234515": {phone.Withdrawn, "", 3.0, 0}, "0981234516": {phone.Completed, "Ana Perez", 1.0, 23.5}, "0981234517": {phone.Abandoned, "", 19.5, 0},
}

func scenarios(t *testing.T, source string, cs map[string]phone.Call) {
	t.Helper()
	seen := map[string]bool{}
	for _, c := range cs {
		want, ok := told[c.Caller]
		if !ok {
			continue
		}
		seen[c.Caller] = true
		second := func(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }
		if c.Outcome != want.outcome || c.Agent != want.agent || !near(c.Wait, second(want.wait)) || !near(c.Talk+c.Hold, second(want.talk)) {
			t.Errorf("%s: %s came out as %v by %q, waited %v, talked %v: %+v expected", source, c.Caller, c.Outcome, c.Agent, c.Wait, c.Talk, want)
		}
	}
	if len(seen) != len(told) {
		t.Errorf("%s: %d scenarios are there, not %d", source, len(seen), len(told))
	}
}

// Live, heard by two links at once, played twice, with the log and without: every
// scenario is right and each call is one.
func TestEachScenarioIsRightOverALiveLink(t *testing.T) {
	text := unpack(t, "ast20-local.ami.txt")
	log := logged(t, unpack(t, "ast20.queue_log"))
	var all []phone.CallEvent
	for replay := range 2 {
		p := exchange(t, text)
		ears := []*ear{newEar(), newEar()}
		var ends []func()
		for _, e := range ears {
			ends = append(ends, begin(t, p, e, nil, time.Time{}))
		}
		listening(t, p, 2)
		p.Play(p.Len())
		p.Close()
		for i, e := range ears {
			e.until(t, "the end", func() bool { return e.state.Phase == link.Down })
			ends[i]()
			scenarios(t, fmt.Sprintf("link %d, replay %d", i, replay), folded(e.events))
			all = append(all, e.events...)
			scenarios(t, "link and log", folded(append(append([]phone.CallEvent(nil), log...), e.events...)))
		}
	}
	cs := folded(all)
	scenarios(t, "both links, twice", cs)
	if n := len(folded(pure(t, exchange(t, text), nil, 0, exchange(t, text).Len()))); len(cs) != n {
		t.Errorf("they are %d calls, not %d", len(cs), n)
	}
}

// window is how many messages after a cut are played: what comes later, the cut does not
// touch.
const window = 150

// The link is cut at each message, and another workstation that knows what was told so
// far takes it over: every call is what it was.
func TestTheLinkIsCutAtEachMessage(t *testing.T) {
	for _, file := range []string{"ast20-local.ami-min.txt", "ast22-puntofin.ami-min.txt", "ast20-sip.ami.txt"} {
		text := unpack(t, file)
		ref := exchange(t, text)
		whole, at := pure(t, ref, nil, 0, ref.Len()), make([]int, 1, ref.Len()+1)
		one := ami.NewCalls("pbx")
		for i := range ref.Len() {
			es, err := one.See(ref.Message(i), time.Time{})
			if err != nil {
				t.Fatal(err)
			}
			at = append(at, at[i]+len(es))
		}
		want := folded(whole)
		for i := range ref.Len() {
			p := exchange(t, text)
			p.Play(i)
			e := newEar()
			end := begin(t, p, e, whole[:at[i]], time.Time{})
			listening(t, p, 1)
			to := min(p.Len(), i+window)
			p.Play(to - i)
			p.Close()
			e.until(t, "the end", func() bool { return e.state.Phase == link.Down })
			end()
			got := folded(append(append(append([]phone.CallEvent(nil), whole[:at[i]]...), e.events...), whole[at[to]:]...))
			for id, w := range want {
				g := got[id]
				if g.Outcome == phone.Unknown && (i == 0 || ref.Message(i-1).At().Add(time.Second).After(w.EndedAt) || ref.Message(i).At().Add(time.Second).After(w.EndedAt)) {
					g.Outcome = w.Outcome // whether the caller hung up just before, nobody can know
				}
				if why := differ(g, w); why != "" {
					t.Fatalf("%s cut before message %d: %s", file, i, why)
				}
			}
			if len(got) != len(want) {
				t.Fatalf("%s cut before message %d: %d calls, not %d", file, i, len(got), len(want))
			}
		}
	}
}

// The link is cut at any message and back after some more: what was missed is told as a
// gap, a call is right or of unknown end but never another, and with the log it is right.
func TestWhatIsMissedIsUnknownUntilTheLogTells(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	if s := os.Getenv("PUNTO_SEED"); s != "" {
		seed, _ = strconv.ParseUint(s, 10, 64)
	}
	t.Logf("seed %d", seed)
	dice := rand.New(rand.NewPCG(seed, 1))
	text, log := unpack(t, "ast20-local.ami-min.txt"), logged(t, unpack(t, "ast20.queue_log"))
	ref := exchange(t, text)
	want := folded(append(append([]phone.CallEvent(nil), log...), pure(t, ref, nil, 0, ref.Len())...))
	unknown := 0
	for range 60 {
		cut, missed := dice.IntN(ref.Len()), 1+dice.IntN(120)
		p, e := exchange(t, text), newEar()
		end := begin(t, p, e, nil, time.Time{})
		listening(t, p, 1)
		p.Play(cut)
		e.until(t, "the cut", func() bool { return cut == 0 || e.state.Phase == link.Up })
		p.Cut()
		p.Play(missed)
		listening(t, p, 1)
		p.Play(ref.Len())
		p.Close()
		e.until(t, "the end", func() bool {
			n := len(e.phases)
			return e.state.Phase == link.Down && n > 2 && e.phases[n-2] != link.Down
		})
		end()
		for id, g := range folded(e.events) {
			w, known := want[id]
			if !known {
				t.Fatalf("seed %d, %d missed at %d: there is no call %s", seed, missed, cut, id)
			}
			switch {
			case g.Outcome == phone.Unknown:
				unknown++
			case g.Outcome == phone.NoOutcome:
				t.Fatalf("seed %d, %d missed at %d: call %s goes on for ever", seed, missed, cut, id)
			case g.Answered() && g.Agent != w.Agent:
				t.Fatalf("seed %d, %d missed at %d: %s", seed, missed, cut, differ(g, w))
			}
		}
		for id, g := range folded(append(append([]phone.CallEvent(nil), log...), e.events...)) {
			if strings.HasPrefix(want[id].Caller, "09812345") {
				if why := differ(g, want[id]); why != "" && want[id].Outcome != phone.Unknown {
					t.Fatalf("seed %d, %d missed at %d, with the log: %s", seed, missed, cut, why)
				}
			}
		}
		if cut > 0 && len(e.gaps) == 0 {
			t.Fatalf("seed %d: the gap after message %d was not told", seed, cut)
		}
	}
	if unknown == 0 {
		t.Error("nothing was ever missed")
	}
}
