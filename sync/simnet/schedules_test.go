package simnet_test

import (
	"flag"
	"os"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
)

var (
	oneSeed = flag.Uint64("seed", 0, "run only this schedule")
	first   = flag.Uint64("first", 1, "begin with this schedule")
)

// schedules is how many a run of the tests does: PUNTO_SCHEDULES, else 10,000.
func schedules(t *testing.T) uint64 {
	if s := os.Getenv("PUNTO_SCHEDULES"); s != "" {
		n, err := strconv.ParseUint(s, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if testing.Short() {
		return 200
	}
	return 10_000
}

func TestNothingIsLostAndNobodyDivergesWhateverTheNetworkDoes(t *testing.T) {
	if *oneSeed != 0 {
		if v := newWorld(t, *oneSeed, planOf(*oneSeed)).run(25); v != "" {
			t.Fatalf("seed %d: %s", *oneSeed, v)
		}
		return
	}
	all := schedules(t)
	var next atomic.Uint64
	next.Store(*first - 1)
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for n := next.Add(1); n < *first+all && !t.Failed(); n = next.Add(1) {
				if v := newWorld(t, n, planOf(n)).run(25); v != "" {
					t.Errorf("seed %d (again with -seed %d): %s", n, n, v)
				}
			}
		})
	}
	workers.Wait()
	t.Logf("%d schedules from %d on", all, *first)
}

func TestTheSameSeedIsTheSameRun(t *testing.T) {
	for seed := uint64(1); seed <= 30; seed++ {
		var trace [2]uint64
		for i := range trace {
			s := newWorld(t, seed, planOf(seed))
			s.run(25)
			trace[i] = s.Trace
		}
		if trace[0] != trace[1] {
			t.Errorf("seed %d ran in two ways", seed)
		}
	}
}
