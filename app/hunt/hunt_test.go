package hunt_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"punto/app/desk"
	"punto/app/hunt"
	"punto/app/phone"
)

var t0 = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)

func at(sec int) time.Time { return t0.Add(time.Duration(sec) * time.Second) }

// hall is a board with its queues, and all that it has said.
type hall struct {
	*testing.T
	*hunt.Board
	events []phone.CallEvent
	closed map[string]bool
}

func newHall(t *testing.T, queues ...hunt.Queue) *hall {
	h := &hall{T: t, closed: map[string]bool{}}
	h.Board = hunt.New("mesa", func(q string, _ time.Time) bool { return !h.closed[q] })
	h.Set(queues)
	return h
}

// does is what is to be done now, in short.
func (h *hall) does() string {
	acts, events := h.Outcome()
	h.events = append(h.events, events...)
	names := map[hunt.ActKind]string{hunt.Take: "take", hunt.Refuse: "refuse", hunt.Shut: "shut", hunt.Ring: "ring", hunt.Stop: "stop", hunt.Join: "join", hunt.Hang: "hang", hunt.Drop: "drop", hunt.Pass: "pass"}
	var out []string
	for _, a := range acts {
		out = append(out, strings.TrimSpace(names[a.Do]+" "+a.Call+" "+a.Extension))
	}
	return strings.Join(out, ", ")
}

func (h *hall) want(doing string) {
	h.Helper()
	if got := h.does(); got != doing {
		h.Errorf("to be done is %q, not %q", got, doing)
	}
}

func (h *hall) call(id string) phone.Call {
	var es []phone.CallEvent
	for _, e := range h.events {
		if e.Key.UniqueID == id {
			es = append(es, e)
		}
	}
	return phone.Fold(es)
}

func agentOf(ext string, since int, langs ...string) hunt.Agent {
	return hunt.Agent{Extension: ext, Name: "agent " + ext, Langs: langs, Since: at(since)}
}

var mesa = hunt.Queue{Name: "mesa", Number: "700", Limit: 2, MostWait: time.Minute, Ring: 15 * time.Second, WrapUp: 10 * time.Second}

// staffed is a hall with 101, who has been free since second 0, and 102, since second 5.
func staffed(t *testing.T, queues ...hunt.Queue) *hall {
	h := newHall(t, queues...)
	h.Staff([]hunt.Agent{agentOf("102", 5), agentOf("101", 0)}, at(6))
	h.Phone("101", true, at(6))
	h.Phone("102", true, at(6))
	h.want("")
	return h
}

func TestTheLongestIdleAgentIsRung(t *testing.T) {
	h := staffed(t, mesa)
	h.Offer("a", "4471", "Rosa", "700", at(10))
	h.want("take a, ring a 101")
	h.Answered("a", "101", at(14))
	h.want("join a 101")
	h.Gone("a", at(44))
	h.want("drop a 101")
	if c := h.call("a"); c.Outcome != phone.Completed || c.Wait != 4*time.Second || c.Talk != 30*time.Second || c.Agent != "agent 101" || c.WrapUp != 10*time.Second || c.Ring != 4*time.Second || c.Doubts != 0 || c.Name != "Rosa" || c.Dialled != "700" {
		t.Errorf("it was %+v", c)
	}
	h.Offer("b", "1", "", "700", at(45)) // 101 wraps up; and 102 has been free for longest
	h.want("take b, ring b 102")
	h.Offer("c", "2", "", "700", at(46))
	h.want("take c")
	if n := h.Next(); !n.Equal(at(54)) {
		t.Errorf("next something falls due at %v, not when 101 has wrapped up", n)
	}
	h.Due(at(53))
	h.want("")
	h.Due(at(54))
	h.want("ring c 101")
}

func TestARingThatNobodyAnswersGoesOn(t *testing.T) {
	h := staffed(t, mesa)
	h.Offer("a", "4471", "", "700", at(10))
	h.want("take a, ring a 101")
	h.Due(at(25))
	h.want("stop a 101, ring a 102")
	h.RingFailed("a", "102", at(26)) // declined, dead or busy
	h.want("")
	h.Due(at(30))
	h.want("ring a 101")
	h.Answered("a", "102", at(31)) // too late
	h.want("drop a 102")
	h.Answered("a", "101", at(32))
	h.want("join a 101")
	h.Left("a", "101", at(40))
	h.want("hang a")
	if c := h.call("a"); c.RingFails != 2 || c.Wait != 22*time.Second || c.Talk != 8*time.Second || c.Outcome != phone.Completed || c.Ring != 2*time.Second {
		t.Errorf("it was %+v", c)
	}
}

