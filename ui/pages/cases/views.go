package cases

import (
	"maps"
	"slices"
	"strconv"
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
		all := map[string]keep.Order{}
		maps.Copy(all, l.Orders)
		all[w.name()] = order
		l.Orders = all
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
	for _, c := range append(slices.Clone(w.cols), column{look.Column{Title: w.k.T("list.opened")}, "opened", "opened"}) {
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

// widen asks for a column and its width: 0 hides it, and nothing gives it back its own.
// The subject has what is left.
func (w *workspace) widen() {
	k := w.k
	var of []column
	var names []string
	for _, c := range w.cols {
		if c.name != "subject" && c.name != "due" {
			of, names = append(of, c), append(names, c.Title)
		}
	}
	read := func(text string) (float32, bool) {
		n, err := strconv.Atoi(strings.TrimSpace(text))
		return float32(n), err == nil && (n == 0 || n >= narrowest && n <= widest)
	}
	q := k.Question(k.T("ask.width"), names, 0, k.T("ask.widthHint"), "", func(i int, text string) {
		next := keep.Widths{}
		maps.Copy(next, w.widths)
		if n, ok := read(text); ok {
			next[of[i-1].name] = n
		} else {
			delete(next, of[i-1].name)
		}
		w.widths = next
		k.Like(func(l *keep.Liking) {
			all := map[string]keep.Widths{}
			maps.Copy(all, l.Widths)
			all[w.name()] = next
			l.Widths = all
		})
		k.Refresh()
	})
	q.Check = func(i int, text string) string {
		if _, ok := read(text); i < 1 || i > len(of) || !ok && strings.TrimSpace(text) != "" {
			return k.T("ask.whichWidth", "From", narrowest, "To", widest)
		}
		return ""
	}
}
