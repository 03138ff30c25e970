package engine

import (
	"context"

	"punto/app/desk"
)

// freshLog is a log whose readers give the view of an entity as of all its events: of
// a dirty one it is made for the occasion. What lists and figures show of such an
// entity is of before until it is derived; Owed tells how much is.
type freshLog struct {
	desk.Log
	e *Engine
}

// Read implements desk.Log.
func (l freshLog) Read(f func(desk.Reader) error) error {
	return l.Log.Read(func(r desk.Reader) error { return f(&fresh{Reader: r, e: l.e}) })
}

// Bare is the log as it was given to Open: its views are as they are stored.
func (e *Engine) Bare() desk.Log { return e.Log.(freshLog).Log }

// fresh reads one snapshot so.
type fresh struct {
	desk.Reader
	e     *Engine
	names *Names // of the snapshot; nil until something dirty is read
}

// View implements desk.Reader.
func (r *fresh) View(ent desk.Entity) ([]byte, error) {
	dirty, err := r.Owes(ent)
	if err != nil || !dirty {
		if err != nil {
			return nil, err
		}
		return r.Reader.View(ent)
	}
	if r.names == nil {
		r.names = NewNames(r.e, r.Reader)
	}
	b, err := r.Reader.View(ent)
	if err != nil {
		return nil, err
	}
	v, err := r.names.derive(ent, b)
	if err != nil || v == nil {
		return nil, err
	}
	return encodeView(v)
}

// derive makes the view of an entity, of which one is stored: by what is owed to it, or
// of all its events; nil when none of them counts.
func (n *Names) derive(ent desk.Entity, stored []byte) (View, error) {
	v, _, err := n.step(ent, stored)
	if err != nil {
		return nil, err
	}
	if v == nil {
		events, err := n.Reader.Events(ent)
		if err != nil || len(events) == 0 {
			return nil, err
		}
		v = n.Engine.table.view(ent.Type)
		v.Fold(n.Rights.Corrected(events))
	}
	return v, v.Complete(n)
}

// step takes what is owed to an entity into its stored view, and gives the stamp of the
// last of it; nil where the view is to be made of all events.
func (n *Names) step(ent desk.Entity, stored []byte) (v View, last desk.Stamp, err error) {
	news, after, err := n.Reader.News(ent)
	if err != nil || !after || len(news) == 0 {
		return nil, 0, err
	}
	last = news[len(news)-1].Stamp
	v = n.Engine.table.view(ent.Type)
	n.Rights.Corrected(news)
	if stored == nil {
		v.Fold(news)
		return v, last, nil
	}
	if err := DecodeView(stored, v.Stored()); err != nil {
		return nil, 0, err
	}
	for i := range news {
		if news[i].Kind == desk.EventUndone || !v.Apply(&news[i]) {
			return nil, 0, nil
		}
	}
	return v, last, nil
}

// Settled waits until nothing is dirty. Run must be running, or somebody call Settle.
func (e *Engine) Settled(ctx context.Context) error {
	for {
		e.mu.Lock()
		bell, closed := e.bell, e.closed
		e.mu.Unlock()
		if n, _ := e.Log.Owed(); n == 0 {
			return nil
		}
		if closed {
			return errClosed
		}
		select {
		case <-bell:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Owed is how many events lists and figures of the snapshot do not show yet, for they
// are still to be derived; an entity that is only to be derived again counts as one.
func (l *Look) Owed() (n int, err error) {
	for x, err := range l.Reader.Dirty() {
		if err != nil {
			return n, err
		}
		if n += max(1, x.Events); n >= owedShown {
			entities, events := l.Engine.Log.Owed()
			return max(n, entities, events), nil
		}
	}
	return n, nil
}

// owedShown is up to which number they are counted one by one.
const owedShown = 2000