func TestAnAgentTakesNoCallThatMayNotBeRung(t *testing.T) {
	lang := mesa
	lang.Lang, lang.Group = "qu", desk.ID{4}
	for name, x := range map[string]struct {
		a     hunt.Agent
		phone bool
		rung  bool
	}{
		"with all":            {hunt.Agent{Extension: "101", Langs: []string{"es", "qu"}, Groups: []desk.ID{{4}}}, true, true},
		"another language":    {hunt.Agent{Extension: "101", Langs: []string{"es"}, Groups: []desk.ID{{4}}}, true, false},
		"another group":       {hunt.Agent{Extension: "101", Langs: []string{"qu"}, Groups: []desk.ID{{3}}}, true, false},
		"no telephone":        {hunt.Agent{Extension: "101", Langs: []string{"qu"}, Groups: []desk.ID{{4}}}, false, false},
		"who calls":           {hunt.Agent{Extension: "4471", Langs: []string{"qu"}, Groups: []desk.ID{{4}}}, true, false},
		"no extension at all": {hunt.Agent{Langs: []string{"qu"}, Groups: []desk.ID{{4}}}, true, false},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHall(t, lang)
			h.Staff([]hunt.Agent{x.a}, at(0))
			h.Phone(x.a.Extension, x.phone, at(0))
			h.Offer("a", "4471", "", "700", at(1))
			if got := h.does(); strings.Contains(got, "ring") != x.rung {
				t.Errorf("to be done is %q", got)
			}
		})
	}
	h := staffed(t, mesa)
	h.Staff([]hunt.Agent{agentOf("102", 5)}, at(7)) // 101 has a break
	h.Offer("a", "4471", "", "700", at(10))
	h.want("take a, ring a 102")
	h.Staff([]hunt.Agent{agentOf("101", 12), agentOf("102", 5)}, at(12))
	h.Offer("b", "4472", "", "700", at(13))
	h.want("take b, ring b 101")
}

func TestWhoIsOneTooManyIsBusyOrGoesOn(t *testing.T) {
	h := newHall(t, mesa)
	for i := range 3 {
		h.Offer(fmt.Sprint(i), "4471", "", "700", at(i))
	}
	h.want("take 0, take 1, refuse 2")
	if c := h.call("2"); c.Outcome != phone.Busy || c.Wait != 0 || c.Doubts != 0 || c.Queue != "mesa" {
		t.Errorf("it was %+v", c)
	}
	h.Gone("0", at(9))
	h.Due(at(61))
	h.want("hang 1")
	if a, o := h.call("0"), h.call("1"); a.Outcome != phone.Abandoned || a.Wait != 9*time.Second || o.Outcome != phone.Overflow || o.Wait != time.Minute || h.Calls() != 0 {
		t.Errorf("they were %+v and %+v", a, o)
	}
	over, vip := mesa, hunt.Queue{Name: "vip", Number: "701", Overflow: "mesa"}
	over.Overflow, over.Limit = "vip", 1
	h = newHall(t, over, vip)
	h.Offer("a", "1", "", "700", at(0))
	h.Offer("b", "2", "", "700", at(1))
	h.want("take a, take b")
	if c := h.call("b"); c.Queue != "vip" || c.Outcome != phone.NoOutcome {
		t.Errorf("who is one too many is %+v", c)
	}
	h.Due(at(60))
	h.want("")
	if c := h.call("a"); c.Queue != "vip" || c.Outcome != phone.NoOutcome || !c.EndedAt.IsZero() {
		t.Errorf("who waited too long is %+v", c)
	}
	h.Staff([]hunt.Agent{agentOf("101", 0)}, at(70))
	h.Phone("101", true, at(70))
	h.want("ring b 101") // who came to that queue first
	h.Answered("b", "101", at(72))
	h.Gone("b", at(80))
	h.want("join b 101, drop b 101, ring a 101")
	if c := h.call("b"); c.Outcome != phone.Completed || c.Wait.Round(time.Second) != 71*time.Second || c.Talk != 8*time.Second {
		t.Errorf("it was %+v", c)
	}
	h.closed["vip"] = true
	h.Offer("c", "3", "", "701", at(90))
	h.Offer("d", "3", "", "999", at(90))
	h.want("shut c")
	if c := h.call("c"); c.Outcome != phone.Closed || c.Doubts != 0 {
		t.Errorf("out of hours it is %+v", c)
	}
}

func TestATransferGoesToAQueueOrATelephoneAndNowhereElse(t *testing.T) {
	vip := hunt.Queue{Name: "vip", Number: "701", Lang: "en"}
	h := newHall(t, mesa, vip)
	h.Staff([]hunt.Agent{agentOf("101", 0), agentOf("102", 5, "en")}, at(6))
	for _, p := range []string{"101", "102", "300"} {
		h.Phone(p, true, at(6))
	}
	h.Offer("a", "4471", "", "700", at(10))
	h.Answered("a", "101", at(12))
	h.want("take a, ring a 101, join a 101")
	h.Hold("a", "101", true, at(14))
	h.Hold("a", "101", true, at(15))
	h.Hold("a", "101", false, at(18))
	for _, no := range []string{"0981234567", "", "101", "999"} {
		if h.Transfer("a", "101", no, at(19)) {
			t.Errorf("it was transferred to %q", no)
		}
	}
	if h.want(""); !h.Transfer("a", "101", "701", at(20)) {
		t.Fatal("it was not transferred to a queue")
	}
	h.want("drop a 101, ring a 102")
	h.Answered("a", "102", at(23))
	h.want("join a 102")
	if !h.Transfer("a", "102", "300", at(30)) {
		t.Fatal("it was not transferred to a telephone")
	}
	h.want("drop a 102, pass a 300")
	h.Answered("a", "300", at(31))
	h.want("join a 300")
	h.Gone("a", at(50))
	h.want("drop a 300")
	if c := h.call("a"); c.Outcome != phone.Completed || c.Wait != 2*time.Second || c.Hold != 4*time.Second || c.Talk != 4*time.Second+7*time.Second || c.Agent != "agent 102" || c.To != "300" || c.Queue != "vip" {
		t.Errorf("it was %+v", c)
	}
	h.Offer("b", "4471", "", "700", at(60))
	h.Answered("b", "101", at(61))
	h.Transfer("b", "101", "300", at(62))
	h.does()
	h.RingFailed("b", "300", at(70))
	h.want("hang b")
}

