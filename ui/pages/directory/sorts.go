package directory

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/ui/page"
)

var (
	everybodyAtWork = []desk.Role{desk.AgentRole, desk.TechnicianRole, desk.SupervisorRole, desk.AdministratorRole}
	supervisors     = []desk.Role{desk.SupervisorRole, desk.AdministratorRole}
	administrators  = []desk.Role{desk.AdministratorRole}
)

// Agents is the page of those who work at the desk.
func Agents() page.Kind {
	return page.Kind{Name: "agents", Word: "area.agents", Place: page.Tab, Under: "people", For: supervisors, Make: func(k *page.Kit) page.Page { return newAgents(k) }}
}

// Users is the page on which users are made and changed.
func Users() page.Kind {
	return page.Kind{Name: "users", Word: "area.users", Place: page.Tab, Under: "people", For: everybodyAtWork, Make: func(k *page.Kit) page.Page { return newUsers(k) }}
}

// Assets is the page of equipment.
func Assets() page.Kind {
	return page.Kind{Name: "assets", Word: "area.assets", Place: page.Tab, Under: "people", For: everybodyAtWork, Make: func(k *page.Kit) page.Page { return newAssets(k) }}
}

// Areas is the page of the parts of the client's organisation.
func Areas() page.Kind {
	return page.Kind{Name: "areas", Word: "area.areas", Place: page.Tab, Under: "people", For: supervisors, Make: func(k *page.Kit) page.Page { return newAreas(k) }}
}

// Sites is the page of the client's places.
func Sites() page.Kind {
	return page.Kind{Name: "sites", Word: "area.sites", Place: page.Tab, Under: "people", For: supervisors, Make: func(k *page.Kit) page.Page { return newSites(k) }}
}

// Groups is the page of those who solve: groups of the desk, and suppliers.
func Groups() page.Kind {
	return page.Kind{Name: "groups", Word: "area.groups", Place: page.Tab, Under: "people", For: supervisors, Make: func(k *page.Kit) page.Page { return newGroups(k) }}
}

// text is an input of one line.
func text(word string, at *string) page.Input {
	return page.Input{Word: word, Get: func() string { return *at }, Set: func(s string) error { *at = strings.TrimSpace(s); return nil }}
}

// words is an input of several words with commas between.
func words(word, hint string, at *[]string) page.Input {
	return page.Input{Word: word, Hint: hint, Get: func() string { return strings.Join(*at, ", ") }, Set: func(s string) error {
		*at = nil
		for _, x := range strings.Split(s, ",") {
			if x = strings.TrimSpace(x); x != "" {
				*at = append(*at, x)
			}
		}
		return nil
	}}
}

// yes is an input of a yes and a no.
func yes(k *page.Kit, word string, at *bool) page.Input {
	return page.Input{Word: word, Options: []string{k.T("word.yes"), k.T("word.no")}, Get: func() string { return map[bool]string{true: "1", false: "2"}[*at] },
		Set: func(s string) error { *at = s == "1"; return nil }}
}

// places are the areas and sites by name, so that a form can name them.
type places struct {
	areas, sites map[string]desk.ID // by name in small letters
	names        map[desk.ID]string
}

// load asks for them; they are few.
func (x *places) load(k *page.Kit) {
	if x.names == nil {
		x.areas, x.sites, x.names = map[string]desk.ID{}, map[string]desk.ID{}, map[desk.ID]string{}
	}
	page.Ask(k, app.Records{Type: desk.AreaType, Limit: 1000}, func(a app.RecordsAnswer) {
		for _, r := range a.Areas {
			x.areas[strings.ToLower(r.Of.Name)], x.names[r.ID] = r.ID, r.Of.Name
		}
	})
	page.Ask(k, app.Records{Type: desk.SiteType, Limit: 1000}, func(a app.RecordsAnswer) {
		for _, r := range a.Sites {
			x.sites[strings.ToLower(r.Of.Name)], x.names[r.ID] = r.ID, r.Of.Name
		}
	})
}

// named is an input that names a place; wrong is the id of what is said of a name that
// is not there.
func (x *places) named(word, wrong string, in func() map[string]desk.ID, at *desk.ID) page.Input {
	return page.Input{Word: word, Get: func() string { return x.names[*at] }, Set: func(s string) error {
		s = strings.ToLower(strings.TrimSpace(s))
		id, ok := in()[s]
		if !ok && s != "" {
			return errors.New(wrong)
		}
		*at = id
		return nil
	}}
}

