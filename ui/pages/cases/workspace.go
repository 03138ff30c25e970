// Package cases are the pages of cases: the workspace, in which a queue stands beside
// the case that is worked on; the board of all that are open; and one case by itself
// with its clocks, its history and what may be done with it now.
package cases

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"punto/app"
	"punto/app/desk"
	"punto/ui/keep"
	"punto/ui/look"
	"punto/ui/page"
)

// Mine is the workspace of whoever is signed in.
func Mine() page.Kind {
	return page.Kind{Name: "cases", Word: "area.cases", Key: "Ctrl F2", Place: page.Bar, Home: []desk.Role{desk.TechnicianRole},
		Make: func(k *page.Kit) page.Page { return newWorkspace(k, false) }}
}

// Board are all open cases, the next deadline first.
func Board() page.Kind {
	return page.Kind{Name: "board", Word: "area.board", Tab: "board.cases", Key: "Ctrl F4", Place: page.Bar, Home: []desk.Role{desk.SupervisorRole},
		Make: func(k *page.Kit) page.Page { return newWorkspace(k, true) }}
}

// workspace is a queue, and where there is room the case beside it on which its mark
// stands: whoever goes down the queue reads the cases and keeps the place.
type workspace struct {
	k     *page.Kit
	board bool // a table of all, and its cases open over it
	q     *queue
	field *look.Field // the filter
	kase  *casePage
	cols  []column
	saved []keep.Filter
	on    int  // the view, of views
	two   bool // there is room for the case
	begun bool
}

// besideFrom is the width from which a case stands beside its queue.
const besideFrom = 1240

func newWorkspace(k *page.Kit, board bool) *workspace {
	w := &workspace{k: k, board: board, kase: newCase(k), field: k.Field()}
	w.q = &queue{k: k, list: k.List(), marked: map[desk.ID]desk.Number{}, shows: w.show, stays: w.working}
	l := w.q.list
	l.Empty[0] = k.T("wait.loading")
	l.Len = func() int {
		if n := len(w.q.lines); w.q.more && n > 0 {
			return n + 1
		}
		return len(w.q.lines)
	}
	l.Heading = func(i int) bool { return i < len(w.q.lines) && w.q.lines[i].band != app.NoBand }
	l.OnSelect = func(i int) {
		w.q.toEnd = w.q.toEnd && i >= len(w.q.lines)-1 // whoever goes elsewhere meanwhile stays there
		if r := w.q.at(i); r != nil {
			w.q.show(r)
		}
		w.q.ahead()
	}
	l.OnOpen = func(int) { w.open() }
	l.OnEnd = func() { w.q.toEnd = w.q.more }
	l.OnHead = func(i int) { w.sort(w.cols[i].by) }
	l.OnRune = func(r rune) bool {
		if r == ' ' {
			w.q.mark()
		}
		return r == ' '
	}
	w.field.OnChanged = func(string) { w.filter() }
	w.field.OnEnter = func() { k.Focus(l) }
	w.field.OnFocus = func(on bool) { l.Led = on; k.Refresh() }
	w.field.OnArrow = func(key fyne.KeyName) bool {
		step := 1
		if key == fyne.KeyUp {
			step = -1
		}
		l.Select(l.Selected + step)
		return true
	}
	w.Relabel()
	return w
}

// Relabel sets the words of what stands all the time.
func (w *workspace) Relabel() {
	w.cols = columns(w.k)
	w.field.SetPlaceHolder(w.k.T("list.filterHint"))
	w.kase.Relabel()
}

// view is one way to look at the open cases, or a filter that was saved.
type view struct {
	word, name string
	count      int
	saved      *keep.Filter
}

// views are those there are, the agent's own first.
func (w *workspace) views() []view {
	k, c := w.k, w.q.counts
	all := []view{{word: k.T("view.mine"), name: "mine", count: c.Mine}, {word: k.T("view.group"), name: "group", count: c.Group}, {word: k.T("view.unowned"), name: "unowned", count: c.Unowned},
		{word: k.T("view.breached"), name: "breached", count: c.Breached}, {word: k.T("view.followed"), name: "followed", count: c.Followed}, {word: k.T("view.all"), name: "all", count: c.All}}
	for i := range w.saved {
		all = append(all, view{word: w.saved[i].Name, name: w.saved[i].View, count: -1, saved: &w.saved[i]})
	}
	return all
}

