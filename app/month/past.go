package month

import (
	"slices"
	"time"

	"punto/app/cases"
	"punto/app/desk"
	"punto/app/promises"
	"punto/app/sla"
)

// The figures of a month are functions of what had happened when it ended, never
// of what a case is today. Most cases have not changed since, and their view tells
// all; of the others the events up to an instant are folded again. An event counts
// from its time on, or from that of the one before it in the fold when its own is
// earlier: so what had happened is always a beginning of the fold.

// until gives the events that count before an instant, without what had been
// undone by then.
func until(events []desk.Event, end int64) []desk.Event {
	latest := int64(0)
	for i := range events {
		if latest = max(latest, events[i].At); latest >= end {
			events = events[:i]
			break
		}
	}
	return desk.Live(events)
}

// past is a case as the figures of a month see it.
type past struct {
	id     desk.ID
	end    desk.Case            // when the month ended
	window []desk.Turn          // of the days after it in which a reopening counts too
	undone map[desk.Stamp]int64 // when, by the stamp of what was
	solved *desk.Case           // at its last resolution of the month; nil when there was none
	at     int64                // of that resolution
	sums   promises.Sums        // of it, with the excuses given by the end of the month
	now    promises.Sums        // with all excuses
	late   bool                 // open at the end of the month, its promise to resolve broken

	bend   int   // +1, -1: what was open when the month began is not what its events make it
	bentAt int64 // when that came about
}

// past reads a case; nil when it was not there yet.
func (m *monthSum) past(id desk.ID) (*past, error) {
	v, err := cases.Read(m.Reader, id)
	end := m.period.To.UnixMilli()
	if err != nil || v.Case.Status == desk.NoStatus {
		return nil, err
	}
	if v.Times == nil && v.Case.MovedAt < end {
		p := &past{end: v.Case, window: v.Case.Turns}
		resolve := v.Sums.Resolve
		if p.late = resolve.Breached; !p.late && resolve.Due != 0 && resolve.Due < m.instant && v.Case.Status.Open() {
			h, err := cases.PinnedHours(m.Look, &v)
			if err != nil {
				return nil, err
			}
			// due at a closing it is kept until the next opening; and while it was ended,
			// before it was opened again, it did not run
			p.late = h != nil && h.Between(time.UnixMilli(max(resolve.Due, v.Case.LastAt)), time.UnixMilli(m.instant)) > 0
		}
		last := len(v.Case.Turns) - 1
		switch at, any := m.lastResolved(v.Case.Turns); {
		case !any:
			return p, nil
		case v.Case.Turns[last].At == at && v.Case.Turns[last].To == desk.Resolved && !changedSince(&v.Case, v.Case.Turns[last].Stamp):
			p.solved, p.at, p.sums, p.now = &p.end, at, v.Sums, v.Sums
			return p, nil
		}
	}
	events, err := m.Reader.Events(cases.Entity(id))
	if err != nil {
		return nil, err
	}
	return m.pastOf(m.Engine.Rights.Load().Corrected(events))
}

// changedSince tells whether more than the status of a case changed after a stamp.
func changedSince(c *desk.Case, at desk.Stamp) bool {
	for field, mark := range c.Marks {
		if mark.Stamp > at && field != "status" {
			return true
		}
	}
	return false
}

// lastResolved finds the last resolution of the month.
func (m *monthSum) lastResolved(turns []desk.Turn) (at int64, any bool) {
	for _, t := range turns {
		if t.To == desk.Resolved && m.period.Has(time.UnixMilli(t.At)) {
			at, any = t.At, true
		}
	}
	return at, any
}

// pastOf folds a case again from its events.
func (m *monthSum) pastOf(events []desk.Event) (*past, error) {
	end := m.period.To.UnixMilli()
	had := until(events, end)
	p := &past{end: desk.FoldCase(had)}
	if p.end.Status == desk.NoStatus {
		return nil, nil
	}
	p.window, p.undone = desk.FoldCase(until(events, end+m.rules.ReopenIn.Milliseconds())).Turns, undone(events)
	m.bend(p, events)
	if p.end.Status.Open() {
		s, err := m.sumsOf(had, m.instant)
		if err != nil {
			return nil, err
		}
		p.late = s.Resolve.Breached
		if _, any := m.lastResolved(p.end.Turns); !any {
			return p, nil
		}
	}
	var last int
	if last, p.at = m.lastSolution(had); last < 0 {
		return p, nil
	}
	solved := desk.FoldCase(had[:last+1])
	p.solved = &solved
	var err error
	if p.sums, err = m.sumsOf(excusedBy(had[:last+1], had), p.at); err == nil {
		p.now, err = m.sumsOf(excusedBy(had[:last+1], desk.Live(events)), p.at)
	}
	return p, err
}

// lastSolution finds the event of the last resolution of the month, and its time; -1
// when there is none.
func (m *monthSum) lastSolution(had []desk.Event) (last int, at int64) {
	var c desk.Case
	last = -1
	for i := range had {
		n := len(c.Turns)
		if c.Apply(&had[i]); len(c.Turns) > n && c.Turns[n].To == desk.Resolved && m.period.Has(time.UnixMilli(c.Turns[n].At)) {
			last, at = i, c.Turns[n].At
		}
	}
	return last, at
}

// undone tells when events were taken back, by their stamps.
func undone(events []desk.Event) map[desk.Stamp]int64 {
	stamps, at := map[desk.Undo]desk.Stamp{}, map[desk.Stamp]int64{}
	latest := int64(0)
	for _, e := range events {
		latest = max(latest, e.At)
		stamps[desk.Undo{Origin: e.Origin, Seq: e.Seq}] = e.Stamp
		var u desk.Undo
		if e.Kind == desk.EventUndone && desk.Decode(e.Body, &u) == nil {
			u.Reason = ""
			at[stamps[u]] = latest
		}
	}
	return at
}

// excusedBy is a history with the excuses of a longer one in the place of its own.
func excusedBy(history, of []desk.Event) []desk.Event {
	excuse := func(e desk.Event) bool { return e.Kind == desk.CaseExcused }
	out := slices.DeleteFunc(slices.Clone(history), excuse)
	for _, e := range of {
		if excuse(e) {
			out = append(out, e)
		}
	}
	return out
}

func (m *monthSum) sumsOf(events []desk.Event, now int64) (promises.Sums, error) {
	t, _ := promises.TraceOf(events)
	facts, _, err := promises.Book{Names: m.Names}.History(&t)
	return promises.SumsOf(sla.Runs(facts, time.UnixMilli(now))), err
}

// bend finds what the events of the month do not tell of a bent case: that it was
// open when the month began, or not, otherwise than as it came to be seen.
func (m *monthSum) bend(p *past, events []desk.Event) {
	begin := m.period.From.UnixMilli()
	was := desk.FoldCase(until(events, begin))
	has := func(c *desk.Case) int {
		if c.Contract == m.id && c.Status.Open() {
			return 1
		}
		return 0
	}
	d := has(&p.end) - has(&was)
	if p.end.Contract == m.id {
		for _, t := range p.end.Turns {
			if t.At >= begin {
				d -= step(t)
			}
		}
	}
	p.bend = d
	latest := int64(0)
	for i := range events {
		if latest = max(latest, events[i].At); latest >= begin && cases.Bends(&events[i]) {
			p.bentAt = latest
			return
		}
	}
}

// step is what a turn adds to the open cases.
func step(t desk.Turn) int {
	if t.To.Open() {
		return 1
	}
	return -1
}
