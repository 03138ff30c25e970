package ui

import (
	"context"
	"slices"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/ui/page"
)

// Session implements page.Asker.
func (w *Window) Session() context.Context { return app.WithSession(w.ctx, w.token) }

// Ask implements page.Asker. What a page asks for as it comes up is waited for: see
// arrival.
func (w *Window) Ask(ctx context.Context, q app.Query, use func(app.Answer), failed func()) {
	came := w.await()
	go func() {
		x, err := w.conf.Desk.Ask(ctx, q)
		w.conf.Post(func() {
			defer w.retitle()
			if ctx.Err() != nil {
				came(nil)
				return
			}
			if err != nil {
				came(failed)
				w.Failed(err)
				return
			}
			w.answered()
			came(func() {
				if use != nil {
					use(x)
				}
			})
			w.Refresh()
		})
	}()
}

// Do implements page.Asker.
func (w *Window) Do(c app.Command, use func(app.Receipt), failed func(error)) {
	ctx := w.Session()
	go func() {
		r, err := w.conf.Desk.Do(ctx, c)
		w.conf.Post(func() {
			if err != nil {
				if failed != nil {
					failed(err)
				}
				w.Failed(err)
				return
			}
			w.answered()
			if use != nil {
				use(r)
			}
			w.Refresh()
		})
	}()
}

// Failed implements page.Line; nothing that was typed is lost.
func (w *Window) Failed(err error) {
	if w.ctx.Err() != nil {
		return
	}
	code := app.CodeOf(err)
	if code == app.Unavailable && !w.down {
		w.probe() // it may be one thing that is not there, such as a file
	}
	w.Tell(page.Sentence(w.kit.Words, err), true)
	if code == app.NotSignedIn {
		w.signOut()
	}
}

// Begin asks whether there is a desk yet, and then who is there.
func (w *Window) Begin() {
	ctx := w.Session()
	go func() {
		x, err := w.conf.Desk.Ask(ctx, app.Status{})
		w.conf.Post(func() {
			s, _ := x.(app.StatusAnswer)
			w.kit.State = s
			switch {
			case err != nil && app.CodeOf(err) == app.Unavailable:
				w.lost() // and again until somebody answers
				w.Failed(err)
			case err != nil:
				w.Failed(err)
			case s.Desk.Name == "":
				w.Go("wizard", nil)
			default:
				w.stand(standing{Page: newSignIn(w)})
			}
		})
	}()
}

// SignedIn opens the desk for an agent, once it is known who that is: they come to
// where the work of their role is, else to the first page that is for them, and from
// there to the page named then; "" = no other.
func (w *Window) SignedIn(token string, me desk.ID, then string) {
	w.token, w.kit.State.Me, w.line = token, me, nil
	w.kept = map[string]page.Page{}
	w.kit.Nodes, w.asked, w.knows = app.NodesAnswer{}, time.Time{}, false
	w.restore()
	w.Active()
	enter := func() {
		w.AskNodes(0)
		w.watch()
		if all := w.at(page.Bar); len(all) > 0 {
			home := slices.IndexFunc(all, func(k page.Kind) bool { return slices.Contains(k.Home, w.kit.State.Agent.Role) })
			w.Go(all[max(0, home)].Name, nil)
		}
		w.Go(then, nil)
	}
	page.AskElse(w.kit, app.Status{}, func(a app.StatusAnswer) {
		w.kit.State = a
		enter()
	}, enter)
}

// learn asks once a session for what all pages know of the desk, as part of the
// coming up of the first of them: none stands there whole without it.
func (w *Window) learn() {
	if w.token == "" || w.knows {
		return
	}
	w.knows = true
	k := w.kit
	again := func() { w.knows = false }
	page.AskElse(k, app.TheModel{}, func(a app.TheModelAnswer) {
		k.Model = a.Model
		if r, ok := w.present().(interface{ Relabel() }); ok {
			r.Relabel()
		}
	}, again)
	page.AskElse(k, app.Records{Type: desk.GroupType}, func(a app.RecordsAnswer) { k.Groups = a.Groups }, again)
	page.AskElse(k, app.Records{Type: desk.AgentType}, func(a app.RecordsAnswer) { k.Agents = a.Agents }, again)
}

// reload asks how the desk stands. What it says to nobody does not count for whoever
// is signed in: their session has ended, and the sign-in still proposes their name.
func (w *Window) reload() {
	page.Ask(w.kit, app.Status{}, func(a app.StatusAnswer) {
		if w.token == "" || !a.Me.IsZero() {
			w.heard(a)
		}
	})
}

func (w *Window) signOut() {
	if w.token != "" {
		w.rememberSize()
		w.Do(app.SignOut{}, nil, nil)
	}
	w.token = ""
	w.stand(standing{Page: newSignIn(w)})
}
