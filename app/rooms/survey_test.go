package rooms_test

import (
	"fmt"
	"testing"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/nodes"
)

// Two workstations that both think that they lead draw the same cases and make the same
// invitations; of two answers, one on each, the earlier counts on both, and its low score
// has one case.
func TestTwoWhoLeadInviteOnceAndOneAnswerCounts(t *testing.T) {
	rs := replicas(t, 2)
	a, b := rs[0], rs[1]
	if err := nodes.Number(t.Context(), b.Engine, "B"); err != nil {
		t.Fatal(err)
	}
	reader := a.do(app.SaveAgent{Agent: desk.Agent{Name: "Lucía", Role: desk.AgentRole}}).ID
	a.do(app.RequireFields{Fields: []string{desk.RequiresNothing}})
	words := map[string]string{"es": "¿?"}
	survey := a.do(app.SaveSurvey{Survey: desk.Survey{Name: "x", On: true, Share: 60, Every: 2, Follow: 4, Questions: []desk.SurveyQuestion{{Code: "q", Kind: desk.ScaleQuestion, Words: words}}}}).ID
	for i := range 40 {
		person := a.do(app.SavePerson{Person: desk.Person{Name: fmt.Sprint("U", i)}}).ID
		id := a.do(app.OpenCase{Opened: desk.Opened{Subject: "x", Person: person}}).ID
		a.do(app.ResolveCase{Case: id, Text: "x"})
	}
	meet(rs...)
	toRead := func(r *replica) []app.SurveyToRead {
		t.Helper()
		x, err := r.Engine.Ask(r.Owner(t.Context()), app.SurveysToRead{Limit: 1000})
		if err != nil {
			t.Fatal(err)
		}
		return x.(app.SurveysToReadAnswer).Rows
	}
	for i, r := range rs {
		r.clock = r.clock.Add(time.Duration(1+i) * time.Minute)
		if err := r.Tick(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	n := len(toRead(a))
	if n < 5 || n > 19 || len(toRead(b)) != n {
		t.Fatalf("of 40 cases %d and %d were drawn", n, len(toRead(b)))
	}
	meet(rs...)
	if len(toRead(a)) != n || len(toRead(b)) != n {
		t.Errorf("together they invited %d and %d, and each %d", len(toRead(a)), len(toRead(b)), n)
	}
	kase := toRead(a)[0].Case
	for i, r := range rs {
		r.clock = a.clock.Add(10*time.Minute + time.Duration(i)*time.Second)
		if _, err := r.Engine.Do(r.As(t.Context(), reader), app.ReadSurvey{Survey: survey, Case: kase, Replies: []desk.Reply{{Question: "q", Value: 2 + i}}}); err != nil {
			t.Fatal(err)
		}
	}
	meet(rs...)
	for i, r := range rs {
		x, err := r.Engine.Ask(r.Owner(t.Context()), app.SurveyResults{Month: "2026-11"})
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range x.(app.SurveyResultsAnswer).Whole {
			if f.ID == "csat_mean" && (f.Num != 2 || *f.Den != 1) || f.ID == "response_rate" && (f.Num != 1 || int(*f.Den) != n) {
				t.Errorf("workstation %d: %s is %v of %v", i, f.ID, f.Num, *f.Den)
			}
		}
		cases, err := r.Engine.Ask(r.Owner(t.Context()), app.Cases{By: "opened", Limit: 1000})
		if err != nil {
			t.Fatal(err)
		}
		if got := len(cases.(app.CasesAnswer).Rows); got != 41 {
			t.Errorf("workstation %d has %d cases: a low score opens one", i, got)
		}
	}
}
