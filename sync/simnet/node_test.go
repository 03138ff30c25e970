package simnet_test

import (
	"context"
	"encoding/binary"
	"io"
	"math/rand/v2"
	"time"

	"punto/app/desk"
	"punto/app/engine"
	"punto/app/rooms"
	"punto/store"
	"punto/sync/simnet"
	"punto/sync/site"
	"punto/sync/stream"
)

var ctx = context.Background()

// chance is a seeded source of bytes.
type chance struct{ r *rand.Rand }

func (c chance) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = byte(c.r.Uint32())
	}
	return len(b), nil
}

// node is one workstation: a disk, the store and engine over it, and the ends of
// its connections.
type node struct {
	s     *world
	n     int
	disk  *store.Memory
	db    *store.DB
	eng   *engine.Engine
	log   stream.Log
	claim *stream.Claims
	skew  time.Duration // of its clock
	up    bool
	old   bool // speaks the protocol before
	ends  map[int]*end
	agent context.Context
	kept  *store.Memory // a backup
	keptN int           // acknowledged before it was made
	put   desk.Origin   // under which it was put back; 0 = never
}

// end is this side of a connection.
type end struct {
	peering *stream.Peering
	out     *simnet.Pipe
	work    *simnet.Pipe // done in order, and not at once
	peer    *node
	far     *end
	gone    bool
}

// world is a simulation with nodes in it.
type world struct {
	*simnet.World
	nodes   []*node
	cut     map[[2]int]bool
	faults  simnet.Faults
	plan    plan
	acked   []ack
	numbers map[desk.Number]desk.ID
	bad     []string // what should not have been possible
	cases   []desk.ID
	told    int // texts that were given
	agents  []desk.ID
	wrap    func(*node, stream.Log) stream.Log
	under   func(*store.DB) desk.Log // what the engines work on; nil = the store
	byNode  map[int]int
	reached []string // thresholds that must have an alarm at the end

	// Faults that are planted.
	plant    func() // once, at step plantAt, or at the end
	plantAt  int
	unsynced bool // a kill takes the last things acknowledged with it
	headless bool // nobody leads
}

// ack is something that a node has acknowledged: a note with a text of its own,
// or the opening of a case.
type ack struct {
	kase desk.ID
	text string // "" = the opening
	node int
}

// plan is which troubles a schedule has.
type plan struct {
	partitions, crashes, clones, restores, clocks, roles, versions, blocked bool

	unnoticed bool // a node that was put back goes on as if it had not been
}

// open starts a node from its disk.
func (x *node) open() error {
	var err error
	if x.db, err = store.Open(ctx, store.Options{Memory: x.disk}); err != nil {
		return err
	}
	var log desk.Log = x.db
	if x.s.under != nil {
		log = x.s.under(x.db)
	}
	x.eng, err = rooms.Open(ctx, engine.Config{Log: log, Rand: x.disk.Rand, AtOnce: []int{0, -1, 2}[x.n%3], Now: func() time.Time { return x.s.Now.Add(x.skew) }})
	if err != nil {
		return err
	}
	x.eng.SetPeers(leadOf{x})
	x.log = &site.Replica{Log: x.db, Judge: x.eng}
	if x.s.wrap != nil {
		x.log = x.s.wrap(x, x.log)
	}
	x.claim, x.ends, x.up = &stream.Claims{}, map[int]*end{}, true
	x.agent = x.eng.As(ctx, x.s.agents[x.n%len(x.s.agents)])
	return nil
}

// stop ends a node at once: its connections break.
func (x *node) stop() {
	for _, e := range x.ends {
		e.hangUp()
	}
	x.up = false
	_ = x.eng.Close()
	_ = x.db.Close()
}

func (e *end) hangUp() {
	if e.gone {
		return
	}
	e.gone = true
	e.out.Cut()
	e.work.Cut()
	e.peering.End()
	if !e.far.gone {
		e.far.hangUp()
	}
}

// shut tells whether a node knows that another, or itself, was shut out.
func (x *node) shut(y *node) bool {
	who, _ := y.db.Signer(y.db.Origin())
	return x.eng.Shut(who.Node)
}

// leadOf makes the lowest node that this one can reach, and that was not shut out,
// the leader.
type leadOf struct{ x *node }

