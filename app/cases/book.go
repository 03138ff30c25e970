package cases

import (
	"context"
	"errors"
	"maps"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/promises"
	"punto/app/records"
	"punto/app/sla"
)

// line is what an open case is chosen and sorted by. It is never written: what changes
// is another line.
type line struct {
	id                        desk.ID
	number                    string
	subject                   string
	category                  string
	person, area, group, mine desk.ID // mine: the agent
	contract                  desk.ID
	status                    desk.Status
	priority, hops            int
	opened, due, last         int64
	pinned                    desk.Stamp
	next                      sla.Run

	ready bool // what follows was looked up
	words string
	names names
	turns promises.Turns
	still bool
}

// names are folded, for sorting.
type names struct{ subject, person, group, agent, category string }

func lineOf(id desk.ID, v *View) *line {
	c := &v.Case
	return &line{id: id, number: string(c.Number), subject: c.Subject, category: c.Category, person: c.Person, area: c.Area, group: c.Group, mine: c.Agent,
		contract: c.Contract, status: c.Status, priority: c.Priority, hops: max(0, len(c.HandOffs)-1), opened: c.OpenedAt, due: v.Due, last: c.LastAt,
		pinned: v.Pinned, next: v.Next}
}

// book holds a line of every open case: made of the views when it is first asked for,
// and then changed with each commit, so that a queue of many is chosen and sorted
// without reading them. It is of what is derived, as all lists are.
type book struct {
	loading sync.Mutex // held by who loads

	mu      sync.Mutex // guards what follows
	open    bool       // changes are noted
	loaded  bool
	lines   map[desk.ID]*line
	came    map[desk.ID]bool // changed while it is being loaded
	renamed map[desk.ID]bool // records whose names may be others
	all     []*line          // nil = to be listed again
	born    time.Time        // when the timers first looked
}

// readAhead is after how long a program that lives on reads the book without being
// asked, so that the first queue opens at once; one that carries out a command and ends
// does not.
const readAhead = 2 * time.Second

// nextAhead is when the book is read ahead.
func nextAhead(e *engine.Engine) time.Time {
	b := engine.StateOf[book](e)
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.loaded {
		return time.Time{}
	}
	if b.born.IsZero() {
		b.born = e.Now()
	}
	return b.born.Add(readAhead)
}

// ahead reads the book when that time has come.
func ahead(_ context.Context, e *engine.Engine) error {
	if at := nextAhead(e); at.IsZero() || e.Now().Before(at) {
		return nil
	}
	_, err := engine.StateOf[book](e).ready(e)
	return err
}

// bookChanges takes what commands have changed in. It is on the log's writer, and short.
func bookChanges(e *engine.Engine, ops []*engine.Op) {
	b := engine.StateOf[book](e)
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.open {
		return
	}
	for _, o := range ops {
		for ent, v := range o.Views() {
			switch ent.Type {
			case desk.PersonType, desk.AreaType, desk.GroupType, desk.AgentType, desk.ModelType:
				b.renamed[ent.ID] = true // that of the model is zero
			case desk.CaseType:
				k, ok := v.(*View)
				if !ok {
					continue
				}
				if b.all = nil; !b.loaded {
					b.came[ent.ID] = true
				}
				if k.Case.Status.Open() {
					b.lines[ent.ID] = lineOf(ent.ID, k)
				} else {
					delete(b.lines, ent.ID)
				}
			}
		}
	}
}

// load reads the open cases, once.
func (b *book) load(e *engine.Engine) error {
	b.loading.Lock()
	defer b.loading.Unlock()
	b.mu.Lock()
	done := b.loaded
	if !done {
		b.open, b.lines, b.came, b.renamed, b.all = true, map[desk.ID]*line{}, map[desk.ID]bool{}, map[desk.ID]bool{}, nil
	}
	b.mu.Unlock()
	if done {
		return nil
	}
	read, err := readLines(e)
	b.mu.Lock()
	defer b.mu.Unlock()
	if err != nil {
		b.open = false
		return err
	}
	for _, x := range read {
		if !b.came[x.id] {
			b.lines[x.id] = x
		}
	}
	b.loaded, b.came, b.all = true, nil, nil
	return nil
}

