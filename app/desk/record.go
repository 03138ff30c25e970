package desk

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/fxamacker/cbor/v2"
)

// Patch is the body of RecordPatched: the fields that changed, by their number
// in the noun's struct. A nil value clears a field. Fields unknown to this
// version are kept and passed on.
type Patch map[uint64]cbor.RawMessage

// Record is the folded state of every entity but cases and calls: its fields
// and who set each last.
type Record struct {
	Fields    Patch           `cbor:"1,keyasint"`
	Marks     map[uint64]Mark `cbor:"2,keyasint"`
	Head      Stamp           `cbor:"3,keyasint"`
	Conflicts []Conflict      `cbor:"4,keyasint,omitempty"`
	Newer     bool            `cbor:"5,keyasint,omitempty"` // holds events of a newer version
}

// Mark says which event set a field.
type Mark struct {
	Stamp Stamp `cbor:"1,keyasint"`
	Actor ID    `cbor:"2,keyasint"`
	At    int64 `cbor:"3,keyasint"`
}

// Conflict is one field that two authors set without knowing of each other.
// Kept is what the fold chose (the later stamp), Other what it did not.
type Conflict struct {
	Field      string `cbor:"1,keyasint" json:"field"`
	Kept       string `cbor:"2,keyasint" json:"kept"`
	Other      string `cbor:"3,keyasint" json:"other"`
	KeptActor  ID     `cbor:"4,keyasint" json:"kept_actor"`
	OtherActor ID     `cbor:"5,keyasint" json:"other_actor"`
	KeptAt     int64  `cbor:"6,keyasint" json:"kept_at"`
	OtherAt    int64  `cbor:"7,keyasint" json:"other_at"`
	Stamp      Stamp  `cbor:"8,keyasint" json:"stamp"` // of the event that met the conflict

	OtherRaw cbor.RawMessage `cbor:"9,keyasint,omitempty" json:"-"` // of a record: the value as it was written
}

// Settled is the body of ConflictSettled: the conflicts of that field up to
// that stamp are done with.
type Settled struct {
	Field string `cbor:"1,keyasint"`
	Stamp Stamp  `cbor:"2,keyasint"`
}

// Undo is the body of EventUndone.
type Undo struct {
	Origin Origin `cbor:"1,keyasint"`
	Seq    uint64 `cbor:"2,keyasint"`
	Reason string `cbor:"3,keyasint,omitempty"`
}

var encMode = func() cbor.EncMode {
	o := cbor.CoreDetEncOptions()
	o.Time = cbor.TimeUnixDynamic // whole seconds as numbers, parts of them kept
	m, err := o.EncMode()
	if err != nil {
		panic(err) // a programmer's mistake at start
	}
	return m
}()

// Encode writes a body in deterministic CBOR. It fails only on a value that no
// body has, such as a channel.
func Encode(v any) ([]byte, error) { return encMode.Marshal(v) }

// Decode reads a body; fields of newer versions are passed over.
func Decode(b []byte, v any) error {
	if err := cbor.Unmarshal(b, v); err != nil {
		return fmt.Errorf("decode %T: %w", v, err)
	}
	return nil
}

// Diff is the patch that turns one noun into another: only the fields whose
// encoding differs. Use the zero value as old to make a whole record.
func Diff[T any](old, next T) (Patch, error) {
	a, err := fieldsOf(old)
	if err != nil {
		return nil, err
	}
	b, err := fieldsOf(next)
	if err != nil {
		return nil, err
	}
	p := Patch{}
	for k, v := range b {
		if string(a[k]) != string(v) {
			p[k] = v
		}
	}
	for k := range a {
		if _, ok := b[k]; !ok {
			p[k] = nil
		}
	}
	return p, nil
}

func fieldsOf(v any) (Patch, error) {
	b, err := Encode(v)
	if err != nil {
		return nil, err
	}
	p := Patch{}
	return p, Decode(b, &p)
}

