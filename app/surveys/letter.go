package surveys

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"strings"
	"time"

	"punto/app/desk"
	"punto/app/engine"
	"punto/app/mail"
)

// An invitation by mail is a letter with a link, whose token is in the letter alone. It
// is written with the invitation and, where the survey says so, once more some days later.

// phrase is what a letter says in a language.
type phrase struct{ subject, again, text, until, slip string }

var phrases = map[string]phrase{
	"es": {subject: "Su caso %s: ¿cómo lo atendimos?", again: "Su caso %s: todavía puede decirnos cómo lo atendimos",
		text:  "Resolvimos su caso %s, «%s».\n\n¿Cómo lo atendimos? Son %d preguntas; conteste aquí, sin instalar ni ingresar nada:\n\n%s\n\n",
		until: "El enlace sirve una sola vez, hasta el %s, desde la red de la organización.\n", slip: "\n%s\n"},
	"en": {subject: "Your case %s: how did we do?", again: "Your case %s: you can still tell us how we did",
		text:  "We have solved your case %s, “%s”.\n\nHow did we do? There are %d questions; answer them here, with nothing to install and no account:\n\n%s\n\n",
		until: "The link works once, until %s, from the organisation's network.\n", slip: "\n%s\n"},
	"pt": {subject: "Seu caso %s: como foi o atendimento?", again: "Seu caso %s: ainda pode dizer como foi o atendimento",
		text:  "Resolvemos o seu caso %s, “%s”.\n\nComo foi o atendimento? São %d perguntas; responda aqui, sem instalar nem entrar em nada:\n\n%s\n\n",
		until: "O link serve uma única vez, até %s, a partir da rede da organização.\n", slip: "\n%s\n"},
}

var dates = map[string]string{"es": "02/01/2006", "en": "2 January 2006", "pt": "02/01/2006"}

// mails tells whether a survey invites a user by mail, and where.
func mails(n *engine.Names, s desk.Survey, person desk.ID) (string, error) {
	if !s.Mail || s.Address == "" {
		return "", nil
	}
	p, err := engine.Noun[desk.Person](n, desk.PersonType, person)
	if err != nil {
		return "", err
	}
	if can, err := mail.Reaches(n, p.Email); err != nil || !can {
		return "", err
	}
	return p.Email, nil
}

// letterID is the id of the letter of an invitation: the first, or the reminder.
func letterID(p pair, again bool) desk.ID {
	return desk.DerivedID("letter", "invitation", invitation(p.survey, p.kase).String(), fmt.Sprint(again))
}

// newToken is a token and its hash.
func newToken() (token desk.ID, hash []byte) {
	token = desk.ID(engine.RandomBytes(16))
	sum := sha256.Sum256(token[:])
	return token, sum[:]
}

// inviteByMail invites, or reminds, by a letter; false when no letter can be written.
func inviteByMail(o *engine.Op, p pair, c *desk.Case, s desk.Survey, again bool) (bool, error) {
	to, err := mails(o.Names, s, c.Person)
	if err != nil || to == "" {
		return false, err
	}
	contract, err := engine.Noun[desk.Contract](o.Names, desk.ContractType, c.Contract)
	if err != nil {
		return false, err
	}
	zone, err := zoneOf(contract)
	if err != nil {
		return false, err
	}
	first, err := speaks(o.Names, c.Person)
	if err != nil {
		return false, err
	}
	d, err := engine.Noun[desk.Organisation](o.Names, desk.OrganisationType, desk.ID{})
	if err != nil {
		return false, err
	}
	lang := cmp.Or(first, d.Lang)
	say, ok := phrases[lang]
	if !ok {
		lang, say = "es", phrases["es"]
	}
	token, hash := newToken()
	v, err := invited(o, p, c, hash, desk.MailWay)
	if err != nil {
		return false, err
	}
	subject := say.subject
	if again {
		subject = say.again
	}
	text := fmt.Sprintf(say.text, c.Number, c.Subject, len(s.Questions), strings.TrimRight(s.Address, "/")+"/e/"+token.String()) +
		fmt.Sprintf(say.until, time.UnixMilli(v.Of.ExpiresAt).In(zone).Format(dates[lang])) + fmt.Sprintf(say.slip, cmp.Or(contract.Client, d.Name))
	return mail.Write(o, letterID(p, again), desk.Letter{To: to, Subject: fmt.Sprintf(subject, c.Number), Text: text, Lang: lang, Thread: "case " + p.kase.String(),
		About: desk.Entity{Type: desk.CaseType, ID: p.kase}})
}

// forgotten are the invitations by mail whose users are reminded now: not answered, not
// expired, some days old, and never reminded.
func forgotten(n *engine.Names, now int64) (due []pair, err error) {
	for k, err := range n.Reader.Scan(engine.Prefix(ixOpen), engine.Prefix(ixOpen, now), false) {
		if err != nil || len(due) == engine.MaxBatch {
			return due, err
		}
		v, err := read(n.Reader, engine.IDOf(k.Key))
		if err != nil {
			return nil, err
		}
		p := pair{v.Of.Survey, v.Of.Case}
		s, err := engine.Noun[desk.Survey](n, desk.SurveyType, p.survey)
		if err != nil {
			return nil, err
		}
		if s.Remind == 0 || !s.On || now < v.At+int64(s.Remind)*day || v.Of.ExpiresAt <= now {
			continue
		}
		first, err := n.Reader.View(letterEntity(p, false))
		if err != nil {
			return nil, err
		}
		second, err := n.Reader.View(letterEntity(p, true))
		if err != nil {
			return nil, err
		}
		if first != nil && second == nil {
			due = append(due, p)
		}
	}
	return due, nil
}

func letterEntity(p pair, again bool) desk.Entity {
	return desk.Entity{Type: desk.LetterType, ID: letterID(p, again)}
}

// remindOne reminds the user of an invitation that is open still.
func remindOne(o *engine.Op, p pair) error {
	s, c, err := both(o, p)
	if err != nil {
		return err
	}
	v, err := read(o.Tx, invitation(p.survey, p.kase))
	if err != nil || open(&v, o.Now) != nil {
		return err
	}
	_, err = inviteByMail(o, p, c, s, true)
	return err
}
