package simnet_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"punto/app"
	"punto/app/alarms"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/nodes"
	"punto/app/rooms"
	"punto/store"
	"punto/sync/simnet"
)

const size = 3 // nodes of a site

var start = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

// base is the disks of a site that has just been set up: made once.
var base = sync.OnceValues(func() (_ []*store.Memory, err error) {
	s := &world{World: simnet.New(1, start), agents: []desk.ID{{}}}
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%v", p)
		}
	}()
	var disks []*store.Memory
	for i := range size + 1 { // one more, to replace another
		x := &node{s: s, n: i, disk: &store.Memory{Rand: seedOf(uint64(i))}}
		disks = append(disks, x.disk)
		must(x.open())
		s.nodes = append(s.nodes, x)
	}
	first := s.nodes[0]
	own := first.eng.Owner(ctx)
	do := func(c app.Command) app.Receipt {
		r, err := first.eng.Do(own, c)
		must(err)
		return r
	}
	do(app.CreateDesk{Name: "Obra", Zone: "UTC", AlwaysOpen: true, Password: "sala de mando", Login: "admin"})
	do(app.RequireFields{Fields: []string{desk.RequiresNothing}}) // cases here are of nobody
	do(app.RequireFields{Fields: []string{desk.RequiresNothing}})
	for i, role := range []desk.Role{desk.SupervisorRole, desk.AgentRole, desk.TechnicianRole} {
		do(app.SaveAgent{Agent: desk.Agent{Name: fmt.Sprint("agente ", i), Role: role}})
	}
	for i, x := range s.nodes {
		must(x.db.Certify(ctx, []byte{byte(i + 1)}, i == 0))
		do(app.AddNode{Key: keyOf(x), Name: fmt.Sprint("puesto ", i), Coordinator: i == 0})
	}
	s.settle()
	for _, x := range s.nodes { // the administrator works everywhere
		_, err := x.eng.Do(ctx, app.SignIn{Login: "admin", Password: "sala de mando"})
		must(err)
	}
	s.settle()
	for i, x := range s.nodes[1:] {
		must(nodes.Number(ctx, x.eng, string(rune('B'+i))))
	}
	for _, x := range s.nodes {
		x.stop()
	}
	return disks, nil
})

