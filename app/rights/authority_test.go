package rights

import (
	"crypto/ed25519"
	"errors"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	"punto/app/desk"
)

// world is a log in memory: workstations that write in turn, one stamp each.
type world struct {
	t       *testing.T
	signers map[desk.Origin]desk.Signer
	events  []desk.Event
	last    map[desk.Origin]uint64
	stamp   desk.Stamp
	hidden  map[desk.Undo]bool // not arrived
}

// The workstations: an origin, and the node that writes under it.
const (
	boss desk.Origin = 1 + iota // the coordinator
	one
	two
	twoAgain // another incarnation of two
)

func nodeOf(o desk.Origin) desk.ID { return desk.ID{0xee, byte(min(o, two))} }

func newWorld(t *testing.T) *world {
	w := &world{t: t, signers: map[desk.Origin]desk.Signer{}, last: map[desk.Origin]uint64{}, stamp: 1_000_000 << 16, hidden: map[desk.Undo]bool{}}
	for o := boss; o <= twoAgain; o++ {
		w.signers[o] = desk.Signer{Node: nodeOf(o), Coordinator: o == boss}
	}
	return w
}

func (w *world) Signer(o desk.Origin) (desk.Signer, bool) { s, ok := w.signers[o]; return s, ok }

func (w *world) Event(o desk.Origin, seq uint64) (desk.Event, error) {
	for _, e := range w.events {
		if e.Origin == o && e.Seq == seq && !w.hidden[desk.Undo{Origin: o, Seq: seq}] {
			return e, nil
		}
	}
	return desk.Event{}, errors.New("it is not held")
}

// says writes an event at the next stamp; its actor is its writer.
func (w *world) says(o desk.Origin, k desk.Kind, of desk.Entity, by desk.ID, body any) desk.Event {
	w.t.Helper()
	b, err := desk.Encode(body)
	if err != nil {
		w.t.Fatal(err)
	}
	w.stamp += 1 << 16
	w.last[o]++
	e := desk.Event{Origin: o, Seq: w.last[o], Stamp: w.stamp, Kind: k, Version: 1, Entity: of, Actor: by, Writer: by, At: 1_000_000, Body: b}
	w.events = append(w.events, e)
	return e
}

func agentOf(id desk.ID) desk.Entity      { return desk.Entity{Type: desk.AgentType, ID: id} }
func stationOf(o desk.Origin) desk.Entity { return desk.Entity{Type: desk.NodeType, ID: nodeOf(o)} }

var kase = desk.Entity{Type: desk.CaseType, ID: desk.ID{7}}

// agent is one whom the coordinator has made.
func (w *world) agent(n byte, r desk.Role) desk.ID {
	id := desk.ID{n}
	w.patch(id, desk.Agent{}, desk.Agent{Name: "agente", Role: r})
	return id
}

func (w *world) patch(id desk.ID, was, is desk.Agent) desk.Event {
	p, err := desk.Diff(was, is)
	if err != nil {
		w.t.Fatal(err)
	}
	return w.says(boss, desk.RecordPatched, agentOf(id), desk.ID{}, p)
}

func (w *world) note(o desk.Origin, by desk.ID) desk.Event {
	return w.says(o, desk.CaseNoted, kase, by, desk.Said{Text: "nota"})
}

// revoke shuts a workstation out, of which so much counts.
func (w *world) revoke(by desk.Origin, who desk.Origin, v desk.Vector) desk.Event {
	p, err := desk.Diff(desk.Node{}, desk.Node{RevokedAt: 1, Accepted: v})
	if err != nil {
		w.t.Fatal(err)
	}
	return w.says(by, desk.RecordPatched, stationOf(who), desk.ID{}, p)
}

// all is the authority of what the world holds.
func (w *world) all() *Authority {
	var rs []desk.Event
	for _, e := range w.events {
		if Rules(&e) {
			rs = append(rs, e)
		}
	}
	return (&Authority{}).With(w, rs...)
}

func (w *world) judged(what string, e desk.Event, want string) {
	w.t.Helper()
	if got := w.all().Judge(w, &e); got != want {
		w.t.Errorf("%s: judged %q, not %q", what, got, want)
	}
}

