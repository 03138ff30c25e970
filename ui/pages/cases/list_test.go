package cases

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"punto/app"
	"punto/app/desk"
	"punto/ui"
	"punto/ui/stage"
)

// working is the workspace with cases in it, with the administrator in a group.
func working(t *testing.T, subjects ...string) (*stage.Stage, *workspace, []desk.ID) {
	t.Helper()
	return workingWith(t, func(*ui.Config) {}, subjects...)
}

func workingWith(t *testing.T, with func(*ui.Config), subjects ...string) (*stage.Stage, *workspace, []desk.ID) {
	t.Helper()
	s := stage.New(t, true, stage.With("attend", Mine(System{}), Board(System{}), Kind(System{})), with)
	s.SignIn()
	var ids []desk.ID
	for _, x := range subjects {
		ids = append(ids, s.Run(app.OpenCase{Opened: desk.Opened{Subject: x, Person: s.Rosa(), Category: "impresoras.despacho", Impact: 2, Urgency: 2}}).ID)
		s.Pass(60)
	}
	s.Go("cases", nil)
	s.Come("the workspace")
	return s, s.Page().(*workspace), ids
}

func (w *workspace) subjects() (out []string) {
	for _, r := range w.q.rows {
		out = append(out, r.Subject)
	}
	return out
}

func key(s *stage.Stage, k fyne.KeyName) { s.Canvas.Focused().TypedKey(&fyne.KeyEvent{Name: k}) }

// Whoever goes down the queue reads each case beside it, and keeps the place when one
// comes or goes.
func TestTheCaseStandsBesideItsQueue(t *testing.T) {
	s, w, ids := working(t, "No imprime", "Sin correo", "Wi-Fi débil")
	s.Press("Ctrl 3")
	s.Until("the first case", func() bool { return w.kase.a != nil && w.kase.id == ids[0] })
	if !s.Says("Sin dueño 3") || !s.Says("Míos 0") {
		t.Errorf("the views are %q", s.Texts())
	}
	key(s, fyne.KeyDown)
	s.Until("the second", func() bool { return w.kase.a != nil && w.kase.id == ids[1] && s.Reads("Sin correo") })
	s.Run(app.CancelCase{Case: ids[0], Text: "no era"})
	s.Until("one is gone", func() bool { return len(w.q.rows) == 2 })
	if w.kase.id != ids[1] || w.q.selected().ID != ids[1] {
		t.Errorf("the mark is at %v", w.q.selected())
	}
	key(s, fyne.KeyReturn)
	if !w.kase.note.Focused {
		t.Fatal("Enter does not lead to the case")
	}
	test.Type(w.kase.note, "llamé a Rosa")
	s.Press("F4") // it leaves this view, and whoever writes stays
	s.Until("it is taken", func() bool { return len(w.q.rows) == 1 && w.kase.a != nil && w.kase.a.Case.Agent == s.Kit().State.Me })
	if w.kase.id != ids[1] || w.kase.note.Text != "llamé a Rosa" {
		t.Errorf("whoever wrote on %v is at %v with %q", ids[1], w.kase.id, w.kase.note.Text)
	}
	s.Press("Esc")
	if !w.q.list.Focused {
		t.Fatal("Esc does not lead back to the queue")
	}
	key(s, fyne.KeyEnd)
	s.Until("the third", func() bool { return w.kase.id == ids[2] && w.kase.a != nil })
	if w.kase.note.Text != "" {
		t.Errorf("a note of another case stands there: %q", w.kase.note.Text)
	}
	s.Press("Ctrl 1")
	s.Until("mine", func() bool { return w.kase.id == ids[1] && w.kase.a != nil })
	if w.kase.note.Text != "llamé a Rosa" {
		t.Errorf("what was half typed came back as %q", w.kase.note.Text)
	}
	w.kase.note.SetText("")
	s.Press("Ctrl 5")
	s.Until("none followed", func() bool { return len(w.q.rows) == 0 && !w.q.loading && s.ListSays(w.q.list, "No hay casos") })
	if w.kase.a != nil {
		t.Error("a case stands beside an empty queue")
	}
	s.Press("Ctrl 1")
	s.Until("mine again", func() bool { return w.kase.a != nil })
	s.Press("F12")
	s.Until("followed", func() bool { return s.Says("Seguidos 1") && w.kase.a.Followed })
	s.Press("F12")
	s.Until("not any more", func() bool { return s.Says("Seguidos 0") && !w.kase.a.Followed })
}

