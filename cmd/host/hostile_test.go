package host

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fxamacker/cbor/v2"

	"punto/app"
	"punto/app/desk"
)

// heardLog keeps what a host writes into its log.
type heardLog struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *heardLog) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(b)
}

// since is what was written after the first n bytes, and how many there are.
func (l *heardLog) since(n int) (string, int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()[n:], l.b.Len()
}

// victims are the coordinator of a site, what it writes into its log, and an
// honest workstation; rogue is an agent of no rights to speak of.
func victims(t *testing.T) (a, c *seat, log *heardLog, rogue desk.ID) {
	t.Helper()
	a, log = founded(t), &heardLog{}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	var err error
	if a.Host, err = OpenWith(t.Context(), a.dir, slog.New(slog.NewTextHandler(log, nil)), Options{Network: true}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if t.Failed() {
			said, _ := log.since(0)
			t.Log("the coordinator's log:\n" + said)
		}
	})
	rogue = a.do(t, app.SaveAgent{Agent: desk.Agent{Name: "Rufo", Role: desk.AgentRole}}).ID
	c = a.join(t, "bodega")
	return a, c, log, rogue
}

// work is honest traffic: what c writes arrives at a, and both agree.
func work(t *testing.T, a, c *seat) {
	t.Helper()
	r := c.opens(t, "sigue el trabajo")
	until(t, "the case of an honest workstation at the other one", func() bool {
		_, err := a.Ask(a.Owner(context.Background()), app.OneCase{ID: r.ID})
		return err == nil
	})
	until(t, "the honest ones agree", func() bool { return alike(t, a, c) })
}

// opens registers a case as the administrator.
func (s *seat) opens(t *testing.T, subject string) app.Receipt {
	t.Helper()
	r, err := s.Do(s.admin(t), app.OpenCase{Opened: desk.Opened{Subject: subject}})
	if err != nil {
		t.Fatalf("a case could not be opened: %v", err)
	}
	return r
}

