package desk_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"punto/app/desk"
)

// patched are the events of one record: each sets fields, by somebody who had
// seen the first so many of those before.
func patched(t *testing.T, steps ...func(n int) desk.Event) (es []desk.Event) {
	t.Helper()
	for i, s := range steps {
		e := s(i + 1)
		e.Stamp, e.At = desk.Stamp((i+1)*10), minute(i+1)
		e.Origin, e.Seq = originOf(e.Actor), uint64(i+1)
		es = append(es, e)
	}
	return es
}

func body(v any) []byte {
	b, err := desk.Encode(v)
	if err != nil {
		panic(err)
	}
	return b
}

func sets(who desk.ID, seen int, old, next desk.Person) func(int) desk.Event {
	return func(int) desk.Event {
		p, err := desk.Diff(old, next)
		if err != nil {
			panic(err)
		}
		return desk.Event{Kind: desk.RecordPatched, Actor: who, Base: desk.Stamp(seen * 10), Body: body(p)}
	}
}

func says(who desk.ID, k desk.Kind, v any) func(int) desk.Event {
	return func(n int) desk.Event {
		return desk.Event{Kind: k, Actor: who, Base: desk.Stamp((n - 1) * 10), Body: body(v)}
	}
}

func TestStoriesOfARecord(t *testing.T) {
	none, eva := desk.Person{}, desk.Person{Name: "Eva", Extension: "4518", Phones: []string{"1", "2"}}
	moved := eva
	moved.Extension = "4519"
	away := eva
	away.Extension = "7000"
	plain := eva
	plain.Phones = nil
	for _, x := range []struct {
		name      string
		es        []desk.Event
		want      desk.Person
		conflicts []string
	}{
		{"a record is what its patches say", patched(t, sets(ana, 0, none, eva), sets(cesar, 1, eva, moved)), moved, nil},
		{"a field that is emptied is gone", patched(t, sets(ana, 0, none, eva), sets(ana, 1, eva, plain)), plain, nil},
		{"two who had not seen each other", patched(t, sets(ana, 0, none, eva), sets(cesar, 1, eva, moved), sets(pedro, 1, eva, away)), away, []string{"6: 7000/4519"}},
		{"who had seen it", patched(t, sets(ana, 0, none, eva), sets(cesar, 1, eva, moved), sets(pedro, 2, moved, away)), away, nil},
		{"the same person, twice", patched(t, sets(ana, 0, none, eva), sets(cesar, 1, eva, moved), sets(cesar, 1, eva, away)), away, nil},
		{"two who say the same", patched(t, sets(ana, 0, none, eva), sets(cesar, 1, eva, moved), sets(pedro, 1, eva, moved)), moved, nil},
		{"one who empties what another sets", patched(t, sets(ana, 0, none, eva), sets(cesar, 1, plain, eva), sets(pedro, 1, eva, plain)), plain, []string{`7: /["1", "2"]`}},
		{"a conflict that is settled", patched(t, sets(ana, 0, none, eva), sets(cesar, 1, eva, moved), sets(pedro, 1, eva, away),
			says(ana, desk.ConflictSettled, desk.Settled{Field: "6", Stamp: 30})), away, nil},
		{"another one is not", patched(t, sets(ana, 0, none, eva), sets(cesar, 1, eva, moved), sets(pedro, 1, eva, away),
			says(ana, desk.ConflictSettled, desk.Settled{Field: "7", Stamp: 30})), away, []string{"6: 7000/4519"}},
		{"a patch that is undone", patched(t, sets(ana, 0, none, eva), sets(cesar, 1, eva, moved), says(ana, desk.EventUndone, desk.Undo{Origin: originOf(cesar), Seq: 2})), eva, nil},
	} {
		r := desk.FoldRecord(x.es)
		got, err := desk.As[desk.Person](r)
		if err != nil || fmt.Sprint(got) != fmt.Sprint(x.want) || r.Newer {
			t.Errorf("%s: %+v and not %+v (%v, newer %t)", x.name, got, x.want, err, r.Newer)
		}
		var cs []string
		for _, c := range r.Conflicts {
			cs = append(cs, fmt.Sprintf("%s: %s/%s", c.Field, c.Kept, c.Other))
		}
		if !slices.Equal(cs, x.conflicts) {
			t.Errorf("%s: the conflicts %q and not %q", x.name, cs, x.conflicts)
		}
		if r.Head != x.es[len(x.es)-1].Stamp && !strings.Contains(x.name, "undone") {
			t.Errorf("%s: the head is %d", x.name, r.Head)
		}
	}
}

// What was said of the lost side of a conflict can be put back as it was.
func TestTheOtherSideOfAConflictIsKeptAsItWasWritten(t *testing.T) {
	a, b := desk.Person{Phones: []string{"1"}}, desk.Person{Phones: []string{"2", "3"}}
	r := desk.FoldRecord(patched(t, sets(ana, 0, desk.Person{}, a), sets(cesar, 0, desk.Person{}, b)))
	if len(r.Conflicts) != 1 || !bytes.Equal(r.Conflicts[0].OtherRaw, body([]string{"1"})) || r.Conflicts[0].OtherActor != ana || r.Conflicts[0].KeptActor != cesar {
		t.Fatalf("%+v", r.Conflicts)
	}
}

// Fields that this version does not know are kept and passed on, and one that
// cannot be read takes no other along.
func TestFieldsOfANewerVersion(t *testing.T) {
	r := desk.FoldRecord(patched(t, says(ana, desk.RecordPatched, map[uint64]any{1: "Eva", 6: 4518, 8: "eva@example.org", 99: []int{1}})))
	p, err := desk.As[desk.Person](r)
	if err != nil || p.Name != "Eva" || p.Email != "eva@example.org" || p.Extension != "" {
		t.Errorf("%+v %v: the number in the place of an extension takes others along", p, err)
	}
	if string(r.Fields[99]) != string(body([]int{1})) {
		t.Errorf("the field 99 is %x", r.Fields[99])
	}
	r = desk.FoldRecord(patched(t, sets(ana, 0, desk.Person{}, desk.Person{Name: "Eva"}), says(ana, desk.Kind(60_000), 1)))
	if !r.Newer {
		t.Error("a kind that nobody knows is not told")
	}
	if r = desk.FoldRecord(patched(t, says(ana, desk.RecordPatched, "?"))); !r.Newer {
		t.Error("a patch that cannot be read is not told")
	}
	if r = desk.FoldRecord(patched(t, says(ana, desk.AgentPresent, desk.Presence{}), says(ana, desk.ClockMeasured, desk.Offset{}))); r.Newer || len(r.Fields) > 0 {
		t.Error("a presence or a measured clock changes the record")
	}
}

// A patch turns the old record into the next one, whatever they hold.
func TestAPatchMakesTheNextOfTheOld(t *testing.T) {
	all := []desk.Person{{}, {Name: "a"}, {Name: "b", VIP: true}, {VIP: true, Phones: []string{"1"}}, {Name: "a", Area: nets, Gone: true}}
	for _, old := range all {
		for _, next := range all {
			r := desk.FoldRecord(patched(t, sets(ana, 0, desk.Person{}, old), sets(ana, 1, old, next)))
			if got, err := desk.As[desk.Person](r); err != nil || fmt.Sprint(got) != fmt.Sprint(next) {
				t.Errorf("%+v to %+v gives %+v, %v", old, next, got, err)
			}
		}
	}
}
