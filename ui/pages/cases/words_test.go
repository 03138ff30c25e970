package cases

import (
	"fmt"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"punto/app"
	"punto/app/desk"
	"punto/ui/stage"
)

// opened is the page of a case with these words.
func opened(t *testing.T, s *stage.Stage, o desk.Opened) *casePage {
	t.Helper()
	r := s.Run(app.OpenCase{Opened: o})
	s.Go("case", r.ID)
	s.Until("the case", func() bool { c, ok := s.Page().(*casePage); return ok && c.a != nil && c.id == r.ID })
	return s.Page().(*casePage)
}

func has(l *lines, text string) func() bool {
	return func() bool {
		all := ""
		for _, x := range l.all {
			for _, sp := range x.spans {
				all += sp.S
			}
			all += " "
		}
		return strings.Contains(all, text)
	}
}

// long is a text of n words that are told apart, ending in a word of its own.
func long(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "palabra%d ", i)
	}
	return b.String() + "ultimísima"
}

// Every word of a note and of a description is there to be read, and can be taken.
func TestEveryWordOfACaseIsReadAndCopied(t *testing.T) {
	s := lobby(t)
	c := opened(t, s, desk.Opened{Subject: "No imprime", Text: long(400)})
	s.Run(app.AddNote{Case: c.id, Text: long(300) + " nota"})
	s.Until("the end of the note", has(c.told, "ultimísima nota"))
	if !has(c.told, "palabra150 ")() || !has(c.data, "palabra250 ")() || !has(c.data, "ultimísima")() {
		t.Error("words in the middle are missing")
	}
	if !s.ListSays(c.told.list, "ultimísima nota") {
		t.Error("the newest does not stand at the foot")
	}
	s.Press("F3")
	if !c.told.list.Focused {
		t.Fatal("F3 does not lead to the history")
	}
	clip := test.NewClipboard()
	c.told.list.TypedShortcut(&fyne.ShortcutCopy{Clipboard: clip})
	if got := clip.Content(); !strings.Contains(got, "palabra0 ") || !strings.HasSuffix(got, "ultimísima nota") {
		t.Errorf("copied: %.80q", got)
	}
	c.told.list.Select(0)
	s.Run(app.AddNote{Case: c.id, Text: "otra más"})
	s.Until("the next note", has(c.told, "otra más"))
	if c.told.list.Selected != 0 {
		t.Error("whoever reads further up was taken away from it")
	}
	s.Press("F3")
	if !c.data.list.Focused {
		t.Fatal("F3 does not lead on to the description")
	}
	c.data.list.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEnd})
	if !s.ListSays(c.data.list, "ultimísima") {
		t.Error("the description does not scroll to its end")
	}
	s.Press("F3")
	if !c.note.Focused {
		t.Error("F3 does not lead back to the note")
	}
}

// What was changed and what was taken back is told in words.
func TestAnActIsToldInWords(t *testing.T) {
	s := lobby(t)
	c := opened(t, s, desk.Opened{Subject: "No imprime", Impact: 2, Urgency: 2, Person: s.Rosa()})
	s.Press("F7")
	s.Press("1")
	if s.Asked() == nil || s.Asked().Field.Text != "No imprime" {
		t.Fatal("the subject is not there to be changed")
	}
	s.Reply(" ")
	if s.Asked() == nil {
		t.Fatal("an empty subject was taken")
	}
	s.Reply("No imprime en color")
	s.Until("the subject", has(c.told, "Asunto: pasó de «No imprime» a «No imprime en color»"))
	was := c.a.Case.Priority
	s.Press("F7")
	s.Press("4")
	s.Press("Alt 1")
	s.Asked().Field.OnEnter()
	if s.Asked() == nil {
		t.Fatal("a priority was changed without a reason")
	}
	s.Reply("para la auditoría")
	s.Until("the priority", has(c.told, fmt.Sprintf("Prioridad: pasó de «P%d %s» a «P1 %s»", was, s.Kit().Priority(was), s.Kit().Priority(1))))
	s.Press("Ctrl D")
	s.Until("what was taken back", has(c.told, "deshizo «cambió"))
	s.Until("as it was", func() bool { return c.a.Case.Priority == was })
	lower, same, why := 4, "No imprime en color", "esperan"
	s.Run(app.EditCase{Case: c.id, Edit: desk.Edited{Priority: &lower, Why: &why, Subject: &same}})
	s.Until("from what it is after the undo", has(c.told, fmt.Sprintf("Prioridad: pasó de «P%d %s» a «P4 %s»", was, s.Kit().Priority(was), s.Kit().Priority(4))))
	if has(c.told, "pasó de «No imprime en color»")() {
		t.Error("what an edit leaves as it was is told")
	}
	c.note.SetText("llamar a las 10")
	s.Press("Ctrl I")
	s.Until("the note", has(c.told, "llamar a las 10"))
	s.Press("Ctrl D")
	s.Until("the note that was taken back", func() bool {
		n := len(c.told.all)
		return n > 1 && strings.Contains(c.told.all[n-1].copies, "deshizo") && strings.Contains(c.told.all[n-1].copies, "llamar a las 10")
	})
}

