package shifts

import (
	"slices"
	"strings"
	"time"

	"punto/app"
	"punto/app/calls"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/phone"
	"punto/app/records"
)

// reach is how long before a time a stay may have begun that reaches into it.
const reach = 48 * time.Hour

// silent is how long an agent of whom nothing is heard stays at work: then the end of the
// stay was not told, and it ended with what was heard last.
const silent = 24 * time.Hour

// Events walks the events of agents from some time before an instant up to another, an
// agent's in order.
func Events(r desk.Reader, from, until time.Time) (all []phone.CallEvent, err error) {
	first := from.Add(-reach).UTC().Truncate(24 * time.Hour)
	for k, err := range r.Scan(engine.Prefix(IxShift), engine.Prefix(IxShift, first.UnixMilli()), false) {
		if err != nil {
			return nil, err
		}
		if engine.InstantOf(k.Key) >= until.UnixMilli() {
			break
		}
		v, err := read(r, engine.IDOf(k.Key))
		if err != nil {
			return nil, err
		}
		all = append(all, v.Events...)
	}
	return all, nil
}

// Worked is how long agents were at work in [from, until), and their breaks in it, by the
// events of some time before on; what is not known to have ended goes on until now.
func Worked(events []phone.CallEvent, from, until, now time.Time) (signedIn, breaks time.Duration) {
	ended := ends(events, now)
	upTo := func(t time.Time) (in, paused time.Duration) {
		for _, s := range phone.Stays(ended, t) {
			in, paused = in+s.To.Sub(s.From), paused+s.Paused
		}
		return in, paused
	}
	if until.After(now) {
		until = now
	}
	if !until.After(from) {
		return 0, 0
	}
	a, b := upTo(from)
	c, d := upTo(until)
	return c - a, d - b
}

// ends gives the events agent by agent, each in order, with the end of stays of which
// nothing was heard for too long.
func ends(events []phone.CallEvent, now time.Time) []phone.CallEvent {
	by := map[string][]phone.CallEvent{}
	var agents []string
	for _, e := range events {
		if by[e.Key.UniqueID] == nil {
			agents = append(agents, e.Key.UniqueID)
		}
		by[e.Key.UniqueID] = append(by[e.Key.UniqueID], e)
	}
	var out []phone.CallEvent
	for _, agent := range agents {
		es := phone.InOrder(by[agent])
		for i, e := range es {
			out = append(out, e)
			next := now
			if i+1 < len(es) {
				next = es[i+1].At
			}
			if next.Sub(e.At) > silent && e.Key.Kind != phone.AgentSignedOut {
				out = append(out, phone.CallEvent{Key: phone.Key{PBX: e.Key.PBX, UniqueID: agent, Kind: phone.AgentSignedOut}, At: e.At.Add(time.Millisecond)})
			}
		}
	}
	return out
}

// Now tells who is at work now: those at work first, then by name.
func Now(l *engine.Look) (rows []app.ShiftRow, err error) {
	d, err := records.Desk(l.Names)
	if err != nil {
		return nil, err
	}
	zone, err := time.LoadLocation(d.Zone)
	if err != nil {
		zone = time.UTC
	}
	now := time.UnixMilli(l.Now)
	y, m, day := now.In(zone).Date()
	today := time.Date(y, m, day, 0, 0, 0, 0, zone)
	events, err := Events(l.Reader, today, now.Add(time.Minute))
	if err != nil {
		return nil, err
	}
	busy, answered, err := atCalls(l, today, now)
	if err != nil {
		return nil, err
	}
	for agent, err := range records.Each[desk.Agent](l.Names, desk.AgentType) {
		if err != nil {
			return nil, err
		}
		id, x := agent.ID, agent.Of
		if x.Gone || x.Role == desk.ViewerRole {
			continue
		}
		own := ofOne(events, id, x)
		row := app.ShiftRow{Agent: id, Name: x.Name, State: app.AgentAway}
		in, breaks := Worked(own, today, now, now)
		row.Worked, row.Breaks = int64((in - breaks).Seconds()), int64(breaks.Seconds())
		row.State, row.Reason, row.Since = stateOf(ends(own, now))
		for name, since := range busy {
			if records.Means(name, x) || name == id.String() {
				row.State, row.Since, row.Reason = app.AgentOnCall, since, ""
			}
		}
		for name, n := range answered {
			if records.Means(name, x) || name == id.String() {
				row.Calls += n
			}
		}
		rows = append(rows, row)
	}
	order := map[string]int{app.AgentOnCall: 0, app.AgentAvailable: 1, app.AgentOnBreak: 2, app.AgentAway: 3}
	slices.SortStableFunc(rows, func(x, y app.ShiftRow) int {
		if c := order[x.State] - order[y.State]; c != 0 {
			return c
		}
		return strings.Compare(x.Name, y.Name)
	})
	return rows, nil
}

