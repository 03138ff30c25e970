package main

import (
	"context"
	"sync/atomic"
	"time"

	"fyne.io/fyne/v2"
	"github.com/go-gl/glfw/v3.3/glfw"
)

// rest lets a window in which nothing happens sleep. Fyne's loop looks for events
// sixty times a second, all day, which alone is more than one in a hundred of a
// core; here its goroutine waits for one of them instead, in the call that the
// display system has for that, and is woken by whatever is posted to it.
type rest struct {
	asleep atomic.Bool  // Fyne's goroutine waits for an event, or is about to
	due    atomic.Int32 // posted and not yet run
	over   atomic.Bool  // the window is being closed: the display system may be gone
}

const (
	awake = 300 * time.Millisecond // after something happened: it is handled and drawn
	blink = 20 * time.Millisecond  // between two sleeps Fyne looks and draws once
	sleep = time.Second            // the longest that what Fyne posts to itself may wait
)

// post runs f on Fyne's goroutine.
func (r *rest) post(f func()) {
	r.due.Add(1)
	fyne.Do(func() {
		r.due.Add(-1)
		f()
	})
	if r.asleep.Load() && !r.over.Load() {
		glfw.PostEmptyEvent()
	}
}

// run puts Fyne's goroutine to sleep again and again until ctx ends.
func (r *rest) run(ctx context.Context) {
	pause := awake
	slept := make(chan time.Duration, 1)
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
		}
		fyne.Do(func() { slept <- r.sleep() })
		select {
		case <-ctx.Done():
			return
		case d := <-slept:
			if pause = awake; d >= sleep {
				pause = blink
			}
		}
	}
}

// sleep waits for an event on Fyne's goroutine and tells for how long.
func (r *rest) sleep() time.Duration {
	from := time.Now()
	r.asleep.Store(true) // before due is read: whatever is posted later wakes
	if r.due.Load() == 0 && !r.over.Load() {
		glfw.WaitEventsTimeout(sleep.Seconds())
	}
	r.asleep.Store(false)
	return time.Since(from)
}
