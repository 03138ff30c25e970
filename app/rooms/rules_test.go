package rooms_test

import (
	"testing"
	"time"

	"punto/app"
	"punto/app/desk"
)

// A new case goes where the first rule that holds sends it, to whoever has least; what
// somebody has chosen stands, and why is told.
func TestANewCaseGoesByTheRules(t *testing.T) {
	b := newBench(t)
	rosa, _ := b.rosa()
	m := ask[app.TheModelAnswer](b, app.TheModel{}).Model
	redes, soporte := m.Groups["redes"], m.Groups["soporte"]
	agent := func(name string, g desk.ID) desk.ID {
		return b.do(app.SaveAgent{Agent: desk.Agent{Name: name, Role: desk.TechnicianRole, Groups: []desk.ID{g}}}).ID
	}
	ana, beto, carla := agent("Ana", redes), agent("Beto", redes), agent("Carla", soporte)
	m.Rules = []desk.Rule{
		{Code: "vpn", When: desk.RuleWhen{Words: []string{"VPN"}}, Group: "soporte", Strategy: "same"},
		{Code: "red", When: desk.RuleWhen{Categories: []string{"red"}}, Group: "redes", Strategy: "least", Cap: 2},
		{Code: "nadie", When: desk.RuleWhen{Langs: []string{"pt"}}, Group: "no hay"}}
	b.do(app.SaveModel{Model: m})
	open := func(o desk.Opened) desk.Case {
		t.Helper()
		o.Person = rosa
		return b.kase(b.do(app.OpenCase{Opened: o}).ID).Case
	}
	red := desk.Opened{Subject: "sin red", Category: "red.lenta"}
	for i, want := range []desk.ID{ana, beto, ana, beto, {}} { // then both have as many as they may
		if k := open(red); k.Group != redes || k.Agent != want || k.Rule != "red" || k.Level != 2 {
			t.Errorf("the %d. goes to %v, %v by %q", i+1, k.Group, k.Agent, k.Rule)
		}
	}
	if k := open(desk.Opened{Subject: "La vpn no conecta", Category: "red.lenta"}); k.Group != soporte || k.Agent != carla || k.Rule != "vpn" {
		t.Errorf("by words it goes to %v by %q", k.Group, k.Rule)
	}
	if k := open(desk.Opened{Subject: "no imprime", Category: "impresoras.cola", Rule: "red"}); k.Group != m.Groups["n1"] || k.Rule != "" || !k.Agent.IsZero() {
		t.Errorf("by no rule it goes to %v by %q", k.Group, k.Rule)
	}
	if k := open(desk.Opened{Subject: "x", Lang: "pt"}); k.Group != m.Groups["n1"] || k.Rule != "" {
		t.Errorf("to a group that is not there it goes to %v by %q", k.Group, k.Rule)
	}
	chosen := red
	chosen.Group = soporte
	if k := open(chosen); k.Group != soporte || k.Rule != "" || !k.Agent.IsZero() {
		t.Errorf("given to a group it goes to %v by %q", k.Group, k.Rule)
	}
	o := red
	o.Person = rosa
	r := b.do(app.RegisterCase{OpenCase: app.OpenCase{Opened: o}, Resolve: &app.ResolveCase{Text: "reiniciado"}})
	if k := b.kase(r.ID).Case; k.Group != m.Groups["n1"] || k.Rule != "" {
		t.Errorf("solved at once it is of %v by %q", k.Group, k.Rule)
	}
	r = b.do(app.OpenCase{Opened: o})
	why := ask[app.WhyAssignedAnswer](b, app.WhyAssigned{Case: r.ID})
	if why.Rule != "red" || len(why.Rules) != 3 || why.Rules[0].Fails != "words" || !why.Rules[1].First || why.Rules[1].Fails != "" || why.Rules[2].Fails != "lang" || why.Rules[2].First {
		t.Errorf("why: %+v", why)
	}
	if len(why.Agents) != 2 || why.Agents[0].Open != 2 || why.Agents[0].Chosen || why.Agents[1].Chosen {
		t.Errorf("of whom: %+v", why.Agents)
	}
}

// Whoever had the user's last case of the category gets the next one too.
func TestTheSameAgentAgain(t *testing.T) {
	b := newBench(t)
	rosa, first := b.rosa()
	m := ask[app.TheModelAnswer](b, app.TheModel{}).Model
	agent := func(name string) desk.ID {
		return b.do(app.SaveAgent{Agent: desk.Agent{Name: name, Role: desk.TechnicianRole, Groups: []desk.ID{m.Groups["soporte"]}}}).ID
	}
	agent("Ana")
	zoe := agent("Zoe")
	b.do(app.AssignCase{Case: first, Agent: zoe})
	m.Rules = []desk.Rule{{Code: "s", Group: "soporte", Strategy: "same"}}
	b.do(app.SaveModel{Model: m})
	if k := b.kase(b.do(app.OpenCase{Opened: desk.Opened{Subject: "otra vez", Person: rosa, Category: "impresoras.cola"}}).ID).Case; k.Agent != zoe {
		t.Errorf("it goes to %v", k.Agent)
	}
	if k := b.kase(b.do(app.OpenCase{Opened: desk.Opened{Subject: "otra cosa", Person: rosa, Category: "red.lenta"}}).ID).Case; k.Agent == zoe {
		t.Error("of another category it goes to the same")
	}
}

// Agents of a group take turns, whoever has fewest; a rule holds for an area and in its
// hours, as the desk's clock says.
func TestAgentsTakeTurnsInTheirHours(t *testing.T) {
	b := newBench(t)
	m := ask[app.TheModelAnswer](b, app.TheModel{}).Model
	agent := func(name string) desk.ID {
		return b.do(app.SaveAgent{Agent: desk.Agent{Name: name, Role: desk.TechnicianRole, Groups: []desk.ID{m.Groups["soporte"]}}}).ID
	}
	ana, beto := agent("Ana"), agent("Beto")
	area := b.do(app.SaveArea{Area: desk.Area{Name: "Operaciones"}}).ID
	m.Rules = []desk.Rule{{Code: "a", When: desk.RuleWhen{Areas: []string{"operaciones"}, Hours: "00:00-24:00"}, Group: "soporte", Strategy: "turn"},
		{Code: "nunca", When: desk.RuleWhen{Days: []int{9}}, Group: "redes"}}
	b.do(app.SaveModel{Model: m})
	open := func(o desk.Opened) desk.Case {
		t.Helper()
		o.Subject = "no imprime"
		b.clock = b.clock.Add(time.Minute)
		return b.kase(b.do(app.OpenCase{Opened: o}).ID).Case
	}
	for i, want := range []desk.ID{ana, beto, ana, beto} {
		if k := open(desk.Opened{Area: area}); k.Agent != want || k.Rule != "a" {
			t.Errorf("case %d goes to %v by %q", i, k.Agent, k.Rule)
		}
		if i == 0 {
			b.do(app.AssignCase{Case: ask[app.CasesAnswer](b, app.Cases{By: "opened"}).Rows[0].ID, Agent: ana})
		}
	}
	if k := open(desk.Opened{}); k.Rule != "" {
		t.Errorf("of no area it goes by %q", k.Rule)
	}
}
