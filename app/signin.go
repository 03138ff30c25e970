package app

import (
	"context"
	"crypto/ed25519"
	"errors"
	"strings"

	"punto/app/desk"
)

func (c SetPassword) do(o *op) (Receipt, error) { return Receipt{}, errAlone }

var errAlone = fail(Internal, "this command runs by itself")

func (c SetPassword) doAlone(ctx context.Context, e *Engine, s session) (Receipt, error) {
	id := c.Agent
	if id.IsZero() {
		id = s.agent
	}
	if id != s.agent && s.role != desk.AdministratorRole {
		return Receipt{}, fail(NotAllowed, "the role %q may not do %q on a %s: ask a supervisor or the administrator", s.role, desk.RecordPatched, desk.AgentType)
	}
	a, err := e.agent(id)
	if err != nil {
		return Receipt{}, err
	}
	if err := goodPassword(c.New); err != nil {
		return Receipt{}, err
	}
	var seal []byte
	var right bool
	if s.role != desk.AdministratorRole || c.Old != "" {
		if seal, right, err = e.guess(ctx, id, a.Login, a.Secret, c.Old); err != nil {
			return Receipt{}, err
		}
	}
	if s.role != desk.AdministratorRole && !right {
		return Receipt{}, fail(BadPassword, "the present password is not right: try again")
	}
	var private ed25519.PrivateKey
	if right {
		private, err = openKey(a, seal)
	}
	if err == nil {
		err = e.setPassword(ctx, &a, c.New, private)
	}
	if err != nil {
		return Receipt{}, err
	}
	return e.update(ctx, s, func(o *op) (Receipt, error) { return save(o, desk.AgentType, id, a, nil) })
}

func (c SignIn) do(*op) (Receipt, error)  { return Receipt{}, errAlone }
func (c SignOut) do(*op) (Receipt, error) { return Receipt{}, errAlone }

func (c SignIn) doAlone(ctx context.Context, e *Engine, _ session) (Receipt, error) {
	login := strings.ToLower(strings.TrimSpace(c.Login))
	id, a, err := e.byLogin(login)
	if err != nil {
		return Receipt{}, err
	}
	seal, ok, err := e.guess(ctx, id, login, a.Secret, c.Password)
	if err != nil {
		return Receipt{}, err
	}
	if !ok || a.Gone {
		return Receipt{}, fail(BadPassword, "the user name or the password is not right: try again")
	}
	if err := e.signedIn(ctx, id, a, c.Password, seal); err != nil && !errors.Is(err, desk.ErrFull) { // who may only read may sign in
		return Receipt{}, err
	}
	token := newToken()
	e.mu.Lock()
	e.sessions[token] = session{agent: id, role: a.Role, since: e.now()}
	e.mu.Unlock()
	e.present()
	return Receipt{ID: id, Token: token}, nil
}

// byLogin is the agent who signs in under a name; the zero agent when there is none.
func (e *Engine) byLogin(login string) (id desk.ID, a desk.Agent, err error) {
	err = e.log.Read(func(r desk.Reader) error {
		var ok bool
		var err error
		if id, ok, err = first(r, prefix(ixLogin, login)); err != nil || !ok {
			return err
		}
		a, err = noun[desk.Agent](newNames(e, r), desk.AgentType, id)
		return err
	})
	return id, a, err
}

// signedIn has the agent sign that it works here; an agent of a version before
// agents had keys gets one.
func (e *Engine) signedIn(ctx context.Context, id desk.ID, a desk.Agent, password string, seal []byte) error {
	private, err := openKey(a, seal)
	if err != nil {
		return err
	}
	if private == nil {
		if err := e.setPassword(ctx, &a, password, nil); err != nil {
			return err
		}
		_, err := e.update(ctx, session{agent: id, role: a.Role}, func(o *op) (Receipt, error) { return save(o, desk.AgentType, id, a, nil) })
		if err != nil {
			return err
		}
		if seal, _, err = e.checkPassword(ctx, a.Secret, password); err != nil {
			return err
		}
		if private, err = openKey(a, seal); err != nil {
			return err
		}
	}
	_, err = e.update(ctx, session{agent: id, role: a.Role}, func(o *op) (Receipt, error) { return Receipt{}, o.present(id, private) })
	return err
}

func (c SignOut) doAlone(ctx context.Context, e *Engine, _ session) (Receipt, error) {
	e.mu.Lock()
	if t := SessionOf(ctx); t != e.owner {
		delete(e.sessions, t)
	}
	e.mu.Unlock()
	e.present()
	return Receipt{}, nil
}
