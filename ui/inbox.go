package ui

import (
	"slices"
	"strconv"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/ui/look"
)

// inboxPage are the fields that two people set without knowing of each other:
// one key keeps what stands, another puts the other value in its place.
type inboxPage struct {
	*table[app.ConflictRow]
	sending map[conflictKey]bool // decisions under way
}

// conflictKey names one conflict.
type conflictKey struct {
	entity desk.Entity
	field  string
	stamp  desk.Stamp
}

func keyOf(r app.ConflictRow) conflictKey { return conflictKey{r.Entity, r.Field, r.Stamp} }

func newInbox(w *Window) *inboxPage {
	b := &inboxPage{sending: map[conflictKey]bool{}}
	b.table = newTable(w, w.T("conflict.title"), [2]string{w.T("conflict.none"), w.T("conflict.noneHint")}, b.row,
		look.Column{Title: w.T("conflict.about")}, look.Column{Title: w.T("conflict.field"), Width: 170, Least: 110},
		look.Column{Title: w.T("conflict.keptCol"), Width: 330, Least: 220}, look.Column{Title: w.T("conflict.otherCol"), Width: 330, Least: 220})
	b.list.RowH = 50
	b.same = func(x, y app.ConflictRow) bool { return keyOf(x) == keyOf(y) }
	b.fetch = func(_ *table[app.ConflictRow], after []byte, use func([]app.ConflictRow, []byte)) {
		ask(w, app.Conflicts{After: after, Limit: pageRows}, func(a app.ConflictsAnswer) { use(a.Rows, a.Next) })
	}
	b.list.OnOpen = func(int) {
		if r, ok := b.at(); ok && r.OpenedCase {
			w.openCase(r.Entity.ID)
		} else if ok {
			w.tell(w.T("conflict.noPage"), true)
		}
	}
	return b
}

func (b *inboxPage) show() { b.w.askSite(0); b.table.show() }

// at is the selected row.
func (b *inboxPage) at() (app.ConflictRow, bool) {
	if i := b.list.Selected; i < len(b.rows) {
		return b.rows[i], true
	}
	return app.ConflictRow{}, false
}

func (b *inboxPage) actions() []action {
	w := b.w
	r, ok := b.at()
	none, fixed, closed := "", "", ""
	switch {
	case !ok:
		none = w.T("conflict.none")
		fixed, closed = none, none
	default:
		if !r.CanChange {
			fixed = w.T("conflict.fixed")
			if !r.OpenedCase {
				fixed = w.T("conflict.fixedRecord")
			}
		}
		if !r.OpenedCase {
			closed = w.T("conflict.noPage")
		}
	}
	return []action{{key: "F8", word: w.T("conflict.keep"), primary: true, off: none, do: func() { b.settle(false) }},
		{key: "Alt 8", word: w.T("conflict.change"), off: fixed, do: func() { b.settle(true) }},
		{key: "Enter", word: w.T("conflict.open"), off: closed, do: func() { b.list.OnOpen(b.list.Selected) }},
		{key: "F5", word: w.T("do.refresh"), do: b.show}}
}

func (b *inboxPage) status() string {
	if n := len(b.rows); n > 0 {
		return b.w.T("conflict.ofAll", "N", min(b.list.Selected, n-1)+1, "All", max(n, b.w.site.Conflicts))
	}
	return ""
}

// settle ends the selected conflict: the row goes when the desk says so, and the
// one below it is then selected.
func (b *inboxPage) settle(other bool) {
	r, ok := b.at()
	if !ok || b.sending[keyOf(r)] {
		return
	}
	w, k := b.w, keyOf(r)
	b.sending[k] = true
	ctx := w.session()
	go func() {
		_, err := w.Desk.Do(ctx, app.SettleConflict{Entity: r.Entity, Field: r.Field, Stamp: r.Stamp, Other: other})
		w.Post(func() {
			delete(b.sending, k)
			if err != nil {
				w.failed(err)
				if app.CodeOf(err) == app.NotFound { // somebody else was quicker
					b.show()
				}
				return
			}
			w.answered()
			b.leave(k)
			value, id := r.Kept, "conflict.kept"
			if other {
				value, id = r.Other, "conflict.changed"
			}
			w.tell(w.words.T(id, "What", b.name(r), "Field", w.field(r.Field), "Value", w.fieldValue(r, value)), false)
			w.askSite(0)
		})
	}()
}

