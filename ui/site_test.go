package ui

import (
	"context"
	"iter"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/ui/look"
)

// siteDesk is an engine that tells of workstations and conflicts that a test
// has made up, and can be taken away.
type siteDesk struct {
	app.Desk
	mu        sync.Mutex // guards what follows
	site      app.NodesAnswer
	rows      []app.ConflictRow
	settled   []app.SettleConflict
	done      []app.Command
	down      bool
	forgotten bool // nobody is signed in any more
	tries     int  // of Status
}

func (d *siteDesk) Ask(ctx context.Context, q app.Query) (app.Answer, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, ok := q.(app.Status); ok {
		d.tries++
	}
	if d.down {
		return nil, &app.Error{Code: app.Unavailable, Msg: "gone"}
	}
	switch q := q.(type) {
	case app.Nodes:
		if d.forgotten {
			return nil, &app.Error{Code: app.NotSignedIn, Msg: "who"}
		}
		a := d.site
		a.Conflicts = len(d.rows)
		return a, nil
	case app.Conflicts:
		from := 0
		if len(q.After) > 0 {
			from = int(q.After[0])
		}
		to := min(len(d.rows), from+q.Limit)
		a := app.ConflictsAnswer{Rows: slices.Clone(d.rows[from:to])}
		if to < len(d.rows) {
			a.Next = []byte{byte(to)}
		}
		return a, nil
	case app.Refused:
		return app.RefusedAnswer{Rows: []app.RefusedRow{{Node: "Bodega", Kind: "case-assigned", Entity: desk.Entity{Type: desk.CaseType}, Writer: "Elena Huamán", At: 1795446000000, Reason: "role"}}}, nil
	}
	return d.Desk.Ask(ctx, q)
}

func (d *siteDesk) Do(ctx context.Context, c app.Command) (app.Receipt, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.down {
		return app.Receipt{}, &app.Error{Code: app.Unavailable, Msg: "gone"}
	}
	switch c := c.(type) {
	case app.SettleConflict:
		d.settled = append(d.settled, c)
		i := slices.IndexFunc(d.rows, func(r app.ConflictRow) bool { return r.Entity == c.Entity && r.Field == c.Field && r.Stamp == c.Stamp })
		if i < 0 {
			return app.Receipt{}, &app.Error{Code: app.NotFound, Msg: "settled already"}
		}
		d.rows = slices.Delete(d.rows, i, i+1)
		return app.Receipt{}, nil
	case app.Invite:
		d.done = append(d.done, c)
		return app.Receipt{Secret: "K7QMR2XW9TB4HD6VNP8Z"}, nil
	case app.RevokeNode, app.RotateKey, app.NameNode:
		d.done = append(d.done, c)
		return app.Receipt{}, nil
	}
	return d.Desk.Do(ctx, c)
}

func (d *siteDesk) Watch(ctx context.Context, of app.Interest) iter.Seq[app.Change] {
	return d.Desk.Watch(ctx, of)
}

// change alters what the desk tells.
func (d *siteDesk) change(f func()) {
	d.mu.Lock()
	f()
	d.mu.Unlock()
}

func (d *siteDesk) commands() []app.Command {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.done)
}

func nodeNamed(b byte) (id desk.ID) { id[0] = b; return id }

