package alarms

import (
	"bytes"
	"cmp"
	"container/heap"
	"context"
	"sync"
	"time"

	"punto/app"
	"punto/app/cases"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/promises"
	"punto/app/records"
	"punto/app/sla"
)

// fuse is one entry of the heap of next thresholds.
type fuse struct {
	promises.Armed
	kase desk.ID
}

type fuses []fuse

func (f fuses) Len() int { return len(f) }
func (f fuses) Less(i, j int) bool {
	return cmp.Or(cmp.Compare(f[i].At, f[j].At), bytes.Compare(f[i].kase[:], f[j].kase[:]), cmp.Compare(f[i].Clock, f[j].Clock),
		cmp.Compare(f[i].Percent, f[j].Percent)) < 0
}
func (f fuses) Swap(i, j int) { f[i], f[j] = f[j], f[i] }
func (f *fuses) Push(x any)   { *f = append(*f, x.(fuse)) }
func (f *fuses) Pop() any {
	n := len(*f) - 1
	x := (*f)[n]
	*f = (*f)[:n]
	return x
}

// alarms is the heap of next thresholds, derived from the views: after a restart
// it is made again. An entry is looked up before it fires, so old ones do no harm.
type alarms struct {
	mu     sync.Mutex // guards what follows
	loaded bool       // or being loaded
	next   fuses
}

// arm takes the thresholds of the cases that commands have changed in.
func arm(e *engine.Engine, ops []*engine.Op) {
	a := engine.StateOf[alarms](e)
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.loaded {
		return
	}
	for _, o := range ops {
		for ent, v := range o.Views() {
			if k, ok := v.(*cases.View); ok && k.Case.Status.Open() {
				for _, x := range k.Armed {
					heap.Push(&a.next, fuse{x, ent.ID})
				}
			}
		}
	}
}

// due takes out what falls due by now.
func (a *alarms) due(now int64) (out []fuse) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for len(a.next) > 0 && a.next[0].At <= now && len(out) < engine.MaxBatch {
		out = append(out, heap.Pop(&a.next).(fuse))
	}
	return out
}

func (a *alarms) back(fs []fuse) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, f := range fs {
		heap.Push(&a.next, f)
	}
}

// earliest is when the next one falls due; the zero time when none will.
func (a *alarms) earliest() time.Time {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.next) == 0 {
		return time.Time{}
	}
	return time.UnixMilli(a.next[0].At)
}

// eachArmed walks the thresholds of all open cases.
func eachArmed(r desk.Reader, use func(fuse)) error {
	for k, err := range r.Scan(engine.Prefix(cases.IxDue), nil, false) {
		if err != nil {
			return err
		}
		v, err := cases.Read(r, engine.IDOf(k.Key))
		if err != nil {
			return err
		}
		for _, x := range v.Armed {
			use(fuse{x, engine.IDOf(k.Key)})
		}
	}
	return nil
}

// load makes the heap from the open cases. What changes meanwhile is armed
// too: an entry too many does no harm.
func (a *alarms) load(e *engine.Engine) error {
	a.mu.Lock()
	loaded := a.loaded
	a.loaded = true
	a.mu.Unlock()
	if loaded {
		return nil
	}
	var next fuses
	err := e.Log.Read(func(r desk.Reader) error {
		return eachArmed(r, func(f fuse) { next = append(next, f) })
	})
	a.mu.Lock()
	defer a.mu.Unlock()
	a.next, a.loaded = append(a.next, next...), err == nil
	heap.Init(&a.next)
	return err
}

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
		missing, err := missingOf(e, due)
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
			for _, f := range missing {
				if err := fireOne(o, f); err != nil {
					return app.Receipt{}, err
				}
			}
			return app.Receipt{}, nil
		})
		if err != nil {
			a.back(missing)
			return err
		}
	}
}

func alarmEntity(f fuse) desk.Entity {
	return desk.Entity{Type: desk.AlarmType, ID: desk.DerivedID("alarm", sla.ThresholdID(f.kase.String(), f.Clock, f.Percent))}
}

// missingOf leaves of what fell due what is still armed and has no alarm yet.
func missingOf(e *engine.Engine, due []fuse) (out []fuse, err error) {
	err = e.Log.Read(func(r desk.Reader) error {
		for _, f := range due {
			still, err := stillArmed(r, f)
			if err != nil {
				return err
			}
			if still {
				out = append(out, f)
			}
		}
		return nil
	})
	return out, err
}

func stillArmed(r desk.Reader, f fuse) (bool, error) {
	if view, err := r.View(alarmEntity(f)); err != nil || view != nil {
		return false, err
	}
	v, err := cases.Read(r, f.kase)
	if err != nil || !v.Case.Status.Open() {
		return false, err
	}
	for _, x := range v.Armed {
		if x == f.Armed {
			return true, nil
		}
	}
	return false, nil
}

func fireOne(o *engine.Op, f fuse) error {
	if still, err := stillArmed(o.Tx, f); err != nil || !still {
		return err
	}
	if t, err := o.Open(alarmEntity(f)); err != nil || t.Held() {
		return err
	}
	p, err := desk.Diff(desk.Alarm{}, desk.Alarm{Case: f.kase, Clock: f.Clock, Percent: f.Percent, DueAt: f.At})
	if err != nil {
		return err
	}
	return o.EmitAt(desk.RecordPatched, alarmEntity(f), p, o.Now, desk.ID{})
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
		id := engine.IDOf(k.Key)
		r, err := l.Names.Record(desk.AlarmType, id)
		if err != nil {
			return nil, err
		}
		x, err := desk.As[desk.Alarm](r)
		if err != nil {
			return nil, err
		}
		v, err := cases.Read(l.Reader, x.Case)
		if err != nil {
			return nil, err
		}
		row := app.AlarmRow{ID: id, Alarm: x, Number: v.Case.Number, Subject: v.Case.Subject, FiredAt: r.Marks[4].At}
		row.Late = row.FiredAt-x.DueAt > (5 * time.Minute).Milliseconds()
		a.Rows = append(a.Rows, row)
	}
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

// Reached lists the thresholds that open cases have reached by now, by the ids of
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

// nextAlarm is when the next threshold is reached.
func nextAlarm(e *engine.Engine) time.Time { return engine.StateOf[alarms](e).earliest() }
