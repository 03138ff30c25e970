// Package gossip tells who of a site is alive, carries small hints, and decides
// which workstation leads. It is the only room that knows memberlist.
//
// What it carries may be lost, doubled and late, and it proves nothing about who
// sent it: whoever takes a hint verifies it, or only goes and asks. It promises
// that a hint is sent once, directly, to each live member, and that members that a
// cut has separated find each other again within seconds of its end.
package gossip

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"math/rand/v2"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/fxamacker/cbor/v2"
	"github.com/hashicorp/memberlist"

	"punto/app/desk"
)

// MaxHint is the longest hint: one UDP packet on every network.
const MaxHint = 1150

// rejoinEvery is how often members that are not alive are called: memberlist by
// itself never heals a long cut. Of those alive about joiners do so each time, for
// one call that is answered brings two sides together, and costs both the list of
// all members.
const (
	rejoinEvery = time.Second
	joiners     = 8
)

// Meta is what each member tells of itself; at most 512 bytes.
type Meta struct {
	Port    uint16 `cbor:"1,keyasint"` // of its peerings
	Version string `cbor:"2,keyasint,omitempty"`
	Term    uint64 `cbor:"3,keyasint,omitempty"` // of the lead that it holds, or held last
}

// Config is what a Mesh is made of. Heard and Arrived must not block.
type Config struct {
	Node    desk.ID
	Origin  desk.Origin // a copy of a folder is the same node in another incarnation
	Desk    desk.ID
	Keys    [][]byte // the first seals
	Host    string   // to listen at; "" = everywhere
	Port    int
	Meta    Meta
	Heard   func(hint []byte)    // bytes are its own
	Arrived func(address string) // of the peerings of a member that came
	Logger  *slog.Logger
	Fast    bool // for tests on one machine
}

// Member is another workstation as the gossip sees it.
type Member struct {
	Node    desk.ID
	Address string // of its peerings
	Meta    Meta
	Alive   bool
	Since   time.Time
}

// Mesh is a running gossip. Its methods are safe for several goroutines.
type Mesh struct {
	c    Config
	list *memberlist.Memberlist
	ring *memberlist.Keyring

	mu      sync.Mutex // guards what follows
	meta    Meta
	members map[desk.ID]*Member
	alive   map[string]int       // peering addresses of members that are alive
	known   map[string]time.Time // gossip addresses of all that were ever heard of, and the last try
	minded  map[string]time.Time // when a live member was reminded, by its name
	came    bool                 // one has come to life since Came was asked
}

// Start listens and begins to gossip; Run keeps it whole. End it with Close.
func Start(c Config) (*Mesh, error) {
	m := &Mesh{c: c, meta: c.Meta, members: map[desk.ID]*Member{}, alive: map[string]int{}, known: map[string]time.Time{}, minded: map[string]time.Time{}}
	if len(c.Keys) == 0 {
		return nil, errors.New("the site has no gossip key")
	}
	var err error
	if m.ring, err = memberlist.NewKeyring(c.Keys, c.Keys[0]); err != nil {
		return nil, fmt.Errorf("the gossip keys: %w", err)
	}
	mc := memberlist.DefaultLANConfig()
	if c.Fast {
		mc.ProbeInterval, mc.ProbeTimeout, mc.GossipInterval, mc.SuspicionMult = 200*time.Millisecond, 100*time.Millisecond, 50*time.Millisecond, 2
	}
	mc.Name, mc.Label, mc.Keyring = fmt.Sprintf("%s.%016x", c.Node, uint64(c.Origin)), "punto "+c.Desk.String(), m.ring
	mc.BindAddr, mc.BindPort, mc.AdvertisePort = c.Host, c.Port, c.Port
	if mc.BindAddr == "" {
		mc.BindAddr = "0.0.0.0"
	}
	if mc.BindAddr == "0.0.0.0" && Outward() == nil {
		mc.AdvertiseAddr = "127.0.0.1"
	}
	mc.GossipVerifyIncoming, mc.GossipVerifyOutgoing = true, true
	mc.PushPullInterval, mc.DeadNodeReclaimTime = time.Minute, 5*time.Second
	mc.Delegate, mc.Events, mc.UDPBufferSize = m, m, MaxHint+250
	mc.EnableCompression = false // of a hint it gains nothing, and each receiver's copy would be compressed anew
	mc.Logger = log.New(quiet{c.Logger}, "", 0)
	if m.list, err = memberlist.Create(mc); err != nil {
		return nil, fmt.Errorf("listen for gossip at port %d: %w", c.Port, err)
	}
	return m, nil
}

