package switchboard

import (
	"context"
	"crypto/rand"
	"net"
	"path/filepath"
	"strings"

	"punto/app"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/keyring"
	"punto/app/phone"
	"punto/app/phone/smdr"
	"punto/app/records"
)

func saveSwitchboard(o *engine.Op, c app.SaveSwitchboard) (app.Receipt, error) {
	old, err := engine.Noun[desk.Switchboard](o.Names, desk.SwitchboardType, c.ID)
	if err != nil {
		return app.Receipt{}, err
	}
	s := c.Switchboard
	if err := fits(s); err != nil {
		return app.Receipt{}, err
	}
	if err := ownFits(o.Names, s); err != nil {
		return app.Receipt{}, err
	}
	if s.Kind == desk.BuiltIn && len(old.Secret) == 0 {
		c.Password = rand.Text() // of which the telephones' follow
	}
	if s.Secret, s.For = old.Secret, old.For; c.Password != "" {
		if s.Secret, s.For, err = keyring.Seal(o, c.Password); err != nil {
			return app.Receipt{}, err
		}
	}
	if s.Kind == desk.AsteriskAMI && len(s.Secret) == 0 {
		return app.Receipt{}, app.About("password", app.Fail(app.Invalid, "the account of the exchange has no password: write it"))
	}
	if s.Node.IsZero() && s.Kind != desk.AsteriskAMI && s.Kind != desk.SMDRDial {
		s.Node = o.Me() // a file or a port is one workstation's
	}
	for x, err := range each(o.Names) {
		if err != nil {
			return app.Receipt{}, err
		}
		if x.ID != c.ID && x.Of.Name == s.Name && x.Of.Kind == s.Kind {
			return app.Receipt{}, app.About("name", app.Fail(app.Conflict, "there is a link of that kind to the exchange %q already: change that one", s.Name))
		}
	}
	return records.Save(o, desk.SwitchboardType, c.ID, s, nil)
}

// fits refuses a link that cannot work.
func fits(s desk.Switchboard) error {
	if err := records.Named("exchange", s.Name); err != nil {
		return app.About("name", err)
	}
	if len(s.Name) > phone.MaxID {
		return app.About("name", app.Fail(app.Invalid, "the name of the exchange is longer than %d bytes: shorten it", phone.MaxID))
	}
	host, port, err := net.SplitHostPort(s.Address)
	network := s.Kind != desk.AsteriskLog
	switch {
	case s.Kind == desk.NoLink || !s.Kind.Valid():
		return app.About("kind", app.Fail(app.Invalid, "it is not said how calls come from the exchange: choose it"))
	case network && (err != nil || port == "" || host == "" && s.Kind != desk.SMDRListen):
		return app.About("address", app.Fail(app.Invalid, "%q is no address and port such as 10.7.0.5:5038: correct it", s.Address))
	case s.Kind == desk.BuiltIn && !ofLAN(s.Address):
		return app.About("address", app.Fail(app.Invalid, "%q is no address of this workstation in the local network such as 192.168.1.10:5060: correct it", s.Address))
	case s.Kind == desk.BuiltIn && s.Peer != "" && net.ParseIP(s.Peer) == nil:
		return app.About("peer", app.Fail(app.Invalid, "%q is no address such as 10.7.0.5: write that of the gateway, or none", s.Peer))
	case s.Kind == desk.AsteriskAMI && (s.User == "" || strings.ContainsAny(s.User, "\r\n")):
		return app.About("user", app.Fail(app.Invalid, "the account of the exchange has no user: write the name of its section in manager.conf"))
	case s.Kind == desk.AsteriskLog && !filepath.IsAbs(s.Log), s.Log != "" && !filepath.IsAbs(s.Log):
		return app.About("log", app.Fail(app.Invalid, "%q is not the whole path of a queue_log: begin at the root", s.Log))
	case s.Kind == desk.SMDRDial || s.Kind == desk.SMDRListen:
		if _, ok := smdr.Preset(s.Map); !ok {
			return app.About("map", app.Fail(app.Invalid, "%q is no map of lines: there are %s", s.Map, strings.Join(smdr.Presets(), ", ")))
		}
	}
	if s.Kind == desk.SMDRListen && net.ParseIP(s.Peer) == nil {
		return app.About("peer", app.Fail(app.Invalid, "%q is no address such as 10.7.0.5: write that of the exchange, which alone may send", s.Peer))
	}
	for _, v := range []string{s.Tech, s.Context} {
		if strings.Trim(v, letters) != "" {
			return app.About("tech", app.Fail(app.Invalid, "%q is no name of the exchange's dialplan: letters, digits, - and _ alone", v))
		}
	}
	return nil
}

const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"

// renew seals the passwords for workstations that joined.
func renew(ctx context.Context, e *engine.Engine) error {
	return keyring.Renew(ctx, e, func(n *engine.Names) (map[desk.ID]keyring.Kept, error) {
		all := map[desk.ID]keyring.Kept{}
		for s, err := range each(n) {
			if err != nil {
				return nil, err
			}
			all[s.ID] = keyring.Kept{Sealed: s.Of.Secret, For: s.Of.For}
		}
		return all, nil
	}, func(o *engine.Op, id desk.ID, k keyring.Kept) error {
		s, err := engine.Noun[desk.Switchboard](o.Names, desk.SwitchboardType, id)
		if err != nil {
			return err
		}
		s.Secret, s.For = k.Sealed, k.For
		_, err = records.Save(o, desk.SwitchboardType, id, s, nil)
		return err
	})
}
