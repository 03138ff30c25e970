package oracle_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/oracle"
	"punto/app/tally"
)

// asking is a random history of surveys on two workstations of a desk.
type asking struct {
	*world
	r         *rand.Rand
	zones     map[desk.ID]*time.Location
	contracts []desk.ID
	survey    desk.ID
	reader    desk.ID // an agent who solves nothing
	want      *oracle.Desk
	people    []desk.ID
}

func (a *asking) do(n int, by desk.ID, c app.Command) app.Receipt {
	a.Helper()
	e := a.nodes[n].Engine
	ctx := e.As(a.Context(), by)
	if by.IsZero() {
		ctx = e.Owner(a.Context())
	}
	r, err := e.Do(ctx, c)
	if err != nil {
		a.Fatalf("%s at %s: %v", app.NameOf(c), a.now, err)
	}
	return r
}

func newAsking(t *testing.T, b *begun, seed uint64) *asking {
	t.Helper()
	a := &asking{world: newWorld(t, b, time.Date(2026, 4, 28, 0, 0, 0, 0, time.UTC)), r: rand.New(rand.NewPCG(seed, 77)), zones: map[desk.ID]*time.Location{}, want: &oracle.Desk{Contracts: map[string]oracle.Contract{}}}
	nobody := desk.ID{}
	a.reader = a.do(0, nobody, app.SaveAgent{Agent: desk.Agent{Name: "Lucía", Role: desk.AgentRole}}).ID
	a.do(0, nobody, app.RequireFields{Fields: []string{desk.RequiresNothing}})
	for i, z := range []string{"America/Lima", "Pacific/Auckland"} {
		zone := location(t, z)
		id := a.do(0, nobody, app.SaveContract{Contract: desk.Contract{Code: fmt.Sprint("C-9", i), Client: z, Zone: z, Targets: []desk.Target{{Priority: 4}}}}).ID
		a.contracts, a.zones[id] = append(a.contracts, id), zone
		a.want.Contracts[id.String()] = oracle.Contract{Zone: zone, Hours: always(zone)}
		a.people = append(a.people, a.do(0, nobody, app.SavePerson{Person: desk.Person{Name: fmt.Sprint("Rosa ", i), Contract: id}}).ID)
	}
	words := map[string]string{"es": "¿?"}
	a.survey = a.do(0, nobody, app.SaveSurvey{Survey: desk.Survey{Name: "x", On: true, Expire: 5, Every: 1_000, Follow: a.r.IntN(3), Questions: []desk.SurveyQuestion{
		{Code: "a", Kind: desk.ScaleQuestion, Words: words}, {Code: "b", Kind: desk.NPSQuestion, Words: words, When: "a", Is: []int{1, 2, 4, 5}}, {Code: "c", Kind: desk.ScaleQuestion, Words: words}, {Code: "d", Kind: desk.TextQuestion, Words: words}}}}).ID
	a.meet()
	return a
}

// answer is a random one, and what the oracle is to make of it.
func (a *asking) answer() (rs []desk.Reply, row oracle.Answer) {
	row = oracle.Answer{At: a.now, NPS: -1}
	rs = []desk.Reply{{Question: "d", Text: "bien"}}
	if a.r.IntN(8) > 0 {
		row.Score = 1 + a.r.IntN(5)
		rs = append(rs, desk.Reply{Question: "a", Value: row.Score})
	}
	if a.r.IntN(2) == 0 { // counts only where it is asked
		nps := a.r.IntN(11)
		rs = append(rs, desk.Reply{Question: "b", Value: nps})
		if row.Score > 0 && row.Score != 3 {
			row.NPS = nps
		}
	}
	if second := a.r.IntN(5); second > 0 {
		rs = append(rs, desk.Reply{Question: "c", Value: second})
		if row.Score == 0 {
			row.Score = second
		}
	}
	return rs, row
}

