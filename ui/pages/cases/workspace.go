// Package cases are the pages of cases: the workspace, in which a queue stands beside
// the case that is worked on; the board of all that are open; and one case by itself
// with its clocks, its history and what may be done with it now.
package cases

import (
	"fmt"
	"time"

	"fyne.io/fyne/v2"

	"punto/app"
	"punto/app/desk"
	"punto/ui/keep"
	"punto/ui/look"
	"punto/ui/page"
)

// Mine is the workspace of whoever is signed in.
func Mine(s System) page.Kind {
	return page.Kind{Name: "cases", Word: "area.cases", Key: "Ctrl F2", Place: page.Bar, Home: []desk.Role{desk.TechnicianRole},
		Make: func(k *page.Kit) page.Page { return newWorkspace(k, s, false) }}
}

// Board are all open cases, the next deadline first.
func Board(s System) page.Kind {
	return page.Kind{Name: "board", Word: "area.board", Tab: "board.cases", Key: "Ctrl F4", Place: page.Bar, Home: []desk.Role{desk.SupervisorRole},
		Make: func(k *page.Kit) page.Page { return newWorkspace(k, s, true) }}
}

// workspace is a queue, and where there is room the case beside it on which its mark
// stands: whoever goes down the queue reads the cases and keeps the place.
type workspace struct {
	k      *page.Kit
	board  bool // a table of all, and its cases open over it
	q      *queue
	field  *look.Field // the filter
	kase   *casePage
	cols   []column
	saved  []keep.Filter
	widths keep.Widths // of columns, where somebody likes another
	on     int         // the view, of views
	two    bool        // there is room for the case
	load   *load
	wall   *wall // nil = it is not open
	begun  bool
}

// besideFrom is the width from which a case stands beside its queue.
const besideFrom = 1240

