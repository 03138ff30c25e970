package nodes

import (
	"slices"
	"testing"

	"punto/app"
	"punto/app/desk"
	"punto/ui/stage"
)

// network is a window over a made-up network, in a lobby.
func network(t *testing.T) (*stage.Stage, *stage.Network) {
	t.Helper()
	return stage.NewNetwork(t, stage.With("board", Kind(), Refused()))
}

func TestWorkstationsAreListedWithTheirState(t *testing.T) {
	s, d := network(t)
	s.Press("Ctrl F8")
	n := s.Page().(*nodesPage)
	s.Until("the rows", func() bool { return len(n.nodes) == 5 && s.ListSays(n.list, "Recepción") })
	s.OneMeaning("workstations")
	for _, want := range []string{"Vivo", "Sin contacto desde las 09:05", "Retirado hoy 08:30", "+3,4 s", "−0,2 s", "le faltan 1240 hechos", "aquí faltan 31 de sus hechos", "al día",
		"Dos historias", "este puesto · 192.168.1.20:7946 · 2.0.0", "copia hoy 02:00", "dirige las tareas únicas", "coordinador"} {
		if !s.ListSays(n.list, want) {
			t.Errorf("no row says %q: %q", want, n.list.Texts())
		}
	}
	for _, want := range []string{"2 de 4 puestos vivos", "Recepción · turno 7", "el servicio", "4 conflictos"} {
		if !s.Says(want) {
			t.Errorf("the head does not say %q: %q", want, s.Texts())
		}
	}
	d.Change(func() { d.Known.Fetching, d.Known.Fetched = 750, 250 })
	s.Later(3)
	s.Until("how far it has caught up", func() bool { return s.Says("250 de 1000 hechos") })
	s.Press("F6")
	s.Until("what was refused", func() bool { return s.Reads("el rol no lo permite") })
	s.OneMeaning("refused")
}

func TestOnlyAYesShutsAWorkstationOut(t *testing.T) {
	s, d := network(t)
	s.Go("nodes", nil)
	n := s.Page().(*nodesPage)
	s.Until("the rows", func() bool { return len(n.nodes) == 5 })
	n.list.Select(0)
	s.Press("F4")
	if s.Asked() != nil || !s.Says("no se retira a sí mismo") {
		t.Errorf("it would shut itself out: %q", s.Texts())
	}
	n.list.Select(1)
	s.Press("F4")
	s.OneMeaning("shutting out")
	if !s.Says("¿Retirar Bodega para siempre?") {
		t.Errorf("it asks %q", s.Texts())
	}
	s.Press("Enter")
	s.Press("F4")
	s.Press("Esc")
	if got := d.Commands(); len(got) != 0 {
		t.Fatalf("without a yes it did %+v", got)
	}
	s.Press("F4")
	s.Press("2")
	s.Until("it is said", func() bool { return s.Says("Bodega quedó retirado") })
	s.Press("F3")
	s.Asked().Field.SetText("Bodega norte")
	s.Asked().Field.OnEnter()
	s.Until("its name", func() bool { return s.Says("Bodega se llama ahora Bodega norte") })
	s.Press("F7")
	s.Press("2")
	s.Until("the key", func() bool { return s.Says("clave nueva") })
	want := []app.Command{app.RevokeNode{Node: stage.Node(2)}, app.NameNode{Node: stage.Node(2), Name: "Bodega norte"}, app.RotateKey{}}
	if got := d.Commands(); !slices.Equal(got, want) {
		t.Errorf("it did %+v", got)
	}
}

func TestAnInvitationIsShownUntilItIsWorthNothing(t *testing.T) {
	s, _ := network(t)
	s.Go("nodes", nil)
	n := s.Page().(*nodesPage)
	s.Until("the rows", func() bool { return len(n.nodes) == 5 })
	s.Press("F9")
	s.Until("the code", func() bool { return s.Says("K7QMR 2XW9T B4HD6 VNP8Z") })
	s.OneMeaning("an invitation")
	if !s.Says("192.168.1.20:7946") || !s.Says("hasta las 10:15 (quedan 15 min)") {
		t.Errorf("it says %q", s.Texts())
	}
	s.Later(14*60 + 59)
	if !s.Says("K7QMR") {
		t.Error("gone before its time")
	}
	s.Later(1)
	if s.Says("K7QMR") {
		t.Error("shown after its time")
	}
}

func TestWhoIsNotAdministratorInvitesNobody(t *testing.T) {
	s, d := network(t)
	s.Go("nodes", nil)
	s.Until("the rows", func() bool { return len(s.Page().(*nodesPage).nodes) == 5 && !s.Kit().NodesAt.IsZero() })
	d.Change(func() { d.Known.Nodes[0].Coordinator, d.Known.Nodes[1].Coordinator = false, true })
	s.Press("F5")
	s.Until("another coordinator", func() bool { return s.Page().(*nodesPage).me().Name != "" && !s.Page().(*nodesPage).me().Coordinator })
	s.Press("F9")
	if !s.Says("Se invita en el coordinador: vaya a Bodega") {
		t.Errorf("it says %q", s.Texts())
	}
	s.Kit().State.Agent.Role = desk.AgentRole
	for _, k := range []string{"F9", "F3", "F4", "F7"} {
		if s.Does(k) {
			t.Errorf("%s works for an agent", k)
		}
	}
	if got := d.Commands(); len(got) != 0 {
		t.Errorf("it did %+v", got)
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
