// Package site keeps one workstation in its site: it listens, speaks with the other
// workstations over peerings and gossip, passes on what is written here, takes in
// what they hold, and knows who is alive, who leads and how the clocks differ.
//
// It knows neither the engine nor the store: Log, Engine and Nodes say what it needs
// of them. It decides nothing about events: whatever comes is proven by the log and
// judged by the engine. It promises that losing the gossip, or any peering, costs
// time and nothing else.
package site

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"log/slog"
	"net"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"punto/app/desk"
	"punto/sync/gossip"
	"punto/sync/stream"
)

// Port is where peerings are listened for when the site says nothing else; the
// gossip takes the port after it.
const Port = 7420

// Engine is what the site needs of the engine over its log. It is safe for several
// goroutines.
type Engine interface {
	Judge
	// Shut tells whether a workstation was shut out.
	Shut(node desk.ID) bool
	// Agents are those who are signed in here.
	Agents() []desk.ID
	// Attention is what they look at.
	Attention() []desk.Attention
	// Stepped tells that the wall clock has jumped by so much, slept of it because
	// the machine was suspended.
	Stepped(ctx context.Context, by, slept time.Duration) error
	// Measured tells that the wall clock is ahead of so many others.
	Measured(ctx context.Context, ahead time.Duration, of int) error
}

// Nodes is the registry of workstations that the desk keeps.
type Nodes interface {
	// Register tells the desk of a workstation that joins, and gives the prefix of
	// its case numbers.
	Register(ctx context.Context, key ed25519.PublicKey, name string) (prefix string, err error)
	// Addresses are those of the other workstations that were not shut out.
	Addresses(ctx context.Context) ([]string, error)
	// Tell tells the desk where this workstation is reached, "" = it is not known,
	// and which version it runs.
	Tell(ctx context.Context, address, version string) error
}

// Config is what Peers are made of. All is required but Files and Dial.
type Config struct {
	Dir     string // the data folder, in which the workstation keeps what it knows of its site
	Key     ed25519.PrivateKey
	Log     Log
	Engine  Engine
	Nodes   Nodes
	Files   stream.Files                                                // nil = no files are exchanged
	Dial    func(ctx context.Context, address string) (net.Conn, error) // nil = TCP
	Version string                                                      // of the program
	Logger  *slog.Logger
}

// Peers are the other workstations of the site, as this one reaches them. Methods are
// safe for several goroutines and never block for long, but for Run.
type Peers struct {
	Config
	me       desk.ID
	listener net.Listener
	known    atomic.Pointer[stream.Membership]
	hub      *stream.Hub
	mesh     *gossip.Mesh // nil when its port is taken: peerings carry everything
	news     chan struct{}
	hints    chan desk.Run
	view     atomic.Pointer[desk.Sight] // what see saw last

	saving sync.Mutex

	full       bool       // the disk, when it was looked at last; belongs to the watch
	mu         sync.Mutex // guards what follows
	lease      gossip.Lease
	aloneSince time.Time // of the present or last isolation
	backAt     time.Time
	alone      bool
	present    map[desk.ID]presence // who is signed in where
	began      time.Time
	most       uint64 // events to come when the present catching up began
}

// Listen takes the ports of the site that a folder belongs to; nil when it belongs
// to none. Run does the rest, and must follow.
func Listen(c Config) (*Peers, error) {
	own, err := stream.LoadMembership(c.Dir)
	if err != nil || own == nil {
		return nil, err
	}
	if own.Listen == "" {
		own.Listen = ":" + strconv.Itoa(Port)
	}
	l, err := net.Listen("tcp", own.Listen)
	if err != nil {
		return nil, fmt.Errorf("listen for other workstations at %s: %w; end the program that has the port, or change listen in site.json", own.Listen, err)
	}
	if own.Address == "" {
		host, port, _ := net.SplitHostPort(l.Addr().String())
		if ip := net.ParseIP(host); ip == nil || ip.IsUnspecified() {
			host = "" // it is what the other end sees
		}
		own.Address = net.JoinHostPort(host, port)
	}
	p := listening(c, own, l)
	p.startMesh()
	return p, nil
}

