package analysis

import (
	"context"
	"slices"
	"time"

	"punto/app"
	"punto/app/calls"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/month"
	"punto/app/phone"
	"punto/app/records"
	"punto/app/recur"
	"punto/app/tally"
)

// What came back in a month. The spans reach before it: what is told is what came to be
// recurrent in the month itself.
const (
	times       = 3 // within the span of each
	personDays  = 30
	assetDays   = 90
	callerDays  = 7
	mostOfGroup = 500 // cases of a group that are told
	mostGroups  = 100 // of each kind
	dayMillis   = 86_400_000
)

func askRecurrence(ctx context.Context, e *engine.Engine, s engine.Session, q app.Recurrence) (a app.RecurrenceAnswer, err error) {
	if err := allowed(s); err != nil {
		return a, err
	}
	err = over(ctx, e, s, q.Contract, &a.Owed, func(d *month.Daily) error {
		p, err := monthOf(q.Month, d.Zone)
		if err != nil {
			return err
		}
		return recurrence(d, p, &a)
	})
	return a, err
}

func monthOf(name string, zone *time.Location) (tally.Period, error) {
	p, err := tally.MonthOf(name, zone)
	if err != nil {
		return p, app.Fail(app.Invalid, "%q is not a month: write one such as 2026-10", name)
	}
	return p, nil
}

// place is a category at a site; neither is of nobody.
type place struct {
	category string
	site     desk.ID
}

// came are the cases that recurrence looks at, one entry each.
type came struct {
	id     []desk.ID
	at     []int64
	person []desk.ID
	asset  []desk.ID
	place  []place
	text   []string // folded
	said   []string
}

func recurrence(d *month.Daily, p tally.Period, a *app.RecurrenceAnswer) error {
	from, until := p.From.UnixMilli(), d.Until(p)
	c, err := cameIn(d, tally.Period{From: p.From.AddDate(0, 0, -assetDays-1), To: until})
	if err != nil {
		return err
	}
	first, _ := slices.BinarySearch(c.at, from)
	a.Cases = len(c.at) - first
	add := func(by string, of []int, at []int64, id func(i int) desk.ID, r app.Recurring) {
		r.By, r.Count = by, len(of)
		r.From, r.To = at[of[0]], at[of[len(of)-1]]
		for _, i := range of {
			if k := id(i); !k.IsZero() && len(r.Cases) < mostOfGroup && !slices.Contains(r.Cases, k) {
				r.Cases = append(r.Cases, k)
			}
		}
		a.Groups = append(a.Groups, r)
	}
	one := func(i int) desk.ID { return c.id[i] }
	for _, g := range most(recur.Rising(c.at, c.place, until.UnixMilli())) {
		add(app.SamePlace, g.Of, c.at, one, app.Recurring{ID: g.Key.site, Name: records.Name(d.Names, desk.SiteType, g.Key.site), Category: g.Key.category,
			Expected: g.Expected, Limit: g.Limit, Week: g.N})
	}
	for _, g := range most(recur.Within(times, assetDays*dayMillis, c.at, c.asset, from)) {
		add(app.SameAsset, g.Of, c.at, one, app.Recurring{ID: g.Key, Name: records.Name(d.Names, desk.AssetType, g.Key)})
	}
	for _, of := range most(recur.Similar(c.text[first:], recur.Alike, times)) {
		for i := range of {
			of[i] += first
		}
		add(app.SameText, of, c.at, one, app.Recurring{Name: c.said[of[0]]})
	}
	for _, g := range most(recur.Within(times, personDays*dayMillis, c.at, c.person, from)) {
		add(app.SamePerson, g.Of, c.at, one, app.Recurring{ID: g.Key, Name: records.Name(d.Names, desk.PersonType, g.Key)})
	}
	var at []int64
	var caller, number []string
	var about []desk.ID
	err = d.EachCall(tally.Period{From: p.From.AddDate(0, 0, -callerDays), To: until}, func(x phone.Call, k desk.ID) error {
		if x.Answered() {
			at, caller, number, about = append(at, x.OfferedAt.UnixMilli()), append(caller, calls.CallerKey(x.Caller)), append(number, x.Caller), append(about, k)
		}
		return nil
	})
	if err != nil {
		return err
	}
	a.Repeats, a.Calls = recur.Again(callerDays*dayMillis, at, caller, from)
	for _, g := range most(recur.Within(times, callerDays*dayMillis, at, caller, from)) {
		add(app.SameCaller, g.Of, at, func(i int) desk.ID { return about[i] }, app.Recurring{Name: number[g.Of[len(g.Of)-1]]})
	}
	return nil
}

// most are the first of a list, as many as are told.
func most[T any](gs []T) []T { return gs[:min(len(gs), mostGroups)] }

func cameIn(d *month.Daily, p tally.Period) (c came, err error) {
	err = d.EachOpened(p, func(id desk.ID, k *desk.Case) error {
		x := place{k.Category, k.Site}
		if x.category == "" {
			x = place{}
		}
		c.id, c.at, c.person, c.asset, c.place = append(c.id, id), append(c.at, k.OpenedAt), append(c.person, k.Person), append(c.asset, k.Asset), append(c.place, x)
		c.text, c.said = append(c.text, records.Folded(k.Subject)), append(c.said, k.Subject)
		return nil
	})
	return c, err
}
