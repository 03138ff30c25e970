package problems

import (
	"cmp"
	"fmt"
	"strings"

	"punto/app"
	"punto/app/cases"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/mail"
	"punto/app/records"
	"punto/app/rights"
)

// One text is told to the users of many cases: on each case, and by mail to each user once.

// subjects are what such a letter is about, by language: the number of the case and what
// it is about.
var subjects = map[string]string{"es": "Caso %s: %s", "en": "Case %s: %s", "pt": "Caso %s: %s"}

func tellCases(o *engine.Op, c app.TellCases) (app.Receipt, error) {
	if c.Case.IsZero() == c.Problem.IsZero() {
		return app.Receipt{}, app.Fail(app.Invalid, "say of which case or of which problem the users are told")
	}
	if strings.TrimSpace(c.Text) == "" {
		return app.Receipt{}, app.Fail(app.Invalid, "there is nothing to tell: write it first")
	}
	var ids []desk.ID
	r := app.Receipt{ID: c.Problem, Reached: &app.Reached{}}
	if c.Case.IsZero() {
		if _, err := of(o.Names, c.Problem); err != nil {
			return app.Receipt{}, err
		}
		open, err := openOf(o, c.Problem)
		if err != nil {
			return app.Receipt{}, err
		}
		ids = open
	} else {
		if _, err := cases.Of(o, c.Case); err != nil {
			return app.Receipt{}, err
		}
		under, err := cases.Children(o, c.Case)
		if err != nil {
			return app.Receipt{}, err
		}
		r.ID, ids = c.Case, append([]desk.ID{c.Case}, under...)
	}
	if len(ids) > app.MaxLinked {
		ids, r.More = ids[:app.MaxLinked], ids[app.MaxLinked:]
	}
	return r, tell(o, r.Reached, ids, c.Text, c.Mail)
}

// tell writes a public note on each case and, if it is asked for, a letter to each user.
func tell(o *engine.Op, n *app.Reached, ids []desk.ID, text string, byMail bool) error {
	if byMail && !rights.May(o.Session.Role, desk.RecordPatched, desk.LetterType) {
		return app.Fail(app.NotAllowed, "only a supervisor tells many users by mail: tell them on their cases, or ask one")
	}
	told := map[desk.ID]bool{}
	for _, id := range ids {
		c, err := cases.Of(o, id)
		if err != nil {
			return err
		}
		if err := o.Emit(desk.CaseNoted, cases.Entity(id), desk.Said{Text: text, Public: true}); err != nil {
			return err
		}
		n.Told++
		if !byMail || c.Person.IsZero() || told[c.Person] {
			continue
		}
		told[c.Person] = true
		wrote, err := letter(o, id, c, text)
		if err != nil {
			return err
		}
		if wrote {
			n.Mailed++
		}
	}
	return nil
}

// letter tells the user of a case by mail; false when there is no address, or it is told.
func letter(o *engine.Op, id desk.ID, c *desk.Case, text string) (bool, error) {
	p, err := engine.Noun[desk.Person](o.Names, desk.PersonType, c.Person)
	if err != nil || p.Gone {
		return false, err
	}
	d, err := records.Desk(o.Names)
	if err != nil {
		return false, err
	}
	lang := d.Lang
	if len(p.Langs) > 0 {
		lang = p.Langs[0]
	}
	if subjects[lang] == "" {
		lang = "es"
	}
	return mail.Write(o, desk.DerivedID("letter", "told", id.String(), text), desk.Letter{To: p.Email, Subject: engine.Begins(fmt.Sprintf(subjects[lang], c.Number, c.Subject), desk.MaxLine),
		Text: text + "\n\n" + cmp.Or(d.Name, "Punto") + "\n", Lang: lang, Thread: "case " + id.String(), About: cases.Entity(id)})
}
