// Package sla counts business time and runs the clocks of a case. It is pure:
// instants, calendars and histories in, durations, deadlines and runs out; it
// never reads the machine's clock or zone, never stores, and starts no
// goroutine. It promises that every walk ends, for every zone and date, and
// that its definitions are those of the contract: half-open intervals, the
// earliest deadline, civil days, seconds that are never truncated.
package sla

import (
	"cmp"
	"iter"
	"slices"
	"sort"
	"sync/atomic"
	"time"
	_ "time/tzdata" // Windows has no zone files
)

// Hours is a calendar ready for counting. It never changes as seen from
// outside; it is safe for use by several goroutines, without locks.
type Hours struct {
	cal    Calendar
	zone   *time.Location
	blocks []atomic.Pointer[block] // of blockDays each from firstDay on; a cache, filled as it is asked for
}

// Segment is open time [From, To), and why: the name of a special day, "" on an
// ordinary one.
type Segment struct {
	From, To time.Time
	Why      string
}

// blockDays is how many days are counted at a time. A larger block makes long
// intervals cheaper and the first question about a new season dearer.
const blockDays = 64

// block is the open time of some days in a row.
type block struct {
	shifts [blockDays][]Segment         // of the shifts that begin on the day
	open   [blockDays][]Segment         // that begin within the day, less what the day before covers
	sums   [blockDays + 1]time.Duration // open time before each day of the block
}

func newHours(c Calendar, zone *time.Location) *Hours {
	return &Hours{cal: c, zone: zone, blocks: make([]atomic.Pointer[block], (lastDay-firstDay)/blockDays+2)}
}

// Zone is the calendar's location.
func (h *Hours) Zone() *time.Location { return h.zone }

// everOpen looks for a day with open time, from 1990 on, then before.
func (h *Hours) everOpen() bool {
	const from = 7305 // 1990-01-01
	for n := int64(from); n <= lastDay; n++ {
		if len(h.shiftsOf(n)) > 0 {
			return true
		}
	}
	for n := int64(firstDay); n < from; n++ {
		if len(h.shiftsOf(n)) > 0 {
			return true
		}
	}
	return false
}

// at finds the block of a day, counting it when nobody has yet.
func (h *Hours) at(n int64) (*block, int) {
	i := n - firstDay
	p := &h.blocks[i/blockDays]
	b := p.Load()
	if b == nil {
		b = h.count(n - i%blockDays)
		p.Store(b) // two goroutines may count the same block: they count the same
	}
	return b, int(i % blockDays)
}

func (h *Hours) count(first int64) *block {
	b := &block{}
	y, m, d := civil(first - 1)
	before, late := split(h.shiftsOf(first-1), h.At(y, m, d+1, 0))
	for i := range b.shifts {
		s := h.shiftsOf(first + int64(i))
		b.shifts[i], b.open[i] = s, s
		if len(s) > 0 || len(late) > 0 {
			begun, next := split(s, h.At(y, m, d+i+2, 0))
			open := begun
			if len(late) > 0 {
				open = apart(append(slices.Clone(late), begun...))
			}
			if n := len(before); n > 0 && len(open) > 0 && before[n-1].To.After(open[0].From) { // yesterday's night shift runs into today's
				open = since(open, before[n-1].To)
			}
			b.open[i], before, late = open, begun, next
		} else {
			before, late = nil, nil
		}
		b.sums[i+1] = b.sums[i]
		for _, x := range b.open[i] {
			b.sums[i+1] += x.To.Sub(x.From)
		}
	}
	return b
}

// split parts the segments of a day in those that begin before the next midnight
// and those that begin later, as what a break leaves of a night shift may.
func split(s []Segment, midnight time.Time) (begun, late []Segment) {
	i := len(s)
	for i > 0 && !s[i-1].From.Before(midnight) {
		i--
	}
	return s[:i], s[i:]
}

