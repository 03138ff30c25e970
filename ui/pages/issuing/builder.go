package issuing

import (
	"fmt"
	"maps"
	"slices"

	"punto/app"
	"punto/app/desk"
	"punto/reports"
	"punto/ui/look"
	"punto/ui/page"
)

// builder is one definition as it is written: its blocks, the properties of the marked one,
// how it is delivered, and a preview of the page.
type builder struct {
	x        *press
	k        *page.Kit
	blocks   *look.List
	id       desk.ID
	of       desk.Definition // as it is written
	was      desk.Definition // as it is kept
	undone   []desk.Definition
	dirty    bool
	form     *page.Form
	delivery *page.Form // nil = it is not being changed
	period   string
	busy     string // what is being done
	preview  preview
}

func newBuilder(x *press) *builder {
	b := &builder{x: x, k: x.k}
	b.blocks = x.k.List()
	b.blocks.RowH = 30
	b.blocks.Len = func() int { return len(b.of.Blocks) }
	b.blocks.Row = b.row
	b.blocks.OnSelect = func(int) { b.fill(); b.follow(); x.k.Refresh() }
	b.form = page.NewForm(x.k, nil, func() {})
	return b
}

// came takes in what the desk answered; what is being written stays.
func (b *builder) came() {
	rows := b.x.defs.Rows
	if len(rows) == 0 {
		return
	}
	i := max(0, slices.IndexFunc(rows, func(r app.DefinitionRow) bool { return r.ID == b.id }))
	if r := rows[i]; !b.dirty && (r.ID != b.id || !equal(r.Of, b.of)) {
		b.choose(r)
	} else if b.preview.of == "" {
		b.look()
	}
}

func equal(a, b desk.Definition) bool { return fmt.Sprintf("%+v", a) == fmt.Sprintf("%+v", b) }

// choose shows a definition.
func (b *builder) choose(r app.DefinitionRow) {
	if r.ID != b.id {
		b.blocks.Selected, b.period = 0, lastPeriod(r.Of.Cycle, b.k.Local(b.k.Now()))
	}
	b.id, b.of, b.was, b.dirty, b.undone, b.delivery = r.ID, copied(r.Of), r.Of, false, nil, nil
	b.blocks.Selected = max(0, min(b.blocks.Selected, len(b.of.Blocks)-1))
	b.fill()
	b.look()
	b.blocks.Refresh()
}

// copied shares no list with the definition that it is made of.
func copied(d desk.Definition) desk.Definition {
	d.Names, d.Blocks, d.To, d.Formats, d.Contracts = maps.Clone(d.Names), slices.Clone(d.Blocks), slices.Clone(d.To), slices.Clone(d.Formats), slices.Clone(d.Contracts)
	d.Indices = slices.Clone(d.Indices)
	return d
}

// change makes a change that can be undone.
func (b *builder) change(f func(*desk.Definition)) {
	if b.x.off() != "" {
		return
	}
	b.undone = append(b.undone, copied(b.of))
	f(&b.of)
	b.touched()
	b.blocks.Selected = max(0, min(b.blocks.Selected, len(b.of.Blocks)-1))
	b.blocks.Refresh()
	b.fill()
	b.look()
}

func (b *builder) touched() { b.dirty = !equal(b.of, b.was) }

// marked is the marked block; nil = there is none.
func (b *builder) marked() *desk.Block {
	if i := b.blocks.Selected; i < len(b.of.Blocks) {
		return &b.of.Blocks[i]
	}
	return nil
}

// row is the definition as the desk has it; nil while it is not known.
func (b *builder) known() *app.DefinitionRow {
	if b.x.defs == nil {
		return nil
	}
	if i := slices.IndexFunc(b.x.defs.Rows, func(r app.DefinitionRow) bool { return r.ID == b.id }); i >= 0 {
		return &b.x.defs.Rows[i]
	}
	return nil
}

var (
	cycles  = []desk.Cycle{desk.Monthly, desk.Weekly, desk.Daily}
	tongues = []string{"", "es", "en", "pt"}
)

