package ami_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"punto/app/phone"
	"punto/app/phone/ami"
	"punto/packaging/outside"
)

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

// messages reads a whole session.
func messages(t *testing.T, text []byte) (ms []ami.Message) {
	t.Helper()
	r := ami.NewReader(bytes.NewReader(text))
	for {
		m, err := r.Next()
		if err == io.EOF {
			return ms
		}
		if err != nil {
			t.Fatal(err)
		}
		ms = append(ms, m)
	}
}

func see(t *testing.T, c *ami.Calls, ms []ami.Message) (out []phone.CallEvent) {
	t.Helper()
	for i := range ms {
		es, err := c.See(&ms[i], time.Time{})
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
		out = append(out, e)
	}
	return out
}

// folded are the calls of events by their id.
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

// told is what a capture's scenarios did, by the caller's number: the truth of the
// driver that made them, from its own waits.
type told struct {
	outcome    phone.Outcome
	agent      string
	wait, talk float64 // seconds
	logOnly    bool    // the least privileged session does not tell how it ended
}

var scenarios = map[string]told{
	"0981234501": {phone.Completed, "Ana Perez", 2.0, 6.5, false},
	"0981234502": {phone.Completed, "Ana Perez", 1.0, 5.5, false},
	"0981234503": {phone.Completed, "Ana Perez", 9.0, 6.5, false}, // Bruno did not answer
	"0981234504": {phone.Completed, "Bruno Diaz", 2.0, 6.5, false},
	"0981234505": {phone.Abandoned, "", 6.5, 0, false},
	"0981234506": {phone.Abandoned, "", 1.5, 0, false},
	"0981234507": {phone.Abandoned, "", 3.5, 0, false}, // while it rang
	"0981234508": {phone.Abandoned, "", 8.5, 0, false},
	"0981234509": {phone.Abandoned, "", 8.5, 0, false},
	"0981234510": {phone.Busy, "", 0, 0, true}, // the queue was full
	"0981234511": {phone.Overflow, "", 6.0, 0, false},
	"0981234512": {phone.Closed, "", 0, 0, true},
	"0981234513": {phone.Completed, "Ana Perez", 1.0, 3.0, false}, // passed on
	"0981234514": {phone.Completed, "Ana Perez", 1.0, 8.0, false}, // held
	"0981234515": {phone.Withdrawn, "", 3.0, 0, true},
	"0981234516": {phone.Completed, "Ana Perez", 1.0, 23.5, false},
	"0981234517": {phone.Abandoned, "", 19.5, 0, false},
}

func near(got time.Duration, want float64) bool {
	d := got.Seconds() - want
	return d <= 1 && d >= -1
}

// check compares calls with the scenarios, by number; of a number that called more
// than once, each call.
func check(t *testing.T, source string, cs map[string]phone.Call, skip func(number string) bool) {
	t.Helper()
	n := map[string]int{}
	for _, c := range cs {
		want, ok := scenarios[c.Caller]
		if !ok || skip(c.Caller) {
			continue
		}
		n[c.Caller]++
		if c.Outcome != want.outcome || c.Agent != want.agent || !near(c.Wait, want.wait) || !near(c.Talk+c.Hold, want.talk) {
			t.Errorf("%s: %s came out as %v by %q, waited %v, talked %v (held %v): %+v expected", source, c.Caller, c.Outcome, c.Agent, c.Wait, c.Talk, c.Hold, want)
		}
		if c.Caller == "0981234513" && c.To != "6000" {
			t.Errorf("%s: it was passed on to %q, not to 6000", source, c.To)
		}
	}
	for number := range scenarios {
		if !skip(number) && n[number] == 0 {
			t.Errorf("%s: there is no call of %s", source, number)
		}
	}
}

func none(string) bool { return false }

func TestEachScenarioFromEachSource(t *testing.T) {
	full := see(t, ami.NewCalls("pbx"), messages(t, unpack(t, "ast20-local.ami.txt")))
	least := see(t, ami.NewCalls("pbx"), messages(t, unpack(t, "ast20-local.ami-min.txt")))
	var log []phone.CallEvent
	for _, e := range logged(t, unpack(t, "ast20.queue_log")) {
		if e.At.Unix() >= 1795388550 && e.At.Unix() < 1795388900 { // the second pass, which the sessions saw
			log = append(log, e)
		}
	}
	// The log has neither the call that a full queue refused nor the one out of hours.
	unlogged := func(n string) bool { return n == "0981234510" || n == "0981234512" }
	check(t, "the full session", folded(full), none)
	check(t, "the least session", folded(least), func(n string) bool { return scenarios[n].logOnly })
	check(t, "the log", folded(log), unlogged)
	check(t, "session and log", folded(append(append([]phone.CallEvent(nil), log...), full...)), none)
	check(t, "least session and log", folded(append(append([]phone.CallEvent(nil), least...), log...)), unlogged)

	want := folded(append(append([]phone.CallEvent(nil), full...), log...))
	for seed := uint64(1); seed <= 200; seed++ {
		r := rand.New(rand.NewPCG(seed, 9))
		es := append(append([]phone.CallEvent(nil), full...), log...)
		es = append(append(es, full...), log...) // twice
		r.Shuffle(len(es), func(i, j int) { es[i], es[j] = es[j], es[i] })
		if got := folded(es); !reflect.DeepEqual(got, want) {
			t.Fatalf("seed %d: shuffled and told twice, the calls come out otherwise", seed)
		}
	}
}

