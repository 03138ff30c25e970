package host

import (
	"context"
	"slices"
	"testing"

	"punto/app"
	"punto/app/cases"
	"punto/app/desk"
	"punto/sync/stream"
)

// writes puts events of a new incarnation of the liar into the log of the honest
// workstation, with one behind them that is beyond doubt.
func (l *liar) writes(t *testing.T, es ...desk.Event) desk.Origin {
	t.Helper()
	id := l.born()
	o := id.Origin()
	all := l.notes(t, o, len(es)+1)
	for i, e := range es {
		e.Origin, e.Seq, e.Version, e.At = o, all[i].Seq, 1, 1
		if e.Stamp == 0 {
			e.Stamp = all[i].Stamp
		}
		all[i] = e
	}
	if last := all[len(es)-1].Stamp; last >= all[len(es)].Stamp {
		all = all[:len(es)]
	}
	if !l.says(t, l.met(t, id), frame(stream.EncodeRun(l.run(o, framesOf(t, all))))) || l.to.db.Vector()[o] != uint64(len(all)) {
		t.Errorf("what its workstation has signed is not kept: %d of %d events", l.to.db.Vector()[o], len(all))
	}
	return o
}

func TestBodiesThatCannotBeReadStopNothing(t *testing.T) {
	a, c, _, rogue := victims(t)
	l := a.liar(t)
	of := func(ty desk.Type) desk.Entity { return desk.Entity{Type: ty, ID: desk.DerivedID(ty.String())} }
	var nobody desk.ID
	bad := []byte{0xa1, 1, 0x19, 1, 1} // field 1 is a number
	list := func(ty desk.Type) app.Query { return app.Records{Type: ty} }
	for _, x := range []struct {
		name   string
		kind   desk.Kind
		of     desk.Entity // without an id: a case
		writer desk.ID
		body   []byte
		then   app.Query
	}{
		{"a call that was seen", desk.CallSeen, of(desk.CallType), nobody, bad, app.Calls{}},
		{"a call that is no CBOR", desk.CallSeen, desk.Entity{Type: desk.CallType, ID: desk.ID{1}}, nobody, []byte{0xff}, app.Calls{}},
		{"a whole call", desk.CallRecorded, desk.Entity{Type: desk.CallType, ID: desk.ID{2}}, nobody, bad, app.Calls{}},
		{"a clock", desk.ClockMeasured, nodeOf(desk.NodeID(l.pub())), nobody, []byte{0xff}, app.Nodes{}},
		{"a registration", desk.CaseOpened, desk.Entity{Type: desk.CaseType, ID: desk.ID{3}}, rogue, []byte{0xff}, app.Cases{By: "opened"}},
		{"a note", desk.CaseNoted, desk.Entity{}, rogue, bad, nil},
		{"an assignment", desk.CaseAssigned, desk.Entity{}, rogue, []byte{0xff}, nil},
		{"a solution", desk.CaseResolved, desk.Entity{}, rogue, bad, nil},
		{"a suspension", desk.CaseSuspended, desk.Entity{}, rogue, bad, nil},
		{"a reopening", desk.CaseReopened, desk.Entity{}, rogue, bad, nil},
		{"a file", desk.FileAttached, desk.Entity{}, rogue, bad, nil},
		{"a case that is merged into none", desk.CaseMerged, desk.Entity{}, rogue, bad, nil},
		{"an undoing", desk.EventUndone, desk.Entity{}, rogue, []byte{0xff}, nil},
		{"a kind of a newer version", 999, desk.Entity{}, rogue, bad, nil},
		{"a person", desk.RecordPatched, of(desk.PersonType), rogue, bad, list(desk.PersonType)},
		{"an asset", desk.RecordPatched, of(desk.AssetType), rogue, bad, list(desk.AssetType)},
		{"an alarm", desk.RecordPatched, of(desk.AlarmType), nobody, bad, app.Alarms{}},
		{"its own address", desk.RecordPatched, nodeOf(desk.NodeID(l.pub())), nobody, patch(t, 5, 7), app.Nodes{}},
		{"a password", desk.RecordPatched, desk.Entity{Type: desk.AgentType, ID: rogue}, rogue, patch(t, desk.AgentSecretField, 7), list(desk.AgentType)},
	} {
		t.Run(x.name, func(t *testing.T) {
			if x.of.ID.IsZero() {
				id := a.opens(t, x.name).ID
				x.of, x.then = desk.Entity{Type: desk.CaseType, ID: id}, app.OneCase{ID: id}
			}
			l.writes(t, desk.Event{Kind: x.kind, Entity: x.of, Actor: x.writer, Writer: x.writer, Body: x.body})
			if _, err := a.Ask(a.Owner(context.Background()), x.then); err != nil {
				t.Errorf("nobody can look at it, nor at what stands beside it: %v", err)
			}
			if _, err := cases.FilesNamed(a.Engine); err != nil {
				t.Errorf("no file is exchanged any more: %v", err)
			}
		})
	}
	if _, err := a.Do(a.Owner(context.Background()), app.RevokeNode{Node: desk.NodeID(l.pub())}); err != nil || !a.Shut(desk.NodeID(l.pub())) {
		t.Errorf("who wrote it cannot be shut out: %v", err)
	}
	work(t, a, c)
}

