package poll_test

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"punto/app/desk"
	"punto/app/poll"
)

func q(code string, k desk.QuestionKind) desk.SurveyQuestion {
	return desk.SurveyQuestion{Code: code, Kind: k, Words: map[string]string{"es": code, "pt": code + "?"}}
}

func TestWhatASurveyMayBe(t *testing.T) {
	opt := map[string]string{"es": "x"}
	choice := q("c", desk.ChoiceQuestion)
	choice.Options = []map[string]string{opt, opt}
	when := q("w", desk.TextQuestion)
	when.When, when.Is = "c", []int{2}
	good := desk.Survey{Questions: []desk.SurveyQuestion{q("a", desk.ScaleQuestion), choice, when}, Every: 1_000, Share: 100, PersonDay: 365, Expire: 365, Remind: 365, Follow: 4, Delay: 365 * 86_400}
	good.Address = "http://[fd00::1]:7480/"
	if p := poll.Check(good); p != nil {
		t.Error(p)
	}
	for says, change := range map[string]func(*desk.Survey){
		"no question":               func(s *desk.Survey) { s.Questions = nil },
		"no question, or more":      func(s *desk.Survey) { s.Questions = make([]desk.SurveyQuestion, poll.MaxQuestions+1) },
		"question 1 of the survey":  func(s *desk.Survey) { s.Questions[0].Kind = 9 },
		"question 2 of the survey ": func(s *desk.Survey) { s.Questions[1].Code = "a" },
		"choice":                    func(s *desk.Survey) { s.Questions[1].Options = s.Questions[1].Options[:1] },
		"question 3 of the survey":  func(s *desk.Survey) { s.Questions[2].Is = []int{3} },
		"question 3 of the":         func(s *desk.Survey) { s.Questions[2].When = "w" },
		"question 1 of":             func(s *desk.Survey) { s.Questions[0].When, s.Questions[0].Is = "c", []int{1} },
		"question 3":                func(s *desk.Survey) { s.Questions[2].Is = nil },
		"shares":                    func(s *desk.Survey) { s.Share = 101 },
		"days":                      func(s *desk.Survey) { s.Delay = -1 },
		"followed":                  func(s *desk.Survey) { s.Follow = 5 },
		"the address":               func(s *desk.Survey) { s.Address = "javascript:alert(1)" },
		"write one such":            func(s *desk.Survey) { s.Address = "http://mesa/e/x?y" },
		"a number":                  func(s *desk.Survey) { s.Every = 1_001 },
	} {
		s := good
		s.Questions = append([]desk.SurveyQuestion{}, good.Questions...)
		change(&s)
		if p := poll.Check(s); p == nil || !strings.Contains(p.Error(), says) {
			t.Errorf("%s: %v", says, p)
		}
	}
}

func TestWhoIsDrawn(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	r := rand.New(rand.NewPCG(seed, 1))
	survey := desk.DerivedID("s")
	const n = 20_000
	drawn := 0
	for range n {
		kase := desk.ID{byte(r.UintN(256)), byte(r.UintN(256)), byte(r.UintN(256)), byte(r.UintN(256))}
		yes := poll.Drawn(desk.Survey{Share: 30}, survey, kase, "A-0001-1")
		if yes != poll.Drawn(desk.Survey{Share: 30}, survey, kase, "B-0009-1") {
			t.Fatal("the draw hangs on the number")
		}
		if yes {
			drawn++
		}
	}
	if share := float64(drawn) / n; share < 0.28 || share > 0.32 {
		t.Errorf("seed %d: %v are drawn, of 0.30", seed, share)
	}
	third := 0
	for i := range uint64(30) {
		if poll.Drawn(desk.Survey{Every: 3}, survey, desk.ID{}, desk.NewNumber("B", i+1)) {
			third++
		}
	}
	if third != 10 || !poll.Drawn(desk.Survey{}, survey, desk.ID{}, "") || !poll.Drawn(desk.Survey{Share: 100, Every: 1}, survey, desk.ID{}, "") {
		t.Errorf("every third of 30 are %d", third)
	}
}

func TestWhatAnAnswerGives(t *testing.T) {
	need, cond, last := q("a", desk.ScaleQuestion), q("b", desk.TextQuestion), q("c", desk.NPSQuestion)
	need.Required, cond.Required, cond.When, cond.Is = true, true, "a", []int{1, 2}
	last.When, last.Is = "b", []int{0}
	qs := []desk.SurveyQuestion{need, cond, last}
	rs, why := poll.Read(qs, []desk.Reply{{Question: "c", Value: 0}, {Question: "b", Text: "no"}, {Question: "a", Value: 3}, {Question: "z", Value: 3}}, "pt")
	if why != nil || len(rs) != 1 || rs[0] != (desk.Reply{Question: "a", Value: 3}) {
		t.Errorf("%+v, %v", rs, why)
	}
	if _, why = poll.Read(qs, []desk.Reply{{Question: "a", Value: 2}, {Question: "b", Text: " \n"}}, "pt"); why == nil || why.Form != poll.Missing || why.Args[0] != "b?" {
		t.Errorf("a text of nothing: %v", why)
	}
	for _, v := range []int{-1, 0, 6} {
		if _, why = poll.Read(qs, []desk.Reply{{Question: "a", Value: v}}, "es"); why == nil || why.Form != poll.BadReply {
			t.Errorf("%d of 5: %v", v, why)
		}
	}
	for k, in := range map[desk.QuestionKind][2]int{desk.YesNoQuestion: {1, 2}, desk.NPSQuestion: {0, 10}} {
		for v := -1; v <= 11; v++ {
			_, why := poll.Read([]desk.SurveyQuestion{q("x", k)}, []desk.Reply{{Question: "x", Value: v}}, "es")
			if (why == nil) != (v >= in[0] && v <= in[1]) {
				t.Errorf("%s: %d: %v", k, v, why)
			}
		}
	}
	score, asked, nps := poll.Score([]desk.SurveyQuestion{q("n", desk.NPSQuestion), q("a", desk.ScaleQuestion), q("b", desk.ScaleQuestion)}, []desk.Reply{{Question: "b", Value: 5}, {Question: "a", Value: 9}, {Question: "n", Value: 0}})
	if score != 5 || !asked || nps != 0 {
		t.Error(score, asked, nps)
	}
}
