// Package inbox is the page of conflicts: fields that two workstations set without
// knowing of each other, each to be settled with one key.
package inbox

import (
	"strconv"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/ui/look"
	"punto/ui/page"
)

// inboxPage are the fields that two people set without knowing of each other:
// one key keeps what stands, another puts the other value in its place.
type inboxPage struct {
	*page.Table[app.ConflictRow]
	k       *page.Kit
	sending map[conflictKey]bool // decisions under way
}

// conflictKey names one conflict.
type conflictKey struct {
	entity desk.Entity
	field  string
	stamp  desk.Stamp
}

func keyOf(r app.ConflictRow) conflictKey { return conflictKey{r.Entity, r.Field, r.Stamp} }

// Kind is the page of conflicts, on a tab of the board.
func Kind() page.Kind {
	return page.Kind{Name: "inbox", Word: "area.conflicts", Key: "Ctrl F11", Place: page.Tab, Under: "board",
		Count: func(k *page.Known) int { return k.Nodes.Conflicts }, Make: func(k *page.Kit) page.Page { return newInbox(k) }}
}

func newInbox(k *page.Kit) *inboxPage {
	b := &inboxPage{k: k, sending: map[conflictKey]bool{}}
	b.Table = page.NewTable(k, k.T("conflict.title"), [2]string{k.T("conflict.none"), k.T("conflict.noneHint")}, b.row,
		look.Column{Title: k.T("conflict.about")}, look.Column{Title: k.T("conflict.field"), Width: 170, Least: 110},
		look.Column{Title: k.T("conflict.keptCol"), Width: 330, Least: 220}, look.Column{Title: k.T("conflict.otherCol"), Width: 330, Least: 220})
	b.List.RowH = 50
	b.Same = func(x, y app.ConflictRow) bool { return keyOf(x) == keyOf(y) }
	b.Fetch = func(after []byte, use func([]app.ConflictRow, []byte)) {
		page.Ask(k, app.Conflicts{After: after, Limit: page.PageRows}, func(a app.ConflictsAnswer) { use(a.Rows, a.Next) })
	}
	b.Open = func(r app.ConflictRow) {
		if r.OpenedCase {
			k.Go("case", r.Entity.ID)
		} else {
			k.Tell(k.T("conflict.noPage"), true)
		}
	}
	return b
}

// Show implements page.Page.
func (b *inboxPage) Show(any) {
	b.k.AskNodes(0)
	b.Table.Show(nil)
}

// Actions implements page.Page.
func (b *inboxPage) Actions() []page.Action {
	k := b.k
	r, ok := b.Selected()
	none, fixed, closed := "", "", ""
	switch {
	case !ok:
		none = k.T("conflict.none")
		fixed, closed = none, none
	default:
		if !r.CanChange {
			fixed = k.T("conflict.fixed")
			if !r.OpenedCase {
				fixed = k.T("conflict.fixedRecord")
			}
		}
		if !r.OpenedCase {
			closed = k.T("conflict.noPage")
		}
	}
	return []page.Action{{Key: "F8", Word: k.T("conflict.keep"), Primary: true, Off: none, Do: func() { b.settle(false) }},
		{Key: "Alt 8", Word: k.T("conflict.change"), Off: fixed, Do: func() { b.settle(true) }},
		{Key: "Enter", Word: k.T("conflict.open"), Off: closed, Do: func() { b.List.OnOpen(b.List.Selected) }},
		{Key: "F5", Word: k.T("do.refresh"), Do: func() { b.Show(nil) }}}
}

// Status implements page.Page.
func (b *inboxPage) Status() string {
	if n := len(b.Rows); n > 0 {
		return b.k.T("conflict.ofAll", "N", min(b.List.Selected, n-1)+1, "All", max(n, b.k.Nodes.Conflicts))
	}
	return ""
}

