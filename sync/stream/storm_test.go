package stream_test

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/rooms"
	"punto/store"
	"punto/sync/site"
	"punto/sync/stream"
)

// station is a workstation of a site, without a network.
type station struct {
	*store.DB
	eng  *engine.Engine
	log  *site.Replica
	own  *stream.Membership
	desk desk.ID
	disk *store.Memory
}

// copied is the same workstation once more, from a copy of its disk.
func (s *station) copied(t testing.TB) *station {
	t.Helper()
	disk := s.disk.Clone()
	db, err := store.Open(context.Background(), store.Options{Memory: disk})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	eng, err := rooms.Open(context.Background(), engine.Config{Log: db})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = eng.Close() })
	return &station{db, eng, &site.Replica{Log: db, Judge: eng, Check: s.own.Check}, s.own, s.desk, disk}
}

// stations are members of one site; the first is its coordinator.
func stations(t testing.TB, n int) (all []*station) {
	t.Helper()
	var first *stream.Membership
	for range n {
		disk := &store.Memory{}
		db, err := store.Open(context.Background(), store.Options{Memory: disk})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = db.Close() })
		pub := db.Key().Public().(ed25519.PublicKey)
		lead := first == nil
		if lead {
			if first, err = stream.Found(pub); err != nil {
				t.Fatal(err)
			}
		}
		cert, err := first.Certify(pub, lead)
		if err != nil {
			t.Fatal(err)
		}
		eng, err := rooms.Open(context.Background(), engine.Config{Log: db})
		if err = errors.Join(err, db.Certify(context.Background(), cert, lead)); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = eng.Close() })
		all = append(all, &station{db, eng, &site.Replica{Log: db, Judge: eng, Check: first.Check}, first, first.Desk, disk})
	}
	return all
}

func (s *station) do(t testing.TB, c app.Command) app.Receipt {
	t.Helper()
	r, err := s.eng.Do(s.eng.Owner(context.Background()), c)
	if err != nil {
		t.Fatalf("%s: %v", app.NameOf(c), err)
	}
	return r
}

func (s *station) peering() *stream.Peering {
	id, _ := s.Identity(s.Origin())
	return stream.NewPeering(s.log, &stream.Claims{}, stream.Greeting{Desk: s.desk, Node: id.Node()})
}

// talk lets two speak until neither has anything to say; heard is what the second
// was told.
func talk(t testing.TB, a, b *station) (heard []stream.Message) {
	t.Helper()
	x, y := a.peering(), b.peering()
	defer x.End()
	defer y.End()
	toY, toX := x.Begin(), y.Begin()
	for n := 0; len(toX)+len(toY) > 0; n++ {
		if n > 1000 {
			t.Fatal("two workstations do not come to an end")
		}
		for _, m := range toY {
			heard = append(heard, stream.Message{Kind: m.Kind, Body: slices.Clone(m.Body)})
		}
		var nextX, nextY []stream.Message
		for _, m := range toY {
			ms, err := y.Handle(context.Background(), m)
			if err != nil {
				t.Fatalf("a true message of kind %d gave %v", m.Kind, err)
			}
			nextX = append(nextX, ms...)
		}
		for _, m := range toX {
			ms, err := x.Handle(context.Background(), m)
			if err != nil {
				t.Fatalf("a true message of kind %d gave %v", m.Kind, err)
			}
			nextY = append(nextY, ms...)
		}
		toX, toY = nextX, nextY
	}
	return heard
}

// lively is a site of three whose first has written a lot; the messages are those
// by which the second has learnt it.
func lively(t testing.TB, cases int) (all []*station, heard []stream.Message) {
	t.Helper()
	all = stations(t, 3)
	all[0].do(t, app.CreateDesk{Name: "Obra", Zone: "America/Lima", Password: "cobre y sal"})
	for i := range cases {
		r := all[0].do(t, app.OpenCase{Opened: desk.Opened{Subject: fmt.Sprint("caso ", i)}})
		all[0].do(t, app.AddNote{Case: r.ID, Text: "nota"})
	}
	return all, talk(t, all[0], all[1])
}

// spoil makes another message of a true one.
func spoil(r *rand.Rand, ms []stream.Message) stream.Message {
	m := ms[r.IntN(len(ms))]
	m.Body = slices.Clone(m.Body)
	switch r.IntN(7) {
	case 0: // as it is, but out of turn
	case 1:
		m.Kind = stream.Kind(r.IntN(20))
	case 2:
		if n := len(m.Body); n > 0 {
			m.Body = m.Body[:r.IntN(n)]
		}
	case 3:
		m.Body = append(m.Body, byte(r.Uint32()))
	case 4:
		other := ms[r.IntN(len(ms))].Body
		at := r.IntN(min(len(other), len(m.Body)) + 1)
		m.Body = append(m.Body[:at], other[at:]...)
	case 5:
		m.Body = make([]byte, r.IntN(200))
		for i := range m.Body {
			m.Body[i] = byte(r.Uint32())
		}
	default:
		for range 1 + r.IntN(8) {
			if n := len(m.Body); n > 0 {
				m.Body[r.IntN(n)] ^= 1 << r.IntN(8)
			}
		}
	}
	return m
}

