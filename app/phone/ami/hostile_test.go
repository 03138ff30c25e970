package ami_test

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"

	"punto/app/phone"
	"punto/app/phone/ami"
)

// most is how many bytes a hostile exchange may cost.
const most = 16 << 20

// flood is a stream that is made while it is read, and looks now and then at what
// its reader holds.
type flood struct {
	next func(i int) string
	look func()
	i, n int
	rest string
}

func (f *flood) Read(p []byte) (int, error) {
	if f.rest == "" {
		if f.rest = f.next(f.i); f.rest == "" {
			return 0, io.EOF
		}
		f.i++
	}
	n := copy(p, f.rest)
	f.rest = f.rest[n:]
	if f.n += n; f.look != nil && f.n > 8<<20 {
		f.n = 0
		f.look()
	}
	return n, nil
}

// drink reads a stream to its end and tells what was said of it, how many events it
// told, and how far the heap grew at most.
func drink(t *testing.T, r io.Reader) (told []string, events int, grew uint64, end error) {
	t.Helper()
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	before := m.HeapAlloc
	in, calls := ami.NewReader(r), ami.NewCalls("pbx")
	look := func() {
		runtime.GC()
		runtime.ReadMemStats(&m)
		grew = max(grew, m.HeapAlloc-min(before, m.HeapAlloc))
	}
	if f, ok := r.(*flood); ok {
		f.look = look
	}
	for {
		msg, err := in.Next()
		var row *phone.RowError
		switch {
		case errors.As(err, &row):
			told = append(told, row.Reason)
		case err == io.EOF:
			look()
			runtime.KeepAlive(calls)
			return told, events, grew, nil
		case err != nil:
			look()
			return told, events, grew, err
		default:
			es, err := calls.See(&msg, time.Time{})
			if events += len(es); err != nil && len(told) < 1000 {
				told = append(told, err.Error())
			}
		}
	}
}

const good = "Event: QueueCallerJoin\r\nTimestamp: 1795388574.5\r\nUniqueid: 9.9\r\nQueue: mesa\r\nCallerIDNum: 0981\r\n\r\n"

func TestAHostileExchangeCostsLittleAndIsTold(t *testing.T) {
	long := strings.Repeat("x", 60<<10)
	id := func(i int) string { return fmt.Sprintf("%0120d.%d", i, i) }
	for _, x := range []struct {
		name   string
		next   func(i int) string
		says   string
		fatal  bool
		events int
	}{
		{"a line without end", func(i int) string { return long }, "", true, 0},
		{"a line of 32 MB, and then a good message", func(i int) string {
			switch {
			case i == 0:
				return "Event: Hangup\r\nX: "
			case i < 550:
				return long
			case i == 550:
				return "\r\n\r\n" + good
			}
			return ""
		}, "a line is longer than", false, 1},
		{"a million headers, and then a good message", func(i int) string {
			switch {
			case i == 0:
				return "Event: Hangup\r\n"
			case i <= 1_000_000:
				return fmt.Sprintf("Header%d: value\r\n", i)
			case i == 1_000_001:
				return "\r\n" + good
			}
			return ""
		}, "more than 512 lines", false, 1},
		{"headers without end", func(i int) string { return "Header: value\r\n" }, "", true, 0},
		{"many long headers", func(i int) string {
			switch {
			case i < 500:
				return "H: " + long[:15<<10] + "\r\n"
			case i == 500:
				return "\r\n" + good
			}
			return ""
		}, "the message is longer", false, 1},
		{"line feeds alone in a stream of CR LF", func(i int) string {
			if i == 0 {
				return good
			}
			return "a: b\n"
		}, "", true, 1},
		{"channels that never end", func(i int) string {
			if i >= 60_000 {
				return ""
			}
			return "Event: Newchannel\r\nTimestamp: 1795388574.5\r\nUniqueid: " + id(i) + "\r\nExten: " + long[:100] + "\r\nJunk: " + long[:500] + "\r\n\r\n"
		}, "", false, 0},
		{"calls that never leave the queue, each in its own", func(i int) string {
			if i >= 40_000 {
				return ""
			}
			return "Event: QueueCallerJoin\r\nTimestamp: 1795388574.5\r\nUniqueid: " + id(i) + "\r\nLinkedid: L" + id(i)[1:] + "\r\nQueue: " + id(i) + "\r\nCallerIDNum: " + long[:400] + "\r\n\r\n"
		}, "", false, 40_000},
		{"agents without end who ring for one call", func(i int) string {
			if i >= 40_000 {
				return ""
			}
			return "Event: AgentCalled\r\nTimestamp: 1795388574.5\r\nUniqueid: 1.1\r\nQueue: " + id(i) + "\r\nMemberName: " + id(i) + "\r\n\r\n"
		}, "", false, 40_000},
		{"agents without end who pause", func(i int) string {
			if i >= 40_000 {
				return ""
			}
			return "Event: QueueMemberPause\r\nTimestamp: 1795388574.5\r\nQueue: mesa\r\nPaused: 1\r\nPausedReason: " + long[:500] + "\r\nMemberName: " + id(i) + "\r\n\r\n"
		}, "", false, 40_000},
		{"agents without end who talk", func(i int) string {
			if i >= 40_000 {
				return ""
			}
			return "Event: AgentConnect\r\nTimestamp: 1795388574.5\r\nUniqueid: 1.1\r\nQueue: mesa\r\nMemberName: " + id(i) + "\r\n\r\n"
		}, "", false, 40_000},
		{"agents without end, each in many queues, who pause", func(i int) string {
			if i >= 60_000 {
				return ""
			}
			return "Event: QueueMemberPause\r\nTimestamp: 1795388574.5\r\nQueue: " + id(i) + "\r\nPaused: 1\r\nMemberName: " + id(i/50) + "\r\n\r\n"
		}, "", false, 60_000},
		{"agents without end who ring for many calls", func(i int) string {
			if i >= 60_000 {
				return ""
			}
			return "Event: AgentCalled\r\nTimestamp: 1795388574.5\r\nUniqueid: " + id(i/50) + "\r\nQueue: mesa\r\nMemberName: " + id(i) + "\r\n\r\n"
		}, "", false, 60_000},
	} {
		t.Run(x.name, func(t *testing.T) {
			told, events, grew, err := drink(t, &flood{next: x.next})
			if grew > most {
				t.Errorf("it cost %d bytes: at most %d are allowed", grew, most)
			}
			if x.fatal != errors.Is(err, ami.ErrEndless) {
				t.Errorf("it ended with %v", err)
			}
			if x.says != "" && (len(told) == 0 || !strings.Contains(told[0], x.says)) {
				t.Errorf("it was told %q, not %q", told, x.says)
			}
			if events < x.events {
				t.Errorf("%d events, not %d: what is good in it was lost", events, x.events)
			}
			t.Logf("%d bytes", grew)
		})
	}
}

