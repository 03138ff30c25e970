package link

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"time"

	"punto/app/phone"
	"punto/app/phone/ami"
)

// AMI is a link to an Asterisk's manager interface.
type AMI struct {
	PBX     string // name of the exchange, part of each key
	Address string // host:port
	TLS     bool
	Cert    string // SHA-256 of its certificate in hex; "" = one that the machine trusts
	User    string
	Secret  string

	Known []phone.CallEvent // of the calls that go on, where another link has told of them
	Heard time.Time         // until when that one listened; zero = there was none

	Retry, RetryMost time.Duration // between tries; 0 = a second, a minute
	Ping             time.Duration // 0 = 15 s; nothing heard in three of them and the link is lost
}

// dialTimeout is how long an exchange may take to answer a step.
const dialTimeout = 10 * time.Second

// Run listens until ctx ends, and connects again whenever the link is lost.
func (a AMI) Run(ctx context.Context, out Out) error {
	l := &listener{AMI: a, out: out, calls: ami.NewCalls(a.PBX, a.Known...), heard: a.Heard, pace: pace{Least: a.Retry, Most: a.RetryMost}, queue: newQueue()}
	if l.Ping == 0 {
		l.Ping = 15 * time.Second
	}
	var delivering sync.WaitGroup
	delivery, end := context.WithCancel(context.WithoutCancel(ctx)) // outlives the listening
	delivering.Go(func() {
		l.queue.deliver(delivery, func(es []phone.CallEvent) error {
			ctx, stop := context.WithTimeout(context.WithoutCancel(ctx), dialTimeout)
			defer stop()
			return out.Events(ctx, es)
		})
	})
	defer delivering.Wait()
	defer end()
	for ctx.Err() == nil {
		l.tell(func(s *State) { s.Phase, s.Since = Trying, time.Now() })
		err := l.once(ctx)
		l.calls.Lost()
		if ctx.Err() != nil {
			break
		}
		l.tell(func(s *State) { s.Phase, s.Since, s.Err = Down, time.Now(), err })
		if !wait(ctx, l.pace.next(err)) {
			break
		}
	}
	return nil
}

// listener is one link over its tries.
type listener struct {
	AMI
	out   Out
	calls *ami.Calls
	pace  pace
	queue queue
	heard time.Time // something of the exchange, last, by its clock
	state State
}

func (l *listener) tell(f func(*State)) {
	f(&l.state)
	l.out.Told(l.state)
}

// once connects, and listens until the link is lost.
func (l *listener) once(ctx context.Context) error {
	s, err := open(ctx, l.AMI)
	if err != nil {
		return err
	}
	defer s.close()
	ahead, err := s.clock()
	if err != nil {
		return err
	}
	l.tell(func(t *State) {
		t.Phase, t.Since, t.Err, t.Version, t.Ahead = Learning, time.Now(), nil, s.version(), ahead
	})
	for _, kv := range [][]string{{"Action", "Events", "EventMask", "on"}, {"Action", "QueueStatus", "ActionID", "QueueStatus"},
		{"Action", "CoreShowChannels", "ActionID", "CoreShowChannels"}} {
		if err := s.send(kv...); err != nil {
			return err
		}
	}
	stop := s.keepAlive(l.Ping)
	defer stop()
	return l.listen(ctx, s, ahead)
}

