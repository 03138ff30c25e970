package host

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/fxamacker/cbor/v2"

	"punto/app"
	"punto/app/desk"
	"punto/sync/gossip"
	"punto/sync/stream"
)

// Port is where sessions are listened for when the site says nothing else; the
// gossip takes the port after it.
const Port = 7420

// site keeps the workstation in the site that it belongs to: it is the app.Peers
// of the engine.
type site struct {
	h     *Host
	log   *slog.Logger
	o     Options
	me    desk.ID
	conf  atomic.Pointer[stream.Site]
	hub   *stream.Hub
	mesh  *gossip.Mesh // nil when its port is taken: sessions carry everything
	news  chan struct{}
	hints chan desk.Run
	view  atomic.Pointer[app.Live] // what see saw last

	saving sync.Mutex

	mu         sync.Mutex // guards what follows
	lease      gossip.Lease
	aloneSince time.Time // of the present or last isolation
	backAt     time.Time
	alone      bool
	present    map[desk.ID][]desk.ID // who is signed in where
	began      time.Time
	most       uint64 // events to come when the present catching up began
}

var _ app.Peers = (*site)(nil)

// startSite begins to speak with the other workstations, when the folder belongs
// to a site.
func (h *Host) startSite(o Options) (run func(context.Context) error, err error) {
	conf, err := stream.LoadSite(h.dir)
	if err != nil || conf == nil {
		return nil, err
	}
	s := &site{h: h, log: h.log, o: o, me: desk.NodeID(pubOf(h.db)), news: make(chan struct{}, 1), hints: make(chan desk.Run, 1024), began: time.Now()}
	s.conf.Store(conf)
	if conf.Listen == "" {
		conf.Listen = ":" + strconv.Itoa(Port)
	}
	l, err := net.Listen("tcp", conf.Listen)
	if err != nil {
		return nil, fmt.Errorf("listen for other workstations at %s: %w; end the program that has the port, or change listen in site.json", conf.Listen, err)
	}
	if conf.Address == "" {
		host, port, _ := net.SplitHostPort(l.Addr().String())
		if ip := net.ParseIP(host); ip == nil || ip.IsUnspecified() {
			host = "" // it is what the other end sees
		}
		conf.Address = net.JoinHostPort(host, port)
	}
	r := &Replica{DB: h.db, Engine: h.Engine, Check: func(id *desk.Identity) error { return s.conf.Load().Check(id) }}
	c := stream.Config{Site: s.conf.Load, SaveSite: s.save, Key: h.db.Key(), Log: r, Revoked: h.Shut, Version: o.Version, Logger: h.log, Changed: s.keys, Files: h.files, Alive: s.aliveAt}
	if conf.Coordinator() {
		c.Register = s.register
	}
	s.hub = stream.NewHub(c)
	s.startMesh(conf)
	h.SetPeers(s)
	return func(ctx context.Context) error { return s.run(ctx, l) }, nil
}

func pubOf(db interface {
	Identities() map[desk.Origin]desk.Identity
	Origin() desk.Origin
}) []byte {
	id := db.Identities()[db.Origin()]
	return id.Key[:]
}

func (s *site) startMesh(conf *stream.Site) {
	host, port, err := net.SplitHostPort(conf.Listen)
	n, perr := strconv.Atoi(port)
	if err != nil || perr != nil || n == 0 {
		return // a port of the system's choice: nobody could find the gossip
	}
	s.mesh, err = gossip.Start(gossip.Config{Node: s.me, Origin: s.h.db.Origin(), Desk: conf.Desk, Keys: conf.Ring.Keys, Host: host, Port: n + 1, Logger: s.log,
		Meta: gossip.Meta{Port: uint16(n), Version: s.o.Version}, Heard: s.heard, Arrived: s.hub.Hurry}) //nolint:gosec // a port
	if err != nil {
		s.mesh = nil
		s.log.Warn("no gossip: sessions carry everything", "err", err)
		return
	}
	for _, a := range conf.Peers {
		s.mesh.Know(a)
	}
}