// A description is changed whole, and told.
func TestADescriptionIsChanged(t *testing.T) {
	s := lobby(t)
	c := opened(t, s, desk.Opened{Subject: "No imprime", Text: "primera"})
	s.Press("F7")
	s.Press("2")
	s.Reply("segunda")
	s.Until("the description", has(c.data, "segunda"))
	if !has(c.told, "Descripción: ahora «segunda»")() {
		t.Error("the history does not tell it")
	}
}

// A description of several lines is not put into one, which would lose the others.
func TestADescriptionOfSeveralLinesIsLeftAlone(t *testing.T) {
	s := lobby(t)
	c := opened(t, s, desk.Opened{Subject: "No imprime", Text: "primera\nsegunda"})
	s.Press("F7")
	s.Press("2")
	if !s.Says("La descripción tiene varias líneas") {
		t.Errorf("it says %q", s.Texts())
	}
	if c.a.Case.Text != "primera\nsegunda" {
		t.Errorf("it became %q", c.a.Case.Text)
	}
}

// Whatever happens to a case is told in words.
func TestEveryKindOfActHasItsWord(t *testing.T) {
	s := lobby(t)
	for k := desk.ConflictSettled; k.Known(); k++ {
		id := "did." + k.String()
		if strings.HasPrefix(k.String(), "case-") || k == desk.ConflictSettled || k == desk.ArticleTried || k == desk.FileAttached {
			if s.Kit().Words.T(id) == id {
				t.Errorf("nothing is said of %s", k)
			}
		}
	}
}

// A procedure stands beside its case as a checklist, and is gone through by two keys.
func TestAProcedureIsGoneThroughByKeys(t *testing.T) {
	s := stage.New(t, true, stage.With("attend", Mine(System{}), Board(System{}), Kind(System{})))
	m := stage.Answer[app.TheModelAnswer](s, app.TheModel{}).Model
	es := func(x string) map[string]string { return map[string]string{"es": x} }
	m.Procedures = []desk.Procedure{{Code: "p", Name: es("Impresora sin papel"), Mandatory: true, Steps: []desk.ProcedureStep{{Code: "a", Do: es("Confirmar alcance"), Expect: es("se sabe a quién toca"), Choices: []string{"uno", "todos"}},
		{Code: "b", Do: es("Cargar papel")}, {Code: "c", Do: es("Avisar al usuario")}}}}
	for i := range m.Categories {
		if m.Categories[i].Code == "impresoras.despacho" {
			m.Categories[i].Procedure = "p"
		}
	}
	s.Run(app.SaveModel{Model: m})
	s.SignIn()
	c := opened(t, s, desk.Opened{Subject: "No imprime", Person: s.Rosa(), Category: "impresoras.despacho", Impact: 2, Urgency: 2})
	s.Come("the case")
	for _, want := range []string{"Impresora sin papel", "0/3", "1 Confirmar alcance", "se sabe a quién toca · uno / todos", "3 Avisar al usuario"} {
		if !s.Reads(want) {
			t.Errorf("it does not say %q: %q", want, s.Texts())
		}
	}
	s.Press("F9")
	if s.Asked() != nil || !s.Says("pide antes: Confirmar alcance") {
		t.Errorf("it is solved before: %q", s.Texts())
	}
	s.OneMeaning("a case with a procedure")
	s.Press("Alt P")
	s.Press("2")
	s.Until("the first step", func() bool { return s.Reads("1/3") && s.Reads("todos · Administrador · 1") })
	s.Press("Alt P")
	s.Reply("dos resmas")
	s.Until("the second", func() bool {
		return s.Reads("2/3") && has(c.told, "hizo el paso Cargar papel")() && has(c.told, "dos resmas")()
	})
	s.Press("Alt S")
	s.Reply("")
	if s.Asked() == nil {
		t.Fatal("a step was skipped without a reason")
	}
	s.Reply("no contesta")
	s.Until("the end", func() bool {
		return s.Reads("3/3") && has(c.told, "omitió el paso Avisar al usuario")() && has(c.told, "no contesta")()
	})
	if s.Does("Alt P") {
		t.Error("there is a step after the last")
	}
	s.Press("F9")
	s.Until("how it was solved is asked", func() bool { return s.Asked() != nil })
}

