package surveys_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/poll"
	"punto/app/rooms/roomtest"
	"punto/app/tally"
)

// seat is a desk with its administrator and two agents, on a clock that the test moves.
type seat struct {
	*roomtest.Seat
	ana, luis context.Context
	rosa      desk.ID
}

func newSeat(t *testing.T) *seat {
	t.Helper()
	s := &seat{Seat: roomtest.New(t, time.Date(2026, 11, 2, 14, 0, 0, 0, time.UTC), app.CreateDesk{Zone: "America/Lima"})}
	s.Do(s.Owner, app.RequireFields{Fields: []string{desk.RequiresNothing}})
	s.ana = s.Agent(desk.Agent{Name: "Ana Soto", Role: desk.AgentRole})
	s.luis = s.Agent(desk.Agent{Name: "Luis Paz", Role: desk.AgentRole})
	s.rosa = s.Do(s.Owner, app.SavePerson{Person: desk.Person{Name: "Rosa Quispe", Extension: "4471", Langs: []string{"pt"}}}).ID
	return s
}

func (s *seat) tick() {
	s.Helper()
	if err := s.E.Tick(s.Context()); err != nil {
		s.Fatal(err)
	}
}

// solved is a case of somebody that Ana has solved.
func (s *seat) solved(person desk.ID) desk.ID {
	s.Helper()
	id := s.Do(s.ana, app.OpenCase{Opened: desk.Opened{Subject: "No imprime", Person: person, Category: "impresoras.cola"}}).ID
	s.Do(s.ana, app.ResolveCase{Case: id, Text: "Listo"})
	return id
}

func es(s string) map[string]string { return map[string]string{"es": s} }

// survey is one with a condition, a text and a score that is followed.
func survey() desk.Survey {
	return desk.Survey{Name: "Al cerrar", On: true, Delay: 7200, Expire: 7, Remind: 3, Follow: 2, Questions: []desk.SurveyQuestion{
		{Code: "score", Kind: desk.ScaleQuestion, Words: es("¿Qué tan conforme quedó?"), Required: true}, {Code: "fixed", Kind: desk.YesNoQuestion, Words: es("¿Quedó resuelto?"), Required: true},
		{Code: "left", Kind: desk.TextQuestion, Words: es("¿Qué quedó sin resolver?"), When: "fixed", Is: []int{2}}, {Code: "nps", Kind: desk.NPSQuestion, Words: es("¿La recomendaría?")},
		{Code: "how", Kind: desk.ChoiceQuestion, Words: es("¿Por dónde?"), Options: []map[string]string{es("Teléfono"), es("Correo")}}}}
}

func good(score int) []desk.Reply {
	return []desk.Reply{{Question: "score", Value: score}, {Question: "fixed", Value: 1}, {Question: "left", Text: "hidden by its condition"}}
}

