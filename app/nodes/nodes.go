// Package nodes is the room of the desk's workstations: which there are and how they
// do, inviting and shutting out, their case numbers, backups.
package nodes

import (
	"context"
	"encoding/hex"
	"io"
	"slices"
	"strings"

	"punto/app"
	"punto/app/conflicts"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/records"
)

func askDigest(l *engine.Look, q app.Digest) (app.Answer, error) {
	if err := l.Engine.Settle(l.Ctx); err != nil {
		return app.DigestAnswer{}, err
	}
	a := app.DigestAnswer{Vector: l.Engine.Log.Vector()}
	d, ok := l.Engine.Bare().(interface{ Digest() ([32]byte, error) })
	if !ok {
		return a, nil
	}
	sum, err := d.Digest()
	a.Digest = hex.EncodeToString(sum[:])
	return a, err
}

// nodeKeys are those of a workstation.
func nodeKeys(ent desk.Entity, r desk.Record) [][]byte {
	n, _ := desk.As[desk.Node](r)
	return append(records.ConflictKeys(ent, r), engine.Key(records.IxRecord, ent.ID, ent.Type, records.Folded(n.Name)))
}

func addNode(o *engine.Op, c app.AddNode) (app.Receipt, error) {
	if len(c.Key) != 32 {
		return app.Receipt{}, app.Fail(app.Invalid, "the key of the workstation has %d bytes and not 32", len(c.Key))
	}
	if err := records.Named("workstation", c.Name); err != nil {
		return app.Receipt{}, err
	}
	id := desk.NodeID(c.Key)
	n, err := engine.Noun[desk.Node](o.Names, desk.NodeType, id)
	if err != nil {
		return app.Receipt{}, err
	}
	if n.RevokedAt != 0 {
		return app.Receipt{}, app.Fail(app.NotAllowed, "the workstation %s was shut out: set it up anew, with an empty folder", n.Name)
	}
	n.Name, n.Key, n.Coordinator = c.Name, c.Key, c.Coordinator || n.Coordinator
	if n.Prefix == "" {
		if n.Prefix, err = freePrefix(o, c.Coordinator); err != nil {
			return app.Receipt{}, err
		}
	}
	r, err := records.Save(o, desk.NodeType, id, n, nil)
	r.Number = desk.Number(n.Prefix)
	return r, err
}

// prefixes are all that case numbers of the desk may begin with.
func prefixes(o *engine.Op) (taken map[string]bool, err error) {
	taken = map[string]bool{}
	own, err := o.Tx.Meta("prefix")
	if err != nil {
		return nil, err
	}
	taken[string(own)] = true
	for n, err := range records.Each[desk.Node](o.Names, desk.NodeType) {
		if err != nil {
			return nil, err
		}
		taken[n.Of.Prefix] = true
		for _, p := range n.Of.More {
			taken[p] = true
		}
	}
	return taken, nil
}

// freePrefix is the first of A..Z, AA..ZZ that nobody has; the first workstation
// keeps the one that it has.
func freePrefix(o *engine.Op, own bool) (string, error) {
	if own {
		if b, err := o.Tx.Meta("prefix"); err != nil || len(b) > 0 {
			return string(b), err
		}
	}
	taken, err := prefixes(o)
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
	return "", app.Fail(app.Conflict, "every prefix of case numbers is taken: revoke workstations that are gone")
}

// renumber gives a new incarnation a prefix of its own: another copy of this
// workstation may go on counting under the old one. Three letters drawn by lot
// need nobody's leave; those given at joining have one or two.
func renumber(o *engine.Op) error {
	taken, err := prefixes(o)
	if err != nil {
		return err
	}
	p := ""
	for p == "" || taken[p] {
		var b [3]byte
		_, _ = io.ReadFull(o.Engine.Random, b[:]) // crypto/rand never fails
		p = string([]byte{'A' + b[0]%26, 'A' + b[1]%26, 'A' + b[2]%26})
	}
	return beginNumbers(o, p)
}

// beginNumbers begins to count under a prefix.
func beginNumbers(o *engine.Op, prefix string) error {
	if err := o.Tx.PutMeta("prefix", []byte(prefix)); err != nil {
		return err
	}
	return o.Tx.PutMeta("counter", nil)
}

