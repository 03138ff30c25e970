// Package demo makes a demonstration desk: a site of three areas with 400 users,
// 12 agents, and a year of calls and cases in Spanish that ends now, so that
// today's queue is alive. All of it goes through the desk's own commands, and
// the same seed and end make the same desk.
package demo

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/model"
	"punto/app/phone"
	"punto/app/sla"
)

// Password is that of every agent of a demonstration; the users are
// ana.soto, luis.diaz and so on.
const Password = "demostracion"

// People is how many users a demonstration has.
const People = 400

// Create makes the desk of a demonstration and fills it as of end; the
// administrator signs in as admin with Password.
func Create(ctx context.Context, d app.Desk, seed uint64, end time.Time, zone string, progress func(done, all int)) error {
	c := app.CreateDesk{Name: "Compañía Minera Los Andes", Zone: zone, Lang: "es", Prefix: "B", Login: "admin", Password: Password, Demo: true}
	if _, err := d.Do(ctx, c); err != nil {
		return err
	}
	return Fill(ctx, d, seed, end, zone, progress)
}

// Fill makes the demonstration in a desk that was just created, as of end.
// progress may be nil. It can be stopped by ctx; what went in stays.
func Fill(ctx context.Context, d app.Desk, seed uint64, end time.Time, zone string, progress func(done, all int)) error {
	z, err := time.LoadLocation(zone)
	if err != nil {
		return fmt.Errorf("fill the demonstration: %w", err)
	}
	h, err := sla.Compile(model.Calendar(zone))
	if err != nil {
		return err
	}
	g := &maker{r: rand.New(rand.NewPCG(seed, 11)), end: end.In(z), zone: z, hours: h, stories: stories(), groups: model.Groups("es")}
	g.categories = model.Default().Categories
	for _, s := range g.stories {
		g.total += s.weight
	}
	if err := g.staff(ctx, d); err != nil {
		return err
	}
	if _, err := d.Do(ctx, g.community()); err != nil {
		return err
	}
	const days = 365
	for i := days; i >= 0; i-- {
		if err := ctx.Err(); err != nil {
			return err
		}
		g.day(g.end.AddDate(0, 0, -i))
		if len(g.calls) > 1500 || i == 0 {
			if err := g.send(ctx, d); err != nil {
				return err
			}
		}
		if progress != nil {
			progress(days-i+1, days+1)
		}
	}
	return nil
}

type maker struct {
	r          *rand.Rand
	end        time.Time
	zone       *time.Location
	hours      *sla.Hours
	stories    []story
	categories []desk.Category
	groups     map[string]desk.Group
	total      int
	calls      []phone.Call
	cases      []app.CaseHistory
	n          int
}

func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

// staff makes the agents, each with a password that is the same for all.
func (g *maker) staff(ctx context.Context, d app.Desk) error {
	a, err := d.Ask(ctx, app.TheModel{})
	if err != nil {
		return err
	}
	ids := a.(app.TheModelAnswer).Model.Groups
	save := func(name string, role desk.Role, groups ...desk.ID) error {
		_, err := d.Do(ctx, app.SaveAgent{Agent: desk.Agent{Name: name, Login: login(name), Role: role, Groups: groups, Langs: []string{"es"}, Ref: name}, Password: Password})
		return err
	}
	for i, name := range agents {
		role := desk.AgentRole
		if i == len(agents)-1 {
			role = desk.SupervisorRole
		}
		if err := save(name, role, ids["n1"]); err != nil {
			return err
		}
	}
	for _, code := range []string{"soporte", "redes", "aplicaciones", "servidores"} {
		for _, name := range second[code] {
			if err := save(name, desk.TechnicianRole, ids[code]); err != nil {
				return err
			}
		}
	}
	return nil
}

// login is a name as one signs in with it: "ana.soto".
func login(name string) string {
	fold := map[rune]rune{'á': 'a', 'é': 'e', 'í': 'i', 'ó': 'o', 'ú': 'u', 'ñ': 'n', ' ': '.'}
	out := []rune{}
	for _, r := range name {
		if r >= 'A' && r <= 'Z' {
			r += 'a' - 'A'
		}
		if f, ok := fold[r]; ok {
			r = f
		}
		out = append(out, r)
	}
	return string(out)
}

func person(i int) string { return fmt.Sprintf("U%04d", i) }

