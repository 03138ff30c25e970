package ui

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"punto/app"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/rooms"
	"punto/store"
	"punto/ui/words"
)

// stage is a window over a real engine, without a screen. Posted functions wait
// in a queue until the test runs them, as Fyne's goroutine would.
type stage struct {
	*testing.T
	*Window
	engine *engine.Engine
	mu     sync.Mutex
	queue  []func()
	bell   chan struct{}
	resize func(fyne.Size)
	clock  atomic.Int64 // Unix seconds: the engine reads it from other goroutines
}

func newStage(t *testing.T, made bool, with ...func(*Config)) *stage {
	t.Helper()
	db, err := store.Open(t.Context(), store.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	s := &stage{T: t, bell: make(chan struct{}, 1)}
	s.clock.Store(time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC).Unix())
	now := func() time.Time { return time.Unix(s.clock.Load(), 0) }
	if s.engine, err = rooms.Open(t.Context(), engine.Config{Log: db, Now: now}); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(func() {
		cancel()
		_ = s.engine.Close()
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	owner := s.engine.Owner(ctx)
	if made {
		for _, c := range []app.Command{
			app.CreateDesk{Name: "Los Andes", Zone: "America/Lima", Prefix: "B", Password: "una clave larga"},
			app.ImportRecords{People: []desk.Person{{Name: "Rosa Quispe Mamani", Extension: "4471", Ref: "1", VIP: true}}, Areas: []string{"Despacho"}},
		} {
			if _, err := s.engine.Do(owner, c); err != nil {
				t.Fatal(err)
			}
		}
	}
	c := Config{Desk: s.engine, Post: s.post, Now: now, Drafts: filepath.Join(t.TempDir(), "drafts.json")}
	for _, f := range with {
		f(&c)
	}
	if s.Window, err = New(ctx, c); err != nil {
		t.Fatal(err)
	}
	test.NewApp()
	s.SetCanvas(s.screen(s.Content()))
	return s
}

// screen shows a content in a window of its own.
func (s *stage) screen(o fyne.CanvasObject) fyne.Canvas {
	win := test.NewWindow(o)
	win.SetPadded(false)
	win.Resize(fyne.NewSize(1366, 768))
	s.Cleanup(win.Close)
	s.resize = win.Resize
	return win.Canvas()
}

func (s *stage) post(f func()) {
	s.mu.Lock()
	s.queue = append(s.queue, f)
	s.mu.Unlock()
	select {
	case s.bell <- struct{}{}:
	default:
	}
}

// until runs what was posted until something is so.
func (s *stage) until(what string, ok func() bool) {
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
			s.Fatalf("waited in vain for: %s; the window says %q", what, s.sheet.Texts())
		}
	}
}

func (s *stage) says(text string) bool {
	return slices.ContainsFunc(s.sheet.Texts(), func(t string) bool { return strings.Contains(t, text) })
}

func (s *stage) signIn() *intake {
	s.Helper()
	s.until("the sign-in page", func() bool { _, ok := s.page.(*signIn); return ok })
	p := s.page.(*signIn)
	p.login.SetText("admin")
	p.password.SetText("una clave larga")
	p.enter()
	s.until("a draft", func() bool {
		in, ok := s.page.(*intake)
		return ok && in.d != nil && len(s.model.Categories) > 0 && len(s.groups) > 0
	})
	return s.page.(*intake)
}

// press gives a key to the window, as a focused widget would.
func (s *stage) press(key string) {
	s.Helper()
	if !s.Combination(parseKey(key)) {
		s.Errorf("the key %s does nothing here", key)
	}
}

func (s *stage) oneMeaning(where string) {
	s.Helper()
	seen := map[string]string{}
	for _, a := range s.table() {
		if a.key == "" {
			continue
		}
		if was, ok := seen[a.key]; ok {
			s.Errorf("%s: %s means %q and %q", where, a.key, was, a.word)
		}
		seen[a.key] = a.word
		if _, k := parseKey(a.key); k == "" {
			s.Errorf("%s: %q is no key", where, a.key)
		}
	}
}

