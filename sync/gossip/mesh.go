// Package gossip tells who of a site is alive, carries small hints, and decides
// which workstation leads. It is the only room that knows memberlist.
//
// What it carries may be lost, doubled and late, and it proves nothing about who
// sent it: whoever takes a hint verifies it, or only goes and asks. It promises
// that a hint is first sent to each live member directly, and that members that a
// cut has separated find each other again within seconds of its end.
package gossip

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log"
	"log/slog"
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
// itself never heals a long cut.
const rejoinEvery = time.Second

// Meta is what each member tells of itself; at most 512 bytes.
type Meta struct {
	Port    uint16 `cbor:"1,keyasint"` // of its sessions
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
	Arrived func(address string) // of the sessions of a member that came
	Logger  *slog.Logger
	Fast    bool // for tests on one machine
}

// Member is another workstation as the gossip sees it.
type Member struct {
	Node    desk.ID
	Address string // of its sessions
	Meta    Meta
	Alive   bool
	Since   time.Time
}

// Mesh is a running gossip. Its methods are safe for several goroutines.
type Mesh struct {
	c    Config
	list *memberlist.Memberlist
	ring *memberlist.Keyring
	hint *memberlist.TransmitLimitedQueue

	mu      sync.Mutex // guards what follows
	meta    Meta
	members map[desk.ID]*Member
	known   map[string]time.Time // gossip addresses of all that were ever heard of, and the last try
}

// Start listens and begins to gossip; Run keeps it whole. End it with Close.
func Start(c Config) (*Mesh, error) {
	m := &Mesh{c: c, meta: c.Meta, members: map[desk.ID]*Member{}, known: map[string]time.Time{}}
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
	mc.Logger = log.New(quiet{c.Logger}, "", 0)
	m.hint = &memberlist.TransmitLimitedQueue{NumNodes: func() int {
		m.mu.Lock()
		defer m.mu.Unlock()
		return len(m.members) + 1
	}, RetransmitMult: 2}
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

// lost are a few addresses that nobody alive has.
func (m *Mesh) lost() (as []string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	alive := map[string]bool{}
	for _, x := range m.members {
		if x.Alive {
			alive[m.gossipAddress(x.Address)] = true
		}
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

// gossipAddress is that of a member whose sessions are reached at address: the
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

// Know notes the address of the sessions of a workstation, to be called when it
// is not alive.
func (m *Mesh) Know(address string) {
	a := m.gossipAddress(address)
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, ok := m.known[a]; !ok && a != "" && len(m.known) < 1024 {
		m.known[a] = time.Time{}
	}
}

// Tell sends a hint to every live member directly, and then by gossip.
func (m *Mesh) Tell(hint []byte) {
	if len(hint) > MaxHint {
		return
	}
	m.Direct(hint)
	m.hint.QueueBroadcast(broadcast(hint))
}

// Direct is Tell without the gossip.
func (m *Mesh) Direct(hint []byte) {
	if len(hint) > MaxHint {
		return
	}
	me := m.list.LocalNode().Name
	for _, n := range m.list.Members() {
		if n.Name != me {
			_ = m.list.SendBestEffort(n, hint) // lost ones come by gossip, or by being asked for
		}
	}
}

type broadcast []byte

func (broadcast) Invalidates(memberlist.Broadcast) bool { return false }
func (b broadcast) Message() []byte                     { return b }
func (broadcast) Finished()                             {}

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
	for _, x := range m.members {
		if x.Alive && x.Address == address {
			return true
		}
	}
	return false
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

// GetBroadcasts implements memberlist.Delegate.
func (m *Mesh) GetBroadcasts(overhead, limit int) [][]byte {
	return m.hint.GetBroadcasts(overhead, limit)
}

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