// key gives an agent a key, and says so.
func (w *world) key(id desk.ID, was desk.Agent, seed byte) (desk.Agent, ed25519.PrivateKey) {
	k := ed25519.NewKeyFromSeed(append(make([]byte, 31), seed))
	is := was
	is.Key = k.Public().(ed25519.PublicKey)
	w.patch(id, was, is)
	return is, k
}

func (w *world) present(o desk.Origin, id desk.ID, k ed25519.PrivateKey, told, signed desk.ID) desk.Event {
	pub := k.Public().(ed25519.PublicKey)
	return w.says(o, desk.AgentPresent, agentOf(id), id, desk.Presence{Node: told, Sign: ed25519.Sign(k, Presence(id, signed, pub))})
}

func TestAPresenceVouchesForWhatComesAfterItUnderItsKey(t *testing.T) {
	w := newWorld(t)
	ana := w.agent(1, desk.AgentRole)
	a := desk.Agent{Name: "agente", Role: desk.AgentRole}
	free := w.note(one, ana)
	a, k1 := w.key(ana, a, 1)
	early := w.note(one, ana)
	w.present(one, ana, k1, nodeOf(one), nodeOf(one))
	after, elsewhere := w.note(one, ana), w.note(two, ana)
	_, k2 := w.key(ana, a, 2)
	old := w.note(one, ana)
	w.present(one, ana, k2, nodeOf(one), nodeOf(one))
	anew := w.note(one, ana)
	w.judged("before there was a key", free, "")
	w.judged("before the presence", early, Absent)
	w.judged("after it", after, "")
	w.judged("on another workstation", elsewhere, Absent)
	w.judged("under an old key", old, Absent)
	w.judged("under the new one", anew, "")
}

func TestAPresenceIsSignedForItsWorkstation(t *testing.T) {
	for _, x := range []struct {
		name         string
		told, signed desk.Origin
		by           byte // whose key
		want         string
	}{
		{"as it is", one, one, 1, ""},
		{"of another workstation", two, two, 1, Absent},
		{"rewritten for this one", one, two, 1, Absent},
		{"rewritten for another", two, one, 1, Absent},
		{"signed by somebody else", one, one, 9, Absent},
	} {
		w := newWorld(t)
		ana := w.agent(1, desk.AgentRole)
		w.key(ana, desk.Agent{Name: "agente", Role: desk.AgentRole}, 1)
		p := w.present(one, ana, ed25519.NewKeyFromSeed(append(make([]byte, 31), x.by)), nodeOf(x.told), nodeOf(x.signed))
		note := w.note(one, ana)
		w.judged("a presence "+x.name, p, x.want)
		w.judged("a note after one "+x.name, note, x.want)
	}
}

func TestAKeyThatIsNoneVouchesForNobody(t *testing.T) {
	w := newWorld(t)
	ana := w.agent(1, desk.AgentRole)
	a := desk.Agent{Name: "agente", Role: desk.AgentRole}
	k := a
	k.Key = []byte("x")
	w.patch(ana, a, k)
	p := w.says(one, desk.AgentPresent, agentOf(ana), ana, desk.Presence{Node: nodeOf(one), Sign: []byte("x")})
	w.judged("a presence", p, Absent)
	note := w.note(one, ana)
	w.judged("a note", note, Absent)
}

func TestOfARevokedWorkstationCountsWhatWasHeld(t *testing.T) {
	w := newWorld(t)
	ana := w.agent(1, desk.AgentRole)
	var notes []desk.Event
	for range 5 {
		notes = append(notes, w.note(two, ana))
	}
	again, honest := w.note(twoAgain, ana), w.note(one, ana)
	w.revoke(boss, two, desk.Vector{two: 3})
	for i, e := range notes {
		want := ""
		if e.Seq > 3 {
			want = Revoked
		}
		w.judged("note "+strconv.Itoa(i+1), e, want)
	}
	w.judged("of an incarnation that nobody held", again, Revoked)
	w.judged("of another workstation", honest, "")
	if !w.all().Shut(nodeOf(two)) || w.all().Shut(nodeOf(one)) {
		t.Error("it is not told who is shut out")
	}
}

