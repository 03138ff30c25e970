package oracle

import "time"

// day is 24 hours: windows of days are counted from the instant of what opens them.
const day = 24 * time.Hour

// week is how long after a resolution the same user with the same category is a
// repeat caller.
const week = 7 * day

// cases counts every index of cases of a month, asked at an instant. All of them
// are told by what had happened before the month's end; only whether a resolution
// held is told by the days after it.
func (d *Desk) cases(m Month, asked time.Time, t *sums) {
	from, to := d.span(m)
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
		if s.contract != m.Contract {
			continue
		}
		if s.open {
			t.spread("backlog_age", to.Sub(hs[0].at))
			end := s
			end.at = to
			if v, _ := d.solve(append(hs[:len(hs):len(hs)], end), hs); v == breached {
				t.add("open_breached")
			}
		}
		if in(hs[0].at, from, to) {
			t.add("cases_opened")
			if repeats(i, histories) {
				t.add("repeat")
			}
		}
		d.moves(hs, from, to, t)
		d.solved(m, k, hs, asked, t)
		f := d.flow(k, from, to, asked)
		t.counts["resolutions"] += f.Resolved
		t.counts["reopenings"] += f.Reopened
		t.counts["cancellations"] += f.Ended
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
func (d *Desk) moves(hs []state, from, to time.Time, t *sums) {
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

// held tells whether the resolution of the n-th row stood for a window after it: a
// reopening ends that, and so does taking it back.
func held(k Case, hs []state, n int, window time.Duration, asked time.Time) bool {
	at := hs[n].at
	end := at.Add(window + 1) // the last instant of the window too
	if later := asked.Add(1); later.Before(end) {
		end = later
	}
	after := k.history(end, asked)
	for i, s := range after {
		if s.n != hs[n].n {
			continue
		}
		for _, next := range after[i+1:] {
			if next.open {
				return false
			}
		}
		return true
	}
	return false // it was taken back
}

// solved counts the case among the month's resolved, once, as it stood at its
// last resolution of the month.
func (d *Desk) solved(m Month, k Case, hs []state, asked time.Time, t *sums) {
	from, to := d.span(m)
	c := d.Contracts[m.Contract]
	window := time.Duration(c.ReopenDays) * day
	last, again := -1, false
	for i, s := range hs {
		if solves(hs, i) && in(s.at, from, to) {
			last = i
			again = again || !held(k, hs, i, window, asked)
		}
	}
	if last < 0 {
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
	online := s.row.Call != "" && s.row.Call == hs[0].row.Call && level <= 1 && held(k, hs, last, window, asked)
	if online {
		t.add("online")
	}
	if has(c.Level1, s.category) {
		t.add("eligible")
		if online {
			t.add("online_eligible")
		}
	}
	t.judged("sla_take_up", d.takeUp(past, hs))
	v, used := d.solve(past, hs)
	t.judged("sla_resolve", v)
	t.spread("resolution_time", used)
	for _, u := range d.units(past, hs) {
		t.judged("ola", u.verdict)
	}
}

// Flow is what changed the number of open cases in a stretch of time; it counts
// events and not cases.
type Flow struct{ Before, Opened, Reopened, Resolved, Ended, After int }

// flow is the part of one case. What was taken back in the stretch and lies before
// it counts as what it made of the case.
func (d *Desk) flow(k Case, from, to, asked time.Time) (f Flow) {
	count := func(was, is state) {
		switch {
		case !was.open && is.open:
			f.Reopened++
		case was.open && !is.open && is.resolved:
			f.Resolved++
		case was.open && !is.open:
			f.Ended++
		}
	}
	old := k.history(from, asked)
	hs := k.history(to, asked)
	if len(hs) == 0 {
		return f
	}
	var was state
	if len(old) > 0 {
		was = old[len(old)-1]
		if was.open {
			f.Before++
		}
		again, _ := before(hs, from) // without what was taken back since
		count(was, again)
		was = again
	}
	for _, s := range hs {
		switch {
		case s.at.Before(from):
			continue
		case s.row.What == "opened":
			f.Opened++
		default:
			count(was, s)
		}
		was = s
	}
	if was.open {
		f.After++
	}
	return f
}

// Flow counts a stretch of the cases that belong to a contract at its end.
func (d *Desk) Flow(m Month, asked time.Time) (f Flow) {
	from, to := d.span(m)
	for _, k := range d.Cases {
		if hs := k.history(to, asked); len(hs) == 0 || hs[len(hs)-1].contract != m.Contract {
			continue
		}
		g := d.flow(k, from, to, asked)
		f.Before, f.Opened, f.Reopened, f.Resolved, f.Ended, f.After = f.Before+g.Before, f.Opened+g.Opened, f.Reopened+g.Reopened, f.Resolved+g.Resolved, f.Ended+g.Ended, f.After+g.After
	}
	return f
}
