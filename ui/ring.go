package ui

import (
	"context"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/ui/page"
)

// A call that rings at the agent's telephone brings up the page on which cases are told,
// with the caller in it: at once, but over a question that is being answered it waits.

// ringPace is how long to wait between two looks at who rings, where calls come by the
// hundred.
const ringPace = 20 * time.Millisecond

// watchRings looks who rings whenever a call has changed, on a goroutine of its own: the
// screen is asked only when there is something new.
func (w *Window) watchRings(ctx context.Context, token string) {
	known := map[desk.ID]bool{}
	for range w.conf.Desk.Watch(ctx, app.Interest{Types: []desk.Type{desk.CallType}}) {
		x, err := w.conf.Desk.Ask(ctx, app.Ringing{})
		a, _ := x.(app.RingingAnswer)
		if err != nil {
			a.Rows = nil // the next change asks again
		}
		rings := map[desk.ID]bool{}
		for i := len(a.Rows) - 1; i >= 0; i-- { // the newest comes up last
			r := a.Rows[i]
			if rings[r.ID] = true; known[r.ID] {
				continue
			}
			w.conf.Post(func() {
				if w.token == token && ctx.Err() == nil {
					w.rung = &r
					w.popRing()
				}
			})
		}
		known = rings
		select {
		case <-time.After(ringPace):
		case <-ctx.Done():
			return
		}
	}
}

// popRing brings a call that rings up, once nothing is asked.
func (w *Window) popRing() {
	r := w.rung
	if r == nil {
		return
	}
	name := r.Name
	if len(r.People) > 0 {
		name = r.People[0].Person.Name
	}
	if name == "" {
		name = w.T("ring.unknown")
	}
	if w.Tell(w.T("ring.calls", "Name", name, "Number", r.Caller), false); w.line != nil {
		return
	}
	w.rung = nil
	w.Go("attend", page.Ring{PBX: r.PBX, UniqueID: r.UniqueID, Number: r.Caller, Name: r.Name, People: r.People})
}
