package store

import (
	"errors"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"punto/app/desk"
	"punto/store/chain"
)

// verdicts are what became of runs that a node was given in one commit.
func verdicts(t testing.TB, db *DB, rs []desk.Run) (said []string) {
	t.Helper()
	err := db.Change(ctx, func(tx *Tx) error {
		for _, r := range rs {
			if r.Proof != nil && r.Proof.Held {
				said = append(said, "taken 0")
				continue
			}
			es, err := tx.Receive(r)
			switch {
			case err == nil:
				said = append(said, "taken "+strconv.Itoa(len(es)))
			case errors.Is(err, desk.ErrForged):
				said = append(said, "forged")
			case errors.Is(err, desk.ErrGap):
				said = append(said, "gap")
			case errors.Is(err, desk.ErrFork):
				said = append(said, "fork")
			default:
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return said
}

// What is proven beside the writer is what the writer would have found, whatever
// comes in whatever order, with whatever in between.
func TestAProofBesideTheWriterIsTheWritersOwn(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	if s := os.Getenv("PUNTO_SEED"); s != "" {
		seed, _ = strconv.ParseUint(s, 10, 64)
	}
	t.Logf("PUNTO_SEED=%d", seed)
	r := rand.New(rand.NewPCG(seed, 7))
	disk := &Memory{}
	author := memory(t, disk)
	o := author.Origin()
	var all []desk.Run // from every few sequences to the head of that time
	for author.Vector()[o] < 900 {
		fill(t, author, 1+r.IntN(60))
		all = append(all, runs(t, author, o, max(1, author.Vector()[o]-min(author.Vector()[o]-1, uint64(r.IntN(90)))))...)
	}
	all = append(all, runs(t, author, o, 1)...)
	twin := memory(t, disk.Clone()) // another history after this
	fill(t, author, 5)
	other := event(2000)
	if err := twin.Update(ctx, func(tx desk.Tx) error { return tx.Append(&other) }); err != nil {
		t.Fatal(err)
	}
	seen := map[string]int{}
	for range 40 {
		x, y := memory(t, &Memory{}), memory(t, &Memory{})
		introduce(t, x, author)
		introduce(t, y, author)
		for range 60 {
			var batch []desk.Run
			for range 1 + r.IntN(4) {
				run := all[r.IntN(len(all))]
				if next := x.Vector()[o] + 1; r.IntN(3) > 0 {
					if more := runs(t, author, o, next); len(more) > 0 {
						run = more[r.IntN(min(2, len(more)))]
					}
				}
				if run.Block == nil && r.IntN(6) == 0 {
					run = spoiltRun(r, run)
				}
				if run.Block != nil && r.IntN(6) == 0 {
					run.Block = slices.Clone(run.Block)
					run.Block[r.IntN(len(run.Block))] ^= 1 << r.IntN(8)
				}
				batch = append(batch, run)
			}
			if x.Vector()[o] > 900 && r.IntN(5) == 0 {
				batch = append(batch, runs(t, twin, o, twin.Vector()[o])...)
			}
			proven := x.Prove(batch)
			if r.IntN(4) == 0 { // somebody else was faster
				between := runs(t, author, o, x.Vector()[o]+1)
				between = between[:min(len(between), 1)]
				verdicts(t, x, between)
				verdicts(t, y, between)
			}
			a, b := verdicts(t, x, proven), verdicts(t, y, batch)
			if !slices.Equal(a, b) || !maps.Equal(x.Points(), y.Points()) || x.IsFrozen(o) != y.IsFrozen(o) {
				t.Fatalf("seed %d: with proofs %v, without %v; held %v and %v", seed, a, b, x.Points(), y.Points())
			}
			for i, v := range a {
				if seen[v]++; proven[i].Proof != nil {
					seen["proven"]++
				}
			}
		}
		if err := errors.Join(x.Verify(ctx), y.Verify(ctx)); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
	}
	for _, v := range []string{"taken 0", "forged", "gap", "fork", "taken 256", "proven"} {
		if seen[v] == 0 {
			t.Errorf("seed %d: nothing was %q: %v", seed, v, seen)
		}
	}
}

// spoiltRun is a run with a small fault.
func spoiltRun(r *rand.Rand, run desk.Run) desk.Run {
	run.Frames = slices.Clone(run.Frames)
	i := r.IntN(len(run.Frames))
	switch r.IntN(4) {
	case 0:
		run.Frames[i] = slices.Clone(run.Frames[i])
		run.Frames[i][r.IntN(len(run.Frames[i]))] ^= 1 << r.IntN(8)
	case 1:
		run.Sig[r.IntN(64)] ^= 1
	case 2:
		run.Frames = run.Frames[:i]
	default:
		run.First += uint64(r.IntN(3))
	}
	return run
}

// What was just written is told from memory, as it would be read.
func TestTheNewestEventsAreToldFromMemory(t *testing.T) {
	a, b := memory(t, &Memory{}), memory(t, &Memory{})
	introduce(t, b, a)
	o := a.Origin()
	told := 0
	for range 700 {
		fill(t, a, 1)
		r, ok := a.Recent(o, b.Vector()[o]+1)
		if !ok { // the block was just sealed
			if a.Vector()[o]%chain.BlockEvents != 0 {
				t.Fatalf("event %d is not in memory", a.Vector()[o])
			}
			verdicts(t, b, runs(t, a, o, b.Vector()[o]+1))
			continue
		}
		told++
		if v := verdicts(t, b, b.Prove([]desk.Run{r})); v[0] != "taken 1" {
			t.Fatalf("event %d: %v", a.Vector()[o], v)
		}
		if back, ok := b.Recent(o, r.First); !ok || back.Sig != r.Sig || string(back.Frames[0]) != string(r.Frames[0]) {
			t.Fatalf("event %d is passed on otherwise", a.Vector()[o])
		}
	}
	if _, ok := a.Recent(o, 1); ok || told < 690 {
		t.Errorf("%d were told; the first is still in memory: %v", told, ok)
	}
	fill(t, a, 300)
	if a.recent.bytes > recentAll || a.recent.tails[o] != nil && a.recent.tails[o].bytes > 2*recentBytes {
		t.Errorf("%d bytes are kept in memory", a.recent.bytes)
	}
}
