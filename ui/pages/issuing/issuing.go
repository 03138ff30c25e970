// Package issuing is the page of reports: their definitions, with a preview beside, and the
// archive of those that were issued.
package issuing

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"fyne.io/fyne/v2"

	"punto/app"
	"punto/app/desk"
	"punto/reports"
	"punto/ui/look"
	"punto/ui/page"
)

// Tools are what the page asks of the program. nil = not offered.
type Tools struct {
	// Open shows a file in the program that the system has for it; at is where it lies.
	Open func(name string, content []byte) (at string, opened bool, err error)
	// Model is a report as it would be issued now.
	Model func(ctx context.Context, d desk.Definition, contract desk.ID, period string, said []app.ReportComment) (reports.Month, error)
}

// press is the page: the builder of a definition, or the archive.
type press struct {
	k       *page.Kit
	tools   Tools
	archive bool
	card    int // that a small window shows
	defs    *app.DefinitionsAnswer
	asked   [2]page.Latest

	contracts []app.Named[desk.Contract]
	shelf     *shelf
	build     *builder
}

// Kind is the page, on a tab of the analysis.
func Kind(t Tools) page.Kind {
	return page.Kind{Name: "reports", Word: "reports.title", Key: "Alt I", Place: page.Tab, Under: "analysis",
		For: []desk.Role{desk.SupervisorRole, desk.AnalystRole, desk.AdministratorRole, desk.ViewerRole}, Make: func(k *page.Kit) page.Page { return newPress(k, t) }}
}

func newPress(k *page.Kit, t Tools) *press {
	p := &press{k: k, tools: t}
	p.build = newBuilder(p)
	p.shelf = newShelf(p)
	return p
}

// Show implements page.Page: the argument "archive" brings up the archive.
func (x *press) Show(arg any) {
	if s, ok := arg.(string); ok {
		x.archive = s == "archive"
	}
	x.Changed()
}

// Changed asks again; what is being written stays.
func (x *press) Changed() {
	page.AskLatest(x.k, &x.asked[0], app.Definitions{}, func(a app.DefinitionsAnswer) {
		x.defs = &a
		x.build.came()
		x.k.Refresh()
	})
	page.AskLatest(x.k, &x.asked[1], app.Records{Type: desk.ContractType}, func(a app.RecordsAnswer) { x.contracts = a.Contracts })
	x.shelf.table.Changed()
	x.shelf.look()
}

// Relabel implements the change of the language.
func (x *press) Relabel() {
	x.shelf.relabel()
	x.build.fill()
	if x.archive && x.k.Up(x) {
		x.k.Focus(x.First())
	}
	x.Changed()
}

// Tick implements page.Page.
func (x *press) Tick() {}

// writes tells whether who is signed in may define and issue.
func (x *press) writes() bool {
	r := x.k.State.Agent.Role
	return r == desk.SupervisorRole || r == desk.AnalystRole || r == desk.AdministratorRole || x.k.State.Me.IsZero()
}

// off is why a change cannot be made now; "" = it can.
func (x *press) off() string {
	if !x.writes() {
		return x.k.T("reports.readOnly")
	}
	return ""
}

// First implements page.Page.
func (x *press) First() fyne.Focusable {
	if x.archive {
		return x.shelf.table.List
	}
	return x.build.blocks
}

// Back steps out of a form, then out of the archive.
func (x *press) Back() bool {
	switch {
	case !x.archive && x.build.delivery != nil:
		x.build.delivery = nil
	case !x.archive && x.build.form.Focused():
	case x.archive:
		x.archive = false
	default:
		return false
	}
	x.k.Focus(x.First())
	x.k.Refresh()
	return true
}

// turn brings up the archive, or the definitions.
func (x *press) turn(archive bool) {
	x.archive, x.card = archive, 0
	x.k.Focus(x.First())
	x.k.Refresh()
}

// Status implements page.Page.
func (x *press) Status() string {
	switch {
	case x.defs == nil || x.build.busy != "":
		return cmp.Or(x.build.busy, x.k.T("wait.loading"))
	case !x.archive && x.build.dirty:
		return x.k.T("link.unsaved")
	}
	return ""
}

// Actions implements page.Page.
func (x *press) Actions() []page.Action {
	card := page.Action{Key: "F2", Word: x.k.T("do.card"), Hidden: true, Do: func() { x.card = (x.card + 1) % 3; x.k.Refresh() }}
	if x.archive {
		return append(x.shelf.actions(), page.Action{Key: "F3", Word: x.k.T("reports.toDefinitions"), Do: func() { x.turn(false) }}, card)
	}
	return append(x.build.actions(), page.Action{Key: "F4", Word: x.k.T("reports.toArchive"), Do: func() { x.turn(true) }}, card)
}

// Draw implements page.Page.
func (x *press) Draw(p *look.Painter, r page.Rect) {
	if x.archive {
		x.shelf.draw(p, r)
		return
	}
	x.build.draw(p, r)
}

// fold draws three cards side by side, one at a time where the window is small.
func (x *press) fold(p *look.Painter, r page.Rect, names []string, widths []float32, draw ...func(*look.Painter, page.Rect)) {
	if p.Small() {
		at := x.card % len(names)
		draw[at](p, page.Folds(p, r, names, at, func(i int) { x.card = i; x.k.Refresh() }))
		return
	}
	at := r.X
	rest := r.W - 12*float32(len(widths)-1)
	for _, w := range widths {
		rest -= w
	}
	for i, w := range widths {
		if w == 0 {
			w = rest
		}
		draw[i](p, page.At(at, r.Y, w, r.H))
		at += w + 12
	}
}

// title is the name of a card, with a muted text at its right; it gives where the card's
// content begins.
func title(p *look.Painter, r page.Rect, word, right string) page.Rect {
	p.CardBox(r.X, r.Y, r.W, r.H, false)
	x := p.TextFit(r.X+16, r.Y+6, r.W-32, 32, word, look.Style{Size: 16, Bold: true, Color: p.Ink})
	if right != "" {
		p.Right(r.X+r.W-16, r.Y+8, 28, look.Fit(right, r.X+r.W-32-x, look.Style{Size: 12}), look.Style{Size: 12, Color: p.Muted})
	}
	p.Line(r.X, r.Y+42, r.X+r.W, r.Y+42, 1, p.Palette.Line)
	return page.At(r.X+16, r.Y+50, r.W-32, r.H-58)
}

// lastPeriod is the one of a cycle that was over last.
func lastPeriod(c desk.Cycle, now time.Time) string { return period(c, now, -1) }

// period is the one n cycles after that of an instant.
func period(c desk.Cycle, now time.Time, n int) string {
	noon := time.Date(now.Year(), now.Month(), now.Day(), 12, 0, 0, 0, time.UTC)
	switch c {
	case desk.Weekly:
		y, w := noon.AddDate(0, 0, 7*n).ISOWeek()
		return fmt.Sprintf("%04d-W%02d", y, w)
	case desk.Daily:
		return noon.AddDate(0, 0, n).Format(time.DateOnly)
	}
	return time.Date(now.Year(), now.Month()+time.Month(n), 1, 12, 0, 0, 0, time.UTC).Format("2006-01")
}

// partName is the title of a part in the window's language; of one that this version does
// not know, its id.
func (x *press) partName(id string) string {
	if id == "" {
		return x.k.T("reports.whole")
	}
	all := reports.Parts(x.k.Words.Lang)
	if i := slices.IndexFunc(all, func(p reports.Part) bool { return p.ID == id }); i >= 0 {
		return all[i].Title
	}
	return id
}