// choose looks at the cases in another way.
func (w *workspace) choose(i int) {
	all := w.views()
	if i < 0 || i >= len(all) {
		return
	}
	w.on, w.q.newest = i, false
	w.q.of.View = all[i].name
	if f := all[i].saved; f != nil {
		w.q.of.By, w.q.of.Down = f.By, f.Down
		w.put(f.Text)
	} else if i := slices.IndexFunc(w.saved, func(f keep.Filter) bool { return f.Text == w.field.Text }); i >= 0 {
		w.put("") // what a saved one looked for goes with it
	}
	w.q.of.Filter = termsOf(w.k, w.field.Text)
	w.q.home()
	w.k.Focus(w.q.list)
}

// put sets the filter without asking.
func (w *workspace) put(text string) {
	changed := w.field.OnChanged
	w.field.OnChanged = nil
	w.field.SetText(text)
	w.field.OnChanged = changed
}

// filter asks for what is typed.
func (w *workspace) filter() {
	w.q.of.Filter, w.q.newest = termsOf(w.k, w.field.Text), false
	w.q.home()
}

// sort sorts by a column; by the same once more the other way round.
func (w *workspace) sort(by string) {
	q := &w.q.of
	q.Down = q.By == by && !q.Down
	q.By, w.q.newest = by, false
	order := keep.Order{By: q.By, Down: q.Down}
	w.k.Like(func(l *keep.Liking) {
		orders := map[string]keep.Order{w.name(): order}
		for n, o := range l.Orders {
			if n != w.name() {
				orders[n] = o
			}
		}
		l.Orders = orders
	})
	w.q.reload()
}

func (w *workspace) name() string {
	if w.board {
		return "board"
	}
	return "cases"
}

// order asks by what to sort.
func (w *workspace) order() {
	var names, by []string
	for _, c := range append(slices.Clone(w.cols), column{look.Column{Title: w.k.T("list.opened")}, "opened"}) {
		if !slices.Contains(by, c.by) {
			names, by = append(names, c.Title), append(by, c.by)
		}
	}
	w.k.Question(w.k.T("ask.order"), names, 1+slices.Index(by, w.q.of.By), "", "", func(i int, _ string) {
		if i >= 1 && i <= len(by) {
			w.sort(by[i-1])
		}
	})
}

// save keeps the view and its filter under a name; one without a name is forgotten.
func (w *workspace) save() {
	k := w.k
	name := ""
	if f := w.views()[w.on].saved; f != nil {
		name = f.Name
	}
	k.Question(k.T("ask.saveFilter"), nil, 0, k.T("ask.saveFilterHint"), name, func(_ int, as string) {
		as = strings.TrimSpace(as)
		x := keep.Filter{Name: as, View: w.q.of.View, Text: w.field.Text, Order: keep.Order{By: w.q.of.By, Down: w.q.of.Down}}
		kept := slices.DeleteFunc(slices.Clone(w.saved), func(f keep.Filter) bool { return f.Name == as || f.Name == name && as == "" })
		if as != "" {
			kept = append(kept, x)
		}
		w.saved = kept
		k.Like(func(l *keep.Liking) { l.Filters = kept })
		if w.on = len(w.views()) - 1; as == "" {
			w.choose(0)
		}
		k.Refresh()
	})
}

// show brings the case of a row up beside the queue.
func (w *workspace) show(r *app.CaseRow) {
	if !w.two || r == nil || r.Bad {
		w.kase.leave()
		return
	}
	w.kase.turn(r.ID)
}

// working tells that somebody is at the case that is shown.
func (w *workspace) working() bool {
	return w.two && (w.kase.note.Focused || w.kase.told.list.Focused || w.kase.data.list.Focused || !w.k.Up(w))
}

// open goes to the case on which the mark stands.
func (w *workspace) open() {
	switch r := w.q.selected(); {
	case r == nil:
	case w.two && w.kase.a != nil:
		w.k.Focus(w.kase.note)
	case !w.two:
		w.k.Go("case", r.ID)
	}
}

// Back implements page.Page: out of the case, of the marks, of the filter.
func (w *workspace) Back() bool {
	switch {
	case w.working():
	case len(w.q.marked) > 0:
		clear(w.q.marked)
	case w.field.Text != "":
		w.field.SetText("")
	case !w.field.Focused:
		return false
	}
	w.k.Focus(w.q.list)
	return true
}

