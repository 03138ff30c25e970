package app

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"punto/app/desk"
)

// save writes the difference between a stored record and the next one.
func save[T any](o *op, t desk.Type, id desk.ID, next T, check func(T) error) (Receipt, error) {
	if check != nil {
		if err := check(next); err != nil {
			return Receipt{}, err
		}
	}
	if id.IsZero() && t != desk.DeskType && t != desk.ModelType {
		id = o.newID()
	}
	ent := desk.Entity{Type: t, ID: id}
	at, err := o.open(ent)
	if err != nil {
		return Receipt{}, err
	}
	at.record, _ = o.recordSoFar(ent)
	old, err := desk.As[T](at.record)
	if err != nil {
		return Receipt{}, err
	}
	p, err := desk.Diff(old, next)
	if err != nil || len(p) == 0 {
		return Receipt{ID: id}, err
	}
	err = o.emit(desk.RecordPatched, ent, p)
	return o.receipt(id), err
}

func named(what, name string) error {
	if strings.TrimSpace(name) == "" {
		return fail(Invalid, "the %s has no name: write it", what)
	}
	return nil
}

// zoned refuses a time zone that there is not; none is the desk's.
func zoned(zone string) error {
	if zone == "" {
		return nil
	}
	if _, err := time.LoadLocation(zone); err != nil || zone == "Local" {
		return fail(Invalid, "%q is not a time zone: write one such as America/Santiago", zone)
	}
	return nil
}

// promised refuses promises that no contract makes.
func promised(k desk.Contract) error {
	const longest = 10 * 365 * 86_400 // seconds
	for _, n := range []int64{k.ShortAbandon, k.AnswerIn, k.WrapUp, int64(k.ReopenDays)} {
		if n < 0 || n > 86_400 {
			return fail(Invalid, desk.MisfitNumber, "contract")
		}
	}
	for _, t := range k.Targets {
		for _, n := range []int64{t.TakeUp, t.Resolve, t.OLA} {
			if n < 0 || n > longest {
				return fail(Invalid, "the promise for priority %d is not between 0 and ten years: correct it", t.Priority)
			}
		}
	}
	return nil
}

func (c SaveDesk) do(o *op) (Receipt, error) {
	return save(o, desk.DeskType, desk.ID{}, c.Desk, func(d desk.Desk) error { return cmp.Or(named("desk", d.Name), zoned(d.Zone)) })
}

func (c SavePerson) do(o *op) (Receipt, error) {
	return save(o, desk.PersonType, c.ID, c.Person, func(p desk.Person) error { return named("user", p.Name) })
}

func (c SaveArea) do(o *op) (Receipt, error) {
	return save(o, desk.AreaType, c.ID, c.Area, func(a desk.Area) error { return named("area", a.Name) })
}

func (c SaveSite) do(o *op) (Receipt, error) {
	return save(o, desk.SiteType, c.ID, c.Site, func(s desk.Site) error { return cmp.Or(named("site", s.Name), zoned(s.Zone)) })
}

func (c SaveAsset) do(o *op) (Receipt, error) {
	return save(o, desk.AssetType, c.ID, c.Asset, func(a desk.Asset) error { return named("asset", a.Tag) })
}

func (c SaveGroup) do(o *op) (Receipt, error) {
	return save(o, desk.GroupType, c.ID, c.Group, func(g desk.Group) error { return named("group", g.Name) })
}

func (c SaveArticle) do(o *op) (Receipt, error) {
	return save(o, desk.ArticleType, c.ID, c.Article, func(a desk.Article) error { return named("article", a.Title) })
}

func (c SaveContract) do(o *op) (Receipt, error) {
	if err := o.claimed(c); err != nil {
		return Receipt{}, err
	}
	return save(o, desk.ContractType, c.ID, c.Contract, func(k desk.Contract) error {
		return cmp.Or(named("contract", k.Client), zoned(k.Zone), promised(k))
	})
}