// listen hears messages until the link is lost. It is up once both lists have come, or
// were refused.
func (l *listener) listen(ctx context.Context, s *session, ahead time.Duration) error {
	lists := 2
	for {
		_ = s.conn.SetReadDeadline(time.Now().Add(3 * l.Ping)) // a conn that is closed tells it at the next read
		m, err := s.in.Next()
		var row *phone.RowError
		switch {
		case errors.As(err, &row):
			l.tell(func(t *State) { t.Odd, t.Line, t.Heard = row.Reason, "", time.Now() })
			continue
		case errors.Is(err, os.ErrDeadlineExceeded):
			return fmt.Errorf("nothing was heard of the exchange in %v", 3*l.Ping)
		case err == io.EOF:
			return errors.New("the exchange ended the link")
		case err != nil:
			return bare(err)
		}
		at := time.Now().Add(ahead)
		if said := m.At(); !said.IsZero() {
			at = said
		}
		events, err := l.calls.See(&m, at)
		odd := ""
		if errors.As(err, &row) {
			odd = row.Reason
		}
		if err := l.queue.put(ctx, heard{events: events}); err != nil {
			return err
		}
		if ends(&m) {
			if why := m.Get("Message"); m.Get("Response") == "Error" {
				odd = fmt.Sprintf("the exchange does not list what goes on (%s): its account needs write=reporting", phone.Cut(why))
			}
			if lists--; lists == 0 {
				if err := l.queue.flush(ctx); err != nil {
					return err
				}
				if !l.heard.IsZero() && at.After(l.heard) {
					if err := l.out.Gap(ctx, l.heard, at); err != nil {
						return err
					}
				}
				l.pace.reset()
				l.tell(func(t *State) { t.Phase, t.Since = Up, time.Now() })
			}
		}
		if lists <= 0 {
			l.heard = at
		}
		l.tell(func(t *State) {
			if t.Line, t.Heard, t.At = short(&m), time.Now(), at; odd != "" {
				t.Odd = odd
			}
		})
	}
}

// ends tells whether a message ends one of the two lists, or refuses it.
func ends(m *ami.Message) bool {
	switch e := m.Event(); {
	case e == "QueueStatusComplete" || e == "CoreShowChannelsComplete":
		return true
	case e == "" && m.Get("Response") == "Error":
		id := m.Get("ActionID")
		return id == "QueueStatus" || id == "CoreShowChannels"
	}
	return false
}

// short is a message in a line, for people: what happened, to what.
func short(m *ami.Message) string {
	var b strings.Builder
	if b.WriteString(m.Event()); b.Len() == 0 {
		return ""
	}
	for _, k := range []string{"Queue", "MemberName", "CallerIDNum", "Uniqueid", "Variable", "Value", "UserEvent", "Estado", "Reason", "PausedReason"} {
		if v := m.Get(k); v != "" && v != "<unknown>" {
			fmt.Fprintf(&b, "  %s %s", k, phone.Cut(v))
		}
	}
	return clean(b.String())
}

// clean leaves out of a line what no line has.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "?"))
}

// dial connects to the exchange.
func dial(ctx context.Context, a AMI) (net.Conn, error) {
	ctx, stop := context.WithTimeout(ctx, dialTimeout)
	defer stop()
	c, err := (&net.Dialer{}).DialContext(ctx, "tcp", a.Address)
	if err != nil || !a.TLS {
		return c, bare(err)
	}
	host, _, err := net.SplitHostPort(a.Address)
	if err != nil {
		return nil, errors.Join(err, c.Close())
	}
	t := tls.Client(c, &tls.Config{ServerName: host, MinVersion: tls.VersionTLS12,
		InsecureSkipVerify: a.Cert != "", //nolint:gosec // the one certificate that was pinned is
		VerifyPeerCertificate: func(raw [][]byte, _ [][]*x509.Certificate) error { //nolint:gosec // no session is resumed
			if a.Cert != "" && (len(raw) == 0 || Fingerprint(raw[0]) != strings.ToLower(a.Cert)) {
				return &Refused{"its certificate is another than the one that was accepted: look whether it was renewed, and test the link again"}
			}
			return nil
		}})
	if err := t.HandshakeContext(ctx); err != nil {
		return nil, errors.Join(bare(err), c.Close())
	}
	return t, nil
}

// Fingerprint names a certificate.
func Fingerprint(der []byte) string {
	sum := sha256.Sum256(der)
	return hex.EncodeToString(sum[:])
}

// bare takes the ends of the connection out of an error, which change at each try.
func bare(err error) error {
	var op *net.OpError
	if errors.As(err, &op) && op.Err != nil {
		return fmt.Errorf("%s the exchange: %w", op.Op, op.Err)
	}
	return err
}
