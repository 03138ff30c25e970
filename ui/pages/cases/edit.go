package cases

import (
	"strings"

	"punto/app"
	"punto/app/desk"
	"punto/ui/page"
)

// What a case says of itself is changed in the line at the foot: first what, then to
// what; what it is now stands there to be changed.

// change asks what is to be changed.
func (c *casePage) change() {
	k := c.k
	fields := []string{"subject", "text", "category", "priority", "person"}
	by := []func(){c.changeSubject, c.changeText, func() { c.supplyCategory(func(code string) { c.edit(desk.Edited{Category: &code}) }) },
		c.changePriority, func() { c.supplyCaller(func(id desk.ID) { c.edit(desk.Edited{Person: &id}) }) }}
	var names []string
	for _, f := range fields {
		names = append(names, k.Words.T("field."+f))
	}
	k.Question(k.T("ask.edit"), names, 0, "", "", func(i int, _ string) {
		if i >= 1 && i <= len(by) {
			by[i-1]()
		}
	})
}

func (c *casePage) edit(e desk.Edited) { c.do(app.EditCase{Case: c.id, Edit: e}) }

func (c *casePage) changeSubject() {
	k := c.k
	q := k.Question(k.T("field.subject"), nil, 0, k.T("field.subject"), c.a.Case.Subject, func(_ int, s string) { c.edit(desk.Edited{Subject: &s}) })
	q.Check = func(_ int, s string) string {
		if strings.TrimSpace(s) == "" {
			return k.T("ask.emptySubject")
		}
		return ""
	}
}

func (c *casePage) changeText() {
	k := c.k
	if t := c.a.Case.Text; strings.ContainsAny(t, "\r\n") || len(t) > page.Paragraph { // one line would lose some of it
		k.Tell(k.T("case.textIsLong"), true)
		return
	}
	k.Question(k.T("field.text"), nil, 0, k.T("intake.text"), c.a.Case.Text, func(_ int, s string) { c.edit(desk.Edited{Text: &s}) })
}

func (c *casePage) changePriority() {
	askPriority(c.k, func(p int, why string) { c.edit(desk.Edited{Priority: &p, Why: &why}) })
}

// askPriority asks for one and for the reason, which the service model wants of
// whoever does not follow its matrix.
func askPriority(k *page.Kit, use func(p int, why string)) {
	names := []string{k.Priority(1), k.Priority(2), k.Priority(3), k.Priority(4)}
	q := k.Question(k.T("ask.newPriority"), names, 0, k.T("ask.reason"), "", use)
	q.Check = func(i int, why string) string {
		if i < 1 || i > 4 || strings.TrimSpace(why) == "" {
			return k.T("ask.whyPriority")
		}
		return ""
	}
}
