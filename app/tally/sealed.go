package tally

import (
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"github.com/klauspost/compress/zstd"
)

// errSealed says that a sealed day cannot be read.
var errSealed = errors.New("the sealed day is damaged: seal it again from its rows")

// sealedReader unpacks sealed days for one Accumulator; its room is used again.
type sealedReader struct {
	zstd *zstd.Decoder
	raw  []byte
}

// AddSealed adds what Seal packed. A damaged day adds nothing and gives an error: the
// whole day is unpacked and every value checked against its range before the first is
// counted, so that counting may take values as indexes.
func (a *Accumulator) AddSealed(sealed []byte) error {
	raw, err := a.sealed.unpack(sealed)
	if err != nil {
		return err
	}
	d, err := parseDay(raw)
	if err != nil {
		return err
	}
	a.addCalls(d)
	a.addCases(d)
	return nil
}

// unpack gives the columns of a day. They belong to the reader, until it unpacks
// another; names are copied out of them.
func (s *sealedReader) unpack(sealed []byte) ([]byte, error) {
	const head = len(sealMagic)
	if !Sealed(sealed) {
		return nil, fmt.Errorf("%w: it does not begin as one", errSealed)
	}
	size, n := binary.Uvarint(sealed[head:])
	if n <= 0 || size > maxColumns {
		return nil, fmt.Errorf("%w: its length is wrong", errSealed)
	}
	if s.zstd == nil {
		z, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(maxColumns))
		if err != nil {
			return nil, fmt.Errorf("unpack a sealed day: %w", err)
		}
		s.zstd = z
	}
	raw, err := s.zstd.DecodeAll(sealed[head+n:], s.raw[:0])
	if err != nil || uint64(len(raw)) != size {
		return nil, errors.Join(errSealed, err)
	}
	s.raw = raw
	return raw, nil
}

// numbers is a column as it lies: n values of 1, 2, 4 or 8 bytes each, little-endian.
type numbers struct {
	width int
	b     []byte
}

func (c numbers) at(i int) int64 {
	switch c.width {
	case 1:
		return int64(c.b[i])
	case 2:
		return int64(binary.LittleEndian.Uint16(c.b[2*i:]))
	case 4:
		return int64(binary.LittleEndian.Uint32(c.b[4*i:]))
	}
	return int64(binary.LittleEndian.Uint64(c.b[8*i:])) // the reader has checked that it is not below zero
}

// texts is a column of names: each once, and which of them a row has.
type texts struct {
	dict []string
	at   numbers
}

// tallies counts how often each name of a column is used by the rows chosen; all
// when chosen is nil. It counts by place first: a map is asked once a name, not once
// a row.
func (t texts) tallies(n int, chosen func(i int) bool, add func(name string, n int64)) {
	count := make([]int64, len(t.dict))
	for i := range n {
		if chosen == nil || chosen(i) {
			count[t.at.at(i)]++
		}
	}
	for i, k := range count {
		if k > 0 {
			add(t.dict[i], k)
		}
	}
}

// day is a sealed day, unpacked and checked: columns of calls, of cases opened, of
// cases resolved, and of the runs of units over the latter.
type day struct {
	date                                        time.Time
	number                                      int32
	calls                                       int
	outcome, queued, hour                       numbers
	wait, talk, hold, wrap, returned            numbers
	queue, callType, agent                      texts
	opened                                      int
	repeat                                      numbers
	told                                        [len(caseTables)]texts
	resolved                                    int
	flags, at, spent, takeUp, resolve, answered numbers
	priority, solver                            texts
	runs                                        int
	unit                                        texts
	kept                                        numbers
	moves                                       Moves
}

// reader takes columns off the front; after its first error all is empty.
type reader struct {
	b   []byte
	err error
}

func (r *reader) fail(why string) {
	if r.err == nil {
		r.err = fmt.Errorf("%w: %s", errSealed, why)
	}
	r.b = nil
}

func (r *reader) number() int64 {
	n, k := binary.Uvarint(r.b)
	if k <= 0 || n > 1<<40 {
		r.fail("a number is cut")
		return 0
	}
	r.b = r.b[k:]
	return int64(n)
}

// rows reads a number of rows, each of which takes at least one byte.
func (r *reader) rows() int {
	n := r.number()
	if n > int64(len(r.b)) {
		r.fail("it has fewer rows than it says")
		return 0
	}
	return int(n)
}

// column reads n numbers, none above most; after an error it gives n zeros, so that
// whoever reads on finds as many rows as were said.
func (r *reader) column(n int, most int64) numbers {
	if len(r.b) < 1 {
		r.fail("a column is missing")
		return numbers{1, make([]byte, n)}
	}
	c := numbers{width: int(r.b[0])}
	if w := c.width; w != 1 && w != 2 && w != 4 && w != 8 || len(r.b)-1 < w*n {
		r.fail("a column is cut")
		return numbers{1, make([]byte, n)}
	}
	c.b, r.b = r.b[1:1+c.width*n], r.b[1+c.width*n:]
	if c.width == 1 && most >= 255 || c.width == 2 && most >= 65_535 || c.width == 4 && most >= 1<<32-1 {
		return c
	}
	for i := range n {
		if v := c.at(i); v < 0 || v > most {
			r.fail("a value is out of its range")
			return numbers{1, make([]byte, n)}
		}
	}
	return c
}

