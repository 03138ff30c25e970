// Package callbacks is the room of who has to be called back: those whose calls were lost,
// until they are answered or reached. The list is nobody's to keep: it follows from the
// calls and from what was tried.
package callbacks

import (
	"slices"
	"time"

	"punto/app"
	"punto/app/calls"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/people"
	"punto/app/phone"
)

// Room is the capability as the engine takes it.
func Room() engine.Room {
	return engine.Room{Name: "callbacks", Handles: []engine.Handler{engine.Does(tryCaller), engine.Asks(askLost)},
		Views: map[desk.Type]engine.ViewKind{desk.CallerType: {New: func() engine.View { return &View{} }}}}
}

// View is what was tried to reach a caller.
type View struct {
	Tries []app.Try `cbor:"1,keyasint,omitempty"`
	Key   string    `cbor:"2,keyasint,omitempty"` // as calls.CallerKey gives it
}

// mostTries are kept of one caller, the newest.
const mostTries = 50

// Stored implements View.
func (v *View) Stored() any { return v }

// Fold implements View.
func (v *View) Fold(events []desk.Event) {
	*v = View{}
	for _, e := range desk.Live(events) {
		var b desk.Tried
		if e.Kind != desk.CallerTried || desk.Decode(e.Body, &b) != nil || app.CallerID(calls.CallerKey(b.Number)) != e.Entity.ID {
			continue
		}
		v.Key = calls.CallerKey(b.Number)
		v.Tries = engine.Newest(append(v.Tries, app.Try{At: e.At, Agent: e.Actor, Reached: b.Reached, Text: engine.Begins(b.Text, shown)}), mostTries)
	}
}

// shown is how much of a text a list shows, in bytes.
const shown = 500

// Apply implements View: what was tried follows from all of it.
func (v *View) Apply(*desk.Event) bool { return false }

// Complete implements View.
func (v *View) Complete(*engine.Names) error { return nil }

// Keys implements View: who was reached is not lost any more.
func (v *View) Keys(ent desk.Entity) (keys [][]byte) {
	for _, t := range v.Tries {
		if k := engine.Key(calls.IxReached, ent.ID, v.Key, t.At); t.Reached && !slices.ContainsFunc(keys, func(x []byte) bool { return string(x) == string(k) }) {
			keys = append(keys, k)
		}
	}
	return keys
}

// Shrink implements View: it is never too large.
func (v *View) Shrink(int) bool { return false }

func tryCaller(o *engine.Op, c app.TryCaller) (app.Receipt, error) {
	key := calls.CallerKey(c.Number)
	if key == "" {
		return app.Receipt{}, app.Fail(app.Invalid, "%q is no telephone number: write the digits", c.Number)
	}
	id := app.CallerID(key)
	err := o.Emit(desk.CallerTried, desk.Entity{Type: desk.CallerType, ID: id}, desk.Tried{Number: c.Number, Reached: c.Reached, Text: c.Text})
	return o.Receipt(id), err
}

// caller is somebody who has to be called back, while the lost calls are walked.
type caller struct {
	app.LostRow
	key string
}

// mostRows are listed at once, and of each so many people whose number it is.
const (
	mostRows   = 200
	mostPeople = 3
)

func askLost(l *engine.Look, q app.LostCalls) (a app.LostCallsAnswer, err error) {
	limit := q.Limit
	if limit <= 0 || limit > mostRows {
		limit = mostRows
	}
	var all []*caller // by when their first call was lost: the index is in that order
	by := map[string]*caller{}
	from := l.Now - int64(app.CallBackDays*24*time.Hour/time.Millisecond)
	for k, err := range l.Reader.Scan(engine.Prefix(calls.IxLost), engine.Prefix(calls.IxLost, from), false) {
		if err != nil {
			return a, err
		}
		at, id := engine.InstantOf(k.Key), engine.IDOf(k.Key)
		key, ok := engine.TextAfter(k.Key, 9)
		if !ok || key == "" {
			a.Withheld++
			continue
		}
		if done, err := calls.Returned(l.Reader, key, at); err != nil || done > 0 {
			if err != nil {
				return a, err
			}
			continue
		}
		var v calls.View
		b, err := l.Reader.View(desk.Entity{Type: desk.CallType, ID: id})
		if err == nil {
			err = engine.DecodeView(b, &v)
		}
		if err != nil {
			return a, err
		}
		c := by[key]
		if c == nil {
			c = &caller{key: key, LostRow: app.LostRow{First: at}}
			all = append(all, c)
			by[key] = c
		}
		c.take(&v, at, id)
	}
	a.More = max(0, len(all)-limit)
	for _, c := range all[:min(len(all), limit)] {
		if c.Tries, err = triesOf(l.Reader, c.key, c.First); err != nil {
			return a, err
		}
		if c.People, err = people.ByNumber(l, c.Number, mostPeople); err != nil {
			return a, err
		}
		a.Rows = append(a.Rows, c.LostRow)
	}
	return a, nil
}

// take adds a lost call to its caller.
func (c *caller) take(v *calls.View, at int64, id desk.ID) {
	if v.Call.Outcome == phone.Busy {
		c.Busy++
	} else {
		c.Abandoned++
	}
	c.Last, c.Number, c.Queue, c.Call = at, v.Call.Caller, v.Call.Queue, id
	if v.Call.Name != "" {
		c.Name = v.Call.Name
	}
}

// triesOf are those of a caller since a call was lost.
func triesOf(r desk.Reader, key string, since int64) ([]app.Try, error) {
	var v View
	b, err := r.View(desk.Entity{Type: desk.CallerType, ID: app.CallerID(key)})
	if err == nil {
		err = engine.DecodeView(b, &v)
	}
	return slices.DeleteFunc(v.Tries, func(t app.Try) bool { return t.At < since }), err
}
