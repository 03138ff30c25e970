// Package directory are the pages on which records are made, changed and retired:
// agents, users, equipment, areas, sites. Each is a list with the form of one record
// beside it; what is typed is written when it is saved.
package directory

import (
	"fyne.io/fyne/v2"

	"punto/app"
	"punto/app/desk"
	"punto/ui/look"
	"punto/ui/page"
)

// sort is one sort of records: how they are listed, changed and saved.
type sort[T any] struct {
	word   string // id of what the page is called
	of     desk.Type
	write  []desk.Role // who may change them
	cols   [3]string   // ids of the titles of the columns
	rows   func(app.RecordsAnswer) []app.Named[T]
	cells  func(*page.Kit, T) [3]string
	inputs func(d *directory[T]) []page.Input
	blank  func(*page.Kit) T
	gone   func(*T) *bool // nil = it is not retired
	save   func(desk.ID, T) app.Command
	more   func(d *directory[T]) []page.Action
}

// directory is a page of one sort.
type directory[T any] struct {
	*page.Table[app.Named[T]]
	sort[T]
	k      *page.Kit
	form   *page.Form
	id     desk.ID // of what the form is of; zero = of a new one
	now    T       // as it is typed
	begun  bool    // a form of something stands there
	dirty  bool
	busy   bool
	secret string // a password that was just made; "" = none is shown
	places places
}

func newDirectory[T any](k *page.Kit, s sort[T]) *directory[T] {
	d := &directory[T]{k: k, sort: s}
	d.Table = page.NewTable(k, k.Words.T(s.word), [2]string{k.T("directory.none"), k.T("directory.noneHint")},
		func(p *look.Painter, r app.Named[T], y, h float32, xs []float32) {
			c, v := s.cells(k, r.Of), r.Of
			st := look.Style{Bold: true}
			if s.gone != nil && *s.gone(&v) {
				st = look.Style{Color: p.Muted}
				p.Mark(xs[0], y+h/2-7, 14, look.PauseMark)
				p.TextFit(xs[0]+20, y, xs[1]-xs[0]-28, h, c[0], st)
			} else {
				p.TextFit(xs[0], y, xs[1]-xs[0]-8, h, c[0], st)
			}
			p.TextFit(xs[1], y, xs[2]-xs[1]-8, h, c[1], look.Style{})
			p.TextFit(xs[2], y, xs[3]-xs[2]-8, h, c[2], look.Style{Color: p.Muted})
		},
		look.Column{Title: title(k, s.cols[0])}, look.Column{Title: title(k, s.cols[1]), Width: 170, Least: 90}, look.Column{Title: title(k, s.cols[2]), Width: 190, Least: 90})
	d.Same = func(a, b app.Named[T]) bool { return a.ID == b.ID }
	d.Fetch = func(after []byte, use func([]app.Named[T], []byte)) {
		page.Ask(k, app.Records{Type: s.of, After: after, Limit: page.PageRows}, func(a app.RecordsAnswer) {
			use(s.rows(a), a.Next)
			d.pick()
		})
	}
	ahead := d.List.OnSelect
	d.List.OnSelect = func(i int) {
		ahead(i)
		d.pick()
	}
	d.Open = func(app.Named[T]) { d.Enter() }
	return d
}

func title(k *page.Kit, id string) string {
	if id == "" {
		return ""
	}
	return k.Words.T(id)
}

// Show implements page.Page: its argument is the id of the record to bring up.
func (d *directory[T]) Show(arg any) {
	d.places.load(d.k)
	d.Table.Show(arg)
}

// Enter gives the keys to the form.
func (d *directory[T]) Enter() {
	if d.form != nil && d.may() == "" {
		d.form.Focus()
	}
}

// pick brings the selected record into the form, unless what stands there is not saved.
func (d *directory[T]) pick() {
	r, ok := d.Selected()
	switch {
	case !ok || d.Seeking() || d.begun && r.ID == d.id && d.dirty:
		return
	case d.dirty:
		d.k.Tell(d.k.T("directory.unsaved"), true)
		return
	case d.begun && r.ID == d.id && d.form != nil && d.form.Focused():
		return
	}
	d.bring(r.ID, r.Of)
}

// bring makes the form of a record.
func (d *directory[T]) bring(id desk.ID, of T) {
	if id != d.id {
		d.secret = ""
	}
	d.id, d.now, d.begun, d.dirty = id, of, true, false
	d.form = page.NewForm(d.k, d.inputs(d), func() {
		d.dirty = true
		d.k.Refresh()
	})
	d.k.Refresh()
}

// may says why the user may not change these; "" when it may.
func (d *directory[T]) may() string {
	for _, r := range d.write {
		if r == d.k.State.Agent.Role {
			return ""
		}
	}
	return d.k.T("directory.notYours")
}

// Changed leaves the form alone while it is being filled.
func (d *directory[T]) Changed() { d.Table.Changed() }