// since leaves of segments what comes at t or later.
func since(segments []Segment, t time.Time) (out []Segment) {
	for _, s := range segments {
		if s.From.Before(t) {
			s.From = t
		}
		if s.To.After(s.From) {
			out = append(out, s)
		}
	}
	return out
}

// Day lists the open segments of the shifts that begin on a civil date, in order and
// apart; none before 1900 or after 2200. They are not to be changed.
func (h *Hours) Day(y int, m time.Month, d int) []Segment {
	if n := dayNumber(y, m, d); n >= firstDay && n <= lastDay {
		return h.day(n)
	}
	return nil
}

// day lists the open segments of the shifts that begin on a civil date, in order
// and apart.
func (h *Hours) day(n int64) []Segment {
	b, i := h.at(n)
	return b.shifts[i]
}

// open lists the segments that begin within a civil date, less what the day
// before covers: over all days in order, each instant once.
func (h *Hours) open(n int64) []Segment {
	b, i := h.at(n)
	return b.open[i]
}

// shiftsOf makes the segments of a civil date from the calendar.
func (h *Hours) shiftsOf(n int64) (out []Segment) {
	y, m, d := civil(n)
	shifts, why := h.cal.Weekly[((n+4)%7+7)%7], "" // day 0 was a Thursday
	for _, sp := range h.cal.Specials {            // the last that covers the date holds
		if len(sp.Breaks) == 0 && sp.covers(y, m, d) {
			shifts, why = sp.Shifts, cmp.Or(sp.Name, "holiday")
		}
	}
	for _, sp := range h.cal.Specials {
		if len(sp.Breaks) > 0 && sp.covers(y, m, d) {
			shifts, why = without(shifts, sp.Breaks), cmp.Or(sp.Name, "break")
		}
	}
	for _, x := range shifts {
		from, to := h.At(y, m, d, x.From), h.At(y, m, d, x.To)
		if to.After(from) {
			out = append(out, Segment{from, to, why})
		}
	}
	return apart(out)
}

// apart sorts the segments of a day and joins those that overlap.
func apart(s []Segment) []Segment {
	slices.SortFunc(s, func(a, b Segment) int { return a.From.Compare(b.From) })
	out := s[:0]
	for _, x := range s {
		if n := len(out); n > 0 && x.From.Before(out[n-1].To) {
			if x.To.After(out[n-1].To) {
				out[n-1].To = x.To
			}
			continue
		}
		out = append(out, x)
	}
	return out
}

// without cuts the breaks out of shifts.
func without(shifts, breaks []Shift) []Shift {
	for _, b := range breaks {
		var rest []Shift
		for _, s := range shifts {
			if s.From < min(b.From, s.To) {
				rest = append(rest, Shift{s.From, min(b.From, s.To)})
			}
			if max(b.To, s.From) < s.To {
				rest = append(rest, Shift{max(b.To, s.From), s.To})
			}
		}
		shifts = rest
	}
	return shifts
}

// Segments walks the open time of [a, b) in order, without overlaps; the zero b
// is no end.
func (h *Hours) Segments(a, b time.Time) iter.Seq[Segment] {
	return func(yield func(Segment) bool) {
		end := int64(lastDay)
		if !b.IsZero() {
			end = min(h.dayOf(b)+1, lastDay) // where the clock is set back over midnight, tomorrow may begin before b
		}
		for n := max(h.dayOf(a)-1, firstDay); n <= end; n++ {
			for _, s := range h.open(n) {
				if !b.IsZero() && !s.From.Before(b) {
					return
				}
				if s.From.Before(a) {
					s.From = a
				}
				if !b.IsZero() && s.To.After(b) {
					s.To = b
				}
				if s.To.After(s.From) && !yield(s) {
					return
				}
			}
		}
	}
}

// clipped is the open time of the days first to last that lies in [a, b).
func (h *Hours) clipped(first, last int64, a, b time.Time) (sum time.Duration) {
	for n := max(first, firstDay); n <= min(last, lastDay); n++ {
		for _, s := range h.open(n) {
			if s.From.Before(a) {
				s.From = a
			}
			if s.To.After(b) {
				s.To = b
			}
			if s.To.After(s.From) {
				sum += s.To.Sub(s.From)
			}
		}
	}
	return sum
}

