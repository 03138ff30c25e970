package store

import (
	"bytes"
	"encoding/binary"
	"reflect"
	"slices"
	"testing"

	"punto/app/desk"
	"punto/packaging/golden"
	"punto/store/chain"
)

// The vectors of chain/testdata/golden.txt are what folders of this format hold. They
// must never change, nor may what they mean: a failure here means that folders
// that exist would be read otherwise. A format that grows gets more vectors.

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
	v := golden.Read(t, "chain/testdata/golden.txt")
	db := goldenNode(t)
	raw := v["block"]
	b, err := db.codec.Parse(db.Origin(), 1, raw) // proves chain and signature
	if err != nil {
		t.Fatal(err)
	}
	for i := range chain.BlockEvents {
		want := event(i)
		want.Origin, want.Seq = db.Origin(), uint64(i+1)
		if got, err := chain.ParseFrame(b.Frames[i]); err != nil || !reflect.DeepEqual(got, want) {
			t.Fatalf("event %d of the block is read as %+v and not %+v: %v", i+1, got, want, err)
		}
	}
	if b.Prev != ([32]byte{}) || !bytes.Equal(b.Pub[:], db.key[32:]) || binary.BigEndian.Uint16(raw) != chain.BlockEvents {
		t.Error("the header of the block is read otherwise")
	}
	// The header and what is packed are the format. How zstd packs it may change
	// with its version: then another vector is added, and this one must be read.
	const header = 2 + 32 + 32 + 64
	sealed := db.codec.Seal(b.Prev, &chain.Head{Pub: b.Pub, Sig: b.Sig}, b.Frames)
	if !bytes.Equal(sealed[:header], raw[:header]) {
		t.Errorf("the header of the block is written as %x and not %x", sealed[:header], raw[:header])
	}
	unpack := func(b []byte) []byte {
		flat, err := db.codec.Unpack(b[header:])
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
	v := golden.Read(t, "chain/testdata/golden.txt")
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
	if got := h.Bytes(); !bytes.Equal(got, v["head"]) {
		t.Errorf("the head is written as %x", got)
	}
	if got, err := chain.ParseHead(v["head"]); err != nil || got != h || !got.Signed(db.Origin()) || got.Seq != 300 || got.Sealed != 256 {
		t.Errorf("the head is read as %+v: %v", got, err)
	}
	if other.heads()[db.Origin()].Hash != h.Hash {
		t.Error("the chain of the same bytes is another one")
	}
}
