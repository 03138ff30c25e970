package engine

import (
	"context"
	"iter"

	"punto/app"
	"punto/app/desk"
)

// Watchers are told that something changed, not what it is now: whoever is slow skips,
// asks again, and holds nobody up. Of more than keptChanges the older half is forgotten:
// who lags that far behind is told that it has missed some.
const keptChanges = 256

// Tell tells watchers of an entity of which something is otherwise that the log does not
// hold, such as what a link does.
func (e *Engine) Tell(ent desk.Entity) { e.changed([]desk.Entity{ent}) }

// changed tells of entities that are others now.
func (e *Engine) changed(ents []desk.Entity) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return
	}
	e.rev++
	if len(ents) > 64 {
		ents = nil
	}
	e.recent = append(e.recent, app.Change{Rev: e.rev, Entities: ents})
	if len(e.recent) > keptChanges {
		e.recent = append([]app.Change(nil), e.recent[keptChanges/2:]...)
	}
	close(e.bell)
	e.bell = make(chan struct{})
	select {
	case e.timed <- struct{}{}:
	default:
	}
}

// Watch implements Desk.
func (e *Engine) Watch(ctx context.Context, of app.Interest) iter.Seq[app.Change] {
	return func(yield func(app.Change) bool) {
		e.mu.Lock()
		seen := e.rev
		e.mu.Unlock()
		if !yield(app.Change{Rev: seen, Snapshot: true}) {
			return
		}
		for {
			e.mu.Lock()
			bell, closed := e.bell, e.closed
			news, skipped := e.since(seen)
			seen = e.rev
			e.mu.Unlock()
			if skipped && !yield(app.Change{Rev: seen, Snapshot: true}) {
				return
			}
			for _, c := range news {
				if c, ok := pick(of, c); ok && !yield(c) {
					return
				}
			}
			if closed {
				return
			}
			select {
			case <-bell:
			case <-ctx.Done():
				return
			}
		}
	}
}

// since lists the changes after seen; skipped when the oldest are gone.
func (e *Engine) since(seen uint64) (news []app.Change, skipped bool) {
	if len(e.recent) > 0 && e.recent[0].Rev > seen+1 {
		return nil, true
	}
	for i, c := range e.recent {
		if c.Rev > seen {
			return append(news, e.recent[i:]...), false
		}
	}
	return nil, false
}

// pick leaves of a change what is of interest.
func pick(of app.Interest, c app.Change) (app.Change, bool) {
	if c.Entities == nil || (len(of.Types) == 0 && of.ID.IsZero()) {
		return c, true
	}
	var kept []desk.Entity
	for _, x := range c.Entities {
		match := of.ID.IsZero() || of.ID == x.ID
		if len(of.Types) > 0 {
			any := false
			for _, t := range of.Types {
				any = any || t == x.Type
			}
			match = match && any
		}
		if match {
			kept = append(kept, x)
		}
	}
	c.Entities = kept
	return c, len(kept) > 0
}
