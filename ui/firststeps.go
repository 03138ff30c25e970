package ui

import (
	"fyne.io/fyne/v2"

	"punto/app"
	"punto/app/desk"
	"punto/ui/look"
)

// firstSteps tells who has just made a desk what to do next: what is done already
// is marked.
type firstSteps struct {
	w      *Window
	people bool
	docs   bool
	agents bool
	cases  bool
}

func newFirstSteps(w *Window) *firstSteps { return &firstSteps{w: w} }

func (f *firstSteps) show() {
	ask(f.w, app.Records{Type: desk.PersonType, Limit: 1}, func(a app.RecordsAnswer) { f.people = len(a.People) > 0 })
	ask(f.w, app.Records{Type: desk.ArticleType, Limit: 1}, func(a app.RecordsAnswer) { f.docs = len(a.Articles) > 0 })
	ask(f.w, app.Records{Type: desk.AgentType, Limit: 2}, func(a app.RecordsAnswer) { f.agents = len(a.Agents) > 1 })
	ask(f.w, app.Cases{By: "opened", Limit: 1}, func(a app.CasesAnswer) { f.cases = len(a.Rows) > 0 })
}

func (f *firstSteps) changed()              { f.show() }
func (f *firstSteps) first() fyne.Focusable { return nil }
func (f *firstSteps) called() string        { return f.w.T("steps.title") }
func (f *firstSteps) tick()                 {}
func (f *firstSteps) status() string        { return "" }
func (f *firstSteps) back()                 { f.w.goTo(attend) }

func (f *firstSteps) actions() []action {
	w := f.w
	return []action{{key: "Enter", word: w.T("steps.begin"), primary: true, do: f.back}, {key: "F5", word: w.T("do.refresh"), do: f.show},
		{key: areaKeys[nodes], word: w.T("area.nodes"), right: true, do: func() { w.goTo(nodes) }},
		{key: "F1", word: w.T("do.keys"), right: true, do: func() { w.help = true; w.Refresh() }}}
}

func (f *firstSteps) draw(p *look.Painter, r rect) {
	w := f.w
	x, y, wd := float32(64), r.y+36, r.w-128
	if folds(p) {
		x, y, wd = 32, r.y+8, r.w-64
	}
	p.TextFit(x, y, wd, 36, w.T("steps.lead", "Desk", w.state.Desk.Name), look.Style{Size: 26, Bold: true, Color: p.Ink})
	y += 44
	p.TextFit(x, y, wd, 22, w.T("steps.hint"), look.Style{Color: p.Muted})
	y += 36
	for _, s := range []struct {
		id   string
		done bool
	}{{"people", f.people}, {"docs", f.docs}, {"agents", f.agents}, {"case", f.cases}, {"nodes", w.site.Joined}} {
		m := look.TodoMark
		if s.done {
			m = look.FineMark
		}
		p.Mark(x, y+5, 14, m)
		p.TextFit(x+24, y, wd-24, 24, w.words.T("steps."+s.id), look.Style{Bold: true})
		p.TextFit(x+24, y+24, wd-24, 20, w.words.T("steps."+s.id+"How"), look.Style{Size: 12, Color: p.Muted})
		y += 54
	}
}
