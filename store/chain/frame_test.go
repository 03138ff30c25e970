package chain

import (
	"bytes"
	"reflect"
	"slices"
	"strings"
	"testing"

	"punto/app/desk"
	"punto/packaging/golden"
)

// goldenEvents are the events of the frames, by the name of the vector.
func goldenEvents(t *testing.T) map[string]desk.Event {
	t.Helper()
	id := func(first byte) (id desk.ID) {
		for i := range id {
			id[i] = first + byte(i)
		}
		return id
	}
	body := func(v any) []byte {
		b, err := desk.Encode(v)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	opened := desk.Opened{Number: "B-4217-6", Kind: desk.Request, Person: id(0x10), Area: id(0x20), Site: id(0x30), Asset: id(0x40), Contract: id(0x50), Category: "printers.queue", Impact: 2, Urgency: 3,
		Priority: 2, Why: "the director", Subject: "La impresora no imprime", Text: "ñandú", Modality: desk.ByPhone, Call: id(0x60), Model: 7 << 16, Group: id(0x70), Agent: id(0x80), Ref: "INC-1", Parent: id(0x90), Lang: "es", Level: 1}
	return map[string]desk.Event{
		"frame of a case opened": {Origin: 0x0102030405060708, Seq: 1, Stamp: 1_764_000_000_000<<16 | 5, Kind: desk.CaseOpened, Version: 1, Entity: desk.Entity{Type: desk.CaseType, ID: id(0xa0)},
			Actor: id(0xb0), Writer: id(0xb0), At: 1_764_000_000_123, Body: body(opened)},
		"frame that one wrote for another": {Origin: 0xf102030405060708, Seq: 70_000, Stamp: 1<<63 | 1, Kind: desk.CaseHandedOff, Version: 2, Entity: desk.Entity{Type: desk.CaseType, ID: id(0xa0)},
			Base: 1 << 62, Actor: id(0xb0), Writer: id(0xc0), At: -5, Body: body(desk.Moved{Group: id(0x70), Reason: "to the network", Outside: true, Level: 2})},
		"frame that the desk wrote for an agent": {Origin: 1, Seq: 2, Stamp: 3, Kind: desk.CaseNoted, Version: 1, Entity: desk.Entity{Type: desk.CaseType, ID: id(1)}, Actor: id(0xb0), At: 1, Body: body(desk.Said{Text: "x"})},
		"frame of the desk itself": {Origin: 1, Seq: 1, Stamp: 1, Kind: desk.RecordPatched, Entity: desk.Entity{Type: desk.OrganisationType, ID: id(0)}, At: 1,
			Body: body(desk.Patch{1: body("Mesa"), 4: nil})},
		"frame of a kind that nobody knows": {Origin: ^desk.Origin(0), Seq: ^uint64(0), Stamp: ^desk.Stamp(0), Kind: 65_535, Version: 255, Entity: desk.Entity{Type: 255, ID: id(0xf0)},
			Base: ^desk.Stamp(0), Actor: id(1), Writer: id(1), At: 1<<63 - 1, Body: []byte{0}},
	}
}

func TestGoldenFrames(t *testing.T) {
	v := golden.Read(t, "testdata/golden.txt")
	for name, e := range goldenEvents(t) {
		if b, err := AppendFrame(nil, &e); err != nil || !bytes.Equal(b, v[name]) {
			t.Errorf("%s is written as %x and not %x: %v", name, b, v[name], err)
		}
		if got, err := ParseFrame(v[name]); err != nil || !reflect.DeepEqual(got, e) {
			t.Errorf("%s is read as %+v and not %+v: %v", name, got, e, err)
		}
	}
	// fields of a newer version are passed over, and what it knows is read
	got, err := ParseFrame(v["frame with fields of a newer version"])
	if want := goldenEvents(t)["frame of the desk itself"]; err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("a frame of a newer version is read as %+v and not %+v: %v", got, want, err)
	}
}

// event is one of some entity, as a log holds it.
func event(n int) desk.Event {
	return desk.Event{Origin: 7, Seq: 9, Stamp: desk.Stamp(n + 1), Kind: desk.CaseNoted, Version: 1, Entity: desk.Entity{Type: desk.CaseType, ID: desk.ID{1, byte(n)}},
		Actor: desk.ID{9}, Writer: desk.ID{9}, At: int64(n), Body: bytes.Repeat([]byte{byte(n)}, 120)}
}

func TestTheTypeOfAFrameIsReadWithoutTheRest(t *testing.T) {
	read := 0
	for name, f := range golden.Read(t, "testdata/golden.txt") {
		e, err := ParseFrame(f)
		if !strings.HasPrefix(name, "frame") || err != nil {
			continue
		}
		if got, ok := FrameType(f); ok {
			if read++; got != e.Entity.Type {
				t.Errorf("%s is of type %v and not %v", name, got, e.Entity.Type)
			}
		}
	}
	for i := range 30 {
		e := event(i)
		e.Entity.Type = desk.Type(i)
		f, err := AppendFrame(nil, &e)
		if err != nil {
			t.Fatal(err)
		}
		if got, ok := FrameType(f); ok && got != e.Entity.Type || !ok && i > 0 && i < 24 {
			t.Errorf("type %d is read as %d, %v", i, got, ok)
		}
	}
	if read < 3 {
		t.Errorf("only %d vectors were read", read)
	}
	for _, b := range [][]byte{nil, make([]byte, headerBytes), slices.Repeat([]byte{0xa2}, headerBytes+4)} {
		if _, ok := FrameType(b); ok {
			t.Errorf("%x has a type", b)
		}
	}
}

func FuzzParseFrame(f *testing.F) {
	e := event(3)
	b, _ := AppendFrame(nil, &e)
	f.Add(b)
	f.Fuzz(func(t *testing.T, b []byte) {
		e, err := ParseFrame(b)
		if err != nil {
			return
		}
		again, err := AppendFrame(nil, &e)
		if err != nil {
			t.Fatal(err)
		}
		if back, err := ParseFrame(again); err != nil || desk.Compare(&e, &back) != 0 || !bytes.Equal(e.Body, back.Body) {
			t.Fatalf("%+v became %+v, %v", e, back, err)
		}
	})
}