// What is typed chooses as it is typed: words, priorities, states and days in the
// language of the window.
func TestAQueueIsChosenAsOneTypes(t *testing.T) {
	file := filepath.Join(t.TempDir(), "windows.json")
	s, w, ids := workingWith(t, func(c *ui.Config) { c.Prefs = file }, "No imprime en color", "Sin correo", "Wi-Fi débil")
	taken := false
	s.Kit().Do(app.TakeCase{Case: ids[1]}, func(app.Receipt) { taken = true }, nil)
	s.Until("it is taken", func() bool { return taken })
	s.Run(app.SuspendCase{Case: ids[1], Reason: "user"})
	why, urgent := "gerencia", 1
	s.Run(app.EditCase{Case: ids[2], Edit: desk.Edited{Priority: &urgent, Why: &why}})
	s.Press("Ctrl 6")
	s.Press("Ctrl F")
	if !w.field.Focused {
		t.Fatal("Ctrl F does not lead to the filter")
	}
	for text, want := range map[string]string{"impri": "No imprime en color", "DEBIL rosa": "Wi-Fi débil", "p1": "Wi-Fi débil", "crit": "Wi-Fi débil", "pend": "Sin correo", "zzz": "",
		"hoy": "Wi-Fi débil,No imprime en color,Sin correo", "ayer": "", "23/11/2026 corr": "Sin correo", "31/2": "", "hoy wi": "Wi-Fi débil"} {
		w.field.SetText(text)
		s.Until(text, func() bool { return strings.Join(w.subjects(), ",") == want && !w.q.loading })
	}
	w.field.SetText("")
	s.Until("all", func() bool { return len(w.q.rows) == 3 })
	key(s, fyne.KeyDown)
	s.Until("arrows go down the queue from the filter", func() bool { return w.kase.id == w.q.rows[1].ID && w.field.Focused })
	key(s, fyne.KeyDown)
	s.Until("past the heading of a band", func() bool { return w.kase.id == w.q.rows[2].ID && w.q.rows[2].Band != w.q.rows[1].Band })
	key(s, fyne.KeyUp)
	s.Until("and back", func() bool { return w.kase.id == w.q.rows[1].ID })
	w.field.SetText("corr")
	s.Until("one", func() bool { return len(w.q.rows) == 1 })
	s.Press("Ctrl S")
	s.Reply("Correo")
	s.Press("Ctrl 1")
	s.Until("mine", func() bool { return len(w.q.rows) == 0 && w.field.Text == "" })
	s.Press("Ctrl 7")
	s.Until("the saved one", func() bool { return w.field.Text == "corr" && len(w.q.rows) == 1 && s.Says("Correo") })
	s.Press("Ctrl O")
	s.Press("3")
	s.Until("by subject", func() bool { return w.q.of.By == "subject" && !w.q.loading })
	s.Press("Ctrl O")
	s.Press("3")
	s.Until("the other way round", func() bool { return w.q.of.Down && !w.q.loading })
	s.Go("board", nil)
	s.Come("the board")
	s.Press("Ctrl W")
	s.Press("Alt 7")
	s.Reply("20")
	if s.Asked() == nil {
		t.Fatal("a width that nobody could read was taken")
	}
	s.Reply("0")
	s.Press("Ctrl W")
	s.Press("Alt 4")
	s.Reply("300")
	board := s.Page().(*workspace)
	said := func() string { return strings.Join(board.q.list.Texts(), "|") }
	if strings.Contains(said(), "Estado") || strings.Contains(said(), "Nuevo") || !strings.Contains(said(), "Saltos") {
		t.Errorf("a hidden column says: %s", said())
	}
	s.Again(func(c *ui.Config) { c.Prefs = file }) // the next day
	s.SignIn()
	s.Go("cases", nil)
	s.Come("the workspace")
	w = s.Page().(*workspace)
	if w.q.of.By != "subject" || !w.q.of.Down || len(w.saved) != 1 || !s.Says("Correo") {
		t.Errorf("the next day: order %q, down %v, %d filters", w.q.of.By, w.q.of.Down, len(w.saved))
	}
	s.Press("Ctrl 7")
	s.Press("Ctrl S")
	s.Reply("")
	if len(w.saved) != 0 || w.on != 0 {
		t.Errorf("%d filters are left, in view %d", len(w.saved), w.on)
	}
	s.Go("board", nil)
	s.Come("the board")
	board = s.Page().(*workspace)
	if strings.Contains(said(), "Estado") || board.q.list.Columns[5].Width != 300 {
		t.Errorf("the next day the board has %+v", board.q.list.Columns)
	}
	s.Press("Ctrl W")
	s.Press("Alt 7")
	s.Reply("")
	if !strings.Contains(said(), "Estado") {
		t.Error("a column does not come back")
	}
}

