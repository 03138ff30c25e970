package mail

import (
	"punto/app"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/records"
)

func letterKeys(ent desk.Entity, r desk.Record) [][]byte {
	l, _ := desk.As[desk.Letter](r)
	keys := append(records.ConflictKeys(ent, r), engine.Key(ixWritten, ent.ID, l.WriteAt), engine.Key(ixLetter, ent.ID, int64(l.State), l.WriteAt))
	if l.State == desk.LetterWaiting {
		keys = append(keys, engine.Key(ixWaiting, ent.ID, l.NextAt))
	}
	return keys
}

// Write has a letter sent, once: whoever writes one of the same id writes nothing. It
// tells whether it was written; it is not where no mail is sent, or the address is none.
// State and what follows of the letter are the room's.
func Write(o *engine.Op, id desk.ID, l desk.Letter) (bool, error) {
	if can, err := Reaches(o.Names, l.To); err != nil || !can {
		return false, err
	}
	ent := desk.Entity{Type: desk.LetterType, ID: id}
	if t, err := o.Open(ent); err != nil || t.Held() {
		return false, err
	}
	l.State, l.Tries, l.WriteAt, l.SentAt, l.Reply, l.Node = desk.LetterWaiting, 0, o.Now, 0, "", desk.ID{}
	_, err := records.Save(o, desk.LetterType, id, l, nil)
	return err == nil, err
}

// letter reads one for a command that changes what becomes of it.
func letter(o *engine.Op, id desk.ID) (desk.Letter, error) {
	if !looksAfter(o.Session.Role) {
		return desk.Letter{}, app.Fail(app.NotAllowed, "only a supervisor, an analyst or an administrator looks after the mail: ask one")
	}
	l, err := engine.Noun[desk.Letter](o.Names, desk.LetterType, id)
	if err == nil && l.To == "" {
		err = app.Fail(app.NotFound, "there is no such letter: look at the list again")
	}
	return l, err
}

func looksAfter(r desk.Role) bool {
	return r == desk.SupervisorRole || r == desk.AnalystRole || r == desk.AdministratorRole
}

func sendAgain(o *engine.Op, c app.SendAgain) (app.Receipt, error) {
	l, err := letter(o, c.ID)
	if err != nil {
		return app.Receipt{}, err
	}
	if l.State == desk.LetterSent {
		return app.Receipt{}, app.Fail(app.Conflict, "the letter to %s was sent already", l.To)
	}
	l.State, l.NextAt, l.WriteAt = desk.LetterWaiting, o.Now, o.Now
	return records.Save(o, desk.LetterType, c.ID, l, nil)
}

func dropLetter(o *engine.Op, c app.DropLetter) (app.Receipt, error) {
	l, err := letter(o, c.ID)
	if err != nil {
		return app.Receipt{}, err
	}
	if l.State == desk.LetterSent {
		return app.Receipt{}, app.Fail(app.Conflict, "the letter to %s was sent already", l.To)
	}
	l.State = desk.LetterDropped
	return records.Save(o, desk.LetterType, c.ID, l, nil)
}

func askLetters(l *engine.Look, q app.Letters) (a app.LettersAnswer, err error) {
	if !looksAfter(l.Session.Role) {
		return a, app.Fail(app.NotAllowed, "only a supervisor, an analyst or an administrator looks after the mail: ask one")
	}
	p := engine.Prefix(ixWritten)
	if q.State != "" {
		s, ok := desk.ParseLetterState(q.State)
		if !ok {
			return a, app.Fail(app.Invalid, "%q is no state of a letter: there are waiting, sent, dead and dropped", q.State)
		}
		p = engine.Prefix(ixLetter, int64(s))
	}
	a.Next, err = engine.Page(l.Reader, p, q.After, true, q.Limit, 50, func(id desk.ID) (any, error) {
		x, err := engine.Noun[desk.Letter](l.Names, desk.LetterType, id)
		if err != nil {
			return nil, err
		}
		a.Rows = append(a.Rows, app.Named[desk.Letter]{ID: id, Of: x})
		return x, nil
	})
	return a, err
}
