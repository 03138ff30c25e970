package floor_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/phone"
	"punto/app/rooms/roomtest"
	"punto/app/spc"
)

// monday is 10:10 in Santiago.
var monday = time.Date(2026, 11, 23, 13, 10, 0, 0, time.UTC)

func seat(t testing.TB) *roomtest.Seat {
	t.Helper()
	return roomtest.New(t, monday, app.CreateDesk{Zone: "America/Santiago", AlwaysOpen: true, Prefix: "A"})
}

func floorOf(s *roomtest.Seat) app.FloorAnswer {
	s.Helper()
	if err := s.E.Settle(s.Context()); err != nil {
		s.Fatal(err)
	}
	return roomtest.Ask[app.FloorAnswer](s, s.Owner, app.Floor{})
}

// Who waits is told by who has waited longest, and the half hours count what a naive walk
// over the same calls counts, whatever the calls.
func TestTheFloorIsThatOfANaiveCount(t *testing.T) {
	seed := rand.Uint64()
	for n := range 20 {
		dice := rand.New(rand.NewPCG(seed, uint64(n)))
		s := seat(t)
		s.Do(s.Owner, app.SavePerson{Person: desk.Person{Name: "Rosa Quispe", Extension: "4471"}})
		first := time.Date(2026, 11, 23, 11, 30, 0, 0, time.UTC) // three half hours before that of 13:10
		var halves, lost [app.FloorPast]int
		waiting, talking := 0, 0
		var oldest time.Time
		var all []phone.Call
		for i := range 150 {
			at := monday.Add(-time.Duration(dice.IntN(int(7 * time.Hour))))
			c := phone.Call{PBX: "p", UniqueID: fmt.Sprint(i), Caller: []string{"4471", "+56 2 2555 0101", ""}[dice.IntN(3)], Queue: "mesa", OfferedAt: at}
			switch dice.IntN(6) {
			case 0: // it waits
			case 1:
				c.AnsweredAt = at.Add(10 * time.Second)
			case 2:
				c.Outcome, c.Wait = phone.Abandoned, time.Minute
			case 3:
				c.Outcome = phone.Busy
			default:
				c.AnsweredAt, c.EndedAt, c.Outcome, c.Wait, c.Talk = at.Add(10*time.Second), at.Add(3*time.Minute), phone.Completed, 10*time.Second, 170*time.Second
			}
			all = append(all, c)
			fresh := monday.Sub(at) < 4*time.Hour
			switch {
			case c.Outcome == phone.NoOutcome && c.AnsweredAt.IsZero() && fresh:
				if waiting++; oldest.IsZero() || at.Before(oldest) {
					oldest = at
				}
			case c.Outcome == phone.NoOutcome && fresh:
				talking++
			}
			for h := range halves {
				from := first.Add(time.Duration(h) * 30 * time.Minute)
				if !at.Before(from) && at.Before(from.Add(30*time.Minute)) {
					halves[h]++
					if c.Outcome == phone.Abandoned || c.Outcome == phone.Busy {
						lost[h]++
					}
				}
			}
		}
		s.Do(s.Owner, app.ImportCalls{Calls: all})
		a := floorOf(s)
		if a.Queued != waiting || a.Talking != talking || waiting > 0 && a.Waiting[0].Since != oldest.UnixMilli() {
			t.Fatalf("seed %d, %d: %d wait and %d talk, by hand %d and %d; the first since %v, by hand %v", seed, n, a.Queued, a.Talking, waiting, talking, a.Waiting, oldest)
		}
		for i, w := range a.Waiting {
			if i > 0 && w.Since < a.Waiting[i-1].Since || (w.Number == "4471") != (len(w.People) == 1) {
				t.Fatalf("seed %d, %d: %d waits as %+v", seed, n, i, w)
			}
		}
		for h := range halves {
			if x := a.Halves[h]; x.Calls != halves[h] || x.Lost != lost[h] || x.Ahead || x.At != first.Add(time.Duration(h)*30*time.Minute).UnixMilli() {
				t.Fatalf("seed %d, %d: half hour %d is %+v, by hand %d and %d", seed, n, h, x, halves[h], lost[h])
			}
		}
	}
	t.Logf("seed %d", seed)
}