func TestTheLinesThatTheProductAsksForMakeBusyVisible(t *testing.T) {
	full := folded(see(t, ami.NewCalls("pbx"), messages(t, unpack(t, "ast22-puntofin.ami.txt"))))
	least := folded(see(t, ami.NewCalls("pbx"), messages(t, unpack(t, "ast22-puntofin.ami-min.txt"))))
	log := folded(logged(t, unpack(t, "ast22-puntofin.queue_log")))
	for id, want := range map[string]phone.Outcome{"1795389394.102": phone.Busy, "1795389407.110": phone.Overflow, "1795389393.98": phone.Abandoned} {
		for source, cs := range map[string]map[string]phone.Call{"full": full, "log": log} {
			if got := cs[id]; got.Outcome != want || got.Queue != "mesa" {
				t.Errorf("%s: %s ended %v in %q, not %v in mesa", source, id, got.Outcome, got.Queue, want)
			}
		}
		// The least session of the capture may not see what the dialplan says.
		if got := least[id]; want != phone.Busy && got.Outcome != want {
			t.Errorf("least: %s ended %v, not %v", id, got.Outcome, want)
		}
	}
}

func TestASIPPhonesCall(t *testing.T) {
	cs := folded(see(t, ami.NewCalls("pbx"), messages(t, unpack(t, "ast20-sip.ami.txt"))))
	c := cs["1795388967.197"]
	if len(cs) != 1 || c.Agent != "Carla Ruiz" || c.Dialled != "5001" || !near(c.Wait, 1.5) || !near(c.Talk, 14) || c.Outcome != phone.Completed || c.Rank != phone.FromLive {
		t.Errorf("it came out as %+v of %d", c, len(cs))
	}
}

// The link is cut at each message, and either goes on with what is remembered or is
// taken over by another workstation that knows only the events told so far.
func TestTheLinkIsCutAtEachMessage(t *testing.T) {
	for _, file := range []string{"ast20-local.ami-min.txt", "ast22-puntofin.ami.txt", "ast20-sip.ami.txt"} {
		text := unpack(t, file)
		ms := messages(t, text)
		whole := see(t, ami.NewCalls("pbx"), ms)
		want := folded(whole)
		// at[i] is how many events the first i messages told.
		at := make([]int, 1, len(ms)+1)
		one := ami.NewCalls("pbx")
		for i := range ms {
			es, err := one.See(&ms[i], time.Time{})
			if err != nil {
				t.Fatal(err)
			}
			at = append(at, at[i]+len(es))
		}
		if at[len(ms)] != len(whole) {
			t.Fatal("the same messages told other events")
		}
		for i := range ms {
			told := whole[:at[i]]
			// Only the calls around the cut can differ; the next minute is enough.
			end := min(len(ms), i+400)
			taken := see(t, ami.NewCalls("pbx", told...), ms[i:end])
			got := folded(append(append(append([]phone.CallEvent(nil), told...), taken...), whole[at[end]:]...))
			for id, w := range want {
				g := got[id]
				if g.Outcome == phone.Unknown && cut(&ms[i]).Add(time.Second).After(w.EndedAt) {
					g.Outcome = w.Outcome // whether the caller hung up just before, nobody can know
				}
				if g.Outcome != w.Outcome || g.Agent != w.Agent || g.Answered() != w.Answered() || !near(g.Wait, w.Wait.Seconds()) || !near(g.Talk, w.Talk.Seconds()) || g.RingFails != w.RingFails {
					t.Fatalf("%s cut before message %d (line %d): call %s came out as %+v, not %+v", file, i, ms[i].Line, id, g, w)
				}
			}
			if len(got) != len(want) {
				t.Fatalf("%s cut before message %d: %d calls, not %d", file, i, len(got), len(want))
			}
		}
	}
}