func TestTheDeskInvitesTwoHoursAfterACaseIsSolvedAndAnAgentReads(t *testing.T) {
	s := newSeat(t)
	id := s.Do(s.Owner, app.SaveSurvey{Survey: survey()}).ID
	kase := s.solved(s.rosa)
	toRead := func(ctx context.Context) []app.SurveyToRead {
		return roomtest.Ask[app.SurveysToReadAnswer](s.Seat, ctx, app.SurveysToRead{}).Rows
	}
	s.Now = s.Now.Add(2*time.Hour - time.Second)
	if s.tick(); len(toRead(s.luis)) != 0 {
		t.Error("it asks before the delay is over")
	}
	s.Now = s.Now.Add(2 * time.Minute)
	s.tick()
	rows := toRead(s.luis)
	if len(rows) != 1 || rows[0].Case != kase || rows[0].Person != "Rosa Quispe" || rows[0].Phones[0] != "4471" || rows[0].Lang != "pt" || rows[0].Again || len(rows[0].Questions) != 5 {
		t.Fatalf("to be read are %+v", rows)
	}
	s.Now = s.Now.Add(72 * time.Hour)
	if s.tick(); !toRead(s.luis)[0].Again {
		t.Error("the day of the reminder is not told")
	}
	if len(toRead(s.ana)) != 0 {
		t.Error("who solved the case is offered its survey")
	}
	read := app.ReadSurvey{Survey: id, Case: kase, Lang: "pt", Replies: good(2)}
	s.Refused(s.ana, app.NotAllowed, "somebody else", read)
	s.Do(s.luis, read)
	s.Refused(s.luis, app.Conflict, "already", read)
	if len(toRead(s.luis)) != 0 {
		t.Error("what was answered is still to be read")
	}
	a := roomtest.Ask[app.SurveyResultsAnswer](s.Seat, s.Owner, app.SurveyResults{Month: "2026-11", By: "agent"})
	if f := of(a.Whole, "csat"); f.Num != 0 || *f.Den != 1 || len(a.Rows) != 1 || a.Rows[0].Name != "Ana Soto" || len(a.Said) != 0 {
		t.Errorf("the results are %+v", a)
	}
	follow := roomtest.Ask[app.CasesAnswer](s.Seat, s.Owner, app.Cases{By: "opened"}).Rows
	if len(follow) != 2 || !strings.Contains(follow[0].Subject, "puso 2 de 5") {
		t.Errorf("a low score leads to %+v", follow)
	}
	month := roomtest.Ask[app.MonthAnswer](s.Seat, s.Owner, app.Month{Month: "2026-11"})
	for _, f := range month.Indices {
		if f.ID == "response_rate" && (f.Value == nil || *f.Value != 1 || f.Low == nil) {
			t.Errorf("the month says %+v", f)
		}
	}
}

func TestALinkServesOnceAndExpires(t *testing.T) {
	s := newSeat(t)
	id := s.Do(s.Owner, app.SaveSurvey{Survey: survey()}).ID
	one, two := s.solved(s.rosa), s.solved(s.rosa)
	token := s.Do(s.ana, app.InviteSurvey{Survey: id, Case: one, Way: desk.SlipWay}).Secret
	again := s.Do(s.ana, app.InviteSurvey{Survey: id, Case: one, Way: desk.MailWay}).Secret
	late := s.Do(s.ana, app.InviteSurvey{Survey: id, Case: two, Way: desk.PageWay}).Secret
	nobody := t.Context()
	form := roomtest.Ask[app.SurveyFormAnswer](s.Seat, nobody, app.SurveyForm{Token: strings.ToLower(token)})
	if form.Number == "" || form.Subject != "No imprime" || form.Lang != "pt" || len(form.Questions) != 5 {
		t.Errorf("behind the token stands %+v", form)
	}
	for _, wrong := range []string{"", "x", strings.Repeat("0", 26), token[1:], token + "0"} {
		s.Refused(nobody, app.NotFound, "link", app.AnswerSurvey{Token: wrong, Replies: good(5)})
	}
	for says, rs := range map[string][]desk.Reply{"needs one": {{Question: "score", Value: 4}}, "none of those": {{Question: "score", Value: 6}, {Question: "fixed", Value: 1}},
		"longer": {{Question: "score", Value: 4}, {Question: "fixed", Value: 2}, {Question: "left", Text: strings.Repeat("á", poll.MaxReply+1)}}, "entries": make([]desk.Reply, 13)} {
		s.Refused(nobody, app.Invalid, says, app.AnswerSurvey{Token: token, Replies: rs})
	}
	if _, err := s.E.Ask(nobody, app.SurveyResults{Month: "2026-11"}); app.CodeOf(err) != app.NotSignedIn {
		t.Errorf("nobody sees the results: %v", err)
	}
	if _, err := s.E.Ask(s.ana, app.SurveyResults{Month: "2026-11"}); app.CodeOf(err) != app.NotAllowed {
		t.Errorf("an agent sees the results: %v", err)
	}
	s.Do(nobody, app.AnswerSurvey{Token: again, Replies: []desk.Reply{{Question: "score", Value: 5}, {Question: "fixed", Value: 2}, {Question: "left", Text: " El toner\n"}, {Question: "nps", Value: 10}, {Question: "how", Value: 2}}})
	for _, used := range []string{token, again} {
		s.Refused(nobody, app.Conflict, "already", app.AnswerSurvey{Token: used, Replies: good(1)})
	}
	if f := roomtest.Ask[app.SurveyFormAnswer](s.Seat, nobody, app.SurveyForm{Token: token}); !f.Answered || f.Subject != "" || f.Questions != nil {
		t.Errorf("a used token shows %+v", f)
	}
	a := roomtest.Ask[app.SurveyResultsAnswer](s.Seat, s.Owner, app.SurveyResults{Month: "2026-11", By: "way"})
	if len(a.Said) != 1 || a.Said[0].Text != "El toner" || a.Said[0].Score != 5 || a.Said[0].Way != desk.SlipWay {
		t.Errorf("the verbatims are %+v", a.Said)
	}
	s.Now = s.Now.Add(7*24*time.Hour + time.Second)
	s.Refused(nobody, app.Conflict, "expired", app.AnswerSurvey{Token: late, Replies: good(5)})
	if f := roomtest.Ask[app.SurveyFormAnswer](s.Seat, nobody, app.SurveyForm{Token: late}); !f.Expired || f.Subject != "" {
		t.Errorf("an expired token shows %+v", f)
	}
	if n := len(roomtest.Ask[app.CasesAnswer](s.Seat, s.Owner, app.Cases{By: "opened"}).Rows); n != 2 {
		t.Errorf("a good score opened a case: there are %d", n)
	}
}

