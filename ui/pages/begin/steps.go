package begin

import (
	"fyne.io/fyne/v2"

	"punto/app"
	"punto/app/desk"
	"punto/ui/look"
	"punto/ui/page"
)

// firstSteps tells who has just made a desk what to do next: what is done already
// is marked.
type firstSteps struct {
	k      *page.Kit
	people bool
	docs   bool
	agents bool
	cases  bool
}

// Steps is the page that tells what to do next.
func Steps() page.Kind {
	return page.Kind{Name: "steps", Word: "steps.title", Make: func(k *page.Kit) page.Page { return &firstSteps{k: k} }}
}

// Show implements page.Page.
func (f *firstSteps) Show(any) {
	page.Ask(f.k, app.Records{Type: desk.PersonType, Limit: 1}, func(a app.RecordsAnswer) { f.people = len(a.People) > 0 })
	page.Ask(f.k, app.Records{Type: desk.ArticleType, Limit: 1}, func(a app.RecordsAnswer) { f.docs = len(a.Articles) > 0 })
	page.Ask(f.k, app.Records{Type: desk.AgentType, Limit: 2}, func(a app.RecordsAnswer) { f.agents = len(a.Agents) > 1 })
	page.Ask(f.k, app.Cases{By: "opened", Limit: 1}, func(a app.CasesAnswer) { f.cases = len(a.Rows) > 0 })
}

// Changed asks what is done by now.
func (f *firstSteps) Changed() { f.Show(nil) }

// First implements page.Page.
func (f *firstSteps) First() fyne.Focusable { return nil }

// Tick implements page.Page.
func (f *firstSteps) Tick() {}

// Status implements page.Page.
func (f *firstSteps) Status() string { return "" }

// Actions implements page.Page.
func (f *firstSteps) Actions() []page.Action {
	k := f.k
	return []page.Action{{Key: "Enter", Word: k.T("steps.begin"), Primary: true, Do: k.Leave}, {Key: "F5", Word: k.T("do.refresh"), Do: func() { f.Show(nil) }},
		{Key: k.KeyTo("nodes"), Word: k.T("area.nodes"), Right: true}, {Key: "F1", Word: k.T("do.keys"), Right: true}}
}

// Draw implements page.Page.
func (f *firstSteps) Draw(p *look.Painter, r page.Rect) {
	k := f.k
	x, y, wd := float32(64), r.Y+36, r.W-128
	if p.Small() {
		x, y, wd = 32, r.Y+8, r.W-64
	}
	p.TextFit(x, y, wd, 36, k.T("steps.lead", "Desk", k.State.Desk.Name), look.Style{Size: 26, Bold: true, Color: p.Ink})
	y += 44
	p.TextFit(x, y, wd, 22, k.T("steps.hint"), look.Style{Color: p.Muted})
	y += 36
	for _, s := range []struct {
		id   string
		done bool
	}{{"people", f.people}, {"docs", f.docs}, {"agents", f.agents}, {"case", f.cases}, {"nodes", k.Nodes.Joined}} {
		m := look.TodoMark
		if s.done {
			m = look.FineMark
		}
		p.Mark(x, y+5, 14, m)
		p.TextFit(x+24, y, wd-24, 24, k.Words.T("steps."+s.id), look.Style{Bold: true})
		p.TextFit(x+24, y+24, wd-24, 20, k.Words.T("steps."+s.id+"How"), look.Style{Size: 12, Color: p.Muted})
		y += 54
	}
}