// claimed refuses a queue or number whose calls are another contract's already.
func (o *op) claimed(c SaveContract) error {
	for k, err := range o.tx.Scan(prefix(ixRecord, desk.ContractType), nil, false) {
		if err != nil {
			return err
		}
		other, err := noun[desk.Contract](o.names, desk.ContractType, idOf(k.Key))
		if err != nil {
			return err
		}
		if idOf(k.Key) == c.ID {
			continue
		}
		for _, q := range c.Contract.Queues {
			if slices.ContainsFunc(other.Queues, func(x string) bool { return folded(x) == folded(q) }) {
				return fail(Conflict, "the calls of the queue %q are those of the contract %s already: take it from there first", q, other.Code)
			}
		}
		for _, n := range c.Contract.Numbers {
			if slices.ContainsFunc(other.Numbers, func(x string) bool { return digits(x) == digits(n) }) {
				return fail(Conflict, "the calls to the number %q are those of the contract %s already: take it from there first", n, other.Code)
			}
		}
	}
	return nil
}

func (c SaveCalendar) do(o *op) (Receipt, error) {
	if _, err := compile(c.Calendar); err != nil {
		return Receipt{}, fail(Invalid, "the calendar cannot be used: %v", err)
	}
	return save(o, desk.CalendarType, c.ID, c.Calendar, nil)
}

func (c SaveModel) do(o *op) (Receipt, error) {
	old, err := o.theModel()
	if err != nil {
		return Receipt{}, err
	}
	if err := requirable(c.Model.Requires); err != nil {
		return Receipt{}, err
	}
	c.Model.Version = old.Version + 1
	return save(o, desk.ModelType, desk.ID{}, c.Model, func(m desk.Model) error {
		for i, row := range m.Matrix {
			for u, p := range row {
				if p < 1 || p > 4 {
					return fail(Invalid, "the matrix gives priority %d for impact %d and urgency %d: it goes from 1 to 4", p, i+1, u+1)
				}
			}
		}
		return nil
	})
}

// do saves the agent; the password, when one is given, was hashed by doAlone.
func (c SaveAgent) do(o *op) (Receipt, error) {
	at, err := o.open(desk.Entity{Type: desk.AgentType, ID: c.ID})
	if err != nil {
		return Receipt{}, err
	}
	if c.Agent.Secret == nil && !c.ID.IsZero() {
		old, err := desk.As[desk.Agent](at.record)
		if err != nil {
			return Receipt{}, err
		}
		c.Agent.Secret, c.Agent.Key, c.Agent.Sealed = old.Secret, old.Key, old.Sealed
	}
	login := strings.ToLower(strings.TrimSpace(c.Agent.Login))
	if login == "" && c.Agent.Secret != nil {
		return Receipt{}, fail(Invalid, "the agent has no user name to sign in with: write it")
	}
	if id, taken, err := first(o.tx, prefix(ixLogin, login)); err != nil {
		return Receipt{}, err
	} else if login != "" && taken && id != c.ID {
		return Receipt{}, fail(Conflict, "the user name %q is already that of another agent: choose another", login)
	}
	c.Agent.Login = login
	return save(o, desk.AgentType, c.ID, c.Agent, func(a desk.Agent) error { return named("agent", a.Name) })
}

func (c SaveAgent) doAlone(ctx context.Context, e *Engine, s session) (Receipt, error) {
	var secret string
	if c.Password == "" && c.ID.IsZero() && c.Agent.Login != "" {
		secret = newPassword()
		c.Password = secret
	}
	if c.Password != "" {
		if err := goodPassword(c.Password); err != nil {
			return Receipt{}, err
		}
		if err := e.setPassword(ctx, &c.Agent, c.Password, nil); err != nil {
			return Receipt{}, err
		}
	}
	r, err := e.update(ctx, s, c.do)
	if err == nil {
		r.Secret = secret
	}
	return r, err
}

func goodPassword(p string) error {
	if len([]rune(p)) < 8 {
		return about("password", fail(Invalid, "the password is shorter than 8 characters: choose a longer one"))
	}
	return nil
}

func (e *Engine) agent(id desk.ID) (a desk.Agent, err error) {
	err = e.log.Read(func(r desk.Reader) error { a, err = noun[desk.Agent](newNames(e, r), desk.AgentType, id); return err })
	if err == nil && a.Name == "" {
		err = fail(NotFound, "there is no such agent")
	}
	return a, err
}
