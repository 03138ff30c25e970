package cases

import (
	"slices"
	"strings"

	"punto/app"
	"punto/app/desk"
	"punto/ui/look"
	"punto/ui/page"
)

// The problem behind a case, and what is told to all under it.

// findsCauses are those who may make a problem.
var findsCauses = []desk.Role{desk.TechnicianRole, desk.SupervisorRole, desk.AnalystRole, desk.AdministratorRole}

// cause names the problem behind the case: one of those that are open, found as one types,
// or a new one of what is typed.
func (c *casePage) cause() {
	k := c.k
	page.Ask(k, app.Problems{Open: true}, func(a app.ProblemsAnswer) {
		if c.a == nil {
			return
		}
		var found []app.ProblemRow
		makes := slices.Contains(findsCauses, k.State.Agent.Role)
		hint := k.T("ask.problemHint")
		if !makes {
			hint = k.T("ask.problemFind")
		}
		q := k.Question(k.T("ask.problem"), nil, 0, hint, "", func(i int, text string) {
			link := app.LinkProblem{Cases: []desk.ID{c.id}}
			switch text = strings.TrimSpace(text); {
			case i > 0 && i <= len(found):
				link.Problem = found[i-1].ID
			case text != "":
				c.do(app.SaveProblem{Problem: desk.Problem{Title: text, Owner: k.State.Me}, Cases: link.Cases})
				return
			}
			c.do(link)
		})
		q.Optional = true
		offer := func(text string) {
			found, q.Options, q.Chosen = nil, nil, 0
			for _, r := range a.Rows {
				if len(found) < offered && hasWords(r.Of.Title, text) {
					found, q.Options = append(found, r), append(q.Options, r.Of.Title+" · "+k.Words.N("problem.openCases", r.Open))
				}
			}
			if text != "" && len(found) > 0 && !makes || len(found) == 1 && strings.EqualFold(strings.TrimSpace(text), found[0].Of.Title) {
				q.Chosen = 1
			}
			k.Refresh()
		}
		offer("")
		q.Field.OnChanged = offer
		q.Check = func(i int, text string) string {
			switch {
			case i == 0 && strings.TrimSpace(text) != "" && !makes:
				return k.T("ask.problemNone")
			case i == 0 && strings.TrimSpace(text) == "" && c.a.Case.Problem.IsZero():
				return k.T("ask.problemChoose")
			}
			return ""
		}
	})
}

// hasWords tells whether each word typed begins a word of a text.
func hasWords(text, typed string) bool {
	words := strings.Fields(look.Fold(text))
	for _, t := range strings.Fields(look.Fold(typed)) {
		if !slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(w, t) }) {
			return false
		}
	}
	return true
}

// tellAll tells one text to the users of the case and of those under it.
func (c *casePage) tellAll() {
	k := c.k
	n := 1
	for _, x := range c.a.Linked {
		if x.How == "child" && x.Status.Open() {
			n++
		}
	}
	var ways []string
	if excuses(k) { // a supervisor may have it mailed too
		ways = []string{k.T("tell.cases"), k.T("tell.mail")}
	}
	q := k.Question(k.Words.N("ask.tellAll", n), ways, min(1, len(ways)), k.T("ask.tellHint"), "", func(i int, text string) {
		k.Do(app.TellCases{Case: c.id, Text: text, Mail: i == 2}, func(r app.Receipt) {
			c.did("tell")
			k.Tell(page.Reached(k, r.Reached), false)
			c.load()
		}, nil)
	})
	q.Check = func(_ int, text string) string {
		if strings.TrimSpace(text) == "" {
			return k.T("ask.tellHint")
		}
		return ""
	}
	c.keeps(q.Field, "tell")
}
