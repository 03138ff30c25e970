package app

import (
	"bytes"
	"cmp"
	"container/heap"
	"context"
	"sync"
	"time"

	"punto/app/desk"
	"punto/app/sla"
)

// alarmPercents are the shares of a target at which somebody is told.
var alarmPercents = []int{75, 100}

// armed is a threshold that an open case has reached, or will if nothing stops
// its clock.
type armed struct {
	At      int64  `cbor:"1,keyasint"` // Unix milliseconds
	Clock   string `cbor:"2,keyasint"`
	Percent int    `cbor:"3,keyasint"`
}

func armedOf(runs []sla.Run) (out []armed) {
	for _, r := range runs {
		if !r.Stop.IsZero() || r.State == sla.Void {
			continue
		}
		for _, t := range append(r.Thresholds("", alarmPercents), r.Coming(alarmPercents)...) {
			out = append(out, armed{t.At.UnixMilli(), r.ID, t.Percent})
		}
	}
	return out
}

// fuse is one entry of the heap of next thresholds.
type fuse struct {
	armed
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

// arm takes the thresholds of the cases that a command has changed in.
func (a *alarms) arm(o *op) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.loaded {
		return
	}
	for _, ent := range o.order {
		if t := o.touched[ent]; ent.Type == desk.CaseType && t.kase != nil && t.kase.Case.Status.Open() {
			for _, x := range t.kase.Armed {
				heap.Push(&a.next, fuse{x, ent.ID})
			}
		}
	}
}

// due takes out what falls due by now.
func (a *alarms) due(now int64) (out []fuse) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for len(a.next) > 0 && a.next[0].At <= now && len(out) < maxBatch {
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

// until is how long until the next one falls due; limit at most.
func (a *alarms) until(now int64, limit time.Duration) time.Duration {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.next) == 0 {
		return limit
	}
	return min(limit, time.Duration(a.next[0].At-now)*time.Millisecond)
}

// eachArmed walks the thresholds of all open cases.
func eachArmed(r desk.Reader, use func(fuse)) error {
	for k, err := range r.Scan(prefix(ixDue), nil, false) {
		if err != nil {
			return err
		}
		v, err := readCase(r, idOf(k.Key))
		if err != nil {
			return err
		}
		for _, x := range v.Armed {
			use(fuse{x, idOf(k.Key)})
		}
	}
	return nil
}

// loadAlarms makes the heap from the open cases. What changes meanwhile is armed
// too: an entry too many does no harm.
func (e *Engine) loadAlarms() error {
	a := &e.alarms
	a.mu.Lock()
	loaded := a.loaded
	a.loaded = true
	a.mu.Unlock()
	if loaded {
		return nil
	}
	var next fuses
	err := e.log.Read(func(r desk.Reader) error {
		return eachArmed(r, func(f fuse) { next = append(next, f) })
	})
	a.mu.Lock()
	defer a.mu.Unlock()
	a.next, a.loaded = append(a.next, next...), err == nil
	heap.Init(&a.next)
	return err
}

// fire writes the alarms that have fallen due, where this workstation leads; a
// workstation that does not keeps them until it does or they arrive. What fell
// due while nobody looked fires once, marked late by its two times.
func (e *Engine) fire(ctx context.Context) error {
	if err := e.loadAlarms(); err != nil {
		return err
	}
	now := e.now().UnixMilli()
	leads := e.leads()
	for {
		due := e.alarms.due(now)
		if len(due) == 0 {
			return nil
		}
		missing, err := e.missing(due)
		if err != nil || len(missing) == 0 {
			if err != nil {
				e.alarms.back(due)
				return err
			}
			continue
		}
		if !leads {
			e.alarms.back(missing)
			return nil
		}
		_, err = e.update(ctx, session{role: desk.AdministratorRole}, func(o *op) (Receipt, error) {
			for _, f := range missing {
				if err := o.fire(f); err != nil {
					return Receipt{}, err
				}
			}
			return Receipt{}, nil
		})
		if err != nil {
			e.alarms.back(missing)
			return err
		}
	}
}

