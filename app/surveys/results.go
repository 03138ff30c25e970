package surveys

import (
	"cmp"
	"fmt"
	"slices"

	"punto/app"
	"punto/app/cases"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/poll"
	"punto/app/records"
	"punto/app/tally"
)

// told is an invitation as the figures see it.
type told struct {
	tally.Survey
	view
	survey desk.Survey
	kase   *desk.Case
}

// within walks the invitations about cases of a contract that were solved in a period,
// as they stand now: an answer counts in the month of its case, whenever it comes, and
// what comes after a month was stated is told as its re-statement.
func within(n *engine.Names, contract desk.ID, p tally.Period, use func(told) error) error {
	until := string(engine.Prefix(ixSolved, p.To.UnixMilli()))
	for k, err := range n.Reader.Scan(engine.Prefix(ixSolved), engine.Prefix(ixSolved, p.From.UnixMilli()), false) {
		if err != nil || string(k.Key) >= until {
			return err
		}
		t := told{}
		if t.view, err = read(n.Reader, engine.IDOf(k.Key)); err != nil {
			return err
		}
		c, err := cases.Read(n.Reader, t.Of.Case)
		if err != nil {
			return err
		}
		if c.Case.Contract != contract {
			continue
		}
		if t.kase = &c.Case; !t.Reader.IsZero() && t.Reader == c.Case.SolvedBy {
			t.Answer = nil // whatever wrote it: nobody rates oneself
		}
		if t.survey, err = asked(n, &t.view); err != nil {
			return err
		}
		if t.Answer != nil {
			t.Answered, t.ByPhone = true, t.Answer.Way == desk.TelephoneWay
			t.Score, t.Asked, t.NPS = poll.Score(t.survey.Questions, t.Answer.Replies)
		}
		if err := use(t); err != nil {
			return err
		}
	}
	return nil
}

// Count adds the invitations of a period to a sum.
func Count(n *engine.Names, contract desk.ID, p tally.Period, sum *tally.Accumulator) error {
	return within(n, contract, p, func(t told) error {
		sum.AddSurvey(t.Survey)
		return nil
	})
}

// Scored walks the answers with a score about cases of a contract that were solved in a
// period.
func Scored(n *engine.Names, contract desk.ID, p tally.Period, use func(id desk.ID, c *desk.Case, score int) error) error {
	return within(n, contract, p, func(t told) error {
		if t.Score == 0 {
			return nil
		}
		return use(t.Of.Case, t.kase, t.Score)
	})
}

// Each walks the invitations that Count adds, with the case that each is about.
func Each(n *engine.Names, contract desk.ID, p tally.Period, use func(desk.ID, *desk.Case, tally.Survey) error) error {
	return within(n, contract, p, func(t told) error { return use(t.Of.Case, t.kase, t.Survey) })
}

// indices are those of surveys.
var indices = []string{"response_rate", "csat", "csat_mean", "nps"}

func figures(a *tally.Accumulator, goals []desk.Goal) (out []tally.Figure) {
	for _, f := range a.Figures(goals) {
		if slices.Contains(indices, f.ID) {
			out = append(out, f)
		}
	}
	return out
}

// mostSaid is how many texts the results show.
const mostSaid = 200

func askResults(l *engine.Look, q app.SurveyResults) (a app.SurveyResultsAnswer, err error) {
	if l.Session.Role == desk.AgentRole || l.Session.Role == desk.TechnicianRole {
		return a, app.Fail(app.NotAllowed, "what users answered is for supervisors and analysts: who served them does not see it")
	}
	id, k, err := records.ContractOf(l.Names, q.Contract)
	if err != nil {
		return a, err
	}
	zone, err := zoneOf(k)
	if err != nil {
		return a, err
	}
	p, err := tally.PeriodOf(q.Month, zone)
	if err != nil {
		return a, app.Fail(app.Invalid, "%q is not a month: write one such as 2026-10", q.Month)
	}
	if q.By != "" && !slices.Contains(cuts, q.By) {
		return a, app.Fail(app.Invalid, "results are not cut by %q", q.By)
	}
	whole, parts, sizes := tally.New(tally.Rules{}), map[string]*tally.Accumulator{}, map[string]int{}
	err = within(l.Names, id, p, func(t told) error {
		if !q.Survey.IsZero() && q.Survey != t.Of.Survey {
			return nil
		}
		whole.AddSurvey(t.Survey)
		if q.By != "" {
			name := cut(l.Names, q.By, &t)
			if parts[name] == nil {
				parts[name] = tally.New(tally.Rules{})
			}
			parts[name].AddSurvey(t.Survey)
			sizes[name]++
		}
		a.Said = append(a.Said, verbatims(&t)...)
		return nil
	})
	if err != nil {
		return a, err
	}
	a.Whole = figures(whole, k.Goals)
	for name, sum := range parts {
		a.Rows = append(a.Rows, app.SurveyCut{Name: name, Figures: figures(sum, nil)})
	}
	slices.SortFunc(a.Rows, func(x, y app.SurveyCut) int {
		return cmp.Or(cmp.Compare(sizes[y.Name], sizes[x.Name]), cmp.Compare(x.Name, y.Name))
	})
	slices.SortStableFunc(a.Said, func(x, y app.Verbatim) int { return cmp.Compare(y.At, x.At) })
	a.Said = a.Said[:min(len(a.Said), mostSaid)]
	return a, nil
}

var cuts = []string{"group", "agent", "category", "priority", "site", "area", "modality", "kind", "way", "lang"}

// cut is the part of a cut to which an invitation belongs; "" = none.
func cut(n *engine.Names, by string, t *told) string {
	c := t.kase
	switch by {
	case "group":
		return records.Name(n, desk.GroupType, c.Group)
	case "agent":
		return records.Name(n, desk.AgentType, c.SolvedBy)
	case "category":
		return c.Category
	case "priority":
		if c.Priority > 0 {
			return fmt.Sprint(c.Priority)
		}
	case "site":
		return records.Name(n, desk.SiteType, c.Site)
	case "area":
		return records.Name(n, desk.AreaType, c.Area)
	case "modality":
		return c.Modality.String()
	case "kind":
		return c.Kind.String()
	case "way":
		if t.Answer != nil {
			return t.Answer.Way.String()
		}
		return t.Of.Way.String()
	case "lang":
		if t.Answer != nil {
			return t.Answer.Lang
		}
	}
	return ""
}

// verbatims are the texts of an answer.
func verbatims(t *told) (out []app.Verbatim) {
	if t.Answer == nil {
		return nil
	}
	for _, r := range t.Answer.Replies {
		for _, q := range t.survey.Questions {
			if q.Code == r.Question && q.Kind == desk.TextQuestion && r.Text != "" {
				out = append(out, app.Verbatim{At: t.AnsweredAt, Survey: t.survey.Name, Question: q.Said("es"), Text: engine.Begins(r.Text, 4_000), Score: t.Score, Way: t.Answer.Way})
			}
		}
	}
	return out
}
