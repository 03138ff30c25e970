package kv

import (
	"sync"
	"time"
)

// readers counts the snapshots that are open, for who has to wait until there are
// none. The zero readers is ready.
type readers struct {
	mu      sync.Mutex // guards what follows
	n       int
	idle    chan struct{} // closed when there are none; nil when nobody waits
	waiting chan struct{} // closed when who wants to be alone is; nil when nobody does
}

func (r *readers) enter() {
	r.mu.Lock()
	r.n++
	r.mu.Unlock()
}

func (r *readers) leave() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.n--; r.n == 0 && r.idle != nil {
		close(r.idle)
		r.idle = nil
	}
}

// busy is closed when nobody reads; nil when nobody does now.
func (r *readers) busy() <-chan struct{} {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.n > 0 && r.idle == nil {
		r.idle = make(chan struct{})
	}
	return r.idle
}

// patience is how long a new reader lets those who are there end, when somebody wants
// to be alone. It is one of those when it waits longer.
const patience = 50 * time.Millisecond

// yield lets who wants to be alone go first.
func (r *readers) yield() {
	r.mu.Lock()
	waiting := r.waiting
	r.mu.Unlock()
	if waiting == nil {
		return
	}
	t := time.NewTimer(patience)
	defer t.Stop()
	select {
	case <-waiting:
	case <-t.C:
	}
}

func (r *readers) ask() {
	r.mu.Lock()
	r.waiting = make(chan struct{})
	r.mu.Unlock()
}

func (r *readers) asked() {
	r.mu.Lock()
	close(r.waiting)
	r.waiting = nil
	r.mu.Unlock()
}
