package app

import (
	"context"
	"strings"
	"time"

	"punto/app/desk"
	"punto/app/model"
	"punto/app/sla"
)

func (c CreateDesk) do(*op) (Receipt, error) { return Receipt{}, errAlone }

func (c CreateDesk) doAlone(ctx context.Context, e *Engine, _ session) (Receipt, error) {
	if err := c.check(); err != nil {
		return Receipt{}, err
	}
	var shown string
	if c.Password == "" {
		c.Password = newPassword()
		shown = c.Password
	}
	if err := goodPassword(c.Password); err != nil {
		return Receipt{}, err
	}
	e.start.Lock()
	defer e.start.Unlock()
	err := e.log.Read(func(r desk.Reader) error { return unmade(newNames(e, r)) }) // before the work of a password
	if err != nil {
		return Receipt{}, err
	}
	var admin desk.Agent
	if err := e.setPassword(ctx, &admin, c.Password, nil); err != nil {
		return Receipt{}, err
	}
	r, err := e.update(ctx, session{role: desk.AdministratorRole}, func(o *op) (Receipt, error) { return c.make(o, admin) })
	r.Secret = shown
	return r, err
}

func (c *CreateDesk) check() error {
	if err := named("organisation", c.Name); err != nil {
		return about("name", err)
	}
	if _, err := time.LoadLocation(c.Zone); err != nil || c.Zone == "" || c.Zone == "Local" {
		return about("zone", fail(Invalid, "%q is not a time zone: write one such as America/Santiago", c.Zone))
	}
	switch c.Lang {
	case "":
		c.Lang = "es"
	case "es", "en", "pt":
	default:
		return fail(Invalid, "%q is not a language of the desk: es, en or pt", c.Lang)
	}
	c.Prefix = strings.ToUpper(strings.TrimSpace(c.Prefix))
	if c.Prefix == "" {
		c.Prefix = "A"
	}
	for _, r := range c.Prefix {
		if r < 'A' || r > 'Z' || len(c.Prefix) > 3 {
			return fail(Invalid, "the prefix %q is not one to three letters", c.Prefix)
		}
	}
	if c.AdminName == "" {
		c.AdminName = "Administrador"
	}
	if c.Login == "" {
		c.Login = "admin"
	}
	return nil
}

// unmade refuses to make a desk where there is one.
func unmade(n *names) error {
	d, err := n.theDesk()
	if err == nil && d.Name != "" {
		err = fail(Conflict, "this folder already holds the desk of %s: sign in", d.Name)
	}
	return err
}

// make writes the first events of a desk: who, when it is open, what is
// promised, and the default service model, so that it works from the first
// minute.
func (c CreateDesk) make(o *op, admin desk.Agent) (Receipt, error) {
	if err := unmade(o.names); err != nil {
		return Receipt{}, err
	}
	if err := o.tx.PutMeta("prefix", []byte(c.Prefix)); err != nil {
		return Receipt{}, err
	}
	if _, err := save(o, desk.DeskType, desk.ID{}, desk.Desk{Name: c.Name, Zone: c.Zone, Lang: c.Lang, Demo: c.Demo}, nil); err != nil {
		return Receipt{}, err
	}
	cal := model.Calendar(c.Zone)
	if c.Hours != nil {
		cal = *c.Hours
		cal.Zone = c.Zone
	}
	if c.AlwaysOpen {
		cal = sla.AlwaysOpen(c.Zone)
	}
	calendar, err := SaveCalendar{Calendar: cal}.do(o)
	if err != nil {
		return Receipt{}, err
	}
	groups := map[string]desk.ID{}
	made := model.Groups(c.Lang)
	for _, code := range sortedKeys(made) {
		r, err := SaveGroup{Group: made[code]}.do(o)
		if err != nil {
			return Receipt{}, err
		}
		groups[code] = r.ID
	}
	m := model.Default()
	m.Groups = groups
	if _, err := (SaveModel{Model: m}).do(o); err != nil {
		return Receipt{}, err
	}
	k := model.Contract(c.Name, c.Zone)
	k.Calendar, k.Zone, k.Client = calendar.ID, c.Zone, c.Name
	if _, err := (SaveContract{Contract: k}).do(o); err != nil {
		return Receipt{}, err
	}
	admin.Name, admin.Login, admin.Role = c.AdminName, c.Login, desk.AdministratorRole
	return SaveAgent{Agent: admin}.do(o)
}