// leave takes a row out. What is being loaded was asked before and is dropped.
func (b *inboxPage) leave(k conflictKey) {
	i := slices.IndexFunc(b.rows, func(r app.ConflictRow) bool { return keyOf(r) == k })
	if i < 0 {
		return
	}
	b.rows = slices.Delete(b.rows, i, i+1)
	if i < b.list.Selected {
		b.list.Selected--
	}
	b.list.Selected = max(0, min(b.list.Selected, len(b.rows)-1))
	b.gen++
	b.loading = false
	if b.more && b.list.Selected+pageRows/2 > len(b.rows) {
		b.load()
	}
}

// name is what the conflict is in: the number of a case, the name of a record.
func (b *inboxPage) name(r app.ConflictRow) string {
	if r.Number != "" {
		return string(r.Number)
	}
	return r.Title
}

func (b *inboxPage) row(p *look.Painter, r app.ConflictRow, y, h, _ float32, xs []float32) {
	w, small := b.w, look.Style{Size: 12, Color: p.Muted}
	y1, y2 := y+5, y+27
	cut := func(c int) float32 { return xs[c+1] - xs[c] - 12 }
	one, two := string(r.Number), r.Title
	if r.Number == "" {
		one, two = r.Title, w.words.T("type."+r.Entity.Type.String())
	}
	p.TextFit(xs[0], y1, cut(0), 22, one, look.Style{Bold: true})
	p.TextFit(xs[0], y2, cut(0), 18, two, small)
	p.TextFit(xs[1], y, cut(1), h, w.field(r.Field), look.Style{})
	p.Mark(xs[2], y1+4, 14, look.FineMark)
	p.TextFit(xs[2]+20, y1, cut(2)-20, 22, w.fieldValue(r, r.Kept), look.Style{Bold: true})
	p.TextFit(xs[2]+20, y2, cut(2)-20, 18, w.byAt(r.KeptBy, r.KeptAt), small)
	p.TextFit(xs[3], y1, cut(3), 22, w.fieldValue(r, r.Other), look.Style{})
	p.TextFit(xs[3], y2, cut(3), 18, w.byAt(r.OtherBy, r.OtherAt), small)
}

// detailH is the height of the detail, and foldedH in a small window.
const detailH, foldedH = 176, 140

func (b *inboxPage) draw(p *look.Painter, r rect) {
	w := b.w
	r = w.boardTabs(p, r, inbox)
	x := p.Text(margin, r.y+8, 32, b.title, look.Style{Size: 20, Bold: true, Color: p.Ink}) + 16
	p.TextFit(x, r.y+10, r.w-margin-x, 30, w.T("conflict.lead"), look.Style{Color: p.Muted})
	h, detail := r.h-60, float32(detailH)
	if folds(p) {
		detail = foldedH
	}
	row, ok := b.at()
	if ok {
		h -= detail + 12
	}
	p.CardBox(margin, r.y+48, r.w-2*margin, h, false)
	p.Place(b.list, margin+1, r.y+50, r.w-2*margin-2, h-4)
	if ok {
		b.drawDetail(p, rect{margin, r.y + 48 + h + 12, r.w - 2*margin, detail}, row)
	}
}