func (b *builder) actions() []page.Action {
	k, off := b.k, b.x.off()
	if b.delivery != nil {
		return []page.Action{{Key: "Ctrl S", Word: k.T("reports.keep"), Primary: true, Do: b.save, Off: b.unfit(off)}, {Key: "Esc", Word: k.T("reports.leave")}}
	}
	issue := page.Action{Key: "F9", Word: k.T("reports.issue"), Primary: !b.dirty, Do: b.issue, Off: off}
	if off == "" && b.dirty {
		issue.Off = k.T("reports.keepFirst")
	}
	as := []page.Action{issue}
	if b.dirty {
		as = append(as, page.Action{Key: "Ctrl S", Word: k.T("reports.keep"), Primary: true, Do: b.save, Off: b.unfit(off)})
	}
	if b.dirty || len(b.undone) > 0 {
		as = append(as, page.Action{Key: "Ctrl D", Word: k.T("do.undo"), Do: b.undo})
	}
	as = append(as, page.Action{Key: "F10", Word: k.T("reports.paper"), Do: b.paper, Off: b.noPaper()}, page.Action{Key: "Ctrl E", Word: k.T("reports.comment"), Do: b.comment, Off: off},
		page.Action{Key: "F11", Word: k.T("reports.delivery"), Do: b.deliver, Off: off}, page.Action{Key: "F3", Word: k.T("reports.choose"), Do: b.pick},
		page.Action{Key: "Ctrl N", Word: k.T("reports.add"), Hidden: true, Do: b.add, Off: off}, page.Action{Key: "F8", Word: k.T("reports.drop"), Hidden: true, Do: b.drop, Off: off},
		page.Action{Key: "Alt ↑", Word: k.T("reports.up"), Hidden: true, Do: func() { b.move(-1) }}, page.Action{Key: "Alt ↓", Word: k.T("reports.down"), Hidden: true, Do: func() { b.move(1) }},
		page.Action{Key: "Alt ←", Word: k.T("reports.pageBefore"), Hidden: true, Do: func() { b.leaf(-1) }}, page.Action{Key: "Alt →", Word: k.T("reports.pageAfter"), Hidden: true, Do: func() { b.leaf(1) }},
		page.Action{Key: "F6", Word: k.T("reports.earlier"), Hidden: true, Do: func() { b.turn(-1) }}, page.Action{Key: "F7", Word: k.T("reports.later"), Hidden: true, Do: func() { b.turn(1) }},
		page.Action{Key: "F5", Word: k.T("reports.properties"), Hidden: true, Do: func() { b.x.card = 1; b.form.Focus(); k.Refresh() }},
		page.Action{Key: "Ctrl U", Word: k.T("reports.copy"), Do: b.duplicate, Off: off})
	if r := b.known(); r != nil && !r.Shipped {
		as = append(as, page.Action{Key: "Alt R", Word: k.T("reports.remove"), Hidden: true, Do: b.remove, Off: off})
	}
	return as
}

// unfit is why the definition cannot be kept.
func (b *builder) unfit(off string) string {
	for _, f := range []*page.Form{b.form, b.delivery} {
		if f != nil && f.Wrong() != "" && off == "" {
			return b.k.Words.T(f.Wrong())
		}
	}
	return off
}

func (b *builder) reportOf() app.ReportOf {
	of := app.ReportOf{Definition: b.id, Period: b.period}
	if len(b.of.Contracts) > 0 {
		of.Contract = b.of.Contracts[0]
	}
	return of
}

func (b *builder) save() {
	id, of := b.id, copied(b.of)
	b.k.Do(app.SaveDefinition{ID: id, Definition: of}, func(r app.Receipt) {
		b.k.Tell(b.k.T("reports.kept", "Name", of.Name(b.k.Words.Lang)), false)
		if b.id == id {
			b.id, b.was, b.dirty, b.delivery, b.undone = r.ID, of, false, nil, nil
			b.k.Focus(b.blocks)
			b.look()
		}
		b.x.Changed()
	}, nil)
}

// undo takes back the last change of the blocks or of the delivery, then what was typed.
func (b *builder) undo() {
	was := b.was
	if n := len(b.undone); n > 0 {
		was, b.undone = b.undone[n-1], b.undone[:n-1]
	}
	if equal(was, b.of) {
		was = b.was
	}
	b.of = copied(was)
	b.touched()
	b.blocks.Selected = max(0, min(b.blocks.Selected, len(b.of.Blocks)-1))
	b.fill()
	b.look()
	b.blocks.Refresh()
	b.k.Refresh()
}

// most is how many options a question has.
const most = 9

// pick asks for the definition that is to be shown.
func (b *builder) pick() {
	k := b.k
	if b.x.defs == nil || b.dirty {
		k.Tell(k.T("reports.keepFirst"), true)
		return
	}
	rows := b.x.defs.Rows[:min(most, len(b.x.defs.Rows))]
	var names []string
	at := 0
	for i, r := range rows {
		if names = append(names, r.Of.Name(k.Words.Lang)); r.ID == b.id {
			at = i + 1
		}
	}
	k.Question(k.T("reports.which"), names, at, "", "", func(i int, _ string) {
		if i > 0 {
			b.choose(rows[i-1])
			k.Focus(b.blocks)
		}
	})
}