func TestStampOfTheEndOfTimeDoesNotSilenceTheOthers(t *testing.T) {
	for _, x := range []struct {
		name  string
		stamp desk.Stamp // 0 = an hour ahead
	}{{"an hour ahead", 0}, {"the last that is taken", 1<<63 - 1}} {
		t.Run(x.name, func(t *testing.T) {
			a, c, _, _ := victims(t)
			l := a.liar(t)
			id := l.born()
			es := l.notes(t, id.Origin(), 1)
			if es[0].Stamp += 3600e3 << 16; x.stamp != 0 {
				es[0].Stamp = x.stamp
			}
			alive := l.says(t, l.met(t, id), frame(stream.EncodeRun(l.run(id.Origin(), framesOf(t, es)))))
			if x.stamp == 0 && !alive {
				t.Error("a clock that is an hour ahead was refused")
			}
			work(t, a, c)
			work(t, c, a)
		})
	}
}

func TestRegistrationOfACaseCannotBeUndone(t *testing.T) {
	a, c, _, rogue := victims(t)
	l := a.liar(t)
	kase := a.opens(t, "que no se pierda")
	of := desk.Entity{Type: desk.CaseType, ID: kase.ID}
	var opened desk.Event
	err := a.db.Read(func(r desk.Reader) error {
		es, err := r.Events(of)
		if i := slices.IndexFunc(es, func(e desk.Event) bool { return e.Kind == desk.CaseOpened }); i >= 0 {
			opened = es[i]
		}
		return err
	})
	if err != nil || opened.Seq == 0 {
		t.Fatal("the case has no registration", err)
	}
	l.writes(t, desk.Event{Kind: desk.EventUndone, Entity: of, Actor: rogue, Writer: rogue, Body: bodyOf(t, desk.Undo{Origin: opened.Origin, Seq: opened.Seq})})
	q, err := a.Ask(a.Owner(context.Background()), app.OneCase{ID: kase.ID})
	if err != nil || q.(app.OneCaseAnswer).Case.Subject != "que no se pierda" {
		t.Errorf("a case has vanished: %v", err)
	}
	work(t, a, c)
}

func TestGossipKeyOfAWorkstationThatIsShutOutIsReplaced(t *testing.T) {
	for name, generation := range map[string]uint64{"the next generation": 2, "the last generation": ^uint64(0)} {
		t.Run(name, func(t *testing.T) {
			a, c, _, _ := victims(t)
			l := a.liar(t)
			mine := make([]byte, 32)
			l.says(t, frame(l.hello(t)), frame(said(t, stream.Keys, stream.Ring{Generation: generation, Keys: [][]byte{mine}})))
			a.do(t, app.RevokeNode{Node: desk.NodeID(l.pub())})
			ring := func(s *seat) (stream.Ring, string) {
				x, err := stream.LoadMembership(s.dir)
				if err != nil {
					t.Fatal(err)
				}
				return x.Ring, string(bodyOf(t, x.Ring))
			}
			until(t, "both have the same new key", func() bool {
				x, all := ring(a)
				_, other := ring(c)
				return all == other && string(x.Keys[0]) != string(mine)
			})
			work(t, a, c)
		})
	}
}