func keyOf(x *node) []byte {
	for _, id := range x.db.Identities() {
		if id.Origin() == x.db.Origin() {
			return id.Key[:]
		}
	}
	return nil
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

// newWorld is a site that was just set up, in the world of a seed.
func newWorld(t testing.TB, seed uint64, p plan) *world {
	t.Helper()
	disks, err := base()
	if err != nil {
		t.Fatal(err)
	}
	s := &world{World: simnet.New(seed, start.Add(time.Hour)), cut: map[[2]int]bool{}, plan: p, numbers: map[desk.Number]desk.ID{}, byNode: map[int]int{},
		faults: simnet.Faults{Drop: 30, Double: 20}}
	s.agents = agentsOf(t, disks[0])
	for i := range size {
		d := disks[i].Clone()
		d.Rand = seedOf(seed*100 + uint64(i))
		x := &node{s: s, n: i, disk: d, old: p.versions && i == 1}
		if err := x.open(); err != nil {
			t.Fatal(err)
		}
		s.nodes = append(s.nodes, x)
	}
	return s
}

var agentIDs []desk.ID

var onceAgents sync.Once

// agentsOf are the administrator and the three others.
func agentsOf(t testing.TB, d *store.Memory) []desk.ID {
	onceAgents.Do(func() {
		db, err := store.Open(ctx, store.Options{Memory: d.Clone()})
		if err != nil {
			t.Fatal(err)
		}
		e, err := rooms.Open(ctx, engine.Config{Log: db})
		if err != nil {
			t.Fatal(err)
		}
		a, err := e.Ask(e.Owner(ctx), app.Records{Type: desk.AgentType})
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range a.(app.RecordsAnswer).Agents {
			if agentIDs = append(agentIDs, x.ID); x.Of.Login == "admin" {
				n := len(agentIDs) - 1
				agentIDs[0], agentIDs[n] = agentIDs[n], agentIDs[0]
			}
		}
		_ = errors.Join(e.Close(), db.Close())
	})
	return agentIDs
}

// settle lets the site come to rest with all nodes up and connected.
func (s *world) settle() {
	s.cut = map[[2]int]bool{}
	for range 40 {
		s.connect()
		s.poll()
		s.Run(2 * time.Second)
		if s.same() {
			return
		}
	}
}

// same tells whether all nodes hold the same.
func (s *world) same() bool {
	for _, x := range s.nodes[1:] {
		a, b := s.nodes[0].db.Points(), x.db.Points()
		if len(a) != len(b) {
			return false
		}
		for o, p := range a {
			if b[o] != p {
				return false
			}
		}
	}
	return true
}

// step is something that is asked of a node: run may wait for the writer, then
// notes what came of it. All chance is drawn before.
type step struct{ run, then func() }

// act has a node do something of a day's work.
func (s *world) act(x *node) {
	if !x.up || x.silent() {
		return
	}
	w := s.work(x)
	w.run()
	w.then()
	if s.Chance(60) {
		s.gossip(x)
	}
}

// work is a command of a day's work.
func (s *world) work(x *node) step {
	s.byNode[x.n]++
	who := x.agent
	var c app.Command
	done := func(app.Receipt) {}
	pick := func() desk.ID {
		if len(s.cases) == 0 {
			return desk.ID{}
		}
		return s.cases[s.Rand.IntN(len(s.cases))]
	}
	switch n := s.Rand.IntN(13); {
	case n < 3 || len(s.cases) == 0:
		s.told++
		c = app.OpenCase{Opened: desk.Opened{Subject: fmt.Sprint("caso ", s.told), Impact: 1 + s.Rand.IntN(4), Urgency: 1 + s.Rand.IntN(4)}}
		done = func(r app.Receipt) {
			s.acked = append(s.acked, ack{r.ID, "", x.n})
			s.cases = append(s.cases, r.ID)
			if other, taken := s.numbers[r.Number]; taken && other != r.ID {
				s.bad = append(s.bad, fmt.Sprintf("the number %s was given twice", r.Number))
			}
			s.numbers[r.Number] = r.ID
		}
	case n < 6:
		s.told++
		note := app.AddNote{Case: pick(), Text: fmt.Sprintf("nota %d de %d", s.told, x.n)}
		c, done = note, func(app.Receipt) { s.acked = append(s.acked, ack{note.Case, note.Text, x.n}) }
	case n == 6:
		p, why := 1+s.Rand.IntN(4), "acordado"
		c = app.EditCase{Case: pick(), Edit: desk.Edited{Priority: &p, Why: &why}}
	case n == 7:
		c = app.TakeCase{Case: pick()}
	case n == 8:
		c = app.ResolveCase{Case: pick(), Text: "resuelto"}
	case n == 9:
		c = app.Undo{Entity: desk.Entity{Type: desk.CaseType, ID: pick()}}
	case n == 10:
		return s.ruling(x)
	case n == 11:
		c = app.ExcuseClock{Case: pick(), Clock: "resolve/1", Cause: "cliente", Text: "no había luz"}
	default:
		c = app.SuspendCase{Case: pick(), Reason: "user", Wake: s.Now.Add(x.skew + time.Minute).UnixMilli()}
	}
	return s.command(x, who, c, done)
}

// ruling changes a right, where the schedule has them changed, or a promise.
func (s *world) ruling(x *node) step {
	admin := x.eng.As(ctx, s.agents[0])
	if s.plan.roles && x.n != size-1 && s.Chance(6) {
		return s.command(x, admin, app.RevokeNode{Node: desk.NodeID(keyOf(s.nodes[size-1]))}, nil)
	}
	if s.plan.roles && s.Chance(70) {
		role := []desk.Role{desk.NoRole, desk.AgentRole, desk.SupervisorRole, desk.ViewerRole}[s.Rand.IntN(4)]
		k := 1 + s.Rand.IntN(len(s.agents)-1)
		return s.command(x, admin, app.SaveAgent{ID: s.agents[k], Agent: desk.Agent{Name: fmt.Sprint("agente ", k), Role: role}}, nil)
	}
	return s.command(x, admin, app.SaveContract{ID: s.contract(x), Contract: desk.Contract{Code: "K", Client: "Obra", Zone: "UTC", Targets: []desk.Target{
		{Priority: 1, TakeUp: 60, Resolve: 120 + s.Rand.Int64N(600), OLA: 60}, {Priority: 2, TakeUp: 120, Resolve: 900}, {Priority: 3, Resolve: 3600}, {Priority: 4, Resolve: 7200}}}}, nil)
}

// command is a step that carries one out; done is called when it went well.
func (s *world) command(x *node, who context.Context, c app.Command, done func(app.Receipt)) step {
	var r app.Receipt
	var err error
	return step{
		run: func() { r, err = x.eng.Do(who, c) },
		then: func() {
			if err != nil {
				s.failed(x, app.NameOf(c), err)
			}
			s.Note(uint64(x.n), uint64(len(app.NameOf(c))))
			if err == nil && done != nil {
				done(r)
			}
		},
	}
}

func (s *world) contract(x *node) (id desk.ID) {
	a, err := x.eng.Ask(x.eng.Owner(ctx), app.Records{Type: desk.ContractType})
	if err == nil {
		for _, y := range a.(app.RecordsAnswer).Contracts {
			return y.ID
		}
	}
	return id
}

// run is one schedule: work and trouble, then rest.
func (s *world) run(steps int) string {
	for i := range steps {
		if s.plant != nil && s.plantAt == i && i > 0 {
			s.plant()
		}
		if x := s.nodes[s.Rand.IntN(size)]; s.unsynced && x.up && s.Chance(20) {
			before := x.disk.Clone()
			s.act(x)
			x.stop()
			x.disk = before
			must(x.open())
		}
		s.connect()
		s.act(s.nodes[s.Rand.IntN(size)])
		if s.Chance(30) {
			s.crowd(s.nodes[s.Rand.IntN(size)])
		}
		if s.Chance(35) {
			s.trouble()
		}
		if s.Chance(30) {
			s.tick()
		}
		if s.Chance(70) {
			s.poll()
		}
		s.Run(s.Between(0, 90*time.Second))
	}
	for _, x := range s.nodes {
		if !x.up {
			must(x.open())
		}
		x.skew = 0
	}
	s.settle()
	for _, x := range s.nodes {
		x.put = 0 // it has met all others
	}
	s.tick()
	// by the clock of the one that leads; none, when all that is left are copies of
	// one that was shut out
	if i := slices.IndexFunc(s.nodes, func(y *node) bool { return !y.shut(y) }); i >= 0 {
		var err error
		s.reached, err = alarms.Reached(s.nodes[i].eng)
		must(err)
	}
	s.settle()
	if s.plant != nil && s.plantAt == 0 {
		s.plant()
		s.settle()
	}
	v := s.verdict()
	for _, x := range s.nodes {
		p := x.db.Points()
		s.Note(uint64(len(p)))
		for _, q := range p {
			s.Trace += q.Seq // of a set: in no order
		}
		x.stop()
	}
	return v
}

func (s *world) tick() {
	for _, x := range s.nodes {
		if x.up && !x.silent() {
			if err := x.eng.Tick(ctx); err != nil {
				s.failed(x, "timers", err)
			}
		}
	}
}

// failed notes an error that nobody can act on; a workstation that was shut out
// may nothing any more.
func (s *world) failed(x *node, what string, err error) {
	var known *app.Error
	if !errors.As(err, &known) {
		s.bad = append(s.bad, fmt.Sprintf("node %d: %s: %v", x.n, what, err))
	}
}

func planOf(seed uint64) plan {
	return plan{partitions: seed%2 == 0, crashes: seed%3 == 0, clones: seed%7 == 1, restores: seed%5 == 2, clocks: seed%4 == 1, roles: seed%3 == 1, versions: seed%5 == 0, blocked: seed%4 == 2}
}
