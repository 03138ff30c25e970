package ui

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"punto/app"
	"punto/app/desk"
)

// slow is a desk whose answers about people wait until the test lets them go, in
// the order that it chooses.
type slow struct {
	app.Desk
	mu   sync.Mutex
	held map[string][]chan error // by the text asked for
	all  bool                    // hold nothing
	hits []app.Hit               // what a search of documents finds
	rang func()                  // something is held
}

func (d *slow) Ask(ctx context.Context, q app.Query) (app.Answer, error) {
	if search, ok := q.(app.Search); ok {
		if search.Kind == "article" {
			return app.SearchAnswer{Hits: d.hits}, nil
		}
		return app.SearchAnswer{}, nil
	}
	who, ok := q.(app.Who)
	if !ok {
		return d.Desk.Ask(ctx, q)
	}
	a, err := d.Desk.Ask(ctx, q)
	d.mu.Lock()
	if d.all {
		d.mu.Unlock()
		return a, err
	}
	c := make(chan error, 1)
	d.held[who.Text] = append(d.held[who.Text], c)
	d.mu.Unlock()
	d.rang()
	select {
	case fail := <-c:
		return a, errors.Join(err, fail)
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (d *slow) waiting(text string) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.held[text])
}

// let answers what was asked about a text; with an error when it is not nil.
func (d *slow) let(text string, fail error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, c := range d.held[text] {
		c <- fail
	}
	delete(d.held, text)
}

func newSlowStage(t *testing.T) (*stage, *slow, *intake) {
	d := &slow{held: map[string][]chan error{}}
	s := newStage(t, true, func(c *Config) { d.Desk, c.Desk = c.Desk, d })
	d.rang = func() { s.post(func() {}) }
	people := app.ImportRecords{Areas: []string{"Despacho"}}
	for i, p := range []desk.Person{{Name: "Pedro Extraño", Extension: "4500"}, {Name: "Ana Vega", Extension: "4518"}, {Name: "Luz Ríos", Extension: "6026"}} {
		p.Ref = fmt.Sprint(i + 10)
		people.People = append(people.People, p)
	}
	if _, err := s.engine.Do(s.engine.Owner(s.Context()), people); err != nil {
		t.Fatal(err)
	}
	return s, d, s.signIn()
}

func (s *stage) people() (n int) {
	s.Helper()
	x, err := s.engine.Ask(s.engine.Owner(s.Context()), app.Records{Type: desk.PersonType})
	if err != nil {
		s.Fatal(err)
	}
	return len(x.(app.RecordsAnswer).People)
}

// typeWho types and waits until each letter was asked about, so that the test
// decides in which order the answers come.
func (s *stage) typeWho(in *intake, d *slow, text string) {
	s.Helper()
	for i, r := range text {
		in.who.TypedRune(r)
		so := text[:i+1]
		s.until("asked about "+so, func() bool { return d.waiting(so) > 0 })
	}
}

// Enter and Tab mean the text as typed, whatever answer comes first or last.
func TestEnterMeansTheTextAsTyped(t *testing.T) {
	for i, c := range []struct {
		name  string
		order []string
		key   fyne.KeyName
	}{
		{"in order", []string{"4", "45", "451", "4518"}, fyne.KeyReturn},
		{"the last first", []string{"4518", "451", "45", "4"}, fyne.KeyTab},
		{"an older one after its own", []string{"45", "4518", "4", "451"}, fyne.KeyReturn},
		{"only its own", []string{"4518"}, fyne.KeyTab},
		{"older ones, and its own much later", []string{"4", "45", "451"}, fyne.KeyReturn},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, d, in := newSlowStage(t)
			before := s.people()
			s.typeWho(in, d, "4518")
			in.who.TypedKey(&fyne.KeyEvent{Name: c.key})
			s.until("its own question", func() bool { return d.waiting("4518") == 2 })
			if s.canvas.Focused() != fyne.Focusable(in.what) {
				t.Error("the next field has not the keys at once")
			}
			test.Type(in.what, "No imprime")
			for _, text := range c.order {
				d.let(text, nil)
			}
			if i == 4 {
				s.until("the number", func() bool { return in.d.Number != "" })
				if in.d.seeking == 0 || !in.d.Person.IsZero() {
					t.Error("an older answer chose the caller")
				}
				d.let("4518", nil)
			}
			s.until("the caller", func() bool { return in.d.Name == "Ana Vega" && in.who.Text == "Ana Vega" })
			if in.d.What != "No imprime" || s.canvas.Focused() != fyne.Focusable(in.what) || s.people() != before || in.d.seeking != 0 {
				t.Errorf("what %q, %d users more, still looks: %d", in.d.What, s.people()-before, in.d.seeking)
			}
		})
	}
}

