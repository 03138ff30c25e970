package stream

import (
	"context"
	"maps"
	"math/rand/v2"
	"slices"
	"time"
)

// How long whom the gossip has alive is not told what went out as a hint: whoever
// has called tells first, so that of two one tells.
const (
	calmLag  = 200 * time.Millisecond
	guestLag = 3 * calmLag
	tellEach = 2 * time.Millisecond // at most
	hintEach = 25 * time.Millisecond
)

// tell polls the peerings when there may be news.
func (h *Hub) tell(ctx context.Context) {
	every := time.NewTicker(time.Second)
	defer every.Stop()
	later := time.NewTimer(time.Hour)
	defer later.Stop()
	var rest <-chan time.Time // until the next hinted round
	for {
		all, hinted, hints := false, false, h.hinted
		if rest != nil {
			hints = nil
		}
		select {
		case <-h.wake:
			all = true
		case <-hints:
			hinted, rest = true, time.After(hintEach)
		case <-rest:
			rest = nil
			continue
		case <-every.C: // what was missed
			hinted = true
		case <-later.C:
		case <-ctx.Done():
			return
		}
		later.Reset(h.round(all, hinted))
		h.mu.Lock()
		h.prune()
		h.mu.Unlock()
		select {
		case <-time.After(tellEach):
		case <-ctx.Done():
			return
		}
	}
}

// round polls all links; or, of what was hinted, those that the gossip does not
// have alive now and the others when they are due. It tells when the next one is.
func (h *Hub) round(all, hinted bool) (next time.Duration) {
	h.mu.Lock()
	links := slices.Collect(maps.Keys(h.links))
	h.mu.Unlock()
	next = time.Hour
	for _, l := range links {
		whole := all || hinted && !l.calm()
		h.mu.Lock()
		if !whole && hinted && l.due.IsZero() {
			lag := calmLag
			if !l.dialled {
				lag = guestLag
			}
			l.due = time.Now().Add(lag + time.Duration(rand.Int64N(int64(calmLag/4))))
		}
		due := !l.due.IsZero()
		if wait := time.Until(l.due); due && wait > 0 && !whole {
			next, due = min(next, wait), false
		}
		if due || whole {
			l.due = time.Time{}
		}
		h.mu.Unlock()
		if due || whole {
			l.poll(whole)
		}
	}
	return next
}
