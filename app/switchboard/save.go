package switchboard

import (
	"crypto/ed25519"
	"net"
	"path/filepath"
	"slices"
	"strings"

	"punto/app"
	"punto/app/desk"
	"punto/app/engine"
	"punto/app/phone"
	"punto/app/phone/smdr"
	"punto/app/records"
	"punto/app/secret"
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
	if s.Secret, s.For = old.Secret, old.For; c.Password != "" {
		if s.Secret, s.For, err = seal(o, c.Password); err != nil {
			return app.Receipt{}, err
		}
	}
	if s.Kind == desk.AsteriskAMI && len(s.Secret) == 0 {
		return app.Receipt{}, app.About("password", app.Fail(app.Invalid, "the account of the exchange has no password: write it"))
	}
	if s.Node.IsZero() && s.Kind != desk.AsteriskAMI && s.Kind != desk.SMDRDial {
		s.Node = o.Me() // a file or a port is one workstation's
	}
	err = each(o.Names, func(id desk.ID, x desk.Switchboard) error {
		if id != c.ID && x.Name == s.Name && x.Kind == s.Kind {
			return app.About("name", app.Fail(app.Conflict, "there is a link of that kind to the exchange %q already: change that one", s.Name))
		}
		return nil
	})
	if err != nil {
		return app.Receipt{}, err
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

// seal seals a password for this workstation and all members of the site.
func seal(o *engine.Op, password string) (sealed []byte, forWhom []desk.ID, err error) {
	own := keyOf(o.Engine)
	if own == nil {
		return nil, nil, app.Fail(app.Unavailable, "this desk keeps no passwords of exchanges: do it in the window or the service")
	}
	pub, _ := own.Public().(ed25519.PublicKey)
	keys := []ed25519.PublicKey{pub}
	for k, err := range o.Tx.Scan(engine.Prefix(records.IxRecord, desk.NodeType), nil, false) {
		if err != nil {
			return nil, nil, err
		}
		n, err := engine.Noun[desk.Node](o.Names, desk.NodeType, engine.IDOf(k.Key))
		if err != nil {
			return nil, nil, err
		}
		if n.RevokedAt == 0 && len(n.Key) == ed25519.PublicKeySize && !pub.Equal(ed25519.PublicKey(n.Key)) {
			keys = append(keys, n.Key)
		}
	}
	for _, k := range keys {
		forWhom = append(forWhom, desk.NodeID(k))
	}
	slices.SortFunc(forWhom, func(a, b desk.ID) int { return strings.Compare(string(a[:]), string(b[:])) })
	sealed, err = secret.Seal(password, keys...)
	if err != nil {
		return nil, nil, app.About("password", app.Fail(app.Invalid, "the password cannot be kept: write one of at most %d bytes", secret.Most))
	}
	return sealed, forWhom, nil
}