// With many marked each is judged by itself: who is refused is told by its number, stays
// marked, and stops nobody.
func TestManyAreTakenAndOneIsRefused(t *testing.T) {
	s, w, ids := working(t, "uno", "dos", "tres", "cuatro")
	s.Press("Ctrl 6")
	s.Until("all", func() bool { return len(w.q.rows) == 4 && w.q.list.Focused })
	w.q.list.TypedRune(' ')
	w.q.list.TypedRune(' ')
	s.Press("Ctrl B")
	if len(w.q.marked) != 3 {
		t.Fatalf("%d are marked", len(w.q.marked))
	}
	s.Run(app.CancelCase{Case: ids[1], Text: "no era"})
	s.Press("F4")
	s.Until("two are taken", func() bool { return s.Says("Hecho en 2 casos.") })
	number := string(stage.Answer[app.OneCaseAnswer](s, app.OneCase{ID: ids[1]}).Case.Number)
	if !s.Says(number+": ") || len(w.q.marked) != 1 || w.q.marked[ids[1]] == "" {
		t.Errorf("the refusal is told as %q; marked: %v", s.Texts(), w.q.marked)
	}
	s.Press("Esc")
	if len(w.q.marked) != 0 {
		t.Error("Esc does not take the marks away")
	}
	s.Press("Ctrl H")
	s.Press("F7")
	s.Press("Alt 1")
	s.Reply("todos esperan")
	s.Until("the first priority", func() bool { return len(w.q.marked) == 0 && w.q.rows[0].Priority == 1 && w.q.rows[2].Priority == 1 })
	s.Press("Ctrl H")
	s.Press("Ctrl I")
	s.Reply(" ")
	if s.Asked() == nil {
		t.Fatal("an empty note was taken")
	}
	s.Reply("se avisó a todos")
	s.Until("noted", func() bool { return len(w.q.marked) == 0 && has(w.kase.told, "se avisó a todos")() })
	s.Press("Ctrl H")
	s.Press("F10")
	s.Press("Alt 1")
	group := s.Asked().Options[0]
	s.Reply("ver")
	s.Until("handed on", func() bool { return len(w.q.marked) == 0 && w.q.rows[0].Group == group && w.q.rows[2].Group == group })
	s.Press("Ctrl H")
	s.Press("F6")
	s.Press("1")
	s.Until("assigned", func() bool { return len(w.q.marked) == 0 && w.q.rows[2].Agent != "" })
	s.Press("Ctrl H")
	s.Press("F12")
	s.Until("followed", func() bool { return s.Says("Seguidos 3") })
}

// A queue of many is loaded as one goes down, once each, and End leads to its end.
func TestALongQueueIsLoadedAsOneGoesDown(t *testing.T) {
	s := stage.New(t, true, stage.With("attend", Mine(System{}), Board(System{}), Kind(System{})))
	var c app.ImportCases
	for i := range 300 {
		c.Cases = append(c.Cases, app.CaseHistory{Ref: fmt.Sprint(i), At: s.Now().UnixMilli(), Person: "Rosa Quispe Mamani", Opened: desk.Opened{Subject: fmt.Sprintf("caso %03d", i)}})
	}
	s.Run(c)
	s.SignIn()
	s.Go("board", nil)
	s.Come("the board")
	w := s.Page().(*workspace)
	if len(w.q.rows) != 128 || w.q.total != 300 {
		t.Fatalf("%d of %d rows came", len(w.q.rows), w.q.total)
	}
	key(s, fyne.KeyEnd)
	s.Until("the last", func() bool {
		return len(w.q.rows) == 300 && w.q.selected() != nil && w.q.selected().Subject == w.q.rows[299].Subject
	})
	seen := map[desk.ID]bool{}
	for _, r := range w.q.rows {
		seen[r.ID] = true
	}
	if len(seen) != 300 {
		t.Errorf("%d cases stand in 300 rows", len(seen))
	}
	w.q.take(300, w.q.rows[290:], false) // others moved meanwhile
	if len(w.q.rows) != 300 {
		t.Errorf("what came twice stands in %d rows", len(w.q.rows))
	}
	key(s, fyne.KeyReturn)
	s.Until("the case", func() bool { c, ok := s.Page().(*casePage); return ok && c.a != nil })
}

