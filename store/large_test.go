package store

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"testing"

	"punto/app/desk"
	"punto/store/chain"
)

// 256 long texts that do not compress make a block of many megabytes: it is sealed,
// read, proven, carried and read after a restart as any other.
func TestABlockOfLargeEventsIsKept(t *testing.T) {
	dir := t.TempDir()
	db := openLoose(t, dir)
	g := rand.New(rand.NewPCG(1, 2))
	body := func() []byte {
		b := make([]byte, chain.MaxBodyBytes/16)
		for i := range b {
			b[i] = byte(g.Uint32())
		}
		return b
	}
	var fifth []byte
	for i := range chain.BlockEvents + 3 {
		e := event(i)
		e.Body = body()
		if i == 4 {
			fifth = bytes.Clone(e.Body)
		}
		if err := db.Update(context.Background(), func(tx desk.Tx) error { return record(tx, &e) }); err != nil {
			t.Fatalf("event %d: %.200s", i+1, err)
		}
	}
	same := func(db *DB) {
		t.Helper()
		if err := db.Verify(context.Background()); err != nil {
			t.Fatal(err)
		}
		if err := db.Read(func(r desk.Reader) error {
			e, err := r.Event(db.Origin(), 5)
			if err == nil && !bytes.Equal(e.Body, fifth) {
				err = errors.New("it is another")
			}
			return err
		}); err != nil {
			t.Fatal("an event of the block:", err)
		}
	}
	same(db)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	db = openLoose(t, dir)
	same(db)
	fill(t, db, 1)
}
