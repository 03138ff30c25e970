package problems_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/rooms/roomtest"
)

// seat is a desk with one of each role, and users of whom some have an address.
type seat struct {
	*roomtest.Seat
	ana, cesar, pedro, lucia context.Context
	rosa, luis, nora         desk.ID
}

func newSeat(t *testing.T) *seat {
	t.Helper()
	s := &seat{Seat: roomtest.New(t, time.Date(2026, 11, 2, 13, 0, 0, 0, time.UTC), app.CreateDesk{Zone: "UTC", AlwaysOpen: true})}
	s.ana, s.cesar = s.Agent(desk.Agent{Name: "Ana Soto", Role: desk.AgentRole}), s.Agent(desk.Agent{Name: "César Ramos", Role: desk.TechnicianRole})
	s.pedro, s.lucia = s.Agent(desk.Agent{Name: "Pedro Lagos", Role: desk.SupervisorRole}), s.Agent(desk.Agent{Name: "Lucía Paz", Role: desk.AnalystRole})
	user := func(p desk.Person) desk.ID { return s.Do(s.Owner, app.SavePerson{Person: p}).ID }
	s.rosa, s.luis, s.nora = user(desk.Person{Name: "Rosa", Email: "rosa@andes.example"}), user(desk.Person{Name: "Luis", Email: "luis@andes.example", Langs: []string{"pt"}}), user(desk.Person{Name: "Nora"})
	return s
}

func (s *seat) open(of desk.ID) desk.ID {
	s.Helper()
	s.Now = s.Now.Add(time.Minute)
	return s.Do(s.ana, app.OpenCase{Opened: desk.Opened{Subject: "VPN caída", Person: of, Category: "impresoras.cola"}}).ID
}

func (s *seat) row(id desk.ID) app.ProblemRow {
	s.Helper()
	return roomtest.Ask[app.OneProblemAnswer](s.Seat, s.lucia, app.OneProblem{ID: id}).Row
}

func (s *seat) kase(id desk.ID) app.OneCaseAnswer {
	s.Helper()
	return roomtest.Ask[app.OneCaseAnswer](s.Seat, s.lucia, app.OneCase{ID: id})
}

func (s *seat) letters() (to []string) {
	s.Helper()
	for _, l := range roomtest.Ask[app.LettersAnswer](s.Seat, s.Owner, app.Letters{}).Rows {
		to = append(to, l.Of.To+" "+l.Of.Subject[:4])
	}
	slices.Sort(to)
	return to
}

func (s *seat) postbox() {
	s.Helper()
	s.Do(s.Owner, app.SaveMailAccount{Account: desk.MailAccount{Host: "correo.example", Port: 25, Security: desk.NoSecurity, From: "mesa@andes.example"}})
}

