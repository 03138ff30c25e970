package ui

import (
	"slices"

	"fyne.io/fyne/v2"

	"punto/ui/page"
)

// shell are the actions of every page.
func (w *Window) shell() []page.Action {
	as := []page.Action{
		{Key: "F1", Word: w.T("do.keys"), Hidden: true, Do: func() { w.help = !w.help; w.Refresh() }},
		{Key: "Esc", Word: w.T("do.back"), Hidden: true, Do: w.back},
		{Key: "Ctrl F9", Word: w.T("do.look"), Hidden: true, Do: w.nextPalette},
		{Key: "Ctrl F10", Word: w.T("do.lang"), Hidden: true, Do: w.nextLanguage},
	}
	if w.token == "" {
		return as
	}
	for _, k := range w.kit.Pages {
		if k.Key != "" && w.open(k) {
			as = append(as, page.Action{Key: k.Key, Word: w.T(k.Word), Hidden: true, Do: func() { w.Go(k.Name, nil) }})
		}
	}
	if len(w.tabs()) > 1 {
		as = append(as, page.Action{Key: nextTab, Word: w.T("tabs.after"), Hidden: true, Do: func() { w.turn(1) }},
			page.Action{Key: lastTab, Word: w.T("tabs.before"), Hidden: true, Do: func() { w.turn(-1) }})
	}
	return append(as,
		page.Action{Key: "Ctrl R", Word: w.T("do.rows"), Hidden: true, Do: w.nextRows},
		page.Action{Key: "Ctrl K", Word: w.T("do.search"), Hidden: true, Do: func() { w.Go("search", nil) }},
		page.Action{Key: "Ctrl F12", Word: w.T("do.lock"), Hidden: true, Do: w.signOut})
}

// actions are those of the present page; what it leaves to the shell is the shell's.
func (w *Window) actions() []page.Action {
	as, own := slices.Clone(w.present().Actions()), w.shell()
	for i, a := range as {
		if a.Do == nil {
			if j := slices.IndexFunc(own, func(b page.Action) bool { return a.Key == b.Key }); j >= 0 {
				as[i].Do = own[j].Do
			}
		}
	}
	return as
}

// table is all that keys do on the present page: its own first, then those of
// the shell that it does not show itself.
func (w *Window) table() []page.Action {
	as := w.actions()
	if w.line != nil {
		as = w.line.Actions()
	} else if own := w.stripActions(); len(own) > 0 {
		as = append(own, slices.DeleteFunc(as, func(a page.Action) bool { return a.Key == own[0].Key })...)
	}
	shown := len(as)
	for _, a := range w.shell() {
		if !slices.ContainsFunc(as[:shown], func(b page.Action) bool { return a.Key == b.Key && (a.Word == b.Word || a.Key == "Esc") }) {
			as = append(as, a)
		}
	}
	return as
}

// Key implements look.Keys.
func (w *Window) Key(k fyne.KeyName) bool {
	if k == fyne.KeyEnter { // that of the number pad
		k = fyne.KeyReturn
	}
	return w.Combination(0, k)
}

// Combination implements look.Keys.
func (w *Window) Combination(m fyne.KeyModifier, k fyne.KeyName) bool {
	w.Active()
	if w.help && m == 0 && k == fyne.KeyEscape { // before what Esc means on the page under it
		w.back()
		return true
	}
	for _, a := range w.table() {
		if a.Key == "" || a.Do == nil {
			continue
		}
		if am, ak := page.ParseKey(a.Key); am == m && ak == k {
			if w.help && a.Key != "F1" && a.Key != "Esc" {
				w.help = false
			}
			w.perform(a)
			return true
		}
	}
	return false
}

// perform does what an action is for, or says why it cannot be done.
func (w *Window) perform(a page.Action) {
	if a.Off != "" {
		w.Tell(a.Off, true)
		return
	}
	a.Do()
}

// back steps out by one: help, question, page; it never discards.
func (w *Window) back() {
	switch {
	case w.help:
		w.help = false
	case w.line != nil:
		w.Put(nil)
	default:
		if p, ok := w.present().(interface{ Back() bool }); !ok || !p.Back() {
			w.Leave()
		}
	}
	w.Refresh()
}