func TestTheStricterOfTwoRevocationsHolds(t *testing.T) {
	w := newWorld(t)
	ana := w.agent(1, desk.AgentRole)
	var notes []desk.Event
	for range 5 {
		notes = append(notes, w.note(two, ana))
	}
	again := w.note(twoAgain, ana)
	a := w.revoke(boss, two, desk.Vector{two: 4, twoAgain: 1})
	b := w.revoke(boss, two, desk.Vector{two: 2})
	for _, order := range [][]desk.Event{{a, b}, {b, a}} {
		x := (&Authority{}).With(w, w.events[0]).With(w, order[0]).With(w, order[1]) // events[0] made the agent
		for _, e := range notes {
			want := ""
			if e.Seq > 2 {
				want = Revoked
			}
			if got := x.Judge(w, &e); got != want {
				t.Errorf("note %d is judged %q", e.Seq, got)
			}
		}
		if x.Judge(w, &again) != Revoked {
			t.Error("of an incarnation that one of them does not hold something counts")
		}
	}
}

// A second revocation reaches back too: what the revoked ruled above it does not
// count, as it would not if both had come at once.
func TestASecondRevocationTakesRulingsAway(t *testing.T) {
	w := newWorld(t)
	root := w.agent(1, desk.AdministratorRole)
	p, _ := desk.Diff(desk.Agent{}, desk.Agent{Name: "amigo", Role: desk.SupervisorRole})
	made := w.says(two, desk.RecordPatched, agentOf(desk.ID{2}), root, p)
	a := w.revoke(boss, two, desk.Vector{two: 1})
	b := w.revoke(boss, two, desk.Vector{})
	x := (&Authority{}).With(w, w.events[0], made, a)
	if x.Role(desk.ID{2}) != desk.SupervisorRole {
		t.Fatal("what counts is not counted")
	}
	if x = x.With(w, b); x.Role(desk.ID{2}) != desk.NoRole {
		t.Error("an agent whom a workstation has made that is shut out is still one")
	}
}

