package analysis

import (
	"cmp"
	"slices"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/month"
	"punto/app/records"
	"punto/app/tally"
)

// facts is what the rules of proposals look at: the month so far, and what is open.
type facts struct {
	watched []app.WatchedIndex
	back    app.RecurrenceAnswer
	days    int                // of service, whole ones
	goals   map[string]float64 // by index, of the contract
	hours   [24]hourFact       // of the day
	groups  map[string]*fact   // by name: runs of its OLA, Bad = breached
	late    map[string]*fact   // by group: resolutions by their promise, Bad = late
	wrong   map[string]*fact   // by category: cases that were handed on, Bad = came back or went to and fro
	online  map[string]*fact   // by category marked for level 1: solved, Bad = not in the contact
	scores  map[string]*fact   // by group: answers with a score, Bad = 1 or 2
	old     map[string]*fact   // by group: open cases, Bad = older than ageDays
	knows   map[string]bool    // categories with an article
	ids     map[string]desk.ID // of groups, by name
	load    time.Duration      // that the calls of the busiest hour held a line, by day
}

// fact is how many of something are not as they should be.
type fact struct {
	All, Bad int
	Cases    []desk.ID
}

// hourFact is what came in an hour of the day.
type hourFact struct {
	Offered, Abandoned, Busy int
	Held                     time.Duration
}

const ageDays = 30

func addTo(of map[string]*fact, name string, bad bool, id desk.ID) {
	f := of[name]
	if f == nil {
		f = &fact{}
		of[name] = f
	}
	if f.All++; !bad {
		return
	}
	if f.Bad++; len(f.Cases) < mostOfGroup && !slices.Contains(f.Cases, id) {
		f.Cases = append(f.Cases, id)
	}
}

// factsOf gathers what the rules look at.
func factsOf(d *month.Daily, first time.Time) (*facts, error) {
	f := &facts{goals: map[string]float64{}, groups: map[string]*fact{}, late: map[string]*fact{}, wrong: map[string]*fact{}, online: map[string]*fact{}, scores: map[string]*fact{}, old: map[string]*fact{},
		knows: map[string]bool{}, ids: map[string]desk.ID{}}
	for _, g := range d.Contract.Goals {
		f.goals[g.Index] = g.Value
	}
	p, err := monthOf(first.Format("2006-01"), d.Zone)
	if err != nil {
		return nil, err
	}
	if f.watched, err = watch(d, first); err != nil {
		return nil, err
	}
	if err := recurrence(d, p, &f.back); err != nil {
		return nil, err
	}
	for _, day := range tally.Split(p, tally.CivilDay, d.Zone) {
		if day.From.In(d.Zone).Format(time.DateOnly) < d.Today() && d.Hours.Between(day.From, day.To) > 0 {
			f.days++
		}
	}
	for _, gather := range []func(*month.Daily, tally.Period) error{f.ofCalls, f.ofCases, f.ofScores} {
		if err := gather(d, p); err != nil {
			return nil, err
		}
	}
	if err := f.ofOpen(d); err != nil {
		return nil, err
	}
	for a, err := range records.Each[desk.Article](d.Names, desk.ArticleType) {
		if err != nil {
			return nil, err
		}
		f.knows[a.Of.Category] = f.knows[a.Of.Category] || !a.Of.Gone
	}
	for g, err := range records.Each[desk.Group](d.Names, desk.GroupType) {
		if err != nil {
			return nil, err
		}
		f.ids[g.Of.Name] = g.ID
	}
	return f, nil
}

func (f *facts) ofCalls(d *month.Daily, p tally.Period) error {
	err := d.EachTold(p, func(c tally.Call) error {
		if c.Outcome > tally.Withdrawn {
			return nil // counted apart
		}
		h := &f.hours[c.At.Hour()]
		h.Offered++
		switch c.Outcome {
		case tally.Abandoned:
			h.Abandoned++
		case tally.Busy:
			h.Busy++
		}
		h.Held += c.Wait + c.Talk + c.Hold
		return nil
	})
	for _, h := range f.hours {
		f.load = max(f.load, h.Held/time.Duration(max(1, f.days)))
	}
	return err
}

func (f *facts) ofCases(d *month.Daily, p tally.Period) error {
	judged := func(index string, c tally.Case) (num, den float64, err error) {
		sum, err := d.Sum(p.From.In(d.Zone).Format("2006-01"))
		if err != nil {
			return 0, 0, err
		}
		sum.AddCase(c, p.From, p.To)
		x := sum.Figure(index)
		if x.Den != nil {
			den = *x.Den
		}
		return x.Num, den, nil
	}
	return d.EachCase(p, func(id desk.ID, rows tally.Day) error {
		if rows.Moves.HandOffs > 0 {
			k, err := d.Case(id)
			if err != nil {
				return err
			}
			addTo(f.wrong, k.Category, rows.Moves.Returns+rows.Moves.PingPong > 0, id)
		}
		for _, c := range rows.Resolved {
			c.Opened, c.Open = time.Time{}, false
			met, all, err := judged("sla_resolve", c)
			if err != nil {
				return err
			}
			if all > 0 {
				addTo(f.late, c.Group, met < all, id)
			}
			if once, of, err := judged("solved_online", c); err != nil {
				return err
			} else if of > 0 {
				addTo(f.online, c.Category, once < of, id)
			}
			for _, u := range c.Units {
				k := c
				k.Units = []tally.Unit{u}
				if met, of, err := judged("ola", k); err != nil {
					return err
				} else if of > 0 {
					addTo(f.groups, u.Group, met < of, id)
				}
			}
		}
		return nil
	})
}

func (f *facts) ofScores(d *month.Daily, p tally.Period) error {
	return d.EachScore(p, func(id desk.ID, c *desk.Case, score int) error {
		addTo(f.scores, records.Name(d.Names, desk.GroupType, c.Group), score <= 2, id)
		return nil
	})
}

func (f *facts) ofOpen(d *month.Daily) error {
	before := d.Now - ageDays*dayMillis
	return d.EachOpen(func(id desk.ID, c *desk.Case) error {
		addTo(f.old, records.Name(d.Names, desk.GroupType, c.Group), c.OpenedAt < before, id)
		return nil
	})
}

// index is a watched index of the month; nil = it is not known.
func (f *facts) index(id string) *app.WatchedIndex {
	if i := slices.IndexFunc(f.watched, func(w app.WatchedIndex) bool { return w.Of.ID == id }); i >= 0 && f.watched[i].Of.Value != nil {
		return &f.watched[i]
	}
	return nil
}

// perDay is a count of the month by day of service.
func (f *facts) perDay(n float64) float64 { return n / float64(max(1, f.days)) }

// worst are the names of facts, those with most that is bad first.
func worst(of map[string]*fact) (names []string) {
	for name := range of {
		names = append(names, name)
	}
	slices.SortFunc(names, func(x, y string) int { return cmp.Or(of[y].Bad-of[x].Bad, cmp.Compare(x, y)) })
	return names
}
