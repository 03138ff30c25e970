package alarms

import (
	"cmp"
	"slices"
	"time"

	"punto/app"
	"punto/app/cases"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/promises"
	"punto/app/records"
	"punto/app/sla"
)

// late is how long after it was due an alarm may be written before it is called late.
const late = 5 * time.Minute

// row is an alarm as it is listed.
func row(n *engine.Names, id desk.ID) (app.AlarmRow, error) {
	r, err := n.Record(desk.AlarmType, id)
	if err != nil {
		return app.AlarmRow{}, err
	}
	x, err := desk.As[desk.Alarm](r)
	if err != nil {
		return app.AlarmRow{}, err
	}
	v, err := cases.Read(n.Reader, x.Case)
	if err != nil {
		return app.AlarmRow{}, err
	}
	a := app.AlarmRow{ID: id, Alarm: x, Number: v.Case.Number, Subject: v.Case.Subject, FiredAt: r.Marks[4].At, Priority: v.Case.Priority, Status: v.Case.Status, Group: v.Case.Group, Agent: v.Case.Agent}
	a.Late = a.FiredAt-x.DueAt > late.Milliseconds()
	a.False, err = isFalse(n, &v, x)
	return a, err
}

// isFalse tells whether, as the history of the case is known now, its clock had not come
// so far when the alarm was due: somebody was off the network, and what they had done came
// later.
func isFalse(n *engine.Names, v *cases.View, x desk.Alarm) (bool, error) {
	if x.Unacked {
		return false, nil
	}
	facts, _, err := promises.Book{Names: n}.History(&v.Trace)
	if err != nil {
		return false, err
	}
	facts = slices.DeleteFunc(facts, func(f sla.Fact) bool { return f.At.UnixMilli() > x.DueAt })
	for _, r := range sla.Runs(facts, time.UnixMilli(x.DueAt+1)) { // an instant has whole milliseconds
		if r.ID == x.Clock && r.State != sla.Void {
			return r.Elapsed < amountOf(r, x.Percent, x.Offset), nil
		}
	}
	return true, nil
}

// amountOf is how much of its target a run has used at a rung.
func amountOf(r sla.Run, percent int, offset int64) time.Duration {
	if percent == 0 {
		return max(0, r.Target+time.Duration(offset)*time.Second)
	}
	return r.Share(percent)
}

func askAlarms(l *engine.Look, q app.Alarms) (app.Answer, error) {
	a := app.AlarmsAnswer{}
	p := engine.Prefix(ixFired)
	if !q.Case.IsZero() {
		p = engine.Prefix(ixAlarm, q.Case)
	}
	for k, err := range l.Reader.Scan(p, nil, true) {
		if err != nil {
			return nil, err
		}
		if len(a.Rows) == min(cmp.Or(max(q.Limit, 0), 50), 100_000) {
			break
		}
		r, err := row(l.Names, engine.IDOf(k.Key))
		if err != nil {
			return nil, err
		}
		a.Rows = append(a.Rows, r)
	}
	return a, nil
}

// recent is how far back an inbox goes, and mostRead how many read ones it shows.
const (
	recent   = 30 * 24 * time.Hour
	mostRead = 200
)

// told walks the alarms that an agent was told in the last 30 days, the latest first.
func told(l *engine.Look, me desk.ID, use func(desk.ID) error) error {
	n := 0
	for k, err := range l.Reader.Scan(engine.Prefix(ixTold, me), engine.Prefix(ixTold, me, l.Now+recent.Milliseconds()), true) {
		if err != nil {
			return err
		}
		if n++; engine.InstantAfter(k.Key, 17) < l.Now-recent.Milliseconds() || n > mostTold*10 {
			return nil
		}
		if err := use(engine.IDOf(k.Key)); err != nil {
			return err
		}
	}
	return nil
}

// Waiting counts the alarms that wait for an agent to acknowledge them, and those that
// the agent has not read.
func Waiting(l *engine.Look, me desk.ID) (asking, unread int, err error) {
	reading, err := engine.Noun[desk.Reading](l.Names, desk.ReadingType, desk.ReadingID(me))
	if err != nil {
		return 0, 0, err
	}
	err = told(l, me, func(id desk.ID) error {
		r, err := l.Names.Record(desk.AlarmType, id)
		if err != nil {
			return err
		}
		x, err := desk.As[desk.Alarm](r)
		if err != nil {
			return err
		}
		if r.Marks[4].At > reading.Until {
			unread++
		}
		if x.AckDue == 0 || x.AckAt != 0 {
			return nil
		}
		v, err := cases.Read(l.Reader, x.Case)
		if v.Case.Status.Open() {
			asking++
		}
		return err
	})
	return asking, unread, err
}

