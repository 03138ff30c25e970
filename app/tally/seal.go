package tally

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"math/bits"
	"slices"
	"sync"
	"time"

	"github.com/klauspost/compress/zstd"
)

// Day is what one closed civil day, in the zone of a contract, holds: the calls
// offered in it, the cases opened in it, the cases whose last resolution of the
// month is in it, and what else happened to cases. A case opened and resolved in
// one day is in both lists. The cases are as they were when the month ended.
type Day struct {
	Date     time.Time // any instant of the day, in the zone of the contract
	Calls    []Call
	Opened   []Case
	Resolved []Case
	Moves    Moves
}

// A sealed day is magic, the length of its columns (uvarint), and the columns in
// one zstd frame with its checksum. It is a cache: the rows stay the truth, who
// keeps it knows whether they have changed since, and AddSealed gives the figures
// that AddCall and AddCase give of the same rows.
const sealMagic = "PuntoDay4"

// maxColumns is the most that a sealed day may unpack to, in bytes.
const maxColumns = 1 << 30

// Sealed tells whether a block is a sealed day of this version's form.
func Sealed(b []byte) bool {
	return len(b) > len(sealMagic) && string(b[:len(sealMagic)]) == sealMagic
}

// Seal packs a day into columns. The same rows give the same bytes, in whatever
// order they come.
func Seal(d Day) ([]byte, error) {
	raw := columns(d)
	if len(raw) > maxColumns {
		return nil, fmt.Errorf("seal the day %s: its columns are %d bytes, more than %d", d.Date.Format(time.DateOnly), len(raw), maxColumns)
	}
	enc, err := packer(len(raw))
	if err != nil {
		return nil, fmt.Errorf("seal the day: %w", err)
	}
	out := binary.AppendUvarint([]byte(sealMagic), uint64(len(raw)))
	return enc.EncodeAll(raw, out), nil
}

// small is the most columns that smallDays packs, in bytes.
const small = 1 << 16

// smallDays packs small days, as most are: to make an encoder takes longer than to
// pack one. It is safe for several goroutines.
var smallDays = sync.OnceValues(func() (*zstd.Encoder, error) { return newEncoder(zstd.SpeedFastest, small) })

// packer is the encoder of so many bytes. It looks back on all of them, up to 8 MiB,
// and its memory is as much.
func packer(size int) (*zstd.Encoder, error) {
	if size <= small {
		return smallDays()
	}
	return newEncoder(zstd.SpeedDefault, 1<<min(bits.Len(uint(size)), 23))
}

func newEncoder(level zstd.EncoderLevel, window int) (*zstd.Encoder, error) {
	return zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithEncoderLevel(level), zstd.WithEncoderCRC(true), zstd.WithWindowSize(window))
}

// writer puts columns one after another.
type writer struct{ b []byte }

func (w *writer) number(n int64) { w.b = binary.AppendUvarint(w.b, uint64(max(0, n))) } // not below zero

// column writes n numbers in as few bytes each (1, 2, 4 or 8) as the largest
// needs.
func column[T any](w *writer, rows []T, of func(*T) int64) {
	var most int64
	for i := range rows {
		most = max(most, of(&rows[i]))
	}
	width := byte(8)
	switch {
	case most < 1<<8:
		width = 1
	case most < 1<<16:
		width = 2
	case most < 1<<32:
		width = 4
	}
	w.b = append(w.b, width)
	var buf [8]byte
	for i := range rows {
		binary.LittleEndian.PutUint64(buf[:], uint64(max(0, of(&rows[i])))) // not below zero
		w.b = append(w.b, buf[:width]...)
	}
}

// names writes a column of texts: its dictionary in the order of the letters,
// then the place of each row's in it.
func names[T any](w *writer, rows []T, of func(*T) string) {
	place := map[string]int64{}
	for i := range rows {
		place[of(&rows[i])] = 0
	}
	all := make([]string, 0, len(place))
	for name := range place {
		all = append(all, name)
	}
	slices.Sort(all)
	w.number(int64(len(all)))
	for i, name := range all {
		place[name] = int64(i)
		w.number(int64(len(name)))
		w.b = append(w.b, name...)
	}
	column(w, rows, func(r *T) int64 { return place[of(r)] })
}

// columns is a day laid out: the date, the calls, the cases opened, the cases
// resolved, the hand-off runs of those, the numbers of what else happened.
func columns(d Day) []byte {
	w := &writer{}
	y, m, day := d.Date.Date()
	w.number(int64(dayNumber(y, m, day)))
	w.calls(d.Calls)
	w.opened(d.Opened)
	w.resolved(d.Resolved)
	for _, n := range d.Moves.each() {
		w.number(int64(*n))
	}
	return w.b
}