// names reads a dictionary and, of n rows, which of its names each has.
func (r *reader) names(n int) (t texts) {
	size := r.rows()
	for range size {
		k := r.rows()
		if r.err != nil {
			break
		}
		t.dict = append(t.dict, string(r.b[:k]))
		r.b = r.b[k:]
	}
	if n > 0 && len(t.dict) == 0 {
		r.fail("a column has no names")
		t.dict = []string{""}
	}
	t.at = r.column(n, max(0, int64(len(t.dict))-1))
	return t
}

// longest is the most seconds that a column may say.
const longest = 1 << 40

// parseDay reads the columns in the order in which Seal writes them. Whatever the
// bytes are, it neither panics nor takes more memory than they justify.
func parseDay(raw []byte) (*day, error) {
	r := &reader{b: raw}
	d := &day{}
	date := r.number()
	if date > 9999_12_31 {
		r.fail("its date is none")
		date = 0
	}
	d.number = int32(date) // checked
	d.date = time.Date(int(date/10_000), time.Month(date/100%100), int(date%100), 0, 0, 0, 0, time.UTC)
	d.calls = r.rows()
	d.outcome, d.queued, d.hour = r.column(d.calls, int64(NoContract)), r.column(d.calls, 7), r.column(d.calls, 23)
	for _, c := range []*numbers{&d.wait, &d.talk, &d.hold, &d.wrap, &d.returned} {
		*c = r.column(d.calls, longest)
	}
	d.queue, d.callType, d.agent = r.names(d.calls), r.names(d.calls), r.names(d.calls)
	d.opened = r.rows()
	d.repeat = r.column(d.opened, allFlags)
	for i := range d.told {
		d.told[i] = r.names(d.opened)
	}
	d.resolved = r.rows()
	d.flags, d.at, d.spent = r.column(d.resolved, allFlags), r.column(d.resolved, longest), r.column(d.resolved, longest)
	d.takeUp, d.resolve, d.answered = r.column(d.resolved, int64(breachedLater)), r.column(d.resolved, int64(breachedLater)), r.column(d.resolved, int64(breachedLater))
	d.priority, d.solver = r.names(d.resolved), r.names(d.resolved)
	d.runs = r.rows()
	d.unit, d.kept = r.names(d.runs), r.column(d.runs, int64(breachedLater))
	for _, n := range d.moves.each() {
		*n = int(r.number())
	}
	if r.err == nil && len(r.b) > 0 {
		r.fail("more follows its end")
	}
	return d, r.err
}

// addCalls does for the columns of a day what AddCall does for rows.
func (a *Accumulator) addCalls(d *day) {
	hours := &a.hours[d.date.Weekday()]
	counted := make([]bool, d.calls)
	offered := int64(0)
	var c callRow
	for i := range d.calls {
		c = callRow{Outcome(d.outcome.at(i)), d.queued.at(i)&1 != 0, d.queued.at(i)&2 != 0, d.queued.at(i)&4 != 0, d.wait.at(i), d.talk.at(i), d.hold.at(i), d.wrap.at(i), d.returned.at(i)} // checked
		if a.call(&c) {
			counted[i] = true
			offered++
			hours[d.hour.at(i)]++
		}
	}
	if offered > 0 {
		a.days[d.number] += offered
	}
	a.table("queue", d.queue, d.calls, func(i int) bool { return counted[i] })
	a.table("call_type", d.callType, d.calls, func(i int) bool { return counted[i] })
	a.table("answered_by", d.agent, d.calls, func(i int) bool { return counted[i] && Outcome(d.outcome.at(i)) == Answered }) // checked
}

// table counts a column of names in a table that leaves out what has no name.
func (a *Accumulator) table(what string, t texts, n int, chosen func(i int) bool) {
	t.tallies(n, chosen, func(name string, k int64) {
		if name != "" {
			a.group(what, name, k)
		}
	})
}

// addCases does for the columns of a day what addOpened and addResolved do for rows.
func (a *Accumulator) addCases(d *day) {
	for i := range d.opened {
		a.opened(caseFlag(d.repeat.at(i))) // checked
	}
	for i, what := range caseTables {
		if what.unnamed {
			d.told[i].tallies(d.opened, nil, func(name string, n int64) { a.group(what.name, name, n) })
			continue
		}
		a.table(what.name, d.told[i], d.opened, nil)
	}
	for i := range d.resolved {
		a.resolved(&solvedRow{flags: caseFlag(d.flags.at(i)), at: d.at.at(i), spent: d.spent.at(i), takeUp: verdict(d.takeUp.at(i)), // checked
			resolve: verdict(d.resolve.at(i)), answer: verdict(d.answered.at(i))}) // checked
	}
	a.table("solved_by", d.solver, d.resolved, nil)
	a.kept("sla_take_up", d.priority, d.takeUp, d.resolved, false)
	a.kept("sla_resolve", d.priority, d.resolve, d.resolved, false)
	a.kept("ola", d.unit, d.kept, d.runs, true)
	for i := range d.runs {
		a.verdict(cOLA, verdict(d.kept.at(i))) // checked
	}
	a.AddMoves(d.moves)
}

// kept counts a column of verdicts by a column of names.
func (a *Accumulator) kept(what string, by texts, verdicts numbers, n int, unnamed bool) {
	count := make([][3]int64, len(by.dict))
	for i := range n {
		if v := verdict(verdicts.at(i)); v != noVerdict { // checked
			count[by.at.at(i)][v.then()-met]++
		}
	}
	for i, c := range count {
		if c == [3]int64{} || by.dict[i] == "" && !unnamed {
			continue
		}
		sum := a.clock(what, by.dict[i])
		for v := range c {
			sum[v] += c[v]
		}
	}
}