func newWorkspace(k *page.Kit, s System, board bool) *workspace {
	w := &workspace{k: k, board: board, kase: newCase(k, s), field: k.Field()}
	w.load = newLoad(k, func(name string) { w.choose(viewAll); w.field.SetText(name) })
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
	w.load.relabel()
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
	case w.load.alone:
		w.load.alone = false
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

// turn goes from the cases to the agents and back.
func (w *workspace) turn() {
	if w.load.alone = !w.load.alone; w.load.alone {
		w.k.Focus(w.load.list)
	} else {
		w.k.Focus(w.q.list)
	}
}

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
		w.saved, w.widths = liked.Filters, liked.Widths[w.name()]
		o := liked.Orders[w.name()]
		w.q.of.By, w.q.of.Down = o.By, o.Down
		switch {
		case w.board:
			w.on = viewAll
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
	if w.board {
		w.load.ask()
	}
	if w.two && !w.kase.id.IsZero() {
		w.kase.load()
	}
}

// Dropped attaches files to the case that is shown.
func (w *workspace) Dropped(paths []string) { w.kase.Dropped(paths) }

// again is after how long a queue is asked for again though nothing changed: what is
// left of deadlines is less.
const again = time.Minute

// Tick implements page.Page.
func (w *workspace) Tick() {
	w.q.list.Refresh()
	if w.two {
		w.kase.attend()
	}
	if w.k.Now().Sub(w.q.asked) >= again {
		w.Changed()
	}
}

// Actions implements page.Page.
func (w *workspace) Actions() (as []page.Action) {
	k := w.k
	switch {
	case w.load.alone:
		return []page.Action{{Key: "Enter", Word: k.T("load.cases"), Primary: true, Do: func() { w.load.list.OnOpen(w.load.list.Selected) }},
			{Key: "F2", Word: k.T("board.cases"), Do: w.turn}, {Key: "Ctrl K", Word: k.T("do.search"), Right: true}, {Key: "F1", Word: k.T("do.keys"), Right: true}}
	case len(w.q.marked) > 0:
		as = w.many()
	case w.two:
		for _, a := range w.kase.Actions() {
			a.Hidden = a.Hidden || a.Key == "F8"
			as = append(as, a)
		}
	case w.q.selected() != nil:
		id := w.q.selected().ID
		as = append(as, page.Action{Key: "Enter", Word: k.T("do.open"), Primary: true, Do: w.open})
		as = append(as, w.many()...)
		as = append(as, page.Action{Key: "Ctrl E", Word: k.T("do.explain"), Hidden: true, Do: func() { explain(k, id) }})
		if excuses(k) {
			as = append(as, page.Action{Key: "Alt E", Word: k.T("do.excuse"), Hidden: !w.board, Do: func() { w.excuse(id) }})
		}
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
	if w.board {
		as = append(as, page.Action{Key: "F2", Word: k.T("load.title"), Hidden: true, Do: w.turn}, page.Action{Key: "F11", Word: k.T("wall.title"), Right: true, Do: w.openWall})
	}
	hidden := w.two || len(w.q.marked) > 0
	busy := hidden || w.q.selected() != nil // the acts on cases need the room
	as = append(as, page.Action{Key: "Ctrl F", Word: k.T("do.filter"), Hidden: busy, Do: func() { k.Focus(w.field) }},
		page.Action{Key: "Ctrl O", Word: k.T("do.order"), Hidden: busy, Do: w.order}, page.Action{Key: "Ctrl S", Word: k.T("do.saveFilter"), Hidden: true, Do: w.save}, page.Action{Key: "Ctrl W", Word: k.T("do.widths"), Hidden: true, Do: w.widen},
		page.Action{Key: "Ctrl B", Word: k.T("do.mark"), Hidden: true, Do: w.q.mark}, page.Action{Key: "Ctrl H", Word: k.T("do.markAll"), Hidden: true, Do: w.q.markAll},
		page.Action{Key: "F5", Word: k.T("do.refresh"), Hidden: busy, Do: w.q.reload}, page.Action{Key: "Ctrl N", Word: k.T("do.newCase"), Hidden: busy, Do: func() { k.Go("attend", page.NewCase{}) }})
	if !w.two || len(w.q.marked) > 0 {
		as = append(as, page.Action{Key: "F3", Word: k.T("do.newest"), Hidden: busy, Do: newest})
	} else {
		as = append(as, page.Action{Key: "Ctrl Q", Word: k.T("do.newest"), Hidden: true, Do: newest})
	}
	return append(as, page.Action{Key: "Ctrl K", Word: k.T("do.search"), Hidden: hidden, Right: true}, page.Action{Key: "F1", Word: k.T("do.keys"), Right: true})
}

// Draw implements page.Page.
func (w *workspace) Draw(p *look.Painter, r page.Rect) {
	k := w.k
	var tabs []page.TabLabel
	for _, v := range w.views() {
		if v.count >= 0 {
			v.word += " " + k.Count(uint64(v.count))
		}
		tabs = append(tabs, page.TabLabel{Word: v.word})
	}
	r = page.Tabs(p, r, tabs, w.on, w.choose, page.Action{Key: "Ctrl 1…", Word: k.T("view.change")}, page.Action{Key: "Ctrl S", Word: k.T("do.saveFilter")})
	two := !w.board && r.W >= besideFrom && !p.Small()
	if two != w.two {
		w.two, w.q.on = two, desk.ID{}
		k.Post(func() { w.q.show(w.q.selected()) })
	}
	y, h := r.Y+12, r.H-24
	if !two {
		wide := r.W - 2*page.Margin
		if w.board && r.W >= loadFrom {
			w.load.draw(p, page.At(page.Margin+wide-loadW, y, loadW, h))
			wide -= loadW + 12
		} else if w.board && w.load.alone {
			w.load.draw(p, page.At(page.Margin, y, wide, h))
			return
		}
		w.drawTable(p, page.At(page.Margin, y, wide, h))
		return
	}
	wide := float32(430)
	if r.W >= 1800 {
		wide = 592
	}
	w.drawBeside(p, page.At(page.Margin, y, wide, h))
	w.kase.drawBody(p, page.At(page.Margin+wide+12, y-4, r.W-wide-12-2*page.Margin, h+4))
}