func (s *site) run(ctx context.Context, l net.Listener) error {
	var all sync.WaitGroup
	ctx, stop := context.WithCancel(ctx)
	defer all.Wait()
	defer stop()
	all.Go(func() { s.spread(ctx) })
	all.Go(func() { s.take(ctx) })
	all.Go(func() { s.watch(ctx) })
	all.Go(func() { s.clocks(ctx) })
	if s.mesh != nil {
		all.Go(func() { _ = s.mesh.Run(ctx) })
		defer func() { _ = s.mesh.Close() }()
	}
	return s.hub.Run(ctx, l)
}

// save replaces what is known of the site.
func (s *site) save(next *stream.Site) error {
	s.saving.Lock()
	defer s.saving.Unlock()
	if err := next.Save(s.h.dir); err != nil {
		return err
	}
	s.conf.Store(next)
	return nil
}

func (s *site) keys() {
	if s.mesh == nil {
		return
	}
	if err := s.mesh.SetKeys(s.conf.Load().Ring.Keys); err != nil {
		s.log.Error("the gossip key could not be changed: restart the program", "err", err)
	}
}

// register tells the desk of a workstation that joins.
func (s *site) register(ctx context.Context, key ed25519.PublicKey, name string) (string, error) {
	r, err := s.h.Do(s.h.Owner(ctx), app.AddNode{Key: key, Name: name})
	return string(r.Number), err
}

// aliveAt tells whether the gossip has a member with that address.
func (s *site) aliveAt(address string) bool {
	return s.mesh != nil && s.mesh.Alive(address)
}

// Wrote implements app.Peers.
func (s *site) Wrote() {
	s.hub.Wake()
	select {
	case s.news <- struct{}{}:
	default:
	}
}

// Kinds of hint.
const (
	runHint     = 'R' // a run
	presentHint = 'P' // presence
)

// presence tells who is signed in on a workstation. It proves nothing, and decides
// nothing.
type presence struct {
	Node   desk.ID   `cbor:"1,keyasint"`
	Agents []desk.ID `cbor:"2,keyasint"`
}

// Present implements app.Peers.
func (s *site) Present() {
	b, err := cbor.Marshal(presence{s.me, s.h.Agents()})
	if s.mesh != nil && err == nil {
		s.mesh.Direct(append([]byte{presentHint}, b...))
	}
}