func (w *writer) calls(rows []Call) {
	rows = slices.Clone(rows)
	slices.SortFunc(rows, compareCalls)
	w.number(int64(len(rows)))
	column(w, rows, func(c *Call) int64 { return int64(c.Outcome) })
	column(w, rows, func(c *Call) int64 {
		return int64(bit(c.Queued) | bit(c.NoWait)<<1 | bit(c.Callable || c.Returned > 0)<<2)
	})
	column(w, rows, func(c *Call) int64 { return int64(c.At.Hour()) })
	for _, of := range []func(*Call) time.Duration{
		func(c *Call) time.Duration { return c.Wait }, func(c *Call) time.Duration { return c.Talk }, func(c *Call) time.Duration { return c.Hold },
		func(c *Call) time.Duration { return c.WrapUp }, func(c *Call) time.Duration { return c.Returned }} {
		column(w, rows, func(c *Call) int64 { return whole(of(c)) })
	}
	names(w, rows, func(c *Call) string { return c.Queue })
	names(w, rows, func(c *Call) string { return c.Type })
	names(w, rows, func(c *Call) string { return c.Agent })
}

func compareCalls(a, b Call) int {
	return cmp.Or(cmp.Compare(a.At.Hour(), b.At.Hour()), cmp.Compare(a.Outcome, b.Outcome), cmp.Compare(a.Queue, b.Queue), cmp.Compare(a.Type, b.Type),
		cmp.Compare(a.Agent, b.Agent), cmp.Compare(a.Wait, b.Wait), cmp.Compare(a.Talk, b.Talk), cmp.Compare(a.Hold, b.Hold),
		cmp.Compare(a.WrapUp, b.WrapUp), cmp.Compare(a.Returned, b.Returned), cmp.Compare(bit(a.Queued), bit(b.Queued)), cmp.Compare(bit(a.NoWait), bit(b.NoWait)), cmp.Compare(bit(a.Callable), bit(b.Callable)))
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (w *writer) opened(cases []Case) {
	rows := slices.Clone(cases)
	slices.SortFunc(rows, func(a, b Case) int {
		x, y := a.told(), b.told()
		return cmp.Or(slices.Compare(x[:], y[:]), cmp.Compare(a.flags()&openedFlags, b.flags()&openedFlags))
	})
	w.number(int64(len(rows)))
	column(w, rows, func(c *Case) int64 { return int64(c.flags() & openedFlags) })
	for i := range caseTables {
		names(w, rows, func(c *Case) string { return c.told()[i] })
	}
}

// openedFlags are those that count of a case opened, solvedFlags of one resolved.
const (
	openedFlags = fRepeat | fKnown
	solvedFlags = allFlags &^ openedFlags
)

func (w *writer) resolved(cases []Case) {
	rows := slices.Clone(cases)
	slices.SortFunc(rows, compareSolved)
	var runs []Unit
	for i := range rows {
		runs = append(runs, rows[i].Units...)
	}
	slices.SortFunc(runs, func(a, b Unit) int { return cmp.Or(cmp.Compare(a.Group, b.Group), cmp.Compare(a.short(), b.short())) })
	w.number(int64(len(rows)))
	column(w, rows, func(c *Case) int64 { return int64(c.flags() & solvedFlags) })
	column(w, rows, func(c *Case) int64 { return c.Resolved.Unix() })
	column(w, rows, func(c *Case) int64 { return whole(c.Spent) })
	column(w, rows, func(c *Case) int64 { return int64(c.TakeUp.short()) })
	column(w, rows, func(c *Case) int64 { return int64(c.Resolve.short()) })
	column(w, rows, func(c *Case) int64 { return int64(c.Answer.short()) })
	names(w, rows, func(c *Case) string { return c.Priority })
	names(w, rows, func(c *Case) string { return c.Agent })
	w.number(int64(len(runs)))
	names(w, runs, func(u *Unit) string { return u.Group })
	column(w, runs, func(u *Unit) int64 { return int64(u.short()) })
}

func compareSolved(a, b Case) int {
	return cmp.Or(cmp.Compare(a.Priority, b.Priority), cmp.Compare(a.Agent, b.Agent), cmp.Compare(a.flags()&solvedFlags, b.flags()&solvedFlags),
		cmp.Compare(a.TakeUp.short(), b.TakeUp.short()), cmp.Compare(a.Resolve.short(), b.Resolve.short()), cmp.Compare(a.Answer.short(), b.Answer.short()),
		cmp.Compare(a.Resolved.Unix(), b.Resolved.Unix()), cmp.Compare(whole(a.Spent), whole(b.Spent)))
}
