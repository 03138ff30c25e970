package stage

import (
	"context"
	"iter"
	"slices"
	"sync"
	"testing"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/ui"
	"punto/ui/page"
)

// Network is an engine that tells of workstations and conflicts that a test
// has made up, and can be taken away.
type Network struct {
	app.Desk
	mu        sync.Mutex // guards what follows: see Change
	Known     app.NodesAnswer
	Rows      []app.ConflictRow
	Settled   []app.SettleConflict
	Done      []app.Command // on workstations
	Down      bool          // nobody answers
	Forgotten bool          // nobody is signed in any more
	Tries     int           // of Status
	Lost      int           // commands that nobody answered
}

// Ask implements app.Desk.
func (d *Network) Ask(ctx context.Context, q app.Query) (app.Answer, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, ok := q.(app.Status); ok {
		d.Tries++
	}
	if d.Down {
		return nil, &app.Error{Code: app.Unavailable, Msg: "gone"}
	}
	switch q := q.(type) {
	case app.Nodes:
		if d.Forgotten {
			return nil, &app.Error{Code: app.NotSignedIn, Msg: "who"}
		}
		a := d.Known
		a.Conflicts = len(d.Rows)
		return a, nil
	case app.Conflicts:
		from := 0
		if len(q.After) > 0 {
			from = int(q.After[0])
		}
		to := min(len(d.Rows), from+q.Limit)
		a := app.ConflictsAnswer{Rows: slices.Clone(d.Rows[from:to])}
		if to < len(d.Rows) {
			a.Next = []byte{byte(to)}
		}
		return a, nil
	case app.Refused:
		return app.RefusedAnswer{Rows: []app.RefusedRow{{Node: "Bodega", Kind: "case-assigned", Entity: desk.Entity{Type: desk.CaseType}, Writer: "Elena Huamán", At: 1795446000000, Reason: "role"}}}, nil
	}
	return d.Desk.Ask(ctx, q)
}

// Do implements app.Desk.
func (d *Network) Do(ctx context.Context, c app.Command) (app.Receipt, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.Down {
		d.Lost++
		return app.Receipt{}, &app.Error{Code: app.Unavailable, Msg: "gone"}
	}
	switch c := c.(type) {
	case app.SettleConflict:
		d.Settled = append(d.Settled, c)
		i := slices.IndexFunc(d.Rows, func(r app.ConflictRow) bool { return r.Entity == c.Entity && r.Field == c.Field && r.Stamp == c.Stamp })
		if i < 0 {
			return app.Receipt{}, &app.Error{Code: app.NotFound, Msg: "settled already"}
		}
		d.Rows = slices.Delete(d.Rows, i, i+1)
		return app.Receipt{}, nil
	case app.Invite:
		d.Done = append(d.Done, c)
		return app.Receipt{Secret: "K7QMR2XW9TB4HD6VNP8Z"}, nil //nolint:gosec // made up
	case app.RevokeNode, app.RotateKey, app.NameNode:
		d.Done = append(d.Done, c)
		return app.Receipt{}, nil
	}
	return d.Desk.Do(ctx, c)
}

// Watch implements app.Desk.
func (d *Network) Watch(ctx context.Context, of app.Interest) iter.Seq[app.Change] {
	return d.Desk.Watch(ctx, of)
}

// Change alters what the desk tells.
func (d *Network) Change(f func()) {
	d.mu.Lock()
	f()
	d.mu.Unlock()
}

// Commands are those on workstations that were done so far.
func (d *Network) Commands() []app.Command {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.Done)
}

// Node is the id of a made-up workstation.
func Node(b byte) (id desk.ID) { id[0] = b; return id }

// MadeUp is a desk of four workstations, each in another state, with conflicts.
func MadeUp() *Network {
	at := func(h, m int) int64 { return time.Date(2026, 11, 23, h+5, m, 0, 0, time.UTC).UnixMilli() }
	d := &Network{Known: app.NodesAnswer{Joined: true, Me: Node(1), Leader: Node(1), Term: 7, Refused: 1, Service: true, Nodes: []app.NodeRow{
		{ID: Node(1), Name: "Recepción", Prefix: "B", Me: true, Coordinator: true, Leads: true, Alive: true, SeenAt: at(10, 0), OffsetKnown: true, Version: "2.0.0", Address: "192.168.1.20:7946", BackupAt: at(2, 0)},
		{ID: Node(2), Name: "Bodega", Prefix: "C", Alive: true, SeenAt: at(10, 0), Behind: 1240, Ahead: 31, OffsetKnown: true, Offset: 3400, Version: "2.0.0", Address: "192.168.1.31:7946"},
		{ID: Node(3), Name: "Mesa 2", Prefix: "D", SeenAt: at(9, 5), OffsetKnown: true, Offset: -200, Version: "1.9.4", Address: "192.168.1.32:7946"},
		{ID: Node(4), Name: "Portería", Prefix: "E", SeenAt: at(8, 0), Forked: true},
		{ID: Node(5), Name: "Portátil viejo", Prefix: "F", SeenAt: at(7, 0), RevokedAt: at(8, 30)},
	}}}
	row := func(n byte, number desk.Number, title, field, kept, other string) app.ConflictRow {
		return app.ConflictRow{Entity: desk.Entity{Type: desk.CaseType, ID: Node(n)}, Number: number, Title: title, Field: field, Kept: kept, Other: other,
			KeptBy: "Pedro Lagos", OtherBy: "Elena Huamán", KeptAt: at(9, 40), OtherAt: at(9, 12), Stamp: desk.Stamp(n), CanChange: true, OpenedCase: true}
	}
	d.Rows = []app.ConflictRow{row(1, "C-0931-8", "Guías no imprimen, patio 2", "priority", "3", "2"), row(2, "C-0931-8", "Guías no imprimen, patio 2", "group", "Soporte Arequipa", "Redes"),
		row(3, "B-4180-2", "Acceso a SAP despacho", "status", "resolved", "in_progress"), row(4, "", "Rosa Quispe Mamani", "extension", "4471", "")}
	d.Rows[2].CanChange = false
	d.Rows[3].OpenedCase, d.Rows[3].Entity.Type = false, desk.PersonType
	return d
}

// NewNetwork is a signed-in window over a made-up desk of many workstations.
func NewNetwork(t *testing.T, pages []page.Kind, with ...func(*ui.Config)) (*Stage, *Network) {
	t.Helper()
	d := MadeUp()
	s := New(t, true, pages, append(with, func(c *ui.Config) { d.Desk, c.Desk = c.Desk, d })...)
	s.SignIn()
	s.Until("the others", func() bool { return s.Kit().Nodes.Term == 7 })
	s.Until("who is signed in", func() bool { return s.Kit().State.Agent.Name != "" })
	return s, d
}
