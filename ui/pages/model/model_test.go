package model

import (
	"context"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"punto/app"
	"punto/app/desk"
	"punto/ui/stage"
	"punto/ui/words"
)

// open is the page over a desk, with the administrator at it.
func open(t *testing.T, with ...Tester) (*stage.Stage, *model) {
	t.Helper()
	var test Tester
	if len(with) > 0 {
		test = with[0]
	}
	s := stage.New(t, true, stage.With("board", Kind(test)))
	s.SignIn()
	s.Press("Ctrl M")
	m := s.Page().(*model)
	s.Until("the model in force", func() bool { return m.loaded && s.Says("vigente") })
	return s, m
}

// goTo goes to a part of the model by keys.
func goTo(s *stage.Stage, m *model, id string) {
	s.Helper()
	for range m.parts {
		if m.parts[m.on].id == id {
			return
		}
		s.Press("Alt ↓")
	}
	s.Fatalf("there is no part %s", id)
}

func choose(s *stage.Stage, m *model, key string) {
	s.Helper()
	for i, k := range m.keys {
		if k == key {
			m.rows.Select(i)
			return
		}
	}
	s.Fatalf("there is no row %s among %v", key, m.keys)
}

// write puts a text into a field of the selected row.
func write(s *stage.Stage, m *model, word, text string) {
	s.Helper()
	for i, in := range m.form.Inputs {
		if in.Word == word {
			m.form.Texts[i].SetText(text)
			m.form.Texts[i].OnChanged(text)
			return
		}
	}
	s.Fatalf("there is no field %s", word)
}

func TestAModelIsChangedComparedAndPublishedFromTheWindow(t *testing.T) {
	s, m := open(t)
	s.OneMeaning("the model")
	goTo(s, m, "contracts")
	write(s, m, "Crítica", "10m 2h 1h")
	if !s.Says("Borrador de la versión 2") || !s.Says("3 cambios") {
		t.Errorf("after a change the page says %q", s.Texts())
	}
	goTo(s, m, "groups")
	s.Press("Ctrl N")
	s.Reply("campo")
	write(s, m, "Nombre", "Equipo de campo")
	goTo(s, m, "categories")
	choose(s, m, "red.enlace")
	write(s, m, "Grupo", "campo")
	s.Press("F6")
	for _, want := range []string{"Grupos › campo › name", "Equipo de campo", "Contratos › C-001 › targets › 1 › resolve", "4h", "2h", "Categorías › red.enlace › group"} {
		if !s.ListSays(m.shown.list(), want) {
			t.Errorf("the differences do not say %q: %q", want, m.shown.list().Texts())
		}
	}
	s.OneMeaning("the differences")
	s.Press("Esc")
	s.Press("F9")
	s.Press("2")
	s.Until("published", func() bool { return s.Says("Versión 2, vigente") })
	if a := stage.Answer[app.TheModelAnswer](s, app.TheModel{}); a.Model.Version != 2 || a.Model.Groups["campo"].IsZero() {
		t.Errorf("the model in force is version %d with the groups %v", a.Model.Version, a.Model.Groups)
	}
	if h := s.Kit().Drafts.Half(s.Kit().State.Me, draftOf, draftKind); h != nil {
		t.Error("the draft is kept after it was published")
	}
	s.Press("Ctrl L")
	s.Until("the versions", func() bool { return s.Asked() != nil && s.Says("versión 1") })
	s.Press("2")
	s.Until("the first version as a draft", func() bool { return s.Says("Borrador de la versión 3") })
	goTo(s, m, "contracts")
	if got := m.form.Inputs[2].Get(); got != "15m 4h 2h" {
		t.Errorf("the first version promised %q", got)
	}
}

func TestADraftOutlivesTheWindowAndIsDiscarded(t *testing.T) {
	s, m := open(t)
	goTo(s, m, "reasons")
	choose(s, m, "internal")
	write(s, m, "Español", "espera de adentro")
	s.Tick()
	s.Again()
	s.SignIn()
	s.Press("Ctrl M")
	m = s.Page().(*model)
	s.Until("the draft", func() bool { return s.Says("Borrador de la versión 2") && s.Says("1 cambio") })
	s.Press("F3")
	s.Press("2")
	s.Until("what is in force", func() bool { return s.Says("Versión 1, vigente") })
	if len(m.changes) != 0 {
		t.Errorf("discarded it differs by %v", m.changes)
	}
}

