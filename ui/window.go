// Package ui is the window of the help desk: its shell, its pages and the
// drafts. A page is a pure drawing of values; what it does goes to app.Desk off
// Fyne's goroutine and comes back through Post. It never opens the store, and it
// does not import Fyne's driver, so that its tests need no display.
package ui

import (
	"context"
	"errors"
	"fmt"
	"time"
	"unicode"
	"unicode/utf8"

	"fyne.io/fyne/v2"

	"punto/app"
	"punto/app/desk"
	"punto/ui/look"
	"punto/ui/words"
)

// Config is what a Window is made of. Desk and Post are required.
type Config struct {
	Desk     app.Desk
	Post     func(func()) // runs on Fyne's goroutine: fyne.Do in the program, a queue in tests
	Now      func() time.Time
	Drafts   string // file of the drafts; "" keeps them in memory
	Prefs    string // file of how each agent likes the window; "" keeps it in memory
	Fixed    Fixed
	Resize   func(fyne.Size) // sets the window's size; may be nil
	Lang     string
	Palette  *look.Palette                                                                                            // nil = light
	SetTheme func(fyne.Theme)                                                                                         // tells Fyne of another palette; may be nil
	SetTitle func(string)                                                                                             // tells the system what the window shows: Title; may be nil
	Report   func(ctx context.Context, month app.Month) (file string, err error)                                      // prints the month; nil = not offered
	Demo     func(ctx context.Context, zone string, progress func(done, all int)) (login, password string, err error) // makes a demonstration desk; nil = not offered

	// Join brings this workstation into the desk of another: code is 20 Crockford
	// letters, host a name or address with or without a port. It returns once this
	// one has caught up, or when ctx ends; progress may be called by any goroutine.
	// nil = not offered.
	Join func(ctx context.Context, code, host string, progress func(done, all uint64)) error
}

// Window is the whole content of one window. It belongs to Fyne's goroutine.
type Window struct {
	Config
	ctx    context.Context // of the program
	canvas fyne.Canvas
	sheet  *look.Sheet
	prefs  prefs
	base   base
	roomy  bool      // comfortable rows
	sized  fyne.Size // of the window as it was restored
	words  *words.Words
	token  string
	state  app.StatusAnswer
	want   fyne.Focusable // is to have the focus once it is drawn
	page   page
	pages  map[area]page
	area   area
	line   *question
	toast  string
	until  time.Time // of the toast
	bad    bool      // the toast tells of a failure
	help   bool
	taps   []*look.Tap
	used   int
	drafts *drafts
	model  desk.Model
	groups []app.Named[desk.Group]
	agents []app.Named[desk.Agent]
	active time.Time // last key; after idle time the window locks
	top    float32   // where the page begins: under the bar, and the strip if there is one
	arrival
	service
}

// area is one of the words of the top bar, or a tab under one of them.
type area int

const (
	attend area = iota
	cases
	calls
	board
	analysis
	articles
	people
	inbox // from here on: tabs of the board
	nodes
	refused
	areas // how many

	barAreas = inbox
)

var areaWords = [areas]string{"area.attend", "area.cases", "area.calls", "area.board", "area.analysis", "area.articles", "area.people",
	"area.conflicts", "area.nodes", "area.refused"}

// areaKeys bring an area up from everywhere; F9, F10 and F12 with Ctrl are the
// shell's.
var areaKeys = [areas]string{"Ctrl F1", "Ctrl F2", "Ctrl F3", "Ctrl F4", "Ctrl F5", "Ctrl F6", "Ctrl F7", "Ctrl F11", "Ctrl F8", ""}

// rect is a place on the sheet.
type rect struct{ x, y, w, h float32 }

// page is one screen between the top bar and the action bar.
type page interface {
	draw(p *look.Painter, r rect)
	actions() []action
	first() fyne.Focusable // what has the focus when the page comes up; may be nil
	status() string        // at the right of the action bar
	show()                 // comes up: ask for what it shows
	tick()                 // once a second
}

// New makes a window; ctx ends what it asks for.
func New(ctx context.Context, c Config) (*Window, error) {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Palette == nil {
		c.Palette = look.Light()
	}
	w := &Window{Config: c, ctx: ctx, pages: map[area]page{}, prefs: prefs{file: c.Prefs}}
	var err error
	if w.words, err = words.New(c.Lang); err != nil {
		return nil, err
	}
	w.base = base{c.Palette, w.words.Lang}
	if w.drafts, err = openDrafts(c.Drafts); err != nil {
		return nil, err
	}
	w.sheet = look.NewSheet(w.palette, smallest, w.draw)
	w.page = newBlank(w)
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
	w.start()
}

