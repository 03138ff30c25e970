package ui

import (
	"punto/app"
	"punto/ui/page"
)

// What the desk tells its agent anew is said in a line of the window, and to the system,
// which shows and sounds it as the user has set it there.

// heard takes the state of the desk as it is now, and tells of alarms that are new since
// it was last asked by the same agent.
func (w *Window) heard(a app.StatusAnswer) {
	was := w.kit.State
	w.kit.State = a
	if fresh := a.Unread - was.Unread; fresh > 0 && w.knownFor(was, a) {
		page.Ask(w.kit, app.Inbox{}, func(in app.InboxAnswer) {
			var first *app.InboxRow
			for i := range in.Rows {
				if r := &in.Rows[i]; r.Unread && (first == nil || r.FiredAt > first.FiredAt) {
					first = r
				}
			}
			if first == nil {
				return
			}
			text := w.kit.Words.N("alarm.fresh", fresh, "What", string(first.Number)+" "+first.Subject)
			w.Tell(text, first.Asks)
			if w.conf.Notify != nil {
				w.conf.Notify(w.T("app.name"), text)
			}
		})
	}
}

// knownFor tells whether two states are of one agent's session: what waited when the agent
// came is not new.
func (w *Window) knownFor(was, is app.StatusAnswer) bool {
	return w.token != "" && !is.Me.IsZero() && was.Me == is.Me && was.Agent.Name != ""
}
