package floor_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/phone"
	"punto/app/rooms/roomtest"
)

// history is the raw events of some calls that begin within a span up to an instant, in
// the order of their times; each is answered by one of some agents, or lost.
func history(dice *rand.Rand, calls int, until time.Time, span time.Duration, agents []string) (all []phone.CallEvent) {
	for i := range calls {
		at := until.Add(-time.Duration(dice.Int64N(int64(span)))).Truncate(time.Second)
		tell := func(k phone.EventKind, after time.Duration, e phone.CallEvent) {
			e.Key, e.At, e.Rank = phone.Key{PBX: "central", UniqueID: fmt.Sprint("c", i), Kind: k}, at.Add(after), phone.FromLive
			if k != phone.Offered && k != phone.Ended {
				e.Key.Queue, e.Key.Entry = "mesa", 1
			}
			all = append(all, e)
		}
		waits, talks := time.Duration(2+dice.IntN(90))*time.Second, time.Duration(10+dice.IntN(1500))*time.Second
		tell(phone.Offered, 0, phone.CallEvent{Caller: fmt.Sprint(4000 + dice.IntN(40))})
		tell(phone.Queued, time.Second, phone.CallEvent{Caller: ""})
		switch dice.IntN(4) {
		case 0:
			tell(phone.Ended, waits, phone.CallEvent{Outcome: phone.Abandoned})
		case 1:
			tell(phone.Ended, waits, phone.CallEvent{Outcome: phone.Busy})
		default:
			tell(phone.Answered, waits, phone.CallEvent{Agent: agents[dice.IntN(len(agents))]})
			tell(phone.Ended, waits+talks, phone.CallEvent{Outcome: phone.Completed})
		}
	}
	slices.SortStableFunc(all, func(x, y phone.CallEvent) int { return x.At.Compare(y.At) })
	return all
}

// told gives events call by call, as a link hands them over.
func told(events []phone.CallEvent) app.ImportCalls {
	by := map[string][]phone.CallEvent{}
	for _, e := range events {
		by[e.Key.UniqueID] = append(by[e.Key.UniqueID], e)
	}
	var c app.ImportCalls
	for _, id := range slices.Sorted(maps.Keys(by)) {
		c.Told = append(c.Told, app.ToldCall{Events: by[id]})
	}
	return c
}

// team makes agents, and gives their names.
func team(s *roomtest.Seat, n int) (names []string) {
	for i := range n {
		names = append(names, fmt.Sprintf("Agente %02d", i))
		s.Agent(desk.Agent{Name: names[i], Role: desk.AgentRole})
	}
	return names
}

// While a day goes on, the board says what a recount of the raw events says that were told
// so far: in whatever order they come, and some of them twice.
func TestTheBoardIsThatOfTheRawEvents(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	for n := range 12 {
		dice := rand.New(rand.NewPCG(seed, uint64(n)))
		s := seat(t)
		agents := team(s, 6)
		all := history(dice, 80, monday, 100*time.Minute, agents)
		done := 0
		for step := range 6 {
			s.Now = monday.Add(time.Duration(20*(step-4)) * time.Minute)
			part := done
			for done < len(all) && !all[done].At.After(s.Now) {
				done++
			}
			news := slices.Clone(all[part:done])
			for range min(5, part) { // two listeners tell the same
				news = append(news, all[dice.IntN(part)])
			}
			dice.Shuffle(len(news), func(i, j int) { news[i], news[j] = news[j], news[i] })
			for half := range slices.Chunk(news, max(1, len(news)/2)) {
				s.Do(s.Owner, told(half))
			}
			type state struct {
				since    time.Time
				agent    string
				answered bool
				ended    bool
			}
			raw := map[string]*state{} // the recount
			for _, e := range all[:done] {
				x := raw[e.Key.UniqueID]
				if x == nil {
					x = &state{}
					raw[e.Key.UniqueID] = x
				}
				switch e.Key.Kind {
				case phone.Offered:
					if x.since.IsZero() { // until it stands in the queue it waits since it came
						x.since = e.At
					}
				case phone.Queued:
					x.since = e.At
				case phone.Answered:
					x.answered, x.agent = true, e.Agent
				case phone.Ended:
					x.ended = true
				}
			}
			waiting, talking := 0, 0
			var first time.Time
			busy, calls := map[string]bool{}, map[string]int{}
			for _, x := range raw {
				if x.answered {
					calls[x.agent]++
				}
				switch {
				case x.ended:
				case x.answered:
					talking++
					busy[x.agent] = true
				default:
					if waiting++; first.IsZero() || x.since.Before(first) {
						first = x.since
					}
				}
			}
			a := floorOf(s)
			if a.Queued != waiting || a.Talking != talking || waiting > 0 && a.Waiting[0].Since != first.UnixMilli() {
				t.Fatalf("history %d, step %d: %d wait and %d talk, by the raw events %d and %d; the first since %v, and %v", n, step, a.Queued, a.Talking, waiting, talking, a.Waiting, first)
			}
			for _, r := range roomtest.Ask[app.ShiftsAnswer](s, s.Owner, app.Shifts{}).Rows {
				if (r.State == app.AgentOnCall) != busy[r.Name] || r.Calls != calls[r.Name] {
					t.Fatalf("history %d, step %d: %s is %s after %d calls; by the raw events on a call: %v, after %d", n, step, r.Name, r.State, r.Calls, busy[r.Name], calls[r.Name])
				}
			}
		}
	}
}

