package intake

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"punto/app"
	"punto/app/desk"
	"punto/ui"
	"punto/ui/keep"
	"punto/ui/page"
	"punto/ui/stage"
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

// open signs the administrator in on a window that has this page alone.
func open(t *testing.T, with ...func(*ui.Config)) (*stage.Stage, *intake) {
	t.Helper()
	s := stage.New(t, true, []page.Kind{Kind()}, with...)
	s.SignIn()
	return s, s.Page().(*intake)
}

func newSlowStage(t *testing.T) (*stage.Stage, *slow, *intake) {
	d := &slow{held: map[string][]chan error{}}
	s, in := open(t, func(c *ui.Config) { d.Desk, c.Desk = c.Desk, d })
	d.rang = func() { s.Post(func() {}) }
	people := app.ImportRecords{Areas: []string{"Despacho"}}
	for i, p := range []desk.Person{{Name: "Pedro Extraño", Extension: "4500"}, {Name: "Ana Vega", Extension: "4518"}, {Name: "Luz Ríos", Extension: "6026"}} {
		p.Ref = fmt.Sprint(i + 10)
		people.People = append(people.People, p)
	}
	s.Run(people)
	return s, d, in
}

func people(s *stage.Stage) int {
	return len(stage.Answer[app.RecordsAnswer](s, app.Records{Type: desk.PersonType}).People)
}

// typeWho types and waits until each letter was asked about, so that the test
// decides in which order the answers come.
func typeWho(s *stage.Stage, in *intake, d *slow, text string) {
	s.Helper()
	for i, r := range text {
		in.who.TypedRune(r)
		so := text[:i+1]
		s.Until("asked about "+so, func() bool { return d.waiting(so) > 0 })
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
			before := people(s)
			typeWho(s, in, d, "4518")
			in.who.TypedKey(&fyne.KeyEvent{Name: c.key})
			s.Until("its own question", func() bool { return d.waiting("4518") == 2 })
			if s.Canvas.Focused() != fyne.Focusable(in.what) {
				t.Error("the next field has not the keys at once")
			}
			test.Type(in.what, "No imprime")
			for _, text := range c.order {
				d.let(text, nil)
			}
			if i == 4 {
				s.Until("the number", func() bool { return in.d.Number != "" })
				if in.run(in.d).seeking == 0 || !in.d.Person.IsZero() {
					t.Error("an older answer chose the caller")
				}
				d.let("4518", nil)
			}
			s.Until("the caller", func() bool { return in.d.Name == "Ana Vega" && in.who.Text == "Ana Vega" })
			if in.d.What != "No imprime" || s.Canvas.Focused() != fyne.Focusable(in.what) || people(s) != before || in.run(in.d).seeking != 0 {
				t.Errorf("what %q, %d users more, still looks: %d", in.d.What, people(s)-before, in.run(in.d).seeking)
			}
		})
	}
}

func TestACallerWhoIsTypedInTwoBreaths(t *testing.T) {
	s, d, in := newSlowStage(t)
	before := people(s)
	typeWho(s, in, d, "6")
	d.let("6", nil)
	s.Until("what 6 may mean", func() bool { return in.found == "6" })
	for _, r := range "026" {
		in.who.TypedRune(r)
	}
	in.who.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	s.Until("the questions", func() bool { return d.waiting("6026") == 2 })
	d.let("6026", nil)
	s.Until("the caller", func() bool { return in.d.Name == "Luz Ríos" })
	if people(s) != before {
		t.Error("a new user was made")
	}
}

// An answer that never comes leaves the text; what waited for it goes on.
func TestALookWithoutAnAnswerEnds(t *testing.T) {
	s, d, in := newSlowStage(t)
	typeWho(s, in, d, "4518")
	in.who.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	s.Until("its own question", func() bool { return d.waiting("4518") == 2 })
	went := false
	in.known(in.d, func() { went = true })
	d.let("4518", errors.New("gone"))
	s.Until("it goes on", func() bool { return went && in.run(in.d).seeking == 0 })
	if in.d.Who != "4518" || !in.d.Person.IsZero() {
		t.Errorf("who %q, person %v", in.d.Who, in.d.Person)
	}
}

