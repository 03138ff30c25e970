package web

import (
	"math"
	"sync"
	"time"
)

// The haste that is let in: each address has a bucket that fills by one a second, and a
// wrong token takes more out of it than a right one; all together have one too. Tokens of
// 128 bits are not guessed: the limits keep the desk free for work.
const (
	perAddress  = 40.0
	refill      = 1.0 // a second
	wrongCosts  = 5.0
	allTogether = 400.0
	allRefill   = 50.0
	mostKnown   = 4096 // addresses that are remembered
)

type bucket struct {
	left float64
	at   time.Time
}

func (b *bucket) take(n, most, refill float64, now time.Time) bool {
	if b.at.IsZero() {
		b.left = most
	} else if d := now.Sub(b.at).Seconds(); d > 0 {
		b.left = min(most, b.left+d*refill)
	}
	b.at = now
	if b.left < n {
		return false
	}
	b.left -= n
	return true
}

// gate is safe for several goroutines; the zero gate is open.
type gate struct {
	mu  sync.Mutex // guards what follows
	of  map[string]*bucket
	all bucket
}

// wait is for how many seconds an address has to wait; 0 = it may ask.
func (g *gate) wait(who string, now time.Time) int {
	g.mu.Lock()
	defer g.mu.Unlock()
	b := g.bucket(who, now)
	if !b.take(1, perAddress, refill, now) {
		return int(math.Ceil((1 - b.left) / refill))
	}
	if !g.all.take(1, allTogether, allRefill, now) {
		return 1
	}
	return 0
}

// wrong takes the price of a wrong token.
func (g *gate) wrong(who string, now time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	b := g.bucket(who, now)
	b.left = max(0, b.left-wrongCosts)
}

func (g *gate) bucket(who string, now time.Time) *bucket {
	if b := g.of[who]; b != nil {
		return b
	}
	if len(g.of) >= mostKnown {
		for k, b := range g.of { // those that are full again are as good as unknown
			if now.Sub(b.at).Seconds()*refill >= perAddress {
				delete(g.of, k)
			}
		}
	}
	if g.of == nil || len(g.of) >= mostKnown {
		g.of = map[string]*bucket{}
	}
	b := &bucket{left: perAddress, at: now}
	g.of[who] = b
	return b
}