// The cause of cases is found, is a known error, is solved, and its open cases with it:
// their users are told, by mail once each; a case that cannot be solved as it is stays.
func TestAProblemIsSolvedWithItsCases(t *testing.T) {
	s := newSeat(t)
	s.postbox()
	a, b, c := s.open(s.rosa), s.open(s.luis), s.open(s.rosa)
	done, other := s.open(s.nora), s.open(s.nora)
	s.Do(s.ana, app.ResolveCase{Case: done, Text: "reiniciado"})
	bare := s.Do(s.ana, app.OpenCase{Opened: desk.Opened{Subject: "sin datos"}}).ID // what is required of a case it lacks
	p := s.Do(s.cesar, app.SaveProblem{Problem: desk.Problem{Title: "Concentrador de VPN"}, Cases: []desk.ID{a, done}}).ID
	s.Do(s.ana, app.LinkProblem{Problem: p, Cases: []desk.ID{b, c, bare, a}})
	if r := s.row(p); r.Cases != 5 || r.Open != 4 || r.Users != 3 || r.Known || r.Of.MadeAt != s.Now.UnixMilli() || r.First != s.kase(a).Case.Number || r.LastAt != s.kase(bare).Case.OpenedAt {
		t.Errorf("%+v", r)
	}
	if k := s.kase(a); k.Case.Problem != p || k.Names[p] != "Concentrador de VPN" || k.Timeline[len(k.Timeline)-1].Other != "Concentrador de VPN" || len(k.Timeline) != 2 {
		t.Errorf("the case says %v %q, %d moments", k.Case.Problem, k.Names[p], len(k.Timeline))
	}
	of := s.row(p).Of
	of.Workaround = "use el segundo"
	s.Do(s.lucia, app.SaveProblem{ID: p, Problem: of})
	if !s.row(p).Known {
		t.Error("a way round it makes no known error")
	}
	if r := s.Do(s.pedro, app.TellCases{Problem: p, Text: "Use el segundo concentrador", Mail: true}); r.Reached.Told != 4 || r.Reached.Mailed != 2 {
		t.Errorf("%+v", r.Reached)
	}
	if got := s.letters(); !slices.Equal(got, []string{"luis@andes.example Caso", "rosa@andes.example Caso"}) {
		t.Errorf("letters to %q", got)
	}
	proposed := s.Do(s.pedro, app.SolveProblem{ID: p, Text: "Se cambió el concentrador"})
	if len(proposed.More) != 4 || s.kase(a).Case.Status != desk.New {
		t.Errorf("it proposes %v", proposed.More)
	}
	at := s.Now.UnixMilli()
	s.Now = s.Now.Add(time.Hour)
	r := s.Do(s.pedro, app.SolveProblem{ID: p, Text: "Se cambió el concentrador", Cases: true, Tell: "Ya funciona", Mail: true})
	if r.Reached.Solved != 3 || r.Reached.Told != 4 || r.Reached.Mailed != 2 || !slices.Equal(r.More, []desk.ID{bare}) {
		t.Errorf("%+v %v", r.Reached, r.More)
	}
	for _, id := range []desk.ID{a, b, c} {
		k := s.kase(id)
		n := len(k.Timeline)
		if k.Case.Status != desk.Resolved || k.Case.Solution.Text != "Se cambió el concentrador" || k.Timeline[n-2].Text != "Ya funciona" || !k.Timeline[n-2].Public {
			t.Errorf("%+v", k.Case.Solution)
		}
	}
	if s.kase(other).Case.Status != desk.New || s.kase(bare).Case.Status != desk.New {
		t.Error("another case was solved with it")
	}
	if r := s.row(p); r.Of.State != desk.ProblemSolved || r.Of.SolvedAt != at || r.Of.Solution != "Se cambió el concentrador" || r.Open != 1 || r.After != 0 {
		t.Errorf("%+v", r)
	}
	again := s.open(s.nora)
	s.Do(s.ana, app.LinkProblem{Problem: p, Cases: []desk.ID{again}})
	if r := s.row(p); r.After != 1 || r.Open != 2 {
		t.Errorf("it came back: %+v", r)
	}
	s.Do(s.ana, app.Undo{Entity: desk.Entity{Type: desk.CaseType, ID: again}})
	if r := s.row(p); r.After != 0 || s.kase(again).Case.Problem != (desk.ID{}) {
		t.Errorf("the link is taken back: %+v", r)
	}
	s.Do(s.ana, app.LinkProblem{Cases: []desk.ID{bare}})
	if rows := roomtest.Ask[app.CasesAnswer](s.Seat, s.ana, app.Cases{By: "problem", ID: p}).Rows; len(rows) != 4 || rows[0].ID != done {
		t.Errorf("%d cases, first %v", len(rows), rows[0].Number)
	}
	s.Do(s.pedro, app.Undo{Entity: desk.Entity{Type: desk.ProblemType, ID: p}})
	if r := s.row(p); r.Of.State != desk.ProblemOpen || r.Of.SolvedAt != 0 {
		t.Errorf("the solving is taken back: %+v", r.Of)
	}
}

// Everybody under a major incident is told in one act: itself and its open children, not
// what was solved, and by mail only where a supervisor asks for it.
func TestOneTextIsToldToAllUnderAMajorIncident(t *testing.T) {
	s := newSeat(t)
	s.postbox()
	parent, a, b, done, other := s.open(s.rosa), s.open(s.luis), s.open(s.nora), s.open(s.luis), s.open(s.nora)
	for _, id := range []desk.ID{a, b, done} {
		s.Do(s.ana, app.LinkCase{Case: id, Parent: parent})
	}
	s.Do(s.ana, app.ResolveCase{Case: done, Text: "reiniciado"})
	s.Refused(s.ana, app.NotAllowed, "only a supervisor", app.TellCases{Case: parent, Text: "Trabajamos en ello", Mail: true})
	if n := len(s.kase(a).Timeline); n != 2 {
		t.Errorf("what was refused left %d moments", n)
	}
	if r := s.Do(s.ana, app.TellCases{Case: parent, Text: "Trabajamos en ello"}); r.Reached.Told != 3 || r.Reached.Mailed != 0 || len(s.letters()) != 0 {
		t.Errorf("%+v", r.Reached)
	}
	if r := s.Do(s.pedro, app.TellCases{Case: parent, Text: "Vuelve a las 15", Mail: true}); r.Reached.Told != 3 || r.Reached.Mailed != 2 {
		t.Errorf("%+v", r.Reached)
	}
	for id, says := range map[desk.ID]bool{parent: true, a: true, b: true, done: false, other: false} {
		k := s.kase(id)
		if last := k.Timeline[len(k.Timeline)-1]; (last.Text == "Vuelve a las 15" && last.Public) != says {
			t.Errorf("%s says %q", k.Case.Number, last.Text)
		}
	}
	if r := s.Do(s.pedro, app.TellCases{Case: parent, Text: "Vuelve a las 15", Mail: true}); r.Reached.Mailed != 0 {
		t.Errorf("the same words are mailed twice: %+v", r.Reached)
	}
	if rows := roomtest.Ask[app.CasesAnswer](s.Seat, s.ana, app.Cases{By: "parent", ID: parent}).Rows; len(rows) != 3 {
		t.Errorf("%d children", len(rows))
	}
}

