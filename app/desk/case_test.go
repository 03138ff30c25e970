package desk_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"punto/app/desk"
)

// tale is one case as several people on several workstations write it. Each
// event happens a minute after the one before.
type tale struct {
	t  *testing.T
	es []desk.Event
}

var (
	ana, cesar, pedro  = desk.DerivedID("ana"), desk.DerivedID("cesar"), desk.DerivedID("pedro")
	front, nets, maker = desk.DerivedID("front"), desk.DerivedID("nets"), desk.DerivedID("maker")
)

// opened is a new case of the front desk that nobody has yet.
func opened(t *testing.T) *tale {
	s := &tale{t: t}
	return s.does(ana, desk.CaseOpened, desk.Opened{Number: "A-0001-8", Subject: "the printer", Group: front, Level: 1, Area: desk.DerivedID("accounts"), Site: desk.DerivedID("here")})
}

// does adds what somebody does who has seen all that is written.
func (s *tale) does(who desk.ID, k desk.Kind, body any) *tale {
	return s.unseen(len(s.es), who, k, body)
}

// unseen adds what somebody does who has seen the first so many events alone.
func (s *tale) unseen(seen int, who desk.ID, k desk.Kind, body any) *tale {
	s.t.Helper()
	b, err := desk.Encode(body)
	if err != nil {
		s.t.Fatal(err)
	}
	n := len(s.es) + 1
	e := desk.Event{Origin: originOf(who), Seq: 1, Stamp: desk.Stamp(n * 10), Kind: k, Entity: desk.Entity{Type: desk.CaseType, ID: desk.DerivedID("case")},
		Actor: who, Writer: who, At: minute(n), Body: b}
	if seen > 0 {
		e.Base = s.es[seen-1].Stamp
	}
	for _, x := range s.es {
		if x.Origin == e.Origin {
			e.Seq++
		}
	}
	s.es = append(s.es, e)
	return s
}

// originOf is the workstation of a person: those later in the alphabet work on
// the earlier ones, so that no order hangs on it by chance.
func originOf(who desk.ID) desk.Origin {
	return map[desk.ID]desk.Origin{ana: 9, cesar: 5, pedro: 2}[who]
}

func (s *tale) undoes(who desk.ID, n int) *tale {
	return s.does(who, desk.EventUndone, desk.Undo{Origin: s.es[n-1].Origin, Seq: s.es[n-1].Seq})
}

func (s *tale) fold() desk.Case { return desk.FoldCase(s.es) }

// minute is when the n-th event of a tale happens.
func minute(n int) int64 { return int64(n) * 60_000 }

func to[T any](v T) *T { return &v }

// turns tells when a case was open and over.
func turns(c desk.Case) string {
	var out []string
	for _, t := range c.Turns {
		out = append(out, fmt.Sprint(t.At/minute(1), " ", t.To))
	}
	return strings.Join(out, ", ")
}

// moves tells the hand-offs of a case.
func moves(c desk.Case) string {
	var out []string
	for _, m := range c.Moves() {
		s := fmt.Sprint(m.At / minute(1))
		switch {
		case m.Return:
			s += " return"
		case m.Levels:
			s += " up"
		}
		if m.PingPong {
			s += " ping-pong"
		}
		out = append(out, s)
	}
	return strings.Join(out, ", ")
}

