package sip

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/icholy/digest"
)

// contact is where a telephone that has registered is rung.
type contact struct {
	uri   sip.Uri
	from  netip.AddrPort
	until time.Time
}

// Seconds for which a telephone may register.
const (
	leastExpiry = 60
	mostExpiry  = 3600
	usualExpiry = 600
)

const realm = "punto"

// nonceFor is how long a nonce holds.
const nonceFor = 5 * time.Minute

// nonce is a word for one address that holds for a while.
func (s *server) nonce(a netip.Addr, at time.Time) string {
	b := binary.BigEndian.AppendUint64(nil, uint64(at.UnixMilli())) // after 1970
	return base64.RawURLEncoding.EncodeToString(append(b, s.sign(a, b)...))
}

func (s *server) sign(a netip.Addr, b []byte) []byte {
	m := hmac.New(sha256.New, s.key)
	m.Write(b)
	m.Write(a.AsSlice())
	return m.Sum(nil)[:16]
}

// ours tells whether a nonce was given to an address, and whether it still holds.
func (s *server) ours(n string, a netip.Addr, now time.Time) (given, fresh bool) {
	b, err := base64.RawURLEncoding.DecodeString(n)
	if err != nil || len(b) != 24 || !hmac.Equal(b[8:], s.sign(a, b[:8])) {
		return false, false
	}
	at := time.UnixMilli(int64(binary.BigEndian.Uint64(b))) // it is ours
	return true, now.Sub(at).Abs() <= nonceFor
}

// known asks a telephone for its password. True when it gave the right one; else it was
// answered.
func (s *server) known(req *sip.Request, tx sip.ServerTransaction, ext string) bool {
	from, now := sourceOf(req), time.Now()
	word, exists := "", false
	s.do(func(time.Time) { word, exists = s.set.Phones[ext] })
	ask := func(stale bool) {
		res := sip.NewResponseFromRequest(req, sip.StatusUnauthorized, "Unauthorized", nil)
		c := digest.Challenge{Realm: realm, Nonce: s.nonce(from.Addr(), now), Algorithm: "MD5", QOP: []string{"auth"}, Stale: stale}
		res.AppendHeader(sip.NewHeader("WWW-Authenticate", c.String()))
		_ = tx.Respond(res) // a telephone that hears nothing asks again
	}
	h := req.GetHeader("Authorization")
	if h == nil {
		ask(false)
		return false
	}
	cred, err := digest.ParseCredentials(h.Value())
	if err != nil || cred.Realm != realm || cred.QOP != "auth" && cred.QOP != "" {
		ask(false)
		return false
	}
	given, fresh := s.ours(cred.Nonce, from.Addr(), now)
	if given && !fresh {
		ask(true)
		return false
	}
	want, err := digest.Digest(&digest.Challenge{Realm: realm, Nonce: cred.Nonce, Algorithm: "MD5", QOP: []string{"auth"}},
		digest.Options{Method: req.Method.String(), URI: cred.URI, Username: ext, Password: word, Cnonce: cred.Cnonce, Count: cred.Nc})
	if err != nil || !given || !exists || word == "" || cred.Username != ext || cred.QOP != "auth" || subtle.ConstantTimeCompare([]byte(want.Response), []byte(cred.Response)) != 1 {
		s.guard.wrong(from.Addr(), now)
		s.Log.Warn("a telephone gave no right password", "extension", plain(ext), "from", from.Addr().String())
		s.refuse(req, tx, sip.StatusForbidden, "Forbidden")
		return false
	}
	s.guard.right(from.Addr())
	return true
}

// register has a telephone rung where it says, or not any more.
func (s *server) register(req *sip.Request, tx sip.ServerTransaction) {
	ext := req.To().Address.User
	if !s.known(req, tx, ext) {
		return
	}
	seconds := usualExpiry
	if h := req.GetHeader("Expires"); h != nil {
		seconds = whole(h.Value(), seconds)
	}
	c := req.Contact()
	if c != nil {
		if v, ok := c.Params.Get("expires"); ok {
			seconds = whole(v, seconds)
		}
	}
	now := time.Now()
	switch {
	case c == nil: // it only asks
	case seconds == 0 || c.Address.Wildcard:
		s.do(func(now time.Time) { s.gone(ext, now) })
	default:
		seconds = min(max(seconds, leastExpiry), mostExpiry)
		uri := *c.Address.Clone()
		s.do(func(now time.Time) {
			s.phones[ext] = contact{uri: uri, from: sourceOf(req), until: now.Add(time.Duration(seconds) * time.Second)}
			s.there()
			s.board.Phone(ext, true, now)
		})
	}
	res := sip.NewResponseFromRequest(req, sip.StatusOK, "OK", nil)
	if c != nil && seconds > 0 {
		back := c.Clone()
		back.Params = sip.NewParams()
		back.Params.Add("expires", strconv.Itoa(seconds))
		res.AppendHeader(back)
	}
	res.AppendHeader(sip.NewHeader("Date", now.UTC().Format("Mon, 02 Jan 2006 15:04:05 GMT")))
	_ = tx.Respond(res) // a telephone that hears nothing asks again
}

func whole(s string, otherwise int) int {
	if n, err := strconv.Atoi(strings.TrimSpace(s)); err == nil && n >= 0 {
		return n
	}
	return otherwise
}

// gone has a telephone not rung any more; the loop alone calls it.
func (s *server) gone(ext string, now time.Time) {
	delete(s.phones, ext)
	s.there()
	s.board.Phone(ext, false, now)
}

// forget drops the telephones whose time is over.
func (s *server) forget(now time.Time) {
	for ext, c := range s.phones {
		if now.After(c.until.Add(leastExpiry * time.Second / 2)) {
			s.gone(ext, now)
		}
	}
}

func sourceOf(req *sip.Request) netip.AddrPort {
	a, err := netip.ParseAddrPort(req.Source())
	if err != nil {
		return netip.AddrPort{}
	}
	return netip.AddrPortFrom(a.Addr().Unmap(), a.Port())
}

// plain is a name or number of others as it may be kept and shown.
func plain(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == '\ufffd' || r >= 0x80 && r < 0xa0 || r >= 0x2028 && r <= 0x202f || r >= 0x2066 && r <= 0x2069 {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	if r := []rune(s); len(r) > 64 {
		s = string(r[:64])
	}
	return strings.TrimSpace(s)
}