// Number gives a workstation that has joined its prefix.
func Number(ctx context.Context, e *engine.Engine, prefix string) error {
	_, err := e.Update(ctx, engine.Session{}, func(o *engine.Op) (app.Receipt, error) { return app.Receipt{}, beginNumbers(o, prefix) })
	return err
}

func tellNode(o *engine.Op, c app.TellNode) (app.Receipt, error) {
	me := o.Me()
	n, err := engine.Noun[desk.Node](o.Names, desk.NodeType, me)
	if err != nil || n.Name == "" {
		return app.Receipt{}, err
	}
	if c.Address != "" {
		n.Address = c.Address
	}
	if c.Version != "" {
		n.Version = c.Version
	}
	n.BackupAt = max(n.BackupAt, c.BackupAt)
	if p, err := o.Tx.Meta("prefix"); err != nil {
		return app.Receipt{}, err
	} else if s := string(p); s != n.Prefix && !slices.Contains(n.More, s) && s != "" {
		n.More = append(slices.Clone(n.More), s)
	}
	return records.Save(o, desk.NodeType, me, n, nil)
}

func nameNode(o *engine.Op, c app.NameNode) (app.Receipt, error) {
	n, err := node(o, c.Node)
	if err != nil {
		return app.Receipt{}, err
	}
	n.Name = strings.TrimSpace(c.Name)
	return records.Save(o, desk.NodeType, c.Node, n, func(n desk.Node) error { return records.Named("workstation", n.Name) })
}

func node(o *engine.Op, id desk.ID) (desk.Node, error) {
	n, err := engine.Noun[desk.Node](o.Names, desk.NodeType, id)
	if err == nil && n.Name == "" {
		err = app.Fail(app.NotFound, "there is no such workstation: look at the list again")
	}
	return n, err
}

func revokeNode(o *engine.Op, c app.RevokeNode) (app.Receipt, error) {
	n, err := node(o, c.Node)
	if err != nil {
		return app.Receipt{}, err
	}
	if n.RevokedAt != 0 {
		return app.Receipt{}, app.Fail(app.Conflict, "the workstation %s is shut out already", n.Name)
	}
	if o.Me() == c.Node {
		return app.Receipt{}, app.Fail(app.Conflict, "a workstation cannot shut itself out: do it on another")
	}
	n.RevokedAt, n.Accepted = o.Now, desk.Vector{}
	for x, seq := range o.Tx.Vector() {
		if s, ok := o.Tx.Signer(x); ok && s.Node == c.Node {
			n.Accepted[x] = seq
		}
	}
	return records.Save(o, desk.NodeType, c.Node, n, nil)
}

func revokeNodeAlone(ctx context.Context, e *engine.Engine, s engine.Session, c app.RevokeNode) (app.Receipt, error) {
	r, err := e.Update(ctx, s, func(o *engine.Op) (app.Receipt, error) { return revokeNode(o, c) })
	if err != nil {
		return r, err
	}
	p := e.Peers()
	if p == nil {
		return r, nil
	}
	p.Shut(c.Node) // the coordinator changes the gossip key when it hears of it
	return r, nil
}

var errNoSite = app.Fail(app.Conflict, "this workstation belongs to no site yet: run puntod init first")

func invite(ctx context.Context, e *engine.Engine, s engine.Session, c app.Invite) (app.Receipt, error) {
	if s.Role != desk.AdministratorRole {
		return app.Receipt{}, app.Fail(app.NotAllowed, "only an administrator invites workstations: ask one")
	}
	p := e.Peers()
	if p == nil {
		return app.Receipt{}, errNoSite
	}
	code, err := p.Invite(ctx)
	return app.Receipt{Secret: code}, err
}

func rotateKey(ctx context.Context, e *engine.Engine, s engine.Session, c app.RotateKey) (app.Receipt, error) {
	if s.Role != desk.AdministratorRole {
		return app.Receipt{}, app.Fail(app.NotAllowed, "only an administrator changes the key of the site: ask one")
	}
	p := e.Peers()
	if p == nil {
		return app.Receipt{}, errNoSite
	}
	return app.Receipt{}, p.Rotate(ctx)
}