// BenchmarkBoard is all that the page of calls asks, each time after a hundred events of a
// thousand calls that go on at once, of 60 agents, on a day of 4,000 more.
func BenchmarkBoard(b *testing.B) {
	s := roomtest.New(b, monday, app.CreateDesk{Zone: "America/Santiago", AlwaysOpen: true, Prefix: "A"})
	dice := rand.New(rand.NewPCG(11, 1))
	agents := team(s, 60)
	past := history(dice, 4000, monday.Add(-30*time.Minute), 9*time.Hour, agents)
	for part := range slices.Chunk(past, 900) {
		s.Do(s.Owner, told(part))
	}
	n := 0
	event := func(call int, k phone.EventKind, e phone.CallEvent) phone.CallEvent {
		e.Key, e.At, e.Rank = phone.Key{PBX: "central", UniqueID: fmt.Sprint("live", call), Kind: k}, s.Now, phone.FromLive
		return e
	}
	begin := func() (out []phone.CallEvent) {
		out = []phone.CallEvent{event(n, phone.Offered, phone.CallEvent{Caller: fmt.Sprint(5000 + n%3000)})}
		if n%2 == 0 {
			out = append(out, event(n, phone.Answered, phone.CallEvent{Agent: agents[n%len(agents)]}))
		}
		n++
		return out
	}
	var live []phone.CallEvent
	for range 1000 {
		live = append(live, begin()...)
	}
	for part := range slices.Chunk(live, 900) {
		s.Do(s.Owner, told(part))
	}
	ask := func() (longest time.Duration) {
		for _, q := range []func(context.Context){
			func(c context.Context) {
				if a := roomtest.Ask[app.FloorAnswer](s, c, app.Floor{}); a.Queued+a.Talking < 1000 {
					b.Fatalf("%d wait, %d talk", a.Queued, a.Talking)
				}
			},
			func(c context.Context) { roomtest.Ask[app.ShiftsAnswer](s, c, app.Shifts{}) },
			func(c context.Context) { roomtest.Ask[app.LostCallsAnswer](s, c, app.LostCalls{}) },
			func(c context.Context) {
				roomtest.Ask[app.UntypedCallsAnswer](s, c, app.UntypedCalls{Limit: 50})
			},
			func(c context.Context) {
				roomtest.Ask[app.CallsAnswer](s, c, app.Calls{Show: app.CallsAnswered, Limit: 30})
			},
		} {
			from := time.Now()
			q(s.Owner)
			longest = max(longest, time.Since(from))
		}
		return longest
	}
	ask()
	var fed, longest time.Duration
	rounds := 0
	for b.Loop() {
		s.Now = s.Now.Add(2 * time.Second)
		var events []phone.CallEvent
		for range 40 { // 40 calls end, and 40 others begin
			o := phone.Abandoned
			if (n-1000)%2 == 0 {
				o = phone.Completed
			}
			events = append(events, event(n-1000, phone.Ended, phone.CallEvent{Outcome: o}))
			events = append(events, begin()...)
		}
		from := time.Now()
		s.Do(s.Owner, told(events))
		fed += time.Since(from)
		longest = max(longest, ask())
		rounds++
	}
	b.ReportMetric(fed.Seconds()*1000/float64(rounds), "feed-ms")
	b.ReportMetric(longest.Seconds()*1000, "longest-query-ms")
}
