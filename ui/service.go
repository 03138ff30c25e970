package ui

import (
	"context"
	"time"

	"punto/app"
)

// service is what the window knows of whoever answers it, and of the other
// workstations.
type service struct {
	down   bool      // the last call found nobody
	tried  time.Time // the last try while it is down
	trying bool
	asked  time.Time // when Nodes was asked last
	asking bool
	told   int64              // the BackAt that Esc has sent away
	unsee  context.CancelFunc // ends the watch; nil before the first
}

// siteEvery and retryEvery are how often the window asks by itself.
const (
	siteEvery  = 5 * time.Second
	retryEvery = 2 * time.Second
	pollLimit  = 10 * time.Second // after which a call of its own is given up
)

// poll is ask for what the window wants to know by itself: who does not answer
// is told in the strip, and nothing in the action bar. then always runs; ok is
// false when there is no answer.
func poll[A any](w *Window, q app.Query, then func(a A, ok bool)) {
	ctx, cancel := context.WithTimeout(w.Session(), pollLimit)
	token := w.token
	go func() {
		defer cancel()
		x, err := w.conf.Desk.Ask(ctx, q)
		w.conf.Post(func() {
			if w.ctx.Err() != nil {
				return
			}
			a, ok := x.(A)
			then(a, ok && err == nil && token == w.token)
			switch code := app.CodeOf(err); {
			case err == nil:
				w.answered()
			case code == app.Unavailable:
				w.lost()
			case code == app.NotSignedIn && token != "" && token == w.token:
				w.Failed(err)
			}
			w.Refresh()
		})
	}()
}

// lost notes that nobody answered.
func (w *Window) lost() {
	if !w.down {
		w.down, w.tried = true, w.kit.Now()
	}
}

// answered notes that somebody did: after an outage what waited goes on, and
// nothing that was typed has moved.
func (w *Window) answered() {
	if !w.down {
		return
	}
	w.down = false
	for _, p := range w.kept {
		if r, ok := p.(interface{ Again() }); ok {
			r.Again()
		}
	}
	if w.token == "" {
		if _, ok := w.present().(*blank); ok {
			w.Begin()
		}
		return
	}
	w.learn()
	w.AskNodes(0)
	w.watch()
	if _, ok := w.present().(changer); !ok { // the watch begins with a change
		w.present().Show(nil)
	}
}

// beat is what the window asks as time goes by.
func (w *Window) beat() {
	switch now := w.kit.Now(); {
	case w.down && now.Sub(w.tried) >= retryEvery:
		w.probe()
	case !w.down && w.token != "":
		w.AskNodes(siteEvery)
	}
}

// probe asks whether anybody answers.
func (w *Window) probe() {
	if w.trying {
		return
	}
	w.trying, w.tried = true, w.kit.Now()
	poll(w, app.Status{}, func(a app.StatusAnswer, ok bool) {
		w.trying = false
		if ok && (w.token == "" || !a.Me.IsZero()) {
			w.heard(a)
		}
	})
}

// AskNodes implements page.Asker: it asks for the state of the workstations unless that was done within age.
func (w *Window) AskNodes(age time.Duration) {
	now := w.kit.Now()
	if w.asking || w.down || age > 0 && now.Sub(w.asked) < age {
		return
	}
	w.asking, w.asked = true, now
	poll(w, app.Nodes{}, func(a app.NodesAnswer, ok bool) {
		w.asking = false
		if ok {
			w.kit.Nodes, w.kit.NodesAt = a, w.kit.Now()
		}
	})
}

// watch asks again whenever the desk has changed, at most twice a second.
func (w *Window) watch() {
	if w.unsee != nil {
		w.unsee()
	}
	ctx, cancel := context.WithCancel(w.Session())
	w.unsee = cancel
	token := w.token
	w.rung = nil
	go w.watchRings(ctx, token)
	go func() {
		defer cancel()
		for range w.conf.Desk.Watch(ctx, app.Interest{}) {
			stop := make(chan bool, 1)
			w.conf.Post(func() {
				if w.token != token || ctx.Err() != nil {
					stop <- true
					return
				}
				w.noticed()
				stop <- false
			})
			select {
			case out := <-stop:
				if out {
					return
				}
			case <-ctx.Done():
				return
			}
			select {
			case <-time.After(500 * time.Millisecond):
			case <-ctx.Done():
				return
			}
		}
	}()
}

// noticed asks again for what stands on the screen.
func (w *Window) noticed() {
	w.reload()
	w.AskNodes(retryEvery)
	if r, ok := w.present().(changer); ok {
		r.Changed()
	}
}

// changer is a page that follows what happens on the desk.
type changer interface{ Changed() }
