// Package post speaks with a mail server: it logs in and hands letters over. It keeps
// nothing; what becomes of a letter that is not taken is app/mail's to say.
package post

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"punto/app/desk"
)

// Account is by which server mail goes, and as whom.
type Account struct {
	Host     string
	Port     int
	Security desk.MailSecurity
	Cert     string // SHA-256 of its certificate in hex; "" = one that the machine trusts
	User     string // "" = the server asks for none
	Password string
	From     string // address
	Name     string // of the sender
}

// Letter is one mail to one address.
type Letter struct {
	ID      string // letters and digits; of the message, with the sender's domain
	Thread  string // the same of what it answers; "" = nothing
	To      string
	Subject string
	Text    string
	At      time.Time
	Files   []File
}

// File is what a letter carries.
type File struct {
	Name  string
	Bytes []byte
}

// timeout is how long a server may take for each answer.
const timeout = 20 * time.Second

// Refused says that the server does not take a letter. Any other error is of the way to
// the server or of the account, and would meet every letter.
type Refused struct {
	Code  int // 4xx = it may later
	Reply string
}

func (r *Refused) Error() string { return r.Reply }

// Later tells whether it makes sense to try again.
func (r *Refused) Later() bool { return r.Code < 500 }

// errCert says why a certificate is not accepted.
type errCert struct{ error }

// Session is a login at a server. One goroutine uses it.
type Session struct {
	of      Account
	c       *gomail.Client
	cert    string // fingerprint of the server's
	trusted bool   // the machine trusts it
}

// Open connects, turns private and logs in. The password is told only to a server whose
// certificate was accepted.
func Open(ctx context.Context, a Account) (*Session, error) {
	s := &Session{of: a}
	config := &tls.Config{ServerName: a.Host, MinVersion: tls.VersionTLS12, InsecureSkipVerify: true, //nolint:gosec // verified below, by its fingerprint or as usual
		VerifyConnection: func(cs tls.ConnectionState) error {
			sum := sha256.Sum256(cs.PeerCertificates[0].Raw)
			s.cert = hex.EncodeToString(sum[:])
			err := trusted(a.Host, cs.PeerCertificates)
			s.trusted = err == nil
			switch {
			case a.Cert == "":
				return err
			case !strings.EqualFold(a.Cert, s.cert):
				return errCert{fmt.Errorf("the mail server shows another certificate than the one that was accepted: %s", s.cert)}
			}
			return nil
		}}
	o := []gomail.Option{gomail.WithPort(a.Port), gomail.WithTimeout(timeout), gomail.WithTLSConfig(config), gomail.WithHELO(hello()),
		gomail.WithoutNoop(), gomail.WithoutRset()} // servers count commands that carry no mail, and end the session
	switch a.Security {
	case desk.StartTLS:
		o = append(o, gomail.WithTLSPolicy(gomail.TLSMandatory))
	case desk.DirectTLS:
		o = append(o, gomail.WithSSL())
	default:
		o = append(o, gomail.WithTLSPolicy(gomail.NoTLS))
	}
	if a.User != "" {
		if a.Security == desk.NoSecurity {
			return nil, errors.New("a password is never told in the clear: choose STARTTLS or TLS")
		}
		o = append(o, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(a.User), gomail.WithPassword(a.Password))
	}
	c, err := gomail.NewClient(a.Host, o...)
	if err != nil {
		return nil, err
	}
	s.c = c
	return s, bare(c.DialWithContext(ctx))
}

// hello is the name by which this workstation greets: its address is nobody's business.
func hello() string { return "punto.localdomain" }

// trusted tells why the machine does not trust a certificate.
func trusted(host string, chain []*x509.Certificate) error {
	between := x509.NewCertPool()
	for _, c := range chain[1:] {
		between.AddCert(c)
	}
	if _, err := chain[0].Verify(x509.VerifyOptions{DNSName: host, Intermediates: between}); err != nil {
		return errCert{fmt.Errorf("the machine does not trust the mail server's certificate: %w", err)}
	}
	return nil
}

// Close leaves.
func (s *Session) Close() { _ = s.c.Close() }

