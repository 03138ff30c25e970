// Package shifts is the page of who is at the telephone: each agent's state, since when,
// and the day so far; and what the signed-in agent tells of itself, where no exchange does.
package shifts

import (
	"strings"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/ui/look"
	"punto/ui/page"
)

// list is the page.
type list struct {
	*page.Table[app.ShiftRow]
	k     *page.Kit
	found bool
	links []desk.ID // of exchanges that this workstation can ask
}

// Kind is the page of agents at the telephone, on a tab of the calls.
func Kind() page.Kind {
	return page.Kind{Name: "shifts", Word: "shift.title", Tab: "shift.tab", Key: "Alt P", Place: page.Tab, Under: "calls",
		For: []desk.Role{desk.AgentRole, desk.TechnicianRole, desk.SupervisorRole, desk.AnalystRole, desk.AdministratorRole}, Make: func(k *page.Kit) page.Page { return newList(k) }}
}

func newList(k *page.Kit) *list {
	l := &list{k: k}
	l.Table = page.NewTable(k, k.T("shift.title"), [2]string{k.T("shift.none"), k.T("shift.noneHint")}, l.row,
		look.Column{Title: k.T("shift.agent")}, look.Column{Title: k.T("shift.state"), Width: 300, Least: 200}, look.Column{Title: k.T("shift.since"), Width: 150, Least: 110},
		look.Column{Title: k.T("shift.worked"), Width: 130, Least: 100}, look.Column{Title: k.T("shift.breaks"), Width: 130, Least: 100}, look.Column{Title: k.T("shift.calls"), Width: 110, Least: 80})
	l.Same = func(x, y app.ShiftRow) bool { return x.Agent == y.Agent }
	l.Fetch = func(_ []byte, use func([]app.ShiftRow, []byte)) {
		page.Ask(k, app.Switchboards{}, func(a app.SwitchboardsAnswer) {
			l.links = nil
			for _, s := range a.Rows {
				if s.Of.Kind == desk.AsteriskAMI && !s.Of.Off && s.Opens {
					l.links = append(l.links, s.ID)
				}
			}
		})
		page.Ask(k, app.Shifts{}, func(a app.ShiftsAnswer) {
			l.found = true
			use(a.Rows, nil)
		})
	}
	return l
}

// Tick implements page.Page: the times go on.
func (l *list) Tick() {
	if l.k.Now().Second() == 0 {
		l.Reload()
	}
	l.Table.Tick()
}

// mine is the row of the signed-in agent.
func (l *list) mine() (app.ShiftRow, bool) {
	for _, r := range l.Rows {
		if r.Agent == l.k.State.Me {
			return r, true
		}
	}
	return app.ShiftRow{}, false
}

// reasons are the breaks that are offered; another can be written.
var reasons = []string{"lunch", "rest", "training", "meeting", "other"}

// Actions implements page.Page: what the agent can tell now.
func (l *list) Actions() []page.Action {
	k := l.k
	as := []page.Action{{Key: "F5", Word: k.T("do.refresh"), Do: func() { l.Reload() }}}
	me, ok := l.mine()
	if !ok {
		return as
	}
	in := page.Action{Key: "F8", Word: k.T("shift.in"), Primary: true, Do: func() { l.tell("in", "") }}
	off := ""
	switch me.State {
	case app.AgentAway:
		off = k.T("shift.notIn")
	case app.AgentOnBreak:
		in = page.Action{Key: "F8", Word: k.T("shift.back"), Primary: true, Do: func() { l.tell("back", "") }}
	default:
		in = page.Action{Key: "F8", Word: k.T("shift.break"), Primary: true, Do: l.rest}
	}
	return append([]page.Action{in, {Key: "F7", Word: k.T("shift.out"), Off: off, Do: func() { l.tell("out", "") }}}, as...)
}

