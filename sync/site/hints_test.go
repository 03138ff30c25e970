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
		b, err := cbor.Marshal(presence{Node: node, Agents: agents, Attends: make([]attention, len(agents))})
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
	_, known := p.present[desk.ID{3}]
	if got := p.present[who].Agents; len(got) != 0 || len(p.present) > 1024 || known {
		t.Errorf("%d agents of one who has signed out, %d workstations remembered", len(got), len(p.present))
	}
	say(who, make([]desk.ID, 64)...)
	if n := len(p.present[who].Attends); n != mostAttends {
		t.Errorf("%d cases are open at one workstation", n)
	}
}

// What somebody looks at is heard on the other workstation, and fits into one hint.
func TestWhatOthersLookAtIsHeard(t *testing.T) {
	a, b := alone(t), alone(t)
	eng := a.Engine.(*engine.Engine)
	for i := range 40 {
		eng.Attend(desk.Attention{Agent: desk.ID{byte(i + 1), 200}, Of: desk.Entity{Type: desk.CaseType, ID: desk.ID{7, 255}}, Writing: i == 0})
	}
	hint := a.presence()
	if len(hint) > gossip.MaxHint {
		t.Fatalf("it takes %d bytes", len(hint))
	}
	b.heard(hint)
	got := b.present[a.me].attends()
	if len(got) != mostAttends || got[0].Of.ID != (desk.ID{7, 255}) || got[0].Of.Type != desk.CaseType || got[0].Writing == got[1].Writing {
		t.Errorf("heard: %+v", got)
	}
}