// Outward is the address by which this machine is reached; nil when it has none
// but the loop.
func Outward() net.IP {
	as, err := net.InterfaceAddrs()
	if err != nil {
		return nil
	}
	for _, a := range as {
		if n, ok := a.(*net.IPNet); ok && !n.IP.IsLoopback() && n.IP.To4() != nil {
			return n.IP
		}
	}
	return nil
}

// Run calls members that are not alive, until ctx ends.
func (m *Mesh) Run(ctx context.Context) error {
	tick := time.NewTicker(rejoinEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil
		}
		if as := m.lost(); len(as) > 0 {
			_, _ = m.list.Join(as) // those that do not answer are tried again
		}
	}
}

// lost are a few addresses that nobody alive has, when it is this workstation's turn
// to call them.
func (m *Mesh) lost() (as []string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if n := len(m.alive); n > joiners && rand.IntN(n) >= joiners {
		return nil
	}
	alive := map[string]bool{}
	for a := range m.alive {
		alive[m.gossipAddress(a)] = true
	}
	for a := range m.known {
		if !alive[a] {
			as = append(as, a)
		}
	}
	slices.SortFunc(as, func(a, b string) int { return m.known[a].Compare(m.known[b]) })
	as = as[:min(len(as), 2)]
	for _, a := range as {
		m.known[a] = time.Now()
	}
	return as
}

// gossipAddress is that of a member whose peerings are reached at address: the
// port after it.
func (m *Mesh) gossipAddress(address string) string {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return ""
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		return ""
	}
	return net.JoinHostPort(host, strconv.Itoa(n+1))
}

// Know notes the address of the peerings of a workstation, to be called when it
// is not alive.
func (m *Mesh) Know(address string) {
	a := m.gossipAddress(address)
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, ok := m.known[a]; !ok && a != "" && len(m.known) < 1024 {
		m.known[a] = time.Time{}
	}
}

// Tell sends a hint to every live member.
func (m *Mesh) Tell(hint []byte) {
	if len(hint) > MaxHint {
		return
	}
	me := m.list.LocalNode().Name
	for _, x := range m.list.Members() {
		if x.Name != me {
			_ = m.list.SendBestEffort(x, hint) // a lost one is made up for by being asked for
		}
	}
}

// Came tells whether somebody has come to life since it was asked last: one that
// Remind begins with.
func (m *Mesh) Came() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	came := m.came
	m.came = false
	return came
}

// Remind sends a hint to a few live members: those that were not reminded for
// longest.
func (m *Mesh) Remind(hint []byte, few int) {
	if len(hint) > MaxHint {
		return
	}
	live, me := m.list.Members(), m.list.LocalNode().Name
	m.mu.Lock()
	now := map[string]time.Time{}
	for _, x := range live {
		now[x.Name] = m.minded[x.Name]
	}
	slices.SortFunc(live, func(a, b *memberlist.Node) int { return now[a.Name].Compare(now[b.Name]) })
	live = slices.DeleteFunc(live, func(x *memberlist.Node) bool { return x.Name == me })
	live = live[:min(len(live), few)]
	for _, x := range live {
		now[x.Name] = time.Now()
	}
	m.minded = now
	m.mu.Unlock()
	for _, x := range live {
		_ = m.list.SendBestEffort(x, hint)
	}
}

// Members lists all that were ever alive.
func (m *Mesh) Members() (out []Member) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, x := range m.members {
		out = append(out, *x)
	}
	return out
}

// Alive tells whether a live member is reached at an address.
func (m *Mesh) Alive(address string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.alive[address] > 0
}

// SetTerm tells the others of the term of the lead.
func (m *Mesh) SetTerm(term uint64) {
	m.mu.Lock()
	m.meta.Term = term
	m.mu.Unlock()
	_ = m.list.UpdateNode(time.Nanosecond) // it is queued; nobody waits until it has been sent
}

