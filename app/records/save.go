package records

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/sla"
)

// Saving writes what differs, and nothing when nothing does: two people who change two
// fields of one record do not overwrite each other.

// Save writes the difference between a stored record and the next one.
func Save[T any](o *engine.Op, t desk.Type, id desk.ID, next T, check func(T) error) (app.Receipt, error) {
	if check != nil {
		if err := check(next); err != nil {
			return app.Receipt{}, err
		}
	}
	if id.IsZero() && t != desk.OrganisationType && t != desk.ModelType {
		id = o.NewID()
	}
	ent := desk.Entity{Type: t, ID: id}
	at, err := o.Open(ent)
	if err != nil {
		return app.Receipt{}, err
	}
	old, err := desk.As[T](at.Current().(*engine.RecordView).Record)
	if err != nil {
		return app.Receipt{}, err
	}
	p, err := desk.Diff(old, next)
	if err != nil || len(p) == 0 {
		return app.Receipt{ID: id}, err
	}
	err = o.Emit(desk.RecordPatched, ent, p)
	return o.Receipt(id), err
}

// Named refuses a record without a name.
func Named(what, name string) error {
	if strings.TrimSpace(name) == "" {
		return app.Fail(app.Invalid, "the %s has no name: write it", what)
	}
	return nil
}

// zoned refuses a time zone that there is not; none is the desk's.
func zoned(zone string) error {
	if zone == "" {
		return nil
	}
	if _, err := time.LoadLocation(zone); err != nil || zone == "Local" {
		return app.Fail(app.Invalid, "%q is not a time zone: write one such as America/Santiago", zone)
	}
	return nil
}

// promised refuses promises that no contract makes.
func promised(k desk.Contract) error {
	const longest = 10 * 365 * 86_400 // seconds
	for _, n := range []int64{k.ShortAbandon, k.AnswerIn, k.WrapUp, int64(k.ReopenDays)} {
		if n < 0 || n > 86_400 {
			return app.Fail(app.Invalid, desk.MisfitNumber, "contract")
		}
	}
	for rule, v := range k.Thresholds {
		if !slices.Contains(desk.ProposalRules, rule) || !(v >= 0 && v <= 1e6) {
			return app.Fail(app.Invalid, "the threshold of %q is of no rule that proposes, or no number from 0 on: correct it", rule)
		}
	}
	for _, l := range k.Ladders {
		for _, g := range l.Rungs {
			if g.Percent < 0 || g.Percent > desk.MaxPercent || max(g.Offset, -g.Offset) > longest || g.Ack < 0 || g.Ack > longest || len(g.To) == 0 {
				return app.Fail(app.Invalid, "a rung of an escalation has no receiver, or is reached at no time that there is: correct it")
			}
		}
	}
	for _, t := range k.Targets {
		for _, n := range []int64{t.TakeUp, t.Resolve, t.OLA} {
			if n < 0 || n > longest {
				return app.Fail(app.Invalid, "the promise for priority %d is not between 0 and ten years: correct it", t.Priority)
			}
		}
	}
	return nil
}

func saveDesk(o *engine.Op, c app.SaveDesk) (app.Receipt, error) {
	return Save(o, desk.OrganisationType, desk.ID{}, c.Organisation, func(d desk.Organisation) error { return cmp.Or(Named("desk", d.Name), zoned(d.Zone)) })
}

func savePerson(o *engine.Op, c app.SavePerson) (app.Receipt, error) {
	return Save(o, desk.PersonType, c.ID, c.Person, func(p desk.Person) error { return Named("user", p.Name) })
}

func saveArea(o *engine.Op, c app.SaveArea) (app.Receipt, error) {
	return Save(o, desk.AreaType, c.ID, c.Area, func(a desk.Area) error { return Named("area", a.Name) })
}

func saveSite(o *engine.Op, c app.SaveSite) (app.Receipt, error) {
	return Save(o, desk.SiteType, c.ID, c.Site, func(s desk.Site) error { return cmp.Or(Named("site", s.Name), zoned(s.Zone)) })
}

