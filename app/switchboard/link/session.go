package link

import (
	"context"
	"crypto/md5" //nolint:gosec // the manager interface's own way of logging in
	"crypto/tls"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"time"

	"punto/app/phone"
	"punto/app/phone/ami"
)

// session is one conversation with a manager interface, from logging in on.
type session struct {
	conn net.Conn
	in   *ami.Reader

	mu sync.Mutex // guards writing
}

// open connects and logs in. The secret does not travel: the exchange says a word, and
// hears the digest of both.
func open(ctx context.Context, a AMI) (*session, error) {
	c, err := dial(ctx, a)
	if err != nil {
		return nil, err
	}
	s := &session{conn: c, in: ami.NewReader(c)}
	after := context.AfterFunc(ctx, func() { _ = c.Close() }) // whoever reads is woken
	if err := s.login(a); err != nil {
		after()
		s.close()
		return nil, err
	}
	return s, nil
}

func (s *session) close() { _ = s.conn.Close() }

func (s *session) version() string {
	return strings.TrimPrefix(clean(phone.Cut(strings.TrimSpace(s.in.Version))), "Asterisk Call Manager/")
}

func (s *session) login(a AMI) error {
	m, err := s.ask("Action", "Challenge", "ActionID", "challenge", "AuthType", "MD5")
	if err != nil {
		return err
	}
	if m.Get("Response") != "Success" {
		return &Refused{"it gives no challenge to log in by (" + clean(phone.Cut(m.Get("Message"))) + ")"}
	}
	sum := md5.Sum([]byte(m.Get("Challenge") + a.Secret)) //nolint:gosec // the interface's own
	if m, err = s.ask("Action", "Login", "ActionID", "login", "AuthType", "MD5", "Username", a.User, "Key", hex.EncodeToString(sum[:]), "Events", "off"); err != nil {
		return err
	}
	if m.Get("Response") != "Success" {
		return &Refused{"user or password are not those of its manager.conf, or the address of this workstation is not permitted there (" + clean(phone.Cut(m.Get("Message"))) + ")"}
	}
	return nil
}

// errBreak says that a value would become lines of its own.
var errBreak = errors.New("a value with a line break is not sent to the exchange")

// send writes an action: keys and values in turn.
func (s *session) send(kv ...string) error {
	var b strings.Builder
	for i := 0; i+1 < len(kv); i += 2 {
		if strings.ContainsAny(kv[i]+kv[i+1], "\r\n\x00") {
			return errBreak
		}
		b.WriteString(kv[i] + ": " + kv[i+1] + "\r\n")
	}
	b.WriteString("\r\n")
	s.mu.Lock()
	defer s.mu.Unlock()
	_ = s.conn.SetWriteDeadline(time.Now().Add(dialTimeout)) // a conn that is closed tells it at the write
	_, err := io.WriteString(s.conn, b.String())
	return bare(err)
}

// ask sends an action with an ActionID and waits for its answer. No events come until
// they are asked for; what comes before the answer is passed over.
func (s *session) ask(kv ...string) (ami.Message, error) {
	if err := s.send(kv...); err != nil {
		return ami.Message{}, err
	}
	_ = s.conn.SetReadDeadline(time.Now().Add(dialTimeout))
	id := ""
	for i := 0; i+1 < len(kv); i += 2 {
		if kv[i] == "ActionID" {
			id = kv[i+1]
		}
	}
	for range 10_000 {
		m, err := s.in.Next()
		var row *phone.RowError
		switch {
		case errors.As(err, &row):
			continue
		case err == io.EOF:
			return m, errors.New("the exchange ended the link before it answered")
		case err != nil:
			return m, bare(err)
		}
		if m.Get("Response") != "" && m.Get("ActionID") == id {
			return m, nil
		}
	}
	return ami.Message{}, fmt.Errorf("the exchange says much and does not answer %q", id)
}

// clock is how far the exchange's clock is ahead; 0 when it does not say.
func (s *session) clock() (time.Duration, error) {
	begun := time.Now()
	m, err := s.ask("Action", "Ping", "ActionID", "clock")
	if err != nil {
		return 0, err
	}
	at := m.At()
	if at.IsZero() {
		return 0, nil
	}
	now := time.Now()
	return at.Sub(begun.Add(now.Sub(begun) / 2)), nil
}

// keepAlive says something now and then, so that the exchange answers.
func (s *session) keepAlive(every time.Duration) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	var g sync.WaitGroup
	g.Go(func() {
		for wait(ctx, every) {
			if s.send("Action", "Ping", "ActionID", "ping") != nil {
				return // the reader hears of it
			}
		}
	})
	return func() { cancel(); g.Wait() }
}

// Cert is the certificate that the exchange at an address shows, before anything is
// said to it.
func Cert(ctx context.Context, address string) (der []byte, err error) {
	ctx, stop := context.WithTimeout(ctx, dialTimeout)
	defer stop()
	c, err := (&net.Dialer{}).DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, bare(err)
	}
	defer func() { _ = c.Close() }()
	t := tls.Client(c, &tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS12}) //nolint:gosec // to look at it
	if err := t.HandshakeContext(ctx); err != nil {
		return nil, bare(err)
	}
	if cs := t.ConnectionState().PeerCertificates; len(cs) > 0 {
		return cs[0].Raw, nil
	}
	return nil, errors.New("the exchange shows no certificate")
}