func TestACaseByKeysOnEveryPageOneMeaningEach(t *testing.T) {
	s := newStage(t, true)
	in := s.signIn()
	s.oneMeaning("intake")
	s.press("Ctrl 2")
	s.until("the number, from the first thing told", func() bool { return s.says("B-0001-") })
	in.who.SetText("4471")
	s.until("Rosa found", func() bool { return len(in.people) == 1 })
	in.who.OnEnter()
	s.until("her card", func() bool { return in.card != nil && s.says("VIP") })
	in.what.SetText("No imprime en despacho")
	in.category.SetText("impresora desp")
	if len(in.proposed) == 0 || in.proposed[0].Code != "impresoras.despacho" {
		t.Fatalf("proposed %+v", in.proposed)
	}
	in.category.OnEnter()
	in.impact.TypedRune('2')
	in.urgency.TypedRune('2')
	s.until("the promise", func() bool { return in.promise != nil && s.says("hoy 18:00") })
	s.press("F9")
	s.oneMeaning("a question")
	s.line.field.SetText("se reinició la cola")
	s.line.field.OnEnter()
	s.until("the next draft", func() bool { return in.d != nil && in.d.empty() && s.says("registrado") })

	s.goTo(board)
	s.until("the list", func() bool { return s.page == s.pages[board] })
	s.oneMeaning("list")
	x, err := s.engine.Ask(s.engine.Owner(s.Context()), app.Cases{By: "opened"})
	if err != nil {
		t.Fatal(err)
	}
	row := x.(app.CasesAnswer).Rows[0]
	if row.Status != desk.Resolved || row.Person != "Rosa Quispe Mamani" {
		t.Errorf("registered %+v", row)
	}
	s.openCase(row.ID)
	s.until("the case", func() bool { return s.says("No imprime en despacho") && s.says("lo resolvió") })
	s.oneMeaning("a solved case")
	s.press("F9")
	s.line.field.SetText("volvió a fallar")
	s.line.field.OnEnter()
	s.until("open again", func() bool { return s.says("lo reabrió") })
	s.oneMeaning("an open case")
	s.press("F11")
	s.press("Alt 3")
	s.line.field.OnEnter()
	s.until("paused with its reason", func() bool { return s.says("repuesto") && s.says("En pausa") })
	s.press("Ctrl D")
	s.until("undone", func() bool { return s.says("deshecho") })
	s.press("Ctrl E")
	s.until("the explanation", func() bool { return s.says("Por qué este plazo") })
	s.press("Esc")
	for _, a := range []area{cases, calls, analysis, articles, people} {
		s.goTo(a)
		s.oneMeaning(areaWords[a])
	}
	s.press("Ctrl K")
	s.oneMeaning("search")
	s.press("F1")
	if !s.says("Teclas de esta pantalla") {
		t.Error("F1 shows no keys")
	}
	s.press("Ctrl F12")
	s.until("locked", func() bool { _, ok := s.page.(*signIn); return ok })
	s.oneMeaning("sign-in")
}

func TestAWindowLeftAloneLocksAndKeepsTheDraft(t *testing.T) {
	s := newStage(t, true)
	in := s.signIn()
	in.what.SetText("a medio contar")
	s.clock.Add(14 * 60)
	s.Tick()
	if s.token == "" {
		t.Fatal("locked after 14 minutes")
	}
	s.clock.Add(2 * 60)
	s.Tick()
	if s.token != "" {
		t.Fatal("not locked after 16 minutes")
	}
	if in = s.signIn(); in.d.What != "a medio contar" {
		t.Errorf("the draft came back as %q", in.d.What)
	}
}

func TestTheWizardMakesADesk(t *testing.T) {
	s := newStage(t, false)
	s.until("the wizard", func() bool { _, ok := s.page.(*wizard); return ok })
	z := s.page.(*wizard)
	s.oneMeaning("wizard")
	z.make()
	if !s.says("Falta el nombre de la organización") || !z.name.Focused {
		t.Errorf("without a name it says %q", s.sheet.Texts())
	}
	z.name.SetText("Los Andes")
	z.zone.SetText("Marte/Olimpo")
	z.make()
	if !s.says("No hay tal zona") || !z.zone.Focused {
		t.Errorf("with another planet's zone it says %q", s.sheet.Texts())
	}
	for _, key := range []fyne.KeyName{fyne.KeyReturn, fyne.KeyTab} {
		z.zone.SetText("perú")
		s.focus(z.zone)
		z.zone.TypedKey(&fyne.KeyEvent{Name: key})
		if z.zone.Text != "America/Lima" || !z.hours.Focused || s.says("No hay tal zona") {
			t.Errorf("Perú and %s became %q", key, z.zone.Text)
		}
	}
	z.make()
	if !s.says("Falta la contraseña") || !z.password.Focused {
		t.Errorf("without a password it says %q", s.sheet.Texts())
	}
	z.password.SetText("corta")
	z.make()
	s.until("the refusal of the password", func() bool { return s.says("menos de 8") || s.says("8 caracteres") })
	if z.said.field != "password" || !z.password.Focused {
		t.Errorf("a short password is told at %+v", z.said)
	}
	z.password.SetText("una clave larga")
	z.make()
	s.until("what to do next", func() bool { _, ok := s.page.(*firstSteps); return ok && s.says("Traer a los usuarios") })
	s.oneMeaning("the first steps")
	s.press("Enter")
	s.until("the intake", func() bool { in, ok := s.page.(*intake); return ok && in.d != nil })
}