// Whatever happens in whatever order: an agent has one call at most, every call ends once,
// and of the agents that could be rung the one that is has been without a call for
// longest, as counted a second time here.
func TestWhateverHappensTheBoardIsRight(t *testing.T) {
	for range 300 {
		seed := rand.Uint64()
		r := rand.New(rand.NewPCG(seed, 1))
		h := newHall(t, hunt.Queue{Name: "mesa", Number: "700", Limit: 3, MostWait: 40 * time.Second, Ring: 10 * time.Second, WrapUp: 5 * time.Second, Overflow: "vip"}, hunt.Queue{Name: "vip", Number: "701", Limit: 2, MostWait: 30 * time.Second})
		exts := []string{"101", "102", "103"}
		rung, talking, idle := map[string]string{}, map[string]string{}, map[string]time.Time{}
		var open []string
		ended := map[string]int{}
		var staff []hunt.Agent
		for i, x := range exts {
			staff, idle[x] = append(staff, agentOf(x, i)), at(i)
			h.Phone(x, true, at(0))
		}
		h.Staff(staff, at(5))
		rests, tried := map[string]time.Time{}, map[string]time.Time{}
		follow := func(now time.Time) {
			acts, events := h.Outcome()
			h.events = append(h.events, events...)
			for _, e := range events {
				x := strings.TrimPrefix(e.Agent, "agent ")
				switch e.Key.Kind {
				case phone.RingFailed:
					rests[x], tried[e.Key.UniqueID+x] = now.Add(5*time.Second), now
					delete(rung, x)
				case phone.Queued:
					for _, x := range exts {
						delete(tried, e.Key.UniqueID+x)
					}
				case phone.Ended:
					if e.Outcome != phone.Overflow {
						ended[e.Key.UniqueID]++
					}
					if x != "" {
						idle[x] = now.Add(e.WrapUp)
						rests[x] = now.Add(e.WrapUp)
						delete(talking, x)
					}
				}
			}
			for _, a := range acts {
				switch a.Do {
				case hunt.Ring:
					if rung[a.Extension]+talking[a.Extension] != "" {
						t.Fatalf("seed %d: %s is rung twice", seed, a.Extension)
					}
					for _, x := range exts {
						if rung[x]+talking[x] != "" || now.Before(rests[x]) {
							continue
						}
						if c := tried[a.Call+x].Compare(tried[a.Call+a.Extension]); c < 0 || c == 0 && idle[x].Before(idle[a.Extension]) {
							t.Fatalf("seed %d: %s rings for %s, and %s has been free for longer", seed, a.Extension, a.Call, x)
						}
					}
					rung[a.Extension] = a.Call
				case hunt.Stop:
					if rung[a.Extension] == a.Call {
						delete(rung, a.Extension)
					}
				case hunt.Join:
					talking[a.Extension] = a.Call
					delete(rung, a.Extension)
				}
			}
		}
		for i := range 200 {
			now := at(10 + i)
			switch k := r.IntN(6); {
			case k == 0:
				id := fmt.Sprint(i)
				h.Offer(id, "4471", "", []string{"700", "701"}[r.IntN(2)], now)
				open = append(open, id)
			case k == 1 && len(open) > 0:
				j := r.IntN(len(open))
				h.Gone(open[j], now)
				open = slices.Delete(open, j, j+1)
			case k == 2:
				if x := exts[r.IntN(3)]; rung[x] != "" {
					h.Answered(rung[x], x, now)
				}
			case k == 3:
				if x := exts[r.IntN(3)]; rung[x] != "" {
					h.RingFailed(rung[x], x, now)
				}
			default:
				h.Due(now)
			}
			follow(now)
		}
		h.Close(at(211))
		follow(at(211))
		calls := map[string]bool{}
		for _, e := range h.events {
			calls[e.Key.UniqueID] = true
		}
		for id := range calls {
			if c := h.call(id); c.Outcome == phone.NoOutcome || ended[id] > 1 || c.Wait > 2*time.Minute {
				t.Fatalf("seed %d: call %s ended %d times: %+v", seed, id, ended[id], c)
			}
		}
		if h.Calls() != 0 || len(rung)+len(talking) != 0 {
			t.Fatalf("seed %d: %d calls go on, %v ring, %v talk", seed, h.Calls(), rung, talking)
		}
	}
}