func TestWhatIsWrongStandsAtItsFieldAndKeepsTheModelFromBeingPublished(t *testing.T) {
	s, m := open(t)
	goTo(s, m, "contracts")
	write(s, m, "Crítica", "pronto")
	if !s.Says("Escriba tres tiempos") {
		t.Errorf("a bad target is told as %q", s.Texts())
	}
	goTo(s, m, "calendars")
	write(s, m, "Lunes", "ocho a seis")
	if !s.Says("Escriba las horas") {
		t.Errorf("bad hours are told as %q", s.Texts())
	}
	for _, d := range []string{"Lunes", "Martes", "Miércoles", "Jueves", "Viernes"} {
		write(s, m, d, "")
	}
	if !s.Says("1 error") {
		t.Errorf("a calendar that is never open is told as %q", s.Texts())
	}
	s.Press("F9")
	if s.Asked() != nil || !s.Says("Hay errores") {
		t.Errorf("it would be published: %q", s.Texts())
	}
	s.Press("F4")
	if !s.ListSays(m.shown.list(), "Calendarios › Lunes a viernes de 8 a 18") {
		t.Errorf("the problems are %q", m.shown.list().Texts())
	}
}

func TestADraftIsTriedByScenariosAndOnAPastMonth(t *testing.T) {
	given := make(chan string, 1)
	s, m := open(t, func(_ context.Context, file []byte) ([]Result, error) {
		given <- string(file)
		return []Result{{Name: "lo crítico"}, {Name: "el fin de semana", Failed: []Failure{{Step: 1, Case: "case", What: "resolve_due", Is: "11:00", Want: "13:00"}}}}, nil
	})
	goTo(s, m, "contracts")
	write(s, m, "Crítica", "15m 3h 2h")
	s.Press("F7")
	s.Until("the scenarios", func() bool { return m.shown != nil && s.Says("pasan 1 de 2 escenarios") })
	if file := <-given; !strings.Contains(file, "resolve: 3h") {
		t.Errorf("the scenarios ran against\n%s", file)
	}
	if !s.ListSays(m.shown.list(), "paso 1, case: resolve_due es 11:00") {
		t.Errorf("they say %q", m.shown.list().Texts())
	}
	s.Press("Esc")
	s.Press("F8")
	s.Reply("2026-10")
	s.Until("the month", func() bool { return m.shown != nil && s.Says("0 plazos cambian de lado, de 0 casos") })
	s.Press("F8")
	s.Reply("octubre")
	s.Until("that it is no month", func() bool { return s.Says("octubre") })
}

func TestOnlyWhoMaySeesTheModel(t *testing.T) {
	k := Kind(nil)
	for r, want := range map[desk.Role]bool{desk.AgentRole: false, desk.TechnicianRole: false, desk.SupervisorRole: true, desk.AdministratorRole: true} {
		if k.Sees(r) != want {
			t.Errorf("a %s sees it: %v", r, !want)
		}
	}
}

var problem = regexp.MustCompile("c\\.(?:wrong|warn)\\([^\"]*(?:\"[a-z_]+\"[^\"]*)*(\"[^\"]* [^\"]*\")")

// Whatever a draft may be told to lack is said in the language of the window.
func TestEveryProblemOfADraftIsSaidInEveryLanguage(t *testing.T) {
	b, err := os.ReadFile("../../../app/draft/check.go")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, m := range problem.FindAllStringSubmatch(string(b), -1) {
		form, err := strconv.Unquote(m[1])
		if err != nil {
			t.Fatal(err)
		}
		n++
		for _, lang := range []string{"es", "pt"} {
			w, err := words.New(lang)
			if err != nil {
				t.Fatal(err)
			}
			if w.Failure(form, make([]string, strings.Count(form, "%"))) == "" {
				t.Errorf("%q is not said in %s", form, lang)
			}
		}
	}
	if n < 30 {
		t.Errorf("only %d problems were found: the search of this test is broken", n)
	}
}
