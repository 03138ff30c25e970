// Package imports is the room of the histories of cases of other systems.
package imports

import (
	"fmt"
	"slices"

	"punto/app"
	"punto/app/cases"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/records"
)

func importCases(o *engine.Op, c app.ImportCases) (app.Receipt, error) {
	im := &app.Imported{}
	if err := engine.Batch(len(c.Cases)); err != nil {
		return app.Receipt{}, err
	}
	_, contract, err := records.ContractOf(o.Names, desk.ID{})
	if err != nil {
		return app.Receipt{}, err
	}
	for _, h := range c.Cases {
		if why := fit(&h); why != "" {
			im.Rejected = append(im.Rejected, app.Rejected{Line: h.Line, Reason: why})
			continue
		}
		if _, known, err := records.ByRef(o.Names, desk.CaseType, h.Ref); err != nil {
			return app.Receipt{}, err
		} else if known && h.Ref != "" {
			im.Known++
			im.KnownRows += h.Rows
			continue
		}
		if h.Ref == "" || h.At == 0 {
			im.Rejected = append(im.Rejected, app.Rejected{Line: h.Line, Reason: "the case has no reference or no time of opening"})
			continue
		}
		if err := history(o, h, contract); err != nil {
			return app.Receipt{}, err
		}
		im.Imported++
		im.Rows += h.Rows
	}
	return app.Receipt{Import: im}, nil
}

// steps are what may happen in an imported history.
var steps = []desk.Kind{desk.CaseEdited, desk.CaseAssigned, desk.CaseTaken, desk.CaseHandedOff, desk.CaseSuspended, desk.CaseResumed, desk.CaseNoted,
	desk.CaseContacted, desk.CaseResolved, desk.CaseReopened, desk.CaseClosed, desk.CaseCancelled}

// fit tells why a history does not go in; "" when it does.
func fit(h *app.CaseHistory) string {
	if why := engine.FitRow(*h); why != "" {
		return why
	}
	if err := cases.Graded(h.Opened.Impact, h.Opened.Urgency, h.Opened.Priority); err != nil {
		return err.Error()
	}
	for _, s := range h.Steps {
		switch {
		case !slices.Contains(steps, s.Kind):
			return fmt.Sprintf("line %d: %q is nothing that happens to a case", s.Line, s.Kind)
		case s.Edit != nil:
			if err := cases.GradedEdit(s.Edit); err != nil {
				return fmt.Sprintf("line %d: %v", s.Line, err)
			}
		}
	}
	return ""
}

func history(o *engine.Op, h app.CaseHistory, contract desk.Contract) error {
	b := h.Opened
	b.Ref = h.Ref
	var err error
	if b.Person, err = personNamed(o, b.Person, h.Person); err != nil {
		return err
	}
	if b.Area, err = records.FindOrMake(o, b.Area, desk.AreaType, h.Area, func(n string) any { return desk.Area{Name: n} }); err != nil {
		return err
	}
	if b.Site, err = records.FindOrMake(o, b.Site, desk.SiteType, h.Site, func(n string) any { return desk.Site{Name: n} }); err != nil {
		return err
	}
	if b.Group, err = groupNamed(o, h.Group, b.Level); err != nil {
		return err
	}
	if b.Contract.IsZero() {
		if b.Contract, _, err = records.ContractOf(o.Names, desk.ID{}); err != nil {
			return err
		}
	}
	if b.Priority == 0 {
		b.Priority = max(1, len(contract.Targets)-1)
	}
	if b.Number == "" {
		if b.Number, err = cases.NextNumber(o); err != nil {
			return err
		}
	}
	ent := cases.Entity(desk.DerivedID("case", h.Ref))
	by := o.Session.Agent
	if h.Agent != "" {
		if by, err = agentNamed(o, h.Agent); err != nil {
			return err
		}
	}
	if err := o.EmitAt(desk.CaseOpened, ent, b, h.At, by); err != nil {
		return err
	}
	for _, s := range h.Steps {
		if err := step(o, ent, s); err != nil {
			return fmt.Errorf("line %d: %w", s.Line, err)
		}
	}
	return nil
}

func step(o *engine.Op, ent desk.Entity, s app.CaseStep) error {
	by, err := agentNamed(o, s.Agent)
	if err != nil {
		return err
	}
	var body any = desk.Said{Text: s.Text, Reason: s.Reason}
	switch s.Kind {
	case desk.CaseAssigned, desk.CaseTaken, desk.CaseHandedOff:
		m := desk.Moved{Agent: by, Reason: s.Reason}
		if m.Group, err = groupNamed(o, s.Group, s.Level); err != nil {
			return err
		}
		if s.Kind == desk.CaseHandedOff {
			m.Agent = desk.ID{}
		}
		if err := cases.CompleteMove(o, &m); err != nil {
			return err
		}
		if s.Level > 0 {
			m.Level = s.Level
		}
		body = m
	case desk.CaseResolved:
		b := desk.Solved{Text: s.Text, Level: s.Level, Online: s.Online}
		if s.Online {
			v, err := cases.Load(o, ent.ID)
			if err != nil {
				return err
			}
			b.Call = v.Case.Call
		}
		body = b
	case desk.CaseEdited:
		e := desk.Edited{}
		if s.Edit != nil {
			e = *s.Edit
		}
		if s.Person != "" {
			who, err := personNamed(o, desk.ID{}, s.Person)
			if err != nil {
				return err
			}
			e.Person = &who
		}
		body = e
	}
	return o.EmitAt(s.Kind, ent, body, s.At, by)
}

func personNamed(o *engine.Op, id desk.ID, name string) (desk.ID, error) {
	return records.FindOrMake(o, id, desk.PersonType, name, func(n string) any { return desk.Person{Name: n, Ref: n} })
}

func agentNamed(o *engine.Op, name string) (desk.ID, error) {
	return records.FindOrMake(o, desk.ID{}, desk.AgentType, name, func(n string) any { return desk.Agent{Name: n, Role: desk.TechnicianRole, Ref: n} })
}

func groupNamed(o *engine.Op, name string, level int) (desk.ID, error) {
	return records.FindOrMake(o, desk.ID{}, desk.GroupType, name, func(n string) any { return desk.Group{Name: n, Level: level, Ref: n} })
}

// Room is the capability as the engine takes it.
func Room() engine.Room {
	return engine.Room{Name: "imports", Handles: []engine.Handler{engine.Does(importCases).ByRow()}}
}
