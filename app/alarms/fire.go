package alarms

import (
	"context"
	"time"

	"punto/app"
	"punto/app/cases"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/promises"
	"punto/app/records"
	"punto/app/sla"
)

// again is how long it is waited where nobody has acknowledged an alarm of a clock that
// stands still.
const again = time.Minute

// fireDue writes the alarms that have fallen due, where this workstation leads; a
// workstation that does not keeps them until it does or they arrive. What fell
// due while nobody looked fires once, marked late by its two times.
func fireDue(ctx context.Context, e *engine.Engine) error {
	a := engine.StateOf[alarms](e)
	if err := a.load(e); err != nil {
		return err
	}
	now := e.Now().UnixMilli()
	leads := e.Leads()
	for {
		due := a.due(now)
		if len(due) == 0 {
			return nil
		}
		missing, later, err := missingOf(e, due, now)
		a.back(later)
		if err != nil || len(missing) == 0 {
			if err != nil {
				a.back(due)
				return err
			}
			continue
		}
		if !leads {
			a.back(missing)
			return nil
		}
		_, err = e.Update(ctx, engine.AsDesk(), func(o *engine.Op) (app.Receipt, error) {
			var byMail []toldByMail
			for _, f := range missing {
				a, mailed, err := fireOne(o, f)
				if err != nil {
					return app.Receipt{}, err
				}
				if mailed {
					byMail = append(byMail, toldByMail{alarmEntity(f).ID, a})
				}
			}
			return app.Receipt{}, letters(o, byMail)
		})
		if err != nil {
			a.back(missing)
			return err
		}
	}
}

func alarmEntity(f fuse) desk.Entity {
	id := ""
	switch {
	case !f.asked.IsZero():
		return desk.Entity{Type: desk.AlarmType, ID: desk.DerivedID("alarm", f.asked.String(), "unacknowledged")}
	case f.Percent == 0:
		id = f.kase.String() + "/" + f.Clock + "/" + (time.Duration(f.Offset) * time.Second).String()
	default:
		id = sla.ThresholdID(f.kase.String(), f.Clock, f.Percent)
	}
	return desk.Entity{Type: desk.AlarmType, ID: desk.DerivedID("alarm", id)}
}

// rung is what a fuse fires.
type rung struct {
	desk.Rung
	hours *sla.Hours // in which it is acknowledged
}

// stands tells what a fuse fires, in a snapshot: the rung of an open case's ladder, of
// which there is no alarm yet. Held is of a clock that stands still: its next rung waits.
func stands(n *engine.Names, f fuse) (g rung, ok, held bool, err error) {
	if view, err := n.Reader.View(alarmEntity(f)); err != nil || view != nil {
		return g, false, false, err
	}
	v, err := cases.Read(n.Reader, f.kase)
	if err != nil || !v.Case.Status.Open() {
		return g, false, false, err
	}
	book := promises.Book{Names: n}
	if f.asked.IsZero() {
		found := false
		for _, x := range v.Armed {
			found = found || x == f.Armed
		}
		if !found {
			return g, false, false, nil
		}
	} else {
		x, err := engine.Noun[desk.Alarm](n, desk.AlarmType, f.asked)
		if err != nil || x.AckAt != 0 || x.AckDue == 0 {
			return g, false, false, err
		}
	}
	facts, pinned, err := book.History(&v.Trace)
	if err != nil {
		return g, false, false, err
	}
	for _, r := range sla.Runs(facts, n.Engine.Now()) {
		if r.ID != f.Clock {
			continue
		}
		ladder, err := book.Ladder(v.Case.Contract, pinned, v.Case.Priority)
		if err != nil {
			return g, false, false, err
		}
		l := ladder(r.Kind)
		if f.Rung < 1 || f.Rung > len(l.Rungs) {
			return g, false, false, nil
		}
		g.Rung = l.Rungs[f.Rung-1]
		if f.asked.IsZero() {
			ok = true
		} else {
			ok = g.Unacked && r.Stop.IsZero() && r.State != sla.Void
			held = ok && r.State == sla.Paused
		}
		if ok && l.Hours {
			contract, err := engine.Noun[desk.Contract](n, desk.ContractType, v.Case.Contract)
			if err != nil {
				return g, false, false, err
			}
			if g.hours, err = book.Hours(contract, promises.Latest); err != nil {
				return g, false, false, err
			}
		}
	}
	return g, ok, held, nil
}

// missingOf leaves of what fell due what still stands, and what is looked at again later.
func missingOf(e *engine.Engine, due []fuse, now int64) (out, later []fuse, err error) {
	err = e.Log.Read(func(r desk.Reader) error {
		n := engine.NewNames(e, r)
		for _, f := range due {
			_, ok, held, err := stands(n, f)
			switch {
			case err != nil:
				return err
			case held:
				f.At = now + again.Milliseconds()
				later = append(later, f)
			case ok:
				out = append(out, f)
			}
		}
		return nil
	})
	return out, later, err
}

// fireOne writes the alarm of a fuse that still stands; mailed tells that its receivers
// are to have a letter.
func fireOne(o *engine.Op, f fuse) (a desk.Alarm, mailed bool, err error) {
	g, ok, held, err := stands(o.Names, f)
	if err != nil || !ok || held {
		return a, false, err
	}
	if t, err := o.Open(alarmEntity(f)); err != nil || t.Held() {
		return a, false, err
	}
	a = desk.Alarm{Case: f.kase, Clock: f.Clock, Percent: f.Percent, Offset: f.Offset, DueAt: f.At, Rung: f.Rung, Unacked: !f.asked.IsZero(), Raise: g.Raise}
	v, err := cases.Read(o.Tx, f.kase)
	if err != nil {
		return a, false, err
	}
	m, err := records.Model(o.Names)
	if err != nil {
		return a, false, err
	}
	if a.To, err = receivers(o.Names, m, &v.Case, g.To); err != nil {
		return a, false, err
	}
	if g.Ack > 0 {
		from, in := time.UnixMilli(o.Now), time.Duration(g.Ack)*time.Second
		a.AckDue = from.Add(in).UnixMilli()
		if g.hours != nil {
			if at := g.hours.Deadline(from, in); !at.IsZero() {
				a.AckDue = at.UnixMilli()
			}
		}
	}
	a.Move = m.Groups[g.Move]
	p, err := desk.Diff(desk.Alarm{}, a)
	if err == nil {
		err = o.EmitAt(desk.RecordPatched, alarmEntity(f), p, o.Now, desk.ID{})
	}
	return a, g.Mail, err
}

// Reached lists the rungs that open cases have reached by now, by the ids of
// sla.ThresholdID: each has an alarm, or is about to.
func Reached(e *engine.Engine) (ids []string, err error) {
	now := e.Now().UnixMilli()
	err = e.Log.Read(func(r desk.Reader) error {
		return eachArmed(r, func(f fuse) {
			if f.At <= now {
				ids = append(ids, sla.ThresholdID(f.kase.String(), f.Clock, f.Percent))
			}
		})
	})
	return ids, err
}
