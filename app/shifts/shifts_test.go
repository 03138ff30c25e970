package shifts_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/phone"
	"punto/app/rooms/roomtest"
	"punto/app/shifts"
)

// seat is a desk with an administrator and an agent.
type seat struct {
	*roomtest.Seat
	ana context.Context
	id  desk.ID
}

func newSeat(t *testing.T) *seat {
	t.Helper()
	s := &seat{Seat: roomtest.New(t, time.Date(2026, 11, 2, 13, 0, 0, 0, time.UTC), app.CreateDesk{Zone: "UTC", AlwaysOpen: true})}
	s.id = s.Do(s.Owner, app.SaveAgent{Agent: desk.Agent{Name: "Ana Soto", Extension: "101", Role: desk.AgentRole}}).ID
	s.ana = s.E.As(t.Context(), s.id)
	return s
}

func (s *seat) row() app.ShiftRow {
	s.Helper()
	x, err := s.E.Ask(s.Owner, app.Shifts{})
	if err != nil {
		s.Fatal(err)
	}
	for _, r := range x.(app.ShiftsAnswer).Rows {
		if r.Agent == s.id {
			return r
		}
	}
	s.Fatal("the agent is not listed")
	return app.ShiftRow{}
}

// occupancy is the time at work that the month knows, in seconds.
func (s *seat) occupancy(month string) float64 {
	s.Helper()
	x, err := s.E.Ask(s.Owner, app.Month{Month: month})
	if err != nil {
		s.Fatal(err)
	}
	for _, f := range x.(app.MonthAnswer).Indices {
		if f.ID == "occupancy" && f.Den != nil {
			return *f.Den
		}
	}
	return -1
}

// An agent tells by hand what no exchange does: the desk knows who is at work, why not,
// and since when; the month has the time.
func TestAnAgentTellsByHand(t *testing.T) {
	s := newSeat(t)
	is := func(state, reason string, since time.Time, worked, breaks int64) {
		t.Helper()
		r := s.row()
		at := int64(0)
		if !since.IsZero() {
			at = since.UnixMilli()
		}
		if r.State != state || r.Reason != reason || r.Since != at || r.Worked != worked || r.Breaks != breaks {
			t.Errorf("%+v", r)
		}
	}
	is(app.AgentAway, "", time.Time{}, 0, 0)
	begin := s.Now
	s.Do(s.ana, app.SetShift{Do: "in"})
	s.Now = s.Now.Add(time.Hour)
	is(app.AgentAvailable, "", begin, 3600, 0)
	s.Do(s.ana, app.SetShift{Do: "break", Reason: "almuerzo"})
	s.Now = s.Now.Add(30 * time.Minute)
	is(app.AgentOnBreak, "almuerzo", begin.Add(time.Hour), 3600, 1800)
	s.Do(s.ana, app.SetShift{Do: "back"})
	s.Now = s.Now.Add(time.Hour)
	is(app.AgentAvailable, "", begin.Add(90*time.Minute), 7200, 1800)
	s.Do(s.ana, app.SetShift{Do: "out"})
	s.Now = s.Now.Add(time.Hour)
	is(app.AgentAway, "", begin.Add(150*time.Minute), 7200, 1800)
	if got := s.occupancy("2026-11"); got != 7200 {
		t.Errorf("the month knows %v s at work, not 7200", got)
	}
	if _, err := s.E.Do(s.Owner, app.SetShift{Do: "in"}); app.CodeOf(err) != app.NotSignedIn {
		t.Errorf("nobody is at work: %v", err)
	}
	if _, err := s.E.Do(s.ana, app.SetShift{Do: "sleep"}); app.CodeOf(err) != app.Invalid {
		t.Errorf("an agent sleeps: %v", err)
	}
}