func (l leadOf) Live() desk.Sight {
	if l.x.s.headless {
		return desk.Sight{}
	}
	for _, y := range l.x.s.nodes {
		if y != l.x && (!y.up || !l.x.s.reach(l.x.n, y.n)) || l.x.shut(y) {
			continue
		}
		return desk.Sight{Leads: y == l.x}
	}
	return desk.Sight{}
}
func (leadOf) Invite(context.Context) (string, error) { return "", nil }
func (leadOf) Rotate(context.Context) error           { return nil }
func (leadOf) Shut(desk.ID)                           {}
func (leadOf) Present()                               {}
func (l leadOf) Wrote()                               {}

func (s *world) reach(a, b int) bool { return !s.cut[[2]int{min(a, b), max(a, b)}] }

// connect makes the connections that should be there, and breaks those that
// cannot be.
func (s *world) connect() {
	for i, a := range s.nodes {
		for j, b := range s.nodes[:i] {
			e := a.ends[j]
			linked := e != nil && !e.gone
			may := a.up && b.up && s.reach(i, j)
			switch {
			case linked && !may:
				e.hangUp()
			case !linked && may:
				s.link(a, b)
			}
		}
	}
}

func (s *world) link(a, b *node) {
	greet := func(x *node) stream.Greeting {
		g := stream.Greeting{Desk: desk.ID{1}, Node: desk.ID{byte(x.n)}}
		return g
	}
	ea := &end{peering: stream.NewPeering(a.log, a.claim, greet(a)), out: s.Pipe(), work: s.Pipe(), peer: b}
	eb := &end{peering: stream.NewPeering(b.log, b.claim, greet(b)), out: s.Pipe(), work: s.Pipe(), peer: a}
	ea.far, eb.far = eb, ea
	if a.old {
		ea.peering.Me.Max = stream.ProtocolMin
	}
	if b.old {
		eb.peering.Me.Max = stream.ProtocolMin
	}
	a.ends[b.n], b.ends[a.n] = ea, eb
	s.send(ea, ea.peering.Begin())
	s.send(eb, eb.peering.Begin())
}

// send puts messages into the pipe to the other end.
func (s *world) send(e *end, ms []stream.Message) {
	for _, m := range ms {
		e.out.Send(func() { s.deliver(e.far, m) })
	}
}

func (s *world) deliver(e *end, m stream.Message) {
	if e.gone {
		return
	}
	s.Note(uint64(m.Kind), uint64(len(m.Body)))
	ms, w, err := e.peering.Take(m)
	if s.said(e, ms, err); w == nil {
		return
	}
	if w.Reads {
		w.Do(ctx)
		ms, err := e.peering.Done(w)
		s.said(e, ms, err)
		return
	}
	e.work.Send(func() { w.Do(ctx) })
	e.work.Send(func() {
		ms, err := e.peering.Done(w)
		s.said(e, ms, err)
	})
}

// said sends what a peering says, or ends it.
func (s *world) said(e *end, ms []stream.Message, err error) {
	if err != nil {
		s.Note(99)
		e.hangUp()
		return
	}
	s.send(e, ms)
}

// poll lets every peering say what is new.
func (s *world) poll() {
	for _, x := range s.nodes {
		if !x.up {
			continue
		}
		for j := range s.nodes {
			e := x.ends[j]
			if e == nil || e.gone {
				continue
			}
			say := e.peering.Poll
			if s.Chance(30) {
				say = e.peering.Mention
			}
			ms, err := say()
			if err != nil {
				e.hangUp()
				continue
			}
			s.send(e, ms)
		}
	}
}

// gossip offers the newest run of a node to all that it reaches, as datagrams.
func (s *world) gossip(x *node) {
	if s.plan.blocked {
		return
	}
	o := x.db.Origin()
	p := x.db.Points()[o]
	if p.Seq == 0 {
		return
	}
	from := max(1, p.Seq-uint64(s.Rand.IntN(3)))
	runs, err := x.log.Pull(map[desk.Origin]uint64{o: from}, 1, false)
	if err != nil || len(runs) == 0 {
		return
	}
	m := stream.EncodeRun(runs[0])
	for _, y := range s.nodes {
		if y == x {
			continue
		}
		s.Datagram(s.faults, func() {
			if !y.up || !s.reach(x.n, y.n) {
				return
			}
			r, err := stream.DecodeRun(m)
			if err != nil || r.Origin == y.db.Origin() {
				return
			}
			s.Note(7, r.First)
			if _, err := y.log.Merge(ctx, y.log.Prove([]desk.Run{r})); err != nil {
				s.bad = append(s.bad, "a datagram broke a merge: "+err.Error())
			}
		})
	}
}

func seedOf(n uint64) io.Reader {
	return chance{rand.New(rand.NewPCG(n, binary.BigEndian.Uint64([]byte("punto-id"))))}
}
