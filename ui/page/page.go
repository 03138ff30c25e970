// Package page is what the pages of the window have in common: what a page is to
// the shell (Kind, Page), what it works with (Kit, Host), and what several of them
// ask and draw alike: a question in the action bar, a long list, a clock's chip, a
// page of lines. It knows no page, and a page knows no other: it names it (Host.Go).
// All of it belongs to Fyne's goroutine.
package page

import (
	"slices"

	"fyne.io/fyne/v2"

	"punto/app"
	"punto/app/desk"
	"punto/ui/look"
)

// Kind is a page as the shell knows it. It is a value: whoever lists the pages of a
// window lists these.
type Kind struct {
	Name  string           // how others name it, for ever: "calls"
	Word  string           // id of its name in words, in the bar, the title and the sheet of keys
	Key   string           // brings it up from everywhere: "Ctrl F3"; "" has none
	Place Place            // where its name stands
	Under string           // for a Tab: the Name of the page in the bar under which it stands
	Tab   string           // id of its name on a tab; "" = Word
	Count func(*Known) int // stands on its tab where it is above 0; nil = never
	For   []desk.Role      // who sees it; nil = everybody
	Home  []desk.Role      // whose work is there: they begin on it
	Make  func(*Kit) Page  // makes one; it asks for nothing before Show
}

// Sees tells whether a role sees the page.
func (k Kind) Sees(r desk.Role) bool { return len(k.For) == 0 || slices.Contains(k.For, r) }

// TabWord is the id of its name on a tab.
func (k Kind) TabWord() string {
	if k.Tab != "" {
		return k.Tab
	}
	return k.Word
}

// Place is where the name of a page stands, and with that how long it lives: one in
// the bar or on a tab is made once a session and comes up as it was left; one over
// another is made each time and gone with Esc.
type Place int

// Places.
const (
	Over    Place = iota // nowhere: it stands over the page from which it was opened
	Passing              // over another too, and gone when it leads on: a search
	Bar                  // in the top bar
	Tab                  // on a tab under a word of the bar
	Gate                 // nowhere: it is there only before anybody has signed in
)

// Page is one screen between the top bar and the action bar. One that can do more
// than it must has these methods:
//
//	Called() string   its name in the window's title, where Kind.Word does not say it
//	Back() bool       Esc steps out of something within the page; false = leave it
//	Changed()         the desk has changed: ask again for what stands there
//	Again()           somebody answers after an outage: ask for what it left unanswered
//	Dropped([]string) files of these paths were dropped on the window
//	Relabel()         the language or the service model is another; who lacks it is made anew
type Page interface {
	Draw(p *look.Painter, r Rect)
	Actions() []Action
	First() fyne.Focusable // what has the focus when the page comes up; may be nil
	Status() string        // at the right of the action bar
	Show(arg any)          // comes up: ask for what it shows. arg is what Go was given; nil = as it was left
	Tick()                 // once a second while it stands there
}

// NewCase is the argument that begins a case.
type NewCase struct{}

// Caller is the argument that names who a case is for. One who is named already
// stays unless Replace.
type Caller struct {
	ID      desk.ID
	Replace bool
}

// Ring is the argument that brings up a call that rings at the agent, or one that was: of
// people whose number it is, none or several may be. Without a UniqueID it is a number to
// be called back.
type Ring struct {
	PBX, UniqueID string
	Number        string
	Name          string // as the exchange knows it
	People        []app.PersonRow
}

// Action is one entry of the command table: hints, buttons and the help sheet all
// come from it, so they cannot differ. Key is as it is shown: "F9", "Ctrl N",
// "Alt 2"; "" has none.
type Action struct {
	Key     string
	Word    string
	Do      func() // nil = what the shell does for this key
	Primary bool
	Right   bool   // stands at the right of the bar
	Hidden  bool   // has a key and a line of the help sheet, and no button
	Off     string // why it cannot be done now; "" = it can
}

// Rect is a place on the sheet.
type Rect struct{ X, Y, W, H float32 }

// At makes a place.
func At(x, y, w, h float32) Rect { return Rect{X: x, Y: y, W: w, H: h} }

// Sizes that all pages share.
const (
	Margin    = 16 // around everything
	TabsH     = 36 // of a row of tabs
	RowH      = 36 // of a field
	RowGap    = 8
	ProposalH = 30 // of one line that is proposed under a field
)