// What comes after a bad message is read, and what a value smuggles in changes no
// other value.
func TestWhatIsOddIsToldAndTheRestIsRead(t *testing.T) {
	const stamp = "Timestamp: 1795388574.5\r\n"
	for _, x := range []struct{ name, text, says string }{
		{"CR LF in a value", "Event: QueueCallerJoin\r\n" + stamp + "Uniqueid: 1.1\r\nQueue: mesa\r\nCallerIDNum: 0981\r\nCallerIDName: Eva\r\nQueue: otra\r\nUniqueid: 2.2\r\nno header\r\n\r\n", `no "key: value"`},
		{"a time that goes back", "Event: QueueCallerJoin\r\nTimestamp: 1795398574.5\r\nUniqueid: 8.8\r\nQueue: x\r\n\r\nEvent: QueueCallerJoin\r\n" + stamp + "Uniqueid: 1.1\r\nQueue: mesa\r\n\r\n", "went back"},
		{"a time that is none", "Event: QueueCallerJoin\r\nTimestamp: x\r\nUniqueid: 8.8\r\n\r\nEvent: QueueCallerJoin\r\n" + stamp + "Uniqueid: 1.1\r\nQueue: mesa\r\n\r\n", "is no time"},
		{"a time in another age", "Event: QueueCallerJoin\r\nTimestamp: 99999999999.5\r\nUniqueid: 8.8\r\n\r\nEvent: QueueCallerJoin\r\n" + stamp + "Uniqueid: 1.1\r\nQueue: mesa\r\n\r\n", "between the years"},
		{"no time at all", "Event: QueueCallerJoin\r\nUniqueid: 8.8\r\n\r\nEvent: QueueCallerJoin\r\n" + stamp + "Uniqueid: 1.1\r\nQueue: mesa\r\n\r\n", "timestampevents"},
		{"an id that is too long", "Event: QueueCallerJoin\r\n" + stamp + "Uniqueid: " + strings.Repeat("8", 200) + "\r\n\r\nEvent: QueueCallerJoin\r\n" + stamp + "Uniqueid: 1.1\r\nQueue: mesa\r\n\r\n", "200 bytes"},
		{"a block that is no message", "garbage\r\nmore\r\n\r\nEvent: QueueCallerJoin\r\n" + stamp + "Uniqueid: 1.1\r\nQueue: mesa\r\n\r\n", `no "key: value"`},
		{"the middle of a message", "Event: QueueCallerJoin\r\n" + stamp + "Uniqueid: 1.1\r\nQueue: mesa\r\n\r\nEvent: Hangup\r\nUniqueid: 1.1", "in the middle"},
	} {
		told, _, _, err := drink(t, strings.NewReader(x.text))
		if err != nil || len(told) != 1 || !strings.Contains(told[0], x.says) {
			t.Errorf("%s: told %q and %v, not %q", x.name, told, err, x.says)
		}
		c := folded(eventsOf(t, x.text))["1.1"]
		if c.Queue != "mesa" || c.Outcome != phone.NoOutcome {
			t.Errorf("%s: the good call came out as %+v", x.name, c)
		}
	}
	// A line feed within a value is a space.
	if c := folded(eventsOf(t, "Event: QueueCallerJoin\r\n"+stamp+"Uniqueid: 1.1\r\nQueue: mesa\r\nCallerIDName: Eva\nQueue: otra\r\n\r\n"))["1.1"]; c.Name != "Eva Queue: otra" {
		t.Errorf("the name came out as %q", c.Name)
	}
}