// drawDetail shows both values of the selected row whole, each with the key that
// makes it stand.
func (b *inboxPage) drawDetail(p *look.Painter, r rect, c app.ConflictRow) {
	w := b.w
	p.CardBox(r.x, r.y, r.w, r.h, false)
	st := look.Style{Size: 16, Bold: true, Color: p.Ink}
	p.Spans(r.x+16, r.y+8, r.w-32, 28, look.Span{S: b.name(c), Style: look.Style{Size: 16, Bold: true, Color: p.Accent}}, look.Span{S: "   " + w.field(c.Field), Style: st},
		look.Span{S: "   " + c.Title, Style: look.Style{Color: p.Muted}})
	wd := (r.w - 32 - 16) / 2
	for i, v := range []struct {
		value, by, key, word string
		at                   int64
	}{{c.Kept, c.KeptBy, "F8", w.T("conflict.keepThis"), c.KeptAt}, {c.Other, c.OtherBy, "Alt 8", w.T("conflict.putThis"), c.OtherAt}} {
		box := rect{r.x + 16 + float32(i)*(wd+16), r.y + 42, wd, r.h - 54}
		if i == 0 {
			p.Rect(box.x, box.y, box.w, box.h, 6, p.Card, p.Fine, 2)
			chip := look.ChipWidth(look.FineMark, w.T("conflict.stands"))
			p.Chip(box.x+box.w-chip-10, box.y+18, look.FineMark, w.T("conflict.stands"))
		} else {
			p.Rect(box.x, box.y, box.w, box.h, 6, p.Ground, p.Palette.Line, 1)
		}
		p.TextFit(box.x+14, box.y+7, box.w-130, 22, w.byAt(v.by, v.at), look.Style{Size: 12, Color: p.Muted})
		drawParagraph(p, rect{box.x + 14, box.y + 32, box.w - 28, box.h - 62}, w.fieldValue(c, v.value), look.Style{Bold: i == 0})
		foot := box.y + box.h - 29
		if i == 1 && !c.CanChange {
			why := w.T("conflict.fixed")
			if !c.OpenedCase {
				why = w.T("conflict.fixedRecord")
			}
			p.Mark(box.x+14, foot+5, 14, look.PauseMark)
			p.TextFit(box.x+34, foot, box.w-48, 24, why, look.Style{Size: 12})
			continue
		}
		kx := p.Key(box.x+14, foot+12, v.key) + 8
		p.TextFit(kx, foot, box.x+box.w-14-kx, 24, v.word, look.Style{Size: 12})
	}
}

// byAt is who set a value and when.
func (w *Window) byAt(who string, at int64) string {
	if who == "" {
		who = w.T("case.system")
	}
	if at == 0 {
		return who
	}
	return who + " · " + w.at(time.UnixMilli(at))
}

// field is the name of a field in words; a field that has none is told by its
// number.
func (w *Window) field(name string) string {
	if _, err := strconv.Atoi(name); err == nil {
		return w.T("field.other", "N", name)
	}
	id := "field." + name
	if s := w.words.T(id); s != id {
		return s
	}
	return name
}

// fieldValue is a value of a conflict as people read it.
func (w *Window) fieldValue(r app.ConflictRow, v string) string {
	switch n, err := strconv.Atoi(v); {
	case v == "" || v == "null":
		return w.T("conflict.empty")
	case r.Field == "password":
		return "••••••••"
	case r.Field == "priority" && err == nil:
		return v + " " + w.priority(n)
	case r.Field == "impact" && err == nil:
		return w.level(w.model.Impacts, n, v)
	case r.Field == "urgency" && err == nil:
		return w.level(w.model.Urgencies, n, v)
	case v == "true":
		return w.T("word.yes")
	case v == "false":
		return w.T("word.no")
	case r.Field == "status":
		if s := w.words.T("status." + v); s != "status."+v {
			return s
		}
	}
	return v
}

// level is a degree of impact or urgency with its name.
func (w *Window) level(names map[string][4]string, n int, v string) string {
	x := w.levels(names)
	if n < 1 || n > len(x) || x[n-1] == "" {
		return v
	}
	return v + " " + x[n-1]
}
