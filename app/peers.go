package app

import (
	"context"
	"io"
	"slices"
	"strings"

	"punto/app/desk"
)

// Peers is what the engine asks of the site. It is safe for several goroutines
// and never blocks for long.
type Peers interface {
	// Live is the site as it was last seen. It must wait for nothing: a command
	// asks for it while it holds the log.
	Live() Live
	// Invite makes a join code; an Error of the code Conflict where this
	// workstation does not hold the site key.
	Invite(ctx context.Context) (code string, err error)
	// Rotate gives the site another gossip key.
	Rotate(ctx context.Context) error
	// Shut ends the sessions with a workstation that was revoked.
	Shut(node desk.ID)
	// Wrote is called after each commit of this workstation's own events.
	Wrote()
	// Present is called when somebody signs in or out here.
	Present()
}

// Live is what is known of the site only while it runs. Times in Unix
// milliseconds.
type Live struct {
	Nodes             map[desk.ID]LiveNode
	Alone             bool
	AloneSince        int64 // of the present or the last isolation; 0 = none yet
	BackAt            int64 // when the last one ended
	Fetching, Fetched uint64
	Leader            desk.ID
	Term              uint64
	Leads             bool // this workstation is the leader
	Service           bool
}

// LiveNode is one workstation of Live.
type LiveNode struct {
	Agents      []desk.ID // signed in there
	Alive       bool
	SeenAt      int64
	Vector      desk.Vector // what it told that it holds; nil = nothing yet
	OffsetKnown bool
	Offset      int64 // milliseconds ahead of this workstation
	Address     string
	Version     string
}

// SetPeers tells the engine of the site; before it the workstation is alone by
// itself, and leads.
func (e *Engine) SetPeers(p Peers) { e.peers.Store(&p) }

func (e *Engine) site() Peers {
	if p := e.peers.Load(); p != nil {
		return *p
	}
	return nil
}

// leads tells whether this workstation has the duties done once per desk.
func (e *Engine) leads() bool {
	p := e.site()
	return p == nil || p.Live().Leads
}

// meet remembers the cases that others changed while this workstation was alone.
func (o *op) meet(ev *desk.Event) {
	p := o.e.site()
	if ev.Entity.Type != desk.CaseType || p == nil {
		return
	}
	if o.live == nil {
		l := p.Live()
		o.live = &l
	}
	at := int64(ev.Stamp >> 16) //nolint:gosec // 48 bits
	if l := o.live; l.AloneSince != 0 && at >= l.AloneSince && (l.BackAt == 0 || at <= l.BackAt) {
		o.met = append(o.met, ev.Entity.ID)
	}
}