func eventsOf(t *testing.T, text string) (out []phone.CallEvent) {
	t.Helper()
	r, c := ami.NewReader(strings.NewReader(text)), ami.NewCalls("pbx")
	for {
		m, err := r.Next()
		if err == io.EOF {
			return out
		}
		var row *phone.RowError
		if err != nil && !errors.As(err, &row) {
			t.Fatal(err)
		}
		if err == nil {
			es, _ := c.See(&m, time.Time{}) // what is odd was told above
			out = append(out, es...)
		}
	}
}

// Asterisk 11 has other names.
func TestAnOldExchangesNames(t *testing.T) {
	const old = "Event: Join\r\nTimestamp: 1795388574.5\r\nChannel: SIP/t-1\r\nCallerIDNum: 0981\r\nQueue: mesa\r\nPosition: 1\r\nCount: 1\r\nUniqueid: 1.1\r\n\r\n" +
		"Event: AgentCalled\r\nTimestamp: 1795388575.5\r\nQueue: mesa\r\nAgentCalled: SIP/201\r\nAgentName: Ana\r\nUniqueid: 1.1\r\n\r\n" +
		"Event: Leave\r\nTimestamp: 1795388577.5\r\nQueue: mesa\r\nUniqueid: 1.1\r\n\r\n" +
		"Event: AgentConnect\r\nTimestamp: 1795388577.5\r\nQueue: mesa\r\nUniqueid: 1.1\r\nMember: SIP/201\r\nMemberName: Ana\r\nHoldtime: 3\r\nRingtime: 2\r\n\r\n" +
		"Event: AgentComplete\r\nTimestamp: 1795388587.5\r\nQueue: mesa\r\nUniqueid: 1.1\r\nMember: SIP/201\r\nMemberName: Ana\r\nHoldTime: 3\r\nTalkTime: 10\r\nReason: agent\r\n\r\n" +
		"Event: QueueMemberPaused\r\nTimestamp: 1795388590\r\nQueue: mesa\r\nLocation: SIP/201\r\nMemberName: Ana\r\nPaused: 1\r\nReason: almuerzo\r\n\r\n"
	es := eventsOf(t, old)
	c := folded(es)["1.1"]
	if c.Agent != "Ana" || c.Wait != 3*time.Second || c.Ring != 2*time.Second || c.Talk != 10*time.Second || c.Outcome != phone.Completed || c.Caller != "0981" {
		t.Errorf("the call came out as %+v", c)
	}
	if e := es[len(es)-1]; e.Key.Kind != phone.AgentPaused || e.Key.UniqueID != "Ana" || e.Reason != "almuerzo" {
		t.Errorf("the break came out as %+v", e)
	}
}

// A site's own words say how a call ended.
func TestASitesOwnMarks(t *testing.T) {
	const text = "Event: UserEvent\r\nTimestamp: 1795388574.5\r\nUserEvent: Nadie\r\nUniqueid: 1.1\r\nCallerIDNum: 0981\r\n\r\n"
	if es := eventsOf(t, text); len(es) != 0 {
		t.Errorf("a word of nobody's told %v", es)
	}
	c := ami.NewCalls("pbx")
	c.Marks = map[string]phone.Outcome{"Nadie": phone.Closed}
	m, err := ami.NewReader(strings.NewReader(text)).Next()
	if err != nil {
		t.Fatal(err)
	}
	es, err := c.See(&m, time.Time{})
	if got := folded(es)["1.1"]; err != nil || got.Outcome != phone.Closed || got.Caller != "0981" || got.Doubts != 0 {
		t.Errorf("it came out as %+v, %v", got, err)
	}
}

