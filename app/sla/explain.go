package sla

import (
	"fmt"
	"time"
)

// Explanation lists what made a deadline: the open segments counted, the pauses
// left out (in Run), the special days and the versions of calendar and target.
type Explanation struct {
	Run      Run       `json:"run"`
	Calendar string    `json:"calendar"`
	Version  int       `json:"version"`
	Counted  []Segment `json:"counted"`
	Closed   []string  `json:"closed,omitempty"`  // special days met on the way
	Earlier  []Version `json:"earlier,omitempty"` // what it counted under before its target changed
}

// Version is the calendar and target that a run counted under from an instant
// on.
type Version struct {
	From     time.Time     `json:"from"`
	Calendar string        `json:"calendar"`
	Version  int           `json:"version"`
	Target   time.Duration `json:"target"`
}

// Explain lists the open segments between the start of a run and its stop or
// deadline, whichever is later; of a paused run, until the pause.
func (x Run) Explain() Explanation {
	e := Explanation{Run: x}
	h := x.hours()
	if h == nil {
		return e
	}
	e.Calendar, e.Version = h.cal.Name, h.cal.Version
	end := later(x.Due, x.Stop)
	if end.IsZero() {
		end = x.Since
	}
	if end.IsZero() { // it never falls due: there is nothing to list
		return e
	}
	for i := range x.legs {
		p, from, to := x.leg(i, end)
		for s := range p.Hours.Segments(from, to) {
			e.Counted = append(e.Counted, less(s, union(x.Pauses, from, to))...)
		}
		if i+1 < len(x.legs) && i < len(x.Was) {
			e.Earlier = append(e.Earlier, Version{from, p.Hours.cal.Name, p.Hours.cal.Version, x.Was[i].Target})
		}
		e.Closed = append(e.Closed, p.Hours.specials(from, to, mostSpecials-len(e.Closed))...)
	}
	return e
}

// mostSpecials bounds the list of special days: a deadline years away passes
// hundreds.
const mostSpecials = 400

// specials names the special days of the calendar from a to b, at most limit.
func (h *Hours) specials(a, b time.Time, limit int) (out []string) {
	for n := h.dayOf(a); n <= h.dayOf(b); n++ {
		y, m, d := civil(n)
		for _, sp := range h.cal.Specials {
			if len(out) >= limit {
				return out
			}
			if sp.covers(y, m, d) {
				out = append(out, fmt.Sprintf("%04d-%02d-%02d %s", y, m, d, sp.Name))
			}
		}
	}
	return out
}

// less cuts pauses, which are sorted and apart, out of a segment.
func less(s Segment, ps []Span) (out []Segment) {
	for _, p := range ps {
		if !p.To.After(s.From) || !p.From.Before(s.To) {
			continue
		}
		if p.From.After(s.From) {
			out = append(out, Segment{s.From, p.From, s.Why})
		}
		s.From = p.To
		if !s.From.Before(s.To) {
			return out
		}
	}
	return append(out, s)
}
