package cases

import (
	"strings"

	"punto/app"
	"punto/app/desk"
	"punto/app/sla"
	"punto/ui/page"
)

// A breach is excused by who may, with a cause and a reason: it stays a breach, and the
// figures tell it apart.

// causes are the codes of what a breach is excused by.
var causes = []string{"client", "supplier", "force", "data"}

// excuses tells whether whoever is signed in may excuse a breach.
func excuses(k *page.Kit) bool {
	r := k.State.Agent.Role
	return r == desk.SupervisorRole || r == desk.AdministratorRole
}

// breaches are the runs of a case that broke a promise and are not excused.
func breaches(a *app.OneCaseAnswer) (out []sla.Run) {
	for _, r := range a.Clocks {
		for _, x := range append([]sla.Run{r}, r.Was...) {
			if (x.State == sla.Breached || x.Late) && !x.Excused {
				out = append(out, x)
			}
		}
	}
	return out
}

// excuse asks which breach of a case is excused, by what, and why.
func excuse(k *page.Kit, a *app.OneCaseAnswer, done func()) {
	runs := breaches(a)
	of := func(run sla.Run) {
		var names []string
		for _, c := range causes {
			names = append(names, k.Words.T("cause."+c))
		}
		q := k.Question(k.T("ask.excuse", "Clock", whose(k, run), "Number", string(a.Case.Number)), names, 0, k.T("ask.reason"), "", func(i int, why string) {
			k.Do(app.ExcuseClock{Case: a.ID, Clock: run.ID, Cause: causes[i-1], Text: why}, func(app.Receipt) { done() }, nil)
		})
		q.Check = func(i int, why string) string {
			if i < 1 || i > len(causes) || strings.TrimSpace(why) == "" {
				return k.T("ask.cause")
			}
			return ""
		}
	}
	switch len(runs) {
	case 0:
		k.Tell(k.T("ask.noBreach", "Number", string(a.Case.Number)), true)
	case 1:
		of(runs[0])
	default:
		var names []string
		for _, r := range runs[:min(9, len(runs))] {
			names = append(names, whose(k, r)+" · "+page.Span(r.Elapsed-r.Target))
		}
		k.Question(k.T("ask.whichBreach"), names, 0, "", "", func(i int, _ string) {
			if i >= 1 && i <= len(names) {
				of(runs[i-1])
			}
		})
	}
}

// excuse asks for the case on which the mark stands.
func (w *workspace) excuse(id desk.ID) {
	page.Ask(w.k, app.OneCase{ID: id}, func(a app.OneCaseAnswer) { excuse(w.k, &a, w.q.reload) })
}