// What a supervisor does from the board, on the case on which the mark stands: acts,
// the deadline explained, a breach excused with its cause; and who has how much.
func TestTheBoardIsWorkedByKeys(t *testing.T) {
	s, _, ids := working(t, "No imprime", "Sin correo")
	s.Kit().Do(app.TakeCase{Case: ids[1]}, nil, nil)
	s.Pass(48 * 3600)
	s.Active()
	s.Go("board", nil)
	s.Come("the board")
	w := s.Page().(*workspace)
	s.OneMeaning("the board")
	if w.two || w.q.bands[app.Overdue] != 2 {
		t.Fatalf("the bands are %v", w.q.bands)
	}
	s.Press("Ctrl E")
	s.Until("why this deadline", func() bool { return s.Says("Por qué este plazo") })
	s.Press("Esc")
	id := w.q.selected().ID
	s.Press("Alt E")
	s.Until("which breach, or why", func() bool { return s.Asked() != nil })
	if s.Asked().Field == nil {
		s.Press("1")
	}
	s.Asked().Field.SetText("corte de la planta")
	s.Asked().Field.OnEnter()
	if s.Asked() == nil {
		t.Fatal("a breach was excused without a cause")
	}
	s.Press("Alt 3")
	s.Asked().Field.OnEnter()
	s.Until("excused", func() bool {
		for _, r := range stage.Answer[app.OneCaseAnswer](s, app.OneCase{ID: id}).Clocks {
			if r.Excused {
				return true
			}
		}
		return false
	})
	s.Press("F7")
	s.Press("Alt 4")
	s.Reply("ya no urge")
	s.Until("another priority", func() bool { return w.q.selected() != nil && w.q.selected().Priority == 4 })
	if w.q.selected().ID != id {
		t.Error("the mark went elsewhere")
	}
	s.Press("F2")
	s.Until("who has how much", func() bool { return w.load.list.Focused && len(w.load.rows) == 2 })
	if r := w.load.rows[0]; r.Name != "Administrador" || r.Open != 1 || r.Overdue != 1 || w.load.rows[1].Name != "" {
		t.Errorf("the load is %+v", w.load.rows)
	}
	key(s, fyne.KeyReturn)
	s.Until("the cases of one", func() bool { return len(w.q.rows) == 1 && w.q.rows[0].ID == ids[1] && !w.load.alone })
	s.Press("Esc")
	s.Until("all again", func() bool { return len(w.q.rows) == 2 })
	key(s, fyne.KeyReturn)
	s.Until("the case", func() bool { c, ok := s.Page().(*casePage); return ok && c.a != nil })
	s.OneMeaning("a case with a breach")
	c := s.Page().(*casePage)
	if c.id == id && !has(c.told, "Fuerza mayor")() {
		t.Error("the history does not tell the cause")
	}
}

// The wall tells in its own window what presses, keeps asking, and goes with the session
// of whoever opened it.
func TestTheWallTellsWhatPresses(t *testing.T) {
	s, _, ids := working(t, "No imprime", "Sin correo")
	s.Pass(48 * 3600)
	s.Active()
	last := s.Run(app.OpenCase{Opened: desk.Opened{Subject: "Balanza 3 pesa de menos", Person: s.Rosa(), Category: "impresoras.despacho", Impact: 2, Urgency: 2}})
	s.Go("board", nil)
	s.Come("the board")
	w := s.Page().(*workspace)
	s.Press("F11")
	s.Until("what presses", func() bool { return w.wall != nil && !w.wall.at.IsZero() })
	wall := w.wall
	says := strings.Join(wall.sheet.Texts(), "|")
	for _, want := range []string{"Los Andes", "Balanza 3 pesa de menos", "2 vencidos", string(last.Number), "sin agente", "|3|"} {
		if !strings.Contains(says, want) {
			t.Errorf("the wall does not say %q: %s", want, says)
		}
	}
	if strings.Contains(says, "No imprime") {
		t.Error("what is overdue stands among what falls due next")
	}
	s.Press("F11")
	if w.wall != wall {
		t.Error("a second wall opened")
	}
	wall.win.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyEscape})
	s.Until("it is closed", func() bool { return w.wall == nil })
	s.Press("F11")
	s.Until("it is open again", func() bool { return w.wall != nil && !w.wall.at.IsZero() })
	wall = w.wall
	s.End()
	if err := wall.ask(s.Session()); app.CodeOf(err) != app.NotSignedIn {
		t.Errorf("whoever is not signed in is told: %v", err)
	}
	wall.win.Close()
	_ = ids
}

// Who else has the case open stands where one writes, and goes with the case.
func TestWhoElseHasTheCaseOpenStandsWhereOneWrites(t *testing.T) {
	s, w, ids := working(t, "No imprime", "Sin correo")
	pedro := s.Run(app.SaveAgent{Agent: desk.Agent{Name: "Pedro Lagos", Role: desk.SupervisorRole}}).ID
	s.Press("Ctrl 6")
	s.Until("the first case", func() bool { return w.kase.a != nil && w.kase.id == ids[0] })
	s.Looks(pedro, ids[0], true)
	s.Later(6)
	s.Until("who writes", func() bool { return s.Reads("Pedro Lagos escribe una nota") })
	s.Looks(pedro, ids[0], false)
	s.Later(6)
	s.Until("who has it open", func() bool { return s.Reads("Pedro Lagos lo tiene abierto") })
	key(s, fyne.KeyDown)
	s.Until("the second", func() bool { return w.kase.a != nil && w.kase.id == ids[1] && !s.Reads("Pedro Lagos lo") })
	s.Later(1)
	s.Later(30)
	s.Until("nobody is there", func() bool { return len(w.kase.beside) == 0 })
}
