// Package simnet is a slow, lossy, seeded world for tests: one goroutine, one
// virtual clock, and events that happen in the order of their time. The same seed
// is the same run.
package simnet

import (
	"container/heap"
	"math/rand/v2"
	"time"
)

// World is a simulation. It belongs to one goroutine.
type World struct {
	Rand  *rand.Rand
	Now   time.Time
	queue events
	count uint64
	Trace uint64 // a hash of all that happened, in order
}

type event struct {
	at time.Time
	n  uint64
	f  func()
}

type events []event

func (e events) Len() int { return len(e) }
func (e events) Less(i, j int) bool {
	return e[i].at.Before(e[j].at) || e[i].at.Equal(e[j].at) && e[i].n < e[j].n
}
func (e events) Swap(i, j int) { e[i], e[j] = e[j], e[i] }
func (e *events) Push(x any)   { *e = append(*e, x.(event)) }
func (e *events) Pop() any {
	n := len(*e) - 1
	x := (*e)[n]
	*e = (*e)[:n]
	return x
}

// New makes a world of a seed that begins at an instant.
func New(seed uint64, start time.Time) *World {
	return &World{Rand: rand.New(rand.NewPCG(seed, seed^0x9e3779b97f4a7c15)), Now: start}
}

// After does f when d has passed.
func (w *World) After(d time.Duration, f func()) {
	w.count++
	heap.Push(&w.queue, event{w.Now.Add(d), w.count, f})
}

// Run lets so much time pass.
func (w *World) Run(d time.Duration) {
	end := w.Now.Add(d)
	for len(w.queue) > 0 && !w.queue[0].at.After(end) {
		e := heap.Pop(&w.queue).(event)
		w.Now = e.at
		e.f()
	}
	w.Now = end
}

// Note mixes what happened into the trace.
func (w *World) Note(what ...uint64) {
	for _, x := range what {
		w.Trace = (w.Trace ^ x) * 0x100000001b3
	}
}

// Between is a time drawn between two.
func (w *World) Between(least, most time.Duration) time.Duration {
	return least + time.Duration(w.Rand.Int64N(int64(most-least)+1))
}

// Chance is true in so many of a hundred draws.
func (w *World) Chance(percent int) bool { return w.Rand.IntN(100) < percent }

// Faults are what a datagram network does to what is sent, in percent.
type Faults struct{ Drop, Double int }

// Datagram delivers once, twice or never, after a delay that lets later ones pass.
func (w *World) Datagram(f Faults, deliver func()) {
	if w.Chance(f.Drop) {
		return
	}
	w.After(w.Between(time.Millisecond, 200*time.Millisecond), deliver)
	if w.Chance(f.Double) {
		w.After(w.Between(time.Millisecond, 2*time.Second), deliver)
	}
}

// Pipe is one direction of a connection: it keeps the order, takes time, and
// delivers nothing any more once it is cut.
type Pipe struct {
	w    *World
	last time.Time
	cut  bool
}

// Pipe makes one.
func (w *World) Pipe() *Pipe { return &Pipe{w: w} }

// Send delivers after a delay, in order.
func (p *Pipe) Send(deliver func()) {
	at := p.w.Now.Add(p.w.Between(time.Millisecond, 20*time.Millisecond))
	if at.Before(p.last) {
		at = p.last
	}
	p.last = at
	p.w.After(at.Sub(p.w.Now), func() {
		if !p.cut {
			deliver()
		}
	})
}

// Cut ends it; what is under way is lost.
func (p *Pipe) Cut() { p.cut = true }
