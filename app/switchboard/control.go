package switchboard

import (
	"cmp"
	"context"
	"errors"
	"strings"
	"time"

	"punto/app"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/keyring"
	"punto/app/records"
	"punto/app/switchboard/link"
)

// patience is how long an exchange may take for a try or something that it is asked.
const patience = 25 * time.Second

func askTry(ctx context.Context, e *engine.Engine, s engine.Session, q app.TrySwitchboard) (a app.TrySwitchboardAnswer, err error) {
	if s.Role != desk.AdministratorRole {
		return a, app.Fail(app.NotAllowed, "only an administrator tries links to exchanges: ask one")
	}
	if err := fits(q.Switchboard); err != nil {
		return a, err
	}
	if q.Switchboard.Kind != desk.AsteriskAMI {
		return a, app.Fail(app.Invalid, "only a link to a manager interface can be tried: save the others and look at what they do")
	}
	word := q.Password
	if word == "" {
		if word, err = password(ctx, e, q.ID); err != nil {
			return a, err
		}
	}
	ctx, stop := context.WithTimeout(ctx, patience)
	defer stop()
	r := AMI(q.Switchboard, word).Try(ctx)
	return app.TrySwitchboardAnswer{Steps: r.Steps, Cert: r.Cert, Trusted: r.Trusted, Version: r.Version, Queues: r.Queues, Agents: r.Agents, Ahead: r.Ahead}, nil
}

// one reads a link.
func one(ctx context.Context, e *engine.Engine, id desk.ID) (s desk.Switchboard, err error) {
	err = e.Look(ctx, engine.AsDesk(), func(l *engine.Look) (err error) {
		s, err = engine.Noun[desk.Switchboard](l.Names, desk.SwitchboardType, id)
		return err
	})
	if err == nil && s.Name == "" {
		err = app.Fail(app.NotFound, "there is no such link to an exchange: look at the list again")
	}
	return s, err
}

// password opens that of a link.
func password(ctx context.Context, e *engine.Engine, id desk.ID) (string, error) {
	s, err := one(ctx, e, id)
	if err != nil {
		return "", err
	}
	word, err := keyring.Open(e, s.Secret)
	if err != nil {
		return "", app.Fail(app.Conflict, "the password of the exchange was not sealed for this workstation: an administrator writes it again")
	}
	return word, nil
}

// control has the exchange do something for the signed-in agent, from this workstation.
func control(ctx context.Context, e *engine.Engine, s engine.Session, c app.ControlSwitchboard) (app.Receipt, error) {
	if s.Role != desk.AgentRole && s.Role != desk.TechnicianRole && s.Role != desk.SupervisorRole || s.Agent.IsZero() {
		return app.Receipt{}, app.Fail(app.NotAllowed, "only who works at the telephone has the exchange do something: sign in as an agent")
	}
	of, err := one(ctx, e, c.ID)
	if err != nil {
		return app.Receipt{}, err
	}
	var me desk.Agent
	if err := e.Look(ctx, s, func(l *engine.Look) (err error) {
		me, err = engine.Noun[desk.Agent](l.Names, desk.AgentType, s.Agent)
		return err
	}); err != nil {
		return app.Receipt{}, err
	}
	number := dialled(c.Number)
	switch {
	case of.Kind != desk.AsteriskAMI || of.Off:
		return app.Receipt{}, app.Fail(app.Conflict, "the link to the exchange %q is off, or can only listen", of.Name)
	case c.Do != "pause" && c.Do != "unpause" && c.Do != "dial":
		return app.Receipt{}, app.Fail(app.Invalid, "%q is nothing that an exchange does: there are pause, unpause and dial", c.Do)
	case c.Do == "dial" && !of.Dials:
		return app.Receipt{}, app.Fail(app.NotAllowed, "the link to the exchange %q does not dial: an administrator allows it", of.Name)
	case c.Do == "dial" && number == "":
		return app.Receipt{}, app.About("number", app.Fail(app.Invalid, "%q is no number to call", c.Number))
	}
	word, err := password(ctx, e, c.ID)
	if err != nil {
		return app.Receipt{}, err
	}
	x := link.Control{Do: c.Do, Agent: func(name string) bool { return records.Means(name, me) }, Reason: c.Reason, Number: number, Context: cmp.Or(of.Context, "from-internal")}
	if me.Extension != "" && strings.Trim(me.Extension, letters) == "" {
		x.Phone = cmp.Or(of.Tech, "PJSIP") + "/" + me.Extension
	}
	ctx, stop := context.WithTimeout(ctx, patience)
	defer stop()
	if err := AMI(of, word).Do(ctx, x); err != nil {
		var no *link.Refused
		if errors.As(err, &no) || errors.Is(err, link.ErrNoAgent) {
			return app.Receipt{}, app.Fail(app.Conflict, "the exchange %q did not do it: %v", of.Name, err)
		}
		return app.Receipt{}, app.Fail(app.Unavailable, "the exchange %q cannot be asked: %v", of.Name, err)
	}
	return app.Receipt{ID: c.ID}, nil
}

// dialled is a number as it is dialled: digits, with * and #, and a + before; "" for
// anything else.
func dialled(text string) string {
	s := strings.Map(func(r rune) rune {
		if strings.ContainsRune(" -().", r) {
			return -1
		}
		return r
	}, text)
	if s == "" || len(s) > 32 || strings.Trim(strings.TrimPrefix(s, "+"), "0123456789*#") != "" || s == "+" {
		return ""
	}
	return s
}