func (g *maker) community() app.ImportRecords {
	var c app.ImportRecords
	for i := range People {
		area := i % len(areas)
		c.People = append(c.People, desk.Person{Name: pick(g.r, givenNames) + " " + pick(g.r, familyNames) + " " + pick(g.r, familyNames), Title: pick(g.r, titles),
			Extension: fmt.Sprint(4000 + i*7%3000), Phones: []string{fmt.Sprintf("9%08d", g.r.IntN(1e8))}, Email: fmt.Sprintf("u%04d@losandes.example", i),
			Document: fmt.Sprintf("%08d", 10_000_000+g.r.IntN(15_000_000)), Langs: []string{"es"}, VIP: i%41 == 7, Ref: person(i)})
		c.Areas = append(c.Areas, areas[area])
		c.Sites = append(c.Sites, sites[(i/3)%len(sites)])
	}
	for i := range 260 {
		owner := g.r.IntN(People)
		c.Assets = append(c.Assets, desk.Asset{Tag: fmt.Sprintf("PC-%04d", i+100), Name: "Equipo de escritorio", Ref: fmt.Sprintf("A%04d", i), Person: desk.DerivedID(desk.PersonType.String(), person(owner))})
	}
	for i, d := range documents() {
		c.Articles = append(c.Articles, desk.Article{Ref: fmt.Sprintf("KB-%04d", 100+i), Code: fmt.Sprintf("KB-%04d", 100+i), Title: d[0], Body: d[1], Lang: "es"})
	}
	return c
}

// hourly is how the calls of a day spread over its hours from 8.
var hourly = []int{9, 15, 16, 13, 10, 5, 8, 10, 8, 6}

// day makes the calls and cases of one civil day.
func (g *maker) day(day time.Time) {
	noon := time.Date(day.Year(), day.Month(), day.Day(), 8, 0, 0, 0, g.zone)
	if g.hours.Between(noon, noon.Add(10*time.Hour)) == 0 {
		return
	}
	ago := g.end.Sub(noon).Hours() / 24
	factor := 1 + 0.12*math.Sin(ago/29)
	if day.Weekday() == time.Monday {
		factor *= 1.3
	}
	bad := ago > 118 && ago < 148 // a month in which the network failed
	if bad {
		factor *= 1.25
	}
	for h, weight := range hourly {
		n := float64(weight) * 0.72 * factor
		for range int(n + g.r.Float64()) {
			at := noon.Add(time.Duration(h)*time.Hour + time.Duration(g.r.IntN(3600))*time.Second)
			if at.Before(g.end) {
				g.call(at, bad)
			}
		}
	}
}

// exp is an exponential time with a mean, in whole seconds.
func (g *maker) exp(mean time.Duration) time.Duration {
	return time.Duration(g.r.ExpFloat64() * float64(mean)).Truncate(time.Second)
}

func (g *maker) call(at time.Time, bad bool) {
	g.n++
	c := phone.Call{PBX: "demo", UniqueID: fmt.Sprintf("d%06d", g.n), Queue: "mesa", OfferedAt: at, QueuedAt: at.Add(8 * time.Second), Menu: 8 * time.Second}
	who := int(math.Abs(g.r.NormFloat64()) * 130)
	who %= People
	c.Caller = fmt.Sprint(4000 + who*7%3000)
	mean, patience := 9*time.Second, g.exp(4*time.Minute)
	if bad {
		mean = 38 * time.Second
	}
	c.Wait = g.exp(mean)
	if c.Wait > patience {
		c.Wait, c.Outcome, c.EndedAt = patience, phone.Abandoned, c.QueuedAt.Add(patience)
		g.calls = append(g.calls, c)
		return
	}
	if g.r.IntN(160) == 0 {
		c.Wait, c.Outcome, c.EndedAt = 0, phone.Busy, c.QueuedAt
		g.calls = append(g.calls, c)
		return
	}
	c.Agent = pick(g.r, agents)
	c.AnsweredAt = c.QueuedAt.Add(c.Wait)
	c.Talk = 90*time.Second + g.exp(130*time.Second)
	if g.r.IntN(6) == 0 {
		c.Hold = g.exp(40 * time.Second)
	}
	c.WrapUp = 15*time.Second + g.exp(25*time.Second)
	c.EndedAt, c.Outcome = c.AnsweredAt.Add(c.Talk+c.Hold), phone.Completed
	g.calls = append(g.calls, c)
	if g.r.IntN(100) < 52 {
		g.kase(c, who, bad)
	}
}

func (g *maker) story(bad bool) (story, desk.Category) {
	k := g.r.IntN(g.total)
	for _, s := range g.stories {
		if k -= s.weight; k < 0 {
			if bad && g.r.IntN(4) == 0 {
				s = g.named("red.lenta")
			}
			for _, c := range g.categories {
				if c.Code == s.category {
					return s, c
				}
			}
		}
	}
	return g.stories[0], g.categories[0]
}

func (g *maker) named(code string) story {
	for _, s := range g.stories {
		if s.category == code {
			return s
		}
	}
	return g.stories[0]
}

