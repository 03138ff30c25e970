package desk_test

import (
	"math/rand/v2"
	"testing"

	"punto/app/desk"
)

// history makes a random history of one case, written by three workstations
// that do not always know of each other.
func history(r *rand.Rand, t *testing.T) []desk.Event {
	id := desk.Entity{Type: desk.CaseType, ID: desk.DerivedID("case")}
	bodies := []struct {
		kind desk.Kind
		body any
	}{
		{desk.CaseTaken, desk.Moved{Agent: desk.DerivedID("a")}}, {desk.CaseHandedOff, desk.Moved{Group: desk.DerivedID("g"), Level: 2}},
		{desk.CaseSuspended, desk.Said{Reason: "user"}}, {desk.CaseResumed, desk.Said{}}, {desk.CaseNoted, desk.Said{Text: "x"}},
		{desk.CaseResolved, desk.Solved{Text: "ok"}}, {desk.CaseReopened, desk.Said{}}, {desk.CaseMerged, desk.Joined{Case: desk.DerivedID("b")}},
		{desk.CaseEdited, desk.Edited{Subject: new(string)}},
	}
	var es []desk.Event
	add := func(k desk.Kind, body any) {
		b, err := desk.Encode(body)
		if err != nil {
			t.Fatal(err)
		}
		n := uint64(len(es) + 1)
		e := desk.Event{Origin: desk.Origin(1 + r.IntN(3)), Seq: n, Stamp: desk.Stamp(n*2 + r.Uint64N(5)), Kind: k, Entity: id, Actor: desk.DerivedID(string(rune('a' + r.IntN(3)))), At: int64(n) * 1000, Body: b}
		if len(es) > 0 {
			e.Base = es[r.IntN(len(es))].Stamp
		}
		es = append(es, e)
	}
	add(desk.CaseOpened, desk.Opened{Number: "A-0001-8", Subject: "s"})
	for range 2 + r.IntN(12) {
		if r.IntN(5) == 0 {
			what := es[r.IntN(len(es))]
			add(desk.EventUndone, desk.Undo{Origin: what.Origin, Seq: what.Seq})
			continue
		}
		b := bodies[r.IntN(len(bodies))]
		add(b.kind, b.body)
	}
	return es
}

func digest(t *testing.T, es []desk.Event) string {
	b, err := desk.Encode(desk.FoldCase(es))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestTheFoldIsTheSameInWhateverOrder(t *testing.T) {
	for seed := uint64(1); seed <= 10_000; seed++ {
		r := rand.New(rand.NewPCG(seed, 3))
		es := history(r, t)
		want := digest(t, es)
		mixed := append([]desk.Event(nil), es...)
		for range r.IntN(4) {
			mixed = append(mixed, es[r.IntN(len(es))])
		}
		r.Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
		if digest(t, mixed) != want {
			t.Fatalf("seed %d: a shuffled and duplicated history folds to another state", seed)
		}
	}
}

func TestAWrongDigitOfANumberIsCaught(t *testing.T) {
	for n := uint64(1); n < 3000; n += 7 {
		good := string(desk.NewNumber("B", n))
		for i := range good {
			for d := byte('0'); d <= '9'; d++ {
				if good[i] < '0' || good[i] > '9' || good[i] == d {
					continue
				}
				bad := good[:i] + string(d) + good[i+1:]
				if got, err := desk.ParseNumber(bad); err == nil {
					t.Fatalf("%s for %s was read as %s", bad, good, got)
				}
			}
		}
		if got, err := desk.ParseNumber(good); err != nil || string(got) != good {
			t.Fatalf("%s was read as %s, %v", good, got, err)
		}
	}
}
