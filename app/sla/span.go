package sla

import (
	"iter"
	"slices"
	"time"
)

// Span is [From, To); the zero To is still going on.
type Span struct {
	From, To time.Time
	Why      string
}

// union sorts spans and joins those that overlap, clipped to [a, b).
func union(ps []Span, a, b time.Time) (out []Span) {
	ps = slices.Clone(ps)
	slices.SortFunc(ps, func(x, y Span) int { return x.From.Compare(y.From) })
	for _, p := range ps {
		if p.To.IsZero() || p.To.After(b) {
			p.To = b
		}
		if p.From.Before(a) {
			p.From = a
		}
		if !p.To.After(p.From) {
			continue
		}
		if n := len(out); n > 0 && !p.From.After(out[n-1].To) {
			if p.To.After(out[n-1].To) {
				out[n-1].To = p.To
			}
			continue
		}
		out = append(out, p)
	}
	return out
}

// During is the open time of [a, b) that lies within the union of the spans.
func (h *Hours) During(a, b time.Time, ps []Span) (sum time.Duration) {
	for _, p := range union(ps, a, b) {
		sum += h.Between(p.From, p.To)
	}
	return sum
}

// DeadlinePaused is the deadline of an amount of open time that is not paused: the
// earliest d >= a with Between(a, d) less During(a, d) = amount; the zero time when
// there is not so much before 2200.
func (h *Hours) DeadlinePaused(a time.Time, amount time.Duration, ps []Span) time.Time {
	end := time.Unix(int64(lastDay)*daySeconds, 0)
	for _, p := range union(ps, a, end) {
		d := h.Deadline(a, amount)
		if d.IsZero() || !d.After(p.From) {
			return d
		}
		amount -= h.Between(a, p.From)
		a = p.To
	}
	return h.Deadline(a, amount)
}

// Backwards walks the open time before b, the latest segment first.
func (h *Hours) Backwards(b time.Time) iter.Seq[Segment] {
	return func(yield func(Segment) bool) {
		for n := min(h.dayOf(b)+1, lastDay); n >= firstDay; n-- {
			day := h.open(n)
			for i := len(day) - 1; i >= 0; i-- {
				s := day[i]
				if s.To.After(b) {
					s.To = b
				}
				if s.To.After(s.From) && !yield(s) {
					return
				}
			}
		}
	}
}

// Before is the latest instant d <= b with Between(d, b) = amount; the zero
// time when there was not so much open time since 1900.
func (h *Hours) Before(b time.Time, amount time.Duration) time.Time {
	if amount <= 0 {
		return b
	}
	for s := range h.Backwards(b) {
		if open := s.To.Sub(s.From); open >= amount {
			return s.To.Add(-amount)
		} else {
			amount -= open
		}
	}
	return time.Time{}
}

// Holiday tells whether a special day closes a civil date.
func (h *Hours) Holiday(y int, m time.Month, d int) bool {
	for _, sp := range h.cal.Specials {
		if len(sp.Shifts) == 0 && len(sp.Breaks) == 0 && sp.covers(y, m, d) {
			return true
		}
	}
	return false
}

// sameTime is the local time of day of a on the day d.
func (h *Hours) sameTime(d int64, a time.Time) time.Time {
	local := a.In(h.zone)
	y, m, day := civil(d)
	return h.At(y, m, day, local.Hour()*3600+local.Minute()*60+local.Second()).Add(time.Duration(local.Nanosecond()))
}

// clamp is the local time of day of a, moved into the shifts of the day d,
// which has some.
func (h *Hours) clamp(d int64, a time.Time) time.Time {
	open, at := h.day(d), h.sameTime(d, a)
	for _, s := range open {
		if at.Before(s.From) {
			return s.From
		}
		if !at.After(s.To) {
			return at
		}
	}
	return open[len(open)-1].To
}
