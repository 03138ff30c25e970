package nodes

import (
	"sync"

	"punto/app/desk"
	"punto/app/engine"
)

// What others did to the cases while this workstation was alone, so that it can be told
// when it is back.

// metCases are the cases that others changed during the isolation since a time.
type metCases struct {
	mu    sync.Mutex // guards what follows
	since int64
	ids   map[desk.ID]bool
}

// metNow is what a merge has met so far.
type metNow struct {
	ids  []desk.ID
	live *desk.Sight // nil until asked for
}

// meet remembers the cases that others changed while this workstation was alone.
func meet(o *engine.Op, ev *desk.Event) {
	p := o.Engine.Peers()
	if ev.Entity.Type != desk.CaseType || p == nil {
		return
	}
	m := engine.OpState[metNow](o)
	if m.live == nil {
		l := p.Live()
		m.live = &l
	}
	at := int64(ev.Stamp >> 16) // 48 bits
	if l := m.live; l.AloneSince != 0 && at >= l.AloneSince && (l.BackAt == 0 || at <= l.BackAt) {
		m.ids = append(m.ids, ev.Entity.ID)
	}
}

// keepMet keeps what meet found, once it is committed.
func keepMet(e *engine.Engine, ops []*engine.Op) {
	all := engine.StateOf[metCases](e)
	all.mu.Lock()
	defer all.mu.Unlock()
	for _, o := range ops {
		m := engine.OpState[metNow](o)
		if len(m.ids) == 0 {
			continue
		}
		if all.since != m.live.AloneSince || all.ids == nil {
			all.ids, all.since = map[desk.ID]bool{}, m.live.AloneSince
		}
		for _, id := range m.ids {
			all.ids[id] = true
		}
	}
}

// count is how many were met in the isolation since a time.
func (m *metCases) count(since int64) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.since != since {
		return 0
	}
	return len(m.ids)
}