// What two calls of a transfer, a refusal and a second queue leave are one call with
// its legs.
func TestACallThatGoesFromQueueToQueue(t *testing.T) {
	say := func(at int, event, rest string) string {
		return fmt.Sprintf("Event: %s\r\nTimestamp: %d.0\r\nUniqueid: 1.1\r\nLinkedid: 1.1\r\n%s\r\n\r\n", event, 1795388500+at, rest)
	}
	text := say(0, "Newchannel", "Exten: 600") +
		say(4, "VarSet", "Variable: QUEUESTATUS\r\nValue: FULL") + say(4, "UserEvent", "UserEvent: PuntoFin\r\nQueue: vip\r\nEstado: FULL") +
		say(5, "QueueCallerJoin", "Queue: mesa\r\nCallerIDNum: 0981") +
		say(25, "QueueCallerAbandon", "Queue: mesa\r\nHoldTime: 20") + say(25, "VarSet", "Variable: QUEUESTATUS\r\nValue: TIMEOUT") +
		say(26, "QueueCallerJoin", "Queue: n2") + say(36, "AgentConnect", "Queue: n2\r\nMemberName: Ana") +
		say(96, "AgentComplete", "Queue: n2\r\nMemberName: Ana") + say(97, "Hangup", "")
	es := eventsOf(t, text)
	c := phone.Fold(es)
	if c.Outcome != phone.Completed || c.Wait != 30*time.Second || c.Talk != time.Minute || c.Menu != 5*time.Second || c.Agent != "Ana" || c.Dialled != "600" {
		t.Errorf("it came out as %+v", c)
	}
	// The log of the same numbers its entries alike.
	const log = "1795388504|1.1|vip|NONE|PUNTOFIN|FULL\n1795388505|1.1|mesa|NONE|ENTERQUEUE||0981|1\n1795388525|1.1|mesa|NONE|EXITWITHTIMEOUT|1|1|20\n1795388525|1.1|mesa|NONE|PUNTOFIN|TIMEOUT\n" +
		"1795388526|1.1|n2|NONE|ENTERQUEUE||0981|1\n1795388536|1.1|n2|Ana|CONNECT|10|x|2\n1795388596|1.1|n2|Ana|COMPLETECALLER|10|60|1\n"
	both := phone.Fold(append(es, logged(t, []byte(log))...))
	if both.Wait != c.Wait || both.Talk != c.Talk || both.Outcome != c.Outcome || both.RingFails != 0 {
		t.Errorf("with the log it came out as %+v", both)
	}
	if l := phone.Fold(logged(t, []byte(log))); l.Wait != c.Wait || l.Talk != c.Talk {
		t.Errorf("from the log alone it came out as %+v", l)
	}
}

func FuzzMessages(f *testing.F) {
	f.Add(good)
	f.Add("Asterisk Call Manager/9.0.0\r\nResponse: Success\r\n\r\n" + good + "Event: AgentConnect\r\nTimestamp: 1795388576.25\r\nUniqueid: 9.9\r\nQueue: mesa\r\nMemberName: Ana\r\nHoldTime: 2\r\n\r\n" +
		"Event: Hold\r\nTimestamp: 1795388577\r\nUniqueid: 9.9\r\n\r\nEvent: BlindTransfer\r\nTimestamp: 1795388578\r\nTransfereeUniqueid: 9.9\r\nExtension: 6\r\n\r\nEvent: Hangup\r\nTimestamp: 1\r\nUniqueid: 9.9\r\n\r\n")
	f.Add("Event: VarSet\nTimestamp: 1795388574\nVariable: QUEUESTATUS\nValue: FULL\nUniqueid: 1\n\nEvent: UserEvent\nTimestamp: 1795388574\nUserEvent: PuntoFin\nEstado: TIMEOUT\nUniqueid: 1\n\n")
	f.Add("Event: QueueEntry\r\nTimestamp: 1795388574\r\nUniqueid: 1\r\nWait: 99\r\n\r\nEvent: CoreShowChannelsComplete\r\n\r\n")
	f.Fuzz(func(t *testing.T, text string) {
		r, c := ami.NewReader(strings.NewReader(text)), ami.NewCalls("pbx")
		by := map[string][]phone.CallEvent{}
		for {
			m, err := r.Next()
			var row *phone.RowError
			if err != nil && !errors.As(err, &row) {
				break
			}
			if err != nil {
				continue
			}
			es, _ := c.See(&m, time.Time{}) // a bad message is told; the next must do
			for _, e := range es {
				if e.Key.UniqueID == "" || e.At.IsZero() || !e.Key.Kind.Valid() || len(e.Key.UniqueID) > phone.MaxID {
					t.Fatalf("an event that is none came out: %+v", e)
				}
				by[e.Key.UniqueID] = append(by[e.Key.UniqueID], e)
			}
		}
		for _, es := range by {
			call := phone.Fold(es)
			for _, d := range []time.Duration{call.Menu, call.Wait, call.Ring, call.Talk, call.Hold} {
				if d < 0 || d > phone.MaxDuration {
					t.Fatalf("a duration of %v was let through: %+v", d, call)
				}
			}
		}
	})
}