// With no mail set nothing is mailed, and what was asked of the cases is done.
func TestWithNoMailTheNotesStand(t *testing.T) {
	s := newSeat(t)
	a := s.open(s.rosa)
	if r := s.Do(s.pedro, app.TellCases{Case: a, Text: "Ya viene", Mail: true}); r.Reached.Told != 1 || r.Reached.Mailed != 0 {
		t.Errorf("%+v", r.Reached)
	}
}

func TestWhatNoProblemIs(t *testing.T) {
	s := newSeat(t)
	a := s.open(s.rosa)
	p := s.Do(s.cesar, app.SaveProblem{Problem: desk.Problem{Title: "VPN"}}).ID
	for _, x := range []struct {
		by   context.Context
		code app.Code
		says string
		c    app.Command
	}{
		{s.cesar, app.Invalid, "no name", app.SaveProblem{Problem: desk.Problem{Title: " "}}},
		{s.cesar, app.NotFound, "no agent", app.SaveProblem{Problem: desk.Problem{Title: "x", Owner: a}}},
		{s.cesar, app.NotFound, "group", app.SaveProblem{Problem: desk.Problem{Title: "x", Group: a}}},
		{s.cesar, app.NotFound, "solution document", app.SaveProblem{Problem: desk.Problem{Title: "x", Article: a}}},
		{s.cesar, app.Invalid, "by saying how", app.SaveProblem{ID: p, Problem: desk.Problem{Title: "x", State: desk.ProblemSolved}}},
		{s.cesar, app.NotFound, "no such problem", app.SaveProblem{ID: a, Problem: desk.Problem{Title: "x"}}},
		{s.ana, app.NotAllowed, "", app.SaveProblem{Problem: desk.Problem{Title: "x"}}},
		{s.ana, app.NotFound, "no such problem", app.LinkProblem{Problem: a, Cases: []desk.ID{a}}},
		{s.ana, app.NotFound, "no case", app.LinkProblem{Problem: p, Cases: []desk.ID{p}}},
		{s.ana, app.Invalid, "between 1 and", app.LinkProblem{Problem: p}},
		{s.ana, app.Invalid, "between 1 and", app.LinkProblem{Problem: p, Cases: make([]desk.ID, app.MaxLinked+1)}},
		{s.lucia, app.NotAllowed, "", app.LinkProblem{Problem: p, Cases: []desk.ID{a}}},
		{s.ana, app.NotAllowed, "", app.SolveProblem{ID: p, Text: "listo"}},
		{s.cesar, app.Invalid, "how the problem was solved", app.SolveProblem{ID: p, Text: " "}},
		{s.cesar, app.NotFound, "no such problem", app.SolveProblem{ID: a, Text: "listo"}},
		{s.ana, app.Invalid, "of which", app.TellCases{Text: "x"}},
		{s.ana, app.Invalid, "of which", app.TellCases{Case: a, Problem: p, Text: "x"}},
		{s.ana, app.Invalid, "nothing to tell", app.TellCases{Case: a, Text: "\n"}},
		{s.ana, app.NotFound, "no case", app.TellCases{Case: p, Text: "x"}},
		{s.ana, app.NotFound, "no such problem", app.TellCases{Problem: a, Text: "x"}},
	} {
		s.Refused(x.by, x.code, x.says, x.c)
	}
	if n := len(s.kase(a).Timeline); n != 1 {
		t.Errorf("what was refused left %d moments", n)
	}
	s.Refused(s.ana, app.NotFound, "no such problem", app.SolveProblem{ID: a, Text: "x"})
	rows := roomtest.Ask[app.ProblemsAnswer](s.Seat, s.ana, app.Problems{Open: true}).Rows
	if len(rows) != 1 || rows[0].ID != p {
		t.Errorf("%+v", rows)
	}
	of := rows[0].Of
	of.State = desk.ProblemDropped
	s.Do(s.cesar, app.SaveProblem{ID: p, Problem: of})
	if rows := roomtest.Ask[app.ProblemsAnswer](s.Seat, s.ana, app.Problems{Open: true}).Rows; len(rows) != 0 {
		t.Errorf("what was dropped is open: %+v", rows)
	}
}

// Those with most open cases stand first; what is solved stands last.
func TestTheProblemsThatHurtMostStandFirst(t *testing.T) {
	s := newSeat(t)
	make := func(title string, open int) desk.ID {
		var ids []desk.ID
		for range open {
			ids = append(ids, s.open(s.rosa))
		}
		return s.Do(s.cesar, app.SaveProblem{Problem: desk.Problem{Title: title}, Cases: ids}).ID
	}
	few, solved, many := make("a", 1), make("b", 3), make("c", 2)
	s.Do(s.cesar, app.SolveProblem{ID: solved, Text: "listo"})
	var got []desk.ID
	for _, r := range roomtest.Ask[app.ProblemsAnswer](s.Seat, s.ana, app.Problems{}).Rows {
		got = append(got, r.ID)
	}
	if !slices.Equal(got, []desk.ID{many, few, solved}) {
		t.Errorf("%v", got)
	}
}