func newUsers(k *page.Kit) *directory[desk.Person] {
	return newDirectory(k, sort[desk.Person]{word: "area.users", of: desk.PersonType, write: everybodyAtWork,
		cols: [3]string{"people.name", "people.ext", "people.titleCol"},
		rows: func(a app.RecordsAnswer) (rs []app.Named[desk.Person]) {
			for _, r := range a.People {
				rs = append(rs, app.Named[desk.Person]{ID: r.ID, Of: r.Person})
			}
			return rs
		},
		cells: func(_ *page.Kit, x desk.Person) [3]string { return [3]string{x.Name, x.Extension, x.Title} },
		inputs: func(d *directory[desk.Person]) []page.Input {
			k, x := d.k, &d.now
			return []page.Input{text(k.T("people.name"), &x.Name), text(k.T("people.titleCol"), &x.Title), text(k.T("people.ext"), &x.Extension),
				words(k.T("directory.phones"), "+56 9 5555 0101", &x.Phones), text(k.T("directory.email"), &x.Email), text(k.T("directory.document"), &x.Document),
				d.places.named(k.T("directory.area"), "directory.noArea", func() map[string]desk.ID { return d.places.areas }, &x.Area),
				d.places.named(k.T("person.site"), "directory.noSite", func() map[string]desk.ID { return d.places.sites }, &x.Site),
				words(k.T("directory.langs"), "es, en", &x.Langs), yes(k, k.T("person.vip"), &x.VIP)}
		},
		blank: func(*page.Kit) desk.Person { return desk.Person{} },
		gone:  func(x *desk.Person) *bool { return &x.Gone },
		save:  func(id desk.ID, x desk.Person) app.Command { return app.SavePerson{ID: id, Person: x} }})
}

func newAssets(k *page.Kit) *directory[desk.Asset] {
	return newDirectory(k, sort[desk.Asset]{word: "area.assets", of: desk.AssetType, write: everybodyAtWork,
		cols: [3]string{"directory.tag", "directory.model", "directory.serial"},
		rows: func(a app.RecordsAnswer) []app.Named[desk.Asset] { return a.Assets },
		cells: func(_ *page.Kit, x desk.Asset) [3]string {
			return [3]string{strings.TrimSpace(x.Tag + "  " + x.Name), x.Model, x.Serial}
		},
		inputs: func(d *directory[desk.Asset]) []page.Input {
			k, x := d.k, &d.now
			return []page.Input{text(k.T("directory.tag"), &x.Tag), text(k.T("people.name"), &x.Name), text(k.T("directory.model"), &x.Model), text(k.T("directory.serial"), &x.Serial),
				d.places.named(k.T("person.site"), "directory.noSite", func() map[string]desk.ID { return d.places.sites }, &x.Site)}
		},
		blank: func(*page.Kit) desk.Asset { return desk.Asset{} },
		gone:  func(x *desk.Asset) *bool { return &x.Gone },
		save:  func(id desk.ID, x desk.Asset) app.Command { return app.SaveAsset{ID: id, Asset: x} }})
}

func newAreas(k *page.Kit) *directory[desk.Area] {
	return newDirectory(k, sort[desk.Area]{word: "area.areas", of: desk.AreaType, write: supervisors, cols: [3]string{"people.name"},
		rows:  func(a app.RecordsAnswer) []app.Named[desk.Area] { return a.Areas },
		cells: func(_ *page.Kit, x desk.Area) [3]string { return [3]string{x.Name} },
		inputs: func(d *directory[desk.Area]) []page.Input {
			return []page.Input{text(d.k.T("people.name"), &d.now.Name)}
		},
		blank: func(*page.Kit) desk.Area { return desk.Area{} },
		save:  func(id desk.ID, x desk.Area) app.Command { return app.SaveArea{ID: id, Area: x} }})
}

func newSites(k *page.Kit) *directory[desk.Site] {
	return newDirectory(k, sort[desk.Site]{word: "area.sites", of: desk.SiteType, write: supervisors, cols: [3]string{"people.name", "directory.city", "model.zone"},
		rows:  func(a app.RecordsAnswer) []app.Named[desk.Site] { return a.Sites },
		cells: func(_ *page.Kit, x desk.Site) [3]string { return [3]string{x.Name, x.City, x.Zone} },
		inputs: func(d *directory[desk.Site]) []page.Input {
			zone := text(d.k.T("model.zone"), &d.now.Zone)
			set := zone.Set
			zone.Hint, zone.Set = "America/Santiago", func(s string) error {
				if _, err := time.LoadLocation(strings.TrimSpace(s)); err != nil {
					return errors.New("directory.noZone")
				}
				return set(s)
			}
			return []page.Input{text(d.k.T("people.name"), &d.now.Name), text(d.k.T("directory.city"), &d.now.City), zone}
		},
		blank: func(*page.Kit) desk.Site { return desk.Site{} },
		save:  func(id desk.ID, x desk.Site) app.Command { return app.SaveSite{ID: id, Site: x} }})
}

// levels are those that a group may be of.
var levels = []string{"1", "2", "3"}