// What an exchange tells is told once, whatever name it has of the agent, and a call makes
// the agent busy.
func TestAnExchangeTellsOfAgents(t *testing.T) {
	s := newSeat(t)
	event := func(kind phone.EventKind, ago time.Duration, queue, reason string) phone.CallEvent {
		return phone.CallEvent{Key: phone.Key{PBX: "central", UniqueID: "PJSIP/101", Queue: queue, Kind: kind}, At: s.Now.Add(-ago), Reason: reason, Rank: phone.FromLive}
	}
	es := []phone.CallEvent{event(phone.AgentSignedIn, 2*time.Hour, "mesa", ""), event(phone.AgentPaused, time.Hour, "mesa", "café"), event(phone.AgentBack, 50*time.Minute, "mesa", "")}
	for range 3 {
		s.Do(s.Owner, app.SeeAgents{Events: es})
	}
	n := s.E.Log.Vector()
	s.Do(s.Owner, app.SeeAgents{Events: es[1:]})
	if fmt.Sprint(n) != fmt.Sprint(s.E.Log.Vector()) {
		t.Error("what is known is written again")
	}
	if r := s.row(); r.State != app.AgentAvailable || r.Worked != 6600 || r.Breaks != 600 {
		t.Errorf("%+v", r)
	}
	call := func(kind phone.EventKind, ago time.Duration) {
		s.Do(s.Owner, app.ImportCalls{Told: []app.ToldCall{{Events: []phone.CallEvent{{Key: phone.Key{PBX: "central", UniqueID: "1", Queue: "mesa", Kind: kind, Entry: 1, Attempt: 1}, At: s.Now.Add(-ago), Agent: "PJSIP/101", Outcome: map[bool]phone.Outcome{true: phone.Completed}[kind == phone.Ended], Rank: phone.FromLive}}}}})
	}
	call(phone.Offered, 70*time.Second)
	call(phone.Answered, time.Minute)
	if r := s.row(); r.State != app.AgentOnCall || r.Since != s.Now.Add(-time.Minute).UnixMilli() || r.Calls != 1 {
		t.Errorf("%+v", r)
	}
	call(phone.Ended, 0)
	if r := s.row(); r.State != app.AgentAvailable || r.Calls != 1 {
		t.Errorf("%+v", r)
	}
	for _, bad := range []phone.CallEvent{event(phone.Offered, 0, "", ""), event(phone.AgentBack, -3*time.Hour, "", ""), {Key: phone.Key{Kind: phone.AgentBack}, At: s.Now}} {
		if _, err := s.E.Do(s.Owner, app.SeeAgents{Events: []phone.CallEvent{bad}}); app.CodeOf(err) != app.Invalid {
			t.Errorf("%+v is taken: %v", bad, err)
		}
	}
}

// The time at work is what a naive count gives, second by second, of random events; that
// of two halves is that of the whole.
func TestTheTimeAtWorkIsThatOfANaiveCount(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	if s, err := strconv.ParseUint(os.Getenv("PUNTO_SEED"), 10, 64); err == nil {
		seed = s
	}
	t.Logf("PUNTO_SEED=%d", seed)
	rnd := rand.New(rand.NewPCG(seed, 2))
	begin := time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC)
	for range 10 {
		var events []phone.CallEvent
		used := map[int]bool{}
		for range 2 + rnd.IntN(14) {
			kind := []phone.EventKind{phone.AgentSignedIn, phone.AgentSignedIn, phone.AgentPaused, phone.AgentBack, phone.AgentSignedOut}[rnd.IntN(5)]
			at := rnd.IntN(9 * 3600)
			if used[at] {
				continue // of one instant another test tells
			}
			used[at] = true
			events = append(events, phone.CallEvent{Key: phone.Key{PBX: "p", UniqueID: []string{"a", "b"}[rnd.IntN(2)], Queue: []string{"", "q", "r"}[rnd.IntN(3)], Kind: kind}, At: begin.Add(time.Duration(at) * time.Second)})
		}
		now := begin.Add(10 * time.Hour)
		from, until := begin.Add(time.Duration(rnd.IntN(4*3600))*time.Second), begin.Add(time.Duration(4*3600+rnd.IntN(8*3600))*time.Second)
		in, breaks := shifts.Worked(events, from, until, now)
		wantIn, wantBreaks := 0, 0
		for _, agent := range []string{"a", "b"} {
			for at := from; at.Before(until) && at.Before(now); at = at.Add(time.Second) {
				here, rests := naive(events, agent, at)
				if here {
					wantIn++
				}
				if here && rests {
					wantBreaks++
				}
			}
		}
		if int(in.Seconds()) != wantIn || int(breaks.Seconds()) != wantBreaks {
			t.Fatalf("%v at work and %v of breaks, and not %d s and %d s, from %v to %v of\n%v", in, breaks, wantIn, wantBreaks, from, until, events)
		}
		middle := from.Add(until.Sub(from) / 2).Truncate(time.Second)
		a, b := shifts.Worked(events, from, middle, now)
		c, d := shifts.Worked(events, middle, until, now)
		if a+c != in || b+d != breaks {
			t.Fatalf("two halves are %v and %v, the whole %v and %v", a+c, b+d, in, breaks)
		}
	}
}

