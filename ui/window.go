// Package ui is the window of the help desk: its shell. It knows pages by their
// page.Kind alone, brings them up and keeps them, and holds what all share: the bar,
// the keys, the line that asks and tells, the title, the strip, signing in, and how
// each agent likes the window. What is done goes to app.Desk off Fyne's goroutine and
// comes back through Post. It never opens the store, and it does not import Fyne's
// driver, so that its tests need no display.
package ui

import (
	"context"
	"fmt"
	"time"

	"fyne.io/fyne/v2"

	"punto/app"
	"punto/ui/keep"
	"punto/ui/look"
	"punto/ui/page"
	"punto/ui/words"
)

// Config is what a Window is made of. Desk, Post and Pages are required.
type Config struct {
	Desk     app.Desk
	Pages    []page.Kind  // those of the bar in its order; the first is where an agent begins
	Post     func(func()) // runs on Fyne's goroutine: fyne.Do in the program, a queue in tests
	Now      func() time.Time
	Drafts   string // file of the drafts; "" keeps them in memory
	Prefs    string // file of how each agent likes the window; "" keeps it in memory
	Fixed    Fixed
	Resize   func(fyne.Size) // sets the window's size; may be nil
	Lang     string
	Palette  *look.Palette            // nil = light
	SetTheme func(fyne.Theme)         // tells Fyne of another palette; may be nil
	SetTitle func(string)             // tells the system what the window shows: Title; may be nil
	Notify   func(title, text string) // has the system tell the user; may be nil
}

// Window is the whole content of one window: the page.Host of its pages. It belongs
// to Fyne's goroutine.
type Window struct {
	conf   Config
	kit    *page.Kit
	ctx    context.Context // of the program
	canvas fyne.Canvas
	sheet  *look.Sheet
	prefs  *keep.Likings
	base   base
	sized  fyne.Size // of the window as it was restored
	token  string
	knows  bool           // what Known needs of this session was asked for
	want   fyne.Focusable // is to have the focus once it is drawn
	line   *page.Question // nil = nothing is asked
	toast  string
	until  time.Time // of the toast
	bad    bool      // the toast tells of a failure
	help   bool
	active time.Time        // last key; after idle time the window locks
	rung   *app.RingingCall // that waits to be brought up; nil = none
	walk
	arrival
	service
}

// New makes a window; ctx ends what it asks for.
func New(ctx context.Context, c Config) (*Window, error) {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Palette == nil {
		c.Palette = look.Light()
	}
	said, err := words.New(c.Lang)
	if err != nil {
		return nil, err
	}
	drafts, err := keep.OpenDrafts(c.Drafts)
	if err != nil {
		return nil, err
	}
	w := &Window{conf: c, ctx: ctx, prefs: keep.OpenLikings(c.Prefs), base: base{c.Palette, said.Lang}}
	w.kit = &page.Kit{Host: w, Desk: c.Desk, Post: c.Post, Now: c.Now, Words: said, Look: c.Palette, Drafts: drafts, Pages: c.Pages}
	w.sheet = look.NewSheet(func() *look.Palette { return w.kit.Look }, smallest, w.draw)
	w.kept = map[string]page.Page{}
	w.stack = []standing{{Page: &blank{w.kit}}}
	return w, nil
}

// Content is the object to put into a window; SetCanvas must be called with
// that window's canvas.
func (w *Window) Content() fyne.CanvasObject { return w.sheet }

// SetCanvas tells where the content stands, and starts it.
func (w *Window) SetCanvas(c fyne.Canvas) {
	w.canvas = c
	c.SetOnTypedKey(func(k *fyne.KeyEvent) { w.Key(k.Name) })
	w.applyTheme()
	w.Begin()
}

func (w *Window) applyTheme() {
	if w.conf.SetTheme != nil {
		w.conf.SetTheme(w.kit.Look.Theme())
	}
}

// T is a text of the window.
func (w *Window) T(id string, pairs ...any) string { return w.kit.Words.T(id, pairs...) }

// Tell implements page.Line.
func (w *Window) Tell(s string, bad bool) {
	w.toast, w.bad, w.until = s, bad, w.kit.Now().Add(5*time.Second)
	w.Refresh()
}

// Put implements page.Line.
func (w *Window) Put(q *page.Question) {
	w.line = q
	switch {
	case q == nil:
		w.Focus(w.present().First())
	case q.Field != nil:
		w.Focus(q.Field)
	default:
		w.Focus(nil)
	}
}

// Refresh implements page.Screen.
func (w *Window) Refresh() {
	w.sheet.Refresh()
	if o, ok := w.want.(fyne.CanvasObject); ok && w.canvas != nil && w.sheet.Holds(o) {
		f := w.want
		w.want = nil
		w.canvas.Focus(f)
	}
	w.retitle()
}

// Focus implements page.Screen.
func (w *Window) Focus(f fyne.Focusable) {
	w.want = f
	if f == nil && w.canvas != nil {
		w.canvas.Unfocus()
	}
	w.Refresh()
}

// Tick is to be called once a second on Fyne's goroutine.
func (w *Window) Tick() {
	if w.toast != "" && w.kit.Now().After(w.until) {
		w.toast = ""
	}
	if w.token != "" && w.kit.Now().Sub(w.active) > idle {
		w.signOut()
		return
	}
	w.popRing()
	w.beat()
	w.saveDrafts()
	w.present().Tick()
	w.Refresh()
}

// idle is how long a window without keys stays open to whoever passes by.
const idle = 15 * time.Minute

// Drop gives files that were dropped on the window to the page that stands there; one
// that takes none says so.
func (w *Window) Drop(paths []string) {
	p, takes := w.present().(interface{ Dropped([]string) })
	if !takes || w.token == "" || w.line != nil {
		w.Tell(w.T("drop.none"), true)
		return
	}
	w.Active()
	p.Dropped(paths)
}

// Active implements look.Keys: somebody is at the keyboard.
func (w *Window) Active() { w.active = w.kit.Now() }

// Full implements look.Keys: it says how much a field holds, and that the rest was
// left out.
func (w *Window) Full(limit int) { w.Tell(w.T("err.full", "N", w.kit.Count(uint64(limit))), true) }

func (w *Window) saveDrafts() {
	if err := w.kit.Drafts.Save(w.kit.Now()); err != nil {
		w.Failed(fmt.Errorf("save the drafts: %w", err))
	}
}

// Close saves the drafts, and the size of the window.
func (w *Window) Close() error {
	w.rememberSize()
	return w.kit.Drafts.Save(w.kit.Now())
}
