package stream_test

import (
	"errors"
	"testing"

	"punto/app"
	"punto/app/desk"
	"punto/sync/stream"
)

// twins are two copies of one workstation that have gone on under one origin, each
// with as many events as the other, and two others that knew it before.
func twins(t *testing.T) (a, b, x, y *station) {
	t.Helper()
	all := stations(t, 3)
	a, x, y = all[0], all[1], all[2]
	a.do(t, app.CreateDesk{Name: "Obra", Zone: "America/Lima", Password: "cobre y sal"})
	talk(t, a, x)
	talk(t, a, y)
	b = a.copied(t)
	a.do(t, app.OpenCase{Opened: desk.Opened{Subject: "uno"}})
	b.do(t, app.OpenCase{Opened: desk.Opened{Subject: "otro"}})
	p, q := a.Points()[a.Origin()], b.Points()[a.Origin()]
	if p.Seq != q.Seq || p.Hash == q.Hash {
		t.Fatalf("they hold %v and %v", p, q)
	}
	return a, b, x, y
}

func subjects(t *testing.T, s *station) (all []string) {
	t.Helper()
	ans, err := s.eng.Ask(s.eng.Owner(t.Context()), app.Cases{})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range ans.(app.CasesAnswer).Rows {
		all = append(all, r.Subject)
	}
	return all
}

func TestAsManyEventsOfAnOriginWithAnotherHashAreAFork(t *testing.T) {
	a, b, x, y := twins(t)
	talk(t, a, x)
	talk(t, b, y)
	talk(t, x, y)
	if !x.IsFrozen(a.Origin()) || !y.IsFrozen(a.Origin()) {
		t.Errorf("two that hold another history of one workstation do not tell: %v, %v", x.DB.Frozen(), y.DB.Frozen())
	}
}

func TestACopyThatHearsOfItsTwinBeginsAnew(t *testing.T) {
	a, b, x, y := twins(t)
	old := a.Origin()
	talk(t, b, y)
	talk(t, a, y)
	if a.Origin() == old {
		t.Fatal("a copy goes on under the origin of its twin")
	}
	talk(t, a, y)
	talk(t, y, x)
	for _, s := range []*station{a, x, y} {
		if got := subjects(t, s); len(got) != 2 {
			t.Errorf("of both copies' cases there are %q", got)
		}
	}
}

// A peer says that it holds more of this workstation than it does itself, and
// sends a run for a proof: only its own signature makes it begin anew.
func TestOnlyTheOwnSignatureMakesAWorkstationBeginAnew(t *testing.T) {
	for name, signed := range map[string]bool{"signed": true, "not signed": false} {
		t.Run(name, func(t *testing.T) {
			all := stations(t, 2)
			a := all[0]
			a.do(t, app.CreateDesk{Name: "Obra", Zone: "America/Lima", Password: "cobre y sal"})
			b, old := a.copied(t), a.Origin()
			b.do(t, app.OpenCase{Opened: desk.Opened{Subject: "otro"}})
			peering := a.peering()
			defer peering.End()
			peer, _ := all[1].Identity(all[1].Origin())
			says := func(k stream.Kind, v any) stream.Message {
				body, err := desk.Encode(v)
				if err != nil {
					t.Fatal(err)
				}
				return stream.Message{Kind: k, Body: body}
			}
			todo := []stream.Message{says(stream.Hello, stream.Greeting{Min: 1, Max: 2, Desk: a.desk, Node: peer.Node()}), says(stream.Vector, b.Points())}
			proofs := 0
			for n := 0; len(todo) > 0 && n < 100; n++ {
				out, err := peering.Handle(t.Context(), todo[0])
				if err != nil {
					t.Fatal(err)
				}
				todo = todo[1:]
				for _, m := range out {
					var p stream.Probe
					var w stream.Wish
					switch {
					case m.Kind == stream.AskPoint && desk.Decode(m.Body, &p) == nil:
						at, err := b.PointAt(p.Origin, p.Point.Seq)
						todo = append(todo, says(stream.Told, stream.Probe{Origin: p.Origin, Point: at, Held: err == nil}))
					case m.Kind == stream.Want && desk.Decode(m.Body, &w) == nil:
						runs, err := b.Pull(w.From, 1<<20, true)
						if err != nil || len(runs) != 1 {
							t.Fatal(err, len(runs))
						}
						if proofs++; !signed {
							runs[0].Sig[7] ^= 1
						}
						todo = append(todo, stream.EncodeRun(runs[0]), stream.Message{Kind: stream.Done})
					}
				}
			}
			if proofs == 0 || (a.Origin() != old) != signed {
				t.Errorf("asked for a proof %d times; it began anew: %v", proofs, a.Origin() != old)
			}
		})
	}
}