// A log has whole seconds: what an agent did in one of them has the order in which it
// makes sense.
func TestWhatHappensInOneSecondHasAnOrder(t *testing.T) {
	at := time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)
	e := func(kind phone.EventKind, seconds int, queue string) phone.CallEvent {
		return phone.CallEvent{Key: phone.Key{PBX: "p", UniqueID: "a", Queue: queue, Kind: kind}, At: at.Add(time.Duration(seconds) * time.Second)}
	}
	in, out, rest, back := phone.AgentSignedIn, phone.AgentSignedOut, phone.AgentPaused, phone.AgentBack
	for _, x := range []struct {
		what   string
		events []phone.CallEvent
		in     int
		breaks int
	}{
		{"back from the break and out", []phone.CallEvent{e(in, 0, "q"), e(rest, 60, "q"), e(back, 100, "q"), e(out, 100, "q")}, 100, 40},
		{"out and in again", []phone.CallEvent{e(in, 0, "q"), e(out, 100, "q"), e(in, 100, "q"), e(out, 200, "q")}, 200, 0},
		{"in and out at once", []phone.CallEvent{e(in, 50, "q"), e(out, 50, "q")}, 0, 0},
		{"another reason of the break", []phone.CallEvent{e(in, 0, "q"), e(rest, 10, "q"), e(back, 20, "q"), e(rest, 20, "q"), e(back, 40, "q"), e(out, 100, "q")}, 100, 30},
		{"out of all queues", []phone.CallEvent{e(in, 0, "q"), e(in, 0, "r"), e(back, 100, ""), e(out, 100, "q"), e(out, 100, "r")}, 100, 0},
	} {
		for range 2 { // as the log tells them; and the other way round, where they are put in order
			gotIn, gotBreaks := shifts.Worked(x.events, at.Add(-time.Hour), at.Add(time.Hour), at.Add(time.Hour))
			if int(gotIn.Seconds()) != x.in || int(gotBreaks.Seconds()) != x.breaks {
				t.Errorf("%s: %v at work, %v of breaks, and not %d and %d s", x.what, gotIn, gotBreaks, x.in, x.breaks)
			}
			if x.events[0].At.Equal(x.events[len(x.events)-1].At) {
				break
			}
			slices.Reverse(x.events)
		}
	}
	// Said to be back already, and then on a break: the log's order counts.
	in1, breaks := shifts.Worked([]phone.CallEvent{e(in, 0, "q"), e(back, 10, "q"), e(rest, 10, "q"), e(out, 100, "q")}, at.Add(-time.Hour), at.Add(time.Hour), at.Add(time.Hour))
	if in1 != 100*time.Second || breaks != 90*time.Second {
		t.Errorf("a break that a log tells after the end of none is %v", breaks)
	}
}

// Who is not heard of for a day has left with what was heard last: nobody works all night
// because a sign-out was lost.
func TestALostSignOutIsNoNightOfWork(t *testing.T) {
	at := time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)
	e := func(kind phone.EventKind, after time.Duration) phone.CallEvent {
		return phone.CallEvent{Key: phone.Key{PBX: "p", UniqueID: "a", Kind: kind}, At: at.Add(after)}
	}
	events := []phone.CallEvent{e(phone.AgentSignedIn, 0), e(phone.AgentPaused, 4*time.Hour), e(phone.AgentBack, 5*time.Hour), e(phone.AgentSignedIn, 48*time.Hour), e(phone.AgentSignedOut, 56*time.Hour)}
	in, breaks := shifts.Worked(events, at, at.Add(72*time.Hour), at.Add(72*time.Hour))
	if in.Round(time.Second) != 13*time.Hour || breaks != time.Hour {
		t.Errorf("%v at work and %v of breaks, and not 13 h and 1 h", in, breaks)
	}
}

// naive tells whether an agent is at work at an instant, and on a break: it walks all that
// was told up to then, in the order of time and then of what it is.
func naive(events []phone.CallEvent, agent string, at time.Time) (here, rests bool) {
	in, paused := map[string]bool{}, map[string]bool{}
	for sec := time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC); !sec.After(at); {
		next := at.Add(time.Second)
		for _, kind := range []phone.EventKind{phone.AgentSignedIn, phone.AgentSignedOut, phone.AgentPaused, phone.AgentBack} {
			for _, queue := range []string{"", "q", "r"} {
				for _, e := range events {
					if e.Key.UniqueID != agent || !e.At.Equal(sec) || e.Key.Kind != kind || e.Key.Queue != queue {
						continue
					}
					switch kind {
					case phone.AgentSignedIn:
						here = true
						in[queue] = true
					case phone.AgentPaused:
						here = true
						paused[queue] = true
					case phone.AgentBack:
						here = true
						delete(paused, queue)
						if queue == "" {
							clear(paused)
						}
					case phone.AgentSignedOut:
						if !here {
							continue
						}
						delete(in, queue)
						if queue != "" && len(in) > 0 {
							delete(paused, queue)
							continue
						}
						here = false
						clear(in)
						clear(paused)
					}
				}
			}
		}
		for _, e := range events {
			if e.Key.UniqueID == agent && e.At.After(sec) && e.At.Before(next) {
				next = e.At
			}
		}
		sec = next
	}
	return here, len(paused) > 0
}
