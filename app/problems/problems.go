// Package problems is the room of what lies behind cases: the causes of those that come
// back, and what is told to the users of many cases at once.
package problems

import (
	"strings"

	"punto/app"
	"punto/app/cases"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/records"
)

// Room is the capability as the engine takes it.
func Room() engine.Room {
	return engine.Room{Name: "problems",
		Handles: []engine.Handler{engine.Does(saveProblem), engine.Does(linkProblem), engine.Does(solveProblem), engine.Does(tellCases), engine.Asks(askProblems), engine.Asks(askOneProblem)},
		Views:   map[desk.Type]engine.ViewKind{desk.ProblemType: {New: func() engine.View { return engine.NewRecordView(problemKeys) }}}}
}

func problemKeys(ent desk.Entity, r desk.Record) [][]byte {
	p, _ := desk.As[desk.Problem](r)
	return append(records.ConflictKeys(ent, r), engine.Key(records.IxRecord, ent.ID, ent.Type, records.Folded(p.Title)))
}

// of is a problem that is there.
func of(n *engine.Names, id desk.ID) (desk.Problem, error) {
	p, err := engine.Noun[desk.Problem](n, desk.ProblemType, id)
	if err == nil && p.Title == "" {
		err = app.Fail(app.NotFound, "there is no such problem on this workstation: choose one of the list")
	}
	return p, err
}

func saveProblem(o *engine.Op, c app.SaveProblem) (app.Receipt, error) {
	p := c.Problem
	p.MadeAt, p.SolvedAt = o.Now, 0
	if !c.ID.IsZero() {
		old, err := of(o.Names, c.ID)
		if err != nil {
			return app.Receipt{}, err
		}
		p.MadeAt = old.MadeAt
		if p.State == desk.ProblemSolved && old.State == desk.ProblemSolved {
			p.SolvedAt = old.SolvedAt
		}
	}
	if p.State == desk.ProblemSolved && p.SolvedAt == 0 {
		return app.Receipt{}, app.Fail(app.Invalid, "a problem is solved by saying how: solve it, and its cases with it")
	}
	if err := check(o.Names, p); err != nil {
		return app.Receipt{}, err
	}
	r, err := records.Save(o, desk.ProblemType, c.ID, p, nil)
	if err == nil && len(c.Cases) > 0 {
		_, err = linkProblem(o, app.LinkProblem{Problem: r.ID, Cases: c.Cases})
	}
	return r, err
}

func check(n *engine.Names, p desk.Problem) error {
	if err := records.Named("problem", p.Title); err != nil {
		return err
	}
	missing := func(t desk.Type, id desk.ID) bool { return !id.IsZero() && records.Name(n, t, id) == "" }
	switch {
	case missing(desk.AgentType, p.Owner):
		return app.Fail(app.NotFound, "who is to see to the problem is no agent of the desk: choose one")
	case missing(desk.GroupType, p.Group):
		return app.Fail(app.NotFound, "the group that is to see to the problem is not there: choose one")
	case missing(desk.ArticleType, p.Article):
		return app.Fail(app.NotFound, "the solution document of the problem is not there: choose one")
	}
	return nil
}

func linkProblem(o *engine.Op, c app.LinkProblem) (r app.Receipt, err error) {
	if len(c.Cases) == 0 || len(c.Cases) > app.MaxLinked {
		return r, app.Fail(app.Invalid, "between 1 and %d cases are linked to a problem at once: choose them", app.MaxLinked)
	}
	if !c.Problem.IsZero() {
		if _, err := of(o.Names, c.Problem); err != nil {
			return r, err
		}
	}
	r = o.Receipt(c.Problem)
	for _, id := range c.Cases {
		k, err := cases.Of(o, id)
		if err != nil {
			return r, err
		}
		if k.Problem == c.Problem {
			continue
		}
		if err := o.Emit(desk.CaseCaused, cases.Entity(id), desk.Caused{Problem: c.Problem}); err != nil {
			return r, err
		}
		r = o.Receipt(id)
	}
	return r, nil
}

// openOf are the open cases of a problem, the newest first.
func openOf(o *engine.Op, problem desk.ID) (ids []desk.ID, err error) {
	for k, err := range o.Tx.Scan(engine.Prefix(cases.IxProblem, problem), nil, true) {
		if err != nil {
			return nil, err
		}
		id := engine.IDOf(k.Key)
		c, err := cases.Of(o, id)
		if err != nil {
			return nil, err
		}
		if c.Status.Open() && c.Problem == problem {
			ids = append(ids, id)
		}
	}
	return ids, nil
}

func solveProblem(o *engine.Op, c app.SolveProblem) (app.Receipt, error) {
	p, err := of(o.Names, c.ID)
	if err != nil {
		return app.Receipt{}, err
	}
	if strings.TrimSpace(c.Text) == "" {
		return app.Receipt{}, app.About("solution", app.Fail(app.Invalid, "say in a line how the problem was solved"))
	}
	ids, err := openOf(o, c.ID)
	if err != nil {
		return app.Receipt{}, err
	}
	r := app.Receipt{ID: c.ID}
	if p.State != desk.ProblemSolved || p.Solution != c.Text {
		if p.State != desk.ProblemSolved {
			p.State, p.SolvedAt = desk.ProblemSolved, o.Now
		}
		p.Solution = c.Text
		if r, err = records.Save(o, desk.ProblemType, c.ID, p, nil); err != nil {
			return r, err
		}
	}
	r.Reached = &app.Reached{}
	now, later := ids[:min(len(ids), app.MaxLinked)], ids[min(len(ids), app.MaxLinked):]
	if c.Tell != "" {
		if err := tell(o, r.Reached, now, c.Tell, c.Mail); err != nil {
			return r, err
		}
	}
	if !c.Cases {
		r.More = ids
		return r, nil
	}
	for _, id := range now {
		_, err := cases.Resolve(o, app.ResolveCase{Case: id, Text: c.Text, Article: p.Article})
		switch code := app.CodeOf(err); {
		case err == nil:
			r.Reached.Solved++
		case code == app.Invalid || code == app.Conflict: // it lacks something, or follows a procedure: it stays as it is
			r.More = append(r.More, id)
		default:
			return r, err
		}
	}
	r.More = append(r.More, later...)
	return r, nil
}
