package ui_test

import (
	"testing"

	"punto/app"
	"punto/app/desk"
	"punto/ui"
	"punto/ui/page"
	"punto/ui/stage"
)

// places are a window's pages where each is an empty one: one in the bar, two on tabs
// under another, and one that is passed through.
func places() (first *stage.Lobby, all []page.Kind) {
	first, attend := stage.NewLobby("attend")
	_, board := stage.NewLobby("board")
	_, inbox := stage.NewLobby("conflicts")
	inbox.Name, inbox.Key, inbox.Place, inbox.Under = "inbox", "Ctrl F11", page.Tab, "board"
	_, nodes := stage.NewLobby("nodes")
	nodes.Key, nodes.Place, nodes.Under = "Ctrl F8", page.Tab, "board"
	_, search := stage.NewLobby("search")
	search.Word, search.Place = "do.search", page.Passing
	attend.Key, board.Key = "Ctrl F1", "Ctrl F4"
	return first, []page.Kind{attend, board, inbox, nodes, search}
}

func TestTheStripTellsOfBeingAloneAndOfComingBack(t *testing.T) {
	first, all := places()
	s, d := stage.NewNetwork(t, all)
	if s.Strip() {
		t.Fatalf("it tells of something from the start: %q", s.Texts())
	}
	top := first.Place.Y
	now := func() int64 { return s.Now().UnixMilli() }
	d.Change(func() { d.Known.Alone, d.Known.AloneSince = true, now() })
	s.Later(4)
	if s.Asking() {
		t.Error("it asks before five seconds are over")
	}
	s.Later(1)
	s.Until("alone", func() bool {
		return s.Says("Este puesto está solo desde las 10:00.") && s.Says("los cambios se unirán al volver")
	})
	if first.Place.Y <= top {
		t.Errorf("the page begins at %v, under the strip", first.Place.Y)
	}
	s.OneMeaning("alone")
	back := func() {
		d.Change(func() { d.Known.Alone, d.Known.BackAt, d.Known.ChangedAlone = false, now(), 31 })
		s.Later(5)
		s.Until("back", func() bool { return s.Says("31 casos cambiaron mientras tanto (4 conflictos)") })
	}
	back()
	s.OneMeaning("back")
	s.Press("Ctrl K")
	s.OneMeaning("a search under the strip")
	s.Press("Esc")
	if s.Title() != "Buscar · Punto" || s.Says("Otra vez en red") {
		t.Errorf("Esc left %q, which says %q", s.Title(), s.Texts())
	}
	s.Press("Esc")
	if s.Title() != "Atender · Punto" {
		t.Errorf("the second Esc leads to %q", s.Title())
	}
	back()
	s.Press("Ctrl F11")
	if s.Title() != "Conflictos · Punto" {
		t.Errorf("the key of the strip opens %q", s.Title())
	}
	s.Later(54)
	if !s.Says("Otra vez en red") {
		t.Error("gone within the minute")
	}
	s.Later(1)
	s.Press("Ctrl F1")
	if s.Says("Otra vez en red") || first.Place.Y != top {
		t.Errorf("it still tells after a minute: %q", s.Texts())
	}
}

func TestAnOutageOfTheServiceKeepsTheSession(t *testing.T) {
	first, all := places()
	s, d := stage.NewNetwork(t, all)
	d.Change(func() { d.Down = true })
	s.Ask(s.Session(), app.Status{}, nil, nil)
	s.Until("it is told", func() bool { return s.Says("El servicio Punto no responde en este puesto.") })
	tries := func() (n int) { d.Change(func() { n = d.Tries }); return n }
	was := tries()
	s.Later(1)
	if s.Trying() {
		t.Error("it tries again within two seconds")
	}
	for i := range 3 {
		s.Later(2)
		s.Until("another try", func() bool { return !s.Trying() })
		if got := tries(); got != was+i+1 {
			t.Errorf("%d tries after %d", got-was, i+1)
		}
	}
	if s.Locked() || s.Page() != page.Page(first) {
		t.Fatal("the outage took the session")
	}
	d.Change(func() { d.Down = false })
	s.Later(2)
	s.Until("it is back", func() bool { return !s.Says("no responde") && !s.Down() })
	if s.Locked() {
		t.Fatal("the return took the session")
	}
	s.Run(app.ImportRecords{People: []desk.Person{{Name: "Otro", Extension: "1", Ref: "2"}}})
	d.Change(func() { d.Down = true })
	s.Later(5)
	s.Until("the second outage", s.Down)
	d.Change(func() { d.Down, d.Forgotten = false, true })
	s.Later(2)
	s.Until("the desk knows nobody any more", s.Locked)
}

func TestAServiceThatIsNotThereYetIsWaitedFor(t *testing.T) {
	d := stage.MadeUp()
	d.Down = true
	s := stage.New(t, true, stage.With("attend"), func(c *ui.Config) { d.Desk, c.Desk = c.Desk, d })
	s.Until("it is told", func() bool { return s.Says("no responde") })
	d.Change(func() { d.Down = false })
	s.Later(2)
	s.Until("the sign-in page", func() bool { return s.Locked() && !s.Says("no responde") })
}

func TestOneThingThatIsNotThereIsNoOutage(t *testing.T) {
	s, d := stage.NewNetwork(t, stage.With("attend"))
	tries := func() (n int) { d.Change(func() { n = d.Tries }); return n }
	was := tries()
	s.Failed(&app.Error{Code: app.Unavailable, Msg: "this desk keeps no files", Form: "this desk keeps no files"})
	if !s.Says("Esta mesa no guarda archivos") {
		t.Errorf("it says %q", s.Texts())
	}
	s.Until("the question whether anybody answers", func() bool { return !s.Trying() && tries() > was })
	if s.Down() {
		t.Error("it is taken for an outage")
	}
	d.Change(func() { d.Down = true })
	s.Failed(&app.Error{Code: app.Unavailable, Msg: "gone"})
	if !s.Says("El servicio no respondió: no se hizo") {
		t.Errorf("it says %q", s.Texts())
	}
	s.Until("the outage", func() bool { return s.Down() })
}

func TestTheStripTellsOfAFullDisk(t *testing.T) {
	s, d := stage.NewNetwork(t, stage.With("attend"))
	d.Change(func() {
		d.Known.Room = desk.Room{Known: true, Free: 300 << 20, All: 4 << 30, Needed: 272 << 20, Low: true}
	})
	s.Later(5)
	s.Until("little room", func() bool { return s.Says("Queda poco espacio en el disco: 300 MB.") })
	d.Change(func() { d.Known.Room.Free, d.Known.Room.Full = 20<<20, true })
	s.Later(5)
	s.Until("none", func() bool {
		return s.Says("El disco de este puesto está lleno: solo se puede leer.") && s.Says("hasta que haya 272 MB")
	})
	s.OneMeaning("full")
	d.Change(func() { d.Known.Room = desk.Room{Known: true, Free: 3 << 30, All: 4 << 30} })
	s.Later(5)
	s.Until("room again", func() bool { return !s.Says("disco") })
}

func TestTheStripTellsThatListsAreOfBeforeWhatComesIn(t *testing.T) {
	_, all := places()
	s := stage.New(t, true, all)
	s.SignIn()
	for _, x := range []struct {
		owed int
		says bool
	}{{0, false}, {3, false}, {48_000, true}} {
		s.Kit().State.Owed = x.owed
		s.Refresh()
		if got := s.Says("Llegan 48\u00a0000 hechos de otros puestos"); got != x.says {
			t.Errorf("with %d events owed the strip is told: %v; the window says %q", x.owed, got, s.Texts())
		}
	}
}