func TestStoriesOfACase(t *testing.T) {
	moved := func(g desk.ID, level int) desk.Moved { return desk.Moved{Group: g, Level: level} }
	take := func(who desk.ID) desk.Moved { return desk.Moved{Agent: who} }
	wait := func(why string) desk.Said { return desk.Said{Reason: why, Wake: 777} }
	for _, x := range []struct {
		name string
		tell func(*tale)
		want func(desk.Case) any
		is   any
	}{
		{"a new case belongs to its group and to nobody", func(*tale) {},
			func(c desk.Case) any { return []any{c.Status, c.OpenedAt, c.OpenedBy, c.Agent, c.HandOffs} },
			[]any{desk.New, minute(1), ana, desk.ID{}, []desk.HandOff{{Group: front, From: minute(1), Level: 1}}}},
		{"who is given a case has it assigned", func(s *tale) { s.does(pedro, desk.CaseAssigned, take(cesar)) },
			func(c desk.Case) any { return []any{c.Status, c.Agent, c.TakenAt} }, []any{desk.Assigned, cesar, int64(0)}},
		{"an assignment within the group is no hand-off", func(s *tale) {
			s.does(pedro, desk.CaseAssigned, desk.Moved{Agent: cesar, Group: front})
		}, func(c desk.Case) any { return len(c.HandOffs) }, 1},
		{"an assignment to another group is one", func(s *tale) {
			s.does(pedro, desk.CaseAssigned, desk.Moved{Agent: cesar, Group: nets, Level: 2})
		}, func(c desk.Case) any { return []any{c.Group, c.HandOffs} },
			[]any{nets, []desk.HandOff{{Group: front, From: minute(1), To: minute(2), Level: 1}, {Group: nets, From: minute(2), Level: 2}}}},
		{"the first take-up counts, whoever has it later", func(s *tale) {
			s.does(ana, desk.CaseTaken, take(ana)).does(cesar, desk.CaseTaken, take(cesar))
		}, func(c desk.Case) any { return []any{c.TakenAt, c.Agent, c.Status} }, []any{minute(2), cesar, desk.InProgress}},
		{"a case that is handed off leaves its agent and its group", func(s *tale) {
			s.does(ana, desk.CaseTaken, take(ana)).does(ana, desk.CaseHandedOff, moved(nets, 2))
		}, func(c desk.Case) any { return []any{c.Status, c.Agent, c.Group, c.HandOffs} },
			[]any{desk.Assigned, desk.ID{}, nets, []desk.HandOff{{Group: front, From: minute(1), To: minute(3), Level: 1}, {Group: nets, From: minute(3), Level: 2}}}},
		{"there and back are three runs", func(s *tale) {
			s.does(ana, desk.CaseHandedOff, moved(nets, 2)).does(cesar, desk.CaseHandedOff, moved(front, 1))
		}, func(c desk.Case) any { return c.HandOffs },
			[]desk.HandOff{{Group: front, From: minute(1), To: minute(2), Level: 1}, {Group: nets, From: minute(2), To: minute(3), Level: 2}, {Group: front, From: minute(3), Level: 1}}},
		{"a case waits for a reason until a date", func(s *tale) {
			s.does(ana, desk.CaseTaken, take(ana)).does(ana, desk.CaseSuspended, wait("parts"))
		}, func(c desk.Case) any { return []any{c.Status, c.Pending, c.Wake, c.Since} }, []any{desk.Pending, "parts", int64(777), minute(3)}},
		{"and resumes as what it was, with neither", func(s *tale) {
			s.does(pedro, desk.CaseAssigned, take(cesar)).does(ana, desk.CaseSuspended, wait("parts")).does(ana, desk.CaseResumed, desk.Said{})
		}, func(c desk.Case) any { return []any{c.Status, c.Pending, c.Wake, c.Since} }, []any{desk.Assigned, "", int64(0), minute(4)}},
		{"suspended twice, it resumes as what it was before the first", func(s *tale) {
			s.does(pedro, desk.CaseAssigned, take(cesar)).does(ana, desk.CaseSuspended, wait("parts")).
				does(ana, desk.CaseSuspended, wait("user")).does(ana, desk.CaseResumed, desk.Said{})
		}, func(c desk.Case) any { return []any{c.Status, c.Pending} }, []any{desk.Assigned, ""}},
		{"a new reason takes the place of the old one", func(s *tale) {
			s.does(ana, desk.CaseSuspended, wait("parts")).does(ana, desk.CaseSuspended, desk.Said{Reason: "user"})
		}, func(c desk.Case) any { return []any{c.Status, c.Pending, c.Wake} }, []any{desk.Pending, "user", int64(0)}},
		{"what does not wait cannot resume", func(s *tale) {
			s.does(ana, desk.CaseTaken, take(ana)).does(ana, desk.CaseResumed, desk.Said{})
		}, func(c desk.Case) any { return []any{c.Status, c.Since} }, []any{desk.InProgress, minute(2)}},
		{"a contact resumes a case that waits for the user", func(s *tale) {
			s.does(ana, desk.CaseTaken, take(ana)).does(ana, desk.CaseSuspended, wait("user")).does(ana, desk.CaseContacted, desk.Said{Text: "here I am"})
		}, func(c desk.Case) any { return []any{c.Status, c.Pending, c.Wake} }, []any{desk.InProgress, "", int64(0)}},
		{"a contact does not bring the parts", func(s *tale) {
			s.does(ana, desk.CaseTaken, take(ana)).does(ana, desk.CaseSuspended, wait("parts")).does(ana, desk.CaseContacted, desk.Said{})
		}, func(c desk.Case) any { return []any{c.Status, c.Pending} }, []any{desk.Pending, "parts"}},
		{"a solution ends the run of the group and says who", func(s *tale) {
			s.does(ana, desk.CaseTaken, take(ana)).does(cesar, desk.CaseResolved, desk.Solved{Text: "paper", Level: 1})
		}, func(c desk.Case) any {
			return []any{c.Status, c.ResolvedAt, c.SolvedBy, c.Solution.Text, c.HandOffs}
		}, []any{desk.Resolved, minute(3), cesar, "paper", []desk.HandOff{{Group: front, From: minute(1), To: minute(3), Level: 1}}}},
		{"a solution is of the level of the group that had it, as the story is told now", func(s *tale) {
			s.does(ana, desk.CaseHandedOff, desk.Moved{Group: nets, Level: 2}).does(ana, desk.CaseHandedOff, moved(front, 1)).does(cesar, desk.CaseResolved, desk.Solved{Text: "paper"})
			s.undoes(ana, 3)
		}, func(c desk.Case) any { return []any{c.Group, c.Solution.Level} }, []any{nets, 2}},
		{"a log may say that a higher level solved it", func(s *tale) { s.does(ana, desk.CaseResolved, desk.Solved{Level: 3}) },
			func(c desk.Case) any { return c.Solution.Level }, 3},
		{"what is solved in one step was taken up in it", func(s *tale) { s.does(ana, desk.CaseResolved, desk.Solved{}) },
			func(c desk.Case) any { return c.TakenAt }, minute(2)},
		{"a take-up stays the first at the solution", func(s *tale) {
			s.does(ana, desk.CaseTaken, take(ana)).does(ana, desk.CaseResolved, desk.Solved{})
		}, func(c desk.Case) any { return c.TakenAt }, minute(2)},
		{"a solved case is closed, once", func(s *tale) {
			s.does(ana, desk.CaseResolved, desk.Solved{}).does(ana, desk.CaseClosed, desk.Said{}).does(pedro, desk.CaseClosed, desk.Said{})
		}, func(c desk.Case) any { return []any{c.Status, c.ClosedAt, c.Conflicts} }, []any{desk.Closed, minute(3), []desk.Conflict(nil)}},
		{"an open case is not closed", func(s *tale) { s.does(ana, desk.CaseClosed, desk.Said{}) },
			func(c desk.Case) any { return []any{c.Status, c.ClosedAt} }, []any{desk.New, int64(0)}},
		{"a reopening begins another run and keeps what was before in mind", func(s *tale) {
			s.does(ana, desk.CaseResolved, desk.Solved{}).does(ana, desk.CaseClosed, desk.Said{}).does(ana, desk.CaseReopened, desk.Said{})
		}, func(c desk.Case) any {
			return []any{c.Status, c.ResolvedAt, c.ClosedAt, c.ReopenedAt, c.Reopens, len(c.HandOffs), c.HandOffs[1].From, c.HandOffs[1].To, turns(c)}
		}, []any{desk.InProgress, int64(0), int64(0), minute(4), 1, 2, minute(4), int64(0), "1 new, 2 resolved, 4 in_progress"}},
		{"solved again, both solutions were", func(s *tale) {
			s.does(ana, desk.CaseResolved, desk.Solved{}).does(ana, desk.CaseReopened, desk.Said{}).does(ana, desk.CaseResolved, desk.Solved{})
		}, func(c desk.Case) any { return []any{turns(c), c.ResolvedAt, c.Reopens} }, []any{"1 new, 2 resolved, 3 in_progress, 4 resolved", minute(4), 1}},
		{"solved by two at once it was solved by the first, in the words of the second", func(s *tale) {
			s.does(ana, desk.CaseResolved, desk.Solved{Text: "paper"}).does(cesar, desk.CaseResolved, desk.Solved{Text: "toner"})
		}, func(c desk.Case) any { return []any{turns(c), c.ResolvedAt, c.SolvedBy, c.Solution.Text} }, []any{"1 new, 2 resolved", minute(2), ana, "toner"}},
		{"cancelled after its solution it was over before", func(s *tale) {
			s.does(ana, desk.CaseResolved, desk.Solved{}).does(ana, desk.CaseCancelled, desk.Said{})
		}, func(c desk.Case) any { return turns(c) }, "1 new, 2 resolved"},
		{"a take-up ends the waiting", func(s *tale) {
			s.does(ana, desk.CaseSuspended, wait("user")).does(cesar, desk.CaseTaken, take(cesar))
		}, func(c desk.Case) any { return []any{c.Status, c.Pending, c.Wake} }, []any{desk.InProgress, "", int64(0)}},
		{"so does a hand-off", func(s *tale) {
			s.does(ana, desk.CaseSuspended, wait("user")).does(ana, desk.CaseHandedOff, moved(nets, 2))
		}, func(c desk.Case) any { return []any{c.Status, c.Pending, c.Wake} }, []any{desk.Assigned, "", int64(0)}},
		{"and an assignment to another group", func(s *tale) {
			s.does(ana, desk.CaseSuspended, wait("user")).does(pedro, desk.CaseAssigned, desk.Moved{Agent: cesar, Group: nets, Level: 2})
		}, func(c desk.Case) any { return []any{c.Status, c.Pending, c.Wake} }, []any{desk.Assigned, "", int64(0)}},
		{"who has it within the group may change while it waits", func(s *tale) {
			s.does(ana, desk.CaseSuspended, wait("user")).does(pedro, desk.CaseAssigned, desk.Moved{Agent: cesar, Group: front})
		}, func(c desk.Case) any { return []any{c.Status, c.Pending} }, []any{desk.Pending, "user"}},
		{"another group may have a case that is over; it stays over", func(s *tale) {
			s.does(ana, desk.CaseResolved, desk.Solved{}).does(pedro, desk.CaseAssigned, desk.Moved{Group: nets, Level: 2})
		}, func(c desk.Case) any { return []any{c.Status, c.Group, c.HandOffs[1], moves(c)} },
			[]any{desk.Resolved, nets, desk.HandOff{Group: nets, From: minute(3), To: minute(3), Level: 2}, "3 up"}},
		{"down to who had it before is a return, and there and back a ping-pong", func(s *tale) {
			s.does(ana, desk.CaseHandedOff, moved(nets, 2)).does(cesar, desk.CaseHandedOff, moved(front, 1)).does(ana, desk.CaseHandedOff, moved(nets, 2))
		}, func(c desk.Case) any { return moves(c) }, "2 up, 3 return ping-pong, 4 up ping-pong"},
		{"also with a solution and a reopening between", func(s *tale) {
			s.does(ana, desk.CaseHandedOff, moved(nets, 2)).does(cesar, desk.CaseResolved, desk.Solved{}).does(ana, desk.CaseReopened, desk.Said{}).does(cesar, desk.CaseHandedOff, moved(front, 1))
		}, func(c desk.Case) any { return moves(c) }, "2 up, 5 return ping-pong"},
		{"on to a third of the first one's level is no ping-pong", func(s *tale) {
			s.does(ana, desk.CaseHandedOff, moved(nets, 2)).does(cesar, desk.CaseHandedOff, moved(maker, 1))
		}, func(c desk.Case) any { return moves(c) }, "2 up, 3 up"},
		{"back to an equal is a ping-pong and no return", func(s *tale) {
			s.does(ana, desk.CaseHandedOff, moved(maker, 1)).does(cesar, desk.CaseHandedOff, moved(front, 1))
		}, func(c desk.Case) any { return moves(c) }, "2 up, 3 up ping-pong"},
		{"down to who never had it is no return, nor is what has no level", func(s *tale) {
			s.does(ana, desk.CaseHandedOff, moved(maker, 3)).does(cesar, desk.CaseHandedOff, moved(nets, 2)).does(cesar, desk.CaseHandedOff, moved(desk.DerivedID("x"), 0))
		}, func(c desk.Case) any { return moves(c) }, "2 up, 3 up, 4"},
		{"an open case is not reopened", func(s *tale) { s.does(ana, desk.CaseReopened, desk.Said{}) },
			func(c desk.Case) any { return []any{c.Status, c.Reopens, c.ReopenedAt, len(c.HandOffs)} }, []any{desk.New, 0, int64(0), 1}},
		{"a supplier is one from the hand-off on, and when it is reopened", func(s *tale) {
			s.does(ana, desk.CaseHandedOff, desk.Moved{Group: maker, Level: 3, Outside: true}).does(ana, desk.CaseResolved, desk.Solved{}).does(ana, desk.CaseReopened, desk.Said{})
		}, func(c desk.Case) any { return c.HandOffs }, []desk.HandOff{{Group: front, From: minute(1), To: minute(2), Level: 1},
			{Group: maker, From: minute(2), To: minute(3), Level: 3, Outside: true}, {Group: maker, From: minute(4), Level: 3, Outside: true}}},
		{"a cancelled case is over and its group has let go", func(s *tale) { s.does(ana, desk.CaseCancelled, desk.Said{}) },
			func(c desk.Case) any { return []any{c.Status, c.Status.Open(), c.ClosedAt, c.HandOffs[0].To} }, []any{desk.Cancelled, false, minute(2), minute(2)}},
		{"cancelled after its solution, its group had let go before", func(s *tale) {
			s.does(ana, desk.CaseResolved, desk.Solved{}).does(ana, desk.CaseCancelled, desk.Said{})
		}, func(c desk.Case) any { return []any{c.Status, c.HandOffs[0].To} }, []any{desk.Cancelled, minute(2)}},
		{"a cancelled case is not solved", func(s *tale) {
			s.does(ana, desk.CaseCancelled, desk.Said{}).does(ana, desk.CaseResolved, desk.Solved{Text: "x"})
		}, func(c desk.Case) any { return []any{c.Status, c.ResolvedAt, c.Solution.Text} }, []any{desk.Cancelled, int64(0), ""}},
		{"a merged case is over and says into which", func(s *tale) { s.does(ana, desk.CaseMerged, desk.Joined{Case: pedro}) },
			func(c desk.Case) any { return []any{c.Status, c.Into, c.HandOffs[0].To} }, []any{desk.Merged, pedro, minute(2)}},
		{"a merged case is not solved", func(s *tale) {
			s.does(ana, desk.CaseMerged, desk.Joined{Case: pedro}).does(ana, desk.CaseResolved, desk.Solved{})
		}, func(c desk.Case) any { return []any{c.Status, c.ResolvedAt} }, []any{desk.Merged, int64(0)}},
		{"a merged case that is reopened stands for itself", func(s *tale) {
			s.does(ana, desk.CaseMerged, desk.Joined{Case: pedro}).does(ana, desk.CaseReopened, desk.Said{})
		}, func(c desk.Case) any { return []any{c.Status, c.Into, c.Reopens} }, []any{desk.InProgress, desk.ID{}, 1}},
		{"cases that others were merged into and split from are listed", func(s *tale) {
			s.does(ana, desk.CaseAbsorbed, desk.Joined{Case: cesar}).does(ana, desk.CaseSplit, desk.Joined{Case: pedro}).does(ana, desk.CaseAbsorbed, desk.Joined{Case: nets})
		}, func(c desk.Case) any { return []any{c.Absorbed, c.Splits, c.Status} }, []any{[]desk.ID{cesar, nets}, []desk.ID{pedro}, desk.New}},
		{"a case is put under another and taken out again", func(s *tale) {
			s.does(ana, desk.CaseLinked, desk.Joined{Case: pedro}).does(ana, desk.CaseLinked, desk.Joined{})
		}, func(c desk.Case) any { return c.Parent }, desk.ID{}},
		{"an excuse, a note and an article tried leave the case as it is", func(s *tale) {
			s.does(ana, desk.CaseExcused, desk.Said{Clock: "resolve/1"}).does(ana, desk.CaseNoted, desk.Said{Text: "x"}).does(ana, desk.ArticleTried, desk.Said{})
		}, func(c desk.Case) any { return []any{c.Status, c.Newer, c.Events, c.LastAt, c.Since} }, []any{desk.New, false, 4, minute(4), minute(1)}},
		{"files are kept in order", func(s *tale) {
			s.does(ana, desk.FileAttached, desk.File{Name: "b", Size: 1}).does(ana, desk.FileAttached, desk.File{Name: "a", Size: 2})
		}, func(c desk.Case) any { return []string{c.Files[0].Name, c.Files[1].Name} }, []string{"b", "a"}},
		{"every field that is edited is that field and no other", func(s *tale) {
			s.does(ana, desk.CaseEdited, desk.Edited{Kind: to(desk.Request), Person: to(desk.DerivedID("p")), Asset: to(desk.DerivedID("as")), Category: to("c"), Impact: to(1), Urgency: to(2),
				Priority: to(3), Why: to("w"), Subject: to("s"), Text: to("t"), Contract: to(desk.DerivedID("k")), Area: to(desk.DerivedID("ar")), Site: to(desk.DerivedID("si"))})
		}, func(c desk.Case) any { return c.Opened },
			desk.Opened{Number: "A-0001-8", Kind: desk.Request, Person: desk.DerivedID("p"), Area: desk.DerivedID("ar"), Site: desk.DerivedID("si"), Asset: desk.DerivedID("as"),
				Contract: desk.DerivedID("k"), Category: "c", Impact: 1, Urgency: 2, Priority: 3, Why: "w", Subject: "s", Text: "t", Group: front, Level: 1}},
		{"what an edit does not name stays", func(s *tale) { s.does(ana, desk.CaseEdited, desk.Edited{Subject: to("")}) },
			func(c desk.Case) any { return []any{c.Subject, c.Area} }, []any{"", desk.DerivedID("accounts")}},
		{"an opening that comes twice is the first", func(s *tale) {
			s.does(cesar, desk.CaseOpened, desk.Opened{Number: "B-0001-6", Subject: "other", Agent: cesar})
		}, func(c desk.Case) any { return []any{c.Number, c.Agent, c.OpenedBy, c.Events} }, []any{desk.Number("A-0001-8"), desk.ID{}, ana, 2}},
	} {
		s := opened(t)
		x.tell(s)
		if got := x.want(s.fold()); !reflect.DeepEqual(got, x.is) {
			t.Errorf("%s:\n got %v\nwant %v", x.name, got, x.is)
		}
	}
}

