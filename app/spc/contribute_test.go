package spc

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestWhatEachPartBrings(t *testing.T) {
	// Of 100 and 100 cases 10 and 2 were late; now 30 and 2 are: the first brought all 20.
	whole, each := Contribution(Share, []Part{{Count{X: 10, N: 100}, Count{X: 30, N: 100}}, {Count{X: 2, N: 100}, Count{X: 2, N: 100}}})
	if math.Abs(whole-20) > 1e-9 || math.Abs(each[0]-20) > 1e-9 || math.Abs(each[1]) > 1e-9 {
		t.Errorf("%v %v", whole, each)
	}
	// No share moved, and the bad part became twice as large a part: it brings what it has
	// above the whole (0.1-0.06)·50, the other the same for having become less.
	whole, each = Contribution(Share, []Part{{Count{X: 10, N: 100}, Count{X: 15, N: 150}}, {Count{X: 2, N: 100}, Count{X: 1, N: 50}}})
	if math.Abs(whole-4) > 1e-9 || math.Abs(each[0]-2) > 1e-9 || math.Abs(each[1]-2) > 1e-9 {
		t.Errorf("%v %v", whole, each)
	}
	// 30 days with 60 and 30; now 10 days with 50 and none.
	whole, each = Contribution(Rate, []Part{{Count{X: 60, N: 30}, Count{X: 50, N: 10}}, {Count{X: 30, N: 30}, Count{X: 0, N: 10}}})
	if math.Abs(whole-20) > 1e-9 || math.Abs(each[0]-30) > 1e-9 || math.Abs(each[1]+10) > 1e-9 {
		t.Errorf("%v %v", whole, each)
	}
	if _, each = Contribution(Share, []Part{{Now: Count{X: 1, N: 2}}}); each != nil {
		t.Errorf("nothing before lets expect %v", each)
	}
}

// However parts are made, they add up to what the whole alone tells.
func TestThePartsAddUpToTheWhole(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 5))
	for range 500 {
		parts := make([]Part, 1+r.IntN(9))
		var b, n Count
		for i := range parts {
			p := &parts[i]
			p.Before.N, p.Now.N = float64(r.IntN(40)), float64(r.IntN(40))
			p.Before.X, p.Now.X = float64(r.IntN(int(p.Before.N)+1)), float64(r.IntN(int(p.Now.N)+1))
			b.X, b.N, n.X, n.N = b.X+p.Before.X, b.N+p.Before.N, n.X+p.Now.X, n.N+p.Now.N
		}
		whole, each := Contribution(Share, parts)
		if b.N == 0 {
			continue
		}
		sum := 0.0
		for _, x := range each {
			sum += x
		}
		if want := n.X - b.X/b.N*n.N; math.Abs(whole-want) > 1e-6 || math.Abs(sum-want) > 1e-6 {
			t.Fatalf("the parts bring %v, the whole %v of %+v", sum, want, parts)
		}
	}
}
