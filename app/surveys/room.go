// Package surveys is the room of surveys: who is asked about a solved case, the tokens by
// which they answer, what they answered and what follows from a low score, and its figures.
package surveys

import (
	"cmp"
	"slices"

	"punto/app"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/poll"
	"punto/app/records"
)

// Room is the capability as the engine takes it.
func Room() engine.Room {
	return engine.Room{Name: "surveys",
		Handles: []engine.Handler{engine.Does(saveSurvey), engine.Does(inviteSurvey), engine.Does(readSurvey), engine.Does(answerSurvey).Public(),
			engine.Asks(askSurveys), engine.Asks(askForm).Public(), engine.Asks(askToRead), engine.Asks(askResults)},
		Views: map[desk.Type]engine.ViewKind{desk.InvitationType: {New: func() engine.View { return &view{} }},
			desk.SurveyType: {New: func() engine.View { return engine.NewRecordView(surveyKeys) }}},
		Duties: []engine.Duty{{Do: invite, Next: engine.EachTurn}}}
}

func surveyKeys(ent desk.Entity, r desk.Record) [][]byte {
	s, _ := desk.As[desk.Survey](r)
	return append(records.ConflictKeys(ent, r), engine.Key(records.IxRecord, ent.ID, ent.Type, records.Folded(s.Name)))
}

// refused is a problem as the desk tells it.
func refused(p *poll.Problem) error { return app.Fail(app.Invalid, p.Form, p.Args...) }

func saveSurvey(o *engine.Op, c app.SaveSurvey) (app.Receipt, error) {
	old, err := engine.Noun[desk.Survey](o.Names, desk.SurveyType, c.ID)
	if err != nil {
		return app.Receipt{}, err
	}
	if p := poll.Check(c.Survey); p != nil {
		return app.Receipt{}, refused(p)
	}
	if c.Survey.Version = old.Version; !slices.EqualFunc(old.Questions, c.Survey.Questions, sameQuestion) {
		c.Survey.Version++
	}
	return records.Save(o, desk.SurveyType, c.ID, c.Survey, func(s desk.Survey) error { return records.Named("survey", s.Name) })
}

func sameQuestion(a, b desk.SurveyQuestion) bool {
	x, err := desk.Encode(a)
	y, other := desk.Encode(b)
	return err == nil && other == nil && string(x) == string(y)
}

func askSurveys(l *engine.Look, _ app.Surveys) (a app.SurveysAnswer, err error) {
	for s, err := range records.Each[desk.Survey](l.Names, desk.SurveyType) {
		if err != nil {
			return a, err
		}
		a.Rows = append(a.Rows, s)
	}
	slices.SortStableFunc(a.Rows, func(x, y app.Named[desk.Survey]) int { return cmp.Compare(x.Of.Name, y.Of.Name) })
	return a, nil
}

// asked is a survey as it was when somebody was invited.
func asked(n *engine.Names, v *view) (desk.Survey, error) {
	r, err := n.RecordAt(desk.SurveyType, v.Of.Survey, v.Of.Version)
	if err != nil {
		return desk.Survey{}, err
	}
	return desk.As[desk.Survey](r)
}