// What comes is what came on other weeks, and takes the agents that Erlang C says.
func TestTheNextHalfHoursTakeWhatErlangSays(t *testing.T) {
	s := seat(t)
	var all []phone.Call
	for week := 1; week <= 12; week++ { // over the night in which the clocks of Santiago went forward
		for day := range 7 { // from Monday on
			for i := range 40 { // 40 between 10:30 and 11:00, one in each half hour of the rest
				at := monday.AddDate(0, 0, -7*week+day).Add(20*time.Minute + time.Duration(i)*44*time.Second)
				all = append(all, phone.Call{PBX: "p", UniqueID: fmt.Sprint(week, day, i), Caller: "4471", OfferedAt: at, AnsweredAt: at.Add(5 * time.Second), EndedAt: at.Add(185 * time.Second),
					Wait: 5 * time.Second, Talk: 180 * time.Second, Outcome: phone.Completed})
			}
		}
	}
	for i := 0; i < len(all); i += 1000 {
		s.Do(s.Owner, app.ImportCalls{Calls: all[i:min(len(all), i+1000)]})
	}
	ana := s.Agent(desk.Agent{Name: "Ana", Role: desk.AgentRole})
	s.Do(ana, app.SetShift{Do: "in"})
	a := floorOf(s)
	if len(a.Halves) != app.FloorPast+app.FloorAhead || a.Handled != 180 || a.There != 1 || a.Within != 20 {
		t.Fatalf("%+v", a)
	}
	next, after := a.Halves[app.FloorPast], a.Halves[app.FloorPast+1]
	if !next.Ahead || !next.Known || math.Abs(next.Expected-40) > 0.01 || after.Expected > 0.01 {
		t.Errorf("next come %+v, then %+v", next, after)
	}
	load := spc.Load{Calls: 40, Interval: 30 * time.Minute, AHT: 180 * time.Second} // 4 erlangs
	want := 0
	for load.Serve(want, 20*time.Second).Level < a.Aimed {
		want++
	}
	if next.Need != want || want != 7 || next.Level != load.Serve(1, 20*time.Second).Level {
		t.Errorf("it takes %d agents, and %d by hand; one reaches %v", next.Need, want, next.Level)
	}
	s.Now = s.Now.Add(-10 * 7 * 24 * time.Hour) // two weeks were seen: too few to expect anything
	if x := floorOf(s).Halves[app.FloorPast]; x.Known {
		t.Errorf("after two weeks %+v is expected", x)
	}
}

// The same agents answer the calls of all contracts: what the half hours take is of all.
func TestTheAgentsOfAllContractsAreCountedTogether(t *testing.T) {
	s := seat(t)
	first := roomtest.Ask[app.RecordsAnswer](s, s.Owner, app.Records{Type: desk.ContractType}).Contracts[0]
	other := first.Of
	other.Code, other.Client, other.Queues = "C-002", "Otro cliente", []string{"otra"}
	s.Do(s.Owner, app.SaveContract{Contract: other})
	var all []phone.Call
	for week := 1; week <= 10; week++ {
		for day := range 7 {
			for i := range 40 {
				at := monday.AddDate(0, 0, -7*week+day).Add(20*time.Minute + time.Duration(i)*44*time.Second)
				all = append(all, phone.Call{PBX: "p", UniqueID: fmt.Sprint(week, day, i), Queue: []string{"mesa", "otra"}[i%2], OfferedAt: at, AnsweredAt: at.Add(5 * time.Second), EndedAt: at.Add(185 * time.Second),
					Wait: 5 * time.Second, Talk: 180 * time.Second, Outcome: phone.Completed})
			}
		}
	}
	of := first.Of
	of.Queues = []string{"mesa"}
	s.Do(s.Owner, app.SaveContract{ID: first.ID, Contract: of})
	for i := 0; i < len(all); i += 1000 {
		s.Do(s.Owner, app.ImportCalls{Calls: all[i:min(len(all), i+1000)]})
	}
	if x := floorOf(s).Halves[app.FloorPast]; !x.Known || math.Abs(x.Expected-40) > 0.01 || x.Need != 7 {
		t.Errorf("of two contracts comes %+v", x)
	}
}

// BenchmarkFloor is what the page of calls asks every other second, while a thousand
// callers wait and a thousand talk, on a day of 5,000 calls after a quarter of a year.
func BenchmarkFloor(b *testing.B) {
	s := roomtest.New(b, monday, app.CreateDesk{Zone: "America/Santiago", AlwaysOpen: true, Prefix: "A"})
	var all []phone.Call
	add := func(at time.Time, talks, ends bool) {
		c := phone.Call{PBX: "p", UniqueID: fmt.Sprint(len(all)), Caller: fmt.Sprint(100000 + len(all)%5000), Queue: "mesa", OfferedAt: at}
		if talks {
			c.AnsweredAt, c.Wait = at.Add(5*time.Second), 5*time.Second
		}
		if ends {
			c.EndedAt, c.Talk, c.Outcome = at.Add(3*time.Minute), 175*time.Second, phone.Completed
		}
		all = append(all, c)
	}
	for day := range 90 {
		for i := range 500 {
			add(monday.AddDate(0, 0, -1-day).Add(time.Duration(i)*30*time.Second), true, true)
		}
	}
	for i := range 5000 {
		add(monday.Add(-time.Duration(i)*7*time.Second), true, true)
	}
	for i := range 2000 {
		add(monday.Add(-time.Duration(i)*time.Second), i%2 == 0, false)
	}
	for i := 0; i < len(all); i += 5000 {
		s.Do(s.Owner, app.ImportCalls{Calls: all[i:min(len(all), i+5000)]})
	}
	if err := s.E.Settle(b.Context()); err != nil {
		b.Fatal(err)
	}
	from := time.Now()
	if a := roomtest.Ask[app.FloorAnswer](s, s.Owner, app.Floor{}); a.Queued != 1000 || a.Talking != 1000 {
		b.Fatalf("%d wait, %d talk", a.Queued, a.Talking)
	}
	first := time.Since(from)
	for b.Loop() {
		roomtest.Ask[app.FloorAnswer](s, s.Owner, app.Floor{})
	}
	b.ReportMetric(float64(first.Microseconds())/1000, "first-ms")
}