func TestACallerWhoIsTypedInTwoBreaths(t *testing.T) {
	s, d, in := newSlowStage(t)
	before := s.people()
	s.typeWho(in, d, "6")
	d.let("6", nil)
	s.until("what 6 may mean", func() bool { return in.found == "6" })
	for _, r := range "026" {
		in.who.TypedRune(r)
	}
	in.who.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	s.until("the questions", func() bool { return d.waiting("6026") == 2 })
	d.let("6026", nil)
	s.until("the caller", func() bool { return in.d.Name == "Luz Ríos" })
	if s.people() != before {
		t.Error("a new user was made")
	}
}

// An answer that never comes leaves the text; what waited for it goes on.
func TestALookWithoutAnAnswerEnds(t *testing.T) {
	s, d, in := newSlowStage(t)
	s.typeWho(in, d, "4518")
	in.who.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	s.until("its own question", func() bool { return d.waiting("4518") == 2 })
	went := false
	in.known(in.d, func() { went = true })
	d.let("4518", errors.New("gone"))
	s.until("it goes on", func() bool { return went && in.d.seeking == 0 })
	if in.d.Who != "4518" || !in.d.Person.IsZero() {
		t.Errorf("who %q, person %v", in.d.Who, in.d.Person)
	}
}

// A case registered before its caller was found waits for him, also when another
// draft is in the form by then.
func TestACaseWaitsForItsCaller(t *testing.T) {
	s, d, in := newSlowStage(t)
	s.typeWho(in, d, "4518")
	in.who.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	test.Type(in.what, "No imprime en despacho")
	in.what.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	test.Type(in.category, "impresora desp")
	in.category.TypedKey(&fyne.KeyEvent{Name: fyne.KeyTab})
	if in.d.Category != "impresoras.despacho" || s.canvas.Focused() != fyne.Focusable(in.impact) {
		t.Fatalf("Tab chose %q", in.d.Category)
	}
	in.impact.TypedRune('2')
	in.urgency.TypedRune('2')
	s.press("F9")
	s.line.field.SetText("se reinició la cola")
	s.line.field.OnEnter()
	one := in.d
	s.press("Ctrl N")
	if in.d == one {
		t.Fatal("no second draft")
	}
	s.until("its own question", func() bool { return d.waiting("4518") == 2 })
	d.let("4518", nil)
	s.until("registered", func() bool { return s.says("registrado") })
	x, err := s.engine.Ask(s.engine.Owner(s.Context()), app.Cases{By: "opened"})
	if err != nil {
		t.Fatal(err)
	}
	if row := x.(app.CasesAnswer).Rows[0]; row.Person != "Ana Vega" || row.Status != desk.Resolved {
		t.Errorf("registered %+v", row)
	}
	if in.d == one || !in.d.empty() {
		t.Error("the draft in the form is not the second")
	}
}

