package setup

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"punto/app"
	"punto/app/access"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/model"
	"punto/app/records"
	"punto/app/sla"
)

// A desk begins with all that it needs to take the first call: hours, promises, groups,
// categories, and one administrator. It is made once, in one commit.

// making guards the making of the desk.
type making struct{ sync.Mutex }

func createDesk(ctx context.Context, e *engine.Engine, _ engine.Session, c app.CreateDesk) (app.Receipt, error) {
	if err := check(&c); err != nil {
		return app.Receipt{}, err
	}
	var shown string
	if c.Password == "" {
		c.Password = access.NewPassword()
		shown = c.Password
	}
	if err := access.GoodPassword(c.Password); err != nil {
		return app.Receipt{}, err
	}
	start := engine.StateOf[making](e)
	start.Lock()
	defer start.Unlock()
	err := e.Log.Read(func(r desk.Reader) error { return unmade(engine.NewNames(e, r)) }) // before the work of a password
	if err != nil {
		return app.Receipt{}, err
	}
	var admin desk.Agent
	if err := access.GivePassword(ctx, e, &admin, c.Password, nil); err != nil {
		return app.Receipt{}, err
	}
	r, err := e.Update(ctx, engine.Session{Role: desk.AdministratorRole}, func(o *engine.Op) (app.Receipt, error) { return makeDesk(o, c, admin) })
	r.Secret = shown
	return r, err
}

func check(c *app.CreateDesk) error {
	if err := records.Named("organisation", c.Name); err != nil {
		return app.About("name", err)
	}
	if _, err := time.LoadLocation(c.Zone); err != nil || c.Zone == "" || c.Zone == "Local" {
		return app.About("zone", app.Fail(app.Invalid, "%q is not a time zone: write one such as America/Santiago", c.Zone))
	}
	switch c.Lang {
	case "":
		c.Lang = "es"
	case "es", "en", "pt":
	default:
		return app.Fail(app.Invalid, "%q is not a language of the desk: es, en or pt", c.Lang)
	}
	c.Prefix = strings.ToUpper(strings.TrimSpace(c.Prefix))
	if c.Prefix == "" {
		c.Prefix = "A"
	}
	for _, r := range c.Prefix {
		if r < 'A' || r > 'Z' || len(c.Prefix) > 3 {
			return app.Fail(app.Invalid, "the prefix %q is not one to three letters", c.Prefix)
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
func unmade(n *engine.Names) error {
	d, err := records.Desk(n)
	if err == nil && d.Name != "" {
		err = app.Fail(app.Conflict, "this folder already holds the desk of %s: sign in", d.Name)
	}
	return err
}

// makeDesk writes the first events of a desk: who, when it is open, what is
// promised, and the default service model, so that it works from the first
// minute.
func makeDesk(o *engine.Op, c app.CreateDesk, admin desk.Agent) (app.Receipt, error) {
	if err := unmade(o.Names); err != nil {
		return app.Receipt{}, err
	}
	if err := o.Tx.PutMeta("prefix", []byte(c.Prefix)); err != nil {
		return app.Receipt{}, err
	}
	if _, err := records.Save(o, desk.OrganisationType, desk.ID{}, desk.Organisation{Name: c.Name, Zone: c.Zone, Lang: c.Lang, Demo: c.Demo}, nil); err != nil {
		return app.Receipt{}, err
	}
	cal := model.Calendar(c.Zone)
	if c.Hours != nil {
		cal = *c.Hours
		cal.Zone = c.Zone
	}
	if c.AlwaysOpen {
		cal = sla.AlwaysOpen(c.Zone)
	}
	calendar, err := records.SaveCalendar(o, app.SaveCalendar{Calendar: cal})
	if err != nil {
		return app.Receipt{}, err
	}
	groups := map[string]desk.ID{}
	made := model.Groups(c.Lang)
	for _, code := range slices.Sorted(maps.Keys(made)) {
		r, err := records.SaveGroup(o, app.SaveGroup{Group: made[code]})
		if err != nil {
			return app.Receipt{}, err
		}
		groups[code] = r.ID
	}
	k := model.Contract(c.Name, c.Zone)
	k.Calendar, k.Zone, k.Client = calendar.ID, c.Zone, c.Name
	if _, err := records.SaveContract(o, app.SaveContract{Contract: k}); err != nil {
		return app.Receipt{}, err
	}
	m := model.Default() // last, as when a model is published: what a version says is there at its stamp
	m.Groups = groups
	if _, err := records.SaveModel(o, app.SaveModel{Model: m}); err != nil {
		return app.Receipt{}, err
	}
	admin.Name, admin.Login, admin.Role = c.AdminName, c.Login, desk.AdministratorRole
	return access.SaveAgent(o, app.SaveAgent{Agent: admin})
}
