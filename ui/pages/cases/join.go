package cases

import (
	"strings"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/ui/look"
	"punto/ui/page"
)

// Another case is found by its words or its number, and seen before it is chosen.

// offered are how many cases stand to be chosen from.
const offered = 4

// merge joins this case to another open one, which stays.
func (c *casePage) merge() {
	c.other(c.k.T("ask.merge"), func(r *app.CaseRow) bool { return r.Status.Open() }, func(id desk.ID) { c.do(app.MergeCase{Case: c.id, Into: id}) })
}

// under hangs this case under another.
func (c *casePage) under() {
	c.other(c.k.T("ask.parent"), func(*app.CaseRow) bool { return true }, func(id desk.ID) { c.do(app.LinkCase{Case: c.id, Parent: id}) })
}

// other asks for another case that will do.
func (c *casePage) other(word string, will func(*app.CaseRow) bool, use func(desk.ID)) {
	k := c.k
	var found []app.CaseRow
	asked := 0 // answers to what was typed before are dropped
	q := k.Question(word, nil, 0, k.T("ask.otherHint"), "", func(i int, _ string) { use(found[i-1].ID) })
	q.Check = func(i int, _ string) string {
		if i < 1 || i > len(found) {
			return k.T("ask.other")
		}
		return ""
	}
	q.Field.OnChanged = func(text string) {
		asked++
		now := asked
		found, q.Options, q.Chosen = nil, nil, 0
		if strings.TrimSpace(text) == "" {
			k.Refresh()
			return
		}
		offer := func(of app.OneCase) {
			page.Ask(k, of, func(a app.OneCaseAnswer) {
				if now != asked || a.ID == c.id || len(found) == offered || !will(&a.Row) {
					return
				}
				found, q.Options = append(found, a.Row), append(q.Options, c.preview(&a.Row))
				q.Chosen = 1
				k.Refresh()
			})
		}
		if n, err := desk.ParseNumber(text); err == nil {
			offer(app.OneCase{Number: string(n)})
			return
		}
		page.Ask(k, app.Search{Text: text, Kind: "case", Limit: 2 * offered, Typing: true}, func(a app.SearchAnswer) {
			for _, h := range a.Hits {
				offer(app.OneCase{ID: h.ID})
			}
		})
	}
}

// preview is a case in one line: enough to tell it from the others.
func (c *casePage) preview(r *app.CaseRow) string {
	k := c.k
	s := string(r.Number) + "  " + look.Fit(r.Subject, 420, look.Style{Bold: true})
	for _, x := range []string{r.Person, r.Group, k.Words.T("status." + r.Status.String()), k.At(time.UnixMilli(r.OpenedAt))} {
		if x != "" {
			s += " · " + x
		}
	}
	return s
}