func askNodes(l *engine.Look, q app.Nodes) (app.Answer, error) {
	me, _ := l.Engine.Log.Signer(l.Engine.Log.Origin())
	a := app.NodesAnswer{Me: me.Node, Room: l.Engine.Room()}
	var live desk.Sight
	if p := l.Engine.Peers(); p != nil {
		a.Joined, live = true, p.Live()
	}
	a.Alone, a.AloneSince, a.BackAt = live.Alone, live.AloneSince, live.BackAt
	a.Fetching, a.Fetched, a.Leader, a.Term, a.Service = live.Fetching, live.Fetched, live.Leader, live.Term, live.Service
	a.ChangedAlone = engine.StateOf[metCases](l.Engine).count(live.AloneSince)
	var err error
	if a.Refused, err = engine.Count(l.Reader, []byte{engine.IxRefused}, nil, nil); err != nil {
		return nil, err
	}
	if a.Conflicts, err = conflicts.Conflicts(l); err != nil {
		return nil, err
	}
	for n, err := range records.Each[desk.Node](l.Names, desk.NodeType) {
		if err != nil {
			return nil, err
		}
		a.Nodes = append(a.Nodes, nodeRow(l, n.ID, n.Of, me.Node, live))
	}
	slices.SortStableFunc(a.Nodes, func(x, y app.NodeRow) int {
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

func nodeRow(l *engine.Look, id desk.ID, n desk.Node, me desk.ID, live desk.Sight) app.NodeRow {
	r := app.NodeRow{ID: id, Name: n.Name, Prefix: n.Prefix, Me: id == me, Coordinator: n.Coordinator, Leads: id == live.Leader,
		Version: n.Version, Address: n.Address, RevokedAt: n.RevokedAt, BackupAt: n.BackupAt}
	if len(n.More) > 0 {
		r.Prefix = n.More[len(n.More)-1]
	}
	x, known := live.Nodes[id]
	if r.Me {
		r.Alive, r.SeenAt, r.OffsetKnown = true, l.Now, true
		x.Agents = l.Engine.Agents()
	}
	for _, a := range x.Agents {
		r.Agents = append(r.Agents, records.Name(l.Names, desk.AgentType, a))
	}
	slices.Sort(r.Agents)
	own := l.Engine.Log.Vector()
	if f, ok := l.Engine.Bare().(interface{ Frozen() []desk.Origin }); ok {
		for _, o := range f.Frozen() {
			s, _ := l.Engine.Log.Signer(o)
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

func askRefused(l *engine.Look, q app.Refused) (app.Answer, error) {
	a := app.RefusedAnswer{}
	limit := q.Limit
	if limit <= 0 {
		limit = 50
	}
	for k, err := range l.Reader.Scan([]byte{engine.IxRefused}, nil, true) {
		if err != nil {
			return nil, err
		}
		if len(a.Rows) == min(limit, 1000) {
			break
		}
		o, seq := engine.EventOf(k.Key)
		ev, err := l.Reader.Event(o, seq)
		if err != nil {
			return nil, err
		}
		s, _ := l.Engine.Log.Signer(o)
		a.Rows = append(a.Rows, app.RefusedRow{Origin: o, Seq: seq, Node: records.Name(l.Names, desk.NodeType, s.Node), Kind: ev.Kind.String(), Entity: ev.Entity,
			Writer: records.Name(l.Names, desk.AgentType, ev.Writer), At: ev.At, Reason: string(k.Value)})
	}
	return a, nil
}

// Room is the capability as the engine takes it.
func Room() engine.Room {
	return engine.Room{Name: "site",
		Handles: []engine.Handler{engine.Does(addNode), engine.Does(tellNode), engine.Does(nameNode), engine.DoesAlone(revokeNodeAlone), engine.DoesAlone(invite), engine.DoesAlone(rotateKey),
			engine.DoesAlone(backUp), engine.Asks(askNodes), engine.Asks(askRefused), engine.Asks(askDigest)},
		Views:  map[desk.Type]engine.ViewKind{desk.NodeType: {New: func() engine.View { return engine.NewRecordView(nodeKeys) }}},
		Merged: meet, Committed: keepMet, Reborn: renumber}
}