func (a *asking) run() {
	for range 40 + a.r.IntN(40) {
		a.now = a.now.Add(time.Duration(a.r.IntN(30*3600)) * time.Second)
		n, c := a.r.IntN(2), a.r.IntN(2)
		id := a.do(n, a.begun.agent, app.OpenCase{Opened: desk.Opened{Subject: "x", Person: a.people[c], Contract: a.contracts[c]}}).ID
		a.do(n, a.begun.agent, app.ResolveCase{Case: id, Text: "x"})
		v := oracle.Invitation{Contract: a.contracts[c].String(), Solved: a.now, Expires: a.now.Add(5 * 24 * time.Hour)}
		if a.r.IntN(6) == 0 {
			continue // nobody asks
		}
		token := a.do(n, a.reader, app.InviteSurvey{Survey: a.survey, Case: id, Way: desk.SlipWay}).Secret
		if a.r.IntN(3) == 0 {
			a.meet()
			for range a.r.IntN(3) { // on both, before they meet again
				a.now = a.now.Add(time.Duration(1+a.r.IntN(40*3600)) * time.Second)
				rs, row := a.answer()
				var err error
				at := a.r.IntN(2)
				if e := a.nodes[at].Engine; at == 0 {
					_, err = e.Do(a.Context(), app.AnswerSurvey{Token: token, Replies: rs})
				} else {
					_, err = e.Do(e.As(a.Context(), a.reader), app.ReadSurvey{Survey: a.survey, Case: id, Replies: rs})
				}
				if err == nil {
					v.Answers = append(v.Answers, row)
				} else if app.CodeOf(err) != app.Conflict {
					a.Fatal(err)
				}
			}
			a.meet()
		}
		a.want.Surveys = append(a.want.Surveys, v)
	}
	a.meet()
}

// TestTheOracleAgreesOnSurveys compares the indices of surveys, and their intervals, on
// random histories; PUNTO_SEED repeats a run.
func TestTheOracleAgreesOnSurveys(t *testing.T) {
	seed := setting(t, "PUNTO_SEED", uint64(time.Now().UnixNano()%1_000_000)) // after 1970
	start := beginning(t)
	compared, answers := 0, 0
	for n := range uint64(12) {
		a := newAsking(t, start, seed+n)
		a.run()
		for _, contract := range a.contracts {
			whole := map[string]float64{}
			for month := time.April; month <= time.August; month++ {
				want := a.want.Figures(oracle.Month{Contract: contract.String(), Year: 2026, Month: month}, a.now)
				for i, x := range a.nodes {
					q := app.Month{Month: fmt.Sprintf("2026-%02d", month), Contract: contract}
					got := monthOf(t, x.Engine, q)
					for _, id := range []string{"response_rate", "csat", "csat_mean", "nps"} {
						ds, k := compare(map[string]oracle.Figure{id: want[id]}, got)
						compared += k
						for _, d := range ds {
							t.Errorf("seed %d, workstation %d, %s: %+v", seed+n, i, q.Month, d)
						}
						for _, wrong := range rowsBehind(func(q app.IndexRows) app.IndexRowsAnswer {
							a, err := x.Engine.Ask(x.Engine.Owner(t.Context()), q)
							if err != nil {
								t.Fatal(err)
							}
							return a.(app.IndexRowsAnswer)
						}, app.IndexRows{Month: q.Month, Contract: contract, Index: id}, got[id]) {
							t.Errorf("seed %d: %s", seed+n, wrong)
						}
						if f := got[id]; f.Low != nil {
							low, high := oracle.Interval(f.Num, *f.Den)
							if compared += 2; math.Abs(low-*f.Low) > 1e-9 || math.Abs(high-*f.High) > 1e-9 {
								t.Errorf("seed %d: the interval of %v in %v is %v to %v, and is told as %v to %v", seed, f.Num, *f.Den, low, high, *f.Low, *f.High)
							}
						}
						whole[id] += want[id].Num
					}
				}
			}
			answers += int(whole["response_rate"]) / 2
		}
		a.close()
	}
	if answers < 20 {
		t.Errorf("only %d answers were given: the histories are poor", answers)
	}
	t.Logf("seed %d: %d answers, %d numbers compared, no difference", seed, answers, compared)
}

func monthOf(t *testing.T, e *engine.Engine, q app.Month) map[string]tally.Figure {
	t.Helper()
	x, err := e.Ask(e.Owner(t.Context()), q)
	if err != nil {
		t.Fatal(err)
	}
	return byID(x.(app.MonthAnswer))
}
