package page

import (
	"slices"

	"fyne.io/fyne/v2"

	"punto/ui/look"
)

// Table is a page with one long list: it loads a page of rows when the end of
// the last comes near, and never waits for it.
type Table[R any] struct {
	Title string
	List  *look.List
	Rows  []R
	Fetch func(after []byte, use func(rows []R, next []byte)) // asks for the rows after a mark; nil = from the first
	Open  func(R)                                             // Enter on a row; nil = nothing
	Extra []Action
	Same  func(a, b R) bool // tells a row again after loading, so that the selection stays on it; may be nil

	k       *Kit
	next    []byte
	more    bool
	loading bool
	toEnd   bool         // End was pressed: all is loaded, page by page, and the mark goes to the last row
	empty   [2]string    // what is so where there are no rows, and what to do
	seek    func(R) bool // tells the row to which the mark goes once it is listed; nil = it stays
	gen     int          // of the loading; answers of an older one are dropped
}

// PageRows is how many rows a Table asks for at once.
const PageRows = 128

// NewTable makes a list; Fetch is still to be set. row draws one, between the left
// edges of the columns.
func NewTable[R any](k *Kit, title string, empty [2]string, row func(p *look.Painter, r R, y, h float32, xs []float32), cols ...look.Column) *Table[R] {
	t := &Table[R]{k: k, Title: title, more: true, empty: empty}
	t.List = k.List(cols...)
	t.List.Empty[0] = k.T("wait.loading") // until it is known that there is none
	t.List.OnOpen = func(int) {
		if r, ok := t.Selected(); ok && t.Open != nil {
			t.Open(r)
		}
	}
	t.List.Len = func() int {
		if t.more && len(t.Rows) > 0 {
			return len(t.Rows) + 1
		}
		return len(t.Rows)
	}
	t.List.Row = func(p *look.Painter, i int, x, y, _, h float32, xs []float32) {
		if i >= len(t.Rows) {
			p.Text(x, y, h, k.T("wait.loading"), look.Style{Color: p.Muted})
			return
		}
		row(p, t.Rows[i], y, h, xs)
	}
	t.List.OnSelect = func(i int) {
		t.seek = nil                            // somebody has gone elsewhere meanwhile
		t.toEnd = t.toEnd && i >= len(t.Rows)-1 // whoever goes elsewhere meanwhile stays there
		t.ahead()
	}
	t.List.OnEnd = func() { t.toEnd = t.more }
	return t
}

// Selected is the row on which the mark stands; false while there is none.
func (t *Table[R]) Selected() (r R, ok bool) {
	if i := t.List.Selected; i < len(t.Rows) {
		return t.Rows[i], true
	}
	return r, false
}

// ahead loads more when the end of what is loaded comes near.
func (t *Table[R]) ahead() {
	if _, to := t.List.Seen(); t.more && (t.toEnd || to+PageRows/2 > len(t.Rows)) {
		t.load()
	}
}

func (t *Table[R]) load() {
	if t.loading {
		return
	}
	t.loading = true
	gen := t.gen
	t.Fetch(t.next, func(rows []R, next []byte) {
		if gen != t.gen {
			return
		}
		t.loading = false
		t.Rows, t.next, t.more = append(t.Rows, rows...), next, next != nil
		t.sought()
		if t.toEnd {
			t.List.Select(t.List.Len() - 1)
			t.toEnd = t.more
		}
		t.List.Refresh()
		t.ahead() // somebody may be at the end already
	})
}

// Show comes up as it was left: far down nothing is loaded anew.
func (t *Table[R]) Show(any) { t.Changed() }

// Reload loads from the beginning; what stands stays until the answer comes.
func (t *Table[R]) Reload() {
	t.gen++
	gen := t.gen
	t.loading = true
	t.Fetch(nil, func(rows []R, next []byte) {
		if gen != t.gen {
			return
		}
		t.loading = false
		t.List.Empty = t.empty
		t.follow(rows)
		t.Rows, t.next, t.more = rows, next, next != nil
		t.sought()
		t.List.Refresh()
		t.ahead()
	})
}

// Seek has the mark go to a row that is not listed yet, such as one that was just saved,
// as soon as it is; nil gives that up, and so does whoever moves the mark.
func (t *Table[R]) Seek(is func(R) bool) { t.seek = is }

// Seeking tells that the mark is still to go to a row.
func (t *Table[R]) Seeking() bool { return t.seek != nil }

func (t *Table[R]) sought() {
	if t.seek == nil {
		return
	}
	if i := slices.IndexFunc(t.Rows, t.seek); i >= 0 {
		t.seek = nil
		t.List.Select(i)
	}
}

// follow moves the selection to where its row stands among the new ones.
func (t *Table[R]) follow(rows []R) {
	if t.Same == nil || t.List.Selected >= len(t.Rows) {
		return
	}
	was := t.Rows[t.List.Selected]
	if i := slices.IndexFunc(rows, func(r R) bool { return t.Same(was, r) }); i >= 0 {
		t.List.Selected = i
	}
}

// Changed loads again; far down, new rows wait for F5.
func (t *Table[R]) Changed() {
	if t.List.Selected < PageRows {
		t.Reload()
	}
}

// Home goes to the first row and loads again: what is listed is another.
func (t *Table[R]) Home() {
	t.List.Selected = 0
	t.Reload()
}

// First implements Page.
func (t *Table[R]) First() fyne.Focusable { return t.List }

// Tick implements Page: what is left of a deadline is less.
func (t *Table[R]) Tick() { t.List.Refresh() }

// Status implements Page.
func (t *Table[R]) Status() string { return "" }

// Actions implements Page.
func (t *Table[R]) Actions() []Action {
	var as []Action
	if t.Open != nil {
		as = append(as, Action{Key: "Enter", Word: t.k.T("do.open"), Primary: true, Do: func() { t.List.OnOpen(t.List.Selected) }})
	}
	as = append(as, t.Extra...)
	return append(as, Action{Key: "F5", Word: t.k.T("do.refresh"), Do: t.Reload},
		Action{Key: "Ctrl N", Word: t.k.T("do.newCase"), Do: func() { t.k.Go("attend", NewCase{}) }},
		Action{Key: "Ctrl K", Word: t.k.T("do.search"), Right: true}, Action{Key: "F1", Word: t.k.T("do.keys"), Right: true})
}

// Draw implements Page.
func (t *Table[R]) Draw(p *look.Painter, r Rect) {
	t.List.RowH = t.k.RowHeight()
	p.TextFit(Margin, r.Y+10, r.W-2*Margin, 32, t.Title, look.Style{Size: 20, Bold: true, Color: p.Ink})
	p.CardBox(Margin, r.Y+50, r.W-2*Margin, r.H-62, false)
	p.Place(t.List, Margin+1, r.Y+52, r.W-2*Margin-2, r.H-66)
}

// Remove takes a row out, and the mark goes to the one below it. What is being loaded
// was asked before and is dropped.
func (t *Table[R]) Remove(is func(R) bool) {
	i := slices.IndexFunc(t.Rows, is)
	if i < 0 {
		return
	}
	t.Rows = slices.Delete(t.Rows, i, i+1)
	if i < t.List.Selected {
		t.List.Selected--
	}
	t.List.Selected = max(0, min(t.List.Selected, len(t.Rows)-1))
	t.gen++
	t.loading = false
	if t.more && t.List.Selected+PageRows/2 > len(t.Rows) {
		t.load()
	}
}