// add asks for a part that the report has not, and puts it below the marked one.
func (b *builder) add() {
	k := b.k
	var ids, names []string
	for _, p := range reports.Parts(k.Words.Lang) {
		if !slices.ContainsFunc(b.of.Blocks, func(x desk.Block) bool { return x.Part == p.ID }) && len(ids) < most {
			ids, names = append(ids, p.ID), append(names, p.Title)
		}
	}
	if len(ids) == 0 {
		k.Tell(k.T("reports.allParts"), false)
		return
	}
	k.Question(k.T("reports.addWhich"), names, 0, "", "", func(i int, _ string) {
		if i > 0 {
			at := min(b.blocks.Selected+1, len(b.of.Blocks))
			b.blocks.Selected = at
			b.change(func(d *desk.Definition) {
				d.Blocks = slices.Insert(slices.Clone(d.Blocks), at, desk.Block{Part: ids[i-1]})
			})
			b.blocks.Select(at)
			k.Focus(b.blocks)
		}
	})
}

func (b *builder) drop() {
	if b.marked() == nil || len(b.of.Blocks) == 1 {
		b.k.Tell(b.k.T("reports.lastPart"), true)
		return
	}
	i := b.blocks.Selected
	b.change(func(d *desk.Definition) { d.Blocks = slices.Delete(slices.Clone(d.Blocks), i, i+1) })
	b.k.Refresh()
}

func (b *builder) move(n int) {
	i := b.blocks.Selected
	if j := i + n; b.marked() != nil && j >= 0 && j < len(b.of.Blocks) {
		b.blocks.Selected = j
		b.change(func(d *desk.Definition) {
			d.Blocks = slices.Clone(d.Blocks)
			d.Blocks[i], d.Blocks[j] = d.Blocks[j], d.Blocks[i]
		})
		b.k.Refresh()
	}
}

// duplicate makes a definition of one's own of the shown one.
func (b *builder) duplicate() {
	of := copied(b.of)
	for lang, name := range of.Names {
		of.Names[lang] = b.k.T("reports.copyOf", "Name", name)
	}
	of.Scheduled = false
	b.k.Do(app.SaveDefinition{Definition: of}, func(r app.Receipt) {
		b.id, b.of, b.was, b.dirty = r.ID, copied(of), of, false
		b.fill()
		b.x.Changed()
	}, nil)
}

// remove asks whether the definition is to go; what was issued by it stays.
func (b *builder) remove() {
	k, id := b.k, b.id
	k.Question(k.T("reports.removeThis", "Name", b.of.Name(k.Words.Lang)), []string{k.T("reports.remove"), k.T("reports.leave")}, 0, "", "", func(i int, _ string) {
		if i == 1 {
			k.Do(app.SaveDefinition{ID: id, Definition: desk.Definition{Gone: true}}, func(app.Receipt) { b.id, b.dirty = desk.ID{}, false; b.x.Changed() }, nil)
		}
	})
}

// comment asks for what is to be said of the marked part in the next revision.
func (b *builder) comment() {
	k, part, of := b.k, "", b.reportOf()
	if m := b.marked(); m != nil {
		part = m.Part
	}
	page.Ask(k, app.OneReport{ReportOf: of}, func(a app.OneReportAnswer) {
		text := ""
		for _, c := range a.Comments {
			if c.Part == part && c.By == k.State.Me {
				text = c.Text
			}
		}
		q := k.Question(k.T("reports.sayOf", "Part", b.x.partName(part), "Period", of.Period), nil, 0, k.T("reports.sayHint"), text, func(_ int, said string) {
			k.Do(app.CommentReport{ReportOf: of, Part: part, Text: said}, func(app.Receipt) {
				k.Tell(k.T("reports.said"), false)
				b.look()
			}, nil)
		})
		k.Focus(q.Field)
	})
}

// turn shows the report of another period.
func (b *builder) turn(n int) {
	now := b.k.Local(b.k.Now())
	for i := -60; i <= 0; i++ {
		if period(b.of.Cycle, now, i) == b.period && i+n <= 0 {
			b.period = period(b.of.Cycle, now, i+n)
			b.look()
			b.k.Refresh()
			return
		}
	}
}

// issue asks whether the report is to be issued, for each of its contracts.
func (b *builder) issue() {
	of := []app.ReportOf{b.reportOf()}
	for _, id := range b.of.Contracts[min(1, len(b.of.Contracts)):] {
		next := of[0]
		next.Contract = id
		of = append(of, next)
	}
	b.x.issue(b.of, of)
}
