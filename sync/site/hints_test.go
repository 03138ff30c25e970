package site

import (
	"bytes"
	"crypto/ed25519"
	"log/slog"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/fxamacker/cbor/v2"

	"punto/app/desk"
	"punto/app/engine"
	"punto/app/rooms"
	"punto/store"
	"punto/sync/gossip"
	"punto/sync/stream"
)

// alone makes a workstation that holds a site and speaks with nobody.
func alone(t *testing.T) *Peers {
	t.Helper()
	db, err := store.Open(t.Context(), store.Options{Memory: &store.Memory{}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	eng, err := rooms.Open(t.Context(), engine.Config{Log: db})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = eng.Close() })
	own, err := stream.Found(db.Key().Public().(ed25519.PublicKey))
	if err != nil {
		t.Fatal(err)
	}
	return listening(Config{Dir: t.TempDir(), Key: db.Key(), Log: db, Engine: eng, Nodes: &inCrowd{Engine: eng}, Logger: slog.New(slog.DiscardHandler)}, own, nil)
}

// A hint proves nothing: whatever comes as one is no run, or waits for the log to
// prove it, and never more of them than the queue has room for.
func TestWhatComesAsAHintBreaksNothing(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 1))
	p := alone(t)
	run := stream.EncodeRun(desk.Run{Origin: 7, First: 1, Frames: [][]byte{bytes.Repeat([]byte{1}, 80)}})
	sound := append([]byte{runHint, byte(run.Kind)}, run.Body...)
	p.heard(sound)
	if len(p.hints) != 1 {
		t.Fatalf("a run is %d hints", len(p.hints))
	}
	for range 20_000 {
		b := bytes.Clone(sound)
		for range 1 + r.IntN(4) {
			b[r.IntN(len(b))] ^= 1 << r.IntN(8)
		}
		p.heard(b[:r.IntN(len(b)+1)])
	}
	for range cap(p.hints) { // the last ones find no room, and hold up nobody
		p.heard(sound)
	}
	for len(p.hints) > 0 {
		if x := <-p.hints; x.Block != nil || x.Size() > gossip.MaxHint+64 {
			t.Fatalf("a hint of %d bytes, block %v", x.Size(), x.Block != nil)
		}
	}
}

// Presence is what a workstation says of itself: the last word counts, and nobody
// fills the memory with workstations that are not.
func TestPresenceIsBounded(t *testing.T) {
	p := alone(t)
	say := func(node desk.ID, agents ...desk.ID) {
		b, err := cbor.Marshal(presence{node, agents})
		if err != nil {
			t.Fatal(err)
		}
		p.heard(append([]byte{presentHint}, b...))
	}
	who := desk.ID{1}
	say(who, desk.ID{8}, desk.ID{9})
	say(who, desk.ID{9})
	for i := range 5000 {
		say(desk.ID{2, byte(i >> 8), byte(i)}, desk.ID{8})
	}
	say(desk.ID{3}, make([]desk.ID, 65)...)
	say(who)
	if got := p.present[who]; len(got) != 0 || len(p.present) > 1024 || p.present[desk.ID{3}] != nil {
		t.Errorf("%d agents of one who has signed out, %d workstations remembered", len(got), len(p.present))
	}
}
