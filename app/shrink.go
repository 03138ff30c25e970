package app

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"punto/app/desk"
)

// encodeView encodes a view that fits into the store. One that does not (only
// events that somebody has written to that end make one) is shrunk step by step
// until it does: its events stay whole, and every replica shrinks alike.
func encodeView(v any, shrink func(step int) bool) ([]byte, error) {
	b, err := desk.Encode(v)
	for step := 0; err == nil && len(b) > desk.MaxViewBytes && shrink(step); step++ {
		b, err = desk.Encode(v)
	}
	return b, err
}

// newest are the last entries of a list.
func newest[T any](list []T, n int) []T { return slices.Clone(list[max(0, len(list)-n):]) }

// begins is the beginning of a text, of at most so many bytes.
func begins(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n] + "…"
}

// shortened tells whether a text of a conflict is only its beginning.
func shortened(s string) bool { return len(s) > shownOfConflict && strings.HasSuffix(s, "…") }

const shownOfConflict = 1_000 // bytes

// shrink takes the next thing out of a view that is too large; false when there is
// no more to take.
func (v *caseView) shrink(step int) bool {
	c := &v.Case
	v.Cut = true
	switch step {
	case 0:
		c.Conflicts = shortConflicts(c.Conflicts)
	case 1:
		c.HandOffs, c.Absorbed, c.Splits, c.Files = newest(c.HandOffs, 500), newest(c.Absorbed, 500), newest(c.Splits, 500), newest(c.Files, 500)
		v.Sums.OLA, v.Armed, v.Once, v.Times = newest(v.Sums.OLA, 500), newest(v.Armed, 500), newest(v.Once, 500), newest(v.Times, 20_000)
	case 2:
		c.Text, c.Solution.Text, c.Why = begins(c.Text, 20_000), begins(c.Solution.Text, 20_000), begins(c.Why, 2_000)
	default:
		return false
	}
	return true
}

func shortConflicts(cs []desk.Conflict) []desk.Conflict {
	cs = newest(cs, 50)
	for i := range cs {
		cs[i].Kept, cs[i].Other = begins(cs[i].Kept, shownOfConflict), begins(cs[i].Other, shownOfConflict)
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
		r.Conflicts = shortConflicts(r.Conflicts)
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

// What a case page tells of a timeline, so that one that somebody has filled to
// that end still comes.
const (
	momentsShown = 20_000
	momentBytes  = 8 << 20 // of their texts; of older ones the beginning is told
)

// shorten keeps a timeline within what one answer may hold: the newest are told
// whole.
func shorten(ms []Moment) []Moment {
	if len(ms) > momentsShown {
		ms = append(ms[:1:1], ms[len(ms)-momentsShown+1:]...)
	}
	left := momentBytes
	for i := len(ms) - 1; i >= 0; i-- {
		if m := &ms[i]; left < len(m.Text)+len(m.Reason) {
			m.Text, m.Reason = begins(m.Text, 200), begins(m.Reason, 200)
		}
		left -= len(ms[i].Text) + len(ms[i].Reason)
	}
	return ms
}
