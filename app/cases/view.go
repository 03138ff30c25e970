package cases

import (
	"slices"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/promises"
	"punto/app/sla"
)

// What is stored of a case: its fold and what its clocks have come to, so that no list
// folds or counts. It is the same on every workstation that holds the same events.

// Read is what is stored of a case; its status is desk.NoStatus when there is none.
func Read(r desk.Reader, id desk.ID) (v View, err error) {
	b, err := r.View(Entity(id))
	if err == nil {
		err = engine.DecodeView(b, &v)
	}
	return v, err
}

// Of is the case as this command has left it so far.
func Of(o *engine.Op, id desk.ID) (*desk.Case, error) {
	v, err := Load(o, id)
	if err != nil {
		return nil, err
	}
	if v.Case.Status == desk.NoStatus {
		return nil, app.Fail(app.NotFound, "there is no case with the id %q: look its number up and try again", id)
	}
	return &v.Case, nil
}

// Entity is the case with an id.
func Entity(id desk.ID) desk.Entity { return desk.Entity{Type: desk.CaseType, ID: id} }

// Load opens a case to be written: its view as the command has left it so far.
func Load(o *engine.Op, id desk.ID) (*View, error) {
	t, err := o.Open(Entity(id))
	if err != nil {
		return nil, err
	}
	return t.Current().(*View), nil
}

// Complete implements View: it runs the clocks of the case as of its last event, so
// that the view is a function of the log alone, and keeps what lists and months need.
func (v *View) Complete(n *engine.Names) error {
	book := promises.Book{Names: n}
	facts, pinned, err := book.History(&v.Trace)
	if err != nil {
		return err
	}
	ladder, err := book.Ladder(v.Case.Contract, pinned, v.Case.Priority)
	if err != nil {
		return err
	}
	runs := sla.Runs(facts, time.UnixMilli(v.Case.LastAt))
	v.Sums, v.Pinned = promises.SumsOf(runs), pinned
	v.Next, v.Due = promises.NextRun(runs)
	v.Armed = promises.ArmedOf(runs, ladder)
	return nil
}

// View is what is stored of a case: its fold, and what the clocks make of
// it, so that lists and months need not run them again.
type View struct {
	Case desk.Case     `cbor:"1,keyasint"`
	Due  int64         `cbor:"2,keyasint"` // next deadline, Unix milliseconds; never when none runs
	Sums promises.Sums `cbor:"3,keyasint"`

	Next   sla.Run          `cbor:"4,keyasint"` // falls due first, as of the last event; zero = none goes on
	Pinned desk.Stamp       `cbor:"5,keyasint"` // whose versions of contract and calendar hold
	Armed  []promises.Armed `cbor:"6,keyasint,omitempty"`

	// Times are set where the fold does not tell what the case was before, for
	// something of it was undone or its contract changed: the instants of all events.
	Times []int64 `cbor:"7,keyasint,omitempty"`
	Once  []topic `cbor:"8,keyasint,omitempty"` // whose and what it has been, when that changed

	Cut   bool           `cbor:"9,keyasint,omitempty"`  // not all of it is here: what comes next is folded from its events
	Trace promises.Trace `cbor:"10,keyasint"`           // what its clocks run by: an event in order is a step of them
	Moot  bool           `cbor:"11,keyasint,omitempty"` // one of its events takes another back, which need not be here yet
}

// topic is whose a case is and what it is about: a repeat is of the same.
type topic struct {
	Person   desk.ID `cbor:"1,keyasint"`
	Category string  `cbor:"2,keyasint"`
}

// Stored implements View.
func (v *View) Stored() any { return v }

// Fold implements View.
func (v *View) Fold(events []desk.Event) {
	*v = View{}
	v.Trace, v.Case = promises.TraceOf(events)
	v.Times, v.Once = bent(events), once(events)
	v.Moot = slices.ContainsFunc(events, func(e desk.Event) bool { return e.Kind == desk.EventUndone })
}

// Apply implements View. What an edit or an undo makes of a case follows from all of it.
func (v *View) Apply(e *desk.Event) bool {
	if v.Cut || v.Moot || v.Trace.Events != v.Case.Events || e.Kind == desk.EventUndone || e.Kind == desk.CaseEdited {
		return false
	}
	v.Trace.Apply(&v.Case, e)
	if n := len(v.Times); n > 0 && v.Times[n-1] < e.At {
		v.Times = append(v.Times, e.At)
	}
	return true
}

// bent gives the instants of all events of a case whose fold does not tell what it
// was before: something was undone, or it came under another contract. Else nil.
func bent(events []desk.Event) (times []int64) {
	if !slices.ContainsFunc(events, func(e desk.Event) bool { return Bends(&e) }) {
		return nil
	}
	latest := int64(0)
	for _, e := range events {
		latest = max(latest, e.At)
		times = append(times, latest)
	}
	return slices.Compact(times)
}

// once lists whose a case has been and what it was about, edit by edit; nil when
// that never changed.
func once(events []desk.Event) (out []topic) {
	if !slices.ContainsFunc(events, func(e desk.Event) bool { return e.Kind == desk.CaseEdited }) {
		return nil
	}
	var now topic
	for _, e := range events {
		switch e.Kind {
		case desk.CaseOpened:
			var b desk.Opened
			if len(out) == 0 && desk.Decode(e.Body, &b) == nil {
				now = topic{b.Person, b.Category}
			}
		case desk.CaseEdited:
			var b desk.Edited
			if desk.Decode(e.Body, &b) != nil {
				continue
			}
			if b.Person != nil {
				now.Person = *b.Person
			}
			if b.Category != nil {
				now.Category = *b.Category
			}
		default:
			continue
		}
		if !slices.Contains(out, now) {
			out = append(out, now)
		}
	}
	if len(out) == 1 {
		return nil
	}
	return out
}

// Bends tells whether the fold of a case with such an event does not tell what the
// case was before it.
func Bends(e *desk.Event) bool {
	if e.Kind == desk.EventUndone {
		return true
	}
	var b desk.Edited
	return e.Kind == desk.CaseEdited && desk.Decode(e.Body, &b) == nil && b.Contract != nil
}

// Shrink takes the next thing out of a view that is too large; false when there is
// no more to take.
func (v *View) Shrink(step int) bool {
	c := &v.Case
	v.Cut = true
	switch step {
	case 0:
		c.Conflicts = engine.ShortConflicts(c.Conflicts)
	case 1:
		c.HandOffs, c.Absorbed, c.Splits, c.Files = engine.Newest(c.HandOffs, 500), engine.Newest(c.Absorbed, 500), engine.Newest(c.Splits, 500), engine.Newest(c.Files, 500)
		c.Steps = engine.Newest(c.Steps, 500)
		v.Sums.OLA, v.Armed, v.Once, v.Times = engine.Newest(v.Sums.OLA, 500), engine.Newest(v.Armed, 500), engine.Newest(v.Once, 500), engine.Newest(v.Times, 20_000)
	case 2:
		c.Text, c.Solution.Text, c.Why = engine.Begins(c.Text, 20_000), engine.Begins(c.Solution.Text, 20_000), engine.Begins(c.Why, 2_000)
	default:
		return false
	}
	return true
}