// rest asks why, and tells of a break.
func (l *list) rest() {
	k := l.k
	var words []string
	for _, r := range reasons {
		words = append(words, k.T("shiftreason."+r))
	}
	k.Question(k.T("shift.why"), words, 1, k.T("shift.whyHint"), "", func(i int, text string) {
		reason := strings.TrimSpace(text)
		if reason == "" && i >= 1 && i <= len(reasons) {
			reason = reasons[i-1]
		}
		l.tell("break", reason)
	})
}

// tell writes what the agent does. A break is the exchange's to tell where it takes the
// telephone out of its queues: written here too it would go on when the telephone is put
// back. Where it cannot be asked, or does not know the agent, the break is written by hand.
func (l *list) tell(what, reason string) {
	k := l.k
	write := func(word string) {
		k.Do(app.SetShift{Do: what, Reason: reason}, func(app.Receipt) {
			k.Tell(k.T(word), false)
			l.Reload()
		}, nil)
	}
	switch {
	case what == "break" && len(l.links) > 0:
		k.Do(app.ControlSwitchboard{ID: l.links[0], Do: "pause", Reason: reason}, func(app.Receipt) {
			k.Tell(k.T("shifttold.paused"), false)
			l.Reload()
		}, func(error) { write("shifttold.byHand") })
	case what == "back" && len(l.links) > 0: // it may have begun by hand
		k.Do(app.ControlSwitchboard{ID: l.links[0], Do: "unpause"}, func(app.Receipt) { write("shifttold.back") }, func(error) { write("shifttold.back") })
	default:
		write("shifttold." + what)
	}
}

// Status implements page.Page: how many are in each state.
func (l *list) Status() string {
	k := l.k
	if !l.found {
		return k.T("wait.loading")
	}
	n := map[string]int{}
	for _, r := range l.Rows {
		n[r.State]++
	}
	var parts []string
	for _, s := range []string{app.AgentOnCall, app.AgentAvailable, app.AgentOnBreak} {
		parts = append(parts, k.T("shiftstate."+s)+" "+k.Count(uint64(n[s]))) // a count
	}
	return strings.Join(parts, " · ")
}

var marks = map[string]look.Mark{app.AgentOnCall: look.WatchMark, app.AgentAvailable: look.FineMark, app.AgentOnBreak: look.PauseMark, app.AgentAway: look.NoMark}

func (l *list) row(p *look.Painter, r app.ShiftRow, y, h float32, xs []float32) {
	k, muted := l.k, look.Style{Color: p.Muted}
	cut := func(c int) float32 { return xs[c+1] - xs[c] - 12 }
	name := look.Style{Bold: r.State != app.AgentAway}
	if r.State == app.AgentAway {
		name.Color = p.Muted
	}
	who := r.Name
	if r.Agent == k.State.Me {
		who += " · " + k.T("shift.you")
	}
	p.TextFit(xs[0], y, cut(0), h, who, name)
	if m := marks[r.State]; m != look.NoMark {
		p.Mark(xs[1], y+h/2-7, 14, m)
	}
	state := k.T("shiftstate." + r.State)
	if r.Reason != "" {
		state += " · " + l.reason(r.Reason)
	}
	p.TextFit(xs[1]+20, y, cut(1)-20, h, state, look.Style{})
	if r.Since > 0 && r.State != app.AgentAway {
		p.TextFit(xs[2], y, cut(2), h, page.Span(k.Now().Sub(time.UnixMilli(r.Since))), look.Style{})
	}
	for i, s := range []int64{r.Worked, r.Breaks} {
		if s > 0 {
			p.TextFit(xs[3+i], y, cut(3+i), h, page.Span(time.Duration(s)*time.Second), muted)
		}
	}
	if r.Calls > 0 {
		p.TextFit(xs[5], y, cut(5), h, k.Count(uint64(r.Calls)), muted) // a count
	}
}

// reason is why an agent rests, in the user's words where it is a known one.
func (l *list) reason(why string) string {
	for _, r := range reasons {
		if r == why {
			return l.k.T("shiftreason." + r)
		}
	}
	return why
}