func saveAsset(o *engine.Op, c app.SaveAsset) (app.Receipt, error) {
	return Save(o, desk.AssetType, c.ID, c.Asset, func(a desk.Asset) error { return Named("asset", a.Tag) })
}

// SaveGroup makes or changes a group.
func SaveGroup(o *engine.Op, c app.SaveGroup) (app.Receipt, error) {
	return Save(o, desk.GroupType, c.ID, c.Group, func(g desk.Group) error { return Named("group", g.Name) })
}

func saveArticle(o *engine.Op, c app.SaveArticle) (app.Receipt, error) {
	return Save(o, desk.ArticleType, c.ID, c.Article, func(a desk.Article) error { return Named("article", a.Title) })
}

// SaveContract makes or changes a contract.
func SaveContract(o *engine.Op, c app.SaveContract) (app.Receipt, error) {
	if err := claimed(o, c); err != nil {
		return app.Receipt{}, err
	}
	return Save(o, desk.ContractType, c.ID, c.Contract, func(k desk.Contract) error {
		return cmp.Or(Named("contract", k.Client), zoned(k.Zone), promised(k))
	})
}

// claimed refuses a queue or number whose calls are another contract's already.
func claimed(o *engine.Op, c app.SaveContract) error {
	for x, err := range Each[desk.Contract](o.Names, desk.ContractType) {
		if err != nil {
			return err
		}
		if x.ID == c.ID {
			continue
		}
		other := x.Of
		for _, q := range c.Contract.Queues {
			if slices.ContainsFunc(other.Queues, func(x string) bool { return Folded(x) == Folded(q) }) {
				return app.Fail(app.Conflict, "the calls of the queue %q are those of the contract %s already: take it from there first", q, other.Code)
			}
		}
		for _, n := range c.Contract.Numbers {
			if slices.ContainsFunc(other.Numbers, func(x string) bool { return Digits(x) == Digits(n) }) {
				return app.Fail(app.Conflict, "the calls to the number %q are those of the contract %s already: take it from there first", n, other.Code)
			}
		}
	}
	return nil
}

// SaveCalendar makes or changes a calendar.
func SaveCalendar(o *engine.Op, c app.SaveCalendar) (app.Receipt, error) {
	if _, err := sla.Compile(c.Calendar); err != nil {
		return app.Receipt{}, app.Fail(app.Invalid, "the calendar cannot be used: %v", err)
	}
	return Save(o, desk.CalendarType, c.ID, c.Calendar, nil)
}

// SaveModel changes the service model.
func SaveModel(o *engine.Op, c app.SaveModel) (app.Receipt, error) {
	old, err := Model(o.Names)
	if err != nil {
		return app.Receipt{}, err
	}
	if err := requirable(c.Model.Requires); err != nil {
		return app.Receipt{}, err
	}
	c.Model.Version = old.Version + 1
	return Save(o, desk.ModelType, desk.ID{}, c.Model, func(m desk.Model) error {
		for i, row := range m.Matrix {
			for u, p := range row {
				if p < 1 || p > 4 {
					return app.Fail(app.Invalid, "the matrix gives priority %d for impact %d and urgency %d: it goes from 1 to 4", p, i+1, u+1)
				}
			}
		}
		return nil
	})
}

func requireFields(o *engine.Op, c app.RequireFields) (app.Receipt, error) {
	m, err := Model(o.Names)
	if err != nil {
		return app.Receipt{}, err
	}
	m.Requires = c.Fields
	return SaveModel(o, app.SaveModel{Model: m})
}

// requirable checks the names of required fields.
func requirable(fields []string) error {
	if slices.Equal(fields, []string{desk.RequiresNothing}) {
		return nil
	}
	for _, f := range fields {
		if !slices.Contains(desk.Requirable, f) {
			return app.Fail(app.Invalid, "%q is not a field that can be required: there are %s, and %q alone for none", f, strings.Join(desk.Requirable, ", "), desk.RequiresNothing)
		}
	}
	return nil
}
