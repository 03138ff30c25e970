package desk_test

import (
	"math/rand/v2"
	"slices"
	"sort"
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

// digest is the state that a set of events folds to, but for how many they were
// and how late: those of an undo and of what it undoes count all the same.
func digest(t *testing.T, c desk.Case) string {
	c.Events, c.Head, c.LastAt, c.MovedAt = 0, 0, 0, 0
	b, err := desk.Encode(c)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// inOrder sorts events as the page on sync says: by stamp, then by workstation,
// then by sequence. It is written again here, so that the fold's own order can
// be wrong.
func inOrder(es []desk.Event) []desk.Event {
	out := slices.Clone(es)
	sort.SliceStable(out, func(i, j int) bool {
		a, b := out[i], out[j]
		switch {
		case a.Stamp != b.Stamp:
			return a.Stamp < b.Stamp
		case a.Origin != b.Origin:
			return a.Origin < b.Origin
		}
		return a.Seq < b.Seq
	})
	return out
}

// A workstation folds one event after another as they come, where they come in
// order; one that arrives late, or an undo, makes it fold all anew. All ways end
// in the same state, which is that of the events one by one in their order.
func TestTheFoldIsTheSameInWhateverOrder(t *testing.T) {
	for seed := uint64(1); seed <= 5_000; seed++ {
		r := rand.New(rand.NewPCG(seed, 3))
		es := history(r, t)
		whole := desk.FoldCase(es)
		if !slices.ContainsFunc(es, func(e desk.Event) bool { return e.Kind == desk.EventUndone }) {
			var c desk.Case
			for _, e := range inOrder(es) {
				c.Apply(&e)
			}
			if digest(t, c) != digest(t, whole) || c.Events != whole.Events || c.Head != whole.Head || c.LastAt != whole.LastAt {
				t.Fatalf("seed %d: one by one and in order, they fold to another state", seed)
			}
		}
		mixed := slices.Clone(es)
		for range r.IntN(4) {
			mixed = append(mixed, es[r.IntN(len(es))])
		}
		r.Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
		var c desk.Case
		var come []desk.Event
		for _, e := range mixed {
			late := slices.ContainsFunc(come, func(x desk.Event) bool { return desk.Compare(&x, &e) >= 0 })
			if come = append(come, e); late || e.Kind == desk.EventUndone || slices.ContainsFunc(come, func(x desk.Event) bool { return x.Kind == desk.EventUndone }) {
				c = desk.FoldCase(come)
			} else {
				c.Apply(&e)
			}
		}
		if digest(t, c) != digest(t, whole) || c.Events != whole.Events || c.Head != whole.Head {
			t.Fatalf("seed %d: as they came, with copies, they fold to another state", seed)
		}
	}
}

// An undo leaves a case as if what it undoes had not been written, and an undo
// that is undone, as if neither had.
func TestAnUndoTakesOneEventOutAndItsUndoPutsItBack(t *testing.T) {
	for seed := uint64(1); seed <= 3_000; seed++ {
		r := rand.New(rand.NewPCG(seed, 4))
		es := inOrder(slices.DeleteFunc(history(r, t), func(e desk.Event) bool { return e.Kind == desk.EventUndone }))
		last := es[len(es)-1]
		undo := func(of desk.Event, n uint64) desk.Event {
			b, err := desk.Encode(desk.Undo{Origin: of.Origin, Seq: of.Seq})
			if err != nil {
				t.Fatal(err)
			}
			return desk.Event{Origin: last.Origin, Seq: 1000 + n, Stamp: last.Stamp + desk.Stamp(n), Kind: desk.EventUndone, Entity: last.Entity, Base: last.Stamp, Actor: last.Actor, At: last.At, Body: b}
		}
		i := r.IntN(len(es))
		first := undo(es[i], 1)
		without := slices.Delete(slices.Clone(es), i, i+1)
		if es[i].Kind == desk.CaseOpened { // a registration stays
			without = es
		}
		if digest(t, desk.FoldCase(append(slices.Clone(es), first))) != digest(t, desk.FoldCase(without)) {
			t.Fatalf("seed %d: the undo of event %d (%v) leaves more or less than its absence", seed, i, es[i].Kind)
		}
		if digest(t, desk.FoldCase(append(slices.Clone(es), first, undo(first, 2)))) != digest(t, desk.FoldCase(es)) {
			t.Fatalf("seed %d: an undo of event %d (%v) that is undone still shows", seed, i, es[i].Kind)
		}
	}
}

// Of several who set one field the last in the order of the fold holds, whoever
// and wherever it was.
func TestTheLatestStampHolds(t *testing.T) {
	for seed := uint64(1); seed <= 2_000; seed++ {
		r := rand.New(rand.NewPCG(seed, 5))
		s := opened(t)
		for i := range 1 + r.IntN(6) {
			who := []desk.ID{ana, cesar, pedro}[r.IntN(3)]
			s.unseen(1+r.IntN(len(s.es)), who, desk.CaseEdited, desk.Edited{Subject: to(string(rune('a' + i)))})
		}
		for i := range s.es[1:] { // stamps that meet are decided by the workstation
			s.es[i+1].Stamp = desk.Stamp(20 + 10*r.IntN(4))
		}
		es := inOrder(s.es)
		var want desk.Edited
		if err := desk.Decode(es[len(es)-1].Body, &want); err != nil {
			t.Fatal(err)
		}
		if got := s.fold().Subject; got != *want.Subject {
			t.Fatalf("seed %d: the subject is %q and not %q", seed, got, *want.Subject)
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