// Two who change one thing conflict when neither had seen the other's change,
// and only then.
func TestConflictsOfACase(t *testing.T) {
	subject := func(s string) desk.Edited { return desk.Edited{Subject: &s} }
	for _, x := range []struct {
		name string
		tell func(*tale)
		want []string // field: kept/other
	}{
		{"who had seen the other's edit corrects it", func(s *tale) {
			s.does(ana, desk.CaseEdited, subject("x")).does(cesar, desk.CaseEdited, subject("y")).does(ana, desk.CaseEdited, subject("z"))
		}, nil},
		{"who had seen it just in time does too", func(s *tale) {
			s.does(ana, desk.CaseEdited, subject("x")).does(pedro, desk.CaseNoted, desk.Said{}).unseen(2, cesar, desk.CaseEdited, subject("y"))
		}, nil},
		{"who had not does not", func(s *tale) {
			s.does(ana, desk.CaseEdited, subject("x")).unseen(1, cesar, desk.CaseEdited, subject("y"))
		}, []string{"subject: y/x"}},
		{"what was seen of the case does not stand for what was not", func(s *tale) { // the mark is of the event, not of what its author had seen
			s.does(ana, desk.CaseEdited, subject("x")).does(ana, desk.CaseNoted, desk.Said{}).
				unseen(1, ana, desk.CaseEdited, subject("w")).unseen(3, cesar, desk.CaseEdited, subject("y"))
		}, []string{"subject: y/w"}},
		{"nobody conflicts with what was written on the own other workstation", func(s *tale) {
			s.does(ana, desk.CaseEdited, subject("x")).unseen(1, ana, desk.CaseEdited, subject("y"))
		}, nil},
		{"two who write the same agree", func(s *tale) {
			s.does(ana, desk.CaseEdited, subject("x")).unseen(1, cesar, desk.CaseEdited, subject("x"))
		}, nil},
		{"two who edit different things do not meet", func(s *tale) {
			s.does(ana, desk.CaseEdited, subject("x")).unseen(1, cesar, desk.CaseEdited, desk.Edited{Text: to("y")})
		}, nil},
		{"two who take one case at once", func(s *tale) {
			s.does(ana, desk.CaseTaken, desk.Moved{Agent: ana}).unseen(1, cesar, desk.CaseTaken, desk.Moved{Agent: cesar})
		}, []string{"agent: " + cesar.String() + "/" + ana.String()}},
		{"two who hand one case off at once", func(s *tale) {
			s.does(ana, desk.CaseHandedOff, desk.Moved{Group: nets}).unseen(1, cesar, desk.CaseHandedOff, desk.Moved{Group: maker})
		}, []string{"group: " + maker.String() + "/" + nets.String()}},
		{"a take-up that had not seen the solution is shown and changes nothing", func(s *tale) {
			s.does(ana, desk.CaseResolved, desk.Solved{}).unseen(1, cesar, desk.CaseSuspended, desk.Said{Reason: "user"})
		}, []string{"status: resolved/pending"}},
		{"one's own late move on a solved case is no conflict", func(s *tale) {
			s.does(ana, desk.CaseResolved, desk.Solved{}).unseen(1, ana, desk.CaseSuspended, desk.Said{Reason: "user"})
		}, nil},
		{"a solution that had not seen that the case was merged is shown", func(s *tale) {
			s.does(ana, desk.CaseMerged, desk.Joined{Case: nets}).unseen(1, cesar, desk.CaseResolved, desk.Solved{})
		}, []string{"status: merged/in_progress"}},
		{"a settled conflict is gone", func(s *tale) {
			s.does(ana, desk.CaseEdited, subject("x")).unseen(1, cesar, desk.CaseEdited, subject("y")).
				does(pedro, desk.ConflictSettled, desk.Settled{Field: "subject", Stamp: s.es[2].Stamp})
		}, nil},
		{"one that came after what was settled is not", func(s *tale) {
			s.does(ana, desk.CaseEdited, subject("x")).unseen(1, cesar, desk.CaseEdited, subject("y")).
				does(pedro, desk.ConflictSettled, desk.Settled{Field: "subject", Stamp: s.es[2].Stamp - 1})
		}, []string{"subject: y/x"}},
		{"settling one field leaves the others", func(s *tale) {
			s.does(ana, desk.CaseEdited, desk.Edited{Subject: to("x"), Text: to("p")}).unseen(1, cesar, desk.CaseEdited, desk.Edited{Subject: to("y"), Text: to("q")}).
				does(pedro, desk.ConflictSettled, desk.Settled{Field: "text", Stamp: s.es[2].Stamp})
		}, []string{"subject: y/x"}},
	} {
		s := opened(t)
		x.tell(s)
		c := s.fold()
		var got []string
		for _, k := range c.Conflicts {
			got = append(got, fmt.Sprintf("%s: %s/%s", k.Field, k.Kept, k.Other))
			if k.KeptActor == k.OtherActor || k.KeptAt == k.OtherAt || k.Stamp == 0 {
				t.Errorf("%s: the conflict does not tell its two sides apart: %+v", x.name, k)
			}
		}
		if !slices.Equal(got, x.want) {
			t.Errorf("%s: %q and not %q", x.name, got, x.want)
		}
	}
}

