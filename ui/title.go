package ui

// arrival is what a page that came up still waits for: the answers to what it
// asked in coming up, and what those led it to ask. The window's title tells it,
// to people in the task bar and to programs that work the window.
type arrival struct {
	visit  int  // counts the pages that came up
	due    int  // answers that the page still waits for
	coming bool // what is asked now belongs to its coming up
	titled string
}

// arrive runs what a page asks for as it comes up.
func (w *Window) arrive(show func()) {
	w.visit++
	w.due = 0
	w.within(show)
}

func (w *Window) within(f func()) {
	was := w.coming
	w.coming = true
	f()
	w.coming = was
}

// await notes a question; the answer is given to what it returns, which runs use
// unless that is nil.
func (w *Window) await() func(use func()) {
	if !w.coming {
		return func(use func()) {
			if use != nil {
				use()
			}
		}
	}
	visit := w.visit
	w.due++
	return func(use func()) {
		if visit != w.visit { // another page stands there
			if use != nil {
				use()
			}
			return
		}
		w.due--
		if use != nil {
			w.within(use)
		}
	}
}

// Title is what the window shows: the question it asks or the name of its page, with "…" until the page
// has what it asked for and the field that begins has the focus.
func (w *Window) Title() string {
	name := ""
	if w.line != nil {
		name = w.line.Word
	} else if p, ok := w.present().(interface{ Called() string }); ok {
		name = p.Called()
	} else if id := w.top().kind.Word; id != "" {
		name = w.T(id)
	}
	switch {
	case name == "":
		return w.T("app.name")
	case w.due > 0 || w.want != nil:
		name += " …"
	}
	return name + " · " + w.T("app.name")
}

// retitle tells the system of another title.
func (w *Window) retitle() {
	if t := w.Title(); w.conf.SetTitle != nil && t != w.titled {
		w.titled = t
		w.conf.SetTitle(t)
	}
}
