package switchboard

import (
	"sync"

	"punto/app"
	"punto/app/desk"
	"punto/app/switchboard/link"
)

// lines are the links that this workstation holds now: how each does, and what its
// exchange said last.
type lines struct {
	mu sync.Mutex // guards what follows
	of map[desk.ID]*line
	n  uint64 // of the last line of any
}

// line is one link that is held.
type line struct {
	state  link.State
	log    link.State // of its queue_log, where one is followed beside
	events int
	said   []app.SwitchboardLine // the last maxSaid
}

// maxSaid is how many lines of the stream are kept.
const maxSaid = 200

// begin forgets what an earlier hold of the link knew.
func (ls *lines) begin(id desk.ID) {
	ls.mu.Lock()
	defer ls.mu.Unlock()
	if ls.of == nil {
		ls.of = map[desk.ID]*line{}
	}
	ls.of[id] = &line{}
}

func (ls *lines) end(id desk.ID) {
	ls.mu.Lock()
	defer ls.mu.Unlock()
	delete(ls.of, id)
}

// on does something with a link that is held.
func (ls *lines) on(id desk.ID, f func(*line)) {
	ls.mu.Lock()
	defer ls.mu.Unlock()
	if l := ls.of[id]; l != nil {
		f(l)
	}
}

// told notes a state.
func (ls *lines) told(id desk.ID, s link.State) {
	ls.on(id, func(l *line) {
		if s.Line != "" && (s.Heard != l.state.Heard || s.Line != l.state.Line) {
			ls.n++
			l.said = append(l.said, app.SwitchboardLine{N: ls.n, At: s.Heard.UnixMilli(), Text: s.Line})
			if len(l.said) >= 2*maxSaid {
				l.said = append([]app.SwitchboardLine(nil), l.said[len(l.said)-maxSaid:]...)
			}
		}
		l.state = s
	})
}

// after are the lines that came after one, at most maxSaid.
func (ls *lines) after(id desk.ID, n uint64) (out []app.SwitchboardLine) {
	ls.on(id, func(l *line) {
		for _, x := range l.said[max(0, len(l.said)-maxSaid):] {
			if x.N > n {
				out = append(out, x)
			}
		}
	})
	return out
}

var phases = map[link.Phase]string{link.Down: app.LinkDown, link.Trying: app.LinkTrying, link.Learning: app.LinkLearning, link.Up: app.LinkUp}

// show fills in what a link does here.
func (ls *lines) show(id desk.ID, r *app.SwitchboardRow) {
	r.Phase = app.LinkDown
	ls.on(id, func(l *line) {
		s := l.state
		r.Phase, r.Version, r.Ahead, r.Odd, r.Calls, r.There = phases[s.Phase], s.Version, s.Ahead, s.Odd, l.events, s.There
		if !s.Since.IsZero() {
			r.Since = s.Since.UnixMilli()
		}
		if s.Err != nil {
			r.Err = s.Err.Error()
		}
		if l.log.Err != nil {
			r.LogErr = l.log.Err.Error()
		}
	})
}