// askInbox lists what the desk has told the signed-in agent: first what waits to be
// acknowledged, by who is told next; then what was not read; then the rest.
func askInbox(l *engine.Look, _ app.Inbox) (a app.InboxAnswer, err error) {
	me := l.Session.Agent
	if me.IsZero() {
		return a, nil
	}
	reading, err := engine.Noun[desk.Reading](l.Names, desk.ReadingType, desk.ReadingID(me))
	if err != nil {
		return a, err
	}
	read := 0
	err = told(l, me, func(id desk.ID) error {
		r, err := row(l.Names, id)
		if err != nil {
			return err
		}
		x := app.InboxRow{AlarmRow: r, Unread: r.FiredAt > reading.Until, Asks: r.Alarm.AckDue > 0 && r.Alarm.AckAt == 0 && r.Status.Open()}
		if x.Asks {
			a.Asking++
		}
		if x.Unread {
			a.Unread++
		}
		if !x.Asks && !x.Unread {
			if read++; read > mostRead {
				return nil
			}
		}
		a.Rows = append(a.Rows, x)
		return nil
	})
	if err != nil {
		return a, err
	}
	group := func(r app.InboxRow) int {
		switch {
		case r.Asks:
			return 0
		case r.Unread:
			return 1
		}
		return 2
	}
	slices.SortStableFunc(a.Rows, func(x, y app.InboxRow) int {
		if c := cmp.Compare(group(x), group(y)); c != 0 {
			return c
		}
		if x.Asks {
			return cmp.Compare(x.Alarm.AckDue, y.Alarm.AckDue)
		}
		return cmp.Compare(y.FiredAt, x.FiredAt)
	})
	return a, nil
}

func ackAlarm(o *engine.Op, c app.AckAlarm) (app.Receipt, error) {
	a, err := engine.Noun[desk.Alarm](o.Names, desk.AlarmType, c.ID)
	if err != nil {
		return app.Receipt{}, err
	}
	if a.Case.IsZero() {
		return app.Receipt{}, app.Fail(app.NotFound, "there is no such alarm: look at the list again")
	}
	if a.AckAt != 0 {
		return app.Receipt{ID: c.ID}, nil
	}
	a.AckBy, a.AckAt = o.Session.Agent, o.Now
	return records.Save(o, desk.AlarmType, c.ID, a, nil)
}

// readAlarms notes that the signed-in agent has read what was told up to now.
func readAlarms(o *engine.Op, c app.ReadAlarms) (app.Receipt, error) {
	me := o.Session.Agent
	if me.IsZero() {
		return app.Receipt{}, app.Fail(app.NotSignedIn, "only a signed-in agent reads what the desk tells: sign in")
	}
	until := min(cmp.Or(c.Until, o.Now), o.Now)
	r, err := engine.Noun[desk.Reading](o.Names, desk.ReadingType, desk.ReadingID(me))
	if err != nil || r.Until >= until {
		return app.Receipt{}, err
	}
	return records.Save(o, desk.ReadingType, desk.ReadingID(me), desk.Reading{Agent: me, Until: until}, nil)
}

// askLadder tells the rungs of a clock of a case: those that were reached, and those to
// come if nothing stops it.
func askLadder(l *engine.Look, q app.LadderOf) (a app.LadderOfAnswer, err error) {
	v, err := cases.Read(l.Reader, q.Case)
	if err != nil {
		return a, err
	}
	if v.Case.Status == desk.NoStatus {
		return a, app.Fail(app.NotFound, "there is no case with the id %q: look its number up and try again", q.Case)
	}
	book := promises.Book{Names: l.Names}
	facts, pinned, err := book.History(&v.Trace)
	if err != nil {
		return a, err
	}
	ladder, err := book.Ladder(v.Case.Contract, pinned, v.Case.Priority)
	if err != nil {
		return a, err
	}
	m, err := records.Model(l.Names)
	if err != nil {
		return a, err
	}
	fired := map[int]app.AlarmRow{}
	for k, err := range l.Reader.Scan(engine.Prefix(ixAlarm, q.Case), nil, false) {
		if err != nil {
			return a, err
		}
		r, err := row(l.Names, engine.IDOf(k.Key))
		if err != nil {
			return a, err
		}
		if r.Alarm.Clock == q.Clock {
			fired[r.Alarm.Rung] = r
		}
	}
	for _, r := range sla.Runs(facts, time.UnixMilli(l.Now)) {
		if r.ID != q.Clock {
			continue
		}
		a.Run = r
		for i, g := range ladder(r.Kind).Rungs {
			x := app.LadderRung{Rung: g}
			if f, ok := fired[i+1]; ok {
				x.Fired = &f
			} else if at, ok := r.When(amountOf(r, g.Percent, g.Offset)); ok && !g.Unacked {
				x.At = at.UnixMilli()
			} else if before, ok := fired[i]; ok && g.Unacked && before.Alarm.AckAt == 0 {
				x.At = before.Alarm.AckDue
			}
			if x.To, err = receivers(l.Names, m, &v.Case, g.To); err != nil {
				return a, err
			}
			a.Rungs = append(a.Rungs, x)
		}
	}
	return a, nil
}
