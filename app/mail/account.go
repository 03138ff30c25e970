package mail

import (
	"cmp"
	"context"
	"encoding/hex"
	"strings"

	"punto/app"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/keyring"
	"punto/app/mail/post"
	"punto/app/records"
)

// account is the desk's account.
func account(n *engine.Names) (desk.MailAccount, error) {
	return engine.Noun[desk.MailAccount](n, desk.MailAccountType, desk.MailAccountID())
}

// Reaches tells whether the desk sends mail, and to that address: rooms write no letters
// where it does not.
func Reaches(n *engine.Names, address string) (bool, error) {
	if _, ok := post.Address(address); !ok {
		return false, nil
	}
	a, err := account(n)
	return a.Host != "" && !a.Off, err
}

func saveAccount(o *engine.Op, c app.SaveMailAccount) (app.Receipt, error) {
	old, err := account(o.Names)
	if err != nil {
		return app.Receipt{}, err
	}
	a := c.Account
	if err := fits(a); err != nil {
		return app.Receipt{}, err
	}
	if a.Secret, a.For = old.Secret, old.For; c.Password != "" {
		if a.Secret, a.For, err = keyring.Seal(o, c.Password); err != nil {
			return app.Receipt{}, err
		}
	}
	if a.User == "" {
		a.Secret, a.For = nil, nil
	} else if len(a.Secret) == 0 {
		return app.Receipt{}, app.About("password", app.Fail(app.Invalid, "the account at the mail server has no password: write it"))
	}
	if a.Node.IsZero() {
		if a.Node, err = records.Coordinator(o.Names); err != nil {
			return app.Receipt{}, err
		}
	}
	return records.Save(o, desk.MailAccountType, desk.MailAccountID(), a, nil)
}

// fits refuses an account by which nothing can be sent.
func fits(a desk.MailAccount) error {
	_, ok := post.Address(a.From)
	switch {
	case a.Host == "" || !hostly(a.Host):
		return app.About("host", app.Fail(app.Invalid, "%q is no name or address of a mail server: write one such as mail.example.org", a.Host))
	case a.Port < 1 || a.Port > 65_535:
		return app.About("port", app.Fail(app.Invalid, "%d is no port: 587 is usual with STARTTLS, 465 with TLS", a.Port))
	case !a.Security.Valid():
		return app.About("security", app.Fail(app.Invalid, "it is not said how the way to the mail server is kept private: choose it"))
	case !ok:
		return app.About("from", app.Fail(app.Invalid, "%q is no address such as mesa@example.org: correct it", a.From))
	case a.User != "" && a.Security == desk.NoSecurity:
		return app.About("user", app.Fail(app.Invalid, "a password is never told in the clear: choose STARTTLS or TLS, or no user"))
	case a.Cert != "" && !hexly(a.Cert):
		return app.About("cert", app.Fail(app.Invalid, "%q is no fingerprint of a certificate: 64 digits, as a try shows it", a.Cert))
	}
	return nil
}

// renew seals the password for workstations that joined.
func renew(ctx context.Context, e *engine.Engine) error {
	return keyring.Renew(ctx, e, func(n *engine.Names) (map[desk.ID]keyring.Kept, error) {
		a, err := account(n)
		return map[desk.ID]keyring.Kept{desk.MailAccountID(): {Sealed: a.Secret, For: a.For}}, err
	}, func(o *engine.Op, id desk.ID, k keyring.Kept) error {
		a, err := account(o.Names)
		if err != nil {
			return err
		}
		a.Secret, a.For = k.Sealed, k.For
		_, err = records.Save(o, desk.MailAccountType, id, a, nil)
		return err
	})
}

func askAccount(l *engine.Look, _ app.MailAccount) (a app.MailAccountAnswer, err error) {
	if a.Of, err = account(l.Names); err != nil {
		return a, err
	}
	me, _ := l.Engine.Log.Signer(l.Engine.Log.Origin())
	a.Password, a.Here = len(a.Of.Secret) > 0, a.Of.Node == me.Node && a.Of.Host != "" && !a.Of.Off
	if a.Password {
		_, err := keyring.Open(l.Engine, a.Of.Secret)
		a.Opens = err == nil
	}
	a.Sender = records.Name(l.Names, desk.NodeType, a.Of.Node)
	engine.StateOf[sending](l.Engine).show(&a)
	for k, err := range l.Reader.Scan(engine.Prefix(ixLetter, int64(desk.LetterWaiting)), nil, false) {
		if err != nil {
			return a, err
		}
		if a.Waiting++; a.Waiting == 1 {
			a.Oldest = engine.InstantAfter(k.Key, 9)
		}
	}
	a.Dead, err = engine.Count(l.Reader, engine.Prefix(ixLetter, int64(desk.LetterDead)), nil, nil)
	return a, err
}

func askTry(ctx context.Context, e *engine.Engine, s engine.Session, q app.TryMail) (a app.TryMailAnswer, err error) {
	if s.Role != desk.AdministratorRole {
		return a, app.Fail(app.NotAllowed, "only an administrator tries the mail server: ask one")
	}
	if err := fits(q.Account); err != nil {
		return a, err
	}
	if _, ok := post.Address(q.To); q.To != "" && !ok {
		return a, app.About("to", app.Fail(app.Invalid, "%q is no address such as ana@example.org: correct it", q.To))
	}
	x := outward(q.Account, q.Password)
	var about string
	err = e.Look(ctx, s, func(l *engine.Look) error {
		old, err := account(l.Names)
		if err == nil && q.Password == "" && q.Account.User != "" {
			if x.Password, err = keyring.Open(e, old.Secret); err != nil {
				return app.About("password", app.Fail(app.Conflict, "the password of the mail account was not sealed for this workstation: write it"))
			}
		}
		o, other := engine.Noun[desk.Organisation](l.Names, desk.OrganisationType, desk.ID{})
		about = o.Name
		return cmp.Or(err, other)
	})
	if err != nil {
		return a, err
	}
	ctx, stop := context.WithTimeout(ctx, patience)
	defer stop()
	var test *post.Letter
	if q.To != "" {
		id := desk.NewID(e.Now().UnixMilli(), [10]byte{})
		test = &post.Letter{ID: id.String(), To: q.To, Subject: "Punto: " + about, Text: "Punto: " + about + "\n", At: e.Now()}
	}
	r := x.Try(ctx, test)
	return app.TryMailAnswer{Steps: r.Steps, Cert: r.Cert, Trusted: r.Trusted}, nil
}

// outward is an account as a server is told of it.
func outward(a desk.MailAccount, password string) post.Account {
	return post.Account{Host: a.Host, Port: a.Port, Security: a.Security, Cert: a.Cert, User: a.User, Password: password, From: a.From, Name: a.Name}
}

// hostly tells whether a text can be the name or address of a server.
func hostly(s string) bool {
	return len(s) <= 253 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:_") == ""
}

func hexly(s string) bool {
	b, err := hex.DecodeString(s)
	return err == nil && len(b) == 32
}
