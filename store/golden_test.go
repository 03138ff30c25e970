package store

import (
	"bytes"
	"encoding/binary"
	"reflect"
	"slices"
	"testing"

	"punto/app/desk"
	"punto/packaging/golden"
)

// The vectors of testdata/golden.txt are what folders of this format hold. They
// must never change, nor may what they mean: a failure here means that folders
// that exist would be read otherwise. A format that grows gets more vectors.

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

// goldenNode is a node with a known key that has written 300 events: a block and
// a tail.
func goldenNode(t *testing.T) *DB {
	t.Helper()
	m := &Memory{secret: make([]byte, 48)}
	for i := range m.secret {
		m.secret[i] = byte(i)
	}
	db := memory(t, m)
	fill(t, db, 300)
	return db
}

func TestGoldenBlock(t *testing.T) {
	v := golden.Read(t, "testdata/golden.txt")
	db := goldenNode(t)
	raw := v["block"]
	b, err := db.parseBlock(db.Origin(), 1, raw) // proves chain and signature
	if err != nil {
		t.Fatal(err)
	}
	for i := range blockEvents {
		want := event(i)
		want.Origin, want.Seq = db.Origin(), uint64(i+1)
		if got, err := ParseFrame(b.frames[i]); err != nil || !reflect.DeepEqual(got, want) {
			t.Fatalf("event %d of the block is read as %+v and not %+v: %v", i+1, got, want, err)
		}
	}
	if b.prev != ([32]byte{}) || !bytes.Equal(b.pub[:], db.key[32:]) || binary.BigEndian.Uint16(raw) != blockEvents {
		t.Error("the header of the block is read otherwise")
	}
	// The header and what is packed are the format. How zstd packs it may change
	// with its version: then another vector is added, and this one must be read.
	sealed := db.sealBlock(b.prev, &head{pub: b.pub, sig: b.sig}, b.frames)
	if !bytes.Equal(sealed[:blockHeader], raw[:blockHeader]) {
		t.Errorf("the header of the block is written as %x and not %x", sealed[:blockHeader], raw[:blockHeader])
	}
	unpack := func(b []byte) []byte {
		flat, err := db.unzip.DecodeAll(b[blockHeader:], nil)
		if err != nil {
			t.Fatal(err)
		}
		return flat
	}
	if !bytes.Equal(unpack(sealed), unpack(raw)) {
		t.Error("other bytes are packed into a block")
	}
	if !bytes.Equal(sealed, raw) {
		t.Error("zstd packs a block otherwise than it did: the vector stays, add another one")
	}
	if rs := runs(t, db, db.Origin(), 1); !bytes.Equal(rs[0].Block, raw) {
		t.Error("a node that writes the same events seals them otherwise")
	}
}

func TestGoldenRunsAndHeads(t *testing.T) {
	v := golden.Read(t, "testdata/golden.txt")
	db := goldenNode(t)
	rs := runs(t, db, db.Origin(), 1)
	if len(rs) != 2 {
		t.Fatalf("%d runs", len(rs))
	}
	for name, x := range map[string]struct {
		run   desk.Run
		block bool
	}{"run of a block": {rs[0], true}, "run of events": {rs[1], false}} {
		if got := x.run.Append(nil); !bytes.Equal(got, v[name]) {
			t.Errorf("the %s is written otherwise", name)
		}
		got, ok := desk.ParseRun(v[name], x.block)
		if !ok || got.Origin != x.run.Origin || got.First != x.run.First || got.Sig != x.run.Sig || !bytes.Equal(got.Block, x.run.Block) ||
			!slices.EqualFunc(got.Frames, x.run.Frames, bytes.Equal) {
			t.Errorf("the %s is read otherwise", name)
		}
	}
	other := memory(t, &Memory{}) // another node takes the bytes as they lie there
	introduce(t, other, db)
	for _, name := range []string{"run of a block", "run of events"} {
		r, _ := desk.ParseRun(v[name], name == "run of a block")
		if _, err := receive(other, r); err != nil {
			t.Errorf("the %s is not taken: %v", name, err)
		}
	}
	h := db.heads()[db.Origin()]
	if got := h.bytes(); !bytes.Equal(got, v["head"]) {
		t.Errorf("the head is written as %x", got)
	}
	if got, err := parseHead(v["head"]); err != nil || got != h || !got.signed(db.Origin()) || got.seq != 300 || got.sealed != 256 {
		t.Errorf("the head is read as %+v: %v", got, err)
	}
	if other.heads()[db.Origin()].hash != h.hash {
		t.Error("the chain of the same bytes is another one")
	}
}