func newGroups(k *page.Kit) *directory[desk.Group] {
	return newDirectory(k, sort[desk.Group]{word: "area.groups", of: desk.GroupType, write: supervisors, cols: [3]string{"people.name", "directory.level", "directory.supplier"},
		rows: func(a app.RecordsAnswer) []app.Named[desk.Group] { return a.Groups },
		cells: func(k *page.Kit, x desk.Group) [3]string {
			out := ""
			if x.Outside {
				out = k.T("directory.supplier")
			}
			return [3]string{x.Name, strconv.Itoa(x.Level), out}
		},
		inputs: func(d *directory[desk.Group]) []page.Input {
			level := page.Input{Word: d.k.T("directory.level"), Options: levels, Get: func() string { return strconv.Itoa(d.now.Level) },
				Set: func(s string) (err error) { d.now.Level, err = strconv.Atoi(s); return err }}
			return []page.Input{text(d.k.T("people.name"), &d.now.Name), level, yes(d.k, d.k.T("directory.supplier"), &d.now.Outside)}
		},
		blank: func(*page.Kit) desk.Group { return desk.Group{Level: 2} },
		save:  func(id desk.ID, x desk.Group) app.Command { return app.SaveGroup{ID: id, Group: x} }})
}

// roles are those that an agent may have, in the order of the choice.
var roles = []desk.Role{desk.AgentRole, desk.TechnicianRole, desk.SupervisorRole, desk.AnalystRole, desk.AdministratorRole, desk.ViewerRole}

func newAgents(k *page.Kit) *directory[desk.Agent] {
	return newDirectory(k, sort[desk.Agent]{word: "area.agents", of: desk.AgentType, write: administrators,
		cols: [3]string{"people.name", "directory.login", "directory.role"},
		rows: func(a app.RecordsAnswer) []app.Named[desk.Agent] { return a.Agents },
		cells: func(k *page.Kit, x desk.Agent) [3]string {
			return [3]string{x.Name, x.Login, k.Words.T("role." + x.Role.String())}
		},
		inputs: agentInputs, blank: func(*page.Kit) desk.Agent { return desk.Agent{Role: desk.AgentRole} },
		gone: func(x *desk.Agent) *bool { return &x.Gone },
		save: func(id desk.ID, x desk.Agent) app.Command { return app.SaveAgent{ID: id, Agent: x} },
		more: func(d *directory[desk.Agent]) []page.Action {
			off := d.may()
			if off == "" && (!d.begun || d.id.IsZero() || d.now.Login == "") {
				off = d.k.T("directory.noLogin")
			}
			return []page.Action{{Key: "F7", Word: d.k.T("directory.password"), Off: off, Do: func() { newPassword(d) }}}
		}})
}

func agentInputs(d *directory[desk.Agent]) []page.Input {
	k, x := d.k, &d.now
	var names []string
	for _, r := range roles {
		names = append(names, k.Words.T("role."+r.String()))
	}
	role := page.Input{Word: k.T("directory.role"), Options: names, Get: func() string {
		for i, r := range roles {
			if r == x.Role {
				return strconv.Itoa(i + 1)
			}
		}
		return "0"
	}, Set: func(s string) error {
		if n, err := strconv.Atoi(s); err == nil && n >= 1 && n <= len(roles) {
			x.Role = roles[n-1]
		}
		return nil
	}}
	groups := page.Input{Word: k.T("directory.groups"), Hint: k.T("directory.groupsHint"), Get: func() string {
		var in []string
		for _, g := range k.Groups {
			for _, id := range x.Groups {
				if id == g.ID {
					in = append(in, g.Of.Name)
				}
			}
		}
		return strings.Join(in, ", ")
	}, Set: func(s string) error {
		x.Groups = nil
		for _, w := range strings.Split(s, ",") {
			w = strings.TrimSpace(w)
			found := w == ""
			for _, g := range k.Groups {
				if strings.EqualFold(g.Of.Name, w) {
					x.Groups, found = append(x.Groups, g.ID), true
				}
			}
			if !found {
				return errors.New("directory.noGroup")
			}
		}
		return nil
	}}
	return []page.Input{text(k.T("people.name"), &x.Name), text(k.T("directory.login"), &x.Login), role, groups, words(k.T("directory.langs"), "es, en", &x.Langs), text(k.T("people.ext"), &x.Extension), text(k.T("directory.email"), &x.Email)}
}

// newPassword gives an agent another password, shown once.
func newPassword(d *directory[desk.Agent]) {
	k := d.k
	k.Question(k.T("directory.askPassword", "Name", d.now.Name), []string{k.T("word.no"), k.T("directory.password")}, 1, "", "", func(i int, _ string) {
		if i == 2 {
			k.Do(app.SetPassword{Agent: d.id}, func(r app.Receipt) { d.secret = r.Secret }, nil)
		}
	})
}