// forge appends events to the log of a workstation of which nobody judges whether
// they may be. Their stamps rise, unless they have one.
func (s *seat) forge(t *testing.T, es ...*desk.Event) {
	t.Helper()
	var last desk.Stamp
	err := s.db.Update(context.Background(), func(tx desk.Tx) error {
		if n := s.db.Vector()[s.db.Origin()]; n > 0 {
			e, err := tx.Event(s.db.Origin(), n)
			if err != nil {
				return err
			}
			last = e.Stamp
		}
		for _, e := range es {
			if e.Stamp == 0 {
				last = max(last+1, desk.Stamp(time.Now().UnixMilli())<<16)
				e.Stamp = last
			}
			e.Version, e.At = 1, time.Now().UnixMilli()
			if err := tx.Append(e); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for time.Now().UnixMilli() <= int64(last>>16) { // its engine goes on behind them
		runtime.Gosched()
	}
	s.do(t, app.TellNode{Version: fmt.Sprint("prueba ", es[0].Seq)}) // and has the hub look
}

func bodyOf(t testing.TB, v any) []byte {
	t.Helper()
	b, err := desk.Encode(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func patch(t testing.TB, field uint64, v any) []byte {
	return bodyOf(t, desk.Patch{field: cbor.RawMessage(bodyOf(t, v))})
}

// has tells whether an event has arrived.
func (s *seat) has(e *desk.Event) bool { return s.db.Vector()[e.Origin] >= e.Seq }

// view is the folded state of an entity; "" when there is none.
func (s *seat) view(t *testing.T, ent desk.Entity) (view string) {
	t.Helper()
	if err := s.db.Read(func(r desk.Reader) error { b, err := r.View(ent); view = string(b); return err }); err != nil {
		t.Fatal(err)
	}
	return view
}

func (s *seat) first(t *testing.T, typ desk.Type) (id desk.ID) {
	t.Helper()
	a, err := s.Ask(s.Owner(context.Background()), app.Records{Type: typ})
	if err != nil {
		t.Fatal(err)
	}
	if typ == desk.GroupType {
		return a.(app.RecordsAnswer).Groups[0].ID
	}
	return a.(app.RecordsAnswer).Contracts[0].ID
}

func TestWhatAHostileWorkstationHasNoRightToIsKeptAside(t *testing.T) {
	a, c, _, rogue := victims(t)
	b := a.join(t, "mentirosa")
	kase := a.opens(t, "un caso con reloj")
	seen := desk.Entity{Type: desk.CaseType, ID: kase.ID}
	until(t, "all three hold the case", func() bool { return alike(t, a, b, c) })
	admin, lead, liar := adminOf(t, a), a.site(t).Me, b.site(t).Me
	if lead == liar || lead.IsZero() || admin == rogue {
		t.Fatal("the parts of the play are mixed up")
	}
	ent := func(ty desk.Type, id desk.ID) desk.Entity { return desk.Entity{Type: ty, ID: id} }
	agent := func(id desk.ID) desk.Entity { return ent(desk.AgentType, id) }
	node := func(id desk.ID) desk.Entity { return ent(desk.NodeType, id) }
	contract := ent(desk.ContractType, a.first(t, desk.ContractType))
	group := ent(desk.GroupType, a.first(t, desk.GroupType))
	var nobody desk.ID
	stranger, fresh := desk.ID{9, 9}, desk.ID{7, 7}
	note := bodyOf(t, desk.Said{Text: "yo no fui"})
	promote := patch(t, desk.AgentRoleField, desk.AdministratorRole)
	both := bodyOf(t, desk.Patch{desk.AgentRoleField: bodyOf(t, desk.AdministratorRole), desk.AgentSecretField: bodyOf(t, []byte("x"))})
	revoke := bodyOf(t, desk.Patch{desk.NodeRevoked: bodyOf(t, int64(1)), desk.NodeAccepted: bodyOf(t, desk.Vector{})})
	for i, f := range []struct {
		name   string
		kind   desk.Kind
		of     desk.Entity
		actor  desk.ID
		writer desk.ID
		body   []byte
		reason string
	}{
		{"an agent changes a contract", desk.RecordPatched, contract, rogue, rogue, patch(t, 2, "otro"), "role"},
		{"an agent makes itself the administrator", desk.RecordPatched, agent(rogue), rogue, rogue, promote, "role"},
		{"an agent makes itself the administrator beside a new password", desk.RecordPatched, agent(rogue), rogue, rogue, both, "role"},
		{"an agent changes another's password", desk.RecordPatched, agent(admin), rogue, rogue, patch(t, desk.AgentSecretField, []byte("x")), "role"},
		{"an agent makes a new administrator", desk.RecordPatched, agent(fresh), rogue, rogue, promote, "role"},
		{"an agent dismisses the administrator", desk.RecordPatched, agent(admin), rogue, rogue, patch(t, desk.AgentGoneField, true), "role"},
		{"an agent excuses a clock", desk.CaseExcused, seen, rogue, rogue, bodyOf(t, desk.Said{Clock: "resolve/1", Reason: "client"}), "role"},
		{"an agent edits the service model", desk.RecordPatched, ent(desk.ModelType, desk.ID{}), rogue, rogue, patch(t, 1, 99), "role"},
		{"an agent writes a calendar", desk.RecordPatched, ent(desk.CalendarType, fresh), rogue, rogue, patch(t, 1, "siempre"), "role"},
		{"an agent renames a group", desk.RecordPatched, group, rogue, rogue, patch(t, 1, "míos"), "role"},
		{"an agent renames the desk", desk.RecordPatched, ent(desk.OrganisationType, desk.ID{}), rogue, rogue, patch(t, 1, "mía"), "role"},
		{"an agent shuts the coordinator out", desk.RecordPatched, node(lead), rogue, rogue, revoke, "role"},
		{"an agent speaks for the administrator", desk.CaseNoted, seen, admin, rogue, note, "role"},
		{"nobody of the desk writes a note", desk.CaseNoted, seen, stranger, stranger, note, "role"},
		{"nobody of the desk writes a person", desk.RecordPatched, ent(desk.PersonType, fresh), stranger, stranger, patch(t, 1, "Nadie"), "role"},
		{"a type of a newer version that the role may not", desk.RecordPatched, ent(200, fresh), rogue, rogue, patch(t, 1, "x"), "role"},
		{"a workstation changes a contract", desk.RecordPatched, contract, nobody, nobody, patch(t, 2, "otro"), "node"},
		{"a workstation makes an agent the administrator", desk.RecordPatched, agent(rogue), nobody, nobody, promote, "node"},
		{"a workstation makes a password", desk.RecordPatched, agent(admin), nobody, nobody, patch(t, desk.AgentSecretField, []byte("x")), "node"},
		{"a workstation excuses a clock", desk.CaseExcused, seen, nobody, nobody, bodyOf(t, desk.Said{Clock: "resolve/1"}), "node"},
		{"a workstation writes as the administrator", desk.CaseNoted, seen, admin, nobody, note, "node"},
		{"a workstation resumes a case as the administrator", desk.CaseResumed, seen, admin, nobody, note, "node"},
		{"a workstation edits the service model", desk.RecordPatched, ent(desk.ModelType, desk.ID{}), nobody, nobody, patch(t, 1, 99), "node"},
		{"a workstation moves another", desk.RecordPatched, node(lead), nobody, nobody, patch(t, 5, "10.9.9.9:7420"), "node"},
		{"a workstation measures another's clock", desk.ClockMeasured, node(lead), nobody, nobody, bodyOf(t, desk.Offset{Origin: a.db.Origin(), To: 1 << 62, Ahead: 3600e3}), "node"},
		{"a workstation measures another's clock in its own name", desk.ClockMeasured, node(liar), nobody, nobody, bodyOf(t, desk.Offset{Origin: a.db.Origin(), To: 1 << 62, Ahead: 3600e3}), "node"},
		{"a workstation shuts the coordinator out", desk.RecordPatched, node(lead), nobody, nobody, revoke, "node"},
		{"a workstation makes itself the coordinator", desk.RecordPatched, node(liar), nobody, nobody, patch(t, 4, true), "node"},
		{"a workstation registers another", desk.RecordPatched, node(fresh), nobody, nobody, patch(t, 1, "fantasma"), "node"},
		{"a kind of a newer version that a workstation may not", 999, seen, nobody, nobody, note, "node"},
	} {
		t.Run(f.name, func(t *testing.T) {
			before := a.view(t, f.of)
			kept := a.view(t, seen)
			bad := &desk.Event{Kind: f.kind, Entity: f.of, Actor: f.actor, Writer: f.writer, Body: f.body}
			good := &desk.Event{Kind: desk.CaseNoted, Entity: seen, Actor: rogue, Writer: rogue, Body: bodyOf(t, desk.Said{Text: fmt.Sprint("nota ", i)})}
			b.forge(t, bad)
			b.forge(t, good)
			until(t, "both honest ones hold what it wrote", func() bool { return a.has(good) && c.has(good) })
			for _, x := range []*seat{a, c} {
				r, err := x.Ask(x.Owner(context.Background()), app.Refused{Limit: 1000})
				if err != nil {
					t.Fatal(err)
				}
				listed := false
				for _, row := range r.(app.RefusedAnswer).Rows {
					if row.Origin == bad.Origin && row.Seq == bad.Seq {
						listed = row.Reason == f.reason && row.Node == "mentirosa" && row.Entity == f.of && row.Kind == f.kind.String()
					}
					if row.Origin == good.Origin && row.Seq == good.Seq {
						t.Errorf("a note that the agent may write was kept aside: %+v", row)
					}
				}
				if !listed {
					t.Errorf("it is not listed with the reason %q: %+v", f.reason, r.(app.RefusedAnswer).Rows)
				}
				if now := x.view(t, f.of); f.of != seen && f.of.Type != desk.NodeType && now != before {
					t.Errorf("it has changed %s %s", f.of.Type, f.of.ID)
				}
			}
			if a.view(t, seen) == kept {
				t.Error("the note that the agent may write has changed nothing")
			}
			if x := a.site(t); len(x.Nodes) != 3 || a.Shut(lead) || x.Nodes[0].ID != lead || x.Nodes[1].Coordinator || x.Nodes[2].Coordinator {
				t.Errorf("the workstations are now %+v", x.Nodes)
			}
		})
	}
	if s := a.case_(t, kase.ID); strings.Contains(s, "yo no fui") {
		t.Errorf("a forged note is shown: %s", s)
	}
	work(t, a, c)
}

// case_ is all that is shown of a case.
func (s *seat) case_(t *testing.T, id desk.ID) string {
	t.Helper()
	x, err := s.Ask(s.Owner(context.Background()), app.OneCase{ID: id})
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%+v", x)
}

func TestWhatAWorkstationMayWriteIsKeptThoughItIsOfANewerVersion(t *testing.T) {
	a, c, _, rogue := victims(t)
	b := a.join(t, "más nueva")
	kase, second := a.opens(t, "de otra versión"), a.opens(t, "con un cuerpo que no se lee")
	until(t, "all three hold the case", func() bool { return alike(t, a, b, c) })
	admin := adminOf(t, a)
	b.admin(t) // it works there
	of := func(id desk.ID) desk.Entity { return desk.Entity{Type: desk.CaseType, ID: id} }
	unknown := desk.Entity{Type: 200, ID: desk.ID{4}}
	newer := []*desk.Event{
		{Kind: 999, Entity: of(kase.ID), Actor: rogue, Writer: rogue, Body: []byte("de otra versión")},
		{Kind: desk.CaseEdited, Entity: of(second.ID), Actor: rogue, Writer: rogue, Body: []byte{0xff, 0x00}},
		{Kind: desk.RecordPatched, Entity: unknown, Actor: admin, Writer: admin, Body: patch(t, 77, "x")},
		{Kind: 998, Entity: unknown, Actor: admin, Writer: admin, Body: []byte{0xff}},
	}
	b.forge(t, newer...)
	last := newer[len(newer)-1]
	until(t, "both honest ones hold what it wrote", func() bool { return a.has(last) && c.has(last) })
	for _, x := range []*seat{a, c} {
		if n := x.site(t).Refused; n != 0 {
			t.Errorf("%d events were kept aside though the role may write them", n)
		}
		for _, id := range []desk.ID{kase.ID, second.ID} {
			q, err := x.Ask(x.Owner(context.Background()), app.OneCase{ID: id})
			if err != nil || !q.(app.OneCaseAnswer).Case.Newer || q.(app.OneCaseAnswer).Case.Subject == "" {
				t.Errorf("the case is not marked as one of a newer version, or was lost: %v, %+v", err, q)
			}
		}
		var r desk.Record
		if err := desk.Decode([]byte(x.view(t, unknown)), &r); err != nil || !r.Newer || r.Fields[77] == nil {
			t.Errorf("an entity of an unknown type is not kept: %+v, %v", r, err)
		}
	}
	work(t, a, c)
}
