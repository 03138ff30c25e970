// Package switchboard is the page on which an administrator links the desk to a telephone
// exchange: how it is reached, a test step by step, what the exchange says now, and the
// lines that the client's IT writes into the exchange's files.
package switchboard

import (
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

	"punto/app"
	"punto/app/desk"
	"punto/ui/look"
	"punto/ui/page"
)

// wizard is the page.
type wizard struct {
	k      *page.Kit
	form   *page.Form
	row    app.SwitchboardRow // as it is kept; its ID is zero where there is none
	of     desk.Switchboard   // as it is typed
	word   string             // the password as it is typed; never shown
	dirty  bool               // something was typed since it was kept
	found  bool               // the links were asked for and have come
	trying bool
	tried  *app.TrySwitchboardAnswer
	said   []app.SwitchboardLine
	recipe *look.Field // the lines for the exchange's files; they can be copied
	shown  bool        // the recipe stands there, and not the stream
	asked  page.Latest
}

// Kind is the page of the telephone exchange, on a tab of the board.
func Kind() page.Kind {
	return page.Kind{Name: "switchboard", Word: "area.switchboard", Place: page.Tab, Under: "board", For: []desk.Role{desk.AdministratorRole},
		Make: func(k *page.Kit) page.Page { return newWizard(k) }}
}

func newWizard(k *page.Kit) *wizard {
	w := &wizard{k: k, recipe: k.Lines()}
	w.of = desk.Switchboard{Name: "asterisk", Kind: desk.AsteriskAMI, User: "punto"}
	w.fill()
	return w
}

// kinds are the kinds of link in the order of the form.
var kinds = []desk.LinkKind{desk.AsteriskAMI, desk.AsteriskLog, desk.SMDRDial, desk.SMDRListen, desk.BuiltIn}

// fill makes the form anew of what is to be typed over.
func (w *wizard) fill() {
	k := w.k
	text := func(word, hint string, at *string) page.Input {
		return page.Input{Word: k.T(word), Hint: hint, Get: func() string { return *at }, Set: func(s string) error { *at = strings.TrimSpace(s); return nil }}
	}
	yes := func(word string, at *bool) page.Input {
		return page.Input{Word: k.T(word), Options: []string{k.T("word.no"), k.T("word.yes")}, Get: func() string {
			if *at {
				return "2"
			}
			return "1"
		}, Set: func(s string) error { *at = s == "2"; return nil }}
	}
	var names []string
	for _, x := range kinds {
		names = append(names, k.T("linkkind."+x.String()))
	}
	inputs := []page.Input{{Word: k.T("link.kind"), Options: names, Get: func() string {
		for i, x := range kinds {
			if x == w.of.Kind {
				return strconv.Itoa(i + 1)
			}
		}
		return "0"
	}, Set: func(s string) error {
		if n, err := strconv.Atoi(s); err == nil && n >= 1 && n <= len(kinds) && kinds[n-1] != w.of.Kind {
			w.of.Kind = kinds[n-1]
			k.Post(w.fill)
		}
		return nil
	}}, text("link.name", "asterisk", &w.of.Name)}
	secret := -1
	switch w.of.Kind {
	case desk.AsteriskLog:
	case desk.BuiltIn:
		inputs = append(inputs, text("link.listen", "192.168.1.10:5060", &w.of.Address), text("link.gateway", "192.168.1.20", &w.of.Peer))
	default:
		inputs = append(inputs, text("link.address", "10.7.0.5:5038", &w.of.Address))
	}
	switch w.of.Kind {
	case desk.AsteriskAMI:
		hint := ""
		if w.row.Password {
			hint = k.T("link.kept")
		}
		secret = len(inputs) + 1
		inputs = append(inputs, text("link.user", "punto", &w.of.User), page.Input{Word: k.T("link.password"), Hint: hint, Get: func() string { return w.word }, Set: func(s string) error { w.word = s; return nil }},
			yes("link.tls", &w.of.TLS), text("link.log", "/var/log/asterisk/queue_log", &w.of.Log), yes("link.dials", &w.of.Dials))
	case desk.AsteriskLog:
		inputs = append(inputs, text("link.log", "/var/log/asterisk/queue_log", &w.of.Log))
	case desk.SMDRDial:
		inputs = append(inputs, text("link.map", "avaya, panasonic, 3cx", &w.of.Map))
	case desk.SMDRListen:
		inputs = append(inputs, text("link.map", "avaya, panasonic, 3cx", &w.of.Map), text("link.peer", "10.7.0.5", &w.of.Peer))
	}
	inputs = append(inputs, yes("link.off", &w.of.Off))
	w.form = page.NewForm(k, inputs, func() { w.dirty, w.tried = true, nil; k.Refresh() })
	if secret >= 0 {
		w.form.Texts[secret].Password = true
	}
	k.Refresh()
}