func askShifts(l *engine.Look, _ app.Shifts) (a app.ShiftsAnswer, err error) {
	a.Rows, err = Now(l)
	return a, err
}

// ofOne are the events of one agent, of several exchanges and by hand.
func ofOne(events []phone.CallEvent, id desk.ID, a desk.Agent) (own []phone.CallEvent) {
	for _, e := range events {
		if e.Key.PBX == phone.Manual && e.Key.UniqueID == id.String() || e.Key.PBX != phone.Manual && records.Means(e.Key.UniqueID, a) {
			e.Key.UniqueID = id.String()
			own = append(own, e)
		}
	}
	return own
}

// Available tells whether an agent is at work and on no break, by the events of agents and
// calls aside; and since when.
func Available(events []phone.CallEvent, id desk.ID, a desk.Agent, now time.Time) (is bool, since time.Time) {
	state, _, ms := stateOf(ends(ofOne(events, id, a), now))
	return state == app.AgentAvailable, time.UnixMilli(ms)
}

// stateOf is what the last events of an agent say: the state, why, and since when.
func stateOf(events []phone.CallEvent) (state, reason string, since int64) {
	in, paused := map[string]bool{}, map[string]string{}
	state = app.AgentAway
	for _, e := range phone.InOrder(events) {
		switch q := e.Key.Queue; e.Key.Kind {
		case phone.AgentSignedIn:
			in[q] = true
		case phone.AgentPaused:
			in[q], paused[q] = true, e.Reason
		case phone.AgentBack:
			if in[q] = true; q == "" {
				clear(paused)
			}
			delete(paused, q)
		case phone.AgentSignedOut:
			if delete(in, q); q == "" {
				clear(in)
			}
			if delete(paused, q); len(in) == 0 {
				clear(paused)
			}
		}
		is, why := app.AgentAvailable, ""
		switch {
		case len(in) == 0:
			is = app.AgentAway
		case len(paused) > 0:
			is = app.AgentOnBreak
			if why = paused[e.Key.Queue]; why == "" {
				for _, r := range paused {
					why = max(why, r)
				}
			}
		}
		if is != state {
			state, reason, since = is, why, e.At.UnixMilli()
		}
	}
	return state, reason, since
}

// longestCall is how long a call may go on that counts as going on.
const longestCall = 4 * time.Hour

// atCalls are the agents who are at a call now, by the names that calls have of them, and
// since when; and how many calls each has answered today.
func atCalls(l *engine.Look, today, now time.Time) (busy map[string]int64, answered map[string]int, err error) {
	busy, answered = map[string]int64{}, map[string]int{}
	from := today
	if early := now.Add(-longestCall); early.Before(from) {
		from = early
	}
	for k, err := range l.Reader.Scan(engine.Prefix(calls.IxCall), engine.Prefix(calls.IxCall, from.UnixMilli()), false) {
		if err != nil {
			return nil, nil, err
		}
		var v calls.View
		b, err := l.Reader.View(desk.Entity{Type: desk.CallType, ID: engine.IDOf(k.Key)})
		if err == nil {
			err = engine.DecodeView(b, &v)
		}
		if err != nil {
			return nil, nil, err
		}
		c := v.Call
		if c.Agent == "" || c.AnsweredAt.IsZero() {
			continue
		}
		if !c.AnsweredAt.Before(today) {
			answered[c.Agent]++
		}
		if c.EndedAt.IsZero() && now.Sub(c.AnsweredAt) < longestCall {
			busy[c.Agent] = c.AnsweredAt.UnixMilli()
		}
	}
	return busy, answered, nil
}