func (w *Window) palette() *look.Palette { return w.Palette }

func (w *Window) applyTheme() {
	if w.SetTheme != nil {
		w.SetTheme(w.Palette.Theme())
	}
}

// T is a text of the window.
func (w *Window) T(id string, pairs ...any) string { return w.words.T(id, pairs...) }

func (w *Window) session() context.Context { return app.WithSession(w.ctx, w.token) }

// ask puts a query to the desk off this goroutine; use gets the answer on it. A
// failure is told in the action bar.
func ask[A any](w *Window, q app.Query, use func(A)) { askElse(w, q, use, nil) }

// askElse is ask that also says when there is no answer; failed may be nil.
func askElse[A any](w *Window, q app.Query, use func(A), failed func()) {
	ctx, came := w.session(), w.await()
	go func() {
		x, err := w.Desk.Ask(ctx, q)
		w.Post(func() {
			defer w.retitle()
			a, ok := x.(A)
			if err != nil || !ok {
				came(failed)
				if err != nil {
					w.failed(err)
				}
				return
			}
			w.answered()
			came(func() { use(a) })
			w.Refresh()
		})
	}()
}

// do puts a command to the desk off this goroutine.
func (w *Window) do(c app.Command, use func(app.Receipt)) { w.doElse(c, use, nil) }

// doElse is do that also says when it was not done; failed may be nil.
func (w *Window) doElse(c app.Command, use func(app.Receipt), failed func(error)) {
	ctx := w.session()
	go func() {
		r, err := w.Desk.Do(ctx, c)
		w.Post(func() {
			if err != nil {
				if failed != nil {
					failed(err)
				}
				w.failed(err)
				return
			}
			w.answered()
			if use != nil {
				use(r)
			}
			w.Refresh()
		})
	}()
}

// failed tells a failure in the user's language; nothing that was typed is lost.
func (w *Window) failed(err error) {
	if w.ctx.Err() != nil {
		return
	}
	code := app.CodeOf(err)
	if code == app.Unavailable && !w.down {
		w.probe() // it may be one thing that is not there, such as a file
	}
	w.tell(w.sentence(err), true)
	if code == app.NotSignedIn {
		w.signOut()
	}
}

// sentence is a failure in the user's language.
func (w *Window) sentence(err error) string {
	switch code := app.CodeOf(err); code {
	case app.BadPassword, app.NotAllowed, app.NotSignedIn, app.Internal:
		return w.words.T("err." + string(code))
	}
	if known := (*app.Error)(nil); errors.As(err, &known) {
		if known.Code == app.Unavailable && known.Form == "" {
			return w.T("err.unavailable")
		}
		if said := w.words.Failure(known.Form, known.Args); said != "" {
			return capital(said)
		}
	}
	return capital(err.Error())
}

// capital begins a sentence as people write one; the engine's begin small.
func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return s
	}
	return string(unicode.ToUpper(r)) + s[n:]
}

// tell shows a sentence for five seconds.
func (w *Window) tell(s string, bad bool) {
	w.toast, w.bad, w.until = s, bad, w.Now().Add(5*time.Second)
	w.Refresh()
}

// Refresh draws the window again.
func (w *Window) Refresh() {
	w.sheet.Refresh()
	if o, ok := w.want.(fyne.CanvasObject); ok && w.canvas != nil && w.sheet.Holds(o) {
		f := w.want
		w.want = nil
		w.canvas.Focus(f)
	}
	w.retitle()
}

// Tick is to be called once a second on Fyne's goroutine.
func (w *Window) Tick() {
	if w.toast != "" && w.Now().After(w.until) {
		w.toast = ""
	}
	if w.token != "" && w.Now().Sub(w.active) > idle {
		w.signOut()
		return
	}
	w.beat()
	w.page.tick()
	w.Refresh()
}

// idle is how long a window without keys stays open to whoever passes by.
const idle = 15 * time.Minute

// Active implements look.Keys: somebody is at the keyboard.
func (w *Window) Active() { w.active = w.Now() }

// Full implements look.Keys: it says how much a field holds, and that the rest was
// left out.
func (w *Window) Full(limit int) { w.tell(w.T("err.full", "N", w.count(uint64(limit))), true) }

