package problems

import (
	"bytes"
	"cmp"
	"errors"
	"slices"
	"strings"

	"punto/app"
	"punto/app/cases"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/records"
)

// mostShown is how many problems one answer lists.
const mostShown = 500

func askProblems(l *engine.Look, q app.Problems) (app.Answer, error) {
	var a app.ProblemsAnswer
	for k, err := range l.Reader.Scan(engine.Prefix(records.IxRecord, desk.ProblemType), nil, false) {
		if err != nil {
			return nil, err
		}
		id := engine.IDOf(k.Key)
		p, err := engine.Noun[desk.Problem](l.Names, desk.ProblemType, id)
		if err != nil {
			return nil, err
		}
		if q.Open && p.State != desk.ProblemOpen {
			continue
		}
		row, err := rowOf(l, id, p)
		if err != nil {
			return nil, err
		}
		a.Rows = append(a.Rows, row)
	}
	slices.SortFunc(a.Rows, func(x, y app.ProblemRow) int {
		return cmp.Or(cmp.Compare(x.Of.State, y.Of.State), cmp.Compare(y.Open, x.Open), cmp.Compare(y.Cases, x.Cases), strings.Compare(records.Folded(x.Of.Title), records.Folded(y.Of.Title)), bytes.Compare(x.ID[:], y.ID[:]))
	})
	a.Rows = a.Rows[:min(len(a.Rows), mostShown)]
	var err error
	a.Owed, err = l.Owed()
	return a, err
}

func askOneProblem(l *engine.Look, q app.OneProblem) (app.Answer, error) {
	p, err := of(l.Names, q.ID)
	if err != nil {
		return nil, err
	}
	row, err := rowOf(l, q.ID, p)
	return app.OneProblemAnswer{Row: row}, err
}

// rowOf counts the cases of a problem; one that cannot be read counts as a case and no
// more.
func rowOf(l *engine.Look, id desk.ID, p desk.Problem) (app.ProblemRow, error) {
	r := app.ProblemRow{ID: id, Of: p, Owner: records.Name(l.Names, desk.AgentType, p.Owner), Group: records.Name(l.Names, desk.GroupType, p.Group),
		Article: records.Name(l.Names, desk.ArticleType, p.Article), Known: p.Known()}
	users := map[desk.ID]bool{}
	for k, err := range l.Reader.Scan(engine.Prefix(cases.IxProblem, id), nil, false) {
		if err != nil {
			return r, err
		}
		r.Cases++
		v, err := cases.Read(l.Reader, engine.IDOf(k.Key))
		if errors.Is(err, engine.ErrUnreadable) {
			continue
		}
		if err != nil {
			return r, err
		}
		c := &v.Case
		if r.First == "" {
			r.First = c.Number
		}
		if c.Status.Open() {
			r.Open++
		}
		if !c.Person.IsZero() {
			users[c.Person] = true
		}
		if p.SolvedAt != 0 && c.OpenedAt > p.SolvedAt {
			r.After++
		}
		r.LastAt = max(r.LastAt, c.OpenedAt)
	}
	r.Users = len(users)
	return r, nil
}
