package cases

import (
	"bytes"
	"cmp"
	"errors"
	"slices"
	"strings"

	"punto/app"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/promises"
	"punto/app/records"
)

// A queue is chosen, counted and sorted in memory (see book); its rows are read as those
// of every list.

// asker is who asks for a queue.
type asker struct {
	me       desk.ID
	groups   []desk.ID
	all      bool // sees to the whole desk: what nobody has and what is breached is of all
	followed map[desk.ID]bool
}

func askerOf(l *engine.Look) (a asker, err error) {
	a.me = l.Session.Agent
	who, err := engine.Noun[desk.Agent](l.Names, desk.AgentType, a.me)
	if err != nil {
		return a, err
	}
	a.groups = who.Groups
	a.all = len(a.groups) == 0 || l.Session.Role != desk.AgentRole && l.Session.Role != desk.TechnicianRole
	a.followed, err = followed(l.Reader, a.me)
	return a, err
}

// near tells whether a case is the asker's business.
func (a *asker) near(x *line) bool {
	return a.all || x.mine == a.me && !a.me.IsZero() || x.group.IsZero() || slices.Contains(a.groups, x.group)
}

// views are the views that a case stands in.
func (a *asker) views(x *line, b app.Band) app.QueueCounts {
	one := func(is bool) int {
		if is {
			return 1
		}
		return 0
	}
	return app.QueueCounts{Mine: one(x.mine == a.me && !a.me.IsZero()), Group: one(slices.Contains(a.groups, x.group)), Unowned: one(x.mine.IsZero() && a.near(x)),
		Breached: one(b == app.Overdue && a.near(x)), Followed: one(a.followed[x.id]), All: 1}
}

func askQueue(l *engine.Look, q app.Queue) (app.Answer, error) {
	by, err := orderOf(q)
	if err != nil {
		return nil, err
	}
	if len(q.Filter) > app.MaxTerms {
		return nil, app.Fail(app.Invalid, "a filter has at most %d words: leave some out", app.MaxTerms)
	}
	who, err := askerOf(l)
	if err != nil {
		return nil, err
	}
	all, err := engine.StateOf[book](l.Engine).ready(l.Engine)
	if err != nil {
		return nil, err
	}
	a := app.QueueAnswer{Bands: make([]int, app.Bands)}
	terms := termsOf(q.Filter)
	var found []place
	for _, x := range all {
		p := place{x, x.band(l.Now)}
		in := who.views(x, p.band)
		a.Counts = sum(a.Counts, in)
		if shown, known := viewed(in, q.View); !known {
			return nil, app.Fail(app.Invalid, "there is no view %q of the cases: mine, group, unowned, breached, followed or all", q.View)
		} else if shown == 0 || !terms.hold(x) {
			continue
		}
		a.Bands[p.band]++
		found = append(found, p)
	}
	slices.SortFunc(found, by)
	a.Total = len(found)
	if a.Owed, err = l.Owed(); err != nil {
		return nil, err
	}
	from := min(max(0, q.After), len(found))
	for _, p := range found[from:min(from+min(cmp.Or(max(q.Limit, 0), 50), 1000), len(found))] {
		v, err := Read(l.Reader, p.id)
		row := app.CaseRow{ID: p.id, Number: "?", Subject: "?", Bad: true} // its view cannot be read: the others are listed
		if err == nil {
			row, err = Row(l, p.id, v)
		} else if errors.Is(err, engine.ErrUnreadable) {
			err = nil
		}
		if err != nil {
			return nil, err
		}
		a.Rows = append(a.Rows, row)
	}
	return a, nil
}

func sum(a, b app.QueueCounts) app.QueueCounts {
	return app.QueueCounts{Mine: a.Mine + b.Mine, Group: a.Group + b.Group, Unowned: a.Unowned + b.Unowned, Breached: a.Breached + b.Breached, Followed: a.Followed + b.Followed, All: a.All + b.All}
}

// viewed is how many of some cases a view shows; false when there is no such view.
func viewed(c app.QueueCounts, view string) (n int, known bool) {
	switch view {
	case "mine":
		return c.Mine, true
	case "group":
		return c.Group, true
	case "unowned":
		return c.Unowned, true
	case "breached":
		return c.Breached, true
	case "followed":
		return c.Followed, true
	case "", "all":
		return c.All, true
	}
	return 0, false
}

// place is a case among those that were found.
type place struct {
	*line
	band app.Band
}

// orderOf is how a queue is sorted; where nothing else tells two cases apart it is the
// band, the deadline and the number.
func orderOf(q app.Queue) (func(a, b place) int, error) {
	of := map[string]func(a, b *line) int{
		"":         func(a, b *line) int { return 0 },
		"due":      func(a, b *line) int { return cmp.Compare(a.due, b.due) },
		"number":   func(a, b *line) int { return strings.Compare(a.number, b.number) },
		"subject":  func(a, b *line) int { return strings.Compare(a.names.subject, b.names.subject) },
		"person":   func(a, b *line) int { return strings.Compare(a.names.person, b.names.person) },
		"priority": func(a, b *line) int { return cmp.Compare(a.priority, b.priority) },
		"group":    func(a, b *line) int { return strings.Compare(a.names.group, b.names.group) },
		"agent":    func(a, b *line) int { return strings.Compare(a.names.agent, b.names.agent) },
		"category": func(a, b *line) int { return strings.Compare(a.names.category, b.names.category) },
		"opened":   func(a, b *line) int { return cmp.Compare(a.opened, b.opened) },
		"clock": func(a, b *line) int {
			return cmp.Or(cmp.Compare(a.next.Kind, b.next.Kind), strings.Compare(a.next.Group, b.next.Group))
		},
		"hops":   func(a, b *line) int { return cmp.Compare(a.hops, b.hops) },
		"status": func(a, b *line) int { return cmp.Compare(a.status, b.status) },
	}[q.By]
	if of == nil {
		return nil, app.Fail(app.Invalid, "a queue cannot be sorted by %q: one of %s", q.By, strings.Join(app.QueueOrders, ", "))
	}
	return func(a, b place) int {
		n := of(a.line, b.line)
		if n == 0 && q.By == "" {
			n = cmp.Compare(a.band, b.band)
		}
		if q.Down {
			n = -n
		}
		return cmp.Or(n, cmp.Compare(a.band, b.band), cmp.Compare(a.due, b.due), strings.Compare(a.number, b.number), bytes.Compare(a.id[:], b.id[:]))
	}, nil
}

// terms are those of a filter; their texts stand as they are looked for.
type terms []app.Term

func termsOf(in []app.Term) (out terms) {
	for _, t := range in {
		if t.Text = strings.TrimSpace(records.Folded(t.Text)); t.Text != "" {
			t.Text = " " + t.Text
		}
		out = append(out, t)
	}
	return out
}

// hold tells whether each of them is so of a case; one that names nothing is.
func (ts terms) hold(x *line) bool {
	for _, t := range ts {
		timed := t.From != 0 || t.To != 0
		if t.Text == "" && len(t.Priorities) == 0 && len(t.Statuses) == 0 && !timed {
			continue
		}
		within := func(at int64) bool { return at >= t.From && at < t.To }
		switch {
		case t.Text != "" && strings.Contains(x.words, t.Text):
		case slices.Contains(t.Priorities, x.priority), slices.Contains(t.Statuses, x.status):
		case timed && (within(x.opened) || x.due != promises.Never && within(x.due)):
		default:
			return false
		}
	}
	return true
}