// kase makes the case of a call and its history up to the end.
func (g *maker) kase(c phone.Call, who int, bad bool) {
	s, cat := g.story(bad)
	opened := c.AnsweredAt.Add(40 * time.Second)
	h := app.CaseHistory{Ref: "demo/" + c.UniqueID, At: opened.UnixMilli(), Person: person(who), Area: areas[who%len(areas)], Site: sites[(who/3)%len(sites)], Group: g.groups["n1"].Name, Agent: c.Agent,
		Opened: desk.Opened{Kind: cat.Kind, Category: cat.Code, Impact: cat.Impact, Urgency: cat.Urgent, Subject: pick(g.r, s.told), Modality: desk.ByPhone, Lang: "es",
			Call: app.CallID(c.PBX, c.UniqueID), Priority: model.Default().Priority(cat.Impact, cat.Urgent), Level: 1}}
	if who%41 == 7 { // a VIP is one priority up
		h.Opened.Priority, h.Opened.Why = max(1, h.Opened.Priority-1), "usuario VIP"
	}
	step := func(at time.Time, st app.CaseStep) bool {
		if at.After(g.end) {
			return false
		}
		st.At = at.UnixMilli()
		h.Steps = append(h.Steps, st)
		return true
	}
	defer func() { g.cases = append(g.cases, h) }()
	if !step(opened.Add(5*time.Second), app.CaseStep{Kind: desk.CaseTaken, Agent: c.Agent}) {
		return
	}
	if cat.Level1 && g.r.IntN(100) < 84 {
		step(c.EndedAt, app.CaseStep{Kind: desk.CaseResolved, Agent: c.Agent, Text: s.solved, Level: 1, Online: true})
		g.again(c.EndedAt, c.Agent, s, step)
		return
	}
	g.derived(c, cat, s, h.Opened.Priority, bad, step)
}

// again reopens a few cases within days.
func (g *maker) again(at time.Time, agent string, s story, step func(time.Time, app.CaseStep) bool) {
	if g.r.IntN(100) >= 3 {
		return
	}
	at = g.hours.Deadline(at, time.Duration(2+g.r.IntN(20))*time.Hour)
	if step(at, app.CaseStep{Kind: desk.CaseReopened, Agent: agent, Text: "volvió a ocurrir"}) {
		step(g.hours.Deadline(at, g.exp(3*time.Hour)), app.CaseStep{Kind: desk.CaseResolved, Agent: agent, Text: s.solved, Level: 1})
	}
}

// derived is the way of a case through a resolution unit.
func (g *maker) derived(c phone.Call, cat desk.Category, s story, priority int, bad bool, step func(time.Time, app.CaseStep) bool) {
	unit := cat.Group
	if unit == "n1" {
		unit = "soporte"
	}
	name := func(code string) string { return g.groups[code].Name }
	at := c.EndedAt
	if !step(at, app.CaseStep{Kind: desk.CaseHandedOff, Agent: c.Agent, Group: name(unit), Level: 2, Reason: "no se resuelve por teléfono"}) {
		return
	}
	staff := second[unit]
	if len(staff) == 0 { // a supplier has no accounts here: on-site support answers for it
		staff = second["soporte"]
	}
	who := pick(g.r, staff)
	slow := time.Duration(1)
	if bad || unit == "redes" {
		slow = 2
	}
	at = g.hours.Deadline(at, g.exp(slow*25*time.Minute))
	if !step(at, app.CaseStep{Kind: desk.CaseTaken, Agent: who}) {
		return
	}
	if g.r.IntN(12) == 0 { // the wrong unit: it goes on to another
		other := pick(g.r, []string{"redes", "soporte", "servidores"})
		at = g.hours.Deadline(at, g.exp(40*time.Minute))
		if !step(at, app.CaseStep{Kind: desk.CaseHandedOff, Agent: who, Group: name(other), Level: 2, Reason: "corresponde a otra unidad"}) {
			return
		}
		who = second[other][0]
		at = g.hours.Deadline(at, g.exp(30*time.Minute))
		if !step(at, app.CaseStep{Kind: desk.CaseTaken, Agent: who}) {
			return
		}
	}
	if g.r.IntN(5) == 0 {
		reason := pick(g.r, []string{"user", "parts", "third_party", "scheduled"})
		at = g.hours.Deadline(at, g.exp(time.Hour))
		if !step(at, app.CaseStep{Kind: desk.CaseSuspended, Agent: who, Reason: reason, Text: "se avisa al usuario"}) {
			return
		}
		at = g.hours.Deadline(at, g.exp(9*time.Hour))
		if !step(at, app.CaseStep{Kind: desk.CaseResumed, Agent: who}) {
			return
		}
	}
	mean := []time.Duration{70 * time.Minute, 70 * time.Minute, 150 * time.Minute, 6 * time.Hour, 12 * time.Hour}[priority]
	at = g.hours.Deadline(at, g.exp(slow*mean)+10*time.Minute)
	if step(at, app.CaseStep{Kind: desk.CaseResolved, Agent: who, Text: s.solved, Level: 2}) {
		g.again(at, who, s, step)
	}
}

// send puts what was made into the desk.
func (g *maker) send(ctx context.Context, d app.Desk) error {
	if _, err := d.Do(ctx, app.ImportCalls{Calls: g.calls}); err != nil {
		return fmt.Errorf("import the calls of the demonstration: %w", err)
	}
	if _, err := d.Do(ctx, app.ImportCases{Cases: g.cases}); err != nil {
		return fmt.Errorf("import the cases of the demonstration: %w", err)
	}
	g.calls, g.cases = g.calls[:0:0], g.cases[:0:0]
	return nil
}
