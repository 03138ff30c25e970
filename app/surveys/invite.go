package surveys

import (
	"cmp"
	"context"
	"sync"
	"time"

	"punto/app"
	"punto/app/cases"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/poll"
	"punto/app/records"
)

const day = int64(24 * time.Hour / time.Millisecond)

// lookBack is how long after its time a case is still found: the desk was off, or the
// case arrived late from another workstation.
const lookBack = 7 * day

// pause is how long the timers wait between two looks.
const pause = time.Minute

// sender is what the duty remembers.
type sender struct {
	mu    sync.Mutex // guards what follows
	last  time.Time
	whole time.Time // when all of lookBack was looked through
	seen  int64     // up to where, without the delay of a survey
}

// invite makes the invitations that have come due, where this workstation leads.
func invite(ctx context.Context, e *engine.Engine) error {
	s := engine.StateOf[sender](e)
	s.mu.Lock()
	defer s.mu.Unlock()
	now := e.Now()
	if !e.Leads() || now.Sub(s.last).Abs() < pause {
		return nil
	}
	from := s.seen - int64(pause/time.Millisecond)
	if now.Sub(s.whole).Abs() >= time.Hour {
		from = now.UnixMilli() - lookBack
	}
	var due, again []pair
	err := e.Log.Read(func(r desk.Reader) (err error) {
		n := engine.NewNames(e, r)
		if due, err = drawn(n, from, now.UnixMilli()); err == nil && from == now.UnixMilli()-lookBack {
			again, err = forgotten(n, now.UnixMilli())
		}
		return err
	})
	if err != nil {
		return err
	}
	if len(due)+len(again) > 0 {
		_, err = e.Update(ctx, engine.AsDesk(), func(o *engine.Op) (app.Receipt, error) {
			for _, p := range due {
				if err := inviteOne(o, p); err != nil {
					return app.Receipt{}, err
				}
			}
			for _, p := range again {
				if err := remindOne(o, p); err != nil {
					return app.Receipt{}, err
				}
			}
			return app.Receipt{}, nil
		})
	}
	if err != nil {
		return err
	}
	if len(due) < engine.MaxBatch { // else there is more
		if from == now.UnixMilli()-lookBack {
			s.whole = now
		}
		s.last, s.seen = now, now.UnixMilli()
	}
	return nil
}

// pair is a survey and a case that it may ask about.
type pair struct{ survey, kase desk.ID }

// drawn are the cases solved so long ago that a survey asks about them now: the delay of
// each ended between two instants.
func drawn(n *engine.Names, from, until int64) (due []pair, err error) {
	for s, err := range records.Each[desk.Survey](n, desk.SurveyType) {
		if err != nil {
			return nil, err
		}
		if !s.Of.On || poll.Check(s.Of) != nil {
			continue
		}
		if due, err = drawnOf(n, due, s, from, until); err != nil {
			return nil, err
		}
	}
	return due, nil
}

// drawnOf adds those of one survey.
func drawnOf(n *engine.Names, due []pair, s app.Named[desk.Survey], from, until int64) ([]pair, error) {
	late := s.Of.Delay * 1000
	end := string(engine.Prefix(cases.IxTurn, until-late+1))
	for k, err := range n.Reader.Scan(engine.Prefix(cases.IxTurn), engine.Prefix(cases.IxTurn, max(0, from-late)), false) {
		if err != nil || string(k.Key) >= end || len(due) >= engine.MaxBatch {
			return due, err
		}
		p := pair{s.ID, engine.IDOf(k.Key)}
		if b, err := n.Reader.View(entity(invitation(p.survey, p.kase))); err != nil || b != nil {
			if err != nil {
				return nil, err
			}
			continue
		}
		v, err := cases.Read(n.Reader, p.kase)
		if err != nil {
			return nil, err
		}
		why, err := excluded(n, s.Of, p, &v.Case, until)
		if err != nil {
			return nil, err
		}
		if why == nil {
			due = append(due, p)
		}
	}
	return due, nil
}

// excluded tells why a survey does not ask about a case; nil when it does.
func excluded(n *engine.Names, s desk.Survey, p pair, c *desk.Case, now int64) (why, err error) {
	switch {
	case c.Status != desk.Resolved && c.Status != desk.Closed || c.ResolvedAt == 0:
		return app.Fail(app.Conflict, "the case %s is not solved: its user is asked once it is", c.Number), nil
	case c.ResolvedAt+s.Delay*1000 > now, !poll.Drawn(s, p.survey, p.kase, c.Number):
		return app.Fail(app.Conflict, "the survey does not ask about the case %s: it was not drawn", c.Number), nil
	}
	return barred(n, s, c, now)
}

// barred tells why nobody may be asked about a case, drawn or not: it is nobody's, of
// another contract, of a category that is left out, a follow-up of a survey, of somebody
// of the desk, or of somebody who was asked a short while ago.
func barred(n *engine.Names, s desk.Survey, c *desk.Case, now int64) (why, err error) {
	out := app.Fail(app.Conflict, "the survey leaves out the case %s", c.Number)
	if c.Person.IsZero() || !s.Contract.IsZero() && s.Contract != c.Contract || c.Ref == followRef {
		return out, nil
	}
	for _, x := range s.Except {
		if x == c.Category {
			return out, nil
		}
	}
	p, err := engine.Noun[desk.Person](n, desk.PersonType, c.Person)
	if err != nil {
		return nil, err
	}
	if own, err := staff(n, p); err != nil || own || p.Gone {
		return out, err
	}
	if s.PersonDay > 0 {
		since := engine.Prefix(ixPerson, c.Person, max(0, now-int64(s.PersonDay)*day))
		for _, err := range n.Reader.Scan(engine.Prefix(ixPerson, c.Person), since, false) {
			return app.Fail(app.Conflict, "the user of the case %s was asked less than %d days ago", c.Number, s.PersonDay), err
		}
	}
	return nil, nil
}