// What a late event happens to does not move the last instant back: the clocks
// of a case are run as of it.
func TestALateEventLeavesTheLastInstant(t *testing.T) {
	s := opened(t).does(ana, desk.CaseTaken, desk.Moved{Agent: ana})
	s.es = append(s.es, s.es[1])
	late := &s.es[2]
	late.Seq, late.Stamp, late.At, late.Kind = 3, 99, minute(1), desk.CaseNoted
	if c := s.fold(); c.LastAt != minute(2) || c.Head != 99 || c.Events != 3 {
		t.Errorf("the last instant is %d with head %d of %d events", c.LastAt, c.Head, c.Events)
	}
}

func TestUndoing(t *testing.T) {
	base := func() *tale {
		return opened(t).does(ana, desk.CaseTaken, desk.Moved{Agent: ana}).does(ana, desk.CaseResolved, desk.Solved{Text: "x"})
	}
	for _, x := range []struct {
		name string
		tell func(*tale)
		want desk.Status
	}{
		{"a solution that is undone never was", func(s *tale) { s.undoes(ana, 3) }, desk.InProgress},
		{"an undo that is undone undoes nothing", func(s *tale) { s.undoes(ana, 3).undoes(ana, 4) }, desk.Resolved},
		{"and undone a third time it does again", func(s *tale) { s.undoes(ana, 3).undoes(ana, 4).undoes(ana, 5) }, desk.InProgress},
		{"undone by two it is undone once", func(s *tale) { s.undoes(ana, 3).undoes(cesar, 3) }, desk.InProgress},
		{"what is not there cannot be undone", func(s *tale) { s.does(ana, desk.EventUndone, desk.Undo{Origin: 77, Seq: 1}) }, desk.Resolved},
		{"a registration stays", func(s *tale) { s.undoes(ana, 1) }, desk.Resolved},
		{"an undo that cannot be read undoes nothing", func(s *tale) { s.does(ana, desk.EventUndone, "?") }, desk.Resolved},
	} {
		s := base()
		x.tell(s)
		if got := s.fold().Status; got != x.want {
			t.Errorf("%s: %s and not %s", x.name, got, x.want)
		}
	}
}

func TestWhatANewerVersionWroteIsMarkedAndChangesNothing(t *testing.T) {
	for _, k := range []desk.Kind{desk.Kind(60_000), desk.CaseTaken} { // a kind nobody knows; a body nobody can read
		s := opened(t).does(cesar, k, "words").does(ana, desk.CaseNoted, desk.Said{})
		if c := s.fold(); !c.Newer || c.Status != desk.New || c.Events != 3 {
			t.Errorf("%v: %s after %d events, newer %t", k, c.Status, c.Events, c.Newer)
		}
	}
	if c := desk.FoldCase(opened(t).es[:0]); c.Status != desk.NoStatus || c.Status.Open() {
		t.Errorf("a case without an opening is %s", c.Status)
	}
}

func TestTheReopenWindow(t *testing.T) {
	var c desk.Case
	if got := c.ReopenWindow(desk.Contract{}); got != 7 {
		t.Errorf("%d days without a contract", got)
	}
	if got := c.ReopenWindow(desk.Contract{ReopenDays: 3}); got != 3 {
		t.Errorf("%d days of three", got)
	}
}
