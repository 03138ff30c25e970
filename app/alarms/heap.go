package alarms

import (
	"bytes"
	"cmp"
	"container/heap"
	"sync"
	"time"

	"punto/app/cases"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/promises"
)

// fuse is one entry of the heap of what falls due next: a rung of a case's ladder, or the
// end of the time in which an alarm was to be acknowledged.
type fuse struct {
	promises.Armed
	kase  desk.ID
	asked desk.ID // the alarm; zero = it is a rung
}

type fuses []fuse

func (f fuses) Len() int { return len(f) }
func (f fuses) Less(i, j int) bool {
	return cmp.Or(cmp.Compare(f[i].At, f[j].At), bytes.Compare(f[i].kase[:], f[j].kase[:]), cmp.Compare(f[i].Clock, f[j].Clock),
		cmp.Compare(f[i].Rung, f[j].Rung), bytes.Compare(f[i].asked[:], f[j].asked[:])) < 0
}
func (f fuses) Swap(i, j int) { f[i], f[j] = f[j], f[i] }
func (f *fuses) Push(x any)   { *f = append(*f, x.(fuse)) }
func (f *fuses) Pop() any {
	n := len(*f) - 1
	x := (*f)[n]
	*f = (*f)[:n]
	return x
}

// alarms is the heap of what falls due next, derived from the views: after a restart
// it is made again. An entry is looked up before it fires, so old ones do no harm.
type alarms struct {
	mu     sync.Mutex // guards what follows
	loaded bool       // or being loaded
	next   fuses
}

// arm takes the rungs of the cases, and the alarms, that commands have changed or that
// came and were derived.
func arm(e *engine.Engine, ops []*engine.Op) {
	a := engine.StateOf[alarms](e)
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.loaded {
		return
	}
	for _, o := range ops {
		for ent, v := range o.Views() {
			switch v := v.(type) {
			case *cases.View:
				if v.Case.Status.Open() {
					for _, x := range v.Armed {
						heap.Push(&a.next, fuse{Armed: x, kase: ent.ID})
					}
				}
			case *engine.RecordView:
				if ent.Type != desk.AlarmType {
					break
				}
				if x, err := desk.As[desk.Alarm](v.Record); err == nil && x.AckDue > 0 && x.AckAt == 0 {
					heap.Push(&a.next, asking(ent.ID, x))
				}
			}
		}
	}
}

// asking is the fuse of an alarm that is to be acknowledged.
func asking(id desk.ID, x desk.Alarm) fuse {
	return fuse{Armed: promises.Armed{At: x.AckDue, Clock: x.Clock, Rung: x.Rung + 1}, kase: x.Case, asked: id}
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

// nextAlarm is when the next one falls due.
func nextAlarm(e *engine.Engine) time.Time { return engine.StateOf[alarms](e).earliest() }

// eachArmed walks the rungs of all open cases.
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
			use(fuse{Armed: x, kase: engine.IDOf(k.Key)})
		}
	}
	return nil
}

// eachAsked walks the alarms that wait to be acknowledged.
func eachAsked(n *engine.Names, use func(fuse)) error {
	for k, err := range n.Reader.Scan(engine.Prefix(ixAsks), nil, false) {
		if err != nil {
			return err
		}
		x, err := engine.Noun[desk.Alarm](n, desk.AlarmType, engine.IDOf(k.Key))
		if err != nil {
			return err
		}
		use(asking(engine.IDOf(k.Key), x))
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
		if err := eachArmed(r, func(f fuse) { next = append(next, f) }); err != nil {
			return err
		}
		return eachAsked(engine.NewNames(e, r), func(f fuse) { next = append(next, f) })
	})
	a.mu.Lock()
	defer a.mu.Unlock()
	a.next, a.loaded = append(a.next, next...), err == nil
	heap.Init(&a.next)
	return err
}
