package stage

import (
	"fyne.io/fyne/v2"

	"punto/ui/look"
	"punto/ui/page"
)

// Lobby is an empty page in the bar: it stands in for pages that a test leaves out,
// and notes what it was brought up with.
type Lobby struct {
	Args  []any
	Place page.Rect // where it was drawn last
}

// NewLobby makes one that stands in for the page of a name.
func NewLobby(name string) (*Lobby, page.Kind) {
	l := &Lobby{}
	return l, page.Kind{Name: name, Word: "area." + name, Place: page.Bar, Make: func(*page.Kit) page.Page { return l }}
}

// With are the pages of a window that begins in a lobby in the place of the page of a
// name.
func With(name string, pages ...page.Kind) []page.Kind {
	_, k := NewLobby(name)
	return append([]page.Kind{k}, pages...)
}

// Draw implements page.Page.
func (l *Lobby) Draw(_ *look.Painter, r page.Rect) { l.Place = r }

// Actions implements page.Page.
func (l *Lobby) Actions() []page.Action { return nil }

// First implements page.Page.
func (l *Lobby) First() fyne.Focusable { return nil }

// Status implements page.Page.
func (l *Lobby) Status() string { return "" }

// Show implements page.Page.
func (l *Lobby) Show(arg any) { l.Args = append(l.Args, arg) }

// Tick implements page.Page.
func (l *Lobby) Tick() {}