// Back steps from the form to the list, then gives up what was typed.
func (d *directory[T]) Back() bool {
	switch {
	case d.form != nil && d.form.Focused():
		d.k.Focus(d.List)
		return true
	case d.dirty:
		d.dirty, d.begun = false, false
		d.Seek(nil)
		d.pick()
		d.k.Tell(d.k.T("directory.givenUp"), false)
		return true
	}
	return false
}

// Relabel makes the form in another language.
func (d *directory[T]) Relabel() {
	if d.begun && !d.dirty {
		d.bring(d.id, d.now)
	}
}

// Actions implements page.Page.
func (d *directory[T]) Actions() []page.Action {
	k, off := d.k, d.may()
	nothing := off
	if nothing == "" && !d.begun {
		nothing = k.T("directory.none")
	}
	saved := nothing
	if saved == "" && !d.dirty {
		saved = k.T("directory.asSaved")
	}
	as := []page.Action{{Key: "F8", Word: k.T("directory.save"), Primary: true, Do: d.keep, Off: saved},
		{Key: "Ctrl N", Word: k.T("directory.add"), Do: d.add, Off: off}}
	if d.gone != nil {
		word := k.T("directory.retire")
		if d.begun && *d.gone(&d.now) {
			word = k.T("directory.back")
		}
		as = append(as, page.Action{Key: "F4", Word: word, Do: d.retire, Off: nothing})
	}
	if d.more != nil {
		as = append(as, d.more(d)...)
	}
	return append(as, page.Action{Key: "F5", Word: k.T("do.refresh"), Do: d.Reload})
}

// Status implements page.Page.
func (d *directory[T]) Status() string {
	switch {
	case d.busy:
		return d.k.T("wait.loading")
	case d.dirty:
		return d.k.T("directory.notSaved")
	}
	return ""
}

func (d *directory[T]) add() {
	if d.dirty {
		d.k.Tell(d.k.T("directory.unsaved"), true)
		return
	}
	d.bring(desk.ID{}, d.blank(d.k))
	d.dirty = true
	d.Enter()
}

// keep saves what stands in the form.
func (d *directory[T]) keep() {
	if d.busy {
		return
	}
	if w := d.form.Wrong(); w != "" {
		d.k.Tell(d.k.Words.T(w), true)
		return
	}
	d.busy = true
	d.k.Do(d.save(d.id, d.now), func(r app.Receipt) {
		d.busy, d.dirty, d.id, d.secret = false, false, r.ID, r.Secret
		d.Seek(func(x app.Named[T]) bool { return x.ID == r.ID })
		d.k.Tell(d.k.T("directory.saved"), false)
		d.Reload()
		d.k.Focus(d.List)
	}, func(error) { d.busy = false })
}

func (d *directory[T]) retire() {
	at := d.gone(&d.now)
	*at = !*at
	d.keep()
}

// First implements page.Page.
func (d *directory[T]) First() fyne.Focusable { return d.List }

const formW, smallFormW = 470, 400

// Draw implements page.Page.
func (d *directory[T]) Draw(p *look.Painter, r page.Rect) {
	d.List.RowH = d.k.RowHeight()
	p.TextFit(page.Margin, r.Y+10, r.W-2*page.Margin, 32, d.Title, look.Style{Size: 20, Bold: true, Color: p.Ink})
	wide := float32(formW)
	if p.Small() {
		wide = smallFormW
	}
	top, high := r.Y+50, r.H-62
	left := r.W - 2*page.Margin - wide - 12
	p.CardBox(page.Margin, top, left, high, false)
	p.Place(d.List, page.Margin+1, top+2, left-2, high-4)
	box := page.At(page.Margin+left+12, top, wide, high)
	if d.secret != "" {
		d.drawSecret(p, page.At(box.X, box.Y, box.W, 92))
		box.Y, box.H = box.Y+104, box.H-104
	}
	if !d.begun || d.form == nil {
		p.CardBox(box.X, box.Y, box.W, box.H, false)
		return
	}
	head := d.cells(d.k, d.now)[0]
	sub := ""
	if d.id.IsZero() {
		sub = d.k.T("directory.new")
	}
	if d.gone != nil && *d.gone(&d.now) {
		sub = d.k.T("directory.gone")
	}
	d.form.Draw(p, box, head, sub)
}

// drawSecret shows a password that nobody will see again, large enough to be read out.
func (d *directory[T]) drawSecret(p *look.Painter, r page.Rect) {
	p.CardBox(r.X, r.Y, r.W, r.H, true)
	p.TextFit(r.X+16, r.Y+8, r.W-32, 22, d.k.T("directory.secret"), look.Style{Bold: true, Color: p.Ink})
	p.TextFit(r.X+16, r.Y+34, r.W-32, 36, d.secret, look.Style{Size: 24, Bold: true, Color: p.Accent})
	p.TextFit(r.X+16, r.Y+68, r.W-32, 20, d.k.T("directory.once"), look.Style{Size: 12, Color: p.Muted})
}
