package app

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"

	"punto/app/authority"
	"punto/app/desk"
)

// op is one command being carried out inside a transaction. One goroutine.
type op struct {
	*names
	ctx     context.Context
	tx      desk.Tx
	s       session
	now     int64 // Unix milliseconds, one for the whole command
	touched map[desk.Entity]*touched
	order   []desk.Entity
	found   map[reference]desk.ID // records that an import named
	spoilt  map[int64]struct{}    // days whose sealed columns are of before
	last    *desk.Event
	dial    *dial // how the clock is read from now on; nil = as before

	judged   *authority.Authority         // by which everything held was judged so far
	top      desk.Stamp                   // newest of all held before this command
	news     []desk.Event                 // of a merge, and promises of records that others may name already
	fresh    map[desk.Entity][]desk.Event // of them, those that count
	refold   map[desk.Entity]bool         // whose events are to be folded anew
	rejudged map[desk.Entity]bool         // of them, those whose held events count otherwise now
	guarded  map[desk.Entity]bool         // who has an event that not all who may undo may undo
	repriced bool                         // what was promised may have changed for every case
	minted   desk.ID                      // the last new id: nobody names it yet

	met  []desk.ID // cases that others changed while this workstation was alone
	live *Live     // of the site; nil until asked for
}

// touched is an entity that this command writes: its events and views.
type touched struct {
	events []desk.Event // all of it, in the order of the fold
	old    [][]byte     // index keys before
	kase   *caseView
	record desk.Record
	call   *callView
	refold bool

	changed bool // though no event was added
}

func newOp(ctx context.Context, e *Engine, tx desk.Tx, s session) *op {
	o := &op{names: newNames(e, tx), ctx: ctx, tx: tx, s: s, now: e.now().UnixMilli(), touched: map[desk.Entity]*touched{}, found: map[reference]desk.ID{}, spoilt: map[int64]struct{}{},
		judged: e.standing(), top: tx.Newest(), refold: map[desk.Entity]bool{}, fresh: map[desk.Entity][]desk.Event{}, rejudged: map[desk.Entity]bool{}, guarded: map[desk.Entity]bool{}}
	o.auth = o.judged
	if !s.agent.IsZero() { // who asked may have lost it since
		o.s.role = o.auth.Role(s.agent)
	}
	o.written = o.recordSoFar
	o.events = func(ent desk.Entity) ([]desk.Event, error) {
		if t := o.touched[ent]; t != nil {
			return t.events, nil
		}
		return o.stored(ent)
	}
	return o
}

// eventsOf are the events of an entity, their times as all clocks agreed.
func (o *op) eventsOf(ent desk.Entity) ([]desk.Event, error) {
	es, err := o.tx.Events(ent)
	return o.auth.Corrected(es), err
}

// recordSoFar is a record as this command has left it, before finish writes its
// view.
func (o *op) recordSoFar(ent desk.Entity) (desk.Record, bool) {
	t := o.touched[ent]
	if t == nil {
		return desk.Record{}, false
	}
	if t.refold {
		t.record, t.refold = desk.FoldRecord(t.events), false
	}
	return t.record, true
}

func (o *op) entities() []desk.Entity { return o.order }

// me is this workstation.
func (o *op) me() desk.ID {
	s, _ := o.tx.Signer(o.tx.Origin())
	return s.Node
}

// stamp is the next reading of the hybrid logical clock: later than all that is
// held, with what this commit has taken, whoever wrote it.
func (o *op) stamp() desk.Stamp {
	return max(o.tx.Newest()+1, desk.Stamp(max(o.now, 0))<<16) //nolint:gosec // not negative
}

func (o *op) newID() desk.ID {
	var r [10]byte
	_, _ = io.ReadFull(o.e.random, r[:]) // crypto/rand never fails
	o.minted = desk.NewID(o.now, r)
	return o.minted
}