// Somebody who is only like the text is not taken; Enter again registers another.
func TestNobodyIsTakenForAnother(t *testing.T) {
	s, d, in := newSlowStage(t)
	d.mu.Lock()
	d.all = true
	d.mu.Unlock()
	before := s.people()
	for i, c := range []struct {
		text  string
		named int
	}{{"vega", 0}, {"ana vega", 0}, {"ANA", 0}, {"extrano ped", 0}, {"4518", 0}, {"rosa vega", -1}, {"4519", -1}} {
		rows := []app.PersonRow{{Person: desk.Person{Name: "Ana Vega", Extension: "4518"}}}
		if i == 3 {
			rows[0].Person.Name = "Pedro Extraño"
		}
		if got := named(c.text, rows); got != c.named {
			t.Errorf("%q names %d, not %d", c.text, got, c.named)
		}
	}
	in.people, in.found, in.at, in.d.Who = []app.PersonRow{{Person: desk.Person{Name: "Ana Vega"}}}, "Ana Veda", -1, "Ana Veda"
	in.choosePerson()
	if !s.says("Nadie se llama «Ana Veda»") || !in.d.Person.IsZero() || s.people() != before {
		t.Errorf("taken: %v, it says %q", in.d.Person, s.sheet.Texts())
	}
	in.choosePerson()
	s.until("a new user", func() bool { return in.d.Name == "Ana Veda" })
}

// The category is that of the text as typed, also when the model comes later.
func TestACategoryChosenBeforeTheModelCame(t *testing.T) {
	s := newStage(t, true)
	in := s.signIn()
	model := s.model
	s.model = desk.Model{}
	test.Type(in.category, "impresora desp")
	in.category.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if in.d.Category != "" || s.canvas.Focused() != fyne.Focusable(in.impact) {
		t.Fatalf("chose %q", in.d.Category)
	}
	s.model = model
	in.relabel()
	if in.d.Category != "impresoras.despacho" {
		t.Errorf("chose %q", in.d.Category)
	}
	in.use(in.d)
	test.Type(in.what, "otra cosa")
	in.category.SetText("zzz")
	in.category.TypedKey(&fyne.KeyEvent{Name: fyne.KeyTab})
	if in.d.Category != "" || !s.says("Ninguna categoría contiene «zzz»") {
		t.Errorf("chose %q", in.d.Category)
	}
}

// Looking at a document uses nothing; using it is an act of its own, and F9 shows
// what will be written.
func TestLookingAtASolutionIsNotUsingIt(t *testing.T) {
	s, d, in := newSlowStage(t)
	if _, err := s.engine.Do(s.engine.Owner(s.Context()), app.ImportRecords{Articles: []desk.Article{{Ref: "KB-1", Title: "Cola de impresión en pausa", Lang: "es", Body: "Reiniciar el servicio."}}}); err != nil {
		t.Fatal(err)
	}
	docs, err := s.engine.Ask(s.engine.Owner(s.Context()), app.Records{Type: desk.ArticleType})
	if err != nil {
		t.Fatal(err)
	}
	d.hits = []app.Hit{{Kind: "article", ID: docs.(app.RecordsAnswer).Articles[0].ID, Title: "Cola de impresión en pausa"}}
	in.person(in.d, s.rosa())
	test.Type(in.what, "impresión en pausa")
	s.until("the document", func() bool { return len(in.articles) == 1 })
	in.text.SetText("lo que se contó")
	in.category.SetText("impresora desp")
	in.chooseCategory()
	s.press("F7")
	read := func() bool {
		r, ok := s.page.(*reading)
		return ok && s.listSays(r.list, "Reiniciar el servicio.")
	}
	s.until("its text", read)
	s.press("Esc")
	if !in.d.Article.IsZero() {
		t.Fatal("looking at it chose it")
	}
	s.press("F9")
	if s.line == nil || s.line.chosen != 0 || s.line.field.Text != "" {
		t.Fatalf("F9 did not ask, or with an answer: %+v", s.line)
	}
	s.press("Esc")
	s.press("F7")
	s.until("its text", read)
	s.oneMeaning("a document")
	s.press("Enter")
	if in.d.Article.IsZero() || s.page != page(in) || !s.says("se usará") {
		t.Fatalf("Enter did not choose it: %q", s.sheet.Texts())
	}
	in.category.SetText("impresora desp")
	in.category.OnEnter()
	s.press("F9")
	if s.line == nil || s.line.chosen != 1 || !s.says("Cola de impresión en pausa") {
		t.Fatalf("F9 does not show the document: %+v", s.line)
	}
	s.press("Alt 1")
	if s.line.chosen != 0 {
		t.Error("the document cannot be taken back")
	}
	s.press("Alt 1")
	s.line.field.SetText("a medias")
	s.press("Esc")
	s.press("F9")
	if s.line.field.Text != "a medias" || s.line.chosen != 1 {
		t.Errorf("Esc lost the answer: %q", s.line.field.Text)
	}
	s.line.field.OnEnter()
	s.until("registered", func() bool { return s.says("registrado") })
	x, err := s.engine.Ask(s.engine.Owner(s.Context()), app.Cases{By: "opened"})
	if err != nil {
		t.Fatal(err)
	}
	one, err := s.engine.Ask(s.engine.Owner(s.Context()), app.OneCase{ID: x.(app.CasesAnswer).Rows[0].ID})
	if err != nil {
		t.Fatal(err)
	}
	if sol := one.(app.OneCaseAnswer).Case.Solution; sol.Text != "a medias" || sol.Article.IsZero() {
		t.Errorf("solved with %+v", sol)
	}
}