// settle ends the selected conflict: the row goes when the desk says so, and the
// one below it is then selected.
func (b *inboxPage) settle(other bool) {
	r, ok := b.Selected()
	if !ok || b.sending[keyOf(r)] {
		return
	}
	k, key := b.k, keyOf(r)
	b.sending[key] = true
	k.Do(app.SettleConflict{Entity: r.Entity, Field: r.Field, Stamp: r.Stamp, Other: other}, func(app.Receipt) {
		delete(b.sending, key)
		b.Remove(func(r app.ConflictRow) bool { return keyOf(r) == key })
		value, id := r.Kept, "conflict.kept"
		if other {
			value, id = r.Other, "conflict.changed"
		}
		k.Tell(k.Words.T(id, "What", b.name(r), "Field", b.field(r.Field), "Value", b.value(r, value)), false)
		k.AskNodes(0)
	}, func(err error) {
		delete(b.sending, key)
		if app.CodeOf(err) == app.NotFound { // somebody else was quicker
			b.Show(nil)
		}
	})
}

// name is what the conflict is in: the number of a case, the name of a record.
func (b *inboxPage) name(r app.ConflictRow) string {
	if r.Number != "" {
		return string(r.Number)
	}
	return r.Title
}

func (b *inboxPage) row(p *look.Painter, r app.ConflictRow, y, h float32, xs []float32) {
	k, small := b.k, look.Style{Size: 12, Color: p.Muted}
	y1, y2 := y+5, y+27
	cut := func(c int) float32 { return xs[c+1] - xs[c] - 12 }
	one, two := string(r.Number), r.Title
	if r.Number == "" {
		one, two = r.Title, k.Words.T("type."+r.Entity.Type.String())
	}
	p.TextFit(xs[0], y1, cut(0), 22, one, look.Style{Bold: true})
	p.TextFit(xs[0], y2, cut(0), 18, two, small)
	p.TextFit(xs[1], y, cut(1), h, b.field(r.Field), look.Style{})
	p.Mark(xs[2], y1+4, 14, look.FineMark)
	p.TextFit(xs[2]+20, y1, cut(2)-20, 22, b.value(r, r.Kept), look.Style{Bold: true})
	p.TextFit(xs[2]+20, y2, cut(2)-20, 18, b.byAt(r.KeptBy, r.KeptAt), small)
	p.TextFit(xs[3], y1, cut(3), 22, b.value(r, r.Other), look.Style{})
	p.TextFit(xs[3], y2, cut(3), 18, b.byAt(r.OtherBy, r.OtherAt), small)
}

// detailH is the height of the detail, and foldedH in a small window.
const detailH, foldedH = 176, 140

// Draw implements page.Page.
func (b *inboxPage) Draw(p *look.Painter, r page.Rect) {
	k := b.k
	x := p.Text(page.Margin, r.Y+8, 32, b.Title, look.Style{Size: 20, Bold: true, Color: p.Ink}) + 16
	p.TextFit(x, r.Y+10, r.W-page.Margin-x, 30, k.T("conflict.lead"), look.Style{Color: p.Muted})
	h, detail := r.H-60, float32(detailH)
	if p.Small() {
		detail = foldedH
	}
	row, ok := b.Selected()
	if ok {
		h -= detail + 12
	}
	p.CardBox(page.Margin, r.Y+48, r.W-2*page.Margin, h, false)
	p.Place(b.List, page.Margin+1, r.Y+50, r.W-2*page.Margin-2, h-4)
	if ok {
		b.drawDetail(p, page.At(page.Margin, r.Y+48+h+12, r.W-2*page.Margin, detail), row)
	}
}