// A case registered before its caller was found waits for him, also when another
// draft is in the form by then.
func TestACaseWaitsForItsCaller(t *testing.T) {
	s, d, in := newSlowStage(t)
	typeWho(s, in, d, "4518")
	in.who.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	test.Type(in.what, "No imprime en despacho")
	in.what.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	test.Type(in.category, "impresora desp")
	in.category.TypedKey(&fyne.KeyEvent{Name: fyne.KeyTab})
	if in.d.Category != "impresoras.despacho" || s.Canvas.Focused() != fyne.Focusable(in.impact) {
		t.Fatalf("Tab chose %q", in.d.Category)
	}
	in.impact.TypedRune('2')
	in.urgency.TypedRune('2')
	s.Press("F9")
	s.Asked().Field.SetText("se reinició la cola")
	s.Asked().Field.OnEnter()
	one := in.d
	s.Press("Ctrl N")
	if in.d == one {
		t.Fatal("no second draft")
	}
	s.Until("its own question", func() bool { return d.waiting("4518") == 2 })
	d.let("4518", nil)
	s.Until("registered", func() bool { return s.Says("registrado") })
	if row := s.Newest(); row.Person != "Ana Vega" || row.Status != desk.Resolved {
		t.Errorf("registered %+v", row)
	}
	if in.d == one || !in.d.Empty() {
		t.Error("the draft in the form is not the second")
	}
}

// Somebody who is only like the text is not taken; Enter again registers another.
func TestNobodyIsTakenForAnother(t *testing.T) {
	s, d, in := newSlowStage(t)
	d.mu.Lock()
	d.all = true
	d.mu.Unlock()
	before := people(s)
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
	if !s.Says("Nadie se llama «Ana Veda»") || !in.d.Person.IsZero() || people(s) != before {
		t.Errorf("taken: %v, it says %q", in.d.Person, s.Texts())
	}
	in.choosePerson()
	s.Until("a new user", func() bool { return in.d.Name == "Ana Veda" })
}

// The category is that of the text as typed, also when the model comes later.
func TestACategoryChosenBeforeTheModelCame(t *testing.T) {
	s, in := open(t)
	model := s.Kit().Model
	s.Kit().Model = desk.Model{}
	test.Type(in.category, "impresora desp")
	in.category.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if in.d.Category != "" || s.Canvas.Focused() != fyne.Focusable(in.impact) {
		t.Fatalf("chose %q", in.d.Category)
	}
	s.Kit().Model = model
	in.Relabel()
	if in.d.Category != "impresoras.despacho" {
		t.Errorf("chose %q", in.d.Category)
	}
	in.use(in.d)
	test.Type(in.what, "otra cosa")
	in.category.SetText("zzz")
	in.category.TypedKey(&fyne.KeyEvent{Name: fyne.KeyTab})
	if in.d.Category != "" || !s.Says("Ninguna categoría contiene «zzz»") {
		t.Errorf("chose %q", in.d.Category)
	}
}

// Looking at a document uses nothing; using it is an act of its own, and F9 shows
// what will be written.
func TestLookingAtASolutionIsNotUsingIt(t *testing.T) {
	s, d, in := newSlowStage(t)
	s.Run(app.ImportRecords{Articles: []desk.Article{{Ref: "KB-1", Title: "Cola de impresión en pausa", Lang: "es", Body: "Reiniciar el servicio."}}})
	docs := stage.Answer[app.RecordsAnswer](s, app.Records{Type: desk.ArticleType})
	d.hits = []app.Hit{{Kind: "article", ID: docs.Articles[0].ID, Title: "Cola de impresión en pausa"}}
	in.person(in.d, s.Rosa())
	test.Type(in.what, "impresión en pausa")
	s.Until("the document", func() bool { return len(in.articles) == 1 })
	in.text.SetText("lo que se contó")
	in.category.SetText("impresora desp")
	in.chooseCategory()
	s.Press("F7")
	read := func() bool {
		_, ok := s.Page().(*page.Reading)
		return ok && s.Reads("Reiniciar el servicio.")
	}
	s.Until("its text", read)
	s.Press("Esc")
	if !in.d.Article.IsZero() {
		t.Fatal("looking at it chose it")
	}
	s.Press("F9")
	if s.Asked() == nil || s.Asked().Chosen != 0 || s.Asked().Field.Text != "" {
		t.Fatalf("F9 did not ask, or with an answer: %+v", s.Asked())
	}
	s.Press("Esc")
	s.Press("F7")
	s.Until("its text", read)
	s.OneMeaning("a document")
	s.Press("Enter")
	if in.d.Article.IsZero() || s.Page() != page.Page(in) || !s.Says("se usará") {
		t.Fatalf("Enter did not choose it: %q", s.Texts())
	}
	in.category.SetText("impresora desp")
	in.category.OnEnter()
	s.Press("F9")
	if s.Asked() == nil || s.Asked().Chosen != 1 || !s.Says("Cola de impresión en pausa") {
		t.Fatalf("F9 does not show the document: %+v", s.Asked())
	}
	s.Press("Alt 1")
	if s.Asked().Chosen != 0 {
		t.Error("the document cannot be taken back")
	}
	s.Press("Alt 1")
	s.Asked().Field.SetText("a medias")
	s.Press("Esc")
	s.Press("F9")
	if s.Asked().Field.Text != "a medias" || s.Asked().Chosen != 1 {
		t.Errorf("Esc lost the answer: %q", s.Asked().Field.Text)
	}
	s.Asked().Field.OnEnter()
	s.Until("registered", func() bool { return s.Says("registrado") })
	if sol := stage.Answer[app.OneCaseAnswer](s, app.OneCase{ID: s.Newest().ID}).Case.Solution; sol.Text != "a medias" || sol.Article.IsZero() {
		t.Errorf("solved with %+v", sol)
	}
}