// Send hands a letter over, and tells what the server said. A *Refused is of the letter;
// after any other error the session is closed, and it is not known whether the server
// has taken the letter: sent again it has the same id.
func (s *Session) Send(l Letter) (reply string, err error) {
	m, err := message(s.of, l)
	if err != nil {
		return "", &Refused{Code: 553, Reply: err.Error()}
	}
	err = s.c.Send(m)
	if err == nil || m.IsDelivered() {
		return said(m.ServerResponse()), nil
	}
	var no *gomail.SendError
	if errors.As(err, &no) && no.ErrorCode() >= 400 && no.Reason != gomail.ErrSMTPMailFrom && no.Reason != gomail.ErrConnCheck && no.Reason != gomail.ErrSMTPReset && no.ErrorCode() != 421 {
		text, _, _ := strings.Cut(no.Error(), ", affected ")
		return "", &Refused{Code: no.ErrorCode(), Reply: said(text)}
	}
	return "", bare(err)
}

// said is what a server said, as it can be shown and kept.
func said(text string) string {
	text = strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f }), " ")
	text = strings.ToValidUTF8(text, "?")
	if r := []rune(text); len(r) > 300 {
		text = string(r[:300])
	}
	return text
}

// bare is an error as it can be shown: a certificate's first.
func bare(err error) error {
	if err == nil {
		return nil
	}
	var c errCert
	if errors.As(err, &c) {
		return c.error
	}
	text, _, _ := strings.Cut(err.Error(), ", affected ")
	return errors.New(said(text))
}

// ID is the id of a message, and of the first of a thread, of a sender.
func ID(id, from string) string {
	_, domain, _ := strings.Cut(from, "@")
	return strings.ToLower(id) + "@" + domain
}

// Address reads an address such as ana@example.org, and nothing besides.
func Address(text string) (string, bool) {
	a, err := mail.ParseAddress(text)
	if err != nil || a.Address != text || a.Name != "" || len(text) > 254 || strings.ContainsAny(text, " \"<>(),;\\") {
		return "", false
	}
	return a.Address, true
}

func message(a Account, l Letter) (*gomail.Msg, error) {
	if _, ok := Address(l.To); !ok {
		return nil, fmt.Errorf("%q is no address", l.To)
	}
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	m.FromMailAddress(&mail.Address{Name: a.Name, Address: a.From})
	if err := m.To(l.To); err != nil {
		return nil, err
	}
	m.Subject(strings.Join(strings.Fields(l.Subject), " "))
	m.SetDateWithValue(l.At)
	m.SetMessageIDWithValue(ID(l.ID, a.From))
	if l.Thread != "" {
		root := "<" + ID(l.Thread, a.From) + ">"
		m.SetGenHeader(gomail.HeaderInReplyTo, root)
		m.SetGenHeader(gomail.HeaderReferences, root)
	}
	m.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: no machine answers it
	m.SetBodyString(gomail.TypeTextPlain, l.Text)
	for _, f := range l.Files {
		if err := m.AttachReader(f.Name, bytes.NewReader(f.Bytes)); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// Report is what a try has found.
type Report struct {
	Steps   desk.TrySteps // reach, cert, login, send
	Cert    string        // fingerprint of the certificate that the server shows
	Trusted bool          // the machine trusts it
}

// Try connects, turns private, logs in and, with a letter, sends it. With no Cert and a
// certificate that the machine does not trust it ends at cert, and names it: whoever
// reads the report accepts it or not.
func (a Account) Try(ctx context.Context, l *Letter) (r Report) {
	conn, err := (&net.Dialer{Timeout: timeout}).DialContext(ctx, "tcp", net.JoinHostPort(a.Host, strconv.Itoa(a.Port)))
	if !r.Steps.Did("reach", bare(err)) {
		return r
	}
	_ = conn.Close()
	look := a
	look.User = ""
	s, err := Open(ctx, look)
	if s != nil {
		r.Cert, r.Trusted = s.cert, s.trusted
	}
	if !r.Steps.Did("cert", err) {
		return r
	}
	s.Close()
	s, err = Open(ctx, a)
	if !r.Steps.Did("login", err) {
		return r
	}
	defer s.Close()
	if l != nil {
		_, err = s.Send(*l)
		r.Steps.Did("send", err)
	}
	return r
}