// staff tells whether a user is an agent of the desk: nobody rates oneself.
func staff(n *engine.Names, p desk.Person) (bool, error) {
	names, err := engine.Kept(n, "names of agents", func() (map[string]bool, error) {
		names := map[string]bool{}
		for a, err := range records.Each[desk.Agent](n, desk.AgentType) {
			if err != nil {
				return nil, err
			}
			names[records.Folded(a.Of.Name)] = true
		}
		return names, nil
	})
	return names[records.Folded(p.Name)], err
}

// both are the survey and the case of a pair.
func both(o *engine.Op, p pair) (s desk.Survey, c *desk.Case, err error) {
	if s, err = engine.Noun[desk.Survey](o.Names, desk.SurveyType, p.survey); err == nil {
		c, err = cases.Of(o, p.kase)
	}
	return s, c, err
}

// inviteOne makes an invitation that is still due: by mail, or else without a token yet.
func inviteOne(o *engine.Op, p pair) error {
	s, c, err := both(o, p)
	if err != nil {
		return err
	}
	if why, err := excluded(o.Names, s, p, c, o.Now); err != nil || why != nil {
		return err
	}
	for ent, v := range o.Views() { // those of this command are in no index yet
		if w, ok := v.(*view); ok && ent.ID != invitation(p.survey, p.kase) && w.Of.Person == c.Person && s.PersonDay > 0 {
			return nil
		}
	}
	sent, err := inviteByMail(o, p, c, s, false)
	if err == nil && !sent {
		_, err = invited(o, p, c, nil, desk.NoWay)
	}
	return err
}

// invited is the invitation of a pair, made when there is none; a hash is that of another
// token.
func invited(o *engine.Op, p pair, c *desk.Case, hash []byte, way desk.SurveyWay) (*view, error) {
	ent := entity(invitation(p.survey, p.kase))
	t, err := o.Open(ent)
	if err != nil {
		return nil, err
	}
	v := t.Current().(*view)
	r, err := o.Record(desk.SurveyType, p.survey)
	if err != nil {
		return nil, err
	}
	s, err := desk.As[desk.Survey](r)
	if err != nil {
		return nil, err
	}
	b := v.Of
	if b.Case.IsZero() {
		b = desk.Invited{Survey: p.survey, Version: r.Head, Case: p.kase, Person: c.Person, SolvedAt: c.ResolvedAt, ExpiresAt: desk.ClampAt(o.Now + int64(cmp.Or(s.Expire, 7))*day)}
	} else if hash == nil {
		return v, nil
	}
	b.Hash, b.Way = hash, way
	if err := o.Emit(desk.SurveyInvited, ent, b); err != nil {
		return nil, err
	}
	return o.Touched[ent].Current().(*view), nil
}

func inviteSurvey(o *engine.Op, c app.InviteSurvey) (app.Receipt, error) {
	p := pair{c.Survey, c.Case}
	k, err := may(o, p)
	if err != nil {
		return app.Receipt{}, err
	}
	if c.Way != desk.PageWay && c.Way != desk.SlipWay && c.Way != desk.MailWay {
		return app.Receipt{}, app.Fail(app.Invalid, desk.MisfitNumber, "way")
	}
	token, hash := newToken()
	v, err := invited(o, p, k, hash, c.Way)
	if err != nil {
		return app.Receipt{}, err
	}
	if err := open(v, o.Now); err != nil {
		return app.Receipt{}, err
	}
	if len(v.Hashes) == mostTokens && string(v.Hashes[mostTokens-1]) != string(hash) {
		return app.Receipt{}, app.Fail(app.Conflict, "this user was given %d links already: one of them has to do", mostTokens)
	}
	r := o.Receipt(invitation(p.survey, p.kase))
	r.Secret = token.String()
	return r, nil
}

// may gives the case of an invitation that an agent makes or reads: drawn or not, but
// nobody whom the survey leaves out, unless the desk has invited already.
func may(o *engine.Op, p pair) (*desk.Case, error) {
	s, k, err := both(o, p)
	if err != nil {
		return nil, err
	}
	v, err := read(o.Tx, invitation(p.survey, p.kase))
	if err != nil || !v.Of.Case.IsZero() {
		return k, err
	}
	if s.Name == "" || !s.On {
		return nil, app.Fail(app.NotFound, "there is no such survey, or it is off")
	}
	if k.Status != desk.Resolved && k.Status != desk.Closed {
		return nil, app.Fail(app.Conflict, "the case %s is not solved: its user is asked once it is", k.Number)
	}
	why, err := barred(o.Names, s, k, o.Now)
	return k, cmp.Or(err, why)
}

// open refuses what is answered or over.
func open(v *view, now int64) error {
	switch {
	case v.Answer != nil:
		return app.Fail(app.Conflict, "this survey was answered already: each invitation serves once")
	case now > v.Of.ExpiresAt:
		return app.Fail(app.Conflict, "this invitation has expired")
	}
	return nil
}