// Show implements page.Page.
func (w *wizard) Show(any) { w.look() }

// Changed asks how the link does.
func (w *wizard) Changed() { w.look() }

// Relabel sets the words of the form.
func (w *wizard) Relabel() { w.fill() }

// Tick implements page.Page: what the exchange says comes as it is said.
func (w *wizard) Tick() { w.look() }

// look asks how the link does, and what its exchange said last.
func (w *wizard) look() {
	page.AskLatest(w.k, &w.asked, app.Switchboards{}, func(a app.SwitchboardsAnswer) {
		first := !w.found
		if w.found = true; len(a.Rows) == 0 {
			return
		}
		was := w.row
		w.row = a.Rows[0]
		for _, r := range a.Rows {
			if r.ID == was.ID {
				w.row = r
			}
		}
		if first && !w.dirty {
			w.of = w.row.Of
			w.fill()
		}
		if w.row.Here {
			page.Ask(w.k, app.SwitchboardLines{ID: w.row.ID}, func(a app.SwitchboardLinesAnswer) { w.said = a.Rows })
		}
	})
}

// First implements page.Page.
func (w *wizard) First() fyne.Focusable { return w.form.Texts[1] }

// Status implements page.Page.
func (w *wizard) Status() string {
	switch {
	case !w.found:
		return w.k.T("wait.loading")
	case w.trying:
		return w.k.T("link.trying")
	case w.dirty:
		return w.k.T("link.unsaved")
	}
	return ""
}

// Back closes the lines for the exchange.
func (w *wizard) Back() bool {
	was := w.shown
	w.shown = false
	return was
}

// Actions implements page.Page.
func (w *wizard) Actions() []page.Action {
	k := w.k
	only := ""
	if w.of.Kind != desk.AsteriskAMI {
		only = k.T("link.onlyAMI")
	}
	as := []page.Action{{Key: "F9", Word: k.T("link.save"), Primary: true, Do: w.save}, {Key: "F4", Word: k.T("link.try"), Do: w.try, Off: only}}
	if t := w.tried; t != nil && t.Cert != "" && w.of.Cert != t.Cert {
		as = append(as, page.Action{Key: "F8", Word: k.T("link.accept"), Do: func() { w.of.Cert, w.dirty = t.Cert, true; k.Tell(k.T("link.accepted"), false) }})
	}
	word := k.T("link.recipe")
	if w.shown {
		word = k.T("link.stream")
	}
	return append(as, page.Action{Key: "F7", Word: word, Do: w.turn, Off: only})
}

func (w *wizard) save() {
	k := w.k
	k.Do(app.SaveSwitchboard{ID: w.row.ID, Switchboard: w.of, Password: w.word}, func(r app.Receipt) {
		w.row.ID, w.word, w.dirty, w.found = r.ID, "", false, false
		k.Tell(k.T("link.saved", "Name", w.of.Name), false)
		w.look()
	}, nil)
}

func (w *wizard) try() {
	if w.trying {
		return
	}
	w.trying, w.tried = true, nil
	page.AskElse(w.k, app.TrySwitchboard{ID: w.row.ID, Switchboard: w.of, Password: w.word}, func(a app.TrySwitchboardAnswer) {
		w.trying, w.tried, w.shown = false, &a, false
		w.k.Refresh()
	}, func() { w.trying = false })
}

// turn shows the lines for the exchange's files, with the queues that a test has found, or
// the stream again.
func (w *wizard) turn() {
	if w.shown = !w.shown; !w.shown {
		return
	}
	var queues []string
	if w.tried != nil {
		queues = w.tried.Queues
	}
	page.AskElse(w.k, app.SwitchboardRecipe{Switchboard: w.of, Queues: queues}, func(a app.SwitchboardRecipeAnswer) {
		w.recipe.SetText(a.Manager + "\n" + a.Dialplan)
		w.recipe.SetCaret(0)
		w.k.Focus(w.recipe)
	}, func() { w.shown = false })
}
