package app

import (
	"punto/app/desk"
	"punto/app/tally"
)

// SaveSurvey makes or changes a survey; what it asks from then on is its next version.
type SaveSurvey struct {
	ID     desk.ID
	Survey desk.Survey
}

// InviteSurvey invites the user of a solved case with a link, whose token is the
// receipt's Secret: it is told once, and only its hash is kept. An invitation that
// stands gets another token; the older ones hold too.
type InviteSurvey struct {
	Survey, Case desk.ID
	Way          desk.SurveyWay // page, slip or mail
}

// ReadSurvey answers for a user to whom the signed-in agent has read the questions. Who
// solved a case does not ask about it.
type ReadSurvey struct {
	Survey, Case desk.ID
	Lang         string
	Replies      []desk.Reply
}

// AnswerSurvey answers by a token, with nobody signed in.
type AnswerSurvey struct {
	Token   string
	Way     desk.SurveyWay // zero = as it was invited
	Lang    string
	Replies []desk.Reply
}

// Surveys lists the surveys.
type Surveys struct{}

// SurveysAnswer answers Surveys.
type SurveysAnswer struct{ Rows []Named[desk.Survey] }

// SurveyForm is what stands behind a token, for whoever has it.
type SurveyForm struct{ Token string }

// SurveyFormAnswer answers SurveyForm. Once it was answered or has expired there are no
// questions, and nothing of the case.
type SurveyFormAnswer struct {
	Desk, Client  string
	Number        desk.Number
	Subject, Lang string
	Zone          string
	SolvedAt      int64
	ExpiresAt     int64
	Answered      bool
	Expired       bool
	Questions     []desk.SurveyQuestion
	Follow        int // a score up to it is followed
}

// SurveysToRead are the invitations that an agent may read by telephone: open, not
// answered, of cases that the agent did not solve; the oldest first.
type SurveysToRead struct{ Limit int } // 0 = 100

// SurveysToReadAnswer answers SurveysToRead.
type SurveysToReadAnswer struct{ Rows []SurveyToRead }

// SurveyToRead is one invitation. Again: the day of its reminder has come.
type SurveyToRead struct {
	Survey, Case desk.ID
	Number       desk.Number
	Subject      string
	Person       string
	Phones       []string
	Lang         string // the user's first
	SolvedAt     int64
	ExpiresAt    int64
	Again        bool
	Questions    []desk.SurveyQuestion
}

// SurveyResults sums the invitations about cases that were solved in a month, in all or
// by a cut of the cases: group, agent, category, priority, site, area, modality, kind, way
// or lang.
type SurveyResults struct {
	Month    string  // "2026-10"
	Contract desk.ID // zero = the first
	Survey   desk.ID // zero = all
	By       string  // "" = in all
}

// SurveyResultsAnswer answers SurveyResults.
type SurveyResultsAnswer struct {
	Whole []tally.Figure // response_rate, csat, csat_mean, nps
	Rows  []SurveyCut    // those with most invitations first
	Said  []Verbatim     // newest first, 200 at most
}

// SurveyCut is one part of a cut.
type SurveyCut struct {
	Name    string
	Figures []tally.Figure
}

// Verbatim is what a user wrote. Nobody's name is with it.
type Verbatim struct {
	At       int64
	Survey   string
	Question string
	Text     string
	Score    int // 0 = none
	Way      desk.SurveyWay
}

var _ = crosses(SaveSurvey{}, InviteSurvey{}, ReadSurvey{}, AnswerSurvey{}, Surveys{}, SurveyForm{}, SurveysToRead{}, SurveyResults{})

func (SaveSurvey) command()   {}
func (InviteSurvey) command() {}
func (ReadSurvey) command()   {}
func (AnswerSurvey) command() {}

func (Surveys) answer() Answer       { return SurveysAnswer{} }
func (SurveyForm) answer() Answer    { return SurveyFormAnswer{} }
func (SurveysToRead) answer() Answer { return SurveysToReadAnswer{} }
func (SurveyResults) answer() Answer { return SurveyResultsAnswer{} }