// As reads a record as the noun T. A field that cannot be read, for a newer or a
// bad version wrote it, is left zero: it must not take the others with it.
func As[T any](r Record) (v T, err error) {
	b, err := Encode(r.Fields)
	if err != nil {
		return v, err
	}
	if Decode(b, &v) == nil {
		return v, nil
	}
	v = *new(T)
	for _, k := range slices.Sorted(maps.Keys(r.Fields)) {
		b, err := Encode(Patch{k: r.Fields[k]})
		next := v
		if err == nil && Decode(b, &next) == nil {
			v = next
		}
	}
	return v, nil
}

// Live sorts events as the fold takes them, drops copies of one event, and
// drops the undone: an undo can itself be undone.
func Live(events []Event) []Event {
	plain := true // nothing to sort, to take out or to undo
	for i := range events {
		plain = plain && events[i].Kind != EventUndone && (i == 0 || Compare(&events[i-1], &events[i]) < 0)
	}
	if plain {
		return events
	}
	es := slices.Clone(events)
	slices.SortFunc(es, func(a, b Event) int { return Compare(&a, &b) })
	es = slices.CompactFunc(es, func(a, b Event) bool { return a.Origin == b.Origin && a.Seq == b.Seq })
	type key struct {
		o Origin
		s uint64
	}
	gone, opened := map[key]bool{}, map[key]bool{}
	for i := range es {
		if es[i].Kind == CaseOpened { // a registration stays: a case is cancelled
			opened[key{es[i].Origin, es[i].Seq}] = true
		}
	}
	for i := len(es) - 1; i >= 0; i-- { // later undos first: an undone undo does nothing
		e := &es[i]
		if e.Kind != EventUndone || gone[key{e.Origin, e.Seq}] {
			continue
		}
		var u Undo
		if Decode(e.Body, &u) == nil && !opened[key{u.Origin, u.Seq}] {
			gone[key{u.Origin, u.Seq}] = true
		}
	}
	return slices.DeleteFunc(es, func(e Event) bool { return gone[key{e.Origin, e.Seq}] })
}

// FoldRecord is the state of a record: the same for the same set of events in
// whatever order, and however often, they come.
func FoldRecord(events []Event) Record {
	r := Record{Fields: Patch{}, Marks: map[uint64]Mark{}}
	for _, e := range Live(events) {
		r.apply(&e)
	}
	return r
}

func (r *Record) apply(e *Event) {
	r.Head = max(r.Head, e.Stamp)
	switch e.Kind {
	case RecordPatched:
		var p Patch
		if Decode(e.Body, &p) != nil {
			r.Newer = true
			return
		}
		for _, k := range slices.Sorted(maps.Keys(p)) {
			r.set(e, k, p[k])
		}
	case ConflictSettled:
		r.Conflicts = settle(r.Conflicts, e)
	case EventUndone, ClockMeasured, ClockStepped, AgentPresent:
	default:
		r.Newer = true
	}
}

func (r *Record) set(e *Event, k uint64, v cbor.RawMessage) {
	old, was := r.Fields[k], r.Marks[k]
	if was.Stamp > e.Base && string(old) != string(v) && was.Actor != e.Actor {
		r.Conflicts = append(r.Conflicts, Conflict{Field: fmt.Sprint(k), Kept: diagnose(v), Other: diagnose(old),
			KeptActor: e.Actor, OtherActor: was.Actor, KeptAt: e.At, OtherAt: was.At, Stamp: e.Stamp, OtherRaw: old})
	}
	if len(v) == 0 || string(v) == "\xf6" {
		delete(r.Fields, k)
	} else {
		r.Fields[k] = v
	}
	r.Marks[k] = Mark{Stamp: e.Stamp, Actor: e.Actor, At: e.At}
}

func settle(cs []Conflict, e *Event) []Conflict {
	var s Settled
	if Decode(e.Body, &s) != nil {
		return cs
	}
	return slices.DeleteFunc(cs, func(c Conflict) bool { return c.Field == s.Field && cmp.Compare(c.Stamp, s.Stamp) <= 0 })
}

func diagnose(v cbor.RawMessage) string {
	if len(v) == 0 {
		return ""
	}
	var s string
	if Decode(v, &s) == nil {
		return s
	}
	d, err := cbor.Diagnose(v)
	if err != nil {
		return fmt.Sprintf("%x", []byte(v))
	}
	return d
}