// open loads an entity to be written.
func (o *op) open(ent desk.Entity) (*touched, error) {
	if t := o.touched[ent]; t != nil {
		return t, nil
	}
	t := &touched{}
	view, err := o.tx.View(ent)
	if err != nil {
		return nil, err
	}
	if view != nil {
		if t.events, err = o.eventsOf(ent); err != nil {
			return nil, err
		}
	}
	switch ent.Type {
	case desk.CaseType:
		t.kase = &caseView{}
		err = decodeView(view, t.kase)
		t.old = t.kase.keys(ent.ID)
		o.spoilCase(t.kase)
	case desk.CallType:
		t.call = &callView{}
		err = decodeView(view, t.call)
		t.old = t.call.keys(ent.ID)
		if view != nil {
			o.spoil(t.call.Call.OfferedAt.UnixMilli(), 0)
		}
	default:
		if view == nil {
			t.record = desk.FoldRecord(nil)
		}
		err = decodeView(view, &t.record)
		t.old = recordKeys(ent, t.record)
	}
	if err != nil {
		return nil, fmt.Errorf("read the view of %s %s: %w", ent.Type, ent.ID, err)
	}
	o.touched[ent] = t
	o.order = append(o.order, ent)
	return t, nil
}

func decodeView(b []byte, v any) error {
	if b == nil {
		return nil
	}
	if err := desk.Decode(b, v); err != nil {
		return fmt.Errorf("%w: %w", errUnreadable, err)
	}
	return nil
}

// errUnreadable says that a view is not what this version writes.
var errUnreadable = errors.New("a stored view cannot be read: puntoctl doctor --rebuild makes it anew")

// emit writes one event as the signed-in agent, at the command's instant.
func (o *op) emit(k desk.Kind, ent desk.Entity, body any) error {
	return o.emitAt(k, ent, body, o.now, o.s.agent)
}

// emitAt is emit for what happened at another time, or by somebody else: an
// import.
func (o *op) emitAt(k desk.Kind, ent desk.Entity, body any, at int64, by desk.ID) error {
	if !desk.ValidAt(at) || !desk.ValidAt(o.now) {
		return fail(Invalid, "the time of what happened is not between the years 1970 and 2199: correct it, or the clock of this workstation")
	}
	t, err := o.open(ent)
	if err != nil {
		return err
	}
	b, err := desk.Encode(body)
	if err != nil {
		return err
	}
	if len(b) > desk.MaxEventBytes {
		return fail(Invalid, "what is to be written takes %d bytes, and at most %d are kept at once: write less", len(b), desk.MaxEventBytes)
	}
	var base desk.Stamp
	if n := len(t.events); n > 0 {
		base = t.events[n-1].Stamp
	}
	ev := desk.Event{Origin: o.tx.Origin(), Stamp: o.stamp(), Kind: k, Version: 1, Entity: ent, Base: base, Actor: by, Writer: o.s.agent, At: at, Body: b}
	if ev.Seq = 1; o.last != nil && o.last.Origin == ev.Origin {
		ev.Seq += o.last.Seq
	} else {
		ev.Seq += o.tx.Vector()[ev.Origin]
	}
	switch o.auth.Judge(o.tx, &ev) {
	case authority.Unentitled:
		return fail(NotAllowed, "the role %q may not do %q on a %s: ask a supervisor or the administrator", o.s.role, k, ent.Type)
	case authority.Unattended:
		return fail(NotAllowed, "this workstation may not do %q on a %s with nobody signed in: sign in, or do it on the coordinator", k, ent.Type)
	case authority.Absent:
		return fail(NotSignedIn, "the password was changed elsewhere: sign in again")
	case authority.Revoked:
		return fail(NotAllowed, "this workstation was shut out of the desk: ask the administrator")
	case authority.Values:
		return fail(Invalid, "a value of what is to be written is out of bounds: correct it")
	}
	if err := o.tx.Append(&ev); err != nil {
		return err
	}
	if authority.Rules(&ev) {
		if err := o.rule(ev); err != nil {
			return err
		}
	}
	if promising(ent.Type) && ent.ID != o.minted {
		o.news = append(o.news, ev)
	}
	if authority.Guarded(k, ent.Type) {
		o.guarded[ent] = true
	}
	t.events = append(t.events, ev)
	o.last = &t.events[len(t.events)-1]
	switch {
	case k == desk.EventUndone:
		t.refold = true
	case ent.Type == desk.CaseType:
		t.kase.Case.Apply(&ev)
	case ent.Type != desk.CallType:
		t.refold = true
	}
	return nil
}

// state is the case as this command has left it so far.
func (o *op) caseOf(id desk.ID) (*desk.Case, error) {
	t, err := o.open(caseEntity(id))
	if err != nil {
		return nil, err
	}
	if t.kase.Case.Status == desk.NoStatus {
		return nil, fail(NotFound, "there is no case with the id %q: look its number up and try again", id)
	}
	return &t.kase.Case, nil
}

func caseEntity(id desk.ID) desk.Entity { return desk.Entity{Type: desk.CaseType, ID: id} }