func (s *stage) rosa() desk.ID {
	s.Helper()
	x, err := s.engine.Ask(s.engine.Owner(s.Context()), app.Records{Type: desk.PersonType})
	if err != nil {
		s.Fatal(err)
	}
	return x.(app.RecordsAnswer).People[0].ID
}

// enter signs an agent in on the page that asks who is there.
func (s *stage) enter(login, password string) *intake {
	s.Helper()
	s.until("the sign-in page", func() bool { _, ok := s.page.(*signIn); return ok })
	p := s.page.(*signIn)
	p.login.SetText(login)
	p.password.SetText(password)
	p.enter()
	s.until("signed in", func() bool { _, ok := s.page.(*intake); return ok && len(s.model.Categories) > 0 })
	return s.page.(*intake)
}

// A draft belongs to who wrote it, takes a number when something is told, can be
// discarded and brought back, and the newest comes up first.
func TestDraftsOfTwoAgents(t *testing.T) {
	s := newStage(t, true)
	if _, err := s.engine.Do(s.engine.Owner(s.Context()), app.SaveAgent{Agent: desk.Agent{Name: "Ana Soto", Login: "ana", Role: desk.AgentRole}, Password: "otra clave larga"}); err != nil {
		t.Fatal(err)
	}
	in := s.signIn()
	if in.d.Number != "" || !in.d.ID.IsZero() || in.d.taking {
		t.Fatalf("signing in took the number %s", in.d.Number)
	}
	in.add()
	if len(s.drafts.list) != 1 {
		t.Error("a second empty draft")
	}
	test.Type(in.what, "lo del jefe")
	s.until("its number", func() bool { return in.d.Number != "" })
	s.press("Ctrl F12")
	in = s.enter("ana", "otra clave larga")
	if in.d.What != "" || s.says("lo del jefe") || len(s.drafts.of(s.state.Me)) != 1 {
		t.Errorf("another agent sees %q", s.sheet.Texts())
	}
	for i := range 9 {
		s.clock.Add(1)
		in.add()
		test.Type(in.what, fmt.Sprintf("asunto número %d", i))
		s.until("its number", func() bool { return in.d.Number != "" })
		if !s.says(fmt.Sprintf("%s · asunto número %d", in.d.Number, i)) {
			t.Errorf("the tab of draft %d is not on the screen: %q", i, s.sheet.Texts())
		}
	}
	s.press("Ctrl Tab") // round to the first
	if in.d.What != "asunto número 0" || !s.says(string(in.d.Number)+" · asunto") {
		t.Errorf("Ctrl Tab leads to %q", in.d.What)
	}
	s.press("Ctrl W")
	if len(s.drafts.of(s.state.Me)) != 8 || in.d.What != "asunto número 8" || !s.says("Recuperar borrador") {
		t.Errorf("after discarding %d are left and %q is in the form", len(s.drafts.of(s.state.Me)), in.d.What)
	}
	s.clock.Add(1)
	s.press("Ctrl D")
	if len(s.drafts.of(s.state.Me)) != 9 || in.d.What != "asunto número 0" {
		t.Errorf("brought back: %q", in.d.What)
	}
	s.oneMeaning("intake with a draft discarded")
	s.press("Ctrl 2")
	s.press("Ctrl W")
	if in.d.What != "asunto número 0" || !s.says("La llamada sigue") {
		t.Error("a draft with a call that is on was discarded")
	}
	s.press("F12")
	s.Tick()
	again, err := openDrafts(s.Drafts)
	if err != nil {
		t.Fatal(err)
	}
	if d := again.newest(s.state.Me); len(again.of(s.state.Me)) != 9 || d == nil || d.What != "asunto número 0" {
		t.Errorf("after a kill %d drafts, and %+v comes up", len(again.of(s.state.Me)), d)
	}
	s.press("Ctrl F12")
	if in = s.signIn(); in.d.What != "lo del jefe" {
		t.Errorf("the first agent's draft came back as %q", in.d.What)
	}
}

