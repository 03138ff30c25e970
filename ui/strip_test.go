package ui

import (
	"testing"

	"punto/app"
	"punto/app/desk"
)

func TestTheStripTellsOfBeingAloneAndOfComingBack(t *testing.T) {
	s, d := newSiteStage(t)
	if _, ok := s.strip(); ok {
		t.Fatalf("it tells of something from the start: %q", s.sheet.Texts())
	}
	top := s.top
	now := func() int64 { return s.clock.Load() * 1000 }
	d.change(func() { d.site.Alone, d.site.AloneSince = true, now() })
	s.later(4)
	if s.asking {
		t.Error("it asks before five seconds are over")
	}
	s.later(1)
	s.until("alone", func() bool {
		return s.says("Este puesto está solo desde las 10:00.") && s.says("los cambios se unirán al volver")
	})
	if s.top != top+noticeH {
		t.Errorf("the page begins at %v", s.top)
	}
	s.oneMeaning("alone")
	back := func() {
		d.change(func() { d.site.Alone, d.site.BackAt, d.site.ChangedAlone = false, now(), 31 })
		s.later(5)
		s.until("back", func() bool { return s.says("31 casos cambiaron mientras tanto (4 conflictos)") })
	}
	back()
	s.oneMeaning("back")
	s.press("Ctrl K")
	s.oneMeaning("a search under the strip")
	s.press("Esc")
	if _, ok := s.page.(*searchPage); !ok || s.says("Otra vez en red") {
		t.Errorf("Esc left %T, which says %q", s.page, s.sheet.Texts())
	}
	s.press("Esc")
	if _, ok := s.page.(*searchPage); ok {
		t.Error("the second Esc does not leave the search")
	}
	back()
	s.press("Ctrl F11")
	if _, ok := s.page.(*inboxPage); !ok {
		t.Errorf("the key of the strip opens %T", s.page)
	}
	s.later(54)
	if !s.says("Otra vez en red") {
		t.Error("gone within the minute")
	}
	s.later(1)
	if s.says("Otra vez en red") || s.top != top {
		t.Errorf("it still tells after a minute: %q", s.sheet.Texts())
	}
}

func TestAnOutageOfTheServiceKeepsTheDraftAndTheSession(t *testing.T) {
	s, d := newSiteStage(t)
	in := s.page.(*intake)
	in.what.SetText("a medio contar")
	s.until("its number", func() bool { return in.d.Number != "" })
	d.change(func() { d.down = true })
	in.who.SetText("4471")
	s.until("it is told", func() bool { return s.says("El servicio Punto no responde en este puesto.") })
	tries := func() (n int) { d.change(func() { n = d.tries }); return n }
	was := tries()
	s.later(1)
	if s.trying {
		t.Error("it tries again within two seconds")
	}
	for i := range 3 {
		s.later(2)
		s.until("another try", func() bool { return !s.trying })
		if got := tries(); got != was+i+1 {
			t.Errorf("%d tries after %d", got-was, i+1)
		}
	}
	if s.token == "" || in.d.What != "a medio contar" || s.page != page(in) {
		t.Fatal("the outage took the session or the draft")
	}
	d.change(func() { d.down = false })
	s.later(2)
	s.until("it is back", func() bool { return !s.says("no responde") && !s.down })
	if s.token == "" || in.d.What != "a medio contar" {
		t.Fatal("the return took the session or the draft")
	}
	if _, err := s.engine.Do(s.engine.Owner(s.Context()), app.ImportRecords{People: []desk.Person{{Name: "Otro", Extension: "1", Ref: "2"}}}); err != nil {
		t.Fatal(err)
	}
	d.change(func() { d.down = true })
	s.later(5)
	s.until("the second outage", func() bool { return s.down })
	d.change(func() { d.down, d.forgotten = false, true })
	s.later(2)
	s.until("the desk knows nobody any more", func() bool { _, ok := s.page.(*signIn); return ok && s.token == "" })
	if s.drafts.list[0].What != "a medio contar" {
		t.Errorf("the draft is %+v", s.drafts.list[0])
	}
}

func TestAServiceThatIsNotThereYetIsWaitedFor(t *testing.T) {
	d := madeUp()
	d.down = true
	s := newStage(t, true, func(c *Config) { d.Desk, c.Desk = c.Desk, d })
	s.until("it is told", func() bool { return s.says("no responde") })
	d.change(func() { d.down = false })
	s.later(2)
	s.until("the sign-in page", func() bool { _, ok := s.page.(*signIn); return ok && !s.says("no responde") })
}

func TestOneThingThatIsNotThereIsNoOutage(t *testing.T) {
	s, d := newSiteStage(t)
	tries := func() (n int) { d.change(func() { n = d.tries }); return n }
	was := tries()
	s.failed(&app.Error{Code: app.Unavailable, Msg: "this desk keeps no files", Form: "this desk keeps no files"})
	if !s.says("Esta mesa no guarda archivos") {
		t.Errorf("it says %q", s.sheet.Texts())
	}
	s.until("the question whether anybody answers", func() bool { return !s.trying && tries() > was })
	if s.down {
		t.Error("it is taken for an outage")
	}
	d.change(func() { d.down = true })
	s.failed(&app.Error{Code: app.Unavailable, Msg: "gone"})
	if !s.says("El servicio no respondió: no se hizo") {
		t.Errorf("it says %q", s.sheet.Texts())
	}
	s.until("the outage", func() bool { return s.down })
}

func TestTheStripTellsOfAFullDisk(t *testing.T) {
	s, d := newSiteStage(t)
	d.change(func() {
		d.site.Room = desk.Room{Known: true, Free: 300 << 20, All: 4 << 30, Needed: 272 << 20, Low: true}
	})
	s.later(5)
	s.until("little room", func() bool { return s.says("Queda poco espacio en el disco: 300 MB.") })
	d.change(func() { d.site.Room.Free, d.site.Room.Full = 20<<20, true })
	s.later(5)
	s.until("none", func() bool {
		return s.says("El disco de este puesto está lleno: solo se puede leer.") && s.says("hasta que haya 272 MB")
	})
	s.oneMeaning("full")
	d.change(func() { d.site.Room = desk.Room{Known: true, Free: 3 << 30, All: 4 << 30} })
	s.later(5)
	s.until("room again", func() bool { return !s.says("disco") })
}
