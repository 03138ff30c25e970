package ui

import (
	"slices"

	"fyne.io/fyne/v2"

	"punto/ui/look"
	"punto/ui/page"
)

// walk is where the user is: the page that stands there, those under it, and those
// that come up again as they were left.
type walk struct {
	stack []standing           // the page under a word of the bar first, the present one last; never empty
	kept  map[string]page.Page // by name, of this session
}

// standing is a page with its kind; the kind is zero for one that is a page's own.
type standing struct {
	page.Page
	kind page.Kind
}

func (w *Window) top() standing { return w.stack[len(w.stack)-1] }

// present is the page that stands there.
func (w *Window) present() page.Page { return w.top().Page }

// head is the name of the word of the bar under which the present page stands.
func (w *Window) head() string {
	if k := w.stack[0].kind; k.Place == page.Tab {
		return k.Under
	}
	return w.stack[0].kind.Name
}

// open tells whether a kind may be brought up now.
func (w *Window) open(k page.Kind) bool {
	if k.Place == page.Gate {
		return w.token == ""
	}
	return w.token != "" && k.Sees(w.kit.State.Agent.Role)
}

// at are the kinds at a place that may be brought up now, in their order.
func (w *Window) at(p page.Place) []page.Kind {
	return slices.DeleteFunc(slices.Clone(w.kit.Pages), func(k page.Kind) bool { return k.Place != p || !w.open(k) })
}

// Keys that go from a tab to the one before it and after it.
const (
	lastTab = "Ctrl PgUp"
	nextTab = "Ctrl PgDn"
)

// tabs are the pages that stand under the word of the bar under which the present
// one stands, that of the word first.
func (w *Window) tabs() []page.Kind {
	return slices.DeleteFunc(slices.Clone(w.kit.Pages), func(k page.Kind) bool {
		return !w.open(k) || k.Name != w.head() && (k.Place != page.Tab || k.Under != w.head())
	})
}

// turn goes on by some tabs; after the last comes the first.
func (w *Window) turn(by int) {
	all := w.tabs()
	if i := slices.IndexFunc(all, func(k page.Kind) bool { return k.Name == w.stack[0].kind.Name }); i >= 0 {
		w.Go(all[(i+by+len(all))%len(all)].Name, nil)
	}
}

// Go implements page.Navigator.
func (w *Window) Go(name string, arg any) {
	i := slices.IndexFunc(w.kit.Pages, func(k page.Kind) bool { return k.Name == name })
	if i < 0 || !w.open(w.kit.Pages[i]) {
		return
	}
	switch k := w.kit.Pages[i]; {
	case k.Place == page.Bar || k.Place == page.Tab:
		w.stack = []standing{w.keep(k)}
	case k.Place == page.Passing && w.top().kind.Name == name: // it is there already
	default:
		w.push(standing{k.Make(w.kit), k})
	}
	w.up(arg)
}

// keep is the page of a kind that comes up as it was left.
func (w *Window) keep(k page.Kind) standing {
	if w.kept[k.Name] == nil {
		w.kept[k.Name] = k.Make(w.kit)
	}
	return standing{w.kept[k.Name], k}
}

// Over implements page.Navigator.
func (w *Window) Over(p page.Page) {
	w.push(standing{Page: p})
	w.up(nil)
}

// push puts a page over the present one, or in the place of one that was only
// passed through or is of the same kind.
func (w *Window) push(s standing) {
	if _, nothing := w.present().(*blank); nothing || w.top().kind.Place == page.Passing {
		w.stack = w.stack[:len(w.stack)-1]
	}
	if n := len(w.stack); n > 0 && w.stack[n-1].kind.Name != "" && w.stack[n-1].kind.Name == s.kind.Name {
		w.stack = w.stack[:n-1]
	}
	w.stack = append(w.stack, s)
}

// stand puts a page there and nothing under it.
func (w *Window) stand(s standing) {
	w.stack = []standing{s}
	w.up(nil)
}

// Leave implements page.Navigator.
func (w *Window) Leave() {
	if len(w.stack) > 1 {
		w.stack = w.stack[:len(w.stack)-1]
		w.up(nil)
	}
}

// Up implements page.Navigator.
func (w *Window) Up(p page.Page) bool { return w.present() == p && w.line == nil }

// up brings the page on top up.
func (w *Window) up(arg any) {
	w.line, w.help = nil, false
	w.kit.Here = w.stack[0].kind.Word
	p := w.present()
	w.arrive(func() {
		w.learn()
		p.Show(arg)
	})
	w.Focus(p.First())
}

// relabel makes the pages anew whose words were set when they were made; the others
// set them again.
func (w *Window) relabel() {
	type relabeler interface{ Relabel() }
	for name, p := range w.kept {
		if r, ok := p.(relabeler); ok {
			r.Relabel()
		} else {
			delete(w.kept, name)
		}
	}
	for _, s := range w.stack[1:] {
		if r, ok := s.Page.(relabeler); ok {
			r.Relabel()
		}
	}
	switch base := w.stack[0]; {
	case w.kept[base.kind.Name] == base.Page:
	case base.kind.Place == page.Bar || base.kind.Place == page.Tab:
		w.stack[0] = w.keep(base.kind)
		if len(w.stack) == 1 {
			w.up(nil)
		}
	default:
		if r, ok := base.Page.(relabeler); ok {
			r.Relabel()
		}
	}
}

// blank is the window before it knows what to show.
type blank struct{ kit *page.Kit }

func (b *blank) Draw(p *look.Painter, r page.Rect) {
	p.Text(r.X+page.Margin, r.Y, 60, b.kit.T("wait.loading"), look.Style{})
}
func (b *blank) Actions() []page.Action { return nil }
func (b *blank) First() fyne.Focusable  { return nil }
func (b *blank) Status() string         { return "" }
func (b *blank) Show(any)               {}
func (b *blank) Tick()                  {}