// enter signs an agent in.
func enter(s *stage.Stage, login, password string) *intake {
	s.Helper()
	s.Enter(login, password)
	return s.Page().(*intake)
}

// A draft belongs to who wrote it, takes a number when something is told, can be
// discarded and brought back, and the newest comes up first.
func TestDraftsOfTwoAgents(t *testing.T) {
	s := stage.New(t, true, []page.Kind{Kind()})
	s.Run(app.SaveAgent{Agent: desk.Agent{Name: "Ana Soto", Login: "ana", Role: desk.AgentRole}, Password: "otra clave larga"})
	in := enter(s, "admin", stage.Password)
	if in.d.Number != "" || !in.d.ID.IsZero() || in.run(in.d).taking {
		t.Fatalf("signing in took the number %s", in.d.Number)
	}
	in.add()
	if len(s.Kit().Drafts.List) != 1 {
		t.Error("a second empty draft")
	}
	test.Type(in.what, "lo del jefe")
	s.Until("its number", func() bool { return in.d.Number != "" })
	s.Press("Ctrl F12")
	in = enter(s, "ana", "otra clave larga")
	if in.d.What != "" || s.Says("lo del jefe") || len(s.Kit().Drafts.Of(s.Kit().State.Me)) != 1 {
		t.Errorf("another agent sees %q", s.Texts())
	}
	for i := range 9 {
		s.Pass(1)
		in.add()
		test.Type(in.what, fmt.Sprintf("asunto número %d", i))
		s.Until("its number", func() bool { return in.d.Number != "" })
		if !s.Says(fmt.Sprintf("%s · asunto número %d", in.d.Number, i)) {
			t.Errorf("the tab of draft %d is not on the screen: %q", i, s.Texts())
		}
	}
	s.Press("Ctrl Tab") // round to the first
	if in.d.What != "asunto número 0" || !s.Says(string(in.d.Number)+" · asunto") {
		t.Errorf("Ctrl Tab leads to %q", in.d.What)
	}
	s.Press("Ctrl W")
	if len(s.Kit().Drafts.Of(s.Kit().State.Me)) != 8 || in.d.What != "asunto número 8" || !s.Says("Recuperar borrador") {
		t.Errorf("after discarding %d are left and %q is in the form", len(s.Kit().Drafts.Of(s.Kit().State.Me)), in.d.What)
	}
	s.Pass(1)
	s.Press("Ctrl D")
	if len(s.Kit().Drafts.Of(s.Kit().State.Me)) != 9 || in.d.What != "asunto número 0" {
		t.Errorf("brought back: %q", in.d.What)
	}
	s.OneMeaning("intake with a draft discarded")
	s.Press("Ctrl 2")
	s.Press("Ctrl W")
	if in.d.What != "asunto número 0" || !s.Says("La llamada sigue") {
		t.Error("a draft with a call that is on was discarded")
	}
	s.Press("F12")
	s.Tick()
	again, err := keep.OpenDrafts(s.Drafts)
	if err != nil {
		t.Fatal(err)
	}
	if d := again.Newest(s.Kit().State.Me); len(again.Of(s.Kit().State.Me)) != 9 || d == nil || d.What != "asunto número 0" {
		t.Errorf("after a kill %d drafts, and %+v comes up", len(again.Of(s.Kit().State.Me)), d)
	}
	s.Press("Ctrl F12")
	if in = enter(s, "admin", stage.Password); in.d.What != "lo del jefe" {
		t.Errorf("the first agent's draft came back as %q", in.d.What)
	}
}
