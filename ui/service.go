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
	site   app.NodesAnswer
	asked  time.Time // when Site was asked last
	got    time.Time // when it answered last
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
	ctx, cancel := context.WithTimeout(w.session(), pollLimit)
	token := w.token
	go func() {
		defer cancel()
		x, err := w.Desk.Ask(ctx, q)
		w.Post(func() {
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
				w.failed(err)
			}
			w.Refresh()
		})
	}()
}

// lost notes that nobody answered.
func (w *Window) lost() {
	if !w.down {
		w.down, w.tried = true, w.Now()
	}
}

// answered notes that somebody did: after an outage what waited goes on, and
// nothing that was typed has moved.
func (w *Window) answered() {
	if !w.down {
		return
	}
	w.down = false
	for _, p := range w.pages {
		if r, ok := p.(interface{ again() }); ok {
			r.again()
		}
	}
	if w.token == "" {
		if _, ok := w.page.(*blank); ok {
			w.start()
		}
		return
	}
	w.askSite(0)
	w.watch()
	if _, ok := w.page.(interface{ changed() }); !ok { // the watch begins with a change
		w.page.show()
	}
}

// beat is what the window asks as time goes by.
func (w *Window) beat() {
	switch now := w.Now(); {
	case w.down && now.Sub(w.tried) >= retryEvery:
		w.probe()
	case !w.down && w.token != "":
		w.askSite(siteEvery)
	}
}

// probe asks whether anybody answers.
func (w *Window) probe() {
	if w.trying {
		return
	}
	w.trying, w.tried = true, w.Now()
	poll(w, app.Status{}, func(a app.StatusAnswer, ok bool) {
		w.trying = false
		if ok && (w.token == "" || !a.Me.IsZero()) {
			w.state = a
		}
	})
}

// askSite asks for the state of the workstations unless that was done within age.
func (w *Window) askSite(age time.Duration) {
	now := w.Now()
	if w.asking || w.down || age > 0 && now.Sub(w.asked) < age {
		return
	}
	w.asking, w.asked = true, now
	poll(w, app.Nodes{}, func(a app.NodesAnswer, ok bool) {
		w.asking = false
		if ok {
			w.site, w.got = a, w.Now()
		}
	})
}

// watch asks again whenever the desk has changed, at most twice a second.
func (w *Window) watch() {
	if w.unsee != nil {
		w.unsee()
	}
	ctx, cancel := context.WithCancel(w.session())
	w.unsee = cancel
	token := w.token
	go func() {
		defer cancel()
		for range w.Desk.Watch(ctx, app.Interest{}) {
			stop := make(chan bool, 1)
			w.Post(func() {
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
	w.askSite(retryEvery)
	if r, ok := w.page.(interface{ changed() }); ok {
		r.changed()
	}
}