func TestWhoIsNotAsked(t *testing.T) {
	s := newSeat(t)
	x := survey()
	x.Delay, x.PersonDay, x.Except = 0, 7, []string{"impresoras.cola"}
	id := s.Do(s.Owner, app.SaveSurvey{Survey: x}).ID
	own := s.Do(s.Owner, app.SavePerson{Person: desk.Person{Name: "LUÍS PAZ"}}).ID
	ofNobody := s.Do(s.ana, app.OpenCase{Opened: desk.Opened{Subject: "x"}}).ID
	s.Refused(s.luis, app.Conflict, "not solved", app.InviteSurvey{Survey: id, Case: ofNobody, Way: desk.SlipWay})
	s.Do(s.ana, app.ResolveCase{Case: ofNobody, Text: "x"})
	for _, k := range []desk.ID{s.solved(s.rosa), s.solved(own), ofNobody} {
		s.Refused(s.luis, app.Conflict, "leaves out", app.InviteSurvey{Survey: id, Case: k, Way: desk.SlipWay})
	}
	x.Except = nil
	s.Do(s.Owner, app.SaveSurvey{ID: id, Survey: x})
	for range 2 {
		s.Now = s.Now.Add(2 * time.Minute)
		s.tick()
	}
	if rows := roomtest.Ask[app.SurveysToReadAnswer](s.Seat, s.luis, app.SurveysToRead{}).Rows; len(rows) != 1 {
		t.Errorf("%d are asked, and Rosa alone may be", len(rows))
	}
	again := s.solved(s.rosa)
	s.Refused(s.luis, app.Conflict, "less than 7 days", app.InviteSurvey{Survey: id, Case: again, Way: desk.SlipWay})
	s.Now = s.Now.Add(7 * 24 * time.Hour)
	s.Do(s.luis, app.InviteSurvey{Survey: id, Case: again, Way: desk.SlipWay})
}

