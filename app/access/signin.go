package access

import (
	"context"
	"crypto/ed25519"
	"errors"
	"strings"

	"punto/app"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/records"
)

// Signing in costs the same whether the name is known or not, and says the same: nobody
// learns who works here.

func setPassword(ctx context.Context, e *engine.Engine, s engine.Session, c app.SetPassword) (app.Receipt, error) {
	id := c.Agent
	if id.IsZero() {
		id = s.Agent
	}
	if id != s.Agent && s.Role != desk.AdministratorRole {
		return app.Receipt{}, app.Fail(app.NotAllowed, "the role %q may not do %q on a %s: ask a supervisor or the administrator", s.Role, desk.RecordPatched, desk.AgentType)
	}
	a, err := agentOf(e, id)
	if err != nil {
		return app.Receipt{}, err
	}
	var secret string
	if c.New == "" && s.Role == desk.AdministratorRole {
		secret = NewPassword()
		c.New = secret
	}
	if err := GoodPassword(c.New); err != nil {
		return app.Receipt{}, err
	}
	var seal []byte
	var right bool
	if s.Role != desk.AdministratorRole || c.Old != "" {
		if seal, right, err = guess(ctx, e, id, a.Login, a.Secret, c.Old); err != nil {
			return app.Receipt{}, err
		}
	}
	if s.Role != desk.AdministratorRole && !right {
		return app.Receipt{}, app.Fail(app.BadPassword, "the present password is not right: try again")
	}
	var private ed25519.PrivateKey
	if right {
		private, err = openKey(a, seal)
	}
	if err == nil {
		err = GivePassword(ctx, e, &a, c.New, private)
	}
	if err != nil {
		return app.Receipt{}, err
	}
	r, err := e.Update(ctx, s, func(o *engine.Op) (app.Receipt, error) { return records.Save(o, desk.AgentType, id, a, nil) })
	if err == nil {
		r.Secret = secret
	}
	return r, err
}

func signIn(ctx context.Context, e *engine.Engine, _ engine.Session, c app.SignIn) (app.Receipt, error) {
	login := strings.ToLower(strings.TrimSpace(c.Login))
	id, a, err := byLogin(e, login)
	if err != nil {
		return app.Receipt{}, err
	}
	seal, ok, err := guess(ctx, e, id, login, a.Secret, c.Password)
	if err != nil {
		return app.Receipt{}, err
	}
	if !ok || a.Gone {
		return app.Receipt{}, app.Fail(app.BadPassword, "the user name or the password is not right: try again")
	}
	if err := signedIn(ctx, e, id, a, c.Password, seal); err != nil && !errors.Is(err, desk.ErrFull) { // who may only read may sign in
		return app.Receipt{}, err
	}
	return app.Receipt{ID: id, Token: e.Begin(id)}, nil
}

// byLogin is the agent who signs in under a name; the zero agent when there is none.
func byLogin(e *engine.Engine, login string) (id desk.ID, a desk.Agent, err error) {
	err = e.Log.Read(func(r desk.Reader) error {
		var ok bool
		var err error
		if id, ok, err = engine.First(r, engine.Prefix(records.IxLogin, login)); err != nil || !ok {
			return err
		}
		a, err = engine.Noun[desk.Agent](engine.NewNames(e, r), desk.AgentType, id)
		return err
	})
	return id, a, err
}

// signedIn has the agent sign that it works here; an agent of a version before
// agents had keys gets one.
func signedIn(ctx context.Context, e *engine.Engine, id desk.ID, a desk.Agent, password string, seal []byte) error {
	private, err := openKey(a, seal)
	if err != nil {
		return err
	}
	if private == nil {
		if err := GivePassword(ctx, e, &a, password, nil); err != nil {
			return err
		}
		_, err := e.Update(ctx, engine.Session{Agent: id, Role: a.Role}, func(o *engine.Op) (app.Receipt, error) { return records.Save(o, desk.AgentType, id, a, nil) })
		if err != nil {
			return err
		}
		if seal, _, err = checkPassword(ctx, e, a.Secret, password); err != nil {
			return err
		}
		if private, err = openKey(a, seal); err != nil {
			return err
		}
	}
	_, err = e.Update(ctx, engine.Session{Agent: id, Role: a.Role}, func(o *engine.Op) (app.Receipt, error) { return app.Receipt{}, present(o, id, private) })
	return err
}

func signOut(ctx context.Context, e *engine.Engine, _ engine.Session, c app.SignOut) (app.Receipt, error) {
	e.End(app.SessionOf(ctx))
	return app.Receipt{}, nil
}