// What is half typed on a case is there again: after Esc, for its writer only.
func TestAHalfTypedNoteOutlivesEsc(t *testing.T) {
	s := newStage(t, true)
	in := s.signIn()
	r, err := s.engine.Do(s.engine.Owner(s.Context()), app.OpenCase{Opened: desk.Opened{Subject: "No imprime", Person: s.rosa(), Category: "impresoras.despacho", Impact: 2, Urgency: 2}})
	if err != nil {
		t.Fatal(err)
	}
	open := func() *casePage {
		s.openCase(r.ID)
		s.until("the case", func() bool { c, ok := s.page.(*casePage); return ok && c.a != nil })
		return s.page.(*casePage)
	}
	c := open()
	test.Type(c.note, "llamé al proveedor y")
	s.press("F11")
	test.Type(s.line.field, "30/11 llega")
	s.press("Esc")
	s.press("Esc")
	if s.page != page(in) {
		t.Fatalf("Esc leads to %T", s.page)
	}
	s.Tick()
	if b, err := os.ReadFile(s.Drafts); err != nil || !strings.Contains(string(b), "llamé al proveedor y") {
		t.Errorf("it is not in the file: %s, %v", b, err)
	}
	if len(s.drafts.of(s.state.Me)) != 1 {
		t.Error("it stands among the drafts of cases")
	}
	c = open()
	if c.note.Text != "llamé al proveedor y" {
		t.Errorf("the note came back as %q", c.note.Text)
	}
	s.press("F11")
	if s.line.field.Text != "30/11 llega" {
		t.Errorf("the reason came back as %q", s.line.field.Text)
	}
	s.press("Esc")
	c.note.OnEnter()
	s.until("the note in the history", func() bool { return s.says("llamé al proveedor y") && c.note.Text == "" })
	if c = open(); c.note.Text != "" || s.drafts.half(s.state.Me, r.ID, "note") != nil {
		t.Errorf("a note that was written came back as %q", c.note.Text)
	}
}

func TestTheTabThatIsOnIsSeen(t *testing.T) {
	widths := make([]float32, 20)
	for i := range widths {
		widths[i] = 100 + float32(i%5)*30
	}
	for on := range widths {
		from, to := seenTabs(widths, on, 900, tabsAside)
		sum := float32(0)
		for _, w := range widths[from:to] {
			sum += w
		}
		if on < from || on >= to || sum > 900 || to-from < 4 {
			t.Errorf("with %d on, %d to %d are seen, %v wide", on, from, to, sum)
		}
	}
	if from, to := seenTabs(widths[:3], 1, 900, tabsAside); from != 0 || to != 3 {
		t.Errorf("of three, %d to %d are seen", from, to)
	}
}
