package access

import (
	"context"
	"strings"

	"punto/app"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/records"
)

// An agent is a record with a secret: it is saved here, where secrets are made.

// SaveAgent saves the agent; the password, when one is given, was hashed by doAlone.
func SaveAgent(o *engine.Op, c app.SaveAgent) (app.Receipt, error) {
	at, err := o.Open(desk.Entity{Type: desk.AgentType, ID: c.ID})
	if err != nil {
		return app.Receipt{}, err
	}
	if c.Agent.Secret == nil && !c.ID.IsZero() {
		old, err := desk.As[desk.Agent](at.Current().(*engine.RecordView).Record)
		if err != nil {
			return app.Receipt{}, err
		}
		c.Agent.Secret, c.Agent.Key, c.Agent.Sealed = old.Secret, old.Key, old.Sealed
	}
	login := strings.ToLower(strings.TrimSpace(c.Agent.Login))
	if login == "" && c.Agent.Secret != nil {
		return app.Receipt{}, app.Fail(app.Invalid, "the agent has no user name to sign in with: write it")
	}
	if id, taken, err := engine.First(o.Tx, engine.Prefix(records.IxLogin, login)); err != nil {
		return app.Receipt{}, err
	} else if login != "" && taken && id != c.ID {
		return app.Receipt{}, app.Fail(app.Conflict, "the user name %q is already that of another agent: choose another", login)
	}
	c.Agent.Login = login
	return records.Save(o, desk.AgentType, c.ID, c.Agent, func(a desk.Agent) error { return records.Named("agent", a.Name) })
}

func saveAgentAlone(ctx context.Context, e *engine.Engine, s engine.Session, c app.SaveAgent) (app.Receipt, error) {
	var secret string
	if c.Password == "" && c.ID.IsZero() && c.Agent.Login != "" {
		secret = NewPassword()
		c.Password = secret
	}
	if c.Password != "" {
		if err := GoodPassword(c.Password); err != nil {
			return app.Receipt{}, err
		}
		if err := GivePassword(ctx, e, &c.Agent, c.Password, nil); err != nil {
			return app.Receipt{}, err
		}
	}
	r, err := e.Update(ctx, s, func(o *engine.Op) (app.Receipt, error) { return SaveAgent(o, c) })
	if err == nil {
		r.Secret = secret
	}
	return r, err
}

// GoodPassword refuses a password that is too short.
func GoodPassword(p string) error {
	if len([]rune(p)) < 8 {
		return app.About("password", app.Fail(app.Invalid, "the password is shorter than 8 characters: choose a longer one"))
	}
	return nil
}

func agentOf(e *engine.Engine, id desk.ID) (a desk.Agent, err error) {
	err = e.Log.Read(func(r desk.Reader) error {
		a, err = engine.Noun[desk.Agent](engine.NewNames(e, r), desk.AgentType, id)
		return err
	})
	if err == nil && a.Name == "" {
		err = app.Fail(app.NotFound, "there is no such agent")
	}
	return a, err
}

// NewPassword is 60 bits in letters that nobody mistakes for others.
func NewPassword() string {
	const letters = "abcdefghjkmnpqrstvwxyz23456789ABC" // 32 letters used
	var b strings.Builder
	for i, x := range engine.RandomBytes(12) {
		if i > 0 && i%4 == 0 {
			b.WriteByte('-')
		}
		b.WriteByte(letters[x%32])
	}
	return b.String()
}
