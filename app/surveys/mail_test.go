package surveys_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/rooms/roomtest"
)

// letters are those to be sent, the oldest first.
func (s *seat) letters() (all []desk.Letter) {
	s.Helper()
	rows := roomtest.Ask[app.LettersAnswer](s.Seat, s.Owner, app.Letters{}).Rows
	for i := range rows {
		all = append(all, rows[len(rows)-1-i].Of)
	}
	return all
}

var link = regexp.MustCompile(`http://mesa:7480/e/([0-9A-Z]{26})\n`)

// A user with an address is invited by mail in the user's language, reminded once, and
// answers by either link, once; a user without one is invited as before.
func TestAUserIsInvitedAndRemindedByMail(t *testing.T) {
	s := newSeat(t)
	s.Do(s.Owner, app.SaveMailAccount{Account: desk.MailAccount{Host: "correo.example", Port: 25, Security: desk.NoSecurity, From: "mesa@andes.example"}})
	x := survey()
	x.Mail, x.Address, x.Expire = true, "http://mesa:7480", 10
	s.Do(s.Owner, app.SaveSurvey{Survey: x})
	maria := s.Do(s.Owner, app.SavePerson{Person: desk.Person{Name: "Maria Souza", Email: "maria@andes.example", Langs: []string{"pt"}}}).ID
	s.solved(maria)
	s.solved(s.rosa) // has no address
	s.Now = s.Now.Add(3 * time.Hour)
	s.tick()
	all := s.letters()
	if len(all) != 1 || all[0].To != "maria@andes.example" || all[0].Lang != "pt" || !strings.HasPrefix(all[0].Subject, "Seu caso ") || !strings.Contains(all[0].Text, "São 5 perguntas") || !strings.Contains(all[0].Text, "até 12/11/2026") {
		t.Fatalf("%+v", all)
	}
	if n := len(roomtest.Ask[app.SurveysToReadAnswer](s.Seat, s.luis, app.SurveysToRead{}).Rows); n != 2 {
		t.Errorf("%d invitations stand, not 2", n)
	}
	for range 3 {
		s.Now = s.Now.Add(20 * time.Hour)
		if s.tick(); len(s.letters()) != 1 {
			t.Fatal("it reminds too early")
		}
	}
	for range 4 {
		s.Now = s.Now.Add(30 * time.Hour)
		s.tick()
	}
	all = s.letters()
	if len(all) != 2 || all[1].To != "maria@andes.example" || !strings.Contains(all[1].Subject, "ainda pode dizer") {
		t.Fatalf("not reminded once: %+v", all)
	}
	first, second := link.FindStringSubmatch(all[0].Text), link.FindStringSubmatch(all[1].Text)
	if first == nil || second == nil || first[1] == second[1] {
		t.Fatalf("no two links: %v %v", first, second)
	}
	form := roomtest.Ask[app.SurveyFormAnswer](s.Seat, t.Context(), app.SurveyForm{Token: second[1]})
	if form.Lang != "pt" || len(form.Questions) != 5 {
		t.Errorf("%+v", form)
	}
	s.Do(t.Context(), app.AnswerSurvey{Token: first[1], Lang: "pt", Replies: good(5)})
	s.Refused(t.Context(), app.Conflict, "answered already", app.AnswerSurvey{Token: second[1], Lang: "pt", Replies: good(1)})
	said := roomtest.Ask[app.SurveyResultsAnswer](s.Seat, s.Owner, app.SurveyResults{Month: "2026-11", By: "way"})
	if !slices.ContainsFunc(said.Rows, func(r app.SurveyCut) bool { return r.Name == "mail" }) {
		t.Errorf("how it was answered: %+v", said.Rows)
	}
}

// Who has answered is not reminded, and nobody is where mail is off.
func TestWhoHasAnsweredIsNotReminded(t *testing.T) {
	s := newSeat(t)
	account := desk.MailAccount{Host: "correo.example", Port: 25, Security: desk.NoSecurity, From: "mesa@andes.example"}
	s.Do(s.Owner, app.SaveMailAccount{Account: account})
	x := survey()
	x.Mail, x.Address, x.Expire = true, "http://mesa:7480/", 10
	s.Do(s.Owner, app.SaveSurvey{Survey: x})
	for _, name := range []string{"a", "b"} {
		s.solved(s.Do(s.Owner, app.SavePerson{Person: desk.Person{Name: name, Email: name + "@andes.example"}}).ID)
	}
	s.Now = s.Now.Add(3 * time.Hour)
	s.tick()
	all := s.letters()
	if len(all) != 2 || !strings.HasPrefix(all[0].Subject, "Su caso ") {
		t.Fatalf("%+v", all)
	}
	s.Do(t.Context(), app.AnswerSurvey{Token: link.FindStringSubmatch(all[0].Text)[1], Lang: "es", Replies: good(5)})
	account.Off = true
	s.Do(s.Owner, app.SaveMailAccount{Account: account})
	s.Now = s.Now.Add(4 * 24 * time.Hour)
	if s.tick(); len(s.letters()) != 2 {
		t.Error("a letter is written though mail is off")
	}
	account.Off = false
	s.Do(s.Owner, app.SaveMailAccount{Account: account})
	s.Now = s.Now.Add(2 * time.Hour)
	if s.tick(); len(s.letters()) != 3 || s.letters()[2].To != all[1].To {
		t.Errorf("%+v", s.letters())
	}
}