func TestAWorkstationSpeaksOfItselfAlone(t *testing.T) {
	w := newWorld(t)
	first := w.note(one, desk.ID{}).Stamp
	offset := func(of desk.Origin, to desk.Stamp) desk.Offset {
		return desk.Offset{Origin: of, From: first, To: to, Ahead: 3_600_000, Peers: 2}
	}
	patch := func(n desk.Node) desk.Patch {
		p, err := desk.Diff(desk.Node{}, n)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	var nobody desk.ID
	invitation := desk.Entity{Type: desk.InvitationType, ID: desk.ID{5}}
	for _, x := range []struct {
		name string
		e    desk.Event
		want string
	}{
		{"measures its own clock", w.says(one, desk.ClockMeasured, stationOf(one), nobody, offset(one, first)), ""},
		{"measures the clock of another", w.says(one, desk.ClockMeasured, stationOf(one), nobody, offset(two, first)), Unattended},
		{"measures in the name of another", w.says(one, desk.ClockMeasured, stationOf(two), nobody, offset(two, first)), Unattended},
		{"measures another incarnation of itself", w.says(two, desk.ClockMeasured, stationOf(two), nobody, offset(twoAgain, first)), ""},
		{"measures what is to come", w.says(one, desk.ClockMeasured, stationOf(one), nobody, offset(one, w.stamp+10<<16)), Unattended},
		{"measures backwards", w.says(one, desk.ClockMeasured, stationOf(one), nobody, offset(one, first-1)), Unattended},
		{"says that its clock jumped", w.says(one, desk.ClockStepped, stationOf(one), nobody, desk.Step{By: 1}), ""},
		{"says that another's clock jumped", w.says(one, desk.ClockStepped, stationOf(two), nobody, desk.Step{By: 1}), Unattended},
		{"tells its address", w.says(one, desk.RecordPatched, stationOf(one), nobody, patch(desk.Node{Address: "10.0.0.1:7420", Version: "1"})), ""},
		{"tells another's address", w.says(one, desk.RecordPatched, stationOf(two), nobody, patch(desk.Node{Address: "10.0.0.1:7420"})), Unattended},
		{"names itself", w.says(one, desk.RecordPatched, stationOf(one), nobody, patch(desk.Node{Name: "la primera"})), Unattended},
		{"makes itself the coordinator", w.says(one, desk.RecordPatched, stationOf(one), nobody, patch(desk.Node{Coordinator: true})), Unattended},
		{"resumes a case", w.says(one, desk.CaseResumed, kase, nobody, desk.Said{}), ""},
		{"writes a note", w.note(one, nobody), Unattended},
		{"undoes something", w.says(one, desk.EventUndone, kase, nobody, desk.Undo{Origin: one, Seq: 1}), Unattended},
		{"gives an alarm", w.says(one, desk.RecordPatched, desk.Entity{Type: desk.AlarmType, ID: desk.ID{3}}, nobody, desk.Patch{}), ""},
		{"the coordinator writes a note", w.note(boss, nobody), ""},
		{"invites to a survey", w.says(one, desk.SurveyInvited, invitation, nobody, desk.Invited{}), ""},
		{"answers a survey", w.says(one, desk.SurveyAnswered, invitation, nobody, desk.Answered{}), Unattended},
		{"the coordinator's page answers a survey", w.says(boss, desk.SurveyAnswered, invitation, nobody, desk.Answered{}), ""},
		{"writes a survey", w.says(one, desk.RecordPatched, desk.Entity{Type: desk.SurveyType, ID: desk.ID{4}}, nobody, desk.Patch{}), Unattended},
	} {
		w.judged(x.name, x.e, x.want)
	}
	unknown := w.note(99, nobody)
	w.judged("of an origin that nobody has shown", unknown, Unattended)
}

func TestAnAgentChangesTheOwnSecretAndNoMore(t *testing.T) {
	w := newWorld(t)
	ana, eva := w.agent(1, desk.AgentRole), w.agent(2, desk.AgentRole)
	change := func(of, by desk.ID, a desk.Agent) desk.Event {
		p, err := desk.Diff(desk.Agent{}, a)
		if err != nil {
			t.Fatal(err)
		}
		e := w.says(one, desk.RecordPatched, agentOf(of), by, p)
		w.events = w.events[:len(w.events)-1] // it is judged, and rules nothing
		return e
	}
	for _, x := range []struct {
		name string
		e    desk.Event
		want string
	}{
		{"the own password", change(ana, ana, desk.Agent{Secret: []byte("s"), Key: []byte("k"), Sealed: []byte("x")}), ""},
		{"another's", change(eva, ana, desk.Agent{Secret: []byte("s")}), Unentitled},
		{"a role beside it", change(ana, ana, desk.Agent{Secret: []byte("s"), Role: desk.AdministratorRole}), Unentitled},
		{"a role alone", change(ana, ana, desk.Agent{Role: desk.AdministratorRole}), Unentitled},
	} {
		w.judged(x.name, x.e, x.want)
	}
	other := change(ana, ana, desk.Agent{Secret: []byte("s")})
	other.Actor = eva
	w.judged("in the name of another", other, Unentitled)
}

func TestWhoSpeaksForAnother(t *testing.T) {
	for role, want := range map[desk.Role]string{desk.AgentRole: Unentitled, desk.TechnicianRole: Unentitled, desk.AnalystRole: Unentitled, desk.ViewerRole: Unentitled,
		desk.SupervisorRole: "", desk.AdministratorRole: ""} {
		w := newWorld(t)
		by := w.agent(1, role)
		e := w.note(one, by)
		e.Actor = desk.ID{2}
		w.judged(role.String(), e, want)
	}
}

func TestARoleHoldsFromItsRulingToTheNext(t *testing.T) {
	w := newWorld(t)
	before := w.note(one, desk.ID{1})
	ana := w.agent(1, desk.AgentRole)
	during := w.note(one, ana)
	a := desk.Agent{Name: "agente", Role: desk.AgentRole}
	v := a
	v.Role = desk.ViewerRole
	w.patch(ana, a, v)
	viewer := w.note(one, ana)
	w.patch(ana, v, a)
	again := w.note(one, ana)
	gone := a
	gone.Gone = true
	w.patch(ana, a, gone)
	left := w.note(one, ana)
	w.judged("before there was one", before, Unentitled)
	w.judged("an agent", during, "")
	w.judged("a viewer", viewer, Unentitled)
	w.judged("an agent again", again, "")
	w.judged("who has left", left, Unentitled)
	if r := w.all().Role(ana); r != desk.NoRole {
		t.Errorf("who has left is a %v", r)
	}
}

func TestAnUndoNeedsTheRightOverWhatItTakesBack(t *testing.T) {
	w := newWorld(t)
	ana, sofia := w.agent(1, desk.AgentRole), w.agent(2, desk.SupervisorRole)
	undo := func(by desk.ID, of desk.Event, in desk.Entity) desk.Event {
		return w.says(one, desk.EventUndone, in, by, desk.Undo{Origin: of.Origin, Seq: of.Seq})
	}
	note, excuse := w.note(two, ana), w.says(two, desk.CaseExcused, kase, sofia, desk.Said{Clock: "resolve/1"})
	other := desk.Entity{Type: desk.CaseType, ID: desk.ID{8}}
	mine, hers := undo(ana, note, kase), undo(ana, excuse, kase)
	sup := undo(sofia, excuse, kase)
	back, backNote := undo(ana, sup, kase), undo(ana, mine, kase)
	deep := undo(ana, undo(sofia, sup, kase), kase)
	elsewhere := undo(ana, excuse, other)
	unknown := undo(ana, desk.Event{Origin: two, Seq: 99}, kase)
	viewer := w.agent(3, desk.ViewerRole)
	for _, x := range []struct {
		name string
		e    desk.Event
		want string
	}{
		{"a note", mine, ""}, {"an excuse", hers, Unentitled}, {"an excuse, by a supervisor", sup, ""},
		{"the undo of an excuse", back, Unentitled}, {"the undo of a note", backNote, ""}, {"the undo of the undo of an excuse", deep, Unentitled},
		{"an excuse of another case", elsewhere, ""}, {"what has not arrived", unknown, ""},
		{"a note, by a viewer", undo(viewer, note, kase), Unentitled},
	} {
		w.judged("undoing "+x.name, x.e, x.want)
	}
	w.hidden[desk.Undo{Origin: excuse.Origin, Seq: excuse.Seq}] = true
	w.judged("undoing an excuse that has not arrived", hers, "")
	round := w.says(one, desk.EventUndone, kase, ana, desk.Undo{Origin: one, Seq: w.last[one] + 2})
	w.says(one, desk.EventUndone, kase, ana, desk.Undo{Origin: one, Seq: round.Seq})
	w.judged("undos that take back each other", round, Unentitled)
}

func TestGuardedIsWhatNotAllWhoUndoMayUndo(t *testing.T) {
	for k := desk.CaseOpened; k <= desk.ArticleTried; k++ {
		if got := Guarded(k, desk.CaseType); got != (k == desk.CaseExcused) {
			t.Errorf("%v: guarded %v", k, got)
		}
	}
	if !Guarded(desk.EventUndone, desk.CaseType) {
		t.Error("an undo may bring back what is guarded")
	}
}

func TestTimesAreTakenBackByWhatWasMeasured(t *testing.T) {
	w := newWorld(t)
	var notes []desk.Event
	for range 4 {
		notes = append(notes, w.note(two, desk.ID{}))
	}
	w.says(two, desk.ClockMeasured, stationOf(two), desk.ID{}, desk.Offset{Origin: two, From: notes[1].Stamp, To: notes[2].Stamp, Ahead: 60_000, Peers: 3})
	was := (&Authority{})
	a := w.all()
	for i, e := range a.Corrected(append([]desk.Event(nil), notes...)) {
		want := notes[i].At
		if i == 1 || i == 2 {
			want -= 60_000
		}
		if e.At != want {
			t.Errorf("note %d happened at %d, not %d", i, e.At, want)
		}
	}
	if !a.Retimed(was, two) || a.Retimed(was, one) || a.Retimed(a, two) {
		t.Error("it is not told whose times are others now")
	}
	if from := a.Changed(was, w, []desk.Origin{one, two}); from[two] != notes[1].Stamp || len(from) != 1 {
		t.Errorf("to be folded anew: %v", from)
	}
}

func TestChangedTellsFromWhereToJudgeAnew(t *testing.T) {
	w := newWorld(t)
	ana := w.agent(1, desk.AgentRole)
	was := w.all()
	w.note(two, ana)
	a := desk.Agent{Name: "agente", Role: desk.AgentRole}
	v := a
	v.Role = desk.ViewerRole
	ruling := w.patch(ana, a, v)
	origins := []desk.Origin{boss, one, two}
	for name, from := range map[string]map[desk.Origin]desk.Stamp{"a later role": w.all().Changed(was, w, origins), "one taken back": was.Changed(w.all(), w, origins)} {
		if len(from) != 3 || from[two] != ruling.Stamp {
			t.Errorf("%s: %v", name, from)
		}
	}
	keyed := w.all()
	_, k := w.key(ana, v, 1)
	if from := w.all().Changed(keyed, w, origins); len(from) != 3 || from[one] != w.stamp {
		t.Errorf("a key: %v", from)
	}
	absent := w.all()
	w.present(one, ana, k, nodeOf(one), nodeOf(one))
	if from := w.all().Changed(absent, w, origins); len(from) != 3 || from[one] != w.stamp {
		t.Errorf("a presence: %v", from)
	}
	member := w.all()
	w.revoke(boss, two, desk.Vector{two: 1})
	if from := w.all().Changed(member, w, origins); len(from) != 1 || from[two] != 0 {
		t.Errorf("a revocation: %v", from)
	}
	if from := w.all().Changed(w.all(), w, origins); len(from) != 0 {
		t.Errorf("nothing: %v", from)
	}
}

func TestRulingsInWhateverOrderAndBatchesJudgeAlike(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	if s := os.Getenv("PUNTO_SEED"); s != "" {
		seed, _ = strconv.ParseUint(s, 10, 64)
	}
	t.Logf("PUNTO_SEED=%d", seed)
	r := rand.New(rand.NewPCG(seed, 1))
	for n := range 300 {
		w := newWorld(t)
		agents := []desk.ID{w.agent(1, desk.AdministratorRole), w.agent(2, desk.SupervisorRole), w.agent(3, desk.AgentRole)}
		for range 5 + r.IntN(25) {
			o := boss + desk.Origin(r.IntN(4))
			by := agents[r.IntN(3)]
			switch r.IntN(6) {
			case 0:
				p, _ := desk.Diff(desk.Agent{}, desk.Agent{Role: desk.Role(1 + r.IntN(6))})
				w.says(o, desk.RecordPatched, agentOf(agents[r.IntN(3)]), by, p)
			case 1:
				if r.IntN(3) == 0 {
					p, _ := desk.Diff(desk.Node{}, desk.Node{RevokedAt: 1, Accepted: desk.Vector{one: uint64(r.IntN(4)), two: uint64(r.IntN(4))}})
					w.says(o, desk.RecordPatched, stationOf(one+desk.Origin(r.IntN(2))), by, p)
				}
			case 2:
				id := agents[r.IntN(3)]
				_, k := w.key(id, desk.Agent{}, byte(r.IntN(2)))
				w.present(o, id, k, nodeOf(o), nodeOf(o))
			case 3:
				w.says(o, desk.EventUndone, kase, by, desk.Undo{Origin: boss + desk.Origin(r.IntN(4)), Seq: uint64(r.IntN(6))})
			case 4:
				w.says(o, desk.CaseExcused, kase, by, desk.Said{Clock: "resolve/1"})
			default:
				w.note(o, by)
			}
		}
		want := w.all()
		var rs []desk.Event
		for _, e := range w.events {
			if Rules(&e) {
				rs = append(rs, e)
			}
		}
		r.Shuffle(len(rs), func(i, j int) { rs[i], rs[j] = rs[j], rs[i] })
		got := &Authority{}
		for len(rs) > 0 {
			k := 1 + r.IntN(len(rs))
			got = got.With(w, rs[:k]...)
			rs = rs[k:]
		}
		for _, e := range w.events {
			if x, y := want.Judge(w, &e), got.Judge(w, &e); x != y {
				t.Fatalf("seed %d, world %d: %v of origin %d, %d is judged %q and, the rulings in another order, %q", seed, n, e.Kind, e.Origin, e.Seq, x, y)
			}
		}
		if from := got.Changed(want, w, []desk.Origin{boss, one, two, twoAgain}); len(from) != 0 {
			t.Fatalf("seed %d, world %d: the two differ: %v", seed, n, from)
		}
	}
}

func TestWhatAWorkstationTellsOfItselfRulesNothing(t *testing.T) {
	w := newWorld(t)
	patch := func(was, is desk.Node) desk.Event {
		p, err := desk.Diff(was, is)
		if err != nil {
			t.Fatal(err)
		}
		return w.says(boss, desk.RecordPatched, stationOf(one), desk.ID{}, p)
	}
	was := desk.Node{Name: "ventanilla", Key: make([]byte, 32), Prefix: "B"}
	moved, saved, gone := was, was, was
	moved.Address, saved.BackupAt = "10.0.0.7:7420", 1_000_000
	gone.RevokedAt, gone.Accepted = 1_000_000, desk.Vector{one: 3}
	for _, x := range []struct {
		name  string
		e     desk.Event
		rules bool
	}{
		{"its registration", patch(desk.Node{}, was), false},
		{"its address", patch(was, moved), false},
		{"a backup", patch(was, saved), false},
		{"that it was shut out", patch(was, gone), true},
		{"a step of its clock", w.says(one, desk.ClockStepped, stationOf(one), desk.ID{}, desk.Step{}), false},
		{"its clock", w.says(one, desk.ClockMeasured, stationOf(one), desk.ID{}, desk.Offset{Origin: one, Ahead: 5000, From: 1, To: 2}), true},
		{"a note", w.says(one, desk.CaseNoted, kase, desk.ID{}, desk.Said{Text: "nota"}), false},
	} {
		if Rules(&x.e) != x.rules {
			t.Errorf("%s is a ruling: %v", x.name, !x.rules)
		}
		with, without := (&Authority{}).With(w, x.e), &Authority{}
		if changed := len(with.Changed(without, w, []desk.Origin{boss, one, two})) > 0; changed && !x.rules {
			t.Errorf("%s changes what counts, and is no ruling", x.name)
		}
	}
}

// Who serves reads surveys; who analyses makes them and invites; and nobody takes back
// what was asked or answered.
func TestWhoMayDoWhatWithSurveys(t *testing.T) {
	for k, want := range map[desk.Kind]string{desk.SurveyInvited: "agent technician supervisor analyst administrator ", desk.SurveyAnswered: "agent technician supervisor administrator ",
		desk.EventUndone: "administrator ", desk.RecordPatched: "administrator "} {
		got := ""
		for r := desk.AgentRole; r.String() != ""; r++ {
			if May(r, k, desk.InvitationType) {
				got += r.String() + " "
			}
		}
		if got != want {
			t.Errorf("%s is for %s", k, got)
		}
	}
	for r, want := range map[desk.Role]bool{desk.AgentRole: false, desk.AnalystRole: true, desk.SupervisorRole: true, desk.ViewerRole: false} {
		if May(r, desk.RecordPatched, desk.SurveyType) != want {
			t.Errorf("the %s writes surveys: %v", r, !want)
		}
		if May(r, desk.RecordPatched, desk.ProposalType) != want {
			t.Errorf("the %s writes proposals: %v", r, !want)
		}
	}
}

// What was issued is never taken back, and who serves says nothing of reports.
func TestWhoMayDoWhatWithReports(t *testing.T) {
	for k, want := range map[desk.Kind]string{desk.ReportIssued: "supervisor analyst administrator ", desk.ReportCommented: "supervisor analyst administrator ", desk.EventUndone: "administrator ", desk.RecordPatched: "administrator "} {
		got := ""
		for r := desk.AgentRole; r.String() != ""; r++ {
			if May(r, k, desk.ReportType) {
				got += r.String() + " "
			}
		}
		if got != want {
			t.Errorf("%s is for %s", k, got)
		}
	}
	for r, want := range map[desk.Role]bool{desk.AgentRole: false, desk.TechnicianRole: false, desk.AnalystRole: true, desk.SupervisorRole: true, desk.ViewerRole: false} {
		if May(r, desk.RecordPatched, desk.DefinitionType) != want {
			t.Errorf("the %s defines reports: %v", r, !want)
		}
	}
}