// First implements page.Page.
func (w *workspace) First() fyne.Focusable { return w.q.list }

// Status implements page.Page.
func (w *workspace) Status() string {
	if w.two && w.kase.a != nil {
		return w.kase.Status()
	}
	return ""
}

// Show implements page.Page: it comes up as it was left.
func (w *workspace) Show(any) {
	if !w.begun {
		w.begun = true
		liked := w.k.Liking()
		w.saved = liked.Filters
		o := liked.Orders[w.name()]
		w.q.of.By, w.q.of.Down = o.By, o.Down
		switch {
		case w.board:
			w.on = 5
		case w.k.State.Agent.Role == desk.TechnicianRole:
			w.on = 1
		}
		w.q.of.View = w.views()[w.on].name
	}
	w.Changed()
}

// Changed asks for the queue and the case again.
func (w *workspace) Changed() {
	w.q.reload()
	if w.two && !w.kase.id.IsZero() {
		w.kase.load()
	}
}

// again is after how long a queue is asked for again though nothing changed: what is
// left of deadlines is less.
const again = time.Minute

// Tick implements page.Page.
func (w *workspace) Tick() {
	w.q.list.Refresh()
	if w.k.Now().Sub(w.q.asked) >= again {
		w.q.reload()
	}
}

// Actions implements page.Page.
func (w *workspace) Actions() (as []page.Action) {
	k := w.k
	switch {
	case len(w.q.marked) > 0:
		as = w.many()
	case w.two:
		for _, a := range w.kase.Actions() {
			a.Hidden = a.Hidden || a.Key == "F8"
			as = append(as, a)
		}
	case w.q.selected() != nil:
		id := w.q.selected().ID
		as = append(as, page.Action{Key: "Enter", Word: k.T("do.open"), Primary: true, Do: w.open},
			page.Action{Key: "F4", Word: k.T("do.take"), Do: func() { k.Do(app.TakeCase{Case: id}, func(app.Receipt) { w.q.reload() }, nil) }})
	}
	for i, v := range w.views() {
		if i < 9 {
			as = append(as, page.Action{Key: fmt.Sprintf("Ctrl %d", i+1), Word: v.word, Hidden: true, Do: func() { w.choose(i) }})
		}
	}
	newest := func() {
		w.q.newest = !w.q.newest
		w.q.home()
	}
	hidden := w.two || len(w.q.marked) > 0
	as = append(as, page.Action{Key: "Ctrl F", Word: k.T("do.filter"), Hidden: hidden, Do: func() { k.Focus(w.field) }},
		page.Action{Key: "Ctrl O", Word: k.T("do.order"), Hidden: hidden, Do: w.order}, page.Action{Key: "Ctrl S", Word: k.T("do.saveFilter"), Hidden: true, Do: w.save},
		page.Action{Key: "Ctrl B", Word: k.T("do.mark"), Hidden: true, Do: w.q.mark}, page.Action{Key: "Ctrl H", Word: k.T("do.markAll"), Hidden: true, Do: w.q.markAll},
		page.Action{Key: "F5", Word: k.T("do.refresh"), Hidden: hidden, Do: w.q.reload}, page.Action{Key: "Ctrl N", Word: k.T("do.newCase"), Hidden: hidden, Do: func() { k.Go("attend", page.NewCase{}) }})
	if !w.two || len(w.q.marked) > 0 {
		as = append(as, page.Action{Key: "F3", Word: k.T("do.newest"), Hidden: hidden, Do: newest})
	} else {
		as = append(as, page.Action{Key: "Ctrl Q", Word: k.T("do.newest"), Hidden: true, Do: newest})
	}
	return append(as, page.Action{Key: "Ctrl K", Word: k.T("do.search"), Hidden: hidden, Right: true}, page.Action{Key: "F1", Word: k.T("do.keys"), Right: true})
}

