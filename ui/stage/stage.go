// Package stage puts a window over a real engine, without a screen, for tests. Only
// tests import it, and what they need of an engine and a store they have from here.
package stage

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"punto/app"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/rooms"
	"punto/store"
	"punto/store/files"
	"punto/ui"
	"punto/ui/look"
	"punto/ui/page"
)

// Password is that of the administrator, whose login is "admin".
const Password = "una clave larga" //nolint:gosec // of a desk that is made up

// Stage is a window and the desk under it. Posted functions wait in a queue until the
// test runs them, as Fyne's goroutine would. It belongs to the test's goroutine.
type Stage struct {
	*testing.T
	*ui.Window
	Canvas fyne.Canvas
	Resize func(fyne.Size)
	Drafts string // the file of the window's drafts

	desk  *engine.Engine
	owner context.Context
	clock atomic.Int64 // Unix seconds: the engine reads it from other goroutines
	mu    sync.Mutex
	queue []func()
	bell  chan struct{}
}

// New opens a window of pages on a Monday at ten in Lima. made: there is a desk, with
// Rosa Quispe in it, whose extension is 4471; else the folder is empty.
func New(t *testing.T, made bool, pages []page.Kind, with ...func(*ui.Config)) *Stage {
	t.Helper()
	db, err := store.Open(t.Context(), store.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	s := &Stage{T: t, bell: make(chan struct{}, 1), Drafts: filepath.Join(t.TempDir(), "drafts.json")}
	s.clock.Store(time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC).Unix())
	if s.desk, err = rooms.Open(t.Context(), engine.Config{Log: db, Now: s.Now, Files: files.Open(t.TempDir(), nil)}); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(func() {
		cancel()
		_ = s.desk.Close()
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	s.owner = s.desk.Owner(ctx)
	if made {
		s.Run(app.CreateDesk{Name: "Los Andes", Zone: "America/Lima", Prefix: "B", Password: Password})
		s.Run(app.ImportRecords{People: []desk.Person{{Name: "Rosa Quispe Mamani", Extension: "4471", Ref: "1", VIP: true}}, Areas: []string{"Despacho"}})
	}
	test.NewApp()
	s.Again(append([]func(*ui.Config){func(c *ui.Config) { c.Pages = pages }}, with...)...)
	return s
}

// Again opens a window on the same desk, in the place of the one before.
func (s *Stage) Again(with ...func(*ui.Config)) {
	s.Helper()
	c := ui.Config{Desk: s.desk, Post: s.Post, Now: s.Now, Drafts: s.Drafts}
	if s.Window != nil {
		c.Pages = s.Kit().Pages
	}
	for _, f := range with {
		f(&c)
	}
	w, err := ui.New(s.Context(), c)
	if err != nil {
		s.Fatal(err)
	}
	s.Window = w
	s.Screen(w.Content())
	w.SetCanvas(s.Canvas)
}

// Screen shows a content in a screen of its own, of 1366 by 768.
func (s *Stage) Screen(o fyne.CanvasObject) {
	win := test.NewWindow(o)
	win.SetPadded(false)
	win.Resize(fyne.NewSize(1366, 768))
	s.Cleanup(win.Close)
	s.Canvas, s.Resize = win.Canvas(), win.Resize
}

// Now is the stage's clock; it stands still.
func (s *Stage) Now() time.Time { return time.Unix(s.clock.Load(), 0) }

// Pass lets seconds pass on the clock, and nothing happen.
func (s *Stage) Pass(seconds int64) { s.clock.Add(seconds) }

// Run carries a command out as the owner of the desk.
func (s *Stage) Run(c app.Command) app.Receipt {
	s.Helper()
	r, err := s.desk.Do(s.owner, c)
	if err != nil {
		s.Fatalf("%s: %v", app.NameOf(c), err)
	}
	return r
}

// Refused carries a command out as the owner of the desk and gives why it was refused.
func (s *Stage) Refused(c app.Command) error {
	s.Helper()
	_, err := s.desk.Do(s.owner, c)
	if err == nil {
		s.Fatalf("%s was done", app.NameOf(c))
	}
	return err
}

// End ends the session of whoever is signed in, as a service that ends would.
func (s *Stage) End() {
	s.Helper()
	if _, err := s.desk.Do(s.Session(), app.SignOut{}); err != nil {
		s.Fatal(err)
	}
}

// Answer is what the desk answers to its owner.
func Answer[A any](s *Stage, q app.Query) A {
	s.Helper()
	x, err := s.desk.Ask(s.owner, q)
	if err != nil {
		s.Fatal(err)
	}
	return x.(A)
}

// Newest is the case opened last; zero when there is none.
func (s *Stage) Newest() app.CaseRow {
	s.Helper()
	if rows := Answer[app.CasesAnswer](s, app.Cases{By: "opened"}).Rows; len(rows) > 0 {
		return rows[0]
	}
	return app.CaseRow{}
}

// Rosa is the first person of the desk.
func (s *Stage) Rosa() desk.ID {
	s.Helper()
	return Answer[app.RecordsAnswer](s, app.Records{Type: desk.PersonType}).People[0].ID
}

// Post queues what runs on Fyne's goroutine.
func (s *Stage) Post(f func()) {
	s.mu.Lock()
	s.queue = append(s.queue, f)
	s.mu.Unlock()
	select {
	case s.bell <- struct{}{}:
	default:
	}
}

// Until runs what was posted until something is so.
func (s *Stage) Until(what string, ok func() bool) {
	s.Helper()
	limit := time.After(20 * time.Second)
	for !ok() {
		s.mu.Lock()
		q := s.queue
		s.queue = nil
		s.mu.Unlock()
		for _, f := range q {
			f()
		}
		if len(q) > 0 {
			continue
		}
		select {
		case <-s.bell:
		case <-limit:
			s.Fatalf("waited in vain for: %s; the window says %q", what, s.Texts())
		}
	}
}

// Come waits until the page that stands there has all that it asked for.
func (s *Stage) Come(what string) {
	s.Helper()
	s.Until(what, s.Arrived)
}

// Later lets seconds pass and the window see it, with somebody at the keys.
func (s *Stage) Later(seconds int64) {
	s.Helper()
	s.Until("what was asked", s.Quiet)
	s.Pass(seconds)
	s.Active()
	s.Tick()
}

// Says tells whether a text stands on the sheet.
func (s *Stage) Says(text string) bool { return says(s.Texts(), text) }

// ListSays tells whether a text stands in a list.
func (s *Stage) ListSays(l *look.List, text string) bool { return says(l.Texts(), text) }

// Reads tells whether a text stands anywhere before the user's eyes, in lists and
// fields too.
func (s *Stage) Reads(text string) bool {
	found := false
	placed(s.Content(), fyne.NewPos(0, 0), func(o fyne.CanvasObject, _ fyne.Position) {
		if x, ok := o.(*canvas.Text); ok && strings.Contains(x.Text, text) {
			found = true
		}
	})
	return found
}

func says(all []string, text string) bool {
	return slices.ContainsFunc(all, func(t string) bool { return strings.Contains(t, text) })
}

// Enter signs an agent in on the page that asks who is there, and waits for the page
// that comes up.
func (s *Stage) Enter(login, password string) {
	s.Helper()
	s.Open(login, password)
	s.Come("the first page")
}

// Open is Enter that does not wait for what the page asks for.
func (s *Stage) Open(login, password string) {
	s.Helper()
	s.Until("the sign-in page", s.Locked)
	s.Page().(gate).Enter(login, password)
	s.Until("signed in", func() bool { return !s.Locked() })
}

// gate is the page that asks who is there.
type gate interface{ Enter(login, password string) }

// Locked tells that the window asks who is there.
func (s *Stage) Locked() bool {
	_, ok := s.Page().(gate)
	return ok
}

// Write types into whatever has the keys.
func (s *Stage) Write(text string) {
	s.Helper()
	f := s.Canvas.Focused()
	if f == nil {
		s.Fatalf("nothing has the keys for %q; the window says %q", text, s.Texts())
	}
	for _, r := range text {
		f.TypedRune(r)
	}
}

// Enters types a text and Enter into whatever has the keys.
func (s *Stage) Enters(text string) {
	s.Helper()
	s.Write(text)
	s.Canvas.Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
}

// SignIn signs the administrator in.
func (s *Stage) SignIn() {
	s.Helper()
	s.Enter("admin", Password)
}

// Press gives a key to the window, as a focused widget would.
func (s *Stage) Press(key string) {
	s.Helper()
	if !s.Does(key) {
		s.Errorf("the key %s does nothing here", key)
	}
}

// Does gives a key to the window and tells whether it was taken.
func (s *Stage) Does(key string) bool { return s.Combination(page.ParseKey(key)) }

// Reply types an answer to the question in the action bar, and Enter.
func (s *Stage) Reply(text string) {
	s.Helper()
	if s.Asked() == nil || s.Asked().Field == nil {
		s.Fatalf("nothing is asked that takes a text; the window says %q", s.Texts())
	}
	s.Asked().Field.SetText(text)
	s.Asked().Field.OnEnter()
}

// OneMeaning checks that every key means one thing on the present page.
func (s *Stage) OneMeaning(where string) {
	s.Helper()
	seen := map[string]string{}
	for _, a := range s.Actions() {
		if a.Key == "" {
			continue
		}
		if was, ok := seen[a.Key]; ok {
			s.Errorf("%s: %s means %q and %q", where, a.Key, was, a.Word)
		}
		seen[a.Key] = a.Word
		if _, k := page.ParseKey(a.Key); k == "" {
			s.Errorf("%s: %q is no key", where, a.Key)
		}
		if a.Do == nil {
			s.Errorf("%s: the key %s for %q does nothing", where, a.Key, a.Word)
		}
	}
}

// Looks has another agent have a case open.
func (s *Stage) Looks(agent, kase desk.ID, writing bool) {
	s.Helper()
	if _, err := s.desk.Ask(s.desk.As(s.Context(), agent), app.Beside{Case: kase, Writing: writing}); err != nil {
		s.Fatal(err)
	}
}

// Fire does what has fallen due by now.
func (s *Stage) Fire() {
	s.Helper()
	if err := s.desk.Tick(s.Context()); err != nil {
		s.Fatal(err)
	}
}
