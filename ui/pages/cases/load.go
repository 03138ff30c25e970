package cases

import (
	"punto/app"
	"punto/ui/look"
	"punto/ui/page"
)

// load is what each agent has open, beside the board.
type load struct {
	k     *page.Kit
	list  *look.List
	rows  []app.LoadRow
	alone bool // in a small window it stands in the place of the cases
}

// Beside the board it stands from a width of the window on, and takes a width.
const (
	loadFrom = 1600
	loadW    = 480
)

// newLoad makes it; use is given the name of an agent whose cases are to be looked at.
func newLoad(k *page.Kit, use func(name string)) *load {
	l := &load{k: k, list: k.List()}
	l.list.Empty[0] = k.T("wait.loading")
	l.list.Len = func() int { return len(l.rows) }
	l.list.Row = l.row
	l.list.OnOpen = func(i int) {
		if i >= len(l.rows) {
			return
		}
		if l.alone = false; l.rows[i].Name != "" {
			use(l.rows[i].Name)
		}
	}
	return l
}

func (l *load) relabel() {
	of := func(word string) look.Column {
		return look.Column{Title: l.k.Words.T("load." + word), Width: 84, Least: 60, Right: true}
	}
	l.list.Columns = []look.Column{{Title: l.k.T("case.agent"), Least: 120}, of("overdue"), of("soon"), of("still"), of("open")}
}

// ask asks for it again; what nobody has stands last.
func (l *load) ask() {
	page.Ask(l.k, app.Load{}, func(a app.LoadAnswer) {
		if l.rows = a.Rows; a.Unowned.Open > 0 {
			l.rows = append(l.rows, a.Unowned)
		}
		l.list.Refresh()
	})
}

func (l *load) row(p *look.Painter, i int, _, y, _, h float32, xs []float32) {
	r := l.rows[i]
	name, st := r.Name, look.Style{Bold: true}
	if name == "" {
		name, st = l.k.T("case.nobody"), look.Style{Color: p.Muted}
	}
	p.TextFit(xs[0], y, xs[1]-xs[0]-8, h, name, st)
	for j, n := range []int{r.Overdue, r.Soon, r.Still, r.Open} {
		st, m := look.Style{}, look.NoMark
		switch {
		case n == 0:
			st.Color = p.Muted
		case j == 0:
			st, m = look.Style{Bold: true, Color: p.Failure}, look.FailMark
		case j == 1:
			st, m = look.Style{Bold: true, Color: p.Watch}, look.WatchMark
		}
		x := p.Right(xs[j+2]-8, y, h, l.k.Count(uint64(n)), st)
		p.Mark(x-18, y+h/2-6, 12, m)
	}
}

func (l *load) draw(p *look.Painter, r page.Rect) {
	l.list.RowH = l.k.RowHeight()
	p.CardBox(r.X, r.Y, r.W, r.H, false)
	p.Text(r.X+16, r.Y+12, 28, l.k.T("load.title"), look.Style{Size: 16, Bold: true, Color: p.Ink})
	kx := r.X + r.W - 16 - look.KeyWidth("F2")
	p.Key(kx, r.Y+26, "F2")
	p.Place(l.list, r.X+1, r.Y+filterH-6, r.W-2, r.H-filterH)
}
