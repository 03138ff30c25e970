package cases

import (
	"slices"
	"strings"

	"punto/ui/keep"
	"punto/ui/look"
)

// Ways to look at the open cases: views, a filter, an order, and all three saved.

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

// viewAll is the view of all.
const viewAll = 5

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