// readLines reads the lines of all open cases on all cores, each over a snapshot of its
// own: what is written meanwhile is noted by bookChanges.
func readLines(e *engine.Engine) ([]*line, error) {
	var ids []desk.ID
	err := e.Log.Read(func(r desk.Reader) error {
		for k, err := range r.Scan(engine.Prefix(IxDue), nil, false) {
			if err != nil {
				return err
			}
			ids = append(ids, engine.IDOf(k.Key))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	parts := runtime.GOMAXPROCS(0)
	out, errs := make([][]*line, parts), make([]error, parts)
	var all sync.WaitGroup
	for i := range parts {
		all.Go(func() {
			errs[i] = e.Log.Read(func(r desk.Reader) error {
				for _, id := range ids[i*len(ids)/parts : (i+1)*len(ids)/parts] {
					v, err := Read(r, id)
					switch {
					case errors.Is(err, engine.ErrUnreadable):
						out[i] = append(out[i], &line{id: id, number: "?", due: promises.Never})
					case err != nil:
						return err
					case v.Case.Status.Open():
						out[i] = append(out[i], lineOf(id, &v))
					}
				}
				return nil
			})
		})
	}
	all.Wait()
	var flat []*line
	for _, x := range out {
		flat = append(flat, x...)
	}
	return flat, errors.Join(errs...)
}

// ready lists all lines, with what is looked up of them: in a snapshot that is taken
// after it is known what to look up, so that no name is of before a change.
func (b *book) ready(e *engine.Engine) (all []*line, err error) {
	if err := b.load(e); err != nil {
		return nil, err
	}
	b.mu.Lock()
	if b.all == nil {
		b.all = make([]*line, 0, len(b.lines))
		for _, x := range b.lines {
			b.all = append(b.all, x)
		}
	}
	all = b.all
	renamed := b.renamed
	if len(renamed) > 0 {
		b.renamed = map[desk.ID]bool{}
	}
	b.mu.Unlock()
	old := func(x *line) bool {
		return !x.ready || len(renamed) > 0 && (renamed[desk.ID{}] || renamed[x.person] || renamed[x.area] || renamed[x.group] || renamed[x.mine])
	}
	if !slices.ContainsFunc(all, old) {
		return all, nil
	}
	was := all
	all = slices.Clone(was)
	err = e.Log.Read(func(r desk.Reader) error {
		l := &engine.Look{Names: engine.NewNames(e, r), Reader: r, Engine: e}
		for i, x := range was {
			if !old(x) {
				continue
			}
			y := *x
			if err := y.look(l); err != nil {
				return err
			}
			all[i] = &y
		}
		return nil
	})
	b.mu.Lock()
	defer b.mu.Unlock()
	for id := range renamed { // they are looked up again by who comes next
		b.renamed[id] = b.renamed[id] || err != nil
	}
	maps.DeleteFunc(b.renamed, func(_ desk.ID, again bool) bool { return !again })
	for i, y := range all { // unless the case is another one by now
		if y != was[i] && b.lines[y.id] == was[i] {
			b.lines[y.id], b.all = y, nil
		}
	}
	return all, err
}

// look looks up what a line is chosen by.
func (x *line) look(l *engine.Look) error {
	n := l.Names
	m, err := records.Model(n)
	if err != nil {
		return err
	}
	cat, _ := m.Category(x.category)
	category := cat.Name("es")
	if category == "" {
		category = x.category
	}
	person, area := records.Name(n, desk.PersonType, x.person), records.Name(n, desk.AreaType, x.area)
	group, agent := records.Name(n, desk.GroupType, x.group), records.Name(n, desk.AgentType, x.mine)
	x.names = names{records.Folded(x.subject), records.Folded(person), records.Folded(group), records.Folded(agent), records.Folded(category)}
	_, tail, _ := strings.Cut(x.number, "-")
	x.words = wordsOf(x.number, tail, x.subject, person, area, group, agent, cat.Name("es"), cat.Name("en"), cat.Name("pt"))
	x.ready, x.still = true, promises.BandOf(x.next) == app.Still
	if x.still {
		return nil
	}
	v := View{Pinned: x.pinned}
	v.Case.Contract = x.contract
	h, err := PinnedHours(l, &v)
	if err != nil {
		return err
	}
	if h == nil { // it stays as it was at its last event
		x.turns = promises.Turns{Quarter: promises.Never, Tenth: promises.Never, Overdue: promises.Never}
		switch promises.BandOf(x.next) {
		case app.Overdue:
			x.turns = promises.Turns{}
		case app.Tenth:
			x.turns.Quarter, x.turns.Tenth = 0, 0
		case app.Quarter:
			x.turns.Quarter = 0
		}
		return nil
	}
	x.turns = promises.TurnsOf(x.next, time.UnixMilli(x.last), h)
	if x.next.State == sla.Breached {
		x.turns = promises.Turns{}
	}
	return nil
}

// band is that of a case now.
func (x *line) band(now int64) app.Band {
	if x.still {
		return app.Still
	}
	return x.turns.Band(now)
}

// wordsOf are the words of texts, folded, each after a space: one begins with what is
// typed where that stands after a space.
func wordsOf(texts ...string) string {
	var b strings.Builder
	for _, s := range texts {
		b.WriteByte(' ')
		b.WriteString(strings.Map(func(r rune) rune {
			switch r {
			case '(', ')', '[', ']', '"', '«', '»', ',', ';', ':', '/', '¿', '¡', '›', '>', '\'', '\n', '\t':
				return ' '
			}
			return r
		}, records.Folded(s)))
	}
	return b.String()
}