// start asks whether there is a desk yet.
func (w *Window) start() {
	ctx := w.session()
	go func() {
		x, err := w.Desk.Ask(ctx, app.Status{})
		w.Post(func() {
			s, _ := x.(app.StatusAnswer)
			w.state = s
			switch {
			case err != nil && app.CodeOf(err) == app.Unavailable:
				w.lost() // and again until somebody answers
				w.failed(err)
			case err != nil:
				w.failed(err)
			case s.Desk.Name == "":
				w.open(newWizard(w))
			default:
				w.open(newSignIn(w))
			}
		})
	}()
}

// open brings a page up.
func (w *Window) open(p page) {
	w.page, w.line, w.help = p, nil, false
	w.arrive(p.show)
	w.focus(p.first())
}

// focus gives the keys to f, now or as soon as it stands on the sheet; nil takes
// them from everything, so that the page's own keys hold.
func (w *Window) focus(f fyne.Focusable) {
	w.want = f
	if f == nil && w.canvas != nil {
		w.canvas.Unfocus()
	}
	w.Refresh()
}

// goTo brings an area up, as it was left.
func (w *Window) goTo(a area) {
	if w.token == "" {
		return
	}
	p := w.pages[a]
	if p == nil {
		switch a {
		case attend:
			p = newIntake(w)
		case cases:
			p = newCaseList(w, false)
		case board:
			p = newCaseList(w, true)
		case calls:
			p = newCallList(w)
		case analysis:
			p = newMonth(w)
		case articles:
			p = newArticleList(w)
		case people:
			p = newPeopleList(w)
		case inbox:
			p = newInbox(w)
		case nodes:
			p = newNodesPage(w)
		case refused:
			p = newRefusedList(w)
		}
		w.pages[a] = p
	}
	w.area = a
	w.open(p)
}

// signedIn opens the desk for an agent.
func (w *Window) signedIn(token string, me desk.ID) {
	w.token, w.state.Me, w.line = token, me, nil
	w.pages = map[area]page{}
	w.site, w.asked = app.NodesAnswer{}, time.Time{}
	w.restore()
	ask(w, app.TheModel{}, func(a app.TheModelAnswer) {
		w.model = a.Model
		if r, ok := w.page.(interface{ relabel() }); ok {
			r.relabel()
		}
	})
	ask(w, app.Records{Type: desk.GroupType}, func(a app.RecordsAnswer) { w.groups = a.Groups })
	ask(w, app.Records{Type: desk.AgentType}, func(a app.RecordsAnswer) { w.agents = a.Agents })
	w.Active()
	w.reload()
	w.askSite(0)
	w.watch()
	w.goTo(attend)
}

// reload asks how the desk stands. What it says to nobody does not count for whoever
// is signed in: their session has ended, and the sign-in still proposes their name.
func (w *Window) reload() {
	ask(w, app.Status{}, func(a app.StatusAnswer) {
		if w.token == "" || !a.Me.IsZero() {
			w.state = a
		}
	})
}

func (w *Window) signOut() {
	if w.token != "" {
		w.rememberSize()
		w.do(app.SignOut{}, nil)
	}
	w.token = ""
	w.open(newSignIn(w))
}

// at is an instant as a local time of day or date.
func (w *Window) at(t time.Time) string {
	now := w.Now().In(w.zone())
	t = t.In(w.zone())
	days := func(x time.Time) int {
		return int(time.Date(x.Year(), x.Month(), x.Day(), 12, 0, 0, 0, time.UTC).Unix() / 86400)
	}
	switch d := days(t) - days(now); {
	case d == 0:
		return w.T("time.today", "At", t.Format("15:04"))
	case d == 1:
		return w.T("time.tomorrow", "At", t.Format("15:04"))
	case t.Year() == now.Year():
		return t.Format("2/1 15:04")
	}
	return t.Format("2/1/2006 15:04")
}

func (w *Window) zone() *time.Location {
	if z, err := time.LoadLocation(w.state.Desk.Zone); err == nil && w.state.Desk.Zone != "" {
		return z
	}
	return time.Local
}

func (w *Window) saveDrafts() {
	if err := w.drafts.save(w.Now()); err != nil {
		w.failed(fmt.Errorf("save the drafts: %w", err))
	}
}

// Close saves the drafts, and the size of the window.
func (w *Window) Close() error {
	w.rememberSize()
	return w.drafts.save(w.Now())
}