func TestTheProofOfATwinBeginsWhereTheHistoriesPart(t *testing.T) {
	for _, n := range []int{1, 2, 3, 5, 8, 13} {
		all := stations(t, 2)
		a, y := all[0], all[1]
		a.do(t, app.CreateDesk{Name: "Obra", Zone: "America/Lima", Password: "cobre y sal"})
		a.do(t, app.OpenCase{Opened: desk.Opened{Subject: "de antes"}})
		b, old := a.copied(t), a.Origin()
		shared := a.Points()[old].Seq
		for range n {
			a.do(t, app.OpenCase{Opened: desk.Opened{Subject: "de uno"}})
			b.do(t, app.OpenCase{Opened: desk.Opened{Subject: "de otro"}})
		}
		talk(t, b, y)
		talk(t, a, y)
		if held := a.Points()[old].Seq; a.Origin() == old || held != shared && held != shared+uint64(n) || a.Points()[a.Origin()].Seq != uint64(n) {
			t.Errorf("after %d events each: of the old origin %d are held and %d are written again; they part after %d", n, held, a.Points()[a.Origin()].Seq, shared)
		}
	}
}

// hears has a peering hear messages, and gives what it says to the last.
func hears(t *testing.T, s *station, ms ...stream.Message) (peering *stream.Peering, out []stream.Message, err error) {
	t.Helper()
	peering = s.peering()
	t.Cleanup(peering.End)
	for _, m := range ms {
		if out, err = peering.Handle(t.Context(), m); err != nil {
			return peering, out, err
		}
	}
	return peering, out, nil
}

func message(t *testing.T, k stream.Kind, v any) stream.Message {
	t.Helper()
	body, err := desk.Encode(v)
	if err != nil {
		t.Fatal(err)
	}
	return stream.Message{Kind: k, Body: body}
}

func TestASessionBeginsWithAGreetingOfTheSameDesk(t *testing.T) {
	all := stations(t, 2)
	a := all[0]
	peer, _ := all[1].Identity(all[1].Origin())
	mine := message(t, stream.Hello, stream.Greeting{Min: 1, Max: 2, Desk: a.desk, Node: peer.Node()})
	other := message(t, stream.Hello, stream.Greeting{Min: 1, Max: 2, Desk: desk.ID{9}, Node: peer.Node()})
	points := message(t, stream.Vector, map[desk.Origin]desk.Point{7: {Seq: 1}})
	if _, _, err := hears(t, a, other); !errors.Is(err, stream.ErrOtherDesk) {
		t.Errorf("a greeting of another desk gave %v", err)
	}
	for _, k := range []stream.Kind{stream.Vector, stream.Want, stream.Events, stream.Done, stream.AskPoint, stream.Told, stream.Met} {
		if _, _, err := hears(t, a, stream.Message{Kind: k, Body: points.Body}); !errors.Is(err, stream.ErrRude) {
			t.Errorf("a message of kind %d before the greeting gave %v", k, err)
		}
	}
	if _, _, err := hears(t, a, mine, points); err != nil {
		t.Errorf("a greeting of the same desk gave %v", err)
	}
}

func TestWhatAPeerDoesNotHaveIsAskedForOnce(t *testing.T) {
	all := stations(t, 2)
	a := all[0]
	peer, _ := all[1].Identity(all[1].Origin())
	o := all[1].Origin()
	hello := message(t, stream.Hello, stream.Greeting{Min: 1, Max: 2, Desk: a.desk, Node: peer.Node()})
	peering, out, err := hears(t, a, hello, message(t, stream.Vector, map[desk.Origin]desk.Point{o: {Seq: 5}}))
	wants := func(ms []stream.Message) (n int) {
		for _, m := range ms {
			if m.Kind == stream.Want {
				n++
			}
		}
		return n
	}
	if err != nil || wants(out) != 1 {
		t.Fatalf("what the peer tells of is asked for %d times, %v", wants(out), err)
	}
	out, err = peering.Handle(t.Context(), stream.Message{Kind: stream.Done})
	if err != nil || wants(out) != 0 || peering.Behind() != 0 {
		t.Errorf("what it does not have is asked for again %d times, behind by %d, %v", wants(out), peering.Behind(), err)
	}
}