// SetKeys changes the keyring; the first seals from now on.
func (m *Mesh) SetKeys(keys [][]byte) error {
	for _, k := range keys {
		if err := m.ring.AddKey(k); err != nil {
			return fmt.Errorf("take a gossip key: %w", err)
		}
	}
	if err := m.ring.UseKey(keys[0]); err != nil {
		return fmt.Errorf("use a gossip key: %w", err)
	}
	for _, old := range m.ring.GetKeys() {
		if !slices.ContainsFunc(keys, func(k []byte) bool { return bytes.Equal(k, old) }) {
			if err := m.ring.RemoveKey(old); err != nil {
				return fmt.Errorf("forget a gossip key: %w", err)
			}
		}
	}
	return nil
}

// Close leaves the others and ends.
func (m *Mesh) Close() error {
	_ = m.list.Leave(200 * time.Millisecond) // others notice by themselves too
	return m.list.Shutdown()
}

// NodeMeta implements memberlist.Delegate.
func (m *Mesh) NodeMeta(limit int) []byte {
	m.mu.Lock()
	defer m.mu.Unlock()
	b, err := cbor.Marshal(m.meta)
	if err != nil || len(b) > limit {
		return nil
	}
	return b
}

// NotifyMsg implements memberlist.Delegate.
func (m *Mesh) NotifyMsg(b []byte) {
	if m.c.Heard != nil && len(b) > 0 && len(b) <= MaxHint {
		m.c.Heard(bytes.Clone(b))
	}
}

// GetBroadcasts implements memberlist.Delegate: hints go out at once, and no more.
func (m *Mesh) GetBroadcasts(int, int) [][]byte { return nil }

// LocalState implements memberlist.Delegate: nothing travels with the states.
func (m *Mesh) LocalState(bool) []byte { return nil }

// MergeRemoteState implements memberlist.Delegate.
func (m *Mesh) MergeRemoteState([]byte, bool) {}

// NotifyJoin implements memberlist.EventDelegate.
func (m *Mesh) NotifyJoin(n *memberlist.Node) { m.changed(n, true) }

// NotifyLeave implements memberlist.EventDelegate.
func (m *Mesh) NotifyLeave(n *memberlist.Node) { m.changed(n, false) }

// NotifyUpdate implements memberlist.EventDelegate.
func (m *Mesh) NotifyUpdate(n *memberlist.Node) { m.changed(n, true) }

func (m *Mesh) changed(n *memberlist.Node, alive bool) {
	name, _, _ := strings.Cut(n.Name, ".")
	id, err := desk.ParseID(name)
	if err != nil || id == m.c.Node {
		return
	}
	x := Member{Node: id, Alive: alive, Since: time.Now()}
	if err := cbor.Unmarshal(n.Meta, &x.Meta); err != nil {
		x.Meta = Meta{}
	}
	if x.Meta.Port != 0 {
		x.Address = net.JoinHostPort(n.Addr.String(), strconv.Itoa(int(x.Meta.Port)))
	}
	m.mu.Lock()
	if was := m.members[id]; was != nil {
		if was.Alive == alive {
			x.Since = was.Since
		}
		if x.Address == "" {
			x.Address = was.Address
		}
		if was.Alive {
			if m.alive[was.Address]--; m.alive[was.Address] == 0 {
				delete(m.alive, was.Address)
			}
		}
	}
	if alive {
		m.alive[x.Address]++
		m.came = m.came || m.members[id] == nil || !m.members[id].Alive
	}
	m.members[id] = &x
	if a := m.gossipAddress(x.Address); a != "" {
		if _, ok := m.known[a]; !ok {
			m.known[a] = time.Time{}
		}
	}
	m.mu.Unlock()
	if alive && x.Address != "" && m.c.Arrived != nil {
		m.c.Arrived(x.Address)
	}
}

// quiet takes memberlist's own log down to where only a search for a fault looks.
type quiet struct{ log *slog.Logger }

func (q quiet) Write(b []byte) (int, error) {
	if q.log != nil {
		q.log.Debug("gossip", "says", string(bytes.TrimSpace(b)))
	}
	return len(b), nil
}
