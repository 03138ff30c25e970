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

	full       bool       // the disk, when it was looked at last; belongs to the watch
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
