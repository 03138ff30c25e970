package surveys

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"slices"
	"time"

	"punto/app"
	"punto/app/cases"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/poll"
	"punto/app/promises"
	"punto/app/records"
)

// followRef marks the cases that follow a low score: nobody is asked about them.
const followRef = "survey"

// byToken finds the invitation of a token. A wrong one is told no more than that.
func byToken(r desk.Reader, token string) (id desk.ID, v view, err error) {
	t, bad := desk.ParseID(token)
	if bad == nil && !t.IsZero() {
		sum := sha256.Sum256(t[:])
		var ok bool
		if id, ok, err = engine.First(r, engine.Prefix(ixToken, string(sum[:]))); err != nil {
			return id, v, err
		}
		if ok {
			v, err = read(r, id)
			return id, v, err
		}
	}
	return id, v, app.Fail(app.NotFound, "no survey has this link: look whether it was copied whole")
}

func answerSurvey(o *engine.Op, c app.AnswerSurvey) (app.Receipt, error) {
	id, v, err := byToken(o.Tx, c.Token)
	if err != nil {
		return app.Receipt{}, err
	}
	if c.Way != desk.PageWay && c.Way != desk.SlipWay && c.Way != desk.MailWay {
		c.Way = cmp.Or(v.Of.Way, desk.PageWay)
	}
	o.Session.Agent = desk.ID{} // whoever is signed in here is not who answers
	return answered(o, id, &v, desk.Answered{Way: c.Way, Lang: c.Lang, Replies: c.Replies})
}

func readSurvey(o *engine.Op, c app.ReadSurvey) (app.Receipt, error) {
	p := pair{c.Survey, c.Case}
	k, err := may(o, p)
	if err != nil {
		return app.Receipt{}, err
	}
	if k.SolvedBy == o.Session.Agent && !k.SolvedBy.IsZero() {
		return app.Receipt{}, app.Fail(app.NotAllowed, "who solved a case does not ask about it: somebody else reads the survey of case %s", k.Number)
	}
	v, err := invited(o, p, k, nil, desk.TelephoneWay)
	if err != nil {
		return app.Receipt{}, err
	}
	return answered(o, invitation(p.survey, p.kase), v, desk.Answered{Way: desk.TelephoneWay, Lang: c.Lang, Replies: c.Replies})
}

// answered writes an answer, once, and what follows from a low score.
func answered(o *engine.Op, id desk.ID, v *view, b desk.Answered) (app.Receipt, error) {
	if err := open(v, o.Now); err != nil {
		return app.Receipt{}, err
	}
	s, err := asked(o.Names, v)
	if err != nil {
		return app.Receipt{}, err
	}
	if len(b.Replies) > mostReplies {
		return app.Receipt{}, app.Fail(app.Invalid, desk.MisfitList, "replies", mostReplies)
	}
	if b.Lang != "en" && b.Lang != "pt" {
		b.Lang = "es"
	}
	var why *poll.Problem
	if b.Replies, why = poll.Read(s.Questions, b.Replies, b.Lang); why != nil {
		return app.Receipt{}, refused(why)
	}
	if len(b.Replies) == 0 {
		return app.Receipt{}, app.Fail(app.Invalid, "nothing was answered: answer one question at least")
	}
	if err := o.Emit(desk.SurveyAnswered, entity(id), b); err != nil {
		return app.Receipt{}, err
	}
	r := o.Receipt(id)
	if score, _, _ := poll.Score(s.Questions, b.Replies); score > 0 && score <= s.Follow {
		if err := follow(o, id, v, s, score); err != nil {
			return app.Receipt{}, err
		}
	}
	return r, nil
}

var followSubject = map[string]string{"es": "Llamar por la encuesta de %s: puso %d de 5", "en": "Call back about the survey of %s: scored %d of 5", "pt": "Ligar pela pesquisa de %s: deu nota %d de 5"}

