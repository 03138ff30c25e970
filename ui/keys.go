package ui

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"punto/ui/look"
)

// action is one entry of the command table: hints, buttons and the help sheet
// all come from it, so they cannot differ. Key is as it is shown: "F9",
// "Ctrl N", "Alt 2"; "" has none.
type action struct {
	key     string
	word    string
	do      func()
	primary bool
	right   bool   // stands at the right of the bar
	hidden  bool   // has a key and a line of the help sheet, and no button
	off     string // why it cannot be done now; "" = it can
}

var modifiers = map[string]fyne.KeyModifier{"Ctrl": fyne.KeyModifierControl, "Alt": fyne.KeyModifierAlt, "Shift": fyne.KeyModifierShift}

var keyNames = map[string]fyne.KeyName{"←": fyne.KeyLeft, "→": fyne.KeyRight, "↑": fyne.KeyUp, "↓": fyne.KeyDown, "Tab": fyne.KeyTab, "Esc": fyne.KeyEscape,
	"Enter": fyne.KeyReturn}

// parseKey reads a key as it is shown.
func parseKey(s string) (m fyne.KeyModifier, k fyne.KeyName) {
	parts := strings.Split(s, " ")
	for _, p := range parts[:len(parts)-1] {
		m |= modifiers[p]
	}
	last := parts[len(parts)-1]
	if n, ok := keyNames[last]; ok {
		return m, n
	}
	return m, fyne.KeyName(last)
}

// shell are the actions of every page.
func (w *Window) shell() []action {
	as := []action{
		{key: "F1", word: w.T("do.keys"), hidden: true, do: func() { w.help = !w.help; w.Refresh() }},
		{key: "Esc", word: w.T("do.back"), hidden: true, do: w.back},
		{key: "Ctrl F9", word: w.T("do.look"), hidden: true, do: w.nextPalette},
		{key: "Ctrl F10", word: w.T("do.lang"), hidden: true, do: w.nextLanguage},
	}
	if w.token == "" {
		return as
	}
	for a := range areas {
		if areaKeys[a] != "" {
			as = append(as, action{key: areaKeys[a], word: w.T(areaWords[a]), hidden: true, do: func() { w.goTo(a) }})
		}
	}
	return append(as,
		action{key: "Ctrl R", word: w.T("do.rows"), hidden: true, do: w.nextRows},
		action{key: "Ctrl K", word: w.T("do.search"), hidden: true, do: func() { w.open(newSearch(w, w.page)) }},
		action{key: "Ctrl F12", word: w.T("do.lock"), hidden: true, do: w.signOut})
}

// table is all that keys do on the present page: its own first, then those of
// the shell that it does not show itself.
func (w *Window) table() []action {
	as := w.page.actions()
	if w.line != nil {
		as = w.line.actions()
	} else if own := w.stripActions(); len(own) > 0 {
		as = append(own, slices.DeleteFunc(as, func(a action) bool { return a.key == own[0].key })...)
	}
	shown := len(as)
	for _, a := range w.shell() {
		if !slices.ContainsFunc(as[:shown], func(b action) bool { return a.key == b.key && (a.word == b.word || a.key == "Esc") }) {
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
		if a.key == "" || a.do == nil {
			continue
		}
		if am, ak := parseKey(a.key); am == m && ak == k {
			if w.help && a.key != "F1" && a.key != "Esc" {
				w.help = false
			}
			w.perform(a)
			return true
		}
	}
	return false
}

// perform does what an action is for, or says why it cannot be done.
func (w *Window) perform(a action) {
	if a.off != "" {
		w.tell(a.off, true)
		return
	}
	a.do()
}

// back steps out by one: help, question, page; it never discards.
func (w *Window) back() {
	switch {
	case w.help:
		w.help = false
	case w.line != nil:
		w.line = nil
		w.focus(w.page.first())
	default:
		if b, ok := w.page.(interface{ back() }); ok {
			b.back()
		}
	}
	w.Refresh()
}

func (w *Window) nextPalette() {
	all := look.Palettes()
	for i, p := range all {
		if p.Name == w.Palette.Name {
			w.Palette = all[(i+1)%len(all)]
			break
		}
	}
	if w.token == "" {
		w.base.palette = w.Palette
	}
	w.applyTheme()
	w.remember(func(p *pref) { p.Look = w.Palette.Name })
	w.Refresh()
}

func (w *Window) nextLanguage() {
	next := map[string]string{"es": "en", "en": "pt", "pt": "es"}[w.words.Lang]
	if err := w.setLanguage(next); err != nil {
		w.failed(err)
		return
	}
	w.remember(func(p *pref) { p.Lang = next })
}