// cut is the instant of a message; of one without, long ago.
func cut(m *ami.Message) time.Time { return m.At() }

// A stream that is read in two pieces gives the messages of the whole.
func TestAStreamCutBetweenMessagesReadsOn(t *testing.T) {
	text := unpack(t, "ast20-sip.ami.txt")
	want := messages(t, text)
	n := 0
	for from := 0; ; {
		i := bytes.Index(text[from:], []byte("\r\n\r\n"))
		if i < 0 {
			break
		}
		from += i + 4
		got := append(messages(t, text[:from]), messages(t, text[from:])...)
		if n++; len(got) != len(want) {
			t.Fatalf("cut at byte %d: %d messages, not %d", from, len(got), len(want))
		}
	}
	if n < 50 {
		t.Fatalf("it was cut at %d places alone", n)
	}
}

func TestAfterALostLinkTheListsEndWhatIsGone(t *testing.T) {
	ms := messages(t, unpack(t, "ast20-local.ami-min.txt"))
	c := ami.NewCalls("pbx")
	var events []phone.CallEvent
	for i := range ms { // up to the call that the lists show: 17 waits, 16 talks
		es, err := c.See(&ms[i], time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		events = append(events, es...)
		if ms[i].Event() == "QueueCallerJoin" && ms[i].Get("Uniqueid") == "1795388696.191" {
			break
		}
	}
	now := time.Unix(1795388697, 0)
	for _, m := range messages(t, unpack(t, "ast20-local.resync.txt")) {
		es, err := c.See(&m, now)
		if err != nil {
			t.Fatal(err)
		}
		events = append(events, es...)
	}
	cs := folded(events)
	if w := cs["1795388696.191"]; w.Outcome != phone.NoOutcome || w.QueuedAt.IsZero() {
		t.Errorf("the caller who waits came out as %+v", w)
	}
	if w := cs["1795388694.187"]; w.Outcome != phone.NoOutcome || !w.Answered() {
		t.Errorf("the call that goes on came out as %+v", w)
	}
	// An exchange with no channel at all has ended both, nobody knows how.
	var none ami.Message
	r := ami.NewReader(strings.NewReader("Event: CoreShowChannelsComplete\r\nListItems: 0\r\n\r\n"))
	none, err := r.Next()
	if err != nil {
		t.Fatal(err)
	}
	es, err := c.See(&none, now.Add(time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	events = append(events, es...)
	for _, id := range []string{"1795388696.191", "1795388694.187"} {
		if got := folded(events)[id].Outcome; got != phone.Unknown {
			t.Errorf("%s ended %v, not unknown", id, got)
		}
	}
	// The log knows better.
	events = append(events, logged(t, unpack(t, "ast20.queue_log"))...)
	if a, b := folded(events)["1795388696.191"], folded(events)["1795388694.187"]; a.Outcome != phone.Abandoned || b.Outcome != phone.Completed || !near(b.Talk, 23) || !near(a.Wait, 20) {
		t.Errorf("with the log they came out as %+v and %+v", a, b)
	}
}

// A caller who is found waiting is one that came while nobody listened.
func TestALinkThatComesLateFindsWhoWaits(t *testing.T) {
	c := ami.NewCalls("pbx")
	var events []phone.CallEvent
	now := time.Unix(1795388700, 0)
	for _, m := range messages(t, unpack(t, "ast20-local.resync.txt")) {
		es, err := c.See(&m, now)
		if err != nil {
			t.Fatal(err)
		}
		events = append(events, es...)
	}
	got := folded(events)
	if len(got) != 1 || got["1795388696.191"].Caller != "0981234517" {
		t.Errorf("it found %+v", got)
	}
}

func TestRecordedMessagesOfAnotherProjectAreRead(t *testing.T) {
	n := 0
	for _, name := range []string{"agent_loggued_in", "agent_not_in_pause", "originate_with_events", "queue_status", "pjsip_show_endpoint", "login_ok", "ping"} {
		var text strings.Builder
		if _, err := outside.Open(t, "asterisk-fixtures/panoramisk/"+name+".yaml").WriteTo(&text); err != nil {
			t.Fatal(err)
		}
		c := ami.NewCalls("pbx")
		r := ami.NewReader(strings.NewReader(text.String() + "\n\n"))
		for {
			m, err := r.Next()
			if err == io.EOF {
				break
			}
			var row *phone.RowError
			if err != nil && !errors.As(err, &row) {
				t.Fatalf("%s: %v", name, err)
			}
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			n++
			if _, err := c.See(&m, time.Unix(1795388700, 0)); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	if n < 500 {
		t.Errorf("%d messages alone were read", n)
	}
}
