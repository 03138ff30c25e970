package engine

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"punto/app/desk"
)

// RecordView is the view of a record.
type RecordView struct {
	desk.Record
	keys func(desk.Entity, desk.Record) [][]byte
}

// NewRecordView is the view of a record whose index keys a room tells; nil keys are
// none.
func NewRecordView(keys func(desk.Entity, desk.Record) [][]byte) *RecordView {
	return &RecordView{desk.FoldRecord(nil), keys}
}

// Stored implements View.
func (v *RecordView) Stored() any { return &v.Record }

// Fold implements View.
func (v *RecordView) Fold(events []desk.Event) { v.Record = desk.FoldRecord(events) }

// Apply implements View.
func (v *RecordView) Apply(*desk.Event) bool { return false }

// Complete implements View.
func (v *RecordView) Complete(*Names) error { return nil }

// Keys implements View.
func (v *RecordView) Keys(ent desk.Entity) [][]byte {
	if v.keys == nil || len(v.Fields) == 0 {
		return nil
	}
	return v.keys(ent, v.Record)
}

// Shrink implements View.
func (v *RecordView) Shrink(step int) bool { return shrinkRecord(&v.Record, step) }

// DecodeView decodes a stored view; nil leaves v as it is.
func DecodeView(b []byte, v any) error {
	if b == nil {
		return nil
	}
	if err := desk.Decode(b, v); err != nil {
		return fmt.Errorf("%w: %w", ErrUnreadable, err)
	}
	return nil
}

// ErrUnreadable says that a view is not what this version writes.
var ErrUnreadable = errors.New("a stored view cannot be read: puntoctl doctor --rebuild makes it anew")

// encodeView encodes a view that fits into the store. One that does not (only
// events that somebody has written to that end make one) is shrunk step by step
// until it does: its events stay whole, and every replica shrinks alike.
func encodeView(v View) ([]byte, error) {
	b, err := desk.Encode(v.Stored())
	for step := 0; err == nil && len(b) > desk.MaxViewBytes && v.Shrink(step); step++ {
		b, err = desk.Encode(v.Stored())
	}
	return b, err
}

// Newest are the last entries of a list.
func Newest[T any](list []T, n int) []T { return slices.Clone(list[max(0, len(list)-n):]) }

// Begins is the beginning of a text, of at most so many bytes.
func Begins(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n] + "…"
}

// Shortened tells whether a text of a conflict is only its beginning.
func Shortened(s string) bool { return len(s) > shownOfConflict && strings.HasSuffix(s, "…") }

const shownOfConflict = 1_000 // bytes

func ShortConflicts(cs []desk.Conflict) []desk.Conflict {
	cs = Newest(cs, 50)
	for i := range cs {
		cs[i].Kept, cs[i].Other = Begins(cs[i].Kept, shownOfConflict), Begins(cs[i].Other, shownOfConflict)
		if len(cs[i].OtherRaw) > 2_000 {
			cs[i].OtherRaw = nil
		}
	}
	return cs
}

// shrinkRecord drops first what conflicts hold, then the largest fields.
func shrinkRecord(r *desk.Record, step int) bool {
	r.Newer = true
	if step == 0 {
		r.Conflicts = ShortConflicts(r.Conflicts)
		return true
	}
	largest, ok := uint64(0), false
	for _, k := range slices.Sorted(maps.Keys(r.Fields)) {
		if !ok || len(r.Fields[k]) > len(r.Fields[largest]) {
			largest, ok = k, true
		}
	}
	if !ok && len(r.Marks) == 0 {
		return false
	}
	r.Fields = maps.Clone(r.Fields)
	delete(r.Fields, largest)
	if !ok {
		r.Marks = nil // of more fields than there can be
	}
	return true
}
