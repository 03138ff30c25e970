package rights

import (
	"testing"

	"punto/app/desk"
	"punto/app/phone"
)

// An altered program on a workstation of their own lets nobody speak for another: what an
// agent has read, follows and tells of a shift is the agent's.
func TestNobodyTellsWhatAnotherReadsFollowsOrDoes(t *testing.T) {
	w := newWorld(t)
	ana, bea := w.agent(1, desk.AgentRole), w.agent(2, desk.AgentRole)
	carla, root := w.agent(3, desk.SupervisorRole), w.agent(4, desk.AdministratorRole)
	at := func(t desk.Type, id desk.ID) desk.Entity { return desk.Entity{Type: t, ID: id} }
	patch := func(of desk.Entity, by desk.ID, v any) desk.Event {
		t.Helper()
		p, err := desk.Diff[any](struct{}{}, v)
		if err != nil {
			t.Fatal(err)
		}
		return w.says(one, desk.RecordPatched, of, by, p)
	}
	seen := func(by desk.ID, pbx, who string) desk.Event {
		return w.says(one, desk.AgentSeen, at(desk.ShiftType, desk.ID{9}), by, shift{[]phone.CallEvent{
			{Key: phone.Key{PBX: phone.Manual, UniqueID: by.String(), Kind: phone.AgentSignedIn}}, {Key: phone.Key{PBX: pbx, UniqueID: who, Kind: phone.AgentSignedIn}}}})
	}
	for _, x := range []struct {
		name string
		e    desk.Event
		want string
	}{
		{"reads for oneself", patch(at(desk.ReadingType, desk.ReadingID(ana)), ana, desk.Reading{Agent: ana, Until: 5}), ""},
		{"reads on", patch(at(desk.ReadingType, desk.ReadingID(ana)), ana, desk.Reading{Until: 6}), ""},
		{"reads for another", patch(at(desk.ReadingType, desk.ReadingID(bea)), ana, desk.Reading{Until: 5}), Unentitled},
		{"reads under the own id as another", patch(at(desk.ReadingType, desk.ReadingID(ana)), ana, desk.Reading{Agent: bea, Until: 5}), Unentitled},
		{"reads for an agent as a supervisor", patch(at(desk.ReadingType, desk.ReadingID(ana)), carla, desk.Reading{Until: 5}), Unentitled},
		{"undoes what another read", w.says(one, desk.EventUndone, at(desk.ReadingType, desk.ReadingID(bea)), ana, desk.Undo{Origin: two, Seq: 1}), Unentitled},
		{"follows", patch(at(desk.FollowType, desk.FollowID(ana, kase.ID)), ana, desk.Follow{Agent: ana, Case: kase.ID, On: true}), ""},
		{"does not follow any more", patch(at(desk.FollowType, desk.FollowID(ana, kase.ID)), ana, struct {
			On *bool `cbor:"3,keyasint"`
		}{new(bool)}), ""},
		{"has another follow", patch(at(desk.FollowType, desk.FollowID(bea, kase.ID)), ana, desk.Follow{On: true}), Unentitled},
		{"follows under the own id as another", patch(at(desk.FollowType, desk.FollowID(ana, kase.ID)), ana, desk.Follow{Agent: bea, On: true}), Unentitled},
		{"an administrator has another follow", patch(at(desk.FollowType, desk.FollowID(bea, kase.ID)), root, desk.Follow{Agent: bea, On: true}), ""},
		{"signs in", seen(ana, phone.Manual, ana.String()), ""},
		{"signs another in", seen(ana, phone.Manual, bea.String()), Unentitled},
		{"tells of oneself what an exchange would", seen(ana, "central", ana.String()), Unentitled},
		{"brings a log in as a supervisor", seen(carla, "central", "ana"), ""},
		{"brings a log in with nobody signed in", w.says(one, desk.AgentSeen, at(desk.ShiftType, desk.ID{9}), desk.ID{}, shift{[]phone.CallEvent{{Key: phone.Key{PBX: "central", UniqueID: "ana"}}}}), ""},
		{"says of a shift what nobody can read", w.says(one, desk.AgentSeen, at(desk.ShiftType, desk.ID{9}), ana, "x"), Unentitled},
		{"an agent writes a letter", patch(at(desk.LetterType, desk.ID{8}), ana, desk.Letter{To: "x@example.org"}), Unentitled},
		{"a supervisor sends a letter again", patch(at(desk.LetterType, desk.ID{8}), carla, desk.Letter{NextAt: 5}), ""},
		{"a supervisor takes a letter back", w.says(one, desk.EventUndone, at(desk.LetterType, desk.ID{8}), carla, desk.Undo{Origin: two, Seq: 1}), Unentitled},
		{"the desk writes a letter", patch(at(desk.LetterType, desk.ID{8}), desk.ID{}, desk.Letter{To: "x@example.org"}), ""},
	} {
		w.judged(x.name, x.e, x.want)
	}
}