func TestTwentyThousandSpoiltMessagesChangeNothingThatWasNotSigned(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	if s := os.Getenv("PUNTO_SEED"); s != "" {
		seed, _ = strconv.ParseUint(s, 10, 64)
	}
	t.Logf("PUNTO_SEED=%d", seed)
	r := rand.New(rand.NewPCG(seed, 1))
	all, heard := lively(t, 300)
	author, victim := all[0], all[2]
	own := victim.Origin()
	peering := victim.peering()
	handled, ended, taken, met := 0, 0, 0, false
	for range 20_000 {
		m := spoil(r, heard)
		if !met && r.IntN(4) > 0 {
			m = heard[0] // the greeting: mostly it gets further
		}
		before := victim.Points()
		out, err := peering.Handle(t.Context(), m)
		met = met || m.Kind == stream.Hello && err == nil
		if !maps.Equal(before, victim.Points()) {
			taken++
		}
		for _, m := range out {
			if len(m.Body) > stream.MaxRun {
				t.Fatalf("seed %d: it answers with %d bytes", seed, len(m.Body))
			}
		}
		if handled++; err != nil {
			ended++
			peering.End()
			peering, met = victim.peering(), false
		}
	}
	if ended < 1000 || taken == 0 {
		t.Errorf("seed %d: of %d messages %d ended a peering and %d brought events: the storm is none", seed, handled, ended, taken)
	}
	if victim.Origin() != own || len(victim.DB.Frozen()) > 0 {
		t.Errorf("seed %d: it began an incarnation, or froze %v", seed, victim.DB.Frozen())
	}
	for o, p := range victim.Points() {
		if at, err := author.PointAt(o, p.Seq); err != nil || at != p {
			t.Errorf("seed %d: of origin %016x it holds %v, which was never written: %v, %v", seed, uint64(o), p, at, err)
		}
	}
	if err := victim.Verify(t.Context()); err != nil {
		t.Errorf("seed %d: its log is not whole: %v", seed, err)
	}
	talk(t, author, victim)
	owed := errors.Join(author.eng.Settle(t.Context()), victim.eng.Settle(t.Context())) // what came is derived after it is taken
	x, errX := author.Checksum()
	y, errY := victim.Checksum()
	if err := errors.Join(owed, errX, errY); err != nil || x != y || !maps.Equal(author.Points(), victim.Points()) {
		t.Errorf("seed %d: afterwards the two do not agree: %v", seed, err)
	}
}

func TestEventsThatLeaveAGapAreAskedForAgain(t *testing.T) {
	all, _ := lively(t, 3)
	a, b := all[0], all[2]
	runs, err := a.Pull(map[desk.Origin]uint64{a.Origin(): 3}, 1, true)
	if err != nil || len(runs) != 1 {
		t.Fatal(err, len(runs))
	}
	id, _ := a.Identity(a.Origin())
	peering := b.peering()
	defer peering.End()
	body := func(v any) []byte {
		x, err := desk.Encode(v)
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	for _, m := range []stream.Message{
		{Kind: stream.Hello, Body: body(stream.Greeting{Min: 1, Max: 2, Desk: a.desk, Node: id.Node()})},
		{Kind: stream.Met, Body: body([]desk.Identity{id})},
	} {
		if _, err := peering.Handle(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	out, err := peering.Handle(t.Context(), stream.EncodeRun(runs[0]))
	if err != nil || b.Points()[a.Origin()].Seq != 0 {
		t.Fatalf("events 3 and on were taken before the first two: %v, %v", b.Points(), err)
	}
	for _, m := range out {
		var w stream.Wish
		if m.Kind == stream.Want && desk.Decode(m.Body, &w) == nil && w.From[a.Origin()] == 1 {
			return
		}
	}
	t.Errorf("the events before them were not asked for: it says %d messages", len(out))
}

func FuzzSession(f *testing.F) {
	all, heard := lively(f, 2)
	var script []byte
	for _, m := range heard {
		script = append(script, byte(m.Kind), byte(len(m.Body)>>16), byte(len(m.Body)>>8), byte(len(m.Body)))
		script = append(script, m.Body...)
		f.Add(script)
	}
	f.Add([]byte{byte(stream.Hello), 0, 0, 1, 0xa0, byte(stream.Done), 0, 0, 0})
	victim := all[2]
	f.Fuzz(func(t *testing.T, b []byte) {
		peering := victim.peering()
		defer peering.End()
		ok := true
		for ok && len(b) >= 4 {
			n := min(len(b)-4, int(b[1])<<16|int(b[2])<<8|int(b[3]))
			_, err := peering.Handle(t.Context(), stream.Message{Kind: stream.Kind(b[0]), Body: b[4 : 4+n]})
			ok, b = err == nil, b[4+n:]
		}
		for o, p := range victim.Points() {
			if at, err := all[0].PointAt(o, p.Seq); err != nil || at != p {
				t.Fatalf("of origin %016x it holds %v, which was never written: %v, %v", uint64(o), p, at, err)
			}
		}
	})
}
