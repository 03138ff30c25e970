// Package procedures is the room of procedures run as checklists: a step of a case is
// done in its order and with its result, or skipped for a reason, and stamped. What a
// procedure is stands in the service model; what it asks of a case is app/desk's.
package procedures

import (
	"slices"
	"strings"

	"punto/app"
	"punto/app/cases"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/records"
)

// Room is the capability as the engine takes it.
func Room() engine.Room {
	return engine.Room{Name: "procedures", Handles: []engine.Handler{engine.Does(doStep)}}
}

// doStep stamps the step that comes next.
func doStep(o *engine.Op, c app.DoStep) (app.Receipt, error) {
	m, err := records.Model(o.Names)
	if err != nil {
		return app.Receipt{}, err
	}
	k, err := cases.Of(o, c.Case)
	if err != nil {
		return app.Receipt{}, err
	}
	if !k.Status.Open() {
		return app.Receipt{}, app.Fail(app.Conflict, "case %s is %s: %s", k.Number, k.Status, "reopen it first")
	}
	p := m.ProcedureOf(k.Category)
	if p == nil {
		return app.Receipt{}, app.Fail(app.NotFound, "case %s follows no procedure: its category names none", k.Number)
	}
	i := slices.IndexFunc(p.Steps, func(s desk.ProcedureStep) bool { return s.Code == c.Step })
	if i < 0 {
		return app.Receipt{}, app.Fail(app.NotFound, "the procedure %s has no step %q: look at the case again", p.Title("es"), c.Step)
	}
	step := &p.Steps[i]
	switch next := p.Next(k); {
	case k.Done(p.Code, step.Code) != nil:
		return app.Receipt{}, app.Fail(app.Conflict, "the step %s was done already: look at the case again", step.Title("es"))
	case next != nil && next.Code != step.Code:
		return app.Receipt{}, app.Fail(app.Conflict, "the step %s comes first: do it or skip it", next.Title("es"))
	}
	b := desk.Stepped{Procedure: p.Code, Step: step.Code, Do: engine.Begins(step.Title("es"), 400), Skipped: c.Skip, Version: m.Version}
	if c.Skip {
		if b.Reason = strings.TrimSpace(c.Reason); b.Reason == "" {
			return app.Receipt{}, app.About("reason", app.Fail(app.Invalid, "a step is skipped for a reason: write why"))
		}
	} else if b.Result = strings.TrimSpace(c.Result); len(step.Choices) > 0 && !slices.Contains(step.Choices, b.Result) {
		return app.Receipt{}, app.About("result", app.Fail(app.Invalid, "the result of this step is one of %s: choose one", strings.Join(step.Choices, ", ")))
	}
	if err := o.Emit(desk.CaseStepped, cases.Entity(c.Case), b); err != nil {
		return app.Receipt{}, err
	}
	return o.Receipt(c.Case), nil
}