// madeUp is a desk of four workstations, each in another state, with conflicts.
func madeUp() *siteDesk {
	at := func(h, m int) int64 { return time.Date(2026, 11, 23, h+5, m, 0, 0, time.UTC).UnixMilli() }
	d := &siteDesk{site: app.NodesAnswer{Joined: true, Me: nodeNamed(1), Leader: nodeNamed(1), Term: 7, Refused: 1, Service: true, Nodes: []app.NodeRow{
		{ID: nodeNamed(1), Name: "Recepción", Prefix: "B", Me: true, Coordinator: true, Leads: true, Alive: true, SeenAt: at(10, 0), OffsetKnown: true, Version: "2.0.0", Address: "192.168.1.20:7946", BackupAt: at(2, 0)},
		{ID: nodeNamed(2), Name: "Bodega", Prefix: "C", Alive: true, SeenAt: at(10, 0), Behind: 1240, Ahead: 31, OffsetKnown: true, Offset: 3400, Version: "2.0.0", Address: "192.168.1.31:7946"},
		{ID: nodeNamed(3), Name: "Mesa 2", Prefix: "D", SeenAt: at(9, 5), OffsetKnown: true, Offset: -200, Version: "1.9.4", Address: "192.168.1.32:7946"},
		{ID: nodeNamed(4), Name: "Portería", Prefix: "E", SeenAt: at(8, 0), Forked: true},
		{ID: nodeNamed(5), Name: "Portátil viejo", Prefix: "F", SeenAt: at(7, 0), RevokedAt: at(8, 30)},
	}}}
	row := func(n byte, number desk.Number, title, field, kept, other string) app.ConflictRow {
		return app.ConflictRow{Entity: desk.Entity{Type: desk.CaseType, ID: nodeNamed(n)}, Number: number, Title: title, Field: field, Kept: kept, Other: other,
			KeptBy: "Pedro Lagos", OtherBy: "Elena Huamán", KeptAt: at(9, 40), OtherAt: at(9, 12), Stamp: desk.Stamp(n), CanChange: true, OpenedCase: true}
	}
	d.rows = []app.ConflictRow{row(1, "C-0931-8", "Guías no imprimen, patio 2", "priority", "3", "2"), row(2, "C-0931-8", "Guías no imprimen, patio 2", "group", "Soporte Arequipa", "Redes"),
		row(3, "B-4180-2", "Acceso a SAP despacho", "status", "resolved", "in_progress"), row(4, "", "Rosa Quispe Mamani", "extension", "4471", "")}
	d.rows[2].CanChange = false
	d.rows[3].OpenedCase, d.rows[3].Entity.Type = false, desk.PersonType
	return d
}

// newSiteStage is a signed-in window over a made-up desk of many workstations.
func newSiteStage(t *testing.T) (*stage, *siteDesk) {
	d := madeUp()
	s := newStage(t, true, func(c *Config) { d.Desk, c.Desk = c.Desk, d })
	s.signIn()
	s.until("the site", func() bool { return s.site.Term == 7 })
	s.until("who is signed in", func() bool { return s.state.Agent.Name != "" })
	return s, d
}

// later lets seconds pass; nothing that was asked before is still to come.
func (s *stage) later(seconds int64) {
	s.Helper()
	s.until("what was asked", func() bool { return !s.asking && !s.trying })
	s.clock.Add(seconds)
	s.Active()
	s.Tick()
}

func (s *stage) listSays(l *look.List, text string) bool {
	return slices.ContainsFunc(l.Texts(), func(t string) bool { return strings.Contains(t, text) })
}

func TestWorkstationsAreListedWithTheirState(t *testing.T) {
	s, d := newSiteStage(t)
	s.press("Ctrl F8")
	n := s.page.(*nodesPage)
	s.until("the rows", func() bool { return len(n.nodes) == 5 && s.listSays(n.list, "Recepción") })
	s.oneMeaning("workstations")
	for _, want := range []string{"Vivo", "Sin contacto desde las 09:05", "Retirado hoy 08:30", "+3,4 s", "−0,2 s", "le faltan 1240 hechos", "aquí faltan 31 de sus hechos", "al día",
		"Dos historias", "este puesto · 192.168.1.20:7946 · 2.0.0", "copia hoy 02:00", "dirige las tareas únicas", "coordinador"} {
		if !s.listSays(n.list, want) {
			t.Errorf("no row says %q: %q", want, n.list.Texts())
		}
	}
	for _, want := range []string{"2 de 4 puestos vivos", "Recepción · turno 7", "el servicio", "4 conflictos"} {
		if !s.says(want) {
			t.Errorf("the head does not say %q: %q", want, s.sheet.Texts())
		}
	}
	d.change(func() { d.site.Fetching, d.site.Fetched = 750, 250 })
	s.later(3)
	s.until("how far it has caught up", func() bool { return s.says("250 de 1000 hechos") })
	s.press("F6")
	s.until("what was refused", func() bool { return s.listSays(s.pages[refused].first().(*look.List), "el rol no lo permite") })
	s.oneMeaning("refused")
}