// Draw implements page.Page.
func (w *workspace) Draw(p *look.Painter, r page.Rect) {
	k := w.k
	var names []string
	for _, v := range w.views() {
		if v.count >= 0 {
			v.word += " " + k.Count(uint64(v.count))
		}
		names = append(names, v.word)
	}
	r = page.Tabs(p, r, names, w.on, w.choose, page.Action{Key: "Ctrl 1…", Word: k.T("view.change")}, page.Action{Key: "Ctrl S", Word: k.T("do.saveFilter")})
	two := !w.board && r.W >= besideFrom && !p.Small()
	if two != w.two {
		w.two, w.q.on = two, desk.ID{}
		k.Post(func() { w.q.show(w.q.selected()) })
	}
	y, h := r.Y+12, r.H-24
	if !two {
		w.drawTable(p, page.At(page.Margin, y, r.W-2*page.Margin, h))
		return
	}
	wide := float32(430)
	if r.W >= 1800 {
		wide = 592
	}
	w.drawBeside(p, page.At(page.Margin, y, wide, h))
	w.kase.drawBody(p, page.At(page.Margin+wide+12, y-4, r.W-wide-12-2*page.Margin, h+4))
}

const filterH = 52

// drawFilter draws the filter and by what is sorted at the top of a card.
func (w *workspace) drawFilter(p *look.Painter, r page.Rect) {
	k, small := w.k, look.Style{Size: 12, Color: p.Muted}
	y := r.Y + filterH/2
	right := r.X + r.W - 12 - look.KeyWidth("Ctrl O")
	p.Key(right, y, "Ctrl O")
	word := k.T("list.byBand")
	for _, c := range w.cols {
		if c.by == w.q.of.By && c.by != "" {
			word = c.Title
		}
	}
	switch {
	case w.q.newest:
		word = k.T("do.newest")
	case w.q.of.By == "opened":
		word = k.T("list.opened")
	}
	if w.q.of.Down {
		word = "↓ " + word
	}
	right = p.Right(right-6, r.Y, filterH, look.Fit(strings.ToLower(word), 110, look.Style{Size: 12, Bold: true}), look.Style{Size: 12, Bold: true}) - 4
	right = p.Right(right, r.Y, filterH, k.T("list.order"), small) - 14
	x := r.X + 12
	wide := min(right-x, 560)
	p.FieldBox(x, r.Y+8, wide, 36, w.field.Focused)
	p.Place(w.field, x+2, r.Y+8, wide-look.KeyWidth("Ctrl F")-14, 36)
	p.Key(x+wide-look.KeyWidth("Ctrl F")-8, y, "Ctrl F")
	p.Line(r.X, r.Y+filterH, r.X+r.W, r.Y+filterH, 1, p.Palette.Line)
}

// drawBeside draws the queue of two panes.
func (w *workspace) drawBeside(p *look.Painter, r page.Rect) {
	l := w.q.list
	l.Columns, l.Sorted, l.Row = nil, 0, w.q.drawBeside
	l.High = func(i int) float32 {
		if l.Heading(i) {
			return bandH
		}
		return besideH
	}
	p.CardBox(r.X, r.Y, r.W, r.H, false)
	w.drawFilter(p, r)
	p.Place(l, r.X+1, r.Y+filterH+1, r.W-2, r.H-filterH-bandH-2)
	foot := r.Y + r.H - bandH
	p.Line(r.X, foot, r.X+r.W, foot, 1, p.Palette.Line)
	x, small := r.X+12, look.Style{Size: 12, Color: p.Muted}
	for _, a := range []page.Action{{Key: "↑ ↓", Word: w.k.T("key.choose")}, {Key: w.k.T("key.space"), Word: w.k.T("do.mark")}, {Key: "Enter", Word: w.k.T("key.toCase")}} {
		x = p.Key(x, foot+bandH/2, a.Key) + 6
		x = p.TextFit(x, foot, r.X+r.W-x-8, bandH, strings.ToLower(a.Word), small) + 14
	}
}

// drawTable draws the queue by itself.
func (w *workspace) drawTable(p *look.Painter, r page.Rect) {
	l := w.q.list
	l.Columns, l.Sorted, l.Row, l.RowH = nil, 0, w.q.drawRow, w.k.RowHeight()
	for i, c := range w.cols {
		l.Columns = append(l.Columns, c.Column)
		if c.by == w.q.of.By && !w.q.newest && l.Sorted == 0 {
			if l.Sorted = i + 1; w.q.of.Down {
				l.Sorted = -l.Sorted
			}
		}
	}
	l.High = func(i int) float32 {
		if l.Heading(i) {
			return bandH
		}
		return w.k.RowHeight()
	}
	p.CardBox(r.X, r.Y, r.W, r.H, false)
	w.drawFilter(p, r)
	p.Place(l, r.X+1, r.Y+filterH+1, r.W-2, r.H-filterH-6)
}
