package rooms_test

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"punto/app"
	"punto/app/desk"
)

// withProcedure gives the desk a procedure of three steps, which the category of Rosa's
// case follows.
func (b *bench) withProcedure() {
	b.Helper()
	m := ask[app.TheModelAnswer](b, app.TheModel{}).Model
	es := func(s string) map[string]string { return map[string]string{"es": s} }
	m.Procedures = []desk.Procedure{{Code: "cola", Name: es("Cola de impresión"), Mandatory: true, Steps: []desk.ProcedureStep{
		{Code: "ver", Do: es("Confirmar alcance"), Choices: []string{"uno", "todos"}}, {Code: "reiniciar", Do: es("Reiniciar la cola")}, {Code: "avisar", Do: es("Avisar al usuario")}}}}
	for i := range m.Categories {
		if m.Categories[i].Code == "impresoras.cola" {
			m.Categories[i].Procedure = "cola"
		}
	}
	b.do(app.SaveModel{Model: m})
}

// A procedure is gone through in its order; each step is stamped once, or skipped for a
// reason; before its end a case that must follow it is not solved.
func TestAProcedureIsRunAsAChecklist(t *testing.T) {
	b := newBench(t)
	b.withProcedure()
	_, id := b.rosa()
	b.refused(app.Conflict, app.ResolveCase{Case: id, Text: "listo"})
	b.refused(app.Conflict, app.DoStep{Case: id, Step: "avisar"})
	b.refused(app.Invalid, app.DoStep{Case: id, Step: "ver", Result: "dos"})
	b.refused(app.NotFound, app.DoStep{Case: id, Step: "bailar"})
	b.refused(app.Invalid, app.DoStep{Case: id, Step: "ver", Skip: true, Reason: " "})
	b.do(app.DoStep{Case: id, Step: "ver", Result: "todos"})
	b.refused(app.Conflict, app.DoStep{Case: id, Step: "ver", Result: "uno"})
	b.clock = b.clock.Add(7 * time.Minute)
	b.do(app.DoStep{Case: id, Step: "reiniciar", Result: " quedó en línea "})
	b.refused(app.Conflict, app.ResolveCase{Case: id, Text: "listo"})
	b.do(app.DoStep{Case: id, Step: "avisar", Skip: true, Reason: "no contesta"})
	k := b.kase(id)
	steps := k.Case.Steps
	if len(steps) != 3 || steps[0].Result != "todos" || steps[1].Result != "quedó en línea" || steps[1].At-steps[0].At != 7*60_000 || !steps[2].Skipped || steps[2].Reason != "no contesta" || k.Names[steps[0].By] != "Administrador" {
		t.Fatalf("stamped: %+v by %v", steps, k.Names)
	}
	last := k.Timeline[len(k.Timeline)-1]
	if last.Kind != desk.CaseStepped || last.Other != "Avisar al usuario" || !last.Skipped || last.Reason != "no contesta" {
		t.Errorf("told as %+v", last)
	}
	b.do(app.Undo{Entity: desk.Entity{Type: desk.CaseType, ID: id}})
	b.refused(app.Conflict, app.ResolveCase{Case: id, Text: "listo"})
	b.do(app.DoStep{Case: id, Step: "avisar"})
	b.do(app.ResolveCase{Case: id, Text: "listo"})
	b.refused(app.Conflict, app.DoStep{Case: id, Step: "avisar"})
	other := b.do(app.OpenCase{Opened: desk.Opened{Subject: "otra", Category: "red.lenta"}}).ID
	b.refused(app.NotFound, app.DoStep{Case: other, Step: "ver"})
	m := ask[app.TheModelAnswer](b, app.TheModel{}).Model
	m.Procedures[0].Mandatory = false
	b.do(app.SaveModel{Model: m})
	b.do(app.ResolveCase{Case: b.do(app.OpenCase{Opened: desk.Opened{Subject: "sin pasos", Person: k.Case.Person, Category: k.Case.Category}}).ID, Text: "listo"})
}

// What two workstations stamp of one step while they are apart is one step for both, the
// first; whatever the order in which it comes.
func TestAStepThatTwoDidIsOne(t *testing.T) {
	rnd := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 1))
	rs := replicas(t, 2)
	a, b := rs[0], rs[1]
	who := a.agent(desk.SupervisorRole)
	x, err := a.Ask(a.Owner(t.Context()), app.TheModel{})
	if err != nil {
		t.Fatal(err)
	}
	m := x.(app.TheModelAnswer).Model
	m.Procedures = []desk.Procedure{{Code: "p", Name: map[string]string{"es": "p"}, Steps: []desk.ProcedureStep{{Code: "1", Do: map[string]string{"es": "uno"}}, {Code: "2", Do: map[string]string{"es": "dos"}}}}}
	m.Categories[0].Procedure = "p"
	a.do(app.SaveModel{Model: m})
	id := a.does(a.as(who), app.OpenCase{Opened: desk.Opened{Subject: "x", Category: m.Categories[0].Code}}).ID
	meet(a, b)
	a.clock = a.clock.Add(time.Minute)
	a.does(a.as(who), app.DoStep{Case: id, Step: "1", Result: "primero"})
	b.clock = a.clock.Add(time.Minute)
	b.does(b.as(who), app.DoStep{Case: id, Step: "1", Result: "segundo"})
	b.does(b.as(who), app.DoStep{Case: id, Step: "2"})
	if rnd.IntN(2) == 0 {
		a.takes(b)
	}
	meet(a, b)
	for _, r := range rs {
		c := r.kase(id).Case
		if d := c.Done("p", "1"); d == nil || d.Result != "primero" || c.Done("p", "2") == nil {
			t.Errorf("the steps are %+v", c.Steps)
		}
		r.sound("after a step that two did")
	}
	same(t, rs...)
}

// A model that asks for more than it has, or than a card shows, is not published.
func TestAStepIsBounded(t *testing.T) {
	b := newBench(t)
	b.withProcedure()
	_, id := b.rosa()
	b.refused(app.Invalid, app.DoStep{Case: id, Step: "ver", Skip: true, Reason: strings.Repeat("x", desk.MaxLine+1)})
}