// noteMet keeps what meet found, once it is committed.
func (e *Engine) noteMet(o *op) {
	if len(o.met) == 0 {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.metSince != o.live.AloneSince || e.met == nil {
		e.met, e.metSince = map[desk.ID]bool{}, o.live.AloneSince
	}
	for _, id := range o.met {
		e.met[id] = true
	}
}

// AddNode registers a workstation that joined; the coordinator does it by itself.
// A known one keeps its prefix. Number of the receipt is its prefix.
type AddNode struct {
	Key         []byte // Ed25519 public key
	Name        string
	Coordinator bool
}

// TellNode changes what this workstation tells of itself; empty fields stay.
type TellNode struct {
	Address, Version string
	BackupAt         int64
}

func nodeEntity(id desk.ID) desk.Entity { return desk.Entity{Type: desk.NodeType, ID: id} }

func (c AddNode) do(o *op) (Receipt, error) {
	if len(c.Key) != 32 {
		return Receipt{}, fail(Invalid, "the key of the workstation has %d bytes and not 32", len(c.Key))
	}
	if err := named("workstation", c.Name); err != nil {
		return Receipt{}, err
	}
	id := desk.NodeID(c.Key)
	n, err := noun[desk.Node](o.names, desk.NodeType, id)
	if err != nil {
		return Receipt{}, err
	}
	if n.RevokedAt != 0 {
		return Receipt{}, fail(NotAllowed, "the workstation %s was shut out: set it up anew, with an empty folder", n.Name)
	}
	n.Name, n.Key, n.Coordinator = c.Name, c.Key, c.Coordinator || n.Coordinator
	if n.Prefix == "" {
		if n.Prefix, err = o.freePrefix(c.Coordinator); err != nil {
			return Receipt{}, err
		}
	}
	r, err := save(o, desk.NodeType, id, n, nil)
	r.Number = desk.Number(n.Prefix)
	return r, err
}

// prefixes are all that case numbers of the desk may begin with.
func (o *op) prefixes() (taken map[string]bool, err error) {
	taken = map[string]bool{}
	own, err := o.tx.Meta("prefix")
	if err != nil {
		return nil, err
	}
	taken[string(own)] = true
	for k, err := range o.tx.Scan(prefix(ixRecord, desk.NodeType), nil, false) {
		if err != nil {
			return nil, err
		}
		n, err := noun[desk.Node](o.names, desk.NodeType, idOf(k.Key))
		if err != nil {
			return nil, err
		}
		taken[n.Prefix] = true
		for _, p := range n.More {
			taken[p] = true
		}
	}
	return taken, nil
}

// freePrefix is the first of A..Z, AA..ZZ that nobody has; the first workstation
// keeps the one that it has.
func (o *op) freePrefix(own bool) (string, error) {
	if own {
		if b, err := o.tx.Meta("prefix"); err != nil || len(b) > 0 {
			return string(b), err
		}
	}
	taken, err := o.prefixes()
	if err != nil {
		return "", err
	}
	for i := range 26 + 26*26 {
		p := string(rune('A' + i%26))
		if i >= 26 {
			p = string(rune('A'+(i-26)/26)) + p
		}
		if !taken[p] {
			return p, nil
		}
	}
	return "", fail(Conflict, "every prefix of case numbers is taken: revoke workstations that are gone")
}

// renumber gives a new incarnation a prefix of its own: another copy of this
// workstation may go on counting under the old one. Three letters drawn by lot
// need nobody's leave; those given at joining have one or two.
func (o *op) renumber() error {
	taken, err := o.prefixes()
	if err != nil {
		return err
	}
	p := ""
	for p == "" || taken[p] {
		var b [3]byte
		_, _ = io.ReadFull(o.e.random, b[:]) // crypto/rand never fails
		p = string([]byte{'A' + b[0]%26, 'A' + b[1]%26, 'A' + b[2]%26})
	}
	return o.number(p)
}

// number begins to count under a prefix.
func (o *op) number(prefix string) error {
	if err := o.tx.PutMeta("prefix", []byte(prefix)); err != nil {
		return err
	}
	return o.tx.PutMeta("counter", nil)
}

// Number gives a workstation that has joined its prefix.
func (e *Engine) Number(ctx context.Context, prefix string) error {
	_, err := e.update(ctx, session{}, func(o *op) (Receipt, error) { return Receipt{}, o.number(prefix) })
	return err
}

func (c TellNode) do(o *op) (Receipt, error) {
	me := o.me()
	n, err := noun[desk.Node](o.names, desk.NodeType, me)
	if err != nil || n.Name == "" {
		return Receipt{}, err
	}
	if c.Address != "" {
		n.Address = c.Address
	}
	if c.Version != "" {
		n.Version = c.Version
	}
	n.BackupAt = max(n.BackupAt, c.BackupAt)
	if p, err := o.tx.Meta("prefix"); err != nil {
		return Receipt{}, err
	} else if s := string(p); s != n.Prefix && !slices.Contains(n.More, s) && s != "" {
		n.More = append(slices.Clone(n.More), s)
	}
	return save(o, desk.NodeType, me, n, nil)
}

func (c NameNode) do(o *op) (Receipt, error) {
	n, err := o.node(c.Node)
	if err != nil {
		return Receipt{}, err
	}
	n.Name = strings.TrimSpace(c.Name)
	return save(o, desk.NodeType, c.Node, n, func(n desk.Node) error { return named("workstation", n.Name) })
}

func (o *op) node(id desk.ID) (desk.Node, error) {
	n, err := noun[desk.Node](o.names, desk.NodeType, id)
	if err == nil && n.Name == "" {
		err = fail(NotFound, "there is no such workstation: look at the list again")
	}
	return n, err
}

func (c RevokeNode) do(o *op) (Receipt, error) {
	n, err := o.node(c.Node)
	if err != nil {
		return Receipt{}, err
	}
	if n.RevokedAt != 0 {
		return Receipt{}, fail(Conflict, "the workstation %s is shut out already", n.Name)
	}
	if o.me() == c.Node {
		return Receipt{}, fail(Conflict, "a workstation cannot shut itself out: do it on another")
	}
	n.RevokedAt, n.Accepted = o.now, desk.Vector{}
	for x, seq := range o.tx.Vector() {
		if s, ok := o.tx.Signer(x); ok && s.Node == c.Node {
			n.Accepted[x] = seq
		}
	}
	return save(o, desk.NodeType, c.Node, n, nil)
}

func (c RevokeNode) doAlone(ctx context.Context, e *Engine, s session) (Receipt, error) {
	r, err := e.update(ctx, s, c.do)
	if err != nil {
		return r, err
	}
	p := e.site()
	if p == nil {
		return r, nil
	}
	p.Shut(c.Node) // the coordinator changes the gossip key when it hears of it
	return r, nil
}

func (c Invite) do(*op) (Receipt, error)    { return Receipt{}, errAlone }
func (c RotateKey) do(*op) (Receipt, error) { return Receipt{}, errAlone }

var errNoSite = fail(Conflict, "this workstation belongs to no site yet: run puntod init first")

func (c Invite) doAlone(ctx context.Context, e *Engine, s session) (Receipt, error) {
	if s.role != desk.AdministratorRole {
		return Receipt{}, fail(NotAllowed, "only an administrator invites workstations: ask one")
	}
	p := e.site()
	if p == nil {
		return Receipt{}, errNoSite
	}
	code, err := p.Invite(ctx)
	return Receipt{Secret: code}, err
}

func (c RotateKey) doAlone(ctx context.Context, e *Engine, s session) (Receipt, error) {
	if s.role != desk.AdministratorRole {
		return Receipt{}, fail(NotAllowed, "only an administrator changes the key of the site: ask one")
	}
	p := e.site()
	if p == nil {
		return Receipt{}, errNoSite
	}
	return Receipt{}, p.Rotate(ctx)
}

func (q Site) ask(l *look) (Answer, error) {
	me, _ := l.e.log.Signer(l.e.log.Origin())
	a := SiteAnswer{Me: me.Node, Room: l.e.room()}
	var live Live
	if p := l.e.site(); p != nil {
		a.Joined, live = true, p.Live()
	}
	a.Alone, a.AloneSince, a.BackAt = live.Alone, live.AloneSince, live.BackAt
	a.Fetching, a.Fetched, a.Leader, a.Term, a.Service = live.Fetching, live.Fetched, live.Leader, live.Term, live.Service
	l.e.mu.Lock()
	if l.e.metSince == live.AloneSince {
		a.ChangedAlone = len(l.e.met)
	}
	l.e.mu.Unlock()
	var err error
	if a.Refused, err = count(l.r, []byte{ixRefused}, nil, nil); err != nil {
		return nil, err
	}
	if a.Conflicts, err = l.conflicts(); err != nil {
		return nil, err
	}
	for k, err := range l.r.Scan(prefix(ixRecord, desk.NodeType), nil, false) {
		if err != nil {
			return nil, err
		}
		id := idOf(k.Key)
		n, err := noun[desk.Node](l.desk, desk.NodeType, id)
		if err != nil {
			return nil, err
		}
		a.Nodes = append(a.Nodes, l.nodeRow(id, n, me.Node, live))
	}
	slices.SortStableFunc(a.Nodes, func(x, y NodeRow) int {
		if x.Coordinator != y.Coordinator {
			if x.Coordinator {
				return -1
			}
			return 1
		}
		return strings.Compare(x.Name, y.Name)
	})
	return a, nil
}

func (l *look) nodeRow(id desk.ID, n desk.Node, me desk.ID, live Live) NodeRow {
	r := NodeRow{ID: id, Name: n.Name, Prefix: n.Prefix, Me: id == me, Coordinator: n.Coordinator, Leads: id == live.Leader,
		Version: n.Version, Address: n.Address, RevokedAt: n.RevokedAt, BackupAt: n.BackupAt}
	if len(n.More) > 0 {
		r.Prefix = n.More[len(n.More)-1]
	}
	x, known := live.Nodes[id]
	if r.Me {
		r.Alive, r.SeenAt, r.OffsetKnown = true, l.now, true
		x.Agents = l.e.Agents()
	}
	for _, a := range x.Agents {
		r.Agents = append(r.Agents, l.desk.name(desk.AgentType, a))
	}
	slices.Sort(r.Agents)
	own := l.e.log.Vector()
	if f, ok := l.e.log.(interface{ Frozen() []desk.Origin }); ok {
		for _, o := range f.Frozen() {
			s, _ := l.e.log.Signer(o)
			r.Forked = r.Forked || s.Node == id
		}
	}
	if !known || r.Me {
		return r
	}
	r.Alive, r.SeenAt, r.OffsetKnown, r.Offset = x.Alive && n.RevokedAt == 0, x.SeenAt, x.OffsetKnown, x.Offset
	if x.Address != "" {
		r.Address = x.Address
	}
	if x.Version != "" {
		r.Version = x.Version
	}
	if x.Vector != nil {
		for o, seq := range own {
			if has := x.Vector[o]; has < seq {
				r.Behind += seq - has
			}
		}
		for o, seq := range x.Vector {
			if has := own[o]; has < seq {
				r.Ahead += seq - has
			}
		}
	}
	return r
}

func (q Refused) ask(l *look) (Answer, error) {
	a := RefusedAnswer{}
	limit := q.Limit
	if limit <= 0 {
		limit = 50
	}
	for k, err := range l.r.Scan([]byte{ixRefused}, nil, true) {
		if err != nil {
			return nil, err
		}
		if len(a.Rows) == min(limit, 1000) {
			break
		}
		o, seq := eventOf(k.Key)
		ev, err := l.r.Event(o, seq)
		if err != nil {
			return nil, err
		}
		s, _ := l.e.log.Signer(o)
		a.Rows = append(a.Rows, RefusedRow{Origin: o, Seq: seq, Node: l.desk.name(desk.NodeType, s.Node), Kind: ev.Kind.String(), Entity: ev.Entity,
			Writer: l.desk.name(desk.AgentType, ev.Writer), At: ev.At, Reason: string(k.Value)})
	}
	return a, nil
}

// Digest is a hash of all views: workstations with equal events have equal ones.
// It reads everything, and is for tests and for IT.
type Digest struct{}

// DigestAnswer answers Digest.
type DigestAnswer struct {
	Digest string // 64 hexadecimal digits
	Vector desk.Vector
}

// Agents are those who are signed in on this workstation.
func (e *Engine) Agents() (ids []desk.ID) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, s := range e.sessions {
		if !s.agent.IsZero() && !slices.Contains(ids, s.agent) {
			ids = append(ids, s.agent)
		}
	}
	return ids
}

func (e *Engine) present() {
	if p := e.site(); p != nil {
		p.Present()
	}
}

// Shut tells whether a workstation was revoked.
func (e *Engine) Shut(node desk.ID) bool {
	return e.auth.Load().Shut(node)
}
