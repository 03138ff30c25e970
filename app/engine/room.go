package engine

import (
	"context"
	"fmt"
	"maps"
	"reflect"
	"time"

	"punto/app"
	"punto/app/desk"
)

// Room is a capability as it is handed to the engine, which knows none: what it
// answers, how its entities become what is stored of them, and what it does by
// itself. Every field may be empty. Its functions keep no state of their own: what
// a command or an engine has to remember for a room lies in OpState and StateOf.
type Room struct {
	Name    string
	Handles []Handler

	// Views tells how the entities of a type become a view and index keys. A type
	// that no room names is a record without keys.
	Views map[desk.Type]ViewKind

	// Sees is called on the log's writer with the view of an entity of the type as it
	// was before a command changes it, and as it is after.
	Sees map[desk.Type]func(*Op, View)

	// Merged is called for each event of another workstation that counts.
	Merged func(*Op, *desk.Event)

	// Finish is called once all that a command wrote is derived, in its transaction.
	Finish func(*Op) error

	// Committed is called on the log's writer when a commit is durable, with the
	// commands that it was made of.
	Committed func(*Engine, []*Op)

	// Reborn is called in the transaction in which a new incarnation of this
	// workstation begins.
	Reborn func(*Op) error

	// Docs tells what is searched of the entities of a type.
	Docs map[desk.Type]DocKind

	Duties []Duty
}

// ViewKind is how the entities of one type are stored.
type ViewKind struct {
	New func() View // of an entity of which nothing is held

	// Late may be derived after the transaction that touches it, where there are many:
	// nothing is decided by looking such an entity up in an index.
	Late bool

	// Depends names the types of records of which a view takes the versions that were
	// in force at its events: one that comes late has the view made again.
	Depends []desk.Type
}

// View is what is stored of one entity, so that lists need not fold it. It is a
// function of the entity's events and of the records that it names, alike on every
// workstation.
type View interface {
	// Stored is a pointer to what is encoded.
	Stored() any
	// Fold makes it anew of all events, in the order of the fold.
	Fold(events []desk.Event)
	// Apply takes one more event, newer than all before, into a view that was folded or
	// read; false when all are to be folded again, and then the view is good for nothing.
	Apply(e *desk.Event) bool
	// Complete adds what follows from other entities.
	Complete(n *Names) error
	// Keys are its index keys; they hang on the view alone, and each ends with the
	// entity's id.
	Keys(ent desk.Entity) [][]byte
	// Shrink takes the next thing out of a view too large to store; false when there is
	// no more to take.
	Shrink(step int) bool
}

// DocKind is what is searched of the entities of one type.
type DocKind struct {
	Walk []byte // prefix of an index that lists all of them
	Make func(n *Names, ent desk.Entity) (Doc, error)
}

// Duty is something that a room does when its time comes, with nobody asking: also
// after a restart, a suspension or a step of the clock, once.
type Duty struct {
	// Do does what is due by now.
	Do func(ctx context.Context, e *Engine) error
	// Next is when something falls due next; the zero time when nothing will.
	Next func(e *Engine) time.Time
}

// Handler is what answers one command or query.
type Handler struct {
	in     reflect.Type
	public bool // needs no session
	rows   bool // its rows are looked at one by one
	do     func(*Op, app.Command) (app.Receipt, error)
	alone  func(context.Context, *Engine, Session, app.Command) (app.Receipt, error)
	ask    func(*Look, app.Query) (app.Answer, error)
	beside func(context.Context, *Engine, Session, app.Query) (app.Answer, error)
}

// Public lets a handler serve those who have not signed in.
func (h Handler) Public() Handler { h.public = true; return h }

// ByRow leaves it to a handler to look at the bounds of each of its rows: a bad one
// is rejected, and the others go in.
func (h Handler) ByRow() Handler { h.rows = true; return h }

// Does is the handler of a command that runs in a transaction.
func Does[C app.Command](f func(*Op, C) (app.Receipt, error)) Handler {
	return Handler{in: reflect.TypeFor[C](), do: func(o *Op, c app.Command) (app.Receipt, error) { return f(o, c.(C)) }}
}

// DoesAlone is the handler of a command that runs outside a transaction, because it
// takes long or holds something in memory, and writes what it needs by Update.
func DoesAlone[C app.Command](f func(context.Context, *Engine, Session, C) (app.Receipt, error)) Handler {
	return Handler{in: reflect.TypeFor[C](), alone: func(ctx context.Context, e *Engine, s Session, c app.Command) (app.Receipt, error) {
		return f(ctx, e, s, c.(C))
	}}
}

// Asks is the handler of a query over one snapshot.
func Asks[Q app.Query, A app.Answer](f func(*Look, Q) (A, error)) Handler {
	return Handler{in: reflect.TypeFor[Q](), ask: func(l *Look, q app.Query) (app.Answer, error) {
		a, err := f(l, q.(Q))
		if err != nil {
			return nil, err
		}
		return a, nil
	}}
}

// AsksBeside is the handler of a query that reads its snapshots itself, by Look, and
// may keep what it has computed.
func AsksBeside[Q app.Query, A app.Answer](f func(context.Context, *Engine, Session, Q) (A, error)) Handler {
	return Handler{in: reflect.TypeFor[Q](), beside: func(ctx context.Context, e *Engine, s Session, q app.Query) (app.Answer, error) {
		a, err := f(ctx, e, s, q.(Q))
		if err != nil {
			return nil, err
		}
		return a, nil
	}}
}

// Table is all that some rooms answer. It is never changed.
type Table struct {
	rooms    []Room
	handlers map[reflect.Type]Handler
	views    map[desk.Type]ViewKind
	docs     map[desk.Type]DocKind
	needed   map[desk.Type][]desk.Type // types of views that depend on a type of records
}

// NewTable lists what rooms answer; two may not answer the same.
func NewTable(rooms ...Room) (*Table, error) {
	t := &Table{rooms: rooms, handlers: map[reflect.Type]Handler{},
		views: map[desk.Type]ViewKind{}, docs: map[desk.Type]DocKind{}, needed: map[desk.Type][]desk.Type{}}
	for _, r := range rooms {
		for _, h := range r.Handles {
			if _, twice := t.handlers[h.in]; twice {
				return nil, fmt.Errorf("the room %s answers %s, and so does another", r.Name, h.in.Name())
			}
			t.handlers[h.in] = h
		}
		for x, v := range r.Views {
			if _, twice := t.views[x]; twice {
				return nil, fmt.Errorf("the room %s stores each %s, and so does another", r.Name, x)
			}
			t.views[x] = v
			for _, on := range v.Depends {
				t.needed[on] = append(t.needed[on], x)
			}
		}
		maps.Copy(t.docs, r.Docs)
	}
	return t, nil
}

// view is a new view of a type.
func (t *Table) view(x desk.Type) View {
	if k, ok := t.views[x]; ok {
		return k.New()
	}
	return NewRecordView(nil)
}

// dated tells whether views take the versions of such a record that were in force.
func (t *Table) dated(of desk.Type) bool { return len(t.needed[of]) > 0 }

// sees tells the rooms of a view.
func (o *Op) sees(ent desk.Entity, v View) {
	for i := range o.Engine.table.rooms {
		if f := o.Engine.table.rooms[i].Sees[ent.Type]; f != nil {
			f(o, v)
		}
	}
}
