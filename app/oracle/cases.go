package oracle

import (
	"fmt"
	"time"
)

// day is 24 hours: windows of days are counted from the instant of what opens them.
const day = 24 * time.Hour

// week is how long after a resolution the same user with the same category is a
// repeat caller.
const week = 7 * day

// cases counts every index of cases of a month, asked at an instant. All of them
// are told by what had happened before the month's end; only whether a resolution
// held is told by the days after it.
func (d *Desk) cases(m Month, asked time.Time, t *SumsOf) {
	from, to := d.span(m)
	if asked.Before(to) {
		to = asked // a part month
	}
	histories := make([][]state, len(d.Cases))
	for i, k := range d.Cases {
		histories[i] = k.history(to, asked)
	}
	for i, k := range d.Cases {
		hs := histories[i]
		if len(hs) == 0 {
			continue
		}
		s := hs[len(hs)-1]
		if d.of(s) {
			flow(m.Contract, k.history(from, asked), hs, from, t)
		}
		if s.contract != m.Contract {
			continue
		}
		d.solved(k, hs, span{from, to}, asked, t)
		if !d.of(s) {
			continue
		}
		if s.open {
			t.spread("backlog_age", to.Sub(hs[0].at))
			end := s
			end.at = to
			if v, _ := d.solve(append(hs[:len(hs):len(hs)], end), hs); v == breached || v == excused {
				t.add("open_breached")
			}
		}
		if in(hs[0].at, from, to) {
			t.add("cases_opened")
			if s.person != "" && s.category != "" {
				t.add("user known")
			}
			if repeats(i, histories) {
				t.add("repeat")
			}
		}
		d.moves(hs, from, to, t)
	}
}

// repeats tells whether another case of the same user and category was resolved
// within the seven days before this one, of those that stand, was opened.
func repeats(this int, histories [][]state) bool {
	hs := histories[this]
	s, opened := hs[len(hs)-1], hs[0].at
	if s.person == "" || s.category == "" {
		return false
	}
	for i, other := range histories {
		if i == this || len(other) == 0 {
			continue
		}
		if now := other[len(other)-1]; now.person != s.person || now.category != s.category {
			continue
		}
		for n, o := range other {
			if solves(other, n) && !o.at.After(opened) && opened.Sub(o.at) <= week {
				return true
			}
		}
	}
	return false
}

// moves counts hand-offs in the month in which they happened.
func (d *Desk) moves(hs []state, from, to time.Time, t *SumsOf) {
	for i, s := range hs {
		if !s.moved || !in(s.at, from, to) {
			continue
		}
		t.add("handoffs")
		if returns(hs, i) {
			t.add("returns")
		}
		if pingPong(hs, i) {
			t.add("ping_pong")
		}
	}
}

// returns: to a group of lower level that had it before.
func returns(hs []state, i int) bool {
	if hs[i].level == 0 || hs[i].level >= hs[i-1].level {
		return false
	}
	for _, s := range hs[:i] {
		if s.group == hs[i].group {
			return true
		}
	}
	return false
}

// pingPong: the group now receiving is the one before the last different group.
func pingPong(hs []state, i int) bool {
	var groups []string // in order, each different from the one before
	for _, s := range hs[:i+1] {
		if n := len(groups); s.group != "" && (n == 0 || groups[n-1] != s.group) {
			groups = append(groups, s.group)
		}
	}
	n := len(groups)
	return n >= 3 && groups[n-1] == groups[n-3]
}

// solves tells whether the n-th row ended an open case by solving it.
func solves(hs []state, n int) bool {
	return n > 0 && hs[n-1].open && !hs[n].open && hs[n].resolved
}

// held tells whether the resolution of the n-th row stood for a window after it, by
// what had happened before an instant: a reopening ends that, and so does taking it
// back.
func held(k Case, hs []state, n int, window time.Duration, until, asked time.Time) bool {
	at := hs[n].at
	after := k.history(until, asked)
	for i, s := range after {
		if s.n != hs[n].n {
			continue
		}
		for _, next := range after[i+1:] {
			if next.open {
				return next.at.Sub(at) > window
			}
		}
		return true
	}
	return k.Rows[hs[n].n].Undone.Sub(at) > window
}

// solved counts the case among the month's resolved, once, as it stood at its
// last resolution of the month.
func (d *Desk) solved(k Case, hs []state, month span, asked time.Time, t *SumsOf) {
	c := d.Contracts[hs[len(hs)-1].contract]
	window := time.Duration(c.ReopenDays) * day
	firm := month.to.Add(window) // by then it is known which solutions held
	last, again := -1, false
	for i, s := range hs {
		if solves(hs, i) && in(s.at, month.from, month.to) {
			last = i
			again = again || !held(k, hs, i, window, firm, asked)
		}
	}
	if last < 0 || !d.of(hs[last]) {
		return
	}
	t.add("cases_resolved")
	if again {
		t.add("reopened")
	}
	s, past := hs[last], hs[:last+1]
	first := true
	for _, h := range past {
		if h.level >= 1 {
			t.add("levels known")
		}
		first = first && h.level < 2
	}
	if first {
		t.add("first_level")
	}
	level := max(s.row.Level, s.level)
	online := s.row.Call != "" && s.row.Call == hs[0].row.Call && level <= 1 && held(k, hs, last, window, firm, asked)
	if online {
		t.add("online")
	}
	contact := hs[0].row.Call != ""
	if contact {
		t.add("contact known")
	}
	if has(c.Level1, s.category) {
		t.add("eligible")
		if contact {
			t.add("eligible contact known")
		}
		if online {
			t.add("online_eligible")
		}
	}
	taken := d.takeUp(past, hs)
	t.judged("sla_take_up", taken)
	v, used := d.solve(past, hs)
	t.judged("sla_resolve", v)
	if p := s.priority; p > 0 {
		t.judged(fmt.Sprint("sla_take_up by ", p), taken)
		t.judged(fmt.Sprint("sla_resolve by ", p), v)
	}
	if v != void {
		t.spread("resolution_time", used)
	}
	for _, u := range d.units(past, hs) {
		t.judged("ola", u.verdict)
		t.judged("ola by "+u.group, u.verdict)
	}
}

// flow counts the events of a case by which the number of open cases of a contract
// changed in a stretch of time: old is its history before it, hs that to its end.
// What they do not explain came by an undo of something older, or by another
// contract: the case came back, or went.
func flow(contract string, old, hs []state, from time.Time, t *SumsOf) {
	open := func(hs []state) int {
		if n := len(hs); n > 0 && hs[n-1].open && hs[n-1].contract == contract {
			return 1
		}
		return 0
	}
	rest := open(hs) - open(old)
	s := hs[len(hs)-1]
	here := s.contract == contract
	for i, s := range hs {
		if s.at.Before(from) || !here {
			continue
		}
		switch {
		case i == 0:
			rest-- // it was opened
		case !hs[i-1].open && s.open:
			t.add("reopenings")
			rest--
		case solves(hs, i):
			t.add("resolutions")
			rest++
		case hs[i-1].open && !s.open:
			t.add("cancellations")
			rest++
		}
	}
	switch {
	case rest > 0:
		t.add("reopenings")
	case rest < 0 && here && s.resolved:
		t.add("resolutions")
	case rest < 0:
		t.add("cancellations")
	}
}
