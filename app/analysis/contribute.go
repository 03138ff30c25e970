package analysis

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/month"
	"punto/app/spc"
	"punto/app/tally"
)

// Why an index is where it is: the same index of each part, by the law of the whole.

// monthsBefore are those that tell what is expected.
const monthsBefore = 3

// ofCalls are the measured indices that count calls; the others count cases.
var ofCalls = []string{"pct_abandoned", "service_level_strict", "offered", "pct_lost", "lost", "asa", "average_call_time", "aht"}

// moved are those that count what cases did and not the cases: no row tells them.
var moved = []string{"handoffs", "returns", "ping_pong", "reopenings"}

// cuts are the ways in which a whole is taken apart.
var callCuts, caseCuts = []string{"queue", "hour", "weekday", "type"}, []string{"category", "site", "group", "agent", "priority", "origin"}

// lacking tells whether more of an index is better, so that what counts is what it lacks.
func lacking(index string) bool {
	return slices.Contains([]string{"service_level_strict", "solved_online", "sla_take_up", "sla_resolve", "sla_next_answer", "ola", "first_level"}, index)
}

func askContributions(ctx context.Context, e *engine.Engine, s engine.Session, q app.Contributions) (a app.ContributionsAnswer, err error) {
	if err := allowed(s); err != nil {
		return a, err
	}
	if !isMeasured(q.Index) || slices.Contains(moved, q.Index) {
		return a, app.Fail(app.Invalid, "the index %q cannot be taken apart: choose another one", q.Index)
	}
	first := day(q.Month + "-01")
	if first.IsZero() {
		return a, app.Fail(app.Invalid, "%q is not a month: write one such as 2026-10", q.Month)
	}
	var months []string
	for i := range monthsBefore + 1 {
		months = append(months, first.AddDate(0, -i, 0).Format("2006-01"))
	}
	if err := seal(ctx, e, q.Contract, months); err != nil {
		return a, err
	}
	owed := 0
	err = over(ctx, e, s, q.Contract, &owed, func(d *month.Daily) (err error) {
		a, err = contributions(d, first, q.Index)
		return err
	})
	a.Owed = owed
	return a, err
}

// parted is a whole taken apart: what each part is, by cut and name.
type parted struct {
	index string
	lacks bool
	month string // that is being added
	parts map[string]map[string]*tally.Accumulator
	cases map[string]map[string][]desk.ID // nil = they are not asked for
	days  float64                         // of service
}

func contributions(d *month.Daily, first time.Time, index string) (app.ContributionsAnswer, error) {
	a := app.ContributionsAnswer{Index: index, Unit: unit(index), Lacks: lacking(index)}
	was, now := newParted(index, false), newParted(index, true)
	for i := range monthsBefore {
		if err := was.add(d, first.AddDate(0, i-monthsBefore, 0)); err != nil {
			return a, err
		}
	}
	if err := now.add(d, first); err != nil {
		return a, err
	}
	names := callCuts
	if !slices.Contains(ofCalls, index) {
		names = caseCuts
	}
	for _, by := range names {
		cut := app.Cut{By: by}
		var parts []spc.Part
		for _, name := range namesOf(was.parts[by], now.parts[by]) {
			p := spc.Part{Before: was.count(by, name), Now: now.count(by, name)}
			parts = append(parts, p)
			cut.Parts = append(cut.Parts, app.CutPart{Name: name, Num: p.Now.X, Den: p.Now.N, WasNum: p.Before.X, WasDen: p.Before.N, Cases: now.cases[by][name]})
		}
		more, each := spc.Contribution(kind(index), parts)
		if by == names[0] {
			var before spc.Count
			for _, p := range parts {
				a.Num, before.X = a.Num+p.Now.X, before.X+p.Before.X
				if a.Unit == "count" { // the same days for all
					a.Den, before.N = p.Now.N, p.Before.N
				} else {
					a.Den, before.N = a.Den+p.Now.N, before.N+p.Before.N
				}
			}
			if before.N > 0 {
				a.Base, a.More = before.X/before.N, more
			}
		}
		if each == nil {
			continue
		}
		for i := range cut.Parts {
			cut.Parts[i].More = each[i]
		}
		slices.SortStableFunc(cut.Parts, func(x, y app.CutPart) int { return cmp.Compare(y.More, x.More) })
		a.Cuts = append(a.Cuts, cut)
	}
	return a, nil
}

func newParted(index string, now bool) *parted {
	p := &parted{index: index, lacks: lacking(index), parts: map[string]map[string]*tally.Accumulator{}}
	if now {
		p.cases = map[string]map[string][]desk.ID{}
	}
	return p
}