// whole is the open time of the days from first until before last.
func (h *Hours) whole(first, last int64) (sum time.Duration) {
	for first < last {
		b, i := h.at(first)
		j := int(min(blockDays, int64(i)+last-first))
		sum += b.sums[j] - b.sums[i]
		first += int64(j - i)
	}
	return sum
}

// Between is B(a, b): the open time in [a, b); 0 when b is not after a. Days
// that lie wholly inside are summed by blocks, so a year costs little more than
// a day.
func (h *Hours) Between(a, b time.Time) time.Duration {
	if !b.After(a) {
		return 0
	}
	na, nb := h.dayOf(a), h.dayOf(b)
	// A day's open time reaches into the next day; and its neighbours' clock faces
	// may overlap it by an hour. Two days off the ends is surely inside.
	if nb-na < 5 {
		return h.clipped(na-1, nb+1, a, b)
	}
	return h.clipped(na-1, na+1, a, b) + h.whole(na+2, nb-1) + h.clipped(nb-1, nb+1, a, b)
}

// Deadline is the earliest instant d >= a with Between(a, d) = amount; a itself
// for amount <= 0. It is the zero time when the calendar has not so much open
// time before 2200.
func (h *Hours) Deadline(a time.Time, amount time.Duration) time.Time {
	if amount <= 0 {
		return a
	}
	n := max(h.dayOf(a)-1, firstDay)
	if n+1 >= lastDay {
		return time.Time{}
	}
	for last := min(n+3, lastDay); n < last; n++ {
		for _, s := range h.open(n) {
			if s.From.Before(a) {
				s.From = a
			}
			if open := s.To.Sub(s.From); open >= amount {
				return s.From.Add(amount)
			} else if open > 0 {
				amount -= open
			}
		}
	}
	return h.reach(n, amount)
}

// reach is where an amount of open time is used up when it is counted from the
// day n on.
func (h *Hours) reach(n int64, amount time.Duration) time.Time {
	for n <= lastDay {
		b, i := h.at(n)
		if rest := b.sums[blockDays] - b.sums[i]; rest < amount {
			amount -= rest
			n += int64(blockDays - i)
			continue
		}
		goal := b.sums[i] + amount
		j := sort.Search(blockDays, func(k int) bool { return b.sums[k+1] >= goal })
		amount = goal - b.sums[j]
		for _, s := range b.open[j] {
			if open := s.To.Sub(s.From); open >= amount {
				return s.From.Add(amount)
			} else {
				amount -= open
			}
		}
	}
	return time.Time{}
}

// DeadlineDays is the same local time on the n-th later day that has open time,
// clamped into that day's shifts; a itself for n <= 0, the zero time when there
// are not so many days before 2200.
func (h *Hours) DeadlineDays(a time.Time, n int) time.Time {
	if n <= 0 {
		return a
	}
	for d := h.dayOf(a) + 1; d <= lastDay; d++ {
		if len(h.day(d)) == 0 {
			continue
		}
		if n--; n > 0 {
			continue
		}
		return h.clamp(d, a)
	}
	return time.Time{}
}

// alwaysOpen is how long open time must go on to be taken as never ending.
const alwaysOpen = 400 * 24 * time.Hour

// Open tells whether t is in open time, and when that changes next (the zero
// time: not within alwaysOpen, or never again before 2200).
func (h *Hours) Open(t time.Time) (open bool, until time.Time) {
	for s := range h.Segments(t, time.Time{}) {
		if s.From.After(t) {
			if !open {
				return false, s.From
			}
			if !s.From.Equal(until) {
				return true, until
			}
		}
		open, until = true, s.To
		if until.Sub(t) > alwaysOpen {
			return true, time.Time{}
		}
	}
	return open, until
}