// drawDetail shows both values of the selected row whole, each with the key that
// makes it stand.
func (b *inboxPage) drawDetail(p *look.Painter, r page.Rect, c app.ConflictRow) {
	k := b.k
	p.CardBox(r.X, r.Y, r.W, r.H, false)
	st := look.Style{Size: 16, Bold: true, Color: p.Ink}
	p.Spans(r.X+16, r.Y+8, r.W-32, 28, look.Span{S: b.name(c), Style: look.Style{Size: 16, Bold: true, Color: p.Accent}}, look.Span{S: "   " + b.field(c.Field), Style: st},
		look.Span{S: "   " + c.Title, Style: look.Style{Color: p.Muted}})
	wd := (r.W - 32 - 16) / 2
	for i, v := range []struct {
		value, by, key, word string
		at                   int64
	}{{c.Kept, c.KeptBy, "F8", k.T("conflict.keepThis"), c.KeptAt}, {c.Other, c.OtherBy, "Alt 8", k.T("conflict.putThis"), c.OtherAt}} {
		box := page.At(r.X+16+float32(i)*(wd+16), r.Y+42, wd, r.H-54)
		if i == 0 {
			p.Rect(box.X, box.Y, box.W, box.H, 6, p.Card, p.Fine, 2)
			chip := look.ChipWidth(look.FineMark, k.T("conflict.stands"))
			p.Chip(box.X+box.W-chip-10, box.Y+18, look.FineMark, k.T("conflict.stands"))
		} else {
			p.Rect(box.X, box.Y, box.W, box.H, 6, p.Ground, p.Palette.Line, 1)
		}
		p.TextFit(box.X+14, box.Y+7, box.W-130, 22, b.byAt(v.by, v.at), look.Style{Size: 12, Color: p.Muted})
		p.Paragraph(box.X+14, box.Y+32, box.W-28, box.H-62, b.value(c, v.value), look.Style{Bold: i == 0})
		foot := box.Y + box.H - 29
		if i == 1 && !c.CanChange {
			why := k.T("conflict.fixed")
			if !c.OpenedCase {
				why = k.T("conflict.fixedRecord")
			}
			p.Mark(box.X+14, foot+5, 14, look.PauseMark)
			p.TextFit(box.X+34, foot, box.W-48, 24, why, look.Style{Size: 12})
			continue
		}
		kx := p.Key(box.X+14, foot+12, v.key) + 8
		p.TextFit(kx, foot, box.X+box.W-14-kx, 24, v.word, look.Style{Size: 12})
	}
}

// byAt is who set a value and when.
func (b *inboxPage) byAt(who string, at int64) string {
	k := b.k
	if who == "" {
		who = k.T("case.system")
	}
	if at == 0 {
		return who
	}
	return who + " · " + k.At(time.UnixMilli(at))
}

// field is the name of a field in words; a field that has none is told by its
// number.
func (b *inboxPage) field(name string) string {
	k := b.k
	if _, err := strconv.Atoi(name); err == nil {
		return k.T("field.other", "N", name)
	}
	id := "field." + name
	if s := k.Words.T(id); s != id {
		return s
	}
	return name
}

// value is a value of a conflict as people read it.
func (b *inboxPage) value(r app.ConflictRow, v string) string {
	k := b.k
	switch n, err := strconv.Atoi(v); {
	case v == "" || v == "null":
		return k.T("conflict.empty")
	case r.Field == "password":
		return "••••••••"
	case r.Field == "priority" && err == nil:
		return v + " " + k.Priority(n)
	case r.Field == "impact" && err == nil:
		return b.level(k.Model.Impacts, n, v)
	case r.Field == "urgency" && err == nil:
		return b.level(k.Model.Urgencies, n, v)
	case v == "true":
		return k.T("word.yes")
	case v == "false":
		return k.T("word.no")
	case r.Field == "status":
		if s := k.Words.T("status." + v); s != "status."+v {
			return s
		}
	}
	return v
}

// level is a degree of impact or urgency with its name.
func (b *inboxPage) level(names map[string][4]string, n int, v string) string {
	k := b.k
	x := k.Levels(names)
	if n < 1 || n > len(x) || x[n-1] == "" {
		return v
	}
	return v + " " + x[n-1]
}