func TestOnlyAYesShutsAWorkstationOut(t *testing.T) {
	s, d := newSiteStage(t)
	s.goTo(nodes)
	n := s.page.(*nodesPage)
	s.until("the rows", func() bool { return len(n.nodes) == 5 })
	n.list.Select(0)
	s.press("F4")
	if s.line != nil || !s.says("no se retira a sí mismo") {
		t.Errorf("it would shut itself out: %q", s.sheet.Texts())
	}
	n.list.Select(1)
	s.press("F4")
	s.oneMeaning("shutting out")
	if !s.says("¿Retirar Bodega para siempre?") {
		t.Errorf("it asks %q", s.sheet.Texts())
	}
	s.press("Enter")
	s.press("F4")
	s.press("Esc")
	if got := d.commands(); len(got) != 0 {
		t.Fatalf("without a yes it did %+v", got)
	}
	s.press("F4")
	s.press("2")
	s.until("it is said", func() bool { return s.says("Bodega quedó retirado") })
	s.press("F3")
	s.line.field.SetText("Bodega norte")
	s.line.field.OnEnter()
	s.until("its name", func() bool { return s.says("Bodega se llama ahora Bodega norte") })
	s.press("F7")
	s.press("2")
	s.until("the key", func() bool { return s.says("clave nueva") })
	want := []app.Command{app.RevokeNode{Node: nodeNamed(2)}, app.NameNode{Node: nodeNamed(2), Name: "Bodega norte"}, app.RotateKey{}}
	if got := d.commands(); !slices.Equal(got, want) {
		t.Errorf("it did %+v", got)
	}
}

func TestAnInvitationIsShownUntilItIsWorthNothing(t *testing.T) {
	s, _ := newSiteStage(t)
	s.goTo(nodes)
	n := s.page.(*nodesPage)
	s.until("the rows", func() bool { return len(n.nodes) == 5 })
	s.press("F9")
	s.until("the code", func() bool { return s.says("K7QMR 2XW9T B4HD6 VNP8Z") })
	s.oneMeaning("an invitation")
	if !s.says("192.168.1.20:7946") || !s.says("hasta las 10:15 (quedan 15 min)") {
		t.Errorf("it says %q", s.sheet.Texts())
	}
	s.later(14*60 + 59)
	if !s.says("K7QMR") {
		t.Error("gone before its time")
	}
	s.later(1)
	if s.says("K7QMR") {
		t.Error("shown after its time")
	}
}

func TestWhoIsNotAdministratorInvitesNobody(t *testing.T) {
	s, d := newSiteStage(t)
	s.goTo(nodes)
	s.until("the rows", func() bool { return len(s.page.(*nodesPage).nodes) == 5 && !s.got.IsZero() })
	d.change(func() { d.site.Nodes[0].Coordinator, d.site.Nodes[1].Coordinator = false, true })
	s.press("F5")
	s.until("another coordinator", func() bool { return s.page.(*nodesPage).me().Name != "" && !s.page.(*nodesPage).me().Coordinator })
	s.press("F9")
	if !s.says("Se invita en el coordinador: vaya a Bodega") {
		t.Errorf("it says %q", s.sheet.Texts())
	}
	s.state.Agent.Role = desk.AgentRole
	for _, k := range []string{"F9", "F3", "F4", "F7"} {
		if s.Combination(parseKey(k)) {
			t.Errorf("%s works for an agent", k)
		}
	}
	if got := d.commands(); len(got) != 0 {
		t.Errorf("it did %+v", got)
	}
}

func TestEveryThingThatMayBeListedHasAName(t *testing.T) {
	s := newStage(t, true)
	ids := []string{"refused.revoked", "refused.role", "refused.node", "refused.absent", "refused.values"}
	for k := desk.NoKind; k.Known() || k == desk.NoKind; k++ {
		ids = append(ids, "event."+k.String())
	}
	for x := desk.NoType; x <= desk.AlarmType; x++ {
		ids = append(ids, "type."+x.String())
	}
	for _, f := range []string{"subject", "text", "why", "category", "impact", "urgency", "priority", "person", "asset", "contract", "area", "site", "agent", "group", "parent", "status"} {
		ids = append(ids, "field."+f)
	}
	if len(ids) < 60 {
		t.Errorf("only %d names are looked up", len(ids))
	}
	for _, id := range ids {
		if s.words.T(id) == id {
			t.Errorf("%s has no words", id)
		}
	}
	if got := s.field("57"); got != "Dato 57" {
		t.Errorf("a field without a name is %q", got)
	}
}

func TestAClockIsWarnedOfFromTwoSecondsOn(t *testing.T) {
	for ms, want := range map[int64]struct {
		off  bool
		word string
	}{2000: {false, "+2,0 s"}, 2001: {true, "+2,0 s"}, -2001: {true, "−2,0 s"}, -200: {false, "−0,2 s"}, 0: {false, "+0,0 s"}, -3_900_000: {true, "−1 h 05"}} {
		if clockOff(ms) != want.off || offset("es", ms) != want.word {
			t.Errorf("%d ms: %v, %q", ms, clockOff(ms), offset("es", ms))
		}
	}
	if s := offset("en", 2000); s != "+2.0 s" {
		t.Errorf("in English 2,000 ms are %q", s)
	}
}