func (s *site) heardPresence(b []byte) {
	var p presence
	if cbor.Unmarshal(b, &p) != nil || len(p.Agents) > 64 {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.present == nil {
		s.present = map[desk.ID][]desk.ID{}
	}
	if _, known := s.present[p.Node]; known || len(s.present) < 1024 {
		s.present[p.Node] = p.Agents
	}
}

// spread sends what this workstation writes to all that are alive, at once, when
// it is small enough for a hint. Sessions carry the rest.
func (s *site) spread(ctx context.Context) {
	origin := s.h.db.Origin()
	told := s.h.db.Vector()[origin]
	for {
		select {
		case <-s.news:
		case <-ctx.Done():
			return
		}
		if s.mesh == nil {
			continue
		}
		if o := s.h.db.Origin(); o != origin {
			origin, told = o, 0
		}
		runs, err := (&Replica{DB: s.h.db}).Pull(map[desk.Origin]uint64{origin: told + 1}, gossip.MaxHint, false)
		if err != nil || len(runs) == 0 {
			continue
		}
		for _, r := range runs {
			if b := append([]byte{runHint, byte(stream.Events)}, stream.EncodeRun(r).Body...); r.Block == nil && len(b) <= gossip.MaxHint {
				s.mesh.Tell(b)
			}
		}
		told = s.h.db.Vector()[origin]
	}
}

// heard takes a hint off the gossip's goroutine.
func (s *site) heard(b []byte) {
	if len(b) < 2 {
		return
	}
	if b[0] == presentHint {
		s.heardPresence(b[1:])
		return
	}
	if b[0] != runHint {
		return
	}
	r, err := stream.DecodeRun(stream.Message{Kind: stream.Kind(b[1]), Body: b[2:]})
	if err != nil || r.Block != nil {
		return
	}
	select {
	case s.hints <- r:
	default: // sessions bring it
	}
}

// take puts hinted runs into the log, where they prove themselves.
func (s *site) take(ctx context.Context) {
	for {
		var runs []desk.Run
		select {
		case r := <-s.hints:
			runs = append(runs, r)
		case <-ctx.Done():
			return
		}
		for len(runs) < 256 {
			select {
			case r := <-s.hints:
				runs = append(runs, r)
				continue
			default:
			}
			break
		}
		own := s.h.db.Origin()
		held := s.h.db.Vector()
		runs = slices.DeleteFunc(runs, func(r desk.Run) bool { return r.Origin == own || r.Last() <= held[r.Origin] })
		if len(runs) == 0 {
			continue
		}
		if t, err := s.h.Merge(ctx, runs); err == nil && t.Events > 0 {
			s.hub.Wake()
		}
	}
}

// Invite implements app.Peers.
func (s *site) Invite(context.Context) (string, error) {
	code, err := s.hub.Invite()
	return code, known(err)
}

// Rotate implements app.Peers.
func (s *site) Rotate(context.Context) error { return known(s.hub.Rotate()) }

// known gives what a person can act on its code.
func known(err error) error {
	if errors.Is(err, stream.ErrNotCoordinator) {
		return &app.Error{Code: app.Conflict, Msg: err.Error(), Form: err.Error()}
	}
	return err
}

// Shut implements app.Peers.
func (s *site) Shut(node desk.ID) { s.hub.Shut(node) }

// Live implements app.Peers: as of the last look, for whoever asks may hold what a
// look waits for.
func (s *site) Live() app.Live {
	if l := s.view.Load(); l != nil {
		return *l
	}
	return app.Live{Service: s.o.Service}
}

// see looks at the site now.
func (s *site) see() app.Live {
	l := app.Live{Nodes: map[desk.ID]app.LiveNode{}, Service: s.o.Service}
	for _, p := range s.hub.Peers() {
		l.Nodes[p.Node] = app.LiveNode{Alive: p.Sessions > 0 && time.Since(p.SeenAt) < silence, SeenAt: p.SeenAt.UnixMilli(), Vector: p.Vector, OffsetKnown: p.Measured,
			Offset: p.Offset.Milliseconds(), Address: p.Address, Version: p.Version}
	}
	if s.mesh != nil {
		for _, m := range s.mesh.Members() {
			x := l.Nodes[m.Node]
			if m.Alive {
				x.Alive, x.SeenAt = true, max(x.SeenAt, time.Now().UnixMilli())
			}
			if x.Address == "" {
				x.Address = m.Address
			}
			if x.Version == "" {
				x.Version = m.Meta.Version
			}
			l.Nodes[m.Node] = x
		}
	}
	behind := s.hub.Behind()
	s.mu.Lock()
	defer s.mu.Unlock()
	for id, x := range l.Nodes {
		if x.Alive {
			x.Agents = s.present[id]
			l.Nodes[id] = x
		}
	}
	if s.most = max(s.most, behind); behind == 0 {
		s.most = 0
	}
	if s.most > 256 {
		l.Fetching, l.Fetched = behind, s.most-behind
	}
	l.Alone = s.alone
	if !s.aloneSince.IsZero() {
		l.AloneSince = s.aloneSince.UnixMilli()
	}
	if !s.backAt.IsZero() && !s.alone {
		l.BackAt = s.backAt.UnixMilli()
	}
	l.Leader, l.Term, l.Leads = s.lease.Holder, s.lease.Term, s.lease.Holder == s.me
	s.view.Store(&l)
	return l
}

// silence is how long a workstation with a session may say nothing and be alive.
const silence = 12 * time.Second

// grace is how long after its start a workstation is not called alone.
const grace = 5 * time.Second

// watch looks every half second at who is there: it keeps the lease, notices
// isolation, and shuts out who was revoked.
func (s *site) watch(ctx context.Context) {
	tick := time.NewTicker(500 * time.Millisecond)
	defer tick.Stop()
	for n := 0; ; n++ {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		if n%20 == 0 {
			s.remember(ctx)
			s.Present()
		}
		s.look(time.Now())
	}
}

func (s *site) look(now time.Time) {
	members, live := s.members(), s.see()
	terms := map[desk.ID]uint64{}
	if s.mesh != nil {
		for _, m := range s.mesh.Members() {
			terms[m.Node] = m.Meta.Term
		}
	}
	var others []gossip.Candidate
	reachable, shut := 0, 0
	for id, coordinator := range members {
		if id == s.me {
			continue
		}
		if s.h.Shut(id) {
			shut++
			if live.Nodes[id].Alive {
				s.hub.Shut(id)
			}
			continue
		}
		if live.Nodes[id].Alive {
			reachable++
			others = append(others, gossip.Candidate{Node: id, Coordinator: coordinator, Term: terms[id]})
		}
	}
	s.rotate(shut)
	s.mu.Lock()
	changed := s.lease.Step(now, gossip.Candidate{Node: s.me, Coordinator: members[s.me], Term: s.lease.Term}, others)
	term := s.lease.Term
	switch {
	case reachable > 0 && s.alone:
		s.alone, s.backAt = false, now
		s.log.Info("other workstations are reached again", "alone_for", now.Sub(s.aloneSince))
	case reachable == 0 && !s.alone && len(members) > 1 && now.Sub(s.began) > grace:
		s.alone, s.aloneSince = true, now
		s.log.Warn("no other workstation is reached: work goes on, and is joined when one is")
	}
	holder := s.lease.Holder
	s.mu.Unlock()
	if changed && s.mesh != nil {
		s.mesh.SetTerm(term)
	}
	if changed {
		s.log.Info("the lead has changed", "node", holder, "term", term)
	}
}

// rotate changes the gossip key when another workstation was shut out: what that
// one knows of it is worth nothing any more. It is the coordinator's to do.
func (s *site) rotate(shut int) {
	conf := s.conf.Load()
	if !conf.Coordinator() || shut <= conf.Shut {
		return
	}
	next := *conf
	next.Shut = shut
	if err := errors.Join(s.save(&next), s.hub.Rotate()); err != nil {
		s.log.Error("the gossip key was not changed", "err", err)
	}
}

// members are the workstations of the site by their certificates, and which of
// them is the coordinator. Revoked ones are among them.
func (s *site) members() map[desk.ID]bool {
	m := map[desk.ID]bool{}
	for _, id := range s.h.db.Identities() {
		if id.Cert != nil {
			m[id.Node()] = id.Coordinator
		}
	}
	return m
}

// remember keeps the addresses of others for the next start, and tells the desk
// this workstation's own.
func (s *site) remember(ctx context.Context) {
	conf := *s.conf.Load()
	known := conf.Peers
	a, err := s.h.Ask(s.h.Owner(ctx), app.Site{})
	if err == nil {
		for _, n := range a.(app.SiteAnswer).Nodes {
			if n.Me {
				continue
			}
			if n.Address != "" && n.RevokedAt == 0 {
				s.hub.Heard(n.Address)
				if s.mesh != nil {
					s.mesh.Know(n.Address)
				}
				if !slices.Contains(known, n.Address) && len(known) < 256 {
					known = append(slices.Clone(known), n.Address)
				}
			}
		}
	}
	if len(known) != len(conf.Peers) {
		conf.Peers = known
		if err := s.save(&conf); err != nil {
			s.log.Warn("the addresses of others could not be kept", "err", err)
		}
	}
	if _, err := s.h.Do(s.h.Owner(ctx), app.TellNode{Address: s.ownAddress(), Version: s.o.Version}); err != nil && ctx.Err() == nil {
		s.log.Warn("the desk could not be told where this workstation is", "err", err)
	}
}

// ownAddress is where others reach this workstation, as far as it can tell.
func (s *site) ownAddress() string {
	host, port, err := net.SplitHostPort(s.conf.Load().Address)
	if err != nil {
		return ""
	}
	if host == "" {
		ip := gossip.Outward()
		if ip == nil {
			return ""
		}
		host = ip.String()
	}
	return net.JoinHostPort(host, port)
}