// finish judges what is held by the rulings of this command, and writes the views
// and indexes of all that was touched, once each.
func (o *op) finish() error {
	for _, step := range []func() error{o.rejudge, o.rejudgeUndos, o.reprice, o.reloadAll} {
		if err := step(); err != nil {
			return err
		}
	}
	o.order = slices.DeleteFunc(o.order, func(ent desk.Entity) bool {
		return len(o.touched[ent].events) == 0 && !o.touched[ent].changed
	})
	for _, ent := range o.order {
		if err := o.derive(ent, o.touched[ent]); err != nil {
			return err
		}
	}
	return errors.Join(o.reclaim(), o.unseal())
}

// derive writes what follows from the events of an entity: its view and its
// index keys.
func (o *op) derive(ent desk.Entity, t *touched) (err error) {
	if len(t.events) == 0 { // all of them were kept aside
		return errors.Join(o.tx.PutView(ent, nil), o.index(t.old, nil))
	}
	var b []byte
	var keys [][]byte
	switch ent.Type {
	case desk.CaseType:
		if t.refold || t.kase.Cut {
			t.kase.Cut = false
			t.kase.Case = desk.FoldCase(t.events)
		}
		if err := o.clocks(t); err != nil {
			return err
		}
		o.spoilCase(t.kase)
		if b, err = encodeView(t.kase, t.kase.shrink); err != nil {
			return err
		}
		keys = t.kase.keys(ent.ID)
	case desk.CallType:
		t.call.fold(t.events)
		o.spoil(t.call.Call.OfferedAt.UnixMilli(), 0)
		if b, err = desk.Encode(t.call); err != nil {
			return err
		}
		keys = t.call.keys(ent.ID)
	default:
		r, _ := o.recordSoFar(ent)
		if b, err = encodeView(&r, func(step int) bool { return shrinkRecord(&r, step) }); err != nil {
			return err
		}
		t.record, keys = r, recordKeys(ent, r)
	}
	if err := o.tx.PutView(ent, b); err != nil {
		return err
	}
	return o.index(t.old, keys)
}

// FoldVersion changes when the same events fold into other views or indexes: the
// host of a folder of another version derives it anew.
const FoldVersion = "16"

// Derive makes the view and the indexes of one entity again from all its events,
// in the order of the fold: a rebuild of the store calls it for each. The events
// of contracts and calendars must be readable in tx.
func (e *Engine) Derive(tx desk.Tx, ent desk.Entity, events []desk.Event) error {
	o := e.deriving
	if o == nil || o.tx != tx { // what is looked up serves all entities of one transaction
		o = newOp(context.Background(), e, tx, session{})
		e.deriving = o
	}
	clear(o.touched)
	t := &touched{events: o.auth.Corrected(events), kase: &caseView{}, call: &callView{}, record: desk.FoldRecord(nil), refold: true}
	o.touched[ent] = t
	return o.derive(ent, t)
}

// index turns the old keys of an entity into the new ones. The last 16 bytes of
// a key are the entity's id, so values stay empty.
func (o *op) index(old, keys [][]byte) error {
	for _, k := range old {
		if !slices.ContainsFunc(keys, func(n []byte) bool { return bytes.Equal(k, n) }) {
			if err := o.tx.DeleteIndex(k); err != nil {
				return err
			}
		}
	}
	for _, k := range keys {
		if !slices.ContainsFunc(old, func(n []byte) bool { return bytes.Equal(k, n) }) {
			if err := o.tx.PutIndex(k, nil); err != nil {
				return err
			}
		}
	}
	return nil
}

// nextNumber takes the next case number of this workstation.
func (o *op) nextNumber() (desk.Number, error) {
	b, err := o.tx.Meta("counter")
	if err != nil {
		return "", err
	}
	var n uint64
	if len(b) == 8 {
		n = binary.BigEndian.Uint64(b)
	}
	n++
	prefix, err := o.tx.Meta("prefix")
	if err != nil {
		return "", err
	}
	if len(prefix) == 0 {
		prefix = []byte("A")
	}
	return desk.NewNumber(string(prefix), n), o.tx.PutMeta("counter", binary.BigEndian.AppendUint64(nil, n))
}

// receipt is of the last event written about id.
func (o *op) receipt(id desk.ID) Receipt {
	r := Receipt{ID: id}
	if o.last != nil {
		r.Origin, r.Seq = o.last.Origin, o.last.Seq
	}
	return r
}
