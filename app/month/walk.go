package month

import (
	"time"

	"punto/app/calls"
	"punto/app/cases"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/tally"
)

// The rows of a day, one by one, as the indices see them.

// rows reads the calls and cases of one civil day.
func (m *monthSum) rows(p tally.Period) (tally.Day, error) {
	d := tally.Day{Date: p.From}
	err := m.walk(p, taken(&d))
	return d, err
}

// taken is a walker that keeps the rows.
func taken(d *tally.Day) *walker {
	return &walker{
		call:     func(_ desk.ID, _ *calls.View, c tally.Call) error { d.Calls = append(d.Calls, c); return nil },
		opened:   func(_ *past, c tally.Case) error { d.Opened = append(d.Opened, c); return nil },
		resolved: func(_ *past, c tally.Case) error { d.Resolved = append(d.Resolved, c); return nil },
		moved:    func(_ *past, _ int64, n tally.Moves) error { d.Moves.Add(n); return nil }}
}

// walker takes the rows of a day one by one.
type walker struct {
	call             func(desk.ID, *calls.View, tally.Call) error
	opened, resolved func(*past, tally.Case) error
	moved            func(c *past, at int64, one tally.Moves) error // each event for itself
}

// walk shows the calls and cases of one civil day.
func (m *monthSum) walk(p tally.Period, w *walker) error {
	err := m.between(calls.IxCall, p, func(id desk.ID) error {
		var v calls.View
		b, err := m.Reader.View(desk.Entity{Type: desk.CallType, ID: id})
		if err == nil {
			err = engine.DecodeView(b, &v)
		}
		if err != nil {
			return err
		}
		whose, err := m.owner(&v)
		if err != nil || whose != m.id && !whose.IsZero() {
			return err
		}
		c, err := m.call(v.Call)
		if err != nil {
			return err
		}
		if whose.IsZero() {
			c = tally.Call{At: c.At, Outcome: tally.NoContract}
		}
		return w.call(id, &v, c)
	})
	if err != nil {
		return err
	}
	seen := map[desk.ID]bool{}
	return m.between(cases.IxTurn, p, func(id desk.ID) error {
		if seen[id] {
			return nil
		}
		seen[id] = true
		return m.counted(id, p, w)
	})
}

// between walks the entities of an index of times that lie in a period.
func (m *monthSum) between(ix byte, p tally.Period, use func(desk.ID) error) error {
	until := string(engine.Prefix(ix, p.To.UnixMilli()))
	for k, err := range m.Reader.Scan(engine.Prefix(ix), engine.Prefix(ix, p.From.UnixMilli()), false) {
		if err != nil || string(k.Key) >= until {
			return err
		}
		if err := use(engine.IDOf(k.Key)); err != nil {
			return err
		}
	}
	return nil
}

// counted shows what a case of this contract did in a day.
func (m *monthSum) counted(id desk.ID, day tally.Period, w *walker) error {
	c, err := m.past(id)
	if err != nil || c == nil {
		return err
	}
	c.id = id
	if err := c.moves(m, day, w.moved); err != nil {
		return err
	}
	if c.end.Contract != m.id {
		return nil
	}
	in := func(at int64) bool { return day.Has(time.UnixMilli(at)) }
	if len(c.end.Turns) > 0 && in(c.end.Turns[0].At) {
		row, err := m.opened(id, c)
		if err != nil {
			return err
		}
		if err := w.opened(c, row); err != nil {
			return err
		}
	}
	if c.solved != nil && in(c.at) {
		row, err := m.resolved(c)
		if err != nil {
			return err
		}
		return w.resolved(c, row)
	}
	return nil
}

// moves tells what a case did in a day, each event for itself.
func (c *past) moves(m *monthSum, day tally.Period, use func(*past, int64, tally.Moves) error) error {
	in := func(at int64) bool { return day.Has(time.UnixMilli(at)) }
	if n := (tally.Moves{}); c.bend != 0 && in(c.bentAt) {
		switch {
		case c.bend > 0:
			n.Reopenings = c.bend
		case c.end.Contract == m.id && (c.end.Status == desk.Resolved || c.end.Status == desk.Closed):
			n.Resolutions = -c.bend
		default:
			n.Cancellations = -c.bend
		}
		if err := use(c, c.bentAt, n); err != nil {
			return err
		}
	}
	if c.end.Contract != m.id {
		return nil
	}
	for i, t := range c.end.Turns {
		if i == 0 || !in(t.At) { // the opening is a row
			continue
		}
		var n tally.Moves
		switch {
		case t.To.Open():
			n.Reopenings = 1
		case t.To == desk.Resolved:
			n.Resolutions = 1
		default:
			n.Cancellations = 1
		}
		if err := use(c, t.At, n); err != nil {
			return err
		}
	}
	for _, x := range c.end.Moves() {
		if !in(x.At) {
			continue
		}
		if err := use(c, x.At, tally.Moves{HandOffs: 1, Levels: one(x.Levels), Returns: one(x.Return), PingPong: one(x.PingPong)}); err != nil {
			return err
		}
	}
	return nil
}

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}