// follow opens the case of a low score. Its id follows from the invitation, so that two
// workstations open one.
func follow(o *engine.Op, id desk.ID, v *view, s desk.Survey, score int) error {
	k, err := cases.Of(o, v.Of.Case)
	if err != nil {
		return err
	}
	d, err := records.Desk(o.Names)
	if err != nil {
		return err
	}
	subject, ok := followSubject[d.Lang]
	if !ok {
		subject = followSubject["es"]
	}
	_, err = cases.Open(o, app.OpenCase{ID: desk.DerivedID("survey follow-up", id.String()), Opened: desk.Opened{Kind: desk.Request, Person: k.Person, Contract: k.Contract,
		Subject: fmt.Sprintf(subject, k.Number, score), Modality: desk.ByWeb, Group: s.Group, Parent: v.Of.Case, Ref: followRef, Lang: k.Lang}})
	return err
}

func askForm(l *engine.Look, q app.SurveyForm) (a app.SurveyFormAnswer, err error) {
	_, v, err := byToken(l.Reader, q.Token)
	if err != nil {
		return a, err
	}
	d, err := records.Desk(l.Names)
	if err != nil {
		return a, err
	}
	k, err := cases.Read(l.Reader, v.Of.Case)
	if err != nil {
		return a, err
	}
	_, contract, err := records.ContractOf(l.Names, k.Case.Contract)
	if err != nil {
		return a, err
	}
	a = app.SurveyFormAnswer{Desk: d.Name, Client: contract.Client, Zone: promises.OrUTC(contract.Zone), Lang: d.Lang, Answered: v.Answer != nil, Expired: l.Now > v.Of.ExpiresAt}
	if lang, err := speaks(l.Names, v.Of.Person); err != nil || lang != "" {
		if err != nil {
			return a, err
		}
		a.Lang = lang
	}
	if a.Answered || a.Expired {
		return a, nil
	}
	s, err := asked(l.Names, &v)
	a.Number, a.Subject, a.SolvedAt, a.ExpiresAt, a.Questions, a.Follow = k.Case.Number, k.Case.Subject, v.Of.SolvedAt, v.Of.ExpiresAt, s.Questions, s.Follow
	return a, err
}

// speaks is the first language of a user that surveys have; "" = none is known.
func speaks(n *engine.Names, person desk.ID) (string, error) {
	p, err := engine.Noun[desk.Person](n, desk.PersonType, person)
	i := slices.IndexFunc(p.Langs, func(l string) bool { return l == "es" || l == "en" || l == "pt" })
	if i < 0 {
		return "", err
	}
	return p.Langs[i], err
}

func askToRead(l *engine.Look, q app.SurveysToRead) (a app.SurveysToReadAnswer, err error) {
	most := min(cmp.Or(max(q.Limit, 0), 100), 1_000)
	for k, err := range l.Reader.Scan(engine.Prefix(ixOpen), engine.Prefix(ixOpen, l.Now), false) {
		if err != nil || len(a.Rows) == most {
			return a, err
		}
		v, err := read(l.Reader, engine.IDOf(k.Key))
		if err != nil {
			return a, err
		}
		c, err := cases.Read(l.Reader, v.Of.Case)
		if err != nil {
			return a, err
		}
		if c.Case.SolvedBy == l.Session.Agent && !c.Case.SolvedBy.IsZero() {
			continue
		}
		s, err := asked(l.Names, &v)
		if err != nil {
			return a, err
		}
		p, err := engine.Noun[desk.Person](l.Names, desk.PersonType, v.Of.Person)
		if err != nil {
			return a, err
		}
		lang, err := speaks(l.Names, v.Of.Person)
		if err != nil {
			return a, err
		}
		row := app.SurveyToRead{Survey: v.Of.Survey, Case: v.Of.Case, Number: c.Case.Number, Subject: c.Case.Subject, Person: p.Name, Phones: p.Phones, Lang: cmp.Or(lang, "es"),
			SolvedAt: v.Of.SolvedAt, ExpiresAt: v.Of.ExpiresAt, Questions: s.Questions, Again: s.Remind > 0 && l.Now >= v.LastAt+int64(s.Remind)*day}
		if p.Extension != "" {
			row.Phones = append([]string{p.Extension}, p.Phones...)
		}
		a.Rows = append(a.Rows, row)
	}
	return a, nil
}

// zoneOf is the zone of a contract.
func zoneOf(k desk.Contract) (*time.Location, error) {
	z, err := time.LoadLocation(promises.OrUTC(k.Zone))
	if err != nil {
		return nil, app.Fail(app.Invalid, "the contract %s has the unknown time zone %q: correct it", k.Code, k.Zone)
	}
	return z, nil
}