func TestAnInvitationIsHeldToItsVersion(t *testing.T) {
	s := newSeat(t)
	x := survey()
	id := s.Do(s.Owner, app.SaveSurvey{Survey: x}).ID
	token := s.Do(s.ana, app.InviteSurvey{Survey: id, Case: s.solved(s.rosa), Way: desk.SlipWay}).Secret
	x.Questions = x.Questions[:1]
	s.Now = s.Now.Add(time.Second)
	s.Do(s.Owner, app.SaveSurvey{ID: id, Survey: x})
	if f := roomtest.Ask[app.SurveyFormAnswer](s.Seat, t.Context(), app.SurveyForm{Token: token}); len(f.Questions) != 5 {
		t.Errorf("who was invited before is asked %d questions", len(f.Questions))
	}
	if rows := roomtest.Ask[app.SurveysAnswer](s.Seat, s.Owner, app.Surveys{}).Rows; len(rows) != 1 || rows[0].Of.Version != 2 {
		t.Errorf("the surveys are %+v", rows)
	}
	s.Refused(s.ana, app.NotAllowed, "role", app.SaveSurvey{ID: id, Survey: survey()})
	x.Questions[0].Words = nil
	s.Refused(s.Owner, app.Invalid, "question 1", app.SaveSurvey{ID: id, Survey: x})
}

func TestResultsAreCutByWhatCasesAre(t *testing.T) {
	s := newSeat(t)
	id := s.Do(s.Owner, app.SaveSurvey{Survey: survey()}).ID
	for i := range 4 {
		token := s.Do(s.ana, app.InviteSurvey{Survey: id, Case: s.solved(s.rosa), Way: desk.PageWay}).Secret
		if i > 0 {
			s.Do(t.Context(), app.AnswerSurvey{Token: token, Replies: good(2 + i)})
		}
	}
	for by, want := range map[string]string{"group": "Mesa de ayuda", "agent": "Ana Soto", "category": "impresoras.cola", "kind": "incident", "way": "page", "lang": "es"} {
		rows := roomtest.Ask[app.SurveyResultsAnswer](s.Seat, s.Owner, app.SurveyResults{Month: "2026-11", By: by}).Rows
		n, seen := 0.0, false
		for _, r := range rows {
			n += *of(r.Figures, "response_rate").Den
			seen = seen || r.Name == want
		}
		if n != 4 || !seen && by != "group" {
			t.Errorf("by %s there are %v: %+v", by, n, rows)
		}
	}
	if f := of(roomtest.Ask[app.SurveyResultsAnswer](s.Seat, s.Owner, app.SurveyResults{Month: "2026-11"}).Whole, "csat"); f.Num != 2 || *f.Den != 3 {
		t.Errorf("csat is %+v", f)
	}
	if _, err := s.E.Ask(s.Owner, app.SurveyResults{Month: "2026-11", By: "moon"}); app.CodeOf(err) != app.Invalid {
		t.Error(err)
	}
}

func of(fs []tally.Figure, id string) tally.Figure {
	for _, f := range fs {
		if f.ID == id {
			return f
		}
	}
	return tally.Figure{}
}

// A case that was reopened is asked about once it has been solved for good as long.
func TestTheDelayCountsFromTheLastSolution(t *testing.T) {
	s := newSeat(t)
	s.Do(s.Owner, app.SaveSurvey{Survey: survey()})
	kase := s.solved(s.rosa)
	s.Now = s.Now.Add(time.Hour)
	s.Do(s.ana, app.ReopenCase{Case: kase, Text: "volvió a fallar"})
	s.Do(s.ana, app.ResolveCase{Case: kase, Text: "ahora sí"})
	for i, want := range []int{0, 1} {
		s.Now = s.Now.Add(time.Hour + time.Minute)
		s.tick()
		if rows := roomtest.Ask[app.SurveysToReadAnswer](s.Seat, s.luis, app.SurveysToRead{}).Rows; len(rows) != want {
			t.Errorf("after %d hours %d are asked", i+2, len(rows))
		}
	}
}