// What a clock has fired stands in the history, where it fired, with who acknowledged it.
func TestAnAlarmStandsInTheHistory(t *testing.T) {
	s := lobby(t)
	c := opened(t, s, desk.Opened{Subject: "No imprime", Person: s.Rosa(), Category: "impresoras.despacho", Impact: 2, Urgency: 2})
	s.Press("F4")
	s.Until("taken", func() bool { return c.a.Case.Agent == s.Kit().State.Me })
	s.Pass(7 * 3600)
	s.Fire()
	s.Pass(60)
	s.Run(app.AddNote{Case: c.id, Text: "se sigue mañana"})
	s.Until("the note", has(c.told, "se sigue mañana"))
	s.Until("the alarm", has(c.told, "75 % del plazo de Resolver"))
	said := ""
	for _, l := range c.told.all {
		for _, sp := range l.spans {
			said += sp.S + " "
		}
	}
	if strings.Index(said, "75 % del plazo") > strings.Index(said, "se sigue mañana") || !strings.Contains(said, "se avisó a Administrador") {
		t.Errorf("it is told as %q", said)
	}
	for _, r := range stage.Answer[app.AlarmsAnswer](s, app.Alarms{Case: c.id}).Rows {
		done := false
		s.Kit().Do(app.AckAlarm{ID: r.ID}, func(app.Receipt) { done = true }, nil)
		s.Until("acknowledged", func() bool { return done })
	}
	c.load()
	s.Until("who acknowledged it", has(c.told, "Administrador lo reconoció hoy"))
}

// Why a case is with its group is told rule by rule.
func TestWhyThisGroupIsTold(t *testing.T) {
	s := lobby(t)
	m := stage.Answer[app.TheModelAnswer](s, app.TheModel{}).Model
	m.Rules = []desk.Rule{{Code: "vip", When: desk.RuleWhen{Priorities: []int{1}}, Group: "redes"}, {Code: "color", When: desk.RuleWhen{Words: []string{"color"}}, Group: "soporte", Strategy: "least"}}
	s.Run(app.SaveModel{Model: m})
	s.Run(app.SaveAgent{Agent: desk.Agent{Name: "Nadia Cruz", Role: desk.TechnicianRole, Groups: []desk.ID{m.Groups["soporte"]}}})
	c := opened(t, s, desk.Opened{Subject: "No imprime en color", Person: s.Rosa(), Category: "impresoras.despacho", Impact: 2, Urgency: 2})
	if c.a.Row.Agent != "Nadia Cruz" {
		t.Fatalf("it is with %q", c.a.Row.Agent)
	}
	s.Press("Alt W")
	for _, want := range []string{"La regla color eligió", "no vale: tiene otra prioridad", "color → ", "vale", "Nadia Cruz · 1 abierto", "sería quien lo recibe"} {
		s.Until(want, func() bool { return s.Reads(want) })
	}
}