// listening makes Peers that listen for peerings, and have no gossip yet.
func listening(c Config, own *stream.Membership, l net.Listener) *Peers {
	pub, _ := c.Key.Public().(ed25519.PublicKey)
	p := &Peers{Config: c, me: desk.NodeID(pub), listener: l, news: make(chan struct{}, 1), hints: make(chan desk.Run, 1024), began: time.Now()}
	p.known.Store(own)
	log := &Replica{Log: c.Log, Judge: c.Engine, Check: func(id *desk.Identity) error { return p.known.Load().Check(id) }}
	h := stream.Config{Own: p.known.Load, Keep: p.save, Key: c.Key, Log: log, Revoked: c.Engine.Shut, Version: c.Version, Logger: c.Logger,
		Changed: p.keys, Files: c.Files, Alive: p.aliveAt, Dial: c.Dial}
	if own.Coordinator() {
		h.Register = c.Nodes.Register
	}
	p.hub = stream.NewHub(h)
	return p
}

func (p *Peers) startMesh() {
	own := p.known.Load()
	host, port, err := net.SplitHostPort(own.Listen)
	n, perr := strconv.Atoi(port)
	if err != nil || perr != nil || n == 0 {
		return // a port of the system's choice: nobody could find the gossip
	}
	p.mesh, err = gossip.Start(gossip.Config{Node: p.me, Origin: p.Log.Origin(), Desk: own.Desk, Keys: own.Ring.Keys, Host: host, Port: n + 1, Logger: p.Logger,
		Meta: gossip.Meta{Port: uint16(n), Version: p.Version}, Heard: p.heard, Arrived: p.hub.Hurry})
	if err != nil {
		p.mesh = nil
		p.Logger.Warn("no gossip: peerings carry everything", "err", err)
		return
	}
	for _, a := range own.Peers {
		p.mesh.Know(a)
	}
}

// Run keeps the workstation in its site until ctx ends; then nothing of it runs any
// more. The error is that of the port of the peerings.
func (p *Peers) Run(ctx context.Context) error {
	var all sync.WaitGroup
	ctx, stop := context.WithCancel(ctx)
	defer all.Wait()
	defer stop()
	all.Go(func() { p.spread(ctx) })
	all.Go(func() { p.take(ctx) })
	all.Go(func() { p.watch(ctx) })
	all.Go(func() { p.clocks(ctx) })
	if p.mesh != nil {
		all.Go(func() { _ = p.mesh.Run(ctx) })
		defer func() { _ = p.mesh.Close() }()
	}
	return p.hub.Run(ctx, p.listener)
}

// save replaces what is known of the site.
func (p *Peers) save(next *stream.Membership) error {
	p.saving.Lock()
	defer p.saving.Unlock()
	if err := next.Save(p.Dir); err != nil {
		return err
	}
	p.known.Store(next)
	return nil
}

// keys gives the gossip the keys of the site.
func (p *Peers) keys() {
	if p.mesh == nil {
		return
	}
	if err := p.mesh.SetKeys(p.known.Load().Ring.Keys); err != nil {
		p.Logger.Error("the gossip key could not be changed: restart the program", "err", err)
	}
}

// aliveAt tells whether the gossip has a member with that address.
func (p *Peers) aliveAt(address string) bool {
	return p.mesh != nil && p.mesh.Alive(address)
}

// Wrote says that this workstation has written something.
func (p *Peers) Wrote() {
	select {
	case p.news <- struct{}{}:
	default:
	}
}

// Invite makes a join code; stream.ErrNotCoordinator where this workstation does not
// hold the site key.
func (p *Peers) Invite(context.Context) (code string, err error) { return p.hub.Invite() }

// Rotate gives the site another gossip key; errors as those of Invite.
func (p *Peers) Rotate(context.Context) error { return p.hub.Rotate() }

// Shut ends the peerings with a workstation.
func (p *Peers) Shut(node desk.ID) { p.hub.Shut(node) }
