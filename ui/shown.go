package ui

import "punto/ui/page"

// What a window shows, for tests that work it as a user does.

// Page is the page that stands there.
func (w *Window) Page() page.Page { return w.present() }

// Asked is the question in the action bar; nil = none.
func (w *Window) Asked() *page.Question { return w.line }

// Texts are what stands on the sheet, in the order of drawing; what lists, fields and
// segments say is theirs.
func (w *Window) Texts() []string { return w.sheet.Texts() }

// Actions are all that keys do now.
func (w *Window) Actions() []page.Action { return w.table() }

// Kit is what the pages of the window work with.
func (w *Window) Kit() *page.Kit { return w.kit }

// Arrived tells that the page has all that it asked for in coming up.
func (w *Window) Arrived() bool { return w.due == 0 }

// Quiet tells that nothing that the window asks for by itself is still to come.
func (w *Window) Quiet() bool { return !w.asking && !w.trying }