// namesOf are the parts of either stretch, in the order of the letters.
func namesOf(x, y map[string]*tally.Accumulator) (names []string) {
	for _, m := range []map[string]*tally.Accumulator{x, y} {
		for name := range m {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// count is the index of a part; of a count by the days of service.
func (p *parted) count(by, name string) (c spc.Count) {
	sum := p.parts[by][name]
	if unit(p.index) == "count" {
		c.N = p.days
	}
	if sum == nil {
		return c
	}
	x, n := p.of(sum)
	if c.X = x; unit(p.index) != "count" {
		c.N = n
	}
	return c
}

// of is what is counted of a sum: where an index lacks something, that.
func (p *parted) of(sum *tally.Accumulator) (x, n float64) {
	f := sum.Figure(p.index)
	if f.Den != nil {
		n = *f.Den
	}
	if x = f.Num; p.lacks {
		x = n - x
	}
	return x, n
}

// add adds the whole days of a month.
func (p *parted) add(d *month.Daily, first time.Time) error {
	p.month = first.Format("2006-01")
	whole, err := monthOf(p.month, d.Zone)
	if err != nil {
		return err
	}
	for _, day := range tally.Split(whole, tally.CivilDay, d.Zone) {
		if name := day.From.In(d.Zone).Format(time.DateOnly); name >= d.Today() {
			whole.To = day.From
			break
		}
		f, err := d.Day(day.From)
		if err != nil {
			return err
		}
		if !f.Closed {
			p.days++
		}
	}
	if !whole.From.Before(whole.To) {
		return nil
	}
	if slices.Contains(ofCalls, p.index) {
		return d.EachTold(whole, func(c tally.Call) error {
			for _, by := range callCuts {
				sum, err := p.part(d, by, cutOfCall(by, &c))
				if err != nil {
					return err
				}
				sum.AddCall(c)
			}
			return nil
		})
	}
	return d.EachCase(whole, func(id desk.ID, rows tally.Day) error {
		for _, c := range rows.Opened {
			c.Resolved, c.Open = time.Time{}, false
			if err := p.addCase(d, whole, id, c); err != nil {
				return err
			}
		}
		for _, c := range rows.Resolved {
			c.Opened, c.Open = time.Time{}, false
			if err := p.addCase(d, whole, id, c); err != nil {
				return err
			}
		}
		return nil
	})
}

func (p *parted) part(d *month.Daily, by, name string) (*tally.Accumulator, error) {
	of := p.parts[by]
	if of == nil {
		of = map[string]*tally.Accumulator{}
		p.parts[by] = of
	}
	if of[name] == nil {
		sum, err := d.Sum(p.month)
		if err != nil {
			return nil, err
		}
		of[name] = sum
	}
	return of[name], nil
}

// addCase adds a row to its part of each cut. The runs of the units that had a case are
// of theirs, and not of the group that has it.
func (p *parted) addCase(d *month.Daily, in tally.Period, id desk.ID, c tally.Case) error {
	one, err := d.Sum(p.month)
	if err != nil {
		return err
	}
	one.AddCase(c, in.From, in.To)
	x, n := p.of(one)
	if x == 0 && n == 0 {
		return nil // the index counts nothing of it
	}
	for _, by := range caseCuts {
		parts := []tally.Case{c}
		if by == "group" && p.index == "ola" {
			parts = nil
			for _, u := range c.Units {
				k := c
				k.Group, k.Units = u.Group, []tally.Unit{u}
				parts = append(parts, k)
			}
		}
		for _, k := range parts {
			name := cutOfCase(by, &k)
			sum, err := p.part(d, by, name)
			if err != nil {
				return err
			}
			sum.AddCase(k, in.From, in.To)
			if p.cases == nil || x == 0 {
				continue
			}
			if p.cases[by] == nil {
				p.cases[by] = map[string][]desk.ID{}
			}
			if of := p.cases[by][name]; len(of) < mostOfGroup && !slices.Contains(of, id) {
				p.cases[by][name] = append(of, id)
			}
		}
	}
	return nil
}

func cutOfCall(by string, c *tally.Call) string {
	switch by {
	case "queue":
		return c.Queue
	case "hour":
		return fmt.Sprintf("%02d", c.At.Hour())
	case "weekday":
		return fmt.Sprint((int(c.At.Weekday())+6)%7 + 1)
	}
	return strings.TrimSpace(c.Type)
}

func cutOfCase(by string, c *tally.Case) string {
	switch by {
	case "category":
		return c.Category
	case "site":
		return c.Site
	case "group":
		return c.Group
	case "agent":
		return c.Agent
	case "priority":
		return c.Priority
	}
	return c.Origin
}