func alarmEntity(f fuse) desk.Entity {
	return desk.Entity{Type: desk.AlarmType, ID: desk.DerivedID("alarm", sla.ThresholdID(f.kase.String(), f.Clock, f.Percent))}
}

// missing leaves of what fell due what is still armed and has no alarm yet.
func (e *Engine) missing(due []fuse) (out []fuse, err error) {
	err = e.log.Read(func(r desk.Reader) error {
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
	v, err := readCase(r, f.kase)
	if err != nil || !v.Case.Status.Open() {
		return false, err
	}
	for _, x := range v.Armed {
		if x == f.armed {
			return true, nil
		}
	}
	return false, nil
}

func (o *op) fire(f fuse) error {
	if still, err := stillArmed(o.tx, f); err != nil || !still {
		return err
	}
	if t := o.touched[alarmEntity(f)]; t != nil && len(t.events) > 0 {
		return nil
	}
	p, err := desk.Diff(desk.Alarm{}, desk.Alarm{Case: f.kase, Clock: f.Clock, Percent: f.Percent, DueAt: f.At})
	if err != nil {
		return err
	}
	return o.emitAt(desk.RecordPatched, alarmEntity(f), p, o.now, desk.ID{})
}

// Tick does what timers have to do by now. Run calls it; simulations do when they
// please.
func (e *Engine) Tick(ctx context.Context) error {
	if !e.enter() {
		return nil
	}
	defer e.busy.Done()
	if err := e.wake(ctx); err != nil {
		return err
	}
	return e.fire(ctx)
}

func (q Alarms) ask(l *look) (Answer, error) {
	a := AlarmsAnswer{}
	p := prefix(ixFired)
	if !q.Case.IsZero() {
		p = prefix(ixAlarm, q.Case)
	}
	for k, err := range l.r.Scan(p, nil, true) {
		if err != nil {
			return nil, err
		}
		if len(a.Rows) == min(cmp.Or(max(q.Limit, 0), 50), 100_000) {
			break
		}
		id := idOf(k.Key)
		r, err := l.desk.record(desk.AlarmType, id)
		if err != nil {
			return nil, err
		}
		x, err := desk.As[desk.Alarm](r)
		if err != nil {
			return nil, err
		}
		v, err := readCase(l.r, x.Case)
		if err != nil {
			return nil, err
		}
		row := AlarmRow{ID: id, Alarm: x, Number: v.Case.Number, Subject: v.Case.Subject, FiredAt: r.Marks[4].At}
		row.Late = row.FiredAt-x.DueAt > (5 * time.Minute).Milliseconds()
		a.Rows = append(a.Rows, row)
	}
	return a, nil
}

func (c AckAlarm) do(o *op) (Receipt, error) {
	a, err := noun[desk.Alarm](o.names, desk.AlarmType, c.ID)
	if err != nil {
		return Receipt{}, err
	}
	if a.Case.IsZero() {
		return Receipt{}, fail(NotFound, "there is no such alarm: look at the list again")
	}
	if a.AckAt != 0 {
		return Receipt{ID: c.ID}, nil
	}
	a.AckBy, a.AckAt = o.s.agent, o.now
	return save(o, desk.AlarmType, c.ID, a, nil)
}

// Armed lists the thresholds that open cases have reached by now, by the ids of
// sla.ThresholdID: each has an alarm, or is about to.
func (e *Engine) Armed() (ids []string, err error) {
	now := e.now().UnixMilli()
	err = e.log.Read(func(r desk.Reader) error {
		return eachArmed(r, func(f fuse) {
			if f.At <= now {
				ids = append(ids, sla.ThresholdID(f.kase.String(), f.Clock, f.Percent))
			}
		})
	})
	return ids, err
}