func TestEveryZoneOfTheListIsOne(t *testing.T) {
	if n := len(zones()); n < 400 {
		t.Fatalf("only %d zones", n)
	}
	for _, z := range zones() {
		if _, err := time.LoadLocation(z.name); err != nil {
			t.Errorf("%s: %v", z.name, err)
		}
		if z.name != "UTC" && z.place("es") == "" {
			t.Errorf("%s lies in no country", z.name)
		}
	}
	for text, want := range map[string]string{"lima": "America/Lima", "buenos": "America/Argentina/Buenos_Aires", "sao paulo": "America/Sao_Paulo", "Chile punta": "America/Punta_Arenas", "": "Africa/Abidjan"} {
		if found, exact := findZones(text, "es"); exact || len(found) == 0 || found[0].name != want {
			t.Errorf("%q found %+v first, not %s", text, found[:min(1, len(found))], want)
		}
	}
	for text, want := range map[string]bool{"America/Lima": true, "america/lima": true, "America/Buenos_Aires": true, "Marte/Olimpo": false, "Local": false, "": false} {
		if _, exact := findZones(text, "es"); exact != want {
			t.Errorf("%q is a zone: %v", text, exact)
		}
	}
	if _, err := time.LoadLocation(localZone()); err != nil {
		t.Error(err)
	}
}

func TestDamagedDraftsAreSetAside(t *testing.T) {
	file := filepath.Join(t.TempDir(), "drafts.json")
	if err := os.WriteFile(file, []byte("{half"), 0o600); err != nil {
		t.Fatal(err)
	}
	d, err := openDrafts(file)
	if err != nil || len(d.list) != 0 {
		t.Fatalf("%v, %v", d, err)
	}
	if _, err := os.Stat(file + ".damaged"); err != nil {
		t.Errorf("what could not be read was not kept: %v", err)
	}
}

func TestEveryLanguageAndPaletteDrawsEveryPage(t *testing.T) {
	s := newStage(t, true)
	s.signIn()
	for range 4 {
		s.nextPalette()
		for range 3 {
			s.nextLanguage()
			for a := range areas {
				s.goTo(a)
				if len(s.sheet.Texts()) < 10 {
					t.Errorf("%s in %s says only %q", areaWords[a], s.words.Lang, s.sheet.Texts())
				}
			}
		}
	}
	if s.Palette.Name != "light" {
		t.Errorf("after four it is %s", s.Palette.Name)
	}
}

func TestAPauseMayBeginWithItsDate(t *testing.T) {
	lima, err := time.LoadLocation("America/Lima")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 23, 10, 0, 0, 0, lima)
	for line, want := range map[string]string{
		"30/11 9:00 llega el módulo": "2026-11-30 09:00 llega el módulo", "30/11 llega": "2026-11-30 08:00 llega", "15:30": "2026-11-23 15:30 ",
		"9:00 mañana": "2026-11-24 09:00 mañana", "2/1 fiestas": "2027-01-02 08:00 fiestas", "esperar al usuario": "esperar al usuario", "2 equipos": "2 equipos", "": "",
	} {
		wake, rest := wakeOf(line, now)
		got := rest
		if wake != 0 {
			got = time.UnixMilli(wake).In(lima).Format("2006-01-02 15:04 ") + rest
		}
		if got != want {
			t.Errorf("%q was read as %q, not %q", line, got, want)
		}
	}
}

// A service that ends takes the sessions with it: whoever was there signs in again,
// and need not say who they are.
func TestASessionThatEndedProposesItsAgent(t *testing.T) {
	s := newStage(t, true)
	s.signIn()
	login := s.state.Agent.Login
	if _, err := s.engine.Do(s.session(), app.SignOut{}); err != nil {
		t.Fatal(err)
	}
	s.Window.reload()
	s.do(app.TakeCase{Case: s.state.Me}, nil)
	s.until("the sign-in", func() bool { return s.token == "" && s.Title() == "Entrar · Punto" })
	if got := s.page.(*signIn).login.Text; got != login || login == "" {
		t.Errorf("%q was signed in, %q is proposed", login, got)
	}
}

func TestWhatFailedIsSaidInASentence(t *testing.T) {
	s := newStage(t, true)
	s.signIn()
	for _, lang := range words.Languages() {
		if err := s.setLanguage(lang); err != nil {
			t.Fatal(err)
		}
		_, err := s.engine.Do(s.engine.Owner(s.Context()), app.SaveAgent{Agent: desk.Agent{Name: "Ana", Login: "ana"}, Password: "corta"})
		if said := s.sentence(err); err == nil || said[:1] == strings.ToLower(said[:1]) {
			t.Errorf("%s: %q (%v)", lang, said, err)
		}
	}
}
